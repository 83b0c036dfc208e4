"""The cell of the opened network at this timestep: a diagram made from its description, with the real vectors in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractAnimation,
    QEasingCurve,
    QEvent,
    QRectF,
    QSize,
    Qt,
    QTimer,
    QVariantAnimation,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsScene, QGraphicsView, QWidget

from playground.contract.cell_description import INPUTS, PREVIOUS
from playground.tasks.task import Event
from playground.trace.contributions import value_at
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import plain_symbol, sentences, symbol_latex, title_of, value_words
from playground.ui.drawings import drawing
from playground.ui.formula_rendering import formula_size
from playground.ui.panels.cell_geometry import CellLayout, Journey
from playground.ui.panels.cell_items import BoxItem, CardItem, LabelItem, OpItem, PictureItem, PillItem
from playground.ui.panels.cell_layout import MARGIN, arrange
from playground.ui.panels.cell_motion import MotionItem, along
from playground.ui.panels.cell_vector import VectorItem
from playground.ui.panels.cell_wires import WireItem, crossings
from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.panel import Panel
from playground.ui.panels.value_legend import ValueLegend
from playground.ui.plots.heatmap import cell_colours
from playground.ui.state import UiState
from playground.ui.theme import Theme
from playground.ui.vocabulary import network_title

MOTION_MS = 340
"""How long values travel when the timestep advances."""
LOW = 300
"""Unscaled height of the panel below which it has no title in a lecture."""
CARGO_CELLS = 4
"""How many cells of a vector are shown on their way."""


class ThemeMetrics:
    """Measures text in the fonts of a theme."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.scale = theme.scale

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """The width of a line of text."""
        return QFontMetricsF(self._theme.font(size, bold=bold)).horizontalAdvance(text) + 1

    def height(self, size: float) -> float:
        """The height of a line of text."""
        return float(np.ceil(QFontMetricsF(self._theme.font(size)).height()))

    def formula(self, latex: str, size: float) -> tuple[float, float]:
        """Width and height of a formula."""
        found = formula_size(latex, self._theme.px(size))
        return found.width(), found.height()


class CellScene(QGraphicsScene):
    """One diagram: builds its items from a layout, shows one timestep's values in them, lets values travel."""

    def __init__(self, panel: CellDiagram) -> None:
        super().__init__(panel)
        self._panel = panel
        self.cell_layout: CellLayout | None = None
        self.vectors: list[VectorItem] = []
        self.boxes: list[BoxItem] = []
        self.ops: list[OpItem] = []
        self.labels: list[LabelItem] = []
        self.picture: PictureItem | None = None
        self.motion: MotionItem | None = None
        self._items: list[QGraphicsItem] = []

    def build(self, layout: CellLayout, trace: SequenceTrace, theme: Theme, vocabulary: str) -> None:
        """Draw this layout, without values."""
        self.clear()
        self.cell_layout = layout
        description, units = trace.description, trace.top.units
        self.vectors = [VectorItem(spot, units, theme, self._panel) for spot in layout.every_vector()]
        self.boxes = []
        for box in layout.boxes:
            targets = [row.quantity for row in box.rows] or [box.target]
            symbols = [symbol_latex(description, name, vocabulary) for name in targets]
            formulas = [description.equation(name).latex[vocabulary] for name in targets]
            self.boxes.append(BoxItem(box, symbols, formulas, theme, self._panel))
        self.ops = [OpItem(spot, theme, self._panel) for spot in layout.ops]
        self.labels = [LabelItem(spot, theme) for spot in layout.labels]
        hops = crossings(layout.wires)
        wires = [WireItem(spot, hop, theme) for spot, hop in zip(layout.wires, hops, strict=True)]
        cards = [CardItem(s.frame, theme.role(s.role), theme) for s in layout.vectors if s.frame is not None]
        self.picture = None
        if layout.event_card is not None and layout.event_picture is not None:
            cards.append(CardItem(layout.event_card, theme.colour("border_strong"), theme))
            self.picture = PictureItem(layout.event_picture, theme)
        bounds = QRectF(0, 0, layout.width, layout.height).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        self.motion = MotionItem(bounds, theme)
        pills = [PillItem(spot, theme) for spot in layout.pills]
        self._items = [
            *wires,
            *cards,
            *self.boxes,
            *self.vectors,
            *self.ops,
            *pills,
            *self.labels,
            self.motion,
        ]
        if self.picture is not None:
            self._items.append(self.picture)
        for item in self._items:
            self.addItem(item)
        self.setSceneRect(bounds)

    def forget(self) -> None:
        """Nothing to show."""
        self.clear()
        self._items, self.vectors, self.boxes, self.ops, self.labels = [], [], [], [], []
        self.cell_layout = self.picture = self.motion = None


