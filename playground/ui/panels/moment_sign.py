"""Which moment of the run is shown: live, or pinned; and the way back to live."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from playground.ui.monitor import RunMonitor
from playground.ui.panels.fitting_text import FittingText
from playground.ui.state import UiState


class MomentSign(QWidget):
    """ "update 500 · live", or "pinned at update 312" on amber with a button that follows the run again."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self._monitor = state, monitor
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.text = FittingText(state, right=True)
        self.follow = QPushButton("Follow live")
        self.follow.setProperty("kind", "pending")
        self.follow.setAccessibleName("Follow live")
        self.follow.setToolTip("Shows the newest moment of the run again, and every newer one as it comes.")
        self.follow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self.follow)
        self.follow.clicked.connect(self._follow)
        for signal in (
            state.moment_changed,
            state.what_if_changed,
            monitor.state_changed,
            monitor.snapshot_changed,
            monitor.run_changed,
        ):
            signal.connect(self.refresh)
        state.appearance_changed.connect(self.restyle)
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Take sizes from the theme again."""
        self._row.setSpacing(self.state.theme.px(8))
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say which moment is shown."""
        moment = self.state.moment
        what_if = "what if · " if self.state.what_if is not None and self.state.shows_changed else ""
        if not moment.live:
            now = self._monitor.snapshot.update
            pinned = f"{what_if}pinned at update {moment.update:,}"
            longer = f"{pinned} · the run is at {now:,}"
            self.text.say(longer, pinned, f"{what_if}update {moment.update:,}", tone="chip")
        elif what_if:
            self.text.say(
                f"{what_if}update {moment.update:,} · Esc ends it",
                f"{what_if}Esc ends it",
                "what if",
                tone="chip",
            )
        else:
            live = f"update {moment.update:,}" + (" · live" if self._monitor.training else "")
            self.text.say(live, "")
        self.follow.setVisible(not moment.live)
        bare = moment.live and self.state.lecture and not what_if
        needed = 0 if bare else self.state.theme.px(90 if moment.live else 140)
        self.text.setMinimumWidth(needed)

    @Slot()
    def _follow(self) -> None:
        self._monitor.back_to_now()
