"""`feedbuilder init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedbuilder.cli.console import SafeConsole, print_error, print_lines
from feedbuilder.cli.options import CONFIG_NAME, read_feed
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import FeedbuilderError

app = typer.Typer()


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the site or archive.")],
    feed: Annotated[
        str | None,
        typer.Option(
            metavar="FEED", help="The show's feed at its present host, a file or https address, to start from."
        ),
    ] = None,
) -> None:
    """Look at an archive and write a commented config for it. Existing files are left alone."""
    from feedbuilder.cli.init import write_config  # noqa: PLC0415
    from feedbuilder.source.host_feed import read_host_feed  # noqa: PLC0415

    try:
        of_host = read_host_feed(read_feed(feed), feed)[0] if feed else None
        found = write_config(directory, CONFIG_NAME, of_host, feed)
    except FeedbuilderError as error:
        print_error(SafeConsole(stderr=True), error)
        raise typer.Exit(error.exit_code) from error
    with reader_may_leave():
        print_lines(SafeConsole(), found)
