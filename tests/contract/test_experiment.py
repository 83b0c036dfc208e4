"""Experiments go to JSON and back, and say what is impossible in them."""

import dataclasses
import json
import re

import pytest

from playground.experiment import Experiment, ExperimentError, NetworkSettings, TrainingSettings
from playground.tasks.nature_show_settings import NatureShowSettings


def changed(**values: object) -> Experiment:
    return dataclasses.replace(Experiment(), **values)


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(),
        changed(task=NatureShowSettings(flowers=(3, 7), curriculum=True)),
        changed(training=TrainingSettings(batch_size=8, optimiser="sgd", seed=9)),
        Experiment().with_network(NetworkSettings("rnn", activation="sigmoid", units=5, learning_rate=0.1)),
    ],
)
def test_json_there_and_back_is_an_equal_experiment(experiment: Experiment) -> None:
    assert Experiment.from_json(experiment.to_json()) == experiment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "the text is not JSON"),
        ("[1]", "not an object with task and networks"),
        ('{"task_name": "chess"}', "'chess', a task that is not known here"),
        ('{"networks": 3}', "'networks' is not a list"),
        ('{"task": 3}', "'task' is not an object"),
        ('{"task_name": ["anbn"]}', "a task that is not known here"),
        ('{"networks": [{"units": 3}]}', "'networks' is not complete: cell is missing."),
        ('{"networks": [{"cell": "x"}]}', "There is no network called 'x'; there are no_memory, rnn, lstm"),
        ('{"networks": [{"cell": 7}]}', "There is no network called 7;"),
        ('{"networks": [{"cell": ["rnn"]}]}', "There is no network called ('rnn',);"),
        ('{"networks": [{"cell": "rnn"}, {"cell": "rnn"}]}', "The network 'rnn' is there twice"),
        ('{"networks": [{"cell": "rnn", "enabled": "no"}]}', "'enabled' is true or false, not 'no'"),
        ('{"training": {"speed": 3}}', "a setting that is not known here: speed"),
        ('{"networks": [{"cell": "lstm", "units": 0}]}', "must be at least 1"),
        ('{"networks": [{"cell": "lstm", "units": "many"}]}', "whole number"),
        ('{"networks": []}', "Switch on at least one network"),
    ],
)
def test_what_is_not_an_experiment_is_told_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ExperimentError, match=re.escape(said)):
        Experiment.from_json(text)


def test_every_problem_names_its_place() -> None:
    experiment = changed(task=NatureShowSettings(flowers=(0, 99))).with_network(
        NetworkSettings("lstm", units=0)
    )
    assert [problem.path for problem in experiment.problems()] == ["task.flowers", "networks.lstm.units"]


def test_without_networks_there_is_nothing_to_train() -> None:
    nobody = tuple(dataclasses.replace(network, enabled=False) for network in Experiment().networks)
    assert [problem.path for problem in changed(networks=nobody).problems()] == ["networks"]


def test_an_unknown_network_is_a_sentence() -> None:
    with pytest.raises(KeyError, match="no network called elman"):
        Experiment().network("elman")


def test_the_json_is_plain_json() -> None:
    raw = json.loads(Experiment().to_json())
    assert raw["task"]["flowers"] == [0, 40]
    assert [network["cell"] for network in raw["networks"] if network["enabled"]] == [
        "no_memory",
        "rnn",
        "lstm",
        "guide_lstm",
    ]
