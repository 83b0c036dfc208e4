"""The user's own data: a text or a table that is dropped on the window, opened or pasted.

Reading happens beside the window, with progress, and can be given up. Nothing happens to the run before the user
says so, and nothing at all where the data cannot be used: then a sentence says why.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.experiment import Experiment
from playground.places import settings_folder
from playground.reading.files import ReadingError
from playground.reading.table_file import Preview, Said, preview
from playground.tasks.series.settings import SeriesFileSettings
from playground.tasks.series.sources import file_series
from playground.tasks.text.corpus import file_corpus
from playground.tasks.text.settings import TextFileSettings
from playground.ui.background import Background, Work
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState

if TYPE_CHECKING:  # the card is made when it is first needed
    from playground.ui.own_data_overlay import OwnDataOverlay, TableChoice

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
        name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
        path = settings_folder() / "pasted" / f"pasted-{name}.txt"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", errors="replace")
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

    # -- beginning a run with it
    @Slot(object)
    def _start(self, choice: TableChoice | None) -> None:
        if choice is None:
            self._begin("text", TextFileSettings(file=self._path))
            return
        settings = SeriesFileSettings(
            file=self._path,
            column=choice.column,
            time_column=choice.time_column,
            separator=choice.separator,
            decimal=choice.decimal,
            header=choice.header,
            missing=choice.missing,
        )
        path = self._path
        self._read(
            Path(path).name,
            lambda progress, cancelled: file_series(
                path, choice.column, choice.time_column, choice.missing, settings.said, progress, cancelled
            ),
            lambda series: self._begin("series", settings),
        )

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
