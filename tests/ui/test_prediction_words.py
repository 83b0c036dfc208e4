"""What the prediction panel claims, against hand-made probabilities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.tasks.nature_show import NatureShow
from playground.tasks.task import Answer
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.prediction_words import (
    asked_captions,
    lost_on_the_way,
    open_captions,
    prediction_table,
    rival_share,
    short_percent,
    spoken,
    without_fillers,
)
from playground.ui.task_words import fillers_between
from tests.ui.canned import canned_trace, product_cell

WOLF, DOG, TREE = 0, 1, 2
ANSWERS = (Answer(0, "wolf", "wolf"), Answer(1, "dog", "dog"), Answer(2, "tree", "tree"))
FORM = canned_trace(product_cell("lstm"), units=2, length=3, answers=3, targets=np.array([TREE, TREE, WOLF]))


def said(network: str, *rows: tuple[float, float, float], update: int = 500) -> SequenceTrace:
    """A network that says these probabilities (wolf, dog, tree), the last ones at the question."""
    table = np.array(rows, np.float32)
    padding = np.tile(np.array([[0.0, 0.0, 1.0]], np.float32), (3 - len(rows), 1))
    return replace(FORM, network=network, update=update, probabilities=np.concatenate([padding, table]))


def by_network(*traces: SequenceTrace) -> dict[str, SequenceTrace]:
    return {trace.network: trace for trace in traces}


def test_at_the_question_the_two_rivals_stand_side_by_side() -> None:
    traces = by_network(said("lstm", (0.97, 0.02, 0.01)), said("rnn", (0.50, 0.49, 0.01)))
    table = prediction_table(traces, ANSWERS, (WOLF, DOG), True, 2, "guide", {"wolf": "wolf", "dog": "dog"})
    assert [(column.title, column.drawing, column.truth) for column in table.columns] == [
        ("wolf", "wolf", True),
        ("dog", "dog", False),
    ]
    assert [(bar.probability, bar.says) for bar in table.rows[0].bars] == [
        (pytest.approx(0.97), True),
        (pytest.approx(0.02), False),
    ]
    assert table.truth == "wolf"
    assert table.caption == "LSTM is right; for RNN it is a coin toss."
    assert table.captions[1] == "Right: LSTM. A coin toss: RNN."
    assert spoken(table, "guide") == (
        "The truth is wolf. LSTM: wolf 97 %, dog 2 %. RNN: wolf 50 %, dog 49 %. "
        "LSTM is right; for RNN it is a coin toss."
    )


def test_every_kind_of_answer_is_told_as_what_it_is() -> None:
    traces = by_network(
        said("lstm", (0.9, 0.1, 0.0)),
        said("guide_lstm", (0.8, 0.2, 0.0)),
        said("rnn", (0.52, 0.48, 0.0)),
        said("gru", (0.2, 0.8, 0.0)),
        said("no_memory", (0.1, 0.1, 0.8)),
    )
    assert asked_captions(traces, (WOLF, DOG), 2, "guide")[0] == (
        "LSTM and LSTM (guide) are right; for RNN it is a coin toss; GRU is wrong; No memory says something else."
    )


def test_nobody_forgot_who_was_not_asked_without_the_gap() -> None:
    now = by_network(said("rnn", (0.5, 0.5, 0.0)))
    assert "Without" not in asked_captions(now, (WOLF, DOG), 2, "guide")[0]
    assert lost_on_the_way(now, None, (WOLF, DOG), 2) == []
    assert lost_on_the_way(now, {}, (WOLF, DOG), 2) == []


def test_who_knew_without_the_gap_is_said_only_of_the_same_update() -> None:
    now = by_network(
        said("rnn", (0.5, 0.5, 0.0)), said("lstm", (0.95, 0.05, 0.0)), said("gru", (0.4, 0.6, 0.0))
    )
    knew = by_network(
        said("rnn", (0.95, 0.05, 0.0)), said("lstm", (0.99, 0.01, 0.0)), said("gru", (0.7, 0.3, 0.0))
    )
    assert lost_on_the_way(now, knew, (WOLF, DOG), 2) == ["rnn"]
    captions = asked_captions(now, (WOLF, DOG), 2, "guide", knew, "7 flowers and trees")
    assert captions[0].endswith("Without the 7 flowers and trees RNN knew it.")
    older = by_network(said("rnn", (0.95, 0.05, 0.0), update=400))
    assert lost_on_the_way(now, older, (WOLF, DOG), 2) == []


def test_elsewhere_the_truth_and_the_next_best_answer() -> None:
    traces = by_network(said("lstm", (0.1, 0.2, 0.7), (1, 0, 0)), said("rnn", (0.6, 0.1, 0.3), (1, 0, 0)))
    table = prediction_table(traces, ANSWERS, (WOLF, DOG), False, 1, "guide", {"tree": "tree"})
    assert [(column.title, column.truth) for column in table.columns] == [
        ("tree", True),
        ("next best", False),
    ]
    assert [bar.name for bar in table.rows[0].bars] == ["", "dog"]
    assert [bar.says for bar in table.rows[1].bars] == [False, True]
    assert table.caption == "LSTM is right; RNN says wolf."
    alone = by_network(said("lstm", (0.1, 0.2, 0.7), (1, 0, 0)))
    assert open_captions(alone, ANSWERS, 1, "guide")[0].startswith("Right: no memory is needed")


def test_shares_of_the_rivals() -> None:
    assert rival_share(said("lstm", (0.3, 0.1, 0.6)), (WOLF, DOG), 2) == pytest.approx(0.75)
    assert rival_share(said("lstm", (0.0, 0.0, 1.0)), (WOLF, DOG), 2) == 0.5
    assert rival_share(said("lstm", (0.3, 0.1, 0.6)), (WOLF, DOG), 1) == 0.5, "the truth is neither"


def test_the_gap_in_words() -> None:
    show = NatureShow(None)
    events = show.probe().events
    assert fillers_between(events[:-1], show, "guide") == "7 flowers and trees"
    assert fillers_between(events[:2], show, "guide") == ""
    assert fillers_between(events[:3], show, "guide") == "one flower"
    assert without_fillers(events, len(events) - 1) == ("bear", "fox", "dog_or_wolf")


@pytest.mark.parametrize(
    ("share", "shown"),
    [(1.0, "100 %"), (0.999, "> 99 %"), (0.98, "98 %"), (0.004, "< 1 %"), (0.0, "0 %"), (float("nan"), "?")],
)
def test_short_percent(share: float, shown: str) -> None:
    assert short_percent(share) == shown


def test_no_networks_no_table() -> None:
    assert prediction_table({}, ANSWERS, (WOLF, DOG), True, 0, "guide", {}).rows == ()
