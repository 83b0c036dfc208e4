"""What is recorded of units over many sequences: the same numbers as in a trace, and measures of all of them."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pytest
import torch

from playground.engine.cells import CELLS
from playground.engine.model import make_model, network_generator
from playground.engine.tracing import run_layer
from playground.engine.unit_measures import _at_most, read_batch, states_and_gates, unit_measures
from playground.experiment import NetworkSettings
from playground.tasks.nature_show import NatureShow
from playground.tasks.task import Batch
from playground.trace.memory import autocorrelation, autocorrelation_time, correlations
from playground.trace.snapshot import UnitMeasures


def drained(pieces: Generator[None, None, UnitMeasures]) -> UnitMeasures:
    while True:
        try:
            next(pieces)
        except StopIteration as ended:
            found: UnitMeasures = ended.value
            return found


def test_states_and_gates_leave_out_what_is_put_together() -> None:
    assert states_and_gates(CELLS["rnn"].description) == ["hidden_state"]
    lstm = states_and_gates(CELLS["lstm"].description)
    assert set(lstm) == {
        "forget_gate",
        "input_gate",
        "candidate",
        "output_gate",
        "cell_state",
        "hidden_state",
    }


@pytest.mark.parametrize("cell", ["no_memory", "rnn", "lstm", "guide_lstm", "gru"])
def test_measures_are_those_of_the_recorded_numbers(cell: str) -> None:
    task = NatureShow()
    settings = NetworkSettings(cell, units=3, layers=2)
    model = make_model(settings, task.input_size, len(task.answers), network_generator(1, cell))
    batches = task.held_out(1, 40)
    recorded = [read_batch(model, batch) for batch in batches]
    with torch.no_grad():
        hidden, _ = model.read(model.encode(torch.tensor(batches[0].inputs)))
    np.testing.assert_array_equal(recorded[0]["hidden_state"], hidden.numpy())
    pieces = unit_measures(model, task, batches, recorded, cell)
    found = drained(pieces)
    assert found.facts == tuple(task.fact_words)
    assert found.sequences == 40
    assert found.longest == max(batch.timesteps for batch in batches)
    values = np.concatenate([each["hidden_state"].reshape(-1, 3) for each in recorded])
    cues = np.concatenate([np.asarray(task.facts(batch)["cues"]).reshape(-1) for batch in batches])
    at = found.correlations[found.quantities.index("hidden_state"), found.facts.index("cues")]
    np.testing.assert_array_equal(at, correlations(values, cues))
    assert set(found.change_times) == set(CELLS[cell].states)
    for state, times in found.change_times.items():
        expected = autocorrelation_time(autocorrelation([each[state] for each in recorded]))
        np.testing.assert_array_equal(times, expected)


def test_the_units_of_a_lower_layer_are_read_where_they_are() -> None:
    task = NatureShow()
    settings = NetworkSettings("lstm", units=3, layers=3)
    model = make_model(settings, task.input_size, len(task.answers), network_generator(1, "lstm"))
    batches = task.held_out(1, 8)
    with torch.no_grad():
        layer_inputs = model.encode(torch.tensor(batches[0].inputs))
        for number, layer in enumerate(model.recurrent_layers):
            timesteps = run_layer(layer, layer_inputs)
            layer_inputs = torch.stack([now.hidden_state for now in timesteps])
            recorded = [read_batch(model, batch, number) for batch in batches]
            np.testing.assert_array_equal(recorded[0]["hidden_state"], layer_inputs.numpy())
            found = drained(unit_measures(model, task, batches, recorded, "lstm", number))
            assert (found.layer, found.depth) == (number, 3)
    top, beyond = read_batch(model, batches[0]), read_batch(model, batches[0], 7)
    np.testing.assert_array_equal(top["cell_state"], beyond["cell_state"])


def test_the_facts_of_the_nature_show() -> None:
    task = NatureShow()
    probe = task.probe()
    batch = Batch(
        inputs=probe.inputs[:, None],
        targets=probe.targets[:, None],
        asked=probe.asked[:, None],
        loss_weights=np.zeros(10, np.float32),
        distance=7,
    )
    facts = {name: np.asarray(values)[:, 0].tolist() for name, values in task.facts(batch).items()}
    # bear, fox, seven flowers and trees, then the question: a nature show
    assert facts["programme"] == [1.0] * 10
    assert facts["cues"] == [1.0] + [2.0] * 9
    assert facts["timestep"] == list(range(1, 11))
    assert facts["telling"] == [1.0, 1.0] + [0.0] * 7 + [1.0]
    home = task.sequence(("cat", "flower", "dog_or_wolf"))
    batch = Batch(
        inputs=home.inputs[:, None],
        targets=home.targets[:, None],
        asked=home.asked[:, None],
        loss_weights=np.zeros(3, np.float32),
        distance=1,
    )
    assert np.asarray(task.facts(batch)["programme"])[:, 0].tolist() == [-1.0] * 3
    assert task.at_distance(7).flowers == (7, 7)


def test_large_readings_are_thinned_out_evenly() -> None:
    readings = [np.full((2, 3, 4), index, np.float32) for index in range(9)]  # 24 numbers each
    assert [int(each[0, 0, 0]) for each in _at_most(readings, 24 * 3)] == [0, 4, 8]
    assert len(_at_most(readings, 1)) == 1
    assert len(_at_most(readings, 10**6)) == 9
