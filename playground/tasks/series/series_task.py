"""Reads one value, forecasts the next: squared error, a stream with carried memory, the end of the series held out.

What comes in at position i is the scaled value there (and, if wanted, the calendar of position i + 1); what is to be
said is the scaled value at i + 1. Scaling is fitted on the training part alone. Shares may be seen as log returns;
errors are always those of the series itself, in its unit. Signs: T timesteps, B rows, I inputs, K = 1, N values.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import Words
from playground.tasks.series import sources
from playground.tasks.series.series import (
    DAY,
    Errors,
    Naive,
    Scaling,
    Series,
    Values,
    errors_of,
    naive_errors,
)
from playground.tasks.series.settings import (
    SeriesSettings,
)
from playground.tasks.stream_task import Guess, StreamTask
from playground.tasks.task import (
    SQUARED_ERROR,
    Answer,
    Batch,
    Event,
    EventSequence,
    Family,
    FloatArray,
    IntArray,
    Loss,
    TaskSettings,
)
from playground.tasks.task_words import TaskWords

WARM_UP = COUNTED = 48
"""Values of a held-out sequence: those that are read to warm the memory up, and those that count."""

LONGEST_WARM_UP = 400
"""Values that are read before the held-out part when all of it is forecast in one go."""

MOST_HELD_OUT = 20_000
"""Values of the held-out part that errors are measured on, at most: the first ones."""


class SeriesTask(StreamTask):
    """Forecasts one series one timestep ahead. Subclasses name the series."""

    settings_type: ClassVar[type[TaskSettings]] = SeriesSettings
    name = "series"
    title = "Your own series"
    question = "What is the next value?"
    plainly: Words | None = None
    """What has to be said of a series wherever its forecast is shown, if anything."""
    family: Family = "series"
    loss: Loss = SQUARED_ERROR
    things = "values"
    warm_up, counted, held_out_key = WARM_UP, COUNTED, 2
    rivals = (0, 0)
    answers: tuple[Answer, ...] = (Answer(0, "value", "next value"),)
    spoken = TaskWords(
        event="value",
        remembered="what came before",
        asked_at="for the next value",
        story=Words(
            "The network reads a series one value at a time and says at each what the next one will be. Others can do "
            "that by copying yesterday: the page always shows how well.",
            "One-step forecasts with squared error; the memory is carried through the whole training part.",
        ),
    )
    filler_words = Words("other values", "other values")
    criterion = Words(
        "A forecast counts as right when it is nearer than 'same as now' is on average.",
        "A forecast is right when its error is below the mean absolute error of persistence on the training part.",
    )

    def __init__(self, settings: SeriesSettings | None = None) -> None:
        made: Any = self.settings_type() if settings is None else settings
        self.settings: SeriesSettings = made
        self.series: Series = self._read()
        seen = self._seen(self.series.values)
        self.scaling = Scaling.of(seen[: self.series.split])
        scaled = self.scaling.scaled(seen)
        self.scaled: FloatArray = scaled.astype(np.float32)  # (N,) what the network sees and says
        self.inputs: FloatArray = self._inputs()  # (N - 1, I)
        self.input_size = self.inputs.shape[1]
        training = scaled[: self.series.split]
        self.tolerance = float(np.abs(np.diff(training)).mean())
        for array in (self.scaled, self.inputs):
            array.setflags(write=False)

    def _read(self) -> Series:
        return sources.sine_mixture()

    def _seen(self, values: Values) -> Values:
        """(N,) what of the series the network sees, before scaling."""
        return values

    def _inputs(self) -> FloatArray:
        columns = [self.scaled[:-1]]
        if self.settings.calendar:
            columns += calendar(self.series)
        return np.stack(columns, axis=1).astype(np.float32)

    # -- what is shown
    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know of this series, a sentence each."""
        notices = self.series.notices
        if self.settings.calendar and self.input_size == 1:
            notices = (*notices, "This series has no times, so there is no calendar to tell.")
        return notices

    @cached_property
    def chance(self) -> float:  # type: ignore[override]
        """How often 'same as now' counts as right on the held-out part."""
        changes = np.diff(self.scaled[self.split - 1 : self.end])
        return float((np.abs(changes) < self.tolerance).mean())

    def baseline(self) -> tuple[float, Words]:
        """The squared error of 'same as now' on the held-out part, as the network's loss is counted."""
        loss = float((np.diff(self.scaled[self.split - 1 : self.end].astype(np.float64)) ** 2).mean())
        sentence = f"Always forecasting '{self.series.naive[0].title}' has a squared error of {loss:.3g}."
        return loss, Words(sentence, sentence)

    @cached_property
    def naive_errors(self) -> tuple[tuple[Naive, Errors], ...]:
        """What the naive forecasts reach on the held-out part, in the unit of the series: always shown beside ours."""
        return naive_errors(self.series, MOST_HELD_OUT)

    def errors(self, outputs: NDArray[Any]) -> Errors:
        """The errors on the held-out part, in the unit of the series, of what a network said there (M,), scaled: the
        forecasts of positions split..split + M - 1, each made one timestep before."""
        first = self.series.split
        forecast = self.one_ahead(outputs, np.arange(first, first + len(outputs)))
        return errors_of(forecast, self.series.values[first : first + len(outputs)])

    def one_ahead(self, outputs: NDArray[Any], positions: IntArray) -> Values:
        """Forecasts in the unit of the series: what was said (M,), scaled, about the values at these positions, when
        all before them were known."""
        return self.scaling.unscaled(outputs.astype(np.float64))

    def path(self, outputs: NDArray[Any], position: int) -> Values:
        """A free-running forecast in the unit of the series: what was said (M,), scaled, about `position` and the
        values after it, when only those before `position` were known."""
        return self.one_ahead(outputs, np.arange(position, position + len(outputs)))

    def next_inputs(self, output: float, position: int) -> FloatArray:
        """(I,) what the network reads at `position` if `output` is taken for the value there. Position N - 1 and later
        ones are beyond the series: the calendar goes on as its spacing says."""
        row = np.empty(self.input_size, np.float32)
        row[0] = output
        if self.input_size > 1:
            row[1:] = [column[0] for column in calendar_at(self.series, np.array([position + 1]))]
        return row

    def events(self) -> tuple[Event, ...]:
        """The values of the probe. An event's name is its position in the series; `sequence` takes any."""
        return self.probe_events()

    # -- the stream
    @property
    def stream_title(self) -> str:
        """The title of the series."""
        return self.series.title

    @property
    def split(self) -> int:
        """The position of the first value that is held out."""
        return self.series.split

    @property
    def end(self) -> int:
        """The position after the last held-out value that errors are measured on."""
        return min(self.series.length, self.split + MOST_HELD_OUT)

    def inputs_at(self, positions: IntArray) -> FloatArray:
        """(..., I) the scaled values at these positions, and the calendar of the values after them if it is told."""
        return self.inputs[positions]

    def targets_at(self, positions: IntArray) -> FloatArray:
        """(..., 1) the scaled values after them."""
        return self.scaled[positions + 1][..., None]

    def word_at(self, position: int) -> str:
        """The value without its unit."""
        return f"{self.series.values[position]:,.{self.series.decimals}f}"

    def memoryless(self) -> Guess:
        """Saying the value that is there: the mean squared change, scaled."""
        changes = np.diff(self.scaled[: self.split].astype(np.float64))
        return Guess(float((changes**2).mean()), f"saying '{self.series.naive[0].title}'")

    def held_out_all(self) -> list[Batch]:
        """The whole held-out part as one sequence, read from 400 values before it: every value forecast once."""
        return self.windows(np.array([self.split]), LONGEST_WARM_UP, self.end - self.split)

    # -- single sequences
    def probe_positions(self) -> range:
        """The positions of the probe: the beginning of the held-out part."""
        length = min(self.series.probe_length, self.end - self.series.split)
        return range(self.series.split - 1, self.series.split - 1 + length)

    def probe_events(self) -> tuple[Event, ...]:
        """The events of `probe`."""
        return tuple(self._event(position) for position in self.probe_positions())

    def probe(self) -> EventSequence:
        """The beginning of the held-out part, forecast one timestep ahead."""
        return self.positions_sequence(np.array(self.probe_positions()))

    def sequence(self, event_names: Sequence[str]) -> EventSequence:
        """The values at these positions, one after the other. Raises KeyError with a sentence."""
        if not event_names:
            raise ValueError("A sequence needs at least one value; this one is empty.")
        positions = []
        for name in event_names:
            if not name.isdecimal() or not 0 <= int(name) < len(self.inputs):
                raise KeyError(f"'{name}' is no position of this series: it has 0 to {len(self.inputs) - 1}.")
            positions.append(int(name))
        return self.positions_sequence(np.array(positions))

    def positions_sequence(self, positions: IntArray) -> EventSequence:
        """The values at these positions (T,), 0..N-2; at each the target is the value after it."""
        return EventSequence(
            events=tuple(self._event(int(position)) for position in positions),
            inputs=self.inputs[positions],  # (T, I)
            targets=self.scaled[positions + 1][:, None],  # (T, 1)
            asked=np.ones(len(positions), dtype=np.bool_),
        )

    def asking_inputs(self) -> FloatArray:
        """(I,) the mean of the training part, at no particular time."""
        zeros = np.zeros(self.input_size, np.float32)
        zeros.setflags(write=False)
        return zeros

    def _event(self, position: int) -> Event:
        when = self.series.time_in_words(position)
        value = self.series.in_words(float(self.series.values[position]))
        return Event(name=str(position), title=f"{when}: {value}", short=value.split(" ")[0])


def calendar(series: Series) -> list[FloatArray]:
    """The calendar inputs of all positions but the last, (N - 1,) each: of the value after each, as sine and cosine.

    Hour of the day where values are less than a day apart, weekday where at most a day, time of year where less than
    a year. Nothing for a series without times.
    """
    return calendar_at(series, np.arange(1, series.length))


def calendar_at(series: Series, positions: IntArray) -> list[FloatArray]:
    """The calendar inputs of the values at these positions (M,), which may lie beyond the end of the series."""
    spacing = series.spacing
    if series.times is None or not spacing:
        return []
    inside = np.minimum(positions, series.length - 1)
    seconds = series.times[inside].astype(np.int64) + (positions - inside) * spacing  # (M,)
    columns = []
    for period, present in (
        (DAY, spacing < DAY),
        (7 * DAY, spacing <= DAY),
        (365.2425 * DAY, spacing < 300 * DAY),
    ):
        if present:
            angle = 2.0 * np.pi * (seconds % period) / period
            columns += [np.sin(angle).astype(np.float32), np.cos(angle).astype(np.float32)]
    return columns
