"""What was read of the user's files, kept while they stay as they are: nobody reads a large file twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Generic, TypeVar

ReadT = TypeVar("ReadT")


class Kept(Generic[ReadT]):
    """The latest `most` things that were read, by a key. Any thread; two that read the same at once both read."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_key: dict[Hashable, tuple[tuple[int, int], ReadT]] = {}

    def read(self, path: str, key: Hashable, read: Callable[[], ReadT | None]) -> ReadT | None:
        """What `read` gives, or gave while the file was as it is now; None where that gives None (it was cancelled).

        Of a file that is gone, what was last read of it.
        """
        kept = self._by_key.get(key)
        try:
            found = Path(path).stat()
            state = (found.st_mtime_ns, found.st_size)
        except (OSError, ValueError):
            state = (0, 0)  # no file: `read` says so, unless it is known what was in it
            if kept is not None:
                return kept[1]
        if kept is not None and kept[0] == state:
            return kept[1]
        made = read()
        if made is not None:
            self._by_key.pop(key, None)
            self._by_key[key] = (state, made)
            while len(self._by_key) > self._most:
                del self._by_key[next(iter(self._by_key))]
        return made
