"""Interventions as data: JSON there and back, sentences for nonsense, and what edits do to a row of events."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.contract.event_edits import (
    Slot,
    changed_timestep,
    edited_names,
    slots_after,
    true_timestep,
)
from playground.contract.intervention import (
    EventEdit,
    HoldQuantity,
    InsertEvent,
    Intervention,
    InterventionError,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
)
from playground.contract.intervention_json import from_json, to_json

EVERY_KIND: tuple[Intervention, ...] = (
    HoldQuantity("forget_gate", 0.0, since=2),
    HoldQuantity("input_gate", (0.25, -1.0), timesteps=(0, 4), units=(1, 3), layer=0),
    SetMemory("cell_state", 0.0, at=9),
    SetMemory("hidden_state", (0.5, 1e-9), at=0, layer=1, origin="poodle, cat"),
    ReplaceEvent(1, "poodle"),
    InsertEvent(0, "tree"),
    RemoveEvent(3),
)

numbers = st.floats(allow_nan=False, allow_infinity=False)
values = numbers | st.lists(numbers, min_size=1, max_size=3).map(tuple)
counts = st.integers(0, 500)
units = st.none() | st.lists(counts, min_size=1, max_size=3).map(tuple)
interventions = st.one_of(
    st.builds(
        HoldQuantity,
        st.sampled_from(["forget_gate", "update_gate"]),
        values,
        units,
        units,
        st.none() | counts,
        counts,
    ),
    st.builds(
        SetMemory,
        st.sampled_from(["cell_state", "hidden_state"]),
        values,
        counts,
        units,
        st.none() | counts,
        st.text(),
    ),
    st.builds(ReplaceEvent, counts, st.text(min_size=1)),
    st.builds(InsertEvent, counts, st.text(min_size=1)),
    st.builds(RemoveEvent, counts),
)


def test_a_file_is_readable() -> None:
    text = to_json(EVERY_KIND)
    assert json.loads(text)[0] == {"kind": "hold", "quantity": "forget_gate", "value": 0.0, "since": 3}
    assert json.loads(text)[-1] == {"kind": "remove", "at": 4}
    assert from_json(text) == EVERY_KIND
    assert from_json("[]") == ()


@settings(max_examples=50)
@given(st.lists(interventions, max_size=5))
def test_there_and_back(stack: list[Intervention]) -> None:
    assert from_json(to_json(stack)) == tuple(stack)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", r"This is no list of interventions: line 1 is not JSON \(.*\)\."),
        ("[" * 100_000, "no list of interventions: it has lists in lists without end"),
        ("{}", "written as a list in square brackets"),
        ("[3]", "Intervention 1 is not an object"),
        (
            '[{"kind": "remove", "at": 1}, {"kind": "melt"}]',
            "Intervention 2 is of no known kind: it must be one of hold",
        ),
        ('[{"at": 1}]', "of no known kind"),
        ('[{"kind": "remove"}]', "Intervention 1 does not say its 'at', which the kind 'remove' needs"),
        ('[{"kind": "remove", "at": 0}]', "Intervention 1, at: a whole number from 1 on is expected, not 0"),
        ('[{"kind": "remove", "at": true}]', "not True"),
        (
            '[{"kind": "remove", "at": 1, "colour": 2}]',
            "says 'colour', which means nothing to the kind 'remove'",
        ),
        ('[{"kind": "replace", "at": 1, "event": ""}]', "a name is expected"),
        (
            '[{"kind": "hold", "quantity": "forget_gate", "value": "shut"}]',
            "a number is expected, not 'shut'",
        ),
        ('[{"kind": "hold", "quantity": "forget_gate", "value": NaN}]', "a number is expected, not nan"),
        ('[{"kind": "hold", "quantity": "f", "value": 0, "units": []}]', "a list of whole numbers from 1 on"),
        ('[{"kind": "set", "state": "cell_state", "value": 0, "at": 1, "origin": 3}]', "words are expected"),
    ],
)
def test_nonsense_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InterventionError, match=sentence):
        from_json(text)


# -- events
def test_edits_are_made_one_after_the_other() -> None:
    names = ("bear", "fox", "flower", "wolf?")
    edits = (RemoveEvent(0), InsertEvent(1, "tree"), ReplaceEvent(0, "poodle"))
    assert edited_names(names, edits) == ("poodle", "tree", "flower", "wolf?")
    slots = slots_after(4, edits)
    assert slots == (Slot(0, None), Slot(1, 0, "poodle"), Slot(None, 1, "tree"), Slot(2, 2), Slot(3, 3))
    assert [slot.replaced for slot in slots] == [False, True, False, False, False]
    assert (true_timestep(slots, 2), true_timestep(slots, 1)) == (2, None)
    assert (changed_timestep(slots, 1), changed_timestep(slots, 0)) == (0, None)


def test_one_can_insert_at_both_ends_and_take_it_away_again() -> None:
    assert edited_names(("a",), (InsertEvent(0, "b"), InsertEvent(2, "c"))) == ("b", "a", "c")
    assert slots_after(1, (InsertEvent(0, "b"), RemoveEvent(0))) == (Slot(0, 0),)


def test_other_interventions_are_passed_over() -> None:
    assert edited_names(("a", "b"), (HoldQuantity("forget_gate", 0.0), RemoveEvent(0))) == ("b",)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (ReplaceEvent(2, "c"), "There is no timestep 3 to replace: the sequence has 2."),
        (RemoveEvent(-1), "There is no timestep 0 to remove"),
        (InsertEvent(3, "c"), "There is no place 4 to insert an event at: the sequence has 2 events."),
    ],
)
def test_edits_of_what_is_not_there(edit: EventEdit, sentence: str) -> None:
    with pytest.raises(InterventionError, match=sentence):
        edited_names(("a", "b"), (edit,))


def test_the_last_event_stays() -> None:
    with pytest.raises(InterventionError, match="a network must have something to read"):
        edited_names(("a", "b"), (RemoveEvent(0), RemoveEvent(0)))


edits = st.lists(
    st.one_of(
        st.builds(ReplaceEvent, st.integers(0, 5), st.just("new")),
        st.builds(InsertEvent, st.integers(0, 5), st.just("new")),
        st.builds(RemoveEvent, st.integers(0, 5)),
    ),
    max_size=8,
)


@given(st.integers(1, 6), edits)
def test_edits_do_what_a_list_does(length: int, wanted: list[EventEdit]) -> None:
    names = [f"event {number}" for number in range(length)]
    model = list(names)
    done: list[EventEdit] = []
    for edit in wanted:
        fits = edit.at <= len(model) if isinstance(edit, InsertEvent) else edit.at < len(model)
        if not fits or (isinstance(edit, RemoveEvent) and len(model) == 1):
            continue
        done.append(edit)
        if isinstance(edit, InsertEvent):
            model.insert(edit.at, edit.event)
        elif isinstance(edit, ReplaceEvent):
            model[edit.at] = edit.event
        else:
            del model[edit.at]
    assert edited_names(names, done) == tuple(model)
    slots = slots_after(length, done)
    assert [slot.true for slot in slots if slot.true is not None] == list(range(length))
    assert [slot.changed for slot in slots if slot.changed is not None] == list(range(len(model)))
