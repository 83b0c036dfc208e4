"""The place of the experiment panel: an empty card until the window has been painted, so that it is painted sooner."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.ui.panels.panel import Panel
from playground.ui.state import UiState

if TYPE_CHECKING:  # a third of what the Train page is made of: imported when it is built
    from playground.ui.monitor import RunMonitor
    from playground.ui.panels.experiment_form import ExperimentForm

FORM_WIDTH = 264
"""Unscaled px."""


class FormPlace(QWidget):
    """As wide as the experiment panel will be, and a card like it, so that nothing moves when it comes."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._monitor = state, monitor
        self._form: ExperimentForm | None = None
        self._card: Panel | None = Panel(state, "Experiment")
        self._card.body.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._card)
        state.appearance_changed.connect(self._restyle)
        self._restyle()

    @property
    def form(self) -> ExperimentForm:
        """The experiment panel, built when it is first asked for."""
        if self._form is None:
            from playground.ui.panels.experiment_form import ExperimentForm

            self._form = ExperimentForm(self._state, self._monitor, self)
            self._column.addWidget(self._form)
            if self._card is not None:
                self._card.hide()
                self._card.deleteLater()
                self._card = None
            self._take_place_in_tab_order(self._form)
        return self._form

    def _take_place_in_tab_order(self, form: QWidget) -> None:
        """Tab comes to the experiment before the rest of the page, although it was made after it."""
        parts: list[QWidget] = []
        part: QWidget | None = form.nextInFocusChain()
        while part is not None and form.isAncestorOf(part):
            if part.focusPolicy() != Qt.FocusPolicy.NoFocus:
                parts.append(part)
            part = part.nextInFocusChain()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt orders nothing after a widget without
        for before, after in pairwise([self, *parts]):
            QWidget.setTabOrder(before, after)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @Slot()
    def _restyle(self) -> None:
        self.setFixedWidth(self._state.theme.px(FORM_WIDTH))
