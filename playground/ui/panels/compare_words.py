"""What the field of a comparison shows of a network, and how it is said. Pure functions; no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.tasks.task import Answer, EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import figure
from playground.ui.run_words import percent
from playground.ui.task_words import short_number

RIGHT = "the right answer"
NEXT = "the character that came next"
"""In a text nobody asks: there is what came next, whoever wrote it."""


def known_answers(task: Task, sequence: EventSequence) -> NDArray[np.bool_]:
    """(T,): where there is something to hold an answer against: the timesteps that are learned; in a text every one
    but the last of a text that ends."""
    if task.family == "text":
        return np.asarray(sequence.asked | (np.arange(sequence.length) < sequence.length - 1), np.bool_)
    if task.target_at == "last" or task.family == "series":
        return np.asarray(sequence.asked, np.bool_)
    return np.ones(sequence.length, np.bool_)


def held_against(task: Task) -> str:
    """What answers are held against, in words."""
    return NEXT if task.family == "text" else RIGHT


def right_shares(trace: SequenceTrace, known: NDArray[np.bool_] | None = None) -> NDArray[np.float64] | None:
    """(T,): how much of its certainty a network gives to the right answer, NaN where none is `known`; None where
    answers are numbers."""
    if trace.loss == "squared_error":
        return None
    here = np.arange(trace.length)
    shares = trace.probabilities[here, trace.targets].astype(np.float64)
    return shares if known is None or len(known) != len(shares) else np.where(known, shares, np.nan)


def nearness(trace: SequenceTrace, asked: NDArray[np.bool_], baseline: float) -> NDArray[np.float64]:
    """(T,): how near the numbers a network says are to the right ones: 1 for exactly right, 0 from the error on that
    somebody makes who remembers nothing, the square root of `baseline`. NaN where nothing is asked.

    1 - min(1, sqrt(mean_k (said - right)^2 / baseline)).
    """
    said, right = trace.logits.astype(np.float64), trace.targets.astype(np.float64)  # (T, K)
    error = np.sqrt(((said - right.reshape(said.shape)) ** 2).mean(axis=1))  # (T,)
    near = 1.0 - np.minimum(1.0, error / max(np.sqrt(baseline), 1e-12))
    return np.where(asked[: len(near)], near, np.nan)


def answer_words(trace: SequenceTrace, answers: tuple[Answer, ...], timestep: int, asked: bool) -> str:
    """What a network says at a timestep (0-based): "wolf, 97 %: right"; where nothing is asked, nothing is judged."""
    if trace.loss == "squared_error":
        said = ", ".join(figure(float(value)) for value in np.atleast_1d(trace.probabilities[timestep])[:3])
        return said
    probabilities = trace.probabilities[timestep]
    best = int(np.argmax(probabilities))
    if not np.isfinite(probabilities).all() or best >= len(answers):
        return "no answer: its numbers have run away"
    verdict = (": right" if best == int(trace.targets[timestep]) else ": wrong") if asked else ""
    return f"{answers[best].title}, {percent(float(probabilities[best]))}{verdict}"


def legend(task: Task | None, trace: SequenceTrace | None, name: str) -> str:
    """What the colours of the field mean, for the network called `name`."""
    if trace is not None and trace.loss == "squared_error" and task is not None:
        off = short_number(float(np.sqrt(task.baseline()[0])))
        return (
            f"The stronger the colour, the nearer the {name} was to the right number; none: off by {off} or more, "
            f"as without memory."
        )
    what = held_against(task) if task is not None else RIGHT
    return f"The stronger the colour, the surer the {name} was of {what}."


def cell_words(task: Task | None, trace: SequenceTrace | None, number: float) -> str:
    """A cell's number in words: "97 % for the right answer", "off by 0.2"."""
    if trace is not None and trace.loss == "squared_error" and task is not None:
        off = (1.0 - number) * float(np.sqrt(task.baseline()[0]))
        return f"off by {figure(off)}" + ("" if number > 0 else " or more")
    return f"{percent(number)} for {held_against(task) if task is not None else RIGHT}"
