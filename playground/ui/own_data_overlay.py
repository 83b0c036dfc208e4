"""The card on which own data are read, previewed, chosen from, or refused with a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
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
from playground.reading.table_guesses import DATE, NUMBER, TEXT, KindOutcome
from playground.tasks.series.sources import NO_TIMES
from playground.tasks.text.corpus import Corpus
from playground.ui.overlay import Overlay
from playground.ui.state import UiState

SHOWN_ROWS = 6
SEPARATOR_WORDS = {",": "comma", ";": "semicolon", "\t": "tab"}
DECIMAL_WORDS = {".": "point (1.5)", ",": "comma (1,5)"}
HEADER_WORDS = {"yes": "names of the columns", "no": "values already"}
KIND_WORDS = {NUMBER: "numbers", DATE: "dates", TEXT: "words: left out"}
NO_NUMBERS = (
    "No column of this table is made of numbers, so nothing can be forecast. Say above how it is written, or what a "
    "column holds, if that was guessed wrong."
)
SAMPLE_CHARACTERS, SAMPLE_LINES, SAMPLE_WIDTH = 400, 5, 60
"""How much of the beginning of a text is shown, to see that it was read rightly."""
MOST_STRETCHED = 9
"""More columns than these are scrolled."""
CHOOSE = "Choose a column of the table (a click on its head, or the arrow keys) to change what it holds."


@dataclass(frozen=True)
class TableChoice:
    """What the user chose of a table, in the words of `SeriesFileSettings`."""

    column: str
    time_column: str
    separator: str
    decimal: str
    header: str
    missing: str
    calendar: bool = False


class OwnDataOverlay(Overlay):
    """Three faces: reading, refused, and what was read, with one button that begins a run with it, and on the Batches
    page another that cuts it there."""

    cancelled = Signal()
    started = Signal(object)
    """A TableChoice, or None for a text: a new run is to begin with it."""
    cut_wished = Signal(object)
    """The same, to be cut on the Batches page."""
    choice_changed = Signal(object)
    """A TableChoice: what would become of it is to be told (`show_outlook`)."""
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
        self.sample = QLabel()
        self.sample.setProperty("role", "mono")
        self.sample.setAccessibleName("How the text begins")
        self.sample.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName("How much was read")
        self.column.addWidget(self.title)
        self.column.addWidget(self.words)
        self.column.addWidget(self.sample)
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
        self.calendar = QCheckBox("Tell the networks hour, weekday and time of year")
        self.calendar.setToolTip(
            "They are taken from the times; else the networks see nothing but the values."
        )
        self.calendar.toggled.connect(self._choice_made)
        combos = (self.values, self.times, self.missing, self.separator, self.decimal, self.header)
        for place, combo in enumerate(combos):
            label = QLabel(combo.accessibleName())
            label.setProperty("role", "muted")
            row, column = place % 3, 2 * (place // 3)
            grid.addWidget(label, row, column)
            grid.addWidget(combo, row, column + 1)
        grid.addWidget(self.calendar, 3, 0, 1, 4)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 2)
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
        for combo in (self.values, self.times, self.missing):
            combo.activated.connect(self._choice_made)
        self.column.addWidget(self.choices)
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName("The first rows of the table: the arrow keys choose a column")
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().sectionClicked.connect(self._head_clicked)
        self.table.currentCellChanged.connect(self._column_changed)
        self.column.addWidget(self.table, 100)
        self.kind_row = QWidget()
        kinds = QHBoxLayout(self.kind_row)
        kinds.setContentsMargins(0, 0, 0, 0)
        self.kind_of = QLabel("")
        self.kind_of.setProperty("role", "sentence")
        self.kind = self._combo("What this column holds", "Guessed; say so if it was guessed wrong.")
        for key, title in KIND_WORDS.items():
            self.kind.addItem(title, key)
        self.kind.activated.connect(self._kind_said)
        self.consequence = QLabel()
        self.consequence.setWordWrap(True)
        self.consequence.setProperty("role", "muted")
        kinds.addWidget(self.kind_of)
        kinds.addWidget(self.kind)
        kinds.addWidget(self.consequence, 1)
        self.column.addWidget(self.kind_row)
        self.outlook = QLabel()
        self.outlook.setWordWrap(True)
        self.outlook.setAccessibleName("What will be learned")
        self.column.addWidget(self.outlook)
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
        self.cut = QPushButton("Cut it into batches")
        self.cut.setProperty("kind", "primary")
        self.cut.setToolTip("Shows on this page how it is cut; the run goes on as it is.")
        self.cut.clicked.connect(self._cut_clicked)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        buttons.addWidget(self.cut)
        self.column.addLayout(buttons)
        self._is_table = False
        self._preview: Preview | None = None
        self._kinds: dict[str, str] = {}
        """What each column holds, by its name: as guessed, or as the user says."""
        self._said: set[str] = set()
        """The columns whose kind the user said."""
        self.offers_cut = False
        """Whether the page there is can show how it is cut."""
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
        what = "The networks will learn to write like it. A new run begins; the run there is now ends."
        if self.offers_cut:
            what = "See how it is cut into batches, or begin a new run that learns to write like it."
        self._face(
            corpus.title,
            f"{count:,} characters, {kinds} different ones. {what} It begins like this:",
            notices=corpus.notices,
            sample=beginning(corpus.text(0, SAMPLE_CHARACTERS)),
        )
        self._first_button.setFocus()

    def show_table(self, table: Preview) -> None:
        """A table to choose from."""
        self._face(
            table.title,
            f"{len(table.columns)} columns. Choose what is to be forecast. What a column holds can be changed: "
            "click on its head.",
            notices=table.notices,
            table=True,
        )
        same = self._preview is not None and [c.name for c in self._preview.columns] == [
            c.name for c in table.columns
        ]
        self._preview = table
        if not same:
            self._said.clear()
        self._kinds = {
            column.name: self._kinds[column.name] if column.name in self._said else column.kind
            for column in table.columns
        }
        self._offer_columns()
        self.separator.setCurrentIndex(self.separator.findData(table.form.separator))
        self.decimal.setCurrentIndex(self.decimal.findData(table.form.decimal))
        self.header.setCurrentIndex(self.header.findData("yes" if table.form.header else "no"))
        self._show_rows(table, keep=same)
        self._show_kind()
        self._choice_made()
        self._place()

    def _offer_columns(self) -> None:
        """Offer the columns of numbers to be forecast, and those of dates for the times."""
        table = self._preview
        assert table is not None
        chosen, chosen_time = self.values.currentData(), self.times.currentData()
        self.values.clear()
        self.times.clear()
        self.times.addItem("no column: rows are counted", NO_TIMES)
        for column in table.columns:
            kind = self._kinds[column.name]
            if kind == NUMBER:
                self.values.addItem(column.name, column.name)
            elif kind == DATE:
                self.times.addItem(column.name, column.name)
        first = table.first_of(NUMBER)
        at = self.values.findData(chosen)
        if at < 0 and first is not None:
            at = self.values.findData(table.columns[first].name)
        self.values.setCurrentIndex(max(at, 0 if self.values.count() else -1))
        at = self.times.findData(chosen_time) if chosen_time else -1
        self.times.setCurrentIndex(at if at >= 0 else min(1, self.times.count() - 1))
        self.calendar.setEnabled(self.times.currentData() != NO_TIMES)

    def _show_rows(self, table: Preview, keep: bool) -> None:
        """The first rows; `keep`: the column that was looked at is looked at again."""
        rows = table.rows[:SHOWN_ROWS]
        at = max(0, self.table.currentColumn()) if keep else self._column_of(self.values.currentData())
        self.table.blockSignals(True)
        self.table.setColumnCount(len(table.columns))
        self.table.setRowCount(len(rows))
        for r, row in enumerate(rows):
            for c in range(len(table.columns)):
                self.table.setItem(r, c, QTableWidgetItem(row[c] if c < len(row) else ""))
        self.table.setCurrentCell(0, at)
        self.table.blockSignals(False)
        self._show_heads()
        wide = len(table.columns) > MOST_STRETCHED
        mode = QHeaderView.ResizeMode.Interactive if wide else QHeaderView.ResizeMode.Stretch
        self.table.horizontalHeader().setSectionResizeMode(mode)
        self._fit_table()

    def _fit_table(self) -> None:
        """As high as its rows; where the window is low, two of them, and it is scrolled."""
        self.table.verticalHeader().setDefaultSectionSize(self.state.theme.px(28))
        rows = self.table.rowCount()
        wide = self.table.columnCount() > MOST_STRETCHED
        bar = self.table.horizontalScrollBar().sizeHint().height() if wide else 0
        around = self.table.horizontalHeader().sizeHint().height() + 4 + bar
        high = self.table.verticalHeader().defaultSectionSize()
        self.table.setMinimumHeight(around + min(rows, 2) * high)
        self.table.setMaximumHeight(around + rows * high)

    def _show_heads(self) -> None:
        assert self._preview is not None
        names = [f"{c.name}\n{KIND_WORDS[self._kinds[c.name]]}" for c in self._preview.columns]
        self.table.setHorizontalHeaderLabels(names)

    def _column_of(self, name: str | None) -> int:
        names = [] if self._preview is None else [column.name for column in self._preview.columns]
        return names.index(name) if name in names else 0

    def _show_kind(self) -> None:
        """What the chosen column holds, and what that means."""
        table, at = self._preview, self.table.currentColumn()
        if table is None or not 0 <= at < len(table.columns):
            self.kind_of.setText("")
            self.consequence.setText(CHOOSE)
            return
        column = table.columns[at]
        kind = self._kinds[column.name]
        self.kind_of.setText(f"‘{shortened(column.name)}’ holds")
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.consequence.setText(consequence_words(table.outcome(at, kind), len(column.sample)))

    def show_outlook(self, sentence: str, possible: bool) -> None:
        """What will be learned with what is chosen now, or why it cannot be."""
        self.outlook.setText(sentence)
        _set_role(self.outlook, "sentence" if possible else "problem")
        self.start.setEnabled(possible)
        self.cut.setEnabled(possible)
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
        sample: str = "",
    ) -> None:
        self._is_table = table
        self.title.setText(title)
        self.words.setText(words)
        _set_role(self.words, "problem" if refused else "sentence")
        self.notices.setText("\n".join(notices))
        self.notices.setVisible(bool(notices))
        self.sample.setText(sample)
        self.sample.setVisible(bool(sample))
        self.progress.setVisible(progress)
        self.choices.setVisible(table)
        for part in (self.table, self.kind_row, self.outlook):
            part.setVisible(table)
        readable = not progress and not refused
        self.start.setVisible(readable)
        self.start.setEnabled(True)
        self.cut.setVisible(readable and self.offers_cut)
        self.cut.setEnabled(True)
        _set_role(self.start, "" if self.offers_cut else "primary", "kind")
        self.cancel.setText("Close" if refused else "Cancel")
        self._tighten()
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

    @Slot(int)
    def _head_clicked(self, column: int) -> None:
        """A click on the head of a column: choose it, and offer what it may hold."""
        self.table.setCurrentCell(0, column)
        self.kind.setFocus()
        self.kind.showPopup()

    @Slot()
    def _column_changed(self) -> None:
        self._show_kind()

    @Slot(int)
    def _kind_said(self, index: int) -> None:
        """The user says what the chosen column holds: at once it is offered, or not offered, where such columns are."""
        at = self.table.currentColumn()
        if self._preview is None or at < 0:
            return
        name = self._preview.columns[at].name
        kind = str(self.kind.itemData(index))
        self._kinds[name] = kind
        self._said.add(name)
        self._offer_columns()
        for combo, offered in ((self.values, NUMBER), (self.times, DATE)):
            if kind == offered and combo.findData(name) >= 0:  # whoever says so wants it used
                combo.setCurrentIndex(combo.findData(name))
        self._show_heads()
        self._show_kind()
        self._choice_made()

    @Slot()
    def _choice_made(self) -> None:
        """Another column, another way with missing values: what would become of it?"""
        if not self._is_table or self._preview is None:
            return
        self.calendar.setEnabled(self.times.currentData() != NO_TIMES)
        if self.values.count() == 0:
            self.show_outlook(NO_NUMBERS, possible=False)
        else:
            self.show_outlook(f"Reading ‘{self.values.currentText()}’ to the end …", possible=False)
            _set_role(self.outlook, "muted")
            self.choice_changed.emit(self.choice())

    def choice(self) -> TableChoice | None:
        """What is chosen; None for a text."""
        if not self._is_table:
            return None
        return TableChoice(
            column=self.values.currentData(),
            time_column=self.times.currentData(),
            separator=self.separator.currentData(),
            decimal=self.decimal.currentData(),
            header=self.header.currentData(),
            missing=self.missing.currentData(),
            calendar=self.calendar.isEnabled() and self.calendar.isChecked(),
        )

    @Slot()
    def _start_clicked(self) -> None:
        self.started.emit(self.choice())

    @Slot()
    def _cut_clicked(self) -> None:
        self.cut_wished.emit(self.choice())

    @property
    def _first_button(self) -> QPushButton:
        """What Return does."""
        return self.cut if self.offers_cut else self.start

    def event(self, event: QEvent) -> bool:
        """Return belongs to this card while it is there, whatever it does elsewhere in the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = self._first_button
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and button.isVisible() and button.isEnabled():
            button.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
        else:
            super().keyPressEvent(event)

    @Slot()
    def restyle(self) -> None:
        palette = self.table.palette()
        palette.setColor(QPalette.ColorRole.Highlight, self.state.theme.colour("accent_soft"))
        palette.setColor(QPalette.ColorRole.HighlightedText, self.state.theme.colour("text"))
        self.table.setPalette(palette)
        super().restyle()
        self._tighten()

    def _tighten(self) -> None:
        """A table leaves no room for margins where everything is larger."""
        theme = self.state.theme
        tight = self._is_table and self.state.lecture
        margin = theme.px(14 if tight else 24)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(theme.px(6 if tight else 12))
        self.words.setVisible(not tight)
        self._fit_table()

    def card_size(self) -> tuple[int, int]:
        """Wide enough for a table, else for a sentence, and as high as what is on it."""
        theme = self.state.theme
        wide, least = (theme.px(860), theme.px(600)) if self._is_table else (theme.px(560), theme.px(190))
        high = max(self.column.totalHeightForWidth(wide), self.card.sizeHint().height())
        return wide, max(least, high)


