"""The icons: one family (Phosphor, as it comes with QtAwesome), coloured by the theme and kept.

QtAwesome's own module takes a quarter of a second to import, most of the time there is until the window's first paint.
Its font and its table of names are what is wanted, and they are read here directly.
"""

from __future__ import annotations

import importlib.util
import json
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPainterPath, QPixmap, QRawFont
from PySide6.QtWidgets import QAbstractButton

from playground.ui.theme import Theme

ICONS: dict[str, str] = {
    "train": "chart-line",
    "step": "film-strip",
    "memory": "brain",
    "lessons": "chalkboard-teacher",
    "generate": "pencil-line",
    "batches": "rows",
    "play": "play-fill",
    "pause": "pause-fill",
    "one_update": "skip-forward",
    "rewind": "arrow-counter-clockwise",
    "light": "sun",
    "dark": "moon",
    "system": "circle-half",
    "lecture": "corners-out",
    "leave_lecture": "corners-in",
    "vocabulary": "book-open",
    "shortcuts": "keyboard",
    "palette": "magnifying-glass",
    "tour": "map-trifold",
    "quit": "x-circle",
    "close": "x",
    "warning": "warning",
    "loading": "hourglass-medium",
    "hint": "hand-pointing",
    "restore": "arrow-u-up-left",
    "earlier": "caret-left",
    "later": "caret-right",
    "now": "caret-double-right",
    "previous": "arrow-left",
    "next": "arrow-right",
    "first": "arrow-line-left",
    "last": "arrow-line-right",
    "speed": "gauge",
    "slower": "minus",
    "faster": "plus",
    "down": "caret-down",
    "motion": "wind",
    "settings": "sliders-horizontal",
    "panels": "squares-four",
    "network": "share-network",
    "order": "sort-ascending",
    "return": "arrow-elbow-down-left",
    "open": "folder-open",
    "paste": "clipboard-text",
    "redo": "arrow-clockwise",
    "flip": "swap",
    "what_if": "git-diff",
}
"""By name in this program: the icon's name in the Phosphor family."""

_FONT_FILE = "phosphor-1.3.0.ttf"
_NAMES_FILE = "phosphor-charmap-1.3.0.json"


def icon_pixmap(name: str, colour: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a square pixmap of `size` px in this colour. Raises KeyError for a name that is not in ICONS."""
    return _pixmap(ICONS[name], colour.rgba(), size, ratio)


def icon(name: str, theme: Theme, colour: str = "text", size: int = 16) -> QIcon:
    """The icon in a colour of the palette, at `size` unscaled px, sharp on all screens there are now."""
    return _icon(ICONS[name], theme.colour(colour).rgba(), _faint(theme).rgba(), theme.px(size), _ratios())


def icon_size(theme: Theme, size: int = 16) -> QSize:
    """The size to set beside `icon`."""
    return QSize(theme.px(size), theme.px(size))


def set_icon(
    button: QAbstractButton,
    name: str,
    theme: Theme,
    colour: str = "text",
    size: int = 14,
    *,
    after_words: bool = False,
) -> None:
    """Put an icon on a button, at a distance from its words if it has any; with `after_words` at their right."""
    pixels = theme.px(size)
    gap = theme.px(6) if button.text() else 0
    button.setIcon(
        _icon(
            ICONS[name],
            theme.colour(colour).rgba(),
            _faint(theme).rgba(),
            pixels,
            _ratios(),
            gap,
            after_words,
        )
    )
    button.setIconSize(QSize(pixels + gap, pixels))
    if after_words:
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)


def _faint(theme: Theme) -> QColor:
    colour = theme.colour("muted")
    colour.setAlphaF(0.55)
    return colour


def _ratios() -> tuple[float, ...]:
    """The pixel ratios to draw icons for: 1, and that of the sharpest screen."""
    application = QGuiApplication.instance()
    sharpest = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    return (1.0,) if sharpest == 1.0 else (1.0, sharpest)


@lru_cache(maxsize=512)
def _icon(
    glyph: str,
    rgba: int,
    faint: int,
    size: int,
    ratios: tuple[float, ...],
    gap: int = 0,
    gap_first: bool = False,
) -> QIcon:
    made = QIcon()
    for ratio in ratios:
        for colour, mode in ((rgba, QIcon.Mode.Normal), (faint, QIcon.Mode.Disabled)):
            pixmap = _pixmap(glyph, colour, size, ratio)
            made.addPixmap(_widened(pixmap, gap, gap_first) if gap else pixmap, mode)
    return made


def _widened(pixmap: QPixmap, gap: int, gap_first: bool) -> QPixmap:
    ratio = pixmap.devicePixelRatio()
    wide = QPixmap(pixmap.width() + round(gap * ratio), pixmap.height())
    wide.fill(Qt.GlobalColor.transparent)
    wide.setDevicePixelRatio(ratio)
    painter = QPainter(wide)
    painter.drawPixmap(gap if gap_first else 0, 0, pixmap)
    painter.end()
    return wide


@lru_cache(maxsize=1024)
def _pixmap(glyph: str, rgba: int, size: int, ratio: float) -> QPixmap:
    pixels = max(1, round(size * ratio))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = _outline(glyph)
    em = QRectF(0, -1000, 1000, 1000)
    painter.scale(pixels / em.width(), pixels / em.height())
    painter.translate(-em.left(), -em.top())
    painter.fillPath(path, QColor.fromRgba(rgba))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@lru_cache(maxsize=256)
def _outline(glyph: str) -> QPainterPath:
    """The outline in a box of 1000 x 1000 that stands on the baseline: Phosphor draws every icon in such a box."""
    font, names = _font()
    index = font.glyphIndexesForString(chr(int(names[glyph], 16)))[0]
    path = font.pathForGlyph(index)
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


@lru_cache(maxsize=1)
def _font() -> tuple[QRawFont, dict[str, str]]:
    package = importlib.util.find_spec("qtawesome")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'qtawesome'", name="qtawesome")
    folder = Path(package.origin).parent / "fonts"
    font = QRawFont(str(folder / _FONT_FILE), 1000.0)
    names: dict[str, str] = json.loads((folder / _NAMES_FILE).read_text(encoding="utf-8"))
    return font, names
