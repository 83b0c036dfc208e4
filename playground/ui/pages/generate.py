"""The Generate page: networks write, better and better while they train; and why each character was written."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.ui.forecasting import Forecasting
from playground.ui.monitor import RunMonitor
from playground.ui.openable_sequences import forecast_window, written_text
from playground.ui.panels.forecast_errors import ForecastErrors
from playground.ui.panels.forecast_panel import ForecastPanel
from playground.ui.panels.text_choice import series_tiles, text_tiles
from playground.ui.panels.writing_choice import WritingChoice
from playground.ui.panels.writing_feed import WritingFeed
from playground.ui.panels.writing_losses import WritingLosses
from playground.ui.panels.writing_settings import WritingSettings
from playground.ui.shown_sequence import ShownSequence
from playground.ui.state import UiState
from playground.ui.writing import Writing


class GeneratePage(QWidget):
    """Composition only. `command_wanted` asks the window for a command by its id."""

    command_wanted = Signal(str)

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self._monitor = state, monitor
        self.setAccessibleName("Generate")
        self.writing = Writing(state, monitor, self)
        self.texts = text_tiles(state, monitor)
        self.series = series_tiles(state, monitor)
        self.feed = WritingFeed(state, self.writing)
        self.settings = WritingSettings(state, self.writing)
        self.choice = WritingChoice(state, self.writing)
        self.losses = WritingLosses(state, self.writing)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for tiles in (self.texts, self.series):
            tiles.own_wanted.connect(self._own_wanted)
            self._row.addWidget(tiles, 1)
        self._row.addWidget(self.feed, 3)
        self._side = QVBoxLayout()
        self._side.addWidget(self.losses)
        self._side.addWidget(self.choice, 1)
        self._row.addLayout(self._side, 2)
        self._row.addWidget(self.settings)
        self.forecasting = Forecasting(state, monitor, self)
        self.forecast = ForecastPanel(state, self.forecasting)
        self.errors = ForecastErrors(state, self.forecasting)
        self._column = QVBoxLayout()
        self._column.addWidget(self.forecast, 1)
        self._column.addWidget(self.errors)
        self._row.addLayout(self._column, 3)
        self.choice.open_wanted.connect(self.open_sequence)
        self.forecast.open_wanted.connect(self.open_sequence)
        monitor.experiment_changed.connect(self._show_what_fits)
        state.appearance_changed.connect(self.restyle)
        self.restyle()
        self._show_what_fits()

    @property
    def _family(self) -> str:
        """What is learned: a text is written, a series forecast, and of anything else nothing is generated."""
        return self._monitor.task.family

    @Slot()
    def _show_what_fits(self) -> None:
        """The texts to choose from while something else is learned; else the writing."""
        writes, forecasts = self._family == "text", self._family == "series"
        for tiles in (self.texts, self.series):
            tiles.setVisible(not writes and not forecasts)
        self._row.setStretch(self._row.indexOf(self._side), 2 if writes else 0)
        self._row.setStretch(self._row.indexOf(self._column), 3 if forecasts else 0)
        for card in (self.forecast, self.errors):
            card.setVisible(forecasts)
        for panel in (self.feed, self.settings, self.choice, self.losses):
            panel.setVisible(writes)

    def lecture_groups(self) -> list[list[QWidget]]:
        """What is written with what it is worth; then one character."""
        if self._family == "series":
            return [[self.forecast], [self.forecast, self.errors]]
        if self._family != "text":
            return [[self.texts], [self.series]]
        return [[self.feed, self.losses], [self.feed, self.choice], [self.settings, self.choice]]

    def turn_by(self, places: int) -> None:
        """The arrows go through the characters here; of a series they move the start of the forecast."""
        if self._family == "series":
            self.forecasting.set_start(self.forecasting.start + places)
        else:
            self.writing.turn_by(places)

    def turn_to_end(self, last: bool) -> None:
        """Home and End: the first and the last character."""
        sample, series = self.writing.selected, self.forecasting.task
        if series is not None:
            self.forecasting.set_start(series.series.length if last else 0)
        elif sample is not None:
            self.writing.select(sample, len(sample.generated.written) - 1 if last else 0)

    def write_again(self) -> None:
        """Key G."""
        self.writing.write()
        self.forecasting.look()

    @Slot()
    def _own_wanted(self) -> None:
        self.command_wanted.emit("open_file")

    # -- on the Step page
    @property
    def can_open(self) -> bool:
        """Whether there is something to step through."""
        return bool(self.writing.samples) or bool(self.forecasting.forecasts)

    @Slot()
    def open_sequence(self) -> None:
        """Open the text that is looked at (or the newest), or the forecast, on the Step page."""
        shown = self._openable()
        if shown is not None:
            self._monitor.show_sequence(shown)
            self.state.set_page("step")

    def _openable(self) -> ShownSequence | None:
        text, series = self.writing.task, self.forecasting.task
        if series is not None and self.forecasting.forecasts:
            first, last = self.forecast.plot.window
            return forecast_window(series, first, last, self.forecasting.start)
        sample = self.writing.selected or next(iter(reversed(self.writing.samples)), None)
        if text is None or sample is None:
            return None
        return written_text(text, sample.generated, sample.network, sample.update, self.writing.place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_what_fits()
        self.writing.set_seen(True)
        self.forecasting.set_seen(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.writing.set_seen(False)
        self.forecasting.set_seen(False)

    @Slot()
    def restyle(self) -> None:
        """Take sizes from the theme again."""
        theme = self.state.theme
        self._row.setSpacing(theme.px(12))
        self._side.setSpacing(theme.px(12))
        self._column.setSpacing(theme.px(12))
        self.settings.setFixedWidth(theme.px(258))
