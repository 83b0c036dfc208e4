"""The list of what-ifs: one line each, to be switched on and off or taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from playground.ui.icons import set_icon
from playground.ui.panels.flow_row import FlowRow
from playground.ui.state import UiState
from playground.ui.style_sheet import refresh_style


@dataclass(frozen=True)
class EntryLine:
    """What a line says. `idle`: it changes nothing for the opened network."""

    number: int
    words: str
    on: bool
    idle: bool = False


class EntryRow(QWidget):
    """One line: a box to tick, the words, a cross."""

    switched = Signal(int, bool)
    removed = Signal(int)

    def __init__(self, state: UiState, line: EntryLine) -> None:
        super().__init__()
        self._state, self._line = state, line
        self._said, self._brief = "", False
        self.box = QCheckBox()
        self.box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.words = QLabel()
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.cross = QPushButton()
        self.cross.setProperty("kind", "flat")
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        row.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        self.box.clicked.connect(self._switch)
        self.cross.clicked.connect(self._remove)
        self.show_line(line)

    @property
    def line(self) -> EntryLine:
        """What it says."""
        return self._line

    def show_line(self, line: EntryLine) -> None:
        """Say this."""
        theme = self._state.theme
        self._line = line
        idle = " · nothing to change in this network" if line.idle else ""
        self._said = line.words + idle
        self._fit_words()
        self.words.setProperty("role", "sentence" if line.on and not line.idle else "muted")
        refresh_style(self.words)
        self.box.setChecked(line.on)
        self.box.setAccessibleName(f"{line.words}: {'on' if line.on else 'off'}")
        self.box.setToolTip("Switches this what-if on or off.")
        self.cross.setAccessibleName(f"Take out: {line.words}")
        self.cross.setToolTip("Takes this what-if out of the list. Ctrl+Z brings it back.")
        set_icon(self.cross, "close", theme, "muted", 12)
        self.cross.setFixedSize(theme.px(24), theme.px(20))
        self.cross.setStyleSheet("padding: 0px; min-height: 0px;")

    def set_brief(self, brief: bool) -> None:
        """One line, whatever it takes: the rest is in the tool tip."""
        if brief != self._brief:
            self._brief = brief
            self._fit_words()

    def _fit_words(self) -> None:
        said = self._said
        self.words.setWordWrap(not self._brief)
        if self._brief:
            room = max(0, self.words.width() - 2)
            said = QFontMetricsF(self.words.font()).elidedText(said, Qt.TextElideMode.ElideRight, room)
        self.words.setText(said)
        self.words.setToolTip(self._said if said != self._said else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._brief:
            self._fit_words()

    @Slot()
    def _switch(self) -> None:
        self.switched.emit(self._line.number, self.box.isChecked())

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self._line.number)


class EntryList(QScrollArea):
    """All lines; scrolls when there are more than there is room for, and shows the newest."""

    switched = Signal(int, bool)
    removed = Signal(int)

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self._rows: list[EntryRow] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("What is changed")
        self._ground = QWidget()
        self._column = QVBoxLayout(self._ground)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.empty = QLabel()
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self._column.addWidget(self.empty)
        self.offers = FlowRow(state)
        self.offers.setAccessibleName("What to begin with")
        self._column.addWidget(self.offers)
        self._column.addStretch(1)
        self.setWidget(self._ground)

    @property
    def rows(self) -> list[EntryRow]:
        """The lines, in order."""
        return self._rows

    def show_lines(self, lines: Sequence[EntryLine], empty: str) -> None:
        """Show these lines, or say `empty`."""
        theme = self._state.theme
        self._column.setSpacing(theme.px(4))
        more = len(lines) > len(self._rows)
        while len(self._rows) > len(lines):
            row = self._rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, line in enumerate(lines):
            if place < len(self._rows):
                if self._rows[place].line != line:
                    self._rows[place].show_line(line)
                continue
            row = EntryRow(self._state, line)
            row.switched.connect(self.switched)
            row.removed.connect(self.removed)
            self._rows.append(row)
            self._column.insertWidget(self._column.count() - 1, row)
        self.empty.setText(empty)
        self.empty.setVisible(not lines)
        self.offers.setVisible(not lines)
        self.setAccessibleDescription(". ".join(line.words for line in lines if line.on) or empty)
        if more:
            self._ground.adjustSize()
            self.ensureWidgetVisible(self._rows[-1])

    def set_brief(self, brief: bool) -> None:
        """Several lines where there is room for few: each takes one."""
        for row in self._rows:
            row.set_brief(brief and len(self._rows) > 1)

    def offer(self, buttons: Sequence[QPushButton]) -> None:
        """What can be begun with, below the words of an empty list."""
        self.offers.show_widgets(buttons)

    def restyle(self) -> None:
        """Take sizes again."""
        self.offers.fit()
        for row in self._rows:
            row.show_line(row.line)

    def sizeHint(self) -> QSize:
        return QSize(self._state.theme.px(200), self._state.theme.px(64))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._state.theme.px(22))
