"""The Reber grammars: every string is one of the grammar's, as likely as the grammar makes it, and judged as in the
papers. The oracle is a reader written from the figure alone."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from playground.tasks.memory_tasks.continual_reber import (
    SHORTEST_STRING,
    ContinualReber,
    ContinualReberSettings,
)
from playground.tasks.memory_tasks.embedded_reber import EmbeddedReber, EmbeddedReberSettings
from playground.tasks.memory_tasks.reber_grammar import (
    ALPHABET,
    FRAME,
    LEGAL,
    LOST,
    START,
    draw_strings,
    length_probabilities,
    states_after,
)
from playground.tasks.task import Batch
from tests.tasks.conformance import assert_conforms

REBER = r"B(?:TS*X(?:XT*VP(?:XT*VP)*S|XT*V(?:PXT*V)*(?:PS|V)|S)|PT*V(?:PXT*V)*(?:PS|V))E"
"""The grammar as a regular expression, worked out by hand from figure 3 of Hochreiter and Schmidhuber (1997)."""
EMBEDDED = re.compile(f"BT{REBER}TE|BP{REBER}PE")


def text(symbols: np.ndarray) -> list[str]:
    """Each column as a string."""
    return ["".join(ALPHABET[symbol] for symbol in column) for column in symbols.T.astype(int)]


def string_probability(string: str) -> float:
    """Half for every symbol of an embedded string where two ways lead on."""
    symbols = np.array([[ALPHABET.index(symbol)] for symbol in string])
    before = np.concatenate([[[START]], states_after(symbols)[:-1]])
    return float(0.5 ** np.sum(LEGAL[before].sum(axis=-1) == 2))


@pytest.mark.parametrize("inner", [(5, 5), (5, 30), (17, 100)])
def test_strings_keep_the_contract(inner: tuple[int, int]) -> None:
    assert_conforms(EmbeddedReber(EmbeddedReberSettings(inner=inner)))


@pytest.mark.parametrize("timesteps", [2 * SHORTEST_STRING, 75])
def test_streams_keep_the_contract(timesteps: int) -> None:
    assert_conforms(ContinualReber(ContinualReberSettings(timesteps=timesteps)))


@pytest.mark.parametrize("length", range(9, 40))
def test_every_string_is_one_of_the_grammar(length: int) -> None:
    strings = text(draw_strings(np.random.default_rng(1), length, 50, stream=False))
    assert all(len(string) == length and EMBEDDED.fullmatch(string) for string in strings)


def test_the_published_examples_are_strings_and_their_neighbours_are_not() -> None:
    for string in ("BTBTXSETE", "BPBPVVEPE", "BTBTSSXXTVVETE", "BPBTSXXTVPSEPE"):
        assert EMBEDDED.fullmatch(string)
        states = states_after(np.array([[ALPHABET.index(symbol)] for symbol in string]))
        assert (states != LOST).all()
    for string in ("BTBTXSEPE", "BPBPVVETE", "BTBTXXETE", "TBTXSETE"):
        assert not EMBEDDED.fullmatch(string)
        assert (states_after(np.array([[ALPHABET.index(symbol)] for symbol in string])) == LOST).any()


def test_strings_of_one_length_are_as_likely_as_the_grammar_makes_them() -> None:
    drawn = Counter(text(draw_strings(np.random.default_rng(2), 11, 20_000, stream=False)))
    likely = {string: string_probability(string) for string in drawn}
    total = sum(likely.values())
    for string, count in drawn.items():
        assert count / 20_000 == pytest.approx(likely[string] / total, abs=0.015)


def test_lengths_are_as_likely_as_the_grammar_makes_them() -> None:
    """Against strings drawn symbol by symbol, with a coin at every fork."""
    generator = np.random.default_rng(3)
    lengths = Counter()
    for _ in range(4000):
        string = ""
        while True:
            state = START if not string else int(states_after(_column(string))[-1, 0])
            ways = np.flatnonzero(LEGAL[state])
            string += ALPHABET[generator.choice(ways)]
            if EMBEDDED.fullmatch(string):
                break
        lengths[len(string) - FRAME] += 1
    shares = length_probabilities(5, 60)
    assert shares.sum() == pytest.approx(1.0)
    for inner in range(5, 14):
        assert lengths[inner] / 4000 == pytest.approx(shares[inner - 5], abs=0.025)


def _column(string: str) -> np.ndarray:
    return np.array([[ALPHABET.index(symbol)] for symbol in string])


def test_a_batch_predicts_the_next_symbol_and_asks_for_the_second_again() -> None:
    task = EmbeddedReber()
    for update in range(30):
        batch = task.batch(1, update, 30, 8)
        inputs, targets = text(batch.inputs), text(batch.targets)
        for row, string in enumerate(inputs):
            whole = string + targets[row][-1]
            assert EMBEDDED.fullmatch(whole)
            assert targets[row] == whole[1:]
            assert np.flatnonzero(batch.asked[:, row]).tolist() == [len(whole) - 3]
            assert targets[row][-2] == whole[1]
        assert batch.distance == batch.timesteps + 1 - FRAME


def test_both_second_symbols_are_as_likely_so_that_memory_alone_tells() -> None:
    task = EmbeddedReber()
    rows = np.concatenate([task.batch(1, update, 30, 64).targets[-2] for update in range(60)])
    assert (rows == task.rivals[0]).mean() == pytest.approx(0.5, abs=0.03)
    assert task.baseline()[0] == 0.5


def outputs_for(batch: Batch) -> np.ndarray:
    """1 for every legal next symbol, 0 for the others."""
    return LEGAL[states_after(batch.inputs.astype(int))].astype(np.float32)


def test_a_string_is_right_when_all_legal_symbols_are_most_active_everywhere() -> None:
    task = EmbeddedReber()
    (batch,) = task.held_out(1, 1)
    for t in range(batch.timesteps):
        outputs = outputs_for(batch)
        assert task.right(batch, outputs)[batch.asked].all()
        illegal = int(np.flatnonzero(outputs[t, 0] == 0)[0])
        outputs[t, 0, illegal] = 2.0
        asked_at = int(np.flatnonzero(batch.asked[:, 0])[0])
        assert task.right(batch, outputs)[asked_at, 0] == (t > asked_at)


def test_a_stream_is_string_after_string_to_its_last_symbol() -> None:
    task = ContinualReber(ContinualReberSettings(timesteps=75))
    for update in range(20):
        batch = task.batch(1, update, 5, 4)
        assert batch.carried
        for row, stream in enumerate(text(batch.inputs)):
            assert len(stream) == 75
            assert re.fullmatch(f"(?:{EMBEDDED.pattern})+", stream)
            assert text(batch.targets)[row] == stream[1:] + "B"


def test_strings_of_a_stream_are_as_likely_as_alone() -> None:
    """The end of the mini-sequence is a condition; far from it the lengths are those of the grammar."""
    task = ContinualReber(ContinualReberSettings(timesteps=400))
    streams = [stream for update in range(10) for stream in text(task.batch(1, update, 5, 32).inputs)]
    first = Counter(len(re.match(EMBEDDED, stream).group()) - FRAME for stream in streams)  # type: ignore[union-attr]
    for inner, share in enumerate(length_probabilities(5, 60)[:6], start=5):
        assert first[inner] / 320 == pytest.approx(share, abs=0.08)


def test_an_error_in_one_string_of_a_stream_spoils_that_one_alone() -> None:
    task = ContinualReber()
    (batch,) = task.held_out(1, 1)
    assert not batch.carried
    assert batch.timesteps == 300
    outputs = outputs_for(batch)
    assert task.right(batch, outputs)[batch.asked].all()
    stream = text(batch.inputs)[0]
    ends = [match.end() for match in re.finditer(EMBEDDED, stream)]
    wrong_at = ends[1] + 3  # within the third string
    outputs[wrong_at, 0] = -outputs[wrong_at, 0]
    right = task.right(batch, outputs)[batch.asked]
    assert len(right) == len(ends) - 1  # the first string is not asked
    assert np.flatnonzero(~right).tolist() == [1]


def test_held_out_streams_can_have_inner_strings_of_one_length() -> None:
    (batch,) = ContinualReber().held_out(1, 3, 12)
    for stream in text(batch.inputs):
        found = re.findall(EMBEDDED, stream)
        assert "".join(found) == stream
        assert {len(string) - FRAME for string in found} == {12}


def test_a_string_that_is_not_of_the_grammar_is_shown_and_not_asked() -> None:
    task = EmbeddedReber()
    told = task.sequence(list("BTBTXXE"))
    assert not told.asked.any()
    probe = task.probe()
    assert EMBEDDED.fullmatch("".join(event.name for event in probe.events) + "E")
    assert task.answers[probe.targets[np.flatnonzero(probe.asked)[0]]].name == "P"
    stream = "".join(event.name for event in ContinualReber().probe().events)
    assert re.fullmatch(f"(?:{EMBEDDED.pattern})+", stream)


def test_what_is_known_is_the_branch_and_the_place() -> None:
    task = ContinualReber()
    batch = task.batch(1, 1, 5, 2)
    facts = task.facts(batch)
    for row, stream in enumerate(text(batch.inputs)):
        at = 0
        for string in re.findall(EMBEDDED, stream):
            places = slice(at, at + len(string))
            np.testing.assert_array_equal(facts["place"][places, row], np.arange(1, len(string) + 1))
            branch = facts["branch"][places, row]
            assert np.isnan(branch[0])
            assert (branch[1:] == (1 if string[1] == "T" else -1)).all()
            at += len(string)
