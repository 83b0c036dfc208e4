"""The table of networks: one line each. Everything that lists networks is made from it.

A new network is its cell in `engine/cells/<key>.py` (and kernels, if it has any, in `engine/kernels/<key>.py`), its
test, and one line here. From the line come its place in an experiment, its recipe, what it is called, its colour and
line style, and which questions about memory can be asked of it; all else follows from the cell's description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.contract.cell_description import Words

Slot = Literal["blue", "amber", "grey", "violet", "teal", "brown", "green", "rose"]
"""A place in the palette of networks: colour for light and dark, ink for text, line style (`ui/theme.py`)."""


@dataclass(frozen=True)
class NetworkLine:
    """One network. `key` is the name of its file in `engine/cells`, of its cell and of the network in an experiment.

    `title`: on buttons and beside curves; `short`: where there is no room for it (empty: the title). `slot`: its
    colours; no two networks share one. `remembers`: whether anything is carried from one timestep to the next;
    `cell_state`: whether that is a long-term memory beside the short-term one; `gated`: whether a gate decides how
    much of the memory is kept (in the GRU the update gate does); `input_gated`: whether gates of their own let new
    things in and show what is kept; `any_activation`: whether what squeezes its sum can be chosen. `on`: whether it
    takes part unless told otherwise. `recipe`: settings that differ from the defaults of `NetworkSettings` and that
    its success rates were measured with.
    """

    key: str
    title: Words
    slot: Slot
    remembers: bool = True
    cell_state: bool = False
    gated: bool = False
    input_gated: bool = False
    any_activation: bool = False
    on: bool = True
    recipe: Mapping[str, Any] = field(default_factory=dict)
    short: str = ""

    @property
    def typed(self) -> str:
        """The name as it is written on the command line: guide-lstm for guide_lstm."""
        return self.key.replace("_", "-")


OPEN_FORGET_GATE = {"initialisation": "forget_bias"}

# fmt: off
NETWORKS: tuple[NetworkLine, ...] = (
    NetworkLine("no_memory", Words("No memory", "Feed-forward"), "grey", remembers=False, short="none"),
    NetworkLine("rnn", Words("RNN", "RNN"), "amber", any_activation=True),
    NetworkLine("lstm", Words("LSTM", "LSTM"), "blue", cell_state=True, gated=True, input_gated=True, recipe=OPEN_FORGET_GATE),  # noqa: E501
    NetworkLine("guide_lstm", Words("LSTM (guide)", "LSTM (guide)"), "teal", cell_state=True, gated=True, input_gated=True, recipe=OPEN_FORGET_GATE | {"clip_norm": 0.3}, short="guide"),  # noqa: E501
    NetworkLine("gru", Words("GRU", "GRU"), "violet", gated=True, on=False),
    NetworkLine("lstm_1997", Words("LSTM of 1997", "LSTM (1997)"), "brown", cell_state=True, input_gated=True, on=False, short="1997"),  # noqa: E501
    NetworkLine("peephole_lstm", Words("LSTM (peepholes)", "Peephole LSTM"), "green", cell_state=True, gated=True, input_gated=True, on=False, recipe=OPEN_FORGET_GATE, short="peepholes"),  # noqa: E501
)
# fmt: on
"""Every network, in the order in which networks are listed everywhere."""


def network_line(key: str) -> NetworkLine:
    """The line of this network. Raises KeyError with a sentence."""
    for line in NETWORKS:
        if line.key == key:
            return line
    raise KeyError(
        f"There is no network called {key!r}; there are {', '.join(line.key for line in NETWORKS)}."
    )


def network_keys(**wanted: bool) -> tuple[str, ...]:
    """The networks of which all this is so, in the order of the table: `network_keys(gated=True)`."""
    return tuple(
        line.key for line in NETWORKS if all(getattr(line, name) is each for name, each in wanted.items())
    )


def with_most_memory_first() -> tuple[str, ...]:
    """All networks: a long-term memory before a gated one, that before a plain one, no memory last."""
    ranked = sorted(NETWORKS, key=lambda line: (not line.cell_state, not line.gated, not line.remembers))
    return tuple(line.key for line in ranked)


def remembers(key: str) -> bool:
    """Whether this network carries anything on; a network that is not in the table is taken to."""
    return key in network_keys(remembers=True) or key not in network_keys()
