"""Influence: how much the last answer would change if another event had come in at timestep t.

Runs on the thread that trains, between updates; changes nothing in the model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.model import SequenceModel, States
from playground.tasks.task import CROSS_ENTROPY, SQUARED_ERROR, EventSequence, Loss, Task, dense

MOST_REPLACEMENTS = 16
"""Events that are tried in each place; of more, so many are taken evenly."""

MOST_ROWS = 4096
"""Rows that go through the network together: for long sequences fewer events are tried."""


def influence(
    model: SequenceModel,
    inputs: NDArray[np.float32],
    replacements: NDArray[np.float32],
    loss: Loss = CROSS_ENTROPY,
) -> NDArray[np.float64]:
    """(T,): for inputs (T, I), how far the last answer moves when x_t is replaced, on average over
    `replacements` (R, I).

    For classes: the mean over replacements r of the total variation 1/2 sum_k |P_k - P_k with x_t := r|, 0..1: the
    largest change of probability that any set of answers can see. For a task of squared error: the mean of
    1/K sum_k |y_k - y_k with x_t := r|. A replacement that equals x_t is left out; NaN where none is left.
    """
    timesteps, places = len(inputs), len(replacements)
    if places == 0:
        return np.full(timesteps, np.nan)
    kept = max(1, min(places, MOST_REPLACEMENTS, MOST_ROWS // timesteps))
    chosen = replacements[np.linspace(0, places - 1, kept).round().astype(int)]  # (R, I)
    differs = (chosen[None] != inputs[:, None]).any(axis=-1)  # (T, R)
    with torch.no_grad():
        as_it_is = model.encode(torch.tensor(inputs).to(model.dtype)[:, None])  # (T, 1, E)
        others = model.encode(torch.tensor(chosen).to(model.dtype)[None])[0]  # (R, E)
        true = _said(model, model.read(as_it_is)[0][-1], loss)  # (1, K)
        last = _last_hidden_states(model, as_it_is, others)  # (T * R, H)
        moved = (_said(model, last, loss) - true).abs()  # (T * R, K)
        change = 0.5 * moved.sum(dim=-1) if loss == CROSS_ENTROPY else moved.mean(dim=-1)
        changes = change.view(timesteps, kept).double().numpy()  # (T, R)
    counts = differs.sum(axis=1)  # (T,)
    total = np.where(differs, changes, 0.0).sum(axis=1)
    return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)


def _last_hidden_states(model: SequenceModel, as_it_is: Tensor, others: Tensor) -> Tensor:
    """(T * R, H): row t R + r is what remains at the end when timestep t was given `others[r]` (R, E).

    Rows of the same t have a common past: it is read once, and each row joins when its timestep comes.
    """
    timesteps, kept = len(as_it_is), len(others)
    past: States | None = None
    rows: States | None = None
    hidden_state = torch.zeros(0)
    for t in range(timesteps):
        here = others[None]  # (1, R, E)
        joining = model.read(here, None if past is None else _repeated(past, kept))
        if rows is None:
            hidden_state, rows = joining[0][-1], joining[1]
        else:
            goes_on = model.read(as_it_is[t : t + 1].expand(-1, t * kept, -1), rows)
            hidden_state = torch.cat([goes_on[0][-1], joining[0][-1]])
            rows = tuple(
                {name: torch.cat([layer[name], new[name]]) for name in layer}
                for layer, new in zip(goes_on[1], joining[1], strict=True)
            )
        past = model.read(as_it_is[t : t + 1], past)[1]
    return hidden_state


def _repeated(states: States, rows: int) -> States:
    return tuple({name: state.expand(rows, -1) for name, state in layer.items()} for layer in states)


def _said(model: SequenceModel, hidden_state: Tensor, loss: Loss) -> Tensor:
    """(N, K) what the head says: probabilities, or the numbers themselves."""
    logits: Tensor = model.head(hidden_state)
    return logits if loss == SQUARED_ERROR else torch.softmax(logits, dim=-1)


def replacement_inputs(task: Task, sequence: EventSequence) -> NDArray[np.float32]:
    """(R, I): what the network sees of each event that the task can show, one of each; of a task that cannot be asked
    for single events, the different inputs of the sequence itself."""
    found: list[NDArray[np.float32]] = []
    for event in _evenly([event.name for event in task.events()], MOST_REPLACEMENTS):
        try:
            single = task.sequence((event,))
        except (KeyError, ValueError):
            continue
        found.append(dense(single.inputs, task.input_size)[0])
    if len(found) > 1:
        return np.array(found, np.float32)
    return np.unique(dense(sequence.inputs, task.input_size), axis=0)


def _evenly(names: Sequence[str], most: int) -> list[str]:
    if len(names) <= most:
        return list(names)
    return [names[index] for index in np.linspace(0, len(names) - 1, most).round().astype(int)]
