"""What the window shows right now. The only place with UI signals, besides the monitor of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from PySide6.QtCore import QObject, Signal

from playground.contract.event_edits import changed_timestep
from playground.contract.network_catalogue import with_most_memory_first
from playground.ui.paint_guard import guard_painting
from playground.ui.qt_mends import mend_layouts
from playground.ui.theme import DARK, LECTURE_SCALE, LIGHT, Theme
from playground.ui.value_ranges import ValueRanges

if TYPE_CHECKING:
    from playground.trace.sequence_trace import SequenceTrace
    from playground.ui.shown_sequence import ShownSequence
    from playground.ui.what_if_view import WhatIfView

# Before any panel is made: each of them has a state.
mend_layouts()
guard_painting()

MOST_SELECTED_UNITS = 8
MOST_PARTS = 24
"""Traces whose shown layer is kept at hand: those of two moments of all networks."""


@dataclass(frozen=True, eq=False)
class Moment:
    """One moment of the run as it is shown: the traces of one sequence by network key, all at `update`.

    `live`: it is the newest, and will be replaced by newer ones; otherwise it was chosen and stays. `shown`: the
    sequence that the traces are of; None: the probe. So a trace and its sequence can never disagree.
    """

    run_id: int = 0
    update: int = 0
    traces: Mapping[str, SequenceTrace] = field(default_factory=dict)
    live: bool = True
    shown: ShownSequence | None = None


class UiState(QObject):
    """The shared state of the window: appearance, vocabulary, page, timestep, network, units, and the moment shown.

    Lives on the GUI thread. Setters emit only when something really changed.
    """

    appearance_changed = Signal()
    """Theme, scale or vocabulary changed: everything restyles and redraws."""
    timestep_changed = Signal(int)
    network_changed = Signal(str)
    units_changed = Signal()
    layer_changed = Signal()
    """Another layer is shown."""
    quantity_changed = Signal(str)
    ordering_changed = Signal(str)
    page_changed = Signal(str)
    sequence_changed = Signal()
    """The moment shown is of another sequence than the one before; `moment_changed` comes right after it."""
    moment_changed = Signal()
    what_if_changed = Signal()
    """A what-if was answered, ended, or the other of both worlds is shown; `moment_changed` comes right after it."""
    status_changed = Signal(str)
    pending_changed = Signal(bool)
    """Whether changed settings of the experiment wait to be applied."""
    proposed = Signal()
    """Another page proposed settings: the experiment form takes them with `take_proposals`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dark = False
        self._lecture = False
        self._vocabulary = "guide"
        self._theme = Theme(LIGHT, 1.0)
        self._timestep = 0
        self._network = "lstm"
        self._units: tuple[int, ...] = ()
        self._layer: int | None = None
        self._parts: dict[int, SequenceTrace] = {}
        self._quantity = ""
        self._ordering = "stored"
        self._page = "train"
        self._moment = Moment()
        self._what_if: WhatIfView | None = None
        self._shows_changed = True
        self._status = ""
        self._pending = False
        self._proposals: list[tuple[str, dict[str, object]]] = []
        self.value_ranges = ValueRanges()
        """The ranges of unbounded quantities: the same on every page."""
        self.motion = True
        """Whether things may move (200-400 ms); off in tests and pictures, and by one setting."""

    # -- appearance
    @property
    def theme(self) -> Theme:
        """The current colours and sizes."""
        return self._theme

    @property
    def dark(self) -> bool:
        """Whether the dark theme is shown."""
        return self._dark

    @property
    def lecture(self) -> bool:
        """Whether lecture mode is on."""
        return self._lecture

    @property
    def vocabulary(self) -> str:
        """ "guide" or "textbook"."""
        return self._vocabulary

    def set_appearance(
        self, *, dark: bool | None = None, lecture: bool | None = None, vocabulary: str | None = None
    ) -> None:
        """Change theme, lecture mode, vocabulary, or several at once, with one signal."""
        before = (self._dark, self._lecture, self._vocabulary)
        self._dark = self._dark if dark is None else dark
        self._lecture = self._lecture if lecture is None else lecture
        self._vocabulary = self._vocabulary if vocabulary is None else vocabulary
        if before != (self._dark, self._lecture, self._vocabulary):
            # Asked for a hundred times in each frame: made once.
            self._theme = Theme(DARK if self._dark else LIGHT, LECTURE_SCALE if self._lecture else 1.0)
            self.appearance_changed.emit()

    # -- where we are in the sequence and in the network
    @property
    def timestep(self) -> int:
        """The timestep under the playhead, 0-based (shown as t = timestep + 1)."""
        return self._timestep

    def set_timestep(self, timestep: int) -> None:
        """Move the playhead; clamped to the sequence shown."""
        timestep = max(0, min(timestep, self.length - 1))
        if timestep != self._timestep:
            self._timestep = timestep
            self.timestep_changed.emit(timestep)

    def open_at(self, timestep: int) -> None:
        """Where the playhead stands before anybody moves it; nothing needs to be known about the sequence yet."""
        self._timestep = timestep

    @property
    def length(self) -> int:
        """The number of timesteps of the sequence shown (1 before anything is known)."""
        view = self._world()
        if view is not None:
            return view.sequence.length
        trace = next(iter(self._moment.traces.values()), None)
        return trace.length if trace is not None else max(1, self._timestep + 1)

    @property
    def network(self) -> str:
        """The key of the network that is opened (heat maps, diagram, formulas)."""
        return self._network

    def set_network(self, network: str) -> None:
        """Open another network."""
        if network != self._network:
            self._network = network
            self.network_changed.emit(network)

    @property
    def trace(self) -> SequenceTrace | None:
        """The trace of the opened network at the moment shown, if there is one.

        On the Step page, while a what-if is active and shown, what the network would compute then.
        """
        view = self._world()
        if view is not None and self._network in view.changed:
            return self.at_layer(view.changed[self._network])
        return self.at_layer(self._moment.traces.get(self._network))

    @property
    def layer(self) -> int | None:
        """The layer (0-based, from below) of networks with several of them that is shown; None: the top one."""
        return self._layer

    def set_layer(self, layer: int | None) -> None:
        """Show another layer; a network with fewer layers shows its top one."""
        if layer != self._layer:
            self._layer = layer
            self._parts.clear()
            self.layer_changed.emit()

    @overload
    def at_layer(self, trace: SequenceTrace) -> SequenceTrace: ...
    @overload
    def at_layer(self, trace: SequenceTrace | None) -> SequenceTrace | None: ...
    def at_layer(self, trace: SequenceTrace | None) -> SequenceTrace | None:
        """A trace with the layer that is shown as its last one; always the same part of the same trace."""
        if trace is None or self._layer is None or self._layer >= len(trace.layers) - 1:
            return trace
        part = self._parts.get(id(trace))
        if part is None or part.whole is not trace:
            if len(self._parts) >= MOST_PARTS:
                self._parts.clear()
            part = self._parts[id(trace)] = trace.up_to(self._layer)
        return part

    @property
    def true_trace(self) -> SequenceTrace | None:
        """The trace of the opened network as it is, whatever a what-if makes of it."""
        return self._moment.traces.get(self._network)

    # -- what if
    @property
    def what_if(self) -> WhatIfView | None:
        """The answer to the what-if that is active, if there is one."""
        return self._what_if

    @property
    def shows_changed(self) -> bool:
        """Whether the Step page shows what would be (True) or what is, while a what-if is active."""
        return self._shows_changed

    def set_what_if(self, view: WhatIfView | None) -> None:
        """A what-if was answered anew; None: none is active."""
        if view is None and self._what_if is None:
            return
        self._turn_world(view, self._shows_changed)

    def set_shows_changed(self, shown: bool) -> None:
        """Show what would be, or what is."""
        if shown != self._shows_changed:
            self._turn_world(self._what_if, shown)

    def _world(self) -> WhatIfView | None:
        """The changed world, where it is what is shown."""
        return self._what_if if self._shows_changed and self._page == "step" else None

    def _turn_world(self, view: WhatIfView | None, shows_changed: bool) -> None:
        """Show another world; the playhead stays at its event."""
        before, network = self._world(), self.trace
        true = self._timestep if before is None else before.true_timestep(self._timestep)
        self._what_if, self._shows_changed = view, shows_changed
        after = self._world()
        timestep = self._timestep
        if true is not None:
            there = true if after is None else changed_timestep(after.slots, true)
            timestep = there if there is not None else timestep
        timestep = max(0, min(timestep, self.length - 1))
        moved = timestep != self._timestep
        self._timestep = timestep
        self.what_if_changed.emit()
        if network is not self.trace:
            self.moment_changed.emit()
        if moved:
            self.timestep_changed.emit(timestep)

    @property
    def units(self) -> tuple[int, ...]:
        """The selected units, in the order in which they were selected; at most eight."""
        return self._units

    @property
    def unit(self) -> int:
        """The unit whose formula is shown: the one selected last, or the first."""
        return self._units[-1] if self._units else 0

    def toggle_unit(self, unit: int) -> None:
        """Select a unit, or let it go. The ninth pushes the first out."""
        units = [u for u in self._units if u != unit]
        if len(units) == len(self._units):
            units = [*units, unit][-MOST_SELECTED_UNITS:]
        self.set_units(tuple(units))

    def set_units(self, units: tuple[int, ...]) -> None:
        """Select exactly these units."""
        units = units[-MOST_SELECTED_UNITS:]
        if units != self._units:
            self._units = units
            self.units_changed.emit()

    @property
    def quantity(self) -> str:
        """The quantity of the opened network whose formula is shown: the one chosen last, or the first it has."""
        trace = self.trace
        known = [equation.target for equation in trace.description.equations] if trace is not None else []
        return self._quantity if self._quantity in known or not known else known[0]

    def set_quantity(self, quantity: str) -> None:
        """Show the formula of this quantity. It is kept for the networks that have it."""
        if quantity != self._quantity:
            self._quantity = quantity
            self.quantity_changed.emit(quantity)

    @property
    def ordering(self) -> str:
        """How units are ordered in heat maps: "stored", "half_life" or "change"."""
        return self._ordering

    def set_ordering(self, ordering: str) -> None:
        """Order the units of all heat maps."""
        if ordering != self._ordering:
            self._ordering = ordering
            self.ordering_changed.emit(ordering)

    # -- pages and moments
    @property
    def page(self) -> str:
        """The page shown: "train", "step", "memory"."""
        return self._page

    def set_page(self, page: str) -> None:
        """Turn to a page."""
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)
            if self._what_if is not None:  # only the Step page shows what would be
                self.set_timestep(self._timestep)
                self.what_if_changed.emit()
                self.moment_changed.emit()

    @property
    def moment(self) -> Moment:
        """The moment of the run that every page shows."""
        return self._moment

    def set_moment(self, moment: Moment, timestep: int | None = None) -> None:
        """Show another moment; the network and the timestep are kept where they still exist. `timestep`: where the
        playhead goes, of a moment of another sequence."""
        before, place = self._moment, self._timestep
        self._moment = moment
        another = moment.shown is not before.shown
        if another and self._what_if is not None:  # it was about the sequence before
            self._what_if = None
            self.what_if_changed.emit()
        if moment.traces and self._network not in moment.traces:
            preferred = [key for key in with_most_memory_first() if key in moment.traces]
            self.set_network(preferred[0] if preferred else next(iter(moment.traces)))
        trace = self.trace
        if trace is not None and self._units and max(self._units) >= trace.top.units:
            self.set_units(tuple(u for u in self._units if u < trace.top.units))
        if another:
            self._timestep = max(0, min(place if timestep is None else timestep, self.length - 1))
            self.sequence_changed.emit()
            if self._timestep != place:
                self.timestep_changed.emit(self._timestep)
        if self._timestep >= self.length:
            self.set_timestep(self.length - 1)
        self.moment_changed.emit()

    @property
    def pending(self) -> bool:
        """Whether changed settings of the experiment wait to be applied."""
        return self._pending

    def set_pending(self, pending: bool) -> None:
        """Say whether changed settings wait."""
        if pending != self._pending:
            self._pending = pending
            self.pending_changed.emit(pending)

    def propose(self, network: str, settings: dict[str, object]) -> None:
        """Propose settings of a network for the next run: they wait like everything that is changed in the form."""
        self._proposals.append((network, settings))
        self.set_pending(True)
        self.proposed.emit()

    def take_proposals(self) -> list[tuple[str, dict[str, object]]]:
        """What was proposed since the last call: (network, settings by name)."""
        proposals, self._proposals = self._proposals, []
        return proposals

    @property
    def status(self) -> str:
        """The sentence in the status line."""
        return self._status

    def set_status(self, sentence: str) -> None:
        """Say something in the status line."""
        if sentence != self._status:
            self._status = sentence
            self.status_changed.emit(sentence)
