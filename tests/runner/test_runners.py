"""Both runners do the same; where it matters, to the bit. Oracle: a trainer that did so many updates by itself."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch

from playground.contract.intervention import HoldQuantity
from playground.contract.runner import HorizonRequest, TraceRequest
from playground.experiment import Experiment
from playground.runner.training_run import TrainingRun
from playground.trace.snapshot import (
    HorizonAnswer,
    ReplayProgress,
    RequestFailure,
    RunState,
    TraceAnswer,
)
from tests.engine.tiny_task import ALL_CELLS, tiny_experiment
from tests.runner.driving import (
    Driver,
    assert_stands_at,
    forgetful_run,
    make_runner,
    running,
    same_bits,
    tiny_run,
    trained,
)

KINDS = ("thread", "sync")
EXPERIMENT = tiny_experiment("rnn", "lstm")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def driver(kind: str) -> Iterator[Driver]:
    with running(kind) as driver:
        driver.load(EXPERIMENT)
        yield driver


@pytest.fixture
def forgetful(kind: str) -> Iterator[Driver]:
    """A run that keeps few moments."""
    with running(kind, forgetful_run) as driver:
        driver.load(EXPERIMENT)
        yield driver


# -- load
def test_a_loaded_run_stands_at_update_0_and_shows_the_probe(kind: str):
    experiment = tiny_experiment()
    with running(kind) as driver:
        assert driver.load(experiment) == driver.runner.run_id == 1
        snapshot = driver.latest
        assert (snapshot.run_id, snapshot.update, snapshot.state) == (1, 0, RunState.PAUSED)
        assert snapshot.failure is None
        assert snapshot.path == "reference"
        assert (snapshot.sequences_seen, snapshot.updates_per_second) == (0, 0.0)
        assert snapshot.kept_updates.tolist() == [0]
        assert tuple(snapshot.traces) == ALL_CELLS
        assert_stands_at(snapshot, experiment, 0)


def test_a_run_that_is_not_ready_yet_says_that_it_loads():
    may_go_on = threading.Event()

    def slow(experiment: Experiment, run_id: int) -> TrainingRun:
        assert may_go_on.wait(30.0)
        return tiny_run(experiment, run_id)

    with running("thread", slow) as driver:
        driver.runner.load(EXPERIMENT)
        snapshot = driver.runner.poll()
        assert snapshot is not None
        assert (snapshot.run_id, snapshot.state, dict(snapshot.traces)) == (1, RunState.LOADING, {})
        driver.runner.start()  # is done when it is ready
        may_go_on.set()
        driver.until_update(3)
        assert driver.snapshots[0].state in (RunState.PAUSED, RunState.TRAINING)


def test_nothing_is_there_before_the_first_load(kind: str):
    runner = make_runner(kind)
    driver = Driver(runner)
    runner.set_speed(50.0)
    runner.start()
    runner.pause()
    runner.rewind()
    assert runner.poll() is None
    failure = driver.ask(TraceRequest())
    assert isinstance(failure, RequestFailure)
    assert failure.sentence == "There is no network yet to ask."
    assert runner.run_id == 0
    assert runner.stop()


def test_an_impossible_experiment_fails_with_its_sentence_and_the_next_one_is_fine(driver: Driver):
    driver.load(tiny_experiment("lstm", learning_rate=0.0))
    snapshot = driver.latest
    assert (snapshot.run_id, snapshot.state) == (2, RunState.FAILED)
    assert snapshot.failure is not None
    assert "Learning rate must be at least" in snapshot.failure.sentence
    assert snapshot.failure.run_id == 2
    for command in (
        driver.runner.start,
        driver.runner.one_update,
        driver.runner.restore,
        driver.runner.rewind,
    ):
        command()
    failure = driver.ask(TraceRequest())
    assert isinstance(failure, RequestFailure)
    assert "Learning rate" in failure.sentence
    assert driver.latest.state is RunState.FAILED
    assert driver.load(EXPERIMENT) == 3
    assert_stands_at(driver.train_to(2), EXPERIMENT, 2)


@pytest.mark.expects_log("Training stopped")
def test_an_engine_that_cannot_be_imported_is_said_in_a_sentence(kind: str):
    def no_torch(experiment: Experiment, run_id: int) -> TrainingRun:
        raise ImportError("No module named 'torch'")

    with running(kind, no_torch) as driver:
        driver.load(EXPERIMENT)
        assert driver.latest.failure is not None
        assert "could not be loaded: No module named 'torch'" in driver.latest.failure.sentence
        assert "doctor" in driver.latest.failure.advice


def test_a_load_while_training_leaves_the_old_run_behind(driver: Driver):
    other = tiny_experiment("gru", seed=5)
    driver.runner.start()
    driver.until_update(3)
    old = [driver.runner.request(TraceRequest()) for _ in range(3)]
    driver.runner.load(EXPERIMENT)
    superseded = driver.runner.request(TraceRequest())
    run_id = driver.runner.load(other)
    asked = driver.runner.request(TraceRequest())
    seen = len(driver.snapshots)
    answered = len(driver.answered)
    driver.until(lambda: driver.latest.run_id == run_id and driver.latest.state is RunState.PAUSED)
    answer = driver.answer_to(asked)
    assert isinstance(answer, TraceAnswer)
    assert_stands_at(answer, other, 0)
    assert all(snapshot.run_id == run_id for snapshot in driver.snapshots[seen:])
    assert {answer.request_id for answer in driver.answered[answered:]} == {asked}
    assert asked not in (*old, superseded)
    driver.curve.clear()
    assert_stands_at(driver.train_to(2), other, 2)
    assert [row[0] for row in driver.curve["gru"]] == [1, 2]


# -- start, pause, one update
def test_pause_changes_nothing_and_not_one_update_comes_after_it(driver: Driver):
    driver.runner.start()
    driver.until_update(5)
    assert driver.latest.state is RunState.TRAINING
    update = driver.pause().update
    assert driver.latest.updates_per_second == 0.0
    for _ in range(5):  # every question takes at least one turn of the runner
        assert_stands_at(driver.traces(), EXPERIMENT, update)
    assert driver.latest.update == update
    assert len(driver.curve["lstm"]) == update


def test_training_goes_on_after_a_pause_as_if_there_had_been_none(driver: Driver):
    for _ in range(10):
        driver.runner.start()
        driver.until_update(driver.latest.update + 2)
        driver.pause()
    assert_stands_at(driver.latest, EXPERIMENT, driver.latest.update)


def test_one_update_is_exactly_one(driver: Driver):
    for update in (1, 2, 3):
        driver.runner.one_update()
        driver.until_update(update)
        answer = driver.traces()
        assert_stands_at(answer, EXPERIMENT, update)
        assert driver.latest.state is RunState.PAUSED
    for _ in range(4):
        driver.runner.one_update()
    driver.until_update(7)
    driver.runner.settle()
    assert_stands_at(driver.traces(), EXPERIMENT, 7)


def test_one_update_while_training_pauses(driver: Driver):
    driver.runner.start()
    driver.until_update(3)
    driver.runner.one_update()
    driver.until_state(RunState.PAUSED)
    update = driver.traces().update
    assert driver.traces().update == update


def test_one_update_happens_though_pause_is_pressed_at_once(driver: Driver):
    driver.runner.one_update()
    driver.runner.pause()
    assert driver.until_update(1).update == 1
    assert driver.traces().update == 1


# -- rewind
@pytest.mark.parametrize("while_training", [False, True])
def test_rewind_goes_back_to_the_same_first_update_and_the_same_future(driver: Driver, while_training: bool):
    first = driver.latest.traces
    sixth = driver.train_to(6).traces
    losses = driver.curve["lstm"][:6]
    if while_training:
        driver.runner.start()
        driver.until_update(9)
    driver.runner.rewind()
    driver.until(lambda: driver.latest.update == 0)
    assert driver.latest.state is RunState.PAUSED
    assert driver.latest.run_id == driver.runner.run_id == 1
    assert driver.latest.kept_updates.tolist() == [0]
    assert all(same_bits(driver.latest.traces[network], first[network]) for network in first)
    driver.curve.clear()
    again = driver.train_to(6).traces
    assert all(same_bits(again[network], sixth[network]) for network in sixth)
    assert driver.curve["lstm"] == losses
    assert driver.latest.kept_updates.tolist() == list(range(7))


def test_nothing_from_before_a_rewind_is_said_after_it(driver: Driver):
    for _ in range(20):
        driver.runner.start()
        driver.until_update(4)
        driver.runner.rewind()
        driver.curve.clear()
        driver.runner.start()
        driver.snapshots.clear()
        driver.until(lambda: bool(driver.snapshots) and driver.latest.update >= 2)
        updates = [row[0] for row in driver.curve["lstm"]]
        assert updates == list(range(1, len(updates) + 1))
        driver.pause()
    assert_stands_at(driver.latest, EXPERIMENT, driver.latest.update)


# -- snapshots and curves
@pytest.mark.parametrize("polls", [1, 4])
def test_curves_lose_no_update_however_rarely_they_are_taken(driver: Driver, polls: int):
    for turn in range(polls):
        for _ in range(12 // polls):
            driver.runner.one_update()
        driver.runner.settle()
        driver.until_update(12 // polls * (turn + 1))
    oracle = trained(EXPERIMENT, 0)
    for update in range(1, 13):
        result = oracle.do_update()
        assert result is not None
        for network in oracle.networks:
            found = result.networks[network]
            expected = (update, found.loss, found.asked_loss, found.right, found.level)
            assert driver.curve[network][update - 1] == pytest.approx(expected, rel=1e-6)
    assert {len(rows) for rows in driver.curve.values()} == {12}


def test_a_snapshot_is_frozen_and_stays_as_it_was(driver: Driver):
    snapshot = driver.train_to(3)
    trace = snapshot.traces["lstm"]
    before = trace.logits.copy()
    driver.train_to(6)
    assert np.array_equal(trace.logits, before)
    for array in (trace.logits, snapshot.kept_updates, snapshot.progress["lstm"].loss):
        with pytest.raises(ValueError):
            array[0] = 0


def test_sequences_are_counted(driver: Driver):
    assert driver.train_to(5).sequences_seen == 5 * 8


@pytest.mark.parametrize("seed", range(4))
def test_the_run_is_the_same_whatever_is_pressed_and_however_it_is_polled(kind: str, seed: int):
    chance = random.Random(seed)
    with running(kind, forgetful_run) as driver:
        driver.load(EXPERIMENT)
        actions: list[Callable[[], object]] = [
            driver.runner.start,
            driver.runner.start,
            driver.runner.pause,
            driver.runner.one_update,
            driver.poll,
            driver.poll,
            lambda: driver.until_update(driver.latest.update),
            lambda: driver.runner.request(TraceRequest(update=chance.randrange(40), measure_since=1)),
            lambda: driver.runner.cancel(driver.runner.request(TraceRequest(update=1, exact=True))),
            lambda: driver.runner.set_speed(chance.choice([None, 2000.0])),
            driver.runner.settle,
        ]
        for _ in range(120):
            chance.choice(actions)()
        driver.pause()
        driver.train_to(driver.latest.update + 1)
        assert_stands_at(driver.latest, EXPERIMENT, driver.latest.update)
        assert [row[0] for row in driver.curve["rnn"]] == list(range(1, driver.latest.update + 1))


# -- the past
def test_a_kept_moment_comes_back_exactly(forgetful: Driver):
    forgetful.train_to(60)
    kept = forgetful.latest.kept_updates.tolist()
    assert kept == [0, 8, 16, 24, 32, 40, 48, *range(53, 61)]
    for update in kept:
        assert_stands_at(forgetful.traces(TraceRequest(update=update)), EXPERIMENT, update)
    assert_stands_at(forgetful.latest, EXPERIMENT, 60)  # the live networks never moved
    assert_stands_at(forgetful.train_to(62), EXPERIMENT, 62)


def test_a_moment_that_is_not_kept_is_the_nearest_before_or_replayed_exactly(forgetful: Driver):
    forgetful.train_to(60)
    assert_stands_at(forgetful.traces(TraceRequest(update=23)), EXPERIMENT, 16)
    assert_stands_at(forgetful.traces(TraceRequest(update=1000)), EXPERIMENT, 60)
    for update in (23, 47, 1):
        assert_stands_at(forgetful.traces(TraceRequest(update=update, exact=True)), EXPERIMENT, update)
    only_one = forgetful.traces(TraceRequest(update=23, exact=True, networks=("lstm",)))
    assert tuple(only_one.traces) == ("lstm",)
    assert_stands_at(only_one, EXPERIMENT, 23)
    assert_stands_at(forgetful.train_to(61), EXPERIMENT, 61)


def test_a_replay_tells_how_far_it_has_come(forgetful: Driver):
    forgetful.train_to(60)
    answer = forgetful.traces(TraceRequest(update=31, exact=True))
    progress = [said for said in forgetful.answered if isinstance(said, ReplayProgress)]
    assert all(said.request_id == answer.request_id and said.target_update == 31 for said in progress)
    at = [said.at_update for said in progress]
    assert at == sorted(set(at))
    assert all(16 <= update <= 31 for update in at)


def test_a_replay_while_training_disturbs_nothing(forgetful: Driver):
    forgetful.train_to(60)
    forgetful.runner.start()
    replay = forgetful.runner.request(TraceRequest(update=31, exact=True))
    quick = forgetful.runner.request(TraceRequest(update=0))
    for request_id, update in ((quick, 0), (replay, 31)):
        answer = forgetful.answer_to(request_id)
        assert isinstance(answer, TraceAnswer)
        assert_stands_at(answer, EXPERIMENT, update)
    assert forgetful.latest.update > 60
    forgetful.pause()
    assert_stands_at(forgetful.latest, EXPERIMENT, forgetful.latest.update)


def test_a_paused_run_says_that_it_replays_and_when_it_has_done():
    with running("sync", forgetful_run) as driver:
        driver.load(tiny_experiment())
        driver.train_to(60)
        driver.runner.request(TraceRequest(update=31, exact=True))  # 15 updates of five networks
        driver.poll()
        assert driver.latest.state is RunState.REPLAYING
        driver.until_state(RunState.PAUSED)
        assert any(isinstance(answer, TraceAnswer) for answer in driver.answered)


def test_a_cancelled_request_is_never_answered(forgetful: Driver):
    forgetful.train_to(60)
    cancelled = forgetful.runner.request(TraceRequest(update=31, exact=True))
    forgetful.runner.poll()
    forgetful.runner.cancel(cancelled)
    forgetful.traces()
    assert cancelled not in {answer.request_id for answer in forgetful.answered}
    assert forgetful.until_state(RunState.PAUSED).update == 60


# -- questions
def test_answers_come_with_interventions_measures_and_other_sequences(driver: Driver):
    driver.train_to(4)
    oracle = trained(EXPERIMENT, 4)
    sequence = oracle.task.sequence(("zero", "filler", "filler", "filler", "ask"))
    held = (HoldQuantity("hidden_state", 0.5, timesteps=(1,)),)
    answer = driver.traces(TraceRequest(sequence=sequence, interventions=held, measure_since=1))
    assert set(answer.traces) == set(answer.measures) == {"rnn", "lstm"}
    for network, trace in answer.traces.items():
        assert same_bits(trace, oracle.trace(network, sequence, held))
        expected = oracle.measures(network, sequence, 1)
        assert np.array_equal(answer.measures[network].survives, expected.survives, equal_nan=True)
        assert answer.measures[network].update == 4
    assert_stands_at(driver.latest, EXPERIMENT, 4)


def test_how_long_memories_last_is_counted(driver: Driver):
    driver.train_to(4)
    answer = driver.ask(HorizonRequest((1, 3), 21, update=2, exact=True))
    assert isinstance(answer, HorizonAnswer)
    oracle = trained(EXPERIMENT, 2)
    assert (answer.update, answer.distances, answer.asked) == (2, (1, 3), (21, 21))
    from playground.runner.questions import HORIZON_SEED

    for network in oracle.networks:
        for index, distance in enumerate((1, 3)):
            rate = oracle.evaluate(network, oracle.task.held_out(HORIZON_SEED, 21, distance))
            assert answer.right[network][index] == round(21 * rate)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (TraceRequest(networks=("gru",)), "No network called gru takes part in this run."),
        (TraceRequest(update=-1), "There is no update -1: training begins at update 0."),
        (TraceRequest(update=5, exact=True), "Update 5 is yet to come: the run stands at update 1."),
        (TraceRequest(measure_since=4), "There is no timestep 5 to measure from: the sequence has 4."),
        (
            TraceRequest(interventions=(HoldQuantity("hidden_state", 0.0, timesteps=(9,)),)),
            "There is no timestep 10 to hold: the sequence has 4.",
        ),
        (
            HorizonRequest((), 5),
            "How long memories last is asked with at least one distance and one sequence.",
        ),
    ],
)
def test_a_question_without_an_answer_gets_a_sentence_and_the_run_goes_on(
    driver: Driver, request_: TraceRequest | HorizonRequest, sentence: str
):
    driver.train_to(1)
    failure = driver.ask(request_)
    assert isinstance(failure, RequestFailure)
    assert failure.sentence == sentence
    assert_stands_at(driver.train_to(2), EXPERIMENT, 2)


# -- failures
def poisoned_run(at: int, poison: float = math.nan) -> Callable[[Experiment, int], TrainingRun]:
    """Makes runs in which the LSTM's loss is no number at update `at`, once."""

    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        run = tiny_run(experiment, run_id)
        make_batch, left = run.trainer.task.batch, [poison]

        def batch(seed: int, update: int, level: int, batch_size: int):  # type: ignore[no-untyped-def]
            made = make_batch(seed, update, level, batch_size)
            if update == at and left:
                made.loss_weights.setflags(write=True)
                made.loss_weights[0] = left.pop()
            return made

        run.trainer.task.batch = batch  # type: ignore[method-assign]
        return run

    return make


