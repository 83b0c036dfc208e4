"""A cell carried out from its description, in numpy: how a network is looked at.

`cells/` computes the same thing in torch, which learns, and pays microseconds for every call: for one sequence of a
few units that is ten times the arithmetic, thirty times a second, beside a window that wants to be painted. Here a
description is turned into a plan once, and every timestep of it costs a dozen calls of numpy.

`tests/engine/test_described_cell.py` holds both together for every cell there is: to 1e-12 in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import (
    INPUTS,
    PREVIOUS,
    Activation,
    Affine,
    CellDescription,
    Equation,
    Factor,
    Pointwise,
)

Array = NDArray[Any]
"""Of whatever floating type the weights have."""

Hold = tuple[NDArray[np.bool_], Array]
"""Which units are held, (H,), and at what, (H,)."""

Holds = Mapping[int, Mapping[str, Hold]]
"""What is held, by timestep and quantity; or which memories are set before a timestep reads them."""

CarryOut = Callable[[Mapping[str, Array], Array], object]
"""Carries out one equation for one timestep: what is known by name, and the (B, H) to write to."""

_ACTIVATIONS: tuple[Activation, ...] = ("sigmoid", "tanh", "relu", "identity")


@dataclass(frozen=True)
class Changes:
    """What interventions do to one layer: quantities that are held, memories that are set."""

    holds: Holds = field(default_factory=dict)
    memories: Holds = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Recorded:
    """What was computed: every quantity (T, B, H) by name, and the memories that were set before a timestep read them,
    by timestep and state, each (B, H)."""

    quantities: dict[str, Array]
    entering: dict[int, dict[str, Array]]


class DescribedCell:
    """The plan for one description. Frozen and shared, like the cell: it holds no weights and no state."""

    def __init__(self, description: CellDescription) -> None:
        self.description = description

    @cached_property
    def first(self) -> tuple[Affine, ...]:
        """The sums that are made from the event and the timestep before alone: all of them at once, by activation."""
        found = [
            equation
            for equation in self.description.equations
            if isinstance(equation, Affine) and all(_is_known_before(term.source) for term in equation.terms)
        ]
        return tuple(sorted(found, key=lambda equation: _ACTIVATIONS.index(equation.activation)))

    @cached_property
    def then(self) -> tuple[Equation, ...]:
        """What is computed from these, one after the other."""
        return tuple(equation for equation in self.description.equations if equation not in self.first)

    @cached_property
    def _places(self) -> tuple[slice, ...]:
        """Which of `first` go through which activation."""
        counts = [sum(each.activation == name for each in self.first) for name in _ACTIVATIONS]
        ends = np.cumsum([0, *counts]).tolist()
        return tuple(slice(begin, end) for begin, end in pairwise(ends))

    def run(
        self, weights: Mapping[str, Array], inputs: Array, units: int, changes: Changes | None = None
    ) -> Recorded:
        """Every quantity of H `units` at every timestep for inputs (T, B, I), from zero states, with these changes."""
        changes = Changes() if changes is None else changes
        if not (self.description.states or changes.holds) and len(inputs) > 1:
            return self._all_at_once(weights, inputs, units)
        first, names = self.first, [equation.target for equation in (*self.first, *self.then)]
        timesteps, batch = inputs.shape[:2]
        sums = self._from_inputs(weights, inputs, units)  # (T, A, B, H), A sums that are made first
        products, peepholes = self._recurrent(weights, units, inputs.dtype)
        product = np.empty((batch, len(first) * units), inputs.dtype)  # (B, A H)
        by_sum = product.reshape(batch, len(first), units).transpose(1, 0, 2)  # the same numbers, (A, B, H)
        values = np.empty((timesteps, len(names), batch, units), inputs.dtype)  # (T, Q, B, H)
        zeros = np.zeros((batch, units), inputs.dtype)
        before: dict[str, Array] = {PREVIOUS + state: zeros for state in self.description.states}
        entering: dict[int, dict[str, Array]] = {}
        later: list[CarryOut | None] = [None] * len(first)
        later += [
            _pointwise(equation) if isinstance(equation, Pointwise) else _affine(equation, weights, units)
            for equation in self.then
        ]
        sigmoids, tanhs, relus, others = self._places
        with np.errstate(all="ignore"):  # 1 / (1 + e^x) is 0 where e^x is too large, as it should be
            for timestep in range(timesteps):
                if timestep in changes.memories:
                    entering[timestep] = _after_setting(changes.memories[timestep], before)
                    before |= {PREVIOUS + state: value for state, value in entering[timestep].items()}
                held = changes.holds.get(timestep, {})
                now, row = sums[timestep], values[timestep]  # (A, B, H), (Q, B, H)
                for source, matrix in products:
                    np.dot(before[source], matrix, out=product)  # (B, H) @ (H, A H)
                    now += by_sum
                for place, source, vector in peepholes:
                    now[place] += vector * before[source]  # (H,)
                gates = row[sigmoids]
                np.exp(now[sigmoids], out=gates)  # of -x: their sums were made with the sign turned round
                gates += 1.0
                np.reciprocal(gates, out=gates)  # 1 / (1 + e^-x)
                np.tanh(now[tanhs], out=row[tanhs])
                if relus.stop > relus.start:
                    np.maximum(now[relus], 0.0, out=row[relus])
                if others.stop > others.start:
                    row[others] = now[others]
                known = before
                known[INPUTS] = inputs[timestep]
                for name, carry_out, target in zip(names, later, row, strict=True):
                    if carry_out is not None:
                        carry_out(known, target)
                    if name in held:
                        which, at = held[name]
                        np.copyto(target, at, where=which)
                    known[name] = target
                before = {PREVIOUS + state: known[state] for state in self.description.states}
        values = np.ascontiguousarray(
            values.transpose(1, 0, 2, 3)
        )  # (Q, T, B, H): each quantity in one piece
        by_name = dict(zip(names, values, strict=True))
        return Recorded(by_name, entering)

    def _all_at_once(self, weights: Mapping[str, Array], inputs: Array, units: int) -> Recorded:
        """Without memory no timestep needs another one: all of them are one batch."""
        timesteps, batch, size = inputs.shape
        found = self.run(weights, inputs.reshape(1, timesteps * batch, size), units)
        return Recorded(
            {name: value.reshape(timesteps, batch, units) for name, value in found.quantities.items()}, {}
        )

    def _from_inputs(self, weights: Mapping[str, Array], inputs: Array, units: int) -> Array:
        """(T, A, B, H): what events and biases add to the sums that are made first, for all timesteps at once."""
        timesteps, batch, _ = inputs.shape
        found = np.zeros((timesteps, len(self.first), batch, units), inputs.dtype)
        products: dict[str, Array] = {}
        for index, equation in enumerate(self.first):
            part = found[:, index]
            for term in equation.terms:
                if term.source == INPUTS:
                    if term.weight not in products:
                        products[term.weight] = inputs @ weights[term.weight].T  # (T, B, rows)
                    part += products[term.weight][..., _rows(term.block, units)]
            for bias in equation.biases:
                part += weights[bias.bias][_rows(bias.block, units)]
        sigmoids = self._places[0]
        np.negative(found[:, sigmoids], out=found[:, sigmoids])
        return found

    def _recurrent(
        self, weights: Mapping[str, Array], units: int, dtype: np.dtype[Any]
    ) -> tuple[list[tuple[str, Array]], list[tuple[int, str, Array]]]:
        """What the timestep before adds to these sums: matrices (H, A H) by state, and vectors (H,) by place."""
        matrices: dict[str, Array] = {}
        peepholes = []
        for index, equation in enumerate(self.first):
            sign = -1.0 if equation.activation == "sigmoid" else 1.0
            for term in equation.terms:
                if term.source == INPUTS:
                    continue
                part = weights[term.weight][_rows(term.block, units)]
                if term.diagonal:
                    peepholes.append((index, term.source, sign * part))
                    continue
                if term.source not in matrices:
                    matrices[term.source] = np.zeros((units, len(self.first) * units), dtype)
                matrices[term.source][:, _rows(index, units)] += sign * part.T
        return list(matrices.items()), peepholes


def _is_known_before(source: str) -> bool:
    return source == INPUTS or source.startswith(PREVIOUS)


def _rows(block: int, units: int) -> slice:
    return slice(block * units, (block + 1) * units)


def _after_setting(wanted: Mapping[str, Hold], before: Mapping[str, Array]) -> dict[str, Array]:
    """The states (B, H) that are set, by name, with the units that are not as they were."""
    return {name: np.where(which, at, before[PREVIOUS + name]) for name, (which, at) in wanted.items()}


def _affine(equation: Affine, weights: Mapping[str, Array], units: int) -> CarryOut:
    """target = activation(sum W @ source + sum b), where a source is of this timestep."""
    bias = sum(weights[term.bias][_rows(term.block, units)] for term in equation.biases)  # (H,)
    parts = [
        (term.source, weights[term.weight][_rows(term.block, units)], term.diagonal)
        for term in equation.terms
    ]
    activate = _ACTIVATE[equation.activation]

    def carry_out(known: Mapping[str, Array], target: Array) -> None:
        target[:] = bias
        for source, weight, diagonal in parts:
            target += weight * known[source] if diagonal else known[source] @ weight.T
        activate(target)

    return carry_out


def _pointwise(equation: Pointwise) -> CarryOut:
    """target = activation(sum over products of the product of its factors), unit by unit."""
    (beginning, *others), activate = equation.products, _ACTIVATE[equation.activation]
    plain = [[factor.quantity for factor in product] for product in equation.products]
    if equation.activation == "identity" and all(
        factor.through == "identity" for product in equation.products for factor in product
    ):
        match plain:  # what most of them are, in one call
            case [[one, other]]:
                return lambda known, target: np.multiply(known[one], known[other], out=target)
            case [[one], [other]]:
                return lambda known, target: np.add(known[one], known[other], out=target)

    def carry_out(known: Mapping[str, Array], target: Array) -> None:
        _multiply(beginning, known, target)
        for product in others:
            target += _multiply(product, known, np.empty_like(target))
        activate(target)

    return carry_out


def _multiply(product: tuple[Factor, ...], known: Mapping[str, Array], target: Array) -> Array:
    leading, *others = product
    if not others:
        target[:] = _through(leading, known)
        return target
    np.multiply(_through(leading, known), _through(others[0], known), out=target)
    for factor in others[1:]:
        target *= _through(factor, known)
    return target


def _through(factor: Factor, known: Mapping[str, Array]) -> Array:
    value = known[factor.quantity]
    if factor.through == "identity":
        return value
    return np.tanh(value) if factor.through == "tanh" else 1.0 - value


def _sigmoid(target: Array) -> None:
    np.negative(target, out=target)
    np.exp(target, out=target)
    target += 1.0
    np.reciprocal(target, out=target)


def _tanh(target: Array) -> None:
    np.tanh(target, out=target)


def _relu(target: Array) -> None:
    np.maximum(target, 0.0, out=target)


def _identity(target: Array) -> None:
    pass


_ACTIVATE: dict[Activation, Callable[[Array], None]] = {
    "identity": _identity,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _relu,
}
