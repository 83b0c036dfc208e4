"""Right answers on held-out sequences with something changed, against every sequence traced alone and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from playground.contract.intervention import (
    HoldQuantity,
    Intervention,
    InterventionError,
    RemoveEvent,
    SetMemory,
    within,
)
from playground.contract.runner import ChangedRateRequest, TraceRequest
from playground.engine.changed_reading import changed_outputs
from playground.runner.conductor import CALM, Conductor
from playground.runner.mailbox import AnswerBox, Mailbox
from playground.runner.questions import CHANGED_SEED
from playground.tasks.task import Batch, EventSequence
from playground.trace.snapshot import ChangedRateAnswer, RequestFailure, TraceAnswer
from tests.engine.tiny_task import EVENTS, tiny_experiment
from tests.runner.driving import Driver, running, tiny_run, trained

EXPERIMENT = tiny_experiment("rnn", "lstm")
HOLD = HoldQuantity("hidden_state", 0.3, timesteps=(0, 2), units=(1, 3))
WIPE = SetMemory("hidden_state", 0.0, at=2)


@pytest.fixture(params=("thread", "sync"))
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with running(str(request.param)) as driver:
        driver.load(EXPERIMENT)
        yield driver


def sequences_of(batch: Batch) -> list[EventSequence]:
    """Every sequence of a batch of the tiny task by itself."""
    return [
        EventSequence(
            tuple(EVENTS[int(symbol)] for symbol in batch.inputs[:, row].argmax(-1)),
            batch.inputs[:, row],
            batch.targets[:, row],
            batch.asked[:, row],
        )
        for row in range(batch.size)
    ]


def counted(
    update: int, network: str, count: int, distance: int | None, changes: Sequence[Intervention]
) -> int:
    """The oracle: a trainer of its own traces one sequence after the other."""
    trainer = trained(EXPERIMENT, update)
    hits = 0
    for batch in trainer.task.held_out(CHANGED_SEED, count, distance):
        for sequence in sequences_of(batch):
            trace = trainer.trace(network, sequence, within(changes, sequence.length))
            hits += int((trace.logits.argmax(-1) == sequence.targets)[sequence.asked].sum())
    return hits


def asked(driver: Driver, request: ChangedRateRequest) -> ChangedRateAnswer | RequestFailure:
    answer = driver.answer_to(driver.runner.request(request))
    assert isinstance(answer, ChangedRateAnswer | RequestFailure)
    return answer


def test_right_answers_are_those_of_every_sequence_alone_with_the_weights_shown(driver: Driver) -> None:
    driver.train_to(4)
    shown = driver.traces(TraceRequest()).traces
    driver.train_to(7)
    for changes, distance in (((HOLD,), 3), ((WIPE, HOLD), None)):
        request = ChangedRateRequest(changes, sequences=20, distance=distance, weights_from=shown)
        answer = asked(driver, request)
        assert isinstance(answer, ChangedRateAnswer)
        assert (answer.update, answer.sequences, answer.asked) == (4, 20, 20)
        for network in ("rnn", "lstm"):
            assert answer.right[network] == counted(4, network, 20, distance, ())
            assert answer.changed[network] == counted(4, network, 20, distance, changes)


def test_what_makes_no_sense_gets_a_sentence(driver: Driver) -> None:
    shut = HoldQuantity("forget_gate", 0.0)
    for request, said in (
        (ChangedRateRequest((shut,), networks=("rnn",)), "has no forget gate"),
        (ChangedRateRequest((), sequences=0), "at least one sequence"),
        (ChangedRateRequest((), networks=("nobody",)), "nobody"),
    ):
        answer = asked(driver, request)
        assert isinstance(answer, RequestFailure)
        assert said in answer.sentence


def test_nothing_changed_is_what_the_network_says() -> None:
    trainer = trained(EXPERIMENT, 3)
    (batch,) = trainer.task.held_out(1, 8, 4)
    model = trainer.models["lstm"]
    outputs = changed_outputs(model, batch)
    for row, sequence in enumerate(sequences_of(batch)):
        np.testing.assert_allclose(outputs[:, row], trainer.trace("lstm", sequence).logits, atol=1e-6)
    with pytest.raises(InterventionError, match="no unit 9"):
        changed_outputs(model, batch, (HoldQuantity("forget_gate", 0.0, units=(8,)),))


def test_what_lies_beyond_a_sequence_is_passed_over() -> None:
    late = HoldQuantity("forget_gate", 0.0, since=5)
    some = HoldQuantity("forget_gate", 0.0, timesteps=(1, 7))
    changes = (late, RemoveEvent(0), some, SetMemory("cell_state", 0.0, at=6), WIPE)
    assert within(changes, 5) == (HoldQuantity("forget_gate", 0.0, timesteps=(1,)), WIPE)
    assert within(changes, 8) == (late, some, SetMemory("cell_state", 0.0, at=6), WIPE)
    assert within((HoldQuantity("forget_gate", 0.0, timesteps=(9,)),), 8) == ()


def test_what_somebody_waits_for_is_answered_before_what_takes_long():
    answers = AnswerBox()
    conductor = Conductor(tiny_run, Mailbox(), answers, lambda: CALM, lambda: 0.0)
    conductor.load(1, 1, EXPERIMENT, lambda: False)
    answers.open(1)
    conductor.ask(1, 7, ChangedRateRequest((HOLD,), sequences=200))
    for _ in range(3):
        assert conductor.answer_a_piece()
    assert answers.empty
    conductor.ask(1, 8, TraceRequest())
    pieces = 0
    while answers.empty:
        assert conductor.answer_a_piece()
        pieces += 1
    (answer,) = answers.take()
    assert isinstance(answer, TraceAnswer)
    assert pieces <= 4  # two networks, and what goes before and after: none of the other's
    while answers.empty:
        assert conductor.answer_a_piece()
    assert isinstance(answers.take()[0], ChangedRateAnswer)
