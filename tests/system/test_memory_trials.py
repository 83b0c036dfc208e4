"""The trials of the memory tasks: every one can be run, and a network that meets the criterion is found to do so."""

from __future__ import annotations

import math
from typing import Any

import pytest

from playground.bench.measurements.memory_tasks import summary
from playground.bench.memory_trials import TRIALS
from playground.bench.solving import ALL_RIGHT, Criterion, Solution, Trial, counted_to, rate, solve
from playground.engine.kernels import readiness
from playground.engine.trainer import FAST, Trainer
from playground.tasks import TASKS
from playground.tasks.memory_tasks.anbn import AnBn
from tests.engine.kernels import kernel_for_tests

PARITY = Trial("parity", {"length": (1, 4)}, ("lstm",), expected=("lstm",), updates=800, look=20)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.title)
def test_every_trial_can_be_run(trial: Trial) -> None:
    assert set(trial.expected) <= set(trial.networks)
    for network in trial.networks:
        experiment = trial.experiment(3, network)
        assert experiment.problems() == []
        assert experiment.network(network).enabled
        assert experiment.training.seed == 3
        assert experiment.task_name == trial.task
    assert trial.most_updates % trial.look == 0


@pytest.mark.parametrize(("task", "units", "reached"), [("anbn", 2, 50), ("anbncn", 3, 18)])
@pytest.mark.parametrize("network", ["lstm", "peephole_lstm"])
def test_the_shipped_recipe_counts_beyond_what_it_was_taught(
    network: str, task: str, units: int, reached: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trained on n = 1..10, online: after 2,000 of its strings every n up to that of the criterion is accepted."""
    monkeypatch.setattr(readiness, "load", kernel_for_tests)
    monkeypatch.delenv("PLAYGROUND_PATH", raising=False)
    (trial,) = [trial for trial in TRIALS if trial.task == task]
    trainer = Trainer(trial.experiment(1, network), networks=(network,))
    assert trainer.path == FAST
    assert trainer.experiment.training.batch_size == 1
    assert trainer.experiment.network(network).units == units
    while trainer.update < 2000:
        trainer.do_updates(2000 - trainer.update)
    for n in (1, 5, 10, 14, 18, reached):
        assert trainer.evaluate(network, trainer.task.held_out(1, 1, n)) == 1.0


def test_every_memory_task_is_tried() -> None:
    assert {trial.task for trial in TRIALS} == {line.name for line in TASKS.lines_of("memory")}


def test_a_network_that_learns_is_stopped_at_the_third_look_that_is_all_right() -> None:
    solution = solve(PARITY, "lstm", 1)
    assert solution.solved
    assert solution.value == 1.0
    assert solution.update is not None
    assert solution.update % 20 == 0
    assert solution.seconds is not None
    assert solution.seconds > 0


def test_a_network_without_memory_is_not_found_to_do_it() -> None:
    solution = solve(Trial("parity", {"length": (4, 4)}, ("no_memory",), updates=60, look=20), "no_memory", 1)
    assert not solution.solved
    assert solution.seconds is None
    assert solution.value == pytest.approx(0.5, abs=0.1)


def test_a_criterion_from_above_and_from_below() -> None:
    below = Criterion(rate, 0.01, "below", below=True)
    assert below.met_by(0.009)
    assert not below.met_by(0.01)
    assert ALL_RIGHT.met_by(1.0)
    assert not ALL_RIGHT.met_by(0.999)
    assert not below.met_by(math.nan)
    assert not ALL_RIGHT.met_by(math.nan)


def test_counting_ends_before_the_first_string_that_is_wrong() -> None:
    class Stub:
        task = AnBn()

        def evaluate(self, network: str, batches: list[Any]) -> float:
            return 1.0 if batches[0].distance < 7 else 0.9

    assert counted_to(Stub(), "lstm", 1, 1) == 6.0  # type: ignore[arg-type]


def test_the_summary_counts_and_judges() -> None:
    solutions = [Solution(1, 40, 0.5, 1.0), Solution(2, None, None, 0.5), Solution(3, 80, 1.5, 0.9)]
    records = {record.measurement.split(", ", 2)[-1]: record for record in summary(PARITY, "lstm", solutions)}
    assert records["all right"].value == 2.0
    assert records["all right"].met is False
    assert records["on fresh sequences, median"].value == 0.9
    assert records["on fresh sequences, worst"].value == 0.5
    assert records["time, median"].value == 1.0
    assert records["time, longest"].value == 1.5
    assert records["updates, median"].value == 60.0


def test_the_slowest_seed_is_held_to_the_seconds() -> None:
    for within, met in ((2.0, True), (1.0, False)):
        trial = Trial("parity", {}, ("lstm",), expected=("lstm",), within=within)
        (longest,) = [
            r for r in summary(trial, "lstm", [Solution(1, 9, 1.5, 1.0)]) if "longest" in r.measurement
        ]
        assert longest.met is met
