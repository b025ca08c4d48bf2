"""The log of runs, for whoever watches over many: one JSON object a line, through Python's own logging.

{"time": "2026-11-23T12:00:00.000Z", "level": "info", "event": "start", "run": "…", "version": "0.1.0", …}
{"time": …, "level": "warning", "event": "problem", "run": "…", "code": "missing-audio", "path": …, "message": …}
{"time": …, "level": "info", "event": "change", "run": "…", "path": "feed.xml", "change": "written"}
{"time": …, "level": "info", "event": "end", "run": "…", "exit_code": 0, "next": …, "duration_ms": 812, …}
"""

from __future__ import annotations

import json
import logging
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

from feedbuilder import __version__
from feedbuilder.build import Report
from feedbuilder.cli.counts import counts
from feedbuilder.errors import Problem, Severity, UsageError

TO_STDERR: Final = "-"
_LEVELS: Final = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTE: logging.INFO}


class RunLog:
    """What one run writes into the log; every line has the run's own id, for runs may share a file."""

    def __init__(self, handler: logging.Handler, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._logger = logging.Logger("feedbuilder", logging.INFO)  # ours alone: no other library writes into it
        self._logger.addHandler(handler)
        self._clock_s = clock_s
        self._began_s = clock_s()
        self._run = uuid.uuid4().hex[:12]

    def start(self, config: str) -> None:
        """Tell what is about to be built."""
        self._began_s = self._clock_s()
        self._tell(logging.INFO, "start", version=__version__, config=config)

    def problem(self, fault: Problem) -> None:
        """Tell what the archive has to be mended for."""
        self._tell(
            _LEVELS[fault.severity],
            "problem",
            code=fault.code,
            path=fault.place.path,
            line=fault.place.line,
            column=fault.place.column,
            message=fault.message,
        )

    def note(self, message: str) -> None:
        """Tell what went wrong beside the build."""
        self._tell(logging.WARNING, "note", message=message)

    def end(self, exit_code: int, report: Report | None, failure: str | None) -> None:
        """Tell what was changed and how it ended; `report` is None when nothing was published."""
        told: dict[str, Any] = {}
        if report is not None:
            for change, paths in (("written", report.changes.written), ("removed", report.changes.removed)):
                for path in paths:
                    self._tell(logging.INFO, "change", path=path, change=change)
            due = report.upcoming[0].due.isoformat() if report.upcoming else None
            told = {"output": str(report.folder), **counts(report), "next": due}
        self._tell(
            logging.ERROR if exit_code else logging.INFO,
            "end",
            exit_code=int(exit_code),
            failure=failure,
            **told,
            duration_ms=round((self._clock_s() - self._began_s) * 1000),
        )

    def _tell(self, level: int, event: str, **fields: object) -> None:
        self._logger.log(level, event, extra={"fields": {"run": self._run, **fields}})


class _File(logging.FileHandler):
    """A file that may become unwritable, as on a full disk: said once, and no reason to stop."""

    _is_broken = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging calls it)
        if not self._is_broken:
            print(f"feedbuilder: the log {self.baseFilename} cannot be written: {sys.exc_info()[1]}", file=sys.stderr)
        self._is_broken = True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as an object: when, how bad, what, and the event's own fields."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        head = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        return json.dumps(head | record.__dict__["fields"], ensure_ascii=False)


@contextmanager
def open_log(target: str | None) -> Iterator[RunLog]:
    """Give a log that appends to a file, writes to standard error for `-`, or nowhere for None.

    Raises:
        UsageError: when the file cannot be written.
    """
    handler = _handler(target)
    handler.setFormatter(JsonLines())
    try:
        yield RunLog(handler)
    finally:
        with suppress(OSError):  # told before
            handler.close()


def _handler(target: str | None) -> logging.Handler:
    if target is None:
        return logging.NullHandler()
    if target == TO_STDERR:
        return logging.StreamHandler()
    try:
        return _File(target, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"the log {target} cannot be written: {error.strerror}") from error
