"""A short tour of the window: a spotlight on one part after the other. Clicks go through: it never blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.contract.cell_description import Words
from playground.tasks.task import Task
from playground.ui.overlay import Card, scrim
from playground.ui.state import UiState
from playground.ui.task_words import (
    event_word,
    events_word,
    fillers,
    loss_titles,
    right_reference,
    right_titles,
    story,
)


@dataclass(frozen=True)
class TourStop:
    """One stop: what it lights up and what it says.

    `targets` are object names or class names of widgets; the spotlight lies around all of them that are to be seen. A
    stop of which nothing is to be seen is passed over.
    """

    targets: tuple[str, ...]
    title: Words
    text: Words


def tour_of(task: Task) -> tuple[TourStop, ...]:
    """The stops, in the words of what is learned now."""
    what, chance = events_word(task), right_reference(task).written
    between = {vocabulary: fillers(task, vocabulary) for vocabulary in ("guide", "textbook")}
    loss, right = (words[0].textbook for words in (loss_titles(task), right_titles(task)))
    return (
        TourStop(
            ("EventStripRow",),
            Words(f"A sequence of {what}", "A sequence of inputs"),
            Words(story(task, "guide"), story(task, "textbook")),
        ),
        TourStop(
            ("trainButton",),
            Words("Train", "Train"),
            Words(
                f"Press Train, or Space, and all networks learn side by side, from the same {what}. Press again to "
                "pause.",
                "Press Train, or Space: every network does the same updates on the same batches. Press again to pause.",
            ),
        ),
        TourStop(
            ("LossCurves", "LossPanel", "RightCurves", "CurvesPanel"),
            Words("Who learns?", "Loss and accuracy"),
            Words(
                f"One line for each network. A network that remembers {task.spoken.remembered} climbs to 100 % right "
                f"answers; the dashed line is {chance}, what can be had without.",
                f"One curve for each network. {loss}; {right.lower()}. The dashed lines are what is reached without "
                f"memory: {chance} right.",
            ),
        ),
        TourStop(
            ("HeatRow",),
            Words("Inside the memory", "Inside the states"),
            Words(
                f"Every line is one unit, every column one {event_word(task)}. Memories are green above zero and "
                "purple below; gates have their own colour, strong where they are open. "
                f"A stripe that keeps its colour past the {between['guide']} is a memory that lasts.",
                "Rows are units, columns timesteps. States are green above zero and purple below; gates have their own "
                "colour, strong where they are open. A row that keeps its colour across the "
                f"{between['textbook']} carries information through time.",
            ),
        ),
        *_last_stops(task),
    )


def _last_stops(task: Task) -> tuple[TourStop, ...]:
    return (
        TourStop(
            ("TrainingTime", "TrainingTimePanel"),
            Words("Back in training time", "Back in training time"),
            Words(
                "Drag this slider and the whole window shows that earlier moment of the run, exactly as it was. "
                "B brings you back to now.",
                "Drag this slider: every panel shows the weights of that earlier update, exactly. B returns to now.",
            ),
        ),
        TourStop(
            ("rail",),
            Words("Look closer", "Look closer"),
            Words(
                f"Step reads the sequence {event_word(task)} by {event_word(task)}, gate by gate; Shift+F holds the "
                f"forget gate shut there. Memory shows who still knows {task.spoken.remembered}. Press ? for all "
                "keys, and Ctrl+K to find anything.",
                "Step goes through one sequence gate by gate; Shift+F holds the forget gate at 0 there. Memory "
                "compares states and gradients. Press ? for all keys and Ctrl+K to find anything.",
            ),
        ),
    )


class Tour(QWidget):
    """Lies over the window, lets every click through, and shows one stop at a time."""

    ended = Signal()

    def __init__(self, state: UiState, window: QWidget) -> None:
        super().__init__(window)
        self._state = state
        self._window = window
        self._stops: tuple[TourStop, ...] = ()
        self._position = 0
        self._light = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Tour")
        # The card is no child of the dimmed layer: it takes clicks, the layer lets them through.
        self.card = Card(state, window)
        self.card.setAccessibleName("Tour")
        self.title = QLabel(self.card)
        self.title.setProperty("role", "title")
        self.text = QLabel(self.card)
        self.text.setProperty("role", "sentence")
        self.text.setWordWrap(True)
        self.count = QLabel(self.card)
        self.count.setProperty("role", "muted")
        self.end_button = self._button("End", "flat", "Ends the tour. (Esc)")
        self.back_button = self._button("Back", "plain", "Goes back to the stop before. (←)")
        self.next_button = self._button("Next", "primary", "Goes on to the next stop. (→)")
        self.end_button.clicked.connect(self.end)
        self.back_button.clicked.connect(self.previous)
        self.next_button.clicked.connect(self.next)
        self._column = QVBoxLayout(self.card)
        self._column.addWidget(self.title)
        self._column.addWidget(self.text)
        row = QHBoxLayout()
        row.addWidget(self.count)
        row.addStretch(1)
        for button in (self.end_button, self.back_button, self.next_button):
            row.addWidget(button)
        self._column.addLayout(row)
        self.hide()
        self.card.hide()
        window.installEventFilter(self)
        state.appearance_changed.connect(self.restyle)

    def _button(self, title: str, kind: str, help_sentence: str) -> QPushButton:
        button = QPushButton(title, self.card)
        button.setProperty("kind", kind)
        button.setToolTip(help_sentence)
        button.setAccessibleName(f"Tour: {title}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def running(self) -> bool:
        """Whether the tour is on."""
        return not self.isHidden()

    @property
    def stop(self) -> TourStop:
        """The stop that is shown."""
        return self._stops[self._position]

    @property
    def light(self) -> QRect:
        """What is lit, in the window's coordinates."""
        return QRect(self._light)

    def begin(self, stops: Sequence[TourStop]) -> None:
        """Start at the first of these stops that is to be seen."""
        self._stops = tuple(stops)
        self._position = -1
        self.setGeometry(self._window.rect())
        self.show()
        self.card.show()
        self.next()

    @Slot()
    def next(self) -> None:
        """Go on; after the last stop the tour ends."""
        self._go(1)

    @Slot()
    def previous(self) -> None:
        """Go back; the first stop stays."""
        self._go(-1)

    @Slot()
    def end(self) -> None:
        """End the tour."""
        if self.running:
            self.hide()
            self.card.hide()
            self.ended.emit()

    def _go(self, direction: int) -> None:
        position = self._position + direction
        while 0 <= position < len(self._stops):
            if self._find(self._stops[position]).isValid():
                self._position = position
                self.restyle()
                return
            position += direction
        if direction > 0:
            self.end()

    def _seen(self) -> list[TourStop]:
        return [stop for stop in self._stops if self._find(stop).isValid()]

    def _find(self, stop: TourStop) -> QRect:
        """The rectangle around all its targets that are to be seen; invalid when there are none."""
        window = self._window
        found = QRect()
        for widget in window.findChildren(QWidget):
            named = widget.objectName() in stop.targets or type(widget).__name__ in stop.targets
            if named and widget.isVisibleTo(window) and not widget.visibleRegion().isEmpty():
                found = found.united(QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()))
        return found.intersected(window.rect())

    @Slot()
    def restyle(self) -> None:
        """Find the lit part again and put the card beside it."""
        if not self.running:
            return
        theme = self._state.theme
        stop = self.stop
        self.title.setText(stop.title[self._state.vocabulary])
        self.text.setText(stop.text[self._state.vocabulary])
        seen = self._seen()
        number = seen.index(stop) + 1 if stop in seen else 1
        self.count.setText(f"{number} of {len(seen)}")
        self.next_button.setText("Done" if number == len(seen) else "Next")
        self.back_button.setEnabled(number > 1)
        self.card.setAccessibleDescription(f"{self.title.text()}. {self.text.text()}")
        margin = theme.px(20)
        self._column.setContentsMargins(margin, theme.px(16), margin, theme.px(14))
        self._column.setSpacing(theme.px(8))
        edge = theme.px(6)
        self._light = self._find(stop).adjusted(-edge, -edge, edge, edge).intersected(self.rect())
        self._place_card()
        self.raise_()
        self.card.raise_()
        self.update()

    def _place_card(self) -> None:
        """Below the light, else above, right or left of it: wherever it covers nothing of it."""
        theme = self._state.theme
        width = min(theme.px(420), self.width() - 2 * theme.px(16))
        # Once as wide as it will be, the labels know how many lines they take.
        self.card.setFixedWidth(width)
        height = max(self._column.heightForWidth(width), self._column.minimumSize().height())
        gap, edge, light = theme.px(14), theme.px(16), self._light
        middle_x, middle_y = light.center().x() - width // 2, light.center().y() - height // 2
        places = (
            QPoint(middle_x, light.bottom() + gap),
            QPoint(middle_x, light.top() - gap - height),
            QPoint(light.right() + gap, middle_y),
            QPoint(light.left() - gap - width, middle_y),
        )
        room = self.rect().adjusted(edge, edge, -edge, -edge)
        best = QRect()
        for place in places:
            x = max(room.left(), min(place.x(), room.right() - width))
            y = max(room.top(), min(place.y(), room.bottom() - height))
            best = QRect(x, y, width, height)
            if not best.intersects(light):
                break
        else:
            best = QRect(room.right() - width, room.bottom() - height, width, height)
        self.card.setGeometry(best)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window and self.running:
            self.setGeometry(self._window.rect())
            self.restyle()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around, lit = QPainterPath(), QPainterPath()
        around.addRect(QRectF(self.rect()))
        radius = theme.px(12)
        lit.addRoundedRect(QRectF(self._light), radius, radius)
        dim = scrim(self._state)
        dim.setAlphaF(0.66)
        painter.fillPath(around.subtracted(lit), dim)
        painter.setPen(QPen(theme.colour("accent"), 2 * theme.scale))
        painter.drawPath(lit)
        painter.end()
