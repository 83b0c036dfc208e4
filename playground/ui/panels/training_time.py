"""Training time: go back to any update of this run, see every panel as it was then, and come back to now."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QIntValidator, QShowEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from playground.ui.monitor import RunMonitor
from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.panel import Panel
from playground.ui.panels.training_time_slider import TrainingTimeSlider, nearest_kept
from playground.ui.state import UiState

TURN = 2
"""The frames it is painted in while news come quickly; see `RunMonitor.has_turn`."""


class TrainingTime(Panel):
    """The slider, the field for an exact update, and the way back to now."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "Training time", parent)
        self._monitor = monitor
        self._problem = ""
        self.note_text = FittingText(state)
        self.field = QLineEdit()
        self.field.setPlaceholderText("update …")
        self.field.setAccessibleName("Go to update")
        self.field.setToolTip(
            "The number of an update. One that is not kept is trained again from the last kept checkpoint, bit for bit."
        )
        self.field.setValidator(QIntValidator(0, 2**31 - 1, self))
        self.go = QPushButton("Show")
        self.go.setAccessibleName("Show this update")
        self.back = QPushButton("Back to now")
        self.back.setProperty("kind", "plain")
        self.back.setToolTip("Shows the newest moment again, and every newer one as it comes.")
        self.back.setAccessibleName("Back to now")
        self.title_row.takeAt(self.title_row.count() - 1)  # the stretch: the note takes its room
        self.title_row.addWidget(self.note_text, 1)
        for widget in (self.field, self.go, self.back):
            self.title_row.addWidget(widget)
        self.slider = TrainingTimeSlider(state)
        self.slider.chosen = self.go_to
        self.slider.back = self.back_to_now
        self.body.addWidget(self.slider)

        self.field.textEdited.connect(self._edited)
        self.field.returnPressed.connect(self._go_exactly)
        self.go.clicked.connect(self._go_exactly)
        self.back.clicked.connect(self.back_to_now)
        monitor.snapshot_changed.connect(self._news_came)
        monitor.run_changed.connect(self._run_changed)
        monitor.state_changed.connect(self.refresh)
        state.moment_changed.connect(self._news_came)
        self.restyle()

    def set_compact(self, compact: bool) -> None:
        """In a low window the slider stands in the title's row, in place of the note."""
        if compact == (self.body.indexOf(self.slider) < 0):
            return
        if compact:
            self.title_row.insertWidget(self.title_row.indexOf(self.field), self.slider, 1)
        else:
            self.body.addWidget(self.slider)
        self.note_text.setVisible(not compact)

    # -- what a hand does
    def go_to(self, update: int) -> None:
        """Travel to a kept update."""
        self._problem = ""
        self._monitor.go_to(update)

    @Slot()
    def back_to_now(self) -> None:
        """Show the newest moment again."""
        self._problem = ""
        self.field.clear()
        self._monitor.back_to_now()
        self.refresh()

    @Slot()
    def _go_exactly(self) -> None:
        if self.replaying:
            self._monitor.give_up_travel()
            self.refresh()
            return
        text = self.field.text()
        if not text:
            self.field.setFocus()
            return
        update, now = int(text), self._monitor.snapshot.update
        if update > now:
            self._problem = f"Update {update:,} has not been reached yet: the run is at {now:,}."
        else:
            self._problem = ""
            self._monitor.go_to(update, exact=True)
        self.refresh()

    @Slot()
    def _edited(self) -> None:
        self._problem = ""
        self.refresh()

    @Slot()
    def _run_changed(self) -> None:
        self._problem = ""
        self.field.clear()
        self.refresh()

    # -- what is shown
    @property
    def replaying(self) -> bool:
        """Whether an update that was not kept is being trained again."""
        return self._monitor.travel is not None

    @Slot()
    def _news_came(self) -> None:
        if self._monitor.has_turn(TURN):
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show where the run is and what is looked at. Does nothing while the card is hidden."""
        if not self.isVisible():
            return
        monitor, moment = self._monitor, self.state.moment
        now, kept = monitor.snapshot.update, monitor.record.kept_updates
        self.slider.show_run(
            now, kept, moment.update if not moment.live else now, moment.live, monitor.travel
        )
        self._say()
        past = not moment.live
        self._set_enabled(self.back, past or monitor.travelling)
        self._set_kind(self.back, "pending" if past else "plain")
        self._set_enabled(self.field, now > 0)
        text = self.field.text()
        wanted = int(text) if text else None
        is_kept = wanted is None or (len(kept) > 0 and nearest_kept(kept, wanted) == wanted) or wanted == now
        words = "Cancel" if self.replaying else "Show" if is_kept else "Replay exactly"
        if words != self.go.text() or not self.go.toolTip():
            self.go.setText(words)
            self.go.setToolTip(
                {
                    "Cancel": "Gives the replay up; what is shown stays.",
                    "Show": "Shows this update: its weights are kept.",
                    "Replay exactly": "Trains again from the last checkpoint before it, bit for bit.",
                }[words]
            )
        self._set_enabled(self.go, self.replaying or wanted is not None)

    def _say(self) -> None:
        monitor, moment = self._monitor, self.state.moment
        now, travel = monitor.snapshot.update, monitor.travel
        if self._problem:
            self.note_text.say(self._problem, "Not reached yet.", tone="chip")
        elif travel is not None:
            self.note_text.say(
                f"Replaying: update {travel.at_update:,} of {travel.target_update:,}",
                f"{travel.at_update:,} of {travel.target_update:,}",
                tone="chip",
            )
        elif not moment.live:
            run = "training goes on at" if monitor.training else "the run stands at"
            self.note_text.say(
                f"You are looking at update {moment.update:,}; {run} {now:,}",
                f"Update {moment.update:,}; {run} {now:,}",
                f"Looking at update {moment.update:,} of {now:,}",
                f"At {moment.update:,} of {now:,}",
                tone="chip",
            )
        elif now == 0:
            self.note_text.say(
                "Every moment of the run can be brought back from here, once there is one.", ""
            )
        else:
            self.note_text.say("Drag to go back to any earlier moment of this run.", "Drag to go back.", "")

    def _set_enabled(self, widget: QWidget, enabled: bool) -> None:
        if widget.isEnabled() != enabled:
            widget.setEnabled(enabled)

    def _set_kind(self, button: QPushButton, kind: str) -> None:
        if button.property("kind") != kind:
            button.setProperty("kind", kind)
            button.style().unpolish(button)
            button.style().polish(button)

    def restyle(self) -> None:
        theme = self.state.theme
        self.field.setFixedWidth(theme.px(76))
        self.field.setFixedHeight(self.go.sizeHint().height())
        self.go.setMinimumWidth(theme.px(64))
        self.slider.updateGeometry()
        self.note_text.updateGeometry()
        self.body.setSpacing(0)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.field.setFixedHeight(self.go.sizeHint().height())
        self.refresh()
