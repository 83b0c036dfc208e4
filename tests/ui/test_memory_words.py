"""What the Memory page says follows from the numbers it is given, and from nothing else."""

import math

import pytest

from playground.tasks import TASKS
from playground.tasks.nature_show import NatureShow
from playground.trace.verdict import MemoryVerdict, Verdict, memory_verdict
from playground.ui.panels.memory_definitions import DEFINITIONS
from playground.ui.panels.memory_words import (
    UNTRAINED,
    asked_words,
    forget_product_words,
    gradient_words,
    half_life_words,
    latched_sentence,
    listed,
    memory_words_of,
    page_sentence,
    power_of_ten,
    share_in_words,
    survives_words,
    verdict_details,
    verdict_headlines,
)

DISTANCES = (0, 5, 10, 20, 40, 60)
SHOW = memory_words_of(NatureShow(), "guide")


def judged(*right: int) -> MemoryVerdict:
    return memory_verdict(DISTANCES, right, (256,) * 6)


REMEMBERS = judged(256, 256, 256, 256, 256, 256)
FORGOT = judged(256, 256, 190, 130, 128, 126)
NEVER = judged(128, 128, 128, 128, 128, 128)
LEARNING = judged(180, 150, 128, 128, 128, 128)
UNSTEADY = judged(256, 256, 255, 240, 225, 205)
NOTHING = judged(0, 0, 0, 0, 0, 0)


def test_hover_words_tell_value_network_and_timestep() -> None:
    assert survives_words("lstm", "guide", 0.83, 0, 6) == (
        "timestep 7: the LSTM keeps 83 % of what it knew at timestep 1"
    )
    assert survives_words("rnn", "guide", 3e-12, 1, 8) == (
        "timestep 9: the RNN keeps about 10⁻¹² of what it knew at timestep 2"
    )
    assert "keeps nothing" in survives_words("no_memory", "guide", 0.0, 0, 3)
    assert "the network without memory" in survives_words("no_memory", "guide", 0.0, 0, 3)
    assert survives_words("rnn", "guide", 2.5, 0, 3).endswith("at 2.5 times its strength")
    assert "counted from here" in survives_words("rnn", "guide", 1.0, 4, 4)
    assert "before timestep 5" in survives_words("rnn", "guide", math.nan, 4, 2)
    assert forget_product_words("lstm", "textbook", 0.5, 0, 3) == (
        "timestep 4: the forget gates of the LSTM alone let 50 % of timestep 1's cell state through"
    )


def test_asked_now_names_the_answer_that_is_ahead() -> None:
    rivals = ("wolf", "dog")
    assert asked_words("lstm", "guide", 0.97, rivals, 3) == (
        "timestep 4: asked now, the LSTM would say wolf, 97 %"
    )
    assert asked_words("rnn", "guide", 0.12, rivals, 0).endswith("would say dog, 88 %")
    assert asked_words("rnn", "guide", 0.51, rivals, 0).endswith("would toss a coin: wolf 51 %")


def test_no_gradient_is_said_so() -> None:
    assert "no gradient at all" in gradient_words("rnn", "guide", math.nan, 2, 9)
    assert "no gradient of the RNN reaches" in gradient_words("rnn", "guide", 0.0, 2, 9)
    assert "starts here" in gradient_words("rnn", "guide", 1.0, 9, 9)
    assert gradient_words("lstm", "guide", 0.034, 2, 9) == (
        "timestep 3: 3 % of the gradient of the LSTM reaches this timestep"
    )


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "nothing"),
        (0.5, "50 %"),
        (0.004, "0.40 %"),
        (2e-7, "about 10⁻⁷"),
        (1.0, "100 %"),
        (12.0, "12.0 times"),
    ],
)
def test_shares_of_any_size(share: float, words: str) -> None:
    assert share_in_words(share) == words


def test_powers_of_ten() -> None:
    assert [power_of_ten(value) for value in (1.0, 10.0, 1e-8, 3e-10, 0.0)] == [
        "1",
        "10",
        "10⁻⁸",
        "10⁻¹⁰",
        "0",
    ]


def test_half_lives() -> None:
    assert half_life_words(3, 23.2, "guide") == (
        "unit 4: half of its long-term memory is gone after 23 timesteps"
    )
    assert half_life_words(0, 1.0, "textbook") == "unit 1: half of its cell state is gone after 1.0 timestep"
    assert "outlasts 500" in half_life_words(0, math.inf, "guide")
    assert "wiped at every timestep" in half_life_words(0, 0.0, "guide")