@pytest.mark.parametrize("how", ["start", "one_update"])
def test_a_loss_that_is_no_number_stops_the_run_with_a_sentence_and_sound_networks(kind: str, how: str):
    with running(kind, poisoned_run(at=4)) as driver:
        driver.load(EXPERIMENT)
        if how == "start":
            driver.runner.start()
        else:
            for _ in range(6):
                driver.runner.one_update()
        snapshot = driver.until_state(RunState.FAILED)
        assert snapshot.failure is not None
        assert (snapshot.failure.network, snapshot.failure.update) == ("rnn", 3)
        assert "the loss of the RNN is not a number" in snapshot.failure.sentence
        assert (
            "look at what the task 'Tiny' shows" in snapshot.failure.advice
        )  # its loss weights are poisoned
        assert_stands_at(snapshot, EXPERIMENT, 3)

        driver.runner.start()  # nothing happens in a failed run
        driver.runner.one_update()
        assert_stands_at(driver.traces(), EXPERIMENT, 3)  # but it can be looked at
        assert_stands_at(driver.traces(TraceRequest(update=1)), EXPERIMENT, 1)

        driver.runner.restore()
        snapshot = driver.until_state(RunState.PAUSED)
        assert snapshot.failure is None
        assert_stands_at(driver.train_to(6), EXPERIMENT, 6)
        assert [row[0] for row in driver.curve["lstm"]] == [1, 2, 3, 4, 5, 6]


