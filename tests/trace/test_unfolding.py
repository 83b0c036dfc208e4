"""Every summand of a number: they add up to the recorded value, and as printed to the printed sum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.contract.cell_description import INPUTS, PREVIOUS, Affine, CellDescription
from playground.trace.contributions import BIAS, contributions, rounded_to_add_up
from playground.trace.identities import activate
from playground.trace.unfolding import Place, add_up_to, origin, pixel_shares, print_sum, unfold
from tests.ui.canned import canned_trace, product_cells

CELLS = product_cells()
NAMES = [cell.name for cell in CELLS]


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
@pytest.mark.parametrize("units", [1, 16, 128])
def test_all_summands_make_the_recorded_number(cell: CellDescription, units: int) -> None:
    trace = canned_trace(cell, units=units, scale=2.0)
    for equation in cell.equations:
        for unit in {0, units - 1}:
            for timestep in (0, 7):
                found = unfold(trace, Place(equation.target, unit, timestep))
                amounts = [amount for source in found.sources for amount in source.amounts]
                amounts += [product.value for product in found.products]
                assert sum(amounts) == pytest.approx(found.total, abs=1e-9)
                recorded = float(trace.value(equation.target)[timestep, unit])
                assert float(activate(found.activation, np.array(sum(amounts)))) == pytest.approx(
                    recorded, abs=2e-5
                )


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
@pytest.mark.parametrize("most", [1, 4, 7, 12, 500])
def test_the_printed_numbers_add_up(cell: CellDescription, most: int) -> None:
    """In whole hundredths, as a reader adds them: every line to its source, every source to the total."""
    trace = canned_trace(cell, units=23, scale=2.0)
    for equation in cell.equations:
        if not isinstance(equation, Affine):
            continue
        for unit in range(0, 23, 4):
            for timestep in (0, 3, 9):
                found = unfold(trace, Place(equation.target, unit, timestep))
                lines = print_sum(found, most)
                hundredths = [round(100 * line.amount) for line in lines]
                assert sum(hundredths) == round(100 * round(found.total, 2))
                by_source: dict[str, int] = {}
                for line, amount in zip(lines, hundredths, strict=True):
                    by_source[line.source] = by_source.get(line.source, 0) + amount
                parts = contributions(trace.top, equation, unit, timestep).parts
                printed = rounded_to_add_up([source.total for source in found.sources], 2)
                assert list(by_source.values()) == [round(100 * value) for value in printed]
                assert {part.source for part in parts} <= set(by_source)


@pytest.mark.parametrize("most", [4, 6, 9, 40])
def test_the_largest_come_first_and_the_rest_is_folded(most: int) -> None:
    trace = canned_trace(next(cell for cell in CELLS if cell.name == "lstm"))
    found = unfold(trace, Place("forget_gate", 3, 5))
    lines = print_sum(found, most)
    assert len(lines) == min(most, 1 + 16 + 1)
    state = next(source for source in found.sources if source.source == PREVIOUS + "hidden_state")
    single = [line for line in lines if line.unit >= 0]
    assert [abs(line.weight * line.value) for line in single] == sorted(np.abs(state.amounts))[::-1][
        : len(single)
    ]
    for line in single:
        assert line.weight * line.value == pytest.approx(line.amount, abs=0.0101)
        assert line.value == pytest.approx(float(trace.value("hidden_state")[4, line.unit]))
    folded = [line for line in lines if line.folded and line.source != INPUTS]
    assert sum(line.folded for line in folded) == 16 - len(single)
    assert lines[0].source == BIAS


def test_printed_parts_are_never_a_whole_unit_off() -> None:
    generator = np.random.default_rng(3)
    for _ in range(300):
        groups = [generator.normal(size=generator.integers(1, 9)) for _ in range(3)]
        totals = rounded_to_add_up([float(group.sum()) for group in groups], 2)
        for group, total in zip(groups, totals, strict=True):
            printed = add_up_to(list(group), total, 2)
            assert sum(round(100 * value) for value in printed) == round(100 * total)
            assert all(abs(value - true) < 0.01 for value, true in zip(printed, group, strict=True))


def test_what_is_not_finite_is_left_as_it_is() -> None:
    assert add_up_to([float("inf"), 1.0], float("inf"), 2) == [float("inf"), 1.0]
    assert add_up_to([], 0.0, 2) == []


def test_a_peephole_sees_only_its_own_unit() -> None:
    trace = canned_trace(next(cell for cell in CELLS if cell.name == "peephole_lstm"))
    found = unfold(trace, Place("forget_gate", 5, 4))
    peephole = next(source for source in found.sources if source.source == PREVIOUS + "cell_state")
    assert peephole.units.tolist() == [5]
    line = next(line for line in print_sum(found, 6) if line.source == PREVIOUS + "cell_state")
    assert (line.unit, line.folded) == (5, 0)
    assert origin(trace, found.place, line.source, line.unit) == Place("cell_state", 5, 3)


def test_a_part_is_followed_to_where_it_came_from() -> None:
    trace = canned_trace(next(cell for cell in CELLS if cell.name == "lstm"))
    here = Place("forget_gate", 3, 5)
    assert origin(trace, here, PREVIOUS + "hidden_state", 7) == Place("hidden_state", 7, 4)
    assert origin(trace, Place("cell_state", 3, 5), "forget_gate", 3) == Place("forget_gate", 3, 5)
    assert origin(trace, Place("forget_gate", 3, 0), PREVIOUS + "hidden_state", 7) is None
    assert origin(trace, here, BIAS, -1) is None
    assert origin(trace, here, INPUTS, -1) is None
    assert origin(trace, here, PREVIOUS + "hidden_state", -1) is None, "the rest is no single number"


def test_pixels_make_the_events_part_with_and_without_an_encoder() -> None:
    trace = canned_trace(next(cell for cell in CELLS if cell.name == "gru"))
    generator = np.random.default_rng(1)
    weights = generator.normal(size=(12, 9)).astype(np.float32)  # (E, I)
    bias = generator.normal(size=12).astype(np.float32)
    pixels = generator.normal(size=(10, 9)).astype(np.float32)  # (T, I)
    seen = (pixels @ weights.T + bias).astype(np.float32)
    layer = replace(trace.top, inputs=seen)
    encoded = replace(trace, inputs=pixels, encoder_weights=weights, encoder_bias=bias, layers=(layer,))
    for one in (trace, encoded):
        found = unfold(one, Place("update_gate", 2, 6))
        shares = pixel_shares(one, found)
        assert shares is not None
        event = next(source for source in found.sources if source.source == INPUTS)
        assert shares.amounts.sum() + shares.encoder_bias == pytest.approx(event.total, abs=1e-5)
        assert len(shares.amounts) == one.inputs.shape[1]
    assert pixel_shares(trace, unfold(trace, Place("hidden_state", 2, 6))) is None


def test_a_layer_above_another_sees_no_pixels() -> None:
    trace = canned_trace(next(cell for cell in CELLS if cell.name == "lstm"))
    deep = replace(trace, layers=(trace.top, trace.top))
    assert pixel_shares(deep, unfold(deep, Place("forget_gate", 0, 1))) is None


def test_what_is_not_there_is_said() -> None:
    trace = canned_trace(next(cell for cell in CELLS if cell.name == "rnn"))
    with pytest.raises(KeyError, match="no equation for forget_gate"):
        unfold(trace, Place("forget_gate", 0, 0))
    with pytest.raises(IndexError, match="no unit 99"):
        unfold(trace, Place("hidden_state", 99, 0))
