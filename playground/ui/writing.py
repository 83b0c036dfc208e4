"""What networks write: the settings it is written with, the samples so far, and how good the networks are at it.

While the run trains and the page is seen, a sample is asked for again and again, so that one can watch the writing get
better; the first one, from before training, is never thrown away.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QObject, Signal, Slot

from playground.contract.generation import GenerationSettings
from playground.contract.runner import HeldOutRequest, TraceRequest, WritingRequest
from playground.tasks.text.character_task import CharacterTask
from playground.trace.generated import Generated
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import HeldOutAnswer, RequestFailure, TraceAnswer, WritingAnswer
from playground.ui.asking import Asking
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState

MOST_SAMPLES = 12
"""The first and the latest ones."""

REST_MS = 1500
"""Between two samples that are written by themselves."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One text a network wrote at one update. `number` counts them, from 1."""

    number: int
    update: int
    network: str
    generated: Generated


class Writing(QObject):
    """One for a Generate page. GUI thread."""

    samples_changed = Signal()
    selection_changed = Signal()
    """Another sample or character is looked at, or its trace came."""
    losses_changed = Signal()
    problem_changed = Signal()

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._monitor = state, monitor
        self.settings = GenerationSettings(length=160, temperature=0.8)
        self.samples: list[Sample] = []
        self.selected: Sample | None = None
        self.place = 0
        """The character of the selected sample that is looked at (0-based)."""
        self.trace: SequenceTrace | None = None
        """What happened in the network while it read what it wrote: the selected sample."""
        self.losses: Mapping[str, float] = {}
        self.losses_update = 0
        self._count = 0
        self._seen = False
        self._trace_problem = ""
        self._asked_trace: int | None = None
        self.asking_samples = Asking(monitor, REST_MS, self._ask_sample, self._written, self)
        self.asking_losses = Asking(monitor, REST_MS, self._ask_losses, self._lost, self)
        for asking in (self.asking_samples, self.asking_losses):
            asking.rested.connect(self.look)
            asking.problem_changed.connect(self.problem_changed)
        monitor.snapshot_changed.connect(self.look)
        monitor.run_changed.connect(self._begin_anew)
        monitor.experiment_changed.connect(self._begin_anew)
        state.network_changed.connect(self._network_changed)

    @property
    def task(self) -> CharacterTask | None:
        """The text that is learned; None while something else is."""
        task = self._monitor.task
        return cast(CharacterTask, task) if task.family == "text" else None

    @property
    def problem(self) -> str:
        """Why something could not be answered, as a sentence; empty when everything was."""
        return self._trace_problem or self.asking_samples.problem or self.asking_losses.problem

    def set_seen(self, seen: bool) -> None:
        """Whether anybody sees the page: only then anything is asked."""
        self._seen = seen
        if seen:
            self.look()

    # -- writing
    def set_settings(self, settings: GenerationSettings) -> None:
        """What is written next is written like this."""
        self.settings = settings

    def write(self) -> None:
        """Write once more, now, with another seed: the same settings give another text."""
        if self.task is None:
            return
        if self._count:
            self.settings = dataclasses.replace(self.settings, seed=(self.settings.seed + 1) % 2**31)
        self.asking_samples.ask(self._about)

    @property
    def _about(self) -> tuple[int, int, str]:
        snapshot = self._monitor.snapshot
        return snapshot.run_id, snapshot.update, self._state.network

    def _ask_sample(self, callback: Callable[[WritingAnswer | RequestFailure], None]) -> int:
        moment = self._state.moment
        update = None if moment.live else moment.update
        request = WritingRequest(self.settings, (self._state.network,), update, exact=not moment.live)
        return self._monitor.request(request, callback)

    def _ask_losses(self, callback: Callable[[HeldOutAnswer | RequestFailure], None]) -> int:
        return self._monitor.request(HeldOutRequest(), callback)

    @Slot()
    def look(self) -> None:
        """Ask for what is worth asking: the first sample, then one every now and then while there is something new."""
        if not self._seen or self.task is None or self._monitor.loading or not self._state.moment.traces:
            return
        self.asking_losses.look(self._about[:2])
        if self._state.moment.live:
            self.asking_samples.look(self._about)

    def _written(self, answer: WritingAnswer) -> None:
        if self._state.moment.live:  # it may have been written later than it was asked
            self.asking_samples.about = (answer.run_id, answer.update, *answer.texts)
        for network, generated in answer.texts.items():
            self._count += 1
            sample = Sample(self._count, answer.update, network, generated)
            if len(self.samples) >= MOST_SAMPLES:
                del self.samples[1]
            self.samples.append(sample)
        self.samples_changed.emit()

    def _lost(self, answer: HeldOutAnswer) -> None:
        self.losses, self.losses_update = answer.losses, answer.update
        self.losses_changed.emit()

    # -- looking at one of them
    def select(self, sample: Sample | None, place: int = 0) -> None:
        """Look at a character of this sample; its trace is asked for."""
        another = sample is not self.selected
        self.selected = sample
        self.place = 0 if sample is None else max(0, min(place, len(sample.generated.written) - 1))
        if another:
            self.trace = None
            self._ask_trace()
        self.selection_changed.emit()

    def turn_by(self, places: int) -> None:
        """The next or an earlier character."""
        if self.selected is None and self.samples:
            self.select(self.samples[-1])
        elif self.selected is not None:
            self.select(self.selected, self.place + places)

    def _ask_trace(self) -> None:
        if self._asked_trace is not None:
            self._monitor.cancel(self._asked_trace)
            self._asked_trace = None
        sample, task = self.selected, self.task
        if sample is None or task is None:
            return
        generated = sample.generated
        read = "".join(generated.characters[symbol] for symbol in (*generated.read, *generated.written))
        self._asked_trace = self._monitor.request(
            TraceRequest(task.sequence(list(read)), sample.update, exact=True, networks=(sample.network,)),
            self._traced,
        )

    def _traced(self, answer: TraceAnswer | RequestFailure) -> None:
        self._asked_trace = None
        self._say(answer.sentence if isinstance(answer, RequestFailure) else "")
        if isinstance(answer, RequestFailure):
            return
        sample = self.selected
        if sample is not None and answer.update == sample.update:
            self.trace = answer.traces.get(sample.network)
            self.selection_changed.emit()

    # -- another run
    @Slot()
    def _begin_anew(self) -> None:
        if self._asked_trace is not None:
            self._monitor.cancel(self._asked_trace)
        self._asked_trace = None
        self.asking_samples.forget()
        self.asking_losses.forget()
        self.samples, self.selected, self.trace, self.losses = [], None, None, {}
        self._count = 0
        self._say("")
        self.samples_changed.emit()
        self.losses_changed.emit()
        self.selection_changed.emit()
        self.look()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self.look()

    def _say(self, sentence: str) -> None:
        if sentence != self._trace_problem:
            self._trace_problem = sentence
            self.problem_changed.emit()
