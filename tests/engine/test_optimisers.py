"""Oracle: torch.optim and torch.nn.utils.clip_grad_norm_, on the same gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
import torch
from torch import Tensor, nn

from playground.engine.optimisers import OPTIMISERS, clipped, flatten_parameters
from playground.experiment import OPTIMISERS as OFFERED

TORCH: dict[str, Callable[[Iterable[Tensor]], torch.optim.Optimizer]] = {
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.01, foreach=False),
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9, foreach=False),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.01, foreach=False),
}


def test_every_optimiser_that_can_be_chosen_exists():
    assert set(OPTIMISERS) == set(OFFERED)


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_two_hundred_updates_are_those_of_torch(name: str, dtype: torch.dtype):
    generator = torch.Generator().manual_seed(3)
    weights = torch.randn(1003, generator=generator, dtype=dtype)
    oracle = nn.Parameter(weights.clone())
    torch_optimiser = TORCH[name]([oracle])
    optimiser = OPTIMISERS[name]
    moments = optimiser.first_moments(weights)
    for update in range(1, 201):
        # gradients of all sizes, some exactly zero: the places where epsilon and bias corrections show
        gradient = torch.randn(1003, generator=generator, dtype=dtype)
        gradient *= torch.logspace(-12, 2, 1003, dtype=dtype)
        gradient[::7] = 0.0
        oracle.grad = gradient.clone()
        torch_optimiser.step()
        weights, moments = optimiser.rule(weights, gradient, moments, update, 0.01)
    tolerance = 1e-12 if dtype is torch.float64 else 2e-6
    torch.testing.assert_close(weights, oracle.detach(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_rule_changes_nothing_that_it_is_given(name: str):
    optimiser = OPTIMISERS[name]
    weights, gradient = torch.ones(5), torch.full((5,), 2.0)
    moments = tuple(moment + 0.5 for moment in optimiser.first_moments(weights))
    before = [tensor.clone() for tensor in (weights, gradient, *moments)]
    new_weights, new_moments = optimiser.rule(weights, gradient, moments, 3, 0.1)
    for tensor, old in zip((weights, gradient, *moments), before, strict=True):
        assert torch.equal(tensor, old)
    assert not torch.equal(new_weights, weights)
    assert len(new_moments) == optimiser.moment_count


@pytest.mark.parametrize("clip_norm", [0.1, 1.0, 1e3])
def test_clipping_is_that_of_torch(clip_norm: float):
    gradient = torch.randn(500, generator=torch.Generator().manual_seed(1))
    parameter = nn.Parameter(torch.zeros(500))
    parameter.grad = gradient.clone()
    norm = nn.utils.clip_grad_norm_([parameter], clip_norm, foreach=False)
    torch.testing.assert_close(clipped(gradient, float(norm), clip_norm), parameter.grad, rtol=1e-6, atol=0.0)


def test_a_gradient_of_zero_stays_zero():
    assert torch.equal(clipped(torch.zeros(4), 0.0, 1.0), torch.zeros(4))


def test_the_parameters_are_views_of_the_flat_vector_in_order():
    model = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 4))
    expected = torch.cat([parameter.detach().reshape(-1) for parameter in model.parameters()])
    inputs = torch.randn(5, 3)
    output = model(inputs)
    vector = flatten_parameters(model)
    assert torch.equal(vector, expected)
    assert torch.equal(model(inputs), output)
    vector.zero_()
    assert all(not parameter.any() for parameter in model.parameters())
    with torch.no_grad():
        model[1].bias.fill_(7.0)
    assert vector[-4:].tolist() == [7.0] * 4
