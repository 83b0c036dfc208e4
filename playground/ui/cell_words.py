"""What the numbers of a cell are, in words: values, sums with their parts named, a sentence about each result.

Pure functions: a trace in, text out. Every sentence is made from the cell's equations and this timestep's values: what
a gate does follows from what it is multiplied with. Units and timesteps are 0-based here and counted from 1 in words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from playground.contract.cell_description import (
    INPUTS,
    PREVIOUS,
    Activation,
    CellDescription,
    Factor,
    Pointwise,
    Quantity,
)
from playground.trace.contributions import (
    BIAS,
    Contribution,
    FactorValue,
    contributions,
    inlined,
    rounded_to_add_up,
    value_at,
)
from playground.trace.memory import half_life
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.cell_flow import CellFlow, cell_flow
from playground.ui.run_words import percent
from playground.ui.vocabulary import word

MINUS = "−"
ACTIVATION_SYMBOLS: dict[Activation, str] = {"identity": "", "sigmoid": "σ", "tanh": "tanh", "relu": "relu"}


@dataclass(frozen=True)
class Piece:
    """A bit of text in one ink: a role, "bias", "muted" or "text". `number`: set in figures of equal width, bold."""

    text: str
    ink: str
    number: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a sum, as pieces that may be broken between; continuation lines are indented."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line as plain text."""
        return "".join(piece.text for piece in self.pieces)


def figure(value: float, digits: int = 2) -> str:
    """A number with a real minus sign; never "−0.00"."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else MINUS + "∞")
    rounded = round(value, digits) + 0.0
    return f"{rounded:.{digits}f}".replace("-", MINUS)


def symbol_latex(description: CellDescription, name: str, vocabulary: str) -> str:
    """The symbol of a quantity with its time, as LaTeX: f_t, STM_{t-1}."""
    if name == INPUTS:
        return f"{word('event_symbol', vocabulary)}_t"
    symbol = description.quantity(name.removeprefix(PREVIOUS)).symbol[vocabulary]
    base = symbol if len(symbol) == 1 or "\\" in symbol else rf"\mathrm{{{symbol}}}"
    return base + ("_{t-1}" if name.startswith(PREVIOUS) else "_t")


def plain_symbol(description: CellDescription, name: str, vocabulary: str) -> str:
    """The symbol as plain text, without its time: f, STM, E."""
    if name == INPUTS:
        return word("event_symbol", vocabulary)
    return description.quantity(name.removeprefix(PREVIOUS)).symbol[vocabulary]


def title_of(description: CellDescription, name: str, vocabulary: str) -> str:
    """What a quantity is called: "Forget gate"; "Event" for the inputs."""
    if name == INPUTS:
        return word("event", vocabulary)
    return description.quantity(name.removeprefix(PREVIOUS)).title[vocabulary]


def value_words(trace: SequenceTrace, name: str, unit: int, timestep: int, vocabulary: str) -> str:
    """ "forget gate, unit 4: 0.97"; for a state before the timestep "long-term memory from t = 9, unit 4: 1.32"."""
    value = float(value_at(trace.top, name, timestep)[unit])
    title = _lower(title_of(trace.description, name, vocabulary))
    if name.startswith(PREVIOUS):
        title += " before the first timestep" if timestep == 0 else f" from t = {timestep}"
    return f"{title}, unit {unit + 1}: {figure(value)}"


def sum_lines(trace: SequenceTrace, name: str, unit: int, timestep: int, vocabulary: str) -> list[Line]:
    """The formula of a quantity with this timestep's numbers: its parts, their sum, the result. Computed, not read."""
    description = trace.description
    equation = inlined(description, description.equation(name))
    found = contributions(trace.top, equation, unit, timestep)
    result = Piece(figure(found.result), _ink_of(description, name), True)
    if isinstance(equation, Pointwise):
        return _product_lines(description, found.parts, found.total, found.activation, result)
    squeeze = ACTIVATION_SYMBOLS[found.activation]
    printed = rounded_to_add_up([part.value for part in found.parts], 2)
    pieces = [Piece(f"= {squeeze}(" if squeeze else "=", "text")]
    for position, (part, value) in enumerate(zip(found.parts, printed, strict=True)):
        ink, origin = _origin(description, part.source, vocabulary)
        if part.source == INPUTS and len(trace.layers) > 1:
            origin = f" from layer {len(trace.layers) - 1}"
        pieces += [
            Piece(_sign(value, position), "text"),
            Piece(figure(abs(value)), ink, True),
            Piece(origin, "muted"),
        ]
    if squeeze:
        pieces.append(Piece(" )", "text"))
        total = Piece(f"= {squeeze}( {figure(found.total)} ) = ", "text")
        return [Line(tuple(pieces)), Line((total, result))]
    return [Line(tuple(pieces)), Line((Piece("= ", "text"), result))]


