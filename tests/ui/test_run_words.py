"""The sentences of the window, made from numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.engine.cells import CELLS
from playground.tasks.task import Answer
from playground.trace.sequence_trace import LayerTrace, SequenceTrace
from playground.trace.snapshot import ReplayProgress, RunState, TrainingSnapshot
from playground.ui.run_words import (
    SPEEDS,
    path_words,
    percent,
    rate_words,
    replay_words,
    run_facts,
    says,
    speed_title,
    status_sentence,
)
from tests.ui.canned import canned_trace

ANSWERS = tuple(
    Answer(index, name, name) for index, name in enumerate(("wolf", "dog", "bear", "fox", "flower"))
)
RIVALS = (0, 1)


def trace(cell: str, probabilities: list[float], timestep: int, kept: float | None = None) -> SequenceTrace:
    """A trace whose answer at `timestep`, and whose forget gate of unit 4 there, are these."""
    made = canned_trace(CELLS[cell].description, answers=len(ANSWERS), length=10)
    table = np.array(made.probabilities)
    table[timestep] = probabilities
    if kept is not None:
        gate = np.array(made.value("forget_gate"))
        gate[timestep, 3] = kept
        layer = made.top
        quantities = {**layer.quantities, "forget_gate": gate}
        made = replace(
            made, layers=(LayerTrace(layer.inputs, quantities, layer.initial_states, layer.weights),)
        )
    return replace(made, network=cell, probabilities=table)


def test_the_sentence_of_the_issue() -> None:
    said = status_sentence(trace("lstm", [0.99, 0, 0, 0.01, 0], 9, 0.97), ANSWERS, RIVALS, 9, 3, "guide")
    assert said == "At timestep 10 the LSTM says wolf, 99 %: it kept 97 % of unit 4's long-term memory."


def test_the_same_in_the_textbooks_words() -> None:
    said = status_sentence(trace("lstm", [0.99, 0, 0, 0.01, 0], 9, 0.97), ANSWERS, RIVALS, 9, 3, "textbook")
    assert (
        said == "At timestep 10 the LSTM says wolf, 99 %: its forget gate kept 97 % of unit 4's cell state."
    )


def test_other_cells_say_only_what_they_have() -> None:
    row = [0.1, 0.2, 0.6, 0.05, 0.05]
    assert (
        status_sentence(trace("rnn", row, 0), ANSWERS, RIVALS, 0, 0, "guide")
        == "At timestep 1 the RNN says bear, 60 %."
    )
    assert (
        status_sentence(trace("gru", row, 0), ANSWERS, RIVALS, 0, 0, "guide")
        == "At timestep 1 the GRU says bear, 60 %."
    )
    assert status_sentence(trace("no_memory", row, 0), ANSWERS, RIVALS, 0, 0, "guide") == (
        "At timestep 1 the network without memory says bear, 60 %: it sees each picture alone."
    )
    said = status_sentence(trace("guide_lstm", row, 0, 0.5), ANSWERS, RIVALS, 0, 3, "guide")
    assert said == "At timestep 1 the LSTM (guide) says bear, 60 %: its long-term memory was still empty."


@pytest.mark.parametrize(
    ("probabilities", "toss"), [([0.50, 0.48, 0.02, 0, 0], True), ([0.53, 0.45, 0.02, 0, 0], False)]
)
def test_a_coin_toss_is_called_one(probabilities: list[float], toss: bool) -> None:
    said = status_sentence(trace("rnn", probabilities, 9), ANSWERS, RIVALS, 9, 0, "guide")
    assert ("a coin toss" in said) is toss
    if toss:
        assert said == "At timestep 10 the RNN cannot tell wolf or dog: a coin toss."


def test_a_unit_that_is_not_there_becomes_the_last() -> None:
    made = trace("lstm", [1, 0, 0, 0, 0], 9)
    last = float(made.value("forget_gate")[9, -1])
    said = status_sentence(made, ANSWERS, RIVALS, 9, 99, "guide")
    assert percent(last) in said


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.004, "under 1 %"),
        (0.5, "50 %"),
        (0.994, "99 %"),
        (0.9951, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_percent_never_rounds_to_certainty(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("asked", "reached", "words"),
    [
        (None, 0.0, ""),
        (None, 48.4, "48 a second"),
        (None, 3.25, "3.2 a second"),
        (None, 12345.0, "12,345 a second"),
        (50.0, 49.0, ""),
        (50.0, 31.0, "reaches 31 a second"),
        (0.0, 3.0, "3.0 a second"),
    ],
)
def test_rate_says_what_is_reached(asked: float | None, reached: float, words: str) -> None:
    assert rate_words(asked, reached) == words


def test_facts_name_update_sequences_and_seed() -> None:
    snapshot = TrainingSnapshot(1, 312, RunState.TRAINING, {}, {}, np.zeros(0, np.int64), 50.0, 9984)
    assert run_facts(snapshot, 1) == "update 312 · 9,984 sequences · seed 1"
    assert run_facts(snapshot, 1, 194) == "showing update 194 · the run is at 312"
    loading = TrainingSnapshot.empty()
    assert run_facts(loading, 4) == "the engine is loading · seed 4"
    assert run_facts(loading, 4, new_run=True) == "the networks are being made · seed 4"


def test_replay_and_speeds() -> None:
    assert (
        replay_words(ReplayProgress(1, 1, 900, 1234))
        == "Replaying to update 1,234: at 900 now. Esc gives it up."
    )
    assert [speed_title(speed) for speed, _, _ in SPEEDS] == [title for _, title, _ in SPEEDS]
    assert speed_title(20.0) == "20 a second"
    assert [speed for speed, _, _ in SPEEDS] == [0.0, 1.0, 5.0, 50.0, 500.0, None]


def test_the_path_is_said_where_it_is_worth_a_word() -> None:
    assert path_words("reference", (), "guide") == ""
    assert path_words("", (), "guide") == ""
    assert path_words("fast", (), "guide") == "trained on the fast path"
    assert (
        path_words("mixed", ("lstm_1997", "peephole_lstm"), "textbook")
        == "trained on the fast path; LSTM (1997), Peephole LSTM on the reference path"
    )


def test_a_number_is_said_as_a_number() -> None:
    made = trace("lstm", [0.1, 0.2, 0.3, 0.2, 0.2], 9)
    numbers = np.array(made.logits)
    numbers[9, 0] = -1.234
    made = replace(made, logits=numbers, probabilities=numbers, loss="squared_error")
    assert says(made, ANSWERS[:1], (0, 0), 9) == "says −1.23"


def test_what_comes_in_is_called_by_its_name() -> None:
    row = [0.1, 0.2, 0.6, 0.05, 0.05]
    said = status_sentence(trace("no_memory", row, 0), ANSWERS, RIVALS, 0, 0, "guide", "symbol")
    assert said.endswith("it sees each symbol alone.")


def test_who_has_no_idea_does_not_toss_a_coin_between_two_of_many() -> None:
    assert says(trace("rnn", [0.21, 0.2, 0.2, 0.2, 0.19], 9), ANSWERS, RIVALS, 9) == "says wolf, 21 %"
    assert says(trace("rnn", [0.3, 0.28, 0.2, 0.2, 0.02], 9), ANSWERS, RIVALS, 9).endswith("a coin toss")
