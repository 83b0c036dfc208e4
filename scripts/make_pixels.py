"""Makes `datasets/nature_show/pixels.npz`, what the networks see, from `assets/drawings/`, what people see.

Run it after a drawing has changed: `.venv/bin/python scripts/make_pixels.py`. The same drawings give the same
file. Each drawing is rendered on white by the renderer that the window uses, turned to grey and seen by a
small camera of 16 x 16 pixels, slightly out of focus. `dog_or_wolf` has a drawing for people; its template is
the exact midpoint of dog and wolf.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
PIXELS_FILE = ROOT / "datasets" / "nature_show" / "pixels.npz"

SIZE = 16
"""Pixels a side of a template."""
OVERSAMPLING = 8
"""Each pixel is the weighted mean of many rendered ones: the drawing is rendered at 128 x 128."""
RED_GREEN_BLUE = np.array([0.75, 0.20, 0.05])
"""What each colour counts in the grey. In ordinary grey the dog has much more contrast than the wolf; then the
midpoint of the two, moved by a part of a pixel and so blurred a little, is nearer to the calmer of them, the wolf.
Seen by a camera that looks mainly at red they are alike in this, and it stays between them."""
FOCUS = 0.6
"""Standard deviation of the camera's blur in pixels. Sharper pictures stop looking alike when moved by half a pixel."""
LEVELS = 256
"""Grey is kept as a multiple of 1/256, so that the midpoint of two templates is exact in float32."""

LENGTH = 4.0
"""Centred templates have this length (root of the mean square): gates begin in their sensitive middle, with sums of
about one. Of the lengths 2, 4, 8 and 16, an LSTM of 16 units learned soonest with 4, in three of three seeds."""

PROGRAMMES = ("wolf", "bear", "fox", "deer", "owl", "dog", "cat", "ball", "sofa", "child")
BOTH = ("flower", "tree")
FURTHER = ("rabbit", "mushroom", "house", "bone")
DRAWN = PROGRAMMES + BOTH + FURTHER
AMBIGUOUS = "dog_or_wolf"

FloatArray = NDArray[np.float64]


def main() -> int:
    """Writes the file and says what is in it. Returns the exit code."""
    templates, centre, scale = make_pixels(ROOT / "assets" / "drawings")
    PIXELS_FILE.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        PIXELS_FILE, names=np.array([*DRAWN, AMBIGUOUS]), templates=templates, centre=centre, scale=scale
    )
    print(f"{PIXELS_FILE.relative_to(ROOT)}: {len(templates)} pictures, scale {scale:.6f}")
    return 0


def make_pixels(drawings: Path) -> tuple[NDArray[np.float32], NDArray[np.float32], np.float32]:
    """The templates (N, 16, 16) in 0..1, and the constants that centre them: the mean picture (16, 16) and a scale.

    The mean is over the twelve pictures that a network can name; (template - mean) / scale has mean 0, and LENGTH
    is the root of its mean squared length.
    """
    grey = np.stack([photograph(drawings / f"{name}.svg") for name in DRAWN])  # (N - 1, 16, 16)
    midpoint = (grey[DRAWN.index("dog")] + grey[DRAWN.index("wolf")]) / 2
    named = grey[: len(PROGRAMMES + BOTH)]
    centre = named.mean(axis=0)
    templates = np.concatenate([grey, midpoint[np.newaxis]]).astype(np.float32)
    length = np.sqrt(((named - centre) ** 2).sum(axis=(1, 2)).mean())
    return templates, centre.astype(np.float32), np.float32(length / LENGTH)


def photograph(drawing: Path) -> FloatArray:
    """This drawing on white, as the camera sees it: (16, 16) in 0..1, multiples of 1/256."""
    ink = 1 - rendered(drawing)  # (128, 128): white is no ink, also outside the picture
    lens = focus_matrix()  # (16, 128)
    grey = 1 - lens @ ink @ lens.T  # (16, 16)
    return np.round(grey * LEVELS) / LEVELS


def focus_matrix() -> FloatArray:
    """(16, 128): how much each rendered row or column counts for each pixel, a bell curve around its middle."""
    middles = np.arange(SIZE)[:, np.newaxis] + 0.5
    places = (np.arange(SIZE * OVERSAMPLING) + 0.5) / OVERSAMPLING
    bells = np.exp(-0.5 * ((places - middles) / FOCUS) ** 2)
    return bells / (OVERSAMPLING * FOCUS * np.sqrt(2 * np.pi))


def rendered(drawing: Path) -> FloatArray:
    """This drawing on white in grey, (128, 128) in 0..1. Raises SystemExit with a sentence if it cannot be drawn."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QColor, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise SystemExit(f"The drawing {drawing.name} is missing or is not an SVG that Qt can draw.")
    side = SIZE * OVERSAMPLING
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(side, side, 4)
    colours = pixels[..., 2::-1] / 255  # in memory they stand as blue, green, red, unused
    return colours @ RED_GREEN_BLUE


if __name__ == "__main__":
    sys.exit(main())
