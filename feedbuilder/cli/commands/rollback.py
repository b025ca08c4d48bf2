"""`feedbuilder rollback`: what was out before, out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedbuilder.cli.console import SafeConsole, print_error, print_failure, print_lines
from feedbuilder.cli.options import OutputOption, OwnConfigOption, own_config
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import ExitCode, FeedbuilderError, UsageError

if TYPE_CHECKING:
    from feedbuilder.publish.rollback import Generation, Rollback

app = typer.Typer()
EPILOG = (
    "Exit codes: 0 done; 2 wrong usage, or there is no such generation; 5 the output cannot be written; 6 done, but "
    "--on-change failed; 11 another run is at work."
)


@app.command(epilog=EPILOG)
def rollback(
    config: OwnConfigOption = None,
    output: OutputOption = None,
    to: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="The generation to put out. Default: the one before.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the generations, and change nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every value before and after.")] = False,
    on_change: Annotated[
        str | None, typer.Option(metavar="COMMAND", help="Carry it to where listeners meet it, as with build.")
    ] = None,
    wait: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Wait so long for another run to end; then exit with 11.")
    ] = 0,
) -> None:
    """Put out again what was out before the last build that changed anything. It needs publish.mode: swap.

    Until you say otherwise, builds are then refused: the next one would put the same fault out again.
    """
    from feedbuilder.cli.delivery import command_words, deliver  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.publish.rollback import read_generations, roll_back  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    out, err = SafeConsole(), SafeConsole(stderr=True)
    try:
        settings = read_config(own_config(config))
        folder = output or settings.resolve(settings.output)
        if settings.generations_of(folder) is None:
            raise UsageError(
                f"{folder} is changed in place, so there is nothing to go back to; write `publish: {{mode: swap}}` "
                "into the config, and from the next build on what was out is kept"
            )
        command = None if on_change is None else command_words(on_change)
        if list_:
            with reader_may_leave():
                print_lines(out, map(_line, read_generations(folder, settings.feed.file_name)))
            return
        done = roll_back(folder, settings.feed.file_name, to=to, dry_run=dry_run, wait_s=wait)
    except FeedbuilderError as error:
        print_error(err, error)
        raise typer.Exit(error.exit_code) from error
    with reader_may_leave():
        for line, style in _told(done, folder, out.width, dry_run=dry_run, verbose=verbose):
            out.print(Text(line, style=style))
    if command and not dry_run and (fault := deliver(command, folder)):
        print_failure(err, fault)
        raise typer.Exit(ExitCode.DELIVERY)


def _told(done: Rollback, folder: Path, width: int, *, dry_run: bool, verbose: bool) -> Iterator[tuple[str, str]]:
    from feedbuilder.cli.difference import difference_lines  # noqa: PLC0415

    if done.new == done.old:
        yield f"generation {done.old} is out already", ""
        return
    yield from difference_lines(done.changes, verbose=verbose, width=width)
    yield f"{folder}: generation {done.new} {'would take' if dry_run else 'took'} the place of {done.old}", "bold"
    if not dry_run and done.new < done.newest:
        yield "builds are refused until you say `feedbuilder build --accept rollback`: mend what was wrong first", ""
        yield f"to put the newest out again: feedbuilder rollback --to {done.newest}", ""


def _line(generation: Generation) -> str:
    feed, mark = generation.feed, "*" if generation.is_out else " "
    if feed is None:
        return f"{mark} {generation.number}  no feed"
    items = f"{len(feed.items)} episode{'' if len(feed.items) == 1 else 's'}"
    newest = max((item for item in feed.items if item.published), key=lambda item: str(item.published), default=None)
    told = f", the newest of {newest.published:%Y-%m-%d}: {newest.title}" if newest and newest.published else ""
    return f"{mark} {generation.number}  {items}{told}"
