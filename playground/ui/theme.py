"""Colours, sizes and fonts: every one of them is named here once, for light and for dark.

A colour has one meaning everywhere: what a quantity is for (its role) or which network it belongs to. Fills and
lines take `fill`, text takes `ink`, which keeps a contrast of at least 4.5 on cards of the same theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QFont

from playground.contract.network_catalogue import NETWORKS, Slot

UI_FONTS = [
    "Inter",
    "SF Pro Text",
    "Segoe UI",
    "Noto Sans",
    "Cantarell",
    "Helvetica Neue",
    "DejaVu Sans",
    "sans-serif",
]
MONO_FONTS = ["JetBrains Mono", "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", "monospace"]

ROLE_FILL = {
    "long_term": "#0072B2",
    "short_term": "#D98200",
    "forget": "#C8502A",
    "learn": "#00876A",
    "remember": "#3A8FC7",
    "use": "#B0609A",
    "inputs": "#6B7686",
}


@dataclass(frozen=True)
class NetworkColours:
    """How one network is drawn: fill and ink in light and dark, and a line style (in widths of the pen; empty: solid),
    so that colour is never alone."""

    light: str
    light_ink: str
    dark: str
    dark_ink: str
    dash: tuple[float, ...]


NETWORK_SLOTS: dict[Slot, NetworkColours] = {
    "blue": NetworkColours("#0072B2", "#0067A1", "#4BA6E2", "#62B3E8", ()),
    "amber": NetworkColours("#D98200", "#965A00", "#F0A63A", "#F5B552", (6, 2)),
    "grey": NetworkColours("#7C8794", "#5C6878", "#8D99A8", "#A0ABB9", (1, 2)),
    "violet": NetworkColours("#7A5CC4", "#6A4BB8", "#A78BEF", "#B7A0F3", (6, 2, 1, 2)),
    "teal": NetworkColours("#1F9BA8", "#137782", "#36BDCB", "#4CCBD8", (10, 3)),
    "brown": NetworkColours("#6B3410", "#6B3410", "#B9805A", "#C9946F", (4, 4)),
    "green": NetworkColours("#3F7F2A", "#3B7526", "#BFE08A", "#BFE08A", (8, 2, 1, 2, 1, 2)),
    "rose": NetworkColours("#A01F5C", "#A01F5C", "#E57FB2", "#EB93BF", (2, 5)),
}
"""The places for networks; which network has which stands in the table of networks. One is free."""

NETWORK_DASH: dict[str, list[float]] = {line.key: list(NETWORK_SLOTS[line.slot].dash) for line in NETWORKS}
"""Line styles by network. Empty: solid."""


@dataclass(frozen=True)
class Palette:
    """All colours of one theme, as "#rrggbb". Both themes are designed; neither is an inversion."""

    name: str
    ground: str
    surface: str
    sunken: str
    border: str
    border_strong: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    on_accent: str
    pending: str
    pending_ink: str
    pending_soft: str
    danger_ink: str
    danger_soft: str
    good_ink: str
    grid: str
    playhead: str
    neutral: str
    """The middle of the diverging map: a value of zero."""
    negative: str
    positive: str
    roles: tuple[tuple[str, str], ...]
    role_inks: tuple[tuple[str, str], ...]
    networks: tuple[tuple[str, str], ...]
    network_inks: tuple[tuple[str, str], ...]

    def __hash__(self) -> int:
        """By its name: it is asked for in every frame."""
        return hash(self.name)


LIGHT = Palette(
    name="light",
    ground="#F4F6F9",
    surface="#FFFFFF",
    sunken="#EDF0F4",
    border="#E1E6EC",
    border_strong="#C9D1DB",
    text="#18202A",
    muted="#5C6878",
    accent="#0072B2",
    accent_soft="#E7F1F8",
    on_accent="#FFFFFF",
    pending="#D98200",
    pending_ink="#8A5200",
    pending_soft="#FFF6E5",
    danger_ink="#A93516",
    danger_soft="#FDEEE9",
    good_ink="#00694F",
    grid="#E6EAEF",
    playhead="#D98200",
    neutral="#F1F3F6",
    negative="#762A83",
    positive="#1B7837",
    roles=tuple(ROLE_FILL.items()),
    role_inks=(
        ("long_term", "#0067A1"),
        ("short_term", "#965A00"),
        ("forget", "#B54221"),
        ("learn", "#00735A"),
        ("remember", "#22709F"),
        ("use", "#A04F8A"),
        ("inputs", "#5C6878"),
    ),
    networks=tuple((line.key, NETWORK_SLOTS[line.slot].light) for line in NETWORKS),
    network_inks=tuple((line.key, NETWORK_SLOTS[line.slot].light_ink) for line in NETWORKS),
)

DARK = Palette(
    name="dark",
    ground="#10141A",
    surface="#1A2028",
    sunken="#242C37",
    border="#2B3440",
    border_strong="#425064",
    text="#EEF2F7",
    muted="#A0ABB9",
    accent="#4BA6E2",
    accent_soft="#1C3448",
    on_accent="#0B1117",
    pending="#F0A63A",
    pending_ink="#F5B95C",
    pending_soft="#33270F",
    danger_ink="#FF9B7D",
    danger_soft="#3A1E16",
    good_ink="#4BD3A6",
    grid="#2A323D",
    playhead="#F0A63A",
    neutral="#242B35",
    negative="#C46BDF",
    positive="#45CB86",
    roles=(
        ("long_term", "#4BA6E2"),
        ("short_term", "#F0A63A"),
        ("forget", "#EE7C54"),
        ("learn", "#2DBD98"),
        ("remember", "#7CC0EE"),
        ("use", "#D98BC5"),
        ("inputs", "#98A4B3"),
    ),
    role_inks=(
        ("long_term", "#62B3E8"),
        ("short_term", "#F5B552"),
        ("forget", "#F4906C"),
        ("learn", "#3CCBA5"),
        ("remember", "#8CCAF2"),
        ("use", "#E29ACF"),
        ("inputs", "#A0ABB9"),
    ),
    networks=tuple((line.key, NETWORK_SLOTS[line.slot].dark) for line in NETWORKS),
    network_inks=tuple((line.key, NETWORK_SLOTS[line.slot].dark_ink) for line in NETWORKS),
)

LECTURE_SCALE = 1.6
SMALLEST_LECTURE_TEXT = 20
"""px: what the last row of a lecture hall can read on a projector of 1280x720."""


@dataclass(frozen=True)
class Theme:
    """One appearance: a palette and the scale of everything (1, or 1.6 in a lecture)."""

    palette: Palette = LIGHT
    scale: float = 1.0

    def px(self, size: float) -> int:
        """A length of the 8 px grid, scaled, in whole pixels (at least 1 for anything that is not 0)."""
        scaled = round(size * self.scale)
        return scaled if scaled or not size else 1

    def role(self, role: str) -> QColor:
        """The colour of fills and lines for a role (forget, learn, long_term, ...)."""
        return QColor(dict(self.palette.roles)[role])

    def role_ink(self, role: str) -> QColor:
        """The colour of text for a role."""
        return QColor(dict(self.palette.role_inks)[role])

    def network(self, key: str) -> QColor:
        """The colour of fills and lines for a network."""
        return QColor(dict(self.palette.networks).get(key, self.palette.muted))

    def network_ink(self, key: str) -> QColor:
        """The colour of text for a network."""
        return QColor(dict(self.palette.network_inks).get(key, self.palette.muted))

    def colour(self, name: str) -> QColor:
        """A colour of the palette by its field name ("surface", "muted", ...)."""
        return QColor(getattr(self.palette, name))

    def font(self, size: float = 13, *, bold: bool = False, mono: bool = False) -> QFont:
        """The interface's font at `size` px (scaled; in a lecture never below 20 px), with digits of equal width."""
        pixels = max(self.px(size), SMALLEST_LECTURE_TEXT if self.scale > 1 else 1)
        return QFont(_font(pixels, bold, mono))


