"""Where the compiled kernels are kept, and whether what is there can be trusted. numba is not imported here.

One folder for each combination of sources, versions and processor, named by a digest of them: a kernel compiled from
other sources or for another machine is never found. A folder is put there whole, by renaming it, and holds a list of
its files with their digests: a folder without the list, or with other files than it says, is broken.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from playground.places import cache_folder

LIST = "kernels.json"
"""The list of files and digests: written last."""

KEPT_BESIDE = 3
"""So many kernels of other versions or copies of the program are kept."""
GIVEN_UP_AFTER = 24 * 3600.0
"""Seconds after which what a process began to build, and nobody finished, is removed."""

_SOURCES = Path(__file__).parent


def has_numba() -> bool:
    """Whether numba is installed; it is not imported."""
    try:
        version("numba")
    except PackageNotFoundError:
        return False
    return True


def fingerprint() -> str:
    """Names this machine's kernels: what they are made from, by what, for which processor."""
    digest = hashlib.blake2b(digest_size=10)
    for source in sorted(_SOURCES.glob("*.py")):
        digest.update(source.read_bytes())
    entry = _SOURCES / "update.py"
    parts = [str(entry), str(entry.stat().st_mtime_ns)]  # numba asks for these, too
    parts += [version(name) for name in ("numba", "llvmlite", "numpy")]
    parts += [sys.version, platform.machine(), _processor()]
    parts += [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("NUMBA_")]
    digest.update("\n".join(parts).encode())
    return digest.hexdigest()


def kernel_folder() -> Path:
    """Where this machine's kernels are, or will be."""
    return cache_folder() / "kernels" / fingerprint()


def building_place(process: int) -> Path:
    """Where the process of this number builds them, before they are put in place."""
    folder = kernel_folder()
    return folder.with_name(f"{folder.name}.{process}")


def progress_file(built: Path) -> Path:
    """Says how far a process has come; there only while it builds."""
    return built / "progress"


def write_progress(built: Path, share: float) -> None:
    """Say that this share (0..1) of the functions is written down. What cannot be said is not."""
    try:
        progress_file(built).write_text(f"{min(share, 1.0):.3f}", encoding="ascii")
    except OSError:
        pass


def read_progress(built: Path) -> tuple[float, float] | None:
    """The share, and how many seconds ago it was said; None where nothing was."""
    path = progress_file(built)
    try:
        return float(path.read_text(encoding="ascii")), max(0.0, time.time() - path.stat().st_mtime)
    except (OSError, ValueError):  # not there yet, or being written at this moment
        return None


def is_there(folder: Path) -> bool:
    """Whether kernels lie there at all, sound or not."""
    return folder.is_dir()


def is_sound(folder: Path) -> bool:
    """Whether all files of the list are there as they were written."""
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))
        return bool(listed) and listed == _digests(folder)
    except (OSError, ValueError):
        return False


def put_in_place(built: Path, folder: Path) -> None:
    """Make `built`, a folder beside it, this machine's kernels. Raises OSError when it cannot be done."""
    (built / LIST).write_text(json.dumps(_digests(built)), encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    built.replace(folder)


def throw_away(folder: Path) -> None:
    """Remove these kernels; where that cannot be done, at least nobody takes them for sound."""
    (folder / LIST).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def remove_others(folder: Path) -> None:
    """Remove kernels of earlier versions, but not the few latest: another copy of this program on the same machine has
    its own, and would have to compile them again each time. What was given up half built is removed after a day. What
    somebody else holds open may stay."""
    others = [other for other in folder.parent.iterdir() if other.is_dir() and other != folder]
    whole = sorted((other for other in others if "." not in other.name), key=_written_at, reverse=True)
    given_up = [o for o in others if "." in o.name and _written_at(o) < time.time() - GIVEN_UP_AFTER]
    for other in (*whole[KEPT_BESIDE:], *given_up):
        shutil.rmtree(other, ignore_errors=True)


def _written_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # somebody removed it just now
        return 0.0


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=10).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LIST
    }


def _processor() -> str:
    """What the processor is, as far as it can be told without numba."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    wanted = ("model name", "flags", "Features", "CPU part")
    return "\n".join(sorted({line for line in lines if line.startswith(wanted)}))
