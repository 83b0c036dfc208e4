"""What all reading has in common: sentences for what goes wrong, sizes, progress, and the question 'still wanted?'."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

Progress = Callable[[float], None]
"""Called now and then with the part (0..1) that has been read."""

Cancelled = Callable[[], bool]
"""Asked now and then: True ends the reading, and nothing of it remains."""

CHUNK_BYTES = 1 << 22


class ReadingError(ValueError):
    """A file that cannot be used; the message is a sentence: what is wrong, where, what to do."""


def nothing_to_say(part: float) -> None:
    """The progress that nobody looks at."""


def never_cancelled() -> bool:
    """The reading that is always wanted."""
    return False


def checked_size(path: Path, most: int, kind: str) -> int:
    """The size of this file in bytes. Raises ReadingError if it is missing, empty, a folder or larger than `most`.

    `kind` says what such files are called, in the plural: "texts".
    """
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise ReadingError(
            f"The file '{path.name}' is not there (any more): look whether it was moved, renamed or deleted."
        ) from error
    except (OSError, ValueError) as error:
        raise ReadingError(f"'{path.name}' cannot be opened: {_reason(error)}.") from error
    if path.is_dir():
        raise ReadingError(f"'{path.name}' is a folder: open a file in it.")
    if not path.is_file():
        raise ReadingError(f"'{path.name}' is not a file that can be read to its end: open an ordinary file.")
    if found.st_size == 0:
        raise ReadingError(f"'{path.name}' is empty: there is nothing in it to learn from.")
    if found.st_size > most:
        raise ReadingError(
            f"'{path.name}' is too large: it has {size_in_words(found.st_size)}, and {kind} of up to "
            f"{size_in_words(most)} are read. Cut out a part of it and open that."
        )
    return found.st_size


def chunks(
    path: Path, size: int, progress: Progress = nothing_to_say, cancelled: Cancelled = never_cancelled
) -> Iterator[bytes]:
    """The bytes of a file, four megabytes at a time; it ends early once it is cancelled.

    Raises ReadingError when the file disappears or cannot be read on.
    """
    done = 0
    try:
        with path.open("rb") as file:
            while not cancelled() and (chunk := file.read(CHUNK_BYTES)):
                done += len(chunk)
                yield chunk
                progress(min(1.0, done / max(size, 1)))
    except OSError as error:
        raise ReadingError(f"'{path.name}' could not be read to its end: {_reason(error)}.") from error


def head(path: Path, most: int) -> bytes:
    """The first bytes of a file. Raises ReadingError."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise ReadingError(f"'{path.name}' cannot be read: {_reason(error)}.") from error


def size_in_words(size: int) -> str:
    """A number of bytes as a person says it: "1.2 GB", "250 MB"."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:.3g} {unit}"
    return f"{size} bytes"


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return "you are not allowed to read it"
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
