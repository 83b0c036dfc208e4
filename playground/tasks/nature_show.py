"""The nature show: is the last picture a dog or a wolf? Only the pictures before it can tell.

A sequence is one to three telling pictures of one programme (a nature show or a home video), then flowers and
trees, which both programmes show, then a picture halfway between a dog and a wolf. At each timestep the network
says what it sees; at the last one the right answer is wolf in a nature show, dog in a home video.

Signs: T timesteps, B sequences of a batch, I = 256 inputs (a picture of 16 x 16 pixels), K = 12 answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import Words
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.tasks.pictures import (
    AMBIGUOUS,
    BOTH,
    HELD_OUT_BANK,
    HOME,
    NATURE,
    PICTURES,
    TRAINING_BANK,
    UNAMBIGUOUS,
    VARIANTS,
    PictureBank,
    picture_bank,
)
from playground.tasks.task import (
    Answer,
    Batch,
    BoolArray,
    CurriculumState,
    Event,
    EventSequence,
    FloatArray,
    PictureBatch,
    TaskDefaults,
)
from playground.tasks.task_words import TaskWords

INPUT_SIZE = 256
MOST_TELLING = 3
HELD_OUT_BATCH = 32
"""Sequences of each held-out batch: few enough that many distances are asked."""

PROBE = ("bear", "fox", "flower", "tree", "tree", "flower", "flower", "tree", "flower", AMBIGUOUS)

LEVEL_START = 2
LEVEL_STEP = 2
LEVEL_UPDATES = 10
LEVEL_RIGHT = 0.95

_TRAINING, _HELD_OUT = 0, 1  # streams of random numbers that never meet, whatever the seed

_EVENTS = tuple(
    Event(
        name=name,
        title="dog or wolf?" if name == AMBIGUOUS else name,
        drawing=name,
        filler=name in BOTH,
        asking=name == AMBIGUOUS,
        short="?" if name == AMBIGUOUS else "",
    )
    for name in PICTURES
)
_EVENT_BY_NAME = {event.name: event for event in _EVENTS}
_ANSWERS = tuple(Answer(index, name, name) for index, name in enumerate(UNAMBIGUOUS))
_CLASS = {name: index for index, name in enumerate(UNAMBIGUOUS)}

_AMBIGUOUS_PICTURE = PICTURES.index(AMBIGUOUS)
_TELLING_PICTURES = np.array([[_CLASS[name] for name in programme] for programme in (NATURE, HOME)])
_BOTH_PICTURES = np.array([_CLASS[name] for name in BOTH])
_LAST_ANSWER = np.array([_CLASS["wolf"], _CLASS["dog"]])  # of a nature show, of a home video


class NatureShow(TaskDefaults):
    """The nature show as a Task. Pure: its methods depend on their arguments and on the frozen settings alone."""

    settings_type = NatureShowSettings
    name = "nature-show"
    title = "Nature show"
    question = "Is it a dog or a wolf?"
    input_size = INPUT_SIZE
    answers = _ANSWERS
    rivals = (_CLASS["wolf"], _CLASS["dog"])
    chance = 0.5
    longest_sequence = 64
    family = "nature"
    filler_words = Words("flowers and trees", "flowers and trees")
    criterion = Words(
        "Right when the last picture is called a wolf after a nature show and a dog after a home video.",
        "Right when the programme's own animal has the largest logit at the ambiguous picture.",
    )
    judged = "everywhere"
    spoken = TaskWords(
        event="picture",
        remembered="the bear",
        asked_at="on the last picture",
        story=Words(
            "A network sees these pictures one after the other. The last one could be a dog or a wolf: only the "
            "pictures before it can tell. Bear and fox mean: this is a nature show, so it is a wolf.",
            "The network reads these inputs one timestep at a time. The last one is halfway between dog and wolf: only "
            "the inputs before it decide. After bear and fox the target is wolf.",
        ),
    )

    fact_words = MappingProxyType(
        {
            "programme": Words("nature show, not home video", "nature show (+1) or home video (-1)"),
            "cues": Words("telling pictures seen so far", "number of cues so far"),
            "timestep": Words("the timestep", "timestep t"),
            "telling": Words("this picture tells (no flower or tree)", "the input is no distractor"),
        }
    )

    def __init__(self, settings: NatureShowSettings | None = None) -> None:
        self.settings = NatureShowSettings() if settings is None else settings

    @property
    def longest_distance(self) -> int:
        """The settings' largest number of flowers and trees."""
        return self.settings.flowers[1]

    def events(self) -> tuple[Event, ...]:
        """The twelve pictures that can be named, then the ambiguous one."""
        return _EVENTS

    def first_level(self) -> CurriculumState:
        """The largest number of flowers and trees at first: 2 with the curriculum, else that of the settings."""
        fewest, most = self.settings.flowers
        return CurriculumState(min(max(LEVEL_START, fewest), most) if self.settings.curriculum else most)

    def next_level(self, state: CurriculumState, right: float) -> CurriculumState:
        """The state after an update whose last pictures were named right at this rate (0..1).

        The level rises by two flowers when the mean of the latest ten updates, all at this level, is at least 95 %.
        """
        most = self.settings.flowers[1]
        if state.level >= most:
            return CurriculumState(most)
        recent = (*state.recent_right, float(right))[-LEVEL_UPDATES:]
        if len(recent) == LEVEL_UPDATES and sum(recent) >= LEVEL_RIGHT * LEVEL_UPDATES:
            return CurriculumState(min(state.level + LEVEL_STEP, most))
        return CurriculumState(state.level, recent)

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> PictureBatch:
        """The batch of this update, from the training bank: a pure function of its arguments and the settings.

        The number of flowers and trees, drawn between the settings' smallest number and `level`, and the number of
        telling pictures are those of the whole batch, so that all its sequences have one length.
        """
        generator = _generator(_TRAINING, seed, update)
        fewest = min(self.settings.flowers[0], level)
        distance = int(generator.integers(fewest, level, endpoint=True))
        telling = int(generator.integers(1, MOST_TELLING, endpoint=True))
        return _draw_batch(generator, picture_bank(TRAINING_BANK), telling, distance, batch_size)

    def held_out(self, seed: int, count: int, distance: int | None = None) -> list[Batch]:
        """`count` fresh sequences from the held-out bank, in batches of equal length, at most 32 sequences each.

        With `distance`, all have so many flowers and trees. Without, each batch has its own number: the settings'
        range is cut into as many parts as there are batches, and one number is drawn from each, so that every
        number is as likely as in training.
        """
        sizes = [min(HELD_OUT_BATCH, count - first) for first in range(0, count, HELD_OUT_BATCH)]
        generator = _generator(_HELD_OUT, seed, 0)
        fewest, most = self.settings.flowers
        parts = (np.arange(len(sizes)) + generator.random(len(sizes))) / max(len(sizes), 1)  # in 0..1
        drawn = fewest + (parts * (most - fewest + 1)).astype(np.int64)
        telling = 1 + generator.permutation(len(sizes)) % MOST_TELLING
        bank = picture_bank(HELD_OUT_BANK)
        return [
            _draw_batch(
                generator, bank, int(telling[i]), int(drawn[i]) if distance is None else distance, size
            )
            for i, size in enumerate(sizes)
        ]

    def probe_events(self) -> tuple[Event, ...]:
        """The events of `probe`, without making the pictures that the networks see."""
        return tuple(_EVENT_BY_NAME[name] for name in PROBE)

    def probe(self) -> EventSequence:
        """Bear, fox, seven flowers and trees, then the question; the right answer is wolf."""
        return self.sequence(PROBE)

    def sequence(self, event_names: Sequence[str]) -> EventSequence:
        """A sequence of these pictures from the held-out bank, always with the same inputs for the same names.

        The first bear of any sequence is the same bear, the second another one, so that a picture swapped or a
        flower put in changes nothing else. The ambiguous picture is always the same one. What it is, is decided
        by the telling pictures before it; when there are none, or as many of one programme as of the other, nothing
        decides it: the target is the last one's programme (or wolf), and `asked` is False there.
        Raises KeyError with a sentence for a name that is no picture of this task, ValueError for no names at all.
        """
        if not event_names:
            raise ValueError("A sequence needs at least one picture; this one is empty.")
        bank = picture_bank(HELD_OUT_BANK)
        seen: Counter[str] = Counter()
        events, rows = [], []
        for name in event_names:
            if name not in _EVENT_BY_NAME:
                raise KeyError(
                    f"The nature show has no picture called '{name}'; it has {', '.join(PICTURES)}."
                )
            events.append(_EVENT_BY_NAME[name])
            rows.append(bank.row(name, 0 if name == AMBIGUOUS else seen[name]))
            seen[name] += 1
        decided = [_right_answer(event_names[: t + 1]) for t in range(len(event_names))]
        return EventSequence(
            events=tuple(events),
            inputs=bank.rows[rows],  # (T, I)
            targets=np.array([target for target, _ in decided], dtype=np.int64),
            asked=np.array([asked for _, asked in decided], dtype=np.bool_),
        )

    def asking_inputs(self) -> FloatArray:
        """(I,) the ambiguous picture, the same one as in `probe` and `sequence`. Read-only."""
        return picture_bank(HELD_OUT_BANK).variants(AMBIGUOUS)[0]

    def at_distance(self, distance: int) -> NatureShowSettings:
        """Always so many flowers and trees, without the curriculum."""
        return NatureShowSettings(flowers=(distance, distance), curriculum=False)

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """The programme (1 nature show, -1 home video), how many telling pictures came so far, the timestep (from 1),
        and whether the picture is of one programme or the question (1) or a flower or tree (0); all (T, B).

        Read off the targets: those name every picture, and the last one's programme.
        """
        targets = batch.targets.astype(np.int64)  # (T, B)
        nature, home = np.isin(targets, _TELLING_PICTURES[0]), np.isin(targets, _TELLING_PICTURES[1])
        cues = np.cumsum((nature | home) & ~batch.asked, axis=0)  # (T, B)
        return {
            "programme": np.where(targets[-1] == _LAST_ANSWER[0], 1.0, -1.0).astype(np.float32)
            * np.ones(targets.shape, np.float32),
            "cues": cues.astype(np.float32),
            "timestep": np.broadcast_to(
                np.arange(1.0, len(targets) + 1.0, dtype=np.float32)[:, None], targets.shape
            ),
            "telling": (nature | home).astype(np.float32),
        }


