"""`feedbuilder doctor`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Annotated

import typer
from rich.text import Text

from feedbuilder.cli.console import SafeConsole, print_error, print_lines
from feedbuilder.cli.options import Format, FormatOption, OwnConfigOption, moment_of, own_config
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import FeedbuilderError

app = typer.Typer()
EPILOG = (
    "Exit codes: 0 nothing to change; 2 wrong usage or config; 3 there is something to do: an offset to write, or an "
    "episode whose times are wrong."
)


@app.command(epilog=EPILOG)
def doctor(
    config: OwnConfigOption = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="EPISODE", help="Look at this episode only (slug or file). Repeatable.")
    ] = None,
    listen: Annotated[
        bool, typer.Option("--listen/--no-listen", help="Hear the audio in audio.folder (feedbuilder[align]).")
    ] = True,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name the episodes that nothing tells of.")] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Compare transcripts and chapters with the audio, and say which `audio_offset` would mend them.

    Nothing is written. An offset that was heard is sure; one that follows from the lengths of many episodes is likely.
    """
    from feedbuilder.cli import doctor as reports  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.doctor import diagnose  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    out, err = SafeConsole(), SafeConsole(stderr=True)
    status = err.status("") if sys.stdout.isatty() and format_ is Format.TEXT else None
    try:
        file = own_config(config)
        with status or nullcontext():
            diagnosis = diagnose(
                read_config(file),
                now=moment_of(None),
                only=only or (),
                listen=listen,
                progress=(lambda words: status.update(words)) if status else (lambda _: None),
            )
    except FeedbuilderError as error:
        if format_ is Format.JSON:
            with reader_may_leave():
                print(reports.failure_as_json(error.exit_code, str(error)))
        else:
            print_error(err, error)
        raise typer.Exit(error.exit_code) from error
    with reader_may_leave():
        if format_ is Format.JSON:
            print(reports.as_json(diagnosis))
        else:
            for line, style in reports.finding_lines(diagnosis, every=verbose):
                out.print(Text(line, style=style))
            print_lines(out, reports.remedy_lines(diagnosis, file.parent))
    raise typer.Exit(diagnosis.exit_code)
