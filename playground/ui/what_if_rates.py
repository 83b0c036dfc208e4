"""Whether a network still knows, in words: right answers on many sequences with something changed in it. Pure, no Qt.

Nothing is called a coin toss that was not measured: of N questions, as many right as somebody who remembers nothing
gets, up to two standard errors sqrt(p (1 - p) / N).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from playground.tasks.task import EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import ChangedRateAnswer
from playground.ui.run_words import percent
from playground.ui.task_words import guesser
from playground.ui.what_if_words import question_of, said

STANDARD_ERRORS = 2.0
SAME_PROBABILITY = 0.02
"""Two answers whose probabilities differ by less are told as the same."""
MOST_TOLD = 2
"""How many events of a story are named."""


@dataclass(frozen=True)
class RateStory:
    """What is shown: the shares of right answers as it is and with the what-if (0..1), that of somebody who remembers
    nothing (`chance`, called `guesser`; 0: unknown), over what, and sentences, the longest way of saying it first."""

    right: float
    changed: float
    chance: float
    guesser: str
    heading: str
    verdict: str
    sentences: tuple[str, ...]


def is_chance(hits: int, asked: int, chance: float) -> bool:
    """Whether so many right answers are what somebody gets who remembers nothing."""
    if not asked or chance <= 0.0:
        return False
    return abs(hits / asked - chance) <= STANDARD_ERRORS * math.sqrt(chance * (1.0 - chance) / asked)


def exact_percent(share: float) -> str:
    """A counted share with one digit behind the point: "49.0 %", "100 %"."""
    rounded = f"{100 * share:.1f} %"
    return f"{100 * share:.0f} %" if share in (0.0, 1.0) else rounded if rounded != "100.0 %" else "99.9 %"


def rate_story(
    rates: ChangedRateAnswer, network: str, task: Task, stories: tuple[ToldStory, ...] = ()
) -> RateStory:
    """Everything the panel says about it. `stories`: what the changed network says after this story and another one."""
    hits, before, asked = rates.changed[network], rates.right[network], max(1, rates.asked)
    verdict = _verdict(before, hits, asked, task.chance)
    many = asked != rates.sequences
    questions = f"{asked:,} questions in {rates.sequences:,}" if many else f"{rates.sequences:,}"
    heading = f"Right answers: {questions} other sequences"
    told = _told(stories)
    sentences = tuple(f"{verdict}. {each}" for each in told) or (f"{verdict}.",)
    return RateStory(before / asked, hits / asked, task.chance, guesser(task), heading, verdict, sentences)


def _verdict(before: int, hits: int, asked: int, chance: float) -> str:
    """In a few words, without a full stop."""
    guess = "a coin toss" if chance == 0.5 else f"no better than guessing ({100 * chance:.0f} %)"
    if is_chance(before, asked, chance):
        return f"It never knew: {guess} even as it is"
    if before < chance * asked:
        return "It does not answer the question yet"
    if is_chance(hits, asked, chance):
        return f"{guess[0].upper()}{guess[1:]}"
    if hits < chance * asked:
        return f"Worse than {'a coin toss' if chance == 0.5 else 'guessing'}"
    lost = (before - hits) / asked
    if lost <= 0.0:
        return "It does without"
    return f"{exact_percent(lost)} of the answers are lost"


@dataclass(frozen=True, eq=False)
class ToldStory:
    """A sequence, what the changed network computes on it, and its words: "dog, 91 %"."""

    events: tuple[str, ...]
    says: str
    probabilities: tuple[float, ...]
    right: bool
    truth: str


def told_story(sequence: EventSequence, trace: SequenceTrace, task: Task) -> ToldStory | None:
    """What a network says at the question of a story; None where answers are no classes, nothing tells a
    story, or more than one question is asked."""
    at = question_of(sequence)
    if trace.loss != "cross_entropy" or sequence.targets.ndim != 1 or at >= trace.length:
        return None
    if int(sequence.asked.sum()) != 1:
        return None
    told: list[str] = []
    for event in sequence.events[:at]:
        if not event.filler and not event.asking and event.title not in told:
            told.append(event.title)
    if not told:
        return None
    best, truth = int(trace.probabilities[at].argmax()), int(sequence.targets[at])
    return ToldStory(
        tuple(told[:MOST_TOLD]),
        said(trace, task.answers, task.rivals, at),
        tuple(map(float, trace.probabilities[at])),
        best == truth,
        task.answers[truth].title,
    )


def _told(stories: tuple[ToldStory, ...]) -> tuple[str, ...]:
    """Both stories in one sentence, several lengths; () where there are not two."""
    if len(stories) != 2:
        return ()
    this, other = stories
    mine, its = (" and ".join(story.events) for story in stories)
    away = max(abs(a - b) for a, b in zip(this.probabilities, other.probabilities, strict=True))
    if away < SAME_PROBABILITY:
        return (
            f"After {mine} and after {its} alike it says {other.says}.",
            f"After {its} it says the same: {other.says}.",
            "It says the same after the other story.",
        )
    judged = "right" if other.right else f"{other.truth} would be right"
    return (f"After {its} it says {other.says}; {judged}.", f"After {its}: {other.says}.")


def waiting_words(sequences: int) -> str:
    """While the answer is on its way."""
    return f"Asking {sequences:,} other sequences ..."


def rates_in_words(story: RateStory) -> str:
    """Both shares in one line: "98.6 % → 49.0 %"."""
    return f"{exact_percent(story.right)} → {exact_percent(story.changed)}"


def spoken(story: RateStory) -> str:
    """All of it as plain text, for who cannot see it."""
    chance = f" ({percent(story.chance)} is {story.guesser})" if story.chance > 0 else ""
    return (
        f"{story.heading}: {exact_percent(story.right)} as it is, {exact_percent(story.changed)} what if{chance}. "
        + (story.sentences[0])
    )
