"""Character tasks with the recipes that ship: held-out loss beside the 3-gram model, names that are written, units that
keep quotes, Python's source and documentation, and a text of a million characters that trains as fast as one of ten
thousand."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import numpy as np

from playground.bench.experiments import with_seed
from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.bench.streams import SEEDS, learned
from playground.engine.generation import written_lines
from playground.engine.model import SequenceModel
from playground.engine.stream_learning import StreamResult
from playground.engine.trainer import Trainer
from playground.engine.unit_measures import read_batch
from playground.experiment import Experiment
from playground.tasks.text.character_task import CharacterTask
from playground.tasks.text.corpus import Corpus, make_corpus
from playground.tasks.text.learned_texts import (
    Headlines,
    Names,
    PythonDocumentation,
    PythonSource,
    QuotesAndBrackets,
)
from playground.tasks.text.quotes_and_brackets import INSIDE_QUOTES
from playground.trace.memory import correlations

NETWORK = "lstm"
NAMES_WRITTEN = 1000
QUOTED_SEQUENCES = 200
HELD_OUT_SEED = 500

LONG, SHORT = 1_000_000, 10_000
SPEED_UPDATES = 200
SPEED_ROUNDS = 5


def measure(session: BenchSession) -> Iterator[Record]:
    """Losses in nats per character, seconds of training alone."""
    seeds = range(1, session.repetitions(SEEDS, 2) + 1)
    yield from _names(session, seeds)
    yield from _headlines(session, seeds)
    yield from _quotes(session, seeds)
    for task in (PythonSource(), PythonDocumentation()):
        results = learned(session, task, NETWORK, seeds)
        yield from losses(task.title, task, results, 30.0)
    yield from _million(session)


def _names(session: BenchSession, seeds: range) -> Iterator[Record]:
    task = Names()
    results = learned(session, task, NETWORK, seeds)
    yield from losses("names", task, results, 20.0)
    written = [
        task.judge_lines("\n".join(written_lines(result.model, task, NAMES_WRITTEN, result.seed)))
        for result in results
    ]
    copies = max(100.0 * each.copies for each in written)
    usual = min(100.0 * each.usual for each in written)
    yield Record("text: names, copies of training names among 1,000, most", copies, "%", Target(at_most=30.0))
    yield Record("text: names, of 2 to 12 letters among 1,000, least", usual, "%", Target(at_least=90.0))


def _headlines(session: BenchSession, seeds: range) -> Iterator[Record]:
    task = Headlines()
    results = learned(session, task, NETWORK, seeds)
    yield from losses("headlines", task, results, 30.0)


def losses(name: str, task: CharacterTask, results: list[StreamResult], limit: float) -> Iterator[Record]:
    """Held-out losses beside the baselines, and the seconds of training with a limit, one record each."""
    found, seconds = [result.loss for result in results], [result.seconds for result in results]
    count = f"{len(found)} seeds"
    yield Record(f"text: {name}, character frequencies", task.baselines.unigram, "nats")
    yield Record(f"text: {name}, 3-gram model", task.baselines.trigram, "nats")
    below = Target(below=task.baselines.trigram)
    yield Record(f"text: {name}, held-out loss, highest of {count}", max(found), "nats", below)
    yield Record(f"text: {name}, held-out loss, median of {count}", float(np.median(found)), "nats")
    yield Record(
        f"text: {name}, time of training, longest of {count}", max(seconds), "s", Target(at_most=limit)
    )
    processor = max(result.processor for result in results)
    yield Record(f"text: {name}, processor time of training, longest of {count}", processor, "s")


def _quotes(session: BenchSession, seeds: range) -> Iterator[Record]:
    task = QuotesAndBrackets()
    results = learned(session, task, NETWORK, seeds)
    strongest = [strongest_correlation(result.model, task) for result in results]
    yield Record(
        f"text: quotes and brackets, strongest unit for 'inside quotes', weakest of {len(results)} seeds",
        min(strongest),
        "|r|",
        Target(at_least=0.9),
    )
    yield Record("text: quotes and brackets, the same, median", float(np.median(strongest)), "|r|")
    yield Record("text: quotes and brackets, held-out loss, highest", max(r.loss for r in results), "nats")
    yield Record("text: quotes and brackets, 3-gram model", task.baselines.trigram, "nats")
    yield Record("text: quotes and brackets, time of training, longest", max(r.seconds for r in results), "s")


def strongest_correlation(model: SequenceModel, task: QuotesAndBrackets) -> float:
    """The largest |correlation| of any unit's states or gates with being inside quotes, on held-out text."""
    batches = task.held_out(HELD_OUT_SEED, QUOTED_SEQUENCES)
    recorded = [read_batch(model, batch) for batch in batches]
    fact = np.concatenate([task.facts(batch)[INSIDE_QUOTES].reshape(-1) for batch in batches])  # (N,)
    strongest = 0.0
    for name in recorded[0]:
        values = np.concatenate([each[name].reshape(-1, model.units) for each in recorded])  # (N, H)
        strongest = max(strongest, float(np.nanmax(np.abs(correlations(values, fact)))))
    return strongest


class LongText(CharacterTask):
    """A text of any length, made on the spot: for measuring alone."""

    name = "long-text"
    length = SHORT

    def _read(self) -> Corpus:
        codes = np.random.default_rng(1).integers(97, 123, size=self.length).astype(np.uint8)
        return make_corpus(f"{self.length} letters", "generated", codes, 128)


class MillionCharacters(LongText):
    """A text of a million characters."""

    length = LONG


def _million(session: BenchSession) -> Iterator[Record]:
    """Updates a second on a million characters against ten thousand, alternating; memory that the million takes."""
    experiment = with_seed(Experiment.of_task("headlines"), 1)
    short = Trainer(experiment, networks=(NETWORK,), task=LongText())  # type: ignore[arg-type]
    rate(short)
    gc.collect()
    before = resident_bytes()
    long = Trainer(experiment, networks=(NETWORK,), task=MillionCharacters())  # type: ignore[arg-type]
    ratios = []
    for _ in range(session.repetitions(SPEED_ROUNDS, 3)):
        here, there = rate(short), rate(long)
        ratios.append(there / here)
    gc.collect()
    grown = None if before is None else (resident_bytes() or 0.0) - before
    limits = Target(at_least=0.9, at_most=1.1)
    yield Record(
        "text: updates a second, a million characters against ten thousand",
        float(np.median(ratios)),
        "",
        limits,
    )
    megabytes = None if grown is None else grown / 1e6
    yield Record(
        "text: memory grown by a million characters and its training", megabytes, "MB", Target(below=200.0)
    )


def rate(trainer: Trainer) -> float:
    """Updates a second of the next some hundred updates."""
    begun, first = time.perf_counter(), trainer.update
    while trainer.update < first + SPEED_UPDATES:
        trainer.do_updates(first + SPEED_UPDATES - trainer.update)
    return SPEED_UPDATES / (time.perf_counter() - begun)


def resident_bytes() -> float | None:
    """The memory that this process holds now; None where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
    except OSError:
        return None
    import resource

    return float(pages * resource.getpagesize())
