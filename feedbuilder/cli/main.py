"""The command line: `feedbuilder build` and its companions."""

from __future__ import annotations

import gc
import signal
from types import FrameType
from typing import Annotated

import typer

from feedbuilder import __version__
from feedbuilder.cli.commands import (
    build,
    check,
    diff,
    doctor,
    identity,
    import_feed,
    init,
    next_due,
    preview,
    rollback,
    schedule,
    transcript,
)
from feedbuilder.cli.streams import make_streams_safe

app = typer.Typer(
    name="feedbuilder",
    help="Turn an archive of podcast episodes into a feed, chapters and captions.",
    epilog="Start with `feedbuilder init DIR` for your own archive, or `feedbuilder build` to see a sample show.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=build.EPILOG)(build.build)
app.command(epilog=diff.EPILOG)(diff.diff)
app.command(epilog=check.EPILOG)(check.check)
app.command(epilog=preview.EPILOG)(preview.preview)
app.command(epilog=transcript.EPILOG)(transcript.transcript)
app.command(epilog=doctor.EPILOG)(doctor.doctor)
app.command(epilog=rollback.EPILOG)(rollback.rollback)
app.command()(init.init)
app.command("import", epilog=import_feed.EPILOG)(import_feed.import_feed)
app.command("next")(next_due.next_due)
app.add_typer(identity.app, name="identity")
app.add_typer(schedule.app, name="schedule")


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


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def run() -> None:
    """Run the command line; an interrupted run leaves the old output whole."""
    gc.disable()  # a run is short and makes few circles of objects; to look for them costs it a tenth of its time
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    make_streams_safe()
    app()
