"""One cell's diagram as a scene: its items from a layout, one timestep's values in them, what a sub-step lights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPixmapCache, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsScene, QGraphicsView

from playground.contract.cell_description import INPUTS
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import symbol_latex
from playground.ui.formula_rendering import formula_size
from playground.ui.panels.cell_geometry import CellLayout, Journey
from playground.ui.panels.cell_item_base import DiagramListener
from playground.ui.panels.cell_items import BoxItem, CardItem, LabelItem, OpItem, PictureItem, PillItem
from playground.ui.panels.cell_layout import MARGIN
from playground.ui.panels.cell_light import FAINT, LitPaths
from playground.ui.panels.cell_motion import MotionItem
from playground.ui.panels.cell_stages import CellStage, computed_until
from playground.ui.panels.cell_vector import VectorItem
from playground.ui.panels.cell_wires import WireItem, crossings
from playground.ui.theme import Theme

CACHE_KILOBYTES = 64 * 1024
"""For the pictures of items that stay as they are: two diagrams on a fine screen take more than Qt's own 10 MB, and
what does not fit would be drawn again at every change."""


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

    def __init__(self, parent: QObject, listener: DiagramListener) -> None:
        super().__init__(parent)
        self._panel = listener
        self.cell_layout: CellLayout | None = None
        self.vectors: list[VectorItem] = []
        self.boxes: list[BoxItem] = []
        self.ops: list[OpItem] = []
        self.labels: list[LabelItem] = []
        self.picture: PictureItem | None = None
        self.motion: MotionItem | None = None
        self.lit: LitPaths | None = None
        self.stage: CellStage | None = None
        self._items: list[QGraphicsItem] = []
        self._wires: list[WireItem] = []
        self._cards: list[CardItem] = []
        self._pills: list[PillItem] = []
        self._plans: dict[str, tuple[list[WireItem], list[tuple[QGraphicsItem, bool]]]] = {}
        """By sub-step: the ways it lights, and every item with whether it takes part."""
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), CACHE_KILOBYTES))

    def build(self, layout: CellLayout, trace: SequenceTrace, theme: Theme, vocabulary: str) -> None:
        """Draw this layout, without values."""
        self._plans = {}
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
        cards = [
            CardItem(s.frame, theme.role(s.role), theme, quantity=s.quantity)
            for s in layout.vectors
            if s.frame is not None
        ]
        self.picture = None
        if layout.event_card is not None and layout.event_picture is not None:
            colour = theme.colour("border_strong")
            cards.append(CardItem(layout.event_card, colour, theme, quantity=INPUTS))
            self.picture = PictureItem(layout.event_picture, theme)
        bounds = QRectF(0, 0, layout.width, layout.height).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        self.motion = MotionItem(bounds, theme)
        self.lit = LitPaths(bounds, theme)
        self._wires, self._cards = wires, cards
        self._pills = pills = [PillItem(spot, theme) for spot in layout.pills]
        self._items = [
            *wires,
            *cards,
            *self.boxes,
            *self.vectors,
            *self.ops,
            *pills,
            *self.labels,
            self.lit,
            self.motion,
        ]
        if self.picture is not None:
            self._items.append(self.picture)
        for item in self._items:
            self.addItem(item)
        self.setSceneRect(bounds)
        self.stage = None

    def show_stage(self, stage: CellStage | None, trace: SequenceTrace) -> None:
        """Light one sub-step: what it computes and reads stays, later results are empty; None: the whole timestep."""
        if stage == self.stage or self.lit is None or self.cell_layout is None:
            return
        self.stage = stage
        role = "" if stage is None else stage.role
        if role not in self._plans:
            ways = self.lit.ways_of([] if stage is None else self.journeys())
            self._plans[role] = (ways, self._taking_part(stage))
        ways, taking_part = self._plans[role]
        self.lit.show_ways(ways)
        for item, lit in taking_part:
            item.setOpacity(1.0 if lit else FAINT)
        known = None if stage is None else computed_until(trace.description, stage.role)
        for vector in self.vectors:
            name = vector.spot.quantity
            read = name not in trace.top.quantities
            vector.show_known(known is None or read or name in known)

    def _taking_part(self, stage: CellStage | None) -> list[tuple[QGraphicsItem, bool]]:
        """Every item, and whether it takes part in this sub-step."""
        lit = frozenset() if stage is None else stage.lit
        every = stage is None
        role = "" if stage is None else stage.role
        found: list[tuple[QGraphicsItem, bool]] = []
        found += [(wire, every) for wire in self._wires]
        found += [(card, every or card.quantity in lit) for card in self._cards]
        found += [(box, every or box.spot.role == role) for box in self.boxes]
        found += [(vector, every or vector.spot.quantity in lit) for vector in self.vectors]
        found += [(op, every or op.spot.stage == role) for op in self.ops]
        found += [(pill, every or pill.spot.stage == role) for pill in self._pills]
        found += [(label, every or self._label_lit(label, lit, role)) for label in self.labels]
        if self.picture is not None:
            found.append((self.picture, every or INPUTS in lit))
        return found

    @staticmethod
    def _label_lit(label: LabelItem, lit: frozenset[str], role: str) -> bool:
        if label.spot.quantity:
            return label.spot.quantity in lit
        return label.spot.ink == role or (label.spot.ink == "muted" and INPUTS in lit)

    def journeys(self) -> list[Journey]:
        """What travels now: all of the timestep, or the part of the sub-step, from its beginning (0) to its end (1)."""
        if self.cell_layout is None:
            return []
        if self.stage is None:
            return list(self.cell_layout.journeys)
        mine = [journey for journey in self.cell_layout.journeys if journey.stage == self.stage.role]
        begin = min((journey.begin for journey in mine), default=0.0)
        length = max((journey.end for journey in mine), default=1.0) - begin
        return [replace(j, begin=(j.begin - begin) / length, end=(j.end - begin) / length) for j in mine]

    def show_order(self, order: NDArray[np.int64]) -> None:
        """order (H,): which unit stands at each place of every vector."""
        for vector in self.vectors:
            vector.show_order(order)

    def forget(self) -> None:
        """Nothing to show."""
        self._plans = {}
        self.clear()
        self._items, self.vectors, self.boxes, self.ops, self.labels = [], [], [], [], []
        self.cell_layout = self.picture = self.motion = self.lit = self.stage = None
        self._wires, self._cards, self._pills = [], [], []


class CellView(QGraphicsView):
    """Looks at a `CellScene`; never scrolls; leaves keys and the wheel to the page."""

    def __init__(self, scene: CellScene) -> None:
        super().__init__(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        # One rectangle around all that changed: to paint within a region of thirty takes longer than all of the view.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
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
