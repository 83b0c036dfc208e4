"""Where one number comes from, to the last summand: bias, every unit of a memory, every input, each with its weight.

`contributions` says how much of a sum comes from each source; here each source is taken apart. Pure functions on a
trace, in float64, from its own values and weights; the parts add up to the sum that made the recorded number, and as
printed (`print_sum`) they add up to the printed sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import INPUTS, PREVIOUS, Activation, Affine
from playground.trace.contributions import (
    BIAS,
    Contribution,
    contributions,
    inlined,
    rounded_to_add_up,
    value_at,
)
from playground.trace.identities import weight_of
from playground.trace.sequence_trace import LayerTrace, SequenceTrace

FloatVector = NDArray[np.float64]

OUTPUT = "hidden_state"
"""What a layer hands on to the next one."""


@dataclass(frozen=True)
class Place:
    """One number of a trace: a quantity of one unit at one timestep (both 0-based), in a layer (0-based; -1: the last
    one of the trace)."""

    quantity: str
    unit: int
    timestep: int
    layer: int = -1


@dataclass(frozen=True, eq=False)
class SourceSum:
    """What one source gives to a sum: weights (N,) times values (N,), entry by entry.

    `units`: which units of the source the entries are, (N,); for the bias N = 1 with weight 1.
    """

    source: str
    units: NDArray[np.int64]
    weights: FloatVector
    values: FloatVector

    @property
    def amounts(self) -> FloatVector:
        """(N,): what every entry adds."""
        return self.weights * self.values

    @property
    def total(self) -> float:
        """What all of them add together."""
        return float(self.amounts.sum())


@dataclass(frozen=True, eq=False)
class Unfolding:
    """The sum behind one number: `sources` of an affine equation (bias first), or `products` of a pointwise one.

    activation(total) is `result`, the recorded number up to float32 rounding on every trace without interventions.
    """

    place: Place
    sources: tuple[SourceSum, ...]
    products: tuple[Contribution, ...]
    total: float
    activation: Activation
    result: float
    reads_layer_below: bool = False
    """Whether its inputs are the units of the layer below, and not the event."""


@dataclass(frozen=True)
class PrintedPart:
    """One line of an unfolded sum, as it is printed: `amount` is already rounded such that all lines add up.

    `source` and `unit` say which number it comes from (unit -1: none alone). `folded`: of how many entries it is the
    rest; 0 for a single one. `weight` and `value` are what was multiplied (NaN where there is no single pair).
    """

    source: str
    unit: int
    amount: float
    weight: float = float("nan")
    value: float = float("nan")
    folded: int = 0


@dataclass(frozen=True, eq=False)
class PixelShares:
    """What the picture that came in gives to one sum: amounts (I,) of every input, and what the encoder's own bias
    adds, the same for every picture (0 without an encoder). Together they are the whole of the source "inputs"."""

    amounts: FloatVector
    encoder_bias: float


def unfold(trace: SequenceTrace, place: Place) -> Unfolding:
    """The sum that made this number.

    Raises KeyError for a quantity without an equation, IndexError for a unit, timestep or layer that is not there.
    """
    layer = trace.layers[place.layer]
    equation = inlined(trace.description, trace.description.equation(place.quantity))
    found = contributions(layer, equation, place.unit, place.timestep)
    if not isinstance(equation, Affine):
        return Unfolding(place, (), found.parts, found.total, found.activation, found.result)
    sources = tuple(_sources(layer, equation, place))
    below = layer_number(trace, place) > 0
    return Unfolding(place, sources, (), found.total, found.activation, found.result, below)


def layer_number(trace: SequenceTrace, place: Place) -> int:
    """The layer of a place (0-based from the bottom)."""
    return place.layer % len(trace.layers)


def _sources(layer: LayerTrace, equation: Affine, place: Place) -> list[SourceSum]:
    bias = sum(
        float(layer.weights[term.bias][term.block * layer.units + place.unit]) for term in equation.biases
    )
    found: dict[str, SourceSum] = {}
    for term in equation.terms:
        values = value_at(layer, term.source, place.timestep).astype(np.float64)  # (N,)
        row = weight_of(layer, term)[place.unit].astype(np.float64)  # (N,), diagonal: ()
        units = np.arange(len(values))
        if term.diagonal:
            values, row, units = values[[place.unit]], np.atleast_1d(row), units[[place.unit]]
        before = found.get(term.source)
        if before is not None and len(before.units) == len(units):
            row = row + before.weights
        found[term.source] = SourceSum(term.source, units, row, values)
    one = np.ones(1)
    return [SourceSum(BIAS, np.zeros(1, np.int64), np.array([bias]), one), *found.values()]


def origin(trace: SequenceTrace, place: Place, source: str, unit: int) -> Place | None:
    """The number that a source of a sum is: a state one timestep earlier, another quantity of the same timestep, or,
    in an upper layer, what the layer below put out at the same timestep.

    None where it goes no further back: the bias, the event, and the memory before the first timestep.
    """
    if source == BIAS or unit < 0:
        return None
    if source == INPUTS:
        layer = layer_number(trace, place)
        return Place(OUTPUT, unit, place.timestep, layer - 1) if layer > 0 else None
    if source.startswith(PREVIOUS):
        state = source.removeprefix(PREVIOUS)
        return (
            replace(place, quantity=state, unit=unit, timestep=place.timestep - 1) if place.timestep else None
        )
    known = any(equation.target == source for equation in trace.description.equations)
    return replace(place, quantity=source, unit=unit) if known else None


def pixel_shares(trace: SequenceTrace, unfolding: Unfolding) -> PixelShares | None:
    """What every input (pixel) gives to this sum, seen through the encoder; None where the sum has no event in it, or
    the layer does not see the event itself."""
    event = next((source for source in unfolding.sources if source.source == INPUTS), None)
    if event is None or unfolding.reads_layer_below:
        return None
    seen = trace.inputs[unfolding.place.timestep].astype(np.float64)  # (I,)
    if trace.encoder_weights is None:
        return PixelShares(event.weights * seen, 0.0) if len(seen) == len(event.weights) else None
    through = event.weights @ trace.encoder_weights.astype(np.float64)  # (I,)
    bias = trace.encoder_bias
    offset = float(event.weights @ bias.astype(np.float64)) if bias is not None else 0.0
    return PixelShares(through * seen, offset)


def print_sum(unfolding: Unfolding, most: int, digits: int = 2) -> tuple[PrintedPart, ...]:
    """The lines of an affine sum: bias, then of every memory (and of the layer below) the largest parts and one line
    for the rest, the event as one line. At most `most` lines (at least one for each source); the amounts, as printed,
    add up to the printed total, and those of each source to what the formula prints for that source.
    """
    sources = unfolding.sources
    totals = rounded_to_add_up([source.total for source in sources], digits)
    whole = (BIAS,) if unfolding.reads_layer_below else (BIAS, INPUTS)
    memories = [source for source in sources if source.source not in whole]
    fixed = len(sources) - len(memories)
    room = max(most - fixed, len(memories))
    shares = _shared_out(room, [len(source.units) for source in memories])
    lines: list[PrintedPart] = []
    for source, total in zip(sources, totals, strict=True):
        if source in memories:
            lines += _memory_lines(source, total, shares[memories.index(source)], digits)
        elif source.source == BIAS:
            lines.append(PrintedPart(BIAS, -1, total))
        else:
            lines.append(PrintedPart(source.source, -1, total, folded=len(source.units)))
    return tuple(lines)


def _shared_out(room: int, sizes: Sequence[int]) -> list[int]:
    """How many lines every source gets: none more than it has entries, the rest evenly, each at least one."""
    shares = [1 if size else 0 for size in sizes]
    while sum(shares) < room and any(share < size for share, size in zip(shares, sizes, strict=True)):
        open_ = [n for n, size in enumerate(sizes) if shares[n] < size]
        smallest = min(open_, key=lambda n: shares[n])
        shares[smallest] += 1
    return shares


def _memory_lines(source: SourceSum, total: float, lines: int, digits: int) -> list[PrintedPart]:
    """The largest entries first, by size; the last line is the rest, where there is one."""
    amounts = source.amounts
    by_size = np.argsort(-np.abs(amounts), kind="stable")
    count = len(by_size)
    shown = by_size if lines >= count else by_size[: max(0, lines - 1)]
    rest = by_size[len(shown) :]
    values = [float(amounts[n]) for n in shown]
    if len(rest):
        values.append(float(amounts[rest].sum()))
    printed = add_up_to(values, total, digits)
    found = [
        PrintedPart(
            source.source, int(source.units[n]), amount, float(source.weights[n]), float(source.values[n])
        )
        for n, amount in zip(shown, printed, strict=False)
    ]
    if len(rest):
        found.append(PrintedPart(source.source, -1, printed[-1], folded=len(rest)))
    return found


def add_up_to(values: Sequence[float], total: float, digits: int) -> list[float]:
    """`values` at so many decimals, each rounded down or up, such that they add up to `total`.

    `total` is less than one unit of the last digit from their sum, as `rounded_to_add_up` makes it; then every number
    is less than one unit from its true value. Values that are not finite are returned as they are.
    """
    if not len(values) or not np.all(np.isfinite(values)) or not np.isfinite(total):
        return [float(value) for value in values]
    scale = 10.0**digits
    scaled = np.asarray(values, np.float64) * scale
    floors = np.floor(scaled)
    missing = int(np.rint(total * scale) - floors.sum())
    order = np.argsort(-(scaled - floors), kind="stable")
    floors[order[: max(0, missing)]] += 1
    if missing < 0:  # only where rounding errors of the sums themselves were at the edge
        floors[order[missing:]] -= 1
    return [float(value / scale) + 0.0 for value in floors]
