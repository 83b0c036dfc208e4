"""The four sizes that one update is measured in, and the numbers to reach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """H units, B sequences, T timesteps, V symbols."""

    units: int
    batch: int
    timesteps: int
    symbols: int

    def __str__(self) -> str:
        return (
            f"{self.units} units, {self.batch} sequence{'' if self.batch == 1 else 's'}, "
            f"{self.timesteps} timesteps, {self.symbols} symbols"
        )


SIZES = {
    "S": Size(16, 1, 20, 10),
    "M": Size(32, 16, 50, 30),
    "L": Size(64, 32, 100, 64),
    "X": Size(128, 64, 100, 80),
}

CELLS = ("rnn", "lstm", "gru", "guide_lstm")
"""The cells that are raced, by their keys."""

TO_REACH = {
    "rnn": {"S": 100.0, "M": 9.0, "L": 3.5, "X": 2.1},
    "lstm": {"S": 45.0, "M": 3.2, "L": 2.1, "X": 1.9},
    "gru": {"S": 100.0, "M": 9.0, "L": 3.5, "X": 2.0},
    "guide_lstm": {"S": 40.0, "M": 2.7, "L": 1.8, "X": 1.7},
}
"""How many times the rate of torch.nn with Adam our fast path is to reach."""
