"""Influence: how much the last answer would change if another event had come in at timestep t.

Runs on the thread that trains, between updates; changes nothing in the model.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.model import SequenceModel, States
from playground.tasks.task import CROSS_ENTROPY, SQUARED_ERROR, EventSequence, Loss, Task, dense
from playground.trace.in_pieces import drained

MOST_REPLACEMENTS = 16
"""Events that are tried in each place; of more, so many are taken evenly."""

MOST_ROWS = 2048
"""Rows that go through the network together: for long sequences fewer events are tried."""

MOST_READINGS = 250_000
"""Timesteps that all rows read together, T^2 R / 2: of 500 events two are tried in each place."""


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
    return drained(influence_in_pieces(model, inputs, replacements, loss))


def influence_in_pieces(
    model: SequenceModel,
    inputs: NDArray[np.float32],
    replacements: NDArray[np.float32],
    loss: Loss = CROSS_ENTROPY,
) -> Generator[None, None, NDArray[np.float64]]:
    """As `influence`, with a rest after every timestep: the model has to stay as it is meanwhile."""
    timesteps, places = len(inputs), len(replacements)
    if places == 0:
        return np.full(timesteps, np.nan)
    kept = max(1, min(places, MOST_REPLACEMENTS, MOST_ROWS // timesteps, 2 * MOST_READINGS // timesteps**2))
    chosen = replacements[np.linspace(0, places - 1, kept).round().astype(int)]  # (R, I)
    differs = (chosen[None] != inputs[:, None]).any(axis=-1)  # (T, R)
    with torch.no_grad():
        as_it_is = model.encode(torch.tensor(inputs).to(model.dtype)[:, None])  # (T, 1, E)
        others = model.encode(torch.tensor(chosen).to(model.dtype)[None])  # (1, R, E)
    rows = _Rows()
    for t in range(timesteps):
        with torch.no_grad():  # never across a rest: it belongs to the thread, not to this work
            rows.read(model, as_it_is[t : t + 1], others)
        yield None
    with torch.no_grad():
        moved = (
            _said(model, rows.hidden_state, loss) - _said(model, rows.as_it_was, loss)
        ).abs()  # (T * R, K)
        change = 0.5 * moved.sum(dim=-1) if loss == CROSS_ENTROPY else moved.mean(dim=-1)
        changes = change.view(timesteps, kept).double().numpy()  # (T, R)
    counts = differs.sum(axis=1)  # (T,)
    total = np.where(differs, changes, 0.0).sum(axis=1)
    return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)


class _Rows:
    """Every changed sequence at once: row t R + r was given replacement r at timestep t.

    Rows of the same t have a common past: it is read once, and each row joins when its timestep comes.
    """

    def __init__(self) -> None:
        self.hidden_state = torch.zeros(0)  # (t * R, H)
        self.as_it_was = torch.zeros(0)  # (1, H)
        self._states: States | None = None
        self._past: States | None = None

    def read(self, model: SequenceModel, here: Tensor, others: Tensor) -> None:
        """One timestep: `here` (1, 1, E) came in, `others` (1, R, E) are put in its place."""
        past = None if self._past is None else _repeated(self._past, others.shape[1])
        hidden_state, states = model.read(others, past)
        if self._states is None:
            self.hidden_state, self._states = hidden_state[-1], states
        else:
            going_on, after = model.read(here.expand(-1, len(self.hidden_state), -1), self._states)
            self.hidden_state = torch.cat([going_on[-1], hidden_state[-1]])
            self._states = tuple(
                {name: torch.cat([layer[name], new[name]]) for name in layer}
                for layer, new in zip(after, states, strict=True)
            )
        as_it_was, self._past = model.read(here, self._past)
        self.as_it_was = as_it_was[-1]


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
