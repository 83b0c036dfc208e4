"""What the prediction panel shows for any task: which columns, which sums, which sentence, which widget."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from playground.contract.intervention import HoldQuantity
from playground.tasks import TASKS
from playground.tasks.task import Task
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.answer_tables import (
    NOT_ASKED,
    answers_table,
    compares_rivals,
    judged_at,
    numbers_table,
    without_gap,
)
from playground.ui.panels.value_lines import ValueLines
from playground.ui.panels.what_if_prediction import what_if_table
from playground.ui.state import Moment, UiState
from playground.ui.what_if_list import Entry
from playground.ui.what_if_view import WhatIfView
from tests.ui.canned import canned_trace, product_cell


def made(name: str) -> Task:
    task: Task = TASKS[name](None)
    return task


def said(task: Task, network: str, shares: list[float], timestep: int) -> SequenceTrace:
    """A trace of the task's probe in which the network says this at that timestep."""
    probe = task.probe()
    trace = canned_trace(
        product_cell("lstm"), answers=len(shares), length=probe.length, targets=np.zeros(probe.length, int)
    )
    table = np.array(trace.probabilities)
    table[timestep] = shares
    return replace(
        trace, network=network, targets=probe.targets, probabilities=table, logits=table, loss=task.loss
    )


def test_two_rivals_stand_side_by_side() -> None:
    parity = made("parity")
    probe = parity.probe()
    last = probe.length - 1
    truth = int(probe.targets[last])
    traces = {"lstm": said(parity, "lstm", [0.9, 0.1], last)}
    table = answers_table(traces, parity, probe, last, "guide", {})
    assert [column.title for column in table.columns] == ["even", "odd"]
    assert [column.truth for column in table.columns] == [truth == 0, truth == 1]
    assert [bar.probability for bar in table.rows[0].bars] == [pytest.approx(0.9), pytest.approx(0.1)]
    assert compares_rivals(parity)


def test_few_answers_all_have_a_column() -> None:
    order = made("temporal-order")
    probe = order.probe()
    last = probe.length - 1  # X, then Y
    traces = {
        "lstm": said(order, "lstm", [0.1, 0.7, 0.1, 0.1], last),
        "rnn": said(order, "rnn", [0.4, 0.2, 0.2, 0.2], last),
    }
    table = answers_table(traces, order, probe, last, "guide", {})
    assert [(column.title, column.truth) for column in table.columns] == [
        ("X, X", False),
        ("X, Y", True),
        ("Y, X", False),
        ("Y, Y", False),
    ]
    assert [[bar.says for bar in row.bars] for row in table.rows] == [
        [False, True, False, False],
        [True, False, False, False],
    ]
    assert table.truth == "X, Y"
    assert table.captions == ("Right: LSTM. The others say: RNN X, X.", "Right: LSTM. Wrong: 1.")


def test_of_many_the_right_one_the_next_best_and_the_rest() -> None:
    recall = made("delayed-recall")
    probe = recall.probe()
    shares = [0.3, 0.05, 0.4, 0.05, 0.05, 0.05, 0.05, 0.05]  # the wolf is right; this one says fox
    traces = {"lstm": said(recall, "lstm", shares, 21)}
    table = answers_table(traces, recall, probe, 21, "guide", {"wolf": "wolf"})
    assert [column.title for column in table.columns] == ["wolf", "next best", "all others"]
    right, next_best, rest = table.rows[0].bars
    assert (right.probability, next_best.name) == (pytest.approx(0.3), "fox")
    assert next_best.says
    assert rest.probability == pytest.approx(0.3)
    assert right.probability + next_best.probability + rest.probability == pytest.approx(1.0)
    assert table.captions[0] == "Nobody says wolf: LSTM fox."


def test_where_nothing_is_asked_nothing_is_right() -> None:
    recall = made("delayed-recall")
    traces = {"lstm": said(recall, "lstm", [0.3, 0.05, 0.4, 0.05, 0.05, 0.05, 0.05, 0.05], 4)}
    table = answers_table(traces, recall, recall.probe(), 4, "guide", {})
    assert not any(column.truth for column in table.columns)
    assert (table.truth, table.captions) == ("", NOT_ASKED)
    assert [bar.name for bar in table.rows[0].bars][:2] == ["fox", "wolf"]
    assert not judged_at(recall, recall.probe(), 4)
    assert judged_at(made("nature-show"), made("nature-show").probe(), 4)


