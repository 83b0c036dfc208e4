"""The other network of a comparison: which one, at which update of the run, at which timestep."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from playground.contract.network_catalogue import remembers, with_most_memory_first
from playground.contract.runner import TraceRequest
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import RequestFailure, TraceAnswer
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState


class StepPartner(QObject):
    """What stands beside the network that is opened. In step with it, unless an update or a timestep is pinned.

    A pinned update is asked for once (the nearest kept one at or before it); only the newest wish is remembered. All
    pins are let go when another run begins. GUI thread.
    """

    changed = Signal()
    """Another network, moment or timestep; or the traces of its moment arrived."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._monitor = state, monitor
        self._network = ""
        self._update: int | None = None
        self._timestep: int | None = None
        self._traces: Mapping[str, SequenceTrace] = {}
        self._request_id: int | None = None
        self._wish: int | None = None
        state.moment_changed.connect(self._moment_changed)
        state.timestep_changed.connect(self._timestep_changed)
        state.layer_changed.connect(self.changed)
        monitor.run_changed.connect(self.follow)
        state.sequence_changed.connect(self.follow)

    # -- what it is
    @property
    def network(self) -> str:
        """The key of the network: the one that was chosen, or one that remembers less than the opened one."""
        known = list(self._state.moment.traces)
        if self._network in known:
            return self._network
        if self._update is not None or not known:
            return self._state.network
        ranked = [key for key in with_most_memory_first() if key in known] or known
        others = [key for key in ranked if key != self._state.network]
        plain = [key for key in others if remembers(key)]
        return (plain or others or ranked)[-1]

    @property
    def update(self) -> int:
        """The update that it is at."""
        trace = self.trace
        return trace.update if trace is not None else self._state.moment.update

    @property
    def pinned_update(self) -> int | None:
        """The update that it stays at; None: that of the moment shown."""
        return self._update

    @property
    def timestep(self) -> int:
        """The timestep that it is at (0-based)."""
        return self._state.timestep if self._timestep is None else self._timestep

    @property
    def pinned_timestep(self) -> int | None:
        """The timestep that it stays at; None: it goes along."""
        return self._timestep

    @property
    def trace(self) -> SequenceTrace | None:
        """Its trace; None while it is on its way."""
        traces = self._state.moment.traces if self._update is None else self._traces
        return self._state.at_layer(traces.get(self.network))

    @property
    def waiting(self) -> bool:
        """Whether its traces are on their way."""
        return self._request_id is not None

    # -- what is wished for
    def choose_network(self, network: str) -> None:
        """Another network."""
        if network != self._network:
            self._network = network
            self.changed.emit()

    def pin(self) -> None:
        """What is opened now, at this update and this timestep, stays here while the other one goes on."""
        self._network = self._state.network
        moment = self._state.moment
        self._update, self._traces = moment.update, dict(moment.traces)
        self._give_up()
        self.changed.emit()

    @Slot()
    def follow(self) -> None:
        """Let the pins go: the moment that is shown, at the same timestep."""
        self._give_up()
        self._update = self._timestep = None
        self._traces = {}
        self.changed.emit()

    def hold_timestep(self, held: bool) -> None:
        """Stay at this timestep, or go along."""
        timestep = self._state.timestep if held else None
        if timestep != self._timestep:
            self._timestep = timestep
            self.changed.emit()

    def go_to_timestep(self, timestep: int) -> None:
        """To this timestep, and stay there."""
        if timestep != self._timestep:
            self._timestep = timestep
            self.changed.emit()

    def go_to(self, update: int) -> None:
        """To this update of the run, and stay there."""
        if self._update is None:
            self._traces = dict(self._state.moment.traces)
            if not self._network:
                self._network = self.network
        self._update = update
        if self._request_id is not None:
            self._wish = update
            return
        self._ask(update)

    def _ask(self, update: int) -> None:
        self._wish = None
        self._request_id = self._monitor.request(TraceRequest(update=update), self._answered)

    def _answered(self, answer: TraceAnswer | RequestFailure) -> None:
        self._request_id = None
        if isinstance(answer, TraceAnswer):
            self._traces = answer.traces
            self._update = answer.update if self._wish is None else self._update
        else:
            self._state.set_status(answer.sentence)
        if self._wish is not None:
            self._ask(self._wish)
        self.changed.emit()

    def _give_up(self) -> None:
        self._wish = None
        if self._request_id is not None:
            self._monitor.cancel(self._request_id)
            self._request_id = None

    @Slot()
    def _moment_changed(self) -> None:
        if self._update is None:
            self.changed.emit()

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        if self._timestep is None:
            self.changed.emit()
