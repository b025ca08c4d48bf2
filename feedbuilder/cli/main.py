"""The command line: `feedbuilder build` and its companions."""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from types import FrameType
from typing import Annotated

import typer

from feedbuilder import __version__
from feedbuilder.cli.streams import make_streams_safe

_MODULES = {  # of the commands, in the order of --help
    "build": "build",
    "diff": "diff",
    "check": "check",
    "preview": "preview",
    "transcript": "transcript",
    "doctor": "doctor",
    "rollback": "rollback",
    "init": "init",
    "import": "import_feed",
    "next": "next_due",
    "identity": "identity",
    "schedule": "schedule",
}


def application(command: str = "") -> typer.Typer:
    """Return the command line: of one command where that is named, else of all.

    A run needs the options of its own command only; to load and to read those of all takes a tenth of a small build.
    """
    app = typer.Typer(
        name="feedbuilder",
        help="Turn an archive of podcast episodes into a feed, chapters and captions.",
        epilog="Start with `feedbuilder init DIR` for your own archive, or `feedbuilder build` to see a sample show.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(main)
    for name in [command] if command in _MODULES else [] if command == "--version" else _MODULES:
        app.add_typer(import_module(f"feedbuilder.cli.commands.{_MODULES[name]}").app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        print(f"feedbuilder {__version__}")
        raise typer.Exit


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
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    make_streams_safe()
    application(*sys.argv[1:2])()
