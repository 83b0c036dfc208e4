"""Widgets side by side that go on in the next line where the first is full."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.state import UiState


class FlowRow(QWidget):
    """Places its widgets from left to right, in as many lines as they need; its height follows its width."""

    def __init__(self, state: UiState, gap: int = 6) -> None:
        super().__init__()
        self._state = state
        self._gap = gap
        self._widgets: list[QWidget] = []
        self._heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Have these widgets, in this order."""
        for old in self._widgets:
            if old not in widgets:
                old.hide()
        self._widgets = list(widgets)
        for widget in self._widgets:
            if widget.parent() is not self:
                widget.setParent(self)
            widget.show()
        self.fit()

    def fit(self) -> None:
        """Place them again: a size or a text changed."""
        self._heights = {}
        self._place(self.width(), True)
        height = self.heightForWidth(max(1, self.width()))
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:  # asked again and again while a layout is made
            self._heights[width] = self._place(width, False)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        return QSize(
            self._state.theme.px(200), self.heightForWidth(max(self.width(), self._state.theme.px(200)))
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(self._state.theme.px(120), 0)

    def _place(self, width: int, move: bool) -> int:
        gap = self._state.theme.px(self._gap)
        x = y = line = 0
        for widget in self._widgets:
            size = widget.sizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())
            if x and x + size.width() > width:
                x, y, line = 0, y + line + gap, 0
            if move:
                widget.setGeometry(x, y, min(size.width(), max(1, width)), size.height())
            x += size.width() + gap
            line = max(line, size.height())
        return y + line

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
