"""What only the thread can get wrong: where work happens, how soon it lets go, how it waits."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from playground.app import SWITCH_INTERVAL
from playground.contract.runner import TraceRequest
from playground.engine.kernels.rests import TAKEN, WANTED, pieces_of
from playground.engine.trainer import Trainer
from playground.experiment import Experiment
from playground.runner import thread_runner
from playground.runner.conductor import CALM, Conductor
from playground.runner.mailbox import AnswerBox, Mailbox
from playground.runner.thread_runner import ThreadRunner
from playground.runner.training_run import TrainingRun
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import RunState
from tests.engine.tiny_task import tiny_experiment
from tests.runner.driving import Driver, assert_stands_at, forgetful_run, running, tiny_run

EXPERIMENT = tiny_experiment("rnn", "lstm")
PROMPT_SECONDS = 5.0
"""For things that are either there in milliseconds or never."""


@pytest.fixture
def driver() -> Iterator[Driver]:
    with running("thread") as driver:
        driver.load(EXPERIMENT)
        yield driver


class EndlessRun:
    """Makes runs whose second update ends only when it is interrupted; `entered` is set when it is in flight."""

    def __init__(self) -> None:
        self.entered = threading.Event()

    def __call__(self, experiment: Experiment, run_id: int) -> TrainingRun:
        run = tiny_run(experiment, run_id)
        prepare = run.trainer.prepare

        def prepare_until_interrupted(network: str, interrupted: Callable[[], bool]) -> bool:
            if run_id == 1 and run.update == 1 and network == "lstm":
                self.entered.set()
                while not interrupted():
                    pass
                return False
            return prepare(network, interrupted)

        run.trainer.prepare = prepare_until_interrupted  # type: ignore[method-assign]
        return run


@pytest.fixture
def endless() -> Iterator[Driver]:
    """In the middle of an update that never ends by itself."""
    make_run = EndlessRun()
    with running("thread", make_run) as driver:
        driver.load(EXPERIMENT)
        driver.runner.start()
        assert make_run.entered.wait(PROMPT_SECONDS)
        yield driver


def test_a_pause_abandons_the_update_in_flight(endless: Driver):
    endless.runner.pause()
    assert endless.runner.settle(PROMPT_SECONDS)
    assert endless.until_update(1).state is RunState.PAUSED
    assert_stands_at(endless.traces(), EXPERIMENT, 1)


def test_a_rewind_abandons_the_update_in_flight(endless: Driver):
    endless.runner.rewind()
    endless.until(lambda: endless.latest.update == 0)
    assert_stands_at(endless.latest, EXPERIMENT, 0)


def test_a_load_abandons_the_update_in_flight(endless: Driver):
    assert endless.load(tiny_experiment("gru")) == 2
    assert_stands_at(endless.train_to(3), tiny_experiment("gru"), 3)


def test_stop_abandons_the_update_in_flight(endless: Driver):
    assert endless.runner.stop(PROMPT_SECONDS)


def test_a_single_update_is_left_only_with_its_run():
    make_run = EndlessRun()
    with running("thread", make_run) as driver:
        driver.load(EXPERIMENT)
        driver.train_to(1)
        driver.runner.one_update()
        assert make_run.entered.wait(PROMPT_SECONDS)
        driver.runner.pause()
        assert not driver.runner.settle(
            timeout=0.05
        )  # the pause waits for the update that was asked for before it
        driver.runner.rewind()
        assert driver.runner.settle(PROMPT_SECONDS)


def test_a_stop_that_takes_too_long_says_so():
    began, may_end = threading.Event(), threading.Event()

    def stuck(experiment: Experiment, run_id: int) -> TrainingRun:
        began.set()
        assert may_end.wait(30.0)
        return tiny_run(experiment, run_id)

    runner = ThreadRunner(stuck)
    runner.load(EXPERIMENT)
    assert began.wait(PROMPT_SECONDS)
    assert not runner.stop(timeout=0.01)
    may_end.set()
    assert runner.stop()


def test_all_work_is_done_on_one_thread_that_is_no_daemon():
    threads = []

    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        threads.append(threading.current_thread())
        return tiny_run(experiment, run_id)

    with running("thread", make) as driver:
        assert threading.active_count() == len(threading.enumerate())
        before = set(threading.enumerate())
        driver.load(EXPERIMENT)
        driver.load(EXPERIMENT)
        assert set(threading.enumerate()) - before == {threads[0]}
        assert threads[0] is threads[1]
        assert not threads[0].daemon
    assert not threads[0].is_alive()


def test_of_many_loads_at_once_the_last_one_counts():
    made = []

    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        made.append(run_id)
        return tiny_run(experiment, run_id)

    with running("thread", make) as driver:
        for _ in range(50):
            driver.runner.load(EXPERIMENT)
        driver.runner.start()
        driver.until_update(2)
        assert driver.latest.run_id == 50
        assert {
            snapshot.run_id for snapshot in driver.snapshots if snapshot.state is not RunState.LOADING
        } == {50}
        assert len(made) < 50


def test_a_slow_run_wakes_at_once_for_every_command(driver: Driver):
    driver.runner.set_speed(0.001)  # the second update is due in a quarter of an hour
    driver.runner.start()
    driver.until_update(1)
    assert driver.latest.state is RunState.TRAINING
    assert driver.traces(TraceRequest(update=0)).update == 0
    assert driver.latest.update == 1
    driver.runner.one_update()
    assert driver.until_state(RunState.PAUSED).update in (1, 2)
    assert driver.until_update(2).update == 2
    driver.runner.start()
    driver.until_update(3)
    driver.runner.set_speed(None)
    driver.until_update(20)
    driver.runner.set_speed(0.001)
    driver.pause()
    assert_stands_at(driver.latest, EXPERIMENT, driver.latest.update)


def test_a_sleeping_run_takes_no_processor_time(driver: Driver):
    driver.pause()
    before = time.thread_time(), time.process_time()
    assert not driver.runner.wait_for_news(timeout=0.3)
    own, whole = time.thread_time() - before[0], time.process_time() - before[1]
    assert whole - own < 0.05


def test_a_speed_is_kept_and_said(driver: Driver):
    """The schedule itself is tested in test_pacer with a clock of its own; this is the thread keeping to it."""
    driver.runner.set_speed(50.0)
    driver.runner.start()
    driver.until_update(2)
    begun, first = time.monotonic(), driver.latest.update
    driver.until_update(first + 40)
    taken = time.monotonic() - begun
    assert taken > 39 / 50 - 0.1  # never faster; how much slower depends on the machine
    assert driver.latest.updates_per_second > 0.0


def test_the_latest_snapshot_wins_and_is_made_only_when_the_last_was_taken():
    runs: list[TrainingRun] = []

    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        runs.append(tiny_run(experiment, run_id))
        trace, runs[-1].traced = runs[-1].trainer.trace, set()  # type: ignore[attr-defined]

        def counted(network, sequence, *args, update=None):  # type: ignore[no-untyped-def]
            runs[-1].traced.add(runs[-1].update)  # type: ignore[attr-defined]
            return trace(network, sequence, *args, update=update)

        runs[-1].trainer.trace = counted  # type: ignore[method-assign]
        return runs[-1]

    with running("thread", make) as driver:
        driver.load(EXPERIMENT)
        for _ in range(200):
            driver.runner.one_update()
        assert driver.runner.settle()
        driver.until_update(200)
        assert len(driver.curve["rnn"]) == 200
        # far fewer traces than updates: at most two for each snapshot that was taken
        assert len(runs[0].traced) <= 2 * len(driver.snapshots) + 2  # type: ignore[attr-defined]


@pytest.fixture
def switching() -> Iterator[None]:
    """The interpreter is handed on as soon as in the window: who polls without a rest would keep it for 5 ms."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("switching")
