"""A task of random numbers with every kind of input, target, weight and memory: all of it to compute, none to learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.tasks.task import (
    CROSS_ENTROPY,
    SQUARED_ERROR,
    Answer,
    Batch,
    Event,
    EventSequence,
    FloatArray,
    TaskDefaults,
)


@dataclass(frozen=True)
class Kind:
    """What a batch is made of. `masked`: weights of every answer, not of every timestep. `carried`: memory goes on in
    every update but each fifth."""

    timesteps: int = 6
    inputs: int = 5
    answers: int = 3
    symbolic: bool = False
    squared: bool = False
    masked: bool = False
    carried: bool = False


class RandomTask(TaskDefaults):
    name = "random"
    title = "Random"
    question = "What now?"
    rivals = (0, 0)
    tolerance = 0.8

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.input_size = kind.inputs
        self.symbolic = kind.symbolic
        self.loss = SQUARED_ERROR if kind.squared else CROSS_ENTROPY
        self.answers = tuple(Answer(index, str(index), str(index)) for index in range(kind.answers))

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        random, kind = np.random.default_rng([seed, update]), self.kind
        shape = (kind.timesteps, batch_size)
        weights = random.random(shape if kind.masked else shape[:1])
        weights *= random.random(weights.shape) < 0.7
        weights[-1] += 0.5
        asked = random.random(shape) < 0.3
        asked[-1, 0] = True
        return Batch(
            inputs=random.integers(kind.inputs, size=shape)
            if kind.symbolic
            else random.standard_normal((*shape, kind.inputs)).astype(np.float32),
            targets=random.random((*shape, kind.answers)).astype(np.float32)
            if kind.squared
            else random.integers(kind.answers, size=shape),
            asked=asked,
            loss_weights=(weights / weights.sum()).astype(np.float32),
            distance=0,
            carried=kind.carried and update % 5 != 1,
        )

    def held_out(self, seed: int, count: int, distance: int | None = None) -> list[Batch]:
        return [self.batch(seed + 1000, update, 0, 4) for update in range(count // 4)]

    def events(self) -> tuple[Event, ...]:
        return (Event("noise", "noise"),)

    def probe_events(self) -> tuple[Event, ...]:
        return self.events() * self.kind.timesteps

    def probe(self) -> EventSequence:
        batch = self.batch(0, 0, 0, 1)
        return EventSequence(
            self.probe_events(),
            batch.inputs[:, 0].copy(),
            batch.targets[:, 0].copy(),
            batch.asked[:, 0].copy(),
        )

    def sequence(self, event_names: object) -> EventSequence:
        return self.probe()

    def asking_inputs(self) -> FloatArray:
        return np.eye(self.input_size, dtype=np.float32)[0]
