"""An experiment: what is learned, by which networks, how, from which seed. Frozen, and equal means equal runs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.cell_description import Words
from playground.contract.network_catalogue import NETWORKS, network_keys
from playground.contract.setting import setting, setting_problem, setting_specs
from playground.tasks import TASKS
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.tasks.task import TaskSettings


class _SettingsOfTasks(Mapping[str, type[TaskSettings]]):
    def __getitem__(self, name: str) -> type[TaskSettings]:
        settings_type: type[TaskSettings] = TASKS[name].settings_type
        return settings_type

    def __iter__(self) -> Iterator[str]:
        return iter(TASKS)

    def __len__(self) -> int:
        return len(TASKS)


TASK_SETTINGS: Mapping[str, type[TaskSettings]] = _SettingsOfTasks()
"""What settings a task has, by its name: read off the one table of tasks when it is asked for."""

INITIALISATIONS = {
    "torch": "as in PyTorch",
    "orthogonal": "orthogonal",
    "forget_bias": "forget bias",
    "small": "small, and forget bias",
    "chrono": "chrono",
}
ACTIVATIONS = {"tanh": "tanh", "sigmoid": "sigmoid", "relu": "relu"}
SCHEDULES = {"constant": "constant", "step": "by halves", "cosine": "along a cosine"}
OPTIMISERS = {"adam": "Adam", "sgd": "SGD with momentum", "rmsprop": "RMSprop"}


DEFAULT_SEED = 2
"""Of the first ten seeds the one for a quick first look: the LSTM is right 95 % of the time after 60 updates, the
guide's after 210, and the RNN learns to hold the bear for a moment and no longer (docs/recipes.md has all ten)."""


class ExperimentError(ValueError):
    """Something in an experiment is not possible; the message is a sentence for the user."""


@dataclass(frozen=True)
class Problem:
    """One impossible setting: where it is ("networks.lstm.units") and what is wrong, as a sentence."""

    path: str
    sentence: str


@dataclass(frozen=True)
class NetworkSettings:
    """One network of an experiment. `cell` is its key in the table of cells and its name in the run."""

    cell: str
    enabled: bool = True
    units: int = setting(
        16,
        Words("Memory units", "Hidden units"),
        "How many numbers each memory holds.",
        minimum=1,
        maximum=128,
    )
    layers: int = setting(
        1, "Layers", "How many recurrent layers lie on top of each other.", minimum=1, maximum=3
    )
    dropout: float = setting(
        0.0,
        "Dropout",
        Words(
            "The share of what one layer tells the next that is hidden at random while it learns.",
            "The rate of dropout between layers, in training only; with it a network trains on the reference path.",
        ),
        minimum=0.0,
        maximum=0.9,
        only_when=lambda network: network.layers > 1,
    )
    embedding: int = setting(
        0,
        Words("Embedding", "Embedding size"),
        Words(
            "What comes in is first turned into so many numbers, which are learned too. 0: it goes in as it is.",
            "Size of a learned linear map of the inputs, an embedding for symbols. 0: none, or 16 from 65 inputs on.",
        ),
        minimum=0,
        maximum=256,
    )
    activation: str = setting(
        "tanh",
        "Activation",
        "What becomes of the sum: tanh squeezes it to -1..1, sigmoid to 0..1, relu cuts off what is below 0.",
        choices=ACTIVATIONS,
        only_for=network_keys(any_activation=True),
    )
    initialisation: str = setting(
        "torch",
        "Initial weights",
        "How the weights begin. 'forget bias' starts the forget gate open; 'small' also shrinks all other weights to a "
        "tenth; 'chrono' spreads the forget gate over many time spans.",
        choices=INITIALISATIONS,
    )
    forget_gate_bias: float = setting(
        3.0,
        Words("Forget bias", "Forget-gate bias"),
        Words(
            "Where the forget gate starts with 'forget bias' and 'small': 3 keeps 95 % of the long-term memory at "
            "each event.",
            "Initial bias of the forget gate with 'forget bias' and 'small': σ(3) = 0.95 of the cell state is kept "
            "per timestep.",
        ),
        minimum=-10.0,
        maximum=20.0,
        only_for=network_keys(gated=True),
        only_when=lambda network: network.initialisation in ("forget_bias", "small"),
    )
    input_gate_bias: float = setting(
        0.0,
        Words("Ignore bias", "Input-gate bias"),
        Words(
            "Added to where the ignore factor starts: below 0 the network begins by ignoring what happens.",
            "Added to the input gate's initial bias, whatever the initialisation: below 0 little is written at first.",
        ),
        minimum=-10.0,
        maximum=10.0,
        only_for=network_keys(input_gated=True),
    )
    output_gate_bias: float = setting(
        0.0,
        Words("Use bias", "Output-gate bias"),
        Words(
            "Added to where the use gate starts: below 0 the network begins by keeping its memory to itself.",
            "Added to the output gate's initial bias, whatever the initialisation: below 0 little is shown at first.",
        ),
        minimum=-10.0,
        maximum=10.0,
        only_for=network_keys(input_gated=True),
    )
    learning_rate: float = setting(
        0.01,
        "Learning rate",
        "How far one update goes. Too high and the loss jumps; too low and nothing seems to happen.",
        minimum=1e-6,
        maximum=10.0,
        logarithmic=True,
    )
    schedule: str = setting(
        "constant",
        "Schedule",
        "How the learning rate changes while it trains: not at all, halved again and again, or ever more gently.",
        choices=SCHEDULES,
    )
    schedule_updates: int = setting(
        1000,
        "Schedule length",
        "By halves: updates from one halving to the next. Along a cosine: updates until a hundredth of it is left.",
        unit="updates",
        minimum=1,
        maximum=10_000_000,
        logarithmic=True,
        only_when=lambda network: network.schedule != "constant",
    )
    clip_norm: float = setting(
        1.0,
        "Clip norm",
        "A gradient longer than this is shortened to it. It keeps one bad batch from throwing the network off.",
        minimum=1e-3,
        maximum=1e3,
        logarithmic=True,
    )


