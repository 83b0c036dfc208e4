"""Every command by its key, as a user does it, and the rules of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence
from pytestqt.qtbot import QtBot

from playground.contract.cell_description import Words
from playground.contract.intervention import HoldQuantity
from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.trace.snapshot import RunState
from playground.ui.commands import GROUPS, Command, command_table
from playground.ui.fuzzy import fuzzy_score
from playground.ui.icons import ICONS
from playground.ui.page_table import PAGES
from playground.ui.shown_sequence import ShownSequence
from playground.ui.step_tabs import STEP_TABS
from playground.ui.what_if import WhatIf
from playground.ui.window_actions import WindowActions
from tests.ui.fake_runner import no_traces
from tests.ui.shell import Shell, make_shell

TABLE = command_table()


def trained(shell: Shell) -> None:
    shell.train(35)


def nothing(shell: Shell) -> None:
    pass


def in_the_past(shell: Shell) -> None:
    trained(shell)
    shell.monitor.go_to(10)
    shell.poll()


def on_the_step_page(shell: Shell) -> None:
    shell.state.set_page("step")


def with_a_file_dialog(shell: Shell) -> None:
    """The dialog of the system is not driven: what it answers is."""
    own = shell.window.own_data
    own.open_file = lambda: own.take_file("/nowhere/at-all.txt")  # type: ignore[method-assign]


def with_a_short_clipboard(shell: Shell) -> None:
    QGuiApplication.clipboard().setText("too short")


def on_the_generate_page(shell: Shell) -> None:
    shell.state.set_page("generate")


def with_another_sequence(shell: Shell) -> None:
    shell.monitor.show_sequence(ShownSequence(shell.monitor.sequence, Words("Another one", "Another one")))
    shell.poll()


def at_the_first_sub_step(shell: Shell) -> None:
    on_the_step_page(shell)
    shell.press("1")


def in_the_middle(shell: Shell) -> None:
    shell.state.set_timestep(4)


def in_lecture(shell: Shell) -> None:
    shell.window.set_lecture(True, full_screen=False)


def in_the_second_group(shell: Shell) -> None:
    in_lecture(shell)
    shell.window.lecture.turn(1)


def on_tour(shell: Shell) -> None:
    shell.window.start_tour()


def at_the_second_stop(shell: Shell) -> None:
    on_tour(shell)
    shell.window.tour_turn(1)


def failed(shell: Shell) -> None:
    shell.runner.fail()
    shell.poll()


def with_palette(shell: Shell) -> None:
    shell.window.toggle_palette()


def what_if_of(shell: Shell) -> WhatIf:
    return WhatIf.of(shell.state, shell.monitor)


def with_a_what_if(shell: Shell) -> None:
    on_the_step_page(shell)
    what_if_of(shell).add(HoldQuantity("forget_gate", 0.0))
    shell.poll()


def with_an_undone_what_if(shell: Shell) -> None:
    with_a_what_if(shell)
    what_if_of(shell).undo()


def with_two_layers(shell: Shell) -> None:
    on_the_step_page(shell)
    moment = shell.state.moment
    traces = {key: replace(trace, layers=trace.layers * 2) for key, trace in moment.traces.items()}
    shell.state.set_moment(replace(moment, traces=traces, live=False))


def with_a_file_of_what_ifs(shell: Shell) -> None:
    """The dialog of the system is not driven: what it answers is."""
    on_the_step_page(shell)
    path = FILES[0] / "opened.json"
    path.write_text('[{"kind": "hold", "quantity": "forget_gate", "value": 0}]', encoding="utf-8")
    shell.window.actions_.ask_where = lambda saving: "" if saving else str(path)


def with_a_place_for_a_file(shell: Shell) -> None:
    with_a_what_if(shell)
    (FILES[0] / "saved.json").unlink(missing_ok=True)
    shell.window.actions_.ask_where = lambda saving: str(FILES[0] / "saved.json") if saving else ""


FILES: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> None:
    FILES[:] = [tmp_path_factory.mktemp("what-ifs")]


def how_many_what_ifs(shell: Shell) -> int:
    return len(what_if_of(shell).entries)


def tour_stop(shell: Shell) -> str:
    assert shell.window.tour is not None
    return shell.window.tour.stop.title.guide


Check = Callable[[Shell], object]


def on_another_task(name: str) -> Check:
    """The window shows the nature show; to open that one, something else."""

    def prepare(shell: Shell) -> None:
        if name == shell.monitor.experiment.task_name:
            shell.monitor.apply(Experiment.of_task("parity"))
        shell.state.set_page("step")
        shell.runner.tell_traces(no_traces)  # those it has are the nature show's

    return prepare


EFFECTS: dict[str, tuple[Check, Check, object]] = {
    # command: what goes before, what is looked at, what is seen after the key
    "tour_next": (on_tour, tour_stop, "Train"),
    "tour_previous": (at_the_second_stop, tour_stop, "A sequence of pictures"),
    "escape": (with_palette, lambda shell: shell.window.overlay_open, False),
    "train": (nothing, lambda shell: (shell.poll(), shell.monitor.run_state)[1], RunState.TRAINING),
    "train_anywhere": (
        on_the_step_page,
        lambda shell: (shell.poll(), shell.monitor.run_state)[1],
        RunState.TRAINING,
    ),
    "one_update": (nothing, lambda shell: (shell.poll(), shell.monitor.snapshot.update)[1], 1),
    "rewind": (trained, lambda shell: (shell.poll(), shell.monitor.snapshot.update)[1], 0),
    "slower": (nothing, lambda shell: shell.monitor.speed, 500.0),
    "faster": (lambda shell: shell.monitor.set_speed(5.0), lambda shell: shell.monitor.speed, 50.0),
    "play": (on_the_step_page, lambda shell: shell.page().plays, True),  # type: ignore[attr-defined]
    "next_timestep": (in_the_middle, lambda shell: shell.state.timestep, 5),
    "previous_timestep": (in_the_middle, lambda shell: shell.state.timestep, 3),
    "first_timestep": (in_the_middle, lambda shell: shell.state.timestep, 0),
    "last_timestep": (in_the_middle, lambda shell: shell.state.timestep, 9),
    "next_network": (nothing, lambda shell: shell.state.network, "guide_lstm"),
    "next_ordering": (nothing, lambda shell: shell.state.ordering, "half_life"),
    "stage_1": (on_the_step_page, lambda shell: shell.page().stage, 0),  # type: ignore[attr-defined]
    "stage_2": (on_the_step_page, lambda shell: shell.page().stage, 1),  # type: ignore[attr-defined]
    "stage_3": (on_the_step_page, lambda shell: shell.page().stage, 2),  # type: ignore[attr-defined]
    "stage_4": (at_the_first_sub_step, lambda shell: shell.page().stage, 3),  # type: ignore[attr-defined]
    "whole_timestep": (on_the_step_page, lambda shell: shell.page().stage, -1),  # type: ignore[attr-defined]
    "next_stage": (on_the_step_page, lambda shell: shell.page().stages_turned, 1),  # type: ignore[attr-defined]
    "previous_stage": (on_the_step_page, lambda shell: shell.page().stages_turned, -1),  # type: ignore[attr-defined]
    "unfold": (on_the_step_page, lambda shell: shell.page().unfolded, True),  # type: ignore[attr-defined]
    "pin_moment": (on_the_step_page, lambda shell: shell.page().pinned, True),  # type: ignore[attr-defined]
    "follow_back": (on_the_step_page, lambda shell: shell.page().values_left, 1),  # type: ignore[attr-defined]
    "next_layer": (with_two_layers, lambda shell: shell.state.layer, 0),
    "what_if_forget": (nothing, lambda shell: (shell.state.page, how_many_what_ifs(shell)), ("step", 1)),
    "what_if_flip": (with_a_what_if, lambda shell: shell.state.shows_changed, False),
    "what_if_undo": (with_a_what_if, how_many_what_ifs, 0),
    "what_if_redo": (with_an_undone_what_if, how_many_what_ifs, 1),
    "open_file": (with_a_file_dialog, lambda shell: shell.window.overlay_open, True),
    "paste": (with_a_short_clipboard, lambda shell: shell.window.overlay_open, True),
    "write": (on_the_generate_page, lambda shell: shell.page().texts, 1),  # type: ignore[attr-defined]
    "another_sequence": (nothing, lambda shell: getattr(shell.monitor.wanted, "number", 0), 1),
    "open_sequence": (on_the_generate_page, lambda shell: shell.page().opened, 1),  # type: ignore[attr-defined]
    "back_to_now": (in_the_past, lambda shell: shell.state.moment.live, True),
    "earlier_update": (
        trained,
        lambda shell: (shell.poll(), shell.state.moment.update, shell.state.moment.live)[1:],
        (30, False),
    ),
    "later_update": (in_the_past, lambda shell: (shell.poll(), shell.state.moment.update)[1], 20),
    "page_train": (on_the_step_page, lambda shell: shell.state.page, "train"),
    **{
        f"page_{page.key}": (nothing, lambda shell: shell.state.page, page.key)
        for page in PAGES
        if page.key != "train"
    },
    "vocabulary": (nothing, lambda shell: shell.state.vocabulary, "textbook"),
    "theme": (nothing, lambda shell: shell.state.dark, True),
    "lecture": (nothing, lambda shell: shell.state.lecture, True),
    "experiment": (nothing, lambda shell: shell.page().experiment.isVisible(), False),  # type: ignore[attr-defined]
    "next_panels": (in_lecture, lambda shell: shell.window.lecture.position, 1),
    "previous_panels": (in_the_second_group, lambda shell: shell.window.lecture.position, 0),
    "palette": (nothing, lambda shell: shell.window.overlay_open, True),
    "shortcuts": (nothing, lambda shell: shell.window.shortcut_sheet is not None, True),
    "quit": (nothing, lambda shell: shell.window.isVisible(), False),
    **{
        f"step_tab_{tab.key}": (on_the_step_page, lambda shell: shell.page().tab, tab.key)  # type: ignore[attr-defined]
        for tab in STEP_TABS
    },
}
KEYS = [
    pytest.param(command, key, id=f"{command.id} {key}") for command in TABLE.commands for key in command.keys
]


@pytest.mark.parametrize(("command", "key"), KEYS)
def test_every_key_does_its_command(command: Command, key: str, qtbot: QtBot) -> None:
    before, look, seen = EFFECTS[command.id]
    shell = make_shell(qtbot)
    before(shell)
    assert look(shell) != seen, "the test would prove nothing"
    shell.press(key)
    assert look(shell) == seen
    assert shell.window.problem_banner.isHidden()


COMMANDS_WITHOUT_KEY: dict[str, tuple[Check, Check, object]] = {
    "back_to_probe": (
        with_another_sequence,
        lambda shell: (shell.poll(), shell.monitor.shown)[1],
        None,
    ),
    "restore": (failed, lambda shell: (shell.poll(), shell.monitor.run_state)[1], RunState.PAUSED),
    "speed_0": (nothing, lambda shell: shell.monitor.speed, 0.0),
    "speed_1": (nothing, lambda shell: shell.monitor.speed, 1.0),
    "speed_2": (nothing, lambda shell: shell.monitor.speed, 5.0),
    "speed_3": (nothing, lambda shell: shell.monitor.speed, 50.0),
    "speed_4": (nothing, lambda shell: shell.monitor.speed, 500.0),
    "speed_5": (lambda shell: shell.monitor.set_speed(1.0), lambda shell: shell.monitor.speed, None),
    "theme_system": (nothing, lambda shell: shell.window.appearance.choice, "system"),
    "motion": (nothing, lambda shell: shell.state.motion, True),
    "what_if_off": (with_a_what_if, lambda shell: what_if_of(shell).active, False),
    "what_if_clear": (with_a_what_if, how_many_what_ifs, 0),
    "what_if_save": (with_a_place_for_a_file, lambda shell: (FILES[0] / "saved.json").exists(), True),
    "what_if_open": (with_a_file_of_what_ifs, how_many_what_ifs, 1),
    "tour": (nothing, lambda shell: shell.window.tour_runs, True),
    **{
        f"task_{name}": (
            on_another_task(name),
            lambda shell: (shell.monitor.experiment.task_name, shell.state.page),
            (name, "train"),
        )
        for name in TASKS
    },
}


@pytest.mark.expects_log("Training stopped")
def test_restore(qtbot: QtBot) -> None:
    check_from_palette("restore", qtbot)


@pytest.mark.parametrize("command_id", [name for name in COMMANDS_WITHOUT_KEY if name != "restore"])
def test_every_other_command_from_the_palette(command_id: str, qtbot: QtBot) -> None:
    check_from_palette(command_id, qtbot)


def check_from_palette(command_id: str, qtbot: QtBot) -> None:
    before, look, seen = COMMANDS_WITHOUT_KEY[command_id]
    shell = make_shell(qtbot)
    before(shell)
    assert look(shell) != seen, "the test would prove nothing"
    shell.press("Ctrl+K")
    palette = shell.window.palette_overlay
    assert palette is not None
    qtbot.keyClicks(palette.field, TABLE[command_id].title.guide)
    assert palette.found()[0].id == command_id
    shell.press("Return")
    assert look(shell) == seen
    assert not shell.window.overlay_open


def test_every_command_is_tested() -> None:
    for command in TABLE.commands:
        assert command.id in (EFFECTS if command.keys else COMMANDS_WITHOUT_KEY), command.id


# -- the table


def test_ids_are_unique_and_names_exist() -> None:
    assert len({command.id for command in TABLE.commands}) == len(TABLE.commands)
    for command in TABLE.commands:
        assert callable(getattr(WindowActions, command.handler))
        assert callable(getattr(WindowActions, command.enabled_when))
        assert command.group in GROUPS
        assert not command.icon or command.icon in ICONS
        for words in (command.title, command.help):
            for vocabulary in ("guide", "textbook"):
                assert words[vocabulary]
        assert command.help.guide.endswith(".")


def test_keys_are_keys() -> None:
    for command in TABLE.commands:
        for key in command.keys:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key


def test_pages_have_their_fixed_numbers() -> None:
    numbers = {page.key: page.number for page in PAGES}
    fixed = {
        "train": 2,
        "step": 3,
        "memory": 4,
        "generate": 5,
        "batches": 6,
    }  # whatever other pages there are
    assert numbers.items() >= fixed.items()
    assert len(set(numbers.values())) == len(PAGES)
    assert TABLE["page_memory"].keys == ("Ctrl+4",)


SITUATIONS: tuple[Check, ...] = (
    nothing,
    trained,
    in_the_past,
    on_the_step_page,
    in_lecture,
    on_tour,
    with_palette,
)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_key_never_means_two_things(situation: Check, qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    situation(shell)
    for key, commands in TABLE.by_key().items():
        possible = [command.id for command in commands if shell.window.possible(command)]
        if shell.window.tour_runs:
            possible = possible[:1]  # the tour's keys come first in the table, and win
        assert len(possible) <= 1, f"{key} would do {possible}"


# -- fuzzy search


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("bn", "Back to now"),
        ("ou", "One update"),
        ("dark", "Light or dark"),
        ("", "anything"),
        ("b n", "Back to now"),
    ],
)
def test_fuzzy_finds(query: str, title: str) -> None:
    assert fuzzy_score(query, title) is not None


def test_fuzzy_leaves_out_and_orders() -> None:
    assert fuzzy_score("xyz", "Back to now") is None
    assert fuzzy_score("wonb", "Back to now") is None

    def best(query: str) -> str:
        titles = [command.title.guide for command in TABLE.commands if command.listed]
        return max((score, title) for title in titles if (score := fuzzy_score(query, title)) is not None)[1]

    assert best("rew") == "Rewind"
    assert best("bn") == "Back to now"
    assert best("light") == "Light or dark"
    assert best("step") == "Go to Step"
    assert best("one") == "One update"
