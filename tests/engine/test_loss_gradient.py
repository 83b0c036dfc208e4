"""The gradient of the loss through time: against the Jacobians, finite differences and torch's own gradient."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.gradients import loss_gradient, read, transition_jacobians
from playground.engine.model import SequenceModel
from playground.tasks.task import SQUARED_ERROR, EventSequence
from tests.engine.networks import ALL_CELLS, random_sequence, small_model, train

TIMESTEPS = 6
CLIP = 0.5


def probabilities_minus_target(model: SequenceModel, sequence: EventSequence) -> np.ndarray:
    """(K,) d cross-entropy / d logits at the last timestep."""
    with torch.no_grad():
        logits = model(torch.tensor(sequence.inputs).to(model.dtype)[:, None])[-1, 0]
    found = torch.softmax(logits, -1).numpy()
    found[int(sequence.targets[-1])] -= 1.0
    return found


def by_jacobians(model: SequenceModel, sequence: EventSequence) -> np.ndarray:
    """(T, D): d loss / d state_t with short-term and long-term memory as independent coordinates."""
    jacobians = transition_jacobians(model, read(model, sequence))  # (T, D, D)
    at_head = model.head.weight.detach().numpy().T @ probabilities_minus_target(model, sequence)  # (H,)
    gradient = np.zeros(jacobians.shape[1])
    gradient[: model.units] = at_head
    found = [gradient]
    for t in range(TIMESTEPS - 1, 0, -1):
        found.insert(0, jacobians[t].T @ found[0])
    return np.array(found)


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_short_term_memory_alone_is_the_product_of_jacobians(cell: str) -> None:
    model, sequence = small_model(cell), random_sequence(TIMESTEPS)
    train(model, updates=10)
    found = loss_gradient(model, sequence, CLIP)
    assert set(found.states) == {"hidden_state"}
    expected = np.linalg.norm(by_jacobians(model, sequence), axis=1)
    np.testing.assert_allclose(found.states["hidden_state"], expected, rtol=1e-10)


def test_long_term_memory_also_acts_through_the_short_term_memory_made_of_it() -> None:
    model, sequence = small_model("lstm"), random_sequence(TIMESTEPS)
    train(model, updates=10)
    found = loss_gradient(model, sequence, CLIP)
    apart = by_jacobians(model, sequence)  # (T, 2 H): hidden state first
    hidden, cell = apart[:, : model.units], apart[:, model.units :]
    layer = read(model, sequence).layers[0]
    through = layer["output_gate"].numpy() * (1 - np.tanh(layer["cell_state"].numpy()) ** 2)  # d h_t / d c_t
    np.testing.assert_allclose(found.states["hidden_state"], np.linalg.norm(hidden, axis=1), rtol=1e-10)
    np.testing.assert_allclose(
        found.states["cell_state"], np.linalg.norm(cell + hidden * through, axis=1), rtol=1e-10
    )


@pytest.mark.parametrize("cell", ALL_CELLS)
def test_weights_are_torchs_own_gradient(cell: str) -> None:
    model, sequence = small_model(cell, layers=2), random_sequence(TIMESTEPS)
    found = loss_gradient(model, sequence, CLIP)
    logits = model(torch.tensor(sequence.inputs).to(model.dtype)[:, None])[-1]
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(sequence.targets[-1:]))
    model.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    parts = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    assert found.loss == pytest.approx(loss.item(), rel=1e-12)
    assert found.weights == pytest.approx(
        torch.cat([part.ravel() for part in parts]).norm().item(), rel=1e-10
    )
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_finite_differences_of_the_last_short_term_memory() -> None:
    """d loss / d h_T through the head alone."""
    model, sequence = small_model("lstm"), random_sequence(TIMESTEPS)
    last = read(model, sequence).layers[0]["hidden_state"][-1]
    target = torch.tensor([int(sequence.targets[-1])])

    def loss(hidden_state: torch.Tensor) -> float:
        with torch.no_grad():
            return torch.nn.functional.cross_entropy(model.head(hidden_state)[None], target).item()

    nudged_by, slopes = 1e-6, []
    for unit in range(model.units):
        nudge = torch.zeros_like(last)
        nudge[unit] = nudged_by
        slopes.append((loss(last + nudge) - loss(last - nudge)) / (2 * nudged_by))
    found = loss_gradient(model, sequence, CLIP)
    assert found.states["hidden_state"][-1] == pytest.approx(np.linalg.norm(slopes), rel=1e-6)


def test_it_says_whether_an_update_would_be_shortened() -> None:
    model, sequence = small_model("rnn"), random_sequence(TIMESTEPS)
    weights = loss_gradient(model, sequence, CLIP).weights
    assert loss_gradient(model, sequence, 0.9 * weights).shortened
    assert not loss_gradient(model, sequence, 1.1 * weights).shortened


def test_squared_errors_and_questions_that_nobody_asks() -> None:
    model, plain = small_model("lstm"), random_sequence(3)
    values = np.random.default_rng(1).standard_normal((3, model.answers)).astype(np.float32)
    asked = np.array([True, False, True])
    sequence = EventSequence(plain.events, plain.inputs, values, asked)
    with torch.no_grad():
        said = model(torch.tensor(plain.inputs).to(model.dtype)[:, None])[:, 0].numpy()
    expected = ((said - values) ** 2).mean(axis=1)[[0, 2]].mean()
    assert loss_gradient(model, sequence, 1.0, SQUARED_ERROR).loss == pytest.approx(expected, rel=1e-6)
    silent = EventSequence(plain.events, plain.inputs, plain.targets, np.zeros(3, np.bool_))
    assert loss_gradient(model, silent, 1.0).loss == pytest.approx(loss_gradient(model, plain, 1.0).loss)


def test_without_memory_there_are_no_states() -> None:
    assert loss_gradient(small_model("no_memory"), random_sequence(3), 1.0).states == {}
