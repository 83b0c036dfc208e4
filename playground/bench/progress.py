"""What a measurement says while it is at work: one line on stderr, gone when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Done = Callable[[float], None]
"""Told how much of the total is done."""


class BenchProgress:
    """A bar on stderr for one stage of work at a time. Drawn only when it is told something: no thread beside it,
    which would be measured too."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = Console(stderr=True)
        self._quiet = quiet

    def say(self, sentence: str) -> None:
        """A sentence that stays."""
        if not self._quiet:
            self._console.print(sentence, highlight=False, soft_wrap=True)

    @contextmanager
    def stage(self, what: str, total: float) -> Iterator[Done]:
        """A bar as long as the block lasts; call what it gives with how much is done."""
        if self._quiet or not self._console.is_terminal:
            yield lambda done: None
            return
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            auto_refresh=False,
        )
        with bar:
            shown = bar.add_task(what, total=total)
            drawn = 0.0

            def done(amount: float) -> None:
                nonlocal drawn
                if amount - drawn >= total / 200.0 or amount >= total:
                    drawn = amount
                    bar.update(shown, completed=amount, refresh=True)

            bar.refresh()
            yield done
