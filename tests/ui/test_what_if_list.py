"""The list of what-ifs as a model says it should be: undo and redo, entries that move along with their events."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    Intervention,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
    is_event_edit,
)
from playground.engine.cells import CELLS
from playground.ui.what_if_list import Entries, Entry, WhatIfHistory, fitting, moved_along, row_after

LENGTH = 5
SHUT = HoldQuantity("forget_gate", 0.0, since=2)
WIPE = SetMemory("cell_state", 0.0, at=4)


def history(*interventions: Intervention) -> WhatIfHistory:
    made = WhatIfHistory()
    for each in interventions:
        made = made.add((each,), "", LENGTH)
    return made


def listed(made: WhatIfHistory) -> list[Intervention]:
    return [each for entry in made.entries for each in entry.interventions]


def test_what_is_meant_for_an_event_moves_along_with_it() -> None:
    made = history(SHUT, WIPE, InsertEvent(0, "tree"))
    assert listed(made) == [
        HoldQuantity("forget_gate", 0.0, since=3),
        SetMemory("cell_state", 0.0, at=5),
        InsertEvent(0, "tree"),
    ]
    assert listed(made.switch(3, False, LENGTH))[:2] == [SHUT, WIPE]
    assert listed(made.switch(3, False, LENGTH).switch(3, True, LENGTH)) == listed(made)
    assert listed(made.remove(3, LENGTH)) == [SHUT, WIPE]


def test_holds_at_every_timestep_hold_at_new_ones_too() -> None:
    always = HoldQuantity("input_gate", 1.0)
    assert listed(history(always, InsertEvent(0, "tree"))) == [always, InsertEvent(0, "tree")]


def test_what_was_meant_for_an_event_that_is_gone() -> None:
    assert listed(history(SHUT, RemoveEvent(2)))[0] == SHUT, "from the next event on"
    only = HoldQuantity("forget_gate", 0.0, timesteps=(1,))
    assert listed(history(only, RemoveEvent(1))) == [RemoveEvent(1)], (
        "a hold at that event alone goes with it"
    )
    assert listed(history(SetMemory("cell_state", 0.0, at=4), RemoveEvent(4))) == [RemoveEvent(4)]


def test_later_edits_stay_at_their_event() -> None:
    made = history(InsertEvent(0, "tree"), ReplaceEvent(3, "cat"))
    assert listed(made.switch(1, False, LENGTH)) == [InsertEvent(0, "tree"), ReplaceEvent(2, "cat")]
    assert listed(made.remove(1, LENGTH)) == [ReplaceEvent(2, "cat")]


def test_the_same_thing_at_the_same_place_is_replaced_not_stacked() -> None:
    made = history(SHUT, HoldQuantity("forget_gate", 1.0, since=2), HoldQuantity("forget_gate", 1.0, since=3))
    assert listed(made) == [
        HoldQuantity("forget_gate", 1.0, since=2),
        HoldQuantity("forget_gate", 1.0, since=3),
    ]
    assert listed(made.undo().undo()) == [SHUT]


def test_what_a_network_has_no_place_for_is_passed_over() -> None:
    made = history(SHUT, WIPE, SetMemory("hidden_state", 0.0, at=1), RemoveEvent(0))
    rnn = fitting(made.entries, "rnn", CELLS["rnn"].description, 1, 4, LENGTH)
    assert rnn == (RemoveEvent(0), SetMemory("hidden_state", 0.0, at=0))
    lstm = fitting(made.entries, "lstm", CELLS["lstm"].description, 1, 4, LENGTH)
    assert len(lstm) == 4
    assert is_event_edit(lstm[0])
    alone = WhatIfHistory().add((SHUT,), "lstm", LENGTH)
    assert fitting(alone.entries, "guide_lstm", CELLS["guide_lstm"].description, 1, 4, LENGTH) == ()
    assert (
        fitting(alone.switch_all(False, LENGTH).entries, "lstm", CELLS["lstm"].description, 1, 4, LENGTH)
        == ()
    )


def test_units_that_are_not_there_are_passed_over() -> None:
    made = history(HoldQuantity("forget_gate", 0.0, units=(7,)), SetMemory("cell_state", 0.0, at=9))
    assert fitting(made.entries, "lstm", CELLS["lstm"].description, 1, 4, LENGTH) == ()


positions = st.integers(0, LENGTH + 1)
any_intervention = st.one_of(
    st.builds(
        HoldQuantity,
        st.sampled_from(["forget_gate", "input_gate"]),
        st.sampled_from([0.0, 0.5, 1.0]),
        since=st.integers(0, LENGTH - 1),
    ),
    st.builds(
        HoldQuantity,
        st.just("output_gate"),
        st.sampled_from([0.0, 1.0]),
        timesteps=st.tuples(st.integers(0, LENGTH - 1)),
    ),
    st.builds(
        SetMemory, st.sampled_from(["cell_state", "hidden_state"]), st.sampled_from([0.0, 0.5]), positions
    ),
    st.builds(InsertEvent, positions, st.sampled_from(["tree", "cat"])),
    st.builds(ReplaceEvent, positions, st.sampled_from(["tree", "cat"])),
    st.builds(RemoveEvent, positions),
)


class UndoAndRedo(RuleBasedStateMachine):
    """Every change goes on top of a pile of lists; undo and redo walk up and down on it."""

    def __init__(self) -> None:
        super().__init__()
        self.history = WhatIfHistory()
        self.pile: list[Entries] = [()]
        self.at = 0

    def took(self, after: WhatIfHistory) -> None:
        if after.entries != self.history.entries:
            self.pile = [*self.pile[: self.at + 1], after.entries]
            self.at += 1
        self.history = after

    @rule(intervention=any_intervention)
    def add(self, intervention: Intervention) -> None:
        self.took(self.history.add((intervention,), "", LENGTH))

    @precondition(lambda self: self.history.entries)
    @rule(pick=st.integers(0, 20), on=st.booleans())
    def switch(self, pick: int, on: bool) -> None:
        entry = self.history.entries[pick % len(self.history.entries)]
        self.took(self.history.switch(entry.number, on, LENGTH))

    @precondition(lambda self: self.history.entries)
    @rule(pick=st.integers(0, 20))
    def remove(self, pick: int) -> None:
        entry = self.history.entries[pick % len(self.history.entries)]
        self.took(self.history.remove(entry.number, LENGTH))

    @rule(on=st.booleans())
    def switch_all(self, on: bool) -> None:
        self.took(self.history.switch_all(on, LENGTH))

    @rule()
    def clear(self) -> None:
        self.took(self.history.clear(LENGTH))

    @rule()
    def undo(self) -> None:
        self.history = self.history.undo()
        self.at = max(0, self.at - 1)

    @rule()
    def redo(self) -> None:
        self.history = self.history.redo()
        self.at = min(len(self.pile) - 1, self.at + 1)

    @invariant()
    def the_list_is_what_the_pile_says(self) -> None:
        assert self.history.entries == self.pile[self.at]
        assert bool(self.history.undone) == (self.at > 0)
        assert bool(self.history.redone) == (self.at < len(self.pile) - 1)

    @invariant()
    def numbers_are_never_used_twice(self) -> None:
        numbers = [entry.number for entry in self.history.entries]
        assert len(set(numbers)) == len(numbers)

    @invariant()
    def what_fits_can_be_carried_out(self) -> None:
        from playground.contract.event_edits import slots_after
        from playground.contract.intervention import check

        description = CELLS["lstm"].description
        fits = fitting(self.history.entries, "lstm", description, 1, 4, LENGTH)
        row = row_after(LENGTH, self.history.entries)
        assert len([slot for slot in slots_after(LENGTH, fits) if slot.changed is not None]) == len(row) >= 1
        for each in fits:
            check(each, description, layers=1, units=4, length=len(row))


TestUndoAndRedo = UndoAndRedo.TestCase
TestUndoAndRedo.settings = settings(max_examples=40, stateful_step_count=25)


@given(st.lists(any_intervention, max_size=5), st.integers(0, LENGTH), st.integers(0, LENGTH - 1))
def test_an_event_put_in_and_taken_out_again_leaves_the_list_as_it_was(
    stack: list[Intervention], place: int, since: int
) -> None:
    made = history(*stack)
    length = len(row_after(LENGTH, made.entries))
    added = made.add((InsertEvent(min(place, length), "ball"),), "", LENGTH)
    number = added.entries[-1].number
    after = added.remove(number, LENGTH).entries
    for entry in made.entries:
        if _inside(entry, length):
            assert entry in after


def _inside(entry: Entry, length: int) -> bool:
    """Whether what it says is at timesteps that are there: what points nowhere may point elsewhere afterwards."""
    first = entry.interventions[0]
    if isinstance(first, HoldQuantity):
        times = first.timesteps if first.timesteps is not None else (first.since,)
        return all(t < length for t in times)
    return not is_event_edit(first) and getattr(first, "at", 0) < length


def test_nothing_moves_when_nothing_comes_or_goes() -> None:
    entries = history(SHUT, WIPE, ReplaceEvent(1, "cat")).entries
    assert moved_along(LENGTH, entries, entries) == entries
