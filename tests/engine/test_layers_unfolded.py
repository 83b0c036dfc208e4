"""Where a number of an upper layer comes from: every summand by hand, and the way down to the layer below."""

from __future__ import annotations

import numpy as np
import pytest

from playground.contract.cell_description import INPUTS
from playground.engine.tracing import trace
from playground.trace.contributions import BIAS
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.unfolding import Place, origin, pixel_shares, print_sum, unfold
from tests.engine.networks import random_sequence, small_model


def traced(cell: str, layers: int = 2, units: int = 5) -> SequenceTrace:
    model = small_model(cell, layers=layers, units=units)
    return trace(model, random_sequence(6), network=cell, run_id=1, update=0)


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_a_forget_gate_of_any_layer_is_the_sum_by_hand(layer: int) -> None:
    record = traced("lstm", layers=3)
    own = {name: value.astype(np.float64) for name, value in record.layers[layer].weights.items()}
    for unit, timestep in ((0, 0), (3, 4)):
        found = unfold(record, Place("forget_gate", unit, timestep, layer))
        row = 5 + unit  # torch's order of the four blocks: i f g o
        seen = record.layers[layer].inputs if layer == 0 else record.value("hidden_state", layer - 1)
        before = record.value("hidden_state", layer)[timestep - 1] if timestep else np.zeros(5)
        parts = {each.source: each for each in found.sources}
        np.testing.assert_allclose(parts[INPUTS].amounts, own["weight_ih"][row] * seen[timestep], atol=1e-12)
        np.testing.assert_allclose(
            parts["previous_hidden_state"].amounts, own["weight_hh"][row] * before, atol=1e-12
        )
        bias = own["bias_ih"][row] + own["bias_hh"][row]
        assert parts[BIAS].total == pytest.approx(bias, abs=1e-12)
        total = bias + own["weight_ih"][row] @ seen[timestep] + own["weight_hh"][row] @ before
        assert found.total == pytest.approx(total, abs=1e-9)
        recorded = record.value("forget_gate", layer)[timestep, unit]
        assert found.result == pytest.approx(float(recorded), abs=1e-6)
        assert found.reads_layer_below == (layer > 0)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "guide_lstm"])
def test_a_contribution_leads_down_a_layer_at_the_same_timestep_and_back_in_time(cell: str) -> None:
    record = traced(cell)
    affine = "update_gate" if cell == "gru" else "hidden_state" if cell == "rnn" else "forget_gate"
    place = Place(affine, 2, 3, 1)
    assert origin(record, place, INPUTS, 4) == Place("hidden_state", 4, 3, 0)
    assert origin(record, place, "previous_hidden_state", 1) == Place("hidden_state", 1, 2, 1)
    assert origin(record, Place(affine, 2, 0, 1), "previous_hidden_state", 1) is None
    below = origin(record, place, INPUTS, 4)
    assert below is not None
    assert origin(record, below, INPUTS, 0) is None  # that is the event: no further
    amounts = {part.unit: part for part in print_sum(unfold(record, place), 40) if part.source == INPUTS}
    weight, value = amounts[4].weight, amounts[4].value
    assert value == pytest.approx(float(record.value("hidden_state", 0)[3, 4]))
    assert weight * value == pytest.approx(
        float(unfold(record, place).sources[-1].amounts[4])
        if unfold(record, place).sources[-1].source == INPUTS
        else next(s for s in unfold(record, place).sources if s.source == INPUTS).amounts[4]
    )


def test_the_printed_lines_of_an_upper_layer_add_up_and_fold_the_rest() -> None:
    record = traced("lstm", units=9)
    for most in (3, 6, 9, 40):
        found = unfold(record, Place("input_gate", 1, 5, 1))
        lines = print_sum(found, most)
        assert sum(round(100 * line.amount) for line in lines) == round(100 * round(found.total, 2))
        folded = [line for line in lines if line.source == INPUTS and line.folded]
        single = [line for line in lines if line.source == INPUTS and not line.folded]
        assert len(single) + sum(line.folded for line in folded) == 9
        sizes = [abs(line.weight * line.value) for line in single]
        assert sizes == sorted(sizes, reverse=True)


def test_pixels_belong_to_the_lowest_layer_alone() -> None:
    record = traced("lstm")
    lowest = unfold(record, Place("forget_gate", 0, 2, 0))
    shares = pixel_shares(record, lowest)
    assert shares is not None
    event = next(source for source in lowest.sources if source.source == INPUTS)
    assert shares.amounts.sum() + shares.encoder_bias == pytest.approx(event.total, abs=1e-6)
    assert pixel_shares(record, unfold(record, Place("forget_gate", 0, 2, 1))) is None


def test_a_part_of_a_trace_ends_with_the_layer_that_is_shown() -> None:
    record = traced("lstm", layers=3)
    part = record.up_to(1)
    assert part.top is record.layers[1]
    assert (len(part.layers), part.depth, record.depth) == (2, 3, 3)
    assert part.whole is record
    assert part.up_to(0).whole is record
    assert part.probabilities is record.probabilities
    assert record.up_to(2) is record
    assert np.array_equal(part.value("cell_state"), record.value("cell_state", 1))
