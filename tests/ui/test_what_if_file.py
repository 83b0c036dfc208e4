"""A list of what-ifs as a file: what is written is read back the same, and anything else gets a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    Intervention,
    InterventionError,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
)
from playground.reading.files import ReadingError
from playground.ui.what_if_file import from_text, read_file, to_text, write_file
from playground.ui.what_if_list import Entry

numbers = st.floats(-3, 3, allow_nan=False)
values = st.one_of(numbers, st.lists(numbers, min_size=1, max_size=3).map(tuple))
places = st.integers(0, 40)
units = st.none() | st.lists(places, min_size=1, max_size=3).map(tuple)
holds = st.builds(
    HoldQuantity,
    st.sampled_from(["forget_gate", "candidate"]),
    values,
    timesteps=st.none() | st.lists(places, min_size=1, max_size=3).map(tuple),
    units=units,
    layer=st.none() | st.integers(0, 2),
    since=places,
)
memories = st.builds(
    SetMemory, st.just("cell_state"), values, places, units=units, origin=st.sampled_from(["", "a cat"])
)
edits = st.one_of(
    st.builds(ReplaceEvent, places, st.just("poodle")),
    st.builds(InsertEvent, places, st.just("bear")),
    st.builds(RemoveEvent, places),
)
interventions: st.SearchStrategy[Intervention] = st.one_of(holds, memories, edits)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.lists(interventions, min_size=1, max_size=3).map(tuple),
            st.sampled_from(["", "lstm"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_written_is_read_back(entries: list[tuple[tuple[Intervention, ...], str, bool]]) -> None:
    written = to_text([Entry(n, each, network, on) for n, (each, network, on) in enumerate(entries)])
    assert from_text(written) == tuple(entries)


def test_one_intervention_is_one_plain_line() -> None:
    shut = Entry(1, (HoldQuantity("forget_gate", 0.0),))
    assert to_text([shut]) == '[{"kind": "hold", "quantity": "forget_gate", "value": 0.0}]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[\n{,}]", "line 2 is not JSON"),
        ('{"kind": "hold"}', "a list in square brackets"),
        ("[]", "is empty"),
        ("[3]", "Intervention 1 is not an object"),
        ('[{"kind": "sing"}]', "no known kind"),
        ('[{"kind": "hold", "quantity": "forget_gate"}]', "does not say its 'value'"),
        ('[{"kind": "hold", "quantity": "forget_gate", "value": NaN}]', "a number is expected"),
        ('[{"together": []}]', "at least one intervention"),
        ('[{"together": [{"kind": "remove", "at": 1}], "on": 1}]', "must be true or false"),
        ('[{"together": [{"kind": "remove", "at": 1}], "network": 1}]', "the name of a network"),
        ('[{"together": [{"kind": "remove", "at": 1}], "colour": 1}]', "says 'colour'"),
        ('[{"kind": "remove", "at": 0}]', "from 1 on"),
        ("[" * 100_000, "lists in lists"),
        ("[" + '{"kind": "remove", "at": 1},' * 500 + '{"kind": "remove", "at": 1}]', "up to 500"),
    ],
)
def test_nonsense_gets_a_sentence(text: str, said: str) -> None:
    with pytest.raises(InterventionError, match=said) as error:
        from_text(text)
    assert str(error.value).endswith(".")


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "is not there"),
        (_folder, "is a folder"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00["), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / "what-if.json"
    make(path)
    with pytest.raises(ReadingError, match=said):
        read_file(path)


def test_a_file_keeps_the_list(tmp_path: Path) -> None:
    path = tmp_path / "what-if.json"
    write_file(path, [Entry(1, (RemoveEvent(2),), "", False)])
    assert read_file(path) == (((RemoveEvent(2),), "", False),)
    with pytest.raises(ReadingError, match="could not be written"):
        write_file(tmp_path / "nowhere" / "what-if.json", [])