def test_forgot_is_said_only_of_one_that_was_right_with_nothing_in_between() -> None:
    assert "forgot" in verdict_headlines(FORGOT)[0]
    for other in (REMEMBERS, NEVER, LEARNING, UNSTEADY, NOTHING):
        assert "forgot" not in " ".join(verdict_headlines(other))
    assert verdict_headlines(NEVER, words=SHOW)[0] == "never learned to hold the bear"
    assert verdict_headlines(NEVER)[0] == "never learned to hold the beginning"
    assert verdict_headlines(FORGOT, words=memory_words_of(TASKS["delayed-recall"](None), "guide"))[0] == (
        "forgot: a guess after 20"
    )
    assert "yet" in verdict_headlines(NEVER, settled=False)[0]
    assert FORGOT.lost_from == 20
    assert "20" in verdict_headlines(FORGOT)[0]


def test_details_tell_the_rates() -> None:
    assert verdict_details(FORGOT) == (
        "100 % right with 0 in between, 49 % with 60",
        "100 % right after 0, 49 % after 60",
    )
    assert verdict_details(NEVER)[0] == "50 % right with 0 in between: chance"
    assert verdict_details(NOTHING)[1] == "0 % right after 0: below chance"
    assert verdict_details(UNSTEADY)[0].endswith("80 % with 60")
    assert verdict_details(memory_verdict((0,), (256,), (256,)))[0] == "100 % right with 0 in between"


def test_the_sentence_below_the_title_is_true_of_what_was_measured() -> None:
    both = {"rnn": FORGOT, "lstm": REMEMBERS}
    assert page_sentence(0, both, 0, "guide") == UNTRAINED
    assert page_sentence(500, both, 500, "guide", SHOW) == (
        "The LSTM still knows the bear after 60 flowers and trees; the RNN forgot."
    )
    assert page_sentence(500, {"rnn": NEVER, "lstm": REMEMBERS}, 500, "guide").endswith(
        "; the RNN never learned to hold it."
    )
    assert page_sentence(500, {"rnn": NEVER, "lstm": REMEMBERS}, 500, "guide", settled=False).endswith(
        "; the RNN has not learned to hold it yet."
    )
    assert page_sentence(500, both, 480, "guide").startswith("At update 480 the LSTM still knows")
    assert page_sentence(20, {"rnn": NEVER, "lstm": NOTHING}, 20, "guide") == (
        "None of the networks holds what it saw: even with nothing in between all of them guess."
    )
    assert page_sentence(90, {"lstm": LEARNING}, 90, "guide") == (
        "The LSTM is not sure even with nothing in between."
    )
    assert "mostly" in page_sentence(90, {"lstm": UNSTEADY}, 90, "guide")
    assert page_sentence(90, {"no_memory": NEVER}, 90, "guide").startswith(
        "The network without memory guesses"
    )
    assert page_sentence(90, {}, 0, "guide").endswith("?")


@pytest.mark.parametrize("kind", list(Verdict))
def test_every_verdict_has_words_that_fit_a_card(kind: Verdict) -> None:
    verdict = MemoryVerdict(kind, DISTANCES, (0.5,) * 6, 60)
    for settled in (True, False):
        long, short = verdict_headlines(verdict, settled=settled)
        assert 3 < len(short) <= len(long) <= 36


@pytest.mark.parametrize("key", list(DEFINITIONS))
def test_every_definition_has_formula_and_source(key: str) -> None:
    definition = DEFINITIONS[key]
    for vocabulary in ("guide", "textbook"):
        for words in (definition.text, definition.formula, definition.reading):
            assert words[vocabulary].format(first="wolf", second="dog")
    assert definition.source


def test_lists_and_fillers() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert (SHOW.counted, SHOW.axis) == ("flowers and trees", "flowers and trees in between")
    order = memory_words_of(TASKS["temporal-order"](None), "guide")
    assert (order.counted, order.axis, order.beside) == ("timesteps", "timesteps", "timesteps")
    assert verdict_details(FORGOT, order)[0] == "100 % right with 0 timesteps, 49 % with 60"


def test_who_remembers_while_small_changes_die_out_is_explained() -> None:
    assert latched_sentence([], "guide") == ""
    assert (
        latched_sentence(["rnn"], "guide")
        == " The RNN holds one of two answers fast: small changes die out, and the answer stays."
    )
    assert latched_sentence(["rnn", "gru"], "textbook").startswith(" The RNN and the GRU hold one of two")
