"""`feedbuilder import`: take guids, dates and audio over from the feed of the show's present host."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedbuilder.cli.console import SafeConsole, print_failure, print_lines
from feedbuilder.cli.options import (
    Format,
    FormatOption,
    OwnConfigOption,
    VerboseOption,
    is_address,
    own_config,
    read_feed,
)
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import ExitCode, FeedbuilderError, Problem, UsageError

if TYPE_CHECKING:
    from feedbuilder.config import Config
    from feedbuilder.resolve.evidence import Evidence
    from feedbuilder.takeover import Import, Source

app = typer.Typer()
EPILOG = (
    "Exit codes: 0 every item and every file found each other; 3 something is left for you to decide or to mend; "
    "2 the feed or the config cannot be used; 4 the web did not give the feed."
)


@app.command("import", epilog=EPILOG)
def import_feed(
    feed: Annotated[
        str | None,
        typer.Argument(metavar="[FEED]", help="The host's feed, a file or https address. Default: the one kept."),
    ] = None,
    config: OwnConfigOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Say what would be taken over; write nothing.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="guids",
            help="Let the host's guids take the place of those in the ledger, if no feed is out yet.",
        ),
    ] = None,
    verbose: VerboseOption = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Find each file's item in the feed of the show's present host; take over its guid, exact date and audio.

    What is sure goes into feedbuilder.lock beside the config, what is not into import-review.csv: answer yes or no
    there, and import again. The feed itself, with all its pages, is kept as host-feed.xml.
    """
    from feedbuilder.cli import report as reports  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.source.settings import read_config  # noqa: PLC0415
    from feedbuilder.takeover import import_feed as take_over_feed  # noqa: PLC0415

    out, err = SafeConsole(), SafeConsole(stderr=True)
    folder, source, found, failure = Path(), None, None, None
    problems: tuple[Problem, ...] = ()
    try:
        if unknown := [word for word in accept or () if word != "guids"]:
            raise UsageError(f"--accept {unknown[0]}: an import can only be told to accept guids")
        file = own_config(config)
        settings, folder = read_config(file), file.parent
        source = _source(feed, settings)
        found = take_over_feed(settings, source, replace_guids=bool(accept), dry_run=dry_run)
        problems = found.problems
        exit_code = ExitCode.HELD if any(fault.severity != "note" for fault in problems) else ExitCode.OK
    except FeedbuilderError as error:
        problems, exit_code, failure = error.problems, error.exit_code, str(error)
    with reader_may_leave():
        if format_ is Format.JSON:
            print(
                json.dumps(_document(found, source, exit_code, problems, failure, folder), ensure_ascii=False, indent=1)
            )
        else:
            for line, style in reports.problem_lines(problems, folder, every=verbose):
                err.print(Text(line, style=style))
            if found and source:
                print_lines(out, _summary(found, source, verbose=verbose))
    if failure and format_ is Format.TEXT:
        print_failure(err, failure)
    raise typer.Exit(exit_code)


def _source(feed: str | None, config: Config) -> Source:
    """Return the host's feed: that of the last import, of a file, or of the web.

    Raises:
        FeedbuilderError: when it cannot be had.
    """
    from feedbuilder.takeover import Source, read_kept_feed  # noqa: PLC0415

    if feed is None:
        return read_kept_feed(config)
    if not is_address(feed):
        return Source(content=read_feed(feed), name=str(Path(feed).absolute()))
    from feedbuilder.whole_feed import fetch_feed  # noqa: PLC0415  (few imports need the web)

    return fetch_feed(feed)


def _summary(found: Import, source: Source, *, verbose: bool) -> Iterator[str]:
    matching, taken = found.matching, found.taken
    pages = f", on {source.pages} pages" if source.pages > 1 else ""
    yield f"{found.feed.title}: {len(found.feed.items)} items in the host's feed{pages}"
    yield f"  {len(matching.matches)} found their file, {len(matching.doubtful)} are doubtful"
    for why, count in Counter(_kinds(match.evidence) for match in matching.matches).most_common():
        yield f"    {count} by {why}"
    if verbose:
        yield from (f"    {match.episode.path} = {match.item.title}: {match.why}" for match in matching.matches)
    yield f"  {len(matching.without_episode)} items without a file, {len(matching.without_item)} files without an item"
    yield f"  {taken.guids} guids, {taken.dates} dates and {taken.enclosures} audio addresses taken over"
    yield from (f"  written: {file}" for file in found.written)


def _kinds(evidence: Sequence[Evidence]) -> str:
    kinds = dict.fromkeys(str(piece.kind) for piece in evidence if piece.weight > 0)
    return " and ".join(kinds)


def _document(
    found: Import | None,
    source: Source | None,
    exit_code: ExitCode,
    problems: tuple[Problem, ...],
    failure: str | None,
    folder: Path,
) -> dict[str, object]:
    from feedbuilder.cli.report import problems_as_json  # noqa: PLC0415

    document: dict[str, object] = {"exit_code": int(exit_code), "message": failure}
    if found and source:
        matching, taken = found.matching, found.taken
        document |= {
            "title": found.feed.title,
            "pages": source.pages,
            "items": len(found.feed.items),
            "matches": [
                {"file": match.episode.path, "guid": match.item.guid, "title": match.item.title, "why": match.why}
                for match in matching.matches
            ],
            "doubtful": [
                {"file": doubt.episode.path, "reason": doubt.reason,
                 "candidates": [candidate.item.title for candidate in doubt.candidates]}
                for doubt in matching.doubtful
            ],
            "items_without_file": [item.title for item in matching.without_episode],
            "files_without_item": [file.path for file in matching.without_item],
            "taken_over": {"guids": taken.guids, "dates": taken.dates, "enclosures": taken.enclosures},
            "written": [str(file) for file in found.written],
        }  # fmt: skip
    return document | {"problems": problems_as_json(problems, folder)}
