"""Pictures of what was measured, drawn by Qt without a window: for docs/performance.md. `draw` is all there is to call.

`python -m playground.bench.pictures ratios.json FOLDER` draws again from rows that were kept.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication

from playground.bench.machine import facts
from playground.bench.measurements import linearity
from playground.bench.peers import FUSED, JAX, LOOP, NUMPY, OURS, REFERENCE, TORCH, WAYS, Way
from playground.bench.sizes import CELLS, SIZES, TO_REACH

INK, QUIET, GRID, PAPER = QColor("#1c2330"), QColor("#68707f"), QColor("#e4e7ec"), QColor("#ffffff")
COLOURS = {
    OURS: QColor("#0b6bcb"),
    JAX: QColor("#c2570c"),
    NUMPY: QColor("#7a5195"),
    FUSED: QColor("#8a94a6"),
    LOOP: QColor("#b3409a"),
    REFERENCE: QColor("#2f8f5b"),
    TORCH: INK,
}
TITLES = {
    "rnn": "RNN, against nn.RNN",
    "lstm": "LSTM, against nn.LSTM",
    "gru": "GRU, against nn.GRU",
    "guide_lstm": "Guide's LSTM, against nn.LSTM",
}
SCALE = 2
"""Pixels of the picture for one of the drawing: sharp on screens with small ones."""


def draw(name: str, rows: Sequence[dict[str, Any]], folder: Path) -> list[Path]:
    """The picture of these rows; nothing for a measurement that has none. Returns the files."""
    if name not in PICTURES:
        return []
    application = QGuiApplication.instance() or QApplication(["playground"])
    path = folder / f"{name}.png"
    PICTURES[name](rows).save(str(path))
    del application
    return [path]


class Canvas:
    """A white picture and the few strokes that a chart is made of, in points."""

    def __init__(self, width: int, height: int) -> None:
        self.image = QImage(width * SCALE, height * SCALE, QImage.Format.Format_RGB32)
        self.image.fill(PAPER)
        self.painter = QPainter(self.image)
        self.painter.scale(SCALE, SCALE)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = 12,
        bold: bool = False,
        colour: QColor = INK,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Words whose middle is at height y and which begin, lie around or end at x."""
        font = QFont()
        font.setPixelSize(size)
        font.setBold(bold)
        self.painter.setFont(font)
        self.painter.setPen(colour)
        width = 1200.0
        left = {Qt.AlignmentFlag.AlignLeft: x, Qt.AlignmentFlag.AlignRight: x - width}.get(
            align, x - width / 2
        )
        self.painter.drawText(
            QRectF(left, y - 12, width, 24), int(align | Qt.AlignmentFlag.AlignVCenter), words
        )

    def width_of(self, words: str, size: int = 12) -> float:
        """How wide these words are."""
        font = QFont()
        font.setPixelSize(size)
        return QFontMetricsF(font).horizontalAdvance(words)

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: QColor,
        width: float = 1.0,
        *,
        dashed: bool = False,
    ) -> None:
        """A line through these points."""
        pen = QPen(colour, width)
        if dashed:
            pen.setDashPattern([4.0, 3.0])
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def dot(self, x: float, y: float, colour: QColor, radius: float = 3.5, *, hollow: bool = False) -> None:
        """A point; hollow where it is wished for, not measured."""
        self.painter.setPen(QPen(colour, 1.5))
        self.painter.setBrush(PAPER if hollow else colour)
        self.painter.drawEllipse(QPointF(x, y), radius, radius)

    def finished(self) -> QImage:
        """The picture; the canvas is done with."""
        self.painter.end()
        return self.image


