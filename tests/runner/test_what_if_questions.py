"""What-if questions: about the very moment that is shown, with edited events, answered by the same tracer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from types import MappingProxyType

import numpy as np
import pytest

from playground.contract.intervention import HoldQuantity, InsertEvent, RemoveEvent, ReplaceEvent, SetMemory
from playground.contract.runner import TraceRequest
from playground.trace.snapshot import RequestFailure
from tests.engine.tiny_task import tiny_experiment
from tests.runner.driving import Driver, running, same_bits, trained

EXPERIMENT = tiny_experiment("rnn", "lstm")


@pytest.fixture(params=("thread", "sync"))
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with running(str(request.param)) as driver:
        driver.load(EXPERIMENT)
        yield driver


def test_the_moment_shown_is_asked_about_however_far_the_run_has_gone(driver: Driver) -> None:
    driver.train_to(3)
    shown = driver.traces(TraceRequest()).traces
    driver.train_to(9)
    changes = (HoldQuantity("hidden_state", 0.25, since=2), SetMemory("hidden_state", 0.0, at=1))
    answer = driver.traces(TraceRequest(interventions=changes, weights_from=shown))
    assert answer.update == 3
    oracle = trained(EXPERIMENT, 3)
    for network, trace in answer.traces.items():
        assert trace.update == 3
        assert same_bits(trace, oracle.trace(network, oracle.task.probe(), changes))
    unchanged = driver.traces(TraceRequest(weights_from=shown))
    for network, trace in unchanged.traces.items():
        assert same_bits(trace, shown[network])


def test_events_are_edited_where_the_network_reads_them(driver: Driver) -> None:
    driver.train_to(2)
    oracle = trained(EXPERIMENT, 2)
    names = [event.name for event in oracle.task.probe().events]
    other = next(event.name for event in oracle.task.events() if event.name != names[0])
    for edits, wanted in (
        ((ReplaceEvent(0, other),), [other, *names[1:]]),
        ((InsertEvent(1, other),), [names[0], other, *names[1:]]),
        ((RemoveEvent(0),), names[1:]),
    ):
        answer = driver.traces(TraceRequest(interventions=edits))
        for network, trace in answer.traces.items():
            assert trace.length == len(wanted)
            assert same_bits(trace, oracle.trace(network, oracle.task.sequence(wanted)))


def test_an_unknown_event_and_a_strange_moment_get_a_sentence(driver: Driver) -> None:
    driver.train_to(1)
    failure = driver.ask(TraceRequest(interventions=(ReplaceEvent(0, "unicorn"),)))
    assert isinstance(failure, RequestFailure)
    assert "unicorn" in failure.sentence
    assert failure.sentence.endswith(".")
    shown = driver.traces(TraceRequest()).traces
    other_run = MappingProxyType({key: dataclasses.replace(trace, run_id=99) for key, trace in shown.items()})
    failure = driver.ask(TraceRequest(weights_from=other_run))
    assert isinstance(failure, RequestFailure)
    assert failure.sentence == "The moment that is shown is not of this run: show one of this run first."
    assert np.all([trace.update == 1 for trace in shown.values()])
