"""The card on which own data are read, previewed, chosen from, or refused with a sentence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from playground.reading.table_file import Preview
from playground.tasks.text.corpus import Corpus
from playground.ui.overlay import Overlay
from playground.ui.own_table_preview import TableChoice, TablePreview, set_role, shortened
from playground.ui.state import UiState

SAMPLE_CHARACTERS, SAMPLE_LINES, SAMPLE_WIDTH = 400, 5, 60
"""How much of the beginning of a text is shown, to see that it was read rightly."""


class OwnDataOverlay(Overlay):
    """Three faces: reading, refused, and what was read, with one button that begins a run with it, and on the Batches
    page another that cuts it there."""

    cancelled = Signal()
    started = Signal(object)
    """A TableChoice, or None for a text: a new run is to begin with it."""
    cut_wished = Signal(object)
    """The same, to be cut on the Batches page."""
    choice_changed = Signal(object)
    """A TableChoice: what would become of it is to be told (`show_outlook`)."""
    form_changed = Signal(object)
    """Said: the user says how the table is written."""

    def __init__(self, state: UiState, window: QWidget) -> None:
        super().__init__(state, window, "Your own data")
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.notices = QLabel()
        self.notices.setWordWrap(True)
        self.notices.setProperty("role", "muted")
        self.sample = QLabel()
        self.sample.setProperty("role", "mono")
        self.sample.setAccessibleName("How the text begins")
        self.sample.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName("How much was read")
        self.column.addWidget(self.title)
        self.column.addWidget(self.words)
        self.column.addWidget(self.sample)
        self.column.addWidget(self.progress)
        self.preview = TablePreview(state)
        self.preview.form_changed.connect(self.form_changed)
        self.preview.choice_changed.connect(self._choice_changed)
        self.column.addWidget(self.preview, 100)
        self.column.addWidget(self.notices)
        self.column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Leaves everything as it is. Esc.")
        self.cancel.clicked.connect(self.close_overlay)
        self.start = QPushButton("Start a new run")
        self.start.setProperty("kind", "primary")
        self.start.setToolTip("Begins a new run that learns from these data; the run there is now ends.")
        self.start.clicked.connect(self._start_clicked)
        self.cut = QPushButton("Cut it into batches")
        self.cut.setProperty("kind", "primary")
        self.cut.setToolTip("Shows on this page how it is cut; the run goes on as it is.")
        self.cut.clicked.connect(self._cut_clicked)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        buttons.addWidget(self.cut)
        self.column.addLayout(buttons)
        self._is_table = False
        self.offers_cut = False
        """Whether the page there is can show how it is cut."""
        self.closed.connect(self.cancelled)

    # -- the faces
    def show_reading(self, title: str) -> None:
        """Something is being read."""
        if self._is_table and not self.isHidden():  # looked at again: the choices stay where they are
            return
        self._face(title, "Reading …", progress=True)
        self.progress.setValue(0)

    def show_part(self, part: float) -> None:
        """So much of it was read."""
        self.progress.setValue(round(1000 * part))

    def show_problem(self, title: str, sentence: str) -> None:
        """It cannot be used, and why."""
        self._face(title, sentence, refused=True)

    def show_text(self, corpus: Corpus) -> None:
        """A text that can be learned."""
        count, kinds = len(corpus.symbols), corpus.vocabulary.size
        what = "The networks will learn to write like it. A new run begins; the run there is now ends."
        if self.offers_cut:
            what = "See how it is cut into batches, or begin a new run that learns to write like it."
        self._face(
            corpus.title,
            f"{count:,} characters, {kinds} different ones. {what} It begins like this:",
            notices=corpus.notices,
            sample=beginning(corpus.text(0, SAMPLE_CHARACTERS)),
        )
        self._first_button.setFocus()

    def show_table(self, table: Preview) -> None:
        """A table to choose from."""
        self._face(
            table.title,
            f"{len(table.columns)} columns. Choose what is to be forecast. What a column holds can be changed: "
            "click on its head.",
            notices=table.notices,
            table=True,
        )
        self.preview.show_table(table)
        self._place()

    def show_outlook(self, sentence: str, possible: bool) -> None:
        """What will be learned with what is chosen now, or why it cannot be."""
        self.preview.say(sentence, "sentence" if possible else "problem")
        self.start.setEnabled(possible)
        self.cut.setEnabled(possible)
        self._place()

    def _face(
        self,
        title: str,
        words: str,
        *,
        progress: bool = False,
        refused: bool = False,
        table: bool = False,
        notices: tuple[str, ...] = (),
        sample: str = "",
    ) -> None:
        self._is_table = table
        self.title.setText(title)
        self.words.setText(words)
        set_role(self.words, "problem" if refused else "sentence")
        self.notices.setText("\n".join(notices))
        self.notices.setVisible(bool(notices))
        self.sample.setText(sample)
        self.sample.setVisible(bool(sample))
        self.progress.setVisible(progress)
        self.preview.setVisible(table)
        readable = not progress and not refused
        self.start.setVisible(readable)
        self.start.setEnabled(True)
        self.cut.setVisible(readable and self.offers_cut)
        self.cut.setEnabled(True)
        set_role(self.start, "" if self.offers_cut else "primary", "kind")
        self.cancel.setText("Close" if refused else "Cancel")
        self._tighten()
        if self.isHidden():
            self.open()
        else:
            self._place()

    # -- what the user does
    @Slot(object)
    def _choice_changed(self, choice: TableChoice | None) -> None:
        """Nothing can begin before it is known what will come of it."""
        self.start.setEnabled(False)
        self.cut.setEnabled(False)
        if choice is not None:
            self.choice_changed.emit(choice)

    def choice(self) -> TableChoice | None:
        """What is chosen of a table; None for a text."""
        return self.preview.choice() if self._is_table else None

    @Slot()
    def _start_clicked(self) -> None:
        self.started.emit(self.choice())

    @Slot()
    def _cut_clicked(self) -> None:
        self.cut_wished.emit(self.choice())

    @property
    def _first_button(self) -> QPushButton:
        """What Return does."""
        return self.cut if self.offers_cut else self.start

    def event(self, event: QEvent) -> bool:
        """Return belongs to this card while it is there, whatever it does elsewhere in the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = self._first_button
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and button.isVisible() and button.isEnabled():
            button.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
        else:
            super().keyPressEvent(event)

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        self._tighten()

    def _tighten(self) -> None:
        """A table leaves no room for margins where everything is larger."""
        theme = self.state.theme
        tight = self._is_table and self.state.lecture
        margin = theme.px(14 if tight else 24)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(theme.px(6 if tight else 12))
        self.preview.restyle(self.column.spacing())
        self.words.setVisible(not tight)

    def card_size(self) -> tuple[int, int]:
        """Wide enough for a table, else for a sentence, and as high as what is on it."""
        theme = self.state.theme
        wide, least = (theme.px(860), theme.px(600)) if self._is_table else (theme.px(560), theme.px(190))
        high = max(self.column.totalHeightForWidth(wide), self.card.sizeHint().height())
        return wide, max(least, high)


def beginning(text: str) -> str:
    """The first lines of a text, short enough to be shown."""
    lines = text.replace("\t", "    ").split("\n")[:SAMPLE_LINES]
    return "\n".join(shortened(line, SAMPLE_WIDTH) for line in lines).rstrip()
