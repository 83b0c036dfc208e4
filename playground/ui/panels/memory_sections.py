"""The sections of the Memory page: one table. What they hold is put together by the page."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.cell_description import Words


@dataclass(frozen=True)
class Section:
    """One section: its key, its title on the switch, what it is for, and which questions it needs answered."""

    key: str
    title: Words
    teaches: Words
    questions: tuple[str, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "sequence",
        Words("One sequence", "One sequence"),
        Words(
            "The memories of two networks over one sequence, and what is left of them.",
            "States and measures over the probe.",
        ),
        ("measures", "horizon"),
    ),
    Section(
        "gradient",
        Words("Gradient", "Gradient"),
        Words(
            "What learning meets on its way back through time, apart for both memories.",
            "Gradient norms of hidden and cell state through time.",
        ),
        ("measures", "horizon"),
    ),
    Section(
        "horizon",
        Words("How long?", "How long?"),
        Words(
            "How long does it last? Many seeds, trained in the background.",
            "Accuracy against distance over many seeds.",
        ),
        ("horizon",),
    ),
    Section(
        "units",
        Words("Units", "Units"),
        Words(
            "How long each unit keeps what it has, how fast it changes, and what it knows.",
            "Half-lives, autocorrelation times and probes of single units.",
        ),
        ("units", "horizon"),
    ),
)
"""In the order of the switch."""
