from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.bench.playback import RecordedRun
from playground.ui.panels.loss_curves import LossCurves, LossRange, RightCurves
from playground.ui.theme import NETWORK_DASH
from tests.ui.recorded import ALL, Played, played, probe_traces, progress, recorded_run


def shown(
    qtbot: QtBot, session: Played, kind: type = LossCurves, size: tuple[int, int] = (520, 200)
) -> LossCurves:
    panel = kind(session.state, session.monitor)
    qtbot.addWidget(panel)
    panel.resize(*size)
    panel.show()
    return panel


def pixels(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(image.height(), image.width(), 4)[..., :3]
        .astype(int)
    )


def count_of(widget: QWidget, colour: QColor) -> int:
    wanted = np.array([colour.blue(), colour.green(), colour.red()])
    return int((np.abs(pixels(widget) - wanted).sum(axis=-1) < 12).sum())


# -- the range of the loss
def run_of(*values: float) -> list[np.ndarray]:
    return [np.array(values)]


def test_the_first_fall_may_leave_the_range_but_a_high_loss_may_not() -> None:
    loss_range = LossRange()
    loss_range.settle(run_of(2.6, 2.5, 2.4))
    assert loss_range.top == 3.0
    loss_range.settle([np.concatenate([[2.5, 1.5], np.full(62, 0.6)])])
    assert loss_range.top == 1.0
    loss_range.settle([np.concatenate([[2.5, 1.5], np.full(61, 0.6), [4.0]])])
    assert loss_range.top == 6.0


def test_one_network_that_stays_high_keeps_the_range() -> None:
    loss_range = LossRange()
    loss_range.settle([np.full(64, 0.1), np.full(64, 2.0)])
    assert loss_range.top == 3.0


def test_the_range_does_not_waver_around_a_step() -> None:
    loss_range = LossRange()
    tops = []
    for wave in np.sin(np.arange(200)):
        loss_range.settle(run_of(*np.full(63, 0.99), 0.99 + 0.03 * wave))
        tops.append(loss_range.top)
    assert len(set(tops[5:])) == 1


def test_the_log_range_goes_down_by_decades_and_never_up() -> None:
    loss_range = LossRange()
    for least, low in ((0.5, 0.1), (0.02, 0.01), (0.3, 0.01), (1e-9, 1e-4)):
        loss_range.settle(run_of(0.6, least))
        assert loss_range.low == pytest.approx(low)


# -- what is drawn and said
def test_before_the_first_update_the_card_says_what_to_do(qtbot: QtBot) -> None:
    session = played()
    panel = shown(qtbot, session)
    assert panel.plot.empty_sentences[0] == "No update yet. Press Train."
    assert panel.plot.update_at(200) is None
    assert panel.plot.accessibleDescription() == "No update yet. Press Train."
    session.monitor.start()
    session.play(30)
    session.monitor.pause()
    session.play(5)  # done before the pause was heard
    assert panel.plot.accessibleDescription().startswith(f"Update {session.monitor.snapshot.update} ")
    session.monitor.rewind()
    assert panel.plot.accessibleDescription() == "No update yet. Press Train."


def test_every_network_has_its_line_and_its_label(qtbot: QtBot) -> None:
    session = played()
    panel = shown(qtbot, session, size=(900, 400))
    session.play(300)
    for network in ALL:
        assert count_of(panel.plot, session.state.theme.network(network)) > 40, network
        assert count_of(panel.plot, session.state.theme.network_ink(network)) > 10, network
    session.state.set_appearance(dark=True)
    for network in ALL:
        assert count_of(panel.plot, session.state.theme.network(network)) > 40, network


def test_the_hover_tells_the_update_and_every_value_in_words(qtbot: QtBot) -> None:
    flat = {"rnn": progress(np.full(60, 0.7)), "lstm": progress(np.full(60, 0.03125))}
    session = played(RecordedRun({0: probe_traces(("rnn", "lstm"))}, flat))
    panel = shown(qtbot, session)
    session.play(60)
    assert panel.words_at(40) == "Update 40 (mean of the 25 around it)\nRNN: 0.70 nats\nLSTM: 0.031 nats"
    assert panel.words_at(0) == "Update 0: nothing has been learned yet."
    right = shown(qtbot, session, RightCurves)
    assert right.words_at(40).splitlines()[1] == "RNN: 50.0 % right"


def test_what_the_hover_says_is_the_smoothed_record(qtbot: QtBot) -> None:
    session = played()
    panel = shown(qtbot, session)
    session.play(200)
    raw = session.monitor.record.curve("lstm").asked_loss.astype(float)
    expected = raw[99 - 12 : 99 + 13].mean()
    line = next(line for line in panel.words_at(100).splitlines() if line.startswith("LSTM:"))
    assert float(line.split()[1]) == pytest.approx(expected, abs=0.006)