def sentences(trace: SequenceTrace, name: str, unit: int, timestep: int, vocabulary: str) -> tuple[str, str]:
    """What happened to this unit, in a sentence, and a second one with what follows from it ("" if nothing does)."""
    first, second = _Teller(trace, unit, timestep, vocabulary).tell(name)
    return _capital(first), _capital(second)


def flow_of(description: CellDescription) -> CellFlow:
    """`cell_flow`, kept for each description."""
    key = id(description)
    if key not in _FLOWS or _FLOWS[key][0] is not description:
        _FLOWS[key] = (description, cell_flow(description))
    return _FLOWS[key][1]


_FLOWS: dict[int, tuple[CellDescription, CellFlow]] = {}


class _Teller:
    """Tells about one unit at one timestep."""

    def __init__(self, trace: SequenceTrace, unit: int, timestep: int, vocabulary: str) -> None:
        self.trace, self.cell, self.timestep, self.vocabulary = trace, trace.description, timestep, vocabulary
        self.unit = unit
        self.who = f"unit {unit + 1}"
        self.carrier = flow_of(self.cell).carrier

    def value(self, name: str) -> float:
        return float(value_at(self.trace.top, name, self.timestep)[self.unit])

    def title(self, name: str) -> str:
        return _lower(title_of(self.cell, name, self.vocabulary))

    def tell(self, name: str) -> tuple[str, str]:
        if not math.isfinite(self.value(name)):
            return (
                f"This is not a number any more: the network's weights have run away ({self.title(name)}).",
                "",
            )
        quantity = self.cell.quantity(name)
        if name == self.carrier:
            return self.tell_carrier(name)
        if name in self.cell.states or name == "hidden_state":
            return self.tell_state(name)
        if quantity.is_gate and quantity.span == "zero_to_one":
            return self.tell_gate(quantity)
        if quantity.is_gate:
            return self.tell_candidate(quantity)
        return self.tell_helper(name)

    def tell_gate(self, gate: Quantity) -> tuple[str, str]:
        share = percent(self.value(gate.name))
        uses = self.uses(gate.name)
        kept = next((use for use in uses if use[1] == PREVIOUS + self.carrier and use[2] == "identity"), None)
        if kept is not None:
            first = f"{share} of {self.who}'s {self.title(self.carrier)} is kept at this timestep."
            second = half_life_words(self.value(gate.name))
            other = next((use for use in uses if use[2] == "complement"), None)
            if other is not None:
                rest = percent(1 - self.value(gate.name))
                second = f"The other {rest} comes from the {self.title(other[1])}. {second}"
            return first, second
        if not uses:
            return f"The {self.title(gate.name)} of {self.who} is {share} open.", ""
        _, partner, _, target = uses[0]
        return self.tell_partner(gate, partner, target, share)

    def tell_partner(self, gate: Quantity, partner: str, target: str, share: str) -> tuple[str, str]:
        what = f"{share} of {self.who}'s {self.title(partner)}"
        passed = self.value(gate.name) * self.factor_value(target, partner)
        if gate.role == "learn":
            return (
                f"{what} is let in.",
                f"Of {figure(self.factor_value(target, partner))} that is {figure(passed)}.",
            )
        if gate.role == "use" and target == "hidden_state":
            return (
                f"{what} is put to use at this timestep.",
                f"Of {self.factor_in_words(target, partner)} that is {figure(passed)}: "
                f"the new {self.title(target)}.",
            )
        return f"{share} of {self.who}'s sum '{self.title(partner)}' goes into the {self.title(target)}.", ""

    def tell_candidate(self, quantity: Quantity) -> tuple[str, str]:
        value = figure(self.value(quantity.name))
        first = f"For {self.who} the {self.title(quantity.name)} is {value}."
        for _, partner, through, target in self.uses(quantity.name):
            if self.cell.quantity(partner).is_gate:
                share = self.factor_value(target, partner)
                verb = "put to use" if quantity.role == "use" else "let in"
                closed = " (1 minus the gate)" if through == "complement" else ""
                second = (
                    f"{percent(share)} of it is {verb}{closed}: {figure(share * self.value(quantity.name))}."
                )
                return first, second
        return first, ""

    def tell_carrier(self, name: str) -> tuple[str, str]:
        before, after = self.value(PREVIOUS + name), self.value(name)
        if figure(before) == figure(after):
            first = f"{_capital(self.who)}'s {self.title(name)} stays at {figure(after)}."
        else:
            first = (
                f"{_capital(self.who)}'s {self.title(name)} goes from {figure(before)} to {figure(after)}."
            )
        equation = inlined(self.cell, self.cell.equation(name))
        parts = contributions(self.trace.top, equation, self.unit, self.timestep).parts
        if len(parts) != 2:
            return first, ""
        values = rounded_to_add_up([part.value for part in parts], 2)
        kept_first = any(factor.quantity == PREVIOUS + name for factor in parts[0].factors)
        kept, new = values if kept_first else values[::-1]
        return first, f"{figure(kept)} was kept, {figure(new)} is new."

    def tell_state(self, name: str) -> tuple[str, str]:
        value = figure(self.value(name))
        first = f"{_capital(self.who)}'s {self.title(name)} is now {value}."
        if name not in self.cell.states:
            return first, "Nothing of it is left at the next timestep: this network has no memory."
        if not self.carrier:
            before = figure(self.value(PREVIOUS + name))
            return (
                f"{_capital(self.who)}'s {self.title(name)} was {before} and is now {value}.",
                "The whole of it is written anew at every timestep; nothing holds on to the old value.",
            )
        return first, "The answer is read from it, and every gate sees it at the next timestep."

    def tell_helper(self, name: str) -> tuple[str, str]:
        equation = self.cell.equation(name)
        value = self.value(name)
        if isinstance(equation, Pointwise) and len(equation.products) == 1 and len(equation.products[0]) == 2:
            factors = equation.products[0]
            gate = next((factor for factor in factors if self.is_gate(factor.quantity)), None)
            if gate is not None:
                other = next(factor for factor in factors if factor is not gate)
                whole = self.factor(other)
                return (
                    f"Of {figure(whole)} in {self.who}, {figure(value)} is left: {percent(self.factor(gate))}.",
                    "",
                )
        return f"{_capital(self.title(name))}: {figure(value)} for {self.who}.", ""

    # -- what a gate is multiplied with
    def uses(self, name: str) -> list[tuple[Factor, str, str, str]]:
        """(its own factor, what it is multiplied with, how it goes in, the equation) wherever it is a factor."""
        found = []
        for equation in self.cell.equations:
            if isinstance(equation, Pointwise):
                for product in equation.products:
                    mine = next((factor for factor in product if factor.quantity == name), None)
                    if mine is not None:
                        others = [factor for factor in product if factor is not mine]
                        found += [
                            (mine, other.quantity, self.strongest(mine, other), equation.target)
                            for other in others
                        ]
        return found

    @staticmethod
    def strongest(mine: Factor, other: Factor) -> str:
        return "complement" if "complement" in (mine.through, other.through) else mine.through

    def factor_value(self, target: str, name: str) -> float:
        """The value of `name` as it goes into the equation of `target`."""
        equation = self.cell.equation(target)
        assert isinstance(equation, Pointwise)
        factor = next(f for product in equation.products for f in product if f.quantity == name)
        return self.factor(factor)

    def factor_in_words(self, target: str, name: str) -> str:
        """The value of `name` as it goes into the equation of `target`, with the squeezing it goes through."""
        used, value = figure(self.factor_value(target, name)), figure(self.value(name))
        return used if used == value else f"tanh({value}) = {used}"

    def factor(self, factor: Factor) -> float:
        value = self.value(factor.quantity)
        return {"identity": value, "tanh": math.tanh(value), "complement": 1.0 - value}[factor.through]

    def is_gate(self, name: str) -> bool:
        if name == INPUTS or name.startswith(PREVIOUS):
            return False
        quantity = self.cell.quantity(name)
        return quantity.is_gate and quantity.span == "zero_to_one"


