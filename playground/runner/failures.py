"""Says in a sentence what went wrong, and what to try."""

from __future__ import annotations

import logging

from playground.engine.batch_checks import BatchError
from playground.engine.records import TrainingDiverged
from playground.experiment import ExperimentError
from playground.reading.files import ReadingError
from playground.tasks.batching import BatchingError
from playground.trace.snapshot import RequestFailure, RunFailure

log = logging.getLogger(__name__)


def message_of(error: BaseException) -> str:
    """What the exception says, without the quotes that KeyError puts around it; its name when it says nothing."""
    text = str(error.args[0]) if error.args else ""
    return text or type(error).__name__


def _unforeseen(error: BaseException) -> str:
    """The same for the end of a sentence of ours: with one full stop, whether it has its own or not."""
    return message_of(error).rstrip(". ") + "."


def run_failure(error: Exception, run_id: int, update: int) -> RunFailure:
    """Why a run stopped, or did not begin. What nobody foresaw is also logged, with its traceback."""
    if isinstance(error, TrainingDiverged):
        return RunFailure(run_id, update, error.sentence, error.advice, error.network)
    if isinstance(error, ExperimentError):
        return RunFailure(run_id, update, message_of(error), "Change this setting and apply again.")
    if isinstance(error, ReadingError | BatchingError):
        return RunFailure(
            run_id,
            update,
            message_of(error),
            "Choose another text or table, or fewer rows in a batch, and apply again.",
        )
    if isinstance(error, BatchError):
        return RunFailure(
            run_id,
            update,
            f"Training stopped after update {update}: {message_of(error)}",
            "All networks are as they were after that update; choose another task, or other settings of this one.",
        )
    if _lacks_memory(error):
        return RunFailure(
            run_id,
            update,
            f"There is not enough memory to go on after update {update}.",
            "Make the batch smaller, or the networks: fewer units, fewer layers, fewer networks.",
        )
    log.error("Training stopped after update %d.", update, exc_info=error)
    if isinstance(error, ImportError):
        return RunFailure(
            run_id,
            update,
            f"The engine could not be loaded: {_unforeseen(error)}",
            "Run 'playground doctor': it says what is missing and how to install it.",
        )
    return RunFailure(
        run_id,
        update,
        f"Training stopped after update {update} by an error in the program: {_unforeseen(error)}",
        "Restore the last good moment, or rewind. If it happens again, please report it.",
    )


def request_failure(error: Exception, run_id: int, request_id: int) -> RequestFailure:
    """Why a request was not answered. ValueErrors and KeyErrors of the engine are sentences already."""
    if isinstance(error, ValueError | KeyError):
        return RequestFailure(request_id, run_id, message_of(error))
    if _lacks_memory(error):
        return RequestFailure(request_id, run_id, "There is not enough memory to compute this.")
    log.error("A request could not be answered.", exc_info=error)
    return RequestFailure(
        request_id, run_id, f"This could not be computed by an error in the program: {_unforeseen(error)}"
    )


def _lacks_memory(error: Exception) -> bool:
    # torch says it with a RuntimeError: "DefaultCPUAllocator: can't allocate memory: you tried to allocate ..."
    return isinstance(error, MemoryError) or "allocate memory" in str(error)
