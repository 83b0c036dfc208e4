"""Many sequences read by a network that something is changed in: what it says then, by the equations that trace.

Runs on the thread that trains, between updates; changes nothing in the model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from playground.contract.intervention import Intervention, within
from playground.engine.model import SequenceModel
from playground.engine.tracing import changes_of_layer, run_changed_layer
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
    with torch.no_grad():
        inputs = torch.tensor(dense(batch.inputs, model.input_size)).to(model.dtype)  # (T, B, I)
        layer_inputs = model.encode(inputs)  # (T, B, E)
        for index, layer in enumerate(model.recurrent_layers):
            changes = changes_of_layer(fitting, index, model, batch.timesteps)
            quantities, _ = run_changed_layer(layer, layer_inputs, changes)
            layer_inputs = torch.stack([now.hidden_state for now in quantities])  # (T, B, H)
        outputs: NDArray[np.float32] = model.head(layer_inputs).numpy(force=True).astype(np.float32)
    return outputs
