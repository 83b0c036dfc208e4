"""Cyclic garbage is collected on the window's thread and nowhere else, and only as long as there is a window."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from playground.ui.garbage import MANY, WindowGarbage
from tests.ui.shell import make_shell

LIMITS = (700, 10, 10)


class Cycle:
    """Garbage as soon as nobody holds it, found by the collector alone; writes down which thread found it."""

    def __init__(self, found_by: list[str]) -> None:
        self.itself = self
        self._found_by = found_by

    def __del__(self) -> None:
        self._found_by.append(threading.current_thread().name)


@pytest.fixture
def _automatic() -> Iterator[None]:
    """Python as it comes: it collects by itself, after 700 new objects."""
    before, was_on = gc.get_threshold(), gc.isenabled()
    gc.set_threshold(*LIMITS)
    gc.enable()
    yield
    gc.set_threshold(*before)
    if not was_on:
        gc.disable()


@pytest.fixture
def rule(qapp: object) -> Iterator[WindowGarbage]:
    owner = QObject()
    rule = WindowGarbage(owner)
    yield rule
    rule.end()
    delete(owner)


def allocate_in_a_thread() -> list[list[int]]:
    """Far more new objects than Python lets pass without collecting, from a thread called "training".

    What is deleted again does not count: so they are handed over.
    """
    made: list[list[int]] = []
    thread = threading.Thread(
        target=lambda: made.extend([number] for number in range(20 * LIMITS[0])), name="training"
    )
    thread.start()
    thread.join()
    return made


@pytest.mark.usefixtures("_automatic")
def test_without_the_rule_the_training_thread_collects() -> None:
    found_by: list[str] = []
    Cycle(found_by)
    allocate_in_a_thread()
    assert found_by == ["training"]  # the fault is there to be seen: else the next test would show nothing


@pytest.mark.usefixtures("_automatic")
def test_with_a_window_its_own_thread_collects(qtbot: QtBot) -> None:
    window = make_shell(qtbot).window
    found_by: list[str] = []
    Cycle(found_by)
    made = allocate_in_a_thread()
    assert found_by == []
    qtbot.waitUntil(lambda: bool(found_by), timeout=5_000)  # the timer
    assert found_by == [threading.main_thread().name]
    assert made
    window.close()


@pytest.mark.usefixtures("_automatic")
def test_when_the_window_closes_python_collects_again(qtbot: QtBot) -> None:
    window = make_shell(qtbot).window
    assert not gc.isenabled()
    window.close()
    assert gc.isenabled()
    assert not window.garbage.active


@pytest.mark.usefixtures("_automatic")
def test_the_last_of_several_windows_gives_it_back(qapp: object) -> None:
    owners = [QObject(), QObject()]
    first, second = (WindowGarbage(owner) for owner in owners)
    first.begin()
    second.begin()
    second.begin()
    first.end()
    first.end()
    assert not gc.isenabled()
    second.end()
    assert gc.isenabled()
    for owner in owners:
        delete(owner)


@pytest.mark.usefixtures("_automatic")
def test_a_window_that_is_destroyed_without_being_closed_gives_it_back(qapp: object) -> None:
    owner = QObject()
    WindowGarbage(owner).begin()
    assert not gc.isenabled()
    delete(owner)
    assert gc.isenabled()


def test_what_was_off_before_stays_off(rule: WindowGarbage) -> None:
    assert not gc.isenabled()  # as between all tests with Qt: tests/garbage.py
    rule.begin()
    rule.end()
    assert not gc.isenabled()


def test_each_generation_when_it_is_due(rule: WindowGarbage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(gc, "collect", asked.append)
    monkeypatch.setattr(gc, "get_threshold", lambda: LIMITS)
    dues = {(700, 99, 99): None, (701, 10, 10): 0, (701, 10, 99): 2, (701, 11, 10): 1}
    for count, due in dues.items():
        monkeypatch.setattr(gc, "get_count", lambda count=count: count)
        assert rule.collect_due() == due
    assert asked == [due for due in dues.values() if due is not None]


def test_nothing_is_collected_where_limits_say_never(
    rule: WindowGarbage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gc, "get_threshold", lambda: (0, 10, 10))
    monkeypatch.setattr(gc, "get_count", lambda: (100_000, 99, 99))
    assert rule.collect_due() is None


def test_the_oldest_takes_half_a_percent_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    owner = QObject()
    rule = WindowGarbage(owner, clock=lambda: now[0])

    def take_long(generation: int) -> None:
        now[0] += 0.2 if generation == 2 else 0.0

    monkeypatch.setattr(gc, "collect", take_long)
    monkeypatch.setattr(gc, "get_threshold", lambda: LIMITS)
    monkeypatch.setattr(gc, "get_count", lambda: (701, 0, 11))
    assert rule.collect_due() == 2
    now[0] += 39.9  # 0.2 s / 0.005 = 40 s
    assert rule.collect_due() == 0
    now[0] += 0.2
    assert rule.collect_due() == 2
    delete(owner)


def test_great_numbers_are_set_aside_until_the_end(
    rule: WindowGarbage, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(gc, "collect", lambda generation: done.append(f"collect {generation}"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    monkeypatch.setattr(gc, "unfreeze", lambda: done.append("unfreeze"))
    monkeypatch.setattr(gc, "get_threshold", lambda: LIMITS)
    monkeypatch.setattr(gc, "get_count", lambda: (MANY + 1, 0, 0))
    rule.begin()
    assert rule.collect_due() == 0  # a window among others in this process: nothing is set aside
    rule.sets_aside = True
    assert rule.collect_due() is None
    rule.end()
    rule.end()
    assert done == ["collect 0", "freeze", "unfreeze"]
