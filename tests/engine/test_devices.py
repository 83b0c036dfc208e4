"""Other devices than the processor: by the reference path, where torch has them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine import trainer as trainer_module
from playground.engine.kernels import readiness
from playground.engine.trainer import REFERENCE, Trainer
from playground.experiment import ExperimentError
from tests.engine.kernels import kernel_for_tests
from tests.engine.tiny_task import TinyTask, tiny_experiment

DEVICES = [
    pytest.param(
        "cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="There is no CUDA device.")
    ),
    pytest.param(
        "mps",
        marks=pytest.mark.skipif(not torch.backends.mps.is_available(), reason="There is no MPS device."),
    ),
]


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_trains_by_the_reference_path_like_the_processor(device: str) -> None:
    there = Trainer(tiny_experiment("rnn", "lstm"), task=TinyTask(), device=device)
    here = Trainer(tiny_experiment("rnn", "lstm"), task=TinyTask(), path=REFERENCE)
    assert there.path == REFERENCE
    for _ in range(20):
        ours, theirs = there.do_update(), here.do_update()
        assert ours is not None
        assert theirs is not None
        assert ours.networks["lstm"].loss == pytest.approx(theirs.networks["lstm"].loss, abs=1e-3)
    np.testing.assert_allclose(there.weights()["rnn"], here.weights()["rnn"], atol=1e-3)
    twin = there.twin()
    twin.restore(there.checkpoint())
    held_out = there.task.held_out(1, 16)
    assert twin.evaluate("lstm", held_out) == there.evaluate("lstm", held_out)
    assert there.trace("lstm", there.task.probe()).length == 4


def test_a_device_never_takes_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the processor were another device: what decides about the path is its name."""
    monkeypatch.setattr(readiness, "load", kernel_for_tests)
    monkeypatch.delenv("PLAYGROUND_PATH", raising=False)
    assert trainer_module.paths_of(tiny_experiment("rnn").networks, None, "cuda") == {"rnn": REFERENCE}


@pytest.mark.parametrize(
    ("device", "sentence"),
    [
        ("tpu", r"There is no device called 'tpu'; there are cpu, cuda, mps\."),
        (
            "cuda",
            r"This machine has no device 'cuda' that PyTorch can use; without --device the processor trains\.",
        ),
    ],
)
def test_a_device_that_is_not_there_is_refused_with_a_sentence(
    device: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ExperimentError, match=sentence):
        Trainer(tiny_experiment("rnn"), task=TinyTask(), device=device)
