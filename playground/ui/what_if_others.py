"""What a what-if does beyond the one sequence that is shown: right answers on many others, and what the network says
after another story. One answer can be luck or habit; many tell whether it still knows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.contract.intervention import Intervention, is_event_edit
from playground.contract.runner import ChangedRateRequest, TraceRequest
from playground.tasks.task import EventSequence
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import ChangedRateAnswer, RequestFailure, TraceAnswer
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState
from playground.ui.what_if import WhatIf

ASKED_AFTER_MS, ASKED_AGAIN_AFTER_MS = 60, 900
"""A list that is being changed is asked about when it rests; while training goes on, not more often than that."""
MOST_SEQUENCES, FEWEST_SEQUENCES = 500, 60
MOST_TIMESTEPS = 40_000
"""Longer sequences are asked about in smaller numbers: so many timesteps together."""


@dataclass(frozen=True, eq=False)
class OtherAnswers:
    """What is known of one network: `rates` on other sequences, and its traces of a `rival` story that ends in the
    other answer, as it is (`rival_true`) and with the what-if (`rival_changed`); None where there is no such story."""

    network: str
    interventions: tuple[Intervention, ...]
    rates: ChangedRateAnswer
    rival: EventSequence | None = None
    rival_true: SequenceTrace | None = None
    rival_changed: SequenceTrace | None = None


class OtherSequences(QObject):
    """One for a window: `OtherSequences.of(state, monitor)`. GUI thread.

    It asks after the what-if itself was answered, for the opened network alone, with the weights that are shown.
    Edits of events are about one sequence: where nothing else is changed, nothing is asked.
    """

    changed = Signal()

    @staticmethod
    def of(state: UiState, monitor: RunMonitor) -> OtherSequences:
        """That of this window."""
        found = monitor.findChild(OtherSequences)
        return found if found is not None else OtherSequences(state, monitor)

    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        super().__init__(monitor)
        self._state, self._monitor = state, monitor
        self._what_if = WhatIf.of(state, monitor)
        self._answers: OtherAnswers | None = None
        self._question: tuple[str, tuple[Intervention, ...]] | None = None
        """What is asked about, or will be: a network and what is changed in it."""
        self._about: tuple[SequenceTrace, tuple[Intervention, ...]] | None = None
        """What the latest answers are about: with which weights."""
        self._asked: set[int] = set()
        self._rates: ChangedRateAnswer | None = None
        self._rival_traces: dict[bool, SequenceTrace] = {}
        self._wanted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        state.what_if_changed.connect(self._look)
        state.network_changed.connect(self._network_changed)
        state.page_changed.connect(self._network_changed)
        monitor.run_changed.connect(self._run_changed)

    # -- what is known
    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """What is changed in the opened network, without edits of events; empty where there is nothing to ask about."""
        view = self._state.what_if
        if view is None:
            return ()
        return tuple(each for each in view.interventions if not is_event_edit(each))

    @property
    def answers(self) -> OtherAnswers | None:
        """What is known of the opened network with what is changed now, at this or an earlier moment of the run."""
        known, interventions = self._answers, self.interventions
        if known is None or not interventions or known.network != self._state.network:
            return None
        return known if known.interventions == interventions else None

    @property
    def waiting(self) -> bool:
        """Whether an answer is on its way, or will be asked for soon."""
        return bool(self._asked) or self._timer.isActive()

    @property
    def count(self) -> int:
        """How many other sequences are asked: fewer where they are long."""
        fitting = MOST_TIMESTEPS // self._what_if.true_sequence.length
        return max(FEWEST_SEQUENCES, min(MOST_SEQUENCES, fitting))

    # -- who looks
    def want(self, wanted: bool) -> None:
        """Whether anybody shows it: what nobody sees is not asked."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._look()

    # -- asking
    @Slot()
    def _look(self) -> None:
        """Ask soon, if something else is to be known now."""
        view, network = self._state.what_if, self._state.network
        true = view.true.get(network) if view is not None else None
        if true is None or not self.interventions or not self._wanted or self._state.page != "step":
            self._give_up()
            self.changed.emit()
            return
        question = (network, self.interventions)
        if question == self._question:
            if self._asked or self._timer.isActive():
                return  # training goes on: what is under way is answered first
            if self._about is not None and self._about[0] is true:
                return
        again = question == self._question
        self._give_up()
        self._question = question
        self._timer.start(ASKED_AGAIN_AFTER_MS if again else ASKED_AFTER_MS)
        self.changed.emit()

    @Slot()
    def _ask(self) -> None:
        view, network = self._state.what_if, self._state.network
        true = view.true.get(network) if view is not None else None
        interventions = self.interventions
        if view is None or true is None or not interventions:
            return
        self._about = (true, interventions)
        self._rates, self._rival_traces = None, {}
        sequence, task = view.true_sequence, self._monitor.task
        between = sum(event.filler for event in sequence.events)
        weights = {network: true}
        self._request(
            ChangedRateRequest(
                interventions,
                sequences=self.count,
                distance=between if task.at_distance(between) is not None else None,
                networks=(network,),
                weights_from=weights,
            )
        )
        rival = self._what_if.rival()
        if rival is not None:
            for changed in (False, True):
                request = TraceRequest(
                    sequence=rival,
                    networks=(network,),
                    interventions=interventions if changed else (),
                    weights_from=weights,
                )
                self._request_rival(request, changed)

    def _request(self, request: ChangedRateRequest) -> None:
        def answered(answer: ChangedRateAnswer | RequestFailure) -> None:
            self._asked.discard(request_id)
            self._rates = answer if isinstance(answer, ChangedRateAnswer) else None
            self._complete()

        request_id = self._monitor.request(request, answered)
        self._asked.add(request_id)

    def _request_rival(self, request: TraceRequest, changed: bool) -> None:
        def answered(answer: TraceAnswer | RequestFailure) -> None:
            self._asked.discard(request_id)
            if isinstance(answer, TraceAnswer):
                self._rival_traces[changed] = next(iter(answer.traces.values()))
            self._complete()

        request_id = self._monitor.request(request, answered)
        self._asked.add(request_id)

    def _complete(self) -> None:
        """Everything that was asked is answered: show it at once, and not piece by piece."""
        if self._asked or self._about is None:
            return
        true, interventions = self._about
        if self._rates is not None:
            both = len(self._rival_traces) == 2
            self._answers = OtherAnswers(
                true.network,
                interventions,
                self._rates,
                self._what_if.rival() if both else None,
                self._rival_traces.get(False) if both else None,
                self._rival_traces.get(True) if both else None,
            )
        self.changed.emit()
        self._look()  # the moment may have gone on meanwhile

    def _give_up(self) -> None:
        self._timer.stop()
        for request_id in self._asked:
            self._monitor.cancel(request_id)
        self._asked = set()
        self._about = self._question = None

    @Slot(str)
    def _network_changed(self, _: str) -> None:
        self._look()

    @Slot()
    def _run_changed(self) -> None:
        self._give_up()
        self._answers = None
        self.changed.emit()
