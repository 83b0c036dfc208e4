"""Small controls of the Memory page: "what is this?" with the definition behind it, and the switch of a scale."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from playground.ui.panels.memory_definitions import DEFINITIONS
from playground.ui.state import UiState

POPUP_WIDTH = 380


class DefinitionPopup(QFrame):
    """A card over the page with one definition. A click anywhere, Esc, or the keyboard going elsewhere closes it."""

    def __init__(self, state: UiState, key: str, rivals: tuple[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.closed = False
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
        """Open beside the widget, wholly within the window."""
        self.adjustSize()
        window, gap = widget.window(), self._state.theme.px(4)
        corner = widget.mapTo(window, QPoint(0, widget.height() + gap))
        x = max(gap, min(corner.x(), window.width() - self.width() - gap))
        y = corner.y()
        if y + self.height() > window.height() - gap:
            y = widget.mapTo(window, QPoint(0, 0)).y() - self.height() - gap
        self.move(x, max(gap, y))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        _application().installEventFilter(self)

    def close_popup(self) -> None:
        """Close for good; may be called twice."""
        if self.closed:
            return
        self.closed = True
        _application().removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            self.close_popup()
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_popup()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()  # Esc is a shortcut of the window, too
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.close_popup()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        radius = theme.px(10)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()


def _application() -> QCoreApplication:
    application = QApplication.instance()
    assert application is not None
    return application


class WhatIsThis(QAbstractButton):
    """A small question mark in a circle; pressed, it opens the definition of `key`."""

    def __init__(self, state: UiState, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._key = state, key
        self.rivals = ("wolf", "dog")
        self._popup: DefinitionPopup | None = None
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
        if self.popup is not None:
            self.popup.close_popup()
        self._popup = DefinitionPopup(self._state, self._key, self.rivals, self.window())
        self._popup.show_below(self)

    @property
    def popup(self) -> DefinitionPopup | None:
        """The definition, while it is open."""
        return None if self._popup is None or self._popup.closed else self._popup

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
