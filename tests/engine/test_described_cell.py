"""A cell carried out from its description computes what its equations in torch compute: for every cell there is."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.contract.cell_description import Affine
from playground.engine.cells import CELLS
from playground.engine.described_cell import Changes, DescribedCell
from playground.engine.model import RecurrentLayer
from playground.engine.tracing import softmax

CELLS_AND_ACTIVATIONS = [*((name, None) for name in CELLS), ("rnn", "sigmoid"), ("rnn", "relu")]
TOLERANCE = {torch.float64: 1e-12, torch.float32: 2e-5}


def a_layer(name: str, activation: str | None, dtype: torch.dtype, units: int = 7) -> RecurrentLayer:
    """A layer of this cell for five inputs, with random weights large enough to shut and open gates."""
    cell = CELLS[name] if activation is None else CELLS[name].with_activation(activation)
    layer = RecurrentLayer(cell, 5, units, dtype)
    generator = torch.Generator().manual_seed(3)
    for parameter in layer.parameters():
        with torch.no_grad():
            parameter.copy_(1.5 * torch.randn(parameter.shape, generator=generator))
    return layer


def arrays(layer: RecurrentLayer) -> dict[str, np.ndarray]:
    return {name: parameter.detach().numpy() for name, parameter in layer.named_parameters()}


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("name", "activation"), CELLS_AND_ACTIVATIONS)
def test_as_the_equations_in_torch(name: str, activation: str | None, dtype: torch.dtype) -> None:
    layer = a_layer(name, activation, dtype)
    timesteps = 12 if activation != "relu" else 4  # with these weights a relu grows without bound
    inputs = torch.randn(timesteps, 3, 5, generator=torch.Generator().manual_seed(4)).to(dtype)
    with torch.no_grad():
        expected = list(layer.timesteps(inputs))
    found = layer.cell.described.run(arrays(layer), inputs.numpy(), layer.units)
    assert set(found.quantities) == {quantity.name for quantity in layer.cell.description.quantities}
    assert found.entering == {}
    for quantity, values in found.quantities.items():
        assert values.dtype == inputs.numpy().dtype
        wanted = torch.stack([getattr(now, quantity) for now in expected]).numpy()  # (T, B, H)
        scale = max(1.0, float(np.abs(wanted).max()))
        np.testing.assert_allclose(values, wanted, rtol=0, atol=TOLERANCE[dtype] * scale)


@pytest.mark.parametrize("name", list(CELLS))
def test_every_equation_is_carried_out_once(name: str) -> None:
    described = CELLS[name].described
    assert sorted((*described.first, *described.then), key=str) == sorted(
        described.description.equations, key=str
    )
    assert all(isinstance(equation, Affine) for equation in described.first)


@pytest.mark.parametrize("name", list(CELLS))
def test_sums_far_from_zero_shut_gates_without_a_warning(name: str) -> None:
    layer = a_layer(name, None, torch.float32)
    weights = {key: value * 1000.0 for key, value in arrays(layer).items()}
    found = layer.cell.described.run(weights, np.ones((3, 1, 5), np.float32), layer.units)
    for gate in layer.cell.description.gates:
        values = found.quantities[gate.name]
        low = 0.0 if gate.span == "zero_to_one" else -1.0
        assert np.all((values >= low) & (values <= 1.0))


def test_a_held_gate_and_a_set_memory_against_sums_by_hand() -> None:
    layer = a_layer("lstm", None, torch.float64, units=2)
    which = np.array([True, False])
    changes = Changes(
        holds={1: {"forget_gate": (which, np.array([0.25, 9.0]))}},
        memories={2: {"cell_state": (which, np.array([5.0, 9.0]))}},
    )
    inputs = np.random.default_rng(1).normal(size=(4, 1, 5))
    found = DescribedCell(layer.cell.description).run(arrays(layer), inputs, 2, changes)
    c, f, kept = (found.quantities[name][:, 0] for name in ("cell_state", "forget_gate", "kept_memory"))
    assert f[1, 0] == 0.25
    assert f[1, 1] != 9.0
    np.testing.assert_array_equal(kept[1], c[0] * f[1])
    np.testing.assert_array_equal(found.entering[2]["cell_state"], [[5.0, c[1, 1]]])
    assert c[1, 0] != 5.0, "the record of the timestep before stays as it was"
    np.testing.assert_array_equal(kept[2], [5.0 * f[2, 0], c[1, 1] * f[2, 1]])


def test_softmax_against_torch() -> None:
    logits = np.random.default_rng(2).normal(scale=30.0, size=(6, 9))
    np.testing.assert_allclose(
        softmax(logits), torch.softmax(torch.from_numpy(logits), -1).numpy(), atol=1e-15
    )
