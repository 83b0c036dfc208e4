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
            "initialisation": "small",
            "forget_gate_bias": 15.0,
            "output_gate_bias": 10.0,
            "learning_rate": 1.0,
            "clip_norm": 0.03,
        },
        networks={"lstm": {}, "peephole_lstm": {"input_gate_bias": 8.0}},
        training={"batch_size": 1, "optimiser": "sgd"},
        updates=10_000,
        measured="Right to n = 18: LSTM 30 of 30 seeds, with peepholes 57 of 60; most within 1,000 strings.",
    )
