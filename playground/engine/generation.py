"""Lets a trained network write, or forecast on its own: pure functions of weights and arguments, on the calling thread.

One timestep after the other by the reference equations: what is drawn at one timestep is read at the next.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.contract.generation import GenerationSettings
from playground.engine.model import SequenceModel, States
from playground.tasks.series.series_task import SeriesTask
from playground.tasks.text.character_task import CharacterTask
from playground.tasks.text.vocabulary import Vocabulary
from playground.trace.generated import Forecast, Generated
from playground.trace.sampling import drawn_symbol, sampling_chances

MOST_HORIZON = 5000

Cancelled = Callable[[], bool]


def _never() -> bool:
    return False


def generate(
    model: SequenceModel, vocabulary: Vocabulary, settings: GenerationSettings, cancelled: Cancelled = _never
) -> Generated | None:
    """One text; None once cancelled. See `generate_many`."""
    found = generate_many(model, vocabulary, settings, 1, cancelled)
    return None if found is None else found[0]


def generate_many(
    model: SequenceModel,
    vocabulary: Vocabulary,
    settings: GenerationSettings,
    count: int,
    cancelled: Cancelled = _never,
) -> list[Generated] | None:
    """`count` texts side by side, each with random numbers of its own: text r is the same however many are written.

    Memory begins at zero and reads a line end (where the vocabulary has one), then the prompt. `cancelled` is asked
    before every character. Raises ValueError with a sentence when the network's outputs are not numbers.
    """
    begin = vocabulary.index("\n")
    prompt, strange = vocabulary.encode(settings.prompt)
    read = np.concatenate([[0 if begin is None else begin], prompt]).astype(np.int64)  # (P,)
    random_numbers = np.stack(
        [_text_generator(settings.seed, row).random(settings.length) for row in range(count)]
    )  # (R, N)
    newline = begin if settings.stop_at_newline else None
    symbols = torch.tensor(read)[:, None].expand(-1, count)  # (P, R)
    states: States | None = None
    going = np.ones(count, dtype=np.bool_)
    lengths = np.zeros(count, dtype=np.int64)
    logits, written = [], []
    with torch.no_grad():
        for place in range(settings.length):
            if cancelled():
                return None
            outputs, states = model.run(_as_inputs(symbols, model), states)
            now = outputs[-1].numpy().astype(np.float32)  # (R, K)
            drawn = np.zeros(count, dtype=np.int64)
            for row in np.flatnonzero(going):
                chances = sampling_chances(now[row], settings.temperature, settings.top_k, settings.top_p)
                drawn[row] = drawn_symbol(chances, random_numbers[row, place])
            lengths += going
            logits.append(now)
            written.append(drawn)
            if newline is not None:
                going &= drawn != newline
                if not going.any():
                    break
            symbols = torch.tensor(drawn)[None]  # (1, R)
    all_written, all_logits = np.stack(written, axis=1), np.stack(logits, axis=1)  # (R, N), (R, N, K)
    return [
        Generated(
            settings=settings,
            characters=vocabulary.characters,
            read=read.copy(),
            written=all_written[row, : lengths[row]].copy(),
            logits=all_logits[row, : lengths[row]].copy(),
            random_numbers=random_numbers[row, : lengths[row]].copy(),
            strange=strange,
            stopped=newline is not None and int(all_written[row, lengths[row] - 1]) == newline,
        )
        for row in range(count)
    ]


def written_lines(
    model: SequenceModel, task: CharacterTask, count: int, seed: int, temperature: float = 1.0
) -> list[str]:
    """`count` lines, each written from a line end on, of at most 200 characters."""
    settings = GenerationSettings(temperature=temperature, length=200, seed=seed, stop_at_newline=True)
    found = generate_many(model, task.vocabulary, settings, count)
    assert found is not None
    return [text.text.removesuffix("\n") for text in found]


def forecast(
    model: SequenceModel,
    task: SeriesTask,
    *,
    start: int | None = None,
    horizon: int = 0,
    cancelled: Cancelled = _never,
) -> Forecast | None:
    """One-step forecasts of the whole held-out part, and a free-running one of `horizon` timesteps from `start` on.

    `start` (a position, 0-based) None: where the held-out part begins. None once cancelled. Raises ValueError with a
    sentence for a place where nothing lies before, or a horizon that is too long.
    """
    series = task.series
    start = series.split if start is None else start
    if not 1 <= start <= series.length:
        raise ValueError(f"A forecast begins at a position from 1 to {series.length}, not at {start}.")
    if not 0 <= horizon <= MOST_HORIZON:
        raise ValueError(f"A forecast goes on for 0 to {MOST_HORIZON:,} timesteps, not for {horizon}.")
    (batch,) = task.held_out_all()
    with torch.no_grad():
        outputs, _ = model.run(torch.tensor(batch.inputs))
        scaled = outputs.numpy()[batch.asked][:, 0]  # (M,)
        free = _free_running(model, task, start, horizon, cancelled)
    if free is None:
        return None
    positions = np.arange(series.split, series.split + len(scaled))
    return Forecast(
        first=series.split,
        one_ahead=task.one_ahead(scaled, positions),
        start=start,
        free=task.path(free, start) if horizon else np.empty(0),
        scaled=scaled.astype(np.float32),
    )


def _free_running(
    model: SequenceModel, task: SeriesTask, start: int, horizon: int, cancelled: Cancelled
) -> NDArray[np.float32] | None:
    """(F,) scaled: reads the true values before `start`, then its own forecasts."""
    said = np.zeros(horizon, dtype=np.float32)
    before = max(0, start - WARM_UP)
    # the row of position start - 1 tells of the value at `start`; beyond the last one the calendar goes on by itself
    rows = [
        task.inputs[i] if i < len(task.inputs) else task.next_inputs(float(task.scaled[i]), i)
        for i in range(before, start)
    ]
    inputs = torch.tensor(np.array(rows, dtype=np.float32))[:, None]  # (T, 1, I)
    states: States | None = None
    for place in range(horizon):
        if cancelled():
            return None
        outputs, states = model.run(inputs, states)
        said[place] = float(outputs[-1, 0, 0])
        inputs = torch.tensor(task.next_inputs(float(said[place]), start + place))[None, None]  # (1, 1, I)
    return said


WARM_UP = 800
"""Values that are read before a free-running forecast begins."""


def _as_inputs(symbols: Tensor, model: SequenceModel) -> Tensor:
    """(T, R) symbols, as the model reads them."""
    if symbols.numel() and int(symbols.max()) >= model.input_size:
        raise ValueError(
            f"The network knows {model.input_size} characters; this text has more. Train it on this text first."
        )
    return symbols


def _text_generator(seed: int, row: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(3, row))))
