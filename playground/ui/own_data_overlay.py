"""The card on which own data are read, previewed, chosen from, or refused with a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from playground.reading.table_file import INTERPOLATE, MISSING_WAYS, Preview, Said
from playground.reading.table_guesses import DATE, NUMBER
from playground.tasks.text.corpus import Corpus
from playground.ui.overlay import Overlay
from playground.ui.state import UiState

SHOWN_ROWS = 6
SEPARATOR_WORDS = {",": "comma", ";": "semicolon", "\t": "tab"}
DECIMAL_WORDS = {".": "point (1.5)", ",": "comma (1,5)"}
HEADER_WORDS = {"yes": "names of the columns", "no": "values already"}
NO_TIMES = ""


@dataclass(frozen=True)
class TableChoice:
    """What the user chose of a table, in the words of `SeriesFileSettings`."""

    column: str
    time_column: str
    separator: str
    decimal: str
    header: str
    missing: str


class OwnDataOverlay(Overlay):
    """Three faces: reading, refused, and what was read, with one button that begins a run with it."""

    cancelled = Signal()
    started = Signal(object)
    """A TableChoice, or None for a text."""
    form_changed = Signal(object)
    """Said: the user says how the table is written."""

    def __init__(self, state: UiState, window: QWidget) -> None:
        super().__init__(state, window, "Your own data")
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.notices = QLabel()
        self.notices.setWordWrap(True)
        self.notices.setProperty("role", "muted")
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName("How much was read")
        self.column.addWidget(self.title)
        self.column.addWidget(self.words)
        self.column.addWidget(self.progress)
        self.choices = QWidget()
        grid = QGridLayout(self.choices)
        grid.setContentsMargins(0, 0, 0, 0)
        self.values = self._combo("Forecast this column", "The numbers that are learned and forecast.")
        self.times = self._combo(
            "Times are in", "Tells when each value was: for the axis, and for the calendar."
        )
        self.separator = self._combo("Columns are separated by", "Guessed; say so if it was guessed wrong.")
        self.decimal = self._combo("Decimals are written with a", "Guessed; say so if it was guessed wrong.")
        self.header = self._combo("The first line holds", "Guessed; say so if it was guessed wrong.")
        self.missing = self._combo("Where a value is missing", "How many there were is told when it is read.")
        combos = (self.values, self.times, self.missing, self.separator, self.decimal, self.header)
        for place, combo in enumerate(combos):
            label = QLabel(combo.accessibleName())
            label.setProperty("role", "muted")
            row, column = place % 3, 2 * (place // 3)
            grid.addWidget(label, row, column)
            grid.addWidget(combo, row, column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for combo, known in (
            (self.separator, SEPARATOR_WORDS),
            (self.decimal, DECIMAL_WORDS),
            (self.header, HEADER_WORDS),
            (self.missing, MISSING_WAYS),
        ):
            for key, title in known.items():
                combo.addItem(title, key)
        self.missing.setCurrentIndex(self.missing.findData(INTERPOLATE))
        for combo in (self.separator, self.decimal, self.header):
            combo.activated.connect(self._form_said)
        self.column.addWidget(self.choices)
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setAccessibleName("The first rows of the table")
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column.addWidget(self.table)
        self.column.addWidget(self.notices)
        self.column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Leaves everything as it is. Esc.")
        self.cancel.clicked.connect(self.close_overlay)
        self.start = QPushButton("Start a new run")
        self.start.setProperty("kind", "primary")
        self.start.setToolTip("Begins a new run that learns from these data; the run there is now ends.")
        self.start.clicked.connect(self._start_clicked)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        self.column.addLayout(buttons)
        self._is_table = False
        self.closed.connect(self.cancelled)

    def _combo(self, name: str, help_sentence: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(help_sentence)
        return combo

    # -- the faces
    def show_reading(self, title: str) -> None:
        """Something is being read."""
        if self._is_table and not self.isHidden():  # looked at again: the choices stay where they are
            return
        self._face(title, "Reading …", progress=True)
        self.progress.setValue(0)

    def show_part(self, part: float) -> None:
        """So much of it was read."""
        self.progress.setValue(round(1000 * part))

    def show_problem(self, title: str, sentence: str) -> None:
        """It cannot be used, and why."""
        self._face(title, sentence, refused=True)

    def show_text(self, corpus: Corpus) -> None:
        """A text that can be learned."""
        count, kinds = len(corpus.symbols), corpus.vocabulary.size
        self._face(
            corpus.title,
            f"{count:,} characters, {kinds} different ones. The networks will learn to write like it. "
            "A new run begins; the run there is now ends.",
            notices=corpus.notices,
        )
        self.start.setFocus()

    def show_table(self, table: Preview) -> None:
        """A table to choose from."""
        self._face(
            table.title,
            f"{len(table.columns)} columns. Choose what is to be forecast: a new run begins, and this one ends.",
            notices=table.notices,
            table=True,
        )
        numbers = [column for column in table.columns if column.kind == NUMBER]
        chosen, chosen_time = self.values.currentData(), self.times.currentData()
        self.values.clear()
        for column in numbers:
            self.values.addItem(column.name, column.name)
        first = table.first_of(NUMBER)
        if first is not None:
            self.values.setCurrentIndex(self.values.findData(table.columns[first].name))
        if self.values.findData(chosen) >= 0:
            self.values.setCurrentIndex(self.values.findData(chosen))
        self.times.clear()
        self.times.addItem("no column: rows are counted", NO_TIMES)
        for column in table.columns:
            if column.kind == DATE:
                self.times.addItem(column.name, column.name)
        self.times.setCurrentIndex(self.times.count() - 1 if self.times.count() > 1 else 0)
        if chosen_time and self.times.findData(chosen_time) >= 0:
            self.times.setCurrentIndex(self.times.findData(chosen_time))
        self.separator.setCurrentIndex(self.separator.findData(table.form.separator))
        self.decimal.setCurrentIndex(self.decimal.findData(table.form.decimal))
        self.header.setCurrentIndex(self.header.findData("yes" if table.form.header else "no"))
        rows = table.rows[:SHOWN_ROWS]
        self.table.setColumnCount(len(table.columns))
        self.table.setRowCount(len(rows))
        self.table.setHorizontalHeaderLabels([f"{column.name}\n{column.kind}" for column in table.columns])
        for r, row in enumerate(rows):
            for c in range(len(table.columns)):
                self.table.setItem(r, c, QTableWidgetItem(row[c] if c < len(row) else ""))
        high = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + len(rows) * high + 4)
        if not numbers:
            self.words.setText(
                "No column of this table is made of numbers, so nothing can be forecast. "
                "Say below how it is written, if that was guessed wrong."
            )
        self.start.setEnabled(bool(numbers))
        self._place()

    def _face(
        self,
        title: str,
        words: str,
        *,
        progress: bool = False,
        refused: bool = False,
        table: bool = False,
        notices: tuple[str, ...] = (),
    ) -> None:
        self._is_table = table
        self.title.setText(title)
        self.words.setText(words)
        self.words.setProperty("role", "problem" if refused else "sentence")
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self.notices.setText("\n".join(notices))
        self.notices.setVisible(bool(notices))
        self.progress.setVisible(progress)
        self.choices.setVisible(table)
        self.table.setVisible(table)
        self.start.setVisible(not progress and not refused)
        self.start.setEnabled(True)
        self.cancel.setText("Close" if refused else "Cancel")
        if self.isHidden():
            self.open()
        else:
            self._place()

    # -- what the user does
    @Slot(int)
    def _form_said(self, index: int) -> None:
        self.form_changed.emit(
            Said(self.separator.currentData(), self.decimal.currentData(), self.header.currentData() == "yes")
        )

    @Slot()
    def _start_clicked(self) -> None:
        if not self._is_table:
            self.started.emit(None)
            return
        self.started.emit(
            TableChoice(
                column=self.values.currentData(),
                time_column=self.times.currentData(),
                separator=self.separator.currentData(),
                decimal=self.decimal.currentData(),
                header=self.header.currentData(),
                missing=self.missing.currentData(),
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.start.isVisible()
            and self.start.isEnabled()
        ):
            self.start.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
        else:
            super().keyPressEvent(event)

    def card_size(self) -> tuple[int, int]:
        """Wide enough for a table, else for a sentence."""
        theme = self.state.theme
        if self._is_table:
            return theme.px(820), theme.px(520)
        return theme.px(520), max(theme.px(190), self.card.sizeHint().height())
