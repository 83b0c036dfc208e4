"""Traces: everything one network computes on one sequence, as numpy records.

What a cell computes is taken from its description (`described_cell`), whichever path trains: true and changed traces
come from one and the same tracer, and tests hold it to the equations of `cells/`.

Runs on the thread that trains, between updates, and hands out copies only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from torch import Tensor

from playground.contract.cell_description import CellDescription
from playground.contract.intervention import (
    HoldQuantity,
    Intervention,
    InterventionError,
    SetMemory,
    check,
)
from playground.engine.batch_checks import SequenceError, checked_sequence
from playground.engine.cells import Quantities
from playground.engine.described_cell import Array, Changes, Hold, Recorded
from playground.engine.model import RecurrentLayer, SequenceModel
from playground.tasks.task import CROSS_ENTROPY, EventSequence, Loss, dense
from playground.trace.sequence_trace import FloatArray, LayerTrace, SequenceTrace, read_only

__all__ = ["InterventionError", "SequenceError", "run_layer", "trace", "traced_weights"]


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
    Raises InterventionError when an intervention names a quantity, layer, timestep or unit that is not there, and
    SequenceError when the network cannot read the sequence.
    """
    checked_sequence(sequence, model.input_size)
    changes = [
        changes_of_layer(interventions, index, model, sequence.length) for index in range(model.layers)
    ]
    arrays = arrays_of(model)
    weights = arrays.every
    seen = dense(sequence.inputs, model.input_size)  # (T, I)
    layer_inputs = encoded(model, weights, seen[:, None])  # (T, 1, E)
    layers = []
    for own, changed in zip(arrays.layers, changes, strict=True):
        recorded = model.cell.described.run(own, layer_inputs, model.units, changed)
        layers.append(layer_trace(own, layer_inputs, recorded, model.cell.description, model.units))
        layer_inputs = recorded.quantities["hidden_state"]  # (T, 1, H)
    logits = layer_inputs[:, 0] @ weights["head.weight"].T + weights["head.bias"]  # (T, K)
    probabilities = softmax(logits) if loss == CROSS_ENTROPY else logits  # (T, K)
    return SequenceTrace(
        network=network,
        description=model.cell.description,
        run_id=run_id,
        update=update,
        inputs=read_only(seen),
        encoder_weights=None if model.encoder is None else copied(weights["encoder.weight"]),
        encoder_bias=None if model.encoder is None else copied(weights["encoder.bias"]),
        layers=tuple(layers),
        logits=copied(logits),
        probabilities=copied(probabilities),
        targets=read_only(sequence.targets),
        head_weights=copied(weights["head.weight"]),
        head_bias=copied(weights["head.bias"]),
        loss=loss,
    )


def run_layer(layer: RecurrentLayer, inputs: Tensor) -> list[Quantities]:
    """The quantities of all timesteps of one layer, each (B, H), for inputs (T, B, I) from zero states."""
    return list(layer.timesteps(inputs))


@dataclass(frozen=True, eq=False)
class ModelArrays:
    """The parameters of a model by name as numpy sees them, views of the live weights: all, and those of each layer."""

    at: int
    every: Mapping[str, Array]
    layers: tuple[Mapping[str, Array], ...]


_ARRAYS: WeakKeyDictionary[SequenceModel, ModelArrays] = WeakKeyDictionary()


def arrays_of(model: SequenceModel) -> ModelArrays:
    """The parameters as numpy sees them. Looked up once for as long as they lie where they lie: torch takes as long to
    list them as numpy takes to read a sequence."""
    known, at = _ARRAYS.get(model), model.head.weight.data_ptr()
    if known is None or known.at != at:
        every = {name: parameter.detach().numpy() for name, parameter in model.named_parameters()}
        prefixes = [f"recurrent.{layer}." for layer in range(model.layers)]
        layers = tuple(
            {name.removeprefix(prefix): value for name, value in every.items() if name.startswith(prefix)}
            for prefix in prefixes
        )
        known = _ARRAYS[model] = ModelArrays(at, every, layers)
    return known


