"""Writing and free-running forecasts: pure, explained character by character, and equal to one pass over the result."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from playground.contract.generation import GenerationSettings
from playground.engine.generation import forecast, generate, generate_many, written_lines
from playground.engine.held_out import held_out_loss
from playground.engine.model import SequenceModel, make_model, network_generator
from playground.experiment import NetworkSettings
from playground.tasks.series.learned_series import EnglandWales, Shares
from playground.tasks.series.settings import SeriesSettings
from playground.tasks.task import dense
from playground.tasks.text.learned_texts import Names
from playground.trace.generated import Generated
from playground.trace.sampling import drawn_symbol, sampling_chances

TASK = Names()


def network(cell: str = "lstm", embedding: int = 0) -> SequenceModel:
    model = make_model(
        NetworkSettings(cell, units=12, layers=2, embedding=embedding),
        TASK.input_size,
        len(TASK.answers),
        network_generator(1, cell),
        symbolic=True,
    )
    with torch.no_grad():
        model.head.weight.mul_(8.0)  # so that it prefers something
    return model


MODEL = network()


def written(**how: object) -> Generated:
    found = generate(MODEL, TASK.vocabulary, GenerationSettings(**{"length": 40, **how}))  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(("cell", "embedding"), [("lstm", 0), ("gru", 5), ("no_memory", 0)])
def test_what_is_given_at_each_place_is_what_one_pass_over_the_text_gives(cell: str, embedding: int) -> None:
    model = network(cell, embedding)
    found = generate(model, TASK.vocabulary, GenerationSettings(prompt="An", length=30, seed=3))
    assert found is not None
    everything = np.concatenate([found.read, found.written])
    with torch.no_grad():
        logits = model(torch.tensor(everything)[:, None])[:, 0].numpy()
    np.testing.assert_allclose(found.logits, logits[len(found.read) - 1 : -1], atol=1e-4)
    vectors = torch.tensor(dense(everything, TASK.input_size))[:, None]
    with torch.no_grad():
        np.testing.assert_allclose(model(vectors)[:, 0].numpy(), logits, atol=1e-4)


def test_every_character_is_the_one_its_random_number_falls_on() -> None:
    found = written(temperature=0.7, top_k=9, top_p=0.9, seed=5)
    for place in range(len(found.written)):
        chances = sampling_chances(found.logits[place], 0.7, 9, 0.9)
        assert drawn_symbol(chances, found.random_numbers[place]) == found.written[place]
        choice = found.choice(place)
        assert choice.character == found.text[place]
        assert choice.low <= choice.random_number <= choice.high
        assert choice.high - choice.low == pytest.approx(chances[choice.drawn])
        assert np.count_nonzero(choice.chances) <= 9
        assert (np.diff(choice.chances) <= 0).all()
        assert choice.probabilities.sum() == pytest.approx(1.0)
        assert choice.characters[0] == TASK.vocabulary.characters[int(choice.order[0])]


def test_the_same_arguments_write_the_same_text_and_another_seed_another() -> None:
    assert written(seed=1).text == written(seed=1).text
    assert written(seed=1).text != written(seed=2).text
    before = [parameter.clone() for parameter in MODEL.parameters()]
    written()
    assert all(torch.equal(a, b) for a, b in zip(before, MODEL.parameters(), strict=True))


def test_a_text_is_the_same_however_many_are_written_beside_it() -> None:
    settings = GenerationSettings(length=25, seed=4)
    many = generate_many(MODEL, TASK.vocabulary, settings, 5)
    few = generate_many(MODEL, TASK.vocabulary, settings, 2)
    assert many is not None
    assert few is not None
    assert [text.text for text in many[:2]] == [text.text for text in few]
    assert len({text.text for text in many}) == 5


def test_temperature_zero_always_writes_the_likeliest() -> None:
    found = written(temperature=0.0, seed=1)
    assert (found.logits.argmax(axis=1) == found.written).all()
    assert found.text == written(temperature=0.0, seed=2).text
    assert found.choice(3).chances[0] == 1.0


def test_a_prompt_is_read_first_and_strange_characters_are_told() -> None:
    found = written(prompt="Mar7y")
    assert found.prompt == "Mary"
    assert found.strange == "7"
    assert found.notice == "The text has none of these characters, so the network does not know them: 7"
    assert written(prompt="Mary").notice is None
    assert written(prompt="Mary").text == found.text
    assert written(prompt="Q").text != found.text
    assert TASK.vocabulary.characters[int(found.read[0])] == "\n"


def test_writing_ends_at_the_line_end_if_wanted() -> None:
    found = generate_many(MODEL, TASK.vocabulary, GenerationSettings(length=300, stop_at_newline=True), 20)
    assert found is not None
    stopped = [text for text in found if text.stopped]
    assert stopped
    for text in stopped:
        assert text.text.count("\n") == 1
        assert text.text.endswith("\n")
        assert len(text.logits) == len(text.random_numbers) == len(text.text)
    lines = written_lines(MODEL, TASK, 7, seed=1)
    assert len(lines) == 7
    assert not any("\n" in line for line in lines)


def test_writing_can_be_given_up() -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 5

    assert generate(MODEL, TASK.vocabulary, GenerationSettings(length=100), cancelled) is None
    assert len(asked) == 6


def test_the_held_out_loss_of_a_network_that_knows_nothing_is_that_of_chance() -> None:
    model = network()
    with torch.no_grad():
        model.head.weight.zero_()
        model.head.bias.zero_()
    loss = held_out_loss(model, TASK.held_out_all()[:3], TASK.loss)
    assert loss == pytest.approx(np.log(TASK.input_size), rel=1e-6)


def test_the_held_out_loss_by_hand() -> None:
    batch = TASK.held_out(1, 3)[0]
    with torch.no_grad():
        probabilities = torch.softmax(MODEL(torch.tensor(batch.inputs)), dim=-1).numpy()
    losses = [
        -np.log(probabilities[t, b, batch.targets[t, b]])
        for t, b in zip(*np.nonzero(batch.asked), strict=True)
    ]
    assert held_out_loss(MODEL, [batch], TASK.loss) == pytest.approx(float(np.mean(losses)), rel=1e-5)


# -- series
SERIES = EnglandWales(SeriesSettings(calendar=True))


def series_network(task: EnglandWales | Shares) -> SequenceModel:
    return make_model(NetworkSettings("lstm", units=6), task.input_size, 1, network_generator(2, "lstm"))


def test_the_first_free_forecast_is_the_one_step_forecast_and_the_next_feeds_on_it() -> None:
    model = series_network(SERIES)
    found = forecast(model, SERIES, horizon=4)
    assert found is not None
    assert len(found.one_ahead) == 672
    assert found.start == found.first == 3360
    assert found.free[0] == pytest.approx(found.one_ahead[0], rel=1e-4)
    inputs = [SERIES.inputs[i] for i in range(3360 - 700, 3360)]
    for value in found.free[:-1]:
        row = SERIES.inputs[len(inputs) + 2660].copy()
        row[0] = (value - SERIES.scaling.mean) / SERIES.scaling.deviation
        inputs.append(row)
    with torch.no_grad():
        outputs = model(torch.tensor(np.array(inputs))[:, None])[-4:, 0, 0].numpy()
    np.testing.assert_allclose(found.free, SERIES.scaling.unscaled(outputs.astype(np.float64)), rtol=1e-4)


def test_a_forecast_may_go_beyond_the_end_of_the_series() -> None:
    found = forecast(series_network(SERIES), SERIES, start=SERIES.series.length, horizon=60)
    assert found is not None
    assert len(found.free) == 60
    assert np.isfinite(found.free).all()
    with pytest.raises(ValueError, match="begins at a position from 1 to 4032, not at 0"):
        forecast(series_network(SERIES), SERIES, start=0)
    with pytest.raises(ValueError, match="goes on for 0 to 5,000"):
        forecast(series_network(SERIES), SERIES, horizon=10**6)
    assert forecast(series_network(SERIES), SERIES, horizon=9, cancelled=lambda: True) is None


def test_who_says_no_change_forecasts_today_s_price() -> None:
    task = Shares()
    model = series_network(task)
    with torch.no_grad():
        model.head.weight.zero_()
        model.head.bias.fill_(-task.scaling.mean / task.scaling.deviation)
    found = forecast(model, task, horizon=10)
    assert found is not None
    np.testing.assert_allclose(found.one_ahead, task.series.values[task.series.split - 1 : -1], rtol=1e-6)
    np.testing.assert_allclose(found.free, task.series.values[task.series.split - 1], rtol=1e-6)
    assert task.errors(found.scaled).mape == pytest.approx(task.naive_errors[0][1].mape, rel=1e-5)


def test_settings_of_writing_are_a_frozen_record() -> None:
    assert dataclasses.replace(GenerationSettings(), seed=3) == GenerationSettings(seed=3)
