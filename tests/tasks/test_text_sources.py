"""The texts that come with the program, and their symbols."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.reading.files import ReadingError
from playground.reading.text_file import codes_of
from playground.tasks.text import quotes_and_brackets
from playground.tasks.text.corpus import SOURCES, make_corpus, source_corpus
from playground.tasks.text.headlines import headlines
from playground.tasks.text.python_library import python_documentation, python_source
from playground.tasks.text.quotes_and_brackets import BRACKET_DEPTH, COLUMN, INSIDE_QUOTES, WIDTH, facts
from playground.tasks.text.vocabulary import OTHER, Vocabulary, named, shown


def test_tens_of_thousands_of_different_headlines() -> None:
    found = headlines(20_000)
    assert len(set(found)) == 20_000
    assert found[:50] == headlines(50)
    assert found[:5] != headlines(5, seed=1)
    lengths = [len(line) for line in found]
    assert min(lengths) > 15
    assert max(lengths) < 90
    assert all(line[0].isupper() and "\n" not in line for line in found)
    assert "generated" in SOURCES["headlines"].label


def test_a_headline_holds_together() -> None:
    """A bakery never sings: the end of a line tells what its beginning was."""
    for line in headlines(2000):
        assert not ("bakery" in line and "concert" in line)
        assert not ("choir" in line and "bread" in line)


def test_quotes_close_brackets_nest_and_lines_have_one_width() -> None:
    text = quotes_and_brackets.quotes_and_brackets(20_000)
    assert len(text) == 20_000
    assert {len(line) for line in text.split("\n")[:-1]} == {WIDTH}
    known = facts(text)
    assert set(np.unique(known[BRACKET_DEPTH])) == {0.0, 1.0, 2.0, 3.0}
    assert not (known[INSIDE_QUOTES].astype(bool) & (known[BRACKET_DEPTH] > 0)).any()
    assert 0.4 < known[INSIDE_QUOTES].mean() < 0.8
    assert text == quotes_and_brackets.quotes_and_brackets(20_000)
    assert text != quotes_and_brackets.quotes_and_brackets(20_000, seed=1)


def test_facts_by_hand() -> None:
    known = facts('a "b" (c(d))\nef')
    #                            a     "  b  "     (  c  (  d  )  )  \n e  f
    assert known[INSIDE_QUOTES].tolist() == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert known[BRACKET_DEPTH].tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 1, 0, 0, 0, 0]
    assert known[COLUMN].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2]


def test_python_s_own_source_and_documentation() -> None:
    source, documentation = python_source(), python_documentation()
    assert len(source) == 1_000_000
    assert "def " in source
    assert "import " in source
    assert len(documentation) > 100_000
    assert "statement" in documentation
    assert len(python_source(5_000)) == 5_000


@given(st.text(min_size=1), st.integers(2, 20))
def test_symbols_give_back_the_text_but_for_what_is_capped(text: str, cap: int) -> None:
    codes = codes_of(text)
    vocabulary = Vocabulary.of(codes, cap)
    assert vocabulary.size <= cap or not vocabulary.capped
    symbols = vocabulary.symbols_of(codes)
    assert symbols.max() < vocabulary.size
    back = vocabulary.decode(symbols)
    expected = "".join(
        character if character in vocabulary.characters and character != OTHER else OTHER
        for character in text
    )
    assert back == (expected if vocabulary.capped else text)
    np.testing.assert_array_equal(vocabulary.encode(text)[0], symbols)


def test_a_cap_keeps_the_most_frequent_and_says_what_it_did() -> None:
    vocabulary = Vocabulary.of(codes_of("aaaabbbccd"), 3)
    assert vocabulary.characters == "ab" + OTHER
    assert vocabulary.replaced == pytest.approx(0.3)
    assert vocabulary.notice is not None
    assert "4 different characters. The 2 most frequent are learned" in vocabulary.notice
    assert "30.00% of the text" in vocabulary.notice
    assert vocabulary.decode(vocabulary.symbols_of(codes_of("abcd"))) == "ab" + OTHER * 2
    assert Vocabulary.of(codes_of("abcd"), 4).notice is None


def test_symbols_take_one_byte_or_two() -> None:
    many = "".join(chr(code) for code in range(1000, 1300))
    assert Vocabulary.of(codes_of(many), 1000).symbols_of(codes_of(many)).dtype == np.uint16
    assert Vocabulary.of(codes_of(many), 100).symbols_of(codes_of(many)).dtype == np.uint8


def test_a_prompt_may_have_strange_characters() -> None:
    whole = Vocabulary.of(codes_of("abc"), 10)
    symbols, strange = whole.encode("a?b?!")
    assert (symbols.tolist(), strange) == ([0, 1], "?!")
    capped = Vocabulary.of(codes_of("aaabbcd"), 3)
    symbols, strange = capped.encode("ac?")
    assert (symbols.tolist(), strange) == ([0, 2, 2], "c?")


def test_what_cannot_be_seen_is_shown_by_a_sign_and_named() -> None:
    assert [shown(character) for character in "a \n\t\x07"] == ["a", "␣", "↵", "⇥", "·"]
    assert [named(character) for character in "a \n\x07"] == ["a", "space", "line end", "character 0x0007"]


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_is_cut_into_training_and_the_last_tenth(key: str) -> None:
    corpus = source_corpus(key, 128)
    total = len(corpus.symbols)
    assert 0.88 < corpus.split / total < 0.91
    assert not corpus.symbols.flags.writeable
    assert source_corpus(key, 128) is corpus
    if corpus.lines:  # the held-out part begins with a line
        assert corpus.text(corpus.split - 1, corpus.split) == "\n"
        held_out = set(corpus.text(corpus.split, total).split("\n")) - {""}
        assert not held_out & corpus.training_lines


def test_names_are_neither_in_order_nor_twice() -> None:
    corpus = source_corpus("names", 128)
    names = corpus.text(0, len(corpus.symbols)).split("\n")[:-1]
    assert len(names) == len(set(names)) == 8403
    assert names != sorted(names)


def test_a_text_that_is_too_short_or_dull_gets_a_sentence() -> None:
    with pytest.raises(ReadingError, match="'mine' has 5 characters: a network needs at least 200"):
        make_corpus("mine", "", codes_of("short"), 128)
    with pytest.raises(ReadingError, match="'mine' has 1 character: a network"):
        make_corpus("mine", "", codes_of("a"), 128)
    with pytest.raises(ReadingError, match="only one kind of character"):
        make_corpus("mine", "", codes_of("a" * 500), 128)
    with pytest.raises(KeyError, match="no text called 'poems'; there is names"):
        source_corpus("poems", 128)
