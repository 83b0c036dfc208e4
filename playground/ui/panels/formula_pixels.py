"""What every pixel of the picture that came in adds to one sum, as colours over the drawing."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPen

from playground.tasks.task import Event
from playground.trace.unfolding import PixelShares
from playground.ui.cell_words import figure
from playground.ui.drawings import drawing
from playground.ui.theme import Theme

SMALLEST_PICTURE = 4
"""Pixels a side: what is smaller is no picture."""
STRONGEST = 235
"""The opacity (of 255) of the pixel that adds most."""


def is_picture(event: Event | None, inputs: int) -> bool:
    """Whether what comes in is a square picture: the event is drawn, and there are so many inputs."""
    side = math.isqrt(inputs)
    return event is not None and bool(event.drawing) and side * side == inputs and side >= SMALLEST_PICTURE


def pixel_image(theme: Theme, shares: PixelShares) -> NDArray[np.uint32]:
    """(S, S) 0xAARRGGBB, premultiplied: green adds, purple takes away, the stronger the more; clear adds nothing."""
    side = math.isqrt(len(shares.amounts))
    amounts = np.nan_to_num(shares.amounts.reshape(side, side))
    strength = np.abs(amounts) / max(float(np.abs(amounts).max(initial=0.0)), 1e-12)  # (S, S) 0..1
    alpha = np.rint(STRONGEST * np.sqrt(strength)).astype(np.uint32)
    image = np.zeros((side, side), np.uint32)
    for sign, name in ((1, "positive"), (-1, "negative")):
        colour = theme.colour(name)
        here = np.sign(amounts) == sign
        channels = [(np.uint32(c) * alpha // 255) for c in (colour.red(), colour.green(), colour.blue())]
        packed = (alpha << 24) | (channels[0] << 16) | (channels[1] << 8) | channels[2]
        image[here] = packed[here]
    return image


def paint_pixels(
    painter: QPainter, theme: Theme, event: Event, shares: PixelShares, box: QRectF, ratio: float
) -> None:
    """Draw the event into the square `box`, faint, and over it what each of its pixels adds."""
    size = int(box.width())
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.setBrush(theme.colour("surface"))
    painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), theme.px(4), theme.px(4))
    painter.setOpacity(0.5)
    painter.drawPixmap(box.topLeft(), drawing(event.drawing, size, ratio))
    painter.setOpacity(1.0)
    pixels = np.ascontiguousarray(pixel_image(theme, shares))
    side = pixels.shape[0]
    image = QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_ARGB32_Premultiplied)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(box, image)


def pixel_at(box: QRectF, shares: PixelShares, position: QPointF) -> int | None:
    """The number of the pixel under the pointer; None outside."""
    if not box.contains(position):
        return None
    side = math.isqrt(len(shares.amounts))
    column = min(side - 1, int((position.x() - box.left()) / box.width() * side))
    row = min(side - 1, int((position.y() - box.top()) / box.height() * side))
    return row * side + column


def pixel_words(shares: PixelShares, pixel: int) -> str:
    """ "Row 4, column 9 adds −0.03 to this sum." """
    side = math.isqrt(len(shares.amounts))
    row, column = divmod(pixel, side)
    return (
        f"Row {row + 1}, column {column + 1} of the picture adds {figure(float(shares.amounts[pixel]), 3)}."
    )


def pixels_in_words(shares: PixelShares) -> tuple[str, ...]:
    """What the colours mean, in lengths; the numbers add up: pixels, and the encoder's bias where there is one."""
    adds = float(shares.amounts[shares.amounts > 0].sum())
    takes = float(shares.amounts[shares.amounts < 0].sum())
    meaning = f"Green pixels add {figure(adds)}, purple ones {figure(takes)}"
    tail = f"; the encoder's bias {figure(shares.encoder_bias)}" if shares.encoder_bias else ""
    return (
        f"{meaning}{tail}. Pixels count as they differ from the average picture.",
        f"{meaning}{tail}.",
        f"{meaning}.",
    )
