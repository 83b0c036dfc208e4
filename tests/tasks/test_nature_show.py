"""The nature show: what a batch is made of, and that the question can be answered only from what came before."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.tasks.nature_show import NatureShow, PictureBatch
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.tasks.pictures import (
    AMBIGUOUS,
    BOTH,
    HELD_OUT_BANK,
    HOME,
    NATURE,
    PICTURES,
    TRAINING_BANK,
    UNAMBIGUOUS,
    VARIANTS,
    nearest,
    picture_bank,
    templates,
)
from playground.tasks.task import Task

TASK = NatureShow()
ARRAYS = ("inputs", "targets", "asked", "loss_weights", "rows")


def pictures(batch: PictureBatch) -> np.ndarray:
    """(T, B) the names of what is shown."""
    return np.array(PICTURES)[batch.rows // VARIANTS]


def many(task: NatureShow = TASK, level: int = 40, updates: int = 60) -> list[PictureBatch]:
    return [task.batch(3, update, level, 32) for update in range(updates)]


def test_the_table_makes_the_task() -> None:
    task: Task = TASKS["nature-show"](NatureShowSettings(flowers=(1, 5)))
    assert task.name == "nature-show"
    assert task.first_level().level == 5
    assert TASKS["nature-show"](None).first_level().level == 40


def test_events_and_answers_are_said_in_words() -> None:
    titles = [event.title for event in TASK.events()]
    assert titles[:12] == [answer.title for answer in TASK.answers]
    assert titles[12] == "dog or wolf?"
    assert [event.name for event in TASK.events() if event.filler] == ["flower", "tree"]
    assert [event.name for event in TASK.events() if event.asking] == [AMBIGUOUS]
    assert [answer.index for answer in TASK.answers] == list(range(12))
    assert [TASK.answers[index].name for index in TASK.rivals] == ["wolf", "dog"]


def test_a_batch_is_a_pure_function_of_seed_update_and_level() -> None:
    batch = TASK.batch(5, 17, 12, 32)
    TASK.batch(6, 3, 40, 8)  # what was made in between changes nothing
    again = NatureShow(NatureShowSettings()).batch(5, 17, 12, 32)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(batch, name), getattr(again, name))
    for other in (TASK.batch(6, 17, 12, 32), TASK.batch(5, 18, 12, 32)):
        assert batch.rows.shape != other.rows.shape or not np.array_equal(batch.rows, other.rows)


def test_batches_of_two_seeds_never_meet() -> None:
    """Seed 1, update 2 must not be seed 2, update 1: a fan of seeds would train on each other's pictures."""
    drawn = {TASK.batch(seed, update, 40, 8).rows.tobytes() for seed in range(12) for update in range(12)}
    assert len(drawn) == 144


def test_the_shapes_and_types_are_those_of_the_protocol() -> None:
    batch = TASK.batch(1, 0, 40, 32)
    length = len(batch.loss_weights)
    assert batch.inputs.shape == (length, 32, TASK.input_size)
    assert batch.inputs.dtype == np.float32
    assert batch.inputs.flags.c_contiguous
    assert batch.targets.shape == batch.asked.shape == batch.rows.shape == (length, 32)
    assert batch.targets.dtype == np.int64
    assert batch.asked.dtype == np.bool_
    assert batch.loss_weights.dtype == np.float32


def test_no_array_of_a_batch_can_be_written() -> None:
    for batch in (TASK.batch(1, 0, 40, 4), TASK.held_out(1, 4)[0]):
        for name in ARRAYS:
            with pytest.raises(ValueError, match="read-only"):
                getattr(batch, name)[0] = 0


def test_a_sequence_is_telling_pictures_then_flowers_and_trees_then_the_question() -> None:
    for batch in many():
        shown = pictures(batch)
        telling = len(shown) - batch.distance - 1
        assert 1 <= telling <= 3
        assert np.isin(shown[telling:-1], BOTH).all()
        assert (shown[-1] == AMBIGUOUS).all()
        nature = np.isin(shown[:telling], NATURE)
        home = np.isin(shown[:telling], HOME)
        assert (nature ^ home).all()
        assert (nature.all(axis=0) | home.all(axis=0)).all()


def test_the_inputs_are_the_rows_of_the_training_bank() -> None:
    batch = TASK.batch(2, 4, 10, 32)
    np.testing.assert_array_equal(batch.inputs, picture_bank(TRAINING_BANK).rows[batch.rows])


