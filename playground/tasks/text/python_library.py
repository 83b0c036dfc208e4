"""Python's own source and documentation, read from the Python that runs this program."""

from __future__ import annotations

import importlib.util
import sysconfig
from pathlib import Path

from playground.reading.files import ReadingError

SOURCE_MODULES = (
    "argparse ast bisect calendar collections contextlib copy csv dataclasses datetime difflib enum fractions "
    "functools heapq inspect json.decoder json.encoder pathlib pprint queue random shutil statistics string tempfile "
    "textwrap tokenize traceback typing zipfile"
).split()
"""Modules whose source is read, in this order; one that is missing here is left out."""

MOST_CHARACTERS = 1_000_000


class NoSource(ReadingError):
    """This Python came without its source; the message is a sentence."""


def python_source(most: int = MOST_CHARACTERS) -> str:
    """Source of the standard library, at most so many characters. Raises NoSource."""
    parts, length = [], 0
    for name in SOURCE_MODULES:
        text = _text_of(name)
        if text is None:
            continue
        parts.append(text)
        length += len(text)
        if length >= most:
            break
    if not parts:
        raise NoSource(
            "This Python came without the source of its library: install its standard library, or open a file."
        )
    return "".join(parts)[:most]


def python_documentation(most: int = MOST_CHARACTERS) -> str:
    """The chapters of Python's reference that `help()` shows, at most so many characters. Raises NoSource."""
    try:
        from pydoc_data import topics
    except ImportError:
        return _docstrings(most)
    chapters = (text for _, text in sorted(topics.topics.items()))
    return _tidy("\n\n".join(chapters))[:most]


def _docstrings(most: int) -> str:
    import ast

    parts = []
    for name in SOURCE_MODULES:
        text = _text_of(name)
        if text is None:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                parts.append(ast.get_docstring(node) or "")
    joined = _tidy("\n\n".join(part for part in parts if part))[:most]
    if not joined:
        raise NoSource("This Python came without its documentation: open a file instead.")
    return joined


def _text_of(module: str) -> str | None:
    """The source of a module of the standard library, without importing it; None when there is none."""
    library = Path(sysconfig.get_path("stdlib"))
    place = library.joinpath(*module.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        try:
            return _tidy(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            continue
    found = importlib.util.find_spec(module.split(".")[0])
    try:
        return _tidy(Path(found.origin).read_text(encoding="utf-8")) if found and found.origin else None
    except (OSError, UnicodeDecodeError):
        return None


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
