"""Traces: everything one network computes on one sequence, by the same equations that train, as numpy records.

Runs on the thread that trains, between updates, and hands out copies only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.contract.cell_description import CellDescription
from playground.contract.intervention import (
    HoldQuantity,
    Intervention,
    InterventionError,
    SetMemory,
    check,
)
from playground.engine.cells import Quantities
from playground.engine.model import RecurrentLayer, SequenceModel
from playground.tasks.task import CROSS_ENTROPY, EventSequence, Loss, dense
from playground.trace.sequence_trace import FloatArray, LayerTrace, SequenceTrace, read_only

__all__ = ["InterventionError", "run_changed_layer", "run_layer", "trace", "traced_weights"]

Hold = tuple[Tensor, Tensor]
"""Which units are held, (H,) bool, and at what, (H,)."""

Holds = Mapping[int, Mapping[str, Hold]]
"""What is held, by timestep and quantity; or which memories are set before a timestep reads them."""


@dataclass(frozen=True)
class LayerChanges:
    """What interventions do to one layer."""

    holds: Holds = field(default_factory=dict)
    memories: Holds = field(default_factory=dict)


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
            value = torch.where(held, at, value)
        self.__dict__[name] = value


def trace(
    model: SequenceModel,
    sequence: EventSequence,
    interventions: Sequence[Intervention] = (),
    *,
    network: str,
    run_id: int,
    update: int,
    loss: Loss = CROSS_ENTROPY,
) -> SequenceTrace:
    """What `model` computes on `sequence` from zero states, with `interventions` carried out in their order.

    `loss`: that of the task; for squared error the outputs are no logits, and stand in place of probabilities.

    Edits of events are the business of whoever makes the sequence (`tasks.edited_sequence`); here they are passed over.
    Raises InterventionError when an intervention names a quantity, layer, timestep or unit that is not there.
    """
    changes = [
        changes_of_layer(interventions, index, model, sequence.length) for index in range(model.layers)
    ]
    with torch.no_grad():
        seen = dense(sequence.inputs, model.input_size)  # (T, I)
        inputs = torch.from_numpy(np.array(seen)).to(model.dtype)[:, None, :]  # (T, 1, I)
        layer_inputs = model.encode(inputs)  # (T, 1, E)
        layers = []
        for layer, changed in zip(model.recurrent_layers, changes, strict=True):
            quantities, entering = run_changed_layer(layer, layer_inputs, changed)
            values = stacked(quantities, model.cell.description)  # (Q, T, H)
            layers.append(layer_trace(layer, layer_inputs, values, model.cell.description, entering))
            layer_inputs = torch.stack([now.hidden_state for now in quantities])  # (T, 1, H)
        logits = model.head(layer_inputs)[:, 0, :]  # (T, K)
        probabilities = torch.softmax(logits, dim=-1) if loss == CROSS_ENTROPY else logits  # (T, K)
    return SequenceTrace(
        network=network,
        description=model.cell.description,
        run_id=run_id,
        update=update,
        inputs=read_only(seen),
        encoder_weights=None if model.encoder is None else copied(model.encoder.weight),
        encoder_bias=None if model.encoder is None else copied(model.encoder.bias),
        layers=tuple(layers),
        logits=copied(logits),
        probabilities=copied(probabilities),
        targets=read_only(sequence.targets),
        head_weights=copied(model.head.weight),
        head_bias=copied(model.head.bias),
        loss=loss,
    )


def run_layer(layer: RecurrentLayer, inputs: Tensor) -> list[Quantities]:
    """The quantities of all timesteps of one layer, each (B, H), for inputs (T, B, I) from zero states."""
    return list(layer.timesteps(inputs))


def run_changed_layer(
    layer: RecurrentLayer, inputs: Tensor, changes: LayerChanges
) -> tuple[list[Quantities], Mapping[int, Mapping[str, Tensor]]]:
    """As `run_layer`, with these changes; and the memories that were set before a timestep read them, by timestep and
    state, each (B, H)."""
    if not (changes.holds or changes.memories):
        return run_layer(layer, inputs), {}
    holds, memories = changes.holds, changes.memories
    states = layer.first_states(inputs)
    entering: dict[int, dict[str, Tensor]] = {}
    if 0 in memories:
        entering[0] = after_setting(memories[0], states)
        states = states | entering[0]
    recorded = []
    run = layer.timesteps(inputs, states, empty=lambda timestep: HeldQuantities(holds.get(timestep, {})))
    for timestep, now in enumerate(run):
        recorded.append(Quantities(**{name: value for name, value in vars(now).items() if name != "_holds"}))
        if timestep + 1 in memories:  # `now` is what the next timestep reads: its record stays as it was
            entering[timestep + 1] = after_setting(memories[timestep + 1], vars(now))
            vars(now).update(entering[timestep + 1])
    return recorded, entering


def after_setting(wanted: Mapping[str, Hold], states: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The states (B, H) that are set, by name, with the units that are not as they were."""
    return {name: torch.where(which, at, states[name]) for name, (which, at) in wanted.items()}


