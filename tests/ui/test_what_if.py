"""The what-if in the real window with real networks, driven as a user drives it: keys, clicks, drag and drop."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from playground.app import build_window
from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    InterventionError,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
)
from playground.contract.runner import ChangedRateRequest
from playground.experiment import Experiment
from playground.runner.sync_runner import SyncRunner
from playground.tasks.edited_sequence import edited_sequence
from playground.trace.snapshot import ChangedRateAnswer
from playground.ui.main_window import MainWindow
from playground.ui.pages.step import StepPage
from playground.ui.panels.event_shelf import EVENT_MIME
from playground.ui.panels.what_if import WhatIfPanel
from playground.ui.settings import WindowSettings
from playground.ui.what_if_dialogs import open_from, save_to
from playground.ui.what_if_others import OtherSequences

SHUT_FROM_3 = HoldQuantity("forget_gate", 0.0, since=2)


@dataclasses.dataclass
class Lab:
    """The window on the Step page with the tab open and the keyboard in it."""

    window: MainWindow

    @property
    def page(self) -> StepPage:
        page = self.window.current_page
        assert isinstance(page, StepPage)
        return page

    @property
    def panel(self) -> WhatIfPanel:
        panel = self.page.side.panel("what_if")
        assert isinstance(panel, WhatIfPanel)
        return panel

    @property
    def listed(self) -> list[object]:
        return [each for entry in self.panel.what_if.entries for each in entry.interventions]

    def settle(self) -> None:
        for _ in range(4):
            QApplication.processEvents()
            self.window.monitor.poll_once()
            for _ in range(200):
                if not self.window.monitor.waiting:
                    break
                self.window.monitor.poll_once()
        QApplication.processEvents()

    def press(self, *keys: str) -> None:
        for key in keys:
            combination = QKeySequence(key)[0]
            target = QApplication.focusWidget() or self.window
            QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
            self.settle()

    def click(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def drop(self, name: str, timestep: int, share: float = 0.5, source: int | None = None) -> bool:
        """Let a picture go over a column of the strip; whether the strip took it."""
        strip = self.page.strip_card.strip
        left, right = float(strip.axis.edges[timestep]), float(strip.axis.edges[timestep + 1])
        return self.drop_on(strip, QPointF(left + share * (right - left), strip.height() / 2), name, source)

    def drop_on(self, target: QWidget, at: QPointF, name: str, source: int | None = None) -> bool:
        data = QMimeData()
        data.setData(EVENT_MIME, (name if source is None else f"{name}\n{source}").encode())
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(at.toPoint(), copy, data, left, none)
        QApplication.sendEvent(target, enter)
        QApplication.sendEvent(target, QDragMoveEvent(at.toPoint(), copy, data, left, none))
        drop = QDropEvent(at, copy, data, left, none)
        drop.ignore()
        QApplication.sendEvent(target, drop)
        self.settle()
        return drop.isAccepted()


@pytest.fixture
def lab(qtbot: QtBot) -> Lab:
    return make_lab(qtbot)


def make_lab(
    qtbot: QtBot, size: tuple[int, int] = (1440, 900), units: int = 6, layers: int = 1, **settings: object
) -> Lab:
    experiment = Experiment()
    chosen = {"rnn", "lstm", "guide_lstm"}
    networks = tuple(
        dataclasses.replace(each, enabled=each.cell in chosen, units=units, layers=layers)
        for each in experiment.networks
    )
    window = build_window(
        SyncRunner(updates_per_poll=3),
        WindowSettings(theme="light", motion=False, page="step"),
        experiment=dataclasses.replace(experiment, networks=networks),
    )
    qtbot.addWidget(window, before_close_func=lambda _: window.objectName())
    window.resize(*size)
    with qtbot.waitActive(window):
        window.show()
    window.monitor.begin()
    lab = Lab(window)
    lab.settle()
    window.monitor.start()
    lab.settle()
    window.monitor.pause()
    lab.settle()
    window.state.set_network("lstm")
    lab.press("W")
    assert lab.panel.hasFocus()
    return lab


# -- keys
def test_from_the_keyboard_alone_the_forget_gate_is_shut(lab: Lab) -> None:
    lab.press("Home", "Right", "Right", "0")
    assert lab.listed == [SHUT_FROM_3]
    state = lab.window.state
    view = state.what_if
    assert view is not None
    changed, true = view.changed["lstm"], view.true["lstm"]
    assert state.trace is changed
    assert state.true_trace is true
    assert np.all(changed.value("forget_gate")[2:] == 0.0)
    np.testing.assert_array_equal(changed.value("cell_state")[:2], true.value("cell_state")[:2])
    assert set(view.changed) == {"lstm", "guide_lstm"}, "an RNN has no forget gate"
    assert lab.panel.list.rows[0].line.words == "From timestep 3 on: forget gate of all units held shut"
    table = lab.page.prediction.bars.table
    rows = {row.network: row for row in table.rows}
    assert [bar.was for bar in rows["rnn"].bars] == [None, None]
    question = true.length - 1
    for bar, rival in zip(rows["lstm"].bars, lab.window.monitor.task.rivals, strict=True):
        assert bar.was == pytest.approx(float(true.probabilities[question][rival]))
        assert bar.probability == pytest.approx(float(changed.probabilities[question][rival]))
    assert table.caption.startswith("With the forget gate held shut the LSTM ")


def test_the_answer_is_that_of_the_one_tracer(lab: Lab) -> None:
    lab.press("Home", "Right", "Right", "0", "Down", "1")
    state = lab.window.state
    assert state.what_if is not None
    runner = lab.window.monitor._runner
    assert isinstance(runner, SyncRunner)
    run = runner._conductor._run
    assert run is not None
    expected = run.trainer.trace("lstm", run.probe, tuple(lab.listed))  # type: ignore[arg-type]
    np.testing.assert_array_equal(state.what_if.changed["lstm"].logits, expected.logits)


def test_arrows_digits_and_delete(lab: Lab) -> None:
    lab.press("Home")
    names = [target.name for target in lab.panel._targets]
    assert names == [
        "forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state", "events",
    ]  # fmt: skip
    lab.press("Up")
    assert lab.panel.target is not None
    assert lab.panel.target.name == "events"
    lab.press("Down", "Down", "3")
    assert lab.listed == [HoldQuantity("input_gate", 0.3)]
    lab.press("1")
    assert lab.listed == [HoldQuantity("input_gate", 1.0)]
    lab.press("Delete")
    assert lab.listed == []
    assert lab.window.state.what_if is None


def test_where_and_which_units(lab: Lab) -> None:
    lab.window.state.set_units((4,))
    lab.press("Home", "Right", "H", "A", "0")
    assert lab.listed == [HoldQuantity("forget_gate", 0.0, timesteps=(1,), units=(4,))]
    assert lab.panel.what_if.entries[0].network == "lstm", "units are those of one network"
    lab.press("H", "A", "1")
    assert lab.listed[-1] == HoldQuantity("forget_gate", 1.0)
    assert lab.panel.buttons.span.text() == "at every timestep"


def test_memories_are_wiped_set_and_swapped(lab: Lab) -> None:
    lab.panel.choose("cell_state")
    lab.press("End", "Return")
    assert lab.listed == [SetMemory("cell_state", 0.0, at=9)]
    view = lab.window.state.what_if
    assert view is not None
    np.testing.assert_array_equal(view.changed["lstm"].value("previous_cell_state")[9], 0.0)
    lab.panel.buttons.value.setValue(-2.5)
    lab.click(lab.panel.buttons.at_value)
    assert lab.listed == [SetMemory("cell_state", -2.5, at=9)]
    lab.press("S")
    swapped = lab.listed[-1]
    assert isinstance(swapped, SetMemory)
    assert swapped.origin == "dog, cat"
    rival = lab.panel.what_if.rival()
    assert rival is not None
    run = lab.window.monitor._runner._conductor._run  # type: ignore[union-attr]
    other = run.trainer.trace("lstm", rival)
    assert swapped.value == tuple(map(float, other.value("cell_state")[8]))


def test_events_are_exchanged_put_in_and_left_out_with_keys(lab: Lab) -> None:
    lab.panel.choose("events")
    lab.press("Home", "Right", "C", "Return")
    assert lab.listed == [ReplaceEvent(1, "cat")]
    state = lab.window.state
    lab.press("B", "Shift+Return")
    assert lab.listed[-1] == InsertEvent(1, lab.panel.shelf.event_name)
    assert state.length == 11
    assert state.timestep == 2, "the playhead stays at its event"
    lab.press("Home", "Delete")
    assert lab.listed[-1] == RemoveEvent(0)
    strip = lab.page.strip_card.strip
    shown = [event.name for event in strip._events]
    assert shown == [
        lab.panel.shelf.event_name,
        "cat",
        *(e.name for e in state.what_if.true_sequence.events[2:]),
    ]  # type: ignore[union-attr]
    assert strip.marks is not None
    assert strip.marks.changed_timesteps == (0, 1)
    words = [row.line.words for row in lab.panel.list.rows]
    assert words[0].endswith("cat instead of fox")
    assert words[2] == "Timestep 1: bear left out"
    lab.press("X")
    assert [event.name for event in strip._events] == [e.name for e in lab.panel.what_if.true_sequence.events]
    assert strip.marks is None
    assert state.trace is state.true_trace
    lab.press("X")
    assert state.length == 10


def test_undo_and_redo_by_keys(lab: Lab) -> None:
    lab.press("Home", "0", "Down", "1")
    both = lab.listed
    lab.press("Ctrl+Z")
    assert lab.listed == both[:1]
    lab.press("Ctrl+Z")
    assert lab.listed == []
    assert lab.window.state.what_if is None
    lab.press("Ctrl+Shift+Z", "Ctrl+Y")
    assert lab.listed == both
    assert lab.window.state.what_if is not None


def test_escape_and_one_button_switch_everything_off(lab: Lab) -> None:
    lab.press("Home", "0")
    true = lab.window.state.true_trace
    lab.press("Esc")
    assert lab.window.state.what_if is None
    assert lab.window.state.trace is true
    assert not lab.panel.what_if.entries[0].on
    lab.click(lab.panel.buttons.all_off)
    assert lab.window.state.what_if is not None
    lab.click(lab.panel.buttons.all_off)
    assert lab.window.state.what_if is None
    row = lab.panel.list.rows[0]
    lab.click(row.box)
    assert lab.panel.what_if.active
    lab.click(lab.panel.list.rows[0].cross)
    assert lab.listed == []


def test_the_palette_holds_a_gate_from_here_on(lab: Lab) -> None:
    lab.window.state.set_timestep(3)
    lab.window.state.set_page("train")
    offered = {
        command.title.guide: command for command, possible in lab.window.offered_commands() if possible
    }
    lab.window.do(offered["Hold the forget gate shut from here on"])
    lab.settle()
    assert lab.window.state.page == "step"
    assert lab.listed == [HoldQuantity("forget_gate", 0.0, since=3)]
    lab.window.state.set_network("rnn")
    titles = [command.title.guide for command, _ in lab.window.offered_commands()]
    assert not any("forget gate" in title and "from here on" in title for title in titles)
    assert "Wipe the short-term memory here" in titles


# -- the mouse
def test_pictures_are_dropped_on_the_strip(lab: Lab) -> None:
    assert lab.drop("cat", 1)
    assert lab.drop("tree", 4, share=0.05)
    assert lab.drop("tree", 4, share=0.95)
    assert lab.listed == [ReplaceEvent(1, "cat"), InsertEvent(4, "tree"), InsertEvent(5, "tree")]
    assert not lab.drop("cat", 1, source=1), "dropped where it was pulled out: nothing"
    lab.panel.choose("events")
    lab.settle()
    assert lab.drop_on(lab.panel.shelf, QPointF(5, 5), "cat", source=1)
    assert lab.listed[-1] == RemoveEvent(1)


def test_nothing_is_dropped_while_another_tab_is_open(lab: Lab) -> None:
    lab.press("F")
    assert not lab.page.strip_card.strip.acceptDrops()
    lab.press("W")
    assert lab.page.strip_card.strip.acceptDrops()


def test_buttons_do_what_keys_do(lab: Lab) -> None:
    lab.press("Home")
    lab.click(lab.panel.buttons.shut)
    assert lab.listed == [HoldQuantity("forget_gate", 0.0)]
    assert lab.panel.buttons.shut.isChecked()
    lab.click(lab.panel.buttons.opened)
    assert lab.listed == [HoldQuantity("forget_gate", 1.0)]
    lab.panel.buttons.value.setValue(0.25)
    lab.click(lab.panel.buttons.at_value)
    assert lab.listed == [HoldQuantity("forget_gate", 0.25)]
    lab.click(lab.panel.buttons.learned)
    assert lab.listed == []
    lab.click(lab.panel.buttons.undo)
    assert lab.listed == [HoldQuantity("forget_gate", 0.25)]


# -- other networks, other moments, other runs
def test_only_what_a_cell_has_is_offered(lab: Lab) -> None:
    lab.press("Home", "0")
    lab.window.state.set_network("rnn")
    lab.settle()
    assert [target.name for target in lab.panel._targets] == ["hidden_state", "events"]
    row = lab.panel.list.rows[0]
    assert row.line.idle
    assert row.words.text().endswith("nothing to change in this network")
    assert lab.window.state.trace is lab.window.state.true_trace
    assert "has nothing of this to change" in lab.page.prediction.bars.table.caption


def test_it_follows_the_moment_that_is_shown(lab: Lab) -> None:
    lab.press("Home", "0")
    state, monitor = lab.window.state, lab.window.monitor
    first = state.what_if
    monitor.one_update()
    lab.settle()
    second = state.what_if
    assert first is not None
    assert second is not None
    assert second.update == first.update + 1
    assert second.true["lstm"] is state.moment.traces["lstm"]
    assert second.changed["guide_lstm"].update == second.update
    monitor.go_to(0)
    lab.settle()
    assert state.what_if is not None
    assert state.what_if.update == 0
    monitor.back_to_now()
    lab.settle()
    assert state.what_if.update == second.update
    monitor.rewind()
    lab.settle()
    assert state.what_if is not None
    assert state.what_if.update == 0
    assert lab.listed == [HoldQuantity("forget_gate", 0.0)]


def test_other_pages_show_what_is(lab: Lab) -> None:
    lab.press("Home", "0")
    state = lab.window.state
    state.set_page("train")
    assert state.trace is state.true_trace
    state.set_page("step")
    assert state.trace is not state.true_trace


def test_every_gate_at_its_own_value_is_said_to_change_nothing(lab: Lab) -> None:
    trace = lab.window.state.true_trace
    assert trace is not None
    holds = [
        HoldQuantity(gate.name, tuple(map(float, trace.value(gate.name)[t])), timesteps=(t,))
        for gate in trace.description.gates
        for t in range(trace.length)
    ]
    lab.panel.what_if.add(*holds, network="lstm")
    lab.settle()
    assert "every number stays the same, bit for bit" in lab.page.prediction.bars.table.caption


def test_a_list_from_a_file(lab: Lab) -> None:
    lab.press("Home", "0")
    text = lab.panel.what_if.as_text()
    lab.panel.what_if.clear()
    lab.panel.what_if.read_text(text)
    assert lab.listed == [HoldQuantity("forget_gate", 0.0)]
    with pytest.raises(InterventionError, match="has no event called 'unicorn'"):
        lab.panel.what_if.read_text('[{"kind": "replace", "at": 1, "event": "unicorn"}]')
    assert lab.listed == [HoldQuantity("forget_gate", 0.0)]


def test_what_no_network_has_is_refused_from_a_file_and_files_come_back(lab: Lab, tmp_path: Path) -> None:
    what_if, said = lab.panel.what_if, []
    for text, sentence in (
        ('[{"kind": "hold", "quantity": "reset_gate", "value": 0}]', "has no reset gate"),
        ('[{"kind": "hold", "quantity": "forget_gate", "value": 0, "units": [99]}]', "no unit 99"),
        ('[{"together": [{"kind": "remove", "at": 1}], "network": "gru"}]', "No network called 'gru'"),
        ('[{"kind": "set", "state": "cell_state", "value": 0, "at": 99}]', "no timestep 99"),
    ):
        with pytest.raises(InterventionError, match=sentence):
            what_if.read_text(text)
    assert lab.listed == []
    lab.press("Home", "0")
    what_if.add(RemoveEvent(0))
    what_if.switch(what_if.entries[1].number, False)
    state = lab.window.state
    save_to(tmp_path / "mine", state, what_if, lambda title, words: said.append(words))
    before = [(each.interventions, each.network, each.on) for each in what_if.entries]
    what_if.clear()
    open_from(tmp_path / "mine.json", state, what_if, lambda title, words: said.append(words))
    assert [(each.interventions, each.network, each.on) for each in what_if.entries] == before
    assert not said
    open_from(tmp_path / "other.json", state, what_if, lambda title, words: said.append(words))
    assert "is not there" in said[0]
    assert len(what_if.entries) == 2


# -- beyond this sequence
def settled(lab: Lab, others: OtherSequences) -> bool:
    lab.settle()
    return others.answers is not None


def test_one_key_shuts_the_forget_gate_and_asks_other_sequences(qtbot: QtBot, lab: Lab) -> None:
    window, panel = lab.window, lab.panel
    lab.press("Home")
    window.state.set_network("rnn")
    lab.settle()
    lab.press("Shift+F")
    assert window.state.network == "lstm"
    assert window.state.timestep == window.state.length - 1
    assert lab.listed == [HoldQuantity("forget_gate", 0.0)]
    others = panel.rates.others
    assert panel.rates.isVisible()
    qtbot.waitUntil(lambda: settled(lab, others))
    found, story = others.answers, panel.rates.story
    assert found is not None
    assert story is not None
    view = window.state.what_if
    assert view is not None
    trace = view.true["lstm"]
    answers: list[object] = []
    request = ChangedRateRequest(
        (HoldQuantity("forget_gate", 0.0),), distance=7, networks=("lstm",), weights_from={"lstm": trace}
    )
    window.monitor.request(request, answers.append)
    lab.settle()
    (oracle,) = answers
    assert isinstance(oracle, ChangedRateAnswer)
    assert story.changed == oracle.changed["lstm"] / 500
    assert story.right == oracle.right["lstm"] / 500
    rival = panel.what_if.rival()
    assert rival is not None
    assert found.rival_changed is not None
    assert len(found.rival_changed.probabilities) == rival.length
    lab.press("Ctrl+Z")
    assert not panel.rates.isVisible()
    lab.click(panel.buttons.begin_shut)
    assert lab.listed == [HoldQuantity("forget_gate", 0.0)]


def test_while_training_goes_on_other_sequences_are_asked_all_the_same(qtbot: QtBot, lab: Lab) -> None:
    """News comes with every poll, far more often than the question is put off: it must not be put off for ever."""
    others = lab.panel.rates.others
    lab.press("Shift+F")
    before = lab.window.monitor.snapshot.update
    lab.window.monitor.start()
    qtbot.waitUntil(lambda: asked_after(lab, others, before), timeout=30_000)
    lab.window.monitor.pause()
    lab.window.monitor.poll_once()


def asked_after(lab: Lab, others: OtherSequences, update: int) -> bool:
    """One frame on; whether other sequences were asked about with weights from after this update."""
    QApplication.processEvents()
    lab.window.monitor.poll_once()
    return others.answers is not None and others.answers.rates.update > update


# -- sizes
@pytest.mark.parametrize("size", [(1024, 700), (1280, 720), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize("target", ["forget_gate", "cell_state", "events"])
def test_nothing_is_cut_off(qtbot: QtBot, size: tuple[int, int], target: str) -> None:
    lab = make_lab(qtbot, size)
    lab.press("Home", "0", "Down", "1")
    lab.panel.choose(target)
    lab.settle()
    check_nothing_is_cut_off(lab)


def test_nothing_is_cut_off_in_a_lecture(qtbot: QtBot) -> None:
    lab = make_lab(qtbot, (1280, 720))
    lab.window.set_lecture(True, full_screen=False)
    lab.settle()
    lab.press("W", "Home", "0")
    assert lab.panel.isVisible()
    check_nothing_is_cut_off(lab)
    for label in lab.panel.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.fontInfo().pixelSize() >= 20, label.text()
    lab.press("Tab")
    assert not lab.panel.isVisible()
    lab.press("Space")
    assert not lab.window.monitor.training, "Space plays; it must not press the button that comes next"
    lab.press("Space")
    lab.press("W", "Esc")
    assert lab.window.state.lecture, "Esc ends the what-if first"
    assert lab.window.state.what_if is None


def check_nothing_is_cut_off(lab: Lab) -> None:
    panel = lab.panel
    buttons = [
        *panel.chips,
        panel.buttons.one,
        panel.buttons.shut,
        panel.buttons.opened,
        panel.buttons.wipe,
        panel.buttons.swap,
        panel.buttons.exchange,
        panel.buttons.all_off,
    ]
    for button in (each for each in buttons if each.isVisible()):
        place = button.rect().translated(button.mapTo(panel, QPoint(0, 0)))
        assert panel.rect().contains(place), button.text()
        assert button.width() >= button.sizeHint().width(), button.text()
    seen = [button for button in buttons if button.isVisible()]
    for one in seen:
        for other in seen:
            if one is not other:
                first = one.rect().translated(one.mapTo(panel, QPoint(0, 0)))
                assert not first.intersects(other.rect().translated(other.mapTo(panel, QPoint(0, 0)))), (
                    one.text(),
                    other.text(),
                )
    assert panel.list.height() >= panel.state.theme.px(20)


@pytest.mark.parametrize(("events", "units"), [(1, 1), (500, 3), (10, 128)])
def test_short_and_long_sequences_few_and_many_units(qtbot: QtBot, events: int, units: int) -> None:
    lab = make_lab(qtbot, units=units)
    task = lab.window.monitor.task
    names = ["bear", *["flower"] * (events - 2), "dog_or_wolf"][:events] if events > 1 else ["bear"]
    sequence = task.sequence(names)
    run = lab.window.monitor._runner._conductor._run  # type: ignore[union-attr]
    traces = {key: run.trainer.trace(key, sequence) for key in run.networks}
    lab.page._sequence = sequence
    lab.page.side.show_sequence(task, sequence)
    moment = lab.window.state.moment
    lab.window.state.set_moment(dataclasses.replace(moment, traces=traces, live=False))
    lab.page._show_world()
    lab.settle()
    lab.press("Home", "0")
    lab.panel.choose("events")
    lab.press("C", "Shift+Return")
    view = lab.window.state.what_if
    assert view is not None
    assert view.changed["lstm"].length == events + 1
    edited = edited_sequence(task, sequence, (InsertEvent(0, "cat"),))
    np.testing.assert_array_equal(view.sequence.inputs, edited.inputs)
    assert not lab.window.grab().isNull()
    lab.press("End", "Home", "X", "X", "Ctrl+Z", "Esc")
    assert lab.window.problem_banner.isHidden()


def test_the_buttons_say_where_a_gate_is_held_that_a_key_shut(lab: Lab) -> None:
    lab.press("H")
    assert lab.panel.buttons.span.text() == "at t = 10 only"
    lab.panel.choose("cell_state")
    lab.press("Shift+F")
    target = lab.panel.target
    assert target is not None
    assert target.name == "forget_gate"
    assert lab.panel.buttons.span.text() == "at every timestep"
    assert lab.panel.buttons.shut.isChecked()
    lab.press(
        "Home", "H", "1"
    )  # what is chosen here stays chosen, though from the first timestep on is everywhere
    assert lab.panel.buttons.span.text() == "from t = 1 on"
    assert isinstance(lab.listed[-1], HoldQuantity)


def test_in_a_lecture_several_changes_take_one_line_each(lab: Lab) -> None:
    lab.window.resize(1280, 720)
    lab.window.set_lecture(True, full_screen=False)
    lab.settle()
    lab.press("Shift+F")
    lab.panel.what_if.add(SetMemory("cell_state", 0.0, at=5))
    lab.settle()
    entries = lab.panel.list
    assert len(entries.rows) == 2
    first = entries.rows[0]
    assert first.height() < 2 * first.words.fontMetrics().height()
    for row in entries.rows:
        place = row.rect().translated(row.mapTo(entries.viewport(), QPoint(0, 0)))
        assert entries.viewport().rect().contains(place)
    if first.words.text().endswith("…"):
        assert first.words.toolTip() == "At every timestep: forget gate of all units held shut"


def test_in_a_lecture_the_place_of_the_playhead_is_whole_beside_the_networks(lab: Lab) -> None:
    lab.window.resize(1280, 720)
    lab.press("F")
    lab.window.set_lecture(True, full_screen=False)
    lab.settle()
    page = lab.page
    for _ in range(2):
        place = page.controls.place
        assert place.isVisible()
        assert page.controls.rect().contains(place.geometry()), page.side.isHidden()
        lab.press("Tab")
