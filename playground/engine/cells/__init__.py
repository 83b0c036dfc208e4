"""The cells: the equations of each network, readable, in torch. This is the truth that everything else must equal.

A new cell is a file with a `Cell` in it and one line in the table below.
"""

from playground.engine.cells.cell import Cell, Quantities, Weights
from playground.engine.cells.gru import GRU
from playground.engine.cells.guide_lstm import GuideLSTM
from playground.engine.cells.lstm import LSTM
from playground.engine.cells.no_memory import NoMemory
from playground.engine.cells.rnn import RNN

CELLS: dict[str, Cell] = {
    cell.key: cell
    for cell in (
        NoMemory(),
        RNN(),
        LSTM(),
        GuideLSTM(),
        GRU(),
    )
}
"""Every cell by its key, in the order in which networks are listed."""

__all__ = ["CELLS", "Cell", "Quantities", "Weights"]