def test_rewind_clears_a_failure(kind: str):
    with running(kind, poisoned_run(at=3, poison=math.inf)) as driver:
        driver.load(EXPERIMENT)
        driver.runner.start()
        driver.until_state(RunState.FAILED)
        driver.runner.rewind()
        driver.until_state(RunState.PAUSED)
        assert driver.latest.failure is None
        assert_stands_at(driver.train_to(4), EXPERIMENT, 4)


def test_weights_that_were_spoilt_from_outside_are_restored_from_a_checkpoint(kind: str):
    runs: list[TrainingRun] = []

    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        runs.append(tiny_run(experiment, run_id))
        return runs[-1]

    with running(kind, make) as driver:
        driver.load(EXPERIMENT)
        driver.train_to(20)
        with torch.no_grad():  # the thread sleeps: it is paused
            runs[0].trainer.models["lstm"].head.bias[0] = math.nan
        driver.runner.start()
        driver.until_state(RunState.FAILED)
        driver.runner.restore()
        driver.until_state(RunState.PAUSED)
        assert driver.latest.update == 16
        assert driver.latest.kept_updates.tolist() == list(range(17))
        driver.curve.clear()
        assert_stands_at(driver.train_to(22), EXPERIMENT, 22)
        assert [row[0] for row in driver.curve["lstm"]] == list(range(17, 23))


