"""A runner whose networks remember as they are told to: for tests of the Memory page."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from playground.contract.runner import HorizonRequest, TraceRequest, UnitsRequest
from playground.trace.snapshot import (
    HorizonAnswer,
    LossGradient,
    MemoryMeasures,
    TraceAnswer,
    UnitMeasures,
    UnitsAnswer,
)
from tests.ui.fake_runner import FakeRunner
from tests.ui.shell import NETWORKS, canned_traces

LENGTH = 10

KEEPS = {"no_memory": 0.0, "rnn": 0.5, "lstm": 0.9, "guide_lstm": 0.8, "gru": 0.7}
"""What is left of a memory after each timestep."""


def canned_measures(network: str, update: int, since: int, length: int = LENGTH) -> MemoryMeasures:
    """Closed forms: survives = keep^(t - since), gradient = keep^(T-1-t), asked now = 0.5 + 0.4 keep."""
    keep = KEEPS[network]
    timesteps = np.arange(length, dtype=np.float64)
    survives = np.where(timesteps < since, np.nan, keep ** np.maximum(timesteps - since, 0))
    return MemoryMeasures(
        network=network,
        update=update,
        since=since,
        asked_now=np.full(length, 0.5 + 0.4 * keep),
        survives=survives,
        forget_product=survives**2 if "lstm" in network else None,
        gradient=keep ** (length - 1 - timesteps),
        influence=np.full(length, keep),
        loss_gradient=canned_gradient(network, length),
    )


def canned_gradient(network: str, length: int) -> LossGradient:
    """The short-term memory's gradient shrinks tenfold at each timestep, the long-term memory's stays; weights: 2."""
    states = {}
    if network != "no_memory":
        states["hidden_state"] = 10.0 ** -np.arange(length - 1.0, -1.0, -1.0)
    if "lstm" in network:
        states["cell_state"] = np.full(length, 0.5)
    return LossGradient(0.7, states, 2.0, 0.5 if network == "guide_lstm" else 4.0)


UNIT_FACTS = ("programme", "cues", "timestep", "telling")


def canned_units(network: str, units: int = 16) -> UnitMeasures:
    """Of quantity q, fact f and unit u the correlation is +-(u + 1) / (units + q + f); memories stay u + 1."""
    quantities = (
        ("hidden_state",)
        if network in ("rnn", "no_memory", "gru")
        else ("forget_gate", "cell_state", "hidden_state")
    )
    u = np.arange(1.0, units + 1.0)
    found = np.array(
        [[(-1.0) ** f * u / (units + q + f) for f in range(len(UNIT_FACTS))] for q in range(len(quantities))]
    )
    times = {}
    if network != "no_memory":
        times["hidden_state"] = u / 4
    if "lstm" in network:
        times["cell_state"] = np.where(u == units, np.inf, u)
    return UnitMeasures(network, quantities, UNIT_FACTS, found, times, 500, 44)


@dataclass
class Skills:
    """How many of 256 questions each network answers rightly, at 0, 5, 10, 20, 40 and 60."""

    right: dict[str, tuple[int, ...]] = field(
        default_factory=lambda: {
            "no_memory": (128,) * 6,
            "rnn": (256, 250, 190, 130, 128, 126),
            "lstm": (256,) * 6,
            "guide_lstm": (256, 256, 255, 240, 225, 205),
            "gru": (180, 150, 128, 128, 128, 128),
        }
    )


class MemoryRunner(FakeRunner):
    """Answers measures and horizons. With `answer_at_once` off, `answer_next` answers the oldest open request."""

    def __init__(self, updates_per_poll: int = 10) -> None:
        super().__init__(canned_traces, updates_per_poll=updates_per_poll)
        self.skills = Skills()
        self.open: list[int] = []

    def request(self, request: object) -> int:
        request_id = super().request(request)  # type: ignore[arg-type]
        if not self.answer_at_once:
            self.open.append(request_id)
        return request_id

    def answer_next(self) -> None:
        self.answer(self.open.pop(0))

    def answer(self, request_id: int, update: int | None = None) -> None:
        request = self.requests[request_id]
        at = self._update if request.update is None else request.update
        if isinstance(request, HorizonRequest):
            asked = (request.sequences_per_distance,) * len(request.distances)
            right = {network: self.skills.right[network] for network in NETWORKS}
            self._answers.append(HorizonAnswer(request_id, self._run_id, at, request.distances, asked, right))
            return
        if isinstance(request, UnitsRequest):
            found = {network: canned_units(network) for network in NETWORKS}
            self._answers.append(UnitsAnswer(request_id, self._run_id, at, found))
            return
        assert isinstance(request, TraceRequest)
        measures = {}
        if request.measure_since is not None:
            measures = {network: canned_measures(network, at, request.measure_since) for network in NETWORKS}
        self._answers.append(
            TraceAnswer(request_id, self._run_id, at, self._traces(self._run_id, at), measures)
        )

    def asked(self, kind: type) -> list[object]:
        """All requests of this kind so far."""
        return [request for request in self.requests.values() if isinstance(request, kind)]
