"""How far off: the errors of every network on the held-out part, always beside forecasts that anybody can make."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from playground.tasks.series.series import Errors
from playground.ui.forecasting import Forecasting
from playground.ui.panels.panel import Panel
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title

MOST_PLACES = 6
ROW = 28
"""Unscaled px: the height of a line of the table."""


def columns_of(unit: str) -> tuple[str, str, str]:
    """What stands above the numbers of a series in this unit ("": it has none)."""
    return (
        f"off by, mean, in {unit}" if unit else "off by, mean",
        "in per cent",
        f"mean square, in {unit}²" if unit and " " not in unit else "mean square",
    )


@dataclass(frozen=True)
class ErrorLine:
    """One forecaster: its name, its errors; `network` empty for a naive one."""

    title: str
    errors: Errors
    network: str = ""


class ErrorTable(QWidget):
    """Lines and columns; the smallest error of a column is marked."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self.lines: tuple[ErrorLine, ...] = ()
        self.columns = columns_of("")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Errors on the held-out part")

    def show_lines(self, lines: tuple[ErrorLine, ...], unit: str) -> None:
        """These, of a series in this unit."""
        self.lines, self.columns = lines, columns_of(unit)
        cells = self.cells()
        words = "; ".join(f"{line.title}: {', '.join(cells[row])}" for row, line in enumerate(lines))
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(250), theme.px(20) * (len(self.lines) + 1))

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(400), theme.px(ROW) * (len(self.lines) + 1))

    def cells(self) -> list[tuple[str, str, str]]:
        """The three errors of every line as they are written: with as many places in all lines of a column."""
        errors = [line.errors for line in self.lines]
        off, square = _places([each.mae for each in errors]), _places([each.mse for each in errors])
        return [
            (
                f"{each.mae:,.{off}f}",
                "–" if math.isnan(each.mape) else f"{each.mape:.2f} %",
                f"{each.mse:,.{square}f}",
            )
            for each in errors
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        font, bold = theme.font(12), theme.font(12, bold=True)
        height = min(self.height() / (len(self.lines) + 1), theme.px(ROW))
        metrics = QFontMetricsF(bold)
        first = max([metrics.horizontalAdvance(line.title) for line in self.lines], default=0.0) + theme.px(
            12
        )
        first = min(first, 0.42 * self.width())
        wide = (self.width() - first) / len(self.columns)
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, words in enumerate(self.columns):
            painter.drawText(QRectF(first + column * wide, 0, wide - 2, height), right, words)
        values = [(line.errors.mae, line.errors.mape, line.errors.mse) for line in self.lines]
        best = [
            min((v[c] for v in values if not math.isnan(v[c])), default=math.nan)
            for c in range(len(self.columns))
        ]
        cells = self.cells()
        for row, line in enumerate(self.lines, start=1):
            y = row * height
            painter.setFont(bold if line.network else font)
            painter.setPen(theme.network_ink(line.network) if line.network else theme.colour("text"))
            title = painter.fontMetrics().elidedText(
                line.title, Qt.TextElideMode.ElideRight, int(first - theme.px(6))
            )
            painter.drawText(QRectF(0, y, first, height), Qt.AlignmentFlag.AlignVCenter, title)
            for column, words in enumerate(cells[row - 1]):
                is_best = values[row - 1][column] == best[column]
                painter.setFont(bold if is_best else font)
                painter.setPen(theme.colour("good_ink" if is_best else "text"))
                painter.drawText(QRectF(first + column * wide, y, wide - 2, height), right, words)
        painter.end()


def _places(values: list[float]) -> int:
    """The decimals of a column: the least of its numbers has four digits that say something."""
    least = min((value for value in values if value > 0), default=1.0)
    return min(max(0, 3 - math.floor(math.log10(least))), MOST_PLACES)


class ForecastErrors(Panel):
    """The card with the table and the sentence about it."""

    def __init__(self, state: UiState, forecasting: Forecasting, parent: QWidget | None = None) -> None:
        super().__init__(state, "How far off, one timestep ahead", parent)
        self._forecasting = forecasting
        self.table = ErrorTable(state)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.body.addWidget(self.table)
        self.body.addWidget(self.words)
        forecasting.changed.connect(self.refresh)
        self.restyle()

    @Slot()
    def refresh(self) -> None:
        """Count the errors of what was told last."""
        task = self._forecasting.task
        if task is None:
            return
        vocabulary = self.state.vocabulary
        ours = [
            ErrorLine(network_title(key, vocabulary), task.errors(forecast.scaled), key)
            for key, forecast in self._forecasting.forecasts.items()
        ]
        naive = [ErrorLine(f"“{each.title}”", errors) for each, errors in task.naive_errors]
        self.table.show_lines((*ours, *naive), task.series.unit)
        self.words.setText(self._sentence(ours, naive))

    def _sentence(self, ours: list[ErrorLine], naive: list[ErrorLine]) -> str:
        if not ours or not naive:
            return "The last values are held out: no network is trained on them."
        best, rival = (min(lines, key=lambda line: line.errors.mae) for lines in (ours, naive))
        share = best.errors.mae / rival.errors.mae
        if share < 0.98:
            return f"The {best.title} is off by {100 * share:.0f} % of what {rival.title} is, the best anybody can say."
        if share <= 1.02:
            return f"The {best.title} is no better than {rival.title}, which anybody can say."
        return f"{rival.title}, which anybody can say, is still better than the {best.title}."

    def restyle(self) -> None:
        self.refresh()