def half_life_words(factor: float) -> str:
    """How long half of a memory would last if this share of it were kept at every timestep; "" if nobody can say."""
    timesteps = float(half_life(np.array([factor]))[0])
    if math.isnan(timesteps):
        return ""
    if timesteps < 1.0:
        return "More than half of it is gone at once."
    if timesteps > 9_999:
        return "At this rate half of it would still be there after 10,000 timesteps."
    shown = f"{timesteps:,.0f}"
    plural = "timestep" if shown == "1" else "timesteps"
    return f"Half of it would be gone after {shown} such {plural}."


def _product_lines(
    description: CellDescription,
    parts: tuple[Contribution, ...],
    total: float,
    activation: Activation,
    result: Piece,
) -> list[Line]:
    squeeze = ACTIVATION_SYMBOLS[activation]
    opening, closing = (f"= {squeeze}( ", " )") if squeeze else ("= ", "")
    first = [Piece(opening, "text")]
    evaluated = [Piece(opening, "text")]
    plain = True
    for position, part in enumerate(parts):
        if position:
            first.append(Piece(" + ", "text"))
            evaluated.append(Piece(" + ", "text"))
        for number, factor in enumerate(part.factors):
            if number:
                first.append(Piece(" · ", "text"))
                evaluated.append(Piece(" · ", "text"))
            plain = plain and factor.through == "identity"
            leads = position == 0 and number == 0
            first += _factor_pieces(description, factor, leads)
            shown = figure(factor.value) if leads else _bracketed(factor.value)
            evaluated.append(Piece(shown, _ink_of(description, factor.quantity), True))
    lines = [[*first, Piece(closing, "text")]]
    if not plain:
        lines.append([*evaluated, Piece(closing, "text")])
    if len(parts) > 1:
        values = rounded_to_add_up([part.value for part in parts], 2)
        sums = [Piece(opening, "text"), Piece(figure(values[0]), "text", True)]
        for value in values[1:]:
            sums += [Piece(_sign(value, 1), "text"), Piece(figure(abs(value)), "text", True)]
        lines.append([*sums, Piece(closing, "text")])
    if squeeze:
        lines.append([Piece(f"= {squeeze}( {figure(total)} )", "text")])
    lines[-1] += [Piece(" = ", "text"), result]
    return [Line(tuple(line)) for line in lines]


