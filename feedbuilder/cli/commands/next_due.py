"""`feedbuilder next`: when a scheduler should wake up."""

from __future__ import annotations

import json

import typer

from feedbuilder.cli.console import SafeConsole, print_error
from feedbuilder.cli.options import ConfigOption, Format, FormatOption, NowOption, find_config, moment_of
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import FeedbuilderError

app = typer.Typer()


@app.command("next")
def next_due(config: ConfigOption = None, now: NowOption = None, format_: FormatOption = Format.TEXT) -> None:
    """Tell when the next episode comes out; nothing when none is planned.

    Nothing is written. Sleep until then, build, and ask again.
    """
    from feedbuilder.cli.report import due  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.publish.memory_file import remembered  # noqa: PLC0415
    from feedbuilder.resolve.show import resolve_show  # noqa: PLC0415
    from feedbuilder.source.archive import read_archive  # noqa: PLC0415
    from feedbuilder.source.ledger import read_ledger  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    try:
        file = find_config(config, None)[0]
        settings, moment = read_config(file), moment_of(now)
        with remembered(file, keeps=False) as memory:
            archive, ledger = read_archive(settings, memory), read_ledger(settings)
            upcoming = resolve_show(archive, settings, ledger, moment, memory=memory).upcoming
    except FeedbuilderError as error:
        print_error(SafeConsole(stderr=True), error)
        raise typer.Exit(error.exit_code) from error
    with reader_may_leave():
        if format_ is Format.JSON:
            planned = [{"due": one.due.isoformat(), "title": one.title, "source": one.source} for one in upcoming]
            print(json.dumps({"next": planned[0]["due"] if planned else None, "planned": planned}, ensure_ascii=False))
        elif upcoming:
            print(due(upcoming[0]))
