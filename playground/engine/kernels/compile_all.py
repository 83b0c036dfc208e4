"""`python -m playground.engine.kernels.compile_all`: compiles the kernels for this machine.

Started by `readiness.start_compiling`. What goes wrong is the last line of stderr; the exit code is then 1.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playground.engine.kernels import store
from playground.own_core import use_all_cores


def main() -> int:
    """Compile beside the place, then put it there whole: nobody ever finds half of it."""
    try:
        os.nice(5)  # the window and the training beside it come first
    except (AttributeError, OSError):
        pass
    use_all_cores()  # the thread that started this one keeps to its own
    folder = store.kernel_folder()
    built = store.building_place(os.getpid())
    try:
        built.mkdir(parents=True)
        from playground.engine.kernels.warm_up import compiled_kernel

        with _progress_told(built):
            compiled_kernel(built)
        store.put_in_place(built, folder)
        store.remove_others(folder)
    except Exception as error:
        shutil.rmtree(built, ignore_errors=True)
        lines = str(error).strip().splitlines()
        sys.stderr.write(f"{lines[0] if lines else type(error).__name__}\n")
        return 1
    return 0


@contextmanager
def _progress_told(built: Path) -> Iterator[None]:
    """Write the share of functions that are done into a file beside what is built, which is gone at the end."""
    from numba.core import event

    from playground.engine.kernels.compiled import FUNCTIONS

    class Counter(event.Listener):
        done = 0

        def on_start(self, event: event.Event) -> None:
            pass

        def on_end(self, event: event.Event) -> None:
            self.done += 1
            store.write_progress(built, self.done / len(FUNCTIONS))

    with event.install_listener("numba:compile", Counter()):
        yield
    store.progress_file(built).unlink(missing_ok=True)


if __name__ == "__main__":
    raise SystemExit(main())
