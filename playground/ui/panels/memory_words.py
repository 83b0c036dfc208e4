"""What the Memory page says, as pure functions: measured numbers in, sentences out. No Qt.

Every sentence is decided by the numbers it is given; none of them is a caption that was written beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.contract.cell_description import Words
from playground.contract.network_catalogue import remembers
from playground.tasks.task import Task
from playground.trace.verdict import MemoryVerdict, Verdict
from playground.ui.run_words import COIN_TOSS, percent
from playground.ui.vocabulary import network_in_a_sentence, word

PAGE_TITLE = "Compare the memories"
UNTRAINED = "Untrained: nothing to remember yet. Press Train."

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Definition:
    """What a measure is: one or two sentences, the formula in words and signs, how to read it, where it comes from.

    `{first}` and `{second}` stand for the two answers that the task's question is about.
    """

    title: str
    text: Words
    formula: Words
    reading: Words
    source: str


DEFINITIONS: dict[str, Definition] = {
    "survives": Definition(
        "What survives",
        Words(
            "Change the memory at timestep k a little, in any direction: how large is what is left of that change at "
            "timestep t? Short-term and long-term memory together, averaged over all directions.",
            "The root mean square factor by which a small change of the whole state at timestep k is passed on to "
            "timestep t, over all directions.",
        ),
        Words(
            "| ∂ memory(t) / ∂ memory(k) | ÷ √(numbers in the memory)      at t = k: 100 %",
            "‖ ∂s(t) / ∂s(k) ‖ ÷ √dim s      with s = (h, c), Frobenius norm; at t = k: 100 %",
        ),
        Words(
            "Thin dotted line, for LSTMs: what the forget gates alone let through, f(k+1) · … · f(t), mean over the "
            "units. A network that has latched onto one of two answers keeps it although small changes die out: read "
            "this row together with the next one.",
            "Thin dotted line, for LSTMs: the product of the forget gates f(k+1) · … · f(t), mean over the units. "
            "A network in an attractor keeps a bit although small changes die out: read this row with the next one.",
        ),
        "Hochreiter 1991; Pascanu, Mikolov and Bengio 2013, equation 5",
    ),
    "asked": Definition(
        "If asked now",
        Words(
            "After each timestep a copy of the network is asked the question: {second} or {first}? "
            "This is what it would say.",
            "After each timestep t a copy of the network, in its state at t, reads the ambiguous input once.",
        ),
        Words(
            "P({first}) ÷ (P({first}) + P({second}))",
            "P({first}) / (P({first}) + P({second})) after the ambiguous input at t + 1",
        ),
        Words(
            "At 50 % it tosses a coin: nothing in its memory speaks for either. The sequence itself is not changed.",
            "At 50 % the state holds no information about the class that the output can use.",
        ),
        "Measured with the network's own weights; other answers are left out of the comparison",
    ),
    "gradient": Definition(
        "Gradient",
        Words(
            "How strongly the memory at timestep t could still change the answer at the end: this is what learning "
            "has to work with. Where no gradient arrives, nothing can be learned from what was seen there.",
            "The norm of the gradient of the last timestep's logit difference with respect to the whole state at t.",
        ),
        Words(
            "| ∂ ({first} − {second} at the end) / ∂ memory(t) | ÷ the same at the last timestep, log scale",
            "‖ ∂ (logit {first} − logit {second})(T) / ∂s(t) ‖ ÷ ‖ … / ∂s(T) ‖, log scale",
        ),
        Words(
            "The gradient of the loss itself vanishes once a network is right, and would mislead here.",
            "Not the gradient of the loss: that one vanishes once a network is right, and would mislead.",
        ),
        "Hochreiter 1991; Bengio, Simard and Frasconi 1994",
    ),
    "half_life": Definition(
        "Half-life",
        Words(
            "After how many timesteps half of a unit's long-term memory would be gone, if its forget gate went on as "
            "on this sequence.",
            "The half-life of a unit's cell state under the geometric mean of its forget gate on this sequence.",
        ),
        Words(
            "ln ½ ÷ mean over t of ln f(t)      f: the unit's forget factor",
            "ln ½ ÷ mean over t of ln f(t)",
        ),
        Words(
            "From the forget gates the network really used, not from its settings. New information is not counted.",
            "From the gate activations on the probe; the input gate is not part of it.",
        ),
        "Gers, Schmidhuber and Cummins 2000 (forget gate)",
    ),
    "horizon": Definition(
        "How long does it last?",
        Words(
            "Each network answers the same fresh sequences, which training never shows, with more and more in "
            "between.",
            "Accuracy on held-out sequences as a function of the number of distractors.",
        ),
        Words(
            "right answers ÷ questions, at each number of events in between",
            "correct / asked, at each distance",
        ),
        Words(
            "Grey band: what somebody who only guesses would reach in 99 of 100 such measurements.",
            "Grey band: the 99 % region of the binomial distribution at chance.",
        ),
        "The networks stand at the update that is named; nothing is trained for this",
    ),
    "verdict": Definition(
        "What the measurement says",
        Words(
            "Each sentence is decided by counting right answers on held-out sequences, with the exact binomial "
            "distribution.",
            "Each sentence is the outcome of exact binomial tests on held-out accuracy.",
        ),
        Words(
            "at chance with 0 in between: never learned · right at 0, at chance later: forgot · right throughout: "
            "remembers",
            "at chance at distance 0: never learned · above at 0, at chance later: forgot · right throughout: "
            "remembers",
        ),
        Words(
            "Right means: counts that a network right 95 % of the time could give. A guesser is called anything else "
            "at most once in a hundred measurements.",
            "Right: not significantly below 95 %. Familywise error 1 % (Bonferroni).",
        ),
        "Binomial tails, computed exactly",
    ),
}
"""By key: what stands behind each "what is this?"."""


def capitalised(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True)
class MemoryWords:
    """What verdicts call the things of a task. `counted`: what a distance counts, after a number ("flowers and trees",
    "timesteps"); `axis`: below an axis of distances; `beside`: short, after a number and "with"; `remembered`: what is
    to be kept; `guess`: what a network does that does not know;
    `easiest`: where it is asked at the smallest distance."""

    counted: str = "events"
    axis: str = "events in between"
    beside: str = "in between"
    remembered: str = "the beginning"
    guess: str = "a coin toss"
    easiest: str = "with nothing in between"


PLAIN_WORDS = MemoryWords()
"""Where nobody says which task it is."""


def memory_words_of(task: Task, vocabulary: str) -> MemoryWords:
    """The words of this task."""
    remembered = task.spoken.remembered
    guess = "a coin toss" if task.chance == 0.5 else "a guess"
    if task.distance_words is not None:
        counted = task.distance_words[vocabulary]
        return MemoryWords(counted, counted, counted, remembered, guess, "in the shortest sequences")
    counted = task.filler_words[vocabulary].removesuffix(" in between")
    return MemoryWords(counted, f"{counted} in between", "in between", remembered, guess)


def share_in_words(share: float) -> str:
    """A share of any size: in percent where one can imagine it, as a power of ten below."""
    if share >= 1.005:
        return f"{share:.1f} times"
    if share <= 0.0:
        return "nothing"
    if share < 0.0005:
        return f"about {power_of_ten(share)}"
    if share < 0.01:
        return f"{100 * share:.2f} %"
    return f"{100 * share:.0f} %"


def power_of_ten(value: float) -> str:
    """The nearest power of ten, "10⁻⁷"; 0 for 0."""
    if not value > 0:
        return "0"
    exponent = round(math.log10(value))
    return {0: "1", 1: "10"}.get(exponent, f"10{str(exponent).translate(SUPERSCRIPTS)}")


# -- hover words of the rows
def survives_words(network: str, vocabulary: str, value: float, since: int, timestep: int) -> str:
    """Hovering over "what survives"; timesteps are 0-based and told from 1."""
    who = network_in_a_sentence(network, vocabulary)
    where = f"timestep {timestep + 1}:"
    if math.isnan(value):
        return f"{where} before timestep {since + 1}, from which survival is counted"
    if timestep == since:
        return f"{where} survival is counted from here"
    if value <= 0:
        return f"{where} {who} keeps nothing of what it knew at timestep {since + 1}"
    if value >= 1.005:
        return f"{where} {who} has a change of timestep {since + 1} at {value:.1f} times its strength"
    return f"{where} {who} keeps {share_in_words(value)} of what it knew at timestep {since + 1}"


def forget_product_words(network: str, vocabulary: str, value: float, since: int, timestep: int) -> str:
    """Hovering over the dotted line of the forget factors."""
    who = network_in_a_sentence(network, vocabulary)
    memory = word("long_term", vocabulary).lower()
    return (
        f"timestep {timestep + 1}: the forget gates of {who} alone let {share_in_words(value)} of timestep "
        f"{since + 1}'s {memory} through"
    )


def asked_words(network: str, vocabulary: str, value: float, rivals: tuple[str, str], timestep: int) -> str:
    """Hovering over "if asked now"; `value` is the first rival's share."""
    who = network_in_a_sentence(network, vocabulary)
    where = f"timestep {timestep + 1}: asked now,"
    first, second = rivals
    if abs(value - 0.5) < COIN_TOSS / 2:
        return f"{where} {who} would toss a coin: {first} {percent(value)}"
    said, share = (first, value) if value > 0.5 else (second, 1 - value)
    return f"{where} {who} would say {said}, {percent(share)}"


