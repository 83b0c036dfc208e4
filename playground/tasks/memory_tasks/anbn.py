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
            "forget_gate_bias": 15.0,
            "learning_rate": 1.0,
            "clip_norm": 0.03,
        },
        networks={"lstm": {}, "peephole_lstm": {"output_gate_bias": 10.0}},
        training={"batch_size": 1, "optimiser": "sgd"},
        updates=10_000,
        measured="Right to n = 50: LSTM with peepholes 30 of 30 seeds, without 29; most within 1,000 strings.",
    )
