"""Traces: everything one network computes on one sequence, by the same equations that train, as numpy records.

Runs on the thread that trains, between updates, and hands out copies only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.contract.cell_description import CellDescription
from playground.contract.intervention import HoldQuantity, Intervention
from playground.engine.cells import Quantities
from playground.engine.model import RecurrentLayer, SequenceModel
from playground.tasks.task import EventSequence
from playground.trace.sequence_trace import FloatArray, LayerTrace, SequenceTrace, read_only


class InterventionError(ValueError):
    """An intervention that this network or sequence has no place for; the message is a sentence for the user."""


Hold = tuple[Tensor, Tensor]
"""Which units are held, (H,) bool, and at what, (H,)."""

Holds = Mapping[int, Mapping[str, Hold]]
"""What is held in one layer, by timestep and quantity."""


class HeldQuantities(Quantities):
    """The quantities of one timestep, some of them held: whatever is computed for those, the held value stands.

    What is computed from a held quantity in the same timestep uses the held value.
    """

    def __init__(self, holds: Mapping[str, Hold]) -> None:
        super().__init__()
        self.__dict__["_holds"] = holds

    def __setattr__(self, name: str, value: Tensor) -> None:
        hold = self.__dict__["_holds"].get(name)
        if hold is not None:
            held, at = hold
            value = torch.where(held, at.to(value.dtype), value)
        self.__dict__[name] = value


def trace(
    model: SequenceModel,
    sequence: EventSequence,
    interventions: Sequence[Intervention] = (),
    *,
    network: str,
    run_id: int,
    update: int,
) -> SequenceTrace:
    """What `model` computes on `sequence` from zero states, with `interventions` carried out in their order.

    Raises InterventionError when an intervention names a quantity, layer, timestep or unit that is not there.
    """
    holds = [holds_of_layer(interventions, index, model, sequence.length) for index in range(model.layers)]
    with torch.no_grad():
        inputs = torch.from_numpy(np.array(sequence.inputs)).to(model.dtype)[:, None, :]  # (T, 1, I)
        layer_inputs = model.encode(inputs)  # (T, 1, E)
        layers = []
        for layer, held in zip(model.recurrent_layers, holds, strict=True):
            quantities = run_layer(layer, layer_inputs, held)
            values = stacked(quantities, model.cell.description)  # (Q, T, H)
            layers.append(layer_trace(layer, layer_inputs, values, model.cell.description))
            layer_inputs = torch.stack([now.hidden_state for now in quantities])  # (T, 1, H)
        logits = model.head(layer_inputs)[:, 0, :]  # (T, K)
        probabilities = torch.softmax(logits, dim=-1)  # (T, K)
    return SequenceTrace(
        network=network,
        description=model.cell.description,
        run_id=run_id,
        update=update,
        inputs=read_only(sequence.inputs),
        encoder_weights=None if model.encoder is None else copied(model.encoder.weight),
        encoder_bias=None if model.encoder is None else copied(model.encoder.bias),
        layers=tuple(layers),
        logits=copied(logits),
        probabilities=copied(probabilities),
        targets=read_only(sequence.targets),
        head_weights=copied(model.head.weight),
        head_bias=copied(model.head.bias),
    )


def run_layer(layer: RecurrentLayer, inputs: Tensor, holds: Holds | None = None) -> list[Quantities]:
    """The quantities of all timesteps of one layer, each (B, H), for inputs (T, B, I) from zero states."""
    if not holds:
        return list(layer.timesteps(inputs))
    return list(layer.timesteps(inputs, empty=lambda timestep: HeldQuantities(holds.get(timestep, {}))))


def stacked(quantities: Sequence[Quantities], description: CellDescription) -> FloatArray:
    """(Q, T, H) float32, read-only: the description's quantities in order, from the records of T timesteps (1, H)."""
    names = [quantity.name for quantity in description.quantities]
    rows = [getattr(now, name) for name in names for now in quantities]  # Q * T of (1, H)
    return frozen(torch.cat(rows).view(len(names), len(quantities), -1))


def layer_trace(
    layer: RecurrentLayer, inputs: Tensor, values: FloatArray, description: CellDescription
) -> LayerTrace:
    """The record of one layer: its inputs (T, 1, I), its quantities (Q, T, H), and copies of its weights."""
    zeros = read_only(np.zeros(layer.units, np.float32))
    by_name = {quantity.name: values[index] for index, quantity in enumerate(description.quantities)}
    return LayerTrace(
        inputs=copied(inputs[:, 0, :]),
        quantities=MappingProxyType(by_name),
        initial_states=MappingProxyType(dict.fromkeys(description.states, zeros)),
        weights=weights_of(layer),
    )


def weights_of(module: nn.Module) -> Mapping[str, FloatArray]:
    """Read-only float32 copies of a module's own parameters by name."""
    return MappingProxyType(
        {name: copied(parameter) for name, parameter in module.named_parameters(recurse=False)}
    )


def copied(tensor: Tensor) -> FloatArray:
    """A read-only float32 copy: `numpy()` alone would look into the live weights."""
    return read_only(tensor.detach().numpy().astype(np.float32, copy=False))


def frozen(tensor: Tensor) -> FloatArray:
    """A tensor that nobody else holds, as a read-only float32 array without another copy."""
    array: NDArray[Any] = tensor.numpy().astype(np.float32, copy=False)
    array.setflags(write=False)
    return array


def holds_of_layer(
    interventions: Sequence[Intervention], layer: int, model: SequenceModel, timesteps: int
) -> Holds:
    """What is held in this layer, by timestep and quantity; a later intervention wins over an earlier one.

    Raises InterventionError with a sentence.
    """
    found: dict[int, dict[str, Hold]] = {}
    for hold in interventions:
        check_hold(hold, model, timesteps)
        if hold.layer != layer:
            continue
        units = range(model.units) if hold.units is None else hold.units
        index = torch.tensor(list(units), dtype=torch.long)
        for timestep in range(timesteps) if hold.timesteps is None else hold.timesteps:
            by_quantity = found.setdefault(timestep, {})
            held, at = by_quantity.get(hold.quantity) or (
                torch.zeros(model.units, dtype=torch.bool),
                torch.zeros(model.units, dtype=torch.float64),
            )
            held, at = held.clone(), at.clone()
            held[index], at[index] = True, hold.value
            by_quantity[hold.quantity] = (held, at)
    return found


def check_hold(hold: HoldQuantity, model: SequenceModel, timesteps: int) -> None:
    """Raises InterventionError, a sentence, when there is nothing in this network or sequence to hold."""
    description = model.cell.description
    known = [quantity.name for quantity in description.quantities]
    if hold.quantity not in known:
        raise InterventionError(
            f"The {description.title.textbook} has no {hold.quantity.replace('_', ' ')} to hold; "
            f"it has {', '.join(name.replace('_', ' ') for name in known)}."
        )
    if not 0 <= hold.layer < model.layers:
        raise InterventionError(
            f"There is no layer {hold.layer + 1} to hold: the network has {model.layers}."
        )
    for unit in hold.units or ():
        if not 0 <= unit < model.units:
            raise InterventionError(f"There is no unit {unit + 1} to hold: the layer has {model.units}.")
    for timestep in hold.timesteps or ():
        if not 0 <= timestep < timesteps:
            raise InterventionError(
                f"There is no timestep {timestep + 1} to hold: the sequence has {timesteps}."
            )
    if not np.isfinite(hold.value):
        raise InterventionError(f"A quantity can be held at a number only, not at {hold.value}.")