def encoded(model: SequenceModel, weights: Mapping[str, Array], inputs: Array) -> Array:
    """(T, B, I) -> (T, B, E): what the first layer sees, in the floating type of the weights."""
    inputs = np.asarray(inputs, weights["head.weight"].dtype)
    if model.encoder is None:
        return inputs
    seen: Array = inputs @ weights["encoder.weight"].T + weights["encoder.bias"]
    return seen


def softmax(logits: Array) -> Array:
    """(T, K) logits -> (T, K) probabilities, each row of which sums to one."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def layer_trace(
    weights: Mapping[str, Array], inputs: Array, recorded: Recorded, description: CellDescription, units: int
) -> LayerTrace:
    """The record of one layer for one sequence: its inputs (T, 1, I), quantities (T, 1, H), and copies of weights."""
    zeros = read_only(np.zeros(units, np.float32))
    by_name = {
        quantity.name: frozen(recorded.quantities[quantity.name][:, 0]) for quantity in description.quantities
    }
    return LayerTrace(
        inputs=copied(inputs[:, 0]),
        quantities=MappingProxyType(by_name),
        initial_states=MappingProxyType(dict.fromkeys(description.states, zeros)),
        weights=MappingProxyType({name: copied(value) for name, value in weights.items()}),
        entering_states=MappingProxyType(entering_states(recorded.entering, by_name, zeros)),
    )


def entering_states(
    entering: Mapping[int, Mapping[str, Array]], quantities: Mapping[str, FloatArray], zeros: FloatArray
) -> dict[str, FloatArray]:
    """(T, H) for every state that was set anywhere: what each timestep really read of it. zeros (H,)."""
    found: dict[str, FloatArray] = {}
    for timestep, states in entering.items():
        for name, state in states.items():
            if name not in found:
                found[name] = np.concatenate([zeros[None, :], quantities[name][:-1]])
            found[name][timestep] = state[0]
    for array in found.values():
        array.setflags(write=False)
    return found


def copied(array: Array) -> FloatArray:
    """A float32 copy that nobody can write to."""
    copy: FloatArray = np.array(array, np.float32, order="C")
    copy.setflags(write=False)
    return copy


def frozen(array: Array) -> FloatArray:
    """An array that nobody else holds, read-only and in float32, without another copy where it is that."""
    values: FloatArray = array.astype(np.float32, copy=False)
    values.setflags(write=False)
    return values


def changes_of_layer(
    interventions: Sequence[Intervention], layer: int, model: SequenceModel, timesteps: int
) -> Changes:
    """What interventions do to this layer; a later one wins over an earlier one.

    Raises InterventionError with a sentence.
    """
    dtype = model.head.weight.detach().numpy().dtype
    holds: dict[int, dict[str, Hold]] = {}
    memories: dict[int, dict[str, Hold]] = {}
    for each in interventions:
        check(each, model.cell.description, layers=model.layers, units=model.units, length=timesteps)
        if not isinstance(each, HoldQuantity | SetMemory) or each.layer not in (None, layer):
            continue
        hold = hold_of(each, model.units, dtype)  # the same tensors at every timestep
        if isinstance(each, HoldQuantity):
            for timestep in each.held_timesteps(timesteps):
                laid_over(holds.setdefault(timestep, {}), each.quantity, hold)
        else:
            laid_over(memories.setdefault(each.at, {}), each.state, hold)
    return Changes(holds, memories)


def hold_of(each: HoldQuantity | SetMemory, units: int, dtype: np.dtype[Any]) -> Hold:
    """Which units are meant, (H,) bool, and at what they are held or set, (H,)."""
    which, at = np.zeros(units, np.bool_), np.zeros(units, np.float64)
    index = list(range(units) if each.units is None else each.units)
    which[index], at[index] = True, np.asarray(each.value, np.float64)
    return which, at.astype(dtype)


def laid_over(wanted: dict[str, Hold], name: str, hold: Hold) -> None:
    """Put one more on top of what a timestep has for this quantity."""
    if name in wanted:
        below, (which, at) = wanted[name], hold
        hold = (below[0] | which, np.where(which, at, below[1]))
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
