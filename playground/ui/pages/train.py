"""The Train page: experiment, curves, the probe live, and the slider over training time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.monitor import RunMonitor
from playground.ui.panels.form_place import FormPlace
from playground.ui.panels.loss_curves import LossCurves, RightCurves
from playground.ui.panels.probe_view import ProbeView
from playground.ui.panels.training_time import TrainingTime
from playground.ui.state import UiState

if TYPE_CHECKING:
    from playground.ui.panels.experiment_form import ExperimentForm

LECTURE_HEIGHT_FOR_THREE = 430
"""Unscaled px of the page from which the probe and the slider fit under each other in a lecture."""

COMPACT_BELOW = 700
"""Unscaled height below which rows of controls are merged, so that curves and heat maps keep theirs."""

CURVES_SHARE, PROBE_SHARE = 2, 5
"""Of the height that is free."""


class FormHandle(QAbstractButton):
    """A slim handle between the experiment and the rest: folds the experiment away and brings it back."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.toggled.connect(self._say)
        self._say(True)

    def sizeHint(self) -> QSize:
        return QSize(self.state.theme.px(14), self.state.theme.px(40))

    @Slot(bool)
    def _say(self, shown: bool) -> None:
        self.setAccessibleName("Hide the experiment" if shown else "Show the experiment")
        self.setToolTip(
            "Fold the experiment away: more room for the networks."
            if shown
            else "Show the experiment: what is learned, by which networks, and how."
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, theme.px(12), theme.px(56))
        box.moveCenter(QRectF(self.rect()).center())
        active = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(theme.colour("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("border" if active else "ground"))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(5), theme.px(5))
        painter.setPen(QPen(theme.colour("text" if active else "muted"), 1.6 * theme.scale))
        reach = theme.px(3) * (1 if self.isChecked() else -1)
        centre = box.center()
        corners = [QPointF(reach / 2, -theme.px(5)), QPointF(-reach / 2, 0), QPointF(reach / 2, theme.px(5))]
        painter.drawPolyline([centre + corner for corner in corners])
        painter.end()


class TrainPage(QWidget):
    """Composition only: every card takes what it shows from the state and the monitor."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setAccessibleName("Train")
        self.form_place = FormPlace(state, monitor)
        self.form_handle = FormHandle(state)
        self.loss = LossCurves(state, monitor)
        self.right_answers = RightCurves(state, monitor)
        self.probe = ProbeView(state, monitor)
        self.training_time = TrainingTime(state, monitor)

        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.form_place)
        self._row.addWidget(self.form_handle)
        self._column = QVBoxLayout()
        self._curves = QHBoxLayout()
        self._curves.addWidget(self.loss, 1)
        self._curves.addWidget(self.right_answers, 1)
        self._column.addLayout(self._curves, CURVES_SHARE)
        self._column.addWidget(self.probe, PROBE_SHARE)
        self._column.addWidget(self.training_time)
        self._row.addLayout(self._column, 1)

        for panel in (self.loss, self.right_answers):
            panel.installEventFilter(self)
        self.form_handle.toggled.connect(self._fold_form)
        state.appearance_changed.connect(self.restyle)
        self.restyle()

    @property
    def experiment_form(self) -> ExperimentForm:
        """The experiment panel, built now if it was not yet."""
        return self.form_place.form

    def start_lazily(self) -> None:
        """The window has been painted: build the experiment panel."""
        _ = self.experiment_form

    def lecture_groups(self) -> list[list[QWidget]]:
        """How training went; then the inside of a network, with the slider where there is room for it."""
        inside: list[QWidget] = [self.probe]
        if self.height() / self.state.theme.scale >= LECTURE_HEIGHT_FOR_THREE:
            inside.append(self.training_time)
        return [[self.loss, self.right_answers, self.training_time], inside]

    def lecture_hidden(self) -> list[QWidget]:
        """The experiment is not shown in a lecture."""
        return [self.form_place, self.form_handle]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.activate()  # the cards have their new widths before they are asked what fits
        self._fit_height()

    def _fit_height(self) -> None:
        compact = not self.state.lecture and self.height() / self.state.theme.scale < COMPACT_BELOW
        self.probe.set_compact(compact)
        self.training_time.set_compact(compact)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            # A row of hidden panels would still take its share of the height.
            shown = not (self.loss.isHidden() and self.right_answers.isHidden())
            self._column.setStretch(0, CURVES_SHARE if shown else 0)
        return False

    @Slot(bool)
    def _fold_form(self, shown: bool) -> None:
        self.form_place.setVisible(shown)

    @Slot()
    def restyle(self) -> None:
        """Take sizes from the theme again."""
        gap = self.state.theme.px(12)
        self._row.setSpacing(0)
        self._column.setSpacing(gap)
        self._curves.setSpacing(gap)
        self.form_handle.updateGeometry()
        self._fit_height()
