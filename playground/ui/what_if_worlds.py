"""What is and what would be: asks for the changed traces of the moment shown, and gives both to the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from playground.contract.event_edits import slots_after
from playground.contract.intervention import Intervention, InterventionError, is_event_edit
from playground.contract.runner import TraceRequest
from playground.tasks.edited_sequence import edited_sequence
from playground.tasks.task import EventSequence
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import RequestFailure, TraceAnswer
from playground.ui.state import UiState
from playground.ui.what_if_view import WhatIfView

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor
    from playground.ui.what_if import WhatIf

OTHERS_EVERY_MS = 250
"""While training goes on the opened network's answer follows every frame; the others' so often."""


class BothWorlds(QObject):
    """Asks the runner, one network at a time, about what is in the list of a `WhatIf`. GUI thread.

    The weights are those of the moment that is shown: true and changed belong together whatever is trained meanwhile.
    """

    def __init__(self, state: UiState, monitor: RunMonitor, what_if: WhatIf) -> None:
        super().__init__(what_if)
        self._state, self._monitor, self._what_if = state, monitor, what_if
        self._made: tuple[tuple[Intervention, ...], EventSequence | None] = ((), None)
        self._asked: dict[int, str] = {}
        self.stale = False
        """Whether something is to be asked that could not be asked yet."""
        self._true: dict[str, SequenceTrace] = {}
        self._changed: dict[str, SequenceTrace] = {}
        self._wanted: dict[str, tuple[Intervention, ...]] = {}
        self._others = QTimer(self)
        self._others.setSingleShot(True)
        self._others.setInterval(OTHERS_EVERY_MS)
        self._others.timeout.connect(self._ask_others)

    def known(self, network: str) -> SequenceTrace | None:
        """The true trace whose changed one is known."""
        return self._true.get(network)

    def sequence_changed(self) -> None:
        """Another sequence is read."""
        self._made = ((), None)

    def forget(self, *, stale: bool = False) -> None:
        """Nothing that was asked is wanted any more, nothing that was answered holds. `stale`: to be asked again when
        there is a moment to ask about."""
        for request_id in self._asked:
            self._monitor.cancel(request_id)
        self._asked = {}
        self._true, self._changed, self._wanted = {}, {}, {}
        self._others.stop()
        self.stale = stale

    def ask(self) -> None:
        """The opened network first; the others when it has answered."""
        if self._state.page != "step":
            self.stale = True
            return
        if self._asked or not self._state.moment.traces:
            self.stale = True  # asked again when the answer comes
            return
        self.stale = False
        traces = self._state.moment.traces
        self._wanted = {network: self._what_if.fitting(network) for network in traces}
        opened = self._state.network
        if self._wanted.get(opened):
            self._request(opened)
        else:
            self._publish()
            self._ask_others()

    def _request(self, network: str) -> None:
        trace = self._state.moment.traces[network]
        request = TraceRequest(
            sequence=self._what_if.true_sequence,
            networks=(network,),
            interventions=self._wanted[network],
            weights_from={network: trace},
        )

        def answered(answer: TraceAnswer | RequestFailure) -> None:
            self._asked.pop(request_id, None)
            self._answered(network, trace, answer)

        request_id = self._monitor.request(request, answered)
        self._asked[request_id] = network

    def _answered(self, network: str, trace: SequenceTrace, answer: TraceAnswer | RequestFailure) -> None:
        if isinstance(answer, RequestFailure):
            self._what_if.say(answer.sentence)
        else:
            self._true[network], self._changed[network] = trace, answer.traces[network]
        if not self._asked:
            self._publish()
            if self.stale:
                self.ask()
            elif network == self._state.network and not self._others.isActive():
                self._ask_others()
                if self._monitor.training:
                    self._others.start()

    @Slot()
    def _ask_others(self) -> None:
        """What the other networks would say; those whose answer is still right are not asked again."""
        if self._state.page != "step" or not self._what_if.active:
            return
        for network, trace in self._state.moment.traces.items():
            if network == self._state.network or not self._wanted.get(network):
                continue
            if self._true.get(network) is not trace and network not in self._asked.values():
                self._request(network)

    def _publish(self) -> None:
        """Give the window what is known so far."""
        opened, true_sequence = self._state.network, self._what_if.true_sequence
        edits = tuple(each for each in self._wanted.get(opened, ()) if is_event_edit(each))
        if edits != self._made[0] or self._made[1] is None:
            try:
                self._made = (edits, edited_sequence(self._monitor.task, true_sequence, edits))
            except InterventionError as error:
                self._what_if.say(str(error))
                return
        sequence = self._made[1]
        assert sequence is not None
        trace = self._true.get(opened) or self._state.true_trace
        view = WhatIfView(
            update=trace.update if trace is not None else 0,
            true=dict(self._true),
            changed=_lengths_fit(self._changed, sequence.length),
            true_sequence=true_sequence,
            sequence=sequence,
            slots=slots_after(true_sequence.length, edits),
            interventions=self._wanted.get(opened, ()),
            entries=tuple(
                each for each in self._what_if.entries if each.on and self._what_if.does_something(each)
            ),
        )
        self._state.set_what_if(view)
        self._what_if.changed.emit()


def _lengths_fit(traces: Mapping[str, SequenceTrace], length: int) -> dict[str, SequenceTrace]:
    return {network: trace for network, trace in traces.items() if trace.length == length}
