"""Every task's recipe makes an experiment that can be run, and the nature show's is the default."""

import dataclasses

import pytest

from playground.contract.network_catalogue import NETWORKS
from playground.experiment import Experiment, NetworkSettings
from playground.tasks import TASKS
from playground.tasks.recipe import Recipe


@pytest.mark.parametrize("name", TASKS)
def test_a_task_s_experiment_can_be_run_and_kept(name: str) -> None:
    experiment = Experiment.of_task(name)
    assert experiment.problems() == []
    assert [network.cell for network in experiment.networks] == [line.key for line in NETWORKS]
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert TASKS[name](experiment.task).name == name
    recipe = TASKS[name].recipe
    assert not recipe.measured or recipe.measured.endswith(".")


def test_the_nature_show_is_the_default() -> None:
    assert Experiment.of_task("nature-show") == Experiment()


def test_a_recipe_switches_networks_on_and_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(
        every={"units": 4},
        networks={"rnn": {}, "lstm_1997": {"input_gate_bias": -1.0, "learning_rate": 0.02}},
        training={"batch_size": 8},
    )
    monkeypatch.setattr(TASKS["nature-show"], "recipe", recipe)
    experiment = Experiment.of_task("nature-show")
    assert [network.cell for network in experiment.enabled_networks] == ["rnn", "lstm_1997"]
    assert {network.units for network in experiment.networks} == {4}
    assert experiment.network("rnn") == NetworkSettings("rnn", units=4)
    assert experiment.network("lstm_1997") == NetworkSettings(
        "lstm_1997", units=4, input_gate_bias=-1.0, learning_rate=0.02
    )
    assert experiment.training == dataclasses.replace(Experiment().training, batch_size=8)


def test_a_recipe_without_networks_changes_those_that_take_part_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TASKS["nature-show"], "recipe", Recipe(every={"clip_norm": 5.0}))
    experiment = Experiment.of_task("nature-show")
    assert [n.cell for n in experiment.enabled_networks] == [line.key for line in NETWORKS if line.on]
    assert {network.clip_norm for network in experiment.networks} == {5.0}