def gradient_words(network: str, vocabulary: str, value: float, timestep: int, last: int) -> str:
    """Hovering over "gradient"."""
    who = network_in_a_sentence(network, vocabulary)
    where = f"timestep {timestep + 1}:"
    if math.isnan(value):
        return f"{where} {who} has no gradient at all: it makes no difference between the two answers"
    if timestep == last:
        return f"{where} the gradient starts here, at the answer"
    if value <= 0:
        return f"{where} no gradient of {who} reaches this timestep"
    return f"{where} {share_in_words(value)} of the gradient of {who} reaches this timestep"


# -- half-lives
LONGEST_HALF_LIFE = 500.0
"""Half-lives above this many timesteps are shown as this one, with a sign that they are longer."""


def half_life_number(value: float) -> str:
    """A half-life in timesteps with a fixed, small number of digits."""
    if value > LONGEST_HALF_LIFE:
        return f"> {LONGEST_HALF_LIFE:.0f}"
    if value < 9.95:
        return f"{value:.1f}"
    return f"{value:.0f}"


def half_life_words(unit: int, value: float, vocabulary: str) -> str:
    """Hovering over a unit's bar; `unit` is 0-based and told from 1."""
    memory = word("long_term", vocabulary).lower()
    if value > LONGEST_HALF_LIFE:
        return f"unit {unit + 1}: its {memory} outlasts {LONGEST_HALF_LIFE:.0f} timesteps"
    if value < 0.05:
        return f"unit {unit + 1}: its {memory} is wiped at every timestep"
    number = half_life_number(value)
    return f"unit {unit + 1}: half of its {memory} is gone after {number} timestep{'' if number == '1.0' else 's'}"


