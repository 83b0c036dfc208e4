"""a^n b^n c^n, a context-sensitive language: as many of each. Definition, source and criterion: `counting`."""

from __future__ import annotations

from playground.tasks.memory_tasks.counting import CountingTask
from playground.tasks.recipe import Recipe


class AnBnCn(CountingTask):
    """a^n b^n c^n as a Task."""

    name = "anbncn"
    title = "aⁿbⁿcⁿ"
    question = "Is it over, or is there another letter to come?"
    letters = "abc"
    recipe = Recipe(
        every={
            "units": 3,
            "initialisation": "forget_bias",
            "forget_gate_bias": 6.0,
            "learning_rate": 0.02,
            "clip_norm": 1.0,
        },
        networks={"lstm": {}, "peephole_lstm": {}},
        training={"batch_size": 10},
        updates=10_000,
        measured="Right to n = 18: LSTM 7 of 10 seeds.",
    )
