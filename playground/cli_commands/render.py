"""`playground render PAGE OUT.png`: the real window, drawn offscreen after really training.

`run` gets: page (one of PAGES), out (Path, in a folder that is there), updates (int), timestep (int, counted from 1,
or None: the page's own choice), seed (int), size ((width, height) in pixels), theme ("light" or "dark"), lecture
(bool), vocabulary ("guide" or "textbook"). No clock and no rate is in the picture: the same arguments give the same
picture on the same machine.
"""

from __future__ import annotations

import argparse

from playground.cli_commands.errors import CommandError
from playground.cli_commands.parser import new_png, one_of, picture_size, whole_number

PAGES = ("train", "step", "memory")
THEMES = ("light", "dark")
VOCABULARIES = ("guide", "textbook")

EPILOG = """\
examples:
  playground render train train.png
  playground render step step.png --timestep 4 --theme dark --vocabulary textbook
  playground render memory slide.png --size 1920x1080 --lecture
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What decides a picture."""
    parser.epilog = EPILOG
    parser.add_argument("page", metavar="PAGE", type=one_of("page", PAGES), help=", ".join(PAGES))
    parser.add_argument("out", metavar="OUT.png", type=new_png, help="the picture to write")
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
        "--seed", type=whole_number(0, 2**31 - 1), default=1, metavar="S", help="the run's seed (default: 1)"
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
    raise CommandError("Drawing pages is not part of this version yet: try `playground doctor`.")
