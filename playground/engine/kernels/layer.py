"""One recurrent layer over some timesteps: the table of cells, and which arrays each one's kernels work on."""

from __future__ import annotations

from playground.engine.kernels import gru, guide_lstm, lstm, no_memory, rnn
from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.layer_weights import LayerWeights
from playground.engine.kernels.memory import Memory, Shape
from playground.engine.kernels.product import add_column_sums, add_product_of_transposed, rows

NO_MEMORY, RNN, LSTM, GUIDE_LSTM, GRU = range(5)
CELL_CODES = {"no_memory": NO_MEMORY, "rnn": RNN, "lstm": LSTM, "guide_lstm": GUIDE_LSTM, "gru": GRU}
"""The cells that have kernels, by their key. A cell's kernels are named here and twice below."""


@compiled
def forward(shape: Shape, memory: Memory, weights: LayerWeights, k: int, first: int, last: int) -> None:
    """Layer k, timesteps first..last-1; W x_t + b is in `gates` already."""
    gates, hidden = memory.gates[k], memory.hidden_state[k]
    if shape.cell == LSTM:
        lstm.forward(
            gates, hidden, memory.cell_state[k], memory.output_part[k], memory.weight_hh_t[k], first, last
        )
    elif shape.cell == GUIDE_LSTM:
        guide_lstm.forward(
            gates,
            hidden,
            memory.cell_state[k],
            memory.kept[k],
            memory.output_part[k],
            memory.weight_hh_t[k],
            memory.weight_use_t[k],
            weights.bias_use,
            first,
            last,
        )
    elif shape.cell == GRU:
        gru.forward(
            gates,
            memory.from_hidden,
            memory.output_part[k],
            hidden,
            memory.weight_hh_t[k],
            weights.bias_hh,
            first,
            last,
        )
    elif shape.cell == RNN:
        rnn.forward(gates, hidden, memory.weight_hh_t[k], shape.tanh, first, last)
    else:
        no_memory.forward(gates, hidden, first, last)


@compiled
def backward(shape: Shape, memory: Memory, weights: LayerWeights, k: int, first: int, last: int) -> None:
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
            weights.weight_hh,
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
            weights.weight_hh,
            weights.weight_use,
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
            weights.weight_hh,
            first,
            last,
        )
    elif shape.cell == RNN:
        rnn.backward(hidden, d_hidden, d_sums, weights.weight_hh, shape.tanh, first, last)
    else:
        no_memory.backward(hidden, d_hidden, d_sums, first, last)


@compiled
def add_recurrent_gradients(
    shape: Shape, memory: Memory, gradient: LayerWeights, k: int, first: int, last: int
) -> None:
    """The gradients of all that a timestep multiplies: one product for these timesteps, while they are in the cache."""
    if shape.has_memory:
        d_recurrent = rows(memory.d_recurrent[k], 0, last - first)
        add_product_of_transposed(gradient.weight_hh, d_recurrent, rows(memory.hidden_state[k], first, last))
        if shape.cell == GRU:
            add_column_sums(gradient.bias_hh, d_recurrent)
    if shape.cell == GUIDE_LSTM:
        d_use = rows(memory.d_use[k], 0, last - first)
        add_product_of_transposed(gradient.weight_use, d_use, rows(memory.kept[k], first, last))
        add_column_sums(gradient.bias_use, d_use)


@compiled
def input_bias(shape: Shape, memory: Memory, weights: LayerWeights) -> None:
    """What is added to the product of the inputs: both of torch's biases, but in the GRU its own alone."""
    for row in range(shape.rows):
        memory.bias[row] = weights.bias_ih[row]
    if shape.has_memory and shape.cell != GRU:
        for row in range(shape.rows):
            memory.bias[row] += weights.bias_hh[row]


@compiled
def finish_biases(shape: Shape, gradient: LayerWeights) -> None:
    """torch's second bias is added to the first one, so its gradient is the same; but in the GRU its own."""
    if shape.has_memory and shape.cell != GRU:
        for row in range(shape.rows):
            gradient.bias_hh[row] = gradient.bias_ih[row]


@compiled
def hand_back(shape: Shape, memory: Memory, k: int) -> None:
    """The first timestep of this chunk is the one after the last of the chunk before."""
    if shape.has_memory:
        for b in range(shape.batch):
            for row in range(shape.rows):
                memory.d_recurrent[k, shape.chunk, b, row] = memory.d_recurrent[k, 0, b, row]


@compiled
def begin_at_the_end(shape: Shape, memory: Memory, k: int, timesteps: int) -> None:
    """Nothing comes back from after the last timestep: zeros in the place of `timesteps`, in the last chunk."""
    memory.d_carried[k] = 0.0
    if shape.has_memory:
        memory.d_recurrent[k, timesteps - (timesteps - 1) // shape.chunk * shape.chunk] = 0.0
