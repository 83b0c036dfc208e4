"""What the window calls the things of a task: every number against its own arithmetic, every sentence a sentence."""

from __future__ import annotations

import math
import re

import pytest

from playground.tasks import TASKS
from playground.tasks.task import Task
from playground.tasks.task_words import FAMILIES
from playground.ui.task_words import (
    asks_once,
    event_word,
    events_word,
    fillers_between,
    guesser,
    loss_reference,
    loss_titles,
    loss_words,
    right_reference,
    right_titles,
    short_number,
    story,
)
from playground.ui.vocabulary import plural


def made(name: str) -> Task:
    task: Task = TASKS[name](None)
    return task


@pytest.mark.parametrize("name", TASKS)
def test_every_task_can_be_spoken_of(name: str) -> None:
    task = made(name)
    assert task.family in FAMILIES
    assert re.fullmatch(r"[a-z]+", event_word(task))
    for vocabulary in ("guide", "textbook"):
        told = story(task, vocabulary)
        assert told[0].isupper()
        assert told.endswith((".", "?"))
        for titles in (loss_titles(task), right_titles(task)):
            long, short = (words[vocabulary] for words in titles)
            assert len(short) <= min(len(long), 26)
    for reference in (loss_reference(task), right_reference(task)):
        if reference is not None:
            assert math.isfinite(reference.value)
            assert reference.value > 0
            assert len(reference.title) <= 10  # it stands beside the axis
            assert reference.sentence.guide.endswith(".")


def test_the_nature_show_keeps_its_own_words() -> None:
    task = made("nature-show")
    assert [words.guide for words in loss_titles(task)] == ["Loss on the last picture", "Loss, last picture"]
    assert right_titles(task)[0].textbook == "Accuracy on the last picture"
    assert (event_word(task), events_word(task)) == ("picture", "pictures")
    reference = loss_reference(task)
    assert reference is not None
    assert reference.value == pytest.approx(math.log(2))
    assert (reference.written, reference.title) == ("0.69", "coin toss")
    assert right_reference(task).written == "50 %"


def test_one_out_of_eight_is_a_guess_and_the_mean_is_the_mean() -> None:
    recall, adding = made("delayed-recall"), made("adding")
    reference = loss_reference(recall)
    assert reference is not None
    assert reference.value == pytest.approx(math.log(8))
    assert (reference.title, right_reference(recall).written) == ("guessing", "12 %")
    reference = loss_reference(adding)
    assert reference is not None
    assert reference.value == pytest.approx(1 / 6)
    assert (reference.written, reference.title) == ("0.167", "the mean")
    assert loss_titles(adding)[0].guide.startswith("Squared error at the ")
    assert right_reference(adding).value == pytest.approx(2 * 0.08 - 0.08**2)
    assert "0.08" in right_reference(adding).sentence.guide


def test_where_the_loss_of_a_guesser_is_not_known_there_is_no_line() -> None:
    counting = made("anbn")
    assert loss_reference(counting) is None
    assert guesser(counting) == "by rote"


@pytest.mark.parametrize(
    ("name", "once"), [("delayed-recall", True), ("adding", True), ("parity", True), ("echo", False)]
)
def test_where_answers_count(name: str, once: bool) -> None:
    assert asks_once(made(name)) is once


def test_what_lies_in_between_is_counted() -> None:
    recall = made("delayed-recall")
    events = recall.probe_events()
    assert fillers_between(events, recall, "guide") == "20 flowers and trees"
    assert fillers_between(events[:2], recall, "guide") == "one flower"
    assert fillers_between(events[:1], recall, "guide") == ""
    order = made("temporal-order")
    between = [event for event in order.probe_events() if event.filler]
    assert fillers_between(order.probe_events(), order, "textbook") == f"{len(between)} distractors"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1 / 6, "0.167"),
        (0.00071234, "0.000712"),
        (1.4321, "1.43"),
        (-0.5, "−0.500"),
        (0.0, "0"),
        (123.4, "123"),
        (math.nan, "?"),
    ],
)
def test_numbers_have_three_digits_that_matter(value: float, written: str) -> None:
    assert short_number(value) == written


def test_losses_in_words() -> None:
    assert loss_words(made("adding"), 0.0421) == "0.0421 squared error"
    assert loss_words(made("parity"), 0.0421) == "0.042 nats"
    assert loss_words(made("parity"), 0.421) == "0.42 nats"


@pytest.mark.parametrize(
    ("one", "many"),
    [("flower", "flowers"), ("box", "boxes"), ("memory", "memories"), ("day", "days"), ("guess", "guesses")],
)
def test_plurals(one: str, many: str) -> None:
    assert plural(one) == many


def test_a_series_is_compared_with_no_change() -> None:
    assert guesser(TASKS["sunspots"](None)) == "no change"
    assert guesser(TASKS["adding"](None)) == "the mean"


def test_a_short_title_keeps_the_place_where_it_is_short() -> None:
    show, lag = made("nature-show"), made("long-lag")
    assert loss_titles(show)[1].guide == "Loss, last picture"
    assert loss_titles(lag)[1].guide.startswith("Loss")
    assert "  " not in loss_titles(lag)[1].guide
