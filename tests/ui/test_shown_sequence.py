"""Another sequence than the probe, driven as a user does it: a written text, a forecast; and the way back.

Whatever happens, the traces of the moment shown are of the sequence shown: that is watched through every test.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from playground.app import build_window
from playground.contract.intervention import HoldQuantity
from playground.experiment import Experiment
from playground.runner.sync_runner import SyncRunner
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.main_window import MainWindow
from playground.ui.next_character import NextCharacter
from playground.ui.pages.generate import GeneratePage
from playground.ui.pages.memory import MemoryPage
from playground.ui.pages.step import StepPage
from playground.ui.pages.train import TrainPage
from playground.ui.settings import WindowSettings
from playground.ui.what_if import WhatIf
from tests.runner.driving import same_bits


def small(task: str) -> Experiment:
    experiment = Experiment.of_task(task)
    networks = tuple(
        dataclasses.replace(network, units=8, enabled=network.cell in ("rnn", "lstm"))
        for network in experiment.networks
    )
    return dataclasses.replace(experiment, networks=networks)


class Desk:
    """The real window with a run that trains inside `poll`."""

    def __init__(self, qtbot: QtBot, task: str, size: tuple[int, int] = (1280, 720)) -> None:
        self.runner = SyncRunner(updates_per_poll=0)
        settings = WindowSettings(theme="light", motion=False)
        self.window: MainWindow = build_window(self.runner, settings, experiment=small(task))
        self.state, self.monitor = self.window.state, self.window.monitor
        qtbot.addWidget(self.window, before_close_func=lambda _: self.window.objectName())
        self.window.resize(*size)
        self.moments = 0
        self.state.sequence_changed.connect(self.agree)
        self.state.moment_changed.connect(self.agree)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.monitor.begin()
        self.settle()

    def agree(self) -> None:
        """Of everything that can be painted now, sequence and traces belong together."""
        self.moments += 1
        sequence = self.monitor.sequence
        for trace in self.state.moment.traces.values():
            assert trace.length == sequence.length
            np.testing.assert_array_equal(trace.targets, sequence.targets)
        assert self.state.timestep < max(1, sequence.length)

    def settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()
            self.monitor.poll_once()
            for _ in range(3000):
                if not self.monitor.waiting:
                    break
                self.monitor.poll_once()
        QApplication.processEvents()

    def train(self, updates: int, *, pause: bool = True) -> None:
        self.monitor.start()
        self.runner.updates_per_poll = updates
        self.monitor.poll_once()
        self.runner.updates_per_poll = 0
        if pause:
            self.monitor.pause()
        self.settle()

    def press(self, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, how)
        self.settle()

    def oracle(self, network: str) -> SequenceTrace:
        """The sequence shown, as the very networks of the run see it now."""
        run = self.runner._conductor._run
        assert run is not None
        return run.trainer.trace(network, self.monitor.sequence)

    @property
    def generate(self) -> GeneratePage:
        self.state.set_page("generate")
        self.settle()
        page = self.window.current_page
        assert isinstance(page, GeneratePage)
        return page

    def write(self, **settings: object) -> None:
        """What is written next is written like this."""
        writing = self.generate.writing
        writing.set_settings(dataclasses.replace(writing.settings, **settings))  # type: ignore[arg-type]

    @property
    def step(self) -> StepPage:
        page = self.window.page("step")
        assert isinstance(page, StepPage)
        return page

    @property
    def card(self) -> NextCharacter:
        found = self.step.prediction.characters.shown
        assert found is not None
        return found


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """First names, at update 3; texts of thirty characters are written."""
    desk = Desk(qtbot, "names")
    desk.train(3)
    desk.write(length=30)
    yield desk
    desk.monitor.stop()


def open_text(desk: Desk, place: int = 7) -> None:
    """Click a character of the newest text, then Return."""
    page = desk.generate
    desk.press(Qt.Key.Key_G)
    sample = page.writing.samples[-1]
    text = page.feed.text_of(sample)
    QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=text.point_of(place))
    desk.settle()
    desk.press(Qt.Key.Key_Return)


def test_a_text_is_stepped_through_character_by_character(desk: Desk) -> None:
    open_text(desk)
    sample = desk.generate.writing.samples[-1]
    generated = sample.generated
    desk.state.set_page("step")
    assert desk.monitor.shown is not None
    assert (
        desk.state.timestep == 7
    )  # a line end was read first: the eighth character was drawn after eight of them
    spelled = "".join(event.name for event in desk.monitor.sequence.events)
    assert spelled == "\n" + generated.text
    assert desk.step.strip_card.strip._events == desk.monitor.sequence.events
    assert desk.state.network == sample.network
    for network, trace in desk.state.moment.traces.items():
        assert same_bits(trace, desk.oracle(network))
    for timestep in (7, 8, 9):
        card, choice = desk.card, generated.choice(timestep)
        assert desk.state.timestep == timestep
        assert card.choice is not None
        assert (card.choice.random_number, card.choice.low, card.choice.high) == (
            choice.random_number,
            choice.low,
            choice.high,
        )
        assert card.marked == choice.drawn == int(generated.written[timestep])
        assert card.marked in card.lines(3)
        assert f"{choice.random_number:.3f}" in card.captions[0]
        for network, trace in desk.state.moment.traces.items():
            np.testing.assert_array_equal(card.shares[network], trace.probabilities[timestep])
        own = desk.state.moment.traces[sample.network].logits[timestep]
        np.testing.assert_allclose(own, generated.logits[timestep], atol=2e-5)
        assert card.writer == sample.network
        desk.press(Qt.Key.Key_Right)
    assert desk.step.prediction.title.text().startswith("Why “")

    # the end
    desk.press(Qt.Key.Key_End)
    assert (desk.card.choice, desk.card.marked) == (None, None)
    assert desk.card.captions == ("The text ends here: nothing was drawn after this character.",)

    # a prompt was given, not drawn
    desk.write(prompt="Ann")
    open_text(desk, 0)
    assert desk.state.timestep == 3  # after the line end and three letters
    assert desk.card.choice is not None
    desk.press(Qt.Key.Key_Left)
    assert desk.card.choice is None
    assert "given, not drawn" in desk.card.captions[0]

    # a long one is read through a lens
    desk.write(prompt="", length=500)
    open_text(desk, 3)
    strip = desk.step.strip_card.strip
    for timestep in (3, 250, 500):
        desk.state.set_timestep(timestep)
        desk.settle()
        lens = strip.lens
        assert lens is not None
        first, last = lens.seen
        assert first <= timestep < last
        assert 60 <= last - first <= 1 + (lens.right - lens.left) / lens.pitch  # no more is painted
        assert float(lens.centres[timestep]) == pytest.approx(float(strip._stack_axis.centres[timestep]))
        for other in (first, last - 1):
            assert strip.axis.timestep_at(float(lens.centres[other])) == other
    desk.press(Qt.Key.Key_Escape)
    assert strip.lens is None


def test_back_to_where_one_was(desk: Desk) -> None:
    desk.state.set_page("step")
    desk.state.set_timestep(5)
    desk.settle()
    open_text(desk)
    crumb = desk.window.crumb
    assert crumb.isVisible()
    assert crumb.words.words.startswith("A text the LSTM wrote at update 3.")
    desk.press(Qt.Key.Key_Escape)
    assert desk.monitor.shown is None
    assert crumb.isHidden()
    assert (desk.state.timestep, desk.state.moment.live) == (5, True)
    assert desk.step.strip_card.strip._events == desk.monitor.task.probe_events()
    for network, trace in desk.state.moment.traces.items():
        assert same_bits(trace, desk.oracle(network))
    # with a click
    open_text(desk)
    QTest.mouseClick(desk.window.crumb.back, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.monitor.shown is None
    # what was held in a text goes with it
    open_text(desk)
    lab = WhatIf.of(desk.state, desk.monitor)
    lab.add(HoldQuantity("forget_gate", 0.0))
    desk.settle()
    view = desk.state.what_if
    assert view is not None
    np.testing.assert_array_equal(desk.card.shares["lstm"], view.changed["lstm"].probabilities[7])
    np.testing.assert_array_equal(desk.card.was["lstm"], desk.state.moment.traces["lstm"].probabilities[7])
    assert "With the what-if the LSTM would give" in desk.card.captions[0]
    desk.monitor.show_sequence(None)
    desk.settle()
    assert (desk.state.what_if, lab.entries) == (None, ())
    # in a field, Return is its own
    page = desk.generate
    page.settings.prompt.setFocus()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    count = len(page.writing.samples)
    desk.press(Qt.Key.Key_Return)
    assert len(page.writing.samples) == count + 1
    assert desk.state.page == "generate"


def test_every_page_shows_it_until_the_run_begins_anew(desk: Desk) -> None:
    open_text(desk)
    shown = desk.monitor.shown
    assert shown is not None
    for key in ("train", "memory"):
        desk.state.set_page(key)
        desk.settle()
        page = desk.window.current_page
        assert isinstance(page, TrainPage | MemoryPage)
        if isinstance(page, TrainPage):
            assert page.probe.strip._events == shown.sequence.events
            assert "a text the LSTM wrote at update 3" in page.probe.moment_note.words
        else:
            assert page.stack_panel.strip._events == shown.sequence.events
            answer = page.inquiries.measures.answer
            assert answer is not None
            assert len(answer.measures["lstm"].survives) == shown.sequence.length
    desk.press(Qt.Key.Key_Escape)
    page = desk.window.current_page
    assert isinstance(page, MemoryPage)
    answer = page.inquiries.measures.answer
    assert answer is not None
    assert len(answer.measures["lstm"].survives) == desk.monitor.sequence.length
    for begin in (
        desk.monitor.rewind,
        lambda: desk.monitor.apply(small("names")),
        lambda: desk.monitor.apply(small("sunspots")),
    ):
        open_text(desk, 0)
        assert desk.monitor.shown is not None
        begin()
        desk.settle()
        assert (desk.monitor.shown, desk.monitor.wanted) == (None, None)
        assert desk.window.crumb.isHidden()
        assert desk.state.moment.update == 0
        for network, trace in desk.state.moment.traces.items():
            assert same_bits(trace, desk.oracle(network))


def test_an_earlier_text_is_shown_as_its_network_was(desk: Desk) -> None:
    page = desk.generate
    first = page.writing.samples[-1]
    then = {n: desk.oracle(n).head_weights.copy() for n in ("rnn", "lstm")}
    desk.train(4, pause=False)
    page.writing.select(first, 4)
    desk.settle()
    desk.press(Qt.Key.Key_Return)
    moment = desk.state.moment
    assert (moment.update, moment.live) == (first.update, False)
    assert desk.monitor.snapshot.update == first.update + 4
    for network, trace in moment.traces.items():
        np.testing.assert_array_equal(trace.head_weights, then[network])
    assert desk.card.captions[0].startswith("The LSTM gave")
    desk.press(Qt.Key.Key_B)  # the same text, as the networks are now
    assert (desk.state.moment.update, desk.state.moment.live) == (first.update + 4, True)
    assert desk.monitor.shown is not None
    assert desk.card.captions[0].startswith(
        f"Drawn at update {first.update}; the bars are those of update {first.update + 4}."
    )
    assert same_bits(desk.state.moment.traces["lstm"], desk.oracle("lstm"))
    desk.press(Qt.Key.Key_Escape)  # it was live before, and so it is again, though it trains
    assert (desk.monitor.shown, desk.state.moment.live) == (None, True)


# -- series
@pytest.fixture
def forecasts(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot, "sunspots")
    desk.train(5)
    yield desk
    desk.monitor.stop()


def test_a_forecast_is_stepped_through_beside_the_truth(forecasts: Desk) -> None:
    desk = forecasts
    page = desk.generate
    task, start = page.forecasting.task, page.forecasting.start
    assert task is not None
    desk.press(Qt.Key.Key_Return)
    row = desk.step.strip_card.forecast
    assert row.isVisible()
    assert int(desk.monitor.sequence.events[desk.state.timestep].name) + 1 == start
    here = desk.state.timestep
    for network, trace in desk.state.moment.traces.items():
        position = np.arange(start, start + 1)
        expected = task.one_ahead(trace.logits[here : here + 1, 0], position)
        assert row.forecasts[network][here] == pytest.approx(float(expected[0]))
    table = desk.step.prediction.values.table
    assert table is not None
    assert table.target == pytest.approx(float(task.series.values[start]))
    assert {said.network: said.value for said in table.rows} == {
        network: pytest.approx(values[here]) for network, values in row.forecasts.items()
    }
    scaled_off = np.abs(desk.state.moment.traces["lstm"].logits[here, 0] - task.scaled[start])
    own = next(each for each in table.rows if each.network == "lstm")
    assert table.is_right(own) == bool(scaled_off < task.tolerance)
    said = task.series.in_words(row.forecasts[desk.state.network][here])
    assert (
        f"the LSTM forecasts {said} for {task.series.time_in_words(start)}"
        in desk.window.status_line.sentence
    )
    assert not desk.monitor.sequence.asked[:here].any()
    assert desk.monitor.sequence.asked[here:].all()
    desk.state.set_page("memory")
    desk.settle()
    page = desk.window.current_page
    assert isinstance(page, MemoryPage)
    below = page.stack_panel.forecast_row
    assert below.isVisible()
    assert page.stack_panel.asked_row.isHidden()
    np.testing.assert_array_equal(below.forecasts["lstm"], row.forecasts["lstm"])
    desk.state.set_page("step")
    desk.press(Qt.Key.Key_Home)
    assert desk.step.prediction.values.table.captions[0].startswith("Still warming up")
    desk.press(Qt.Key.Key_Escape)
    assert desk.monitor.shown is None


def test_another_programme_with_one_key(qtbot: QtBot) -> None:
    desk = Desk(qtbot, "nature-show")
    desk.state.set_page("step")
    desk.settle()
    programmes = []
    for number in (1, 2):
        desk.press(Qt.Key.Key_A)
        shown = desk.monitor.shown
        assert shown is not None
        assert shown.number == number
        assert desk.monitor.sequence.asked[desk.state.timestep]
        assert same_bits(desk.state.moment.traces["lstm"], desk.oracle("lstm"))
        assert WhatIf.of(desk.state, desk.monitor).editable  # its pictures can be exchanged
        programmes.append(tuple(event.name for event in shown.sequence.events))
    QTest.mouseClick(desk.window.crumb.another, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.monitor.shown is not None
    assert desk.monitor.shown.number == 3
    assert len({*programmes, tuple(event.name for event in desk.monitor.sequence.events)}) == 3
    desk.press(Qt.Key.Key_Escape)
    assert desk.monitor.shown is None
    QTest.mouseClick(desk.step.another, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.window.crumb.words.words.startswith("Held-out sequence 4,")
    desk.monitor.stop()
