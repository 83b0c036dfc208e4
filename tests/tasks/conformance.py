"""What holds of every task, in one call: `assert_conforms(task)`. For the tests of tasks, whoever writes them.

It looks at batches of a few updates and levels, at held-out sequences, at the probe and at sequences of events, and
checks them against the text of `playground/tasks/task.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from playground.contract.cell_description import Words
from playground.contract.setting import setting_problem, setting_specs
from playground.tasks.task import (
    CROSS_ENTROPY,
    SQUARED_ERROR,
    Batch,
    EventSequence,
    Task,
    TaskSettings,
    dense,
)

ARRAYS = ("inputs", "targets", "asked", "loss_weights")


def assert_conforms(
    task: Task, *, seed: int = 3, batch_size: int = 8, updates: Sequence[int] = (1, 2, 7), held_out: int = 24
) -> None:
    """Every promise of the protocol that can be seen from outside. `held_out`: sequences that are asked for."""
    assert_has_words(task)
    levels = sorted({task.first_level().level, task.longest_distance})
    for level, update in itertools.product(levels, updates):
        batch = task.batch(seed, update, level, batch_size)
        assert_batch(task, batch, batch_size)
        assert_same_batch(batch, task.batch(seed, update, level, batch_size))
        assert_never_asked_for_by_mistake(batch)
    assert_pure(task, seed, levels[0], batch_size, updates)
    assert_batches_are_those_of_batch(task, seed, levels[-1], batch_size)
    assert_held_out(task, seed, batch_size, held_out, levels[-1])
    assert_sequences(task)
    assert_right(task, task.held_out(seed, held_out))
    share, sentence = task.baseline()
    assert np.isfinite(share)
    assert share >= 0
    assert task.loss == SQUARED_ERROR or share <= 1
    assert_sentence(sentence)


def assert_has_words(task: Task) -> None:
    assert issubclass(task.settings_type, TaskSettings)
    settings = task.settings_type()  # all have defaults
    for name, spec in setting_specs(settings).items():
        value = getattr(settings, name)
        assert setting_problem(spec, value, value) is None, f"the default of {name} is not allowed"
    for words in (task.name, task.title, task.question):
        assert isinstance(words, str)
        assert words.strip()
    assert " " not in task.name
    assert task.family in ("nature", "memory", "text", "series")
    assert task.loss in (CROSS_ENTROPY, SQUARED_ERROR)
    assert task.target_at in ("every", "last")
    assert task.loss == CROSS_ENTROPY or task.tolerance > 0
    for said in (task.filler_words, task.criterion):
        assert isinstance(said, Words)
        assert said.guide
        assert said.textbook
    assert_sentence(task.criterion)
    assert task.input_size >= 1
    assert [answer.index for answer in task.answers] == list(range(len(task.answers)))
    if task.loss == CROSS_ENTROPY and len(task.answers) > 1:
        assert len(set(task.rivals)) == 2
    assert all(0 <= rival < len(task.answers) for rival in task.rivals)
    assert 0 <= task.chance <= 1
    names = [event.name for event in task.events()]
    assert names
    assert len(set(names)) == len(names)


def assert_sentence(words: Words) -> None:
    for said in (words.guide, words.textbook):
        assert said[0].isupper() or not said[0].isalpha(), said
        assert said.endswith("."), said


def assert_batch(task: Task, batch: Batch, batch_size: int) -> None:
    """Shapes, types, ranges, weights, and that nobody can write."""
    timesteps = batch.timesteps
    assert timesteps >= 1
    assert batch.size == batch_size
    shape = (timesteps, batch_size)
    assert_inputs(task, batch.inputs, shape)
    assert_targets(task, batch.targets, shape)
    assert batch.asked.shape == shape
    assert batch.asked.dtype == np.bool_
    assert batch.loss_weights.shape in ((timesteps,), shape)
    assert batch.loss_weights.dtype == np.float32
    assert (batch.loss_weights >= 0).all()
    np.testing.assert_allclose(batch.loss_weights.sum(dtype=np.float64), 1.0, atol=1e-5)
    assert batch.distance >= 0
    for name in ARRAYS:
        assert not getattr(batch, name).flags.writeable, f"{name} can be written to"


def assert_inputs(task: Task, inputs: np.ndarray, shape: tuple[int, ...]) -> None:
    if task.symbolic:
        assert inputs.dtype == np.int64
        assert inputs.shape == shape
        assert inputs.min() >= 0
        assert inputs.max() < task.input_size
    else:
        assert inputs.dtype == np.float32
        assert inputs.shape == (*shape, task.input_size)
        assert np.isfinite(inputs).all()


def assert_targets(task: Task, targets: np.ndarray, shape: tuple[int, ...]) -> None:
    if task.loss == SQUARED_ERROR:
        assert targets.dtype == np.float32
        assert targets.shape == (*shape, len(task.answers))
        assert np.isfinite(targets).all()
    else:
        assert targets.dtype == np.int64
        assert targets.shape == shape
        assert targets.min() >= 0
        assert targets.max() < len(task.answers)


def assert_never_asked_for_by_mistake(batch: Batch) -> None:
    """What is asked is also learned: an asked timestep without any weight in the loss could only be guessed."""
    weights = batch.loss_weights if batch.loss_weights.ndim == 2 else batch.loss_weights[:, None]
    assert (np.broadcast_to(weights, batch.asked.shape)[batch.asked] > 0).all()


def assert_same_batch(ours: Batch, theirs: Batch) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), err_msg=name)
    assert (ours.distance, ours.carried) == (theirs.distance, theirs.carried)


def fingerprint(batch: Batch) -> bytes:
    return np.ascontiguousarray(batch.inputs).tobytes() + np.ascontiguousarray(batch.targets).tobytes()


def assert_pure(task: Task, seed: int, level: int, batch_size: int, updates: Sequence[int]) -> None:
    """The order in which batches are asked for changes nothing, and another task object makes the same ones."""
    forwards = [task.batch(seed, update, level, batch_size) for update in updates]
    backwards = [task.batch(seed, update, level, batch_size) for update in reversed(updates)]
    for ours, theirs in zip(forwards, reversed(backwards), strict=True):
        assert_same_batch(ours, theirs)


def assert_batches_are_those_of_batch(task: Task, seed: int, level: int, batch_size: int) -> None:
    for ours, update in zip(task.batches(seed, 5, 4, level, batch_size), range(5, 9), strict=True):
        assert_same_batch(ours, task.batch(seed, update, level, batch_size))


def assert_held_out(task: Task, seed: int, batch_size: int, count: int, level: int) -> None:
    """As many as were asked for, the same each time, others for another seed, none of them ever trained on."""
    batches = task.held_out(seed, count)
    assert sum(batch.size for batch in batches) == count
    assert sum(int(batch.asked.sum()) for batch in batches) > 0, "nothing is asked of held-out sequences"
    for ours, theirs in zip(batches, task.held_out(seed, count), strict=True):
        assert_batch(task, ours, ours.size)
        assert_same_batch(ours, theirs)
    if (
        count and len({fingerprint(batch) for batch in batches}) > 1
    ):  # a task that has but few sequences may repeat
        others = {fingerprint(batch) for batch in task.held_out(seed + 1, count)}
        assert {fingerprint(batch) for batch in batches} != others
        trained = {fingerprint(task.batch(seed, update, level, batches[0].size)) for update in range(1, 9)}
        assert not trained & {fingerprint(batch) for batch in batches}
    if task.longest_distance:
        at_one = task.held_out(seed, 4, task.longest_distance)
        assert {batch.distance for batch in at_one} == {task.longest_distance}


def assert_sequences(task: Task) -> None:
    """The probe, and sequences by the names of their events."""
    probe = task.probe()
    assert [event.name for event in task.probe_events()] == [event.name for event in probe.events]
    again = task.sequence([event.name for event in probe.events])
    for sequence in (probe, again):
        assert_sequence(task, sequence)
    np.testing.assert_array_equal(again.inputs, task.sequence([event.name for event in probe.events]).inputs)
    for name in (event.name for event in task.events()):
        single = task.sequence([name])
        assert single.events[0].name == name
        assert_sequence(task, single)
    with pytest.raises(KeyError) as refused:
        task.sequence(["no such event"])
    assert str(refused.value.args[0]).endswith("."), "a name that is no event is refused with a sentence"
    asking = task.asking_inputs()
    assert asking.shape == (task.input_size,)
    assert asking.dtype == np.float32


def assert_sequence(task: Task, sequence: EventSequence) -> None:
    shape = (sequence.length,)
    assert_inputs(task, sequence.inputs, shape)
    assert_targets(task, sequence.targets, shape)
    assert sequence.asked.shape == shape
    assert sequence.asked.dtype == np.bool_
    assert dense(sequence.inputs, task.input_size).shape == (sequence.length, task.input_size)
    for array in (sequence.inputs, sequence.targets, sequence.asked):
        assert not array.flags.writeable


def assert_right(task: Task, batches: Iterable[Batch]) -> None:
    """Who says exactly the targets is right wherever it is asked, and who says the contrary is not."""
    for batch in batches:
        outputs = perfect_outputs(task, batch)
        right = task.right(batch, outputs)
        assert right.shape == batch.asked.shape
        assert right.dtype == np.bool_
        assert right[batch.asked].all(), "the targets themselves do not count as right"
        wrong = task.right(batch, -outputs if task.loss == CROSS_ENTROPY else outputs + 10 * task.tolerance)
        assert not wrong[batch.asked].any(), "the contrary of the targets counts as right"


def perfect_outputs(task: Task, batch: Batch) -> np.ndarray:
    """(T, B, K): what a head would say that says exactly the targets."""
    if task.loss == SQUARED_ERROR:
        return np.array(batch.targets)
    return np.eye(len(task.answers), dtype=np.float32)[batch.targets] * 20
