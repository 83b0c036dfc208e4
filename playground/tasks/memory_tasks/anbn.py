"""a^n b^n, a context-free language: as many b's as a's. Definition, source and criterion: `counting`."""

from __future__ import annotations

from playground.tasks.memory_tasks.counting import CountingTask
from playground.tasks.recipe import Recipe


class AnBn(CountingTask):
    """a^n b^n as a Task."""

    name = "anbn"
    title = "aⁿbⁿ"
    question = "Is it over, or is there another b to come?"
    letters = "ab"
    recipe = Recipe(
        every={
            "units": 2,
            "initialisation": "forget_bias",
            "forget_gate_bias": 10.0,
            "learning_rate": 0.02,
            "clip_norm": 1.0,
        },
        networks={"lstm": {"output_gate_bias": 2.0}, "peephole_lstm": {}},
        training={"batch_size": 10},
        updates=4000,
        measured="Right to n = 50: LSTM 7 of 10 seeds, with peepholes none.",
    )
