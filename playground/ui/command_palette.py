"""The command palette: type a few letters of what you want to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from playground.ui.commands import Command
from playground.ui.fuzzy import fuzzy_score
from playground.ui.icons import icon_pixmap
from playground.ui.overlay import Overlay
from playground.ui.shortcut_sheet import key_words
from playground.ui.state import UiState

CommandRole = Qt.ItemDataRole.UserRole
PossibleRole = Qt.ItemDataRole.UserRole + 1
LINES = 9
BY_HELP = -100.0
"""The score of a command that is found by its sentence and not by its name: listed after all others."""


class _Found(QAbstractListModel):
    """The commands that fit, best first."""

    def __init__(self, state: UiState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._entries: list[tuple[Command, bool]] = []

    def show(self, entries: list[tuple[Command, bool]]) -> None:
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        command, possible = self._entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return command.title[self._state.vocabulary]
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return command.help[self._state.vocabulary]
        if role == CommandRole:
            return command
        if role == PossibleRole:
            return possible
        return None


class _Line(QStyledItemDelegate):
    """Icon, title, what it does in grey, and the key at the right."""

    def __init__(self, state: UiState, view: QListView) -> None:
        super().__init__(view)
        self._state = state
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, self._state.theme.px(38))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = self._state.theme
        command: Command = index.data(CommandRole)
        possible = bool(index.data(PossibleRole))
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))
        ink = theme.colour("text" if possible else "muted")
        left = box.left() + theme.px(12)
        size = theme.px(18)
        if command.icon:
            pixmap = icon_pixmap(command.icon, theme.colour("muted"), size, self._view.devicePixelRatioF())
            painter.drawPixmap(round(left), round(box.center().y() - size / 2), pixmap)
        left += size + theme.px(12)
        right = box.right() - theme.px(12)
        if command.keys:
            painter.setFont(theme.font(12))
            painter.setPen(theme.colour("muted"))
            words = key_words(command.keys[0])
            painter.drawText(
                QRectF(left, box.top(), right - left, box.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                words,
            )
            right -= painter.fontMetrics().horizontalAdvance(words) + theme.px(16)
        painter.setFont(theme.font(13))
        painter.setPen(ink)
        title = command.title[self._state.vocabulary]
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, box.top(), right - left, box.height()), middle, title)
        left += painter.fontMetrics().horizontalAdvance(title) + theme.px(12)
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("muted"))
        sentence = command.help[self._state.vocabulary] if possible else "Not possible just now."
        fitting = painter.fontMetrics().elidedText(sentence, Qt.TextElideMode.ElideRight, int(right - left))
        painter.drawText(QRectF(left, box.top(), right - left, box.height()), middle, fitting)
        painter.restore()


class CommandPalette(Overlay):
    """Opened with Ctrl+K. `chosen` tells the command; the arrows choose, Return does it, Esc closes.

    `offered()` gives all commands at this moment, each with whether it is possible now.
    """

    chosen = Signal(object)

    def __init__(
        self, state: UiState, offered: Callable[[], Sequence[tuple[Command, bool]]], window: QWidget
    ) -> None:
        super().__init__(state, window, "Find a command")
        self._offered = offered
        self.field = QLineEdit(self.card)
        self.field.setProperty("kind", "search")
        self.field.setPlaceholderText("What would you like to do?")
        self.field.setAccessibleName("Find a command")
        self.field.setToolTip("Type a few letters: 'bn' finds Back to now.")
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        self._found = _Found(state, self)
        self.lines = QListView(self.card)
        self.lines.setModel(self._found)
        self.lines.setItemDelegate(_Line(state, self.lines))
        self.lines.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lines.setMouseTracking(True)
        self.lines.setUniformItemSizes(True)
        self.lines.setAccessibleName("Commands found")
        self.lines.clicked.connect(self._clicked)
        self.nothing = QLabel("Nothing is called like that. Try: train, back, dark, keys.", self.card)
        self.nothing.setProperty("role", "muted")
        self.column.addWidget(self.field)
        self.column.addWidget(self.lines, 1)
        self.column.addWidget(self.nothing)
        self.restyle()

    def open(self) -> None:
        """Show all commands, with an empty field."""
        self.field.clear()
        super().open()
        self.search("")
        self.field.setFocus()

    def found(self) -> list[Command]:
        """The commands that are listed now, best first."""
        return [self._found.index(row).data(CommandRole) for row in range(self._found.rowCount())]

    @Slot(str)
    def search(self, query: str) -> None:
        """List what fits."""
        scored = []
        for position, (command, possible) in enumerate(self._offered()):
            score = _score(query, command)
            if score is not None and command.listed:
                scored.append((score == BY_HELP, not possible, -score, position, command, possible))
        scored.sort(key=lambda entry: entry[:4])
        self._found.show([(command, possible) for *_, command, possible in scored])
        self.lines.setVisible(bool(scored))
        self.nothing.setVisible(not scored)
        if scored:
            first = next((row for row, entry in enumerate(scored) if entry[-1]), 0)
            self.lines.setCurrentIndex(self._found.index(first))
        self._place()

    def card_size(self) -> tuple[int, int]:
        theme = self.state.theme
        lines = min(LINES, max(1, self._found.rowCount()))
        return theme.px(680), theme.px(38) * lines + theme.px(78)

    def _top(self, height: int) -> int:
        return min(self.state.theme.px(96), (self.height() - height) // 2)

    def restyle(self) -> None:
        super().restyle()
        margin = self.state.theme.px(14)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.lines.scheduleDelayedItemsLayout()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
            key = Qt.Key(event.key())
            if key in moves:
                self._move(moves[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.lines.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _move(self, lines: int) -> None:
        count = self._found.rowCount()
        if count:
            self.lines.setCurrentIndex(self._found.index((self.lines.currentIndex().row() + lines) % count))

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self._do(index)

    def _do(self, index: QModelIndex) -> None:
        if index.isValid() and index.data(PossibleRole):
            command = index.data(CommandRole)
            self.close_overlay()
            self.chosen.emit(command)


def _score(query: str, command: Command) -> float | None:
    titles = (command.title.guide, command.title.textbook)
    by_title = [score for title in titles if (score := fuzzy_score(query, title)) is not None]
    if by_title:
        return max(by_title)
    words = query.lower().split()
    helped = f"{command.help.guide} {command.group}".lower()
    return BY_HELP if words and all(word in helped for word in words) else None
