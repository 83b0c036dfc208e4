"""The bar at the top: what is learned, the buttons of the run, where the run is, words, theme, lecture mode."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QFontMetrics,
    QIcon,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from playground.trace.snapshot import RunState
from playground.ui.commands import Command, CommandTable
from playground.ui.icons import set_icon
from playground.ui.monitor import RunMonitor
from playground.ui.run_facts import RunFacts
from playground.ui.run_words import ONE_AT_A_TIME, SPEEDS, speed_title
from playground.ui.segment import Segment
from playground.ui.state import UiState

HEIGHT = 56
HEIGHT_IN_LECTURE = 44
MOST_COMPACT = 4
LEAST_TITLE = 90
"""Unscaled px: a title that is cut shorter than that says nothing."""
GROUP_GAP = 12


class TopBar(QWidget):
    """Asks for commands by their id (`chosen`) and does nothing itself. Grows narrower in steps: nothing is cut off."""

    chosen = Signal(str)
    speed_chosen = Signal(object)
    vocabulary_chosen = Signal(str)

    def __init__(
        self, state: UiState, monitor: RunMonitor, commands: CommandTable, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._monitor = monitor
        self._commands = commands
        self._compact = 0
        self._title_room: int | None = None
        self._fitting = False
        self.setObjectName("topBar")
        self.setAccessibleName("Run")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

        self.task_title = QLabel(self)
        self.task_title.setProperty("role", "title")
        self.question = QLabel(self)
        self.question.setProperty("role", "muted")
        self.train = self._command_button("train_anywhere", "primary")
        self.train.setObjectName("trainButton")
        self.one_update = self._command_button("one_update", "plain")
        self.rewind = self._command_button("rewind", "plain")
        self.speed = self._speed_button()
        self.facts = RunFacts(state, monitor, self)
        self.back_to_now = self._command_button("back_to_now", "pending")
        self.vocabulary = Segment(
            state,
            "Words",
            (
                (
                    "guide",
                    "Guide",
                    "The guide's words: events, short-term and long-term memory, learn and use gate. (V)",
                ),
                (
                    "textbook",
                    "Textbook",
                    "The textbook's words: inputs, hidden state, cell state, input and output gate. (V)",
                ),
            ),
            self,
        )
        self.vocabulary.setObjectName("segmentGround")
        self.vocabulary.chosen.connect(self.vocabulary_chosen)
        self.theme = self._command_button("theme", "icon")
        self.lecture = self._command_button("lecture", "icon")

        self._row = QHBoxLayout(self)
        run_parts = (self.train, self.one_update, self.rewind, self.speed, self.facts, self.back_to_now)
        groups: tuple[tuple[QWidget, ...], ...] = (
            (self.task_title, self.question),
            run_parts,
            (self.vocabulary, self.theme, self.lecture),
        )
        for position, group in enumerate(groups):
            if position:
                self._row.addSpacing(GROUP_GAP)
                self._row.addStretch(1)
            for widget in group:
                self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

        for signal in (
            monitor.state_changed,
            monitor.run_changed,
            monitor.experiment_changed,
            state.moment_changed,
        ):
            signal.connect(self.refresh)
        state.appearance_changed.connect(self.restyle)
        state.page_changed.connect(self._page_changed)
        self._shown: tuple[object, ...] = ()
        self.restyle()

    # -- parts
    def _command_button(self, command_id: str, kind: str) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", kind)
        button.setProperty("command", command_id)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._clicked)
        return button

    def _speed_button(self) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        self._speed_actions = QActionGroup(menu)
        for position, (_, title, sentence) in enumerate(SPEEDS):
            action = QAction(title, menu)
            action.setCheckable(True)
            action.setData(position)
            action.setToolTip(sentence)
            self._speed_actions.addAction(action)
            menu.addAction(action)
        self._speed_actions.triggered.connect(self._speed_clicked)
        button.setMenu(menu)
        return button

    # -- what it shows
    @Slot()
    def refresh(self) -> None:
        """Show what the run does now."""
        monitor, state = self._monitor, self._state
        one_at_a_time = monitor.speed == ONE_AT_A_TIME
        shown = (
            monitor.training,
            monitor.run_state is RunState.FAILED,
            monitor.loading,
            monitor.speed,
            monitor.experiment.task_name,
            state.moment.live,
            self._compact,
            self._title_room,
        )
        if shown == self._shown:
            return
        self._shown = shown
        task = monitor.task
        self.task_title.setText(self._fitting_title(task.title))
        self.task_title.setToolTip(task.title)
        self.question.setText(task.question)
        failed, loading = monitor.run_state is RunState.FAILED, monitor.loading
        title, picture = ("Pause", "pause") if monitor.training else ("Train", "play")
        if one_at_a_time and not monitor.training:
            title, picture = "Next update", "one_update"
        self._dress(self.train, title, picture, "train_anywhere", "on_accent", always_words=True)
        self.train.setEnabled(not failed)
        # As wide for Pause as for Train: the buttons beside it must not move when it is pressed.
        metrics = QFontMetrics(state.theme.font(13, bold=True))
        widest = max(metrics.horizontalAdvance(word) for word in ("Train", "Pause"))
        self.train.setMinimumWidth(widest + state.theme.px(14 + 6 + 24 + 6))
        self._dress(self.one_update, "One update", "one_update", "one_update")
        self.one_update.setEnabled(not failed and not loading)
        self._dress(self.rewind, "Rewind", "rewind", "rewind")
        self.rewind.setEnabled(not loading)
        self._dress(self.back_to_now, "Back to now", "now", "back_to_now", "pending_ink")
        self.back_to_now.setVisible(not state.moment.live)
        self.speed.setText(speed_title(monitor.speed))
        set_icon(self.speed, "down", state.theme, "muted", 12, after_words=True)
        self.speed.setAccessibleName(f"Speed: {speed_title(monitor.speed)}")
        self.speed.setToolTip(
            "How many updates a second: slow enough to watch, or as fast as this computer can. (- and +)"
        )
        for action in self._speed_actions.actions():
            action.setChecked(SPEEDS[int(action.data())][0] == monitor.speed)
        if not self._fitting:
            self._fit()

    def _dress(
        self,
        button: QPushButton,
        title: str,
        picture: str,
        command_id: str,
        ink: str = "text",
        *,
        always_words: bool = False,
    ) -> None:
        command = self._commands[command_id]
        words = always_words or self._compact < 3
        button.setText(title if words else "")
        if not words or command_id in ("train_anywhere", "back_to_now"):
            set_icon(button, picture, self._state.theme, ink)
        else:
            button.setIcon(QIcon())
        button.setAccessibleName(title)
        button.setToolTip(tooltip(command, self._state.vocabulary))

    @Slot()
    def restyle(self) -> None:
        """Take sizes, colours and words from the state again."""
        state, theme = self._state, self._state.theme
        self.setFixedHeight(theme.px(HEIGHT_IN_LECTURE if state.lecture else HEIGHT))
        self._row.setContentsMargins(theme.px(24), 0, theme.px(16), 0)
        self._row.setSpacing(theme.px(8))
        self.vocabulary.show_choice(state.vocabulary)
        set_icon(self.theme, "light" if state.dark else "dark", theme, "muted", 18)
        set_icon(self.lecture, "leave_lecture" if state.lecture else "lecture", theme, "muted", 18)
        for button, name in ((self.theme, "Light or dark"), (self.lecture, "Lecture mode")):
            button.setAccessibleName(name)
            button.setToolTip(tooltip(self._commands[str(button.property("command"))], state.vocabulary))
        self._shown = ()
        self._fit()
        self.refresh()
        self.update()

    # -- room
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # only now the buttons know their true widths

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out the least important until everything fits: question, words, button texts; then cut the title."""
        self._fitting = True
        self._title_room = None
        for level in range(MOST_COMPACT + 1):
            self._set_compact(level)
            if self._row.minimumSize().width() <= self.width():
                break
        if self._compact == MOST_COMPACT:  # its whole title has no room: as much of it as there is
            left = self.width() - self._row.minimumSize().width() - self._row.spacing()
            if left >= self._state.theme.px(LEAST_TITLE):
                self._title_room = left
                self.task_title.show()
                self.refresh()
        self._fitting = False

    def _fitting_title(self, title: str) -> str:
        if self._title_room is None:
            return title
        return self.task_title.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, self._title_room)

    def _set_compact(self, level: int) -> None:
        self._compact = level
        self.question.setVisible(level < 1)
        self.facts.set_roomy(level < 2)
        self.vocabulary.setVisible(level < 1 or not self._state.lecture)
        self.task_title.setVisible(level < 4)
        self.refresh()
        self._row.invalidate()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour("border"))
        painter.end()

    # -- what is asked for
    @Slot()
    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.chosen.emit(str(button.property("command")))

    @Slot(QAction)
    def _speed_clicked(self, action: QAction) -> None:
        self.speed_chosen.emit(SPEEDS[int(action.data())][0])

    @Slot(str)
    def _page_changed(self, page: str) -> None:
        self._shown = ()
        self.refresh()


def tooltip(command: Command, vocabulary: str) -> str:
    """The sentence a command teaches, and its key."""
    key = f" ({command.keys[0]})" if command.keys else ""
    return f"{command.help[vocabulary]}{key}"
