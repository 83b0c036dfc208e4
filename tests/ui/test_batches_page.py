"""The Batches page, driven as a user would: cut, step, choose what memory does, train beside the run."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.experiment import Experiment
from playground.tasks.batching import CARRY, MEMORY_MODE_WORDS, MEMORY_MODES, SHUFFLED
from playground.trace.snapshot import TrainingSnapshot
from playground.ui.batch_trials import ECHOES, SPEED_BATCHES, UPDATES, memory_trials, speed_trials
from playground.ui.monitor import RunMonitor
from playground.ui.pages.batches import BatchesPage
from playground.ui.plots.batch_places import PIECES, RIBBON, ROWS
from playground.ui.state import UiState
from playground.ui.style_sheet import style_sheet
from playground.ui.trials import Trial, TrialRuns
from tests.ui.fake_runner import FakeRunner

SIZES = [(920, 600), (1180, 640), (1800, 960)]


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(updates_per_poll=100)


@pytest.fixture
def page(qtbot: QtBot, runner: FakeRunner) -> BatchesPage:
    state = UiState()
    state.motion = False
    monitor = RunMonitor(FakeRunner(), state)
    monitor.begin(make_spare=lambda: runner)
    page = BatchesPage(state, monitor)
    page.setStyleSheet(style_sheet(state.theme))
    qtbot.addWidget(page)
    page.resize(1180, 640)
    page.show()
    return page


def test_begins_with_the_guides_example(page: BatchesPage) -> None:
    assert page.cutting.sentence.words == (
        "Batch 1 of 1: row 1 reads 0 1 2 and is asked for 1 2 3; row 2 reads 5 6 7 and is asked for 6 7 8."
    )
    assert page.cutting.left_over.words == (
        "2 left over in each row (3 4 and 8 9): too few for another mini-sequence. 10 is only a target."
    )


def test_is_cut_in_three_stages(page: BatchesPage, qtbot: QtBot) -> None:
    for stage, beginning in (
        (RIBBON, "One sequence of 11"),
        (ROWS, "Cut into 2 rows of 5"),
        (PIECES, "Batch 1"),
    ):
        qtbot.mouseClick(page.cutting.stage.button(stage), Qt.MouseButton.LeftButton)
        assert page.cutting.map.stage == stage
        assert page.cutting.sentence.words.startswith(beginning)
        assert bool(page.cutting.left_over.words) == (stage == PIECES)


def test_the_cutting_moves_where_things_may_move_and_can_be_interrupted(
    page: BatchesPage, qtbot: QtBot
) -> None:
    page.state.motion = True
    page.cutting.show_stage(RIBBON)
    assert page.cutting.map.moving
    page.cutting.show_stage(ROWS)
    assert page.cutting.map.moving
    qtbot.waitUntil(lambda: not page.cutting.map.moving, timeout=5000)
    page.state.motion = False
    page.cutting.show_stage(PIECES)
    assert not page.cutting.map.moving


def test_steps_through_the_batches(page: BatchesPage) -> None:
    page.cutting.choose_source("numbers")
    batches = page.cutting.batching.batches
    assert batches == 4
    page.turn_by(1)
    assert page.cutting.batch == 1
    page.turn_by(-5)
    assert page.cutting.batch == 0
    page.turn_to_end(last=True)
    assert page.cutting.batch == batches - 1
    assert f"Batch {batches} of {batches}" in page.cutting.sentence.words
    QTest.keyClick(page.cutting.map, Qt.Key.Key_Left)
    assert page.cutting.batch == batches - 2
    first = page.cutting.map.placed().by_position[0].box.center()
    QTest.mouseClick(page.cutting.map, Qt.MouseButton.LeftButton, pos=QPoint(int(first.x()), int(first.y())))
    assert page.cutting.batch == 0


def test_what_is_too_long_is_refused_with_a_sentence(page: BatchesPage) -> None:
    before = page.cutting.batching
    page.cutting.timesteps.setValue(40)
    assert "too short" in page.cutting.sentence.words
    assert page.cutting.rows.property("problem")
    assert page.cutting.batching is before
    page.cutting.timesteps.setValue(4)
    assert page.cutting.batching.sequence_length == 4
    assert not page.cutting.rows.property("problem")


def test_every_way_of_keeping_memory_is_said_and_drawn(page: BatchesPage, qtbot: QtBot) -> None:
    page.cutting.choose_source("text")
    pictures = set()
    for memory in MEMORY_MODES:
        qtbot.mouseClick(page.memory.ways.button(memory), Qt.MouseButton.LeftButton)
        assert MEMORY_MODE_WORDS[memory] in page.memory.words.text()
        picture = page.cutting.map.grab().toImage()
        pictures.add(bytes(picture.constBits()))
    assert len(pictures) == len(MEMORY_MODES)
    assert page.memory.memory == SHUFFLED


def test_trains_all_ways_one_after_the_other(page: BatchesPage, runner: FakeRunner) -> None:
    page.memory.all.click()
    assert page.trials.current == CARRY
    assert page.memory.all.text() == "Stop"
    assert not page.memory.one.isEnabled()
    for _ in range(4 * (UPDATES // runner.updates_per_poll + 2)):
        page.trials.poll_once()
    assert not page.trials.busy
    assert list(page.trials.results) == list(MEMORY_MODES)
    loads = [call[1] for call in runner.calls if isinstance(call, tuple) and call[0] == "load"]
    assert loads == [trial.experiment for trial in memory_trials(ECHOES[0])]
    assert [len(line.values) for line in page.memory.race.lines] == [UPDATES] * 4
    assert "% right" in page.memory.words.text()
    assert page.memory.all.text() == "Train all four"


def test_updates_at_which_nothing_was_asked_leave_no_hole(
    page: BatchesPage, runner: FakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = runner.snapshot

    def with_a_gap() -> TrainingSnapshot:
        snapshot = plain()
        for progress in snapshot.progress.values():
            progress.asked_loss[progress.updates % 50 == 1] = np.nan
        return snapshot

    monkeypatch.setattr(runner, "snapshot", with_a_gap)
    page.memory.train_one()
    for _ in range(5):
        page.trials.poll_once()
    (line,) = page.memory.race.lines
    assert len(line.values) == 490
    assert np.isfinite(line.values).all()
    page.memory.race.grab()


def test_another_echo_begins_anew(page: BatchesPage, qtbot: QtBot) -> None:
    page.memory.all.click()
    page.trials.poll_once()
    qtbot.mouseClick(page.memory.learned.button("longer"), Qt.MouseButton.LeftButton)
    assert not page.trials.busy
    assert page.memory.race.lines == ()
    assert ECHOES[1].sentence in page.memory.race.empty


def test_speed_is_measured_and_only_then_shown(
    page: BatchesPage, runner: FakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = itertools.count(0.0, 0.5)
    plain = runner.snapshot
    monkeypatch.setattr(runner, "snapshot", lambda: dataclasses.replace(plain(), taken_at=next(seconds)))
    assert all(bar.value is None for bar in page.speed.bars.bars)
    page.speed.measure.click()
    for _ in range(40):
        page.trials.poll_once()
    rates = page.speed.rates()
    assert list(rates) == list(SPEED_BATCHES)
    assert rates[32] == pytest.approx(32 * 200.0)  # 100 updates in each half second
    assert "32.0 times as fast" in page.speed.words.text()


@pytest.mark.parametrize("trial", [*memory_trials(ECHOES[0]), *memory_trials(ECHOES[1]), *speed_trials()])
def test_what_is_trained_is_possible(trial: Trial) -> None:
    assert trial.experiment.problems() == []


def test_a_failed_trial_says_why(page: BatchesPage, runner: FakeRunner) -> None:
    page.memory.train_one()
    page.trials.poll_once()
    runner.fail("The loss of the LSTM is not a number.")
    page.trials.poll_once()
    assert "not a number" in page.memory.words.text()
    assert not page.trials.busy


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_cut_off(page: BatchesPage, size: tuple[int, int], dark: bool) -> None:
    page.state.set_appearance(dark=dark)
    page.resize(*size)
    cards = [page.cutting, page.memory, page.speed]
    for card, other in itertools.combinations(cards, 2):
        assert not card.geometry().intersects(other.geometry())
    for card in cards:
        assert page.rect().contains(card.geometry())
        assert card.width() >= card.minimumSizeHint().width()
        assert card.height() >= card.minimumSizeHint().height()


def test_without_an_engine_nothing_happens(qtbot: QtBot) -> None:
    trials = TrialRuns(lambda: None)
    trials.start([Trial("one", Experiment(), 10)])
    assert not trials.busy
    trials.poll_once()
    assert trials.results == {}
