"""How kernels are compiled: as one piece, with progress that only goes forward."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numba.core.codegen import CPUCodeLibrary
from numba.core.cpu import CPUContext

from playground.engine.kernels import compile_all, readiness, store
from playground.engine.kernels.as_a_whole import compiled_as_a_whole
from playground.engine.kernels.compiled import compiled, kept
from playground.engine.kernels.product import add_product, product
from playground.engine.kernels.readiness import WRITTEN_DOWN, fraction_done
from playground.places import CACHE_VARIABLE


@compiled
def _square(x):  # type: ignore[no-untyped-def]
    return x * x


@compiled
def _cube(x):  # type: ignore[no-untyped-def]
    return x * _square(x)


def outermost(out, left, right, x):  # type: ignore[no-untyped-def]
    product(out[0], left, right)
    add_product(out[1], left, right)
    return _cube(x) + _square(x)


def test_functions_compiled_as_a_whole_compute_the_same(tmp_path: Path) -> None:
    before = CPUCodeLibrary.finalize, CPUContext.get_executable
    function = kept(outermost, tmp_path)
    generator = np.random.default_rng(3)
    with compiled_as_a_whole("outermost"):
        for M, N, K in ((1, 3, 2), (9, 33, 5), (16, 48, 300)):
            left = generator.normal(size=(M, K)).astype(np.float32)
            right = generator.normal(size=(K, N)).astype(np.float32)
            out = np.ones((2, M, N), np.float32)
            assert function(out, left, right, 3.0) == 36.0
            np.testing.assert_allclose(out[0], left @ right, atol=1e-4)
            np.testing.assert_allclose(out[1], 1.0 + left @ right, atol=1e-4)  # not taken for `product`
    assert (CPUCodeLibrary.finalize, CPUContext.get_executable) == before


def test_numba_is_put_back_when_compiling_fails() -> None:
    before = CPUCodeLibrary.finalize, CPUContext.get_executable
    with pytest.raises(KeyError), compiled_as_a_whole("outermost"):
        raise KeyError
    assert (CPUCodeLibrary.finalize, CPUContext.get_executable) == before


def test_the_fraction_follows_the_functions_and_then_the_pace() -> None:
    assert fraction_done(3.0, None) == 0.0
    assert fraction_done(3.0, (0.5, 0.0)) == pytest.approx(0.5 * WRITTEN_DOWN)
    assert fraction_done(7.0, (1.0, 0.0)) == pytest.approx(WRITTEN_DOWN)
    # 7 s for the first part: the last one takes 3 s at this pace, and is then 1 - 1/e of the way
    assert fraction_done(10.0, (1.0, 3.0)) == pytest.approx(
        WRITTEN_DOWN + (1.0 - WRITTEN_DOWN) * (1.0 - np.exp(-1.0))
    )
    assert fraction_done(1000.0, (1.0, 993.0)) <= 1.0


def test_progress_goes_through_a_file(tmp_path: Path) -> None:
    assert store.read_progress(tmp_path) is None
    store.write_progress(tmp_path, 0.25)
    told = store.read_progress(tmp_path)
    assert told is not None
    assert told[0] == 0.25
    assert 0.0 <= told[1] < 60.0
    store.progress_file(tmp_path).write_text("", encoding="ascii")
    assert store.read_progress(tmp_path) is None
    store.write_progress(tmp_path / "not there", 0.5)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setattr(os, "nice", lambda more: 0, raising=False)
    readiness._kernels.cache_clear()
    yield tmp_path
    readiness._kernels.cache_clear()


def test_what_compiles_says_how_far_it_is_and_leaves_nothing_of_it(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from numba.core import event

    from playground.engine.kernels import warm_up

    told = []

    def compile_two_of_four(folder: Path) -> None:
        (folder / "kernel").write_text("machine code", encoding="ascii")
        for _ in range(2):
            with event.trigger_event("numba:compile"):
                pass
            told.append(store.read_progress(folder))

    monkeypatch.setattr(warm_up, "compiled_kernel", compile_two_of_four)
    monkeypatch.setattr("playground.engine.kernels.compiled.FUNCTIONS", list("abcd"))
    assert compile_all.main() == 0
    assert [each[0] for each in told if each is not None] == [0.25, 0.5]
    assert store.is_sound(store.kernel_folder())
    assert [path.name for path in store.kernel_folder().iterdir() if path.name != store.LIST] == ["kernel"]
    assert readiness.readiness().fraction == 1.0