@pytest.mark.expects_log("Training stopped after update 2")
def test_any_exception_becomes_a_failure_that_can_be_restored(kind: str):
    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        run = tiny_run(experiment, run_id)
        do_update, left = run.trainer.do_update, [RuntimeError("the disk is on fire")]

        def fail_once(interrupted, wanted_elsewhere):  # type: ignore[no-untyped-def]
            if run.update == 2 and left:
                raise left.pop()
            return do_update(interrupted, wanted_elsewhere)

        run.trainer.do_update = fail_once  # type: ignore[method-assign]
        return run

    with running(kind, make) as driver:
        driver.load(EXPERIMENT)
        driver.runner.start()
        failure = driver.until_state(RunState.FAILED).failure
        assert failure is not None
        assert "after update 2" in failure.sentence
        assert "the disk is on fire" in failure.sentence
        driver.runner.restore()
        driver.until_state(RunState.PAUSED)
        assert_stands_at(driver.train_to(4), EXPERIMENT, 4)


def test_too_little_memory_is_said_in_a_sentence(kind: str):
    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 123 bytes")

    with running(kind, make) as driver:
        driver.load(EXPERIMENT)
        assert driver.latest.failure is not None
        assert "not enough memory" in driver.latest.failure.sentence
        assert "batch" in driver.latest.failure.advice


# -- the end
@pytest.mark.parametrize("what", ["nothing", "paused", "training", "replaying"])
def test_stop_ends_it_for_good_and_may_be_called_twice(kind: str, what: str):
    runner = make_runner(kind, forgetful_run)
    driver = Driver(runner)
    if what != "nothing":
        driver.load(EXPERIMENT)
        driver.train_to(40)
    if what == "training":
        runner.start()
    if what == "replaying":
        runner.request(TraceRequest(update=15, exact=True))
    assert runner.stop()
    assert runner.stop()
    driver.poll()
    if what != "nothing":
        assert driver.latest.state is RunState.STOPPED
    for command in (runner.start, runner.pause, runner.one_update, runner.rewind, runner.restore):
        command()
    runner.set_speed(5.0)
    run_id = runner.run_id
    assert runner.load(EXPERIMENT) == run_id
    failure = driver.ask(TraceRequest())
    assert isinstance(failure, RequestFailure)
    assert driver.poll() is None


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
def test_a_speed_is_more_than_nothing(driver: Driver, speed: float):
    with pytest.raises(ValueError, match="more than 0 updates a second"):
        driver.runner.set_speed(speed)
