"""How fast one update is: ours, with every gate of every timestep recorded, beside everybody else's.

Predicting the next of T random symbols at every timestep; cross-entropy, gradient clipped at norm 1, Adam 1e-3. All
begin with the same weights and see the same batches, which are made beforehand; the losses agree to 1e-5.
"""

from __future__ import annotations

from collections.abc import Iterator

from playground.bench.peers import FUSED, JAX, LOOP, OURS, REFERENCE, Way
from playground.bench.race import RatioRecord, on_one_core, race, those_there
from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.bench.sizes import CELLS, SIZES, TO_REACH

AHEAD = Target(at_least=1.0)
SLOW = {"X": 0.4, "L": 0.7}
"""Where one update takes long there are fewer turns, in this proportion."""


def measure(session: BenchSession) -> Iterator[Record]:
    """Every cell in every size, by every way that is installed."""
    import torch

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    with on_one_core():
        ways, missing = those_there()
        for sentence in missing:
            session.progress.say(sentence)
        if session.path == REFERENCE_PATH:
            session.progress.say("The kernels are not compiled, so the rows of 'ours' are left out.")
            ways = [way for way in ways if way.name != OURS]
        races = [(cell, size) for cell in CELLS for size in SIZES]
        records: list[RatioRecord] = []
        with session.progress.stage("Racing", len(races)) as done:
            for number, (cell, size) in enumerate(races):
                chosen = [way for way in ways if not (session.quick and _left_out(way, size))]
                turns = max(3, round(session.repetitions(15, 3) * SLOW.get(size, 1.0)))
                found = list(
                    race(
                        cell,
                        size,
                        chosen,
                        turns=turns,
                        seconds=0.02 if session.quick else 0.15,
                        target=lambda way, cell=cell, size=size: (  # type: ignore[misc]
                            Target(at_least=TO_REACH[cell][size]) if way.name == OURS else None
                        ),
                    )
                )
                records += found
                yield from found
                done(number + 1)
    yield from against_jax(records)
    session.keep_rows("ratios", [record.as_json() for record in records])


REFERENCE_PATH = "reference"


def _left_out(way: Way, size: str) -> bool:
    """The quick version leaves out the slow ways where an update of theirs takes a tenth of a second and more."""
    return size == "X" and way.name in (REFERENCE, LOOP, FUSED)


def against_jax(records: list[RatioRecord]) -> Iterator[Record]:
    """Our rate as a multiple of JAX's, where both were measured: the ratio of the two medians."""
    ratio = {(each.cell, each.size, each.way): each.value for each in records}
    for (cell, size, way), ours in ratio.items():
        jax = ratio.get((cell, size, JAX))
        if way == OURS and isinstance(ours, float) and isinstance(jax, float):
            yield Record(f"ratios: {cell} {size} {OURS} against {JAX}", ours / jax, "x JAX", AHEAD)
