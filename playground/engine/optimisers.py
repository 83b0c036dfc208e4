"""The rules that turn a gradient into new weights: Adam, SGD with momentum, RMSprop. And clipping.

All parameters of a network lie in one flat vector (`flatten_parameters`), so that a rule is written once, as the
equations it is, and costs one pass however many matrices the network has. The rules are pure: they return new
weights and new moments and change nothing, so an update can be prepared and thrown away. Their numbers are those
of torch.optim with the same settings (tested).

W: weights, g: gradient, both (P,) with P the number of parameters. Runs on the training thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Moments = tuple[Tensor, ...]
"""What an optimiser remembers from one update to the next: vectors (P,), all zero before the first."""

Rule = Callable[[Tensor, Tensor, Moments, int, float], tuple[Tensor, Moments]]
"""(weights, gradient, moments, number of this update counted from 1, learning rate) -> (new weights, new moments)."""

EPSILON = 1e-8


@dataclass(frozen=True)
class Optimiser:
    """A rule and how many vectors of moments it keeps."""

    rule: Rule
    moment_count: int

    def first_moments(self, weights: Tensor) -> Moments:
        """The moments before the first update: zeros."""
        return tuple(torch.zeros_like(weights) for _ in range(self.moment_count))


def adam(W: Tensor, g: Tensor, moments: Moments, update: int, learning_rate: float) -> tuple[Tensor, Moments]:
    """Adam (Kingma and Ba 2015, algorithm 1) with its usual β1 = 0.9, β2 = 0.999."""
    beta_1, beta_2 = 0.9, 0.999
    m, v = moments
    m = torch.lerp(m, g, 1.0 - beta_1)  # (P,)  β1 m + (1 - β1) g
    v = (v * beta_2).addcmul_(g, g, value=1.0 - beta_2)  # (P,)  β2 v + (1 - β2) g²
    unbiased = 1.0 - beta_1**update
    unbiased_root = math.sqrt(1.0 - beta_2**update)
    scale = v.sqrt().div_(unbiased_root).add_(EPSILON)  # (P,)
    return torch.addcdiv(W, m, scale, value=-learning_rate / unbiased), (m, v)


def sgd(W: Tensor, g: Tensor, moments: Moments, update: int, learning_rate: float) -> tuple[Tensor, Moments]:
    """Stochastic gradient descent with momentum 0.9 (Polyak 1964), as torch writes it: W - η (0.9 m + g)."""
    (m,) = moments
    m = (m * 0.9).add_(g)  # (P,)
    return torch.add(W, m, alpha=-learning_rate), (m,)


def rmsprop(
    W: Tensor, g: Tensor, moments: Moments, update: int, learning_rate: float
) -> tuple[Tensor, Moments]:
    """RMSprop (Hinton's lecture 6e, 2012) with torch's α = 0.99: the gradient over its recent root mean square."""
    alpha = 0.99
    (v,) = moments
    v = (v * alpha).addcmul_(g, g, value=1.0 - alpha)  # (P,)  α v + (1 - α) g²
    return torch.addcdiv(W, g, v.sqrt().add_(EPSILON), value=-learning_rate), (v,)


OPTIMISERS: dict[str, Optimiser] = {
    "adam": Optimiser(adam, 2),
    "sgd": Optimiser(sgd, 1),
    "rmsprop": Optimiser(rmsprop, 1),
}
"""By the name that an experiment uses."""


def clipped(gradient: Tensor, norm: float, clip_norm: float) -> Tensor:
    """The gradient, shortened to `clip_norm` if its `norm` is longer (Pascanu et al. 2013), as torch does it."""
    return gradient * min(1.0, clip_norm / (norm + 1e-6))


def flatten_parameters(model: nn.Module) -> Tensor:
    """Move all parameters of a model into one vector (P,), which they are views of from then on; returns it.

    Order and values stay. Writing to the vector changes the model, and the other way round.
    """
    parameters = list(model.parameters())
    vector = torch.cat([parameter.detach().reshape(-1) for parameter in parameters])
    at = 0
    for parameter in parameters:
        parameter.data = vector[at : at + parameter.numel()].view_as(parameter)
        at += parameter.numel()
    return vector
