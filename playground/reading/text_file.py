"""Reads a text of any size up to 250 MB into one small number for each character.

What comes out is an array of code points in the smallest type that holds them: a text of 100 MB in ASCII is 100 MB, and
no Python string of it ever exists.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.reading.encodings import (
    ENCODINGS,
    LATIN_1,
    MOST_CONTROL,
    UTF_8,
    control_share,
    guess_encoding,
)
from playground.reading.files import (
    Cancelled,
    Progress,
    ReadingError,
    checked_size,
    chunks,
    head,
    never_cancelled,
    nothing_to_say,
)

MOST_BYTES = 250_000_000
HEAD_BYTES = 1 << 16

Codes = NDArray[Any]
"""Code points as uint8, uint16 or uint32: the smallest of them that holds all."""


@dataclass(frozen=True, eq=False)
class TextFile:
    """A text that was read: its code points (N,), read-only, with every line end as a newline.

    encoding: Python's name of it. notices: what the user should know, a sentence each ("... read as Latin-1 ...").
    """

    title: str
    codes: Codes
    encoding: str
    notices: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """The number of characters."""
        return len(self.codes)

    def text(self, first: int = 0, last: int | None = None) -> str:
        """The characters from `first` up to before `last`, as a string."""
        return text_of(self.codes[first:last])


def read_text(
    path: str | Path,
    progress: Progress = nothing_to_say,
    cancelled: Cancelled = never_cancelled,
    most_bytes: int = MOST_BYTES,
) -> TextFile | None:
    """The text in this file; None once it is cancelled. Any thread. 100 MB take about a second.

    UTF-8 with or without byte order mark, UTF-16; what is neither is read as Latin-1, and a notice says so. Raises
    ReadingError with a sentence for a file that is missing, empty, too large or no text.
    """
    path = Path(path)
    size = checked_size(path, most_bytes, "texts")
    first = head(path, HEAD_BYTES)
    encoding = guess_encoding(first).encoding
    if encoding is None:
        raise ReadingError(
            f"'{path.name}' is not a text (its bytes look like a program, a picture or an archive): "
            "save what you want to learn from as plain text."
        )
    notices: list[str] = []
    try:
        codes = _decoded(path, size, encoding, progress, cancelled)
    except UnicodeDecodeError as error:
        if encoding != UTF_8:
            raise ReadingError(
                f"'{path.name}' begins like {ENCODINGS.get(encoding, encoding)} and then breaks off: "
                "save it again as UTF-8."
            ) from error
        _check_no_binary(path, first)
        encoding = LATIN_1
        notices.append(
            f"'{path.name}' is not written in UTF-8, so it was read as Latin-1 (Western European): "
            "if letters with accents look wrong, save it as UTF-8 and open it again."
        )
        codes = _decoded(path, size, encoding, progress, cancelled)
    if codes is None:
        return None
    if len(codes) == 0 or not (codes > 32).any():
        raise ReadingError(f"'{path.name}' has nothing but blanks in it: there is nothing to learn from.")
    if not (codes[:-1] == ord("\n")).any():
        notices.append(f"'{path.name}' is one single line: there is no line end at which writing could stop.")
    return TextFile(path.name, codes, encoding, tuple(notices))


def text_from(text: str, title: str) -> TextFile:
    """A text that is at hand already, as if it had been read from a file. Raises ReadingError when it is blank."""
    codes = _smallest([codes_of(text.replace("\r\n", "\n").replace("\r", "\n"))])
    if len(codes) == 0 or not (codes > 32).any():
        raise ReadingError(f"The {title} has nothing but blanks in it: there is nothing to learn from.")
    return TextFile(title, codes, UTF_8)


def codes_of(text: str) -> Codes:
    """(N,) the code points of a string, in the smallest type that holds them."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    largest = int(wide.max())
    return wide.astype(np.uint8 if largest < 1 << 8 else np.uint16) if largest < 1 << 16 else wide


def text_of(codes: NDArray[Any]) -> str:
    """The string of these code points (N,): the inverse of `codes_of`."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _decoded(path: Path, size: int, encoding: str, progress: Progress, cancelled: Cancelled) -> Codes | None:
    """All code points; None once cancelled. Raises UnicodeDecodeError."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    parts = [codes_of(decoder.decode(chunk)) for chunk in chunks(path, size, progress, cancelled)]
    if cancelled():
        return None
    parts.append(codes_of(decoder.decode(b"", final=True)))
    return _smallest(parts)


def _smallest(parts: list[Codes]) -> Codes:
    kind = max((part.dtype for part in parts), key=lambda each: each.itemsize)
    codes: Codes = np.concatenate(parts, dtype=kind)
    codes.setflags(write=False)
    return codes


def _check_no_binary(path: Path, first: bytes) -> None:
    if control_share(first) > MOST_CONTROL / 10:
        raise ReadingError(
            f"'{path.name}' is not a text: it is neither UTF-8 nor UTF-16 nor anything like Latin-1."
        )
