"""In which encoding a file is written: from its first bytes, and from whether it really reads as that."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

UTF_8, UTF_8_BOM, UTF_16, LATIN_1 = "utf-8", "utf-8-sig", "utf-16", "latin-1"
ENCODINGS = {
    UTF_8: "UTF-8",
    UTF_8_BOM: "UTF-8 with a byte order mark",
    UTF_16: "UTF-16",
    "utf-16-le": "UTF-16 without a byte order mark",
    "utf-16-be": "UTF-16 without a byte order mark",
    LATIN_1: "Latin-1",
}
"""Each encoding by Python's name, and what it is called."""

MOST_CONTROL = 0.01
"""A text has fewer control characters than this share of its bytes."""

_BINARY_SIGNATURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"%PDF",
    b"\x7fELF",
    b"\x1f\x8b",
    b"RIFF",
)
_USUAL_CONTROL = frozenset(b"\t\n\r\f\v\x1b\b\x1a")


@dataclass(frozen=True)
class Guess:
    """What the first bytes look like: an encoding, or None for what is no text at all."""

    encoding: str | None


def guess_encoding(first: bytes) -> Guess:
    """The encoding that these first bytes suggest: a byte order mark decides; UTF-16 shows by its zeros; else UTF-8."""
    if first.startswith(codecs.BOM_UTF8):
        return Guess(UTF_8_BOM)
    if first.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return Guess("utf-32")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Guess(UTF_16)
    if first.startswith(_BINARY_SIGNATURES):
        return Guess(None)
    if b"\0" in first:
        return Guess(_utf_16_by_zeros(first))
    return Guess(None if control_share(first) > MOST_CONTROL else UTF_8)


def control_share(text: bytes) -> float:
    """The share (0..1) of control characters that no text has."""
    if not text:
        return 0.0
    unusual = bytes(code for code in range(32) if code not in _USUAL_CONTROL)
    return 1.0 - len(text.translate(None, unusual)) / len(text)


def _utf_16_by_zeros(first: bytes) -> str | None:
    """Western text in UTF-16 has a zero in nearly every second byte, and hardly any in the others."""
    pairs = len(first) // 2
    even, odd = first[: 2 * pairs : 2].count(0), first[1 : 2 * pairs : 2].count(0)
    if pairs and odd > 0.7 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if pairs and even > 0.7 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None
