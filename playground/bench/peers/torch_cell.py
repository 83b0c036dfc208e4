"""torch.nn's cells in a loop over the timesteps: how one trains with torch who wants to see what is inside."""

from __future__ import annotations

import torch
from torch import nn

from playground.bench.peers import Updates
from playground.bench.peers.torch_module import adam, trained
from playground.bench.same_start import SameStart

CELLS: dict[str, type[nn.RNNCell] | type[nn.LSTMCell] | type[nn.GRUCell]] = {
    "rnn": nn.RNNCell,
    "lstm": nn.LSTMCell,
    "gru": nn.GRUCell,
}


class CellLoop(nn.Module):
    """One cell, called once a timestep, and a head over all hidden states."""

    def __init__(self, start: SameStart) -> None:
        super().__init__()
        self.units = start.size.units
        self.cell = CELLS[start.cell](start.size.symbols, self.units)
        self.head = nn.Linear(self.units, start.size.symbols)
        with torch.no_grad():
            for name, parameter in self.cell.named_parameters():
                parameter.copy_(torch.from_numpy(start.parameters[name]))
            self.head.weight.copy_(torch.from_numpy(start.parameters["head_weight"]))
            self.head.bias.copy_(torch.from_numpy(start.parameters["head_bias"]))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(T, B, V) -> logits (T, B, V)."""
        zeros = inputs.new_zeros(inputs.shape[1], self.units)  # (B, H)
        hidden_states = []
        if isinstance(self.cell, nn.LSTMCell):
            hidden_state, cell_state = zeros, zeros
            for x in inputs:
                hidden_state, cell_state = self.cell(x, (hidden_state, cell_state))
                hidden_states.append(hidden_state)
        else:
            hidden_state = zeros
            for x in inputs:
                hidden_state = self.cell(x, hidden_state)
                hidden_states.append(hidden_state)
        logits: torch.Tensor = self.head(torch.stack(hidden_states))
        return logits


def make(start: SameStart) -> Updates:
    """With torch.optim.Adam as it is by default."""
    network = CellLoop(start)
    return trained(network, start, adam(network))
