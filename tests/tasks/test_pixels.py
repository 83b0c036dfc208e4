"""The stored pixels are those of the drawings, and stand as they are said to stand."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from playground.resources import asset, dataset
from playground.tasks.pictures import AMBIGUOUS, PICTURES, UNAMBIGUOUS, templates

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_pixels.py"


@pytest.fixture(scope="module")
def make_pixels() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_pixels", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_stored_pixels_are_those_of_the_drawings(make_pixels: ModuleType) -> None:
    made, centre, scale = make_pixels.make_pixels(asset("drawings"))
    with np.load(dataset("nature_show/pixels.npz"), allow_pickle=False) as stored:
        assert [str(name) for name in stored["names"]] == [*make_pixels.DRAWN, make_pixels.AMBIGUOUS]
        # Two grey levels: another processor may round an antialiased edge the other way.
        np.testing.assert_allclose(stored["templates"], made, rtol=0, atol=2 / 256)
        np.testing.assert_allclose(stored["centre"], centre, rtol=0, atol=2 / 256)
        assert float(stored["scale"]) == pytest.approx(float(scale), rel=0.01)


def test_templates_are_grey_in_0_to_1_on_white() -> None:
    grey = templates().grey
    assert grey.shape == (13, 16, 16)
    assert grey.min() >= 0.0
    assert grey.max() <= 1.0
    corners = grey[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.min() > 0.85


def test_the_ambiguous_template_is_the_exact_midpoint_of_dog_and_wolf() -> None:
    clean = templates()
    np.testing.assert_array_equal(clean.of(AMBIGUOUS), (clean.of("dog") + clean.of("wolf")) / 2)


def test_centred_templates_have_mean_0_and_length_4() -> None:
    clean = templates()
    centred = np.stack([clean.centred(clean.of(name)) for name in UNAMBIGUOUS])
    np.testing.assert_allclose(centred.mean(axis=0), 0.0, atol=1e-6)
    assert np.sqrt((centred**2).sum(axis=(1, 2)).mean()) == pytest.approx(4.0, abs=1e-5)


def test_templates_cannot_be_written() -> None:
    clean = templates()
    for array in (clean.grey, clean.centre):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_the_order_of_the_pictures_is_that_of_the_answers() -> None:
    assert PICTURES[:12] == UNAMBIGUOUS
    assert PICTURES[12] == AMBIGUOUS
