"""Gradients through time: how the state at one timestep depends on the state at an earlier one.

Runs on the thread that trains, between updates; changes nothing in the model.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.model import SequenceModel, States
from playground.engine.tracing import run_layer
from playground.tasks.task import CROSS_ENTROPY, SQUARED_ERROR, EventSequence, Loss, dense
from playground.trace.in_pieces import drained
from playground.trace.memory import forget_product, gradient_through_time, survival_in_pieces
from playground.trace.snapshot import LossGradient, MemoryMeasures

LARGEST_BATCH = 1 << 12
"""Rows of one batched Jacobian computation: bounds its memory for large networks."""


def memory_measures(
    model: SequenceModel,
    sequence: EventSequence,
    *,
    since: int,
    rivals: tuple[int, int],
    asking_inputs: NDArray[np.float32],
    network: str,
    update: int,
) -> MemoryMeasures:
    """How `model` remembers on `sequence`; every line is defined at `MemoryMeasures`. Influence and the gradient of the
    loss are measured on their own: they cost more.

    `since`: survival is counted from that timestep (0-based). `rivals`: the two answers that the question is about,
    as classes. `asking_inputs` (I,): what the network sees when it is asked. Raises ValueError, a sentence, when
    the sequence has no timestep `since`.
    """
    return drained(
        memory_measures_in_pieces(
            model,
            sequence,
            since=since,
            rivals=rivals,
            asking_inputs=asking_inputs,
            network=network,
            update=update,
        )
    )


def memory_measures_in_pieces(
    model: SequenceModel,
    sequence: EventSequence,
    *,
    since: int,
    rivals: tuple[int, int],
    asking_inputs: NDArray[np.float32],
    network: str,
    update: int,
) -> Generator[None, None, MemoryMeasures]:
    """As `memory_measures`, with rests in between: the model has to stay as it is meanwhile."""
    reading = read(model, sequence)
    yield None
    jacobians = yield from jacobians_in_pieces(model, reading)  # (T, D, D)
    survives = yield from survival_in_pieces(jacobians, since)
    return MemoryMeasures(
        network=network,
        update=update,
        since=since,
        asked_now=asked_now(model, reading, asking_inputs, rivals),
        survives=survives,
        forget_product=mean_forget_product(reading, since),
        gradient=gradient_of_answer(model, jacobians, rivals),
    )


@dataclass(frozen=True, eq=False)
class Reading:
    """What a model computed on one sequence, as tensors of its own dtype without gradients.

    encoded (T, E): what the first layer sees. layers: every quantity (T, H) by name. states: of these, the states.
    """

    encoded: Tensor
    layers: tuple[Mapping[str, Tensor], ...]
    states: States

    @property
    def timesteps(self) -> int:
        """T."""
        return self.encoded.shape[0]


def read(model: SequenceModel, sequence: EventSequence) -> Reading:
    """Let the model read the sequence from zero states."""
    with torch.no_grad():
        encoded = model.encode(
            torch.from_numpy(np.array(dense(sequence.inputs, model.input_size))).to(model.dtype)
        )
        layer_inputs = encoded[:, None, :]  # (T, 1, E)
        layers = []
        for layer in model.recurrent_layers:
            timesteps = run_layer(layer, layer_inputs)
            names = [quantity.name for quantity in layer.cell.description.quantities]
            layers.append({name: torch.cat([getattr(now, name) for now in timesteps]) for name in names})
            layer_inputs = layers[-1]["hidden_state"][:, None, :]  # (T, 1, H)
    states = tuple({name: layer[name] for name in model.cell.states} for layer in layers)
    return Reading(encoded, tuple(layers), states)


def joined(states: States) -> Tensor:
    """(B, D): all layers' states (B, H) side by side; the first layer's first, and within it in the cell's order."""
    return torch.cat([state for layer in states for state in layer.values()], dim=-1)


def parted(joined_states: Tensor, like: States) -> States:
    """The states whose `joined` is (B, D), with the names of `like`."""
    parts = iter(joined_states.split([state.shape[-1] for layer in like for state in layer.values()], dim=-1))
    return tuple({name: next(parts) for name in layer} for layer in like)


def transition_jacobians(model: SequenceModel, reading: Reading) -> NDArray[np.floating]:
    """(T, D, D): J_t = d state_t / d state_{t-1} at every timestep; J_0 with respect to the zero state before it.

    All Jacobians come from one batched evaluation of the model over a single timestep: the state before t is copied
    D times, and copy d is asked for the gradient of element d of the state after it. D = 0 for a network without
    memory.
    """
    return drained(jacobians_in_pieces(model, reading))


