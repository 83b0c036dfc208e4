"""Small controls of the Memory page: "what is this?" with the definition behind it, and the switch of a scale."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QVBoxLayout, QWidget

from playground.ui.panels.memory_words import DEFINITIONS
from playground.ui.state import UiState

POPUP_WIDTH = 380


class DefinitionPopup(QFrame):
    """A card over the page with one definition. A click beside it, Esc or any key closes it."""

    def __init__(self, state: UiState, key: str, rivals: tuple[str, str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._state = state
        theme = state.theme
        definition = DEFINITIONS[key]
        first, second = rivals
        texts = [
            (definition.title, theme.font(14, bold=True), "text"),
            (definition.text[state.vocabulary], theme.font(13), "text"),
            (definition.formula[state.vocabulary], theme.font(12, mono=True), "accent"),
            (definition.reading[state.vocabulary], theme.font(12), "muted"),
            (f"Source: {definition.source}.", theme.font(11), "muted"),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
        column.setSpacing(theme.px(8))
        self.setAccessibleName(f"What is this: {definition.title}")
        said = []
        for text, font, colour in texts:
            text = text.format(first=first, second=second)
            said.append(text)
            label = QLabel(text)
            label.setWordWrap(True)
            label.setFixedWidth(theme.px(POPUP_WIDTH))
            ink = theme.role_ink("long_term") if colour == "accent" else theme.colour(colour)
            # a style sheet of the window would overrule a font that is only set
            label.setStyleSheet(
                f"color: {ink.name()}; background: transparent; font-size: {font.pixelSize()}px;"
                f"font-weight: {600 if font.bold() else 400};"
                f"font-family: {', '.join(chr(34) + family + chr(34) for family in font.families())};"
            )
            column.addWidget(label)
        self.setAccessibleDescription(" ".join(said))

    def show_below(self, widget: QWidget) -> None:
        """Open beside the widget, wholly on its screen."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + self._state.theme.px(4)))
        screen = widget.screen().availableGeometry()
        x = max(screen.left(), min(corner.x(), screen.right() - self.width()))
        y = corner.y()
        if y + self.height() > screen.bottom():
            y = widget.mapToGlobal(QPoint(0, 0)).y() - self.height() - self._state.theme.px(4)
        self.move(x, max(screen.top(), y))
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        radius = theme.px(10)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()


class WhatIsThis(QAbstractButton):
    """A small question mark in a circle; pressed, it opens the definition of `key`."""

    def __init__(self, state: UiState, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._key = state, key
        self.rivals = ("wolf", "dog")
        self.popup: DefinitionPopup | None = None
        title = DEFINITIONS[key].title
        self.setAccessibleName(f"What is this: {title}")
        self.setToolTip("What is this? The definition, in words and as a formula, and where it comes from.")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._open)
        self.rescale()

    def rescale(self) -> None:
        """Take the size from the theme again."""
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        size = self._state.theme.px(18)
        return QSize(size, size)

    @Slot()
    def _open(self) -> None:
        popup = DefinitionPopup(self._state, self._key, self.rivals, self.window())
        popup.destroyed.connect(self._forget)
        self.popup = popup
        popup.show_below(self)

    @Slot()
    def _forget(self) -> None:
        self.popup = None

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lively = self.underMouse() or self.isDown() or self.hasFocus()
        ink = theme.colour("accent" if lively else "muted")
        circle = self.rect().toRectF().adjusted(2, 2, -2, -2)
        painter.setPen(QPen(ink, (1.6 if self.hasFocus() else 1.0) * theme.scale))
        painter.setBrush(theme.colour("accent_soft") if lively else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        painter.setFont(theme.font(10, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "?")
        painter.end()

    def enterEvent(self, event: object) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()


class ScaleToggle(QAbstractButton):
    """Two words side by side, "linear" and "log", of which one holds. Checked: logarithmic."""

    WORDS = ("linear", "log")

    def __init__(
        self, state: UiState, quantity: str, changed: Callable[[bool], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._changed = changed
        self.setCheckable(True)
        self.setAccessibleName(f"{quantity}: logarithmic scale")
        self.setToolTip("Linear shows how much is left; log shows how fast it shrinks, however small it is.")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._tell)
        self.rescale()

    def rescale(self) -> None:
        """Take the size from the theme again."""
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._state.theme
        return QSize(round(sum(self._widths())) + theme.px(4), theme.px(20))

    def _widths(self) -> list[float]:
        theme = self._state.theme
        metrics = QFontMetricsF(theme.font(11, bold=True))
        return [metrics.horizontalAdvance(text) + theme.px(12) for text in self.WORDS]

    @Slot(bool)
    def _tell(self, checked: bool) -> None:
        self._changed(checked)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = theme.px(5)
        painter.setBrush(theme.colour("sunken"))
        painter.setPen(
            QPen(theme.colour("accent"), 1.5 * theme.scale) if self.hasFocus() else Qt.PenStyle.NoPen
        )
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), radius, radius)
        left = float(theme.px(2))
        for chosen, (text, width) in enumerate(zip(self.WORDS, self._widths(), strict=True)):
            here = bool(chosen) == self.isChecked()
            box = QRectF(left, theme.px(2), width, self.height() - theme.px(4))
            if here:
                painter.setBrush(theme.colour("surface"))
                painter.setPen(QPen(theme.colour("border"), 1))
                painter.drawRoundedRect(box, radius - 1, radius - 1)
            painter.setFont(theme.font(11, bold=here))
            painter.setPen(theme.colour("text" if here else "muted"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            left += width
        painter.end()
