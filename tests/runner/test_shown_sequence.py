"""Another sequence than the probe is traced in every snapshot, until the run begins anew. Oracle: a trainer alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from playground.runner.conductor import CALM, TRACES_REST, Conductor
from playground.runner.mailbox import AnswerBox, Mailbox
from playground.runner.training_run import TrainingRun
from playground.tasks.task import EventSequence
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import TrainingSnapshot
from tests.engine.tiny_task import TinyTask, tiny_experiment
from tests.runner.driving import Driver, assert_stands_at, running, same_bits, tiny_run, trained

EXPERIMENT = tiny_experiment("rnn", "lstm")
OTHER = TinyTask().sequence(("zero", "filler", "filler", "filler", "filler", "ask"))


@pytest.fixture(params=("thread", "sync"))
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with running(str(request.param)) as driver:
        driver.load(EXPERIMENT)
        yield driver


def until_shown(driver: Driver, sequence: EventSequence | None) -> TrainingSnapshot:
    driver.until(lambda: driver.latest.sequence is sequence and bool(driver.latest.traces))
    return driver.latest


def assert_shows(snapshot: TrainingSnapshot, sequence: EventSequence) -> None:
    oracle = trained(EXPERIMENT, snapshot.update)
    for network, trace in snapshot.traces.items():
        assert trace.update == snapshot.update
        assert same_bits(trace, oracle.trace(network, sequence))


def test_it_is_told_at_once_though_nothing_was_learned(driver: Driver):
    assert driver.latest.sequence is None
    driver.runner.show_sequence(OTHER)
    assert_shows(until_shown(driver, OTHER), OTHER)
    driver.runner.show_sequence(None)
    assert_stands_at(until_shown(driver, None), EXPERIMENT, 0)


def test_it_is_traced_while_the_networks_learn(driver: Driver):
    driver.runner.show_sequence(OTHER)
    assert_shows(driver.train_to(3), OTHER)
    driver.train_to(5)
    assert driver.latest.sequence is OTHER
    assert_shows(driver.latest, OTHER)


@pytest.mark.parametrize("command", [lambda runner: runner.rewind(), lambda runner: runner.load(EXPERIMENT)])
def test_a_run_that_begins_anew_shows_its_probe(driver: Driver, command: Callable[..., None]):
    driver.runner.show_sequence(OTHER)
    driver.train_to(2)
    command(driver.runner)
    driver.until(lambda: driver.latest.update == 0 and bool(driver.latest.traces))
    assert_stands_at(until_shown(driver, None), EXPERIMENT, 0)


def test_a_sequence_that_is_slow_to_trace_does_not_hold_learning_up():
    now, took = 0.0, 1.0

    class SlowRun(TrainingRun):
        def shown_traces(self, between: Callable[[], object] = int) -> Mapping[str, SequenceTrace]:
            nonlocal now
            now += took
            return super().shown_traces(between)

    mailbox = Mailbox()
    conductor = Conductor(
        lambda experiment, run_id: SlowRun(tiny_run(experiment, run_id).trainer),
        mailbox,
        AnswerBox(),
        lambda: CALM,
        lambda: now,
    )
    conductor.load(1, 1, EXPERIMENT, lambda: False)
    mailbox.open(1)

    def told(seconds: float) -> bool:
        """Whether the next snapshot, so much later and one update on, has traces."""
        nonlocal now
        now += seconds
        conductor.train_if_due(1)
        conductor.report()
        snapshot = mailbox.take()
        assert snapshot is not None
        assert snapshot.sequence is OTHER
        return bool(snapshot.traces)

    conductor.start()
    conductor.show_sequence(OTHER)
    assert told(0.0)  # it was just chosen
    assert not told(0.9 * (TRACES_REST - took))
    assert told(0.2 * (TRACES_REST - took))
    assert not told(0.1)
    conductor.pause()
    assert told(0.0)  # what stands still is always shown
