"""The measurements of the engine: their arithmetic, by numbers known beforehand. Nothing here is timed."""

from __future__ import annotations

import io
import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from playground.bench import race as racing
from playground.bench.measurements import linearity
from playground.bench.measurements.ratios import against_jax
from playground.bench.peers import JAX, OURS, TORCH, WAYS, Way
from playground.bench.pictures import draw
from playground.bench.progress import BenchProgress
from playground.bench.race import RatioRecord, race
from playground.bench.records import Record, Target
from playground.bench.report import print_json
from playground.bench.session import BenchSession


class Clock:
    """A clock that only moves when somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


def racers(monkeypatch: pytest.MonkeyPatch, milliseconds: dict[str, object]) -> list[Way]:
    """Ways that take these milliseconds an update: a number, or an endless row of them, one for each call."""
    clock = Clock()
    monkeypatch.setattr(racing, "time", clock)

    def made(way: Way, start: object) -> object:
        each = milliseconds[way.name]
        row = iter(each) if not isinstance(each, float) else itertools.repeat(each)  # type: ignore[call-overload]

        def updates(count: int) -> float:
            clock.now += 1e-3 * next(row) * count
            return 0.0

        return updates

    monkeypatch.setattr(Way, "make", made)
    return [way for way in WAYS if way.name in milliseconds]


def test_ratios_are_medians_over_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    warm = [20.0, 20.0]
    ways = racers(
        monkeypatch, {TORCH: itertools.cycle([20.0]), OURS: [*warm, 4.0, 5.0, 2.0, 400.0, 4.0], JAX: 10.0}
    )
    rows = list(race("lstm", "S", ways, turns=5, seconds=0.001))
    assert [row.as_json() for row in rows] == [
        {"cell": "lstm", "size": "S", "way": TORCH, "ms": 20.0, "ratio": 1.0},
        {"cell": "lstm", "size": "S", "way": OURS, "ms": 4.0, "ratio": 5.0},
        {"cell": "lstm", "size": "S", "way": JAX, "ms": 10.0, "ratio": 2.0},
    ]
    assert (rows[1].low, rows[1].high) == pytest.approx((4.0, 5.0))
    against = list(against_jax(rows))
    assert [(record.value, record.met) for record in against] == [(2.5, True)]


def test_a_turn_takes_as_long_as_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = racers(monkeypatch, {TORCH: 2.0, OURS: 0.5})
    start = racing.same_start("rnn", racing.SIZES["S"])
    counts = [racing._racer(way, way.make(start), 0.1).count for way in ways]
    assert counts == [48, 192]


def ratio_rows() -> list[RatioRecord]:
    return [
        RatioRecord(
            f"ratios: {cell} {size} {way}",
            ratio,
            "x torch.nn",
            Target(at_least=2.0),
            cell=cell,
            size=size,
            way=way,
            ms=1.0 / ratio,
        )
        for cell in ("rnn", "lstm")
        for size in ("S", "M")
        for way, ratio in ((TORCH, 1.0), (OURS, 50.0), (JAX, 0.5))
    ]


def test_json_of_ratios_alone_is_the_list_of_rows() -> None:
    output = io.StringIO()
    others = [Record("machine: cores", 2.0), Record("ratios: load average when it began", 0.1)]
    print_json([*others, *ratio_rows()], output)
    rows = json.loads(output.getvalue())
    assert len(rows) == 12
    assert all(set(row) == {"cell", "size", "way", "ms", "ratio"} for row in rows)

    output = io.StringIO()
    print_json([*others, *ratio_rows(), Record("pause: longest", 1.0)], output)
    assert len(json.loads(output.getvalue())) == 15


@pytest.mark.usefixtures("qapp")
def test_rows_are_kept_and_drawn_if_pictures_are_wanted(tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    rows = [row.as_json() for row in ratio_rows()]
    BenchSession(progress=BenchProgress(quiet=True)).keep_rows("ratios", rows)
    assert not list(tmp_path.iterdir())
    BenchSession(progress=BenchProgress(quiet=True), pictures=tmp_path / "new").keep_rows("ratios", rows)
    assert json.loads((tmp_path / "new" / "ratios.json").read_text(encoding="utf-8")) == rows
    image = QImage(str(tmp_path / "new" / "ratios.png"))
    assert (image.width(), image.height()) == (2360, 1180)
    colours = {image.pixelColor(x, y).name() for x in range(0, 2360, 3) for y in range(0, 1180, 3)}
    assert {"#0b6bcb", "#c2570c", "#ffffff"} <= colours  # ours, JAX, paper


@pytest.mark.usefixtures("qapp")
def test_the_picture_of_straight_lines(tmp_path: Path) -> None:
    rows = [
        {
            "by": by,
            "length": size.timesteps,
            "batch": size.batch,
            "ms": 0.1 + 0.01 * getattr(size, {"length": "timesteps", "batch": "batch"}[by]),
        }
        for by, sizes in linearity.sizes_by().items()
        for size in sizes
    ]
    assert draw("linearity", rows, tmp_path) == [tmp_path / "linearity.png"]
    assert draw("pause", rows, tmp_path) == []


def test_a_straight_line_is_found() -> None:
    n = np.array([1.0, 2.0, 10.0, 100.0, 400.0])
    assert linearity.line(n, 0.5 + 0.25 * n) == pytest.approx((0.5, 0.25))
    assert linearity.explained(n, 0.5 + 0.25 * n) == pytest.approx(1.0)
    assert linearity.explained(n, 0.1 * n**2) < 0.95
    assert linearity.upper_exponent(n, 3.0 * n) == pytest.approx(1.0)
    assert linearity.upper_exponent(n, 3.0 * n**1.5) == pytest.approx(1.5)


def test_lengths_and_batches_reach_as_far_as_is_said() -> None:
    by = linearity.sizes_by()
    assert (by["length"][0].timesteps, by["length"][-1].timesteps) == (10, 1000)
    assert (by["batch"][0].batch, by["batch"][-1].batch) == (1, 256)
