"""The words of the interface that are not part of a cell's description, in the guide's and the textbook's way.

Quantities, gates and formulas take their words from `CellDescription`; settings from their `SettingSpec`.
"""

from __future__ import annotations

from playground.contract.cell_description import Words
from playground.contract.network_catalogue import NETWORKS, remembers

WORDS: dict[str, Words] = {
    "event": Words("Event", "Input"),
    "event_symbol": Words("E", "x"),
    "long_term": Words("Long-term memory", "Cell state"),
    "long_term_symbol": Words("LTM", "c"),
    "short_term": Words("Short-term memory", "Hidden state"),
    "short_term_symbol": Words("STM", "h"),
    "forget": Words("Forget gate", "Forget gate"),
    "learn": Words("Learn gate", "Input gate × candidate"),
    "remember": Words("Remember gate", "Cell update"),
    "use": Words("Use gate", "Output gate"),
}
"""By key: what the thing is called in each vocabulary."""

NETWORK_TITLES: dict[str, Words] = {line.key: line.title for line in NETWORKS}
"""What a network is called on buttons and beside curves."""


def word(key: str, vocabulary: str) -> str:
    """The word for `key` in this vocabulary. Raises KeyError for a key that is not in the table."""
    return WORDS[key][vocabulary]


def network_title(key: str, vocabulary: str) -> str:
    """What the network is called."""
    titles = NETWORK_TITLES.get(key)
    return titles[vocabulary] if titles is not None else key


def short_network_title(key: str, vocabulary: str) -> str:
    """What the network is called where many must stand side by side."""
    short = next((line.short for line in NETWORKS if line.key == key), "")
    return short or network_title(key, vocabulary)


def network_in_a_sentence(key: str, vocabulary: str) -> str:
    """ "the LSTM"; the network without memory is called just that."""
    return f"the {network_title(key, vocabulary)}" if remembers(key) else "the network without memory"


def plural(noun: str) -> str:
    """Several of them: "flowers", "boxes", "memories"."""
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou") else f"{noun}s"
