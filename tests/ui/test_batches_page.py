"""The Batches page, driven as a user would: cut, step, choose what memory does, train beside the run."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.tasks.batching import CARRY, MEMORY_MODE_WORDS, MEMORY_MODES, SHUFFLED
from playground.tasks.text.settings import TextFileSettings
from playground.tasks.text.vocabulary import shown
from playground.trace.snapshot import TrainingSnapshot
from playground.ui.batch_sources import RibbonSource
from playground.ui.batch_trials import ECHOES, SPEED_BATCHES, THIS, UPDATES, memory_trials, speed_trials
from playground.ui.monitor import RunMonitor
from playground.ui.pages.batches import BatchesPage
from playground.ui.plots.batch_places import PIECES, RIBBON, ROWS, STAGES
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


def keys(page: BatchesPage) -> list[str]:
    return [str(page.cutting.source.itemData(at)) for at in range(page.cutting.source.count())]


def test_what_the_run_learns_can_be_cut_as_the_run_cuts_it(page: BatchesPage) -> None:
    assert keys(page) == ["guide", "numbers", "text", "headlines", "demand", ""]
    experiment = Experiment.of_task("names")
    page._monitor.apply(experiment)
    assert keys(page) == ["guide", "numbers", "text", "run", "headlines", "demand", ""]
    assert page.cutting.source.currentData() == "guide"
    page.cutting.choose_source("run")
    task = page._monitor.task
    assert page.cutting.batching == task.batching(experiment.training.batch_size)
    first = task.batch(1, 1, 0, experiment.training.batch_size)
    drawn = page.cutting.map.placed().by_position
    word = page.cutting.shown_source.word
    for row in (0, 1):
        position = page.cutting.batching.mini_sequence(row, 0)[0]
        assert drawn[position].row == row
        assert word(position) == shown(task.vocabulary.characters[first.inputs[0, row]])
        assert word(position + 1) == shown(task.vocabulary.characters[first.targets[0, row]])
    page.cutting.show_stage(RIBBON)
    assert f"{task.split:,} characters to learn from" in page.cutting.left_over.words
    assert page.cutting.map.placed().hidden > 40_000
    page._monitor.apply(Experiment())
    assert "run" not in keys(page)
    assert page.cutting.shown_source.key == "run"


def test_a_series_stands_in_cells_that_are_wide_enough(page: BatchesPage) -> None:
    page.cutting.choose_source("demand")
    assert page.cutting.shown_source.word(0) == "22,262"
    box = page.cutting.map.placed().by_position[0].box
    assert box.width() > 1.9 * box.height()


def test_a_typed_text_is_cut_as_it_is_typed(page: BatchesPage, qtbot: QtBot) -> None:
    assert not page.cutting.typed.isVisible()
    page.cutting.choose_source("text")
    assert page.cutting.typed.isVisible()
    assert page.memory.learned.button(THIS).isEnabled()
    page.cutting.typed.clear()
    qtbot.keyClicks(page.cutting.typed, "abcdefghijkl")
    assert "too short" in page.cutting.sentence.words
    page.cutting.rows.setValue(2)
    page.cutting.timesteps.setValue(3)
    assert page.cutting.sentence.words.startswith("Batch 1 of 1: row 1 reads a b c and is asked for b c d;")
    assert "need at least 200" in page.memory.learned.button(THIS).toolTip()
    qtbot.keyClick(page.cutting.typed, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.cutting.typed, Qt.Key.Key_Delete)
    assert "at least two characters" in page.cutting.sentence.words
    page.cutting.map.grab()


def test_own_data_are_cut_and_stay_to_be_chosen(page: BatchesPage, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("It was a quiet evening, and then it rained. " * 20, encoding="utf-8")
    page.take_own_data("text", TextFileSettings(file=str(path)))
    assert page.cutting.source.currentText() == "Your own text"
    assert [page.cutting.shown_source.word(at) for at in range(4)] == ["I", "t", "␣", "w"]
    page.cutting.choose_source("guide")
    assert "own" in keys(page)


def test_opening_a_file_leaves_the_sequence_as_it_is(page: BatchesPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.cutting.file_wished):
        last = page.cutting.source.count() - 1
        page.cutting.source.setCurrentIndex(last)
        page.cutting.source.activated.emit(last)
    assert page.cutting.source.currentData() == "guide"


def test_a_hundred_million_positions_are_cut_at_once(page: BatchesPage) -> None:
    length = 100_000_000
    page.cutting.show_source(RibbonSource("own", "Long", length, lambda position: "x", 1, 2))
    for memory in MEMORY_MODES:
        page.memory.choose(memory)
    page.turn_to_end(last=True)
    placed = page.cutting.map.placed()
    assert len(placed.cells) < 200
    assert placed.hidden_batches == (length - 1) // 2 - placed.shown_batches
    for stage in STAGES:
        page.cutting.show_stage(stage)
        assert page.cutting.map.placed().hidden > 99_000_000 or stage == PIECES
        page.cutting.map.grab()


def test_the_sequence_above_is_learned_in_every_way(page: BatchesPage, runner: FakeRunner) -> None:
    page.cutting.choose_source("guide")
    assert not page.memory.learned.button(THIS).isEnabled()
    page.cutting.choose_source("headlines")
    page.memory.learned.button(THIS).click()
    task = page.cutting.shown_source.task
    assert task is not None
    assert page.memory.race.reference[0] == pytest.approx(task.memoryless().loss)
    runner.updates_per_poll = 150  # so that each goes on to update 900: what came after 800 is not judged
    page.memory.all.click()
    for _ in range(4 * (UPDATES // runner.updates_per_poll + 2)):
        page.trials.poll_once()
    loads = [call[1] for call in runner.calls if isinstance(call, tuple) and call[0] == "load"]
    assert [load.task.memory for load in loads] == list(MEMORY_MODES)
    for load in loads:
        assert load.problems() == []
        assert load.task_name == "headlines"
        assert TASKS["headlines"](load.task).batching(load.training.batch_size) == page.cutting.batching
    mean = float(np.mean([2 / u for u in range(UPDATES - 99, UPDATES + 1)]))
    assert f"{mean:.3g} nats a character" in page.memory.words.text()
    assert page.memory.race.lines[0].title == f"carry {mean:.3g}"
    assert "with carry" not in page.memory.words.text()
    page.memory.choose(SHUFFLED)
    assert f"nats a character; with carry {mean:.3g}" in page.memory.words.text()
    page.cutting.timesteps.setValue(9)
    assert page.memory.race.lines == ()
    page.cutting.choose_source("numbers")
    assert page.memory.choice is ECHOES[0]


def test_a_typed_text_is_kept_in_a_file_when_it_is_learned(
    page: BatchesPage, runner: FakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.cutting.choose_source("text")
    page.memory.learned.button(THIS).click()
    page.memory.train_one()
    (load,) = [call[1] for call in runner.calls if isinstance(call, tuple) and call[0] == "load"]
    assert Path(load.task.file).read_text(encoding="utf-8") == page.cutting.typed.text()
    assert TASKS["text"](load.task).batching(load.training.batch_size) == page.cutting.batching
    page.trials.stop()

    def refuse(text: str, how: str = "") -> Path:
        raise PermissionError(13, "not allowed")

    monkeypatch.setattr("playground.ui.batch_sources.keep_text", refuse)
    page.memory.train_one()
    assert "could not be kept: not allowed" in page.memory.words.text()
    page.speed.start()
    assert "could not be kept: not allowed" in page.speed.words.text()


def test_speed_is_measured_on_the_sequence_above(page: BatchesPage, runner: FakeRunner) -> None:
    page.cutting.choose_source("text")
    page.cutting.timesteps.setValue(20)
    assert "20 characters of the sequence above" in page.speed.words.text()
    assert [bar.words for bar in page.speed.bars.bars] == ["–", "–", "–", "too short for it"]
    page.speed.measure.click()
    for _ in range(40):
        page.trials.poll_once()
    loads = [call[1] for call in runner.calls if isinstance(call, tuple) and call[0] == "load"]
    assert [(load.task.sequence_length, load.training.batch_size) for load in loads] == [
        (20, 1),
        (20, 2),
        (20, 8),
    ]
    page.cutting.choose_source("guide")
    assert "20 letters of an echo" in page.speed.words.text()
    assert not any(key.startswith("batch") for key in page.trials.results)


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
