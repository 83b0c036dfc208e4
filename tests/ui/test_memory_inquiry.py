"""The Memory page asks for what it shows: one question at a time, about the moment shown, and not too often."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.contract.runner import HorizonRequest, TraceRequest
from playground.tasks import TASKS
from playground.ui.monitor import RunMonitor
from playground.ui.panels.memory_inquiry import (
    HORIZON_DISTANCES,
    HORIZON_PAUSE,
    MEASURES_PAUSE,
    RESTS,
    MemoryInquiries,
    distances_of,
)
from playground.ui.state import UiState
from tests.ui.memory_runner import MemoryRunner


class Scene:
    def __init__(self) -> None:
        self.now = 0.0
        self.news = 0
        self.runner = MemoryRunner()
        self.runner.answer_at_once = False
        self.state = UiState()
        self.monitor = RunMonitor(self.runner, self.state)
        self.inquiries = MemoryInquiries(self.state, self.monitor, self.changed, lambda: self.now)
        self.monitor.begin()
        self.monitor.poll_once()

    def changed(self) -> None:
        self.news += 1

    def open_requests(self) -> list[object]:
        return [self.runner.requests[request_id] for request_id in self.runner.open]

    def answer_all(self) -> None:
        while self.runner.open:
            self.runner.answer_next()
            self.monitor.poll_once()


@pytest.fixture
def scene(qapp: QApplication, qtbot: QtBot) -> Iterator[Scene]:
    scene = Scene()
    yield scene
    scene.monitor.stop()


def test_never_more_than_one_of_each_kind_is_under_way(scene: Scene) -> None:
    for _ in range(5):
        scene.inquiries.look()
    measures, horizon = scene.open_requests()
    assert isinstance(measures, TraceRequest)
    assert measures.measure_since == 0
    assert measures.update is None
    assert isinstance(horizon, HorizonRequest)
    assert horizon.distances == HORIZON_DISTANCES
    scene.inquiries.since = 4
    scene.inquiries.look()
    assert len(scene.runner.open) == 2


def test_a_moment_that_is_known_is_not_asked_for_again(scene: Scene) -> None:
    scene.inquiries.look()
    scene.answer_all()
    assert scene.news == 2
    assert scene.inquiries.measures.answers_to(scene.inquiries.wanted_measures)
    assert scene.inquiries.horizon.answers_to(scene.inquiries.wanted_horizon)
    scene.inquiries.look()
    assert not scene.runner.open


def test_another_timestep_to_count_from_asks_for_measures_only(scene: Scene) -> None:
    scene.inquiries.look()
    scene.answer_all()
    scene.inquiries.since = 3
    scene.inquiries.look()
    (request,) = scene.open_requests()
    assert isinstance(request, TraceRequest)
    assert request.measure_since == 3


def test_a_wish_that_changed_meanwhile_is_asked_for_after_the_answer(scene: Scene) -> None:
    scene.inquiries.look()
    scene.inquiries.since = 5
    scene.inquiries.look()
    scene.runner.answer_next()
    scene.monitor.poll_once()
    assert [
        request.measure_since for request in scene.open_requests() if isinstance(request, TraceRequest)
    ] == [5]


def test_while_training_it_waits_between_questions(scene: Scene) -> None:
    scene.inquiries.look()
    scene.answer_all()
    scene.monitor.start()
    scene.monitor.poll_once()
    scene.inquiries.look()
    assert not scene.runner.open
    scene.now += MEASURES_PAUSE
    scene.inquiries.look()
    assert [type(request) for request in scene.open_requests()] == [TraceRequest]
    scene.answer_all()
    scene.now += HORIZON_PAUSE
    scene.monitor.poll_once()
    scene.inquiries.look()
    assert {type(request) for request in scene.open_requests()} == {TraceRequest, HorizonRequest}


def test_what_takes_long_is_asked_rarely(scene: Scene) -> None:
    scene.inquiries.look()
    scene.now += 2.0  # 500 events, 128 units
    scene.answer_all()
    scene.monitor.start()
    scene.now += RESTS * 2.0 - 0.1
    scene.monitor.poll_once()
    scene.inquiries.look()
    assert TraceRequest not in [type(request) for request in scene.open_requests()]
    scene.now += 0.2
    scene.inquiries.look()
    assert TraceRequest in [type(request) for request in scene.open_requests()]


def test_a_chosen_moment_is_asked_for_exactly(scene: Scene) -> None:
    scene.runner.answer_at_once = True
    scene.monitor.start()
    for _ in range(5):
        scene.monitor.poll_once()
    scene.monitor.pause()
    scene.monitor.go_to(20)
    scene.monitor.poll_once()
    scene.runner.answer_at_once = False
    scene.inquiries.look()
    for request in scene.open_requests():
        assert isinstance(request, TraceRequest | HorizonRequest)
        assert request.update == 20
        assert request.exact
    scene.answer_all()
    assert scene.inquiries.measures.answer is not None
    assert scene.inquiries.measures.answer.update == 20


def test_a_question_that_failed_is_not_repeated_but_said(scene: Scene) -> None:
    scene.inquiries.look()
    first, second = list(scene.runner.open)
    scene.runner.open.clear()
    scene.runner.answer_failure(first, "There is no timestep 12 to measure from.")
    scene.runner.answer_failure(second, "Nothing can be asked now.")
    scene.monitor.poll_once()
    assert scene.inquiries.measures.failure == "There is no timestep 12 to measure from."
    scene.inquiries.look()
    assert not scene.runner.open
    scene.monitor.one_update()
    scene.monitor.poll_once()
    scene.inquiries.look()
    assert len(scene.runner.open) == 2


def test_another_run_forgets_everything(scene: Scene) -> None:
    scene.inquiries.look()
    scene.monitor.rewind()
    scene.inquiries.forget()
    scene.monitor.poll_once()
    assert not scene.inquiries.measures.under_way
    scene.inquiries.look()
    assert scene.inquiries.measures.under_way


def test_nothing_is_asked_before_there_is_a_run(qapp: QApplication, qtbot: QtBot) -> None:
    runner = MemoryRunner()
    state = UiState()
    monitor = RunMonitor(runner, state)
    MemoryInquiries(state, monitor, lambda: None).look()
    assert not runner.requests


def test_every_task_is_asked_at_distances_that_it_has() -> None:
    assert distances_of(TASKS["nature-show"](None)) == HORIZON_DISTANCES
    assert distances_of(TASKS["delayed-recall"](None)) == (0, 5, 10, 20, 30)
    assert distances_of(TASKS["temporal-order"](None)) == (12, 25, 50, 75)  # lengths; none is shorter than 12
    for task in TASKS.values():
        distances = distances_of(task(None))
        assert distances == tuple(sorted(set(distances)))
        assert min(distances) >= 0
