"""Whether the kernels can be used now, in a state and a sentence; compiling them beside the program; loading them.

Compiling takes some seconds, once for each machine, in a process of its own: the window does not feel it. Until then,
and where numba is missing or fails, training takes the reference path. Nothing here waits but `compile_and_wait`.
"""

from __future__ import annotations

import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from playground.engine.kernels import store

if TYPE_CHECKING:
    from playground.engine.kernels.update import Kernel


class State(Enum):
    """`ABSENT`: not compiled on this machine yet. `MISSING`: numba is not installed."""

    READY = "ready"
    ABSENT = "absent"
    COMPILING = "compiling"
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True)
class Readiness:
    """The state of the kernels, a sentence about it, for how long they have been compiling, and how much is done."""

    state: State
    sentence: str
    seconds: float = 0.0
    fraction: float = 0.0
    """0..1; never goes back, and is 1 only when they are ready."""

    @property
    def ready(self) -> bool:
        """Whether the next run can take the fast path."""
        return self.state is State.READY

    @property
    def compiling(self) -> bool:
        """Whether they are being compiled now."""
        return self.state is State.COMPILING


WRITTEN_DOWN = 0.7
"""The share of the time in which functions are written down one by one; then all become machine code together."""

_SENTENCES = {
    State.READY: "The fast path is ready.",
    State.ABSENT: "The fast path has not been compiled on this machine yet; training takes the reference path.",
    State.COMPILING: "The fast path is being compiled, once for this machine; the next run can take it.",
    State.MISSING: "The fast path needs numba, which is not installed; training takes the reference path.",
}


class _Kernels:
    """What this process knows about the kernels. One for the process; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._built: Path | None = None
        self._begun = 0.0
        self.begun_here = False
        self._fraction = 0.0
        self._failure = ""
        self._sound: Path | None = None
        self._thrown_away = False
        self.loaded: Kernel | None = None

    def readiness(self) -> Readiness:
        """The state now."""
        with self._lock:
            if self.loaded is not None:
                return _plain(State.READY)
            if not store.has_numba():
                return _plain(State.MISSING)
            if self._process is not None and self._still_compiling(self._process):
                seconds = time.monotonic() - self._begun
                told = store.read_progress(self._built) if self._built is not None else None
                self._fraction = max(self._fraction, fraction_done(seconds, told))
                return Readiness(State.COMPILING, _SENTENCES[State.COMPILING], seconds, self._fraction)
            if self._failure:
                return Readiness(State.FAILED, self._failure)
            folder = store.kernel_folder()
            if self._sound != folder and store.is_sound(folder):
                self._sound = folder
            return _plain(State.READY if self._sound == folder else State.ABSENT)

    def _still_compiling(self, process: subprocess.Popen[str]) -> bool:
        if process.poll() is None:
            return True
        said = process.stderr.read().strip() if process.stderr is not None else ""
        if process.stderr is not None:
            process.stderr.close()
        self._process = None
        if process.returncode != 0:
            self._failure = _failed(said.splitlines()[-1] if said else f"it ended with {process.returncode}")
        return False

    def start(self) -> Readiness:
        """Compile in a process of its own, unless that is done, under way, or has failed."""
        now = self.readiness()
        if now.state in (State.MISSING, State.FAILED):
            self.begun_here = True  # in vain: whoever asks hears why
        if now.state is not State.ABSENT:
            return now
        with self._lock:
            if self._process is None:
                self._begun, self._fraction, self.begun_here = time.monotonic(), 0.0, True
                try:
                    self._process = subprocess.Popen(
                        [sys.executable, "-m", "playground.engine.kernels.compile_all"],
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.PIPE,
                        text=True,
                    )
                    # looked up once: to find the name of the place takes longer than a frame of the window
                    self._built = store.building_place(self._process.pid)
                except OSError as error:
                    self._failure = _failed(str(error))
        return self.readiness()

    def stop(self) -> None:
        """End the process that compiles, if there is one."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def fail(self, error: Exception) -> None:
        """What was compiled cannot be loaded: throw it away, to be compiled once more. If that was done already, take
        the reference path from now on, because of this."""
        with self._lock:
            if not self._thrown_away:
                self._thrown_away = True
                store.throw_away(store.kernel_folder())
                self._sound, self.loaded = None, None
                return
            self._failure, self.loaded = (
                _failed(str(error).strip().splitlines()[0] if str(error) else repr(error)),
                None,
            )


def fraction_done(seconds: float, told: tuple[float, float] | None) -> float:
    """How much of compiling is done after so many seconds, if `told` is the share of functions and its age.

    After the last function nothing is told any more: then the pace of this machine so far says how far it may be.
    """
    if told is None:
        return 0.0
    share, age = told
    if share < 1.0:
        return WRITTEN_DOWN * share
    last_part = max(seconds - age, 1e-3) * (1.0 - WRITTEN_DOWN) / WRITTEN_DOWN
    return 1.0 - (1.0 - WRITTEN_DOWN) * math.exp(-age / last_part)


def _plain(state: State) -> Readiness:
    return Readiness(state, _SENTENCES[state], fraction=float(state is State.READY))


def _failed(why: str) -> str:
    return f"The fast path could not be compiled ({why}); training takes the reference path."


@cache
def _kernels() -> _Kernels:
    return _Kernels()


def readiness() -> Readiness:
    """Whether the kernels can be used now. Quick enough to be asked a few times a second."""
    return _kernels().readiness()


def compiled_here() -> Readiness | None:
    """The same where this process has begun to compile them, or found that it cannot; else None, which takes no time
    at all."""
    return _kernels().readiness() if _kernels().begun_here else None


def start_compiling() -> Readiness:
    """Begin to compile beside this process, where that is needed. Broken kernels are made again."""
    return _kernels().start()


def stop_compiling() -> None:
    """Give up compiling: the program ends."""
    _kernels().stop()


def compile_and_wait(
    report: Callable[[Readiness], None] = lambda readiness: None, every: float = 0.1
) -> Readiness:
    """Compile if needed and wait for it; `report` hears about it every so many seconds."""
    found = start_compiling()
    while found.state is State.COMPILING:
        report(found)
        time.sleep(every)
        found = readiness()
    return found


def compile_and_load(
    report: Callable[[Readiness], None] = lambda readiness: None, every: float = 0.1
) -> Readiness:
    """The same, and load them. What lies ready and cannot be loaded is thrown away, and compiled once more."""
    found = compile_and_wait(report, every)
    if found.ready and load() is None:
        found = compile_and_wait(report, every)
        found = found if found.ready and load() is not None else readiness()
    return found


def load() -> Kernel | None:
    """The kernel, if it is ready; else None, and `readiness` says why. The first call takes the import of numba."""
    kernels = _kernels()
    if kernels.loaded is None and kernels.readiness().ready:
        try:
            from playground.engine.kernels.warm_up import loaded_kernel

            kernels.loaded = loaded_kernel(store.kernel_folder())
        except Exception as error:  # whatever it is, there is another path
            kernels.fail(error)
    return kernels.loaded
