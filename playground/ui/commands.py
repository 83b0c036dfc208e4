"""Every command of the window, in one table: shortcuts, tooltips, shortcut sheet, palette and tests are made from it.

A key may belong to several commands as long as at most one of them is possible at a time (Space plays on the Step page
and trains elsewhere; the arrows move through the tour while it runs).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.contract.cell_description import Words
from playground.tasks import TASKS
from playground.ui.page_table import PAGES, PageEntry
from playground.ui.run_words import SPEEDS
from playground.ui.step_tabs import STEP_TABS


@dataclass(frozen=True)
class Command:
    """One thing a user can do.

    `handler` and `enabled_when` name methods of `WindowActions`; `argument`, if not None, is what the handler gets.
    `keys` are portable key sequences ("Ctrl+K"); the first is the one that is shown. `repeats`: holding the key down
    does it again and again. `over_overlays`: also while the palette or the sheet is open. `releases_key`: while the
    command is not possible its key does what it does everywhere (Tab). `listed`: in the palette and on the sheet.
    """

    id: str
    title: Words
    help: Words
    handler: str
    group: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    enabled_when: str = "always"
    argument: object = None
    repeats: bool = False
    over_overlays: bool = False
    releases_key: bool = False
    listed: bool = True


def _same(text: str) -> Words:
    return Words(text, text)


GROUPS = (
    "Training",
    "Sequence",
    "Inside the cell",
    "What if",
    "Training time",
    "Pages",
    "Appearance",
    "Help",
)
"""The groups of commands, in the order of the shortcut sheet."""


def _page_commands(pages: Iterable[PageEntry]) -> tuple[Command, ...]:
    return tuple(
        Command(
            f"page_{page.key}",
            Words(f"Go to {page.title.guide}", f"Go to {page.title.textbook}"),
            page.help,
            "show_page",
            "Pages",
            (f"Ctrl+{page.number}",),
            page.icon,
            argument=page.key,
        )
        for page in pages
    )


def _step_tab_commands() -> tuple[Command, ...]:
    return tuple(
        Command(
            f"step_tab_{tab.key}",
            Words(f"Beside the cell: {tab.title.guide}", f"Beside the cell: {tab.title.textbook}"),
            tab.help,
            "open_step_tab",
            "Inside the cell",
            (tab.shortcut,),
            enabled_when="page_has_tabs",
            argument=tab.key,
        )
        for tab in STEP_TABS
    )


MOST_STAGES = 4


def _stage_commands() -> tuple[Command, ...]:
    return tuple(
        Command(
            f"stage_{number + 1}",
            _same(f"Sub-step {number + 1} of this timestep"),
            _same(
                f"Lights sub-step {number + 1} of the cell: forget, learn, remember, use, or what the cell has."
            ),
            "open_stage",
            "Inside the cell",
            (str(number + 1),),
            enabled_when="page_has_stages",
            argument=number,
            releases_key=True,
        )
        for number in range(MOST_STAGES)
    )


_CELL_COMMANDS = (
    Command(
        "whole_timestep",
        _same("The whole timestep at once"),
        _same("Lights everything again, and not one sub-step alone."),
        "open_stage",
        "Inside the cell",
        ("0",),
        enabled_when="page_has_stages",
        argument=-1,
        releases_key=True,
    ),
    Command(
        "next_stage",
        _same("Next sub-step"),
        _same("Goes on inside the timestep, gate by gate; after the last one to the next timestep."),
        "turn_stage",
        "Inside the cell",
        ("Down",),
        enabled_when="page_has_stages",
        argument=1,
        repeats=True,
        releases_key=True,
    ),
    Command(
        "previous_stage",
        _same("Previous sub-step"),
        _same("Goes back inside the timestep, gate by gate; before the first one to the timestep before."),
        "turn_stage",
        "Inside the cell",
        ("Up",),
        enabled_when="page_has_stages",
        argument=-1,
        repeats=True,
        releases_key=True,
    ),
    Command(
        "unfold",
        _same("Where this number comes from"),
        _same(
            "Unfolds the sum of the number that was chosen: bias, every unit, every pixel; again: folds it."
        ),
        "unfold",
        "Inside the cell",
        ("D",),
        enabled_when="page_has_stages",
    ),
    Command(
        "pin_moment",
        _same("Pin this moment below"),
        _same("Keeps the opened network, as it is at this update, below; go on above and compare."),
        "pin_moment",
        "Inside the cell",
        ("P",),
        enabled_when="page_has_stages",
    ),
    Command(
        "next_layer",
        _same("Show the next layer"),
        _same(
            "Of a network with several layers: shows the next one, from below; after the top one the first."
        ),
        "next_layer",
        "Inside the cell",
        ("L",),
        "order",
        enabled_when="has_layers",
    ),
    Command(
        "follow_back",
        _same("Back to the value before"),
        _same("After following a value to where it came from: back to the one it was followed from."),
        "follow_back",
        "Inside the cell",
        ("Backspace",),
        enabled_when="page_has_stages",
        releases_key=True,
    ),
)


def _speed_commands() -> tuple[Command, ...]:
    return tuple(
        Command(
            f"speed_{position}",
            _same(f"Speed: {title[0].lower()}{title[1:]}"),
            _same(sentence),
            "set_speed",
            "Training",
            icon="speed",
            argument=(speed,),
        )
        for position, (speed, title, sentence) in enumerate(SPEEDS)
    )


@dataclass(frozen=True)
class CommandTable:
    """The commands of a window that has these pages."""

    commands: tuple[Command, ...]
    _by_id: dict[str, Command] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id.update({command.id: command for command in self.commands})

    def __getitem__(self, command_id: str) -> Command:
        return self._by_id[command_id]

    def by_key(self) -> dict[str, list[Command]]:
        """The commands of every key, in the order of the table: the first that is possible is the one that is done."""
        found: dict[str, list[Command]] = {}
        for command in self.commands:
            for key in command.keys:
                found.setdefault(key, []).append(command)
        return found


def _task_commands() -> tuple[Command, ...]:
    return tuple(
        Command(
            f"task_{line.name}",
            _same(
                f"Open task: {line.title if line.title.isascii() else line.name}"
            ),  # it must be possible to type it
            _same(f"{line.question} Starts a new run with the recipe of this task; the run so far ends."),
            "open_task",
            "Training",
            argument=line.name,
        )
        for line in TASKS.lines
    )


def command_table(pages: Iterable[PageEntry] = PAGES) -> CommandTable:
    """All commands for these pages."""
    return CommandTable(
        (
            *_OVERLAY_COMMANDS,
            *_TRAINING_COMMANDS,
            *_speed_commands(),
            *_task_commands(),
            *_SEQUENCE_COMMANDS,
            *_step_tab_commands(),
            *_stage_commands(),
            *_CELL_COMMANDS,
            *_WHAT_IF_COMMANDS,
            *_WRITING_COMMANDS,
            *_SHOWN_SEQUENCE_COMMANDS,
            *_OWN_DATA_COMMANDS,
            *_TRAINING_TIME_COMMANDS,
            *_page_commands(pages),
            *_APPEARANCE_COMMANDS,
            *_HELP_COMMANDS,
        )
    )


# First in the table: while the tour runs, its keys are its own.
_OVERLAY_COMMANDS = (
    Command(
        "tour_next",
        _same("Tour: next"),
        _same("Go on to the next stop of the tour."),
        "tour_next",
        "Help",
        ("Right", "PgDown"),
        enabled_when="tour_runs",
        listed=False,
    ),
    Command(
        "tour_previous",
        _same("Tour: previous"),
        _same("Go back to the stop before."),
        "tour_previous",
        "Help",
        ("Left", "PgUp"),
        enabled_when="tour_runs",
        listed=False,
    ),
    Command(
        "escape",
        _same("Close, or leave"),
        _same("Closes what lies over the window; gives up a replay; ends the tour; leaves lecture mode."),
        "escape",
        "Help",
        ("Esc",),
        over_overlays=True,
        listed=False,
    ),
)

_TRAINING_COMMANDS = (
    Command(
        "train",
        _same("Train or pause"),
        _same(
            "Trains all networks side by side on the same batches; press again to pause. Pausing changes nothing."
        ),
        "toggle_training",
        "Training",
        ("Space",),
        "play",
        "space_trains",
    ),
    Command(
        "train_anywhere",
        _same("Train or pause, on every page"),
        _same("Trains or pauses, also where Space plays the sequence."),
        "toggle_training",
        "Training",
        ("Ctrl+Space",),
        "play",
        "can_train",
    ),
    Command(
        "one_update",
        _same("One update"),
        _same("Does exactly one update of every network, all on the same batch, and waits."),
        "one_update",
        "Training",
        ("U",),
        "one_update",
        "can_train",
        repeats=True,
    ),
    Command(
        "rewind",
        _same("Rewind"),
        _same("Goes back to update 0 of this run: the same seed, the same weights, the same batches."),
        "rewind",
        "Training",
        ("R", "Ctrl+R"),
        "rewind",
        "engine_ready",
    ),
    Command(
        "restore",
        _same("Restore the last good moment"),
        _same("After training failed: back to the last update at which all networks were sound."),
        "restore",
        "Training",
        (),
        "restore",
        "has_failed",
    ),
    Command(
        "slower",
        _same("Slower"),
        _same("Fewer updates a second, so that one can watch it happen."),
        "slower",
        "Training",
        ("-",),
        "slower",
    ),
    Command(
        "faster",
        _same("Faster"),
        _same("More updates a second."),
        "faster",
        "Training",
        ("+",),
        "faster",
    ),
)

_SEQUENCE_COMMANDS = (
    Command(
        "play",
        _same("Play the sequence, or stop"),
        _same("Reads the sequence one timestep after the other, as the network does."),
        "toggle_play",
        "Sequence",
        ("Space",),
        "play",
        "page_plays",
    ),
    Command(
        "next_timestep",
        _same("Next timestep"),
        _same("Moves the playhead to the next event of the sequence. A clicker does it too."),
        "next_timestep",
        "Sequence",
        ("Right", "PgDown"),
        "next",
        repeats=True,
    ),
    Command(
        "previous_timestep",
        _same("Previous timestep"),
        _same("Moves the playhead back by one event. A clicker does it too."),
        "previous_timestep",
        "Sequence",
        ("Left", "PgUp"),
        "previous",
        repeats=True,
    ),
    Command(
        "first_timestep",
        _same("First timestep"),
        _same("Moves the playhead to the first event."),
        "first_timestep",
        "Sequence",
        ("Home",),
        "first",
    ),
    Command(
        "last_timestep",
        _same("Last timestep"),
        _same("Moves the playhead to the last event: the question."),
        "last_timestep",
        "Sequence",
        ("End",),
        "last",
    ),
    Command(
        "next_network",
        _same("Open the next network"),
        _same("Shows the inside of the next network of this run."),
        "next_network",
        "Sequence",
        ("N",),
        "network",
    ),
    Command(
        "next_ordering",
        _same("Order the units differently"),
        _same("As stored, by half-life, or by when they change: the same units, with structure to be seen."),
        "next_ordering",
        "Sequence",
        ("O",),
        "order",
    ),
)

_WHAT_IF_COMMANDS = (
    Command(
        "what_if_forget",
        Words("Hold the forget gate shut, everywhere", "Hold the forget gate at 0, at every timestep"),
        _same(
            "The experiment of a lecture: opens Step at the question, lets nothing be kept from one timestep to the "
            "next, and asks 500 other sequences, too, whether the network still knows."
        ),
        "what_if_forget",
        "What if",
        ("Shift+F",),
        "what_if",
        "what_if_can_forget",
    ),
    Command(
        "what_if_flip",
        _same("What is, or what would be"),
        _same("While a what-if is active: flips between the network as it is and as it would be."),
        "what_if_flip",
        "What if",
        ("X",),
        "flip",
        "what_if_active",
    ),
    Command(
        "what_if_off",
        _same("Switch all what-ifs off"),
        _same("Shows the network as it is. The list stays; Esc does the same."),
        "what_if_off",
        "What if",
        (),
        "what_if",
        "what_if_active",
    ),
    Command(
        "what_if_clear",
        _same("Empty the list of what-ifs"),
        _same("Takes every what-if out of the list. Undo brings them back."),
        "what_if_clear",
        "What if",
        (),
        "what_if",
        "what_if_listed",
    ),
    Command(
        "what_if_undo",
        _same("What if: undo"),
        _same("Takes the latest change of the list of what-ifs back."),
        "what_if_undo",
        "What if",
        ("Ctrl+Z",),
        "rewind",
        "what_if_can_undo",
        repeats=True,
    ),
    Command(
        "what_if_redo",
        _same("What if: redo"),
        _same("Makes the change again that was taken back."),
        "what_if_redo",
        "What if",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo",
        "what_if_can_redo",
        repeats=True,
    ),
    Command(
        "what_if_save",
        _same("Save the what-ifs as a file"),
        _same("Writes the list of what-ifs as JSON: to be opened again, handed in, or changed by hand."),
        "what_if_save",
        "What if",
        (),
        "what_if",
        "what_if_listed",
    ),
    Command(
        "what_if_open",
        _same("Open what-ifs from a file"),
        _same("Puts the what-ifs of a JSON file in the place of the list. Undo brings the list back."),
        "what_if_open",
        "What if",
        (),
        "open",
        "what_if_possible",
    ),
)

_WRITING_COMMANDS = (
    Command(
        "write",
        _same("Write once more"),
        _same("Lets the opened network write again, as it is now, with another random seed."),
        "write_again",
        "Sequence",
        ("G",),
        "generate",
        "page_writes",
    ),
)

_SHOWN_SEQUENCE_COMMANDS = (
    Command(
        "open_sequence",
        _same("Step through this text, or this forecast"),
        _same("Opens what the Generate page shows on the Step page: character by character, value by value."),
        "open_sequence",
        "Sequence",
        ("Return", "Enter"),
        "step",
        "page_opens",
    ),
    Command(
        "another_sequence",
        _same("Another sequence"),
        _same("Shows, on every page, the next of the sequences that no network is trained on."),
        "another_sequence",
        "Sequence",
        ("A",),
        "next",
        "shows_a_sequence",
    ),
    Command(
        "back_to_probe",
        _same("Back to the fixed sequence"),
        _same("Shows the fixed sequence of this task again, on every page. Esc does it too."),
        "back_to_probe",
        "Sequence",
        (),
        "restore",
        "shows_another_sequence",
    ),
)

_OWN_DATA_COMMANDS = (
    Command(
        "open_file",
        _same("Open a text or a table of your own"),
        _same(
            "Networks learn to write like a text, or to forecast a column of a table. Dropping a file does it too."
        ),
        "open_file",
        "Training",
        ("Ctrl+O",),
        "open",
    ),
    Command(
        "paste",
        _same("Learn from the text of the clipboard"),
        _same("Takes the text that was copied, and asks before anything happens."),
        "paste_text",
        "Training",
        ("Ctrl+V",),
        "paste",
    ),
)

_TRAINING_TIME_COMMANDS = (
    Command(
        "back_to_now",
        _same("Back to now"),
        _same("Shows the newest moment of the run again, and every newer one as it comes."),
        "back_to_now",
        "Training time",
        ("B",),
        "now",
        "shows_the_past",
    ),
    Command(
        "earlier_update",
        _same("Earlier update"),
        _same("Shows the kept update before the one shown, exactly as it was."),
        "earlier_update",
        "Training time",
        ("[", "Ctrl+Left"),
        "earlier",
        "has_history",
        repeats=True,
    ),
    Command(
        "later_update",
        _same("Later update"),
        _same("Shows the kept update after the one shown."),
        "later_update",
        "Training time",
        ("]", "Ctrl+Right"),
        "later",
        "shows_the_past",
        repeats=True,
    ),
)

_APPEARANCE_COMMANDS = (
    Command(
        "vocabulary",
        _same("Guide or textbook words"),
        _same("Turns every label, formula and tooltip from the guide's words into the textbook's, and back."),
        "toggle_vocabulary",
        "Appearance",
        ("V",),
        "vocabulary",
    ),
    Command(
        "theme",
        _same("Light or dark"),
        _same("Changes between the light and the dark theme."),
        "toggle_theme",
        "Appearance",
        ("T",),
        "dark",
    ),
    Command(
        "theme_system",
        _same("Light or dark as the system"),
        _same("Follows the light or dark theme of the system, also when it changes."),
        "set_theme",
        "Appearance",
        (),
        "system",
        argument="system",
    ),
    Command(
        "lecture",
        _same("Lecture mode"),
        _same("Full screen, everything larger, at most three panels at a time: for a projector."),
        "toggle_lecture",
        "Appearance",
        ("F11",),
        "lecture",
        over_overlays=True,
    ),
    Command(
        "next_panels",
        _same("Lecture mode: next panels"),
        _same("Shows the next group of panels."),
        "next_panels",
        "Appearance",
        ("Tab",),
        "panels",
        "in_lecture",
        releases_key=True,
    ),
    Command(
        "previous_panels",
        _same("Lecture mode: previous panels"),
        _same("Shows the group of panels before."),
        "previous_panels",
        "Appearance",
        ("Shift+Tab",),
        "panels",
        "in_lecture",
        releases_key=True,
    ),
    Command(
        "experiment",
        _same("Show or hide the experiment"),
        _same("Folds the settings of the experiment away, or brings them back."),
        "toggle_experiment",
        "Appearance",
        ("E",),
        "settings",
        "has_experiment",
    ),
    Command(
        "motion",
        _same("Motion on or off"),
        _same("Whether values travel visibly into the gates, or simply are there."),
        "toggle_motion",
        "Appearance",
        (),
        "motion",
    ),
)

_HELP_COMMANDS = (
    Command(
        "palette",
        _same("Find a command"),
        _same("Type a few letters of what you want to do."),
        "toggle_palette",
        "Help",
        ("Ctrl+K", "Ctrl+Shift+P"),
        "palette",
        over_overlays=True,
    ),
    Command(
        "shortcuts",
        _same("All keys"),
        _same("Shows every key of the window on one sheet."),
        "toggle_shortcuts",
        "Help",
        ("?", "F1"),
        "shortcuts",
        over_overlays=True,
    ),
    Command(
        "tour",
        _same("Show me around"),
        _same("A short tour of the window: six stops, and Esc ends it."),
        "start_tour",
        "Help",
        (),
        "tour",
    ),
    Command(
        "quit",
        _same("Close the window"),
        _same("Ends training and closes the window. The settings of the window are remembered."),
        "quit",
        "Help",
        ("Ctrl+Q",),
        "quit",
        over_overlays=True,
    ),
)