def test_all_right_is_said_in_few_words() -> None:
    order = made("temporal-order")
    last = order.probe().length - 1
    traces = {key: said(order, key, [0.1, 0.7, 0.1, 0.1], last) for key in ("rnn", "lstm")}
    assert answers_table(traces, order, order.probe(), last, "guide", {}).captions == (
        "All of them are right.",
    )


def numbers(values: dict[str, float], timestep: int = 29) -> tuple[Task, dict[str, SequenceTrace]]:
    adding = made("adding")
    return adding, {key: said(adding, key, [value], timestep) for key, value in values.items()}


def test_numbers_stand_beside_the_right_one() -> None:
    adding, traces = numbers({"rnn": 0.87, "lstm": 1.45})
    table = numbers_table(traces, adding, adding.probe(), 29, "guide")
    assert table.target == pytest.approx(1.5)
    assert [(row.network, row.value) for row in table.rows] == [
        ("rnn", pytest.approx(0.87)),
        ("lstm", pytest.approx(1.45)),
    ]
    assert [table.is_right(row) for row in table.rows] == [False, True]
    assert table.captions[0] == "Right, within 0.08 of 1.50: LSTM."
    assert (table.low, table.high) == (0.0, pytest.approx(1.8))
    earlier = numbers_table(traces, adding, adding.probe(), 4, "guide")
    assert earlier.target is None
    assert earlier.captions == NOT_ASKED
    assert (earlier.low, earlier.high) == (table.low, table.high)  # the scale never jumps


@pytest.mark.parametrize(
    ("values", "said_first"),
    [
        ({"rnn": 0.1, "lstm": 3.0}, "Nobody is within 0.08 of 1.50."),
        ({"rnn": 1.49, "lstm": 1.5}, "All are right: within 0.08 of 1.50."),
        ({"lstm": 1.5}, "Right: within 0.08 of 1.50."),
    ],
)
def test_who_is_near_enough(values: dict[str, float], said_first: str) -> None:
    adding, traces = numbers(values)
    assert numbers_table(traces, adding, adding.probe(), 29, "guide").captions[0] == said_first


def test_the_lines_show_target_and_answers_and_open_a_network(qtbot: QtBot) -> None:
    adding, traces = numbers({"rnn": 0.87, "lstm": 1.45})
    state = UiState()
    state.set_moment(Moment(1, 5, traces))
    lines = ValueLines(state)
    qtbot.addWidget(lines)
    lines.resize(360, 150)
    lines.show_table(numbers_table(traces, adding, adding.probe(), 29, "guide"))
    lines.show()
    image = lines.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(360) for y in range(150)}
    for colour in (state.theme.colour("good_ink"), state.theme.network("rnn"), state.theme.network("lstm")):
        assert colour.name() in colours
    assert "Right is 1.50" in lines.accessibleDescription()
    assert "RNN says 0.87" in lines.accessibleDescription()
    state.set_network("lstm")
    qtbot.mouseClick(lines, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    assert state.network == "rnn"


@pytest.mark.parametrize("name", TASKS)
def test_what_is_left_without_fillers_asks_the_same(name: str) -> None:
    task = made(name)
    probe = task.probe()
    asked = [t for t, is_asked in enumerate(probe.asked) if is_asked]
    short = without_gap(task, probe, asked[-1])
    if short is not None:
        assert short.length < asked[-1] + 1
        assert not any(event.filler for event in short.events)
        assert int(short.targets[-1]) == int(probe.targets[asked[-1]])
    if name in ("nature-show", "delayed-recall"):
        assert short is not None


def test_a_what_if_of_many_answers_weighs_the_right_one_against_the_strongest_other() -> None:
    recall = made("delayed-recall")
    probe = recall.probe()
    true = said(recall, "lstm", [0.9, *[0.1 / 7] * 7], 21)
    changed = said(recall, "lstm", [0.2, 0.1, 0.1, 0.1, 0.1, 0.3, 0.05, 0.05], 21)  # it says dog now
    hold = HoldQuantity("forget_gate", 0.0)
    view = WhatIfView(5, {"lstm": true}, {"lstm": changed}, probe, probe, (), (hold,), (Entry(1, (hold,)),))
    table = what_if_table(view, {"lstm": true}, "lstm", recall, "guide", {})
    assert [column.title for column in table.columns] == ["wolf", "dog"]
    assert [column.truth for column in table.columns] == [True, False]
    now, was = zip(*((bar.probability, bar.was) for bar in table.rows[0].bars), strict=True)
    assert now == (pytest.approx(0.2), pytest.approx(0.3))
    assert was == (pytest.approx(0.9), pytest.approx(0.1 / 7))