def jacobians_in_pieces(
    model: SequenceModel, reading: Reading
) -> Generator[None, None, NDArray[np.floating]]:
    """As `transition_jacobians`, with a rest after every few timesteps."""
    if not model.cell.states:
        return np.zeros((reading.timesteps, 0, 0))
    after = joined(reading.states)  # (T, D)
    before = torch.cat([torch.zeros_like(after[:1]), after[:-1]])  # (T, D)
    at_once = max(1, LARGEST_BATCH // after.shape[1])
    found = []
    for inputs, old in zip(reading.encoded.split(at_once), before.split(at_once), strict=True):
        found.append(_jacobians(model, inputs, old, reading.states))
        yield None
    return torch.cat(found).numpy()


def _jacobians(model: SequenceModel, encoded: Tensor, before: Tensor, like: States) -> Tensor:
    """(N, D, D) for N timesteps' inputs (N, E) and states before them (N, D)."""
    size = before.shape[1]
    copies = before.repeat_interleave(size, dim=0).requires_grad_()  # (N * D, D)
    inputs = encoded.repeat_interleave(size, dim=0)[None]  # (1, N * D, E)
    with torch.enable_grad():
        _, after = model.read(inputs, parted(copies, like))
        changed = joined(after).view(-1, size, size)  # (N, copy d, element)
        asked = changed.diagonal(dim1=1, dim2=2).sum()  # of copy d only element d
        (gradient,) = torch.autograd.grad(asked, copies)
    return gradient.view(-1, size, size)  # (N, element d of the new state, element of the old)


def asked_now(
    model: SequenceModel, reading: Reading, asking_inputs: NDArray[np.float32], rivals: tuple[int, int]
) -> NDArray[np.float64]:
    """(T,): P(first rival) / (P(first) + P(second)) if the question came right after timestep t.

    The states after the T timesteps are taken as a batch of T networks, all of which read `asking_inputs` (I,) once.
    """
    with torch.no_grad():
        question = torch.from_numpy(np.array(asking_inputs)).to(model.dtype)  # (I,)
        logits = model(question.expand(1, reading.timesteps, -1), reading.states)[0]  # (T, K)
        first, second = rivals
        return torch.sigmoid((logits[:, first] - logits[:, second]).double()).numpy()


def gradient_of_answer(
    model: SequenceModel, jacobians: NDArray[np.floating], rivals: tuple[int, int]
) -> NDArray[np.float64]:
    """(T,): norm of d (logit_first - logit_second at the last timestep) / d state_t, relative to the last.

    With one rival (an answer that is a number) it is the gradient of that output itself.
    The head is linear and reads the last layer's hidden state alone: with respect to that the gradient is the
    difference of two rows of its matrix, with respect to all other states at the last timestep it is zero. A
    network without memory has no earlier state that could matter: 0 before the last.
    """
    first, second = rivals
    head = model.head.weight.detach().double().numpy()  # (K, H)
    difference = head[first] - head[second] if first != second else head[first]  # (H,)
    timesteps, size = jacobians.shape[:2]
    if size == 0:  # the hidden layer takes the place of the state, and none depends on the one before
        return gradient_through_time(np.zeros((timesteps, model.units, model.units)), difference)
    zeros = np.zeros(model.units)
    below = [zeros] * (size // model.units - len(model.cell.states))
    top = [difference if name == "hidden_state" else zeros for name in model.cell.states]
    return gradient_through_time(jacobians, np.concatenate(below + top))


def mean_forget_product(reading: Reading, since: int) -> NDArray[np.float64] | None:
    """(T,): mean over the units of all layers of the product of forget factors since then; None without such a gate."""
    if "forget_gate" not in reading.layers[0]:
        return None
    gates = torch.cat([layer["forget_gate"] for layer in reading.layers], dim=-1)  # (T, layers * H)
    return forget_product(gates.numpy(), since)


def loss_gradient(
    model: SequenceModel, sequence: EventSequence, clip_norm: float, loss: Loss = CROSS_ENTROPY
) -> LossGradient:
    """The gradient of the mean loss of the asked answers of one sequence, by back-propagation through time.

    L = mean over asked t of the cross-entropy (or of mean_k (output - target)^2); where nothing is asked, of the last
    timestep. States: ||d L / d h_t|| and ||d L / d c_t||, every layer's in one vector; weights: ||d L / d weights||.
    """
    with torch.enable_grad():
        inputs = torch.tensor(dense(sequence.inputs, model.input_size)).to(model.dtype)[:, None]  # (T, 1, I)
        layer_inputs = model.encode(inputs)
        states: list[tuple[str, int, Tensor]] = []
        for layer in model.recurrent_layers:
            timesteps = run_layer(layer, layer_inputs)
            states += [
                (name, t, getattr(now, name)) for t, now in enumerate(timesteps) for name in model.cell.states
            ]
            layer_inputs = torch.stack([now.hidden_state for now in timesteps])  # (T, 1, H)
        said = model.head(layer_inputs)[:, 0]  # (T, K)
        value = _asked_loss(said, sequence, loss)
        parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        wanted = [*(state for _, _, state in states), *parameters]
        found = torch.autograd.grad(value, wanted, allow_unused=True)
    squares = {name: np.zeros(sequence.length) for name in model.cell.states}
    for (name, t, _), gradient in zip(states, found, strict=False):
        squares[name][t] += 0.0 if gradient is None else float(gradient.double().square().sum())
    total = sum(float(part.double().square().sum()) for part in found[len(states) :] if part is not None)
    return LossGradient(
        value.item(),
        {name: np.sqrt(each) for name, each in squares.items()},
        float(np.sqrt(total)),
        clip_norm,
    )


def _asked_loss(said: Tensor, sequence: EventSequence, loss: Loss) -> Tensor:
    """() the mean loss of the asked answers, said (T, K)."""
    asked = torch.tensor(sequence.asked)
    if not bool(asked.any()):
        asked[-1] = True
    targets = torch.tensor(sequence.targets)
    if loss == SQUARED_ERROR:
        return (said - targets.to(said.dtype)).square().mean(dim=-1)[asked].mean()
    return torch.nn.functional.cross_entropy(said[asked], targets[asked])
