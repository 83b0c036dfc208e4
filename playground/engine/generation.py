"""Lets a trained network write, or forecast on its own: pure functions of weights and arguments, on the calling thread.

One timestep after the other by the reference equations: what is drawn at one timestep is read at the next.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

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


class Writing:
    """Some texts while they are written, a few characters at a time; every text has random numbers of its own.

    Memory begins at zero and reads a line end (where the vocabulary has one), then the prompt.
    """

    def __init__(self, vocabulary: Vocabulary, settings: GenerationSettings, count: int) -> None:
        self.vocabulary, self.settings, self.count = vocabulary, settings, count
        begin = vocabulary.index("\n")
        prompt, self._strange = vocabulary.encode(settings.prompt)
        self._read = np.concatenate([[0 if begin is None else begin], prompt]).astype(np.int64)  # (P,)
        self._newline = begin if settings.stop_at_newline else None
        self._random_numbers = np.stack(
            [_text_generator(settings.seed, row).random(settings.length) for row in range(count)]
        )  # (R, N)
        self._symbols = torch.tensor(self._read)[:, None].expand(-1, count)  # (P, R) what is read next
        self._states: States | None = None
        self._going = np.ones(count, dtype=np.bool_)
        self._lengths = np.zeros(count, dtype=np.int64)
        self._logits: list[NDArray[np.float32]] = []
        self._written: list[NDArray[np.int64]] = []

    @property
    def done(self) -> bool:
        """Whether all that was wanted is written."""
        return len(self._written) >= self.settings.length or not self._going.any()

    def go_on(self, model: SequenceModel, most: int) -> None:
        """Up to `most` more characters of every text. The model must have the same weights each time.

        Raises ValueError with a sentence when it is of another text, or its outputs are not numbers.
        """
        if model.input_size != self.vocabulary.size:
            raise ValueError(
                f"The network knows {model.input_size} characters and this text has {self.vocabulary.size}: "
                "train it on this text first."
            )
        settings = self.settings
        with torch.no_grad():
            for _ in range(most):
                if self.done:
                    return
                outputs, self._states = model.run(self._symbols, self._states)
                now = outputs[-1].numpy().astype(np.float32)  # (R, K)
                drawn = np.zeros(self.count, dtype=np.int64)
                for row in np.flatnonzero(self._going):
                    chances = sampling_chances(now[row], settings.temperature, settings.top_k, settings.top_p)
                    drawn[row] = drawn_symbol(chances, self._random_numbers[row, len(self._written)])
                self._lengths += self._going
                self._logits.append(now)
                self._written.append(drawn)
                self._symbols = torch.tensor(drawn)[None]  # (1, R)
                if self._newline is not None:
                    self._going &= drawn != self._newline

    def texts(self) -> list[Generated]:
        """What has been written so far: at least one character."""
        written, logits = np.stack(self._written, axis=1), np.stack(self._logits, axis=1)  # (R, N), (R, N, K)
        texts = []
        for row, length in enumerate(self._lengths):
            texts.append(
                Generated(
                    settings=self.settings,
                    characters=self.vocabulary.characters,
                    read=self._read.copy(),
                    written=written[row, :length].copy(),
                    logits=logits[row, :length].copy(),
                    random_numbers=self._random_numbers[row, :length].copy(),
                    strange=self._strange,
                    stopped=self._newline is not None and int(written[row, length - 1]) == self._newline,
                )
            )
        return texts


def generate_many(
    model: SequenceModel,
    vocabulary: Vocabulary,
    settings: GenerationSettings,
    count: int,
    cancelled: Cancelled = _never,
) -> list[Generated] | None:
    """`count` texts side by side: text r is the same however many are written. None once cancelled, which is asked
    before every character. Raises as `Writing.go_on`."""
    writing = Writing(vocabulary, settings, count)
    while not writing.done:
        if cancelled():
            return None
        writing.go_on(model, 1)
    return writing.texts()


def generate(
    model: SequenceModel, vocabulary: Vocabulary, settings: GenerationSettings, cancelled: Cancelled = _never
) -> Generated | None:
    """One text; None once cancelled."""
    found = generate_many(model, vocabulary, settings, 1, cancelled)
    return None if found is None else found[0]


def written_lines(
    model: SequenceModel, task: CharacterTask, count: int, seed: int, temperature: float = 1.0
) -> list[str]:
    """`count` lines, each written from a line end on, of at most 200 characters."""
    settings = GenerationSettings(temperature=temperature, length=200, seed=seed, stop_at_newline=True)
    found = generate_many(model, task.vocabulary, settings, count)
    assert found is not None
    return [text.text.removesuffix("\n") for text in found]


class Forecasting:
    """A forecast while it is made: one timestep ahead through the held-out part, then free-running.

    The free-running one begins at `start` (a position, 0-based; None: where the held-out part begins) and feeds on its
    own forecasts for `horizon` timesteps, beyond the end of the series if need be.
    """

    def __init__(self, task: SeriesTask, start: int | None = None, horizon: int = 0) -> None:
        """Raises ValueError with a sentence for a place where nothing lies before, or a horizon that is too long."""
        series = task.series
        self.task = task
        self.start = series.split if start is None else start
        self.horizon = horizon
        if not 1 <= self.start <= series.length:
            raise ValueError(
                f"A forecast begins at a position from 1 to {series.length}, not at {self.start}."
            )
        if not 0 <= horizon <= MOST_HORIZON:
            raise ValueError(f"A forecast goes on for 0 to {MOST_HORIZON:,} timesteps, not for {horizon}.")
        (batch,) = task.held_out_all()
        self._inputs = torch.tensor(batch.inputs)  # (T, 1, I)
        self._asked = batch.asked[:, 0]
        self._outputs: list[NDArray[np.float32]] = []
        self._place = 0  # timesteps of the held-out part that were read
        self._states: States | None = None
        # The row of start - 1 tells of the value at `start`; beyond the last row the calendar goes on by itself.
        before = range(max(0, self.start - WARM_UP), self.start)
        rows = [
            task.inputs[i] if i < len(task.inputs) else task.next_inputs(float(task.scaled[i]), i)
            for i in before
        ]
        self._free_inputs = torch.tensor(np.array(rows, dtype=np.float32))[:, None]  # (T, 1, I)
        self._free_states: States | None = None
        self._said: list[float] = []

    @property
    def done(self) -> bool:
        """Whether all that was wanted is forecast."""
        return self._place >= len(self._inputs) and len(self._said) >= self.horizon

    def go_on(self, model: SequenceModel, most: int) -> None:
        """Reads up to `most` more values. The model must have the same weights each time."""
        with torch.no_grad():
            if self._place < len(self._inputs):
                part = self._inputs[self._place : self._place + most]
                outputs, self._states = model.run(part, self._states)
                self._outputs.append(outputs[:, 0, 0].numpy())
                self._place += len(part)
                return
            done = 0
            while done < most and not self.done:
                part, rest = self._free_inputs[: most - done], self._free_inputs[most - done :]
                outputs, self._free_states = model.run(part, self._free_states)
                done += len(part)
                if len(rest):  # still warming up
                    self._free_inputs = rest
                    continue
                self._said.append(float(outputs[-1, 0, 0]))
                row = self.task.next_inputs(self._said[-1], self.start + len(self._said) - 1)
                self._free_inputs = torch.tensor(row)[None, None]  # (1, 1, I)

    def result(self) -> Forecast:
        """The whole forecast, once it is done."""
        task, first = self.task, self.task.series.split
        scaled = np.concatenate(self._outputs)[self._asked]  # (M,)
        free = np.array(self._said, dtype=np.float32)
        return Forecast(
            first=first,
            one_ahead=task.one_ahead(scaled, np.arange(first, first + len(scaled))),
            start=self.start,
            free=task.path(free, self.start) if self.horizon else np.empty(0),
            scaled=scaled.astype(np.float32),
        )


def forecast(
    model: SequenceModel,
    task: SeriesTask,
    *,
    start: int | None = None,
    horizon: int = 0,
    cancelled: Cancelled = _never,
) -> Forecast | None:
    """The whole of a `Forecasting`; None once cancelled. Raises as that does."""
    making = Forecasting(task, start, horizon)
    while not making.done:
        if cancelled():
            return None
        making.go_on(model, 100)
    return making.result()


WARM_UP = 800
"""Values that are read before a free-running forecast begins."""


def _text_generator(seed: int, row: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(3, row))))
