"""To PyTorch and back: the recurrent layers as torch.nn.RNN, LSTM or GRU, weight for weight.

A student who has trained a network here takes the weights away with

    lstm = torch.nn.LSTM(input_size, units, num_layers=layers)
    lstm.load_state_dict(recurrent_state_dict(model))

Only the recurrent layers have a counterpart; the encoder before them and the head after them are `torch.nn.Linear`
already (`model.encoder`, `model.head`).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from playground.engine.model import SequenceModel

TorchModule = nn.RNN | nn.LSTM | nn.GRU

TORCH_MODULES: dict[str, type[nn.RNN] | type[nn.LSTM] | type[nn.GRU]] = {
    "rnn": nn.RNN,
    "lstm": nn.LSTM,
    "gru": nn.GRU,
}
"""By the key of the cell: torch's module with the same equations and weights."""


class ExchangeError(ValueError):
    """These weights cannot go to or come from torch's module; the message is a sentence for the user."""


def torch_module(model: SequenceModel) -> TorchModule:
    """A torch.nn.RNN, LSTM or GRU with copies of the model's recurrent weights.

    It takes what `model.encode` gives, time first: (T, B, E) -> hidden states (T, B, H). Raises ExchangeError for a
    cell that torch does not have.
    """
    kind = _module_kind(model)
    first = model.recurrent_layers[0].get_parameter("weight_ih").shape[1]
    activation = getattr(model.cell, "activation", "tanh")
    choice = {} if activation == "tanh" else {"nonlinearity": activation}
    module = kind(first, model.units, num_layers=model.layers, dtype=model.dtype, **choice)
    module.load_state_dict(recurrent_state_dict(model))
    return module


def recurrent_state_dict(model: SequenceModel) -> dict[str, Tensor]:
    """Copies of the recurrent weights by torch's names: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, ...

    Raises ExchangeError for a cell that torch does not have.
    """
    _module_kind(model)
    return {
        f"{name}_l{index}": parameter.detach().clone()
        for index, layer in enumerate(model.recurrent_layers)
        for name, parameter in layer.named_parameters()
    }


def load_recurrent_state_dict(model: SequenceModel, weights: Mapping[str, Tensor]) -> None:
    """Put the weights of a torch.nn.RNN, LSTM or GRU into the model's recurrent layers.

    All or nothing. Raises ExchangeError when a weight is missing, of another shape, not of finite numbers, or has no
    place in the model.
    """
    wanted = recurrent_state_dict(model)
    for name in weights:
        if name not in wanted:
            raise ExchangeError(
                f"The weight {name} has no place in this network of {model.layers} layers: "
                "it must be of one direction, without projection, with as many layers."
            )
    for name, own in wanted.items():
        if name not in weights:
            raise ExchangeError(
                f"The weight {name} is missing: this network has {model.layers} layers with biases."
            )
        weight = weights[name]
        if not isinstance(weight, Tensor) or not weight.is_floating_point():
            kind = weight.dtype if isinstance(weight, Tensor) else type(weight).__name__
            raise ExchangeError(f"The weight {name} must be a tensor of floating-point numbers, not {kind}.")
        given, has = tuple(weight.shape), tuple(own.shape)
        if given != has:
            raise ExchangeError(f"The weight {name} has the shape {given}, but this network needs {has}.")
        if not torch.isfinite(weight).all():
            raise ExchangeError(f"The weight {name} has numbers that are not finite (NaN or infinite).")
    with torch.no_grad():
        for index, layer in enumerate(model.recurrent_layers):
            for name, parameter in layer.named_parameters():
                parameter.copy_(weights[f"{name}_l{index}"])


def _module_kind(model: SequenceModel) -> type[nn.RNN] | type[nn.LSTM] | type[nn.GRU]:
    title = model.cell.description.title.textbook
    kind = TORCH_MODULES.get(model.cell.key)
    if kind is None:
        raise ExchangeError(
            f"PyTorch has no module for this cell ({title}): only RNN, LSTM and GRU can be exchanged."
        )
    if getattr(model.cell, "activation", "tanh") == "sigmoid":
        raise ExchangeError(
            "PyTorch's RNN knows tanh and relu only: an RNN with sigmoid cannot be exchanged."
        )
    return kind
