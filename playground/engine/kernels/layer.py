"""One recurrent layer over some timesteps: the table of cells, and which arrays each one's kernels work on."""

from __future__ import annotations

from playground.engine.kernels import gru, guide_lstm, lstm, lstm_1997, no_memory, peephole_lstm, rnn
from playground.engine.kernels.compiled import part
from playground.engine.kernels.memory import Memory, Parameters, Shape, Turned
from playground.engine.kernels.product import add_column_sums, add_product_of_transposed, rows

NO_MEMORY, RNN, LSTM, GUIDE_LSTM, GRU, LSTM_1997, PEEPHOLE_LSTM = range(7)
CELL_CODES = {
    "no_memory": NO_MEMORY,
    "rnn": RNN,
    "lstm": LSTM,
    "guide_lstm": GUIDE_LSTM,
    "gru": GRU,
    "lstm_1997": LSTM_1997,
    "peephole_lstm": PEEPHOLE_LSTM,
}
"""The cells that have kernels, by their key. A cell's kernels are named here and twice below."""


@part
def forward(
    shape: Shape, memory: Memory, turned: Turned, weights: Parameters, k: int, first: int, last: int
) -> None:
    """Layer k, timesteps first..last-1; W x_t + b is in `gates` already."""
    gates, hidden = memory.gates[k], memory.hidden_state[k]
    if shape.cell == LSTM:
        lstm.forward(
            gates, hidden, memory.cell_state[k], memory.output_part[k], turned.weight_hh[k], first, last
        )
    elif shape.cell == GUIDE_LSTM:
        guide_lstm.forward(
            gates,
            hidden,
            memory.cell_state[k],
            memory.kept[k],
            memory.output_part[k],
            turned.weight_hh[k],
            turned.weight_use[k],
            weights.bias_use[k],
            first,
            last,
        )
    elif shape.cell == GRU:
        gru.forward(
            gates,
            memory.from_hidden,
            memory.output_part[k],
            hidden,
            turned.weight_hh[k],
            weights.bias_hh[k],
            first,
            last,
        )
    elif shape.cell == PEEPHOLE_LSTM:
        peephole_lstm.forward(
            gates,
            hidden,
            memory.cell_state[k],
            memory.output_part[k],
            turned.weight_hh[k],
            weights.weight_peephole[k],
            first,
            last,
        )
    elif shape.cell == LSTM_1997:
        lstm_1997.forward(
            gates, hidden, memory.cell_state[k], memory.output_part[k], turned.weight_hh[k], first, last
        )
    elif shape.cell == RNN:
        rnn.forward(gates, hidden, turned.weight_hh[k], shape.squeeze, first, last)
    else:
        no_memory.forward(gates, hidden, first, last)


@part
def backward(shape: Shape, memory: Memory, weights: Parameters, k: int, first: int, last: int) -> None:
    """Layer k, timesteps last-1..first, from the loss by the hidden states to the loss by all sums."""
    gates, hidden, d_hidden, d_sums = (
        memory.gates[k],
        memory.hidden_state[k],
        memory.d_hidden[k],
        memory.d_sums[k],
    )
    d_carried = memory.d_carried[k]
    if shape.cell == LSTM:
        lstm.backward(
            gates,
            memory.cell_state[k],
            memory.output_part[k],
            d_hidden,
            d_carried,
            d_sums,
            weights.weight_hh[k],
            first,
            last,
        )
    elif shape.cell == GUIDE_LSTM:
        guide_lstm.backward(
            gates,
            memory.cell_state[k],
            memory.output_part[k],
            d_hidden,
            d_carried,
            d_sums,
            memory.d_use[k],
            weights.weight_hh[k],
            weights.weight_use[k],
            first,
            last,
        )
    elif shape.cell == GRU:
        gru.backward(
            gates,
            memory.output_part[k],
            hidden,
            d_hidden,
            d_carried,
            d_sums,
            memory.d_recurrent[k],
            weights.weight_hh[k],
            first,
            last,
        )
    elif shape.cell == PEEPHOLE_LSTM:
        peephole_lstm.backward(
            gates,
            memory.cell_state[k],
            memory.output_part[k],
            d_hidden,
            d_carried,
            d_sums,
            weights.weight_hh[k],
            weights.weight_peephole[k],
            first,
            last,
        )
    elif shape.cell == LSTM_1997:
        lstm_1997.backward(
            gates, memory.output_part[k], d_hidden, d_carried, d_sums, weights.weight_hh[k], first, last
        )
    elif shape.cell == RNN:
        rnn.backward(hidden, d_hidden, d_sums, weights.weight_hh[k], shape.squeeze, first, last)
    else:
        no_memory.backward(hidden, d_hidden, d_sums, first, last)


@part
def add_recurrent_gradients(
    shape: Shape, memory: Memory, gradient: Parameters, k: int, first: int, last: int
) -> None:
    """The gradients of all that a timestep multiplies: one product for these timesteps, while they are in the cache."""
    if shape.has_memory:
        d_recurrent = rows(memory.d_recurrent[k], 0, last - first)
        add_product_of_transposed(
            gradient.weight_hh[k], d_recurrent, rows(memory.hidden_state[k], first, last)
        )
        if shape.cell == GRU:
            add_column_sums(gradient.bias_hh[k], d_recurrent)
    if shape.cell == GUIDE_LSTM:
        d_use = rows(memory.d_use[k], 0, last - first)
        add_product_of_transposed(gradient.weight_use[k], d_use, rows(memory.kept[k], first, last))
        add_column_sums(gradient.bias_use[k], d_use)
    if shape.cell == PEEPHOLE_LSTM:
        peephole_lstm.add_peephole_gradients(
            gradient.weight_peephole[k], memory.d_sums[k], memory.cell_state[k], first, last
        )