# -- verdicts
def in_between(distance: int, fillers: str) -> str:
    """ "with nothing in between", "after 20 flowers and trees"."""
    return "with nothing in between" if distance == 0 else f"after {distance} {fillers}"


def verdict_headlines(
    verdict: MemoryVerdict, *, settled: bool = True, words: MemoryWords = PLAIN_WORDS
) -> tuple[str, str]:
    """The verdict in a few words and in very few, to follow the network's name.

    `settled`: the networks stand at the end of their training so far; otherwise they train on, or the moment is an
    earlier one, and what they have not learned they may learn yet.
    """
    learning = ("is learning, not sure yet", "is learning")
    if verdict.lost_from is not None:
        learning = (f"not sure, {words.guess} after {verdict.lost_from}", f"lost after {verdict.lost_from}")
    never = (f"never learned to hold {words.remembered}", "never learned")
    not_yet = ("has not learned to hold it yet", "not learned yet")
    return {
        Verdict.NO_ANSWER: ("does not answer the question yet", "no answer yet"),
        Verdict.NEVER_LEARNED: never if settled else not_yet,
        Verdict.LEARNING: learning,
        Verdict.FORGOT: (
            f"forgot: {words.guess} after {verdict.lost_from}",
            f"forgot after {verdict.lost_from}",
        ),
        Verdict.UNSTEADY: ("mostly remembers", "mostly remembers"),
        Verdict.REMEMBERS: ("remembers", "remembers"),
    }[verdict.kind]