class CellView(QGraphicsView):
    """Looks at a `CellScene`; never scrolls; leaves keys and the wheel to the page."""

    def __init__(self, scene: CellScene) -> None:
        super().__init__(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Cell diagram")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)


class CellDiagram(Panel):
    """The panel: real vectors before and after, gates, the long-term line, the event. Click a unit, a gate, a sign.

    `show_events` tells what the event of every timestep looks like. Everything else comes from the state.
    """

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "Inside the cell", parent)
        self._events: tuple[Event, ...] = ()
        self._built_for: tuple[object, ...] = ()
        self._shown_timestep = -1
        self._stale = True
        self._colours: dict[str, list[QColor]] = {}
        self.scene = CellScene(self)
        self.view = CellView(self.scene)
        self.hint = FittingText(state)
        self.legend = ValueLegend(state)
        self.title_row.insertWidget(2, self.hint, 100)
        self.title_row.addWidget(self.legend)
        self.body.addWidget(self.view, 1)
        self.view.viewport().installEventFilter(self)
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(MOTION_MS)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._animation.valueChanged.connect(self._move_cargo)
        self._animation.finished.connect(self._end_motion)
        self._rebuild_soon = QTimer(self)
        self._rebuild_soon.setSingleShot(True)
        self._rebuild_soon.setInterval(0)
        self._rebuild_soon.timeout.connect(self.refresh)
        state.timestep_changed.connect(self._timestep_changed)
        for signal in (state.moment_changed, state.units_changed):
            signal.connect(self.refresh)
        state.network_changed.connect(self._network_changed)
        state.quantity_changed.connect(self._network_changed)
        self.restyle()

    # -- what is shown
    def show_events(self, events: tuple[Event, ...]) -> None:
        """The events of the sequence that the traces were made on."""
        if events != self._events:
            self._events = events
            self.refresh()

    def restyle(self) -> None:
        """Take colours, sizes and words again."""
        theme = self.state.theme
        self.view.setMinimumSize(theme.px(200), theme.px(150))
        self.view.setBackgroundBrush(
            theme.colour("surface")
        )  # opaque: the card behind it need not be painted again
        self._built_for = ()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the current state; when hidden, remember to do so once shown."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        trace = self.state.trace
        if trace is None or not trace.length:
            self._show_nothing()
            return
        self._build_if_needed(trace)
        self._show_timestep(trace, min(self.state.timestep, trace.length - 1))

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        before = self._shown_timestep
        self.refresh()
        if self.state.motion and self.isVisible() and timestep == before + 1:
            self._animation.stop()
            self._animation.start()
        else:
            self.stop_motion()

    @Slot(str)
    def _network_changed(self, _: str) -> None:
        self.refresh()

    def _show_nothing(self) -> None:
        self.stop_motion()
        self._built_for = ()
        self.scene.forget()
        self.set_title("Inside the cell")
        self.hint.say("Nothing has been read yet: press Train, or do one update.", "Press Train.", "")
        self.view.setAccessibleDescription(self.hint.words)

    def _build_if_needed(self, trace: SequenceTrace) -> None:
        size = self.view.viewport().size()
        key = (
            trace.description,
            trace.top.units,
            size.width(),
            size.height(),
            self.state.theme,
            self.state.vocabulary,
        )
        if key == self._built_for:
            return
        self._built_for = key
        self.stop_motion()
        theme = self.state.theme
        layout = arrange(
            trace.description,
            trace.top.units,
            size.width(),
            size.height(),
            self.state.vocabulary,
            ThemeMetrics(theme),
        )
        self.scene.build(layout, trace, theme, self.state.vocabulary)
        self.view.resetTransform()
        whole = self.scene.sceneRect()
        shrink = min(1.0, size.width() / whole.width(), size.height() / whole.height())
        if shrink < 1.0:
            self.view.scale(shrink, shrink)

    def _show_timestep(self, trace: SequenceTrace, timestep: int) -> None:
        self._shown_timestep = timestep
        selected = self.state.units or (self.state.unit,)
        self._colours = {}
        packed: dict[str, NDArray[np.uint32]] = {}
        for item in self.scene.vectors:
            name = item.spot.quantity
            if name not in packed:
                packed[name] = self._packed_colours(trace, name, timestep)
            item.show_colours(packed[name], selected)
        chosen = self.state.quantity
        for box in self.scene.boxes:
            box.show_chosen(chosen)
        for op in self.scene.ops:
            op.show_chosen(chosen)
        event = self._events[timestep] if timestep < len(self._events) else None
        self._show_event(event)
        self._show_words(trace, timestep, event)

    def _packed_colours(self, trace: SequenceTrace, name: str, timestep: int) -> NDArray[np.uint32]:
        """(H,): the colours of a quantity at one timestep."""
        quantity = trace.description.quantity(name.removeprefix(PREVIOUS))
        bound = self.state.value_ranges.bound(trace, quantity.name)
        values = value_at(trace.top, name, timestep)
        return cell_colours(self.state.theme, values, quantity.role, quantity.span, bound)

    def _show_event(self, event: Event | None) -> None:
        picture = self.scene.picture
        if picture is None:
            return
        if event is not None and event.drawing:
            picture.show_picture(drawing(event.drawing, picture.size, self.devicePixelRatioF()))
        else:
            picture.show_picture(QPixmap(), event.title if event is not None else "")

    def _show_words(self, trace: SequenceTrace, timestep: int, event: Event | None) -> None:
        vocabulary = self.state.vocabulary
        for label, spot in ((label, label.spot) for label in self.scene.labels):
            if spot.timed == "event":
                label.show_text(event.title if event is not None else "")
            elif spot.timed:
                label.show_text(self._state_label(trace, spot.quantity, spot.timed, timestep))
        title = trace.description.title[vocabulary]
        self._say_title(trace, timestep)
        unit = min(self.state.unit, trace.top.units - 1)
        quantity = self.state.quantity
        first, second = sentences(trace, quantity, unit, timestep, vocabulary)
        what = f"The event is {event.title}. " if event is not None else ""
        self.view.setAccessibleDescription(
            f"{title}, timestep {timestep + 1} of {trace.length}. {what}"
            f"{title_of(trace.description, quantity, vocabulary)}: {first} {second}".strip()
        )

    def _state_label(self, trace: SequenceTrace, name: str, timed: str, timestep: int) -> str:
        symbol = plain_symbol(trace.description, name, self.state.vocabulary)
        when = (
            f"t = {timestep + 1}"
            if timed == "after"
            else f"from t = {timestep}"
            if timestep
            else "before t = 1"
        )
        text = f"{symbol}, {when}"
        if trace.description.quantity(name).span == "unbounded":
            text += f" · ±{self.state.value_ranges.bound(trace, name):g}"
        return text

    def _say_title(self, trace: SequenceTrace, timestep: int) -> None:
        if self._is_low():
            self.set_title("")  # who and when stand right above already
            self.hint.hide()
            self.legend.hide()
            return
        self.hint.show()
        self.legend.show()
        title = network_title(trace.network, self.state.vocabulary)
        inside = "network without memory" if not trace.description.states else title
        self.set_title(f"Inside the {inside}")
        units = trace.top.units
        count = f"{units} unit" if units == 1 else f"{units} units"
        if len(trace.layers) > 1:
            count += f", top layer of {len(trace.layers)}"
        when = f"at t = {timestep + 1}"
        self.hint.say(f"{when} · {count} · click one to see its sum", f"{when} · {count}", when)

    def _is_low(self) -> bool:
        """In a lecture on a small projector there is no room for a title."""
        return self.state.lecture and self.height() < self.state.theme.px(LOW)

    # -- DiagramListener
    def unit_clicked(self, unit: int, several: bool) -> None:
        """Select the clicked unit; with Ctrl or Shift, add it to the others or take it away."""
        if several:
            self.state.toggle_unit(unit)
        else:
            self.state.set_units((unit,))

    def quantity_clicked(self, name: str) -> None:
        """Show the formula of what was clicked."""
        self.state.set_quantity(name)

    def words_for_unit(self, quantity: str, unit: int) -> str:
        """The value under the pointer, in words."""
        trace = self.state.trace
        if trace is None or unit >= trace.top.units:
            return ""
        timestep = min(self.state.timestep, trace.length - 1)
        return value_words(trace, quantity, unit, timestep, self.state.vocabulary)

    def words_for_quantity(self, name: str) -> str:
        """What this quantity is for, in a sentence."""
        trace = self.state.trace
        return trace.description.quantity(name).teaches[self.state.vocabulary] if trace is not None else ""

    # -- motion
    @property
    def moving(self) -> bool:
        """Whether values are on their way."""
        return self._animation.state() == QAbstractAnimation.State.Running

    def stop_motion(self) -> None:
        """Everything arrives at once."""
        self._animation.stop()
        self._end_motion()

    @Slot()
    def _end_motion(self) -> None:
        if self.scene.motion is not None:
            self.scene.motion.show_cargo([])

    @Slot(object)
    def _move_cargo(self, progress: float) -> None:
        layout = self.scene.cell_layout
        if layout is None or self.scene.motion is None:
            return
        cargo = []
        for journey in layout.journeys:
            if journey.begin <= progress < journey.end:
                share = (progress - journey.begin) / (journey.end - journey.begin)
                cargo.append((along(journey.points, share), *self._cargo_of(journey)))
        self.scene.motion.show_cargo(cargo)

    def _cargo_of(self, journey: Journey) -> tuple[list[QColor], QPixmap]:
        if journey.quantity == INPUTS:
            event = self._events[self._shown_timestep] if self._shown_timestep < len(self._events) else None
            if event is not None and event.drawing:
                return [], drawing(event.drawing, self.state.theme.px(18), self.devicePixelRatioF())
            return [self.state.theme.role("inputs")], QPixmap()
        return self._few_colours(journey.quantity), QPixmap()

    def _few_colours(self, name: str) -> list[QColor]:
        """The colours of a few units of a quantity at the timestep shown, spread evenly over the vector."""
        trace = self.state.trace
        if name not in self._colours and trace is not None:
            packed = self._packed_colours(trace, name, min(self._shown_timestep, trace.length - 1))
            picked = np.unique(np.linspace(0, len(packed) - 1, min(CARGO_CELLS, len(packed))).astype(int))
            self._colours[name] = [QColor.fromRgb(int(packed[unit])) for unit in picked]
        return self._colours.get(name, [])

    # -- Qt
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop_motion()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rebuild_soon.start()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._rebuild_soon.stop()
            self.refresh()
        return False

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(760), theme.px(440))
