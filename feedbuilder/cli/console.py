"""What is printed, with rich: a console, and lines on it. Loaded by a run that has something to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from rich.console import Console
from rich.text import Text

from feedbuilder.cli.streams import reader_may_leave
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
