"""Where kernels are kept, and what is said about them; nothing is compiled here."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from playground.engine.kernels import readiness, store
from playground.engine.kernels.readiness import State


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, and a process that knows nothing of kernels yet."""
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path))
    kernels = readiness._Kernels()
    monkeypatch.setattr(readiness, "_kernels", lambda: kernels)
    return tmp_path


def put_kernels(text: str = "machine code") -> Path:
    folder = store.kernel_folder()
    built = folder.with_name(folder.name + ".1")
    (built / "deep").mkdir(parents=True)
    (built / "deep" / "update.nbc").write_text(text)
    store.put_in_place(built, folder)
    return folder


def test_kernels_are_sound_as_long_as_nobody_touches_them(cache: Path):
    folder = put_kernels()
    assert folder.is_relative_to(cache)
    assert store.is_sound(folder)
    (folder / "deep" / "update.nbc").write_text("machine cod")
    assert not store.is_sound(folder)
    put_kernels("newer")
    assert store.is_sound(folder)
    (folder / "deep" / "update.nbc").unlink()
    assert not store.is_sound(folder)
    put_kernels()
    (folder / store.LIST).write_text("{")
    assert not store.is_sound(folder)
    assert not store.is_sound(cache / "nowhere")


def test_other_sources_versions_and_processors_have_other_kernels(
    cache: Path, monkeypatch: pytest.MonkeyPatch
):
    names = {store.fingerprint()}
    assert store.fingerprint() in names
    monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    names.add(store.fingerprint())
    monkeypatch.setattr(store, "_processor", lambda: "another one")
    names.add(store.fingerprint())
    monkeypatch.setattr(store, "version", lambda name: "1.0")
    names.add(store.fingerprint())
    assert len(names) == 4


def made_ago(folder: Path, seconds: float) -> Path:
    folder.mkdir(parents=True)
    when = time.time() - seconds
    os.utime(folder, (when, when))
    return folder


def test_kernels_of_earlier_versions_are_removed_but_not_the_latest_which_may_be_another_copys(cache: Path):
    others = [made_ago(cache / "kernels" / f"version{age}", 100.0 * age) for age in range(6)]
    folder = put_kernels()
    store.remove_others(folder)
    assert [other.exists() for other in others] == [True] * store.KEPT_BESIDE + [False] * 3
    assert store.is_sound(folder)


def test_what_nobody_finished_building_is_removed_after_a_day(cache: Path):
    under_way = made_ago(cache / "kernels" / "other.77", 60.0)
    given_up = made_ago(cache / "kernels" / "other.78", store.GIVEN_UP_AFTER + 60.0)
    store.remove_others(put_kernels())
    assert under_way.exists()
    assert not given_up.exists()


def test_what_is_said_before_and_after_compiling(cache: Path):
    assert readiness.readiness().state is State.ABSENT
    assert "reference path" in readiness.readiness().sentence
    assert readiness.load() is None
    put_kernels()
    assert readiness.readiness().state is State.READY


def test_kernels_that_cannot_be_loaded_are_compiled_once_more_then_said_and_left(cache: Path):
    folder = put_kernels("not what numba wrote")
    assert readiness.readiness().ready
    assert readiness.load() is None
    assert not folder.exists()
    assert readiness.readiness().state is State.ABSENT  # the next run has it compiled again
    put_kernels("nor is this")
    assert readiness.load() is None
    found = readiness.readiness()
    assert found.state is State.FAILED
    assert "training takes the reference path" in found.sentence
    assert "\n" not in found.sentence
    assert readiness.start_compiling().state is State.FAILED  # not again and again


def test_without_numba_it_is_missing(cache: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "has_numba", lambda: False)
    assert readiness.start_compiling().state is State.MISSING
    assert readiness.load() is None
    assert "numba, which is not installed" in readiness.readiness().sentence


def stand_in(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Instead of the compiler, this program."""
    popen = subprocess.Popen
    monkeypatch.setattr(
        readiness.subprocess,
        "Popen",
        lambda command, **settings: popen([sys.executable, "-c", program], **settings),
    )


def test_a_compiler_that_fails_is_quoted(cache: Path, monkeypatch: pytest.MonkeyPatch):
    stand_in(monkeypatch, "import sys; sys.exit('no room on the disk')")
    states = []
    found = readiness.compile_and_wait(lambda now: states.append(now.state), every=0.01)
    assert found.state is State.FAILED
    assert "(no room on the disk)" in found.sentence
    assert set(states) == {State.COMPILING}


def test_a_compiler_that_is_no_longer_wanted_is_ended(cache: Path, monkeypatch: pytest.MonkeyPatch):
    stand_in(monkeypatch, "import threading; threading.Event().wait()")
    assert readiness.start_compiling().state is State.COMPILING
    assert readiness.start_compiling().state is State.COMPILING
    readiness.stop_compiling()
    assert readiness.readiness().state is State.ABSENT
    readiness.stop_compiling()
