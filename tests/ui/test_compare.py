"""Two networks in step, pinned moments, and the small field of sequence time and training time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.tasks.memory_tasks.adding import Adding
from playground.tasks.memory_tasks.delayed_recall import DelayedRecall
from playground.tasks.nature_show import NatureShow
from playground.tasks.task import Answer, EventSequence
from playground.tasks.text.learned_texts import QuotesAndBrackets
from playground.ui.pages.step import StepPage
from playground.ui.panels.cell_partner import PartnerDiagram
from playground.ui.panels.compare import ComparePanel
from playground.ui.panels.compare_pad import MOST_ROWS, pad_rows
from playground.ui.panels.compare_words import (
    answer_words,
    cell_words,
    known_answers,
    legend,
    nearness,
    right_shares,
)
from playground.ui.run_words import percent
from playground.ui.state import Moment
from tests.ui.canned import canned_trace
from tests.ui.shell import Shell
from tests.ui.test_step_page import CELLS, SIZES, make_page, show_cells


def comparing(qtbot: QtBot, size: tuple[int, int] = (1280, 720)) -> tuple[Shell, StepPage, ComparePanel]:
    shell, page = make_page(qtbot, size)
    shell.press("C")
    QApplication.processEvents()
    panel = page.side.panel("compare")
    assert isinstance(panel, ComparePanel)
    return shell, page, panel


def below(page: StepPage) -> PartnerDiagram:
    assert page.partner_diagram is not None
    return page.partner_diagram


def test_two_networks_stand_in_step(qtbot: QtBot) -> None:
    shell, page, panel = comparing(qtbot)
    assert below(page).isVisible()
    assert panel.partner.network == "rnn", "what remembers less stands below the opened LSTM"
    assert page.diagram.title.text() == "A  LSTM"
    assert below(page).title.text() == "B  RNN"
    shell.press("Right")
    shell.press("Right")
    QApplication.processEvents()
    assert below(page).timestep_shown() == shell.state.timestep == 2
    trace = shell.state.moment.traces["rnn"]
    assert panel.partner.trace is trace
    assert "t = 3" in panel.above.text()
    assert "t = 3" in panel.below.text()
    panel.chooser.setCurrentIndex(panel.chooser.findData("guide_lstm"))
    panel.chooser.activated.emit(panel.chooser.currentIndex())
    assert panel.partner.network == "guide_lstm"
    assert below(page).title.text() == "B  LSTM (guide)"


def test_the_sub_step_is_lit_in_both(qtbot: QtBot) -> None:
    shell, page, panel = comparing(qtbot)
    panel.partner.choose_network("guide_lstm")
    shell.press("2")
    stage = below(page).stage
    assert stage is not None
    assert stage.role == "learn"


def test_the_second_diagram_goes_when_another_tab_is_opened(qtbot: QtBot) -> None:
    shell, page, _ = comparing(qtbot)
    assert not page.prediction.isVisible(), "the panel itself says what both answer"
    shell.press("F")
    QApplication.processEvents()
    assert not below(page).isVisible()
    assert page.prediction.isVisible()
    assert page.diagram.title.text() == "Inside the LSTM"
    assert page.diagram.caption.isVisible()


def test_a_moment_is_pinned_beside_a_later_one(qtbot: QtBot) -> None:
    shell, page, panel = comparing(qtbot)
    shell.train(30)
    shell.monitor.go_to(10)
    shell.poll()
    assert shell.state.moment.update == 10
    shell.press("P")
    shell.press("B")
    shell.poll()
    QApplication.processEvents()
    assert (panel.partner.network, panel.partner.update, shell.state.moment.update) == ("lstm", 10, 30)
    assert "update 10" in panel.below.text()
    assert "update 30" in panel.above.text()
    assert "update 10" in below(page).hint.words
    panel.unpin.click()
    assert panel.partner.pinned_update is None
    assert panel.partner.update == 30


def test_another_run_lets_the_pins_go(qtbot: QtBot) -> None:
    shell, _, panel = comparing(qtbot)
    shell.train(20)
    shell.press("P")
    assert panel.partner.pinned_update == 20
    shell.press("R")
    shell.poll()
    assert panel.partner.pinned_update is None


def test_a_timestep_can_be_held_below(qtbot: QtBot) -> None:
    shell, page, panel = comparing(qtbot)
    shell.state.set_timestep(4)
    panel.same_time.setChecked(False)
    shell.press("Right")
    QApplication.processEvents()
    assert (shell.state.timestep, below(page).timestep_shown()) == (5, 4)
    panel.same_time.setChecked(True)
    assert panel.partner.timestep == 5


# -- the field
def test_rows_are_kept_updates_and_now() -> None:
    assert pad_rows(np.array([0, 10, 20]), 25) == (0, 10, 20, 25)
    assert pad_rows(np.array([], np.int64), 0) == (0,)
    assert pad_rows(np.array([0, 10, 99]), 20) == (0, 10, 20), "nothing after now"
    many = pad_rows(np.arange(0, 1000, 5), 1000)
    assert len(many) == MOST_ROWS
    assert (many[0], many[-1]) == (0, 1000)
    assert list(many) == sorted(set(many))


def test_dragging_scrubs_both_axes(qtbot: QtBot) -> None:
    shell, _, panel = comparing(qtbot)
    shell.train(40)
    QApplication.processEvents()
    pad = panel.pad
    assert pad.rows[0] == 0
    assert pad.rows[-1] == 40
    at = pad.cell_rect(6, 1).center().toPoint()
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=at)
    shell.poll()
    assert shell.state.timestep == 6
    assert shell.state.moment.update == pad.rows[1]
    assert not shell.state.moment.live
    top = pad.cell_rect(2, len(pad.rows) - 1).center().toPoint()
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=top)
    shell.poll()
    assert shell.state.moment.live, "the newest row is now"
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    shell.poll()
    assert panel.partner.update == pad.rows[1]
    assert shell.state.moment.live
    assert shell.state.timestep == 6, "both go together"
    panel.moves.button("B").click()
    assert pad.moves == 1


def test_keys_move_through_the_field(qtbot: QtBot) -> None:
    shell, page, panel = comparing(qtbot)
    shell.train(30)
    QApplication.processEvents()
    panel.pad.setFocus()
    QTest.keyClick(panel.pad, Qt.Key.Key_Down)
    shell.poll()
    assert shell.state.moment.update == panel.pad.rows[-2]
    assert page.diagram.stage is None
    QTest.keyClick(panel.pad, Qt.Key.Key_Right)
    assert shell.state.timestep == 1
    QTest.keyClick(panel.pad, Qt.Key.Key_Up)
    shell.poll()
    assert shell.state.moment.live


def test_the_field_fills_while_nothing_trains(qtbot: QtBot) -> None:
    shell, _, panel = comparing(qtbot)
    shell.train(30)
    shell.poll(12)
    known = panel._shares["lstm"]
    assert set(panel.pad.rows) <= set(known)
    trace = shell.state.moment.traces["lstm"]
    shares = known[30]
    assert shares == pytest.approx(
        [float(trace.probabilities[t, trace.targets[t]]) for t in range(trace.length)]
    )


def test_a_place_stands_where_its_moment_is(qtbot: QtBot) -> None:
    shell, _, panel = comparing(qtbot)
    shell.train(30)
    shell.state.set_timestep(3)
    QApplication.processEvents()
    pad = panel.pad
    timestep, row = pad.place_at(pad.place_rect(0).center())
    assert (timestep, pad.rows[row]) == (3, 30)
    assert pad.place_at(QPointF(-50, 10_000)) == (0, 0)


def test_after_a_lecture_the_column_is_the_comparison_s_alone(qtbot: QtBot) -> None:
    shell, page, _ = comparing(qtbot)
    assert page.prediction.isHidden()
    shell.window.set_lecture(True, full_screen=False)
    shell.press("Tab")
    shell.window.set_lecture(False)
    for _ in range(4):
        QApplication.processEvents()
    assert page.prediction.isHidden()


# -- words
def test_what_is_answered_is_judged_only_where_it_is_asked() -> None:
    trace = canned_trace(CELLS["lstm"], answers=3)
    answers = tuple(Answer(n, name, name) for n, name in enumerate(("one", "two", "three")))
    for timestep in range(10):
        best = int(np.argmax(trace.probabilities[timestep]))
        share = percent(float(trace.probabilities[timestep, best]))
        said = f"{answers[best].title}, {share}"
        right = best == int(trace.targets[timestep])
        assert answer_words(trace, answers, timestep, False) == said
        assert answer_words(trace, answers, timestep, True) == f"{said}: {'right' if right else 'wrong'}"
    shares = right_shares(trace)
    assert shares is not None
    assert shares.shape == (10,)


def test_numbers_are_near_or_as_far_off_as_without_memory() -> None:
    trace = replace(
        canned_trace(CELLS["lstm"], length=4, answers=2),
        loss="squared_error",
        logits=np.array([[0.5, 0.5], [0.2, 0.4], [1.0, 0.0], [0.0, 0.0]], np.float32),
        targets=np.array([[0.5, 0.5], [0.2, 0.1], [0.0, 0.0], [0.3, 0.3]], np.float32),
    )
    near = nearness(trace, np.array([True, True, True, False]), 0.25)
    off = np.sqrt(0.3**2 / 2)  # of two numbers one is off by 0.3
    np.testing.assert_allclose(near[:3], [1.0, 1.0 - off / 0.5, 0.0], atol=1e-6)
    assert np.isnan(near[3])  # nothing is asked there


def test_the_field_of_a_number_task_fills(qtbot: QtBot) -> None:
    shell, _, panel = comparing(qtbot)
    task = Adding()
    sequence = task.probe()
    panel.show_sequence(task, sequence)
    numbers = np.linspace(0.0, 1.0, sequence.length, dtype=np.float32)[:, None]
    made = canned_trace(CELLS["lstm"], length=sequence.length, answers=1)
    trace = replace(made, loss="squared_error", logits=numbers, targets=sequence.targets)
    shell.state.set_moment(Moment(1, 30, {"lstm": trace}, live=False))
    QApplication.processEvents()
    error = abs(1.0 - float(sequence.targets[-1, 0]))
    off = float(np.sqrt(task.baseline()[0]))
    shares = panel._shares["lstm"][30]
    assert shares[-1] == pytest.approx(1.0 - min(1.0, error / off), abs=1e-6)
    assert np.isnan(shares[0])
    assert "nearer" in panel.legend.text()
    said = "or more" if error >= off else f"off by {error:.2f}"
    assert said in panel.pad.say(float(shares[-1]))


def test_what_answers_are_held_against_is_said_as_it_is() -> None:
    nature, recall, text = NatureShow(), DelayedRecall(), QuotesAndBrackets()
    assert known_answers(nature, nature.probe()).all()  # every picture is to be named
    recalled = known_answers(recall, recall.probe())
    assert list(np.flatnonzero(recalled)) == [recall.probe().length - 1]
    trace = canned_trace(CELLS["lstm"], answers=3)
    shares = right_shares(trace, np.arange(10) == 4)
    assert shares is not None
    assert shares[4] == pytest.approx(float(trace.probabilities[4, trace.targets[4]]))
    assert np.isnan(np.delete(shares, 4)).all()
    assert legend(nature, trace, "LSTM").endswith("the surer the LSTM was of the right answer.")
    # What somebody wrote has no right answer: there is what came next, but for its last character.
    written = text.sequence(list("the cat"))
    assert list(known_answers(text, written)) == [True] * 6 + [False]
    unasked = EventSequence(written.events, written.inputs, written.targets, np.zeros(7, np.bool_))
    assert list(known_answers(text, unasked)) == [True] * 6 + [False]
    assert legend(text, trace, "LSTM").endswith("the surer the LSTM was of the character that came next.")
    assert cell_words(text, trace, 0.97) == "97 % for the character that came next"
    assert cell_words(nature, trace, 0.97) == "97 % for the right answer"


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("units", [1, 16, 128])
def test_two_diagrams_fit_with_any_number_of_units(size: tuple[int, int], units: int, qtbot: QtBot) -> None:
    shell, page, _ = comparing(qtbot, size)
    show_cells(shell, ["lstm", "rnn"], units=units)
    for _ in range(4):
        QApplication.processEvents()
    for diagram in (page.diagram, below(page)):
        assert diagram.isVisible()
        assert page.rect().contains(diagram.geometry().translated(diagram.parentWidget().pos()))
        view = diagram.view
        shown = view.transform().m11()
        assert shown >= (0.7 if units <= 16 else 0.35), "text would be too small to read"


def test_in_a_lecture_both_have_the_page_alone(qtbot: QtBot) -> None:
    shell, page, panel = comparing(qtbot)
    shell.state.set_appearance(lecture=True)
    shell.window.resize(1280, 720)
    shell.window.lecture.turn(-shell.window.lecture.position)
    for _ in range(4):
        QApplication.processEvents()
    assert below(page).isVisible()
    assert not page.strip_card.isVisible()
    assert "B  RNN" in below(page).sign.text()
    shell.press("Tab")
    for _ in range(4):
        QApplication.processEvents()
    assert not below(page).isVisible()
    assert page.strip_card.isVisible()
    assert panel.isVisible()
    assert panel.pad.height() > 80


@pytest.mark.parametrize("length", [1, 500])
def test_sequences_of_one_event_and_of_many(length: int, qtbot: QtBot) -> None:
    shell, page, panel = comparing(qtbot)
    show_cells(shell, ["lstm", "rnn"], length=length)
    for key in ("End", "1", "Down", "Down", "0", "Home"):
        shell.press(key)
    QApplication.processEvents()
    assert page.controls.place.text() == f"t = 1 of {length}"
    first, last = panel.pad.cell_rect(0, 0), panel.pad.cell_rect(length - 1, 0)
    assert panel.pad.field().adjusted(-1, -1, 1, 1).contains(first.united(last))
    assert panel.pad.place_at(last.center())[0] == length - 1
    shell.press("D")
    QApplication.processEvents()
    assert page.formula.unfolded_view.sum is not None
