"""Fields of a form, one for each kind of setting, made from its `SettingSpec`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from playground.contract.setting import SettingSpec, setting_problem
from playground.ui.state import UiState

Changed = Callable[[str, Any], None]
MIXED = "mixed"


def parsed(text: str, default: Any) -> Any:
    """The number in `text` as the type of `default`; the text itself where it is no such number, so that the
    validator can say what was typed."""
    cleaned = text.strip().replace(",", ".").replace("−", "-")
    try:
        return int(cleaned) if isinstance(default, int) else float(cleaned)
    except ValueError:
        return text.strip()


def next_on_ladder(value: float, up: bool) -> float:
    """The next of ..., 0.01, 0.02, 0.05, 0.1, ... above or below `value`."""
    exponent = math.floor(math.log10(value))
    ladder = [m * 10.0**e for e in (exponent - 1, exponent, exponent + 1) for m in (1, 2, 5)]
    if up:
        return float(f"{min(rung for rung in ladder if rung > value * (1 + 1e-9)):.6g}")
    return float(f"{max(rung for rung in ladder if rung < value * (1 - 1e-9)):.6g}")


class SwitchButton(QAbstractButton):
    """On or off, as a little switch; Space toggles."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self._state.theme.px(44), self._state.theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, 2, self.width() - 4, self.height() - 4)
        painter.setPen(
            QPen(theme.colour("accent"), 2) if self.hasFocus() else QPen(theme.colour("border_strong"), 1)
        )
        painter.setBrush(theme.colour("accent" if self.isChecked() else "sunken"))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        radius = track.height() / 2 - 3
        centre = track.right() - radius - 3 if self.isChecked() else track.left() + radius + 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_accent" if self.isChecked() else "muted"))
        painter.drawEllipse(QPointF(centre, track.center().y()), radius, radius)
        painter.end()


