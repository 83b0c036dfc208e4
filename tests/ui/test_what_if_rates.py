"""Right answers on other sequences, in words: nothing is called a coin toss that is not one."""

from __future__ import annotations

import math

import pytest

from playground.tasks.memory_tasks.copy_memory import CopyMemory
from playground.tasks.nature_show import NatureShow
from playground.tasks.task import Task
from playground.trace.snapshot import ChangedRateAnswer
from playground.ui.what_if_rates import (
    ToldStory,
    exact_percent,
    is_chance,
    rate_story,
    rates_in_words,
    spoken,
)

NATURE = NatureShow()


def rates(right: int, changed: int, asked: int = 500, sequences: int = 500) -> ChangedRateAnswer:
    return ChangedRateAnswer(1, 1, 300, sequences, asked, {"lstm": right}, {"lstm": changed})


def told(says: str, wolf: float, right: bool, *events: str) -> ToldStory:
    return ToldStory(events, says, (wolf, 1 - wolf), right, "dog")


def test_chance_is_two_standard_errors_around_chance() -> None:
    error = math.sqrt(0.25 / 500)  # 2.2 %
    assert is_chance(round(500 * (0.5 + 1.9 * error)), 500, 0.5)
    assert is_chance(round(500 * (0.5 - 1.9 * error)), 500, 0.5)
    assert not is_chance(round(500 * (0.5 + 2.2 * error)), 500, 0.5)
    assert not is_chance(250, 500, 0.0)  # nobody knows what chance would be
    assert not is_chance(0, 0, 0.5)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.49, "49.0 %"), (1.0, "100 %"), (0.0, "0 %"), (0.9996, "99.9 %"), (0.984, "98.4 %")],
)
def test_a_counted_share_never_rounds_to_all(share: float, words: str) -> None:
    assert exact_percent(share) == words


@pytest.mark.parametrize(
    ("right", "changed", "verdict"),
    [
        (492, 251, "A coin toss"),
        (492, 228, "A coin toss"),
        (492, 345, "29.4 % of the answers are lost"),
        (492, 492, "It does without"),
        (492, 496, "It does without"),
        (492, 120, "Worse than a coin toss"),
        (10, 0, "It does not answer the question yet"),
        (255, 250, "It never knew: a coin toss even as it is"),
    ],
)
def test_the_verdict_is_what_was_measured(right: int, changed: int, verdict: str) -> None:
    story = rate_story(rates(right, changed), "lstm", NATURE)
    assert story.verdict == verdict
    assert (story.right, story.changed, story.chance) == (right / 500, changed / 500, 0.5)
    assert story.heading == "Right answers: 500 other sequences"
    assert rates_in_words(story) == f"{exact_percent(right / 500)} → {exact_percent(changed / 500)}"


def test_of_many_answers_chance_is_guessing() -> None:
    task: Task = CopyMemory()
    story = rate_story(rates(4000, 520, asked=4096, sequences=512), "lstm", task)
    assert story.verdict == "No better than guessing (12 %)"
    assert story.heading == "Right answers: 4,096 questions in 512 other sequences"


def test_another_story_with_the_same_answer_is_told_so() -> None:
    this = told("dog, 91 %", 0.052, False, "bear", "fox")
    same = told("dog, 91 %", 0.055, True, "dog", "cat")
    story = rate_story(rates(492, 251), "lstm", NATURE, (this, same))
    assert (
        story.sentences[0] == "A coin toss. After bear and fox and after dog and cat alike it says dog, 91 %."
    )
    other = told("dog, over 99 %", 0.001, True, "dog", "cat")
    story = rate_story(rates(492, 480), "lstm", NATURE, (this, other))
    assert (
        story.sentences[0]
        == "2.4 % of the answers are lost. After dog and cat it says dog, over 99 %; right."
    )
    assert "98.4 % as it is, 96.0 % what if (50 % is coin toss)" in spoken(story)
