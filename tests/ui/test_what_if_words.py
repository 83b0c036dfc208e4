"""What-ifs in words and lines: each sentence from made-up probabilities, each line from made-up states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.contract.event_edits import slots_after
from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    Intervention,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
)
from playground.engine.cells import CELLS
from playground.tasks.edited_sequence import edited_sequence
from playground.tasks.nature_show import NatureShow
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.event_marks import Track, runs, strip_marks
from playground.ui.panels.what_if_choices import hold, span_words, targets_of
from playground.ui.panels.what_if_prediction import what_if_table
from playground.ui.panels.what_if_rows import (
    aligned,
    answer_pair,
    most_changed_unit,
    round_bound,
    state_pair,
)
from playground.ui.what_if_commands import NOTHING_READ
from playground.ui.what_if_list import Entry, WhatIfHistory
from playground.ui.what_if_view import WhatIfView
from playground.ui.what_if_words import because, consequence, entry_words, question_of
from tests.ui.canned import canned_trace
from tests.ui.shell import make_shell

TASK = NatureShow()
PROBE = TASK.probe()
LSTM = CELLS["lstm"].description
WOLF, DOG = TASK.rivals


def entries(*interventions: Intervention) -> tuple[Entry, ...]:
    made = WhatIfHistory()
    for each in interventions:
        made = made.add((each,), "", PROBE.length)
    return made.entries


def saying(wolf: float, dog: float, *, seed: int = 1, length: int = 10, **more: object) -> SequenceTrace:
    """An LSTM that says this at the last timestep."""
    trace = canned_trace(LSTM, answers=12, length=length, seed=seed, units=4, **more)  # type: ignore[arg-type]
    probabilities = np.array(trace.probabilities)
    probabilities[-1] = (1.0 - wolf - dog) / 10
    probabilities[-1, [WOLF, DOG]] = wolf, dog
    return replace(trace, probabilities=probabilities)


def view_of(true: SequenceTrace, changed: SequenceTrace, *interventions: Intervention) -> WhatIfView:
    return WhatIfView(
        0,
        {"lstm": true},
        {"lstm": changed},
        PROBE,
        edited_sequence(TASK, PROBE, interventions),
        slots_after(PROBE.length, interventions),
        interventions,
        entries(*interventions),
    )


@pytest.mark.parametrize(
    ("intervention", "guide", "textbook"),
    [
        (
            HoldQuantity("forget_gate", 0.0, since=2),
            "From timestep 3 on: forget gate of all units held shut",
            "From timestep 3 on: forget gate of all units held shut",
        ),
        (
            HoldQuantity("input_gate", 1.0),
            "At every timestep: ignore factor of all units held open",
            "At every timestep: input gate of all units held open",
        ),
        (
            HoldQuantity("output_gate", 0.25, timesteps=(1, 4, 5), units=(0, 3)),
            "At timesteps 2, 5 and 6: use gate of units 1 and 4 held at 0.25",
            "At timesteps 2, 5 and 6: output gate of units 1 and 4 held at 0.25",
        ),
        (
            SetMemory("cell_state", 0.0, at=9),
            "Before timestep 10: long-term memory wiped",
            "Before timestep 10: cell state wiped",
        ),
        (
            SetMemory("hidden_state", -1.5, at=4, units=(2,)),
            "Before timestep 5: short-term memory of unit 3 set to −1.50",
            "Before timestep 5: hidden state of unit 3 set to −1.50",
        ),
        (
            SetMemory("cell_state", (0.0, 1.0), at=4, origin="dog, cat"),
            "Before timestep 5: long-term memory swapped with the one after dog, cat",
            "Before timestep 5: cell state swapped with the one after dog, cat",
        ),
        (ReplaceEvent(1, "cat"), "Timestep 2: cat instead of fox", "Timestep 2: cat instead of fox"),
        (InsertEvent(3, "tree"), "New timestep 4: tree put in", "New timestep 4: tree put in"),
        (RemoveEvent(0), "Timestep 1: bear left out", "Timestep 1: bear left out"),
    ],
)
def test_every_kind_in_words(intervention: Intervention, guide: str, textbook: str) -> None:
    listed = entries(intervention)
    for vocabulary, words in (("guide", guide), ("textbook", textbook)):
        assert entry_words(listed[0], listed, PROBE, TASK.events(), LSTM, vocabulary) == words


def test_an_edit_names_what_stood_there_when_it_was_made() -> None:
    listed = entries(InsertEvent(0, "tree"), ReplaceEvent(0, "cat"), RemoveEvent(0), RemoveEvent(0))
    words = [entry_words(entry, listed, PROBE, TASK.events(), LSTM, "guide") for entry in listed]
    assert words[1:] == [
        "Timestep 1: cat instead of tree",
        "Timestep 1: cat left out",
        "Timestep 1: bear left out",
    ]


@pytest.mark.parametrize(
    ("intervention", "why"),
    [
        (HoldQuantity("forget_gate", 0.0), "With the forget gate held shut"),
        (HoldQuantity("forget_gate", 0.5, units=(3,)), "With the forget gate of unit 4 held at 0.50"),
        (SetMemory("cell_state", 0.0, at=3), "With the long-term memory wiped"),
        (SetMemory("cell_state", 2.0, at=3), "With the long-term memory changed"),
        (SetMemory("cell_state", (2.0,), at=3, origin="cat"), "With the long-term memory of another story"),
        (RemoveEvent(0), "Without the bear"),
        (ReplaceEvent(0, "owl"), "With an owl in place of the bear"),
        (InsertEvent(0, "cat"), "With a cat put in"),
    ],
)
def test_why_it_is_another_world(intervention: Intervention, why: str) -> None:
    assert because(entries(intervention), PROBE, TASK.events(), LSTM, "guide") == why
    off = (*entries(intervention), Entry(9, (RemoveEvent(2),), on=False))
    assert because(off, PROBE, TASK.events(), LSTM, "guide") == why
    both = entries(intervention, HoldQuantity("input_gate", 0.0, since=8))
    assert because(both, PROBE, TASK.events(), LSTM, "guide") == "With these 2 changes"


def told(true: SequenceTrace, changed: SequenceTrace, *interventions: Intervention) -> tuple[str, ...]:
    view = view_of(true, changed, *interventions)
    return consequence(view, "lstm", "Without the bear", TASK.answers, TASK.rivals, "guide")


def test_the_consequence() -> None:
    wolf = saying(0.99, 0.005)
    assert (
        told(wolf, saying(0.3, 0.55, seed=2))[0]
        == "Without the bear the LSTM says dog, 55 %. It was wolf, 99 %."
    )
    assert (
        told(wolf, saying(0.8, 0.1, seed=2))[0]
        == "Without the bear the LSTM still says wolf, 80 %. It was wolf, 99 %."
    )
    toss = told(wolf, saying(0.46, 0.48, seed=2))
    assert toss[0] == "Without the bear the LSTM tosses a coin: wolf 46 %, dog 48 %. It was wolf, 99 %."
    assert toss[1:] == (
        "Now a coin toss: wolf 46 %, dog 48 %. It was wolf, 99 %.",
        "Now a coin toss: wolf 46 %, dog 48 %. It was wolf, 99 %.",
        "Now a coin toss: wolf 46 %, dog 48 %.",
    )
    assert "bit for bit" in told(wolf, wolf)[0]


def test_the_truth_may_change_too() -> None:
    story = (ReplaceEvent(0, "cat"), ReplaceEvent(1, "dog"))
    words = told(saying(0.99, 0.005), saying(0.0, 0.98, seed=2), *story)[0]
    assert words.endswith("It was wolf, 99 %. The right answer is dog now.")


def test_a_network_that_nothing_was_changed_for() -> None:
    view = replace(view_of(saying(0.9, 0.1), saying(0.1, 0.9)), changed={}, true={})
    words = consequence(view, "lstm", "Without the bear", TASK.answers, TASK.rivals, "guide")
    assert words[0] == "The LSTM has nothing of this to change: its answer stays."


def test_both_worlds_side_by_side() -> None:
    true, changed = saying(0.99, 0.005), saying(0.3, 0.55, seed=2)
    view = view_of(true, changed, HoldQuantity("forget_gate", 0.0))
    other = replace(saying(0.5, 0.4, seed=5), network="rnn")
    table = what_if_table(view, {"lstm": true, "rnn": other}, "lstm", TASK, "guide", {})
    lstm, rnn = table.rows
    assert [(bar.was, bar.probability, bar.says) for bar in lstm.bars] == [
        (pytest.approx(0.99), pytest.approx(0.3), False),
        (pytest.approx(0.005), pytest.approx(0.55), True),
    ]
    assert [(bar.was, bar.probability) for bar in rnn.bars] == [
        (None, pytest.approx(0.5)),
        (None, pytest.approx(0.4)),
    ]
    assert table.truth == "wolf"
    assert table.caption.startswith("With the forget gate held shut the LSTM says dog, 55 %")


def test_the_question_is_the_last_that_is_asked() -> None:
    assert question_of(PROBE) == 9
    assert question_of(TASK.sequence(["bear", "dog_or_wolf", "tree"])) == 1
    assert question_of(TASK.sequence(["bear", "tree"])) == 1


# -- lines over time
def test_true_values_stand_at_their_events() -> None:
    view = view_of(saying(0.9, 0.1), saying(0.1, 0.9, length=10), InsertEvent(1, "cat"), RemoveEvent(4))
    line = aligned(view, np.arange(10.0))
    np.testing.assert_array_equal(line, [0, np.nan, 1, 2, 4, 5, 6, 7, 8, 9])


def test_the_rows_show_what_the_traces_have() -> None:
    true, changed = saying(0.9, 0.1), saying(0.1, 0.9, seed=2)
    view = view_of(true, changed)
    pair = state_pair(view, "lstm", "cell_state", 2, True)
    np.testing.assert_array_equal(pair.true, true.value("cell_state")[:, 2])
    np.testing.assert_array_equal(pair.changed, changed.value("cell_state")[:, 2])
    assert pair.high == round_bound(float(np.abs([pair.true, pair.changed]).max()))
    assert state_pair(view, "lstm", "hidden_state", 0, False).high == 1.0
    away = np.abs(true.value("cell_state") - changed.value("cell_state")).sum(axis=0)
    assert most_changed_unit(view, "lstm", "cell_state") == int(away.argmax())
    answers = answer_pair(view, "lstm", TASK.rivals)
    assert answers.true[-1] == pytest.approx(0.9)
    assert answers.changed[-1] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("largest", "bound"), [(0.0, 1), (1.0, 1), (1.01, 2), (2.2, 5), (7, 10), (12, 20), (60, 100)]
)
def test_bounds_are_round(largest: float, bound: float) -> None:
    assert round_bound(largest) == bound


# -- the strip and the panel
def test_what_is_marked_on_the_strip() -> None:
    stack = (
        ReplaceEvent(1, "cat"),
        InsertEvent(3, "tree"),
        HoldQuantity("forget_gate", 0.0, since=8),
        SetMemory("cell_state", 0.0, at=5),
    )
    marks = strip_marks(slots_after(10, stack), PROBE.events, 11, stack, LSTM)
    assert marks.changed_timesteps == (1, 3)
    assert marks.words_at(1) == "in place of fox"
    assert marks.words_at(3) == "put in"
    assert marks.words_at(0) == ""
    assert marks.tracks == (Track("forget", (8, 9, 10)),)
    assert marks.wedges == (Track("long_term", (5,)),)
    assert runs((5, 1, 2, 6, 9)) == [(1, 2), (5, 6), (9, 9)]


@pytest.mark.parametrize("cell", CELLS)
def test_the_panel_offers_what_a_cell_has(cell: str) -> None:
    description = CELLS[cell].description
    targets = targets_of(description, "guide", True)
    names = [target.name for target in targets]
    assert set(names) == {*(gate.name for gate in description.gates), *description.states, "events"}
    assert names[-1] == "events"
    if "forget_gate" in names:
        assert names[0] == "forget_gate"
    assert targets_of(description, "guide", False) == targets[:-1]


def test_where_a_hold_holds() -> None:
    gate = targets_of(LSTM, "guide", False)[0]
    assert hold(gate, 0.0, "onwards", 4, None) == HoldQuantity("forget_gate", 0.0, since=4)
    assert hold(gate, 1.0, "here", 4, (2,)) == HoldQuantity("forget_gate", 1.0, timesteps=(4,), units=(2,))
    assert hold(gate, 0.5, "always", 4, None) == HoldQuantity("forget_gate", 0.5)
    assert [span_words(span, 4) for span in ("onwards", "here", "always")] == [
        "from t = 5 on", "at t = 5 only", "at every timestep",
    ]  # fmt: skip


def test_the_experiment_of_a_lecture_says_when_there_is_nothing_to_do_it_with(qtbot: QtBot) -> None:
    shell = make_shell(qtbot, begin=False, size=(1024, 700))
    assert not shell.state.moment.traces
    shell.press("Shift+F")
    assert shell.state.status == NOTHING_READ
    assert shell.state.what_if is None
