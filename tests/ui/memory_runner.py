"""A runner whose networks remember as they are told to: for tests of the Memory page."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from playground.contract.runner import HorizonRequest, TraceRequest
from playground.trace.snapshot import HorizonAnswer, MemoryMeasures, TraceAnswer
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
    )


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