def test_a_window_that_polls_all_the_time_sees_updates_in_order(driver: Driver):
    driver.runner.start()
    while not driver.snapshots or driver.latest.update < 8:  # each hands the interpreter on a thousand times
        driver.poll()
    updates = [snapshot.update for snapshot in driver.snapshots]
    assert updates == sorted(updates)
    rows = [row[0] for row in driver.curve["lstm"]]
    assert rows == list(range(1, driver.latest.update + 1))
    for snapshot in driver.snapshots:
        assert all(trace.update == snapshot.update for trace in snapshot.traces.values())


def test_many_questions_at_once_are_all_answered_while_training():
    with running("thread", forgetful_run) as driver:
        driver.load(EXPERIMENT)
        driver.runner.start()
        driver.until_update(50)
        asked = [driver.runner.request(TraceRequest(update=update)) for update in range(40)]
        for request_id in asked:
            driver.answer_to(request_id)
        assert [answer.request_id for answer in driver.answered] == asked


def test_starting_pausing_rewinding_and_loading_fifty_times_while_training():
    with running("thread") as driver:
        for turn in range(50):
            driver.load(EXPERIMENT)
            driver.runner.start()
            driver.until_update(1)
            driver.runner.pause()
            driver.runner.start()
            driver.runner.rewind()
            driver.runner.start()
            if turn % 2:
                driver.poll()
        driver.runner.rewind()
        driver.until(lambda: driver.latest.update == 0 and driver.latest.run_id == 50)
        assert_stands_at(driver.train_to(3), EXPERIMENT, 3)


