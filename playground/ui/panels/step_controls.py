"""The transport of the Step page: back, play, on, to the first event, to the question, a slider over the sequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from playground.ui.icons import icon, icon_size
from playground.ui.state import UiState
from playground.ui.text_sizes import text_width

PACES: tuple[tuple[str, int], ...] = (("slow", 2000), ("steady", 1000), ("brisk", 500), ("fast", 200))
"""How fast it plays: what the control says, milliseconds for each timestep."""
USUAL_PACE = 1


class _TimestepSlider(QSlider):
    """A slider that leaves the arrow keys to the page: they step anyway, whatever has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class StepControls(QWidget):
    """Moves `state.timestep`; plays by a timer of its own, which stops at the end and when the page is hidden."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._asked: tuple[int, ...] = ()
        self.play_on: Callable[[], bool | None] | None = None
        """What a tick does instead of going one event on: whether it can go on after it, or None: it did nothing."""
        self.setAccessibleName("Step through the sequence")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.first = self._button("first", "First timestep", "Goes to the first event. Home does it too.")
        self.previous = self._button(
            "previous", "Previous timestep", "One event back. Left and Page up do it too."
        )
        self.play = self._button(
            "play", "Play", "Reads one event after the other, as the network does. Space does it too."
        )
        self.next = self._button("next", "Next timestep", "One event on. Right and Page down do it too.")
        self.question = self._button(
            "last", "To the question", "Goes to the event that has to be told. End goes to the last."
        )
        self.slider = _TimestepSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Timestep")
        self.slider.setToolTip("Drag through the sequence: everything on this page shows that timestep.")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setPageStep(1)
        self.place = QLabel()
        self.place.setProperty("role", "mono")
        self.pace = QComboBox()
        self.pace.setAccessibleName("Pace")
        self.pace.setToolTip("How fast it plays.")
        for title, milliseconds in PACES:
            self.pace.addItem(title, milliseconds)
        self.pace.setCurrentIndex(USUAL_PACE)
        for part in (
            self.first,
            self.previous,
            self.play,
            self.next,
            self.question,
            self.slider,
            self.place,
            self.pace,
        ):
            self._row.addWidget(part)
        self._row.setStretchFactor(self.slider, 100)
        self._row.addStretch(1)  # without a slider the buttons stand together
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self.first.clicked.connect(self.go_first)
        self.previous.clicked.connect(self.go_back)
        self.play.clicked.connect(self.toggle_play)
        self.next.clicked.connect(self.go_on)
        self.question.clicked.connect(self.go_to_question)
        self.slider.valueChanged.connect(self._slid)
        self.pace.currentIndexChanged.connect(self._pace_chosen)
        state.timestep_changed.connect(self.refresh)
        state.moment_changed.connect(self.refresh)
        state.appearance_changed.connect(self.restyle)
        self.restyle()

    def _button(self, picture: str, name: str, help_sentence: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "plain")
        button.setProperty("picture", picture)
        button.setAccessibleName(name)
        button.setToolTip(help_sentence)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def playing(self) -> bool:
        """Whether it plays now."""
        return self._timer.isActive()

    def show_questions(self, asked: Sequence[int]) -> None:
        """The timesteps (0-based) at which the answer is counted."""
        self._asked = tuple(asked)
        self.refresh()

    @Slot()
    def restyle(self) -> None:
        """Take sizes and colours from the theme again."""
        theme = self.state.theme
        self._row.setSpacing(theme.px(6))
        for button in (self.first, self.previous, self.play, self.next, self.question):
            button.setFixedSize(QSize(theme.px(38), theme.px(30)))
            button.setStyleSheet("padding: 0px;")
        self.slider.setMinimumWidth(theme.px(60))
        self._draw_icons()
        self.refresh()

    def fit(self, width: int) -> None:
        """Show what there is room for: play first, then place, back and on; slider and the rest not in a lecture, where
        the strip is the slider."""
        gap = self._row.spacing()
        shown: set[QWidget] = {self.play}
        room = width - self.play.width()
        wanted: list[tuple[QWidget, ...]] = [(self.place,), (self.previous, self.next)]
        if not self.state.lecture:
            wanted += [(self.first, self.question), (self.slider,), (self.pace,)]
        for parts in wanted:
            needed = sum(max(part.minimumWidth(), part.minimumSizeHint().width()) + gap for part in parts)
            if needed <= room:
                shown.update(parts)
                room -= needed
        for part in (self.first, self.previous, self.next, self.question, self.slider, self.place, self.pace):
            part.setVisible(part in shown and (part is not self.question or bool(self._asked)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.play.width(), self.play.height())

    def _draw_icons(self) -> None:
        theme = self.state.theme
        for button in (self.first, self.previous, self.play, self.next, self.question):
            picture = str(button.property("picture"))
            if button is self.play and self.playing:
                picture = "pause"
            button.setIcon(icon(picture, theme, "text", 16))
            button.setIconSize(icon_size(theme, 16))
        self.play.setAccessibleName("Stop playing" if self.playing else "Play")

    @Slot()
    def refresh(self) -> None:
        """Show where the playhead is."""
        length, timestep = self.state.length, self.state.timestep
        self.place.setText(f"t = {timestep + 1} of {length}")
        theme, words = self.state.theme, f"t = {length} of {length}"
        widest = round(text_width(theme, words, 13, mono=True)) + theme.px(4)
        # All of its size is fixed: then other words do not lay out the page anew.
        size = QSize(widest, theme.px(24))
        if self.place.minimumSize() != size or self.place.maximumSize() != size:
            self.place.setFixedSize(size)
        self.slider.blockSignals(True)
        if self.slider.maximum() != length - 1:
            self.slider.setRange(0, length - 1)
        self.slider.setValue(timestep)
        self.slider.blockSignals(False)
        self.previous.setEnabled(timestep > 0)
        self.first.setEnabled(timestep > 0)
        self.next.setEnabled(timestep < length - 1)
        self.question.setEnabled(bool(self._asked))

    # -- commands
    @Slot()
    def go_first(self) -> None:
        """To the first event."""
        self.state.set_timestep(0)

    @Slot()
    def go_back(self) -> None:
        """One event back."""
        self.state.set_timestep(self.state.timestep - 1)

    @Slot()
    def go_on(self) -> None:
        """One event on."""
        self.state.set_timestep(self.state.timestep + 1)

    @Slot()
    def go_to_question(self) -> None:
        """To the next asked timestep after this one; after the last one, to the first."""
        if self._asked:
            later = [asked for asked in self._asked if asked > self.state.timestep]
            self.state.set_timestep(later[0] if later else self._asked[0])

    @Slot()
    def toggle_play(self) -> None:
        """Play from here, from the beginning if this is the end; or stop."""
        if self.playing:
            self.stop()
            return
        if self.state.timestep >= self.state.length - 1:
            self.state.set_timestep(0)
        self._timer.start(int(self.pace.currentData()))
        self._draw_icons()

    def stop(self) -> None:
        """Stop playing."""
        if self.playing:
            self._timer.stop()
            self._draw_icons()

    @Slot()
    def _tick(self) -> None:
        went_on = self.play_on() if self.play_on is not None else None
        if went_on is None:
            self.go_on()
            went_on = self.state.timestep < self.state.length - 1
        if not went_on:
            self.stop()

    @Slot(int)
    def _slid(self, value: int) -> None:
        self.state.set_timestep(value)

    @Slot(int)
    def _pace_chosen(self, index: int) -> None:
        if self.playing:
            self._timer.start(int(self.pace.itemData(index)))

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        super().hideEvent(event)