class RangeSlider(QWidget):
    """Two handles on one line, for a range of whole numbers. Left and Right move the handle that was touched last
    (Tab or Up and Down change it); `changed` is called with (low, high)."""

    def __init__(self, state: UiState, spec: SettingSpec, changed: Callable[[tuple[int, int]], None]) -> None:
        super().__init__()
        self._state, self._changed = state, changed
        self._least, self._most = int(spec.minimum or 0), int(spec.maximum or 100)
        self._low, self._high = self._least, self._most
        self._moving_high = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def value(self) -> tuple[int, int]:
        """(low, high), both included."""
        return self._low, self._high

    def show_value(self, low: int, high: int) -> None:
        """Show this range without calling `changed`."""
        self._low, self._high = low, high
        self.setAccessibleDescription(f"from {low} to {high}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._state.theme.px(120), self._state.theme.px(26))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _x_of(self, value: int) -> float:
        radius = self._state.theme.px(9)
        return radius + (value - self._least) / (self._most - self._least) * (self.width() - 2 * radius)

    def _value_at(self, x: float) -> int:
        radius = self._state.theme.px(9)
        share = (x - radius) / max(1.0, self.width() - 2 * radius)
        return max(self._least, min(self._most, round(self._least + share * (self._most - self._least))))

    def _move_to(self, value: int) -> None:
        before = self.value
        value = max(self._least, min(self._most, value))
        if self._moving_high:
            self._high = max(value, self._low)
        else:
            self._low = min(value, self._high)
        if self.value != before:
            self.show_value(self._low, self._high)
            self._changed(self.value)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        to_low, to_high = abs(x - self._x_of(self._low)), abs(x - self._x_of(self._high))
        self._moving_high = to_high < to_low or (to_high == to_low and x >= self._x_of(self._high))
        self._move_to(self._value_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to(self._value_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        amount = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if amount is not None:
            self._move_to((self._high if self._moving_high else self._low) + amount)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._moving_high = event.key() == Qt.Key.Key_Up
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        thickness = theme.px(4)
        low, high = self._x_of(self._low), self._x_of(self._high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(
            QRectF(0, middle - thickness / 2, self.width(), thickness), thickness / 2, thickness / 2
        )
        painter.setBrush(theme.colour("accent"))
        painter.drawRect(QRectF(low, middle - thickness / 2, high - low, thickness))
        for position, is_high in ((low, False), (high, True)):
            touched = self.hasFocus() and is_high == self._moving_high
            painter.setPen(QPen(theme.colour("accent"), theme.px(3 if touched else 2)))
            painter.setBrush(theme.colour("surface"))
            painter.drawEllipse(QPointF(position, middle), theme.px(7), theme.px(7))
        painter.end()


class NumberEdit(QLineEdit):
    """A number as text. Up and Down go to the next sensible value; what cannot be read is kept for the validator."""

    def __init__(self, spec: SettingSpec, default: Any, changed: Callable[[Any], None]) -> None:
        super().__init__()
        self._spec, self._default, self._report = spec, default, changed
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(self._edited)

    @Slot(str)
    def _edited(self, text: str) -> None:
        self._report(parsed(text, self._default))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go_on(event.key() == Qt.Key.Key_Up)
        else:
            super().keyPressEvent(event)

    def _go_on(self, up: bool) -> None:
        value = parsed(self.text(), self._default)
        if isinstance(value, str):
            value = self._default
        elif self._spec.logarithmic and value > 0:
            value = next_on_ladder(value, up)
        elif isinstance(self._default, int):
            value += 1 if up else -1
        else:
            value = round(value + (0.5 if up else -0.5), 6)
        least, most = self._spec.minimum, self._spec.maximum
        value = value if least is None else max(type(self._default)(least), value)
        value = value if most is None else min(type(self._default)(most), value)
        self.setText(f"{value:g}" if isinstance(value, float) else str(value))
        self._report(value)


class SettingRow(QWidget):
    """One setting: label, editor, and below them the sentence about what is wrong, if something is.

    `changed` is called with (field name, value); the value may be impossible, `problem` tells. The editor carries the
    properties `pending` and `problem`, which the style sheet shows.
    """

    def __init__(self, state: UiState, name: str, spec: SettingSpec, default: Any, changed: Changed) -> None:
        super().__init__()
        self.name, self.spec = name, spec
        self._state, self._default, self._changed = state, default, changed
        self.problem: str | None = None
        self._label = QLabel()
        self._label.setProperty("role", "field")
        self._label.setWordWrap(True)
        self._sentence = QLabel()
        self._sentence.setProperty("role", "problem")
        self._sentence.setWordWrap(True)
        self._sentence.hide()
        self.editor = self._make_editor()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._line = QHBoxLayout()
        self._line.addWidget(self._label, 1)
        if isinstance(self.editor, RangeSlider):
            self._value = QLabel()
            self._value.setProperty("role", "value")
            self._line.addWidget(self._value)
            self._column.addLayout(self._line)
            self._column.addWidget(self.editor)
        else:
            self._line.addWidget(self.editor)
            self._column.addLayout(self._line)
        self._column.addWidget(self._sentence)
        self.restyle()

    def _make_editor(self) -> QWidget:
        if isinstance(self._default, bool):
            switch = SwitchButton(self._state)
            switch.toggled.connect(self._report)
            return switch
        if self.spec.choices is not None:
            combo = QComboBox()
            for value, label in self.spec.choices.items():
                combo.addItem(label, value)
            combo.activated.connect(self._report_choice)
            return combo
        if isinstance(self._default, tuple):
            return RangeSlider(self._state, self.spec, self._report)
        return NumberEdit(self.spec, self._default, self._report)

    def restyle(self) -> None:
        """Take words and sizes again."""
        theme, vocabulary = self._state.theme, self._state.vocabulary
        self._label.setText(self.spec.label[vocabulary])
        self._label.setToolTip(self.spec.help[vocabulary])
        self.editor.setToolTip(self.spec.help[vocabulary])
        self.editor.setAccessibleName(self.spec.label[vocabulary])
        self._column.setSpacing(theme.px(2))
        self._line.setSpacing(theme.px(8))
        if isinstance(self.editor, NumberEdit | QComboBox):
            self.editor.setFixedWidth(theme.px(118 if isinstance(self.editor, QComboBox) else 84))

    def show_value(self, value: Any, *, mixed: bool = False, pending: bool = False) -> None:
        """Show `value` (or that the chosen networks differ), and whether it waits to be applied."""
        if isinstance(self.editor, SwitchButton):
            self.editor.blockSignals(True)
            self.editor.setChecked(bool(value))
            self.editor.blockSignals(False)
            self.editor.update()
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentIndex(-1 if mixed else self.editor.findData(value))
            self.editor.setPlaceholderText(MIXED)
        elif isinstance(self.editor, RangeSlider):
            self.editor.show_value(*value)
            self._value.setText(f"{value[0]} – {value[1]}")
        elif isinstance(self.editor, NumberEdit):
            text = "" if mixed else f"{value:g}" if isinstance(value, float) else str(value)
            if self.editor.text() != text and not (
                self.editor.hasFocus() and not mixed and self._shows(value)
            ):
                self.editor.setText(text)
            self.editor.setPlaceholderText(MIXED if mixed else "")
        self._mark(pending, None if mixed else setting_problem(self.spec, value, self._default))

    def _shows(self, value: Any) -> bool:
        """Whether the text already means `value` ("0.010" while typing), so that it need not be replaced."""
        return bool(
            isinstance(self.editor, NumberEdit) and parsed(self.editor.text(), self._default) == value
        )

    def _mark(self, pending: bool, problem: str | None) -> None:
        self.problem = problem
        self._sentence.setText(problem or "")
        self._sentence.setVisible(problem is not None)
        target = self._value if isinstance(self.editor, RangeSlider) else self.editor
        for name, flag in (("pending", pending), ("problem", problem is not None)):
            if target.property(name) != flag:
                target.setProperty(name, flag)
                target.style().unpolish(target)
                target.style().polish(target)

    @Slot(bool)
    def _report(self, value: Any) -> None:
        self._changed(self.name, value)

    @Slot(int)
    def _report_choice(self, index: int) -> None:
        assert isinstance(self.editor, QComboBox)
        self._changed(self.name, self.editor.itemData(index))
