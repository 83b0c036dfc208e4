"""The curriculum: two flowers more whenever a network has been right often enough, each network by itself."""

from __future__ import annotations

from playground.tasks.nature_show import LEVEL_UPDATES, NatureShow
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.tasks.task import CurriculumState


def with_curriculum(fewest: int, most: int) -> NatureShow:
    return NatureShow(NatureShowSettings(flowers=(fewest, most), curriculum=True))


def after(task: NatureShow, rights: list[float], state: CurriculumState | None = None) -> CurriculumState:
    state = task.first_level() if state is None else state
    for right in rights:
        state = task.next_level(state, right)
    return state


def test_it_begins_with_two_flowers_or_the_fewest() -> None:
    assert with_curriculum(0, 40).first_level() == CurriculumState(2)
    assert with_curriculum(5, 40).first_level() == CurriculumState(5)
    assert with_curriculum(0, 1).first_level() == CurriculumState(1)


def test_without_it_the_whole_range_counts_from_the_first_update() -> None:
    task = NatureShow(NatureShowSettings(flowers=(0, 40)))
    assert task.first_level() == CurriculumState(40)
    assert after(task, [0.0, 1.0] * 20) == CurriculumState(40)


def test_ten_updates_right_bring_two_flowers_more() -> None:
    task = with_curriculum(0, 40)
    assert after(task, [1.0] * (LEVEL_UPDATES - 1)).level == 2
    assert after(task, [1.0] * LEVEL_UPDATES) == CurriculumState(4)
    assert after(task, [1.0] * LEVEL_UPDATES * 3).level == 8


def test_the_mean_of_the_latest_ten_decides() -> None:
    task = with_curriculum(0, 40)
    assert after(task, [0.94] * 50).level == 2
    assert after(task, [0.95] * LEVEL_UPDATES).level == 4
    assert after(task, [0.5] * 100 + [1.0] * 8).level == 2
    assert after(task, [0.5] * 100 + [1.0] * 10).level == 4


def test_it_stops_at_the_most() -> None:
    task = with_curriculum(0, 5)
    assert after(task, [1.0] * 1000) == CurriculumState(5)


def test_a_checkpoint_goes_on_where_it_was() -> None:
    task = with_curriculum(0, 40)
    rights = [0.9, 1.0, 0.97, 0.94, 1.0, 0.96] * 10
    half = after(task, rights[:23])
    kept = CurriculumState(half.level, half.recent_right)
    assert after(task, rights[23:], kept) == after(task, rights)
    assert len(half.recent_right) <= LEVEL_UPDATES
