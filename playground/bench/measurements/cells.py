"""The cells against torch's own, in float64; traces against their equations; trained weights in torch.nn.LSTM."""

from __future__ import annotations

import random
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from playground.bench.experiments import all_networks
from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.engine.model import SequenceModel, make_model, network_generator
from playground.engine.torch_exchange import TORCH_MODULES, recurrent_state_dict, torch_module
from playground.engine.trainer import Trainer
from playground.experiment import NetworkSettings
from playground.trace.identities import largest_deviation

EXACT = Target(at_most=1e-10)
ROUNDING = Target(at_most=2e-6)
"""Traces are float32, which has seven digits; relative to the size of each sum (see `trace.identities`)."""

SHAPES = ((12, 6, 3, 4), (40, 32, 16, 16), (64, 8, 24, 48))
"""T timesteps, B sequences, I inputs, H units."""

LAYERS = (1, 2, 3)

LENGTHS = (1, 2, 3, 5, 8, 13, 21, 34, 64)
"""Timesteps of the sequences that are traced beside the probe: any pictures in any order."""


def measure(session: BenchSession) -> Iterator[Record]:
    """Deviations, each the largest of all that were compared."""
    outputs = gradients = 0.0
    cases = [(cell, layers, shape) for cell in TORCH_MODULES for layers in LAYERS for shape in SHAPES]
    with session.progress.stage("Comparing cells with torch", len(cases)) as done:
        for count, (cell, layers, shape) in enumerate(cases, 1):
            output, gradient = deviations(cell, layers, shape)
            outputs, gradients = max(outputs, output), max(gradients, gradient)
            done(count)
    names = ", ".join(kind.__name__ for kind in TORCH_MODULES.values())
    yield Record(f"cells: outputs and states of {names} against torch, float64", outputs, "", EXACT)
    yield Record(f"cells: all gradients of {names} against torch, float64", gradients, "", EXACT)
    yield from _trained(session)


def deviations(cell: str, layers: int, shape: tuple[int, int, int, int]) -> tuple[float, float]:
    """The largest differences to torch's module with the same weights: of outputs and states, and of gradients."""
    timesteps, sequences, inputs, units = shape
    settings = NetworkSettings(cell, units=units, layers=layers)
    model = make_model(settings, inputs, 5, network_generator(1, cell), torch.float64)
    module = torch_module(model)
    generator = torch.Generator().manual_seed(2)
    ours = torch.randn(timesteps, sequences, inputs, generator=generator, dtype=torch.float64)
    theirs = ours.clone()
    # Every output gets a gradient of its own.
    weighting = torch.randn(timesteps, sequences, units, generator=generator, dtype=torch.float64)
    ours.requires_grad_()
    theirs.requires_grad_()

    hidden_state, states = model.read(ours)  # (T, B, H)
    expected, last = module(theirs)
    (hidden_state * weighting).sum().backward()
    (expected * weighting).sum().backward()

    expected_states = last if isinstance(last, tuple) else (last,)
    output = [_largest(hidden_state - expected)]
    for name, state in zip(model.cell.states, expected_states, strict=True):
        output.append(_largest(torch.stack([layer[name] for layer in states]) - state))
    gradient = [_largest(_gradient(ours) - _gradient(theirs))]
    for index, layer in enumerate(model.recurrent_layers):
        for name, parameter in layer.named_parameters():
            same = module.get_parameter(f"{name}_l{index}")
            gradient.append(_largest(_gradient(parameter) - _gradient(same)))
    return max(output), max(gradient)


def _trained(session: BenchSession) -> Iterator[Record]:
    """What holds after training: every trace is what its equations say, and torch takes the weights."""
    updates = session.repetitions(300, 50)
    trainer = Trainer(all_networks())
    with session.progress.stage("Training five networks", updates) as done:
        while trainer.update < updates:
            trainer.do_update()
            done(trainer.update)
    task = trainer.task
    names = [event.name for event in task.events()]
    draw = random.Random(1)
    sequences = [task.probe(), *(task.sequence(draw.choices(names, k=length)) for length in LENGTHS)]
    worst = max(
        largest_deviation(trainer.trace(network, sequence))
        for network in trainer.networks
        for sequence in sequences
    )
    count = len(trainer.networks) * len(sequences)
    yield Record(f"cells: gate identities on {count} traces after {updates} updates", worst, "", ROUNDING)

    single, double = _in_torchs_lstm(trainer.models["lstm"], torch.from_numpy(task.probe().inputs.copy()))
    yield Record("cells: trained weights in torch.nn.LSTM, probabilities, float64", double, "", EXACT)
    yield Record("cells: trained weights in torch.nn.LSTM, probabilities, float32", single, "", ROUNDING)


def _in_torchs_lstm(model: SequenceModel, inputs: Tensor) -> tuple[float, float]:
    """The largest difference of probabilities, with the weights in a torch.nn.LSTM, in float32 and in float64."""
    found = []
    for dtype in (torch.float32, torch.float64):
        twin = SequenceModel(
            model.cell, model.input_size, model.units, model.layers, model.answers, dtype=dtype
        )
        twin.load_state_dict(model.state_dict())
        first = twin.recurrent_layers[0].get_parameter("weight_ih").shape[1]
        module = nn.LSTM(first, model.units, num_layers=model.layers, dtype=dtype)
        module.load_state_dict(recurrent_state_dict(twin))
        with torch.no_grad():
            events = inputs.to(dtype)[:, None, :]  # (T, 1, I)
            ours = torch.softmax(twin(events), dim=-1)  # (T, 1, K)
            theirs = torch.softmax(twin.head(module(twin.encode(events))[0]), dim=-1)
        found.append(_largest(ours - theirs))
    return found[0], found[1]


def _gradient(tensor: Tensor) -> Tensor:
    if tensor.grad is None:
        raise AssertionError("A weight of these cells has no gradient: it takes no part in the outputs.")
    return tensor.grad


def _largest(tensor: Tensor) -> float:
    return float(tensor.detach().abs().max())
