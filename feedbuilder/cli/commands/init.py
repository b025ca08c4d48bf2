"""`feedbuilder init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedbuilder.cli.options import CONFIG_NAME
from feedbuilder.cli.streams import SafeConsole, print_failure, print_lines, reader_may_leave
from feedbuilder.errors import FeedbuilderError


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the site or archive.")],
) -> None:
    """Look at an archive and write a commented config for it. Existing files are left alone."""
    from feedbuilder.cli.init import write_config  # noqa: PLC0415

    try:
        found = write_config(directory, CONFIG_NAME)
    except FeedbuilderError as error:
        print_failure(SafeConsole(stderr=True), str(error))
        raise typer.Exit(error.exit_code) from error
    with reader_may_leave():
        print_lines(SafeConsole(), found)
