"""A table before it is learned: its first rows, what each column holds, what is forecast, and what will come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.reading.table_file import INTERPOLATE, MISSING_WAYS, Preview, Said
from playground.reading.table_guesses import DATE, NUMBER, TEXT, KindOutcome
from playground.tasks.series.sources import NO_TIMES
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
MOST_STRETCHED = 9
"""More columns than these are scrolled."""
EXAMPLE = datetime(2012, 1, 31, 14, 30)
"""The date in which a form of dates is shown."""


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


class TablePreview(QWidget):
    """Everything that can be chosen of a table. Kinds of columns are guesses: a click on a column's head (or the arrow
    keys in the table) chooses it, and a list changes what it holds."""

    choice_changed = Signal(object)
    """A TableChoice, of which is to be told what would come of it (`say`); None where nothing can be forecast."""
    form_changed = Signal(object)
    """Said: the user says how the table is written."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._preview: Preview | None = None
        self._kinds: dict[str, str] = {}
        """What each column holds, by its name: as guessed, or as the user says."""
        self._said: set[str] = set()
        """The columns whose kind the user said."""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self._make_choices()
        self._make_table()
        self._make_kind()
        self.outlook = QLabel()
        self.outlook.setWordWrap(True)
        self.outlook.setAccessibleName("What will be learned")
        self.column.addWidget(self.outlook)
        self.column.addStretch(1)

    def _make_choices(self) -> None:
        grid = QGridLayout()
        self.column.addLayout(grid)
        self.values = _combo("Forecast this column", "The numbers that are learned and forecast.")
        self.times = _combo("Times are in", "Tells when each value was: for the axis, and for the calendar.")
        self.separator = _combo("Columns are separated by", "Guessed; say so if it was guessed wrong.")
        self.decimal = _combo("Decimals are written with a", "Guessed; say so if it was guessed wrong.")
        self.header = _combo("The first line holds", "Guessed; say so if it was guessed wrong.")
        self.missing = _combo("Where a value is missing", "How many there were is told when it is read.")
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

    def _make_table(self) -> None:
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

    def _make_kind(self) -> None:
        kinds = QHBoxLayout()
        self.column.addLayout(kinds)
        self.kind_of = QLabel("")
        self.kind_of.setProperty("role", "sentence")
        self.kind = _combo("What this column holds", "Guessed; say so if it was guessed wrong.")
        for key, title in KIND_WORDS.items():
            self.kind.addItem(title, key)
        self.kind.activated.connect(self._kind_said)
        self.consequence = QLabel()
        self.consequence.setWordWrap(True)
        self.consequence.setProperty("role", "muted")
        kinds.addWidget(self.kind_of)
        kinds.addWidget(self.kind)
        kinds.addWidget(self.consequence, 1)

    # -- what is shown
    def show_table(self, table: Preview) -> None:
        """A table to choose from; what was chosen and said of one with the same columns stays."""
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

    def say(self, sentence: str, role: str) -> None:
        """What will be learned with what is chosen now, or why it cannot be."""
        self.outlook.setText(sentence)
        set_role(self.outlook, role)

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
            return
        column = table.columns[at]
        kind = self._kinds[column.name]
        self.kind_of.setText(f"‘{shortened(column.name)}’ holds")
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.consequence.setText(consequence_words(table.outcome(at, kind), len(column.sample)))

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
        if self._preview is None:
            return
        self.calendar.setEnabled(self.times.currentData() != NO_TIMES)
        if self.values.count() == 0:
            self.say(NO_NUMBERS, "problem")
            self.choice_changed.emit(None)
        else:
            self.say(f"Reading ‘{self.values.currentText()}’ to the end …", "muted")
            self.choice_changed.emit(self.choice())

    def choice(self) -> TableChoice:
        """What is chosen."""
        return TableChoice(
            column=self.values.currentData(),
            time_column=self.times.currentData(),
            separator=self.separator.currentData(),
            decimal=self.decimal.currentData(),
            header=self.header.currentData(),
            missing=self.missing.currentData(),
            calendar=self.calendar.isEnabled() and self.calendar.isChecked(),
        )

    def restyle(self, spacing: int) -> None:
        """Take colours and sizes from the theme again; `spacing` px between two parts."""
        palette = self.table.palette()
        palette.setColor(QPalette.ColorRole.Highlight, self.state.theme.colour("accent_soft"))
        palette.setColor(QPalette.ColorRole.HighlightedText, self.state.theme.colour("text"))
        self.table.setPalette(palette)
        self.column.setSpacing(spacing)
        self._fit_table()


def consequence_words(outcome: KindOutcome, rows: int) -> str:
    """What reading a column so means for its first rows, with the number of values that would be missing."""
    first = f"of the first {rows:,} rows" if rows > 1 else "of its one row"
    if outcome.kind == TEXT:
        return "It is not used."
    if outcome.kind == DATE and outcome.form is None:
        return f"No form of dates known here reads them: it cannot tell the times ({outcome.missing:,} are empty)."
    what = "numbers" if outcome.kind == NUMBER else f"dates like {EXAMPLE.strftime(outcome.form or '')}"
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


def shortened(name: str, most: int = 24) -> str:
    """A name of at most so many letters."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def set_role(widget: QWidget, role: str, which: str = "role") -> None:
    """Another look by the style sheet."""
    if widget.property(which) != role:
        widget.setProperty(which, role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _combo(name: str, help_sentence: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setToolTip(help_sentence)
    return combo