def _generator(stream: int, seed: int, update: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(stream, update))))


def _draw_batch(
    generator: np.random.Generator, bank: PictureBank, telling: int, distance: int, batch_size: int
) -> PictureBatch:
    """`batch_size` sequences of `telling` telling pictures, `distance` flowers and trees, and the question."""
    length = telling + distance + 1
    # As many nature shows as home videos: who always says wolf is right in exactly half of them.
    programme = (generator.permutation(batch_size) + generator.integers(2)) % 2  # (B,)
    picture = np.empty((length, batch_size), dtype=np.int64)  # (T, B)
    picture[:telling] = _TELLING_PICTURES[
        programme, generator.integers(len(NATURE), size=(telling, batch_size))
    ]
    picture[telling:-1] = _BOTH_PICTURES[generator.integers(len(BOTH), size=(distance, batch_size))]
    targets = picture.copy()
    picture[-1] = _AMBIGUOUS_PICTURE
    targets[-1] = _LAST_ANSWER[programme]
    rows = picture * VARIANTS + generator.integers(VARIANTS, size=picture.shape)  # (T, B)
    targets.setflags(write=False)
    rows.setflags(write=False)
    return PictureBatch(
        targets=targets,
        asked=_asked(length, batch_size),
        loss_weights=_loss_weights(length),
        distance=distance,
        rows=rows,
        bank=bank.rows,
    )


@lru_cache(maxsize=256)
def _asked(length: int, batch_size: int) -> BoolArray:
    """(T, B), read-only: the last picture is the question."""
    asked = np.zeros((length, batch_size), dtype=np.bool_)
    asked[-1] = True
    asked.setflags(write=False)
    return asked


@lru_cache(maxsize=256)
def _loss_weights(length: int) -> FloatArray:
    """(T,) the question weighs as much as all other timesteps together; with equal weights it drowns among them."""
    weights = np.full(length, 0.5 / (length - 1), dtype=np.float32)
    weights[-1] = 0.5
    weights.setflags(write=False)
    return weights


def _right_answer(names: Sequence[str]) -> tuple[int, bool]:
    """The class of the last of these pictures, given all of them, and whether it is a question that has an answer."""
    if names[-1] != AMBIGUOUS:
        return _CLASS[names[-1]], False
    telling = [name in NATURE for name in names if name in NATURE or name in HOME]
    nature = sum(telling)
    home = len(telling) - nature
    if nature != home:
        return _CLASS["wolf" if nature > home else "dog"], True
    return _CLASS["wolf" if not telling or telling[-1] else "dog"], False
