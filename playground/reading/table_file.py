"""Reads tables (CSV): first a preview with everything guessed, then the chosen columns alone. pandas does the reading.

    found = preview(path)                       # options, columns with their kinds, first rows as text
    values = read_numbers(path, found.options, column=1, time_column=0, missing=INTERPOLATE)

Whatever was guessed can be said: `preview(path, Said(separator=";"))`. A column may be read as another kind than was
guessed: `read_numbers` takes any column for its values or its times, and refuses one that does not hold them.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.reading.encodings import LATIN_1, guess_encoding
from playground.reading.files import (
    Cancelled,
    Progress,
    ReadingError,
    checked_size,
    head,
    never_cancelled,
    nothing_to_say,
)
from playground.reading.table_guesses import (
    DATE,
    MISSING,
    NUMBER,
    SEPARATORS,
    KindOutcome,
    date_form_of,
    guess_date_form,
    guess_decimal,
    guess_header,
    guess_kind,
    guess_separator,
    number_of,
    outcome_of,
)

MOST_BYTES = 250_000_000
LEAST_NUMBERS = 0.5
"""A column that is chosen to be forecast has numbers in more than this share of the cells that hold anything."""

SAMPLE_BYTES = 1 << 18
SAMPLE_ROWS = 500
CHUNK_ROWS = 100_000

DROP, INTERPOLATE = "drop", "interpolate"
MISSING_WAYS = {DROP: "leave the row out", INTERPOLATE: "draw a line across the gap"}
"""What is done where a value is missing."""


@dataclass(frozen=True)
class Said:
    """What the user says about a table; None: to be guessed."""

    separator: str | None = None
    decimal: str | None = None
    header: bool | None = None


@dataclass(frozen=True)
class TableForm:
    """How a table is written: everything that is needed to read it again in the same way."""

    encoding: str
    separator: str
    decimal: str
    header: bool


@dataclass(frozen=True)
class ColumnPreview:
    """One column: its name, its guessed kind, the form of its dates (None: no dates), its first cells as text."""

    name: str
    kind: str
    date_form: str | None
    sample: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """A table as it is offered for a choice: its form, its columns, its first rows as text, and what is to be told."""

    title: str
    form: TableForm
    columns: tuple[ColumnPreview, ...]
    rows: tuple[tuple[str, ...], ...]
    notices: tuple[str, ...] = ()

    def index(self, column: str | int) -> int:
        """The place (0-based) of a column by its name, its number from 1, or its place as an int.

        Raises ReadingError with a sentence that lists the columns.
        """
        if isinstance(column, int):
            if 0 <= column < len(self.columns):
                return column
        else:
            names = [each.name for each in self.columns]
            for wanted, among in ((column, names), (column.lower(), [name.lower() for name in names])):
                if wanted in among:
                    return among.index(wanted)
            if column.isdigit() and 1 <= int(column) <= len(names):
                return int(column) - 1
        listed = ", ".join(f"'{each.name}'" for each in self.columns[:20])
        raise ReadingError(f"'{self.title}' has no column '{column}'; it has {listed}.")

    def outcome(self, index: int, kind: str) -> KindOutcome:
        """What becomes of the first cells of a column (at most 500) when it is read as this kind."""
        return outcome_of(self.columns[index].sample, kind, self.form.decimal)

    def first_of(self, kind: str, without: tuple[int, ...] = ()) -> int | None:
        """The first column of this kind; None when there is none. Columns that only count the rows are taken last."""
        found = [i for i, each in enumerate(self.columns) if each.kind == kind and i not in without]
        counting = [i for i in found if self._counts_rows(i)]
        ordered = [i for i in found if i not in counting] + counting
        return ordered[0] if ordered else None

    def _counts_rows(self, index: int) -> bool:
        """Whether a column is 0, 1, 2, ... or years one after the other."""
        values = [number_of(cell, self.form.decimal) for cell in self.columns[index].sample]
        known = [value for value in values if value is not None]
        return len(known) > 2 and all(later - earlier == 1 for earlier, later in itertools.pairwise(known))


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """The numbers of a column, without a gap: values (N,) float64, read-only; times (N,) datetime64[s], or None.

    rows: rows of the table. missing: values that were not there. unreadable: cells that are no number. dropped,
    interpolated: what was done about both. notices: all of it in sentences.
    """

    title: str
    name: str
    values: NDArray[np.float64]
    times: NDArray[np.datetime64] | None
    rows: int
    missing: int
    unreadable: int
    dropped: int
    interpolated: int
    notices: tuple[str, ...]


def preview(path: str | Path, said: Said | None = None) -> Preview:
    """What is in this table, from its first quarter of a megabyte. Any thread; a few milliseconds.

    Raises ReadingError with a sentence for a file that is missing, empty, too large or no table.
    """
    path, said = Path(path), Said() if said is None else said
    checked_size(path, MOST_BYTES, "tables")
    sample, encoding, notices = _sample(path)
    separator = guess_separator(sample) if said.separator is None else said.separator
    if separator not in SEPARATORS:
        raise ReadingError(f"A table is separated by comma, semicolon or tab, not by {separator!r}.")
    rows = _rows_of(path, sample, separator)
    decimal = guess_decimal(rows, separator) if said.decimal is None else said.decimal
    header = guess_header(rows, decimal) if said.header is None else said.header
    below = rows[1:] if header else rows
    if not below or len(rows) == 1:
        raise ReadingError(
            f"'{path.name}' has only one line: a series needs many values, one below the other."
        )
    width = max(len(row) for row in rows)
    names = _names(rows[0] if header else [], width)
    columns = []
    for index in range(width):
        cells = [row[index] for row in below if index < len(row)]
        kind = guess_kind(cells, decimal)
        form = guess_date_form(cells) if kind == DATE else None
        columns.append(ColumnPreview(names[index], kind, form, tuple(cells[:SAMPLE_ROWS])))
    return Preview(
        path.name,
        TableForm(encoding, separator, decimal, header),
        tuple(columns),
        tuple(tuple(row) for row in below[:100]),
        tuple(notices),
    )


def read_numbers(
    path: str | Path,
    column: str | int,
    *,
    time_column: str | int | None = None,
    missing: str = INTERPOLATE,
    said: Said | None = None,
    progress: Progress = nothing_to_say,
    cancelled: Cancelled = never_cancelled,
) -> NumberColumn | None:
    """The numbers of one column, and their times; None once it is cancelled. Any thread.

    Missing values and cells that are no number are dropped with their rows, or interpolated (those at the ends are
    dropped), and counted. Rows without a time are dropped. Raises ReadingError with a sentence for a column that does
    not exist, is not made of numbers, or is always the same.
    """
    path = Path(path)
    if missing not in MISSING_WAYS:
        raise ReadingError(f"Missing values are handled by {' or '.join(MISSING_WAYS)}, not by {missing!r}.")
    size = checked_size(path, MOST_BYTES, "tables")
    found = preview(path, said)
    index = found.index(column)
    time_index = None if time_column is None else found.index(time_column)
    values, missing_count, unreadable = [], 0, 0
    cells_of_time = []
    for frame in _frames(path, found, size, progress, cancelled):
        parsed, absent = _numbers(frame[index], found.form.decimal)
        values.append(parsed)
        missing_count += absent
        unreadable += int(np.isnan(parsed).sum()) - absent
        if time_index is not None:
            cells_of_time.append(frame[time_index])
    if cancelled():
        return None
    name = found.columns[index].name
    numbers = np.concatenate(values) if values else np.empty(0)
    _check_numbers(path.name, name, numbers, unreadable)
    notices = list(found.notices)
    times = None
    if time_index is not None:
        times = _times(cells_of_time, found.columns[time_index], path.name)
    kept, dropped, interpolated = _without_gaps(numbers, times, missing)
    if dropped or interpolated:
        notices.append(_gap_words(name, missing_count, unreadable, dropped, interpolated))
    clean = kept[0]
    if np.ptp(clean) == 0.0:
        raise ReadingError(
            f"The column '{name}' of '{path.name}' is always {clean[0]:g}: there is nothing to forecast. "
            "Choose another column."
        )
    for array in kept:
        if array is not None:
            array.setflags(write=False)
    return NumberColumn(
        path.name,
        name,
        clean,
        kept[1],
        len(numbers),
        missing_count,
        unreadable,
        dropped,
        interpolated,
        tuple(notices),
    )


def _sample(path: Path) -> tuple[str, str, list[str]]:
    """The beginning of the file as text that ends with a line, its encoding, and what is to be told."""
    first = head(path, SAMPLE_BYTES)
    encoding = guess_encoding(first[: 1 << 16]).encoding
    if encoding is None:
        raise ReadingError(
            f"'{path.name}' is not a table in text form: save it as CSV (in a spreadsheet: Save as, CSV)."
        )
    whole = len(first) < SAMPLE_BYTES
    notices = []
    try:
        text = first.decode(encoding) if whole else first[: len(first) // 4 * 4].decode(encoding)
    except UnicodeDecodeError as error:
        at_the_end = not whole and error.start >= len(first) - 8
        if at_the_end or encoding != "utf-8":
            text = first.decode(encoding, errors="ignore")
        else:
            encoding = LATIN_1
            text = first.decode(encoding)
            notices.append(
                f"'{path.name}' is not written in UTF-8, so it was read as Latin-1 (Western European)."
            )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not whole and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    if not text.strip():
        raise ReadingError(f"'{path.name}' has nothing but blanks in it.")
    return text, encoding, notices


def _rows_of(path: Path, sample: str, separator: str) -> list[list[str]]:
    """The first rows, blank ones left out."""
    import csv

    try:
        rows = [row for row in csv.reader(io.StringIO(sample), delimiter=separator) if any(row)]
    except csv.Error as error:
        raise ReadingError(f"'{path.name}' cannot be read as a table: {error}.") from error
    if not rows:
        raise ReadingError(f"'{path.name}' has no rows.")
    return rows[: SAMPLE_ROWS + 1]


def _names(first: list[str], width: int) -> list[str]:
    """A name of its own for each column: from the header, else its number."""
    names: list[str] = []
    for index in range(width):
        given = first[index].strip() if index < len(first) else ""
        name = given or f"column {index + 1}"
        names.append(name if name not in names else f"{name} ({index + 1})")
    return names


def _frames(
    path: Path, found: Preview, size: int, progress: Progress, cancelled: Cancelled
) -> Iterator[dict[int, Any]]:
    """The columns of the table as text, some rows at a time. Ends early once cancelled."""
    import pandas as pd

    form = found.form
    done = 0
    try:
        with path.open("r", encoding=form.encoding, newline="", errors="replace") as file:
            reader = pd.read_csv(
                file,
                sep=form.separator,
                header=None,
                skiprows=0,
                names=range(len(found.columns)),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                na_values=[],
                skip_blank_lines=True,
                chunksize=CHUNK_ROWS,
            )
            for number, frame in enumerate(reader):
                if cancelled():
                    return
                if number == 0 and form.header:
                    frame = frame.iloc[1:]
                yield {place: frame[place] for place in frame.columns}
                done += int(sum(frame[place].str.len().sum() for place in frame.columns)) + len(frame) * len(
                    frame.columns
                )
                progress(min(1.0, done / max(size, 1)))
            progress(1.0)
    except pd.errors.ParserError as error:
        raise ReadingError(f"'{path.name}' cannot be read as a table: {_parser_words(str(error))}") from error
    except OSError as error:
        raise ReadingError(f"'{path.name}' could not be read to its end: {error.strerror}.") from error


def _parser_words(message: str) -> str:
    import re

    counted = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if counted is None:
        return "its rows are not of one form (is a quotation mark left open?)."
    expected, line, saw = counted.groups()
    return (
        f"line {line} has {saw} values where the others have {expected}. "
        "Mend that line, or choose another separator."
    )


def _numbers(cells: Any, decimal: str) -> tuple[NDArray[np.float64], int]:
    """The numbers of a column of text, NaN where there is none, and how many were said to be missing."""
    import pandas as pd

    plain = cells.fillna("").str.strip()
    absent = plain.str.lower().isin(list(MISSING))
    bare = plain.str.replace(r"[ \u00a0\u202f\u2009'%]", "", regex=True)
    other = "," if decimal == "." else "."  # may part thousands, and only those
    wrong = bare.str.contains(other, regex=False) & ~bare.str.fullmatch(
        rf"[+-]?\d{{1,3}}(\{other}\d{{3}})+.*"
    )
    bare = bare.where(~wrong, "").str.replace(other, "", regex=False).str.replace(decimal, ".", regex=False)
    numbers = pd.to_numeric(bare, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan).copy()
    numbers[absent.to_numpy(dtype=bool) | ~np.isfinite(numbers)] = np.nan
    return numbers, int(absent.sum())


def _check_numbers(title: str, name: str, numbers: NDArray[np.float64], unreadable: int) -> None:
    known = int(np.isfinite(numbers).sum())
    if known == 0:
        raise ReadingError(f"The column '{name}' of '{title}' has no numbers in it: choose another column.")
    if unreadable >= (1.0 - LEAST_NUMBERS) * (known + unreadable):
        raise ReadingError(
            f"The column '{name}' of '{title}' is not made of numbers: {unreadable:,} of {known + unreadable:,} values "
            "are words. Choose another column, or another decimal sign."
        )


def _times(cells: list[Any], column: ColumnPreview, title: str) -> NDArray[np.datetime64]:
    """(N,) the times of a column of dates; NaT where there is none."""
    import pandas as pd

    form = column.date_form or date_form_of(column.sample)  # numbers may be years, or 20120131
    if form is None:
        kind = "numbers" if column.kind == NUMBER else "words"
        raise ReadingError(
            f"The column '{column.name}' of '{title}' holds {kind}, not dates in a form known here."
        )
    joined = pd.concat(cells).str.strip()
    zoned = "%z" in form
    times = pd.to_datetime(joined, format=form, errors="coerce", utc=zoned)
    if zoned:
        times = times.dt.tz_localize(None)
    return times.to_numpy().astype("datetime64[s]")


def _without_gaps(
    numbers: NDArray[np.float64], times: NDArray[np.datetime64] | None, missing: str
) -> tuple[tuple[NDArray[np.float64], NDArray[np.datetime64] | None], int, int]:
    """Values and times without gaps, and how many were dropped and interpolated."""
    timed = np.ones(len(numbers), dtype=np.bool_) if times is None else ~np.isnat(times)
    known = np.isfinite(numbers)
    keep = known & timed
    filled = numbers
    interpolated = 0
    if missing == INTERPOLATE and keep.any():
        places = np.flatnonzero(keep)
        inside = (
            timed & ~known & (np.arange(len(numbers)) > places[0]) & (np.arange(len(numbers)) < places[-1])
        )
        filled = numbers.copy()
        filled[inside] = np.interp(np.flatnonzero(inside), places, numbers[places])
        interpolated = int(inside.sum())
        keep = keep | inside
    dropped = int(len(numbers) - keep.sum())
    return (filled[keep], None if times is None else times[keep]), dropped, interpolated


def _gap_words(name: str, missing: int, unreadable: int, dropped: int, interpolated: int) -> str:
    """What was missing and what was done, in one sentence."""
    parts = []
    if missing:
        parts.append(f"{missing:,} {'value is' if missing == 1 else 'values are'} missing")
    if unreadable:
        parts.append(f"{unreadable:,} {'is' if unreadable == 1 else 'are'} no number")
    done = []
    if interpolated:
        done.append(f"{interpolated:,} {'was' if interpolated == 1 else 'were'} interpolated")
    if dropped:
        done.append(f"{dropped:,} {'row was' if dropped == 1 else 'rows were'} left out")
    what = " and ".join(parts) or "some rows have no time"
    return f"In '{name}' {what}: {' and '.join(done)}."
