"""a^n b^n, a context-free language: as many b's as a's. Definition, source and criterion: `counting`."""

from __future__ import annotations

from playground.tasks.memory_tasks.counting import CountingTask


class AnBn(CountingTask):
    """a^n b^n as a Task."""

    name = "anbn"
    title = "aⁿbⁿ"
    question = "Is it over, or is there another b to come?"
    letters = "ab"
