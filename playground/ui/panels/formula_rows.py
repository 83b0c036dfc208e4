"""An unfolded sum as lines of text and numbers: what each summand is, what was multiplied, where it can be followed to.

Pure functions: a trace in, lines out. Units and timesteps are 0-based here and counted from 1 in words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from playground.contract.cell_description import INPUTS, PREVIOUS, CellDescription
from playground.trace.contributions import BIAS, Contribution, FactorValue, rounded_to_add_up
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.unfolding import (
    OUTPUT,
    Place,
    PrintedPart,
    Unfolding,
    layer_number,
    origin,
    print_sum,
)
from playground.ui.cell_words import ACTIVATION_SYMBOLS, figure, plain_symbol, title_of


@dataclass(frozen=True)
class UnfoldedRow:
    """One line: `label` says what it is, `pair` what was multiplied ("" for a sum), `amount` what it adds.

    `share` is the amount itself for the length of the bar. `place`: where a click goes; None: nowhere. `level` 1: a
    factor of the product above it, which adds nothing by itself (`amount` is then ""). `ink` is a role or a colour.
    """

    label: str
    pair: str
    amount: str
    share: float
    ink: str
    place: Place | None = None
    level: int = 0
    tip: str = ""


@dataclass(frozen=True)
class UnfoldedSum:
    """All lines, what they add up to, and what becomes of it: "σ( 3.41 ) = 0.97"."""

    rows: tuple[UnfoldedRow, ...]
    total: str
    result: str
    result_ink: str
    printed_total: float

    @property
    def spoken(self) -> str:
        """All of it as plain text."""
        lines = [f"{row.label} {row.pair} {row.amount}".strip() for row in self.rows]
        return "; ".join([*lines, f"sum {self.total}", self.result])


def unfolded_sum(
    trace: SequenceTrace, found: Unfolding, most: int, event: str, vocabulary: str
) -> UnfoldedSum:
    """At most `most` lines of this sum; `event` is the title of what came in."""
    description = trace.description
    squeeze = ACTIVATION_SYMBOLS[found.activation]
    total = figure(found.total)
    name = found.place.quantity
    symbol = plain_symbol(description, name, vocabulary)
    result = f"{squeeze}( {total} ) = {figure(found.result)}" if squeeze else f"= {figure(found.result)}"
    rows = (
        [_summand(trace, found, part, event, vocabulary) for part in print_sum(found, most)]
        if found.sources
        else _products(trace, found, vocabulary)
    )
    ink = description.quantity(name).role
    return UnfoldedSum(tuple(rows), total, f"{symbol} = {result}".replace("= =", "="), ink, found.total)


def place_words(description: CellDescription, place: Place, vocabulary: str, layers: int = 1) -> str:
    """A number of the trace in few words: "STM of unit 7, t = 9"; of several `layers` also which one."""
    symbol = plain_symbol(description, place.quantity, vocabulary)
    layer = f", layer {place.layer % layers + 1}" if layers > 1 else ""
    return f"{symbol} of unit {place.unit + 1}{layer}, t = {place.timestep + 1}"


def _summand(
    trace: SequenceTrace, found: Unfolding, part: PrintedPart, event: str, vocabulary: str
) -> UnfoldedRow:
    description, amount = trace.description, figure(part.amount)
    if part.source == BIAS:
        tip = "What this unit starts from at every timestep, whatever comes in. It was learned."
        return UnfoldedRow("bias", "", amount, part.amount, "muted", tip=tip)
    if part.source == INPUTS and found.reads_layer_below:
        return _from_below(trace, found, part, vocabulary)
    if part.source == INPUTS:
        label = f"the event: {event}" if event else "the event"
        tip = "What came in at this timestep, all of it together."
        return UnfoldedRow(label, "", amount, part.amount, "inputs", tip=tip)
    ink = description.quantity(part.source.removeprefix(PREVIOUS)).role
    symbol = plain_symbol(description, part.source, vocabulary)
    if part.unit < 0:
        units = "unit" if part.folded == 1 else "units"
        tip = f"What the other {part.folded} {units} add, each less than those above."
        return UnfoldedRow(f"{part.folded} more of {symbol}", "", amount, part.amount, ink, tip=tip)
    place = origin(trace, found.place, part.source, part.unit)
    pair = f"{figure(part.weight)} × {_bracketed(part.value)}"
    when = f"from t = {found.place.timestep}" if part.source.startswith(PREVIOUS) else "now"
    title = title_of(description, part.source, vocabulary)
    where = " Click to see where that came from." if place is not None else ""
    if place is None and part.source.startswith(PREVIOUS):
        when = "before t = 1"
    value, weight = figure(part.value), figure(part.weight)
    tip = f"{title} of unit {part.unit + 1}, {when}: {value}, times its weight {weight}.{where}"
    return UnfoldedRow(f"{symbol} of unit {part.unit + 1}", pair, amount, part.amount, ink, place, tip=tip)


def _from_below(trace: SequenceTrace, found: Unfolding, part: PrintedPart, vocabulary: str) -> UnfoldedRow:
    """What a unit of the layer below gives to a sum, or all the rest of them."""
    amount, below = figure(part.amount), layer_number(trace, found.place)
    ink = trace.description.quantity(OUTPUT).role
    if part.unit < 0:
        units = "unit" if part.folded == 1 else "units"
        tip = f"What the other {part.folded} {units} of layer {below} add, each less than those above."
        return UnfoldedRow(f"{part.folded} more of layer {below}", "", amount, part.amount, ink, tip=tip)
    place = origin(trace, found.place, INPUTS, part.unit)
    pair = f"{figure(part.weight)} × {_bracketed(part.value)}"
    title = title_of(trace.description, OUTPUT, vocabulary)
    tip = (
        f"{title} of unit {part.unit + 1} of layer {below}, at this timestep: {figure(part.value)}, times its weight "
        f"{figure(part.weight)}. Click to go down to that layer."
    )
    label = f"layer {below}, unit {part.unit + 1}"
    return UnfoldedRow(label, pair, amount, part.amount, ink, place, tip=tip)


def _products(trace: SequenceTrace, found: Unfolding, vocabulary: str) -> list[UnfoldedRow]:
    printed = rounded_to_add_up([product.value for product in found.products], 2)
    rows: list[UnfoldedRow] = []
    for product, amount in zip(found.products, printed, strict=True):
        rows += _product(trace, found, product, amount, vocabulary)
    return rows


def _product(
    trace: SequenceTrace, found: Unfolding, product: Contribution, amount: float, vocabulary: str
) -> list[UnfoldedRow]:
    """The product, and under it every factor, which can be followed."""
    description = trace.description
    symbols = [_factor_symbol(description, factor, vocabulary) for factor in product.factors]
    values = [
        figure(factor.value) if number == 0 else _bracketed(factor.value)
        for number, factor in enumerate(product.factors)
    ]
    ink = description.quantity(product.factors[0].quantity.removeprefix(PREVIOUS)).role
    pair = " × ".join(values) if len(values) > 1 else ""
    rows = [UnfoldedRow(" × ".join(symbols), pair, figure(amount), amount, ink)]
    return rows + [_factor(trace, found, factor, vocabulary) for factor in product.factors]


def _factor(trace: SequenceTrace, found: Unfolding, factor: FactorValue, vocabulary: str) -> UnfoldedRow:
    description = trace.description
    place = origin(trace, found.place, factor.quantity, found.place.unit)
    title = title_of(description, factor.quantity, vocabulary)
    label = title
    if factor.quantity.startswith(PREVIOUS):
        label += f", t = {found.place.timestep}" if place is not None else ", before t = 1"
    value = figure(factor.raw)
    if factor.through == "tanh":
        value = f"tanh {_bracketed(factor.raw)} = {figure(factor.value)}"
    elif factor.through == "complement":
        value = f"1 − {_bracketed(factor.raw)} = {figure(factor.value)}"
    ink = description.quantity(factor.quantity.removeprefix(PREVIOUS)).role
    tip = f"{title} of unit {found.place.unit + 1}: {figure(factor.raw)}."
    if place is not None:
        tip += " Click to see where that came from."
    return UnfoldedRow(label, value, "", 0.0, ink, place, 1, tip)


def _factor_symbol(description: CellDescription, factor: FactorValue, vocabulary: str) -> str:
    symbol = plain_symbol(description, factor.quantity, vocabulary)
    if factor.quantity.startswith(PREVIOUS):
        symbol = f"old {symbol}"
    if factor.through == "tanh":
        return f"tanh({symbol})"
    return f"(1 − {symbol})" if factor.through == "complement" else symbol


def _bracketed(value: float) -> str:
    text = figure(value)
    return f"({text})" if text.startswith("−") else text


def longest_share(rows: Sequence[UnfoldedRow]) -> float:
    """What the longest bar stands for; never zero."""
    shares = [abs(row.share) for row in rows if math.isfinite(row.share)]
    return max([*shares, 1e-9])
