"""The Generate page with networks that really write: the feed, why each character, the settings, the losses."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.contract.generation import GenerationSettings
from playground.experiment import Experiment
from playground.runner.sync_runner import SyncRunner
from playground.tasks import TASKS
from playground.tasks.text.learned_texts import Names
from playground.tasks.text.settings import TextFileSettings
from playground.trace.sampling import sampling_chances
from playground.ui.background import Background
from playground.ui.monitor import RunMonitor
from playground.ui.pages.generate import GeneratePage
from playground.ui.panels.form_fields import SettingRow
from playground.ui.plots.written_text import lines_of
from playground.ui.state import UiState
from playground.ui.style_sheet import style_sheet
from playground.ui.writing import MOST_SAMPLES
from playground.ui.writing_words import choice_sentence, heading_of, loss_words


def names_experiment() -> Experiment:
    experiment = Experiment.of_task("names")
    networks = tuple(
        dataclasses.replace(network, units=12, enabled=network.cell in ("rnn", "lstm"))
        for network in experiment.networks
    )
    return dataclasses.replace(experiment, networks=networks)


class Desk:
    """The page with a run that trains inside `poll`."""

    def __init__(self, qtbot: QtBot, experiment: Experiment | None = None) -> None:
        self.state = UiState()
        self.runner = SyncRunner(updates_per_poll=0)
        self.monitor = RunMonitor(self.runner, self.state, experiment)
        self.monitor.begin()
        self.page = GeneratePage(self.state, self.monitor)
        self.page.setStyleSheet(style_sheet(self.state.theme))
        qtbot.addWidget(self.page)
        self.page.resize(1180, 640)
        self.page.show()
        self.pump()

    def pump(self) -> None:
        """Until nobody waits for anything."""
        for _ in range(2000):
            self.monitor.poll_once()
            if not self.monitor.waiting:
                return
        raise TimeoutError("The page was never answered.")

    def train(self, updates: int) -> None:
        """Train, then let the page look again, as it does after its rest."""
        self.monitor.start()
        self.runner.updates_per_poll = updates
        self.monitor.poll_once()
        self.runner.updates_per_poll = 0
        self.monitor.pause()
        self.pump()
        self.page.writing.asking_losses.wake()
        self.page.writing.asking_samples.wake()
        self.pump()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot, names_experiment())
    yield desk
    QThreadPool.globalInstance().waitForDone()
    desk.monitor.stop()


def test_begins_with_gibberish_of_update_0(desk: Desk) -> None:
    (sample,) = desk.page.writing.samples
    assert sample.update == 0
    assert sample.network == desk.state.network
    assert len(sample.generated.written) == desk.page.writing.settings.length
    text = desk.page.feed.text_of(sample)
    assert text.accessibleName().startswith("Before training")
    assert text.accessibleDescription() == sample.generated.text


def test_writes_again_while_it_trains_and_keeps_the_first(desk: Desk) -> None:
    for _ in range(MOST_SAMPLES + 2):
        desk.train(1)
    samples = desk.page.writing.samples
    assert len(samples) == MOST_SAMPLES
    assert samples[0].update == 0
    updates = [sample.update for sample in samples]
    assert updates == sorted(set(updates))
    assert updates[-1] == MOST_SAMPLES + 2


def test_write_is_another_text_of_the_same_networks(desk: Desk, qtbot: QtBot) -> None:
    desk.train(3)
    before = desk.page.writing.samples[-1]
    qtbot.mouseClick(desk.page.feed.write, Qt.MouseButton.LeftButton)
    desk.pump()
    after = desk.page.writing.samples[-1]
    assert after.update == before.update
    assert after.generated.settings.seed == before.generated.settings.seed + 1
    assert after.generated.text != before.generated.text


def test_every_bar_is_of_the_network_that_is_shown(desk: Desk) -> None:
    desk.train(5)
    writing = desk.page.writing
    sample = writing.samples[-1]
    writing.select(sample, 7)
    desk.pump()
    trace, generated = writing.trace, sample.generated
    assert trace is not None
    assert trace.update == sample.update
    read = len(generated.read)
    np.testing.assert_allclose(trace.logits[read - 1 + 7], generated.logits[7], atol=2e-5)
    choice = desk.page.choice.bars.choice
    assert choice is not None
    expected = sampling_chances(generated.logits[7], generated.settings.temperature)
    assert choice.chances[int(np.flatnonzero(choice.order == choice.drawn)[0])] == pytest.approx(
        expected[generated.written[7]]
    )
    assert choice.low <= choice.random_number < choice.high
    assert f"{choice.random_number:.3f}" in desk.page.choice.words.text()


def test_goes_through_the_characters(desk: Desk) -> None:
    page = desk.page
    page.turn_by(1)
    assert page.writing.place == 0
    page.turn_by(1)
    page.turn_by(1)
    assert page.writing.place == 2
    assert page.choice.note.text() == f"character 3 of {page.writing.settings.length}"
    page.turn_to_end(last=True)
    assert page.writing.place == page.writing.settings.length - 1
    page.turn_to_end(last=False)
    assert page.writing.place == 0


def test_a_click_looks_at_that_character(desk: Desk) -> None:
    sample = desk.page.writing.samples[0]
    text = desk.page.feed.text_of(sample)
    QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=text.point_of(5))
    assert desk.page.writing.selected is sample
    assert desk.page.writing.place == 5


def test_colours_are_the_units_values(desk: Desk) -> None:
    writing, feed = desk.page.writing, desk.page.feed
    writing.select(writing.samples[0])
    assert feed.colouring.isHidden()  # there is nothing to colour yet
    desk.pump()
    assert feed.colouring.isEnabled()
    for _ in range(feed.colouring.findData("hidden_state")):
        QTest.keyClick(feed.colouring, Qt.Key.Key_Down)
    first = feed._colours()
    assert feed.unit.isEnabled()
    feed.unit.setValue(4)
    assert desk.state.unit == 3
    second = feed._colours()
    assert first is not None
    assert second is not None
    assert len(second) == len(writing.samples[0].generated.written)
    assert (first != second).any()
    assert feed.unit.text() == "unit 4"


def problem_of(row: SettingRow) -> str | None:
    return row.problem


def test_settings_hold_for_the_next_text_and_nonsense_is_refused(desk: Desk, qtbot: QtBot) -> None:
    settings = desk.page.settings
    row = settings.rows["temperature"]
    row.editor.setFocus()
    row.editor.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(row.editor, "9")
    assert problem_of(row) is not None
    assert desk.page.writing.settings.temperature == 0.8
    row.editor.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(row.editor, "0")
    assert problem_of(row) is None
    qtbot.keyClicks(settings.prompt, "Mar")
    desk.page.write_again()
    desk.pump()
    generated = desk.page.writing.samples[-1].generated
    assert generated.settings.temperature == 0
    assert generated.prompt == "Mar"
    np.testing.assert_array_equal(generated.written, generated.logits.argmax(axis=1))


def test_losses_stand_beside_what_counting_reaches(desk: Desk, qtbot: QtBot) -> None:
    desk.train(2)
    writing, panel = desk.page.writing, desk.page.losses
    assert set(writing.losses) == {"rnn", "lstm"}
    QThreadPool.globalInstance().waitForDone()
    qtbot.waitUntil(lambda: len(panel.bars.bars) == 4, timeout=5000)
    values = [bar.value for bar in panel.bars.bars]
    baselines = TASKS["names"]().baselines
    assert values == [writing.losses["rnn"], writing.losses["lstm"], baselines.trigram, baselines.unigram]
    best = min(writing.losses.values())
    assert f"{best / math.log(2):.2f} bits" in panel.words.text()
    assert "still better" in panel.words.text()


def test_another_run_begins_with_nothing(desk: Desk) -> None:
    desk.train(2)
    desk.monitor.rewind()
    desk.pump()
    assert [sample.update for sample in desk.page.writing.samples] == [0]
    assert desk.page.writing.selected is None


def test_while_something_else_is_learned_texts_are_offered(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    assert desk.page.texts.isVisible()
    assert not desk.page.feed.isVisible()
    assert desk.page.writing.samples == []
    qtbot.mouseClick(desk.page.texts.buttons["names"], Qt.MouseButton.LeftButton)
    assert desk.monitor.experiment.task_name == Names.name
    desk.pump()
    assert desk.page.feed.isVisible()
    assert not desk.page.texts.isVisible()
    assert desk.page.writing.samples[0].update == 0
    QThreadPool.globalInstance().waitForDone()
    desk.monitor.stop()


@pytest.mark.parametrize(
    ("size", "lecture"), [((920, 600), False), ((1150, 575), True), ((1800, 960), False)]
)
def test_what_can_be_learned_is_seen_before_it_is_chosen(
    qtbot: QtBot, size: tuple[int, int], lecture: bool
) -> None:
    desk = Desk(qtbot)
    page = desk.page
    wanted: list[str] = []
    page.command_wanted.connect(wanted.append)
    desk.state.set_appearance(lecture=lecture)
    page.setStyleSheet(style_sheet(desk.state.theme))
    page.resize(*size)
    for tiles in (page.texts, page.series):
        if lecture:  # one group at a time
            page.texts.setVisible(tiles is page.texts)
            page.series.setVisible(tiles is page.series)
        QApplication.processEvents()
        for background in page.findChildren(Background):
            background.finish()
        for tile in (*tiles.buttons.values(), tiles.own):
            assert tile.height() >= tile.heightForWidth(tile.width()), tile.accessibleName()
            assert not tile.grab().isNull()
        qtbot.mouseClick(tiles.own, Qt.MouseButton.LeftButton)
    assert wanted == ["open_file"] * 2
    names, sunspots = page.texts.buttons["names"].sample, page.series.buttons["sunspots"].sample
    assert names is not None
    assert sunspots is not None
    corpus, series = TASKS["names"](None).corpus, TASKS["sunspots"](None).series
    assert names.lines[0].split(", ") == corpus.text(0, 300).split("\n")[:12]
    assert sunspots.values is not None
    np.testing.assert_array_equal(sunspots.values, series.values[-2 * series.probe_length :])
    desk.monitor.stop()


def test_what_a_setting_does_stands_below_it_where_there_is_room(desk: Desk) -> None:
    settings = desk.page.settings
    desk.page.resize(1180, 900)
    helps = settings.helps
    assert all(label.isVisible() for label in helps.values())
    for name, row in settings.rows.items():
        assert helps[name].text() == row.spec.help["guide"]
        assert helps[name].height() >= helps[name].heightForWidth(helps[name].width())
    desk.page.resize(1180, 420)
    assert not any(label.isVisible() for label in helps.values())


def test_what_was_done_to_a_text_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(("Schöne Grüße an alle, die hier lesen. " * 80).encode("latin-1"))
    experiment = dataclasses.replace(Experiment.of_task("text"), task=TextFileSettings(file=str(path)))
    desk = Desk(qtbot, experiment)
    assert "Latin-1" in desk.page.feed.told.text()
    assert desk.page.feed.told.isVisible()
    QThreadPool.globalInstance().waitForDone()
    desk.monitor.stop()


def test_sentences() -> None:
    assert heading_of(0, "LSTM", GenerationSettings()) == "Before training · LSTM · temperature 1"
    assert heading_of(1200, "RNN", GenerationSettings(temperature=0.5, top_k=3, top_p=0.9)) == (
        "Update 1,200 · RNN · temperature 0.5, top 3, top-p 0.9"
    )
    assert loss_words(math.log(2)) == "0.69 nats · 1.00 bits · perplexity 2.0"


def test_the_sentence_tells_what_was_drawn(desk: Desk) -> None:
    generated = desk.page.writing.samples[0].generated
    choice = generated.choice(0)
    sentence = choice_sentence(choice, generated.settings)
    assert f"between {choice.low:.3f} and {choice.high:.3f}" in sentence
    surely = dataclasses.replace(generated.settings, temperature=0.0)
    assert "nothing is drawn" in choice_sentence(choice, surely)


def test_lines() -> None:
    assert lines_of("ab\ncd", 10) == [(0, 3), (3, 5)]
    assert lines_of("ab\ncd", 10, flowing=True) == [(0, 5)]
    assert lines_of("abcdef", 4) == [(0, 4), (4, 6)]
    assert lines_of("", 4) == [(0, 0)]