def test_painting_piece_by_piece_paints_the_same_as_all_at_once(qtbot: QtBot) -> None:
    solid = [network for network in ALL if not NETWORK_DASH[network]]
    recorded = recorded_run(260, solid)
    session = played(recorded)
    panel = shown(qtbot, session)
    session.play(170)
    panel.plot.grab()
    for _ in range(18):
        session.play(5)
        panel.plot.grab()
    piecewise = pixels(panel.plot)
    panel.plot.repaint_all()
    difference = np.abs(piecewise - pixels(panel.plot)).max(axis=-1)
    assert difference.max() < 50  # rounding where two pieces meet
    assert (difference > 2).sum() < 60


def test_dashes_go_on_where_they_ended(qtbot: QtBot) -> None:
    session = played(recorded_run(260))
    panel = shown(qtbot, session)
    session.play(170)
    for _ in range(18):
        panel.plot.grab()
        session.play(5)
    piecewise = pixels(panel.plot)
    panel.plot.repaint_all()
    whole = pixels(panel.plot)
    assert (np.abs(piecewise - whole).max(axis=-1) > 40).mean() < 0.002


def test_the_logarithmic_scale_shows_how_small_a_small_loss_is(qtbot: QtBot) -> None:
    session = played()
    panel = shown(qtbot, session)
    session.play(300)
    assert panel.plot.scale.logarithmic is False
    qtbot.mouseClick(panel.choice.button("log"), Qt.MouseButton.LeftButton)
    assert panel.logarithmic
    assert panel.plot.scale.logarithmic
    ticks = [value for value, _ in panel.plot.scale.ticks]
    assert ticks == pytest.approx([0.01, 0.1, 1.0])
    at = panel.plot.scale.fraction(np.array([0.01, math.sqrt(0.03), 3.0, 0.0, np.nan]))
    assert at[:3] == pytest.approx([0.0, 0.5, 1.0])
    assert at[3] == -0.2
    qtbot.mouseClick(panel.choice.button("linear"), Qt.MouseButton.LeftButton)
    assert not panel.plot.scale.logarithmic


def test_a_click_travels_to_that_update_and_marks_it(qtbot: QtBot) -> None:
    session = played()
    panel = shown(qtbot, session)
    session.play(300)
    plot = panel.plot
    height = round(plot.area.center().y())
    before = pixels(plot)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(round(plot.x_of(124)), height))
    session.poll()
    assert not session.state.moment.live
    assert session.state.moment.update == 120
    changed = (np.abs(pixels(plot) - before).sum(axis=-1) > 30).sum(axis=0)  # by column
    column = round(plot.x_of(120))
    assert changed[column - 2 : column + 3].max() > 0.9 * plot.area.height()
    assert changed[column - 40 : column - 30].max() == 0
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(round(plot.x_of(300)), height))
    assert session.state.moment.live


def test_another_run_begins_with_an_empty_card(qtbot: QtBot) -> None:
    session = played()
    panel = shown(qtbot, session)
    session.play(300)
    assert panel.plot.stop == 320
    session.monitor.rewind()
    session.poll()
    assert panel.plot.stop == 20
    session.play(4, at_once=False)
    assert panel.words_at(3).startswith("Update 3 ")
    assert "300" not in panel.words_at(3)


def test_a_hidden_card_does_no_work_and_catches_up_when_shown(qtbot: QtBot) -> None:
    session = played()
    panel = shown(qtbot, session)
    panel.hide()
    session.play(250)
    assert "LSTM" not in panel.words_at(250)
    panel.show()
    assert "LSTM" in panel.words_at(250)


def test_both_cards_fit_beside_each_other_in_the_smallest_window(qtbot: QtBot) -> None:
    session = played()
    box = QWidget()
    qtbot.addWidget(box)
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    left, right = LossCurves(session.state, session.monitor), RightCurves(session.state, session.monitor)
    row.addWidget(left, 1)
    row.addWidget(right, 1)
    box.resize(622, 139)
    box.show()
    session.play(300)
    assert box.width() == 622
    assert abs(left.width() - right.width()) <= 2
    assert left.title.text() == "Loss, last picture"
    assert left.title.width() >= left.title.sizeHint().width()


def test_the_words_follow_the_vocabulary(qtbot: QtBot) -> None:
    session = played()
    panel = shown(qtbot, session, size=(700, 200))
    session.play(50)
    session.state.set_appearance(vocabulary="textbook")
    assert panel.title.text() == "Cross-entropy on the last picture"
    assert "Feed-forward" in panel.words_at(20)
