"""The embedded Reber grammar as an automaton, and strings drawn from it, all of one length.

Reber, "Implicit learning of artificial grammars", Journal of Verbal Learning and Verbal Behavior 6 (1967); embedded in
itself by Cleeremans, Servan-Schreiber and McClelland, Neural Computation 1 (1989), and as used by Hochreiter and
Schmidhuber (1997), figures 3 and 4. A string is B T <Reber> T E or B P <Reber> P E; where the grammar forks, both ways
are as likely.

Strings of one length are drawn exactly: the probability of each fork is that of the fork times the probability of
being done in the remaining number of symbols on that way. So a batch has no padding, and lengths drawn from
`length_probabilities` make every string exactly as likely as the grammar does.

Signs: S states, B strings, T timesteps, K = 7 symbols.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from playground.tasks.task import BoolArray, IntArray

ALPHABET = "BTPSXVE"

LOST = -1
"""The state after a symbol that the grammar does not allow there."""

SHORTEST_INNER = 5
FRAME = 4
"""Symbols of an embedded string that are not those of the Reber string inside."""

INNER = {  # Hochreiter and Schmidhuber 1997, figure 3: state -> (symbol, next state)
    0: (("B", 1),),
    1: (("T", 2), ("P", 3)),
    2: (("S", 2), ("X", 4)),
    3: (("T", 3), ("V", 5)),
    4: (("X", 3), ("S", 6)),
    5: (("P", 4), ("V", 6)),
    6: (("E", 7),),
}
INNER_STATES = len(INNER)

START, FORK, DONE = 0, 1, 2
AFTER_INNER = {"T": 3, "P": 4}
"""Only the symbol at the beginning tells which of these two it is: the strings inside are the same."""
BEFORE_LAST = 5


def _transitions() -> dict[int, list[tuple[str, int]]]:
    """state -> (symbol, next state) of the embedded grammar; DONE goes nowhere."""
    first_inner = {"T": 6, "P": 6 + INNER_STATES}
    table: dict[int, list[tuple[str, int]]] = {
        START: [("B", FORK)],
        FORK: [("T", first_inner["T"]), ("P", first_inner["P"])],
        DONE: [],
        BEFORE_LAST: [("E", DONE)],
    }
    for symbol, first in first_inner.items():
        table[AFTER_INNER[symbol]] = [(symbol, BEFORE_LAST)]
        for state, ways in INNER.items():
            table[first + state] = [
                (name, AFTER_INNER[symbol] if after == INNER_STATES else first + after)
                for name, after in ways
            ]
    return table


TRANSITIONS = _transitions()
STATES = len(TRANSITIONS)

_FORKS = np.array([max(len(TRANSITIONS[state]), 1) for state in range(STATES)])  # (S,) ways out
_SYMBOL = np.zeros((STATES, 2), dtype=np.int64)
_AFTER = np.full((STATES, 2), DONE, dtype=np.int64)
for _state, _ways in TRANSITIONS.items():
    for _way in range(2):
        _name, _next = _ways[_way % len(_ways)] if _ways else ("B", DONE)
        _SYMBOL[_state, _way], _AFTER[_state, _way] = ALPHABET.index(_name), _next
_SYMBOL[DONE], _AFTER[DONE] = _SYMBOL[START], _AFTER[START]  # in a stream another string follows

LEGAL = np.zeros((STATES + 1, len(ALPHABET)), dtype=np.bool_)
"""(S + 1, K): the symbols that may come next in each state; the last row, of a lost reader, is empty."""
_FOLLOWS = np.full((STATES + 1, len(ALPHABET)), LOST, dtype=np.int64)
for _state, _ways in TRANSITIONS.items():
    for _name, _next in _ways:
        LEGAL[_state, ALPHABET.index(_name)] = True
        _FOLLOWS[_state, ALPHABET.index(_name)] = _next
# In a stream another string follows at once: where one is done the next begins.
LEGAL[DONE] = LEGAL[START]
_FOLLOWS[DONE] = _FOLLOWS[START]


@cache
def done_in(length: int, *, stream: bool) -> NDArray[np.float64]:
    """(length + 1, S): the probability of being done after exactly so many more symbols, in each state.

    `stream`: after a string another one begins, and done is where any of them ends.
    """
    probability = np.zeros((length + 1, STATES))
    probability[0, DONE] = 1.0
    for left in range(1, length + 1):
        probability[left] = probability[left - 1][_AFTER].mean(axis=1)
        if not stream:
            probability[left, DONE] = 0.0
    probability.setflags(write=False)
    return probability


def length_probabilities(shortest: int, longest: int) -> NDArray[np.float64]:
    """How likely each length of the inner Reber string is, among those from `shortest` to `longest`."""
    exactly = done_in(longest + FRAME, stream=False)[:, START][shortest + FRAME : longest + FRAME + 1]
    total: NDArray[np.float64] = exactly / exactly.sum()
    return total


def draw_strings(generator: np.random.Generator, length: int, count: int, *, stream: bool) -> IntArray:
    """(length, count) symbols: so many embedded strings of this length, or with `stream` one string after the other
    until the last one ends exactly there. Raises ValueError when no string has this length."""
    return strings_of(generator.random((length, count)), stream=stream)


def strings_of(uniform: NDArray[np.float64], *, stream: bool) -> IntArray:
    """(T, B) symbols: the strings of length T whose forks are decided by these numbers (T, B), drawn from 0..1.

    Raises ValueError when no string has this length.
    """
    length, count = uniform.shape
    probability = done_in(length, stream=stream)
    if probability[length, START] == 0.0:
        raise ValueError(f"No string of the embedded Reber grammar has {length} symbols.")
    symbols = np.empty((length, count), dtype=np.int64)
    state = np.full(count, START)
    for t, drawn in enumerate(uniform):
        ways = probability[length - t - 1][_AFTER]  # (S, 2)
        total = ways.sum(axis=1)
        first = np.divide(ways[:, 0], total, out=np.ones(STATES), where=total > 0)  # (S,) one way out: either
        second = (drawn >= first[state]).astype(np.int64)
        symbols[t] = _SYMBOL[state, second]
        state = _AFTER[state, second]
    return symbols


def states_after(symbols: IntArray) -> IntArray:
    """(T, B) the state after each symbol, reading from START; a symbol that is not allowed loses the reader until the
    next string could begin, which nobody knows: for good."""
    states = np.empty_like(symbols)
    state = np.full(symbols.shape[1], START)
    for t, now in enumerate(symbols):
        state = _FOLLOWS[state, now]
        states[t] = state
    return states


def all_legal_most_active(states: IntArray, outputs: NDArray[np.float32]) -> BoolArray:
    """(T, B): whether each legal next symbol has as large an output (T, B, K) as every symbol that is not legal.

    Ties are no errors: who says exactly the symbol that came is right, where others might have come too.
    """
    legal = LEGAL[states]  # (T, B, K)
    lowest_legal = np.where(legal, outputs, np.inf).min(axis=-1)
    highest_other = np.where(legal, -np.inf, outputs).max(axis=-1)
    found: BoolArray = lowest_legal >= highest_other
    return found
