"""Many sequences read by a network that something is changed in: what it says then, by the equations that trace.

Runs on the thread that trains, between updates; changes nothing in the model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.contract.intervention import Intervention, within
from playground.engine.model import SequenceModel
from playground.engine.tracing import arrays_of, changes_of_layer, encoded
from playground.tasks.task import Batch, dense


def changed_outputs(
    model: SequenceModel, batch: Batch, interventions: Sequence[Intervention] = ()
) -> NDArray[np.float32]:
    """(T, B, K): what `model` says at every timestep of these sequences, from zero states, with `interventions`.

    Every sequence of the batch gets the same interventions, at the same timesteps, counted from its beginning; those
    meant for timesteps that the sequences do not have are passed over. Edits of events are not carried out: they are
    about one sequence. Raises InterventionError for a quantity, layer or unit that the network does not have.
    """
    fitting = within(interventions, batch.timesteps)
    arrays = arrays_of(model)
    weights = arrays.every
    layer_inputs = encoded(model, weights, dense(batch.inputs, model.input_size))  # (T, B, E)
    for index, own in enumerate(arrays.layers):
        changes = changes_of_layer(fitting, index, model, batch.timesteps)
        recorded = model.cell.described.run(own, layer_inputs, model.units, changes)
        layer_inputs = recorded.quantities["hidden_state"]  # (T, B, H)
    outputs = layer_inputs @ weights["head.weight"].T + weights["head.bias"]  # (T, B, K)
    return outputs.astype(np.float32, copy=False)
