"""The card with forecast and truth."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from playground.ui.forecasting import Forecasting
from playground.ui.icons import set_icon
from playground.ui.panels.panel import Panel
from playground.ui.panels.writing_choice import open_button
from playground.ui.plots.forecast_plot import ForecastLine, ForecastPlot
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title


class ForecastPanel(Panel):
    """Solid: each value forecast when all before it were known. Dashed: forecast on its own forecasts."""

    open_wanted = Signal()
    """What is seen is to be stepped through."""

    def __init__(self, state: UiState, forecasting: Forecasting, parent: QWidget | None = None) -> None:
        super().__init__(state, "Forecast and truth", parent)
        self._forecasting = forecasting
        self.plot = ForecastPlot(state)
        self.plot.start_chosen.connect(forecasting.set_start)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "muted")
        self.open = open_button("Step through this forecast")
        self.open.clicked.connect(self.open_wanted)
        self.title_row.addWidget(self.open)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self.words)
        forecasting.changed.connect(self.refresh)
        forecasting.problem_changed.connect(self.refresh)
        self.restyle()

    @Slot()
    def refresh(self) -> None:
        """Show what was told last."""
        forecasting, task = self._forecasting, self._forecasting.task
        if task is None:
            self.plot.show_series(None, 0, 1)
            return
        vocabulary = self.state.vocabulary
        self.plot.show_series(task.series, forecasting.start, forecasting.horizon)
        self.plot.show_lines(
            tuple(
                ForecastLine(network_title(key, vocabulary), key, f.first, f.one_ahead, f.start, f.free)
                for key, f in forecasting.forecasts.items()
            )
        )
        self.open.setVisible(bool(forecasting.forecasts))
        when = f"update {forecasting.update:,}" if forecasting.forecasts else "not asked yet"
        unit = f" in {task.series.unit}" if task.series.unit else ""
        self.set_title("Forecast and truth", f"{task.series.title}{unit}, {when}")
        plainly = f"{task.plainly[vocabulary]} " if task.plainly is not None else ""
        how = "Solid: one timestep ahead. Dashed: on its own forecasts, from where you click."
        told = " ".join(task.notices)  # what was done to the values, before anybody trusts them
        self.words.setText(forecasting.problem or f"{plainly}{how} Data: {task.series.label}. {told}".strip())

    def restyle(self) -> None:
        set_icon(self.open, "step", self.state.theme)
        self.refresh()
