"""What the Memory page asks the runner for: influence, gradients and units of the very moment that is asked about."""

from __future__ import annotations

import numpy as np
import pytest

from playground.contract.runner import Question, TraceRequest, UnitsRequest
from playground.engine.gradients import loss_gradient
from playground.engine.influence import influence, replacement_inputs
from playground.engine.trainer import Trainer
from playground.trace.snapshot import RequestFailure, TraceAnswer, UnitsAnswer
from tests.engine.tiny_task import TinyTask, tiny_experiment
from tests.runner.driving import Driver, running

KINDS = ("sync", "thread")
EXPERIMENT = tiny_experiment("rnn", "lstm", clip_norm=0.25)


def ask(driver: Driver, question: Question) -> object:
    request_id = driver.runner.request(question)
    for _ in range(2000):
        driver.runner.wait_for_news(5.0)
        driver.poll()
        for answer in driver.answered + driver.runner.answers():
            if answer.request_id == request_id and isinstance(
                answer, TraceAnswer | UnitsAnswer | RequestFailure
            ):
                return answer
    raise AssertionError("No answer came.")


def oracle(updates: int) -> Trainer:
    trainer = Trainer(EXPERIMENT, task=TinyTask(curriculum=True))
    for _ in range(updates):
        trainer.do_update()
    return trainer


@pytest.mark.parametrize("kind", KINDS)
def test_influence_and_gradient_are_those_of_the_moment_asked_about(kind: str) -> None:
    with running(kind) as driver:
        driver.runner.load(EXPERIMENT)
        for _ in range(4):
            driver.runner.one_update()
        answer = ask(driver, TraceRequest(update=2, exact=True, measure_since=0))
    assert isinstance(answer, TraceAnswer)
    trainer, probe = oracle(2), TinyTask().probe()
    for network in ("rnn", "lstm"):
        found, model = answer.measures[network], trainer.models[network]
        assert found.influence is not None
        assert found.loss_gradient is not None
        expected = influence(model, probe.inputs, replacement_inputs(TinyTask(), probe))
        np.testing.assert_allclose(found.influence, expected, atol=1e-6)
        gradient = loss_gradient(model, probe, 0.25)
        assert found.loss_gradient.clip_norm == 0.25
        assert found.loss_gradient.weights == pytest.approx(gradient.weights, rel=1e-5)
        for state, norms in gradient.states.items():
            np.testing.assert_allclose(found.loss_gradient.states[state], norms, rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_units_are_read_over_held_out_sequences(kind: str) -> None:
    with running(kind) as driver:
        driver.runner.load(EXPERIMENT)
        driver.runner.one_update()
        answer = ask(driver, UnitsRequest(20, layer=4))  # where there are not so many: the top one
        refused = ask(driver, UnitsRequest(0))
    assert isinstance(answer, UnitsAnswer)
    assert answer.update == 1
    assert set(answer.measures) == {"rnn", "lstm"}
    assert answer.measures["lstm"].sequences == 20
    assert (answer.measures["lstm"].layer, answer.measures["lstm"].depth) == (0, 1)
    assert answer.measures["lstm"].facts == ()  # this task knows none
    assert set(answer.measures["lstm"].change_times) == {"hidden_state", "cell_state"}
    assert isinstance(refused, RequestFailure)
    assert refused.sentence.endswith(".")
