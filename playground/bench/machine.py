"""The machine that is measured on, and who else is at work on it. Numbers mean little without it."""

from __future__ import annotations

import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path

from playground.bench.records import Record

MEGABYTE = 1e6
MACHINE = "machine"
"""What records about the machine begin with."""

_BUSY_FIELDS = (0, 1, 2, 5, 6, 7)
"""Of /proc/stat: user, nice, system, irq, softirq, steal; not idle, and not waiting for the disk."""


def facts() -> list[Record]:
    """Processor, cores, system and versions."""
    versions = ", ".join(
        f"{name} {_version(name)}" for name in ("torch", "numba", "numpy", "PySide6-Essentials")
    )
    return [
        Record(f"{MACHINE}: processor", _processor()),
        Record(f"{MACHINE}: cores", float(os.cpu_count() or 1), "cores"),
        Record(f"{MACHINE}: system", f"{platform.system()} {platform.release()}"),
        Record(f"{MACHINE}: versions", f"Python {platform.python_version()}, {versions}"),
    ]


def load_average() -> float | None:
    """Programs that were running over the last minute, on average; None on Windows, which does not tell."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


class OtherPrograms:
    """How many cores all other programs kept busy since this was made. Linux; elsewhere it does not know."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy = _seconds_of_all_programs()
        self._own = _seconds_of_this_program()

    def cores(self) -> float | None:
        """Cores, 0 when nobody else does anything; None where the system does not tell."""
        busy = _seconds_of_all_programs()
        elapsed = time.monotonic() - self._began
        if busy is None or self._busy is None or elapsed <= 0.0:
            return None
        others = (busy - self._busy) - (_seconds_of_this_program() - self._own)
        return max(0.0, others / elapsed)


def memory_of_this_process() -> float | None:
    """Megabytes (10^6 bytes) that this process occupies now; where only the largest ever is known, that; else None."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
    except (OSError, ValueError):
        pass
    try:
        import resource
    except ModuleNotFoundError:
        return None
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / MEGABYTE if sys.platform == "darwin" else largest * 1024 / MEGABYTE


def _seconds_of_all_programs() -> float | None:
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
        return sum(int(fields[index]) for index in _BUSY_FIELDS) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def _seconds_of_this_program() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
