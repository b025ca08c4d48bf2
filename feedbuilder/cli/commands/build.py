"""`feedbuilder build`."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedbuilder.cli.options import (
    CONFIG_NAME,
    ConfigOption,
    NowOption,
    OutputOption,
    PreviousOption,
    VerboseOption,
    find_config,
    moment_of,
    read_previous,
    sample_folder,
)
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import ExitCode

if TYPE_CHECKING:
    from rich.status import Status

    from feedbuilder.cli.run import Outcome
    from feedbuilder.errors import Problem
    from feedbuilder.online.addresses import Reach

app = typer.Typer()
EPILOG = (
    "Exit codes: 0 output is current; 2 wrong usage or config; 3 published, but some episodes were held back; "
    "4 refused by a guard, nothing changed; 5 output cannot be written; 6 published, but --on-change failed; "
    "11 another run is at work."
)


class BuildFormat(StrEnum):
    """How a build reports."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@app.command(epilog=EPILOG)
def build(
    config: ConfigOption = None,
    output: OutputOption = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EPISODE",
            help="Write only this episode's chapters and transcripts (slug or file); the feed stays. Repeatable.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing while anything is left to mend.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND[:EPISODE]",
            help="Let the guard pass what it refused, for all or one episode: removals, guids, audio, dates, "
            "transcripts, chapters; artwork; rollback (build again after one); move (another feed name or show in the "
            "folder); overwrite (files that are not ours). Repeatable.",
        ),
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask servers for the length and type of audio that is not known.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
    previous: PreviousOption = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes to time captions in. Default: one a processor.")
    ] = None,
    wait: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Wait so long for another run to end; then exit with 11.")
    ] = 0,
    verbose: VerboseOption = False,
    now: NowOption = None,
    format_: Annotated[BuildFormat, typer.Option("--format", help="How to report.")] = BuildFormat.TEXT,
    on_change: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND",
            help="Run this when the output differs from what it last went well with; it reads what changed on "
            "standard input. No shell: for one, say \"sh -c '…'\".",
        ),
    ] = None,
    changed_exit_code: Annotated[
        int | None, typer.Option(metavar="N", min=32, max=113, help="Exit with N instead of 0 when files changed.")
    ] = None,
    healthcheck: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Ask this address when all went well, and URL/EXIT-CODE when not."),
    ] = None,
    log: Annotated[
        str | None, typer.Option(metavar="FILE", help="Append a line of JSON for every event to FILE; - is stderr.")
    ] = None,
) -> None:
    """Read the archive and bring the output folder up to date.

    On a terminal, progress and everything worth mending is shown. Elsewhere, as in cron, a run is silent when all is
    well but for warnings that were not there before, and --verbose makes it speak.
    """
    from feedbuilder.build import Report  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.build import build as build_show  # noqa: PLC0415
    from feedbuilder.cli import report as reports  # noqa: PLC0415
    from feedbuilder.cli.run import Wishes, carry_out  # noqa: PLC0415
    from feedbuilder.publish.ledger_file import render_ledger  # noqa: PLC0415
    from feedbuilder.publish.output_folder import claimed  # noqa: PLC0415
    from feedbuilder.publish.stamp import begin, leave_stamp  # noqa: PLC0415
    from feedbuilder.publish.warned import new_warnings  # noqa: PLC0415
    from feedbuilder.source.ledger import ledger_file  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415
    from feedbuilder.unchanged import plain_build  # noqa: PLC0415

    on_terminal = sys.stdout.isatty()
    folder = Path()
    news: tuple[Problem, ...] = ()  # warnings that were not there before

    def publish() -> Report:
        nonlocal folder, news
        file, target = find_config(config, output, is_told=not quiet)
        folder = file.parent
        started_ns = begin(file) if file.parent.resolve() != sample_folder() else None
        status = _status() if on_terminal and format_ is BuildFormat.TEXT and not quiet else None
        settings, moment = read_config(file), moment_of(now)
        place, is_reported = target or settings.resolve(settings.output), settings.report and not only
        lock = claimed(place, wait, keep=settings.generations_of(place)) if is_reported else nullcontext()
        with status or nullcontext(), lock:
            finished = build_show(
                settings,
                now=moment,
                output=target,
                only=only or (),
                strict=strict,
                accept=accept or (),
                wait_s=wait,
                processes=jobs or os.cpu_count() or 1,
                online=_public_web() if online else None,
                previous=read_previous(previous) if previous is not None else None,
                progress=(lambda words: status.update(words)) if status else (lambda _: None),
            )
            if is_reported:
                from feedbuilder.report.writing import with_report  # noqa: PLC0415  (most builds write none)

                finished = with_report(finished, settings, now=moment, accept=accept or ())
        if started_ns is not None and not quiet:
            news = new_warnings(file, finished.problems)
        if started_ns is not None and (plain := plain_build(sys.argv[1:])):
            leave_stamp(
                file,
                finished.inputs,
                finished.folder,
                asked_output=plain[1],
                started_ns=started_ns,
                due=finished.next_change.timestamp() if finished.next_change else None,
                code=finished.exit_code,
                told=reports.told_by_the_next(finished, folder),
                written={ledger: render_ledger(finished.ledger)} if (ledger := ledger_file(settings)).exists() else {},
            )
        return finished

    wishes = Wishes(on_change=on_change, changed_exit_code=changed_exit_code, healthcheck=healthcheck, log=log)
    outcome = carry_out(publish, wishes, str(config or CONFIG_NAME))
    is_shown = outcome.exit_code is not ExitCode.OK or verbose or (on_terminal and not quiet)
    told_code = outcome.told_code(changed_exit_code)
    told = outcome.problems if is_shown else news
    _tell(outcome, told_code, folder, format_, told=told, is_shown=is_shown, every=verbose)
    raise typer.Exit(told_code)


def _tell(
    outcome: Outcome, told_code: int, folder: Path, format_: BuildFormat, *, told: tuple[Problem, ...], is_shown: bool,
    every: bool,
) -> None:  # fmt: skip
    if format_ is BuildFormat.TEXT and not (told or is_shown or outcome.notes or outcome.failure):
        return
    from rich.text import Text  # noqa: PLC0415  (most builds have nothing to say)

    from feedbuilder.cli import report as reports  # noqa: PLC0415
    from feedbuilder.cli.console import SafeConsole, print_failure, print_lines  # noqa: PLC0415

    out, err = SafeConsole(), SafeConsole(stderr=True)
    with reader_may_leave():
        if format_ is BuildFormat.JSON:
            print(reports.as_json(told_code, outcome.problems, folder, outcome.report, outcome.failure, outcome.notes))
        elif format_ is BuildFormat.GITHUB:
            print_lines(out, reports.as_github(outcome.problems, folder, outcome.failure))
        else:
            stream = out if is_shown and outcome.exit_code is ExitCode.OK else err
            for line, style in reports.problem_lines(told, folder, every=every):
                stream.print(Text(line, style=style))
            if is_shown and outcome.report:
                print_lines(stream, reports.summary(outcome.report))
    if format_ is not BuildFormat.JSON:
        for note in outcome.notes:
            print_failure(err, note)
    if outcome.failure and format_ is BuildFormat.TEXT:
        print_failure(err, outcome.failure)


def _status() -> Status:
    from feedbuilder.cli.console import SafeConsole  # noqa: PLC0415  (rich is for what is printed)

    return SafeConsole(stderr=True).status("")


def _public_web() -> Reach:
    from feedbuilder.online.addresses import PUBLIC_WEB  # noqa: PLC0415

    return PUBLIC_WEB
