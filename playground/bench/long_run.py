"""The window with all five networks after a long run that was really trained, with the Train page open all the time."""

from __future__ import annotations

from playground.bench.experiments import all_networks
from playground.bench.machine import memory_of_this_process
from playground.bench.progress import BenchProgress
from playground.bench.window_stand import WindowStand

HOUR = 3600.0
LAST_SINGLE_UPDATES = 100
"""The last updates are done one by one, so that the run ends exactly where it is said to end."""


class LongRun(WindowStand):
    """Paused after exactly `updates` updates, to begin with.

    Knows what the memory of the process was before the first update and after the last.
    """

    def __init__(self, updates: int, progress: BenchProgress) -> None:
        super().__init__(all_networks())
        try:
            self.show_page("train")
            self.spin(0.5)
            self.memory_before = memory_of_this_process()
            self._train_to(updates, progress)
            self.memory_after = memory_of_this_process()
        except BaseException:
            self.close()
            raise

    def _train_to(self, updates: int, progress: BenchProgress) -> None:
        monitor = self.window.monitor
        most = updates - LAST_SINGLE_UPDATES
        with progress.stage(f"Really training five networks for {updates:,} updates", updates) as done:

            def arrived() -> bool:
                done(monitor.snapshot.update)
                return monitor.snapshot.update >= most

            if most > 0:
                self.train()
                self.wait_for(arrived, f"update {most:,} is done", HOUR)
                self.pause()
            while monitor.snapshot.update < updates:
                self.do_one_update()
                done(monitor.snapshot.update)
        self.updates = monitor.snapshot.update
