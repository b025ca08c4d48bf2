"""`feedbuilder check`: hold what was published against what directories, apps and specifications demand."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedbuilder.cli.console import SafeConsole, print_error, print_lines
from feedbuilder.cli.options import (
    CONFIG_NAME,
    NowOption,
    OwnConfigOption,
    VerboseOption,
    find_config,
    is_address,
    moment_of,
    read_feed,
)
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import FeedbuilderError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from feedbuilder.check.hosting.asking import Online
    from feedbuilder.check.rules import Profile
    from feedbuilder.check.suppression import Suppression
    from feedbuilder.checkup import Checked
    from feedbuilder.config import Config
    from feedbuilder.online.addresses import Reach

app = typer.Typer()
_USUAL_ITEMS = 20

EPILOG = "Exit codes: 0 nothing as bad as --fail-on; 2 wrong usage or config; 3 something is; 4 the web gave no feed."


class ProfileName(StrEnum):
    """Whose demands."""

    RSS = "rss"
    APPLE = "apple"
    SPOTIFY = "spotify"
    YOUTUBE = "youtube"
    PODCAST_INDEX = "podcast-index"
    PSP1 = "psp1"
    ALL = "all"


class LevelName(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class CheckFormat(StrEnum):
    """How a check reports."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


@app.command(epilog=EPILOG)
def check(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[OUTPUT|FEED]",
            help="An output folder, or anybody's feed: a file or https address. Default: the config's output folder.",
        ),
    ] = None,
    config: OwnConfigOption = None,
    profile: Annotated[ProfileName, typer.Option(help="Whose demands.")] = ProfileName.ALL,
    fail_on: Annotated[LevelName, typer.Option(help="From how bad a finding on the exit code is 3.")] = LevelName.ERROR,
    verbose: VerboseOption = False,
    now: NowOption = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask the servers too: is it out, is it this, is it served as it should be?")
    ] = False,
    online_items: Annotated[
        str | None,
        typer.Option(
            metavar="N|all",
            help=f"How many of the newest episodes to ask for, or all. Default: {_USUAL_ITEMS}.",
        ),
    ] = None,
    format_: Annotated[CheckFormat, typer.Option("--format", help="How to report.")] = CheckFormat.TEXT,
) -> None:
    """Check the published files: feed, chapters, transcripts, pictures, audio, and what they say of each other.

    Everything is read back from the disk; nothing is written, and no server is asked without --online. docs/check.md
    lists the rules.
    """
    from feedbuilder.check.rules import Level, Profile  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.cli import findings as reports  # noqa: PLC0415

    out = SafeConsole()
    held = Profile(profile)
    try:
        checked = _checked(target, config, held, moment_of(now), _asking(online, online_items))
    except FeedbuilderError as error:
        print_error(SafeConsole(stderr=True), error, every=True)
        raise typer.Exit(error.exit_code) from error
    exit_code = checked.exit_code(Level(fail_on))
    with reader_may_leave():
        if format_ is CheckFormat.JSON:
            print(reports.as_json(checked, held, exit_code))
        elif format_ is CheckFormat.SARIF:
            print(reports.as_sarif(checked))
        elif format_ is CheckFormat.GITHUB:
            print_lines(out, reports.as_github(checked))
        else:
            for line, style in reports.finding_lines(checked, held, every=verbose):
                out.print(Text(line, style=style))
    raise typer.Exit(exit_code)


def _asking(online: bool, items: str | None) -> Online | None:
    """Return how to ask servers; None where they are not to be asked."""
    if items is not None and items != "all" and not (items.isascii() and items.isdecimal()):
        raise UsageError(f"--online-items is {items!r}, not a number or `all`")
    if not online:
        if items is not None:
            raise UsageError("--online-items means nothing without --online")
        return None
    from feedbuilder.check.hosting.asking import Online  # noqa: PLC0415
    from feedbuilder.online.hosting import ask_servers  # noqa: PLC0415

    newest = _USUAL_ITEMS if items is None else None if items == "all" else int(items)
    return Online(ask=partial(ask_servers, reach=_public_web()), items=newest)


def _public_web() -> Reach:
    from feedbuilder.online.addresses import PUBLIC_WEB  # noqa: PLC0415

    return PUBLIC_WEB


def _checked(
    target: str | None, config: Path | None, profile: Profile, now: datetime, online: Online | None
) -> Checked:
    from feedbuilder.checkup import check as check_published  # noqa: PLC0415
    from feedbuilder.checkup import check_bytes  # noqa: PLC0415

    if target and is_address(target):
        name = Path(target.partition("?")[0].rpartition("/")[2] or "feed")
        return check_bytes(read_feed(target), name, now=now, profile=profile, online=online, url=target)
    settings, folder = _settings(target, config)
    if folder is None:
        raise UsageError(f"there is no {CONFIG_NAME} here; name a folder, a feed, or a config with --config")
    if target is None and not folder.is_dir():
        raise UsageError(f"there is nothing in {folder} yet; `feedbuilder build` makes it")
    return check_published(
        folder, now=now, config=settings, profile=profile, ignore=_suppressions(settings), online=online
    )


def _suppressions(settings: Config | None) -> list[Suppression]:
    from feedbuilder.check.suppression import Suppression  # noqa: PLC0415

    return (
        [
            Suppression(
                rule=one.rule, reason=one.reason, path=one.path, place=settings.place("check", "ignore", number)
            )
            for number, one in enumerate(settings.check.ignore)
        ]
        if settings
        else []
    )


def _settings(target: str | None, config: Path | None) -> tuple[Config | None, Path | None]:
    """Return the config and what to check; a folder or feed that is not the config's own is a stranger's."""
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    if config is None and not Path(CONFIG_NAME).is_file():
        return None, Path(target) if target else None
    settings = read_config(find_config(config, None)[0])
    own = settings.resolve(settings.output)
    if target is None:
        return settings, own
    is_own = config is not None or Path(target).resolve() == own.resolve()
    return (settings if is_own and Path(target).is_dir() else None), Path(target)
