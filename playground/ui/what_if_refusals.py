"""What-ifs that make no sense for any network of a run: a sentence instead. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from playground.contract.intervention import Intervention, InterventionError, check
from playground.trace.sequence_trace import SequenceTrace


def refuse_what_nobody_has(
    each: Intervention,
    network: str,
    length: int,
    traces: Mapping[str, SequenceTrace],
    opened: str,
) -> None:
    """Raises InterventionError where no network of these traces (or not the one named: `network`) has a place for it.

    `length`: of the row after all edits. The sentence is about the `opened` network where that takes part.
    """
    if network and traces and network not in traces:
        raise InterventionError(f"No network called {network!r} takes part in this run.")
    first = [opened] if opened in traces else []
    wanted = [network] if network else [*first, *(key for key in traces if key not in first)]
    refused: InterventionError | None = None
    for key in wanted:
        trace = traces.get(key)
        if trace is None:
            continue
        try:
            check(each, trace.description, layers=len(trace.layers), units=trace.top.units, length=length)
            return
        except InterventionError as error:
            refused = refused or error
    if refused is not None:
        raise refused
