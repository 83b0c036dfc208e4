"""The small trainings of the Batches page, as experiments: one LSTM that learns in each way of keeping memory, an echo
or the sequence that is cut on the page, and the same one at several batch sizes."""

from __future__ import annotations

from dataclasses import dataclass

from playground.experiment import Experiment, NetworkSettings, TrainingSettings
from playground.tasks.batching import CARRY, MEMORY_MODES, Batching, BatchingError
from playground.tasks.memory_tasks.echo import EchoSettings
from playground.ui.batch_sources import RibbonSource, stream_experiment
from playground.ui.trials import Trial

SEED = 2
UPDATES = 800
BATCH = 16
SPEED_BATCHES = (1, 2, 8, 32)
SPEED_UPDATES = 250
SPEED_TIMESTEPS = 20
LEAST_TIMESTEPS = 2


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

THIS, THIS_TITLE = "this", "This sequence"
"""What is learned beside the echoes: the sequence of the page, cut as it is cut there."""


@dataclass(frozen=True, eq=False)
class CutStream:
    """A sequence that can be learned, and how it is cut."""

    source: RibbonSource
    rows: int
    timesteps: int

    @property
    def unit(self) -> str:
        """What its loss is counted in."""
        assert self.source.task is not None
        return "nats a character" if self.source.task.family == "text" else "squared error"

    @property
    def sentence(self) -> str:
        """What to expect, and why."""
        assert self.source.task is not None
        things = self.source.task.things
        return (
            f"Asked is what comes next, in mini-sequences of {self.timesteps}, as they are cut above. Where memory "
            f"begins at zero, the first {things} of each are said without knowing what came before."
        )

    def problem(self) -> str:
        """Why it cannot be trained so, as a sentence; empty where it can."""
        return stream_problem(self.source, self.rows, self.timesteps)


def stream_problem(source: RibbonSource, rows: int, timesteps: int) -> str:
    """Why this sequence cannot be learned, cut like this, as a sentence; empty where it can."""
    if not source.trainable:
        return source.why_not
    try:
        Batching(source.length, rows, timesteps)
    except BatchingError as error:
        return str(error)
    if timesteps < LEAST_TIMESTEPS:
        return f"Mini-sequences of at least {LEAST_TIMESTEPS} timesteps can be trained: choose more than {timesteps}."
    return ""


Learned = EchoChoice | CutStream


def memory_trial(choice: Learned, memory: str) -> Trial:
    """The training of this way of keeping memory. Raises OSError where a typed text cannot be kept."""
    if isinstance(choice, CutStream):
        return Trial(memory, _stream(choice, memory, choice.rows, choice.timesteps), UPDATES)
    return Trial(memory, _echo(choice.echo, choice.timesteps, memory, BATCH), UPDATES)


def memory_trials(choice: Learned) -> list[Trial]:
    """All ways of keeping memory, one after the other. Raises OSError."""
    return [memory_trial(choice, memory) for memory in MEMORY_MODES]


def speed_trials(stream: CutStream | None = None) -> list[Trial]:
    """The same network and sequence at several batch sizes: how many mini-sequences a second it learns from.

    Of a stream those batch sizes that it is long enough for; without one an echo is learned. Raises OSError.
    """
    if stream is None:
        return [
            Trial(speed_key(batch), _echo(3, SPEED_TIMESTEPS, CARRY, batch), SPEED_UPDATES)
            for batch in SPEED_BATCHES
        ]
    return [
        Trial(speed_key(batch), _stream(stream, CARRY, batch, stream.timesteps), SPEED_UPDATES)
        for batch in SPEED_BATCHES
        if stream.source.length > batch * stream.timesteps
    ]


def speed_key(batch: int) -> str:
    """The key of the trial with this batch size."""
    return f"batch {batch}"


SPEED_KEYS = tuple(speed_key(batch) for batch in SPEED_BATCHES)


def _echo(echo: int, timesteps: int, memory: str, batch: int) -> Experiment:
    return Experiment(
        task=EchoSettings(echo=echo, timesteps=timesteps, memory=memory),
        networks=(_network(24),),
        training=TrainingSettings(batch_size=batch, seed=SEED),
        task_name="echo",
    )


def _stream(stream: CutStream, memory: str, rows: int, timesteps: int) -> Experiment:
    base = Experiment(networks=(_network(32),), training=TrainingSettings(seed=SEED))
    return stream_experiment(stream.source, base, memory, rows, timesteps)


def _network(units: int) -> NetworkSettings:
    return NetworkSettings("lstm", units=units, initialisation="forget_bias", forget_gate_bias=1.0)
