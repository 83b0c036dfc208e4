"""Texts that were pasted or typed, each kept in a file of its own, so that a run that learned one can be made again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from playground.places import settings_folder


def keep_text(text: str, how: str = "pasted") -> Path:
    """The file that holds this text, written if it is not there; `how` begins its name. Raises OSError."""
    name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    path = settings_folder() / "pasted" / f"{how}-{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")
    return path
