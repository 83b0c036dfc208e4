"""Compiling a function and all that it calls as one piece: half the time that numba takes by itself.

numba finishes every function on its own: what it calls is copied in, all of it is optimised and translated to machine
code, so that Python could call it. The innermost product would go through that fifteen times, once for each function
around it. But Python calls only the outermost. So here the others are only written down in LLVM's language, and all of
them are optimised and translated once, together, when the outermost is.

This takes the place of two functions inside numba (the range of its versions is narrow for that reason, too) and
changes nothing of what is computed. Where numba's inside looks different, it does nothing, and compiling takes longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def compiled_as_a_whole(outermost: str) -> Iterator[None]:
    """As long as it lasts, only the function of this name becomes machine code, with all that it calls in it.

    One thread at a time. Python cannot call the other functions that are compiled meanwhile, then or later.
    """
    try:
        from numba.core import codegen, cpu, registry, runtime

        own_part: Any = runtime
        own_part.rtsys.initialize(registry.cpu_target.target_context)  # that has to be machine code
        Library: Any = codegen.CPUCodeLibrary
        Context: Any = cpu.CPUContext
        finalize, get_executable = Library.finalize, Context.get_executable
    except (ImportError, AttributeError):
        yield
        return

    def finalize_outermost(library: Any) -> None:
        if library.name == outermost:
            library._linking_libraries = list(_all_beneath(library, {}))
            finalize(library)
        else:
            library._finalized = True  # as it is written down

    def executable_of_outermost(context: Any, library: Any, function: Any, environment: Any) -> Any:
        if library.name == outermost:
            return get_executable(context, library, function, environment)
        return [].append  # numba tells functions apart by this: something for each that nobody calls

    Library.finalize, Context.get_executable = finalize_outermost, executable_of_outermost
    try:
        yield
    finally:
        Library.finalize, Context.get_executable = finalize, get_executable


def _all_beneath(library: Any, found: dict[Any, None]) -> dict[Any, None]:
    """Everything that this library calls, and what that calls, each once."""
    for each in library._linking_libraries:
        if each not in found:
            found[each] = None
            _all_beneath(each, found)
    return found
