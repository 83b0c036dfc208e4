"""What was read of a file is kept exactly as long as the file stays as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground.reading.files import ReadingError
from playground.reading.kept import Kept


class Reads:
    """Reads a file, and knows how often."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0

    def __call__(self) -> str:
        self.count += 1
        return self.path.read_text()


def changed(path: Path, text: str, seconds: int) -> Path:
    path.write_text(text)
    os.utime(path, (seconds, seconds))
    return path


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    path = changed(tmp_path / "poem.txt", "one", 1)
    kept, reads = Kept[str](2), Reads(path)
    assert [kept.read(str(path), "poem", reads) for _ in range(3)] == ["one"] * 3
    assert reads.count == 1
    changed(path, "two", 2)  # as long as before, but later
    assert kept.read(str(path), "poem", reads) == "two"
    changed(path, "three", 2)  # at the same time, but longer
    assert kept.read(str(path), "poem", reads) == "three"
    assert reads.count == 3


def test_what_was_in_a_file_that_is_gone_is_still_known(tmp_path: Path) -> None:
    path = changed(tmp_path / "poem.txt", "one", 1)
    kept, reads = Kept[str](2), Reads(path)
    kept.read(str(path), "poem", reads)
    path.unlink()
    assert kept.read(str(path), "poem", reads) == "one"


def test_a_file_that_never_was_there_is_left_to_who_reads_it(tmp_path: Path) -> None:
    def read() -> str:
        raise ReadingError("'poem.txt' is not there (any more).")

    with pytest.raises(ReadingError, match="is not there"):
        Kept[str](2).read(str(tmp_path / "poem.txt"), "poem", read)


def test_what_was_cancelled_is_read_the_next_time(tmp_path: Path) -> None:
    path = changed(tmp_path / "poem.txt", "one", 1)
    kept: Kept[str] = Kept(2)
    assert kept.read(str(path), "poem", lambda: None) is None
    assert kept.read(str(path), "poem", Reads(path)) == "one"


def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    path = changed(tmp_path / "poem.txt", "one", 1)
    kept, reads = Kept[str](2), Reads(path)
    for key in ("a", "b", "c", "c", "b", "a"):
        kept.read(str(path), key, reads)
    assert reads.count == 4  # a, b, c; then a once more
