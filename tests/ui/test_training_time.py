from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.training_time import TrainingTime
from playground.ui.panels.training_time_slider import nearest_kept
from playground.ui.state import UiState
from tests.ui.recorded import Played, played

KEPT = frozenset({0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 250, 298, 299, 300})


def shown(qtbot: QtBot, session: Played, width: int = 1000) -> TrainingTime:
    panel = TrainingTime(session.state, session.monitor)
    qtbot.addWidget(panel)
    panel.resize(width, 110)
    panel.show()
    return panel


def at_update(panel: TrainingTime, update: int) -> QPoint:
    return QPoint(round(panel.slider.x_of(update)), panel.slider.height() // 2)


@pytest.fixture
def session() -> Played:
    return played(kept=KEPT)


@pytest.mark.parametrize(
    ("wanted", "nearest"), [(0, 0), (3, 2), (3.6, 5), (7, 5), (8, 10), (1000, 300), (75, 50), (76, 100)]
)
def test_the_nearest_kept_update(wanted: float, nearest: int) -> None:
    assert nearest_kept(np.array(sorted(KEPT)), wanted) == nearest


def test_with_nothing_kept_it_is_the_beginning() -> None:
    assert nearest_kept(np.zeros(0, np.int64), 40) == 0


def test_before_the_first_update_there_is_nothing_to_drag(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    assert not panel.slider.isEnabled()
    assert not panel.field.isEnabled()
    assert not panel.back.isEnabled()
    assert panel.note_text.words.startswith("Every moment of the run")


def test_dragging_shows_kept_updates_and_says_which(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    qtbot.mousePress(panel.slider, Qt.MouseButton.LeftButton, pos=at_update(panel, 112))
    session.poll()
    assert session.state.moment.update == 100
    assert not session.state.moment.live
    assert panel.note_text.words == "You are looking at update 100; the run stands at 300"
    qtbot.mouseMove(panel.slider, at_update(panel, 161))
    assert panel.slider.handle == 150  # before the answer is there
    session.poll()
    assert session.state.moment.update == 150
    qtbot.mouseRelease(panel.slider, Qt.MouseButton.LeftButton, pos=at_update(panel, 161))
    assert panel.slider.handle == 150
    assert panel.slider.value() == 150


def test_dragging_to_the_end_is_now(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    qtbot.mousePress(panel.slider, Qt.MouseButton.LeftButton, pos=at_update(panel, 100))
    session.poll()
    qtbot.mouseMove(panel.slider, at_update(panel, 300) + QPoint(30, 0))
    session.poll()
    qtbot.mouseRelease(panel.slider, Qt.MouseButton.LeftButton)
    assert session.state.moment.live
    assert panel.slider.handle == 300


def test_a_drag_never_builds_a_queue(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    qtbot.mousePress(panel.slider, Qt.MouseButton.LeftButton, pos=at_update(panel, 250))
    for update in (200, 150, 100, 50, 20, 10, 5):
        qtbot.mouseMove(panel.slider, at_update(panel, update))
    asked = [request.update for request in session.runner.requests]
    assert len(asked) <= 2
    session.poll(4)
    assert session.state.moment.update == 5
    assert len(session.runner.requests) <= 3
    qtbot.mouseRelease(panel.slider, Qt.MouseButton.LeftButton, pos=at_update(panel, 5))


def test_the_moment_stays_while_training_goes_on(qtbot: QtBot, session: Played) -> None:
    session.runner.updates_a_poll = 10
    panel = shown(qtbot, session)
    session.play(200)
    session.monitor.start()
    session.poll()
    panel.go_to(100)
    session.poll(3)
    assert session.state.moment.update == 100
    now = session.monitor.snapshot.update
    assert now > 220
    assert panel.note_text.words == f"You are looking at update 100; training goes on at {now}"
    assert panel.back.property("kind") == "pending"
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert session.state.moment.live
    assert session.state.moment.update == session.monitor.snapshot.update
    assert panel.back.property("kind") == "plain"
    assert panel.note_text.words == "Drag to go back to any earlier moment of this run."


def test_arrow_keys_go_from_kept_update_to_kept_update(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    panel.slider.setFocus()

    def press(key: Qt.Key) -> int:
        qtbot.keyClick(panel.slider, key)
        session.poll()
        return session.state.moment.update

    assert press(Qt.Key.Key_Left) == 299
    assert press(Qt.Key.Key_Left) == 298
    assert press(Qt.Key.Key_Left) == 250
    assert press(Qt.Key.Key_Right) == 298
    assert press(Qt.Key.Key_Home) == 0
    assert press(Qt.Key.Key_Left) == 0
    assert press(Qt.Key.Key_End) == 300
    assert session.state.moment.live


def test_an_update_that_is_kept_is_shown_at_once(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    assert not panel.go.isEnabled()
    QTest.keyClicks(panel.field, "150")
    assert panel.go.text() == "Show"
    qtbot.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    session.poll()
    assert session.state.moment.update == 150


def test_another_update_is_replayed_with_progress(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    QTest.keyClicks(panel.field, "237")
    assert panel.go.text() == "Replay exactly"
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    session.poll()
    assert panel.replaying
    assert panel.note_text.words == "Replaying: update 200 of 237"
    assert panel.go.text() == "Cancel"
    session.poll()
    assert panel.note_text.words == "Replaying: update 212 of 237"
    session.poll(2)
    assert not panel.replaying
    assert session.state.moment.update == 237
    assert panel.note_text.words.startswith("You are looking at update 237")
    assert panel.slider.handle == 237


def test_a_replay_can_be_given_up_and_what_is_shown_stays(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    panel.go_to(100)
    session.poll()
    QTest.keyClicks(panel.field, "237")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    session.poll()
    assert panel.go.text() == "Cancel"
    qtbot.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    session.poll(5)
    assert session.state.moment.update == 100
    assert not panel.replaying
    assert panel.go.text() == "Replay exactly"


def test_an_update_that_was_not_reached_is_refused_with_a_sentence(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    QTest.keyClicks(panel.field, "12x00")
    assert panel.field.text() == "1200"
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.note_text.words == "Update 1,200 has not been reached yet: the run is at 300."
    assert not session.runner.requests
    qtbot.keyClick(panel.field, Qt.Key.Key_Backspace)
    assert panel.note_text.words.startswith("Drag to go back")


def test_a_rewind_forgets_the_past(qtbot: QtBot, session: Played) -> None:
    panel = shown(qtbot, session)
    session.play(300)
    panel.go_to(100)
    session.poll()
    session.monitor.rewind()
    session.poll()
    assert session.state.moment.live
    assert not panel.slider.isEnabled()
    assert panel.note_text.words.startswith("Every moment of the run")


@pytest.mark.parametrize("width", [560, 622, 1000, 1600])
def test_nothing_is_cut_off(qtbot: QtBot, session: Played, width: int) -> None:
    panel = shown(qtbot, session, width)
    session.play(300)
    panel.go_to(100)
    session.poll()
    assert panel.width() == width
    assert "100" in panel.note_text.shown
    assert "…" not in panel.note_text.shown
    for button in (panel.go, panel.back):
        assert button.width() >= button.sizeHint().width()


def test_words_that_fit(qtbot: QtBot) -> None:
    state = UiState()
    text = FittingText(state)
    qtbot.addWidget(text)
    text.say("a rather long way of saying it", "shorter", "")
    for width, shown_words in ((400, "a rather long way of saying it"), (70, "shorter"), (5, "")):
        text.resize(width, 26)
        assert text.shown == shown_words
    assert text.accessibleName() == "a rather long way of saying it"
