"""What PySide 6.11 does wrong and would crash the window, put right in one place.

PySide makes a Python half for every item of a layout that is put into another one after it was filled (`addLayout`,
`insertLayout`, `setLayout`). Qt deletes such an item when its widget moves elsewhere or goes, and tells nobody. The
half stays in PySide's map from addresses to Python objects; the next C++ object at that address, of whatever class, is
taken for it when Qt deletes it: a segmentation fault somewhere else, minutes later (docs/decisions/017-layout-items.md
has a program of twenty lines that crashes).

So those halves are taken out of the map as soon as they are made. Nobody here needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout, QWidget
from shiboken6 import invalidate

_MARK = "_forgets_layout_items"


def mend_layouts() -> None:
    """From now on layouts can be put into each other in any order. May be called again; any thread, before a window."""
    for kind, name in (
        (QBoxLayout, "addLayout"),
        (QBoxLayout, "insertLayout"),
        (QGridLayout, "addLayout"),
        (QWidget, "setLayout"),
    ):
        method = getattr(kind, name)
        if not hasattr(method, _MARK):
            setattr(kind, name, _forgetting(method))


def forget_items(layout: QLayout) -> None:
    """Take the Python halves of this layout's items, and of those of the layouts in it, out of PySide's map."""
    for position in range(layout.count()):
        item = layout.itemAt(position)
        if isinstance(item, QLayout):
            forget_items(item)
        elif item is not None:
            invalidate(item)


def _forgetting(method: Callable[..., Any]) -> Callable[..., Any]:
    # Not the docstring: for that PySide makes all classes of QtWidgets, which takes 40 ms of every start.
    @wraps(method, assigned=("__name__", "__qualname__"))
    def add_and_forget(self: Any, *args: Any, **named: Any) -> Any:
        found = method(self, *args, **named)
        for value in (*args, *named.values()):
            if isinstance(value, QLayout):
                forget_items(value)
        return found

    setattr(add_and_forget, _MARK, True)
    return add_and_forget
