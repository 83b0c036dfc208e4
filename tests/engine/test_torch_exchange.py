"""Weights go to torch's modules and come back, exactly; what has no counterpart is refused with a sentence."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.torch_exchange import (
    ExchangeError,
    load_recurrent_state_dict,
    recurrent_state_dict,
    torch_module,
)
from tests.engine.networks import IN_TORCH, random_tensor, small_model, train


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("cell", IN_TORCH)
def test_trained_weights_load_into_torchs_module_and_give_the_same_outputs(
    cell: str, dtype: torch.dtype
) -> None:
    model = small_model(cell, layers=2, inputs=100, dtype=dtype)
    train(model)
    kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell]
    module = kind(16, 4, num_layers=2, dtype=dtype)
    module.load_state_dict(recurrent_state_dict(model))
    inputs = random_tensor(30, 5, 100, seed=99, dtype=dtype)
    with torch.no_grad():
        logits = model.head(module(model.encode(inputs))[0])
        tolerance = 1e-10 if dtype == torch.float64 else 1e-5
        torch.testing.assert_close(model(inputs), logits, rtol=0, atol=tolerance)


@pytest.mark.parametrize("cell", IN_TORCH)
def test_torchs_weights_come_in(cell: str) -> None:
    model = small_model(cell, layers=3)
    module = type(torch_module(model))(3, 4, num_layers=3, dtype=torch.float64)
    load_recurrent_state_dict(model, module.state_dict())
    inputs = random_tensor(7, 2, 3, seed=1)
    with torch.no_grad():
        torch.testing.assert_close(model.read(inputs)[0], module(inputs)[0], rtol=0, atol=1e-12)
    for name, weight in recurrent_state_dict(model).items():
        assert torch.equal(weight, module.state_dict()[name])


def test_what_goes_out_is_a_copy() -> None:
    model = small_model("lstm")
    weights = recurrent_state_dict(model)
    before = model.recurrent_layers[0].get_parameter("weight_hh").detach().clone()
    weights["weight_hh_l0"].zero_()
    assert torch.equal(model.recurrent_layers[0].get_parameter("weight_hh"), before)


@pytest.mark.parametrize("cell", ["guide_lstm", "no_memory"])
def test_cells_that_torch_does_not_have_are_refused(cell: str) -> None:
    model = small_model(cell)
    for exchange in (torch_module, recurrent_state_dict):
        with pytest.raises(ExchangeError, match="PyTorch has no module for this cell"):
            exchange(model)


def test_an_rnn_with_relu_is_torchs() -> None:
    model = small_model("rnn", layers=2, activation="relu")
    inputs = random_tensor(6, 2, model.input_size)
    torch.testing.assert_close(torch_module(model)(inputs)[0], model.read(inputs)[0], rtol=0, atol=1e-12)


def test_an_rnn_with_sigmoid_is_refused() -> None:
    with pytest.raises(ExchangeError, match="sigmoid cannot be exchanged"):
        recurrent_state_dict(small_model("rnn", activation="sigmoid"))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"num_layers": 2}, "weight_ih_l1 has no place in this network of 1 layers"),
        ({"hidden_size": 5}, "has the shape"),
        ({"bidirectional": True}, "has no place"),
        ({"bias": False}, "bias_ih_l0 is missing"),
    ],
)
def test_weights_that_do_not_fit_are_refused_whole(changed: dict[str, object], sentence: str) -> None:
    model = small_model("lstm")
    before = recurrent_state_dict(model)
    module = torch.nn.LSTM(**({"input_size": 3, "hidden_size": 4, "dtype": torch.float64} | changed))  # type: ignore[arg-type]
    with pytest.raises(ExchangeError, match=sentence):
        load_recurrent_state_dict(model, module.state_dict())
    for name, weight in recurrent_state_dict(model).items():
        assert torch.equal(weight, before[name])


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        (torch.full((4 * 4,), float("nan"), dtype=torch.float64), "has numbers that are not finite"),
        (torch.zeros(4 * 4, dtype=torch.int64), "floating-point numbers, not torch.int64"),
        ([0.0] * 16, "floating-point numbers, not list"),
        (np.zeros(16), "floating-point numbers, not ndarray"),
    ],
)
def test_weights_that_are_no_numbers_are_refused_whole(spoilt: object, sentence: str) -> None:
    model = small_model("lstm")
    before = recurrent_state_dict(model)
    weights = {name: torch.zeros_like(weight) for name, weight in before.items()} | {"bias_hh_l0": spoilt}
    with pytest.raises(ExchangeError, match=sentence):
        load_recurrent_state_dict(model, weights)  # type: ignore[arg-type]
    for name, weight in recurrent_state_dict(model).items():
        assert torch.equal(weight, before[name])
