"""Blocks end when the window has painted its frame, not in the middle of it."""

from __future__ import annotations

import math

import pytest

from playground.contract.runner import TraceRequest
from playground.engine.records import Interruption
from playground.engine.trainer import Trainer
from playground.experiment import Experiment
from playground.runner.conductor import (
    BETWEEN_BLOCKS_SECONDS,
    BLOCK_SECONDS,
    CALM,
    Conductor,
)
from playground.runner.mailbox import AnswerBox, Mailbox
from playground.runner.rhythm import LONGEST, FrameRhythm
from playground.runner.training_run import TrainingRun
from tests.engine.tiny_task import TinyTask, tiny_experiment

FRAME, WORK = 0.032, 0.008
UPDATE = 1.0 / 1024
"""Seconds of an update: a number that adds up without rounding."""


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rhythm(clock: Clock) -> FrameRhythm:
    """After two frames, the second of which begins at 0.032 (from the first one on) and is painted at 0.040."""
    rhythm = FrameRhythm(clock)
    for _ in range(2):
        rhythm.begins()
        clock.now += WORK
        rhythm.ends()
        clock.now += FRAME - WORK
    clock.now -= FRAME - WORK
    return rhythm


def test_without_a_rhythm_every_moment_is_as_good(clock: Clock) -> None:
    rhythm = FrameRhythm(clock)
    assert rhythm.free_from(100.5, 0.004) == 100.5
    rhythm.ends()
    rhythm.begins()
    rhythm.ends()
    assert rhythm.free_from(100.01, 0.004) == 100.01  # one frame is none
    clock.now += LONGEST + 0.001
    rhythm.begins()
    assert rhythm.free_from(clock.now + 0.03, 0.004) == clock.now + 0.03  # nor are two that lie far apart


def test_what_would_end_while_the_next_frame_is_painted_ends_after_it(
    clock: Clock, rhythm: FrameRhythm
) -> None:
    next_frame = clock.now - WORK + FRAME
    painted = pytest.approx(next_frame + WORK)
    assert rhythm.free_from(next_frame + 0.001, 0.004) == painted
    assert rhythm.free_from(next_frame - 0.003, 0.004) == painted  # there would not be time enough before it
    for at in (next_frame - 0.005, next_frame + WORK + 0.001, clock.now, next_frame + 10.0):
        assert rhythm.free_from(at, 0.004) == at


def test_the_longest_of_the_last_frames_counts_and_a_key_is_none(clock: Clock, rhythm: FrameRhythm) -> None:
    clock.now += FRAME - WORK
    rhythm.begins()
    clock.now += 0.001
    rhythm.ends()
    rhythm.ends()  # what was painted for a key
    next_frame = clock.now - 0.001 + FRAME
    assert rhythm.free_from(next_frame + 0.001, 0.004) == pytest.approx(next_frame + WORK)
    rhythm.begins()  # the same frame once more
    assert rhythm.free_from(next_frame + 0.001, 0.004) == pytest.approx(next_frame + WORK)


class NotingRun(TrainingRun):
    """Notes how many updates it is asked for; each takes as long as the other."""

    def __init__(self, experiment: Experiment, run_id: int, clock: Clock) -> None:
        super().__init__(Trainer(experiment, run_id, task=TinyTask()))
        self.clock = clock
        self.asked: list[int] = []

    def some_updates(self, most, interrupted, wanted_elsewhere=lambda: False):  # type: ignore[no-untyped-def]
        assert isinstance(interrupted, Interruption)
        self.asked.append(most)
        done = super().some_updates(1, interrupted, wanted_elsewhere)
        self.clock.now += UPDATE * most
        return done * most


def test_a_block_is_longer_where_it_would_end_in_a_frame(clock: Clock) -> None:
    frame_at = math.inf

    def free_from(at: float, needed: float) -> float:
        assert needed == BETWEEN_BLOCKS_SECONDS
        return frame_at + WORK if frame_at - needed < at < frame_at + WORK else at

    runs: list[NotingRun] = []

    def make_run(experiment: Experiment, run_id: int) -> TrainingRun:
        runs.append(NotingRun(experiment, run_id, clock))
        return runs[-1]

    conductor = Conductor(make_run, Mailbox(), AnswerBox(), lambda: CALM, clock, free_from=free_from)
    conductor.load(1, 1, tiny_experiment("rnn"), lambda: False)
    conductor.start()
    usual = int(BLOCK_SECONDS / UPDATE)
    while runs[0].asked[-1:] != [usual]:
        conductor.train_if_due()
    frame_at = clock.now + BLOCK_SECONDS
    conductor.train_if_due()
    assert runs[0].asked[-1] == math.ceil((BLOCK_SECONDS + WORK) / UPDATE)
    assert clock.now >= frame_at + WORK
    conductor.train_if_due()
    assert runs[0].asked[-1] == usual
    frame_at = clock.now + BLOCK_SECONDS + WORK
    conductor.train_if_due()
    assert runs[0].asked[-1] == usual
    conductor.ask(1, 1, TraceRequest())  # whoever asks does not wait for that
    frame_at = clock.now + BLOCK_SECONDS
    conductor.train_if_due()
    assert runs[0].asked[-1] == usual
