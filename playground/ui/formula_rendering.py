"""Formulas as drawings: LaTeX in, a picture out, once for each text, size and colour.

Setting a formula takes 10-15 ms (ziamath), drawing it from its picture next to nothing: so only formulas without
numbers are set, and the numbers of the timestep stand beside them as plain text. GUI thread only.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from playground.ui.theme import UI_FONTS

MATH_SIZE = 1.18
"""The mathematical font looks smaller than the interface's at the same size; this makes them look alike."""


def formula_size(latex: str, size: float) -> QSizeF:
    """Width and height of the formula at so many pixels of text."""
    return _picture(latex, round(size, 2), "#000000").size


def set_formula(latex: str, size: float, colour: str) -> None:
    """Set a formula that will be drawn later, in a colour by its name."""
    _picture(latex, round(size, 2), colour)


def draw_formula(painter: QPainter, latex: str, size: float, colour: QColor, place: QRectF | QPointF) -> None:
    """Draw the formula at `size` px in `colour`: at a point (its left upper corner), or fitted into a rectangle, at its
    left and in the middle of its height, never larger than `size`."""
    picture = _picture(latex, round(size, 2), colour.name())
    if isinstance(place, QPointF):
        target = QRectF(place, picture.size)
    else:
        shrink = min(
            1.0,
            place.width() / max(1.0, picture.size.width()),
            place.height() / max(1.0, picture.size.height()),
        )
        fitted = picture.size * shrink
        target = QRectF(QPointF(place.left(), place.center().y() - fitted.height() / 2), fitted)
    picture.draw(painter, target)


class _Picture:
    """One formula, set and kept; what is drawn is a pixmap of the resolution asked for last."""

    def __init__(self, latex: str, size: float, colour: str) -> None:
        self._latex, self._size, self._colour = latex, size, colour
        svg = _svg(latex, size, colour)
        self._renderer = QSvgRenderer(QByteArray(svg.encode())) if svg else None
        if self._renderer is not None:
            self.size = QSizeF(self._renderer.viewBoxF().size())
        else:  # not LaTeX that can be set: better shown as it is written than not at all
            metrics = QFontMetricsF(self._font())
            self.size = QSizeF(metrics.horizontalAdvance(latex), metrics.height())
        self._pixmap = QPixmap()

    def draw(self, painter: QPainter, target: QRectF) -> None:
        ratio = _screen_ratio()
        pixels = QSizeF(target.size() * ratio).toSize()
        if pixels.isEmpty():
            return
        if self._pixmap.size() != pixels:
            self._pixmap = QPixmap(pixels)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._pixmap)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._render(inner, QRectF(0, 0, pixels.width(), pixels.height()))
            inner.end()
        painter.drawPixmap(target.topLeft().toPoint(), _at_ratio(self._pixmap, ratio))

    def _render(self, painter: QPainter, target: QRectF) -> None:
        if self._renderer is not None:
            self._renderer.render(painter, target)
            return
        painter.setFont(self._font())
        painter.setPen(QColor(self._colour))
        painter.drawText(target, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._latex)

    def _font(self) -> QFont:
        font = QFont()
        font.setFamilies(UI_FONTS)
        font.setPixelSize(max(1, round(self._size)))
        return font


def _screen_ratio() -> float:
    """The finest screen's pixel ratio. Not asked of the painter's device: PySide may give that one a wrapper of
    something that died at the same address, and crash."""
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


def _at_ratio(pixmap: QPixmap, ratio: float) -> QPixmap:
    if pixmap.devicePixelRatio() != ratio:
        pixmap.setDevicePixelRatio(ratio)
    return pixmap


@lru_cache(maxsize=1024)
def _picture(latex: str, size: float, colour: str) -> _Picture:
    return _Picture(latex, size, colour)


@lru_cache(maxsize=1024)
def _svg(latex: str, size: float, colour: str) -> str:
    """The formula as SVG 1.1 text; "" when it cannot be set."""
    with warnings.catch_warnings():
        # It finds its font in a way that Python 3.11 calls deprecated: no news for anybody here.
        warnings.simplefilter("ignore", DeprecationWarning)
        import ziamath  # takes 0.1 s: only when the first formula is shown

    ziamath.config.svg2 = False  # QtSvg knows no SVG 2
    try:
        return str(ziamath.Math.fromlatex(latex, size=size * MATH_SIZE, color=colour).svg())
    except Exception:  # ziamath raises whatever it stumbles over; a formula is never worth a broken page
        return ""
