"""A task small enough for tests: which of two symbols came first, asked after some fillers. As in tasks/task.py."""

from __future__ import annotations

import numpy as np

from playground.experiment import Experiment, NetworkSettings, TrainingSettings
from playground.tasks.task import (
    Answer,
    Batch,
    CurriculumState,
    Event,
    EventSequence,
    FloatArray,
    TaskDefaults,
)

ZERO, ONE, FILLER, QUESTION = range(4)
EVENTS = (
    Event("zero", "0"),
    Event("one", "1"),
    Event("filler", "-", filler=True),
    Event("ask", "?", asking=True),
)
FIRST_LEVEL, LAST_LEVEL = 2, 6


class TinyTask(TaskDefaults):
    """Symbols one-hot (4), answers zero, one and nothing. Level: the number of fillers."""

    name = "tiny"
    title = "Tiny"
    question = "What came first?"
    input_size = 4
    answers = (Answer(0, "zero", "0"), Answer(1, "one", "1"), Answer(2, "nothing", "-"))
    rivals = (0, 1)
    chance = 0.5

    def __init__(self, curriculum: bool = False) -> None:
        self.curriculum = curriculum
        self.batches_made: list[tuple[int, int]] = []
        """(update, level) of every batch that was asked for."""

    def events(self) -> tuple[Event, ...]:
        return EVENTS

    def first_level(self) -> CurriculumState:
        return CurriculumState(FIRST_LEVEL)

    def next_level(self, state: CurriculumState, right: float) -> CurriculumState:
        if not self.curriculum:
            return state
        recent = (*state.recent_right, right)[-3:]
        if len(recent) == 3 and sum(recent) >= 1.8 and state.level < LAST_LEVEL:
            return CurriculumState(state.level + 1)
        return CurriculumState(state.level, recent)

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        self.batches_made.append((update, level))
        return self._draw(np.random.default_rng([seed, update, level]), level, batch_size)

    def held_out(self, seed: int, count: int, distance: int | None = None) -> list[Batch]:
        generator = np.random.default_rng([seed, 10**9])
        sizes = [min(8, count - first) for first in range(0, count, 8)]
        return [
            self._draw(generator, FIRST_LEVEL + index % 2 if distance is None else distance, size)
            for index, size in enumerate(sizes)
        ]

    def _draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        first = generator.integers(2, size=batch_size)  # (B,)
        symbols = np.full((distance + 2, batch_size), FILLER)  # (T, B)
        symbols[0], symbols[-1] = first, QUESTION
        targets = np.full(symbols.shape, 2)
        targets[-1] = first
        weights = np.full(len(symbols), 0.5 / (len(symbols) - 1), np.float32)
        weights[-1] = 0.5
        batch = Batch(
            inputs=np.eye(4, dtype=np.float32)[symbols],  # (T, B, I)
            targets=targets,
            asked=symbols == QUESTION,
            loss_weights=weights,
            distance=distance,
        )
        for array in (batch.inputs, batch.targets, batch.asked, batch.loss_weights):
            array.setflags(write=False)
        return batch

    def probe_events(self) -> tuple[Event, ...]:
        return self.probe().events

    def probe(self) -> EventSequence:
        return self.sequence(("one", "filler", "filler", "ask"))

    def sequence(self, event_names: object) -> EventSequence:
        names = [event.name for event in EVENTS]
        symbols = np.array([names.index(name) for name in event_names])  # type: ignore[attr-defined]
        targets = np.full(len(symbols), 2)
        targets[-1] = symbols[0] % 2
        return EventSequence(
            tuple(EVENTS[symbol] for symbol in symbols),
            np.eye(4, dtype=np.float32)[symbols],
            targets,
            symbols == QUESTION,
        )

    def asking_inputs(self) -> FloatArray:
        return np.eye(4, dtype=np.float32)[QUESTION]


ALL_CELLS = ("no_memory", "rnn", "lstm", "guide_lstm", "gru")
EVERY_CELL = (*ALL_CELLS, "lstm_1997", "peephole_lstm")


def tiny_experiment(
    *cells: str,
    optimiser: str = "adam",
    seed: int = 1,
    batch_size: int = 8,
    learning_rate: float = 0.02,
    clip_norm: float = 1.0,
    units: int = 4,
) -> Experiment:
    """An experiment with these networks (none named: all five), to be trained on a TinyTask."""
    return Experiment(
        networks=tuple(
            NetworkSettings(cell, units=units, learning_rate=learning_rate, clip_norm=clip_norm)
            for cell in cells or ALL_CELLS
        ),
        training=TrainingSettings(batch_size=batch_size, optimiser=optimiser, seed=seed),
    )
