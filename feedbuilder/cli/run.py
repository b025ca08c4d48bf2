"""One run of `feedbuilder build` and what follows it: carried on, told, written down. What it came to is a value."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from feedbuilder.build import Report
from feedbuilder.cli.delivery import command_words, deliver
from feedbuilder.cli.logs import open_log
from feedbuilder.errors import ExitCode, FeedbuilderError, Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What is to follow a build."""

    on_change: str | None = None  # a command
    changed_exit_code: int | None = None
    healthcheck: str | None = None  # an address
    log: str | None = None  # a file; - is standard error


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run came to."""

    exit_code: ExitCode
    report: Report | None = None  # None: nothing was published
    problems: tuple[Problem, ...] = ()
    failure: str | None = None  # why nothing was published
    notes: tuple[str, ...] = ()  # what went wrong beside the build

    def told_code(self, changed_exit_code: int | None) -> int:
        """Return what the process exits with; a change is only told where all is well."""
        changes = self.report.changes if self.report else None
        is_changed = changes is not None and bool(changes.written or changes.removed)
        if self.exit_code is ExitCode.OK and is_changed and changed_exit_code is not None:
            return changed_exit_code
        return int(self.exit_code)


def carry_out(publish: Callable[[], Report], wishes: Wishes, config: str) -> Outcome:
    """Publish, run the command on what changed, tell the monitoring service, and write the log."""
    with ExitStack() as stack:
        try:
            log = stack.enter_context(open_log(wishes.log))
        except FeedbuilderError as error:
            log = stack.enter_context(open_log(None))
            outcome = Outcome(exit_code=error.exit_code, failure=str(error))
        else:
            log.start(config)
            outcome = _published(publish, wishes.on_change)
        if note := _ping(wishes.healthcheck, outcome.exit_code):
            outcome = replace(outcome, notes=(*outcome.notes, note))
        for fault in outcome.problems:
            log.problem(fault)
        for note in outcome.notes:
            log.note(note)
        log.end(outcome.exit_code, outcome.report, outcome.failure)
    return outcome


def _published(publish: Callable[[], Report], on_change: str | None) -> Outcome:
    try:
        command = None if on_change is None else command_words(on_change)
        report = publish()
    except FeedbuilderError as error:
        return Outcome(exit_code=error.exit_code, problems=error.problems, failure=str(error))
    outcome = Outcome(exit_code=report.exit_code, report=report, problems=report.problems)
    if command and (fault := deliver(command, report.folder)):
        return replace(outcome, exit_code=ExitCode.DELIVERY, notes=(fault,))
    return outcome


def _ping(url: str | None, exit_code: ExitCode) -> str | None:
    if url is None or exit_code is ExitCode.LOCKED:  # then the other run tells
        return None
    from feedbuilder.online.ping import ping  # noqa: PLC0415  (nothing of the network is loaded unasked)

    return ping(url, exit_code)
