"""Colours can be read and told apart, in both themes and with every kind of colour vision."""

import itertools

import numpy as np
import pytest

from playground.ui.theme import (
    DARK,
    LIGHT,
    NETWORK_DASH,
    Palette,
    Theme,
    contrast,
    diverging_map,
    sequential_map,
)

# Machado, Oliveira and Fernandes 2009, severity 1.0, linear RGB
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
TRICHROMACY = np.eye(3)
VISIONS = [TRICHROMACY, DEUTERANOPIA, PROTANOPIA]
BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)


def linear(hexes: list[str]) -> np.ndarray:
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in hexes]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colours: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    xyz = np.clip(colours, 0, 1) @ np.array(
        [
            [0.4124564, 0.2126729, 0.0193339],
            [0.3575761, 0.7151522, 0.1191920],
            [0.1804375, 0.0721750, 0.9503041],
        ]
    )
    scaled = xyz / np.array([0.95047, 1.0, 1.08883])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def seen(hexes: list[str], vision: np.ndarray) -> np.ndarray:
    return lab(linear(hexes) @ vision.T)


@BOTH
def test_text_has_a_contrast_of_at_least_four_and_a_half(palette: Palette) -> None:
    inks = [*palette.role_inks, *palette.network_inks]
    inks += [
        (n, getattr(palette, n)) for n in ("text", "muted", "pending_ink", "danger_ink", "good_ink", "accent")
    ]
    for name, ink in inks:
        for ground in ("surface", "ground", "sunken", "pending_soft", "accent_soft"):
            assert contrast(ink, getattr(palette, ground)) >= 4.5, (name, ground)
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.danger_ink, palette.danger_soft) >= 4.5


@pytest.mark.parametrize(
    ("first", "second", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.478)]
)
def test_contrast_is_that_of_the_standard(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.002)


@BOTH
@pytest.mark.parametrize("vision", VISIONS, ids=["all cones", "deuteranopia", "protanopia"])
def test_networks_can_be_told_apart(palette: Palette, vision: np.ndarray) -> None:
    names = [name for name, _ in palette.networks]
    colours = seen([colour for _, colour in palette.networks], vision)
    for (i, first), (j, second) in itertools.combinations(enumerate(names), 2):
        distance = np.linalg.norm(colours[i] - colours[j])
        # LSTM and GRU are one blue without green cones: then the line style must tell them apart
        assert distance > 25 or NETWORK_DASH[first] != NETWORK_DASH[second], (first, second, distance)


@BOTH
@pytest.mark.parametrize("vision", VISIONS, ids=["all cones", "deuteranopia", "protanopia"])
def test_the_diverging_map_keeps_its_sign(palette: Palette, vision: np.ndarray) -> None:
    ends = seen([palette.negative, palette.neutral, palette.positive], vision)
    assert np.linalg.norm(ends[0] - ends[2]) > 30
    assert np.linalg.norm(ends[0] - ends[1]) > 30
    assert np.linalg.norm(ends[1] - ends[2]) > 30


@BOTH
def test_maps_begin_and_end_where_they_should(palette: Palette) -> None:
    diverging = diverging_map(palette)
    assert f"#{diverging[0] & 0xFFFFFF:06X}" == palette.negative
    assert f"#{diverging[255] & 0xFFFFFF:06X}" == palette.positive
    for role, colour in palette.roles:
        sequential = sequential_map(palette, role)
        assert f"#{sequential[0] & 0xFFFFFF:06X}" == palette.neutral
        assert f"#{sequential[255] & 0xFFFFFF:06X}" == colour
        lightness = lab(linear([f"#{entry & 0xFFFFFF:06x}" for entry in sequential[::15]]))[:, 0]
        assert (np.diff(lightness) > 0).all() or (np.diff(lightness) < 0).all(), (
            "a sequential map has one direction"
        )


def test_lecture_scale_scales_and_never_loses_a_line() -> None:
    assert Theme(LIGHT, 1.6).px(13) == 21
    assert Theme(LIGHT, 1.0).px(0.4) == 1
    assert Theme(LIGHT, 1.0).px(0) == 0
