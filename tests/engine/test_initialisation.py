"""How weights begin: torch's bounds, orthogonal matrices, the total of the two biases, chrono's spans."""

from __future__ import annotations

import math

import pytest
import torch

from playground.contract.network_catalogue import network_keys
from playground.engine.cells import CELLS, gru, lstm
from playground.engine.model import SequenceModel, make_model, network_generator
from playground.experiment import NetworkSettings
from playground.trace.memory import half_life
from tests.engine.networks import ALL_CELLS, CELLS_WITH_MEMORY

UNITS = 32


def model_with(
    cell: str,
    initialisation: str,
    layers: int = 1,
    bias: float = 3.0,
    longest: int = 50,
    **settings: float,
) -> SequenceModel:
    network = NetworkSettings(
        cell,
        units=UNITS,
        layers=layers,
        initialisation=initialisation,
        forget_gate_bias=bias,
        **settings,  # type: ignore[arg-type]
    )
    return make_model(network, 100, 5, network_generator(1, cell), longest_sequence=longest)


def total_bias(model: SequenceModel, block: int, layer: int = 0) -> torch.Tensor:
    weights = model.recurrent_layers[layer]
    total = weights.get_parameter("bias_ih") + weights.get_parameter("bias_hh")
    return total[block * UNITS : (block + 1) * UNITS].detach()


@pytest.mark.parametrize("cell", ALL_CELLS)
def test_torch_draws_between_plus_and_minus_one_over_the_root_of_the_units(cell: str) -> None:
    model = model_with(cell, "torch", layers=2)
    bound = 1.0 / math.sqrt(UNITS)
    for layer in model.recurrent_layers:
        for name, parameter in layer.named_parameters():
            largest = float(parameter.detach().abs().max())
            assert 0.8 * bound < largest <= bound, name
    assert model.encoder is not None
    assert 0.99 * 0.1 < float(model.encoder.weight.detach().abs().max()) <= 0.1  # 1 / sqrt(100 inputs)
    assert float(model.head.weight.detach().abs().max()) <= bound


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_orthogonal_recurrent_matrices_keep_every_length(cell: str) -> None:
    for layer in model_with(cell, "orthogonal", layers=2).recurrent_layers:
        for block in layer.get_parameter("weight_hh").detach().double().split(UNITS):
            torch.testing.assert_close(block @ block.T, torch.eye(UNITS).double(), rtol=0, atol=1e-5)


def test_the_blocks_of_an_orthogonal_matrix_differ() -> None:
    first, second, *_ = (
        model_with("lstm", "orthogonal").recurrent_layers[0].get_parameter("weight_hh").split(UNITS)
    )
    assert not torch.equal(first, second)


@pytest.mark.parametrize(
    ("cell", "block"),
    [
        ("lstm", lstm.F_BLOCK),
        ("guide_lstm", lstm.F_BLOCK),
        ("peephole_lstm", lstm.F_BLOCK),
        ("gru", gru.Z_BLOCK),
    ],
)
def test_forget_bias_is_meant_in_total_and_not_doubled(cell: str, block: int) -> None:
    model = model_with(cell, "forget_bias", layers=2, bias=3.0)
    for layer in range(2):
        assert total_bias(model, block, layer).tolist() == [3.0] * UNITS
    # the half-life that the recipes promise for a bias of 3, with all else zero
    assert half_life(torch.sigmoid(torch.tensor(3.0)).double().numpy()) == pytest.approx(14.26, abs=0.01)


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_small_is_a_tenth_of_what_torch_draws_beside_the_open_forget_gate(cell: str) -> None:
    drawn, small = model_with(cell, "torch", layers=2), model_with(cell, "small", layers=2, bias=4.0)
    forget = CELLS[cell].forget_block
    for (name, ours), theirs in zip(small.named_parameters(), drawn.parameters(), strict=True):
        expected = theirs.clone().detach()
        if name.startswith("recurrent"):
            expected *= 0.1
            if forget is not None and name.endswith(("bias_ih", "bias_hh")):
                expected[forget * UNITS : (forget + 1) * UNITS] = 4.0 if name.endswith("bias_ih") else 0.0
        torch.testing.assert_close(ours.detach(), expected, rtol=1e-6, atol=0)