def test_the_last_answer_is_decided_by_what_came_before_alone() -> None:
    for batch in many():
        shown = pictures(batch)
        names = np.array([answer.name for answer in TASK.answers])[batch.targets]
        np.testing.assert_array_equal(names[:-1], shown[:-1])
        np.testing.assert_array_equal(names[-1], np.where(np.isin(shown[0], NATURE), "wolf", "dog"))
        assert batch.asked[-1].all()
        assert not batch.asked[:-1].any()


def test_the_last_picture_alone_tells_nothing() -> None:
    """A straight line fitted to the last pictures of 200 batches names fresh ones no better than a coin."""
    training = [TASK.batch(3, update, 0, 32) for update in range(200)]
    x = np.concatenate([batch.inputs[-1] for batch in training]).astype(np.float64)  # (N, I)
    y = np.concatenate([batch.targets[-1] for batch in training]) == TASK.rivals[0]
    weights = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ (2.0 * y - 1.0))  # ridge regression
    right = [
        ((batch.inputs[-1] @ weights > 0) == (batch.targets[-1] == TASK.rivals[0])).mean()
        for batch in TASK.held_out(3, 4000)
    ]
    assert np.mean(right) == pytest.approx(TASK.chance, abs=0.03)


def test_half_of_every_even_batch_is_nature_show_and_half_home_video() -> None:
    for batch in [*many(), *TASK.held_out(1, 320)]:
        assert (batch.targets[-1] == TASK.rivals[0]).mean() == 0.5


def test_odd_batches_are_balanced_in_the_long_run() -> None:
    wolves = [(TASK.batch(3, update, 2, 1).targets[-1] == TASK.rivals[0]).mean() for update in range(1000)]
    assert np.mean(wolves) == pytest.approx(0.5, abs=0.05)


def test_every_telling_picture_flower_and_variant_is_shown_alike() -> None:
    batches = many(updates=300)
    first = np.concatenate([pictures(batch)[0] for batch in batches])
    for name in NATURE + HOME:
        assert (first == name).mean() == pytest.approx(0.1, abs=0.02)
    between = np.concatenate([pictures(batch)[3:-1].ravel() for batch in batches])
    assert (between == "flower").mean() == pytest.approx(0.5, abs=0.02)
    variants = np.bincount(np.concatenate([batch.rows.ravel() % VARIANTS for batch in batches]), minlength=64)
    assert variants.min() > 0.9 * variants.mean()


def test_the_distance_covers_the_range_of_the_settings() -> None:
    task = NatureShow(NatureShowSettings(flowers=(3, 7)))
    distances = [batch.distance for batch in many(task, level=7, updates=500)]
    assert set(distances) == {3, 4, 5, 6, 7}
    assert np.bincount(distances)[3:].min() > 70
    assert {batch.distance for batch in many(task, level=5)} == {3, 4, 5}


def test_no_flowers_at_all_is_possible() -> None:
    task = NatureShow(NatureShowSettings(flowers=(0, 0)))
    assert {batch.distance for batch in many(task, level=0)} == {0}
    assert {len(batch.targets) for batch in many(task, level=0)} == {2, 3, 4}


def test_the_question_weighs_as_much_as_all_other_timesteps_together() -> None:
    for batch in many():
        assert batch.loss_weights[-1] == 0.5
        assert batch.loss_weights.sum() == pytest.approx(1.0, abs=1e-6)
        assert np.ptp(batch.loss_weights[:-1]) == 0.0


def test_held_out_sequences_come_from_the_held_out_bank() -> None:
    for batch in TASK.held_out(1, 100):
        assert isinstance(batch, PictureBatch)
        np.testing.assert_array_equal(batch.inputs, picture_bank(HELD_OUT_BANK).rows[batch.rows])


def test_held_out_sequences_are_as_many_as_asked_for_and_pure() -> None:
    for count in (1, 31, 32, 33, 2000):
        assert sum(batch.targets.shape[1] for batch in TASK.held_out(4, count)) == count
    assert TASK.held_out(4, 0) == []
    first, again, other = TASK.held_out(4, 200), TASK.held_out(4, 200), TASK.held_out(5, 200)
    for batch, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(batch.inputs, same.inputs)
    assert any(
        batch.inputs.shape != different.inputs.shape for batch, different in zip(first, other, strict=True)
    )


def test_held_out_distances_are_spread_over_the_range_or_all_alike() -> None:
    spread = [batch.distance for seed in range(20) for batch in TASK.held_out(seed, 41 * 32)]
    assert np.bincount(spread, minlength=41).tolist() == [20] * 41  # 41 batches, 41 distances: each once
    assert {batch.distance for batch in TASK.held_out(1, 200, distance=160)} == {160}
    assert {len(batch.targets) - 161 for batch in TASK.held_out(1, 200, distance=160)} == {1, 2, 3}


