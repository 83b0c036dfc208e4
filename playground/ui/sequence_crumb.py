"""The line above a page that names the sequence that is shown in the probe's place, with the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from playground.ui.icons import set_icon
from playground.ui.monitor import RunMonitor
from playground.ui.page_table import shows_sequence
from playground.ui.panels.fitting_text import FittingText
from playground.ui.state import UiState

HEIGHT = 20
"""Unscaled px: a line of text."""
BACK = "back_to_probe"
"""The id of the command that goes back."""
ANOTHER = "another_sequence"


class SequenceCrumb(QWidget):
    """ "A text the LSTM wrote at update 1,200", and a button that goes back. Only there while another sequence than the
    probe is shown, or on its way. `chosen`: the id of a command."""

    chosen = Signal(str)

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self._monitor = state, monitor
        self.setObjectName("sequenceCrumb")
        self.setAccessibleName("The sequence that is shown")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self.words = FittingText(state)
        self.back = QPushButton("Back to the fixed sequence")
        self.back.setProperty("kind", "flat")
        self.back.setAccessibleName("Back to the fixed sequence")
        self.back.setToolTip("Shows the fixed sequence of this task again, on every page. Esc does it too.")
        self.another = QPushButton("Another one")
        self.another.setProperty("kind", "flat")
        self.another.setAccessibleName("Another sequence")
        self.another.setToolTip("Shows the next of the sequences that no network is trained on. Key A.")
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.another)
        self._row.addWidget(self.back)
        self.another.clicked.connect(self._go_on)
        self.back.clicked.connect(self._go_back)
        state.sequence_changed.connect(self.refresh)
        state.page_changed.connect(self._page_changed)
        monitor.state_changed.connect(self.refresh)
        monitor.run_changed.connect(self.refresh)
        state.appearance_changed.connect(self.restyle)
        self.restyle()

    @Slot()
    def refresh(self) -> None:
        """Name what is shown, or what is on its way."""
        shown, wanted = self._monitor.shown, self._monitor.wanted
        named = shown if shown is not None else wanted
        self.setVisible(named is not None and shows_sequence(self.state.page))
        if named is None:
            return
        title = named.title[self.state.vocabulary]
        self.another.setVisible(named.number > 0)
        if shown is not wanted and wanted is not None:
            self.words.say(f"On its way: {wanted.title[self.state.vocabulary]}")
        else:
            self.words.say(f"{title}. Every page shows it, as it shows any sequence.", title)

    @Slot(str)
    def _page_changed(self, page: str) -> None:
        self.refresh()

    @Slot()
    def _go_on(self) -> None:
        self.chosen.emit(ANOTHER)

    @Slot()
    def _go_back(self) -> None:
        self.chosen.emit(BACK)

    @Slot()
    def restyle(self) -> None:
        """Take sizes, colours and words again."""
        theme = self.state.theme
        self._row.setContentsMargins(theme.px(14), 1, theme.px(4), 1)
        self._row.setSpacing(theme.px(12))
        for part in (self.words, self.another, self.back):
            part.setFixedHeight(theme.px(HEIGHT))
        for button, picture in ((self.another, "next"), (self.back, "restore")):
            button.setStyleSheet(f"padding: 0px {theme.px(8)}px; min-height: 0px;")
            set_icon(button, picture, theme)
        self.refresh()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("pending_soft"))
        painter.setPen(QPen(theme.colour("playhead"), 1))
        radius = theme.px(8)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()
