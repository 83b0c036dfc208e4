"""How a network is made to write: what the window and the command line ask for."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.cell_description import Words
from playground.contract.setting import setting


@dataclass(frozen=True)
class Sampling:
    """How one symbol is chosen from what the network gives: in the order temperature, top-k, top-p."""

    temperature: float = setting(
        1.0,
        "Temperature",
        Words(
            "Below 1 the network writes more surely and repeats itself; above 1 more boldly. 0: always the likeliest.",
            "Logits are divided by it before the softmax. 0: always the argmax.",
        ),
        minimum=0.0,
        maximum=5.0,
    )
    top_k: int = setting(
        0,
        "Top k",
        "Only the k likeliest characters may be chosen. 0: all.",
        minimum=0,
        maximum=1000,
    )
    top_p: float = setting(
        1.0,
        "Top p",
        "Only the likeliest characters may be chosen: as few as together have this probability. 1: all.",
        minimum=0.01,
        maximum=1.0,
    )


@dataclass(frozen=True)
class GenerationSettings(Sampling):
    """What is to be written. `prompt`: what the network reads first; with none it begins as after a line end."""

    prompt: str = ""
    length: int = setting(
        200,
        "Length",
        "How many characters are written at most.",
        unit="characters",
        minimum=1,
        maximum=20_000,
    )
    seed: int = setting(
        1,
        "Seed of the text",
        "The same seed and the same network write the same text.",
        minimum=0,
        maximum=2**31 - 1,
    )
    stop_at_newline: bool = setting(
        False,
        "Stop at the line end",
        "On: writing ends with the line. Off: it goes on until the length is reached.",
    )
