"""What a command raises when it cannot do what it was asked."""

from __future__ import annotations


class CommandError(Exception):
    """A command cannot go on; the message is a sentence for the user, `exit_code` what the program returns."""

    exit_code = 1


class UsageError(CommandError):
    """The command was asked for something impossible: wrong use, exit code 2."""

    exit_code = 2
