"""The thread that trains keeps to one core, and nobody else does because of it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import pytest

from playground.own_core import keep_to_one_core, use_all_cores

linux_alone = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such call")


def in_a_thread(work: Callable[[], object]) -> list[object]:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found


@linux_alone
def test_one_core_for_this_thread_alone() -> None:
    before = os.sched_getaffinity(0)

    def kept() -> set[int]:
        keep_to_one_core()
        return os.sched_getaffinity(0)

    (cores,) = in_a_thread(kept)
    assert cores == ({max(before)} if len(before) > 1 else before)
    assert os.sched_getaffinity(0) == before


@linux_alone
def test_what_it_starts_can_have_all_of_them_again() -> None:
    before = os.sched_getaffinity(0)

    def kept_and_released() -> set[int]:
        keep_to_one_core()
        use_all_cores()
        return os.sched_getaffinity(0)

    (cores,) = in_a_thread(kept_and_released)
    assert isinstance(cores, set)
    assert cores >= before


@linux_alone
def test_where_it_is_not_allowed_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError("not here")

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    before = os.sched_getaffinity(0)
    keep_to_one_core()
    use_all_cores()
    assert os.sched_getaffinity(0) == before
