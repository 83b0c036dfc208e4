"""The command line compiles kernels that cannot be loaded once more, and says it once where that does not help."""

from __future__ import annotations

import pytest

from playground.cli_commands import training_report
from playground.engine.kernels import readiness
from playground.engine.kernels.readiness import Readiness, State

READY = Readiness(State.READY, "The fast path is ready.")
FAILED = Readiness(State.FAILED, "The fast path could not be compiled (no numba).")


@pytest.mark.parametrize(
    ("loads", "compilations", "said"),
    [([True], 1, ""), ([False, True], 2, ""), ([False, False], 2, FAILED.sentence)],
)
def test_kernels_that_are_there_and_cannot_be_loaded(
    loads: list[bool],
    compilations: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    compiled: list[object] = []
    outcome = iter(loads)
    monkeypatch.setattr(training_report, "path_from_environment", lambda: None)
    monkeypatch.setattr(
        readiness, "compile_and_wait", lambda report, every: (compiled.append(report), READY)[1]
    )
    monkeypatch.setattr(readiness, "load", lambda: object() if next(outcome) else None)
    monkeypatch.setattr(readiness, "readiness", lambda: FAILED)
    training_report.compile_first()
    assert len(compiled) == compilations
    assert capsys.readouterr().err.strip() == said
