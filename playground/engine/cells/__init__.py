"""The cells: the equations of each network, readable, in torch. This is the truth that everything else must equal.

A new cell is a file with a `CELL` in it and one line in `contract/network_catalogue.py`, whose key names the file.
"""

from importlib import import_module

from playground.contract.network_catalogue import NETWORKS
from playground.engine.cells.cell import Cell, Quantities, Weights

CELLS: dict[str, Cell] = {line.key: import_module(f"{__name__}.{line.key}").CELL for line in NETWORKS}
"""Every cell by its key, in the order in which networks are listed."""

__all__ = ["CELLS", "Cell", "Quantities", "Weights"]