def _factor_pieces(description: CellDescription, factor: FactorValue, leads: bool) -> list[Piece]:
    ink = _ink_of(description, factor.quantity)
    if factor.through == "tanh":
        return [Piece("tanh(", "text"), Piece(figure(factor.raw), ink, True), Piece(")", "text")]
    if factor.through == "complement":
        return [Piece("(1 − ", "text"), Piece(figure(factor.raw), ink, True), Piece(")", "text")]
    return [Piece(figure(factor.value) if leads else _bracketed(factor.value), ink, True)]


def _bracketed(value: float) -> str:
    text = figure(value)
    return f"({text})" if text.startswith(MINUS) else text


def _sign(value: float, position: int) -> str:
    negative = round(value, 2) < 0
    if position == 0:
        return f" {MINUS}" if negative else " "
    return f" {MINUS} " if negative else " + "


def _origin(description: CellDescription, source: str, vocabulary: str) -> tuple[str, str]:
    if source == BIAS:
        return "muted", " bias"
    return _ink_of(description, source), f" from {plain_symbol(description, source, vocabulary)}"


def _ink_of(description: CellDescription, name: str) -> str:
    return "inputs" if name == INPUTS else description.quantity(name.removeprefix(PREVIOUS)).role


def _lower(title: str) -> str:
    """A title inside a sentence: "forget gate", but "RNN"."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
