"""The whole network: where its weights come from, how they are copied and put back, and how it is put together."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.model import (
    ENCODED_SIZE,
    LARGEST_UNENCODED_INPUT,
    flat_weights,
    load_flat_weights,
    make_model,
    network_generator,
)
from playground.experiment import NetworkSettings
from tests.engine.networks import ALL_CELLS, ANSWERS, random_tensor, small_model

INITIALISATIONS = ("torch", "orthogonal", "forget_bias", "chrono")


@pytest.mark.parametrize("cell", ALL_CELLS)
@pytest.mark.parametrize("initialisation", INITIALISATIONS)
def test_weights_depend_on_seed_and_cell_only(cell: str, initialisation: str) -> None:
    network = NetworkSettings(cell, initialisation=initialisation)

    def weights(seed: int) -> bytes:
        return flat_weights(make_model(network, 256, ANSWERS, network_generator(seed, cell))).tobytes()

    first = weights(1)
    torch.manual_seed(5)  # torch's global generator has no say
    make_model(NetworkSettings("lstm"), 256, ANSWERS, network_generator(1, "lstm"))
    assert weights(1) == first
    assert weights(2) != first


def test_global_generator_is_left_alone() -> None:
    torch.manual_seed(3)
    before = torch.get_rng_state()
    for initialisation in INITIALISATIONS:
        make_model(
            NetworkSettings("lstm", initialisation=initialisation), 256, ANSWERS, network_generator(1, "lstm")
        )
    assert torch.equal(torch.get_rng_state(), before)


def test_generators_of_different_cells_and_seeds_differ() -> None:
    seeds = {network_generator(seed, cell).initial_seed() for seed in range(100) for cell in ALL_CELLS}
    assert len(seeds) == 100 * len(ALL_CELLS)
    assert network_generator(2**31 - 1, "lstm").initial_seed() >= 0


@pytest.mark.parametrize("cell", ALL_CELLS)
@pytest.mark.parametrize("initialisation", INITIALISATIONS)
def test_float64_is_the_same_network(cell: str, initialisation: str) -> None:
    network = NetworkSettings(cell, initialisation=initialisation)
    single = make_model(network, 100, ANSWERS, network_generator(1, cell))
    double = make_model(network, 100, ANSWERS, network_generator(1, cell), torch.float64)
    assert double.dtype == torch.float64
    np.testing.assert_array_equal(flat_weights(single), flat_weights(double))
    inputs = random_tensor(5, 2, 100, dtype=torch.float32)
    torch.testing.assert_close(single(inputs).double(), double(inputs.double()), rtol=0, atol=1e-5)


def test_pixels_go_through_an_encoder_and_symbols_do_not() -> None:
    pixels = small_model("lstm", inputs=256)
    assert pixels.encoder is not None
    assert pixels.encoder.weight.shape == (ENCODED_SIZE, 256)
    assert pixels.recurrent_layers[0].get_parameter("weight_ih").shape == (16, ENCODED_SIZE)
    symbols = small_model("lstm", inputs=LARGEST_UNENCODED_INPUT)
    assert symbols.encoder is None
    assert symbols.recurrent_layers[0].get_parameter("weight_ih").shape == (16, LARGEST_UNENCODED_INPUT)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_shapes(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers, units=6)
    assert (model.cell.key, model.units, model.layers) == (cell, 6, layers)
    assert model(random_tensor(7, 2, 3)).shape == (7, 2, ANSWERS)
    hidden_state, states = model.read(random_tensor(7, 2, 3))
    assert hidden_state.shape == (7, 2, 6)
    assert len(states) == layers
    assert all(state.shape == (2, 6) for layer in states for state in layer.values())


def test_every_weight_gets_a_gradient() -> None:
    for cell in ALL_CELLS:
        model = small_model(cell, layers=2, inputs=100)
        model(random_tensor(6, 4, 100)).square().sum().backward()
        for name, parameter in model.named_parameters():
            assert parameter.grad is not None, name
            assert float(parameter.grad.abs().max()) > 0.0, (cell, name)


@pytest.mark.parametrize("cell", ALL_CELLS)
def test_flat_weights_are_a_copy_and_come_back_bit_for_bit(cell: str) -> None:
    model = small_model(cell, layers=2, inputs=100, dtype=torch.float32)
    kept = flat_weights(model)
    as_they_were = kept.copy()
    assert kept.dtype == np.float32
    assert kept.size == sum(parameter.numel() for parameter in model.parameters())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(1.0)
    np.testing.assert_array_equal(kept, as_they_were)
    load_flat_weights(model, kept)
    np.testing.assert_array_equal(flat_weights(model), as_they_were)
    with torch.no_grad():
        next(model.parameters()).add_(1.0)
    np.testing.assert_array_equal(kept, as_they_were)


def test_weights_of_another_network_are_refused() -> None:
    model = small_model("rnn", dtype=torch.float32)
    before = flat_weights(model)
    with pytest.raises(ValueError, match="another network"):
        load_flat_weights(model, np.zeros(before.size + 1, np.float32))
    np.testing.assert_array_equal(flat_weights(model), before)


def test_unknown_names_are_refused_with_a_sentence() -> None:
    generator = network_generator(1, "lstm")
    with pytest.raises(KeyError, match="no cell called"):
        make_model(NetworkSettings("transformer"), 3, ANSWERS, generator)
    with pytest.raises(ValueError, match="no initialisation called"):
        make_model(NetworkSettings("lstm", initialisation="luck"), 3, ANSWERS, generator)


def test_activation_is_that_of_the_settings() -> None:
    model = small_model("rnn", activation="sigmoid")
    assert model.cell.description.equation("hidden_state").activation == "sigmoid"
    hidden_state, _ = model.read(random_tensor(6, 2, 3))
    assert float(hidden_state.detach().min()) > 0.0
