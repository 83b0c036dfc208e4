"""Banks of variants: pure, nameable by the nearest template, and fair between dog and wolf."""

from __future__ import annotations

import numpy as np
import pytest

from playground.tasks.pictures import (
    AMBIGUOUS,
    HELD_OUT_BANK,
    LARGEST_BRIGHTENING,
    LARGEST_SHIFT,
    NOISE,
    PICTURES,
    TRAINING_BANK,
    UNAMBIGUOUS,
    VARIANTS,
    moved,
    nearest,
    picture_bank,
    shift_matrix,
    templates,
)


def test_a_bank_is_a_pure_function_of_its_seed() -> None:
    first = picture_bank(7).rows
    again = picture_bank.__wrapped__(7).rows
    assert first is not again
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, picture_bank(8).rows)


def test_a_bank_holds_64_variants_of_each_picture_and_cannot_be_written() -> None:
    bank = picture_bank(TRAINING_BANK)
    assert bank.rows.shape == (13 * 64, 256)
    assert bank.rows.dtype == np.float32
    np.testing.assert_array_equal(bank.variants("fox")[5], bank.rows[bank.row("fox", 5)])
    assert bank.row("fox", 5 + VARIANTS) == bank.row("fox", 5)
    with pytest.raises(ValueError, match="read-only"):
        bank.rows[0, 0] = 0.0


def test_no_picture_is_in_both_banks() -> None:
    training, held_out = picture_bank(TRAINING_BANK).rows, picture_bank(HELD_OUT_BANK).rows
    seen = {row.tobytes() for row in training}
    assert len(seen) == len(training)
    assert seen.isdisjoint(row.tobytes() for row in held_out)


@pytest.mark.parametrize("bank_seed", [TRAINING_BANK, HELD_OUT_BANK])
def test_the_nearest_template_names_99_percent_of_1000_variants(bank_seed: int) -> None:
    bank = picture_bank(bank_seed)
    drawn = np.random.default_rng(0).choice(len(UNAMBIGUOUS) * VARIANTS, 1000)
    named = nearest(bank.rows[drawn].astype(np.float64), UNAMBIGUOUS)
    right = [PICTURES[row // VARIANTS] == name for row, name in zip(drawn, named, strict=True)]
    assert np.mean(right) >= 0.99


def test_every_bank_can_be_named() -> None:
    truth = np.repeat(UNAMBIGUOUS, VARIANTS)
    for bank_seed in range(10, 20):
        pictures = picture_bank(bank_seed).rows[: len(truth)].astype(np.float64)
        assert np.mean(np.array(nearest(pictures, UNAMBIGUOUS)) == truth) >= 0.99


def test_the_noiseless_blend_is_as_far_from_dog_as_from_wolf_at_every_shift() -> None:
    clean = templates()
    shifts = np.linspace(-LARGEST_SHIFT, LARGEST_SHIFT, 7)
    for down in shifts:
        for right in shifts:
            for brightness in (1 - LARGEST_BRIGHTENING, 1.0, 1 + LARGEST_BRIGHTENING):
                how = (np.array(down), np.array(right), np.array(brightness))
                dog, wolf, blend = (moved(clean.of(name), *how) for name in ("dog", "wolf", AMBIGUOUS))
                assert np.linalg.norm(blend - dog) == pytest.approx(np.linalg.norm(blend - wolf), abs=1e-12)
                assert np.linalg.norm(blend - dog) > 0.8


def test_ambiguous_variants_are_as_often_nearer_to_the_dog_as_to_the_wolf() -> None:
    named = [
        name
        for bank_seed in range(100, 160)
        for name in nearest(picture_bank.__wrapped__(bank_seed).variants(AMBIGUOUS), ("dog", "wolf"))
    ]
    assert len(named) == 3840
    assert np.mean([name == "dog" for name in named]) == pytest.approx(0.5, abs=0.04)


def test_the_ambiguous_picture_is_nearer_to_dog_and_wolf_than_to_any_other() -> None:
    pictures = picture_bank(HELD_OUT_BANK).variants(AMBIGUOUS).astype(np.float64)
    assert set(nearest(pictures, UNAMBIGUOUS)) <= {"dog", "wolf"}


def test_a_whole_shift_moves_whole_pixels_and_white_comes_in() -> None:
    grey = np.random.default_rng(1).uniform(0, 1, (16, 16))
    result = moved(grey, np.array(1.0), np.array(-2.0), np.array(1.0))
    np.testing.assert_allclose(result[1:, :-2], grey[:-1, 2:], atol=1e-12)
    np.testing.assert_allclose(result[0], 1.0)
    np.testing.assert_allclose(result[:, -2:], 1.0)


def test_half_a_pixel_is_shared_between_two() -> None:
    matrix = shift_matrix(np.array(0.5), 4)
    expected = np.array([[0.5, 0, 0, 0], [0.5, 0.5, 0, 0], [0, 0.5, 0.5, 0], [0, 0, 0.5, 0.5]])
    np.testing.assert_allclose(matrix, expected)


def test_brightness_leaves_white_white() -> None:
    grey = np.array([[1.0, 0.5], [0.0, 1.0]])
    result = moved(grey, np.array(0.0), np.array(0.0), np.array(0.8))
    np.testing.assert_allclose(result, [[1.0, 0.6], [0.2, 1.0]])


def test_the_noise_is_as_strong_as_said() -> None:
    clean, bank = templates(), picture_bank(TRAINING_BANK)
    grey = bank.rows.reshape(-1, 16, 16) * clean.scale + clean.centre
    corner = grey[:, 0, 0].reshape(13, VARIANTS)[PICTURES.index("ball")]  # nothing is drawn there
    assert corner.std() == pytest.approx(NOISE, rel=0.3)
