"""The sheet of all keys, made from the table of commands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QWidget

from playground.ui.commands import GROUPS, Command, CommandTable
from playground.ui.overlay import Overlay
from playground.ui.state import UiState
from playground.ui.theme import Theme

KEY_NAMES = {
    "Left": "←",
    "Right": "→",
    "PgDown": "Page ↓",
    "PgUp": "Page ↑",
    "Shift+Tab": "Shift Tab",
    "-": "−",
}
"""How keys are written where their name in Qt would puzzle a reader."""


def key_words(key: str) -> str:
    """How a key is written: "→", "Ctrl K"."""
    if key in KEY_NAMES:
        return KEY_NAMES[key]
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    parts = [KEY_NAMES.get(part, part) for part in native.split("+")] if native not in ("+",) else [native]
    return " ".join(parts)


class KeyTable(QWidget):
    """All commands that have a key, in columns of groups; painted, because it is text and keycaps and nothing else."""

    def __init__(self, state: UiState, commands: CommandTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shrink = 1.0
        self.groups = [
            (
                group,
                [
                    entry
                    for entry in commands.commands
                    if entry.group == group and entry.listed and entry.keys
                ],
            )
            for group in GROUPS
        ]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("All keys")
        said = [
            f"{key_words(entry.keys[0])}: {entry.title.guide}"
            for _, entries in self.groups
            for entry in entries
        ]
        self.setAccessibleDescription("; ".join(said))

    def columns(self, width: float) -> list[list[tuple[str, list[Command]]]]:
        """The groups in as many columns as there is room for, about equally high."""
        count = max(1, min(3, int(width / self._theme().px(300))))
        columns: list[list[tuple[str, list[Command]]]] = [[] for _ in range(count)]
        lines = [0] * count
        for group, entries in self.groups:
            shortest = lines.index(min(lines))
            columns[shortest].append((group, entries))
            lines[shortest] += len(entries) + 2
        return columns

    def rescale(self, width: int, room: int) -> None:
        """Take the height that the groups need at this width; smaller than the theme says if only that fits, but not in
        a lecture: what the last row cannot read is better scrolled to."""
        shrinks = (1.0,) if self._state.lecture else (1.0, 0.9, 0.8, 0.7, 0.62)
        for self._shrink in shrinks:
            height = round(max(self._column_height(column) for column in self.columns(width)))
            if height <= room:
                break
        self.setFixedHeight(height)
        self.update()

    def _theme(self) -> Theme:
        theme = self._state.theme
        return Theme(theme.palette, theme.scale * self._shrink)

    def _column_height(self, column: list[tuple[str, list[Command]]]) -> float:
        theme = self._theme()
        return sum(theme.px(30) + theme.px(28) * len(entries) + theme.px(12) for _, entries in column)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = self.columns(self.width())
        gap = theme.px(32)
        width = (self.width() - gap * (len(columns) - 1)) / len(columns)
        for position, column in enumerate(columns):
            corner = QPointF(position * (width + gap), 0)
            for group, entries in column:
                corner = self._paint_group(painter, group, entries, corner, width)
        painter.end()

    def _paint_group(
        self, painter: QPainter, group: str, entries: list[Command], corner: QPointF, width: float
    ) -> QPointF:
        theme = self._theme()
        painter.setFont(theme.font(11, bold=True))
        painter.setPen(theme.colour("muted"))
        painter.drawText(
            QRectF(corner, QSizeF(width, theme.px(24))), Qt.AlignmentFlag.AlignVCenter, group.upper()
        )
        y = corner.y() + theme.px(30)
        line = theme.px(28)
        for entry in entries:
            right = corner.x() + width
            title = entry.title[self._state.vocabulary]
            named = QFontMetricsF(theme.font(13)).horizontalAdvance(title) + theme.px(8)
            keys = entry.keys[:2]
            if sum(self._key_width(key_words(key)) + theme.px(4) for key in keys) + named > width:
                keys = entry.keys[:1]  # what it does says more than a second key for it
            for key in reversed(keys):
                right = self._paint_key(painter, key_words(key), right, y, line) - theme.px(4)
            painter.setFont(theme.font(13))
            painter.setPen(theme.colour("text"))
            room = QRectF(corner.x(), y, max(0.0, right - corner.x() - theme.px(8)), line)
            title = QFontMetricsF(painter.font()).elidedText(title, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
            y += line
        return QPointF(corner.x(), y + theme.px(12))

    def _key_width(self, words: str) -> float:
        theme = self._theme()
        return max(theme.px(24), QFontMetricsF(theme.font(12)).horizontalAdvance(words) + theme.px(12))

    def _paint_key(self, painter: QPainter, words: str, right: float, y: float, line: float) -> float:
        theme = self._theme()
        painter.setFont(theme.font(12))
        width = self._key_width(words)
        cap = QRectF(right - width, y + theme.px(3), width, line - theme.px(6))
        painter.setBrush(theme.colour("sunken"))
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        painter.drawRoundedRect(cap, theme.px(5), theme.px(5))
        painter.setPen(theme.colour("text"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, words)
        return cap.left()


SCROLLING = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp})


class ShortcutSheet(Overlay):
    """Opened with `?`; `?` or Esc closes it."""

    def __init__(self, state: UiState, commands: CommandTable, window: QWidget) -> None:
        super().__init__(state, window, "All keys")
        self.title = QLabel("All keys", self.card)
        self.title.setProperty("role", "page")
        self.note = QLabel("A clicker's buttons are Page ↓ and Page ↑.", self.card)
        self.note.setProperty("role", "muted")
        self.column.addWidget(self.title)
        self.column.addWidget(self.note)
        self.table = KeyTable(state, commands)
        self._scroll = QScrollArea(self.card)
        self._scroll.setWidget(self.table)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column.addWidget(self._scroll, 1)
        self.restyle()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in SCROLLING
        ):
            event.accept()  # they mean a timestep only when nothing lies over the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows and a clicker's buttons scroll, where not everything is seen at once."""
        bar = self._scroll.verticalScrollBar()
        line = self.state.theme.px(56)
        moves = {
            Qt.Key.Key_Down: line,
            Qt.Key.Key_Up: -line,
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + move)

    def card_size(self) -> tuple[int, int]:
        theme = self.state.theme
        width = min(theme.px(1040), self.width() - 2 * theme.px(24))
        head = theme.px(120)
        self.table.rescale(width - 2 * theme.px(24), self.height() - 2 * theme.px(24) - head)
        return width, self.table.height() + head