def verdict_details(verdict: MemoryVerdict, words: MemoryWords = PLAIN_WORDS) -> tuple[str, str]:
    """The numbers behind the headline, in a few words and in very few."""
    rate, nearest = percent(verdict.rate_at_first), verdict.distances[0]
    long, short = f"{rate} right with {nearest} {words.beside}", f"{rate} right after {nearest}"
    if verdict.kind in (Verdict.NO_ANSWER, Verdict.NEVER_LEARNED):
        more = ": below chance" if verdict.kind is Verdict.NO_ANSWER else ": chance"
        return long + more, short + more
    if len(verdict.distances) == 1:
        return long, short
    other = (verdict.worst_rate, verdict.worst_distance)
    if verdict.kind is not Verdict.UNSTEADY:
        other = (verdict.rate_at_last, verdict.distances[-1])
    return f"{long}, {percent(other[0])} with {other[1]}", f"{short}, {percent(other[0])} after {other[1]}"


LATCHED_BELOW = 0.01
"""Of a network that remembers though less than this survives of a small change, the page says why."""


def layer_words(layer: int, depth: int) -> str:
    """Which of several layers is meant (0-based, from below): ", layer 1 of 3"; nothing where there is one."""
    return f", layer {layer + 1} of {depth}" if depth > 1 else ""


def latched_sentence(networks: Sequence[str], vocabulary: str) -> str:
    """Why these networks remember although "what survives" is about zero; empty without networks."""
    if not networks:
        return ""
    names = [network_in_a_sentence(key, vocabulary) for key in networks]
    whose = listed(names)
    holds = "holds one of two answers" if len(names) == 1 else "hold one of two answers each"
    return f" {whose[0].upper()}{whose[1:]} {holds} fast: small changes die out, and the answer stays."


def page_sentence(
    update: int,
    verdicts: Mapping[str, MemoryVerdict],
    measured_update: int,
    vocabulary: str,
    words: MemoryWords = PLAIN_WORDS,
    *,
    settled: bool = True,
) -> str:
    """The sentence below the title: true of what was measured, and naming the update when it is not the one shown.

    `verdicts` by network key, measured at `measured_update`; empty when nothing has been measured (yet). Of a
    network without memory nothing is said: it has nothing to remember with. `settled`: as in `verdict_headlines`.
    """
    if update == 0:
        return UNTRAINED
    if not verdicts:
        return f"All networks were trained on the same sequences in the same order. Who still knows {words.remembered}?"

    def those(*kinds: Verdict) -> list[str]:
        return [
            network_in_a_sentence(key, vocabulary)
            for key, verdict in verdicts.items()
            if verdict.kind in kinds and (remembers(key) or len(verdicts) == 1)
        ]

    longest = next(iter(verdicts.values())).distances[-1]
    remember, unsteady = those(Verdict.REMEMBERS), those(Verdict.UNSTEADY)
    forgot, learning = those(Verdict.FORGOT), those(Verdict.LEARNING)
    never = those(Verdict.NEVER_LEARNED, Verdict.NO_ANSWER)
    parts = []
    if remember:
        mostly = f", {listed(unsteady)} mostly" if unsteady else ""
        parts.append(
            f"{listed(remember)} still {_verb(remember, 'know')} {words.remembered} after {longest} "
            f"{words.counted}{mostly}"
        )
    elif unsteady:
        parts.append(
            f"{listed(unsteady)} mostly {_verb(unsteady, 'know')} {words.remembered} after {longest} {words.counted}"
        )
    if forgot:
        parts.append(f"{listed(forgot)} forgot")
    if learning:
        parts.append(
            f"{listed(learning)} {'is' if len(learning) == 1 else 'are'} not sure even {words.easiest}"
        )
    if never and not parts:
        parts.append(
            f"{listed(never)} {_verb(never, 'guess')}, even {words.easiest}"
            if len(never) == 1
            else f"none of the networks holds what it saw: even {words.easiest} all of them guess"
        )
    elif never:
        has = "has" if len(never) == 1 else "have"
        what = "never learned to hold it" if settled else f"{has} not learned to hold it yet"
        parts.append(f"{listed(never)} {what}")
    when = f"At update {measured_update:,} " if measured_update != update else ""
    sentence = "; ".join(parts)
    return f"{when}{sentence}." if when else f"{capitalised(sentence)}."


def _verb(names: Sequence[str], verb: str) -> str:
    """The verb for one or for several."""
    if len(names) > 1:
        return verb
    return f"{verb}es" if verb.endswith("s") else f"{verb}s"
