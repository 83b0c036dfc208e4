"""The drawings can be drawn by Qt, told apart when small, and seen on a light and on a dark card."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from playground.resources import asset
from playground.tasks.nature_show import NatureShow

DRAWINGS = (
    *("wolf", "dog", "bear", "fox", "deer", "owl", "cat", "rabbit", "flower", "tree", "mushroom"),
    *("sofa", "ball", "child", "house", "bone", "dog_or_wolf"),
)
LIGHT_CARD, DARK_CARD = "#ffffff", "#1b2028"
WHAT_QT_DRAWS = {
    *("svg", "title", "defs", "linearGradient", "stop", "g", "path", "circle", "ellipse", "rect"),
}


def rendered(name: str, size: int, ground: str) -> NDArray[np.float64]:
    """(size, size, 3) red, green, blue in 0..1 of this drawing on this ground."""
    renderer = QSvgRenderer(str(asset(f"drawings/{name}.svg")))
    assert renderer.isValid()
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(size, size, 4)[..., 2::-1] / 255


def covered(name: str, size: int) -> NDArray[np.bool_]:
    """(size, size) the pixels that hide the ground wholly: the same on black and on white."""
    difference = rendered(name, size, "#ffffff") - rendered(name, size, "#000000")
    return np.abs(difference).max(axis=-1) < 0.01


def luminance(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Relative luminance as the Web Content Accessibility Guidelines 2 define it."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def card_contrast(name: str, ground: str) -> float:
    """The median contrast ratio between the drawing's rim, three pixels wide, and the card it lies on."""
    inside = covered(name, 160)
    core = inside.copy()
    for down, right in itertools.product(range(-3, 4), repeat=2):
        core &= np.roll(inside, (down, right), axis=(0, 1))
    rim = luminance(rendered(name, 160, ground)[inside & ~core])
    card = luminance(np.array(QColor(ground).getRgbF()[:3]))
    lighter, darker = np.maximum(rim, card), np.minimum(rim, card)
    return float(np.median((lighter + 0.05) / (darker + 0.05)))


def test_every_event_has_a_drawing() -> None:
    assert {event.drawing for event in NatureShow().events()} <= set(DRAWINGS)
    assert {path.stem for path in asset("drawings").glob("*.svg")} >= set(DRAWINGS)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_uses_only_what_qt_draws(name: str) -> None:
    text = asset(f"drawings/{name}.svg").read_text("utf-8")
    root = ET.fromstring(text)
    assert root.get("viewBox") == "0 0 160 160"
    assert {element.tag.split("}")[1] for element in root.iter()} <= WHAT_QT_DRAWS
    assert "currentColor" not in text
    assert "class=" not in text


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_fills_its_square_and_is_not_cut_off(name: str) -> None:
    inside = covered(name, 160)
    assert 0.2 < inside.mean() < 0.8
    rows, columns = np.nonzero(inside)
    assert max(np.ptp(rows), np.ptp(columns)) > 120
    on_white = rendered(name, 160, "#ffffff")
    for edge in (on_white[0], on_white[-1], on_white[:, 0], on_white[:, -1]):
        assert edge.min() == 1.0


@pytest.mark.parametrize("ground", [LIGHT_CARD, DARK_CARD])
@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_stands_out_from_its_card(name: str, ground: str) -> None:
    assert card_contrast(name, ground) >= 2.0


@pytest.mark.parametrize("ground", [LIGHT_CARD, DARK_CARD])
def test_any_two_drawings_differ_at_24_pixels(ground: str) -> None:
    small = {name: rendered(name, 24, ground) for name in DRAWINGS if name != "dog_or_wolf"}
    for first, second in itertools.combinations(small, 2):
        difference = float(np.sqrt(((small[first] - small[second]) ** 2).mean()))
        assert difference > 0.12, f"{first} and {second} differ by {difference:.3f} only"


@pytest.mark.parametrize("ground", [LIGHT_CARD, DARK_CARD])
def test_the_ambiguous_drawing_lies_between_dog_and_wolf(ground: str) -> None:
    dog, wolf, both = (rendered(name, 160, ground) for name in ("dog", "wolf", "dog_or_wolf"))
    to_dog, to_wolf = np.linalg.norm(both - dog), np.linalg.norm(both - wolf)
    assert max(to_dog, to_wolf) < 0.8 * np.linalg.norm(dog - wolf)
    assert 0.8 < to_dog / to_wolf < 1.25
