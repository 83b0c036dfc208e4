"""The losses, written out number by number: what both paths are held to."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from playground.engine.network_training import NetworkTraining, TensorBatch
from playground.experiment import NetworkSettings, TrainingSettings
from tests.engine.random_task import Kind, RandomTask


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("squared", [False, True])
def test_the_loss_is_its_definition(squared: bool, masked: bool) -> None:
    task = RandomTask(Kind(squared=squared, masked=masked))
    training = NetworkTraining(NetworkSettings("rnn", units=3), TrainingSettings(batch_size=4), task)
    batch = task.batch(1, 2, 0, 4)
    outputs = np.random.default_rng(3).standard_normal((6, 4, 3)).astype(np.float32)
    loss = asked_loss = right = 0.0
    for t in range(6):
        for b in range(4):
            said = [float(x) for x in outputs[t, b]]
            if squared:
                aims = [float(x) for x in batch.targets[t, b]]
                each = sum((x - aim) ** 2 for x, aim in zip(said, aims, strict=True)) / 3
                is_right = all(abs(x - aim) < task.tolerance for x, aim in zip(said, aims, strict=True))
            else:
                aim = int(batch.targets[t, b])
                each = math.log(sum(math.exp(x) for x in said)) - said[aim]
                is_right = max(range(3), key=said.__getitem__) == aim
            weight = float(batch.loss_weights[t, b]) if masked else float(batch.loss_weights[t]) / 4
            loss += weight * each
            if batch.asked[t, b]:
                asked_loss += each
                right += is_right
    _, found = training.judge(torch.tensor(outputs), TensorBatch.of(batch))
    asked = int(batch.asked.sum())
    assert found.loss == pytest.approx(loss, rel=1e-5)
    assert found.asked_loss == pytest.approx(asked_loss / asked, rel=1e-5)
    assert found.right == pytest.approx(right / asked)
    counted = task.right(batch, outputs)[batch.asked].sum()
    assert counted == right


@pytest.mark.parametrize("kind", [Kind(squared=True, masked=True), Kind(symbolic=True, carried=True)])
def test_its_gradient_is_that_of_finite_differences(kind: Kind) -> None:
    """Through encoder, two layers, memory that was carried and head, in float64."""
    task = RandomTask(kind)
    settings = NetworkSettings("lstm", units=3, layers=2, embedding=2)
    training = NetworkTraining(settings, TrainingSettings(batch_size=2), task)
    model = training.model.double()
    made = task.batch(1, 2, 0, 2)
    inputs = torch.tensor(made.inputs)
    batch = TensorBatch(
        inputs if kind.symbolic else inputs.double(),
        torch.tensor(made.targets).double() if kind.squared else torch.tensor(made.targets),
        torch.tensor(made.asked),
        torch.tensor(made.loss_weights).double(),
    )
    states = training._unstacked(torch.rand(2, 2, 2, 3, generator=torch.Generator().manual_seed(1)).double())
    parameters = [parameter.detach().requires_grad_() for parameter in model.parameters()]
    names = [name for name, _ in model.named_parameters()]

    def loss(*values: torch.Tensor) -> torch.Tensor:
        outputs = torch.func.functional_call(
            model, dict(zip(names, values, strict=True)), (batch.inputs, states if made.carried else None)
        )
        return training.judge(outputs, batch)[0]

    assert torch.autograd.gradcheck(loss, parameters)