def stacked(quantities: Sequence[Quantities], description: CellDescription) -> FloatArray:
    """(Q, T, H) float32, read-only: the description's quantities in order, from the records of T timesteps (1, H)."""
    names = [quantity.name for quantity in description.quantities]
    rows = [getattr(now, name) for name in names for now in quantities]  # Q * T of (1, H)
    return frozen(torch.cat(rows).view(len(names), len(quantities), -1))


def layer_trace(
    layer: RecurrentLayer,
    inputs: Tensor,
    values: FloatArray,
    description: CellDescription,
    entering: Mapping[int, Mapping[str, Tensor]] = MappingProxyType({}),
) -> LayerTrace:
    """The record of one layer: its inputs (T, 1, I), its quantities (Q, T, H), and copies of its weights.

    `entering`: the memories that were set, by the timestep that read them and by state, each (1, H).
    """
    zeros = read_only(np.zeros(layer.units, np.float32))
    by_name = {quantity.name: values[index] for index, quantity in enumerate(description.quantities)}
    return LayerTrace(
        inputs=copied(inputs[:, 0, :]),
        quantities=MappingProxyType(by_name),
        initial_states=MappingProxyType(dict.fromkeys(description.states, zeros)),
        weights=weights_of(layer),
        entering_states=MappingProxyType(entering_states(entering, by_name, zeros)),
    )


def entering_states(
    entering: Mapping[int, Mapping[str, Tensor]], quantities: Mapping[str, FloatArray], zeros: FloatArray
) -> dict[str, FloatArray]:
    """(T, H) for every state that was set anywhere: what each timestep really read of it. zeros (H,)."""
    found: dict[str, FloatArray] = {}
    for timestep, states in entering.items():
        for name, state in states.items():
            if name not in found:
                found[name] = np.concatenate([zeros[None, :], quantities[name][:-1]])
            found[name][timestep] = state[0].numpy()
    for array in found.values():
        array.setflags(write=False)
    return found


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


def changes_of_layer(
    interventions: Sequence[Intervention], layer: int, model: SequenceModel, timesteps: int
) -> LayerChanges:
    """What interventions do to this layer; a later one wins over an earlier one.

    Raises InterventionError with a sentence.
    """
    holds: dict[int, dict[str, Hold]] = {}
    memories: dict[int, dict[str, Hold]] = {}
    for each in interventions:
        check(each, model.cell.description, layers=model.layers, units=model.units, length=timesteps)
        if not isinstance(each, HoldQuantity | SetMemory) or each.layer not in (None, layer):
            continue
        hold = hold_of(each, model.units, model.dtype)  # the same tensors at every timestep
        if isinstance(each, HoldQuantity):
            for timestep in each.held_timesteps(timesteps):
                laid_over(holds.setdefault(timestep, {}), each.quantity, hold)
        else:
            laid_over(memories.setdefault(each.at, {}), each.state, hold)
    return LayerChanges(holds, memories)


def hold_of(each: HoldQuantity | SetMemory, units: int, dtype: torch.dtype) -> Hold:
    """Which units are meant, (H,) bool, and at what they are held or set, (H,)."""
    which, at = torch.zeros(units, dtype=torch.bool), torch.zeros(units, dtype=torch.float64)
    index = torch.tensor(list(range(units) if each.units is None else each.units), dtype=torch.long)
    which[index], at[index] = True, torch.tensor(each.value, dtype=torch.float64)
    return which, at.to(dtype)


def laid_over(wanted: dict[str, Hold], name: str, hold: Hold) -> None:
    """Put one more on top of what a timestep has for this quantity."""
    if name in wanted:
        below, (which, at) = wanted[name], hold
        hold = (below[0] | which, torch.where(which, at, below[1]))
    wanted[name] = hold


def traced_weights(model: SequenceModel, record: SequenceTrace) -> FloatArray:
    """(P,) the weights that a trace was made with, in the order of this model's parameters: a moment can be asked about
    as long as it is shown. Bit for bit the same for a float32 model.

    Raises InterventionError where the trace is of another network.
    """
    known: dict[str, FloatArray | None] = {
        "encoder.weight": record.encoder_weights,
        "encoder.bias": record.encoder_bias,
        "head.weight": record.head_weights,
        "head.bias": record.head_bias,
    }
    for index, layer in enumerate(record.layers):
        known |= {f"recurrent.{index}.{name}": value for name, value in layer.weights.items()}
    parts = []
    for name, parameter in model.named_parameters():
        value = known.get(name)
        if value is None or value.shape != tuple(parameter.shape):
            raise InterventionError(
                f"The {record.description.title.textbook} that is shown is not of this run: "
                "its weights do not fit. Show a moment of this run and try again."
            )
        parts.append(value.ravel())
    return np.concatenate(parts)
