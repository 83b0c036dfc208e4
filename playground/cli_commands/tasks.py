"""`playground tasks`: everything that can be learned, by family, with the question it asks."""

from __future__ import annotations

import argparse

from playground.tasks import TASKS

FAMILIES = {"nature": "The nature show", "memory": "Memory", "text": "Text", "series": "Series"}
"""In the order in which they are listed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing can be asked."""
    parser.epilog = (
        "`playground train TASK` trains one; `playground train text --file F` learns a text of your own.\n"
    )


def run(args: argparse.Namespace) -> int:
    """Prints the list."""
    width = max(len(name) for name in TASKS)
    for family, heading in FAMILIES.items():
        print(heading)
        for name, task in TASKS.items():
            if task.family == family:
                print(f"  {name:<{width}}  {task.title}: {task.question}")
    return 0
