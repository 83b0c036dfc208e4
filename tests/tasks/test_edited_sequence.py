"""Edited sequences: only what was edited looks different to a network, and the truth is asked anew."""

from __future__ import annotations

import numpy as np
import pytest

from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    InterventionError,
    RemoveEvent,
    ReplaceEvent,
)
from playground.tasks.edited_sequence import can_be_edited, edited_sequence, rival_story
from playground.tasks.nature_show import PROBE, NatureShow

TASK = NatureShow()


def test_nothing_edited_is_the_very_same_sequence() -> None:
    probe = TASK.probe()
    assert edited_sequence(TASK, probe, (HoldQuantity("forget_gate", 0.0),)) is probe


def test_a_tree_put_in_before_others_changes_no_other_picture() -> None:
    probe = TASK.probe()
    edited = edited_sequence(TASK, probe, (InsertEvent(0, "tree"), ReplaceEvent(5, "ball")))
    assert [event.name for event in edited.events] == ["tree", *PROBE[:4], "ball", *PROBE[5:]]
    for t in range(probe.length):
        same = np.array_equal(edited.inputs[t + 1], probe.inputs[t])
        assert same == (t != 4)
    np.testing.assert_array_equal(edited.inputs[0], TASK.sequence(["tree"]).inputs[0])
    assert edited.targets.tolist()[-1] == probe.targets.tolist()[-1]
    assert not edited.inputs.flags.writeable


def test_another_story_has_another_truth() -> None:
    probe = TASK.probe()
    edited = edited_sequence(TASK, probe, (ReplaceEvent(0, "ball"), ReplaceEvent(1, "ball")))
    assert TASK.answers[int(probe.targets[-1])].name == "wolf"
    assert TASK.answers[int(edited.targets[-1])].name == "dog"
    assert edited.asked[-1]
    undecided = edited_sequence(TASK, probe, (ReplaceEvent(0, "ball"),))
    assert not undecided.asked[-1]


def test_unknown_events_get_a_sentence() -> None:
    with pytest.raises(
        InterventionError, match="Nature show has no event called 'unicorn'; it has wolf, bear"
    ):
        edited_sequence(TASK, TASK.probe(), (ReplaceEvent(0, "unicorn"),))
    with pytest.raises(InterventionError, match="no timestep 11 to remove"):
        edited_sequence(TASK, TASK.probe(), (RemoveEvent(10),))


def test_the_rival_story_has_the_other_answer() -> None:
    probe = TASK.probe()
    rival = rival_story(TASK, probe)
    assert rival is not None
    assert rival.length == probe.length
    assert TASK.answers[int(rival.targets[-1])].name == "dog"
    assert [event.name for event in rival.events][2:] == list(PROBE[2:])
    back = rival_story(TASK, rival)
    assert back is not None
    assert back.targets[-1] == probe.targets[-1]
    assert rival_story(TASK, TASK.sequence(["flower", "tree"])) is None


def test_what_can_be_edited() -> None:
    assert can_be_edited(TASK, TASK.probe())