def test_a_fault_of_the_runner_itself_is_said_too(driver: Driver, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object) -> None:
        raise AssertionError("a fault")

    monkeypatch.setattr("playground.runner.pacer.Pacer.note_update", broken)
    monkeypatch.setattr("playground.runner.failures.log.error", lambda *args, **named: None)
    driver.runner.start()
    failure = driver.until_state(RunState.FAILED).failure
    assert failure is not None
    assert "a fault" in failure.sentence


def test_the_runners_can_be_imported_without_torch_and_without_qt():
    code = (
        "import sys, playground.runner.thread_runner, playground.runner.sync_runner\n"
        "print([name for name in ('torch', 'PySide6') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_question_is_answered_between_two_networks_and_the_update_goes_on_where_it_was():
    """The second network's half of update 2 is only begun once a question was asked: it is answered before."""
    prepared: list[tuple[int, str]] = []
    asked = threading.Event()
    reached = threading.Event()

    def make(experiment: Experiment, run_id: int) -> TrainingRun:
        run = tiny_run(experiment, run_id)
        prepare = run.trainer.prepare

        def prepare_and_wait(network: str, interrupted: Callable[[], bool]) -> bool:
            done = prepare(network, interrupted)
            prepared.append((run.update, network))
            if len(prepared) == len(run.networks) + 1:
                reached.set()
                assert asked.wait(PROMPT_SECONDS)
            return done

        run.trainer.prepare = prepare_and_wait  # type: ignore[method-assign]
        return run

    with running("thread", make) as driver:
        driver.load(EXPERIMENT)
        driver.runner.start()
        assert reached.wait(PROMPT_SECONDS)
        request = driver.runner.request(TraceRequest(update=0))
        now = driver.runner.request(TraceRequest())
        asked.set()
        assert driver.answer_to(request).update == 0
        assert driver.answer_to(now).update == 1  # update 2 was not yet done
        driver.pause()
        at = driver.latest.update
        networks = [network for update, network in prepared if update == 1]
        assert len(networks) == len(set(networks))  # nothing was computed twice
        assert_stands_at(driver.latest, EXPERIMENT, at)


class NoticedEvent(threading.Event):
    """Tells when somebody begins to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.set()
        self.waited_for = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.waited_for.set()
        return super().wait(timeout)


@pytest.fixture
def aside(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    """A run that trains, and whose thread stands aside until it is told otherwise."""
    monkeypatch.setattr(thread_runner, "ASIDE_SECONDS", 600.0)
    runner = driver.runner
    assert isinstance(runner, ThreadRunner)
    runner._may_work = noticed = NoticedEvent()
    runner.start()
    driver.until_update(2)
    runner.stand_aside()
    assert noticed.waited_for.wait(PROMPT_SECONDS)
    yield driver
    runner.go_on()


def test_training_stands_aside_until_the_window_rests(aside: Driver):
    runner = aside.runner
    assert isinstance(runner, ThreadRunner)
    assert not runner._may_work.is_set()
    aside.poll()
    at = aside.latest.update
    assert aside.poll() is None  # it stands between two timesteps
    runner.go_on()
    aside.until_update(at + 3)
    assert_stands_at(aside.pause(), EXPERIMENT, aside.latest.update)


def test_a_pause_is_obeyed_by_who_stands_aside(aside: Driver):
    aside.runner.pause()
    aside.until_state(RunState.PAUSED)
    assert_stands_at(aside.latest, EXPERIMENT, aside.latest.update)


def test_stop_is_obeyed_by_who_stands_aside(aside: Driver):
    assert aside.runner.stop(PROMPT_SECONDS)


def test_nobody_stands_aside_for_long(driver: Driver, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(thread_runner, "ASIDE_SECONDS", 0.001)
    driver.runner.start()
    driver.until_update(1)
    for _ in range(20):
        driver.runner.stand_aside()
        driver.until_update(driver.latest.update + 1)


def test_kernels_stand_still_only_where_somebody_waits(driver: Driver):
    runner = driver.runner
    assert isinstance(runner, ThreadRunner)
    rest = runner._rest
    runner.stand_aside()
    assert rest[WANTED] == 0  # for a frame they go on
    runner.stand_aside(still=True)
    assert rest[WANTED] == pieces_of(thread_runner.ASIDE_SECONDS)
    rest[TAKEN] = 5
    runner.stand_aside(still=True)
    runner.stand_aside()
    assert (rest[WANTED], rest[TAKEN]) == (
        pieces_of(thread_runner.ASIDE_SECONDS),
        5,
    )  # no longer for more keys
    runner.go_on()
    assert rest[WANTED] == 0
    runner.stand_aside(still=True)
    assert rest[TAKEN] == 0
    runner.start()  # any command
    assert rest[WANTED] == 0
    runner.stand_aside(still=True)
    assert runner.stop(PROMPT_SECONDS)
    assert rest[WANTED] == 0


def test_traces_are_made_when_the_window_has_painted_the_last_ones():
    order: list[str] = []

    class WatchedRun(TrainingRun):
        def shown_traces(self, between: Callable[[], object] = int) -> Mapping[str, SequenceTrace]:
            order.append("traces")
            return super().shown_traces(between)

    def urgency() -> int:  # where the thread stands aside
        order.append("asked")
        return CALM

    conductor = Conductor(
        lambda experiment, run_id: WatchedRun(Trainer(experiment, run_id)),
        Mailbox(),
        AnswerBox(),
        urgency,
        time.monotonic,
    )
    conductor.load(1, 1, EXPERIMENT, lambda: False)
    conductor.report()
    assert order == ["asked", "traces", "asked"]  # and between the two networks


def test_while_the_window_paints_no_traces_of_training_are_made():
    rests = True
    mailbox = Mailbox()
    conductor = Conductor(
        lambda experiment, run_id: TrainingRun(Trainer(experiment, run_id)),
        mailbox,
        AnswerBox(),
        lambda: CALM,
        time.monotonic,
        may_work=lambda: rests,
    )
    mailbox.open(1)
    conductor.load(1, 1, EXPERIMENT, lambda: False)
    conductor.start()
    conductor.report()
    assert mailbox.take() is not None
    rests = False
    assert conductor.train_if_due() > 0
    assert not conductor.can_report()
    rests = True
    conductor.report()
    snapshot = mailbox.take()
    assert snapshot is not None
    assert snapshot.update > 0
    rests = False
    assert conductor.train_if_due() > 0
    conductor.pause()
    conductor.report()  # where it stands is said at once
    snapshot = mailbox.take()
    assert snapshot is not None
    assert snapshot.state is RunState.PAUSED
