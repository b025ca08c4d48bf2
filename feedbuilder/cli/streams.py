"""Standard output and error that may be closed, piped to a reader who leaves, or unable to write every letter."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from rich.text import Text

from feedbuilder.errors import FeedbuilderError, Severity


class SafeConsole(Console):
    """A console whose lost reader is the caller's business: rich would end the program with its own exit code."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, soft_wrap=True)

    def on_broken_pipe(self) -> NoReturn:
        """Leave the decision to `reader_may_leave`."""
        raise BrokenPipeError


def print_lines(console: Console, lines: Iterable[str]) -> None:
    """Print lines as they are, without markup."""
    for line in lines:
        console.print(Text(line))


def print_failure(console: Console, failure: str) -> None:
    """Print why a run came to nothing."""
    with reader_may_leave():
        console.print(Text(f"feedbuilder: {failure}", style="bold red"))


def print_error(console: Console, error: FeedbuilderError, *, every: bool = False) -> None:
    """Print why a run came to nothing, each fault with its place first; warnings too when `every` is set."""
    with reader_may_leave():
        faults = [fault for fault in error.problems if every or fault.severity is Severity.ERROR]
        print_lines(console, (f"{fault.place}: {fault.message} → {fault.remedy}" for fault in faults))
    print_failure(console, str(error))


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Let whoever reads what is printed stop reading, as `| head` does: what was done and its exit code stand."""
    try:
        yield
        sys.stdout.flush()
    except OSError:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:  # what is still to come goes nowhere, and fails no more
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def make_streams_safe() -> None:
    """Print nowhere where there is no output, and in escapes what its encoding lacks."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  (open until the end)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
