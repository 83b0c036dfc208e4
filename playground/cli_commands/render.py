"""`playground render PAGE OUT.png`: the real window, drawn offscreen after really training.

`run` gets: page (one of PAGES), out (Path, in a folder that is there), task (a key of TASK_SETTINGS), networks (the
cells that take part, the first of which is opened; None: those of the task's recipe), updates (int), timestep (int,
counted from 1, or None: the page's own choice), seed (int), size ((width, height) in pixels), theme ("light" or
"dark"), lecture (bool), vocabulary ("guide" or "textbook"). No clock and no rate is in the picture: the same arguments
give the same picture on the same machine.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from playground.cli_commands.errors import CommandError, UsageError
from playground.cli_commands.parser import (
    CollectNetworks,
    network_name,
    new_png,
    one_of,
    picture_size,
    whole_number,
)
from playground.experiment import DEFAULT_SEED, TASK_SETTINGS, Experiment
from playground.ui import page_table

PAGES = tuple(page.key for page in page_table.PAGES)
THEMES = ("light", "dark")
VOCABULARIES = ("guide", "textbook")

EPILOG = """\
examples:
  playground render train train.png
  playground render step step.png --timestep 4 --theme dark --vocabulary textbook
  playground render memory slide.png --size 1920x1080 --lecture
  playground render step recall.png --task delayed-recall --network gru --updates 300
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What decides a picture."""
    parser.epilog = EPILOG
    parser.add_argument("page", metavar="PAGE", type=one_of("page", PAGES), help=", ".join(PAGES))
    parser.add_argument("out", metavar="OUT.png", type=new_png, help="the picture to write")
    parser.add_argument(
        "--task",
        type=one_of("task", TASK_SETTINGS),
        default=Experiment().task_name,
        metavar="NAME",
        help=f"what is learned (default: {Experiment().task_name}; `playground tasks` lists all)",
    )
    parser.add_argument(
        "--network",
        dest="networks",
        action=CollectNetworks,
        type=network_name,
        metavar="NAME",
        help="let only this network take part; may be given again, and the first one is opened",
    )
    parser.add_argument(
        "--updates",
        type=whole_number(0, 100_000),
        default=500,
        metavar="N",
        help="train this many updates first (default: 500)",
    )
    parser.add_argument(
        "--timestep",
        type=whole_number(1, 1000),
        metavar="T",
        help="where the playhead stands, counted from 1",
    )
    parser.add_argument(
        "--seed",
        type=whole_number(0, 2**31 - 1),
        default=DEFAULT_SEED,
        metavar="S",
        help=f"the run's seed (default: {DEFAULT_SEED})",
    )
    parser.add_argument(
        "--size", type=picture_size, default=(1600, 900), metavar="WxH", help="in pixels (default: 1600x900)"
    )
    parser.add_argument(
        "--theme",
        type=one_of("theme", THEMES),
        default="light",
        metavar="NAME",
        help="light (default) or dark",
    )
    parser.add_argument("--lecture", action="store_true", help="as for a projector: larger, fewer panels")
    parser.add_argument(
        "--vocabulary",
        type=one_of("vocabulary", VOCABULARIES),
        default="guide",
        metavar="NAME",
        help="guide (default) or textbook",
    )


def run(args: argparse.Namespace) -> int:
    """Trains, draws, writes the picture. Returns the exit code."""
    experiment = with_networks(Experiment.of_task(args.task), args.networks)
    experiment = dataclasses.replace(
        experiment, training=dataclasses.replace(experiment.training, seed=args.seed)
    )
    with Studio(
        size=args.size, experiment=experiment, theme=args.theme, vocabulary=args.vocabulary, page=args.page
    ) as studio:
        studio.train(args.updates)
        if args.networks:
            studio.window.state.set_network(args.networks[0])
        studio.draw(args.page, args.out, timestep=args.timestep, lecture=args.lecture)
    return 0


def with_networks(experiment: Experiment, networks: tuple[str, ...] | None) -> Experiment:
    """This experiment with only these networks taking part; None: as it is."""
    if not networks:
        return experiment
    return dataclasses.replace(
        experiment,
        networks=tuple(
            dataclasses.replace(network, enabled=network.cell in networks) for network in experiment.networks
        ),
    )


class Studio:
    """The real window on a screen of its own that nobody sees, with networks that were really trained.

    A context manager: the window is closed at the end. Everything happens in this thread and without a clock.
    """

    def __init__(
        self,
        *,
        size: tuple[int, int] = (1600, 900),
        experiment: Experiment | None = None,
        theme: str = "light",
        vocabulary: str = "guide",
        page: str = "train",
    ) -> None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["QT_SCALE_FACTOR"] = "1"
        from playground.app import build_window, make_application
        from playground.runner.factory import make_reference_run
        from playground.runner.sync_runner import SyncRunner
        from playground.ui.qt_messages import qt_messages_logged
        from playground.ui.settings import WindowSettings

        self._quiet = ExitStack()
        self._quiet.enter_context(qt_messages_logged())
        self._application = make_application()
        self._runner = SyncRunner(make_reference_run)
        settings = WindowSettings(theme=theme, vocabulary=vocabulary, page=page, motion=False)
        self.window = build_window(self._runner, settings, experiment=experiment or Experiment())
        self.window.resize(*size)
        self.window.show()
        self.window.monitor.begin()
        self.window.start_lazy_parts()
        self._settle()

    def __enter__(self) -> Studio:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from playground.app import take_apart

        take_apart(self.window)
        self._quiet.close()

    def train(self, updates: int, updates_per_block: int = 25) -> None:
        """Exactly so many updates of every network. Raises CommandError when training fails."""
        monitor = self.window.monitor
        wanted = monitor.snapshot.update + updates
        if updates:
            monitor.start()
        while monitor.snapshot.update < wanted and monitor.failure is None:
            self._runner.updates_per_poll = min(updates_per_block, wanted - monitor.snapshot.update)
            monitor.poll_once()
        self._runner.updates_per_poll = 0
        monitor.pause()
        self._settle()
        if monitor.failure is not None:
            raise CommandError(f"{monitor.failure.sentence} {monitor.failure.advice}")

    def draw(self, page: str, out: Path, *, timestep: int | None = None, lecture: bool = False) -> None:
        """Write a picture of the page. `timestep` counts from 1; None: where the page puts the playhead."""
        window = self.window
        window.state.set_page(page)
        window.set_lecture(lecture, full_screen=False)
        if timestep is not None:
            length = window.state.length
            if timestep > length:
                raise UsageError(f"The sequence has {length} timesteps: there is no timestep {timestep}.")
            window.state.set_timestep(timestep - 1)
        self._settle()
        if not window.grab().save(str(out), "PNG"):
            raise CommandError(
                f"The picture could not be written to {out}: is the disk full, the folder writable?"
            )

    def _settle(self) -> None:
        """Let the window ask, be answered and lay itself out until nothing more happens. Nobody rests between two
        questions here: whether that time is over would be a matter of the clock."""
        from playground.ui.asking import Asking
        from playground.ui.background import Background

        monitor = self.window.monitor
        for _ in range(3):
            for asking in self.window.findChildren(Asking):
                asking.wake()
            self._application.processEvents()
            monitor.poll_once()
            while monitor.waiting:
                monitor.poll_once()
            for background in self.window.findChildren(Background):
                background.finish()
        self._application.processEvents()
