"""Asked to write, to forecast, and for the held-out loss: the same as the engine says, at any moment of the run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from playground.contract.generation import GenerationSettings
from playground.contract.runner import ForecastRequest, HeldOutRequest, Question, WritingRequest
from playground.engine.generation import forecast, generate
from playground.engine.held_out import held_out_loss
from playground.engine.trainer import Trainer
from playground.experiment import Experiment, NetworkSettings, TrainingSettings
from playground.runner.training_run import TrainingRun
from playground.tasks.series.learned_series import Sunspots
from playground.tasks.task import Task
from playground.tasks.text.learned_texts import Names
from playground.tasks.text.settings import NameSettings, TextFileSettings
from playground.trace.snapshot import ForecastAnswer, HeldOutAnswer, RequestFailure, RunState, WritingAnswer
from tests.runner.driving import Driver, running

EXPERIMENT = Experiment(
    networks=(NetworkSettings("rnn", units=5), NetworkSettings("lstm", units=5)),
    training=TrainingSettings(batch_size=4),
)
NAMES: Task = Names()  # type: ignore[assignment]
SUNSPOTS: Task = Sunspots()  # type: ignore[assignment]


def run_of(task: Task) -> Iterator[Driver]:
    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        return TrainingRun(Trainer(experiment, run_id, task=task))

    with running("sync", make) as driver:
        driver.load(EXPERIMENT)
        yield driver


@pytest.fixture
def names() -> Iterator[Driver]:
    yield from run_of(NAMES)


@pytest.fixture
def sunspots() -> Iterator[Driver]:
    yield from run_of(SUNSPOTS)


def asked(driver: Driver, question: Question) -> object:
    return driver.answer_to(driver.runner.request(question))


def trained(task: Task, updates: int) -> Trainer:
    trainer = Trainer(EXPERIMENT, task=task)
    while trainer.update < updates:
        trainer.do_updates(1)
    return trainer


def test_every_network_writes_by_the_same_random_numbers_at_the_moment_asked_for(names: Driver) -> None:
    names.train_to(4)
    settings = GenerationSettings(prompt="Ma", length=60, seed=3)
    answer = asked(names, WritingRequest(settings))
    past = asked(names, WritingRequest(settings, networks=("lstm",), update=2, exact=True))
    assert isinstance(answer, WritingAnswer)
    assert isinstance(past, WritingAnswer)
    assert (answer.update, past.update) == (4, 2)
    assert list(past.texts) == ["lstm"]
    for update, found in ((4, answer), (2, past)):
        oracle = trained(NAMES, update)
        for network, text in found.texts.items():
            expected = generate(oracle.models[network], Names().vocabulary, settings)
            assert expected is not None
            assert text.text == expected.text
            np.testing.assert_array_equal(text.logits, expected.logits)
    np.testing.assert_array_equal(answer.texts["rnn"].random_numbers, answer.texts["lstm"].random_numbers)


def test_the_held_out_loss_is_that_of_the_engine(names: Driver) -> None:
    names.train_to(2)
    answer = asked(names, HeldOutRequest())
    assert isinstance(answer, HeldOutAnswer)
    oracle = trained(NAMES, 2)
    for network, loss in answer.losses.items():
        expected = held_out_loss(oracle.models[network], Names().held_out_all(), "cross_entropy")
        assert loss == pytest.approx(expected, rel=1e-6)


def test_every_network_forecasts(sunspots: Driver) -> None:
    sunspots.train_to(3)
    answer = asked(sunspots, ForecastRequest(horizon=20))
    assert isinstance(answer, ForecastAnswer)
    oracle = trained(SUNSPOTS, 3)
    for network, found in answer.forecasts.items():
        expected = forecast(oracle.models[network], Sunspots(), horizon=20)
        assert expected is not None
        np.testing.assert_allclose(found.one_ahead, expected.one_ahead, rtol=1e-5)
        np.testing.assert_allclose(found.free, expected.free, rtol=1e-5)
        assert len(found.one_ahead) == 62


def test_what_cannot_be_asked_gets_a_sentence(names: Driver, sunspots: Driver) -> None:
    for driver, question, sentence in (
        (names, ForecastRequest(), "choose a series first"),
        (sunspots, WritingRequest(GenerationSettings()), "choose a text first"),
        (names, WritingRequest(GenerationSettings(), networks=("gru",)), "No network called gru"),
        (sunspots, ForecastRequest(start=-4), "begins at a position from 1 to 309"),
    ):
        answer = asked(driver, question)
        assert isinstance(answer, RequestFailure)
        assert sentence in answer.sentence


def test_a_run_that_cannot_begin_says_why() -> None:
    impossible = Experiment.of_task("names")
    changed = dataclasses.replace(
        impossible, training=TrainingSettings(batch_size=1024), task=NameSettings(sequence_length=64)
    )
    gone = dataclasses.replace(
        Experiment.of_task("text"), task=TextFileSettings(file="no-such-file.txt"), task_name="text"
    )

    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        return TrainingRun(Trainer(experiment, run_id, path="reference"))

    with running("sync", make) as driver:
        driver.runner.load(gone)
        failure = driver.until_state(RunState.FAILED).failure
        assert failure is not None
        assert failure.sentence.startswith("The file 'no-such-file.txt' is not there")
        assert failure.advice.startswith("Choose another text or table")
        driver.load(changed)
        driver.runner.one_update()
        failure = driver.until_state(RunState.FAILED).failure
        assert failure is not None
        assert "too short: 1024 rows of 64 timesteps" in failure.sentence
