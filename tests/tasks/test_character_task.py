"""Character tasks: batches are slices of one stream, the last tenth is never trained on, facts are right."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from playground.reading.files import ReadingError
from playground.tasks import TASKS
from playground.tasks.batching import CARRY, MEMORY_MODES, RESET, BatchingError
from playground.tasks.task import dense
from playground.tasks.text.character_task import COUNTED, PROBE_LENGTH, WARM_UP, CharacterTask, TextBatch
from playground.tasks.text.corpus import make_corpus
from playground.tasks.text.learned_texts import Names, QuotesAndBrackets, TextFileTask
from playground.tasks.text.quotes_and_brackets import BRACKET_DEPTH, COLUMN, INSIDE_QUOTES
from playground.tasks.text.settings import NameSettings, TextFileSettings, TextSettings
from tests.tasks.conformance import assert_conforms

NAMES = Names()


@pytest.mark.parametrize("kind", TASKS.classes_of("text"))
def test_every_character_task_keeps_the_contract(kind: type[CharacterTask]) -> None:
    assert_conforms(kind(None))


def test_a_batch_reads_on_where_the_one_before_ended() -> None:
    task = NAMES
    batches = [task.batch(1, update, 0, 4) for update in range(1, 6)]
    batching = task.batching(4)
    for row in range(4):
        read = np.concatenate([batch.inputs[:, row] for batch in batches])
        first = batching.row(row).start
        np.testing.assert_array_equal(read, task.corpus.symbols[first : first + len(read)])
        np.testing.assert_array_equal(batches[0].targets[:-1, row], batches[0].inputs[1:, row])
        assert batches[0].targets[-1, row] == batches[1].inputs[0, row]
    assert [batch.carried for batch in batches] == [False, True, True, True, True]
    assert batches[0].inputs.dtype == np.int64


def test_the_held_out_tenth_is_never_trained_on() -> None:
    task = Names(NameSettings(memory=RESET))
    batching = task.batching(8)
    last = max(
        int(batch.positions.max()) for batch in (task.batch(1, u + 1, 0, 8) for u in range(batching.batches))
    )
    assert last + 1 < task.corpus.split
    for batch in task.held_out(3, 70):
        assert isinstance(batch, TextBatch)
        assert (batch.positions[batch.asked] + 1 >= task.corpus.split).all()


def test_the_held_out_loss_counts_every_character_once() -> None:
    for task in (NAMES, QuotesAndBrackets()):
        batches = task.held_out_all()
        placed = [batch for batch in batches if isinstance(batch, TextBatch)]
        counted = np.concatenate([(batch.positions + 1)[batch.asked] for batch in placed])
        end = task.corpus.split + len(task.corpus.held_out)
        np.testing.assert_array_equal(np.sort(counted), np.arange(task.corpus.split, end))


def test_a_held_out_sequence_warms_up_before_it_counts() -> None:
    batch = NAMES.held_out(1, 5)[0]
    assert batch.inputs.shape == (WARM_UP + COUNTED, 5)
    assert not batch.asked[:WARM_UP].any()
    assert batch.asked[WARM_UP:].all()
    assert batch.loss_weights.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("memory", MEMORY_MODES)
def test_every_way_of_keeping_memory_is_a_setting(memory: str) -> None:
    task = Names(NameSettings(memory=memory, sequence_length=10))
    batches = [task.batch(1, update, 0, 4) for update in (1, 2, 3)]
    assert [batch.carried for batch in batches][1] == (memory in ("carry", "shuffled"))
    assert all(int(batch.asked.sum()) == 40 for batch in batches)


def test_the_probe_is_held_out_and_says_what_comes_next() -> None:
    probe = NAMES.probe()
    assert probe.length == PROBE_LENGTH
    assert probe.asked.all()
    text = "".join(event.name for event in probe.events)
    assert text == NAMES.corpus.text(NAMES.corpus.split, NAMES.corpus.split + PROBE_LENGTH)
    np.testing.assert_array_equal(probe.targets[:-1], probe.inputs[1:])
    assert NAMES.probe_events() == probe.events


def test_a_sequence_of_characters_asks_for_all_but_what_follows_the_last() -> None:
    sequence = NAMES.sequence(["A", "n", "n", "\n"])
    assert [event.title for event in sequence.events] == ["A", "n", "n", "↵"]
    assert NAMES.vocabulary.decode(sequence.targets[:-1]) == "nn\n"
    assert sequence.asked.tolist() == [True, True, True, False]
    assert NAMES.text_sequence("Ann\n").events == sequence.events
    with pytest.raises(KeyError, match="'7' is no character of this text"):
        NAMES.sequence(["A", "7"])
    with pytest.raises(ValueError, match="at least one character"):
        NAMES.sequence([])


def test_the_facts_of_a_batch_are_those_of_its_place_in_the_text() -> None:
    task = QuotesAndBrackets()
    text = task.corpus.text(0, len(task.corpus.symbols))
    batch = task.batch(1, 7, 0, 5)
    assert isinstance(batch, TextBatch)
    known = task.facts(batch)
    assert list(known) == list(task.fact_words)
    for t, b in ((0, 0), (10, 3), (63, 4)):
        before = text[: batch.positions[t, b] + 1]
        assert known[INSIDE_QUOTES][t, b] == before.count('"') % 2
        assert known[BRACKET_DEPTH][t, b] == before.count("(") - before.count(")")
        assert known[COLUMN][t, b] == len(before) - 1 - before.rfind("\n")
    assert {0.0, 1.0} == set(np.unique(known[INSIDE_QUOTES]))


def test_the_probe_of_quotes_begins_outside_of_them() -> None:
    task = QuotesAndBrackets()
    probe = task.probe()
    text = task.corpus.text(0, len(task.corpus.symbols))
    excerpt = "".join(event.name for event in probe.events)
    start = text.index(excerpt, task.corpus.split)
    assert text[start - 1] == "\n"
    assert text[:start].count('"') % 2 == 0
    assert text[:start].count("(") == text[:start].count(")")
    assert task.facts(NAMES.batch(1, 1, 0, 2)) is not None


def test_the_baseline_is_said_as_a_sentence() -> None:
    rate, words = NAMES.baseline()
    held_out = NAMES.corpus.held_out
    assert rate == pytest.approx((held_out == NAMES.vocabulary.index("\n")).mean())
    assert words.guide == "Always saying '↵', the most frequent character, is right 14% of the time."
    assert NAMES.baselines.trigram < NAMES.baselines.unigram < np.log(NAMES.input_size)


def test_what_is_written_is_judged() -> None:
    known = next(iter(NAMES.corpus.training_lines - {""}))
    found = NAMES.judge_lines(f"{known}\nXyzzyx\nQ\n\nAbcdefghijklmnop")
    assert found.lines == 4
    assert found.copies == 0.25
    assert found.usual == pytest.approx((1 + (2 <= len(known) <= 12)) / 4)
    assert NAMES.judge_lines("\n").lines == 0


# -- a text of one's own
def own(folder: Path, text: str) -> TextFileTask:
    path = folder / "mine.txt"
    path.write_text(text, encoding="utf-8")
    return TextFileTask(TextFileSettings(file=str(path), vocabulary_cap=8))


def test_a_file_is_learned_with_a_capped_vocabulary_that_is_told(tmp_path: Path) -> None:
    task = own(tmp_path, "the quick brown fox jumps over the lazy dog. " * 50)
    assert_conforms(task)
    assert task.input_size == 8
    assert any("7 most frequent are learned" in notice for notice in task.corpus.notices)


def test_a_run_goes_on_when_its_file_is_gone(tmp_path: Path) -> None:
    task = own(tmp_path, "to be or not to be\n" * 100)
    again = TextFileTask(task.settings)  # type: ignore[arg-type]
    assert again.corpus is task.corpus
    os.remove(tmp_path / "mine.txt")
    assert TextFileTask(task.settings).corpus is task.corpus  # type: ignore[arg-type]


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    first = own(tmp_path, "to be or not to be\n" * 100)
    second = own(tmp_path, "that is the\n" * 120)
    assert first.corpus.text(0, 5) == "to be"
    assert second.corpus.text(4, 6) == " i"


def test_a_file_that_cannot_be_learned_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="not there"):
        TextFileTask(TextFileSettings(file=str(tmp_path / "none.txt")))
    with pytest.raises(ReadingError, match="at least 200"):
        own(tmp_path, "short")
    task = own(tmp_path, "to be or not to be\n" * 20)
    with pytest.raises(BatchingError, match="too short: 32 rows of 64 timesteps"):
        task.batch(1, 1, 0, 32)


class Long(CharacterTask):
    """A text of a million characters."""

    def _read(self):  # type: ignore[no-untyped-def]
        codes = np.random.default_rng(1).integers(97, 123, size=1_000_000).astype(np.uint8)
        return make_corpus("long", "", codes, 128)


def test_a_large_text_needs_little_beside_itself(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"the wolf and the bear went through the wood\n" * 450_000)  # 20 MB
    tracemalloc.start()
    task = TextFileTask(TextFileSettings(file=str(path)))
    task.batch(1, 1, 0, 32)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = task.corpus.symbols.nbytes
    assert size == 450_000 * 44
    assert peak < 4 * size  # read, joined, symbols, and a mask


def test_a_million_characters_are_slices_in_a_batch() -> None:
    task = Long(TextSettings(memory=CARRY))
    task.batch(1, 1, 0, 32)
    tracemalloc.start()
    for update in range(2, 60):
        task.batch(1, update, 0, 32)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
    assert task.corpus.symbols.nbytes == 1_000_000  # a byte a character; one-hot they would be 104 MB
    assert dense(task.batch(1, 1, 0, 1).inputs, task.input_size).shape == (64, 1, 26)
