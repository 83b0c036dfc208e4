"""The long sequences of the Batches page: numbers, a typed text, what the run learns, an example of each, own data.

A sequence that can be learned is cut as its task cuts it: only the part that is trained on, and by the same function.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.experiment import Experiment
from playground.reading.text_file import codes_of
from playground.tasks import TASKS
from playground.tasks.stream_task import StreamSettings, StreamTask
from playground.tasks.text.character_task import CharacterTask
from playground.tasks.text.corpus import LEAST_CHARACTERS, Corpus, make_corpus
from playground.tasks.text.settings import TextFileSettings
from playground.tasks.text.vocabulary import shown
from playground.ui.kept_texts import keep_text

ROWS, TIMESTEPS = 8, 6
"""How a sequence is cut at first that no run cuts otherwise: so that rows and arrows can be seen."""

WIDEST_OF = 200
"""Words that are looked at to find how much room the longest needs."""

SENTENCE = "The quick brown fox jumps over the lazy dog, and the dog does not mind. "
TYPED_AT_FIRST = 6 * SENTENCE

GUIDE, NUMBERS, TYPED, RUN, HEADLINES, DEMAND, OWN = (
    "guide",
    "numbers",
    "text",
    "run",
    "headlines",
    "demand",
    "own",
)
EXAMPLES = {HEADLINES: "headlines", DEMAND: "electricity-england-wales"}
"""The task that is each example. Names would be too short: what came six characters ago says little about the next."""

TOO_FEW = "Numbers that are counted up are nothing to learn: choose a text or a series above to train on it."


@dataclass(frozen=True, eq=False)
class RibbonSource:
    """A long sequence that can be cut.

    `word(position)` is what is written at a position, in at most `letters` letters. `rows`, `timesteps`: how it is cut
    at first. `note`: what is to be said of it. `learned`: the task and its settings that learn it, made when it is
    trained; None, with the reason in `why_not`, for one that cannot be learned.
    """

    key: str
    title: str
    length: int
    word: Callable[[int], str]
    rows: int
    timesteps: int
    letters: int = 2
    note: str = ""
    task: StreamTask | None = None
    settings: Callable[[], StreamSettings] | None = None
    why_not: str = TOO_FEW

    @property
    def trainable(self) -> bool:
        """Whether networks can learn it."""
        return self.task is not None and self.settings is not None


def words_source(
    key: str, title: str, words: Sequence[str], rows: int, timesteps: int, why_not: str = TOO_FEW
) -> RibbonSource:
    """A source whose words are at hand, and which nobody learns."""
    return RibbonSource(key, title, len(words), words.__getitem__, rows, timesteps, why_not=why_not)


def numbers_sources() -> tuple[RibbonSource, ...]:
    """The guide's numbers, and some more, so that there are batches to step through."""
    return (
        words_source(GUIDE, "Numbers 0 to 10", [str(n) for n in range(11)], 2, 3),
        words_source(NUMBERS, "Numbers 0 to 60", [str(n) for n in range(61)], 3, 5),
    )


def stream_source(
    key: str,
    title: str,
    task: StreamTask,
    settings: Callable[[], StreamSettings],
    rows: int = ROWS,
    timesteps: int = TIMESTEPS,
) -> RibbonSource:
    """What a task learns: its training part."""
    spread = np.linspace(0, task.split - 1, min(WIDEST_OF, task.split)).astype(int)
    held_out = task.end - task.split
    return RibbonSource(
        key,
        title,
        task.split,
        task.word_at,
        rows,
        timesteps,
        max(len(task.word_at(int(position))) for position in spread),
        f"{task.stream_title}: {task.split:,} {task.things} to learn from. The {held_out:,} after them are held out, "
        "to test with, and not shown.",
        task,
        settings,
        "",
    )


def run_source(experiment: Experiment, task: Any) -> RibbonSource | None:
    """What the run learns, cut as the run cuts it; None where that is no text and no series."""
    settings = experiment.task
    if not isinstance(task, StreamTask) or not isinstance(settings, StreamSettings):
        return None
    return stream_source(
        RUN,
        f"The run's {task.family}",
        task,
        lambda: settings,
        experiment.training.batch_size,
        settings.sequence_length,
    )


def example_source(key: str) -> RibbonSource:
    """A text or a series that comes with the program. Reads it now: some milliseconds."""
    task = TASKS[EXAMPLES[key]]()
    return stream_source(key, task.title, task, lambda: task.settings)


def own_source(task_name: str, settings: StreamSettings) -> RibbonSource:
    """A file of the user's. What was read of it is at hand. Raises ReadingError."""
    task = TASKS[task_name](settings)
    return stream_source(OWN, f"Your own {task.family}", task, lambda: settings)


class _Typed(CharacterTask):
    """A text that somebody types: the task that would learn it from a file."""

    def __init__(self, text: str) -> None:
        self._text = text
        super().__init__(TextFileSettings())

    def _read(self) -> Corpus:
        cap = self.settings.vocabulary_cap
        return make_corpus("Your typed text", "your own text", codes_of(self._text), cap)


def typed_source(text: str) -> RibbonSource:
    """A text that somebody types: a short one can only be cut, a longer one can be learned, too."""
    kinds = len(set(text))
    if len(text) < LEAST_CHARACTERS or kinds < 2:
        why_not = (
            f"This text has {len(text)} characters: it can be cut, and to learn from it networks need at least "
            f"{LEAST_CHARACTERS}. Type or paste more."
            if kinds > 1 or len(text) < LEAST_CHARACTERS
            else "This text is always the same character: there is nothing to learn from it."
        )
        return words_source(TYPED, "Typed text", [shown(each) for each in text], 2, 4, why_not)
    return stream_source(
        TYPED,
        "Typed text",
        _Typed(text),
        lambda: TextFileSettings(file=str(keep_text(text, "typed"))),
        4,
        6,
    )


def stream_experiment(
    source: RibbonSource, base: Experiment, memory: str, rows: int, timesteps: int
) -> Experiment:
    """The networks and the training of `base`, learning this source cut like this. It may be impossible: `problems`
    says so. Raises OSError where a typed text cannot be kept."""
    assert source.task is not None
    assert source.settings is not None
    settings: Any = dataclasses.replace(source.settings(), sequence_length=timesteps, memory=memory)
    training = dataclasses.replace(base.training, batch_size=rows)
    return dataclasses.replace(base, task=settings, training=training, task_name=source.task.name)
