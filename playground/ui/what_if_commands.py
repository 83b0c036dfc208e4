"""The commands of the what-if: those with keys, and those that the palette offers for the opened network."""

from __future__ import annotations

from playground.contract.cell_description import CellDescription, Words
from playground.contract.intervention import HoldQuantity, SetMemory, offered_gates, offered_memories
from playground.ui.commands import Command


def palette_commands(description: CellDescription, timestep: int) -> list[Command]:
    """Hold each gate of this cell shut or open from this timestep (0-based) on; wipe each memory before it."""
    found: list[Command] = []
    here = f"t = {timestep + 1}"
    for name in offered_gates(description):
        quantity = description.quantity(name)
        if quantity.span != "zero_to_one":
            continue
        for word, value in (("shut", 0.0), ("open", 1.0)):
            found.append(
                _command(
                    f"hold_{name}_{word}",
                    Words(
                        *(f"Hold the {_lower(quantity.title[v])} {word} from here on" for v in VOCABULARIES)
                    ),
                    f"What if: from {here} on, all units.",
                    HoldQuantity(name, value, since=timestep),
                )
            )
    for name in offered_memories(description):
        quantity = description.quantity(name)
        found.append(
            _command(
                f"wipe_{name}",
                Words(*(f"Wipe the {_lower(quantity.title[v])} here" for v in VOCABULARIES)),
                f"What if: before {here} reads it, all units.",
                SetMemory(name, 0.0, at=timestep),
            )
        )
    return found


VOCABULARIES = ("guide", "textbook")


def _command(name: str, title: Words, help_sentence: str, argument: object) -> Command:
    return Command(
        f"what_if_{name}",
        title,
        Words(help_sentence, help_sentence),
        "what_if_do",
        "What if",
        icon="what_if",
        argument=argument,
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
