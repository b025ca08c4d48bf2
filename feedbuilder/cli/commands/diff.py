"""`feedbuilder diff`: what a build would change, before it does."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from feedbuilder.cli.console import SafeConsole, print_error
from feedbuilder.cli.options import (
    ConfigOption,
    Format,
    FormatOption,
    NowOption,
    OutputOption,
    PreviousOption,
    find_config,
    moment_of,
    read_previous,
)
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import ExitCode, FeedbuilderError

app = typer.Typer()
EPILOG = (
    "Exit codes: 0 a build would publish this; 3 it would hold episodes back; 4 it would be refused; others as there."
)


@app.command(epilog=EPILOG)
def diff(
    config: ConfigOption = None,
    output: OutputOption = None,
    previous: PreviousOption = None,
    accept: Annotated[
        list[str] | None, typer.Option(metavar="KIND[:EPISODE]", help="As for build: what would not be refused then.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every value before and after.")] = False,
    now: NowOption = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Show what a build would change for subscribers and in the output folder. Nothing is written."""
    from feedbuilder.build import build  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.cli.difference import difference_json, difference_lines  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    out = SafeConsole()
    try:
        file, output = find_config(config, output)
        report = build(
            read_config(file),
            now=moment_of(now),
            output=output,
            accept=accept or (),
            previous=read_previous(previous) if previous is not None else None,
            dry_run=True,
        )
    except FeedbuilderError as error:
        print_error(SafeConsole(stderr=True), error)
        raise typer.Exit(error.exit_code) from error
    with reader_may_leave():
        if format_ is Format.JSON:
            print(difference_json(report.changes, names=report.names))
        else:
            lines = difference_lines(report.changes, names=report.names, verbose=verbose, width=out.width)
            for line, style in lines:
                out.print(Text(line, style=style))
    raise typer.Exit(ExitCode.REFUSED if report.changes.refusals else report.exit_code)
