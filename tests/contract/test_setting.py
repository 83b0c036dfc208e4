"""Settings say what is wrong with a value in one sentence."""

import dataclasses
from typing import Any

import pytest

from playground.contract.setting import setting_problem, setting_specs
from playground.experiment import NetworkSettings, TrainingSettings
from playground.tasks.nature_show_settings import NatureShowSettings


def problem(owner: Any, name: str, value: Any) -> str | None:
    default = {entry.name: entry.default for entry in dataclasses.fields(owner)}[name]
    return setting_problem(setting_specs(owner)[name], value, default)


@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [
        (NetworkSettings, "units", 1),
        (NetworkSettings, "units", 128),
        (NetworkSettings, "learning_rate", 0.01),
        (NetworkSettings, "learning_rate", 1),
        (NetworkSettings, "activation", "sigmoid"),
        (TrainingSettings, "seed", 0),
        (NatureShowSettings, "flowers", (0, 60)),
        (NatureShowSettings, "flowers", (20, 20)),
        (NatureShowSettings, "curriculum", True),
    ],
)
def test_possible_values_have_no_problem(owner: Any, name: str, value: Any) -> None:
    assert problem(owner, name, value) is None


@pytest.mark.parametrize(
    ("owner", "name", "value", "said"),
    [
        (NetworkSettings, "units", 0, "Hidden units must be at least 1; 0 is too small."),
        (NetworkSettings, "units", 129, "Hidden units can be at most 128; 129 is too large."),
        (NetworkSettings, "units", 2.5, "Hidden units is a whole number, not 2.5."),
        (NetworkSettings, "units", True, "Hidden units is a whole number, not True."),
        (NetworkSettings, "learning_rate", 0.0, "Learning rate must be at least 1e-06; 0 is too small."),
        (NetworkSettings, "learning_rate", "fast", "Learning rate is a number, not 'fast'."),
        (NetworkSettings, "learning_rate", float("nan"), "Learning rate is a number, not nan."),
        (NetworkSettings, "activation", "sine", "Activation is one of tanh, sigmoid, relu, not 'sine'."),
        (
            TrainingSettings,
            "batch_size",
            100_000,
            "Batch can be at most 1024 sequences; 100000 is too large.",
        ),
        (NatureShowSettings, "flowers", (5, 61), "Flowers between can be at most 60; 61 is too large."),
        (
            NatureShowSettings,
            "flowers",
            (9, 3),
            "Flowers between goes from the smaller number to the larger: 9 is more than 3.",
        ),
        (
            NatureShowSettings,
            "flowers",
            7,
            "Flowers between is a range, two whole numbers like 0 and 40, not 7.",
        ),
        (
            NatureShowSettings,
            "flowers",
            (1.5, 3),
            "Flowers between is a range of whole numbers; 1.5 is not one.",
        ),
        (NatureShowSettings, "curriculum", 1, "Curriculum is either on or off, not 1."),
    ],
)
def test_impossible_values_are_told_in_a_sentence(owner: Any, name: str, value: Any, said: str) -> None:
    assert problem(owner, name, value) == said


@pytest.mark.parametrize("owner", [NetworkSettings, TrainingSettings, NatureShowSettings])
def test_every_default_is_possible_and_explained(owner: Any) -> None:
    for name, spec in setting_specs(owner).items():
        default = {entry.name: entry.default for entry in dataclasses.fields(owner)}[name]
        assert setting_problem(spec, default, default) is None
        for vocabulary in ("guide", "textbook"):
            assert spec.label[vocabulary]
            assert spec.help[vocabulary].endswith(".")
