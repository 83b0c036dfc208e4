"""The parts of a sum add up to the number that was recorded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contract.cell_description import Affine, AffineTerm, BiasTerm, Factor, Pointwise, Words
from playground.trace.contributions import BIAS, contributions, inlined, rounded_to_add_up, value_at
from playground.trace.sequence_trace import LayerTrace
from tests.ui.canned import canned_layer, product_cell, product_cells

NOTHING = Words("", "")


def hand_made_layer() -> LayerTrace:
    """Two units, two inputs, two timesteps, numbers that can be added in the head."""
    return LayerTrace(
        inputs=np.array([[1.0, 2.0], [0.5, -1.0]], np.float32),
        quantities={
            "hidden_state": np.array([[0.5, -0.5], [0.25, 0.75]], np.float32),
            "forget_gate": np.array([[0.5, 1.0], [0.25, 0.5]], np.float32),
        },
        initial_states={"hidden_state": np.array([0.1, 0.2], np.float32)},
        weights={
            "weight_ih": np.array([[9, 9], [9, 9], [1, 2], [3, 4]], np.float32),
            "weight_hh": np.array([[9, 9], [9, 9], [10, 20], [30, 40]], np.float32),
            "bias_ih": np.array([9, 9, 0.5, 0.25], np.float32),
            "bias_hh": np.array([9, 9, 0.5, 0.5], np.float32),
        },
    )


def test_an_affine_sum_taken_apart_by_hand() -> None:
    equation = Affine(
        "forget_gate",
        (AffineTerm("previous_hidden_state", "weight_hh", 1), AffineTerm("inputs", "weight_ih", 1)),
        (BiasTerm("bias_ih", 1), BiasTerm("bias_hh", 1)),
        "sigmoid",
        "forget",
        NOTHING,
    )
    found = contributions(hand_made_layer(), equation, unit=1, timestep=1)
    assert [(part.source, pytest.approx(part.value)) for part in found.parts] == [
        ("previous_hidden_state", 30 * 0.5 + 40 * -0.5),
        ("inputs", 3 * 0.5 + 4 * -1.0),
        (BIAS, 0.75),
    ]
    assert found.total == pytest.approx(-5 - 2.5 + 0.75)
    assert found.result == pytest.approx(1 / (1 + np.exp(6.75)))


def test_the_first_timestep_takes_the_state_before_the_sequence() -> None:
    layer = hand_made_layer()
    assert value_at(layer, "previous_hidden_state", 0).tolist() == pytest.approx([0.1, 0.2])
    assert value_at(layer, "previous_hidden_state", 1).tolist() == [0.5, -0.5]
    assert value_at(layer, "inputs", 1).tolist() == [0.5, -1.0]


def test_a_product_taken_apart_by_hand() -> None:
    equation = Pointwise(
        "hidden_state",
        (
            (Factor("forget_gate", "complement"), Factor("previous_hidden_state", "tanh")),
            (Factor("forget_gate"),),
        ),
        "identity",
        "use",
        NOTHING,
    )
    found = contributions(hand_made_layer(), equation, unit=0, timestep=1)
    assert found.parts[0].value == pytest.approx(0.75 * np.tanh(0.5))
    assert [factor.value for factor in found.parts[0].factors] == [0.75, pytest.approx(np.tanh(0.5))]
    assert (found.parts[1].source, found.parts[1].value) == ("forget_gate", 0.25)
    assert found.total == pytest.approx(found.result)


@pytest.mark.parametrize("units", [1, 7, 16])
def test_every_recorded_number_of_every_cell_is_the_sum_of_its_parts(units: int) -> None:
    for description in product_cells():
        layer = canned_layer(description, units=units, length=5, seed=units)
        for equation in description.equations:
            for written in (equation, inlined(description, equation)):
                for timestep in range(5):
                    found = contributions(layer, written, units - 1, timestep)
                    recorded = float(layer.quantities[equation.target][timestep, units - 1])
                    assert found.result == pytest.approx(recorded, abs=2e-6)
                    assert found.total == pytest.approx(sum(part.value for part in found.parts))
                    printed = rounded_to_add_up([part.value for part in found.parts], 2)
                    assert round(sum(printed), 2) == round(found.total, 2)


def test_the_cell_update_is_written_out_as_its_formula_says() -> None:
    lstm = product_cell("lstm")
    update = inlined(lstm, lstm.equation("cell_state"))
    assert isinstance(update, Pointwise)
    assert {frozenset(factor.quantity for factor in product) for product in update.products} == {
        frozenset({"previous_cell_state", "forget_gate"}),
        frozenset({"candidate", "input_gate"}),
    }
    assert inlined(lstm, lstm.equation("forget_gate")) is lstm.equation("forget_gate")


def test_units_and_timesteps_that_are_not_there_are_refused() -> None:
    lstm = product_cell("lstm")
    equation = lstm.equation("input_gate")
    layer = canned_layer(lstm, units=3, length=2)
    with pytest.raises(IndexError, match="no unit 3"):
        contributions(layer, equation, 3, 0)
    with pytest.raises(IndexError, match="no timestep -1"):
        contributions(layer, equation, 0, -1)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=6))
def test_printed_parts_add_up_and_stay_close(values: list[float]) -> None:
    printed = rounded_to_add_up(values, 2)
    assert sum(printed) == pytest.approx(round(sum(values), 2), abs=0.0051)
    assert all(abs(shown - true) < 0.01 + 1e-9 for shown, true in zip(printed, values, strict=True))
    assert all(round(shown, 2) == pytest.approx(shown) for shown in printed)


def test_the_example_of_the_formula_panel() -> None:
    assert rounded_to_add_up([1.924, 0.414, 1.075], 2) == [1.92, 0.41, 1.08]
    assert rounded_to_add_up([float("nan"), 1.0], 2)[1] == 1.0
