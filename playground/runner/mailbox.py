"""What lies between the thread that trains and the one that asks: one place for the newest snapshot, and a list of
answers. Each has a lock of its own; nothing here ever waits for work."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from playground.engine.records import UpdateResult
from playground.trace.sequence_trace import read_only
from playground.trace.snapshot import Answer, Progress, ReplayProgress, TrainingSnapshot


class Mailbox:
    """A place for one snapshot: the latest wins. The curves wait beside it: a snapshot that nobody took loses nothing.

    An `era` ends whenever what was said before is no longer true (a load, a rewind): from then on everything that is
    still said about an older era is dropped.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._era = 0
        self._snapshot: TrainingSnapshot | None = None
        self._curves = _Curves()
        self._told = 0  # updates of the curves that the waiting snapshot tells of

    @property
    def empty(self) -> bool:
        """Whether the last snapshot was taken."""
        return self._snapshot is None

    def open(self, era: int, first: TrainingSnapshot | None = None) -> None:
        """Begin an era: everything before is thrown away. `first` waits to be taken."""
        with self._lock:
            self._era = era
            self._snapshot = first
            self._curves = _Curves()
            self._told = 0

    def add(self, era: int, results: Sequence[UpdateResult]) -> None:
        """Append these updates to the curves."""
        with self._lock:
            if era == self._era:
                self._curves.extend(results)

    def cut(self, era: int, update: int) -> None:
        """The run went back: forget the updates after this one that nobody took."""
        with self._lock:
            if era == self._era:
                self._curves.cut(update)
                self._told = min(self._told, len(self._curves))

    def put(self, era: int, snapshot: TrainingSnapshot) -> None:
        """The newest snapshot, without its progress; it takes the place of one that nobody took."""
        with self._lock:
            if era == self._era:
                self._snapshot = snapshot
                self._told = len(self._curves)

    def take(self) -> TrainingSnapshot | None:
        """The snapshot that waits, with all that the curves gained since the last one that was taken."""
        with self._lock:
            if self._snapshot is None:
                return None
            snapshot, self._snapshot = self._snapshot, None
            return replace(snapshot, progress=self._curves.pop(self._told))


class _Curves:
    """One entry an update, in compact arrays: 8 bytes, and 16 for each network.

    All networks have their values side by side, so that taking them costs the same for five as for one.
    """

    def __init__(self) -> None:
        self._networks: tuple[str, ...] = ()
        self._updates = array("q")
        self._values = array("f")
        """For each update, for each network: loss, asked_loss, right."""
        self._levels = array("i")
        """For each update, for each network."""

    def __len__(self) -> int:
        return len(self._updates)

    def extend(self, results: Sequence[UpdateResult]) -> None:
        if results and not self._networks:
            self._networks = tuple(results[0].networks)
        for result in results:
            self._updates.append(result.update)
            for network in self._networks:
                found = result.networks[network]
                self._values.extend((found.loss, found.asked_loss, found.right))
                self._levels.append(found.level)

    def cut(self, update: int) -> None:
        kept = bisect_right(self._updates, update)
        del self._updates[kept:]
        del self._values[kept * 3 * len(self._networks) :]
        del self._levels[kept * len(self._networks) :]

    def pop(self, count: int) -> dict[str, Progress]:
        """The first `count` entries, which are forgotten here."""
        width = len(self._networks)
        updates = read_only(np.array(self._updates[:count]))  # (n,)
        values = read_only(np.array(self._values[: count * 3 * width]).reshape(count, width, 3))
        levels = read_only(np.array(self._levels[: count * width]).reshape(count, width))
        del self._updates[:count], self._values[: count * 3 * width], self._levels[: count * width]
        return {
            network: Progress(updates, values[:, k, 0], values[:, k, 1], values[:, k, 2], level=levels[:, k])
            for k, network in enumerate(self._networks)
        }


class AnswerBox:
    """Answers in the order in which they came. Of the progress of one replay only the newest waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run_id = 0
        self._answers: list[Answer] = []
        self._cancelled: set[int] = set()

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._answers

    def open(self, run_id: int) -> None:
        """A new run: answers about older ones are dropped from now on."""
        with self._lock:
            self._run_id = run_id
            self._answers = []
            self._cancelled.clear()

    def put(self, answer: Answer) -> None:
        """Add an answer, unless nobody waits for it any more."""
        with self._lock:
            if answer.run_id != self._run_id or answer.request_id in self._cancelled:
                return
            self._answers = [
                waiting
                for waiting in self._answers
                if not (isinstance(waiting, ReplayProgress) and waiting.request_id == answer.request_id)
            ]
            self._answers.append(answer)

    def cancel(self, request_id: int) -> None:
        """No answer to this request may come from now on."""
        with self._lock:
            self._cancelled.add(request_id)
            self._answers = [answer for answer in self._answers if answer.request_id != request_id]

    def take(self) -> list[Answer]:
        """All that waits."""
        with self._lock:
            answers, self._answers = self._answers, []
            return answers
