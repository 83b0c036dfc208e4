"""torch.nn's own layer and a linear head, as everybody trains them. No gate is to be seen.

One-hot inputs, made beforehand (torch's layers take nothing else); cross-entropy over all timesteps; zero_grad,
backward, clip_grad_norm_, step.
"""

from __future__ import annotations

import torch
from torch import nn

from playground.bench.next_symbol import BATCHES
from playground.bench.peers import Updates
from playground.bench.same_start import BETA_1, BETA_2, CLIP_NORM, EPSILON, LEARNING_RATE, SameStart

MODULES: dict[str, type[nn.RNN] | type[nn.LSTM] | type[nn.GRU]] = {
    "rnn": nn.RNN,
    "lstm": nn.LSTM,
    "guide_lstm": nn.LSTM,
    "gru": nn.GRU,
}
"""What each of our cells is compared with: the guide's LSTM, which torch has not, with the standard one."""


class TorchNetwork(nn.Module):
    """torch.nn's layer and a head, with the start's weights."""

    def __init__(self, start: SameStart) -> None:
        super().__init__()
        self.recurrent = MODULES[start.cell](start.size.symbols, start.size.units)
        self.head = nn.Linear(start.size.units, start.size.symbols)
        with torch.no_grad():
            for name, parameter in self.recurrent.named_parameters():
                parameter.copy_(torch.from_numpy(start.parameters[name.removesuffix("_l0")]))
            self.head.weight.copy_(torch.from_numpy(start.parameters["head_weight"]))
            self.head.bias.copy_(torch.from_numpy(start.parameters["head_bias"]))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(T, B, V) -> logits (T, B, V)."""
        logits: torch.Tensor = self.head(self.recurrent(inputs)[0])
        return logits


def make(start: SameStart) -> Updates:
    """With torch.optim.Adam as it is by default."""
    network = TorchNetwork(start)
    return trained(network, start, adam(network))


def make_fused(start: SameStart) -> Updates:
    """With all of Adam in one call."""
    network = TorchNetwork(start)
    return trained(network, start, adam(network, fused=True))


def adam(network: nn.Module, fused: bool = False) -> torch.optim.Adam:
    """The optimiser of everybody in the race."""
    return torch.optim.Adam(
        network.parameters(), lr=LEARNING_RATE, betas=(BETA_1, BETA_2), eps=EPSILON, fused=fused or None
    )


def trained(network: nn.Module, start: SameStart, optimiser: torch.optim.Optimizer) -> Updates:
    """The training loop of every tutorial around a network (T, B, V) -> (T, B, V)."""
    parameters = list(network.parameters())
    symbols = start.size.symbols
    inputs = nn.functional.one_hot(torch.from_numpy(start.inputs), symbols).float()  # (8, T, B, V)
    targets = torch.from_numpy(start.targets).reshape(BATCHES, -1)  # (8, T B)
    done = 0

    def updates(count: int) -> float:
        nonlocal done
        value = 0.0
        for _ in range(count):
            batch = done % BATCHES
            loss = nn.functional.cross_entropy(network(inputs[batch]).view(-1, symbols), targets[batch])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, CLIP_NORM)
            optimiser.step()
            value = loss.item()
            done += 1
        return value

    return updates
