"""The laboratory on the Memory page: gradients, many seeds, single units; driven as a user drives it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from playground.contract.runner import UnitsRequest
from playground.contract.seed_fan import EACH, RANGE, FanProgress, FanRequest, FanTraining
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.trace.horizon import fingerprint
from playground.trace.memory import half_life_of_bias
from playground.ui.page_table import PAGES
from playground.ui.pages.memory import MemoryPage
from playground.ui.panels.experiment_form import ExperimentForm
from playground.ui.panels.memory_facts_table import fact_lines
from playground.ui.panels.memory_gradient import clip_words, norm_in_words
from tests.ui.memory_runner import MemoryRunner, canned_gradient, canned_units
from tests.ui.shell import Shell, colours, make_shell

PAGES_USED = [entry for entry in PAGES if entry.key in ("memory", "step")]


class FakeFan:
    """Every training is known as soon as somebody says so: `finish(n)` ends the next n."""

    def __init__(self) -> None:
        self.requests: list[FanRequest] = []
        self.calls: list[str] = []
        self.waiting: list[FanTraining] = []
        self.known: list[FanTraining] = []
        self.done = 0
        self.running = False
        self.fingerprint = 0

    def start(self, request: FanRequest) -> int:
        self.requests.append(request)
        self.running, self.done, self.known = True, 0, []
        self.waiting = [
            self._training(network, seed, distances, None if request.trained_at == RANGE else distances[0])
            for seed in request.seeds
            for distances in (
                [request.distances]
                if request.trained_at == RANGE
                else [(each,) for each in request.distances]
            )
            for network in request.networks
        ]
        return len(self.requests)

    def _training(
        self, network: str, seed: int, distances: tuple[int, ...], trained: int | None
    ) -> FanTraining:
        right = tuple(256 - (seed if network == "lstm" else 100 + seed) for _ in distances)
        asked = (256,) * len(distances)
        return FanTraining(
            network, seed, trained, 30, network == "lstm", distances, right, asked, self.fingerprint
        )

    def finish(self, count: int = 10**6) -> None:
        ended, self.waiting = self.waiting[:count], self.waiting[count:]
        self.known += ended
        self.done += len(ended)
        self.running = bool(self.waiting)

    def cancel(self) -> None:
        self.calls.append("cancel")
        self.running, self.waiting = False, []

    def results(self) -> list[FanTraining]:
        known, self.known = self.known, []
        return known

    @property
    def progress(self) -> FanProgress:
        total = self.requests[-1].trainings if self.requests else 0
        return FanProgress(len(self.requests), self.done, total, self.running, 1.5)

    def stand_aside(self, still: bool = False) -> None:
        self.calls.append("stand_aside")

    def go_on(self) -> None:
        pass

    def stop(self, timeout: float = 5.0) -> bool:
        self.calls.append("stop")
        return True


@dataclass
class Laboratory:
    shell: Shell
    page: MemoryPage
    runner: MemoryRunner
    fan: FakeFan

    def turn_to(self, section: str) -> None:
        QTest.mouseClick(self.page.switch.button(section), Qt.MouseButton.LeftButton)
        self.shell.poll(4)

    def ran(self) -> None:
        self.page.fan_panel.desk.look()
        self.shell.poll(1)


@pytest.fixture
def laboratory(qtbot: QtBot) -> Laboratory:
    runner = MemoryRunner()
    shell = make_shell(qtbot, runner=runner, pages=PAGES_USED, size=(1280, 800))
    fan = FakeFan()
    shell.monitor.seed_fan = fan
    shell.state.set_page("memory")
    shell.poll(4)
    page = shell.page()
    assert isinstance(page, MemoryPage)
    return Laboratory(shell, page, runner, fan)


def visible(widget: QWidget, laboratory: Laboratory) -> bool:
    return widget.isVisibleTo(laboratory.page)


# -- sections
def test_one_section_at_a_time_and_only_its_questions_are_asked(laboratory: Laboratory) -> None:
    page = laboratory.page
    assert visible(page.stack_panel, laboratory)
    assert not laboratory.runner.asked(UnitsRequest)
    for section, panel in (
        ("gradient", page.gradient_panel),
        ("horizon", page.fan_panel),
        ("units", page.facts_panel),
        ("sequence", page.horizon_panel),
    ):
        laboratory.turn_to(section)
        assert visible(panel, laboratory)
        assert [key for key, each in page.containers.items() if visible(each, laboratory)] == [section]
    assert len(laboratory.runner.asked(UnitsRequest)) == 1


@pytest.mark.parametrize("size", [(1024, 700), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("vocabulary", ["guide", "textbook"])
def test_nothing_is_cut_off_in_any_section(
    laboratory: Laboratory, size: tuple[int, int], vocabulary: str
) -> None:
    from tests.ui.test_memory_page import cut_off

    laboratory.shell.window.resize(*size)
    laboratory.shell.state.set_appearance(vocabulary=vocabulary)
    for section in ("gradient", "horizon", "units"):
        laboratory.turn_to(section)
        assert cut_off(laboratory.page) == [], section
        assert colours(laboratory.page) > 8


# -- gradient
def test_the_gradient_is_drawn_apart_for_both_memories_with_the_clip_norm(laboratory: Laboratory) -> None:
    laboratory.turn_to("gradient")
    panel = laboratory.page.gradient_panel
    rows = {row.network: row for row in panel.rows if visible(row, laboratory)}
    assert set(rows) == {"rnn", "lstm", "guide_lstm"}  # the network without memory is told of in the sentence
    assert "has no memory" in panel.words.text()
    lines = {series.name: series for series in rows["lstm"].series}
    assert set(lines) == {"LTM", "STM", "all weights", "clip norm 4"}
    found = canned_gradient("lstm", 10)
    np.testing.assert_array_equal(lines["LTM"].values, found.states["cell_state"])
    np.testing.assert_array_equal(lines["STM"].values, found.states["hidden_state"])
    assert set(lines["all weights"].values) == {2.0}
    assert rows["lstm"].colour_of(lines["LTM"]) == laboratory.shell.state.theme.role("long_term")
    assert [series.name for series in rows["rnn"].series] == ["STM", "all weights", "clip norm 4"]
    assert "10⁻⁹" in rows["lstm"].sentence(lines["STM"], 0)


def test_what_clipping_does_is_said() -> None:
    assert clip_words(canned_gradient("lstm", 3)) == "below the clip norm: used as it is"
    assert (
        clip_words(canned_gradient("guide_lstm", 3)).replace("\u00a0", " ") == "clipping shortens it to 25 %"
    )
    assert norm_in_words(0.0) == "0"
    assert norm_in_words(0.123) == "0.12"


# -- many seeds
def test_the_defaults_are_two_networks_eight_distances_ten_seeds(laboratory: Laboratory) -> None:
    laboratory.turn_to("horizon")
    panel = laboratory.page.fan_panel
    QTest.mouseClick(panel.start_button, Qt.MouseButton.LeftButton)
    (request,) = laboratory.fan.requests
    assert request.trainings == 160
    assert request.networks == ("rnn", "lstm")
    assert request.distances == (0, 5, 10, 15, 20, 30, 40, 60)
    assert len(request.seeds) == 10
    assert request.experiment == laboratory.shell.monitor.experiment
    assert panel.start_button.text() == "Stop"


def test_results_appear_as_they_come_and_can_be_stopped(laboratory: Laboratory) -> None:
    laboratory.turn_to("horizon")
    panel = laboratory.page.fan_panel
    QTest.mouseClick(panel.start_button, Qt.MouseButton.LeftButton)
    laboratory.fan.finish(4)
    laboratory.ran()
    assert panel.told.startswith("4 of 160 networks trained")
    assert panel.line.share == pytest.approx(4 / 160)
    assert [point.distance for point in panel.chart._points["lstm"]] == [0, 5]
    QTest.mouseClick(panel.start_button, Qt.MouseButton.LeftButton)
    laboratory.ran()
    assert "cancel" in laboratory.fan.calls
    assert "stopped" in panel.told
    assert panel.start_button.text() == "Train them"


def finished(laboratory: Laboratory, way: str = EACH) -> FanRequest:
    laboratory.turn_to("horizon")
    panel = laboratory.page.fan_panel
    QTest.mouseClick(panel.way.button(way), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.start_button, Qt.MouseButton.LeftButton)
    laboratory.fan.finish()
    laboratory.ran()
    return laboratory.fan.requests[-1]


def test_hovering_tells_the_seed_and_a_click_opens_that_very_network(laboratory: Laboratory) -> None:
    request = finished(laboratory)
    panel, shell = laboratory.page.fan_panel, laboratory.shell
    entry = panel.chart._columns[4][17]  # the LSTM at 20 in between
    spot = panel.chart.point(entry.distance, entry.rate, entry.network)
    QTest.mouseMove(panel.chart, QPoint(round(spot.x()), round(spot.y())))
    before = shell.monitor.experiment
    mark = panel.chart.mark_at(spot)
    assert mark is not None
    chosen = panel.chart.entry(mark)
    assert chosen is not None
    assert chosen.network == "lstm"
    assert f"seed {chosen.training.seed}" in panel.chart.words_of(mark)
    QTest.mouseClick(panel.chart, Qt.MouseButton.LeftButton, pos=QPoint(round(spot.x()), round(spot.y())))
    assert shell.state.page == "step"
    assert shell.state.network == "lstm"
    opened = shell.monitor.experiment
    assert opened.training.seed == chosen.training.seed
    assert opened.task == NatureShowSettings(flowers=(20, 20))
    assert opened.networks == before.networks
    assert laboratory.runner.calls.count("one_update") == 30
    assert request.experiment == before
    shell.poll(3)
    assert shell.state.moment.update == 30
    assert "another path" in shell.state.status  # the canned weights are not those that were promised
    shell.state.set_page("memory")
    shell.poll(2)
    QTest.mouseClick(panel.back_button, Qt.MouseButton.LeftButton)
    assert shell.monitor.experiment == before


def test_the_same_weights_are_recognised(laboratory: Laboratory) -> None:
    trace = laboratory.shell.state.moment.traces["lstm"]
    laboratory.fan.fingerprint = fingerprint(trace.head_weights, trace.head_bias)
    finished(laboratory, RANGE)
    panel = laboratory.page.fan_panel
    panel.chart.act_on((0, 10))  # after ten RNNs the first LSTM
    laboratory.shell.poll(3)
    assert "the same weights bit for bit" in laboratory.shell.state.status
    assert laboratory.shell.monitor.experiment.task == NatureShowSettings()  # trained as the run


def test_both_ways_of_training_are_kept_and_explained(laboratory: Laboratory) -> None:
    finished(laboratory, EACH)
    finished(laboratory, RANGE)
    panel = laboratory.page.fan_panel
    assert laboratory.fan.requests[-1].trainings == 20
    assert "up to 40 flowers and trees" in panel.explanation.text()
    QTest.mouseClick(panel.way.button(EACH), Qt.MouseButton.LeftButton)
    assert panel.told.startswith("160 of 160")
    assert "network of its own" in panel.explanation.text()


def test_without_an_engine_or_a_network_nothing_can_be_started(laboratory: Laboratory) -> None:
    laboratory.turn_to("horizon")
    panel = laboratory.page.fan_panel
    for button in panel._networks.values():
        button.setChecked(False)
    assert not panel.start_button.isEnabled()
    laboratory.shell.monitor.seed_fan = None
    panel.refresh()
    assert not panel.start_button.isEnabled()
    assert panel.desk.impossible.startswith("The engine is loading")


def test_the_chart_is_driven_by_keys(laboratory: Laboratory) -> None:
    finished(laboratory)
    chart = laboratory.page.fan_panel.chart
    chart.setFocus()
    laboratory.shell.press("Right", chart)
    assert chart.mark == (0, 0)
    laboratory.shell.press("Down", chart)
    laboratory.shell.press("Return", chart)
    assert laboratory.shell.state.page == "step"


def test_a_point_at_the_top_is_all_right_and_one_below_chance_stands_at_the_edge(
    laboratory: Laboratory,
) -> None:
    chart = laboratory.page.fan_panel.chart
    rect = chart.plot_rect
    assert chart.point(0, 1.0).y() == pytest.approx(rect.top())
    assert chart.point(0, 0.1).y() == pytest.approx(rect.bottom())


# -- units
def test_the_ruler_shows_what_a_bias_alone_would_give(laboratory: Laboratory) -> None:
    laboratory.turn_to("units")
    panel = laboratory.page.half_life_panel
    assert panel.bias.bias == 3.0
    for bias, words in ((0, "1.0 timestep "), (1, "2.2"), (2, "5.5"), (3, "14"), (5, "103")):
        panel.bias.slider.setValue(10 * bias)
        assert words in panel.bias.words.text()
        assert panel.chart.ruler == half_life_of_bias(bias)


def test_apply_makes_the_bias_pending_for_the_next_run(laboratory: Laboratory) -> None:
    laboratory.turn_to("units")
    ruler = laboratory.page.half_life_panel.bias
    assert not ruler.apply_button.isEnabled()  # this run began with it
    ruler.slider.setValue(50)
    QTest.mouseClick(ruler.apply_button, Qt.MouseButton.LeftButton)
    state = laboratory.shell.state
    assert state.pending
    assert "waits for the next run" in state.status
    form = ExperimentForm(state, laboratory.shell.monitor)  # built later, it finds what was proposed
    assert form.draft.network("lstm").forget_gate_bias == 5.0
    assert form.draft.network("lstm").initialisation == "forget_bias"
    assert form.is_pending
    ruler.slider.setValue(10)
    QTest.mouseClick(ruler.apply_button, Qt.MouseButton.LeftButton)
    assert form.draft.network("lstm").forget_gate_bias == 1.0
    form.deleteLater()


def test_a_network_without_forget_gate_has_no_ruler(laboratory: Laboratory) -> None:
    laboratory.turn_to("units")
    laboratory.shell.state.set_network("rnn")
    panel = laboratory.page.half_life_panel
    assert not panel.bias.isVisible()
    assert "no forget gate" in panel.chart.reading
    assert panel.chart.ruler is None


def test_the_scatter_stands_where_the_times_say_and_selects_everywhere(laboratory: Laboratory) -> None:
    laboratory.turn_to("units")
    chart = laboratory.page.change_panel.chart
    rect = chart.plot_rect
    top = chart.point(15)  # the last unit's long-term memory never changes
    assert top.y() == pytest.approx(rect.top())
    same = chart.point(0)  # short 0.25: the left edge; long 1: a quarter of the way on a scale from 1/4 to 64
    assert same.x() == pytest.approx(rect.left())
    assert same.y() == pytest.approx(rect.bottom() - rect.height() * 0.25)
    assert chart.mark_at(QPointF(top)) == (15, 0)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(round(top.x()), round(top.y())))
    assert laboratory.shell.state.units == (15,)
    assert "stays longer than 44 timesteps" in chart.words_of((15, 0))


def test_a_network_without_long_term_memory_has_nothing_to_set_against(laboratory: Laboratory) -> None:
    laboratory.turn_to("units")
    laboratory.shell.state.set_network("rnn")
    assert laboratory.page.change_panel.chart.count()[0] == 0
    assert "has no long-term memory" in laboratory.page.change_panel.chart.reading


def test_what_units_know_is_sorted_by_strength() -> None:
    lines = fact_lines(canned_units("lstm"))
    strengths = [abs(line.correlation) for line in lines]
    assert strengths == sorted(strengths, reverse=True)
    assert (lines[0].unit, lines[0].quantity, lines[0].fact) == (15, "forget_gate", "programme")
    assert lines[0].correlation == 1.0
    assert {line.fact for line in fact_lines(canned_units("lstm"), "cues")} == {"cues"}
    hollow = replace(canned_units("rnn"), correlations=np.full((1, 4, 16), np.nan))
    assert fact_lines(hollow) == []


def test_a_click_draws_the_unit_beside_the_fact_and_selects_it(laboratory: Laboratory) -> None:
    laboratory.turn_to("units")
    panel, state = laboratory.page.facts_panel, laboratory.shell.state
    table = panel.table
    line = table.lines[2]
    y = round(2.5 * table._line)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, y))
    assert table.current == line
    assert state.units == (line.unit,)
    trace = state.moment.traces["lstm"]
    np.testing.assert_allclose(panel.unit_row.series[0].values, trace.value(line.quantity)[:, line.unit])
    (fact,) = panel.fact_row.series
    assert fact.values.tolist() == panel._facts[line.fact].tolist()
    laboratory.shell.press("Down", table)
    assert table.current == table.lines[3]


def test_facts_can_be_looked_at_one_by_one(laboratory: Laboratory) -> None:
    laboratory.turn_to("units")
    panel = laboratory.page.facts_panel
    panel.fact_chooser.setCurrentIndex(2)
    panel.fact_chooser.activated.emit(2)
    assert {line.fact for line in panel.table.lines} == {"cues"}


def test_everything_that_can_be_focused_has_a_name(laboratory: Laboratory) -> None:
    for section in ("gradient", "horizon", "units"):
        laboratory.turn_to(section)
        for widget in laboratory.page.findChildren(QWidget):
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
                assert widget.accessibleName(), (section, type(widget).__name__)
