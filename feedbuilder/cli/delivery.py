"""Run the owner's own command on what a build changed: `feedbuilder build --on-change`."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

from feedbuilder.errors import LockedError, OutputError, UsageError
from feedbuilder.publish.delivery import Delivery, delivering, note_delivered, owed

LONGEST_S: Final = 3600.0


def command_words(command: str) -> list[str]:
    """Take a command apart as a shell does, without being one: no variables, no pipes; `sh -c '…'` has those.

    Raises:
        UsageError: when there is none, or a quote is left open.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"--on-change {command!r} cannot be taken apart: {error}") from error
    if not words:
        raise UsageError("--on-change names no command")
    return words


def deliver(words: list[str], folder: Path, *, longest_s: float = LONGEST_S) -> str | None:
    """Run a command on whatever it has not been run on with success; return why it failed, or None.

    It finds the folder in FEEDBUILDER_OUTPUT, the number of changes in FEEDBUILDER_CHANGED, and on standard input a
    line for each: `written PATH` or `removed PATH`. What it prints goes to standard error.
    """
    try:
        if owed(folder) is None:
            return None
        with delivering(folder):
            delivery = owed(folder)
            if delivery is None:
                return None
            if fault := _run(words, folder, delivery, longest_s):
                return f"{words[0]} {fault}; it is run again after the next build"
            note_delivered(folder, delivery)
    except LockedError:  # another run delivers; what it began without stays owed
        return None
    except (OSError, OutputError) as error:
        return f"what {words[0]} has done cannot be noted: {error}; it is run again after the next build"
    return None


def _run(words: list[str], folder: Path, delivery: Delivery, longest_s: float) -> str | None:
    lines = [*(f"written {path}" for path in delivery.written), *(f"removed {path}" for path in delivery.removed)]
    environment = {
        **os.environ,
        "FEEDBUILDER_OUTPUT": str(folder.resolve()),
        "FEEDBUILDER_CHANGED": str(len(lines)),
    }
    try:
        done = subprocess.run(  # whether it went well is told, and not raised
            words,
            input="".join(f"{line}\n" for line in lines).encode(),
            stdout=sys.stderr.fileno(),  # standard output is the report's
            env=environment,
            timeout=longest_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"did not end within {longest_s:g} seconds"
    except (OSError, ValueError) as error:  # not there, not executable, or a NUL in it
        return f"cannot be run: {getattr(error, 'strerror', None) or error}"
    return f"failed with exit code {done.returncode}" if done.returncode else None
