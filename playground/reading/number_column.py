"""Reads the numbers of one column of a table, and their times, and says what was missing. pandas does the reading.

    values = read_numbers(path, column=1, time_column=0, missing=INTERPOLATE)

What the file is like is guessed by `preview`, unless it is said. Any column is taken for its values or its times, and
one that does not hold them is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.reading.files import (
    Cancelled,
    Progress,
    ReadingError,
    checked_size,
    never_cancelled,
    nothing_to_say,
)
from playground.reading.table_file import (
    INTERPOLATE,
    MISSING_WAYS,
    MOST_BYTES,
    ColumnPreview,
    Preview,
    Said,
    preview,
)
from playground.reading.table_guesses import MISSING, NUMBER, date_form_of

LEAST_NUMBERS = 0.5
"""A column that is chosen to be forecast has numbers in more than this share of the cells that hold anything."""

CHUNK_ROWS = 100_000


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
    """(N,) the numbers of a column of text, NaN where there is none, and how many were said to be missing."""
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
    """Values and times (M,) without gaps from those (N,) with them, and how many were dropped and interpolated."""
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
