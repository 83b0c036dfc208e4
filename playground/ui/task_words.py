"""What the window calls the things of a task: its events, its loss, its question. Pure functions; no Qt.

A task says what only it can say (`Task.spoken`); everything else follows from what it is: what its loss is, where it
asks, how many answers it has. Nothing here knows any task by name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from playground.contract.cell_description import Words
from playground.tasks.task import SQUARED_ERROR, Event, Task
from playground.ui.vocabulary import plural


@dataclass(frozen=True)
class Reference:
    """A line that curves are held against: `value`, how it is written, what it is in a word or two, and why."""

    value: float
    written: str
    title: str
    sentence: Words


def event_word(task: Task) -> str:
    """What one thing that comes in is called: "picture", "symbol", "number"."""
    if task.spoken.event:
        return task.spoken.event
    return "symbol" if task.symbolic else "number"


def events_word(task: Task) -> str:
    """Several of them."""
    return plural(event_word(task))


def asks_once(task: Task) -> bool:
    """Whether one answer of a sequence counts, and not many."""
    if task.target_at == "last" or sum(event.asking for event in task.probe_events()) == 1:
        return True
    return int(task.probe().asked.sum()) == 1


def asked_at(task: Task) -> str:
    """Where the counted answers are given: " on the last picture", " at the question"; "" where all count."""
    if task.spoken.asked_at:
        return f" {task.spoken.asked_at}"
    return " at the question" if asks_once(task) else ""


def is_squared(task: Task) -> bool:
    """Whether the task's answers are numbers."""
    return task.loss == SQUARED_ERROR


def loss_titles(task: Task) -> tuple[Words, Words]:
    """The title of the loss's card, and a shorter one."""
    where = asked_at(task)
    if is_squared(task):
        return Words(f"Squared error{where}", f"Mean squared error{where}"), Words("Squared error", "MSE")
    short = "".join(f", {place}" for place in [re.sub(" (on|at) the ", "", where)] if place != where)
    return Words(f"Loss{where}", f"Cross-entropy{where}"), Words(f"Loss{short}", "Cross-entropy")


def right_titles(task: Task) -> tuple[Words, Words]:
    """The title of the right answers' card, and a shorter one."""
    where = asked_at(task)
    return Words(f"Right answers{where}", f"Accuracy{where}"), Words("Right answers", "Accuracy")


def guesser(task: Task) -> str:
    """What somebody without memory does, in two words: tosses a coin where it is one of two, else guesses."""
    if is_squared(task):
        return "no change" if task.family == "series" else "the mean"
    return "coin toss" if task.chance == 0.5 else "guessing" if guesses_alike(task) else "by rote"


def guesses_alike(task: Task) -> bool:
    """Whether chance is that of one out of so many: then its loss is known too."""
    return task.chance > 0 and abs(1.0 / task.chance - round(1.0 / task.chance)) < 1e-9


def loss_reference(task: Task) -> Reference | None:
    """The loss of somebody who remembers nothing; None where nobody knows it."""
    if is_squared(task):
        value, sentence = task.baseline()
        return Reference(value, short_number(value), guesser(task), sentence)
    if not guesses_alike(task):
        return None
    value, count = -math.log(task.chance), round(1.0 / task.chance)
    two = Words(
        f"How surprised a network is by the right answer: 0 is sure and right, {value:.2f} a coin toss between two.",
        f"Cross-entropy of the counted answers in nats: 0 is sure and right, ln 2 = {value:.2f} a coin toss.",
    )
    many = Words(
        f"How surprised a network is by the right answer: 0 is sure and right, {value:.2f} one guess out of {count}.",
        f"Cross-entropy of the counted answers in nats: 0 is sure and right, ln {count} = {value:.2f} a guess.",
    )
    return Reference(value, f"{value:.2f}", guesser(task), two if count == 2 else many)


def right_reference(task: Task) -> Reference:
    """The rate of right answers of somebody who remembers nothing."""
    if is_squared(task):
        sentence = Words(
            f"An answer counts as right when it is nearer to the target than {task.tolerance:g}.",
            f"The share of answers with an error below {task.tolerance:g}.",
        )
    else:
        sentence = task.baseline()[1]
    return Reference(task.chance, f"{100 * task.chance:.0f} %", guesser(task), sentence)


def loss_words(task: Task, value: float) -> str:
    """A loss in words."""
    if is_squared(task):
        return f"{short_number(value)} squared error"
    return f"{value:.3f} nats" if value < 0.1 else f"{value:.2f} nats"


def short_number(value: float) -> str:
    """A number with three digits that matter: "0.167", "1.43", "0.0007"."""
    if not math.isfinite(value):
        return "?"
    if value == 0:
        return "0"
    digits = max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
    return f"{value:.{digits}f}".replace("-", "−")


def fillers(task: Task, vocabulary: str) -> str:
    """What lies in between: "flowers and trees"."""
    return task.filler_words[vocabulary]


def fillers_between(events: Sequence[Event], task: Task, vocabulary: str) -> str:
    """These fillers, counted: "7 flowers and trees", "one tree"; "" for none."""
    between = [event for event in events if event.filler]
    if not between:
        return ""
    if len(between) == 1 and between[0].drawing:
        return f"one {between[0].title}"
    kinds = sorted({event.title for event in between})
    if all(event.drawing for event in between):
        return f"{len(between)} {' and '.join(plural(kind) for kind in kinds)}"
    return f"{len(between)} {fillers(task, vocabulary)}"


def story(task: Task, vocabulary: str) -> str:
    """What the network sees, and what it has to find out."""
    own = task.spoken.story[vocabulary]
    if own:
        return own
    what = events_word(task)
    if vocabulary == "guide":
        return f"A network reads these {what} one after the other. {task.question} {task.criterion.guide}"
    return f"The network reads these {what} one timestep at a time. {task.question} {task.criterion.textbook}"
