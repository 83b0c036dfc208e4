"""Work beside the window: told once, given up for good, waited for at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from playground.ui.background import Background


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background("a test", (ValueError,))
    yield background
    background.stop()


def test_tells_what_was_found_on_the_gui_thread(qtbot: QtBot, background: Background) -> None:
    told: list[tuple[Any, str]] = []
    worked_on: list[str] = []

    def work(progress: Callable[[float], None], given_up: Callable[[], bool]) -> int:
        worked_on.append(threading.current_thread().name)
        return 42

    background.begin(work, lambda found: told.append((found, threading.current_thread().name)))
    assert background.busy
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert told == [(42, threading.main_thread().name)]
    assert worked_on == ["a test"]
    assert not background.busy


def test_tells_how_far_it_is(qtbot: QtBot, background: Background) -> None:
    parts: list[float] = []
    seen, told = threading.Event(), []

    def work(progress: Callable[[float], None], given_up: Callable[[], bool]) -> None:
        progress(0.25)
        seen.wait(5.0)

    background.progressed.connect(parts.append)
    background.begin(work, told.append)
    qtbot.waitUntil(lambda: 0.25 in parts, timeout=5000)
    seen.set()
    qtbot.waitUntil(lambda: bool(told), timeout=5000)


def test_what_is_given_up_is_never_told(background: Background) -> None:
    told: list[Any] = []
    asked = threading.Event()

    def work(progress: Callable[[float], None], given_up: Callable[[], bool]) -> int:
        while not given_up():
            asked.wait(0.001)
        return 1

    background.begin(work, told.append)
    background.give_up()
    background.look()
    assert not background.busy
    background.stop()
    background.look()
    assert told == []


def test_the_newest_work_alone_is_told(qtbot: QtBot, background: Background) -> None:
    told: list[int] = []
    background.begin(lambda progress, given_up: 1, told.append)
    background.begin(lambda progress, given_up: 2, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert told == [2]


def test_a_refusal_is_found_and_a_mistake_is_raised(background: Background) -> None:
    told: list[Any] = []
    refusal = ValueError("This cannot be read.")

    def refuse(progress: Callable[[float], None], given_up: Callable[[], bool]) -> None:
        raise refusal

    def err(progress: Callable[[float], None], given_up: Callable[[], bool]) -> None:
        raise ZeroDivisionError

    background.begin(refuse, told.append)
    wait(background)
    background.look()
    assert told == [refusal]
    background.begin(err, told.append)
    wait(background)
    with pytest.raises(ZeroDivisionError):
        background.look()
    assert not background.busy


def wait(background: Background) -> None:
    """Until its thread has ended, without the event loop: nothing is told meanwhile."""
    for thread in list(threading.enumerate()):
        if thread.name == "a test":
            thread.join(5.0)
