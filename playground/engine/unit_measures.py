"""What units know, and how fast they change: over many held-out sequences, a batch at a time.

Runs on the thread that trains, between updates; changes nothing in the model.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from playground.contract.cell_description import Affine, CellDescription
from playground.engine.model import SequenceModel
from playground.engine.tracing import run_layer
from playground.tasks.task import Batch, Task, dense
from playground.trace.memory import autocorrelation, autocorrelation_time, correlations
from playground.trace.snapshot import UnitMeasures

Recorded = dict[str, NDArray[np.float32]]
"""Quantities of one layer by name, each (T, B, H)."""


def states_and_gates(description: CellDescription) -> list[str]:
    """The states of a cell and everything that is a sum of its own, squeezed: gates and candidates. What is only put
    together from these is left out."""
    own = {equation.target for equation in description.equations if isinstance(equation, Affine)}
    names = [quantity.name for quantity in description.quantities]
    return [name for name in names if name in own or name in description.states or name == "hidden_state"]


def layer_of(model: SequenceModel, wanted: int | None) -> int:
    """The layer that is meant (0-based, from below): the top one for None, and where there are not so many."""
    top = len(model.recurrent_layers) - 1
    return top if wanted is None else min(wanted, top)


def read_batch(model: SequenceModel, batch: Batch, layer: int | None = None) -> Recorded:
    """Let the model read a batch from zero states, and keep every quantity of this layer (see `layer_of`)."""
    kept = layer_of(model, layer)
    with torch.no_grad():
        inputs = torch.tensor(dense(batch.inputs, model.input_size)).to(model.dtype)  # (T, B, I)
        layer_inputs = model.encode(inputs)
        for recurrent in model.recurrent_layers[: kept + 1]:
            timesteps = run_layer(recurrent, layer_inputs)
            layer_inputs = torch.stack([now.hidden_state for now in timesteps])  # (T, B, H)
        recorded = {
            name: torch.stack([getattr(now, name) for now in timesteps]).float().numpy()
            for name in states_and_gates(recurrent.cell.description)
        }
    return recorded


MOST_LAGS = 64
"""Timesteps over which a unit is compared with itself: what stays longer stays."""

MOST_NUMBERS = 250_000
"""Values of one state that are compared with themselves: for large networks fewer sequences will do."""


def unit_measures(
    model: SequenceModel,
    task: Task,
    batches: Sequence[Batch],
    recorded: Sequence[Recorded],
    network: str,
    layer: int | None = None,
) -> Generator[None, None, UnitMeasures]:
    """The measures of these readings of a layer, one for each batch, with rests in between; every line is defined at
    `UnitMeasures`."""
    names = tuple(recorded[0])
    facts_by_batch = [task.facts(batch) for batch in batches]
    fact_names = tuple(facts_by_batch[0])
    facts = {
        fact: np.concatenate([np.asarray(each[fact], np.float32).reshape(-1) for each in facts_by_batch])
        for fact in fact_names
    }  # (N,)
    units = recorded[0][names[0]].shape[-1]
    found = np.full((len(names), len(fact_names), units), np.nan)
    for q, name in enumerate(names):
        values = np.concatenate([each[name].reshape(-1, units) for each in recorded])  # (N, H)
        for f, fact in enumerate(fact_names):
            found[q, f] = correlations(values, facts[fact])
            yield None
    found.setflags(write=False)
    times = {}
    for state in model.cell.states:
        some = _at_most([each[state] for each in recorded], MOST_NUMBERS)
        times[state] = autocorrelation_time(autocorrelation(some, MOST_LAGS))
        yield None
    return UnitMeasures(
        network=network,
        quantities=names,
        facts=fact_names,
        correlations=found,
        change_times=times,
        sequences=sum(batch.size for batch in batches),
        longest=min(MOST_LAGS, max(batch.timesteps for batch in batches)),
        layer=layer_of(model, layer),
        depth=len(model.recurrent_layers),
    )


def _at_most(readings: list[NDArray[np.float32]], numbers: int) -> list[NDArray[np.float32]]:
    """So many readings, at least one, as have no more numbers than this together; evenly taken."""
    each = max(reading.size for reading in readings)
    count = max(1, min(len(readings), numbers // max(each, 1)))
    return [readings[index] for index in np.linspace(0, len(readings) - 1, count).round().astype(int)]