def test_the_probe_is_the_sequence_of_the_pictures() -> None:
    probe = TASK.probe()
    titles = [event.title for event in probe.events]
    assert TASK.probe_events() == probe.events
    expected = "bear,fox,flower,tree,tree,flower,flower,tree,flower,dog or wolf?".split(",")
    assert titles == expected
    assert [TASK.answers[target].name for target in probe.targets] == [*expected[:-1], "wolf"]
    assert probe.asked.tolist() == [False] * 9 + [True]
    assert probe.inputs.shape == (10, 256)
    again = NatureShow().probe()
    np.testing.assert_array_equal(probe.inputs, again.inputs)
    for array in (probe.inputs, probe.targets, probe.asked):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_probe_is_seen_as_what_it_is() -> None:
    bank = picture_bank(HELD_OUT_BANK)
    for event, seen in zip(TASK.probe().events, TASK.probe().inputs, strict=True):
        assert any(np.array_equal(seen, variant) for variant in bank.variants(event.name))


def test_swapping_or_lengthening_changes_nothing_else() -> None:
    short = TASK.sequence(["bear", "flower", "tree", AMBIGUOUS])
    swapped = TASK.sequence(["sofa", "flower", "tree", AMBIGUOUS])
    np.testing.assert_array_equal(short.inputs[1:], swapped.inputs[1:])
    assert [TASK.answers[sequence.targets[-1]].name for sequence in (short, swapped)] == ["wolf", "dog"]
    longer = TASK.sequence(["bear", "flower", "tree", "flower", "flower", AMBIGUOUS])
    np.testing.assert_array_equal(short.inputs[:3], longer.inputs[:3])
    np.testing.assert_array_equal(short.inputs[-1], longer.inputs[-1])
    assert not np.array_equal(longer.inputs[1], longer.inputs[3])  # the second flower is another flower


def test_the_question_can_be_asked_at_any_time() -> None:
    sequence = TASK.sequence(["dog", AMBIGUOUS, "flower", AMBIGUOUS])
    assert sequence.asked.tolist() == [False, True, False, True]
    np.testing.assert_array_equal(sequence.inputs[1], TASK.asking_inputs())
    assert TASK.asking_inputs().shape == (256,)
    with pytest.raises(ValueError, match="read-only"):
        TASK.asking_inputs()[0] = 0.0


@pytest.mark.parametrize(
    ("names", "answer", "asked"),
    [
        (("flower", AMBIGUOUS), "wolf", False),  # nothing tells
        (("bear", "sofa", AMBIGUOUS), "dog", False),  # one against one: the later one, not counted
        (("sofa", "bear", AMBIGUOUS), "wolf", False),
        (("bear", "fox", "sofa", AMBIGUOUS), "wolf", True),
        (("wolf", AMBIGUOUS), "wolf", True),
    ],
)
def test_what_cannot_be_known_is_not_asked(names: tuple[str, ...], answer: str, asked: bool) -> None:
    sequence = TASK.sequence(names)
    assert TASK.answers[sequence.targets[-1]].name == answer
    assert bool(sequence.asked[-1]) is asked


def test_an_unknown_picture_is_refused_with_a_sentence() -> None:
    with pytest.raises(KeyError, match="The nature show has no picture called 'unicorn'"):
        TASK.sequence(["bear", "unicorn"])
    with pytest.raises(ValueError, match="at least one picture"):
        TASK.sequence([])


def test_settings_go_to_json_and_back_to_the_same_batches() -> None:
    experiment = Experiment(task=NatureShowSettings(flowers=(2, 9), curriculum=True))
    again = Experiment.from_json(experiment.to_json())
    assert again == experiment
    assert dataclasses.asdict(again.task) == {"flowers": (2, 9), "curriculum": True}
    before, after = (NatureShow(each.task).batch(1, 2, 9, 8) for each in (experiment, again))
    np.testing.assert_array_equal(before.inputs, after.inputs)


def test_the_probe_is_shown_clearly_and_asks_fairly() -> None:
    probe = TASK.probe()
    seen = probe.inputs.astype(np.float64)
    assert nearest(seen[:-1], UNAMBIGUOUS) == [event.name for event in probe.events[:-1]]
    clean = templates()
    to_dog, to_wolf = (
        np.linalg.norm(seen[-1] - clean.centred(clean.of(name)).reshape(-1)) for name in ("dog", "wolf")
    )
    assert abs(to_dog - to_wolf) < 0.01 * to_dog
