"""`feedbuilder build`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedbuilder.cli.options import (
    ConfigOption,
    NowOption,
    OutputOption,
    PreviousOption,
    VerboseOption,
    find_config,
    moment_of,
    read_feed,
)
from feedbuilder.cli.streams import SafeConsole, print_failure, print_lines, reader_may_leave
from feedbuilder.errors import ExitCode, FeedbuilderError, Problem

if TYPE_CHECKING:
    from feedbuilder.online.addresses import Reach

EPILOG = (
    "Exit codes: 0 output is current; 2 wrong usage or config; 3 published, but some episodes were held back; "
    "4 refused by a guard, nothing changed; 5 output cannot be written; 11 another run is at work."
)


class BuildFormat(StrEnum):
    """How a build reports."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def build(
    config: ConfigOption = None,
    output: OutputOption = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Write only this episode's chapters and transcripts (slug or file); the feed stays. Repeatable."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing while anything is left to mend.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND[:EPISODE]",
            help="Let the guard pass what it refused, for all or one episode: removals, guids, audio, dates, "
            "transcripts, chapters; move (another feed name or show in the folder), overwrite (files that are not "
            "ours). Repeatable.",
        ),
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask servers for the length and type of audio that is not known.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
    previous: PreviousOption = None,
    verbose: VerboseOption = False,
    now: NowOption = None,
    format_: Annotated[BuildFormat, typer.Option("--format", help="How to report.")] = BuildFormat.TEXT,
) -> None:
    """Read the archive and bring the output folder up to date.

    On a terminal, progress and everything worth mending is shown. Elsewhere, as in cron, a run is silent when all is
    well, and --verbose makes it speak.
    """
    from feedbuilder.build import build as build_show  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.cli import report as reports  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    on_terminal = sys.stdout.isatty()
    out, err = SafeConsole(), SafeConsole(stderr=True)
    folder = Path()
    finished, failure = None, None
    problems: tuple[Problem, ...] = ()
    try:
        file, output = find_config(config, output, None if quiet else err)
        folder = file.parent
        status = err.status("") if on_terminal and format_ is BuildFormat.TEXT and not quiet else None
        with status or nullcontext():
            finished = build_show(
                read_config(file),
                now=moment_of(now),
                output=output,
                only=only or (),
                strict=strict,
                accept=accept or (),
                online=_public_web() if online else None,
                previous=read_feed(previous) if previous else None,
                progress=(lambda words: status.update(words)) if status else (lambda _: None),
            )
        problems, exit_code = finished.problems, finished.exit_code
    except FeedbuilderError as error:
        problems, exit_code, failure = error.problems, error.exit_code, str(error)

    with reader_may_leave():
        if format_ is BuildFormat.JSON:
            print(reports.as_json(exit_code, problems, folder, finished, failure))
        elif format_ is BuildFormat.GITHUB:
            print_lines(out, reports.as_github(problems, folder, failure))
        elif exit_code is not ExitCode.OK or verbose or (on_terminal and not quiet):
            stream = out if exit_code is ExitCode.OK else err
            for line, style in reports.problem_lines(problems, folder, every=verbose):
                stream.print(Text(line, style=style))
            if finished:
                print_lines(stream, reports.summary(finished))
    if failure and format_ is BuildFormat.TEXT:
        print_failure(err, failure)
    raise typer.Exit(exit_code)


def _public_web() -> Reach:
    from feedbuilder.online.addresses import PUBLIC_WEB  # noqa: PLC0415

    return PUBLIC_WEB
