"""What the Batches page says about a cut sequence: pure sentences, the longest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playground.tasks.batching import CARRY, RESET, SHUFFLED, UNCUT, Batching
from playground.ui.plots.batch_places import PIECES, RIBBON

SHOWN_WORDS = 5


def listed(words: Sequence[str]) -> str:
    """ "0 1 2", and of a long list its beginning: "0 1 2 3 4 …"."""
    return " ".join(words[:SHOWN_WORDS]) + (" …" if len(words) > SHOWN_WORDS else "")


def cutting_sentences(
    batching: Batching, stage: str, batch: int, word: Callable[[int], str]
) -> tuple[str, ...]:
    """What can be seen at this stage, in several lengths."""
    length, rows, timesteps = batching.length, batching.batch_size, batching.sequence_length
    if stage == RIBBON:
        return (
            f"One sequence of {length:,}. Read as it is, one after the other: nothing can be done side by side.",
            f"One sequence of {length:,}, read one after the other.",
        )
    if stage != PIECES:
        return (
            f"Cut into {rows} {plural(rows, 'row')} of {batching.row_length:,}: read side by side, as one batch. "
            f"{word(batching.only_target)} is only a target: nothing comes after it.",
            f"{rows} {plural(rows, 'row')} of {batching.row_length:,}, read side by side.",
        )
    read = [[word(p) for p in batching.mini_sequence(row, batch)] for row in range(rows)]
    asked = [[word(p + 1) for p in batching.mini_sequence(row, batch)] for row in range(rows)]
    parts = [
        f"row {row + 1} reads {listed(read[row])} and is asked for {listed(asked[row])}"
        for row in range(min(rows, 2))
    ]
    more = f", and so on for {rows - 2} more" if rows > 2 else ""
    return (
        f"Batch {batch + 1:,} of {batching.batches:,}: {'; '.join(parts)}{more}.",
        f"Batch {batch + 1:,} of {batching.batches:,}: {rows} {plural(rows, 'row')} of {timesteps}, targets one later.",
        f"Batch {batch + 1:,} of {batching.batches:,}",
    )


def left_over_sentences(batching: Batching, word: Callable[[int], str]) -> tuple[str, ...]:
    """What is not trained on, named; an empty tuple of words where nothing is."""
    left = len(batching.left_over(0))
    only = word(batching.only_target)
    tail = len(batching.tail)
    parts = []
    if left:
        names = " and ".join(
            listed([word(p) for p in batching.left_over(row)]) for row in range(min(batching.batch_size, 2))
        )
        more = ", …" if batching.batch_size > 2 else ""
        parts.append(f"{left} left over in each row ({names}{more}): too few for another mini-sequence.")
    else:
        parts.append("Nothing is left over in the rows.")
    parts.append(f"{only} is only a target.")
    if tail:
        parts.append(
            f"{tail} more at the end {plural(tail, 'is', 'are')} in no row: rows are of equal length."
        )
    return (
        " ".join(parts),
        f"{left} left over in each row. {only} is only a target.",
        f"{left} left over in each row",
    )


def plural(count: int, one: str, many: str = "") -> str:
    """The word for this many."""
    return one if count == 1 else many or f"{one}s"


ARROWS: dict[str, tuple[str, ...]] = {
    CARRY: ("Blue: the memory goes on. Red: the gradient is cut.", "Blue: memory. Red: gradient, cut.", ""),
    RESET: ("0: the memory begins at zero.", ""),
    UNCUT: ("Blue: the memory goes on. Red: the gradient goes back.", "Blue: memory. Red: gradient.", ""),
    SHUFFLED: ("Dashed: the memory of some other place is carried in.", "Dashed: memory from elsewhere.", ""),
}
"""What the arrows between two mini-sequences mean, by the way memory is kept, the longest first."""

ONE_BATCH = (
    "One batch: nothing to carry on. Choose “Numbers 0 to 60” to see it.",
    "One batch: nothing to carry on. Try 0 to 60.",
    "One batch: nothing to carry on.",
    "",
)
"""Said where there are no arrows."""
