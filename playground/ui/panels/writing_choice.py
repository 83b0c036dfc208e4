"""Why this character: what the network gave the likeliest ones, what the settings made of it, and the number drawn."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from playground.tasks.text.vocabulary import named, shown
from playground.trace.generated import Choice
from playground.ui.icons import set_icon
from playground.ui.panels.panel import Panel
from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.writing import Writing
from playground.ui.writing_words import choice_sentence

MOST_BARS = 14
EMPTY = (
    "Click any character of a text, or press Right. Here you will see what the network gave each character, what the "
    "temperature made of it, and the random number that decided. Return opens the whole text on the Step page."
)


class ChoiceBars(QWidget):
    """One line for each of the likeliest characters: outlined what the network gave, filled how likely it was drawn."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self.choice: Choice | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The likeliest characters")

    def show_choice(self, choice: Choice | None) -> None:
        """Show this."""
        self.choice = choice
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(160), self.state.theme.px(16 * 4))

    def lines(self) -> list[int]:
        """The places in the order of likelihood that are shown: the first ones, and the drawn one."""
        if self.choice is None:
            return []
        high = QFontMetricsF(self.state.theme.font(12)).height() + self.state.theme.px(3)
        room = max(2, min(MOST_BARS, int(self.height() / high), len(self.choice.order)))
        drawn = int((self.choice.order == self.choice.drawn).nonzero()[0][0])
        return [*range(room)] if drawn < room else [*range(room - 1), drawn]

    def paintEvent(self, event: QPaintEvent) -> None:
        choice = self.choice
        if choice is None:
            return
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lines = self.lines()
        high = min(self.height() / len(lines), theme.px(26))
        left, right = theme.px(26), theme.px(62)
        room = max(10.0, self.width() - left - right)
        most = max(float(choice.probabilities.max()), float(choice.chances.max()))
        for row, at in enumerate(lines):
            drawn = int(choice.order[at]) == choice.drawn
            y = row * high
            painter.setFont(theme.font(13, bold=drawn, mono=True))
            painter.setPen(theme.colour("pending_ink" if drawn else "text"))
            painter.drawText(
                QRectF(0, y, left - theme.px(4), high),
                Qt.AlignmentFlag.AlignCenter,
                shown(choice.characters[at]),
            )
            thick = min(high * 0.6, theme.px(14))
            track = QRectF(left, y + (high - thick) / 2, room * float(choice.chances[at]) / most, thick)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("playhead") if drawn else theme.role("long_term"))
            painter.drawRoundedRect(track, 2, 2)
            given = QRectF(left, track.top(), room * float(choice.probabilities[at]) / most, thick)
            painter.setPen(QPen(theme.colour("muted"), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(given, 2, 2)
            painter.setFont(theme.font(12))
            painter.setPen(theme.colour("pending_ink" if drawn else "muted"))
            box = QRectF(self.width() - right + theme.px(6), y, right, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, percent(float(choice.chances[at])))
        painter.end()


def open_button(name: str) -> QPushButton:
    """A button that opens on the Step page what the card shows."""
    button = QPushButton("Step through it")
    button.setProperty("kind", "plain")
    button.setAccessibleName(name)
    button.setToolTip("Opens it on the Step page, with the gates and memories of every network. Key Return.")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class WritingChoice(Panel):
    """The card. Left and Right go through the characters."""

    open_wanted = Signal()
    """The text is to be stepped through."""

    def __init__(self, state: UiState, writing: Writing, parent: QWidget | None = None) -> None:
        super().__init__(state, "Why this character?", parent)
        self._writing = writing
        self.bars = ChoiceBars(state)
        self.words = QLabel(EMPTY)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.legend = QLabel("Filled: how likely it was drawn. Dotted: what the network gave.")
        self.legend.setProperty("role", "muted")
        self.legend.setWordWrap(True)
        self.legend.hide()
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.open = open_button("Step through this text")
        self.open.clicked.connect(self.open_wanted)
        self.title_row.addWidget(self.open)
        self.body.addWidget(self.bars, 1)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.words)
        self._room = QWidget()  # what is said while nothing is chosen stands at the top
        self.body.addWidget(self._room, 1)
        writing.selection_changed.connect(self.refresh)
        writing.samples_changed.connect(self.refresh)
        self.restyle()

    @Slot()
    def refresh(self) -> None:
        """Show the character that is looked at."""
        sample = self._writing.selected
        if sample is None or not len(sample.generated.written):
            self.bars.show_choice(None)
            self.bars.hide()
            self.legend.hide()
            self.words.setText(EMPTY)
            self._room.show()
            self.open.setVisible(bool(self._writing.samples))
            self.set_title("Why this character?")
            return
        self._room.hide()
        self.open.show()
        choice = sample.generated.choice(self._writing.place)
        self.bars.show()
        self.bars.show_choice(choice)
        changed = bool(np.abs(choice.chances - choice.probabilities).max() > 0.005)
        self.legend.setVisible(changed)
        self.set_title(
            f"Why “{named(choice.character)}”?",
            f"{'' if self.state.lecture else 'character '}{self._writing.place + 1} of "
            f"{len(sample.generated.written)}",
        )
        sentence = choice_sentence(choice, sample.generated.settings)
        self.words.setText(sentence)
        self.bars.setAccessibleDescription(sentence)

    def restyle(self) -> None:
        set_icon(self.open, "step", self.state.theme)
        self.refresh()
