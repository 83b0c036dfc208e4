"""An argument parser that speaks in sentences, and the types of arguments that the commands share."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from playground.contract.network_catalogue import NETWORKS


class SentenceParser(argparse.ArgumentParser):
    """argparse, whose every complaint is one sentence on stderr with exit code 2."""

    def __init__(self, *args: object, **settings: object) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        settings.setdefault("allow_abbrev", False)
        super().__init__(*args, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Says what is wrong in one sentence and leaves with exit code 2."""
        self.exit(2, f"{self.prog}: {self._sentence(message)}\n")

    def _sentence(self, message: str) -> str:
        hint = f"`{self.prog} --help` shows how it is used."
        if found := re.match(r"unrecognized arguments: (\S+)", message):
            if not found[1].startswith("-"):
                return f"'{found[1]}' is one word too many; {hint}"
            return _unknown("option", found[1], self._option_strings())
        if found := re.match(r"the following arguments are required: (.*)", message):
            return f"{found[1]} is missing; {hint}"
        if found := re.match(r"argument [^:]*: invalid choice: '([^']*)'", message):
            return _unknown("command", found[1], self._choices())
        if found := re.match(r"argument ([^:]+): (.*)", message, re.DOTALL):
            option, complaint = found[1].split("/")[-1], found[2]
            if complaint.startswith("expected"):
                return f"{option} needs a value; {hint}"
            if complaint.startswith("needs"):
                return f"{option} {complaint}"
            return complaint[0].upper() + complaint[1:]
        return f"{message}; {hint}"

    def _option_strings(self) -> list[str]:
        return [text for action in self._actions for text in action.option_strings]

    def _choices(self) -> list[str]:
        return [str(choice) for action in self._actions for choice in action.choices or ()]


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number from `minimum` to `maximum`, both included."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = minimum - 1
        if not minimum <= number <= maximum:
            raise argparse.ArgumentTypeError(
                f"needs a whole number from {minimum:,} to {maximum:,}, not '{text}'."
            )
        return number

    return read


def decimal_number(minimum: float, maximum: float) -> Callable[[str], float]:
    """The type of an argument that is a number from `minimum` to `maximum`, both included."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = minimum - 1
        if not minimum <= number <= maximum:
            raise argparse.ArgumentTypeError(f"needs a number from {minimum:g} to {maximum:g}, not '{text}'.")
        return number

    return read


def one_of(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """The type of an argument that is one of `names`; `kind` says what they are: "task", "page"."""
    allowed = tuple(names)

    def read(text: str) -> str:
        name = text.strip().lower().replace("_", "-")
        if name not in allowed:
            raise argparse.ArgumentTypeError(_unknown(kind, text, allowed))
        return name

    return read


def network_name(text: str) -> str:
    """The type of an argument that names a network as it is typed, guide-lstm for guide_lstm; gives its key."""
    typed = one_of("network", [line.typed for line in NETWORKS])(text)
    return next(line.key for line in NETWORKS if line.typed == typed)


class CollectNetworks(argparse.Action):
    """Collects networks that are given one after the other, each once, in the order given."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """One more of them."""
        chosen = (*(getattr(namespace, self.dest) or ()), str(values))
        setattr(namespace, self.dest, tuple(dict.fromkeys(chosen)))


SMALLEST, LARGEST = (1024, 700), (7680, 4320)
"""The sizes of a picture of the window, in pixels."""


def picture_size(text: str) -> tuple[int, int]:
    """The type of an argument like 1600x900: width and height in pixels."""
    found = re.fullmatch(r"(\d{1,5})\s*[x×X]\s*(\d{1,5})", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"needs width x height in pixels, like 1600x900, not '{text}'.")
    width, height = int(found[1]), int(found[2])
    if not (SMALLEST[0] <= width <= LARGEST[0] and SMALLEST[1] <= height <= LARGEST[1]):
        raise argparse.ArgumentTypeError(
            f"needs a size from {SMALLEST[0]}x{SMALLEST[1]} (in less something would be cut off) to "
            f"{LARGEST[0]}x{LARGEST[1]} pixels, not {width}x{height}."
        )
    return width, height


def new_png(text: str) -> Path:
    """The type of an argument that names a PNG file to write, in a folder that is there."""
    path = Path(text).expanduser()
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(
            f"The picture is written as PNG: name a file like picture.png, not '{text}'."
        )
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"'{text}' is a folder: name a file in it.")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"The folder '{path.parent}' does not exist: make it first.")
    return path


def _unknown(kind: str, text: str, allowed: Iterable[str]) -> str:
    import difflib  # only for a word that is not there

    names = list(allowed)
    close = difflib.get_close_matches(text.lower().replace("_", "-"), names, n=1, cutoff=0.5)
    if close:
        return f"There is no {kind} '{text}'; did you mean '{close[0]}'?"
    visible = [name for name in names if name not in ("-h", "--help")]
    if not visible:
        return f"There is no {kind} '{text}', and none is needed."
    return f"There is no {kind} '{text}'; there is: {', '.join(visible)}."