class Axes:
    """A frame on a canvas with two logarithmic scales, or names side by side below."""

    def __init__(self, canvas: Canvas, box: QRectF, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.canvas, self.box = canvas, box
        self._x, self._y = [math.log(each) for each in x], [math.log(each) for each in y]

    def at_x(self, value: float) -> float:
        """Where a value lies across."""
        share = (math.log(value) - self._x[0]) / (self._x[1] - self._x[0])
        return self.box.left() + share * self.box.width()

    def at_y(self, value: float) -> float:
        """How high a value lies."""
        share = (math.log(value) - self._y[0]) / (self._y[1] - self._y[0])
        return self.box.bottom() - share * self.box.height()

    def grid_y(self, values: Sequence[float], named: bool = True) -> None:
        """Lines across at these values, with the numbers before them."""
        for value in values:
            y = self.at_y(value)
            self.canvas.line([(self.box.left(), y), (self.box.right(), y)], GRID)
            if named:
                self.canvas.text(
                    self.box.left() - 8,
                    y,
                    f"{value:g}",
                    size=11,
                    colour=QUIET,
                    align=Qt.AlignmentFlag.AlignRight,
                )


def machine_words() -> str:
    """The machine and the versions in one line."""
    known = {record.measurement.partition(": ")[2]: record.value for record in facts()}
    jax = next((f", jax {metadata.version(way.needs)}" for way in WAYS if way.needs and way.is_there()), "")
    return f"{known['processor']}, one core, {known['versions']}{jax}"


def ratios(rows: Sequence[dict[str, Any]]) -> QImage:
    """One chart a cell: sizes across, the rate as a multiple of torch's upwards."""
    canvas = Canvas(1180, 590)
    cells = [cell for cell in CELLS if any(row["cell"] == cell for row in rows)]
    canvas.text(24, 26, "Training, in multiples of the rate of torch.nn with Adam", size=18, bold=True)
    canvas.text(
        24,
        50,
        "One update: forward, cross-entropy at every timestep, backward, clip, Adam; medians of ratios, taking turns "
        "in one process on one core. Higher is faster.",
        colour=QUIET,
    )
    values = [row["ratio"] for row in rows if row["ratio"] > 0]
    low, high = min(0.1, *values) * 0.9, max(300.0, *values) * 1.15
    width = (1180 - 60 - 24) / max(len(cells), 1)
    for column, cell in enumerate(cells):
        box = QRectF(60 + column * width, 108, width - 26, 330)
        axes = Axes(canvas, box, (1.0, math.e ** (len(SIZES) - 1 + 0.8)), (low, high))
        canvas.text(box.left(), 88, TITLES[cell], size=13, bold=True)
        axes.grid_y([0.1, 0.3, 1, 3, 10, 30, 100, 300], named=column == 0)
        one = axes.at_y(1.0)
        canvas.line([(box.left(), one), (box.right(), one)], INK, 1.5)
        places = {size: axes.at_x(math.e ** (number + 0.4)) for number, size in enumerate(SIZES)}
        for size, x in places.items():
            canvas.text(x, box.bottom() + 16, size, bold=True, align=Qt.AlignmentFlag.AlignHCenter)
            wanted = axes.at_y(TO_REACH[cell][size])
            canvas.line([(x - 9, wanted), (x + 9, wanted)], COLOURS[OURS], 1.5)
        for way in sorted((each for each in WAYS if each.name != TORCH), key=lambda each: each.name == OURS):
            own = (row for row in rows if row["cell"] == cell and row["way"] == way.name)
            found = {row["size"]: row["ratio"] for row in own}
            points = [(places[size], axes.at_y(found[size])) for size in SIZES if size in found]
            colour = COLOURS[way.name]
            if len(points) > 1:
                canvas.line(points, colour, 2.5 if way.name == OURS else 1.5, dashed=_hides_gates(way))
            for x, y in points:
                canvas.dot(x, y, colour, 4.5 if way.name == OURS else 3.0)
            if way.name == OURS:
                for size in found:
                    x, y = places[size] + 5, axes.at_y(found[size]) - 13
                    canvas.text(x, y, f"{found[size]:.3g}", bold=True, colour=colour)
    x, y = 60.0, 482.0
    for way in WAYS:
        if not any(row["way"] == way.name for row in rows):
            continue
        words = f"{way.name}, every gate recorded" if way.name == OURS else way.name
        wide = 50 + canvas.width_of(words)
        if x + wide > 1170:
            x, y = 60.0, y + 24
        colour = COLOURS[way.name]
        canvas.line([(x, y), (x + 26, y)], colour, 2.5 if way.name == OURS else 1.5, dashed=_hides_gates(way))
        if way.name != TORCH:
            canvas.dot(x + 13, y, colour, 4.0)
        canvas.text(x + 32, y, words)
        x += wide
    sizes = ";   ".join(
        f"{name}: {size.units} units, {size.batch} × {size.timesteps} timesteps of {size.symbols} symbols"
        for name, size in SIZES.items()
    )
    canvas.text(
        60,
        y + 28,
        "Dashed: no gate of any timestep can be seen. Short blue bars: what was to be reached.",
        size=11,
        colour=QUIET,
    )
    canvas.text(60, y + 48, f"{sizes}.", size=11, colour=QUIET)
    canvas.text(60, y + 68, machine_words(), size=11, colour=QUIET)
    return canvas.finished()


def _hides_gates(way: Way) -> bool:
    return not way.gates_seen and way.name != TORCH


def lines(rows: Sequence[dict[str, Any]]) -> QImage:
    """Two charts: milliseconds against length, and against batch, with the straight line through them."""
    import numpy as np

    canvas = Canvas(1000, 480)
    canvas.text(24, 26, "What one update of an LSTM costs", size=18, bold=True)
    canvas.text(
        24,
        50,
        f"{linearity.UNITS} units, fast path, every gate recorded. Blue: measured; grey: the straight line a + b n. "
        "Both scales are logarithmic.",
        colour=QUIET,
    )
    titles = {
        "length": f"Timesteps, with {linearity.OF_LENGTHS} sequences",
        "batch": f"Sequences, with {linearity.OF_BATCHES} timesteps",
    }
    low, high = min(row["ms"] for row in rows) * 0.7, max(row["ms"] for row in rows) * 1.4
    marks = [mark for mark in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300) if low <= mark <= high]
    for column, by in enumerate(titles):
        chosen = [row for row in rows if row["by"] == by]
        n, ms = np.array([row[by] for row in chosen], float), np.array([row["ms"] for row in chosen])
        box = QRectF(70 + column * 475, 110, 420, 270)
        axes = Axes(canvas, box, (n[0] * 0.8, n[-1] * 1.25), (low, high))
        canvas.text(box.left(), 90, titles[by], size=13, bold=True)
        axes.grid_y(marks)
        if column == 0:
            canvas.text(box.left() - 30, 110, "ms", size=11, colour=QUIET, align=Qt.AlignmentFlag.AlignRight)
        a, b = linearity.line(n, ms)
        fine = np.geomspace(n[0], n[-1], 60)
        canvas.line([(axes.at_x(x), axes.at_y(max(a + b * x, low))) for x in fine], QUIET, 1.5)
        for x, y in zip(n, ms, strict=True):
            canvas.dot(axes.at_x(x), axes.at_y(y), COLOURS[OURS], 4.5)
            canvas.text(
                axes.at_x(x),
                box.bottom() + 16,
                f"{x:g}",
                size=11,
                colour=QUIET,
                align=Qt.AlignmentFlag.AlignHCenter,
            )
        canvas.text(
            box.left(),
            box.bottom() + 40,
            f"{1e3 * a:.0f} µs + {1e3 * b:.3g} µs for each {OF_EACH[by]}; the line explains "
            f"{100 * linearity.explained(n, ms):.1f} %",
        )
        exponent = linearity.upper_exponent(n, ms)
        canvas.text(box.left(), box.bottom() + 58, f"exponent over the upper half: {exponent:.2f}")
    canvas.text(24, 462, machine_words(), size=11, colour=QUIET)
    return canvas.finished()


OF_EACH = {"length": "timestep", "batch": "sequence"}

PICTURES = {"ratios": ratios, "linearity": lines}

if __name__ == "__main__":
    source, into = Path(sys.argv[1]), Path(sys.argv[2])
    for made in draw(source.stem, json.loads(source.read_text(encoding="utf-8")), into):
        print(made)
