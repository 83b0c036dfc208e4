"""Which formula is shown: one tab for each quantity of the cell, in order of computation, and one for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from playground.contract.cell_description import CellDescription
from playground.ui.cell_words import symbol_latex, title_of
from playground.ui.formula_rendering import draw_formula, formula_size
from playground.ui.state import UiState
from playground.ui.text_sizes import line_height, text_width

HEIGHT, LOW_HEIGHT = 42, 28
LEAST_FOR_VALUE = 38
ALL = "*"
"""The tab of the overview."""


def value_size(state: UiState) -> float:
    """The size of the numbers under the symbols; in a lecture large enough for a projector."""
    return 12.5 if state.lecture else 11


class FormulaTab(QAbstractButton):
    """One tab: a quantity's symbol in its colour with its value under it, or the word "all"."""

    def __init__(self, state: UiState, description: CellDescription, name: str) -> None:
        super().__init__()
        self.state, self.name = state, name
        self._latex, self._role, self._value = "", "", ""
        self._low = False
        self._picture_of: tuple[object, ...] = ()
        self._picture = QPixmap()
        self._font, self._ink, self._place = QFont(), QColor(), QRectF()
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        vocabulary = state.vocabulary
        if name == ALL:
            self.setText("all")
            self.setAccessibleName("All formulas")
            self.setToolTip("All formulas of this cell with the numbers of this unit at this timestep.")
        else:
            quantity = description.quantity(name)
            self._latex, self._role = symbol_latex(description, name, vocabulary), quantity.role
            title = title_of(description, name, vocabulary)
            self.setAccessibleName(f"Formula: {title}")
            self.setToolTip(f"{title}. {quantity.teaches[vocabulary]}")

    def natural_width(self) -> float:
        """How wide its symbol is, with some air."""
        theme = self.state.theme
        if not self._latex:
            return float(theme.px(LEAST_FOR_VALUE))
        width = formula_size(self._latex, theme.px(13)).width() + theme.px(8)
        return max(width, float(theme.px(LEAST_FOR_VALUE)))

    def show_value(self, value: str) -> None:
        """The number under the symbol."""
        if value != self._value:
            self._value = value
            self.setAccessibleDescription(value)
            self.update()

    def set_low(self, low: bool) -> None:
        """Without the value, where there is little height."""
        if low != self._low:
            self._low = low
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self.natural_width()), self.state.theme.px(LOW_HEIGHT if self._low else HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(18), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The number anew; all the rest is a picture that is drawn when something in it changes."""
        theme, ratio = self.state.theme, self.devicePixelRatioF()
        shown = (self.size(), ratio, theme, self._low, self.isChecked(), self.underMouse(), self.hasFocus())
        if shown != self._picture_of:
            self._picture_of, self._picture = shown, self._drawn(ratio)
            size = value_size(self.state)
            self._font = theme.font(size, mono=True, bold=self.isChecked())
            self._ink = theme.colour("text" if self.isChecked() else "muted")
            self._place = self._value_box()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        if not self._latex:
            painter.setFont(theme.font(12.5, bold=self.isChecked()))
            painter.setPen(theme.colour("text" if self.isChecked() else "muted"))
            inner = QRectF(self.rect()).adjusted(1 + theme.px(2), 1, -1 - theme.px(2), -1)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, self.text())
        if self._value and not self._low:
            painter.setFont(self._font)
            painter.setPen(self._ink)
            painter.drawText(self._place, Qt.AlignmentFlag.AlignCenter, self._value)
        painter.end()

    def _value_box(self) -> QRectF:
        """Where the number stands."""
        theme = self.state.theme
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        height = line_height(theme, value_size(self.state), mono=True)
        return QRectF(box.left() - 1, box.bottom() - height - theme.px(3), box.width() + 2, height)

    def _drawn(self, ratio: float) -> QPixmap:
        """Ground and symbol."""
        theme = self.state.theme
        picture = QPixmap(ceil(self.width() * ratio), ceil(self.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = theme.px(6)
        painter.setPen(Qt.PenStyle.NoPen)
        ink = theme.role_ink(self._role) if self._role else theme.colour("text")
        if self.isChecked():
            painter.setBrush(theme.colour("surface"))
            painter.drawRoundedRect(box, radius, radius)
            painter.setBrush(ink)
            line = QRectF(
                box.left() + theme.px(6), box.bottom() - theme.px(3), box.width() - theme.px(12), theme.px(2)
            )
            painter.drawRoundedRect(line, 1, 1)
        elif self.underMouse():
            painter.setBrush(theme.colour("border"))
            painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour("accent"))
            painter.drawRoundedRect(box, radius, radius)
        inner = box.adjusted(theme.px(2), 0, -theme.px(2), 0)
        if self._latex:
            if not self._low:
                inner.setBottom(self._value_box().top() + theme.px(2))
            size = formula_size(self._latex, theme.px(13))
            width = min(size.width(), inner.width())
            place = QRectF(inner.center().x() - width / 2, inner.top(), width, inner.height())
            draw_formula(painter, self._latex, theme.px(13), ink, place)
        painter.end()
        return picture


class FormulaTabs(QWidget):
    """All tabs of the opened network's cell. Choosing one sets `state.quantity`; `shows_all` says the overview is
    open, and `turned` is called when that changes."""

    def __init__(self, state: UiState, turned: Callable[[], None]) -> None:
        super().__init__()
        self.state = state
        self._turned = turned
        self.setAccessibleName("Formulas of the cell")
        self.shows_all = False
        self._made_for: tuple[object, ...] = ()
        self._row = QHBoxLayout(self)
        self._group = QButtonGroup(self)
        self._tabs: dict[str, FormulaTab] = {}
        self._group.buttonClicked.connect(self._clicked)
        state.quantity_changed.connect(self._quantity_changed)

    @property
    def names(self) -> tuple[str, ...]:
        """The quantities that have a tab, in order of computation, and `ALL`."""
        return tuple(self._tabs)

    def tab(self, name: str) -> FormulaTab:
        """The tab of a quantity."""
        return self._tabs[name]

    def show_cell(self, description: CellDescription, with_all: bool) -> None:
        """Tabs for this cell; does nothing while they stay the same."""
        key = (description, self.state.theme, self.state.vocabulary, with_all)
        if key != self._made_for:
            self._made_for = key
            self._make(description, with_all)
        if not with_all:
            self.shows_all = False
        self._mark()

    def show_one(self) -> None:
        """The formula that was chosen, and not all of them."""
        self.shows_all = False
        self._mark()

    def fit(self, width: float, low: bool) -> None:
        """Symbols only, where there is little height, or where not every tab has room for a number in this width."""
        natural = [tab.natural_width() for tab in self._tabs.values()]
        narrowest = width * min(natural, default=0.0) / max(1.0, sum(natural)) - self.state.theme.px(2)
        number = text_width(self.state.theme, "−0.00", value_size(self.state), bold=True, mono=True)
        for tab in self._tabs.values():
            tab.set_low(low or narrowest < number)

    def show_values(self, values: Mapping[str, str]) -> None:
        """This timestep's numbers, by quantity."""
        for name, tab in self._tabs.items():
            tab.show_value(values.get(name, ""))

    def _make(self, description: CellDescription, with_all: bool) -> None:
        for tab in self._tabs.values():
            self._group.removeButton(tab)
            self._row.removeWidget(tab)
            tab.hide()
            tab.deleteLater()
        theme = self.state.theme
        margin = theme.px(3)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self._row.setSpacing(theme.px(1))
        names = [equation.target for equation in description.equations]
        if with_all and len(names) > 1:
            names.append(ALL)
        self._tabs = {name: FormulaTab(self.state, description, name) for name in names}
        for tab in self._tabs.values():
            self._group.addButton(tab)
            self._row.addWidget(tab, max(1, round(tab.natural_width())))
        self.setVisible(len(names) > 1)

    def _mark(self) -> None:
        chosen = ALL if self.shows_all else self.state.quantity
        if chosen in self._tabs:
            self._tabs[chosen].setChecked(True)

    @Slot(QAbstractButton)
    def _clicked(self, tab: QAbstractButton) -> None:
        if not isinstance(tab, FormulaTab):
            return
        was_all, self.shows_all = self.shows_all, tab.name == ALL
        if tab.name != ALL:
            self.state.set_quantity(tab.name)
        if was_all != self.shows_all:
            self._turned()

    @Slot(str)
    def _quantity_changed(self, name: str) -> None:
        self._mark()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.px(8), theme.px(8))
        painter.end()
