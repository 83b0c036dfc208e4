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

COLUMNS = ("off by, mean", "in per cent", "mean square")


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
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Errors on the held-out part")

    def show_lines(self, lines: tuple[ErrorLine, ...]) -> None:
        """These."""
        self.lines = lines
        words = "; ".join(f"{line.title}: {', '.join(self.cells(line.errors))}" for line in lines)
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(250), theme.px(20) * (len(self.lines) + 1))

    @staticmethod
    def cells(errors: Errors) -> tuple[str, str, str]:
        """The three errors as they are written."""
        per_cent = "–" if math.isnan(errors.mape) else f"{errors.mape:.2f} %"
        return _plain(errors.mae), per_cent, _plain(errors.mse)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        font, bold = theme.font(12), theme.font(12, bold=True)
        height = min(self.height() / (len(self.lines) + 1), theme.px(28))
        metrics = QFontMetricsF(bold)
        first = max([metrics.horizontalAdvance(line.title) for line in self.lines], default=0.0) + theme.px(
            12
        )
        first = min(first, 0.42 * self.width())
        wide = (self.width() - first) / len(COLUMNS)
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, words in enumerate(COLUMNS):
            painter.drawText(QRectF(first + column * wide, 0, wide - 2, height), right, words)
        values = [(line.errors.mae, line.errors.mape, line.errors.mse) for line in self.lines]
        best = [
            min((v[c] for v in values if not math.isnan(v[c])), default=math.nan) for c in range(len(COLUMNS))
        ]
        for row, line in enumerate(self.lines, start=1):
            y = row * height
            painter.setFont(bold if line.network else font)
            painter.setPen(theme.network_ink(line.network) if line.network else theme.colour("text"))
            title = painter.fontMetrics().elidedText(
                line.title, Qt.TextElideMode.ElideRight, int(first - theme.px(6))
            )
            painter.drawText(QRectF(0, y, first, height), Qt.AlignmentFlag.AlignVCenter, title)
            for column, words in enumerate(self.cells(line.errors)):
                is_best = values[row - 1][column] == best[column]
                painter.setFont(bold if is_best else font)
                painter.setPen(theme.colour("good_ink" if is_best else "text"))
                painter.drawText(QRectF(first + column * wide, y, wide - 2, height), right, words)
        painter.end()


def _plain(value: float) -> str:
    """A number without an exponent, with as many places as say something."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


class ForecastErrors(Panel):
    """The card with the table and the sentence about it."""

    def __init__(self, state: UiState, forecasting: Forecasting, parent: QWidget | None = None) -> None:
        super().__init__(state, "How far off, one timestep ahead", parent)
        self._forecasting = forecasting
        self.table = ErrorTable(state)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.body.addWidget(self.table, 1)
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
        self.table.show_lines((*ours, *naive))
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
