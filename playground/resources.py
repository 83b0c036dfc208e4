"""Finds the files that come with the program, in a checkout and in an installed wheel alike.

In a checkout `assets/` and `datasets/` lie beside the package; in a wheel they lie inside it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


class ResourceMissing(FileNotFoundError):
    """A file that comes with the program is not there; the message is a sentence for the user."""


def asset(relative: str = "") -> Path:
    """The file or folder `assets/<relative>`: drawings, icons, style sheets, texts.

    `relative` uses forward slashes on every system. Raises ResourceMissing.
    """
    return _find("assets", relative)


def dataset(relative: str = "") -> Path:
    """The file or folder `datasets/<relative>`: numbers with their source and licence.

    `relative` uses forward slashes on every system. Raises ResourceMissing.
    """
    return _find("datasets", relative)


def checkout_root() -> Path | None:
    """The folder of the checkout that this package runs from, or None when it is installed."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None


def _find(kind: str, relative: str) -> Path:
    folder = _folder(kind)
    if folder is None:
        raise ResourceMissing(
            f"The folder {kind}/ was not found in {_PACKAGE} or beside it: "
            "install Sequence Playground again, or run it from a complete checkout."
        )
    path = folder / relative
    if not path.exists():
        raise ResourceMissing(
            f"The file {kind}/{relative} is missing from {folder}: "
            "install Sequence Playground again, or run it from a complete checkout."
        )
    return path


@cache
def _folder(kind: str) -> Path | None:
    # The package first: beside an installed package there may be somebody else's folder of that name.
    packaged = _PACKAGE / kind
    if packaged.is_dir():
        return packaged
    root = checkout_root()
    if root is not None and (root / kind).is_dir():
        return root / kind
    return None
