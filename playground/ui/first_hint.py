"""The first start: one sentence and one obvious button, above the page until training has begun once."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from playground.tasks.task import Task
from playground.ui.banner import Banner, BannerButton
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState
from playground.ui.task_words import events_word

NUMBER_WORDS = (
    "no network",
    "one network",
    "two networks",
    "three networks",
    "four networks",
    "five networks",
)


class FirstHint(Banner):
    """Shown on the Train page while the run stands at update 0 and was not trained in this window yet."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "hint", parent)
        self._monitor = monitor
        self._done = False
        self.setObjectName("firstHint")
        monitor.snapshot_changed.connect(self.refresh)
        monitor.state_changed.connect(self.refresh)
        monitor.experiment_changed.connect(self.refresh)
        state.page_changed.connect(self._page_changed)
        state.appearance_changed.connect(self.refresh)
        self.dismissed.connect(self._never_again)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show itself where it helps, and only there."""
        if self._done:
            return
        if self._monitor.snapshot.update > 0 or self._monitor.training:
            self._never_again()
            self.hide()
            return
        self.setVisible(
            self._state.page == "train" and not self._state.lecture and self._monitor.failure is None
        )
        if not self.isHidden():
            networks = len(self._monitor.experiment.enabled_networks)
            self.say(*hint_words(networks, self._monitor.task), buttons=_BUTTONS)

    @Slot(str)
    def _page_changed(self, page: str) -> None:
        self.refresh()

    @Slot()
    def _never_again(self) -> None:
        self._done = True


_BUTTONS = (
    BannerButton("tour", "Show me around", "plain", "tour"),
    BannerButton("train_anywhere", "Train", "primary", "play"),
)


def hint_words(networks: int, task: Task) -> tuple[str, str]:
    """The sentence and the line below it, for so many networks and this task."""
    who = NUMBER_WORDS[networks] if networks < len(NUMBER_WORDS) else f"{networks} networks"
    look = "looks" if networks == 1 else "look"
    sentence = f"Press Train and watch: {who} {look} at the same {events_word(task)}."
    return sentence, f"Only some will remember {task.spoken.remembered}."
