"""Draws the pictures of the pages in docs/pictures again: the real window, after really training.

`.venv/bin/python scripts/draw_pictures.py [FOLDER]` takes about a minute. What `playground render` cannot say is done
here: several texts of one run, a character that is looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playground.cli_commands.render import Studio
from playground.experiment import Experiment

SIZE, PROJECTOR = (1600, 900), (1280, 720)
UPDATES = 300
WRITTEN_AT = (0, 100, 300, 600)
LOOKED_AT = 4
"""The character of the newest text whose reasons are shown."""


def main() -> int:
    """Draws all of them. Returns 0."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    draw_nature_show(folder)
    draw_writing(folder)
    with Studio(size=SIZE, experiment=Experiment.of_task("electricity-england-wales")) as studio:
        studio.train(2 * UPDATES)
        studio.draw("generate", folder / "forecast-light.png")
    return 0


def draw_nature_show(folder: Path) -> None:
    """Train, Step and Memory, light, dark and in a lecture; and how a sequence is cut."""
    with Studio(size=SIZE) as studio:
        studio.train(UPDATES)
        for theme in ("light", "dark"):
            studio.window.appearance.choose(theme)
            for page in ("train", "step", "memory"):
                studio.draw(page, folder / f"{page}-{theme}.png")
        studio.window.appearance.choose("light")
        studio.draw("generate", folder / "choose-light.png")
        studio.draw("batches", folder / "batches-light.png")
        studio.window.resize(*PROJECTOR)
        for page in ("train", "step", "memory"):
            studio.draw(page, folder / f"{page}-lecture.png", lecture=True)


def draw_writing(folder: Path) -> None:
    """First gibberish, then names: the texts of one run, and why one character was written."""
    with Studio(size=SIZE, experiment=Experiment.of_task("names"), page="generate") as studio:
        done = 0
        for update in WRITTEN_AT:
            studio.train(update - done)
            studio.draw("generate", folder / "generate-light.png")
            done = update
        writing = studio.window.page("generate").writing  # type: ignore[attr-defined]
        writing.select(writing.samples[-1], LOOKED_AT)
        studio.draw("generate", folder / "generate-light.png")


if __name__ == "__main__":
    raise SystemExit(main())
