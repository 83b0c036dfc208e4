"""The user's own data: a text or a table that is dropped on the window, opened or pasted.

Reading happens beside the window, with progress, and can be given up. Nothing happens to the run before the user
says so, and nothing at all where the data cannot be used: then a sentence says why.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.experiment import Experiment
from playground.reading.files import ReadingError
from playground.reading.table_file import Preview, Said, preview
from playground.tasks.series.series import DAY, Series
from playground.tasks.series.settings import SeriesFileSettings
from playground.tasks.series.sources import file_series
from playground.tasks.text.corpus import file_corpus
from playground.tasks.text.settings import TextFileSettings
from playground.ui.background import Background, Work
from playground.ui.kept_texts import keep_text
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState

if TYPE_CHECKING:  # the card is made when it is first needed
    from playground.ui.own_data_overlay import OwnDataOverlay
    from playground.ui.own_table_preview import TableChoice

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
SHORTEST_PASTE = 200
FILE_KINDS = "Texts and tables (*.txt *.md *.py *.csv *.tsv *.tab);;All files (*)"


class OwnData(QObject):
    """Takes what is dropped on `window`, opened, or pasted. GUI thread."""

    def __init__(self, window: QWidget, state: UiState, monitor: RunMonitor) -> None:
        super().__init__(window)
        self._window, self._state, self._monitor = window, state, monitor
        self._background = Background("reading", (ReadingError,), self)
        self._background.progressed.connect(self._progressed)
        self._path = ""
        self._overlay: OwnDataOverlay | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    # -- what comes in
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            mime = event.mimeData()
            if mime.hasUrls() and any(url.isLocalFile() for url in mime.urls()):
                event.acceptProposedAction()
                return True
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
            if files:
                event.acceptProposedAction()
                self.take_file(files[0])
                return True
        if event.type() == QEvent.Type.Close:
            self.stop()
        return False

    def open_file(self) -> None:
        """Ask the user for a file."""
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            "Open a text or a table",
            "",
            FILE_KINDS,
        )
        if path:
            self.take_file(path)

    def paste(self) -> None:
        """Take the text of the clipboard. It is kept in a file of its own, so that the run can be made again."""
        text = QGuiApplication.clipboard().text()
        if len(text) < SHORTEST_PASTE:
            self.overlay.show_problem(
                "Pasted text",
                f"The clipboard holds {len(text)} characters of text; a network needs at least {SHORTEST_PASTE} "
                "to learn from. Copy a longer text first.",
            )
            return
        try:
            path = keep_text(text)
        except OSError as error:
            self.overlay.show_problem("Pasted text", f"The pasted text could not be kept: {error.strerror}.")
            return
        self.take_file(str(path))

    def take_file(self, path: str) -> None:
        """Read this file: a table by its ending, else a text; then ask what is to be done with it."""
        self._path = path
        title = Path(path).name
        if Path(path).suffix.lower() in TABLE_SUFFIXES:
            self._read(title, lambda progress, cancelled: preview(path), self._table_read)
        else:
            cap = TextFileSettings().vocabulary_cap
            self._read(
                title,
                lambda progress, cancelled: file_corpus(path, cap, progress, cancelled),
                self._text_read,
            )

    @property
    def overlay(self) -> OwnDataOverlay:
        """The card that all of it is said on."""
        if self._overlay is None:
            from playground.ui.own_data_overlay import OwnDataOverlay

            self._overlay = OwnDataOverlay(self._state, self._window)
            self._overlay.cancelled.connect(self.give_up)
            self._overlay.started.connect(self._start)
            self._overlay.form_changed.connect(self._form_changed)
            self._overlay.choice_changed.connect(self._look_ahead)
            self._overlay.cut_wished.connect(self._cut)
        self._overlay.offers_cut = hasattr(self._page(), "take_own_data")
        return self._overlay

    @property
    def open_overlay(self) -> OwnDataOverlay | None:
        """The card, if it was ever needed."""
        return self._overlay

    @property
    def reading(self) -> bool:
        """Whether something is being read."""
        return self._background.busy

    @Slot()
    def give_up(self) -> None:
        """Read no more; the run and the file are as they were."""
        self._background.give_up()

    def stop(self) -> None:
        """Give up and wait for the reading to end: the window closes."""
        self._background.stop()

    # -- reading
    def _read(self, title: str, work: Work, then: Callable[[Any], None]) -> None:
        def found(what: Any) -> None:
            if isinstance(what, ReadingError):
                self.overlay.show_problem(Path(self._path).name, str(what))
            elif what is not None:
                then(what)

        self.overlay.show_reading(title)
        self._background.begin(work, found)

    @Slot(float)
    def _progressed(self, part: float) -> None:
        self.overlay.show_part(part)

    def _text_read(self, corpus: Any) -> None:
        self.overlay.show_text(corpus)

    def _table_read(self, table: Preview) -> None:
        self.overlay.show_table(table)

    @Slot(object)
    def _form_changed(self, said: Said) -> None:
        """The user says how the table is written: look at it again so."""
        path = self._path
        self._read(Path(path).name, lambda progress, cancelled: preview(path, said), self._table_read)

    # -- what would become of it
    def _settings(self, choice: TableChoice | None) -> TextFileSettings | SeriesFileSettings:
        """What learns this file, as it was chosen; None: a text."""
        return TextFileSettings(file=self._path) if choice is None else self._table_settings(choice)

    def _table_settings(self, choice: TableChoice) -> SeriesFileSettings:
        return SeriesFileSettings(
            file=self._path,
            column=choice.column,
            time_column=choice.time_column,
            separator=choice.separator,
            decimal=choice.decimal,
            header=choice.header,
            missing=choice.missing,
            calendar=choice.calendar,
        )

    def _series_work(self, choice: TableChoice) -> Work:
        path, said = self._path, self._table_settings(choice).said
        return lambda progress, cancelled: file_series(
            path, choice.column, choice.time_column, choice.missing, said, progress, cancelled
        )

    @Slot(object)
    def _look_ahead(self, choice: TableChoice) -> None:
        """Read the column that is chosen, to the end of the table, and tell what it is; what was read is kept."""

        def found(what: Any) -> None:
            if isinstance(what, ReadingError):
                self.overlay.show_outlook(str(what), possible=False)
            elif what is not None:
                self.overlay.show_outlook(outlook_words(what), possible=True)

        self._background.begin(self._series_work(choice), found)

    # -- what is done with it
    @Slot(object)
    def _start(self, choice: TableChoice | None) -> None:
        settings = self._settings(choice)
        if choice is None:
            self._begin("text", settings)
        else:
            self._read(
                Path(self._path).name,
                self._series_work(choice),
                lambda series: self._begin("series", settings),
            )

    @Slot(object)
    def _cut(self, choice: TableChoice | None) -> None:
        """Have it cut on the page there is; the run goes on."""
        task_name = "text" if choice is None else "series"
        try:
            self._page().take_own_data(task_name, self._settings(choice))
        except ValueError as error:  # ReadingError, BatchingError: each says why
            self.overlay.show_problem(Path(self._path).name, str(error))
            return
        self.overlay.close_overlay()

    def _page(self) -> Any:
        """The page of the window that is seen."""
        return getattr(self._window, "current_page", None)

    def _begin(self, task_name: str, settings: TextFileSettings | SeriesFileSettings) -> None:
        """A new run with these data. What was read is kept, so nothing is read on the window's thread now."""
        try:
            experiment = dataclasses.replace(Experiment.of_task(task_name), task=settings)
            self._monitor.apply(experiment)
        except ValueError as error:  # ReadingError, BatchingError, ExperimentError: each says why
            self.overlay.show_problem(Path(self._path).name, str(error))
            return
        self.overlay.close_overlay()
        self._state.set_page("generate")
        self._monitor.start()


def outlook_words(series: Series) -> str:
    """What was found in the chosen column, all of it: how many values, from when to when, and what was done to them."""
    when = ""
    if series.times is not None:
        when = f", {series.time_in_words(0)} to {series.time_in_words(series.length - 1)}"
        if series.spacing is not None and series.spacing < DAY:
            first, last = series.times[0].item(), series.times[-1].item()
            when = f", {first.day} {first:%b %Y} to {last.day} {last:%b %Y}"
    told = " ".join(series.notices)
    return f"{series.length:,} values{when}; the last {series.held_out:,} are held out, to test with. {told}".rstrip()
