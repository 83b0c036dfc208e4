"""`python -m playground.engine.kernels.compile_all`: compiles the kernels for this machine.

Started by `readiness.start_compiling`. What goes wrong is the last line of stderr; the exit code is then 1.
"""

from __future__ import annotations

import os
import shutil
import sys

from playground.engine.kernels import store


def main() -> int:
    """Compile beside the place, then put it there whole: nobody ever finds half of it."""
    try:
        os.nice(5)  # the window and the training beside it come first
    except (AttributeError, OSError):
        pass
    folder = store.kernel_folder()
    built = folder.with_name(f"{folder.name}.{os.getpid()}")
    try:
        built.mkdir(parents=True)
        from playground.engine.kernels.warm_up import compiled_kernel

        compiled_kernel(built)
        store.put_in_place(built, folder)
        store.remove_others(folder)
    except Exception as error:
        shutil.rmtree(built, ignore_errors=True)
        lines = str(error).strip().splitlines()
        sys.stderr.write(f"{lines[0] if lines else type(error).__name__}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
