"""a^n b^n c^n, a context-sensitive language: as many of each. Definition, source and criterion: `counting`."""

from __future__ import annotations

from playground.tasks.memory_tasks.counting import CountingTask


class AnBnCn(CountingTask):
    """a^n b^n c^n as a Task."""

    name = "anbncn"
    title = "aⁿbⁿcⁿ"
    question = "Is it over, or is there another letter to come?"
    letters = "abc"
