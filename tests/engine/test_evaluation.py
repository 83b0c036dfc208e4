"""Oracles: the definitions, written out once more the slow way."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.evaluation import LastingPass, merged
from tests.engine.tiny_task import TinyTask


def first_of_three(rates: list[float]) -> int | None:
    """Straight from the definition: the first look that begins three passes in a row."""
    for index in range(len(rates) - 2):
        if all(rate >= 0.95 for rate in rates[index : index + 3]):
            return index
    return None


@given(st.lists(st.sampled_from([0.5, 0.9499, 0.95, 1.0, math.nan]), max_size=30))
def test_the_first_of_three_consecutive_passes_is_found(rates: list[float]):
    watch = LastingPass()
    expected = first_of_three(rates)
    for index, rate in enumerate(rates):
        decided = watch.note(10 * index, index / 2, rate)
        assert decided == (expected is not None and index >= expected + 2)
    if expected is None:
        assert (watch.update, watch.seconds) == (None, None)
    else:
        assert (watch.update, watch.seconds) == (10 * expected, expected / 2)


@given(count=st.integers(0, 70), largest=st.integers(1, 40))
def test_merged_batches_hold_the_same_sequences(count: int, largest: int):
    batches = TinyTask().held_out(3, count)
    fewer = merged(batches, largest)
    assert len(fewer) <= len(batches)
    for batch in fewer:
        assert batch.inputs.shape[1] <= max(largest, 8)  # a batch is never cut

    def sequences(of: list) -> list[tuple[bytes, bytes, bytes]]:
        return sorted(
            (
                np.ascontiguousarray(batch.inputs[:, b]).tobytes(),
                np.ascontiguousarray(batch.targets[:, b]).tobytes(),
                np.ascontiguousarray(batch.asked[:, b]).tobytes(),
            )
            for batch in of
            for b in range(batch.inputs.shape[1])
        )

    assert sequences(fewer) == sequences(batches)
