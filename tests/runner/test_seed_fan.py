"""The seed fan: what it trains is what a trainer trains, bit for bit; it can be cancelled, and it always ends."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from playground.contract.seed_fan import EACH, RANGE, FanProgress, FanRequest, FanTraining
from playground.engine.trainer import REFERENCE, Trainer
from playground.experiment import Experiment, NetworkSettings
from playground.runner import seed_fan
from playground.runner.seed_fan import Job, ThreadSeedFan, jobs_of, train_one
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.trace.horizon import fingerprint

PATIENCE = 60.0


@pytest.fixture(autouse=True)
def on_the_reference_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_PATH", REFERENCE)


@pytest.fixture
def fan() -> Iterator[ThreadSeedFan]:
    made = ThreadSeedFan(workers=2)
    yield made
    assert made.stop(PATIENCE)


def request_for(**more: object) -> FanRequest:
    experiment = Experiment(
        task=NatureShowSettings(flowers=(0, 4)),
        networks=(NetworkSettings("rnn", units=4), NetworkSettings("lstm", units=4)),
    )
    values: dict[str, object] = {
        "networks": ("lstm", "rnn"),
        "seeds": (1, 2),
        "distances": (0, 2),
        "updates": 4,
        "questions": 32,
    }
    return FanRequest(experiment, **(values | more))  # type: ignore[arg-type]


def all_of(fan: ThreadSeedFan, request: FanRequest) -> list[FanTraining]:
    fan.start(request)
    assert fan.wait(PATIENCE)
    return fan.results()


def test_jobs_go_seed_by_seed_from_the_shortest_distance() -> None:
    request = request_for()
    assert request.trainings == len(jobs_of(request)) == 8
    assert jobs_of(request)[:5] == [
        Job("lstm", 1, 0),
        Job("rnn", 1, 0),
        Job("lstm", 1, 2),
        Job("rnn", 1, 2),
        Job("lstm", 2, 0),
    ]
    once = request_for(trained_at=RANGE)
    assert once.trainings == 4
    assert jobs_of(once)[0] == Job("lstm", 1, None)


def test_the_experiment_of_a_job_differs_in_seed_and_distance_alone() -> None:
    request = request_for()
    changed = request.experiment.trained_from(9, 3)
    assert changed.training.seed == 9
    assert changed.task == NatureShowSettings(flowers=(3, 3))
    assert changed.networks == request.experiment.networks
    assert request.experiment.trained_from(9).task == request.experiment.task


@pytest.mark.parametrize("way", [EACH, RANGE])
def test_every_network_is_the_one_a_trainer_trains(fan: ThreadSeedFan, way: str) -> None:
    request = request_for(trained_at=way)
    found = all_of(fan, request)
    assert len(found) == request.trainings
    assert {(each.network, each.seed) for each in found} == {(n, s) for n in ("lstm", "rnn") for s in (1, 2)}
    for each in found:
        trainer = Trainer(
            request.experiment.trained_from(each.seed, each.trained_distance), networks=(each.network,)
        )
        while trainer.update < each.update:
            trainer.do_updates(3)
        head = trainer.models[each.network].head
        assert each.fingerprint == fingerprint(head.weight.detach().numpy(), head.bias.detach().numpy())
        assert each.distances == ((each.trained_distance,) if way == EACH else (0, 2))
        for distance, right, asked in zip(each.distances, each.right, each.asked, strict=True):
            batches = trainer.task.held_out(seed_fan.HELD_OUT_SEED, 32, distance)
            assert asked == 32
            assert right == trainer.count_right(each.network, batches)
        assert not each.reached
        assert not each.failure


def test_a_network_opened_in_a_run_of_five_is_the_same() -> None:
    """Who else is trained makes no difference: so the very network can be opened in a run of all of them."""
    request = request_for(networks=("lstm",), seeds=(3,), distances=(2,))
    found = train_one(
        jobs_of(request)[0],
        request,
        lambda task, distance: task.held_out(1, 8, distance),
        lambda: True,
        np.zeros(1, np.int64),
    )
    assert found is not None
    trainer = Trainer(request.experiment.trained_from(3, 2))
    assert trainer.networks == ("rnn", "lstm")
    while trainer.update < found.update:
        trainer.do_update()
    head = trainer.models["lstm"].head
    assert found.fingerprint == fingerprint(head.weight.detach().numpy(), head.bias.detach().numpy())


def test_it_ends_early_once_it_was_right_often_enough(fan: ThreadSeedFan) -> None:
    (found,) = all_of(
        fan, request_for(networks=("rnn",), seeds=(1,), distances=(0,), updates=200, criterion=0.0)
    )
    assert found.reached
    assert found.update == seed_fan.LOOK_BACK


def test_progress_counts_and_ends(fan: ThreadSeedFan) -> None:
    assert fan.progress == FanProgress()
    fan_id = fan.start(request_for())
    assert fan.wait(PATIENCE)
    progress = fan.progress
    assert (progress.fan_id, progress.done, progress.total, progress.running) == (fan_id, 8, 8, False)
    assert len(fan.results()) == 8
    assert fan.results() == []


def test_a_cancelled_fan_trains_no_more_and_keeps_what_is_known(fan: ThreadSeedFan) -> None:
    fan.start(request_for(seeds=tuple(range(40)), updates=2000, criterion=2.0))
    fan.cancel()
    assert not fan.progress.running
    known = fan.progress.done
    assert known < fan.progress.total
    assert len(fan.results()) == known
    assert all_of(fan, request_for(networks=("rnn",), seeds=(1,), distances=(0,)))[0].network == "rnn"


def test_a_newer_fan_takes_the_place_of_the_older(fan: ThreadSeedFan) -> None:
    first = fan.start(request_for(seeds=tuple(range(40)), updates=2000, criterion=2.0))
    found = all_of(fan, request_for(networks=("rnn",), distances=(2,)))
    assert fan.progress.fan_id == first + 1
    assert {(each.network, each.trained_distance) for each in found} == {("rnn", 2)}


def test_what_cannot_be_trained_is_said(fan: ThreadSeedFan) -> None:
    (found,) = all_of(fan, request_for(networks=("rnn",), seeds=(1,), distances=(1000,)))
    assert found.failure.endswith(".")
    assert found.distances == found.right == ()


def test_a_diverging_network_is_said_and_the_others_go_on(fan: ThreadSeedFan) -> None:
    request = request_for()
    wild = dataclasses.replace(request.experiment.network("rnn"), learning_rate=10.0, clip_norm=1000.0)
    request = dataclasses.replace(
        request,
        experiment=dataclasses.replace(
            request.experiment.with_network(wild),
            training=dataclasses.replace(request.experiment.training, optimiser="sgd"),
        ),
        updates=60,
        seeds=(1,),
        distances=(0,),
        criterion=2.0,
    )
    found = {each.network: each for each in all_of(fan, request)}
    assert not found["lstm"].failure
    assert found["lstm"].update == 60
    assert found["rnn"].failure == "" or found["rnn"].failure.endswith(".")


def test_standing_aside_only_delays(fan: ThreadSeedFan) -> None:
    fan.stand_aside()
    assert len(all_of(fan, request_for(networks=("rnn",)))) == 4
    fan.go_on()


def test_it_can_be_stopped_at_any_time() -> None:
    fan = ThreadSeedFan()
    assert fan.stop()
    fan = ThreadSeedFan()
    fan.start(request_for(updates=2000, criterion=2.0))
    assert fan.stop(PATIENCE)
    assert fan.stop()
