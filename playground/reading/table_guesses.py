"""What a table looks like: separator, decimal sign, header, types of columns, form of dates. From a sample of its rows.

Only guesses: whoever opens the table may say otherwise.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

NUMBER, DATE, TEXT = "number", "date", "text"
KINDS = {NUMBER: "numbers", DATE: "dates", TEXT: "words"}
"""What a column can hold, and what that is called."""

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
DECIMALS = {".": "point", ",": "comma"}

MISSING = frozenset(
    ("", "na", "n/a", "nan", "null", "none", "-", "--", "?", "#n/a", "nil", "missing", "inf", "-inf", "...")
)
"""What stands for a value that is not there, in small letters."""

ENOUGH = 0.9
"""A column is guessed to be of a kind when this share of its values is."""

YEAR_FORM = "%Y"
"""Years alone are numbers unless somebody says that they are dates."""

DATE_FORMS = {
    "%Y-%m-%d": "2012-01-31",
    "%Y/%m/%d": "2012/01/31",
    "%d.%m.%Y": "31.01.2012",
    "%d/%m/%Y": "31/01/2012",
    "%m/%d/%Y": "01/31/2012",
    "%d-%m-%Y": "31-01-2012",
    "%d.%m.%y": "31.01.12",
    "%Y%m%d": "20120131",
    "%Y-%m": "2012-01",
    "%d %b %Y": "31 Jan 2012",
    "%d-%b-%Y": "31-Jan-2012",
    "%b %d, %Y": "Jan 31, 2012",
    "%d %B %Y": "31 January 2012",
    "%B %d, %Y": "January 31, 2012",
}
"""Forms of dates in the order in which they are tried, with an example each; a time of day may follow."""

TIMES_OF_DAY = ("", "%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%H:%M:%S%z", "%H:%M%z", "%H:%M:%S.%f%z", "%I:%M %p")

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'")
_POINT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d*)(\.\d*)?([eE][+-]?\d+)?%?")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d*)(,\d*)?([eE][+-]?\d+)?%?")


def is_missing(cell: str) -> bool:
    """Whether this cell says that there is no value."""
    return cell.strip().lower() in MISSING


def number_of(cell: str, decimal: str) -> float | None:
    """The number in this cell, written with this decimal sign; None for what is none. Spaces and the other sign may
    part thousands."""
    plain = cell.strip().translate(_SPACES)
    pattern = _POINT if decimal == "." else _COMMA
    if not any(letter.isdigit() for letter in plain) or pattern.fullmatch(plain) is None:
        return None
    plain = plain.rstrip("%")
    plain = plain.replace(",", "") if decimal == "." else plain.replace(".", "").replace(",", ".")
    return float(plain)


def guess_separator(sample: str) -> str:
    """The separator that cuts most rows into equally many parts, more than one; tab and semicolon before comma, which
    may be a decimal sign. A comma for a table of one column."""
    best, best_score = ",", 0.0
    for separator in ("\t", ";", ","):
        widths = [len(row) for row in csv.reader(sample.splitlines(), delimiter=separator) if row]
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = count / len(widths) if width > 1 else 0.0
        if score > best_score + 0.05:
            best, best_score = separator, score
    return best


def guess_decimal(rows: Sequence[Sequence[str]], separator: str) -> str:
    """The decimal sign: the one that makes numbers of more cells; a point when both do."""
    cells = [cell for row in rows for cell in row if any(letter.isdigit() for letter in cell)]
    read = {sign: sum(number_of(cell, sign) is not None for cell in cells) for sign in DECIMALS}
    # "1.234" is a number either way; what decides is a fraction that is not three digits long
    if read["."] == read[","]:
        commas = sum(bool(re.search(r",(\d{1,2}|\d{4,})$", cell.strip())) for cell in cells)
        points = sum(bool(re.search(r"\.(\d{1,2}|\d{4,})$", cell.strip())) for cell in cells)
        return "," if commas > points and separator != "," else "."
    return "," if read[","] > read["."] else "."


def guess_header(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Whether the first row names the columns: it has no number or date where the rows below have them, or, where all
    is words, no word twice and none that comes again below."""
    if len(rows) < 2:
        return False
    first, below = rows[0], rows[1:]
    kinds = guess_kinds(below, decimal)
    if any(kind != TEXT for kind in kinds):
        return not any(
            kind != TEXT and guess_kind([cell], decimal) == kind
            for cell, kind in zip(first, kinds, strict=False)
        )
    names = [cell.strip() for cell in first]
    again = {cell.strip() for row in below for cell in row}
    return len(set(names)) == len(names) and not again & set(names)


