"""How fast training is beside the open window, against the same run without it: alternating, in one go."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from playground.bench.long_run import LongRun
from playground.bench.records import Record, Target
from playground.bench.session import BenchSession

SHARE = Target(at_least=0.9)
SECONDS = 3.0


def measure(session: BenchSession) -> Iterator[Record]:
    """The median of the ratios of neighbours, so that what else the machine does weighs on both sides alike."""
    run = session.long_run()
    pairs = session.repetitions(10, 3)
    with_window: list[float] = []
    without: list[float] = []
    ratios = []
    run.show_page("train")
    with session.progress.stage("Training with and without the window", pairs) as done:
        run.train()
        run.spin(0.5)
        try:
            for pair in range(pairs):
                # The order alternates too: a machine that slows down in one pair helps the window, then harms it.
                for beside_window in (True, False) if pair % 2 else (False, True):
                    (with_window if beside_window else without).append(_rate(run, beside_window))
                ratios.append(with_window[-1] / without[-1])
                done(pair + 1)
        finally:
            _open(run)
            run.pause()
    yield Record("window-rate: updates beside the window, median", statistics.median(with_window), "/s")
    yield Record("window-rate: updates without it, median", statistics.median(without), "/s")
    yield Record(
        f"window-rate: share of the headless rate, median of {pairs}", statistics.median(ratios), "", SHARE
    )
    yield Record("window-rate: share of the headless rate, lowest", min(ratios))


def _rate(run: LongRun, beside_window: bool) -> float:
    if beside_window:
        _open(run)
    else:
        run.window.monitor.stop_polling()
        run.window.hide()
    run.spin(0.3)
    return run.measure_rate(SECONDS)


def _open(run: LongRun) -> None:
    run.window.show()
    run.window.monitor.start_polling()