@lru_cache(maxsize=256)
def _font(pixels: int, bold: bool, mono: bool) -> QFont:
    font = QFont()
    font.setFamilies(MONO_FONTS if mono else UI_FONTS)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _rgb(colour: str) -> NDArray[np.float64]:
    """(3,) red, green, blue in 0..255 of "#rrggbb"."""
    return np.array([int(colour[first : first + 2], 16) for first in (1, 3, 5)], np.float64)


def _blend(start: str, end: str, amount: NDArray[np.float64]) -> NDArray[np.float64]:
    first, last = (_rgb(c) for c in (start, end))
    return first + (last - first) * amount[:, None]


@lru_cache(maxsize=64)
def diverging_map(palette: Palette) -> NDArray[np.uint32]:
    """(256,) 0xffRRGGBB: -1 is entry 0 (purple), 0 the neutral middle, +1 entry 255 (green)."""
    below = _blend(palette.negative, palette.neutral, np.linspace(0, 1, 128))
    above = _blend(palette.neutral, palette.positive, np.linspace(0, 1, 128))
    return _packed(np.concatenate([below, above]))


@lru_cache(maxsize=64)
def sequential_map(palette: Palette, role: str) -> NDArray[np.uint32]:
    """(256,) 0xffRRGGBB: 0 is the surface's neutral, 1 the role's colour."""
    return _packed(_blend(palette.neutral, dict(palette.roles)[role], np.linspace(0, 1, 256)))


def _packed(rgb: NDArray[np.float64]) -> NDArray[np.uint32]:
    red, green, blue = np.rint(rgb).astype(np.uint32).T
    packed: NDArray[np.uint32] = np.uint32(0xFF000000) | (red << 16) | (green << 8) | blue
    packed.setflags(write=False)
    return packed


def contrast(first: str, second: str) -> float:
    """The WCAG 2.1 contrast ratio of two colours, 1 to 21."""

    def luminance(colour: str) -> float:
        channels = _rgb(colour) / 255
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
