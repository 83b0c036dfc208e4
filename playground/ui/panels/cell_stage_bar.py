"""The sub-steps of a timestep as a row of numbered buttons, and the sentence that says what the one shown did."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.ui.cell_words import Piece
from playground.ui.panels.cell_item_base import header_fill
from playground.ui.panels.cell_stages import CellStage
from playground.ui.state import UiState

HEIGHT = 26


class StageBar(QWidget):
    """1 Forget, 2 Learn, 3 Remember, 4 Use: a click opens that sub-step, a click on the open one the whole timestep.

    `compact`: numbers only, but for the one that is open. Keys do the same from anywhere, so it takes no focus.
    """

    def __init__(self, state: UiState, chosen: Callable[[int], None]) -> None:
        super().__init__()
        self.state, self._chosen = state, chosen
        self._stages: tuple[CellStage, ...] = ()
        self._open = -1
        self._hovered = -1
        self._compact = False
        self._widths_of: tuple[object, ...] = ()
        self._kept_widths: list[float] = []
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sub-steps of the timestep")
        self.setToolTip("One gate after the other: keys 1 to 4, or Down and Up. 0 shows the whole timestep.")

    @property
    def titles(self) -> tuple[str, ...]:
        """What the buttons say."""
        return tuple(stage.title[self.state.vocabulary] for stage in self._stages)

    def show_stages(self, stages: Sequence[CellStage], opened: int) -> None:
        """These sub-steps, of which one (0-based) is open; -1: the whole timestep."""
        if (tuple(stages), opened) == (self._stages, self._open):
            return
        wider = tuple(stages) != self._stages or self._compact
        self._stages, self._open = tuple(stages), opened
        here = self.titles[opened] if 0 <= opened < len(stages) else "the whole timestep"
        self.setAccessibleDescription(f"{', '.join(self.titles)}; shown: {here}")
        if wider:
            self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Numbers only."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def restyle(self) -> None:
        """Take sizes and words again."""
        self.updateGeometry()
        self.update()

    # -- geometry
    def _text(self, number: int) -> str:
        shown = not self._compact or number == self._open
        return f"{number + 1} {self.titles[number]}" if shown else f"{number + 1}"

    def _widths(self) -> list[float]:
        """Of the buttons; measured when something in them changed."""
        key = (self._stages, self._open, self._compact, self.state.vocabulary, self.state.theme)
        if self._widths_of != key:
            self._widths_of, self._kept_widths = key, self._measured_widths()
        return self._kept_widths

    def _measured_widths(self) -> list[float]:
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(12, bold=True))
        air = theme.px(14 if self._compact else 18)
        return [metrics.horizontalAdvance(self._text(number)) + air for number in range(len(self._stages))]

    def button_rect(self, number: int) -> QRectF:
        """Where the button of a sub-step is."""
        widths = self._widths()
        gap = self.state.theme.px(3)
        return QRectF(sum(widths[:number]) + gap * number, 0, widths[number], self.height())

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        widths = self._widths()
        across = sum(widths) + theme.px(3) * max(0, len(widths) - 1)
        return QSize(round(across) + 1, theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def number_at(self, position: QPointF) -> int:
        """The sub-step whose button is there; -1 where there is none."""
        numbers = range(len(self._stages))
        return next((n for n in numbers if self.button_rect(n).contains(position)), -1)

    # -- painting and pointing
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12, bold=True))
        roles = dict(theme.palette.roles)
        for number, stage in enumerate(self._stages):
            box = self.button_rect(number).adjusted(0.5, 1.5, -0.5, -1.5)
            role = stage.role if stage.role in roles else "inputs"
            opened = number == self._open
            painter.setPen(theme.role(role))
            painter.setBrush(
                header_fill(theme, role)
                if opened
                else theme.colour("sunken" if number == self._hovered else "surface")
            )
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
            painter.setPen(theme.colour("on_accent") if opened else theme.role_ink(role))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text(number))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.number_at(event.position())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._chosen(-1 if number == self._open else number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self.number_at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        QToolTip.hideText()
        self.update()


class StageCaption(QWidget):
    """Under the diagram: one line with what the sub-step did to the unit, and where there is room for it (in a lecture,
    where no formula stands beside the diagram) its sum with the real numbers."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self._sentences: tuple[str, ...] = ("",)
        self._pieces: tuple[Piece, ...] = ()
        self._strong = False
        self._lines = 1
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        """The longest way of saying it."""
        return self._sentences[0]

    @property
    def numbers(self) -> str:
        """The sum with its numbers, as plain text; "" where it is not shown."""
        return "".join(piece.text for piece in self._pieces)

    def say(self, *sentences: str, pieces: Sequence[Piece] = (), strong: bool = True) -> None:
        """The same in several lengths, the longest first; `strong`: something happened, not just a hint."""
        key = (sentences, tuple(pieces), strong)
        if key != (self._sentences, self._pieces, self._strong):
            self._sentences, self._pieces, self._strong = sentences, tuple(pieces), strong
            self.setAccessibleName(sentences[0])
            self.update()

    def set_lines(self, lines: int) -> None:
        """Room for the sentence alone (1), or for the sum above it (2)."""
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    @property
    def lines(self) -> int:
        """How many lines there is room for."""
        return self._lines

    def line_height(self) -> int:
        """The height of one line."""
        return round(QFontMetricsF(self.state.theme.font(13)).height() + self.state.theme.px(2))

    def sizeHint(self) -> QSize:
        return QSize(100, self.line_height() * self._lines)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.line_height() * self._lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        height = self.line_height()
        font = theme.font(13)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if self._strong else "muted"))
        metrics = QFontMetricsF(font)
        fitting = [words for words in self._sentences if metrics.horizontalAdvance(words) <= self.width()]
        words = (
            fitting[0]
            if fitting
            else metrics.elidedText(self._sentences[-1], Qt.TextElideMode.ElideRight, self.width())
        )
        top = height * (self._lines - 1) if self._pieces else height * (self._lines - 1) / 2
        painter.drawText(QRectF(0, top, self.width() + 1, height), Qt.AlignmentFlag.AlignVCenter, words)
        if self._lines > 1 and self._pieces:
            self._paint_sum(painter, QRectF(0, 0, self.width(), height))
        painter.end()

    def _paint_sum(self, painter: QPainter, box: QRectF) -> None:
        theme = self.state.theme
        inks = dict(theme.palette.role_inks)
        x = box.left()
        for piece in self._pieces_that_fit(box.width()):
            font = self._font_of(piece)
            width = QFontMetricsF(font).horizontalAdvance(piece.text)
            painter.setFont(font)
            painter.setPen(theme.role_ink(piece.ink) if piece.ink in inks else theme.colour(piece.ink))
            painter.drawText(
                QRectF(x, box.top(), width + 2, box.height()), Qt.AlignmentFlag.AlignVCenter, piece.text
            )
            x += width

    def _font_of(self, piece: Piece) -> QFont:
        return self.state.theme.font(13, bold=piece.number, mono=True)

    def _pieces_that_fit(self, width: float) -> tuple[Piece, ...]:
        """The sum as long as there is room for it; always with its result."""
        ways = ways_to_write(self._pieces)
        for pieces in ways:
            if sum(QFontMetricsF(self._font_of(p)).horizontalAdvance(p.text) for p in pieces) <= width + 1:
                return pieces
        return ways[-1]


def ways_to_write(pieces: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], ...]:
    """A sum with its numbers, then without the total before the result, then without where its parts come from (their
    colours say it, too)."""
    no_total = tuple(
        Piece("= ", piece.ink) if piece.text.startswith("= ") and piece.text.endswith(") = ") else piece
        for piece in pieces
    )
    numbers_alone = tuple(piece for piece in no_total if piece.ink != "muted")
    return pieces, no_total, numbers_alone
