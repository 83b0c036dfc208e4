"""The sub-steps of a timestep: found from the description, in order, and told in words with the trace's own numbers."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.contract.cell_description import CellDescription
from playground.trace.contributions import value_at
from playground.ui.cell_words import Piece
from playground.ui.panels.cell_light import FAINT
from playground.ui.panels.cell_stage_bar import StageCaption
from playground.ui.panels.cell_stages import cell_stages, computed_until, stage_of, stage_story
from playground.ui.state import UiState
from tests.ui.canned import canned_trace, product_cells
from tests.ui.test_step_page import CELLS, make_page, show_cells

ALL = product_cells()
ROLES = {
    "no_memory": 1,
    "rnn": 1,
    "lstm": ("forget", "learn", "remember", "use"),
    "guide_lstm": ("forget", "learn", "remember", "use"),
    "peephole_lstm": ("forget", "learn", "remember", "use"),
    "lstm_1997": ("learn", "remember", "use"),
    "gru": ("use", "forget", "learn", "remember"),
}


@pytest.mark.parametrize("cell", ALL, ids=[cell.name for cell in ALL])
def test_sub_steps_follow_from_the_description(cell: CellDescription) -> None:
    stages = cell_stages(cell)
    expected = ROLES.get(cell.name)
    if isinstance(expected, tuple):
        assert tuple(stage.role for stage in stages) == expected
    elif expected is not None:
        assert len(stages) == expected
    # every equation belongs to exactly one sub-step, and none reads what only a later one computes
    targets = [target for stage in stages for target in stage.targets]
    assert sorted(targets) == sorted(equation.target for equation in cell.equations)
    for position, stage in enumerate(stages):
        later = {target for after in stages[position + 1 :] for target in after.targets}
        assert not stage.sources & later
        assert computed_until(cell, stage.role) == {t for s in stages[: position + 1] for t in s.targets}
        assert stage.headline in stage.targets
        assert all(stage_of(cell, target) == stage for target in stage.targets)
        assert stage.title.guide
        assert stage.title.textbook


def test_the_forget_gates_story_has_the_gates_own_numbers() -> None:
    trace = canned_trace(CELLS["lstm"], scale=3.0)
    stage = cell_stages(trace.description)[0]
    for unit in range(16):
        for timestep in range(10):
            value = float(value_at(trace.top, "forget_gate", timestep)[unit])
            first, second = stage_story(trace, stage, unit, timestep, "guide")
            if 0.005 <= value < 0.995:
                assert first == f"The forget gate kept {100 * value:.0f} % of unit {unit + 1}."
            timesteps = np.log(0.5) / np.log(value)
            if 1 <= timesteps <= 9999:
                assert f"{timesteps:,.0f}" in second
            elif timesteps < 1:
                assert second == "More than half of it is gone at once."


@pytest.mark.parametrize("cell", ALL, ids=[cell.name for cell in ALL])
@pytest.mark.parametrize("vocabulary", ["guide", "textbook"])
def test_every_sub_step_is_told(cell: CellDescription, vocabulary: str) -> None:
    trace = canned_trace(cell)
    told = {stage_story(trace, stage, 3, 4, vocabulary)[0] for stage in cell_stages(cell)}
    assert len(told) == len(cell_stages(cell))
    for sentence in told:
        assert "nit 4" in sentence
        assert sentence.endswith(".")


# -- on the page
def test_keys_walk_through_the_timestep_and_into_the_next(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    seen = []
    for key in ("Down", "Down", "Down", "Down", "Down", "Up", "3", "1", "0", "Up"):
        shell.press(key)
        stage = page.diagram.stage
        seen.append((shell.state.timestep, stage.role if stage is not None else ""))
    assert seen == [
        (0, "forget"),
        (0, "learn"),
        (0, "remember"),
        (0, "use"),
        (1, "forget"),
        (0, "use"),
        (0, "remember"),
        (0, "forget"),
        (0, ""),
        (0, "use"),
    ]


def test_at_the_ends_of_the_sequence_nothing_happens(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.press("1")
    shell.press("Up")
    assert (shell.state.timestep, page.diagram.stage is not None) == (0, True)
    shell.press("End")
    shell.press("4")
    shell.press("Down")
    assert shell.state.timestep == 9
    assert page.diagram.stage is not None
    assert page.diagram.stage.role == "use"


def test_timesteps_keep_the_sub_step_and_networks_that_have_it_too(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.press("2")
    shell.press("Right")
    assert page.diagram.stage is not None
    assert page.diagram.stage.role == "learn"
    show_cells(shell, ["rnn", "lstm_1997"])
    assert page.diagram.stage is None, "a plain RNN learns and forgets in one go"
    shell.state.set_network("lstm_1997")
    assert page.diagram.stage is not None
    assert page.diagram.stage.role == "learn"


def test_a_sub_step_lights_its_part_and_nothing_later_is_known(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    scene = page.diagram.scene
    shell.press("1")
    QApplication.processEvents()
    assert {box.spot.role for box in scene.boxes if box.opacity() == 1.0} == {"forget"}
    opacity = {item.spot.quantity: item.opacity() for item in scene.vectors}
    known = {item.spot.quantity: item.known for item in scene.vectors}
    assert opacity["forget_gate"] == opacity["previous_cell_state"] == opacity["previous_hidden_state"] == 1.0
    assert opacity["cell_state"] == pytest.approx(FAINT, abs=0.01)
    assert not known["cell_state"]
    assert not known["hidden_state"]
    assert known["previous_cell_state"]
    assert scene.lit is not None
    assert scene.lit.count > 2
    shell.press("4")
    assert all(item.known for item in scene.vectors)
    shell.press("0")
    assert all(item.opacity() == 1.0 for item in (*scene.boxes, *scene.vectors, *scene.ops, *scene.labels))
    assert scene.lit.count == 0


def test_every_way_belongs_to_a_sub_step_and_every_sub_step_has_ways(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    for cell in ALL:
        show_cells(shell, [cell.name])
        roles = {stage.role for stage in cell_stages(cell)}
        layout = page.diagram.scene.cell_layout
        assert layout is not None
        assert {journey.stage for journey in layout.journeys} == roles
        assert {op.stage for op in layout.ops} <= roles
        for number in range(len(roles)):
            page.open_stage(number)
            journeys = page.diagram.scene.journeys()
            assert min(journey.begin for journey in journeys) == 0.0
            assert max(journey.end for journey in journeys) == pytest.approx(1.0)


def test_the_formula_follows_the_sub_step_and_the_sub_step_the_formula(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    for key, quantity in (
        ("1", "forget_gate"),
        ("2", "input_gate"),
        ("3", "cell_state"),
        ("4", "output_gate"),
    ):
        shell.press(key)
        assert shell.state.quantity == quantity
        assert page.formula.view.content is not None
    shell.state.set_quantity("candidate")
    assert page.diagram.stage is not None
    assert page.diagram.stage.role == "learn"
    shell.press("2")
    assert shell.state.quantity == "candidate", "what was chosen inside the sub-step stays"


def test_what_moves_can_be_interrupted_and_switched_off(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.press("1")
    assert not page.diagram.moving, "motion is off in tests"
    shell.state.motion = True
    shell.press("2")
    assert page.diagram.moving
    shell.press("3")
    assert page.diagram.moving
    shell.press("0")
    assert not page.diagram.moving


def test_playing_goes_gate_by_gate_while_a_sub_step_is_open(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.state.set_timestep(8)
    shell.press("3")
    places = []
    for _ in range(5):
        page.controls._tick()
        stage = page.diagram.stage
        assert stage is not None
        places.append((shell.state.timestep, stage.role))
    assert places == [(8, "use"), (9, "forget"), (9, "learn"), (9, "remember"), (9, "use")]
    assert not page.controls.playing


def test_the_caption_says_what_happened_and_the_buttons_open_it(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    bar = page.diagram.stage_bar
    assert bar.titles == ("Forget", "Learn", "Remember", "Use")
    assert "gate by gate" in page.diagram.caption.words
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.button_rect(0).center().toPoint())
    trace = shell.state.trace
    assert trace is not None
    share = float(trace.value("forget_gate")[0, 0])
    assert page.diagram.caption.words.startswith(f"The forget gate kept {100 * share:.0f} % of unit 1.")
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.button_rect(0).center().toPoint())
    assert page.diagram.stage is None
    assert bar.number_at(QPointF(-5, 5)) == -1
    shell.press("V")
    assert bar.titles == ("Forget", "Input", "Update", "Output")


def test_in_a_lecture_the_sum_stands_under_the_diagram(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot, (1280, 720))
    shell.state.set_appearance(lecture=True)
    shell.window.resize(1280, 720)
    QApplication.processEvents()
    shell.press("1")
    QApplication.processEvents()
    assert page.diagram.caption.lines == 2
    trace = shell.state.trace
    assert trace is not None
    share = float(trace.value("forget_gate")[0, 0])
    assert page.diagram.caption.numbers.strip().endswith(f"= {share:.2f}")
    assert " from STM" in page.diagram.caption.numbers
    assert page.diagram.caption.height() >= 2 * page.diagram.caption.line_height()


def test_a_sum_without_room_loses_its_words_and_never_its_result(qtbot: QtBot) -> None:
    state = UiState()
    state.set_appearance(lecture=True)
    caption = StageCaption(state)
    qtbot.addWidget(caption)
    numbers = ("0.31", "1.20", "4.76", "0.92")
    told = [("f ", "forget"), ("= σ(", "text"), (numbers[0], "short_term"), (" from STM", "muted")]
    told += [(" + ", "text"), (numbers[1], "text"), (" from layer 1", "muted"), (" + ", "text")]
    told += [
        (numbers[2], "bias"),
        (" bias", "muted"),
        (" )", "text"),
        (" ", "text"),
        ("= σ( 6.27 ) = ", "text"),
    ]
    pieces = [Piece(text, ink, text in numbers) for text, ink in (*told, (numbers[3], "forget"))]
    caption.say("A sentence.", pieces=pieces)

    def written(width: float) -> str:
        return "".join(piece.text for piece in caption._pieces_that_fit(width))

    assert written(3000) == "f = σ(0.31 from STM + 1.20 from layer 1 + 4.76 bias ) = σ( 6.27 ) = 0.92"
    full = QFontMetricsF(state.theme.font(13, bold=True, mono=True)).horizontalAdvance(written(3000))
    assert written(0.9 * full) == "f = σ(0.31 from STM + 1.20 from layer 1 + 4.76 bias ) = 0.92"
    assert written(0.6 * full) == "f = σ(0.31 + 1.20 + 4.76 ) = 0.92"
