"""The small trainings of the Batches page, as experiments: one LSTM that learns an echo in each way of keeping memory,
and the same one at several batch sizes."""

from __future__ import annotations

from dataclasses import dataclass

from playground.experiment import Experiment, NetworkSettings, TrainingSettings
from playground.tasks.batching import CARRY, MEMORY_MODES
from playground.tasks.memory_tasks.echo import EchoSettings
from playground.ui.trials import Trial

SEED = 2
UPDATES = 800
BATCH = 16
SPEED_BATCHES = (1, 2, 8, 32)
SPEED_UPDATES = 250
SPEED_TIMESTEPS = 20


@dataclass(frozen=True)
class EchoChoice:
    """An echo and the mini-sequences it is learned from. `sentence`: what to expect, and why."""

    key: str
    title: str
    echo: int
    timesteps: int
    sentence: str


ECHOES = (
    EchoChoice(
        "shorter",
        "Short echo",
        3,
        20,
        "Asked is the letter three back, in mini-sequences of twenty. Where memory is lost between two of them, the "
        "first three of twenty cannot be known.",
    ),
    EchoChoice(
        "longer",
        "Long echo",
        6,
        5,
        "Asked is the letter six back, in mini-sequences of five: it is always in an earlier one, and only a gradient "
        "that is not cut can teach it.",
    ),
)


def memory_trial(choice: EchoChoice, memory: str) -> Trial:
    """The training of this way of keeping memory."""
    return Trial(memory, _experiment(choice.echo, choice.timesteps, memory, BATCH), UPDATES)


def memory_trials(choice: EchoChoice) -> list[Trial]:
    """All ways of keeping memory, one after the other."""
    return [memory_trial(choice, memory) for memory in MEMORY_MODES]


def speed_trials() -> list[Trial]:
    """The same network and stream at several batch sizes: how many mini-sequences a second it learns from."""
    return [
        Trial(speed_key(batch), _experiment(3, SPEED_TIMESTEPS, CARRY, batch), SPEED_UPDATES)
        for batch in SPEED_BATCHES
    ]


def speed_key(batch: int) -> str:
    """The key of the trial with this batch size."""
    return f"batch {batch}"


def _experiment(echo: int, timesteps: int, memory: str, batch: int) -> Experiment:
    return Experiment(
        task=EchoSettings(echo=echo, timesteps=timesteps, memory=memory),
        networks=(NetworkSettings("lstm", units=24, initialisation="forget_bias", forget_gate_bias=1.0),),
        training=TrainingSettings(batch_size=batch, seed=SEED),
        task_name="echo",
    )
