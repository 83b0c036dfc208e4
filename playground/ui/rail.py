"""The rail at the left: one button a page, each at its own place and with its own key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.icons import icon_pixmap
from playground.ui.page_table import PageEntry
from playground.ui.state import UiState

WIDTH = 84
COMPACT_WIDTH = 56


class RailButton(QAbstractButton):
    """Icon over word; the page that is shown lies on a soft card."""

    def __init__(self, state: UiState, entry: PageEntry, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.entry = entry
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.restyle()

    def restyle(self) -> None:
        """Take words and sizes from the state again."""
        vocabulary = self._state.vocabulary
        title = self.entry.title[vocabulary]
        self.setText(title)
        self.setAccessibleName(f"Page {title}")
        self.setToolTip(f"{self.entry.help[vocabulary]} (Ctrl+{self.entry.number})")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._state.theme
        return QSize(theme.px(52), theme.px(44 if self._state.lecture else 60))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = theme.px(10)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if self.isChecked() else "sunken"))
            painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(box, radius, radius)
        ink = theme.role_ink("long_term") if self.isChecked() else theme.colour("muted")
        size = theme.px(22)
        labelled = not self._state.lecture
        font = theme.font(12, bold=self.isChecked())
        painter.setFont(font)
        text_height = painter.fontMetrics().height() if labelled else 0
        gap = theme.px(4) if labelled else 0
        top = (self.height() - size - gap - text_height) / 2
        pixmap = icon_pixmap(self.entry.icon, ink, size, self.devicePixelRatioF())
        painter.drawPixmap(round((self.width() - size) / 2), round(top), pixmap)
        if self.entry.key == "train" and self._state.pending:
            # Settings wait on that page, whichever page is shown.
            dot = theme.px(8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("pending"))
            painter.drawEllipse(QRectF((self.width() + size) / 2 - dot / 4, top - dot / 4, dot, dot))
        if labelled:
            painter.setPen(ink)
            room = QRectF(0, top + size + gap, self.width(), text_height)
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, self.text())
        painter.end()


class Rail(QWidget):
    """The buttons of the pages that exist, in the order of their numbers."""

    page_chosen = Signal(str)

    def __init__(self, state: UiState, pages: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("rail")
        self.setAccessibleName("Pages")
        self._column = QVBoxLayout(self)
        self.buttons: dict[str, RailButton] = {}
        for entry in sorted(pages, key=lambda page: page.number):
            button = RailButton(state, entry, self)
            button.clicked.connect(self._clicked)
            self._column.addWidget(button)
            self.buttons[entry.key] = button
        self._column.addStretch(1)
        state.page_changed.connect(self._page_changed)
        state.pending_changed.connect(self._pending_changed)
        state.appearance_changed.connect(self.restyle)
        self.restyle()
        self._page_changed(state.page)

    @Slot()
    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, RailButton):
            self.page_chosen.emit(button.entry.key)

    @Slot(str)
    def _page_changed(self, page: str) -> None:
        if page in self.buttons:
            self.buttons[page].setChecked(True)

    @Slot(bool)
    def _pending_changed(self, pending: bool) -> None:
        for button in self.buttons.values():
            button.update()

    @Slot()
    def restyle(self) -> None:
        """Take sizes, colours and words from the state again."""
        theme = self._state.theme
        self.setFixedWidth(theme.px(COMPACT_WIDTH if self._state.lecture else WIDTH))
        margin = theme.px(6 if self._state.lecture else 8)
        self._column.setContentsMargins(margin, theme.px(16), margin, theme.px(16))
        self._column.setSpacing(theme.px(8))
        for button in self.buttons.values():
            button.restyle()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), theme.colour("border"))
        painter.end()
