"""What a network wrote, or forecast, and everything that tells why: read-only records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from playground.trace.sampling import interval, ranked, sampling_chances

if TYPE_CHECKING:
    from playground.contract.generation import GenerationSettings


@dataclass(frozen=True, eq=False)
class Choice:
    """Why one character was written. The likeliest first: symbols (K,), what the network gave them and how likely each
    was to be drawn (K,); the drawn one; the random number and the interval that it fell into."""

    character: str
    drawn: int
    order: NDArray[np.int64]
    characters: tuple[str, ...]
    probabilities: NDArray[np.float64]
    chances: NDArray[np.float64]
    random_number: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Generated:
    """A text that a network wrote.

    read (P,): the symbols it read first (a line end, then the prompt); written (N,): those it wrote; logits (N, K):
    what it gave each time; random_numbers (N,). characters: the vocabulary by symbol. strange: characters of the prompt
    that the vocabulary lacks. stopped: it ended at a line end. All arrays are read-only.
    """

    settings: GenerationSettings
    characters: str
    read: NDArray[np.int64]
    written: NDArray[np.int64]
    logits: NDArray[np.float32]
    random_numbers: NDArray[np.float64]
    strange: str = ""
    stopped: bool = False

    def __post_init__(self) -> None:
        for array in (self.read, self.written, self.logits, self.random_numbers):
            array.setflags(write=False)

    @property
    def text(self) -> str:
        """What was written, without the prompt."""
        return "".join(self.characters[symbol] for symbol in self.written)

    @property
    def prompt(self) -> str:
        """The prompt as it was read, without the line end before it."""
        return "".join(self.characters[symbol] for symbol in self.read[1:])

    @property
    def notice(self) -> str | None:
        """What has to be told about the prompt, as a sentence; None: nothing."""
        if not self.strange:
            return None
        shown = " ".join(dict.fromkeys(self.strange))
        return f"The text has none of these characters, so the network does not know them: {shown}"

    def choice(self, place: int) -> Choice:
        """Why the character at this place (0-based) was written."""
        settings = self.settings
        logits = self.logits[place]
        probabilities = sampling_chances(logits, 1.0)
        chances = sampling_chances(logits, settings.temperature, settings.top_k, settings.top_p)
        order = ranked(chances if settings.temperature > 0 else probabilities)
        drawn = int(self.written[place])
        low, high = interval(chances, drawn)
        return Choice(
            character=self.characters[drawn],
            drawn=drawn,
            order=order,
            characters=tuple(self.characters[symbol] for symbol in order),
            probabilities=probabilities[order],
            chances=chances[order],
            random_number=float(self.random_numbers[place]),
            low=low,
            high=high,
        )


@dataclass(frozen=True, eq=False)
class Forecast:
    """What a network forecasts of a series, in the series' unit.

    one_ahead (M,): of the positions `first` .. `first` + M - 1, each when all values before it were known. free (F,):
    of the positions from `start` on, when only the values before `start` were known; it feeds on its own forecasts. May
    reach beyond the end of the series. Read-only.
    """

    first: int
    one_ahead: NDArray[np.float64]
    start: int
    free: NDArray[np.float64]
    scaled: NDArray[np.float32] = field(repr=False)
    """(M,) what the network said for `one_ahead`, scaled: as its loss is counted."""

    def __post_init__(self) -> None:
        for array in (self.one_ahead, self.free, self.scaled):
            array.setflags(write=False)
