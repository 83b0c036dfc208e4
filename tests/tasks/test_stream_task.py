"""What texts and series share: what is read and asked at every position, what is held out, what memory is worth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.tasks.batching import MEMORY_MODES, SHUFFLED, Batching, places_read, visit
from playground.tasks.series.learned_series import SineMixture
from playground.tasks.stream_task import StreamTask
from playground.tasks.text.learned_texts import Headlines, Names
from playground.tasks.text.vocabulary import shown


@pytest.fixture(scope="module", params=[Names, SineMixture])
def task(request: pytest.FixtureRequest) -> StreamTask:
    made: StreamTask = request.param()
    return made


def test_the_target_is_what_stands_one_later(task: StreamTask) -> None:
    positions = np.array([[0, 5], [1, 6]])
    here, after = task.inputs_at(positions + 1), task.targets_at(positions)
    np.testing.assert_array_equal(here.reshape(after.shape), after)


def test_every_held_out_position_is_asked_for_once(task: StreamTask) -> None:
    assert sum(int(batch.asked.sum()) for batch in task.held_out_all()) == task.end - task.split  # type: ignore[attr-defined]


def test_held_out_windows_never_ask_for_what_is_trained_on(task: StreamTask) -> None:
    starts = np.array([task.split, task.end - 3])
    (batch,) = task.windows(starts, 4, 5)
    assert batch.asked.sum(axis=0).tolist() == [5, 3]
    assert not batch.asked[:4].any()
    targets = task.targets_at(starts - 1)
    np.testing.assert_array_equal(batch.targets[4], targets)


def test_words_are_short_and_of_the_sequence() -> None:
    names = Names()
    text = names.corpus.text(0, 20)
    assert [names.word_at(at) for at in range(20)] == [shown(character) for character in text]
    sine = SineMixture()
    assert sine.word_at(5) == f"{math.sin(math.pi / 2) + math.sin(10 * math.pi / 33):.2f}"


def test_who_remembers_nothing_reaches_the_entropy_of_the_frequencies() -> None:
    task = Headlines()
    text = task.corpus.text(0, task.split)
    shares = [text.count(character) / len(text) for character in set(text)]
    guess = task.memoryless()
    assert guess.loss == pytest.approx(-sum(share * math.log(share) for share in shares), rel=1e-9)


def test_saying_the_value_that_is_there_has_this_squared_error() -> None:
    task = SineMixture()
    said = task.scaled[: task.split].astype(np.float64)
    guess = task.memoryless()
    assert guess.loss == pytest.approx(float(np.mean((said[1:] - said[:-1]) ** 2)), rel=1e-9)
    assert "same as now" in guess.title


def test_places_say_when_each_mini_sequence_is_read() -> None:
    batching = Batching(200, 3, 4)
    read = [visit(batching, SHUFFLED, 7, update + 1).trained for update in range(batching.batches)]
    places = places_read(batching, SHUFFLED, 7)
    assert places is not None
    assert [int(places[batch]) for batch in read] == list(range(batching.batches))
    assert all(places_read(batching, memory, 7) is None for memory in MEMORY_MODES if memory != SHUFFLED)
    assert places_read(Batching(100_000_000, 1, 2), SHUFFLED, 7) is None
