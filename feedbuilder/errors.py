"""What can go wrong: the owner's faults as values, the world's faults as exceptions.

    FeedbuilderError          exit code
    ├── UsageError            2   wrong arguments, or a config that cannot be used
    ├── RefusedError          4   a guard said no; nothing was written
    ├── OutputError           5   output/ cannot be written
    └── LockedError          11   another run is at work in this output folder

    Exit code 6 is no exception: what `--on-change` runs failed, after all was published.

A fault in the archive is never raised: it is a `Problem`, collected with all the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(StrEnum):
    """What a problem means for the episode it is about."""

    ERROR = "error"  # the episode is held back
    WARNING = "warning"  # published, with something left out or repaired
    NOTE = "note"  # worth knowing; nothing to mend


class ExitCode(IntEnum):
    """What the process tells its caller."""

    OK = 0
    BUG = 1
    USAGE = 2
    HELD = 3
    REFUSED = 4
    OUTPUT = 5
    DELIVERY = 6
    LOCKED = 11


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in which file; line and column count from 1, as editors do."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: what is wrong, where, and how to mend it. The code is a key of `problems.CATALOGUE`."""

    code: str
    severity: Severity
    place: Place
    message: str
    remedy: str = ""
    rule: str | None = None  # the directories' rule that is not held, as docs/problems.md names it

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}[{self.code}]: {self.message}"


class FeedbuilderError(Exception):
    """Base of everything feedbuilder raises on purpose."""

    exit_code: ExitCode = ExitCode.BUG

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class UsageError(FeedbuilderError):
    """The command line or the config cannot be used as it stands."""

    exit_code = ExitCode.USAGE


class RefusedError(FeedbuilderError):
    """Publishing would break a promise; the old output is untouched."""

    exit_code = ExitCode.REFUSED


class OutputError(FeedbuilderError):
    """The output folder cannot be written; what was there is whole."""

    exit_code = ExitCode.OUTPUT


class LockedError(FeedbuilderError):
    """Another run holds the output folder."""

    exit_code = ExitCode.LOCKED
