"""A long sequence is cut before one's eyes into rows and mini-sequences, with targets and what is left over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from playground.tasks.batching import CARRY, Batching, BatchingError
from playground.tasks.task import IntArray
from playground.ui.batch_sources import (
    TYPED,
    TYPED_AT_FIRST,
    RibbonSource,
    numbers_sources,
    typed_source,
)
from playground.ui.batch_words import ARROWS, ONE_BATCH, cutting_sentences, left_over_sentences
from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.panel import Panel
from playground.ui.plots.batch_map import BatchMap
from playground.ui.plots.batch_places import PIECES, RIBBON, ROWS, STAGES
from playground.ui.segment import Segment
from playground.ui.state import UiState

LABELS = ("Sequence", "Rows (batch size)", "Timesteps (sequence length)")
SHORT_LABELS = ("Sequence", "Rows", "Timesteps")
"""In lecture mode, where everything is larger."""

MOST_ROWS, MOST_TIMESTEPS = 1024, 400


@dataclass(frozen=True, eq=False)
class SourceEntry:
    """One line of the list of sequences; `make` makes the sequence when it is chosen. It may raise a ValueError whose
    message is a sentence (ReadingError). `help` says what it is."""

    key: str
    title: str
    make: Callable[[], RibbonSource]
    help: str = ""


def entry_of(source: RibbonSource) -> SourceEntry:
    """The line of a sequence that is at hand."""
    return SourceEntry(source.key, source.title, lambda: source)


class BatchCutting(Panel):
    """The picture with its controls; `batch_changed` tells the mini-sequence looked at, `cut_changed` another sequence
    or another way to cut it, `file_wished` that the user wants to open a file of their own."""

    batch_changed = Signal(int)
    cut_changed = Signal()
    file_wished = Signal()

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "One long sequence becomes batches", parent)
        self._entries: dict[str, SourceEntry] = {}
        self._source = numbers_sources()[0]
        self._batch = 0
        self._memory = CARRY
        self._places: IntArray | None = None
        self.problem = ""
        self.batching = Batching(self._source.length, self._source.rows, self._source.timesteps)
        self.map = BatchMap(state)
        self.map.batch_chosen.connect(self.look_at)

        self.stage = Segment(
            state,
            "How far it is cut",
            (
                (RIBBON, "1  Sequence", "The long sequence as it comes."),
                (ROWS, "2  Rows", "Cut into as many equal rows as there are sequences in a batch."),
                (
                    PIECES,
                    "3  Mini-sequences",
                    "Each row cut into pieces of as many timesteps as gradients go back.",
                ),
            ),
        )
        self.stage.show_choice(PIECES)
        self.stage.chosen.connect(self.show_stage)
        self.title_row.addWidget(self.stage)

        self.source = QComboBox()
        self.source.setAccessibleName("The sequence")
        self.source.setToolTip("What is cut: the guide's numbers first, then texts and series, and your own.")
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.source.activated.connect(self._source_chosen)
        self.typed = QLineEdit(TYPED_AT_FIRST)
        self.typed.setAccessibleName("The text that is cut")
        self.typed.setToolTip("Type or paste a text: it is cut as you type.")
        self.typed.setMaxLength(100_000)
        self.typed.setVisible(False)
        self.typed.textEdited.connect(self._typed)
        self.rows = self._number(
            "Rows", "Sequences in a batch: as many rows are read side by side.", MOST_ROWS
        )
        self.timesteps = self._number(
            "Timesteps", "How long a mini-sequence is: so far gradients go back.", MOST_TIMESTEPS
        )
        self._labels = [QLabel(name) for name in LABELS]
        self._controls = QHBoxLayout()
        for label, widget in zip(self._labels, (self.source, self.rows, self.timesteps), strict=True):
            label.setProperty("role", "muted")
            self._controls.addWidget(label)
            self._controls.addWidget(widget)
        self.arrows = FittingText(state, right=True)
        self._controls.addWidget(self.arrows, 1)
        self.body.addLayout(self._controls)
        self.body.addWidget(self.typed)
        self.body.addWidget(self.map, 1)
        self.sentence = FittingText(state)
        self.left_over = FittingText(state)
        sentences = QVBoxLayout()
        sentences.setSpacing(0)
        sentences.addWidget(self.sentence)
        sentences.addWidget(self.left_over)
        self.body.addLayout(sentences)
        self._show_numbers()
        self.restyle()
        self._refresh()

    def _number(self, name: str, help_sentence: str, most: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(1, most)
        box.setAccessibleName(name)
        box.setToolTip(help_sentence)
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        box.valueChanged.connect(self._cut_anew)
        return box

    # -- the sequences that can be chosen
    def offer(self, entries: list[SourceEntry]) -> None:
        """Offer these sequences, in this order; the one that is shown stays, even where it is no more among them."""
        self._entries = {entry.key: entry for entry in entries}
        self.source.clear()
        for entry in entries:
            self.source.addItem(entry.title, entry.key)
            self.source.setItemData(self.source.count() - 1, entry.help, Qt.ItemDataRole.ToolTipRole)
        self.source.addItem("A file of your own …", "")
        self.source.setCurrentIndex(self.source.findData(self._source.key))

    @property
    def shown_source(self) -> RibbonSource:
        """The sequence that is cut."""
        return self._source

    # -- what is shown
    @property
    def batch(self) -> int:
        """The mini-sequence that is looked at (0-based)."""
        return self._batch

    @Slot(str)
    def show_stage(self, stage: str) -> None:
        """Cut so far."""
        self.stage.show_choice(stage)
        self.map.show_stage(stage)
        self._refresh()

    def turn_stage(self, by: int) -> None:
        """Cut further, or put together again."""
        at = STAGES.index(self.map.stage) + by
        if 0 <= at < len(STAGES):
            self.show_stage(STAGES[at])

    @Slot(int)
    def look_at(self, batch: int) -> None:
        """Look at this mini-sequence; beyond the ends nothing happens."""
        batch = min(max(batch, 0), self.batching.batches - 1)
        if self.map.stage != PIECES:
            self.show_stage(PIECES)
        if batch != self._batch:
            self._batch = batch
            self.batch_changed.emit(batch)
        self._refresh()

    def show_memory(self, memory: str, places: IntArray | None) -> None:
        """What goes from batch to batch; `places`: when each is read, where that is not one after the other."""
        self._memory, self._places = memory, places
        self._refresh()

    def choose_source(self, key: str) -> None:
        """Cut this sequence, as it is cut at first. One that cannot be read says why, and nothing changes."""
        try:
            source = typed_source(self.typed.text()) if key == TYPED else self._entries[key].make()
        except ValueError as error:  # ReadingError, BatchingError: each says why
            self.source.setCurrentIndex(self.source.findData(self._source.key))
            self.sentence.say(str(error), tone="chip")
            return
        self.show_source(source)

    def show_source(self, source: RibbonSource) -> None:
        """Cut this sequence as it is cut at first; with fewer or shorter rows where it is too short for that."""
        self.batching = _fitted(source.length, source.rows, source.timesteps)
        self._source = source
        self.source.setCurrentIndex(self.source.findData(source.key))
        self.typed.setVisible(source.key == TYPED)
        self.typed.setCursorPosition(0)
        self._batch = 0
        self.problem = ""
        self._show_numbers()
        self.cut_changed.emit()
        self._refresh()

    @Slot(int)
    def _source_chosen(self, index: int) -> None:
        key = str(self.source.itemData(index))
        if key:
            self.choose_source(key)
        else:
            self.source.setCurrentIndex(self.source.findData(self._source.key))
            self.file_wished.emit()

    @Slot(str)
    def _typed(self, text: str) -> None:
        """The text grew or shrank: it is cut as before, where it is long enough for that."""
        if len(text) < 2:
            self.problem = "Type a text of at least two characters."
            self._refresh()
            return
        self._source = typed_source(text)
        rows, timesteps = self.rows.value(), self.timesteps.value()
        try:
            self.batching = Batching(self._source.length, rows, timesteps)
            self.problem = ""
        except BatchingError as error:
            self.batching = _fitted(self._source.length, rows, timesteps)
            self.problem = str(error)
        self._batch = min(self._batch, self.batching.batches - 1)
        self.cut_changed.emit()
        self._refresh()

    @Slot(int)
    def _cut_anew(self, value: int) -> None:
        try:
            self.batching = Batching(self._source.length, self.rows.value(), self.timesteps.value())
            self.problem = ""
        except BatchingError as error:
            self.problem = str(error)
        self._batch = min(self._batch, self.batching.batches - 1)
        self.cut_changed.emit()
        self._refresh()

    def _show_numbers(self) -> None:
        for box, value in (
            (self.rows, self.batching.batch_size),
            (self.timesteps, self.batching.sequence_length),
        ):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def _refresh(self) -> None:
        word = self._source.word
        self.map.show_batching(self.batching, word, self._source.letters)
        self.map.show_batch(self._batch)
        self.map.show_memory(self._memory, self._places)
        for box in (self.rows, self.timesteps):
            if box.property("problem") != bool(self.problem):
                box.setProperty("problem", bool(self.problem))
                box.style().unpolish(box)
                box.style().polish(box)
        if self.problem:
            self.sentence.say(self.problem, tone="chip")
        else:
            self.sentence.say(*cutting_sentences(self.batching, self.map.stage, self._batch, word))
        pieces = self.map.stage == PIECES
        if pieces:
            self.left_over.say(*left_over_sentences(self.batching, word))
        else:
            self.left_over.say(self._source.note, "")
        if pieces:
            self.arrows.say(*(ARROWS[self._memory] if self.batching.batches > 1 else ONE_BATCH))
        else:
            self.arrows.say("")

    def restyle(self) -> None:
        theme = self.state.theme
        self._controls.setSpacing(theme.px(8))
        for box in (self.rows, self.timesteps):
            box.setFixedWidth(theme.px(72))
        self.source.setFixedWidth(theme.px(180 if self.state.lecture else 230))
        for label, name, short in zip(self._labels, LABELS, SHORT_LABELS, strict=True):
            label.setText(short if self.state.lecture else name)
        self.map.update()


def _fitted(length: int, rows: int, timesteps: int) -> Batching:
    """A sequence of at least two positions, cut like this; with fewer, then shorter rows where it is too short."""
    while rows * timesteps + 1 > length:
        rows, timesteps = (rows // 2, timesteps) if rows > 1 else (rows, timesteps // 2)
    return Batching(length, rows, timesteps)
