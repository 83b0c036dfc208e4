"""What every command does: the handlers and conditions that the table of commands names."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from playground.experiment import Experiment
from playground.trace.snapshot import RunState
from playground.ui.monitor import RunMonitor
from playground.ui.page_table import shows_sequence
from playground.ui.run_words import SPEEDS, speed_title
from playground.ui.state import UiState

if TYPE_CHECKING:
    from playground.contract.intervention import Intervention
    from playground.ui.main_window import MainWindow
    from playground.ui.what_if import WhatIf

ORDERINGS = ("stored", "half_life", "change")


class WindowActions(QObject):
    """One method a handler, one a condition; GUI thread. Conditions are cheap: they are asked at every key."""

    def __init__(self, window: MainWindow, state: UiState, monitor: RunMonitor) -> None:
        super().__init__(window)
        self._window = window
        self._state = state
        self._monitor = monitor
        self.ask_where: Callable[[bool], str] = self._ask_where
        """Asks for a file of what-ifs, to save one (True) or to open one; "" for none. Tests name one themselves."""

    # -- conditions
    def always(self) -> bool:
        """Possible at any time."""
        return True

    def engine_ready(self) -> bool:
        """The engine is there."""
        return not self._monitor.loading

    def has_failed(self) -> bool:
        """Training failed."""
        return self._monitor.run_state is RunState.FAILED

    def can_train(self) -> bool:
        """The run is sound. While the engine loads, Train is remembered."""
        return not self.has_failed()

    def page_plays(self) -> bool:
        """Space plays the sequence on this page."""
        return hasattr(self._window.current_page, "toggle_play")

    def space_trains(self) -> bool:
        """Space trains on this page."""
        return self.can_train() and not self.page_plays()

    def shows_the_past(self) -> bool:
        """An earlier moment of the run is shown, or on its way."""
        return not self._state.moment.live or self._monitor.travelling

    def has_history(self) -> bool:
        """There is an earlier kept update than the one shown."""
        kept = self._monitor.record.kept_updates
        return len(kept) > 0 and int(kept[0]) < self._shown_update()

    def in_lecture(self) -> bool:
        """Lecture mode is on."""
        return self._state.lecture

    def has_experiment(self) -> bool:
        """The page has an experiment to show or hide."""
        return hasattr(self._window.current_page, "form_handle") and not self._state.lecture

    def page_has_tabs(self) -> bool:
        """The page has a card with tabs at its side."""
        return hasattr(self._window.current_page, "open_tab")

    def page_has_stages(self) -> bool:
        """The page shows a timestep sub-step by sub-step."""
        return hasattr(self._window.current_page, "turn_stage")

    def has_layers(self) -> bool:
        """The opened network has several layers."""
        trace = self._state.true_trace
        return trace is not None and len(trace.layers) > 1

    def page_writes(self) -> bool:
        """The page lets networks write."""
        return hasattr(self._window.current_page, "write_again")

    def page_opens(self) -> bool:
        """The page has a sequence to be opened on the Step page."""
        page = self._window.current_page
        return hasattr(page, "open_sequence") and bool(getattr(page, "can_open", False))

    def shows_a_sequence(self) -> bool:
        """The page shows the sequence, and there are networks to read another one."""
        return shows_sequence(self._state.page) and bool(self._state.moment.traces)

    def shows_another_sequence(self) -> bool:
        """Another sequence than the probe is shown, or on its way."""
        return self._monitor.shown is not None or self._monitor.wanted is not None

    def tour_runs(self) -> bool:
        """The tour is on."""
        return self._window.tour_runs

    # -- training
    def toggle_training(self) -> None:
        """Train, or pause."""
        self._monitor.toggle()

    def one_update(self) -> None:
        """Exactly one update of every network."""
        self._monitor.one_update()

    def rewind(self) -> None:
        """Back to update 0."""
        self._monitor.rewind()

    def restore(self) -> None:
        """Back to the last good moment."""
        self._monitor.restore()

    def set_speed(self, speed: tuple[float | None]) -> None:
        """So many updates a second."""
        self._monitor.set_speed(speed[0])

    def slower(self) -> None:
        """The next lower speed that is offered."""
        self._change_speed(-1)

    def faster(self) -> None:
        """The next higher speed that is offered."""
        self._change_speed(1)

    def _change_speed(self, direction: int) -> None:
        values = [value for value, _, _ in SPEEDS]
        current = values.index(self._monitor.speed) if self._monitor.speed in values else len(values) - 1
        chosen = values[max(0, min(len(values) - 1, current + direction))]
        self._monitor.set_speed(chosen)
        self._state.set_status(f"Speed: {speed_title(chosen).lower()}.")

    # -- the sequence
    def toggle_play(self) -> None:
        """Let the page play the sequence, or stop."""
        page = self._window.current_page
        if page is not None and hasattr(page, "toggle_play"):
            page.toggle_play()

    def next_timestep(self) -> None:
        """The playhead one event on; on a page that has something else to step through, one of that."""
        self._turn_by(1)

    def previous_timestep(self) -> None:
        """The playhead one event back."""
        self._turn_by(-1)

    def first_timestep(self) -> None:
        """The playhead to the first event."""
        self._turn_to_end(last=False)

    def last_timestep(self) -> None:
        """The playhead to the last event."""
        self._turn_to_end(last=True)

    def _turn_by(self, places: int) -> None:
        page = self._window.current_page
        if page is not None and hasattr(page, "turn_by"):
            page.turn_by(places)
        else:
            self._state.set_timestep(self._state.timestep + places)

    def _turn_to_end(self, *, last: bool) -> None:
        page = self._window.current_page
        if page is not None and hasattr(page, "turn_to_end"):
            page.turn_to_end(last)
        else:
            self._state.set_timestep(self._state.length - 1 if last else 0)

    def next_network(self) -> None:
        """Open the next network of the moment shown."""
        networks = list(self._state.moment.traces)
        if networks:
            current = networks.index(self._state.network) if self._state.network in networks else -1
            self._state.set_network(networks[(current + 1) % len(networks)])

    def open_network(self, network: str) -> None:
        """Open this network."""
        self._state.set_network(network)

    def next_ordering(self) -> None:
        """Order the units in the next way."""
        current = ORDERINGS.index(self._state.ordering) if self._state.ordering in ORDERINGS else 0
        self._state.set_ordering(ORDERINGS[(current + 1) % len(ORDERINGS)])

    def next_layer(self) -> None:
        """The next layer of the opened network, from below."""
        trace = self._state.trace
        if trace is not None and trace.depth > 1:
            layer = len(trace.layers) % trace.depth
            self._state.set_layer(layer if layer < trace.depth - 1 else None)

    # -- inside the cell
    def open_step_tab(self, key: str) -> None:
        """Open a tab of the card at the side; in a lecture the group of panels it belongs to."""
        page = self._window.current_page
        if page is not None and hasattr(page, "open_tab") and hasattr(page, "side"):
            page.open_tab(key)
            self._window.lecture.show_group_of(page.side)
            if hasattr(page, "give_keys_to_tab"):
                page.give_keys_to_tab()

    def open_stage(self, number: int) -> None:
        """Show a sub-step of this timestep (0-based); -1: all of it."""
        page = self._window.current_page
        if page is not None and hasattr(page, "open_stage"):
            page.open_stage(number)

    def turn_stage(self, direction: int) -> None:
        """The next sub-step (1) or the one before (-1)."""
        page = self._window.current_page
        if page is not None and hasattr(page, "turn_stage"):
            page.turn_stage(direction)

    def unfold(self) -> None:
        """Where the number that was chosen comes from."""
        page = self._window.current_page
        if page is not None and hasattr(page, "toggle_unfolded") and hasattr(page, "side"):
            page.toggle_unfolded()
            self._window.lecture.show_group_of(page.side)

    def pin_moment(self) -> None:
        """Keep this moment below, and go on above."""
        page = self._window.current_page
        if page is not None and hasattr(page, "pin_moment"):
            page.pin_moment()

    def follow_back(self) -> None:
        """Back to the value that was looked at before."""
        page = self._window.current_page
        if page is not None and hasattr(page, "follow_back"):
            page.follow_back()

    # -- what if
    @property
    def _what_if(self) -> WhatIf:
        from playground.ui.what_if import WhatIf

        return WhatIf.of(self._state, self._monitor)

    def what_if_active(self) -> bool:
        """A what-if is on, and it is the Step page that shows it."""
        return self._state.page == "step" and self._what_if.active

    def what_if_listed(self) -> bool:
        """There is something in the list of what-ifs."""
        return bool(self._what_if.entries)

    def what_if_can_undo(self) -> bool:
        """There is a change of the list to take back."""
        return self._state.page == "step" and self._what_if.can_undo

    def what_if_can_redo(self) -> bool:
        """There is a change of the list to make again."""
        return self._state.page == "step" and self._what_if.can_redo

    def what_if_possible(self) -> bool:
        """A network has read the sequence."""
        return bool(self._state.moment.traces)

    def what_if_can_forget(self) -> bool:
        """A network of the moment shown has a gate that forgets; before anything was read, one may have."""
        from playground.ui.what_if_commands import forgetting_networks

        return not self._state.moment.traces or bool(forgetting_networks(self._state))

    def what_if_forget(self) -> None:
        """Hold the gate that forgets shut at every timestep, and look at the question."""
        from playground.ui.what_if_commands import hold_forgetting_shut

        self._state.set_page("step")
        self.open_step_tab("what_if")
        hold_forgetting_shut(self._state, self._what_if)

    def what_if_save(self) -> None:
        """Write the list of what-ifs to a file."""
        from playground.ui.what_if_dialogs import save_to

        path = self.ask_where(True)
        if path:
            save_to(Path(path), self._state, self._what_if, self._complain)

    def what_if_open(self) -> None:
        """Take the list of what-ifs from a file."""
        from playground.ui.what_if_dialogs import open_from

        self._state.set_page("step")
        self.open_step_tab("what_if")
        path = self.ask_where(False)
        if path:
            open_from(Path(path), self._state, self._what_if, self._complain)

    def _ask_where(self, saving: bool) -> str:
        from playground.ui.what_if_dialogs import ask_where

        return ask_where(self._window, saving, self._what_if.task_name)

    def _complain(self, title: str, sentence: str) -> None:
        self._window.own_data.overlay.show_problem(title, sentence)

    def what_if_do(self, intervention: Intervention) -> None:
        """One more what-if, on the Step page with its list open."""
        self._state.set_page("step")
        self.open_step_tab("what_if")
        self._what_if.add(intervention)

    def what_if_flip(self) -> None:
        """What is, or what would be."""
        self._state.set_shows_changed(not self._state.shows_changed)
        shown = "What would be" if self._state.shows_changed else "What is"
        self._state.set_status(f"{shown} is shown.")

    def what_if_off(self) -> None:
        """Everything off; the list stays."""
        self._what_if.switch_all(False)

    def what_if_clear(self) -> None:
        """An empty list."""
        self._what_if.clear()

    def what_if_undo(self) -> None:
        """The latest change of the list back."""
        self._what_if.undo()

    def what_if_redo(self) -> None:
        """Make it again."""
        self._what_if.redo()

    # -- own data
    def open_file(self) -> None:
        """Ask for a file of the user's."""
        self._window.own_data.open_file()

    def paste_text(self) -> None:
        """Take the text of the clipboard."""
        self._window.own_data.paste()

    # -- writing
    def write_again(self) -> None:
        """Let the opened network write once more."""
        page = self._window.current_page
        if page is not None and hasattr(page, "write_again"):
            page.write_again()

    def open_sequence(self) -> None:
        """Open what the page shows on the Step page."""
        page = self._window.current_page
        if page is not None and hasattr(page, "open_sequence"):
            page.open_sequence()

    def another_sequence(self) -> None:
        """Show the next held-out sequence."""
        self._monitor.show_another()

    def back_to_probe(self) -> None:
        """Show the probe again."""
        self._monitor.show_sequence(None)

    # -- training time
    def back_to_now(self) -> None:
        """Show the newest moment again."""
        self._monitor.back_to_now()

    def earlier_update(self) -> None:
        """The kept update before the one shown."""
        kept = self._monitor.record.kept_updates
        position = int(np.searchsorted(kept, self._shown_update(), side="left")) - 1
        if position >= 0:
            self._monitor.go_to(int(kept[position]))

    def later_update(self) -> None:
        """The kept update after the one shown; after the last one, back to now."""
        kept = self._monitor.record.kept_updates
        position = int(np.searchsorted(kept, self._shown_update(), side="right"))
        if position < len(kept):
            self._monitor.go_to(int(kept[position]))
        else:
            self._monitor.back_to_now()

    def _shown_update(self) -> int:
        wanted = self._monitor.travel_target
        return wanted if wanted is not None else self._state.moment.update

    # -- pages and appearance
    def show_page(self, key: str) -> None:
        """Turn to a page."""
        self._state.set_page(key)

    def toggle_vocabulary(self) -> None:
        """The guide's words or the textbook's."""
        self._state.set_appearance(vocabulary="textbook" if self._state.vocabulary == "guide" else "guide")

    def toggle_theme(self) -> None:
        """Light or dark."""
        self._window.appearance.toggle()

    def set_theme(self, choice: str) -> None:
        """Light, dark, or as the system."""
        self._window.appearance.choose(choice)

    def toggle_lecture(self) -> None:
        """Lecture mode on or off."""
        self._window.set_lecture(not self._state.lecture)

    def next_panels(self) -> None:
        """The next group of panels."""
        self._window.lecture.turn(1)

    def previous_panels(self) -> None:
        """The group of panels before."""
        self._window.lecture.turn(-1)

    def toggle_experiment(self) -> None:
        """The experiment shown or hidden."""
        page = self._window.current_page
        if page is not None and hasattr(page, "form_handle"):
            page.form_handle.toggle()

    def toggle_motion(self) -> None:
        """Motion on or off."""
        self._state.motion = not self._state.motion
        self._state.set_status(f"Motion is {'on' if self._state.motion else 'off'}.")

    # -- help
    def escape(self) -> None:
        """Close what lies on top: overlay, tour, replay, what-ifs, another sequence, lecture mode, in this order."""
        window = self._window
        if window.close_overlay():
            return
        if window.end_tour():
            return
        if self._monitor.travelling:
            self._monitor.give_up_travel()
        elif self.what_if_active():
            self.what_if_off()
        elif self.shows_another_sequence() and shows_sequence(self._state.page):
            self.back_to_probe()
        elif self._state.lecture:
            window.set_lecture(False)

    def open_task(self, name: str) -> None:
        """Start a new run of this task with its recipe and the seed of the run so far."""
        running = self._monitor.experiment
        experiment = Experiment.of_task(name)
        training = dataclasses.replace(experiment.training, seed=running.training.seed)
        experiment = dataclasses.replace(experiment, training=training)
        problems = experiment.problems()
        if problems:
            self._state.set_status(problems[0].sentence)
            return
        self._monitor.apply(experiment)
        self.show_page("train")

    def toggle_palette(self) -> None:
        """Open or close the palette."""
        self._window.toggle_palette()

    def toggle_shortcuts(self) -> None:
        """Open or close the sheet of keys."""
        self._window.toggle_shortcuts()

    def start_tour(self) -> None:
        """Begin the tour."""
        self._window.start_tour()

    def tour_next(self) -> None:
        """The next stop of the tour."""
        self._window.tour_turn(1)

    def tour_previous(self) -> None:
        """The stop of the tour before."""
        self._window.tour_turn(-1)

    def quit(self) -> None:
        """Close the window."""
        self._window.close()