@pytest.mark.parametrize("cell", ["lstm", "guide_lstm", "peephole_lstm"])
def test_chrono_spreads_the_forget_gates_and_shuts_the_input_gates(cell: str) -> None:
    longest = 50
    model = model_with(cell, "chrono", layers=2, longest=longest)
    for layer in range(2):
        forget = total_bias(model, lstm.F_BLOCK, layer)
        torch.testing.assert_close(total_bias(model, lstm.I_BLOCK, layer), -forget, rtol=0, atol=0)
        spans = forget.exp()
        assert 1.0 <= float(spans.min()) < 5.0
        assert 0.9 * (longest - 1) < float(spans.max()) <= longest - 1 + 1e-4


def test_chrono_sets_the_share_that_the_gru_keeps() -> None:
    spans = total_bias(model_with("gru", "chrono", longest=50), gru.Z_BLOCK).exp()
    assert 1.0 <= float(spans.min()) < 5.0
    assert 44.0 < float(spans.max()) <= 49.0 + 1e-4


def test_chrono_of_the_shortest_sequences_is_sound() -> None:
    for longest in (1, 2):
        biases = total_bias(model_with("lstm", "chrono", longest=longest), lstm.F_BLOCK)
        assert float(biases.abs().max()) < 1e-5


@pytest.mark.parametrize("initialisation", ["torch", "orthogonal", "forget_bias", "small", "chrono"])
@pytest.mark.parametrize("cell", network_keys(input_gated=True))
def test_the_gate_biases_are_added_to_whatever_was_drawn(cell: str, initialisation: str) -> None:
    plain = model_with(cell, initialisation, layers=2)
    changed = model_with(cell, initialisation, layers=2, input_gate_bias=-1.0, output_gate_bias=0.5)
    kind = CELLS[cell]
    for layer in range(2):
        blocks = plain.recurrent_layers[layer].get_parameter("bias_ih").shape[0] // UNITS
        for block in range(blocks):
            moved = {kind.input_block: -1.0, kind.output_block: 0.5}.get(block, 0.0)
            difference = total_bias(changed, block, layer) - total_bias(plain, block, layer)
            torch.testing.assert_close(difference, torch.full((UNITS,), moved), rtol=0, atol=1e-6)
    for (name, ours), expected in zip(changed.named_parameters(), plain.parameters(), strict=True):
        assert name.endswith("bias_ih") or torch.equal(ours, expected), name


@pytest.mark.parametrize("cell", network_keys(input_gated=False))
def test_gate_biases_change_nothing_where_there_are_no_such_gates(cell: str) -> None:
    changed = model_with(cell, "torch", input_gate_bias=-1.0, output_gate_bias=0.5)
    for ours, expected in zip(changed.parameters(), model_with(cell, "torch").parameters(), strict=True):
        assert torch.equal(ours, expected)


@pytest.mark.parametrize("initialisation", ["forget_bias", "chrono"])
@pytest.mark.parametrize("cell", network_keys(gated=False))
def test_without_a_gate_nothing_is_set(cell: str, initialisation: str) -> None:
    changed, plain = model_with(cell, initialisation), model_with(cell, "torch")
    for ours, expected in zip(changed.parameters(), plain.parameters(), strict=True):
        assert torch.equal(ours, expected)


@pytest.mark.parametrize("initialisation", ["forget_bias", "chrono"])
def test_all_but_the_biases_is_as_in_torch(initialisation: str) -> None:
    changed, plain = model_with("lstm", initialisation), model_with("lstm", "torch")
    for name in ("weight_ih", "weight_hh"):
        ours, expected = (model.recurrent_layers[0].get_parameter(name) for model in (changed, plain))
        assert torch.equal(ours, expected)
    for block in (lstm.G_BLOCK, lstm.O_BLOCK):
        assert torch.equal(total_bias(changed, block), total_bias(plain, block))
