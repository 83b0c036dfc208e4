"""No item of a layout has a Python half: PySide would take the next object at its address for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import getAllValidWrappers

from playground.ui import state  # noqa: F401  with it comes the mend
from playground.ui.qt_mends import forget_items


def layout_item_halves() -> list[QLayoutItem]:
    """The items of layouts, not layouts themselves, that have a Python half now."""
    return [
        each
        for each in getAllValidWrappers()
        if isinstance(each, QLayoutItem) and not isinstance(each, QLayout)
    ]


def filled() -> QHBoxLayout:
    """A row with a label, a stretch, and a column with two labels."""
    row, column = QHBoxLayout(), QVBoxLayout()
    column.addWidget(QLabel("b"))
    column.addWidget(QLabel("c"))
    row.addWidget(QLabel("a"))
    row.addStretch(1)
    row.addLayout(column)
    return row


def test_pyside_makes_halves_that_nobody_asked_for(qtbot: QtBot) -> None:
    """When this fails, PySide has been mended: then `ui/qt_mends.py` can go."""
    card = QWidget()
    qtbot.addWidget(card)
    before = len(layout_item_halves())
    add_layout = QBoxLayout.addLayout.__wrapped__  # type: ignore[attr-defined]
    row = filled()
    add_layout(QVBoxLayout(card), row)
    found = layout_item_halves()
    assert len(found) - before == 4
    del found
    forget_items(row)
    assert len(layout_item_halves()) == before


@pytest.mark.parametrize(
    "put",
    [
        lambda card, row: QVBoxLayout(card).addLayout(row),
        lambda card, row: QVBoxLayout(card).addLayout(row, 1),
        lambda card, row: QVBoxLayout(card).insertLayout(0, row),
        lambda card, row: QGridLayout(card).addLayout(row, 0, 0),
        lambda card, row: card.setLayout(row),
    ],
)
def test_layouts_are_put_into_each_other_without(
    qtbot: QtBot, put: Callable[[QWidget, QLayout], Any]
) -> None:
    card = QWidget()
    qtbot.addWidget(card)
    before = len(layout_item_halves())
    put(card, filled())
    assert len(layout_item_halves()) == before
    assert [label.text() for label in card.findChildren(QLabel)] in (["a", "b", "c"], ["b", "c", "a"])