def consequence_words(outcome: KindOutcome, rows: int) -> str:
    """What reading a column so means for its first rows, with the number of values that would be missing."""
    first = f"of the first {rows:,} rows" if rows > 1 else "of its one row"
    if outcome.kind == TEXT:
        return "It is not used."
    if outcome.kind == DATE and outcome.form is None:
        return f"No form of dates known here reads them: it cannot tell the times ({outcome.missing:,} are empty)."
    what = "numbers" if outcome.kind == NUMBER else f"dates ({outcome.form})"
    lost = outcome.missing + outcome.unreadable
    if not lost:
        return f"All {first} are {what}: nothing would be missing."
    parts = []
    if outcome.missing:
        parts.append(f"{outcome.missing:,} {'is' if outcome.missing == 1 else 'are'} empty")
    if outcome.unreadable:
        no = "no number" if outcome.kind == NUMBER else "no date"
        parts.append(f"{outcome.unreadable:,} {'is' if outcome.unreadable == 1 else 'are'} {no}")
    return f"{first.capitalize()}, {' and '.join(parts)}: {lost:,} would be missing."


def beginning(text: str) -> str:
    """The first lines of a text, short enough to be shown."""
    lines = text.replace("\t", "    ").split("\n")[:SAMPLE_LINES]
    return "\n".join(shortened(line, SAMPLE_WIDTH) for line in lines).rstrip()


def shortened(name: str, most: int = 24) -> str:
    """A name of at most so many letters."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _set_role(widget: QWidget, role: str, which: str = "role") -> None:
    """Another look by the style sheet."""
    if widget.property(which) != role:
        widget.setProperty(which, role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
