"""What a table (CSV) is like, from its beginning: everything guessed, the columns with their kinds, the first rows.

Whatever was guessed can be said: `preview(path, Said(separator=";"))`. A column may be read as another kind than was
guessed: see `number_column`.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from pathlib import Path

from playground.reading.encodings import LATIN_1, guess_encoding
from playground.reading.files import (
    ReadingError,
    checked_size,
    head,
)
from playground.reading.table_guesses import (
    DATE,
    SEPARATORS,
    KindOutcome,
    guess_date_form,
    guess_decimal,
    guess_header,
    guess_kind,
    guess_separator,
    number_of,
    outcome_of,
)

MOST_BYTES = 250_000_000
SAMPLE_BYTES = 1 << 18
SAMPLE_ROWS = 500

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