@dataclass(frozen=True)
class TrainingSettings:
    """What all networks of a run share."""

    batch_size: int = setting(
        32, "Batch", "How many sequences each update looks at.", unit="sequences", minimum=1, maximum=1024
    )
    optimiser: str = setting(
        "adam", "Optimiser", "The rule that turns gradients into changes of the weights.", choices=OPTIMISERS
    )
    seed: int = setting(
        DEFAULT_SEED,
        "Seed",
        "The same seed gives the same weights and the same batches, bit for bit.",
        minimum=0,
        maximum=2**31 - 1,
    )


def default_networks() -> tuple[NetworkSettings, ...]:
    """Every network of the table with the recipe that holds (numbers: docs/recipes.md), on or off as it says there."""
    return tuple(NetworkSettings(line.key, enabled=line.on, **line.recipe) for line in NETWORKS)


@dataclass(frozen=True)
class Experiment:
    """Task, networks, training, seed. Two equal experiments make the same run, bit for bit, on the same machine."""

    task: TaskSettings = NatureShowSettings()
    networks: tuple[NetworkSettings, ...] = dataclasses.field(default_factory=default_networks)
    training: TrainingSettings = TrainingSettings()
    task_name: str = "nature-show"

    @staticmethod
    def of_task(name: str) -> Experiment:
        """This task (a key of TASKS) at its defaults, with the recipe that it is learned by."""
        recipe = TASKS[name].recipe
        networks = []
        for line, network in zip(NETWORKS, default_networks(), strict=True):
            own = recipe.networks.get(line.key)
            takes_part = line.on if not recipe.networks else own is not None
            changes = {**recipe.every, **(own or {})}
            networks.append(dataclasses.replace(network, enabled=takes_part, **changes))
        return Experiment(
            task=TASK_SETTINGS[name](),
            networks=tuple(networks),
            training=TrainingSettings(**recipe.training),
            task_name=name,
        )

    @property
    def enabled_networks(self) -> tuple[NetworkSettings, ...]:
        """The networks that take part, in the order of the table."""
        return tuple(network for network in self.networks if network.enabled)

    def network(self, cell: str) -> NetworkSettings:
        """The settings of the network with this cell. Raises KeyError with a sentence."""
        for network in self.networks:
            if network.cell == cell:
                return network
        raise KeyError(f"This experiment has no network called {cell}.")

    def with_network(self, changed: NetworkSettings) -> Experiment:
        """The same experiment with this network's settings put in place of its old ones."""
        networks = tuple(changed if network.cell == changed.cell else network for network in self.networks)
        return dataclasses.replace(self, networks=networks)

    def trained_from(self, seed: int, distance: int | None = None) -> Experiment:
        """The same experiment from another seed, and at exactly this distance if one is given.

        Raises ExperimentError, with a sentence, when the task has no distance that could be chosen.
        """
        changed = dataclasses.replace(self, training=dataclasses.replace(self.training, seed=seed))
        if distance is None:
            return changed
        settings = TASKS[self.task_name](self.task).at_distance(distance)
        if settings is None:
            raise ExperimentError("This task has no length that could be chosen for training.")
        return dataclasses.replace(changed, task=settings)

    def problems(self) -> list[Problem]:
        """Everything that is impossible in this experiment; empty when it can be run."""
        found = _problems_of(self.task, "task") + _problems_of(self.training, "training")
        cells = [network.cell for network in self.networks]
        for position, network in enumerate(self.networks):
            found += _problems_of(network, f"networks.{network.cell}")
            if network.cell not in network_keys():
                known = ", ".join(network_keys())
                sentence = f"There is no network called {network.cell!r}; there are {known}."
                found.append(Problem(f"networks.{network.cell}", sentence))
            elif network.cell in cells[:position]:
                sentence = f"The network {network.cell!r} is there twice: every network takes part once."
                found.append(Problem(f"networks.{network.cell}", sentence))
            if network.enabled not in (True, False):
                sentence = (
                    f"A network takes part or does not: 'enabled' is true or false, not {network.enabled!r}."
                )
                found.append(Problem(f"networks.{network.cell}.enabled", sentence))
        if not self.enabled_networks:
            found.append(
                Problem("networks", "Switch on at least one network: with none there is nothing to train.")
            )
        return found

    def validated(self) -> Experiment:
        """Itself, if it can be run. Raises ExperimentError with the first problem's sentence."""
        found = self.problems()
        if found:
            raise ExperimentError(found[0].sentence)
        return self

    def to_json(self) -> str:
        """The experiment as JSON text that `from_json` reads back to an equal one."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    @staticmethod
    def from_json(text: str) -> Experiment:
        """The experiment in this JSON text. Raises ExperimentError with a sentence for anything that is not one."""
        try:
            raw = json.loads(text)
        except ValueError as error:
            raise ExperimentError(f"This is not an experiment: the text is not JSON ({error}).") from error
        if not isinstance(raw, dict):
            raise ExperimentError(
                "This is not an experiment: the JSON is not an object with task and networks."
            )
        name = raw.get("task_name", "nature-show")
        if not isinstance(name, str) or name not in TASK_SETTINGS:
            raise ExperimentError(f"This experiment is about '{name}', a task that is not known here.")
        networks = raw.get("networks", [])
        if not isinstance(networks, list):
            raise ExperimentError("This is not an experiment: 'networks' is not a list.")
        experiment = Experiment(
            task=_read(TASK_SETTINGS[name], raw.get("task", {}), "task"),
            networks=tuple(_read(NetworkSettings, entry, "networks") for entry in networks),
            training=_read(TrainingSettings, raw.get("training", {}), "training"),
            task_name=name,
        )
        return experiment.validated()


def _problems_of(settings: Any, path: str) -> list[Problem]:
    found = []
    defaults = {entry.name: entry.default for entry in dataclasses.fields(settings)}
    for name, spec in setting_specs(settings).items():
        sentence = setting_problem(spec, getattr(settings, name), defaults[name])
        if sentence is not None:
            found.append(Problem(f"{path}.{name}", sentence))
    return found


def _read(kind: Any, raw: Any, where: str) -> Any:
    if not isinstance(raw, dict):
        raise ExperimentError(f"In this experiment, '{where}' is not an object with settings.")
    known = {entry.name for entry in dataclasses.fields(kind)}
    unknown = sorted(set(raw) - known)
    if unknown:
        raise ExperimentError(
            f"In this experiment, '{where}' has a setting that is not known here: {unknown[0]}."
        )
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    missing = [
        entry.name
        for entry in dataclasses.fields(kind)
        if entry.name not in values
        and entry.default is dataclasses.MISSING
        and entry.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ExperimentError(f"In this experiment, '{where}' is not complete: {missing[0]} is missing.")
    return kind(**values)
