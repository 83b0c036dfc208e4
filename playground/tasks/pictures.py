"""What the networks of the nature show see: small grey pictures, and banks of variants of them.

A template is a drawing as a camera of 16 x 16 pixels sees it (made by scripts/make_pixels.py). A bank holds 64
variants of each picture: moved by a fraction of a pixel, lighter or darker, with noise. It is a pure function
of its seed. Training uses one bank, held-out sequences and the probe another.

Signs: P pictures, V variants of each, S = 16 pixels a side, I = S * S inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from playground.resources import dataset

FloatArray = NDArray[np.float64]

NATURE = ("wolf", "bear", "fox", "deer", "owl")
HOME = ("dog", "cat", "ball", "sofa", "child")
BOTH = ("flower", "tree")
UNAMBIGUOUS = NATURE + HOME + BOTH
"""The twelve pictures that can be named by looking at them alone."""
AMBIGUOUS = "dog_or_wolf"
PICTURES = (*UNAMBIGUOUS, AMBIGUOUS)

TRAINING_BANK = 1
HELD_OUT_BANK = 2

VARIANTS = 64
"""Variants of each picture in a bank."""
LARGEST_SHIFT = 0.75
"""Pixels, up, down, left and right. More, and the nearest template would no longer name 99 % of the variants."""
LARGEST_BRIGHTENING = 0.15
"""How much fainter or stronger a drawing can be on its white ground, as a part of itself."""
NOISE = 0.08
"""Standard deviation of the noise of each pixel; black to white is 1."""


@dataclass(frozen=True, eq=False)
class Templates:
    """The clean pictures, and the constants that centre what the networks see.

    grey (P, S, S) float64 in 0..1, in the order of PICTURES; centre (S, S), the mean of the twelve unambiguous
    pictures; scale, a length (see `centred`). All arrays are read-only.
    """

    grey: FloatArray
    centre: FloatArray
    scale: float

    @property
    def size(self) -> int:
        """Pixels a side, S."""
        return int(self.grey.shape[-1])

    def of(self, name: str) -> FloatArray:
        """The template (S, S) of this picture."""
        return self.grey[PICTURES.index(name)]

    def centred(self, grey: FloatArray) -> FloatArray:
        """What a network sees of grey pictures (..., S, S): mean 0, and a typical length of 4.

        As it is, almost the same large number in each of 256 inputs would drown the differences that matter, and
        the first sums would be so large that every gate began fully open or shut.
        """
        return (grey - self.centre) / self.scale


@dataclass(frozen=True, eq=False)
class PictureBank:
    """V variants of each of P pictures as the networks see them, one row each; read-only.

    rows (P * V, I) float32: variant v of picture p is row p * V + v.
    """

    seed: int
    rows: NDArray[np.float32]

    def row(self, name: str, variant: int) -> int:
        """The row of this variant (any number: they repeat) of this picture."""
        return PICTURES.index(name) * VARIANTS + variant % VARIANTS

    def variants(self, name: str) -> NDArray[np.float32]:
        """(V, I) all variants of this picture."""
        first = self.row(name, 0)
        return self.rows[first : first + VARIANTS]


@cache
def templates() -> Templates:
    """The templates that come with the program. Raises ResourceMissing with a sentence."""
    with np.load(dataset("nature_show/pixels.npz"), allow_pickle=False) as stored:
        names = [str(name) for name in stored["names"]]
        grey = stored["templates"].astype(np.float64)[[names.index(name) for name in PICTURES]]
        centre, scale = stored["centre"].astype(np.float64), float(stored["scale"])
    grey.setflags(write=False)
    centre.setflags(write=False)
    return Templates(grey, centre, scale)


@cache
def picture_bank(bank_seed: int) -> PictureBank:
    """The bank of this seed, the same at every call and on every machine up to rounding."""
    clean = templates()
    generator = np.random.default_rng(bank_seed)
    shape = (len(PICTURES), VARIANTS)
    down = generator.uniform(-LARGEST_SHIFT, LARGEST_SHIFT, shape)  # (P, V)
    right = generator.uniform(-LARGEST_SHIFT, LARGEST_SHIFT, shape)  # (P, V)
    brightness = generator.uniform(1 - LARGEST_BRIGHTENING, 1 + LARGEST_BRIGHTENING, shape)  # (P, V)
    noise = generator.normal(0.0, NOISE, (*shape, clean.size, clean.size))  # (P, V, S, S)
    # The template of the ambiguous picture is the midpoint of dog and wolf, and everything done to it is linear in
    # the ink: each variant is the midpoint of a dog and a wolf moved and brightened alike, then noise.
    seen = moved(clean.grey[:, np.newaxis], down, right, brightness) + noise  # (P, V, S, S)
    rows = clean.centred(seen).reshape(len(PICTURES) * VARIANTS, -1).astype(np.float32)  # (P * V, I)
    rows.setflags(write=False)
    return PictureBank(bank_seed, rows)


def moved(grey: FloatArray, down: FloatArray, right: FloatArray, brightness: FloatArray) -> FloatArray:
    """Pictures (..., S, S) moved by `down` and `right` pixels (...), their ink times `brightness` (...).

    White comes in at the edges. Ink is 1 - grey, so the white ground stays white.
    """
    ink = 1 - grey
    size = grey.shape[-1]
    shifted = shift_matrix(down, size) @ ink @ shift_matrix(right, size).swapaxes(-1, -2)
    return 1 - brightness[..., np.newaxis, np.newaxis] * shifted


def shift_matrix(shift: FloatArray, size: int) -> FloatArray:
    """(..., size, size): matrices that move a column of pixels by `shift` (...), sharing a pixel between two."""
    target, source = np.arange(size)[:, np.newaxis], np.arange(size)
    distance = np.abs(target - source - shift[..., np.newaxis, np.newaxis])
    return np.maximum(0.0, 1.0 - distance)


def nearest(pictures: FloatArray, candidates: Sequence[str]) -> list[str]:
    """For each centred picture (N, I), the candidate whose clean template is nearest."""
    clean = templates()
    known = np.stack([clean.centred(clean.of(name)).reshape(-1) for name in candidates])  # (C, I)
    distances = np.linalg.norm(pictures[:, np.newaxis] - known, axis=-1)  # (N, C)
    return [candidates[index] for index in distances.argmin(axis=1)]
