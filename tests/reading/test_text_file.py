"""Texts as people have them: every encoding, every line end, and everything that is no text."""

from __future__ import annotations

import codecs
import contextlib
import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.reading.files import CHUNK_BYTES, ReadingError, size_in_words
from playground.reading.text_file import MOST_BYTES, TextFile, codes_of, read_text, text_from, text_of

WORDS = "Grüße aus Köln,\nça va?\n"


def written(folder: Path, content: bytes, name: str = "mine.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path) -> TextFile:
    found = read_text(path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (WORDS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + WORDS.encode(), "utf-8-sig"),
        (WORDS.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "utf-16"),
        (WORDS.encode("utf-16-le"), "utf-16-le"),
        (WORDS.encode("utf-16-be"), "utf-16-be"),
        (WORDS.encode("latin-1"), "latin-1"),
    ],
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, content: bytes, encoding: str) -> None:
    found = read(written(tmp_path, content))
    assert found.text() == WORDS
    assert found.encoding == encoding
    assert found.length == len(WORDS)
    assert bool(found.notices) == (encoding == "latin-1")
    if encoding == "latin-1":
        assert "not written in UTF-8" in found.notices[0]
        assert "Latin-1" in found.notices[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_becomes_a_newline(tmp_path: Path, end: str) -> None:
    assert read(written(tmp_path, f"one{end}two{end}".encode())).text() == "one\ntwo\n"


def test_a_line_end_across_two_chunks_is_one_newline(tmp_path: Path) -> None:
    content = b"x" * (CHUNK_BYTES - 1) + b"\r\n" + "é".encode() * 3 + b"\r"
    found = read(written(tmp_path, content))
    assert found.length == CHUNK_BYTES - 1 + 1 + 3 + 1
    assert found.text(CHUNK_BYTES - 2) == "x\nééé\n"


def test_a_letter_across_two_chunks_is_one_letter(tmp_path: Path) -> None:
    found = read(written(tmp_path, b"x" * (CHUNK_BYTES - 1) + "é\n1".encode()))
    assert found.text(CHUNK_BYTES - 2) == "xé\n1"


def test_a_character_takes_as_few_bytes_as_possible(tmp_path: Path) -> None:
    assert read(written(tmp_path, b"abc\nd")).codes.dtype == np.uint8
    assert read(written(tmp_path, "abcé\nd".encode())).codes.dtype == np.uint8
    assert read(written(tmp_path, "abc€\nd".encode())).codes.dtype == np.uint16
    assert read(written(tmp_path, "abc🐺\nd".encode())).codes.dtype == np.uint32
    assert not read(written(tmp_path, b"abc\nd")).codes.flags.writeable


@given(st.text())
def test_code_points_give_back_the_string(text: str) -> None:
    assert text_of(codes_of(text)) == text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \n\t\n ", "nothing but blanks"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not a text"),
        (bytes(range(256)) * 40, "is not a text"),
        (b"\x7fELF\x02\x01\x01\x00", "is not a text"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "begins like UTF-16 and then breaks off"),
    ],
)
def test_what_is_no_text_gets_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(ReadingError, match=sentence):
        read(written(tmp_path, content))


def test_a_file_that_is_gone_or_a_folder_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"'gone.txt' is not there \(any more\)"):
        read_text(tmp_path / "gone.txt")
    with pytest.raises(ReadingError, match="is a folder: open a file in it"):
        read_text(tmp_path)
    with pytest.raises(ReadingError, match=r"cannot be opened|not there"):
        read_text("what\0ever")


def test_a_gigabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)  # takes no place on the disk
    began = time.perf_counter()
    with pytest.raises(ReadingError, match="too large: it has 1 GB, and texts of up to 250 MB"):
        read_text(path)
    assert time.perf_counter() - began < 1.0
    assert MOST_BYTES == 250_000_000


def test_a_file_deleted_while_it_is_read_is_read_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path, b"line\n" * CHUNK_BYTES)

    def progress(part: float) -> None:
        with contextlib.suppress(
            OSError
        ):  # Windows keeps an open file; here it is gone after the first chunk
            os.remove(path)

    found = read_text(path, progress)
    assert found is not None
    assert found.length == 5 * CHUNK_BYTES


def test_one_line_is_read_and_told(tmp_path: Path) -> None:
    found = read(written(tmp_path, b"only one line\n"))
    assert "one single line" in found.notices[0]
    assert not read(written(tmp_path, b"two\nlines")).notices


def test_progress_grows_to_one_and_cancel_leaves_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, b"some words\n" * 1_500_000)
    parts: list[float] = []
    assert read_text(path, parts.append) is not None
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert len(parts) == 4
    assert read_text(path, cancelled=lambda: True) is None
    seen: list[float] = []
    assert read_text(path, seen.append, cancelled=lambda: len(seen) >= 2) is None
    assert len(seen) == 2


def test_pasted_text_is_as_good_as_a_file() -> None:
    assert text_from("a\r\nb", "pasted text").text() == "a\nb"
    with pytest.raises(ReadingError, match="pasted text has nothing but blanks"):
        text_from("  \n", "pasted text")


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size_in_words(n) for n in (12, 4_300, 250_000_000, 1_250_000_000)] == [
        "12 bytes",
        "4.3 kB",
        "250 MB",
        "1.25 GB",
    ]
