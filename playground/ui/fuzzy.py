"""Fuzzy search: which commands somebody means who types a few letters."""

from __future__ import annotations


def fuzzy_score(query: str, text: str) -> float | None:
    """How well `query` fits `text`, higher is better; None when its letters do not occur in it in this order.

    Letters at the beginning of words, letters in a row and an early first letter count more.
    """
    letters = [letter for letter in query.lower() if not letter.isspace()]
    lowered = text.lower()
    best: float | None = None
    if not letters:
        return 0.0
    for start in (position for position, letter in enumerate(lowered) if letter == letters[0]):
        score = _score_from(letters, lowered, start)
        if score is not None and (best is None or score > best):
            best = score
    return None if best is None else best - 0.01 * len(text)


def _score_from(letters: list[str], text: str, start: int) -> float | None:
    score, position, previous = 0.0, start, -2
    for letter in letters:
        position = text.find(letter, position)
        if position < 0:
            return None
        begins_word = position == 0 or not text[position - 1].isalnum()
        score += 1.0 + (2.0 if begins_word else 0.0) + (1.5 if position == previous + 1 else 0.0)
        previous, position = position, position + 1
    return score - 0.02 * start
