"""`feedbuilder build` and `feedbuilder init`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from feedbuilder import __version__
from feedbuilder.errors import ExitCode, FeedbuilderError, Problem, UsageError

CONFIG_NAME = "feedbuilder.yaml"

app = typer.Typer(
    name="feedbuilder",
    help="Turn an archive of podcast episodes into a feed, chapters and captions.",
    epilog="Start with `feedbuilder init DIR` for your own archive, or `feedbuilder build` to see a sample show.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How a run reports."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class Acceptance(StrEnum):
    """What the guard may let pass."""

    REMOVALS = "removals"
    OVERWRITE = "overwrite"


def _version(wanted: bool) -> None:
    if wanted:
        print(f"feedbuilder {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Turn an archive of podcast episodes into a feed, chapters and captions."""


@app.command(
    epilog="Exit codes: 0 output is current; 2 wrong usage or config; 3 published, but some episodes were held back; "
    "4 refused by a guard, nothing changed; 5 output cannot be written; 11 another run is at work."
)
def build(
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help=f"The show's config. Default: ./{CONFIG_NAME}, else the sample show."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write. Default: `output` of the config.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Write only this episode's chapters and transcripts (slug or file); the feed stays. Repeatable."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing while anything is left to mend.")] = False,
    accept: Annotated[
        list[Acceptance] | None,
        typer.Option(help="Let the guard pass `removals` (episodes leave the feed) or `overwrite` (files not ours)."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every place of every warning.")] = False,
    format_: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.TEXT,
) -> None:
    """Read the archive and bring the output folder up to date.

    On a terminal, progress and everything worth mending is shown. Elsewhere, as in cron, a run is silent when all is
    well, and --verbose makes it speak.
    """
    from feedbuilder.build import build as build_show  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.cli import report as reports  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    on_terminal = sys.stdout.isatty()
    out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)
    folder = Path()
    finished, failure = None, None
    problems: tuple[Problem, ...] = ()
    try:
        file, output = _found(config, output, None if quiet else err)
        folder = file.parent
        status = err.status("") if on_terminal and format_ is Format.TEXT and not quiet else None
        with status or nullcontext():
            finished = build_show(
                read_config(file),
                now=_now(),
                output=output,
                only=only or (),
                strict=strict,
                accept=accept or (),
                progress=(lambda words: status.update(words)) if status else (lambda _: None),
            )
        problems, exit_code = finished.problems, finished.exit_code
    except FeedbuilderError as error:
        problems, exit_code, failure = error.problems, error.exit_code, str(error)

    if format_ is Format.JSON:
        print(reports.as_json(exit_code, problems, folder, finished, failure))
    elif format_ is Format.GITHUB:
        _print_lines(out, reports.as_github(problems, folder))
        if failure:
            print(f"::error::{failure}".replace("\n", "%0A"))
    elif exit_code is not ExitCode.OK or verbose or (on_terminal and not quiet):
        stream = out if exit_code is ExitCode.OK else err
        for line, style in reports.problem_lines(problems, folder, every=verbose):
            stream.print(Text(line, style=style))
        if finished:
            _print_lines(stream, reports.summary(finished))
    if failure and format_ is not Format.JSON:
        err.print(Text(f"feedbuilder: {failure}", style="bold red"))
    raise typer.Exit(exit_code)


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the site or archive.")],
) -> None:
    """Look at an archive and write a commented config for it. Existing files are left alone."""
    from feedbuilder.cli.init import write_config  # noqa: PLC0415

    try:
        found = write_config(directory, CONFIG_NAME)
    except FeedbuilderError as error:
        Console(stderr=True, highlight=False).print(Text(f"feedbuilder: {error}", style="bold red"))
        raise typer.Exit(error.exit_code) from error
    _print_lines(Console(highlight=False, soft_wrap=True), found)


def _found(config: Path | None, output: Path | None, console: Console | None) -> tuple[Path, Path | None]:
    """Return the config to use and where to write: named, in this folder, or the sample show that ships with us."""
    if config is not None:
        file = config / CONFIG_NAME if config.is_dir() else config
        if not file.is_file():
            raise UsageError(f"there is no config {file}")
        return file, output
    if Path(CONFIG_NAME).is_file():
        return Path(CONFIG_NAME), output
    package = Path(__file__).parent.parent
    sample = next(path for path in (package / "seeds", package.parent / "seeds") if path.is_dir())
    if console:
        console.print(f"No {CONFIG_NAME} here: building the sample show. For your own: feedbuilder init DIR")
    return sample / CONFIG_NAME, output or Path("output")


def _now() -> datetime:
    """Return the time, or SOURCE_DATE_EPOCH where a build is to be repeated exactly.

    Spec: https://reproducible-builds.org/specs/source-date-epoch/ (1.1)
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)  # noqa: TID251  (the one clock)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds") from error


def _print_lines(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        console.print(Text(line))


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def run() -> None:
    """Run the command line; an interrupted run leaves the old output whole."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    app()
