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
            "initialisation": "small",
            "forget_gate_bias": 10.0,
            "learning_rate": 0.1,
        },
        networks={
            "lstm": {"clip_norm": 0.3},
            "peephole_lstm": {"output_gate_bias": 10.0, "clip_norm": 0.1},
        },
        training={"batch_size": 1, "optimiser": "sgd"},
        updates=16_000,
        measured="Right to n = 50: LSTM 10 of 10 seeds, with peepholes 9; most within 2,000 strings.",
    )
