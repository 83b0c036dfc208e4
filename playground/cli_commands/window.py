"""`playground`: the window. Without a display it trains headless and writes pictures instead."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from playground.doctor.display import find_display

TOUR_FOLDER = "playground-tour"
TOUR_UPDATES = 500
TOUR_SIZE = (1600, 900)
TOUR_PAGES = ("train", "step", "memory")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The window takes no arguments: what it shows is chosen in it."""


def run(args: argparse.Namespace) -> int:
    """Opens the window and returns its exit code when it is closed."""
    display = find_display()
    # Whoever measures the start means the window, on whatever platform.
    if not display.available and not os.environ.get("PLAYGROUND_STARTUP_REPORT"):
        return run_without_display(display.problem)
    from playground.app import run_window

    return run_window()


def run_without_display(problem: str) -> int:
    """Says why there is no window; trains, prints the table, writes pictures of the pages into ./playground-tour."""
    print(
        f"{problem} So there is no window: training here instead, and drawing its pages into ./{TOUR_FOLDER}/.",
        file=sys.stderr,
    )
    from playground.cli_commands.training_report import print_report, train_all

    results = train_all(
        task="nature-show",
        networks=None,
        updates=TOUR_UPDATES,
        seeds=range(1, 2),
        flowers=None,
        curriculum=False,
    )
    print_report(results)
    pictures = draw_tour(Path(TOUR_FOLDER), TOUR_UPDATES, TOUR_SIZE)
    for path in pictures:
        print(path)
    return 1 if any(result.failure for result in results) else 0


def draw_tour(folder: Path, updates: int, size: tuple[int, int]) -> list[Path]:
    """Pictures of all pages after really training once, in `folder`. Returns their paths.

    Raises CommandError with a sentence where the folder cannot be written.
    """
    from playground.cli_commands.errors import CommandError
    from playground.cli_commands.render import Studio

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"The folder {folder} cannot be made ({error.strerror}).") from error
    paths = []
    with Studio(size=size) as studio:
        studio.train(updates)
        for page in TOUR_PAGES:
            path = folder / f"{page}.png"
            studio.draw(page, path)
            paths.append(path)
    return paths
