"""Words about a cell's numbers: every figure in them is computed again here, from the trace."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from playground.contract.cell_description import CellDescription
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import figure, sentences, sum_lines, symbol_latex, value_words
from tests.ui.canned import canned_trace, product_cells

CELLS = {cell.name: cell for cell in product_cells()}
NUMBER = re.compile(r"−?\d+\.\d\d")


def with_values(trace: SequenceTrace, **values: float) -> SequenceTrace:
    """The same trace with these quantities at every timestep and unit."""
    layer = trace.layers[0]
    quantities = dict(layer.quantities) | {
        name: np.full_like(layer.quantities[name], value) for name, value in values.items()
    }
    return replace(trace, layers=(replace(layer, quantities=quantities),))


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in NUMBER.findall(text)]


@pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))
@pytest.mark.parametrize("vocabulary", ["guide", "textbook"])
def test_the_last_number_of_every_sum_is_the_recorded_value(cell: CellDescription, vocabulary: str) -> None:
    trace = canned_trace(cell, units=5, length=4)
    for equation in cell.equations:
        recorded = trace.value(equation.target)
        for timestep in range(4):
            for unit in (0, 4):
                lines = sum_lines(trace, equation.target, unit, timestep, vocabulary)
                assert numbers(lines[-1].text)[-1] == pytest.approx(
                    float(recorded[timestep, unit]), abs=0.00501
                )
                assert lines[0].text.startswith("=")
                assert "  " not in lines[0].text


@pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))
def test_printed_parts_of_an_affine_sum_add_up_to_the_printed_total(cell: CellDescription) -> None:
    trace = canned_trace(cell, units=6, length=5)
    for equation in cell.equations:
        if hasattr(equation, "terms") and equation.activation != "identity":
            for timestep in range(5):
                first, second = sum_lines(trace, equation.target, 2, timestep, "guide")
                text = re.sub(r"([−+]) (?=\d)", lambda sign: sign[1].replace("+", ""), first.text)
                assert sum(numbers(text)) == pytest.approx(numbers(second.text)[0], abs=1e-9)


def test_the_sum_of_a_forget_gate_names_where_its_parts_come_from() -> None:
    trace = canned_trace(CELLS["lstm"])
    guide = sum_lines(trace, "forget_gate", 3, 4, "guide")[0].text
    assert re.fullmatch(r"= σ\( −?\d+\.\d\d from STM [+−] \d+\.\d\d from E [+−] \d+\.\d\d bias \)", guide)
    textbook = sum_lines(trace, "forget_gate", 3, 4, "textbook")[0].text
    assert " from h " in textbook
    assert " from x " in textbook


def test_the_cell_update_is_told_with_its_four_factors() -> None:
    trace = with_values(
        canned_trace(CELLS["lstm"]),
        cell_state=1.25,
        kept_memory=1.0,
        forget_gate=0.8,
        candidate=-0.5,
        input_gate=0.5,
        learned=-0.25,
    )
    lines = [line.text for line in sum_lines(trace, "cell_state", 0, 3, "guide")]
    assert lines == ["= 1.25 · 0.80 + (−0.50) · 0.50", "= 1.00 − 0.25 = 0.75"]
    assert sentences(trace, "cell_state", 0, 3, "guide") == (
        "Unit 1's long-term memory stays at 1.25.",
        "1.00 was kept, −0.25 is new.",
    )


def test_what_the_forget_gate_means_for_the_memory() -> None:
    trace = with_values(canned_trace(CELLS["lstm"]), forget_gate=0.97)
    first, second = sentences(trace, "forget_gate", 3, 4, "guide")
    assert first == "97 % of unit 4's long-term memory is kept at this timestep."
    assert math.log(0.5) / math.log(0.97) == pytest.approx(22.76, abs=0.01)
    assert second == "Half of it would be gone after 23 such timesteps."
    assert (
        sentences(trace, "forget_gate", 3, 4, "textbook")[0]
        == "97 % of unit 4's cell state is kept at this timestep."
    )


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (0.3, "More than half of it is gone at once."),
        (0.5, "Half of it would be gone after 1 such timestep."),
        (0.999, "Half of it would be gone after 693 such timesteps."),
        (1.0, "At this rate half of it would still be there after 10,000 timesteps."),
        (0.0, "More than half of it is gone at once."),
    ],
)
def test_half_lives_in_words(factor: float, said: str) -> None:
    trace = with_values(canned_trace(CELLS["lstm"]), forget_gate=factor)
    assert sentences(trace, "forget_gate", 0, 0, "guide")[1] == said


def test_gates_are_told_by_what_they_are_multiplied_with() -> None:
    lstm = with_values(
        canned_trace(CELLS["lstm"]), input_gate=0.25, candidate=0.8, output_gate=0.5, cell_state=1.0
    )
    assert sentences(lstm, "input_gate", 1, 2, "guide") == (
        "25 % of unit 2's new information is let in.",
        "Of 0.80 that is 0.20.",
    )
    assert sentences(lstm, "candidate", 1, 2, "textbook") == (
        "For unit 2 the candidate is 0.80.",
        "25 % of it is let in: 0.20.",
    )
    assert sentences(lstm, "output_gate", 1, 2, "guide") == (
        "50 % of unit 2's long-term memory is put to use at this timestep.",
        "Of tanh(1.00) = 0.76 that is 0.38: the new short-term memory.",
    )
    guide = with_values(canned_trace(CELLS["guide_lstm"]), output_gate=0.5, use_candidate=0.6)
    assert sentences(guide, "output_gate", 0, 0, "guide")[0] == (
        "50 % of unit 1's use network is put to use at this timestep."
    )
    gru = with_values(canned_trace(CELLS["gru"]), update_gate=0.9)
    assert sentences(gru, "update_gate", 0, 0, "guide") == (
        "90 % of unit 1's short-term memory is kept at this timestep.",
        "The other 10 % comes from the new information. Half of it would be gone after 7 such timesteps.",
    )


def test_networks_with_less_memory_say_so() -> None:
    rnn = canned_trace(CELLS["rnn"])
    assert "written anew at every timestep" in sentences(rnn, "hidden_state", 0, 3, "guide")[1]
    no_memory = canned_trace(CELLS["no_memory"])
    assert "no memory" in sentences(no_memory, "hidden_state", 0, 3, "guide")[1]


@pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))
@pytest.mark.parametrize("vocabulary", ["guide", "textbook"])
def test_every_quantity_has_a_sentence(cell: CellDescription, vocabulary: str) -> None:
    trace = canned_trace(cell, units=3, length=2)
    for quantity in cell.quantities:
        for timestep in (0, 1):
            first, second = sentences(trace, quantity.name, 2, timestep, vocabulary)
            assert first.endswith(".")
            assert not first[0].islower()
            assert "unit 3" in first.lower()
            assert not second or second.endswith(".")
            words = value_words(trace, quantity.name, 2, timestep, vocabulary)
            assert words.endswith(figure(float(trace.value(quantity.name)[timestep, 2])))


def test_states_before_the_sequence_are_told_as_such() -> None:
    trace = canned_trace(CELLS["lstm"])
    assert value_words(trace, "previous_cell_state", 0, 0, "guide") == (
        "long-term memory before the first timestep, unit 1: 0.00"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (-0.004, "0.00"),
        (-1.5, "−1.50"),
        (12.345, "12.35"),
        (float("nan"), "not a number"),
        (float("-inf"), "−∞"),
    ],
)
def test_figures(value: float, shown: str) -> None:
    assert figure(value) == shown


def test_symbols_with_their_time() -> None:
    lstm = CELLS["lstm"]
    assert symbol_latex(lstm, "forget_gate", "guide") == "f_t"
    assert symbol_latex(lstm, "previous_cell_state", "guide") == r"\mathrm{LTM}_{t-1}"
    assert symbol_latex(lstm, "previous_cell_state", "textbook") == "c_{t-1}"
    assert symbol_latex(lstm, "inputs", "guide") == "E_t"
