"""Tables as people have them: separators, decimal signs, headers, dates, gaps, and everything that is no series."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from playground.reading.files import ReadingError
from playground.reading.number_column import NumberColumn, read_numbers
from playground.reading.table_file import DROP, INTERPOLATE, Said, preview
from playground.reading.table_guesses import (
    DATE,
    DATE_FORMS,
    NUMBER,
    TEXT,
    KindOutcome,
    guess_date_form,
    guess_separator,
    is_missing,
    number_of,
    outcome_of,
)
from playground.resources import dataset


def written(folder: Path, content: str, encoding: str = "utf-8", name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def column(path: Path, name: str | int, **how: object) -> NumberColumn:
    found = read_numbers(path, name, **how)  # type: ignore[arg-type]
    assert found is not None
    return found


VALUES = [1.5, 2.25, -3.0, 1234.5]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_every_common_form_gives_the_same_numbers(
    tmp_path: Path, separator: str, decimal: str, header: bool, encoding: str
) -> None:
    quote = '"' if separator == decimal else ""
    lines = [f"Größe{separator}wer"] if header else []
    lines += [f"{quote}{value}{quote}{separator}Jörg".replace(".", decimal) for value in VALUES]
    path = written(tmp_path, "\r\n".join(lines) + "\r\n", encoding)
    found = preview(path)
    assert (found.form.separator, found.form.decimal, found.form.header) == (separator, decimal, header)
    assert [each.kind for each in found.columns] == [NUMBER, TEXT]
    assert found.columns[0].name == ("Größe" if header else "column 1")
    assert found.columns[1].sample[0] == "Jörg"
    read = column(path, 0)
    assert read.values.tolist() == VALUES
    assert read.rows == 4
    assert bool(read.notices) == (encoding == "latin-1")


@pytest.mark.parametrize("form", DATE_FORMS)
@pytest.mark.parametrize("time", ["", " %H:%M", "T%H:%M:%S"])
def test_dates_in_common_forms(tmp_path: Path, form: str, time: str) -> None:
    days = np.arange("2011-11-20T06:00", "2012-02-20", 24 * 60, dtype="datetime64[m]")
    if form == "%Y-%m":
        days = np.arange("2011-01", "2014-01", dtype="datetime64[M]").astype("datetime64[m]")
    cells = [day.item().strftime(form + time) for day in days]
    quoted = [f'"{cell}",{index % 7}' for index, cell in enumerate(cells)]
    path = written(tmp_path, "\n".join(["when,much", *quoted]))
    found = preview(path)
    if form == "%Y%m%d" and not time:
        assert found.columns[0].kind == NUMBER  # a whole number; whoever says it is a date is believed
        return
    assert found.columns[0].kind == DATE
    read = column(path, "much", time_column="when")
    assert read.times is not None
    expected = (
        days.astype("datetime64[D]").astype("datetime64[s]") if not time else days.astype("datetime64[s]")
    )
    np.testing.assert_array_equal(read.times, expected)


def test_days_and_months_are_told_apart_by_what_grows() -> None:
    assert guess_date_form(["01/02/2012", "02/02/2012", "03/02/2012"]) == "%d/%m/%Y"
    assert guess_date_form(["01/31/2012", "02/01/2012"]) == "%m/%d/%Y"
    assert guess_date_form(["11/01/2012", "12/01/2012", "01/02/2012", "02/02/2012"]) == "%d/%m/%Y"
    assert guess_date_form(["01/11/2012", "01/12/2012", "02/01/2012", "02/02/2012"]) == "%m/%d/%Y"
    assert guess_date_form(["words", "and", "more"]) is None


def test_times_with_a_zone_are_taken_to_greenwich(tmp_path: Path) -> None:
    path = written(tmp_path, "t,v\n2012-01-31T10:00:00+02:00,1\n2012-01-31T11:00:00+02:00,2\n")
    read = column(path, "v", time_column="t")
    assert read.times is not None
    assert str(read.times[0]) == "2012-01-31T08:00:00"


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1,234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1\u00a0234", ".", 1234.0),
        ("-.5", ".", -0.5),
        ("1e3", ".", 1000.0),
        ("12 %", ".", 12.0),
        ("1,5", ".", None),
        ("1.5", ",", None),
        ("abc", ".", None),
        ("-", ".", None),
        ("2012-01-31", ".", None),
    ],
)
def test_numbers_as_they_are_written(tmp_path: Path, cell: str, decimal: str, number: float | None) -> None:
    assert number_of(cell, decimal) == number
    filler = "".join(f"{value};x\n" for value in range(20))
    path = written(tmp_path, f"v;w\n{filler}{cell};x\n")
    read = column(path, "v", said=Said(";", decimal, True), missing=DROP)
    assert read.values.tolist() == [*range(20), *([] if number is None else [number])]
    assert read.dropped == (number is None)
    assert read.missing == is_missing(cell)


def test_missing_values_are_dropped_or_interpolated_and_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "v,w\n,a\n1,a\nNA,a\nn/a,a\n4,a\noops,a\n6,a\n" + "7,a\n" * 10 + "-,a\n")
    dropped = column(path, "v", missing=DROP)
    assert dropped.values[:4].tolist() == [1, 4, 6, 7]
    assert (dropped.missing, dropped.unreadable, dropped.dropped, dropped.interpolated) == (4, 1, 5, 0)
    assert dropped.notices == ("In 'v' 4 values are missing and 1 is no number: 5 rows were left out.",)
    filled = column(path, "v", missing=INTERPOLATE)
    assert filled.values[:7].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert (filled.dropped, filled.interpolated) == (2, 3)
    assert filled.notices == (
        "In 'v' 4 values are missing and 1 is no number: 3 were interpolated and 2 rows were left out.",
    )
    assert filled.rows == 18


def test_rows_without_a_time_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "t,v\n" + "".join(f"2012-01-{day:02},{day}\n" for day in range(1, 20)) + ",99\n")
    read = column(path, "v", time_column="t")
    assert read.values.tolist() == list(range(1, 20))
    assert read.times is not None
    assert read.notices == ("In 'v' some rows have no time: 1 row was left out.",)


def test_columns_are_found_by_name_or_number(tmp_path: Path) -> None:
    path = written(tmp_path, "Day,Demand,Demand\n2012-01-01,1,5\n2012-01-02,2,7\n")
    found = preview(path)
    assert [each.name for each in found.columns] == ["Day", "Demand", "Demand (3)"]
    assert [found.index(each) for each in ("Demand", "demand", "3", 2)] == [1, 1, 2, 2]
    assert found.first_of(NUMBER) == 1
    assert found.first_of(DATE) == 0
    assert found.first_of(TEXT) is None
    with pytest.raises(ReadingError, match="has no column 'price'; it has 'Day', 'Demand'"):
        found.index("price")


def test_a_column_that_counts_is_not_offered_first() -> None:
    found = preview(dataset("sunspots/sunspots.csv"))
    assert found.columns[0].name == "YEAR"
    assert found.first_of(NUMBER) == 1


def test_the_separator_that_fits_all_rows_wins() -> None:
    assert guess_separator("a,b;c,d\n1,5;2,5\n3,5;4,5\n") == ";"
    assert guess_separator("a,b\nx y,z\n") == ","
    assert guess_separator("alone\n1\n2\n") == ","
    assert guess_separator("one;1\ttwo;2\n3\t4\n5\t6\n") == "\t"


def test_what_was_guessed_can_be_said(tmp_path: Path) -> None:
    path = written(tmp_path, "1,5\n2,5\n3,5\n4,5\n")
    assert len(preview(path).columns) == 2
    as_one = preview(path, Said(separator=";"))
    assert (len(as_one.columns), as_one.form.decimal) == (1, ",")
    assert column(path, 0, said=Said(separator=";")).values.tolist() == [1.5, 2.5, 3.5, 4.5]
    assert preview(path, Said(header=True)).columns[0].name == "1"
    with pytest.raises(ReadingError, match="comma, semicolon or tab"):
        preview(path, Said(separator="|"))


def test_a_header_of_words_over_words(tmp_path: Path) -> None:
    assert preview(written(tmp_path, "name,town\nAnn,Bonn\nBen,Bonn\n")).form.header
    assert not preview(written(tmp_path, "Ann,Bonn\nBen,Bonn\n")).form.header


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        (" \n \n", "nothing but blanks"),
        ("a,b\n", "only one line"),
        ("v,w\n5,x\n5,y\n5,z\n", "always 5: there is nothing to forecast"),
        ("v,w\nred,x\nblue,y\n", "has no numbers in it"),
        ("v,w\n1,x\n2,x\nred,y\nblue,y\n", "not made of numbers: 2 of 4 values are words"),
    ],
)
def test_what_is_no_series_gets_a_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ReadingError, match=sentence):
        read_numbers(path, "v")


def test_a_row_that_is_longer_among_the_first_makes_the_table_wider(tmp_path: Path) -> None:
    path = written(tmp_path, "v,w\n1,x\n2,x,3,4\n3,y\n4,y\n")
    assert column(path, "v").values.tolist() == [1, 2, 3, 4]
    assert [each.name for each in preview(path).columns] == ["v", "w", "column 3", "column 4"]


def test_a_ragged_row_far_below_names_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "v,w\n" + "1,2\n" * 2000 + "1,2,3,4\n")
    with pytest.raises(ReadingError, match="line 2002 has 4 values where the others have 2"):
        read_numbers(path, "v")


def test_no_table_and_no_dates_get_a_sentence(tmp_path: Path) -> None:
    binary = tmp_path / "table.xlsx"
    binary.write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(ReadingError, match=r"not a table in text form: save it as CSV"):
        preview(binary)
    with pytest.raises(ReadingError, match="is not there"):
        preview(tmp_path / "gone.csv")
    path = written(tmp_path, "v,w\n1,x\n2,y\n")
    with pytest.raises(ReadingError, match="holds words, not dates"):
        read_numbers(path, "v", time_column="w")
    with pytest.raises(ReadingError, match="drop or interpolate"):
        read_numbers(path, "v", missing="ignore")
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(1_000_000_000)
    with pytest.raises(ReadingError, match="too large"):
        preview(huge)


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        (NUMBER, ["1", "2,5", "", "x", "n/a"], KindOutcome(NUMBER, 2, 2, 1)),
        (DATE, ["2012-01-31", "2012-02-01", ""], KindOutcome(DATE, 2, 1, 0, "%Y-%m-%d")),
        (DATE, ["1999", "2000", "2001"], KindOutcome(DATE, 3, 0, 0, "%Y")),
        (DATE, ["20120131", "20120201"], KindOutcome(DATE, 2, 0, 0, "%Y%m%d")),
        (DATE, ["red", "blue"], KindOutcome(DATE, 0, 0, 2)),
        (TEXT, ["red", "-"], KindOutcome(TEXT, 1, 1, 0)),
    ],
)
def test_what_becomes_of_a_column_read_as_a_kind(kind: str, cells: list[str], expected: KindOutcome) -> None:
    assert outcome_of(cells, kind, ",") == expected


def test_years_tell_the_times_if_somebody_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, "year,v\n" + "\n".join(f"{1990 + n},{n * n}" for n in range(5)))
    assert preview(path).columns[0].kind == NUMBER
    read = read_numbers(path, "v", time_column="year")
    assert read is not None
    assert read.times is not None
    assert read.times.astype("datetime64[Y]").astype(str).tolist() == ["1990", "1991", "1992", "1993", "1994"]


def test_a_column_with_many_words_among_its_numbers_is_read_if_it_is_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, "v\n" + "\n".join("fault" if n % 4 == 1 else str(n) for n in range(40)))
    assert preview(path, Said(header=True)).columns[0].kind == TEXT
    read = read_numbers(path, "v", said=Said(header=True))
    assert read is not None
    assert (read.unreadable, read.interpolated) == (10, 10)
    assert read.values.tolist() == list(range(40))


def test_progress_and_cancel(tmp_path: Path) -> None:
    path = written(tmp_path, "v,w\n" + "1,2\n3,4\n" * 120_000)
    parts: list[float] = []
    found = column(path, "w", progress=parts.append)
    assert len(found.values) == 240_000
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert len(parts) >= 3
    assert read_numbers(path, "w", cancelled=lambda: True) is None
