"""A long sequence is cut before one's eyes into rows and mini-sequences, with targets and what is left over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from playground.tasks.batching import CARRY, Batching, BatchingError
from playground.ui.batch_words import ARROWS, cutting_sentences, left_over_sentences
from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.panel import Panel
from playground.ui.plots.batch_map import BatchMap
from playground.ui.plots.batch_places import PIECES, RIBBON, ROWS, STAGES
from playground.ui.segment import Segment
from playground.ui.state import UiState

MOST_ROWS, MOST_TIMESTEPS = 64, 200


@dataclass(frozen=True)
class RibbonSource:
    """A long sequence that can be cut: `word(position)` is what is written at a position; `rows` and `timesteps` are
    how it is cut at first."""

    key: str
    title: str
    length: int
    word: Callable[[int], str]
    rows: int
    timesteps: int


def words_source(key: str, title: str, words: Sequence[str], rows: int, timesteps: int) -> RibbonSource:
    """A source whose words are at hand."""
    return RibbonSource(key, title, len(words), words.__getitem__, rows, timesteps)


def text_words(text: str) -> list[str]:
    """Each character as it is drawn: a space and a line's end can be seen."""
    return [{" ": "␣", "\n": "↵", "\t": "⇥"}.get(character, character) for character in text]


class BatchCutting(Panel):
    """The picture with its controls; `batch_changed` tells the mini-sequence looked at."""

    batch_changed = Signal(int)
    cut_changed = Signal()

    def __init__(
        self, state: UiState, sources: Sequence[RibbonSource], parent: QWidget | None = None
    ) -> None:
        super().__init__(state, "One long sequence becomes batches", parent)
        self._sources = {source.key: source for source in sources}
        self._source = sources[0]
        self._batch = 0
        self._memory = CARRY
        self._reading: tuple[int, ...] = ()
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
        self.source.setToolTip("What is cut: the guide's numbers first, then real sequences.")
        for source in sources:
            self.source.addItem(source.title, source.key)
        self.source.activated.connect(self._source_chosen)
        self.rows = self._number(
            "Rows", "Sequences in a batch: as many rows are read side by side.", MOST_ROWS
        )
        self.timesteps = self._number(
            "Timesteps", "How long a mini-sequence is: so far gradients go back.", MOST_TIMESTEPS
        )
        self._labels = [
            QLabel("Sequence"),
            QLabel("Rows (batch size)"),
            QLabel("Timesteps (sequence length)"),
        ]
        self._controls = QHBoxLayout()
        for label, widget in zip(self._labels, (self.source, self.rows, self.timesteps), strict=True):
            label.setProperty("role", "muted")
            self._controls.addWidget(label)
            self._controls.addWidget(widget)
        self._controls.addStretch(1)
        self.arrows = FittingText(state, right=True)
        self._controls.addWidget(self.arrows, 2)
        self.body.addLayout(self._controls)
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

    def show_memory(self, memory: str, reading: tuple[int, ...]) -> None:
        """What goes from batch to batch."""
        self._memory, self._reading = memory, reading
        self._refresh()

    def choose_source(self, key: str) -> None:
        """Cut this sequence, as it is cut at first."""
        self._source = self._sources[key]
        self.source.setCurrentIndex(self.source.findData(key))
        self.batching = Batching(self._source.length, self._source.rows, self._source.timesteps)
        self._batch = 0
        self.problem = ""
        self._show_numbers()
        self.cut_changed.emit()
        self._refresh()

    @Slot(int)
    def _source_chosen(self, index: int) -> None:
        self.choose_source(str(self.source.itemData(index)))

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
        self.map.show_batching(self.batching, word)
        self.map.show_batch(self._batch)
        self.map.show_memory(self._memory, self._reading)
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
        self.left_over.say(*(left_over_sentences(self.batching, word) if pieces else ("",)))
        self.arrows.say(ARROWS[self._memory] if pieces and self.batching.batches > 1 else "", "")

    def restyle(self) -> None:
        theme = self.state.theme
        self._controls.setSpacing(theme.px(8))
        for box in (self.rows, self.timesteps):
            box.setFixedWidth(theme.px(72))
        self.source.setMinimumWidth(theme.px(150))
        self.map.update()
