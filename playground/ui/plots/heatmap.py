"""A heat map of one quantity on the time axis: a column for each timestep, a line of cells for each unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from playground.contract.cell_description import Role, Span
from playground.ui.plots.time_axis import TimeAxis
from playground.ui.plots.time_rows import TimeRow
from playground.ui.state import UiState
from playground.ui.theme import Theme, diverging_map, sequential_map


def cell_colours(
    theme: Theme, values: NDArray[np.float32], role: Role, span: Span, bound: float = 1.0
) -> NDArray[np.uint32]:
    """0xffRRGGBB for every value. Values in 0..1 get the role's sequential map; signed ones the diverging map over
    -bound..bound (bound 1 for hidden state and candidate; held for the run for the cell state)."""
    if span == "zero_to_one":
        index = values * 255.0
        lut = sequential_map(theme.palette, role)
    else:
        index = (values / (bound or 1.0) + 1.0) * 127.5
        lut = diverging_map(theme.palette)
    clipped = np.fmin(np.fmax(index, 0), 255).astype(np.uint8)  # these two pass over NaN
    colours: NDArray[np.uint32] = lut.take(clipped)
    return colours


class HeatRow(TimeRow):
    """All units of one quantity over time. Click selects the unit; selected units have a mark at the left."""

    stretch = 3
    base_height = 34

    def __init__(self, state: UiState, title: str = "", subtitle: str = "", ink: str = "text") -> None:
        super().__init__(state, title, subtitle, ink)
        self._values = np.zeros((1, 1), np.float32)
        self._role: Role = "short_term"
        self._span: Span = "minus_one_to_one"
        self._bound = 1.0
        self._order = np.arange(1)
        self._name = ""
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint32] | None = None
        self._separators_of: tuple[TimeAxis, int] | None = None
        self._separator_lines: list[QLineF] = []
        self._marks_of: tuple[object, ...] | None = None
        self._marks: list[QRectF] = []

    def show_values(
        self,
        values: NDArray[np.float32],
        *,
        role: Role,
        span: Span,
        name: str,
        bound: float = 1.0,
        order: NDArray[np.int64] | None = None,
    ) -> None:
        """values (T, H); `name` in words for the tooltip; `order` (H,) which unit stands in which line."""
        before = (self._role, self._span, self._bound, self._name, self._values.shape)
        order = np.arange(values.shape[1]) if order is None else order
        same_lines = order is self._order or np.array_equal(order, self._order)
        self._values, self._role, self._span, self._bound, self._name = values, role, span, bound, name
        self._order = order
        self._image = None
        if same_lines and before == (role, span, bound, name, values.shape):
            self.update_columns()
        else:
            self.update()

    def clear(self) -> None:
        """Show an empty map."""
        self._values = np.zeros((0, 0), np.float32)
        self._image = None
        self.update()

    def rescale(self) -> None:
        self._image = None
        super().rescale()

    def _heat_image(self) -> QImage:
        if self._image is None:
            ordered = self._values[:, self._order].T  # (H, T)
            pixels = np.ascontiguousarray(
                cell_colours(self.state.theme, ordered, self._role, self._span, self._bound)
            )
            height, width = pixels.shape
            self._pixels = pixels  # the image does not own its memory
            self._image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        return self._image

    def paint_row(self, painter: QPainter) -> None:
        theme = self.state.theme
        if not self._values.size or self._values.shape[0] != self.axis.length:
            painter.fillRect(
                QRectF(self.axis.left, 0, self.axis.right - self.axis.left, self.height()),
                theme.colour("sunken"),
            )
            return
        image = self._heat_image()
        for start, stop, left, right in self.axis.segments():
            painter.drawImage(
                QRectF(left, 0, right - left, self.height()),
                image,
                QRectF(start, 0, stop - start, image.height()),
            )
        if self.axis.column_width >= 6 * theme.scale:
            painter.setPen(QPen(theme.colour("surface"), 1.5 * theme.scale))
            painter.drawLines(self._separators())
        self._paint_selection(painter)

    def _separators(self) -> list[QLineF]:
        """The lines between columns; made anew only when the axis or the height changed."""
        key = (self.axis, self.height())
        if self._separators_of != key:
            folded = self.axis.folded
            self._separator_lines = [
                QLineF(self.axis.edges[timestep], 0, self.axis.edges[timestep], self.height())
                for timestep in range(1, self.axis.length)
                if folded is None or not folded[0] < timestep <= folded[1]
            ]
            self._separators_of = key
        return self._separator_lines

    def _paint_selection(self, painter: QPainter) -> None:
        marks = self._selection_marks()
        if marks:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.state.theme.colour("text"))
            painter.drawRects(marks)

    def _selection_marks(self) -> list[QRectF]:
        """The marks of the selected units, left and right; made anew only when units, lines or places changed."""
        theme, units = self.state.theme, self._values.shape[1]
        key = (self.state.units, units, self._order.tobytes(), self.axis, self.height(), theme.scale)
        if self._marks_of != key:
            line = self.height() / units
            height = max(line, 3.0)
            self._marks_of, self._marks = key, []
            for unit in self.state.units:
                if unit < units:
                    position = int(np.flatnonzero(self._order == unit)[0])
                    top = (position + 0.5) * line - height / 2
                    for left in (self.axis.left - theme.px(5), self.axis.right + theme.px(1)):
                        self._marks.append(QRectF(left, top, theme.px(4), height))
        return self._marks

    def unit_at(self, y: float) -> int | None:
        """The unit whose line is at this height; None where there is none."""
        units = self._values.shape[1] if self._values.size else 0
        if not units or not 0 <= y < self.height():
            return None
        return int(self._order[min(units - 1, int(y * units / self.height()))])

    def clicked_at(self, timestep: int, position: QPointF) -> None:
        unit = self.unit_at(position.y())
        if unit is not None:
            self.state.toggle_unit(unit)

    def words_at(self, timestep: int, position: QPointF) -> str:
        unit = self.unit_at(position.y())
        if unit is None or timestep >= self._values.shape[0]:
            return ""
        return f"{self._name}, unit {unit + 1}, timestep {timestep + 1}: {self._values[timestep, unit]:+.3f}".replace(
            "+", "" if self._span == "zero_to_one" else "+"
        )
