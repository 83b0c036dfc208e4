"""Lecture mode: one group of at most three panels at a time, and a small sign that says which."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from playground.ui.state import UiState

MOST_PANELS = 3


class LectureSign(QWidget):
    """ "2 of 3 · Tab": which group of panels is shown. Small, lets clicks through."""

    def __init__(self, state: UiState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, number: int, count: int) -> None:
        """Show "number of count", or nothing where there is only one group."""
        self._text = f"{number} of {count} · Tab"
        self.setAccessibleName(f"Panels {number} of {count}")
        self.setVisible(count > 1)
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._state.theme
        metrics = QFontMetrics(theme.font(12, bold=True))
        return QSize(metrics.horizontalAdvance(self._text) + theme.px(20), metrics.height() + theme.px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        box = QRectF(self.rect())
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(theme.colour("surface"))
        painter.setFont(theme.font(12, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


class Lecture(QObject):
    """Shows the panels of the page in turn while lecture mode is on, all of them otherwise.

    `host` is the widget the sign lies on, at its right end: its contents margins keep that end free.
    """

    def __init__(self, state: UiState, host: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._host = host
        self._page: QWidget | None = None
        self._position: dict[int, int] = {}
        self._hidden: list[QWidget] = []
        self._was_on = False
        self.sign = LectureSign(state, host)
        host.installEventFilter(self)
        state.appearance_changed.connect(self.refresh)

    @property
    def position(self) -> int:
        """The number of the group that is shown, from 0."""
        return self._position.get(id(self._page), 0)

    def set_page(self, page: QWidget | None) -> None:
        """Another page is shown."""
        if self._page is not None:
            self._page.removeEventFilter(self)
        self._hide_only([])
        self._page = page
        if page is not None:
            page.installEventFilter(self)
        self.refresh()

    def turn(self, direction: int) -> None:
        """The next group (1) or the one before (-1), round and round."""
        groups = self._groups()
        if groups:
            self._position[id(self._page)] = (self.position + direction) % len(groups)
            self.refresh()

    def show_group_of(self, panel: QWidget) -> None:
        """The first group with this panel in it; stays where it is when that is shown already."""
        groups = self._groups()
        if not groups or panel in groups[min(self.position, len(groups) - 1)]:
            return
        for number, group in enumerate(groups):
            if panel in group:
                self._position[id(self._page)] = number
                self.refresh()
                return

    @Slot()
    def refresh(self) -> None:
        """Show what is to be seen now."""
        begins, self._was_on = self._state.lecture and not self._was_on, self._state.lecture
        page = self._page
        opened = (
            page.opened_panel() if begins and page is not None and hasattr(page, "opened_panel") else None
        )
        groups = self._groups() if self._state.lecture else []
        if opened is not None:  # what was looked at before the lecture began
            found = (number for number, group in enumerate(groups) if opened in group)
            self._position[id(self._page)] = next(found, self.position)
        position = min(self.position, len(groups) - 1)
        self._hide_only(self._to_hide(groups, position))
        if groups:
            self.sign.say(position + 1, len(groups))
            self._place_sign()
        else:
            self.sign.hide()
        self._keep_free()

    def _groups(self) -> list[list[QWidget]]:
        if self._page is None or not hasattr(self._page, "lecture_groups"):
            return []
        groups: list[list[QWidget]] = self._page.lecture_groups()
        return groups

    def _to_hide(self, groups: list[list[QWidget]], position: int) -> list[QWidget]:
        """What the page never shows in a lecture, the panels of the other groups, and cards that would be empty."""
        if not self._state.lecture or self._page is None:
            return []
        hidden: list[QWidget] = []
        if hasattr(self._page, "lecture_hidden"):
            hidden += self._page.lecture_hidden()
        if groups:
            shown = groups[position]
            for panel in (panel for group in groups for panel in group if panel not in shown):
                hidden += [panel, *self._empty_cards(panel, shown)]
        return hidden

    def _empty_cards(self, panel: QWidget, shown: list[QWidget]) -> list[QWidget]:
        """What lies around `panel` and holds nothing that is shown."""
        found: list[QWidget] = []
        around = panel.parentWidget()
        while around is not None and around is not self._page:
            if any(around is each or around.isAncestorOf(each) for each in shown):
                break
            found.append(around)
            around = around.parentWidget()
        return found

    def _hide_only(self, wanted: list[QWidget]) -> None:
        """Hide exactly these. Only what was hidden here comes back: what the page hides itself is its own business."""
        before, self._hidden = self._hidden, []
        for widget in before:
            if widget not in wanted:
                widget.show()
        focused = QApplication.focusWidget()
        if focused is not None and any(each is focused or each.isAncestorOf(focused) for each in wanted):
            focused.window().setFocus()  # or the next button would get it, and Space would press that
        for widget in wanted:
            if widget in self._hidden:
                continue
            if widget in before or not widget.isHidden():
                self._hidden.append(widget)
                widget.hide()

    def _keep_free(self) -> None:
        """What the host says ends before the sign."""
        taken = 0 if self.sign.isHidden() else self.sign.width() + self._state.theme.px(12)
        if self._host.contentsMargins().right() != taken:
            self._host.setContentsMargins(0, 0, taken, 0)
            self._host.update()

    def _place_sign(self) -> None:
        margin = self._state.theme.px(12)
        x = self._host.width() - self.sign.width() - margin
        self.sign.move(x, max(0, self._host.height() - self.sign.height()) // 2)
        self.sign.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._state.lecture:
            if watched is self._page:
                self.refresh()  # a higher page may show more panels at a time
            elif not self.sign.isHidden():
                self._place_sign()
        return False
