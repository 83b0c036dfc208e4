"""The commands of the what-if: those with keys, and those that the palette offers for the opened network."""

from __future__ import annotations

from playground.contract.cell_description import CellDescription, Words
from playground.contract.intervention import HoldQuantity, SetMemory, offered_gates, offered_memories
from playground.contract.network_catalogue import with_most_memory_first
from playground.ui.commands import Command
from playground.ui.state import UiState
from playground.ui.what_if import WhatIf
from playground.ui.what_if_words import question_of


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


def gate_that_forgets(description: CellDescription) -> str | None:
    """The gate whose shutting lets the memory go: the forget gate, the GRU's update gate; None where there is none."""
    for name in offered_gates(description):
        quantity = description.quantity(name)
        if quantity.role == "forget" and quantity.span == "zero_to_one":
            return name
    return None


def forgetting_networks(state: UiState) -> dict[str, str]:
    """The gate that forgets, by network of the moment shown: the opened one first, then those that remember most."""
    traces = state.moment.traces
    order = [key for key in (state.network, *with_most_memory_first()) if key in traces]
    gates = {key: gate_that_forgets(traces[key].description) for key in order}
    return {key: gate for key, gate in gates.items() if gate is not None}


def hold_forgetting_shut(state: UiState, what_if: WhatIf) -> None:
    """The experiment of a lecture: open a network that has a gate to forget with, go to the question, and hold that
    gate shut at every timestep, in the place of whatever is in the list. Where nothing was read yet, it says so."""
    found = forgetting_networks(state)
    if not found:
        state.set_status(NOTHING_READ)
        return
    network, gate = next(iter(found.items()))
    state.set_network(network)
    state.set_timestep(question_of(what_if.true_sequence))
    what_if.put([((HoldQuantity(gate, 0.0),), "", True)])


NOTHING_READ = "There is no network to hold a gate of yet: press Train, wait a moment, then once more."
"""What a key says that is pressed before the engine is there."""

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
