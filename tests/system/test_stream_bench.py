"""What measures texts: the strongest unit, against a network made by hand; memory and rates are numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from playground.bench.measurement_table import chosen
from playground.bench.measurements.own_data import spreadsheet
from playground.bench.measurements.text import (
    LongText,
    MillionCharacters,
    resident_bytes,
    strongest_correlation,
)
from playground.engine.model import make_model, network_generator
from playground.experiment import NetworkSettings
from playground.tasks.series.learned_series import SeriesFile
from playground.tasks.series.settings import SeriesFileSettings
from playground.tasks.series.sources import seattle
from playground.tasks.text.learned_texts import QuotesAndBrackets


def test_a_unit_that_sees_the_capitals_is_found() -> None:
    """A network without memory whose first unit is on at capitals alone, all others at chance."""
    task = QuotesAndBrackets()
    model = make_model(
        NetworkSettings("no_memory", units=3),
        task.input_size,
        len(task.answers),
        network_generator(1, "no_memory"),
        symbolic=True,
    )
    layer = model.recurrent_layers[0]
    capitals = torch.tensor(
        [10.0 if character.isupper() else -10.0 for character in task.vocabulary.characters]
    )
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.zero_()
            if name.startswith("weight"):
                parameter[0] = capitals
    found = strongest_correlation(model, task)
    fact, unit = [], []
    for batch in task.held_out(500, 200):
        fact.append(task.facts(batch)["inside quotes"].ravel())
        text = task.vocabulary.decode(batch.inputs.ravel())
        unit.append(np.array([1.0 if character.isupper() else -1.0 for character in text]))
    expected = abs(np.corrcoef(np.concatenate(fact), np.concatenate(unit))[0, 1])
    assert found == pytest.approx(expected, abs=1e-4)
    assert 0.5 < found < 0.9


def test_texts_for_measuring_differ_in_length_alone() -> None:
    assert len(LongText().corpus.symbols) == 10_000
    assert len(MillionCharacters().corpus.symbols) == 1_000_000
    assert LongText().input_size == MillionCharacters().input_size == 26


def test_memory_is_a_number_where_the_system_says_it() -> None:
    held = resident_bytes()
    assert held is None or held > 10_000_000


def test_a_spreadsheet_of_continental_europe_is_read_as_the_series_it_was_made_of(tmp_path: Path) -> None:
    series = seattle("temp_max")
    path = tmp_path / "table.csv"
    path.write_text(spreadsheet(series), encoding="utf-8")
    read = SeriesFile(SeriesFileSettings(file=str(path))).series
    assert read.times is not None
    assert series.times is not None
    np.testing.assert_array_equal(read.times, series.times)
    there = np.arange(series.length) % 100 != 50
    np.testing.assert_allclose(read.values[there], series.values[there], atol=0.051)
    assert f"{int((~there).sum())} were interpolated" in read.notices[0]


def test_texts_and_series_are_in_the_table() -> None:
    for measurement in chosen(("text", "series", "own-data")):
        assert callable(measurement.function())
