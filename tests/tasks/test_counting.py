"""a^n b^n and a^n b^n c^n: which answers are determined, and that only whole strings are accepted."""

from __future__ import annotations

import numpy as np
import pytest

from playground.tasks.memory_tasks.anbn import AnBn
from playground.tasks.memory_tasks.anbncn import AnBnCn
from playground.tasks.memory_tasks.counting import CountingSettings, CountingTask
from playground.tasks.task import Batch
from tests.tasks.conformance import assert_conforms

TASKS = (AnBn, AnBnCn)


def string(task: CountingTask, n: int) -> str:
    """The one string of the language with this n, without S and T."""
    return "".join(letter * n for letter in task.letters)


def said(batch: Batch, row: int, task: CountingTask) -> str:
    return "".join(task.symbols[symbol].name for symbol in batch.inputs[:, row].astype(int))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("count", [(1, 1), (1, 10), (4, 60)])
def test_keeps_the_contract(task: type[CountingTask], count: tuple[int, int]) -> None:
    assert_conforms(task(CountingSettings(count=count)))


@pytest.mark.parametrize("kind", TASKS)
def test_a_batch_has_strings_of_every_n_and_no_weight_behind_their_ends(kind: type[CountingTask]) -> None:
    task = kind()
    batch = task.batch(1, 1, 10, 20)
    letters = len(task.letters)
    counts = []
    for row in range(20):
        text = said(batch, row, task)
        n = text.count("a")
        counts.append(n)
        whole = "S" + string(task, n)
        assert text == whole.ljust(len(text), "T")
        determined = range(n + 1, letters * n + 1)
        assert np.flatnonzero(batch.asked[:, row]).tolist() == list(determined)
        follows = whole[1:] + "T"
        for t in determined:
            assert task.answers[batch.targets[t, row]].name == follows[t]
        assert (batch.targets[: n + 1, row] == 0).all()  # another a: nobody knows when it ends
        weighs = batch.loss_weights[:, row] > 0
        assert np.flatnonzero(weighs).tolist() == list(range(len(whole)))
    assert sorted(counts) == sorted(list(range(1, 11)) * 2)
    assert len(set(batch.loss_weights[batch.loss_weights > 0].tolist())) == 1


@pytest.mark.parametrize("kind", TASKS)
def test_repeating_the_letter_has_the_rate_of_the_baseline_and_accepts_nothing(
    kind: type[CountingTask],
) -> None:
    task = kind()
    batch = task.batch(1, 1, 10, 100)
    symbols = batch.inputs.astype(int)
    said_classes = np.maximum(symbols - 1, 0)  # the letter that came just now
    rate = (said_classes == batch.targets)[batch.asked].mean()
    assert rate == pytest.approx(task.chance) == pytest.approx(45 / 55)
    assert task.baseline()[0] == task.chance
    right = task.right(batch, np.eye(len(task.answers), dtype=np.float32)[said_classes])
    whole = [right[batch.asked[:, row], row].all() for row in range(100)]
    assert not any(whole)


@pytest.mark.parametrize("kind", TASKS)
def test_one_wrong_answer_spoils_all_that_follow(kind: type[CountingTask]) -> None:
    task = kind()
    (batch,) = task.held_out(1, 1, 4)
    perfect = np.eye(len(task.answers), dtype=np.float32)[batch.targets]
    for t in range(batch.timesteps):
        outputs = perfect.copy()
        outputs[t] = np.roll(perfect[t], -1, axis=-1)  # another symbol: after an a, T
        right = task.right(batch, outputs)[:, 0]
        assert right[:t].all()
        assert not right[t:].any()


def test_while_a_s_come_b_is_legal_too_but_not_after_the_start() -> None:
    task = AnBn()
    (batch,) = task.held_out(1, 1, 3)
    outputs = np.eye(3, dtype=np.float32)[batch.targets]
    outputs[1:4] = [0, 1, 0]
    assert task.right(batch, outputs)[batch.asked].all()
    outputs[0] = [0, 1, 0]
    assert not task.right(batch, outputs).any()


def test_held_out_strings_of_one_n_are_all_the_same() -> None:
    task = AnBn()
    (batch,) = task.held_out(1, 3, 25)
    assert {said(batch, row, task) for row in range(3)} == {"S" + string(task, 25)}
    assert batch.distance == 25
    assert AnBn(CountingSettings(count=(2, 6))).longest_distance == 6


@pytest.mark.parametrize(
    ("events", "asked"),
    [
        ("Saabb", [3, 4]),
        ("Saab", [3]),
        ("Saabbb", [3, 4]),  # one b too many: no longer the beginning of a string
        ("Saaba", [3]),
        ("Sb", []),
        ("aabb", [2, 3]),
        ("SSab", []),
    ],
)
def test_only_the_beginning_of_a_string_is_asked(events: str, asked: list[int]) -> None:
    assert np.flatnonzero(AnBn().sequence(list(events)).asked).tolist() == asked


def test_a_context_sensitive_string_must_have_as_many_of_each() -> None:
    task = AnBnCn()
    assert np.flatnonzero(task.sequence(list("Saabbcc")).asked).tolist() == [3, 4, 5, 6]
    assert np.flatnonzero(task.sequence(list("Saabc")).asked).tolist() == [3]


def test_what_is_known_is_the_count() -> None:
    task = AnBnCn()
    (batch,) = task.held_out(1, 1, 2)
    facts = task.facts(batch)  # S a a b b c c
    np.testing.assert_array_equal(facts["counted"][:, 0], [0, 1, 2, 2, 2, 2, 2])
    np.testing.assert_array_equal(facts["left"][:, 0], [np.nan] * 3 + [1, 0, 1, 0])
