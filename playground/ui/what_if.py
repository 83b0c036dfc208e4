"""The what-if: the list of interventions as state, with undo and redo, and its answer for the moment that is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from playground.contract.intervention import (
    EventEdit,
    Intervention,
    SetMemory,
    is_event_edit,
)
from playground.contract.runner import TraceRequest
from playground.tasks.edited_sequence import can_be_edited, edited_sequence, rival_story
from playground.tasks.task import EventSequence
from playground.trace.snapshot import RequestFailure, TraceAnswer
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState
from playground.ui.what_if_file import ReadEntry, from_text, to_text
from playground.ui.what_if_list import Entries, Entry, WhatIfHistory, fitting, row_after
from playground.ui.what_if_refusals import refuse_what_nobody_has
from playground.ui.what_if_worlds import BothWorlds

MOST_TOLD = 3
"""How many events of another story are named."""


class WhatIf(QObject):
    """One for a window: `WhatIf.of(state, monitor)`. GUI thread.

    It asks the runner whenever the list or the moment shown changes, while the Step page is shown, and gives the answer
    to `state.set_what_if`. The weights are those of the moment that is shown: true and changed belong together whatever
    is trained meanwhile.
    """

    changed = Signal()
    """The list, its answer or the sentence about it is another one."""

    @staticmethod
    def of(state: UiState, monitor: RunMonitor) -> WhatIf:
        """The what-if of this window."""
        found = monitor.findChild(WhatIf)
        return found if found is not None else WhatIf(state, monitor)

    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        super().__init__(monitor)
        self._state, self._monitor = state, monitor
        self._history = WhatIfHistory()
        self._sequence = monitor.sequence
        self._editable: bool | None = None
        self._rival: EventSequence | None = None
        self.problem = ""
        """A sentence: why there is no answer."""
        self._worlds = BothWorlds(state, monitor, self)
        state.sequence_changed.connect(self._experiment_changed)
        state.moment_changed.connect(self._moment_changed)
        state.network_changed.connect(self._network_changed)
        state.page_changed.connect(self._page_changed)
        monitor.run_changed.connect(self._run_changed)
        monitor.experiment_changed.connect(self._experiment_changed)

    # -- what there is
    @property
    def entries(self) -> Entries:
        """The list, in order."""
        return self._history.entries

    @property
    def task_name(self) -> str:
        """What the networks learn, as the command line calls it."""
        return self._monitor.experiment.task_name

    @property
    def active(self) -> bool:
        """Whether anything of it is on."""
        return any(entry.on for entry in self.entries)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._history.undone)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change that was taken back."""
        return bool(self._history.redone)

    @property
    def true_sequence(self) -> EventSequence:
        """What the networks read, before any edit."""
        return self._sequence

    @property
    def editable(self) -> bool:
        """Whether events can be exchanged one by one."""
        if self._editable is None:
            self._editable = can_be_edited(self._monitor.task, self._sequence)
        return self._editable

    @property
    def length(self) -> int:
        """The number of events after all edits that are on."""
        return len(row_after(self._sequence.length, self.entries))

    @property
    def changed_timestep(self) -> int:
        """Where the playhead stands in the changed row, whichever of both worlds is shown."""
        return max(0, min(self.in_changed_row(self._state.timestep), self.length - 1))

    def in_changed_row(self, timestep: int) -> int:
        """Where a timestep of the row that is shown is in the changed row."""
        if self._state.shows_changed or self._state.what_if is None:
            return timestep
        row = row_after(self._sequence.length, self.entries)
        return row.index(("true", timestep)) if ("true", timestep) in row else timestep

    @Slot(object)
    def edit_shown(self, edit: EventEdit) -> None:
        """Make an edit whose timestep is one of the row that is shown."""
        self.add(dataclasses.replace(edit, at=self.in_changed_row(edit.at)))

    def fitting(self, network: str) -> tuple[Intervention, ...]:
        """What is changed for this network, in order; nothing where nothing makes sense for it."""
        trace = self._state.moment.traces.get(network)
        if trace is None:
            return ()
        return fitting(
            self.entries,
            network,
            trace.description,
            len(trace.layers),
            trace.top.units,
            self._sequence.length,
        )

    def does_something(self, entry: Entry) -> bool:
        """Whether an entry, were it on, changes anything for the opened network."""
        if entry.event_edit is not None:
            return True
        trace = self._state.true_trace
        alone = (
            *(each for each in self.entries if each.event_edit is not None),
            Entry(0, entry.interventions, entry.network),
        )
        return trace is None or any(
            not is_event_edit(each)
            for each in fitting(
                alone,
                self._state.network,
                trace.description,
                len(trace.layers),
                trace.top.units,
                self._sequence.length,
            )
        )

    # -- changing the list
    def show_sequence(self, sequence: EventSequence) -> None:
        """What the networks read. Another sequence begins with an empty list."""
        if sequence is self._sequence:
            return
        same = [e.name for e in sequence.events] == [e.name for e in self._sequence.events]
        self._sequence, self._editable, self._rival = sequence, None, None
        self._worlds.sequence_changed()
        if not same:
            self._history = WhatIfHistory()
        self._ask_anew()

    def add(self, *interventions: Intervention, network: str = "") -> None:
        """One more what-if at the end of the list, on. `network`: the only one it is meant for."""
        self._take(self._history.add(interventions, network, self._sequence.length))
        self._state.set_shows_changed(True)

    def remove(self, number: int) -> None:
        """Take an entry out of the list."""
        self._take(self._history.remove(number, self._sequence.length))

    def remove_where(self, meant: Callable[[Intervention], bool]) -> None:
        """Take out every entry that has such an intervention, as one change."""
        left = tuple(entry for entry in self.entries if not any(map(meant, entry.interventions)))
        self._take(self._history.then(left, self._sequence.length))

    def switch(self, number: int, on: bool) -> None:
        """Switch an entry on or off."""
        self._take(self._history.switch(number, on, self._sequence.length))

    def switch_all(self, on: bool) -> None:
        """Switch everything on or off."""
        self._take(self._history.switch_all(on, self._sequence.length))

    def clear(self) -> None:
        """Empty the list."""
        self._take(self._history.clear(self._sequence.length))

    def undo(self) -> None:
        """Take the latest change of the list back."""
        self._take(self._history.undo())

    def redo(self) -> None:
        """Make it again."""
        self._take(self._history.redo())

    def as_text(self) -> str:
        """The whole list as the text of a file: see `what_if_file`."""
        return to_text(self.entries)

    def read_text(self, text: str) -> None:
        """Put the list of a text in the place of this one. Raises InterventionError with a sentence."""
        self.put(from_text(text))

    def put(self, entries: Sequence[ReadEntry]) -> None:
        """Put these lines in the place of the list, as one change. Raises InterventionError with a sentence where the
        sequence has no place for an edit, or none of the networks for what it is meant for."""
        flat = [each for interventions, _, on in entries if on for each in interventions]
        length = edited_sequence(self._monitor.task, self._sequence, flat).length
        for interventions, network, _ in entries:
            for each in interventions:
                refuse_what_nobody_has(each, network, length, self._state.moment.traces, self._state.network)
        self._take(self._history.put(entries, self._sequence.length))
        self._state.set_shows_changed(True)

    def _take(self, history: WhatIfHistory) -> None:
        if history is self._history:
            return
        self._history = history
        self._ask_anew()

    # -- the memory of another story
    def rival(self) -> EventSequence | None:
        """A sequence that ends in the other answer, to swap memories with; None where there is none."""
        if self._rival is None:
            self._rival = rival_story(self._monitor.task, self._sequence)
        return self._rival

    def swap_memory(self, state_name: str, timestep: int) -> None:
        """Before this timestep, the memory of the opened network as it would be after another story. Asked first."""
        rival, moment = self.rival(), self._state.moment
        network = self._state.network
        if rival is None or network not in moment.traces or timestep < 1:
            return
        telling = [event.title for event in rival.events[:timestep] if not event.filler]
        told = ", ".join(telling[:MOST_TOLD]) + (", ..." if len(telling) > MOST_TOLD else "")

        def answered(answer: TraceAnswer | RequestFailure) -> None:
            if isinstance(answer, RequestFailure):
                self.say(answer.sentence)
                return
            layers = answer.traces[network].layers
            at = min(timestep, rival.length)
            self.add(
                *(
                    SetMemory(
                        state_name,
                        tuple(map(float, layer.quantities[state_name][at - 1])),
                        at=timestep,
                        layer=index,
                        origin=told,
                    )
                    for index, layer in enumerate(layers)
                ),
                network=network,
            )

        request = TraceRequest(sequence=rival, networks=(network,), weights_from=moment.traces)
        self._monitor.request(request, answered)

    # -- asking
    @Slot()
    def _moment_changed(self) -> None:
        if self.active and self._state.true_trace is not self._worlds.known(self._state.network):
            self._worlds.ask()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self._ask_anew()

    @Slot(str)
    def _page_changed(self, page: str) -> None:
        if page == "step" and self._worlds.stale:
            self._worlds.ask()

    @Slot()
    def _run_changed(self) -> None:
        self._worlds.forget(stale=self.active)
        self._state.set_what_if(None)
        self.changed.emit()

    @Slot()
    def _experiment_changed(self) -> None:
        self.show_sequence(self._monitor.sequence)

    def _ask_anew(self) -> None:
        """The list changed: what is under way answers another question."""
        self._worlds.forget()
        self.problem = ""
        if self.active:
            self._worlds.ask()
        else:
            self._state.set_what_if(None)
        self.changed.emit()

    def say(self, sentence: str) -> None:
        """Say why there is no answer."""
        self.problem = sentence
        self._state.set_status(sentence)
        self._state.set_what_if(None)
        self.changed.emit()
