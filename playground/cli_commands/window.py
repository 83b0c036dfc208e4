"""`playground`: the window. Without a display it trains headless and writes pictures instead."""

from __future__ import annotations

import argparse

from playground.cli_commands.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The window takes no arguments: what it shows is chosen in it."""


def run(args: argparse.Namespace) -> int:
    """Opens the window and returns its exit code when it is closed."""
    raise CommandError("The window is not part of this version yet: try `playground doctor`.")