def guess_kinds(rows: Sequence[Sequence[str]], decimal: str) -> list[str]:
    """The kind of each column of these rows (without the header)."""
    width = max((len(row) for row in rows), default=0)
    return [guess_kind([row[index] for row in rows if index < len(row)], decimal) for index in range(width)]


def guess_kind(cells: Sequence[str], decimal: str) -> str:
    """Numbers, dates or words: what nine of ten values are. Years and other whole numbers are numbers."""
    present = [cell for cell in cells if not is_missing(cell)]
    if not present:
        return TEXT
    if sum(number_of(cell, decimal) is not None for cell in present) >= ENOUGH * len(present):
        return NUMBER
    return DATE if guess_date_form(present) is not None else TEXT


@dataclass(frozen=True)
class KindOutcome:
    """What becomes of a column's cells when it is read as one kind: how many are read, how many say that there is no
    value, how many are neither. `form`: of dates, the form that they are read in; None where none fits."""

    kind: str
    read: int
    missing: int
    unreadable: int
    form: str | None = None


def outcome_of(cells: Sequence[str], kind: str, decimal: str) -> KindOutcome:
    """What becomes of these cells as numbers, as dates, or as words, which are left out."""
    missing = sum(is_missing(cell) for cell in cells)
    present = [cell for cell in cells if not is_missing(cell)]
    form = None
    if kind == NUMBER:
        read = sum(number_of(cell, decimal) is not None for cell in present)
    elif kind == DATE:
        form = date_form_of(cells)
        read = sum(time_of(cell.strip(), form) is not None for cell in present) if form else 0
    else:
        read = len(present)
    return KindOutcome(kind, read, missing, len(present) - read, form)


def date_form_of(cells: Sequence[str]) -> str | None:
    """The form of cells that are said to be dates: one that reads nine of ten, the year alone among them."""
    guessed = guess_date_form(cells)
    if guessed is not None:
        return guessed
    present = [cell.strip() for cell in cells if not is_missing(cell)]
    years = sum(time_of(cell, YEAR_FORM) is not None for cell in present)
    return YEAR_FORM if present and years >= ENOUGH * len(present) else None


def guess_date_form(cells: Sequence[str]) -> str | None:
    """The form in which these dates are written, as strptime takes it; None when no form reads nine of ten.

    Where days and months could be exchanged, the form that reads more of them wins; with equally many, the one whose
    dates grow from row to row; else the day comes first.
    """
    present = [cell.strip() for cell in cells if not is_missing(cell)][:400]
    best: tuple[float, float, str] | None = None
    for form in date_forms(present[:6]):
        read = [when for cell in present if (when := time_of(cell, form)) is not None]
        if len(read) < ENOUGH * len(present):
            continue
        growing = sum(later >= earlier for earlier, later in itertools.pairwise(read))
        score = (len(read) / len(present), growing / max(1, len(read) - 1), form)
        if best is None or score[:2] > best[:2]:
            best = score
    return None if best is None else best[2]


def time_of(cell: str, form: str) -> datetime | None:
    """The date (and time of day) in this cell, written in this form; None for what is none."""
    try:
        return datetime.strptime(cell, form)
    except ValueError:
        return None


def date_forms(cells: Sequence[str]) -> list[str]:
    """The forms, date alone or date and time of day, that read at least half of these cells."""
    if not any(letter.isdigit() for cell in cells for letter in cell):
        return []
    forms = [
        f"{date}{between}{time}".strip(" T")
        for date in DATE_FORMS
        for time in TIMES_OF_DAY
        for between in ((" ", "T") if time else ("",))
    ]
    return [
        form for form in forms if 2 * sum(time_of(cell, form) is not None for cell in cells) >= len(cells)
    ]
