"""Options that several commands share, and what they mean."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import UsageError

CONFIG_NAME = "feedbuilder.yaml"
_DEADLINE_S = 120.0

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help=f"The show's config. Default: ./{CONFIG_NAME}, else the sample show."),
]
OwnConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", help=f"The show's config. Default: ./{CONFIG_NAME}.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Where to write. Default: `output` of the config.")
]
NowOption = Annotated[
    str | None,
    typer.Option(
        "--now", metavar="MOMENT", help="Act as at another time, as 2026-12-01T06:00Z: what would be out then?"
    ),
]
PreviousOption = Annotated[
    str | None,
    typer.Option(metavar="FEED", help="Compare with this feed, a file or https address. Default: the one in output/."),
]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Show every place of every warning.")]


class Format(StrEnum):
    """How a command reports."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to report.")]


def find_config(config: Path | None, output: Path | None, *, is_told: bool = False) -> tuple[Path, Path | None]:
    """Return the config to use and where to write: named, in this folder, or the sample show that ships with us.

    That it is the sample show goes to standard error where `is_told`.

    Raises:
        UsageError: when the config that was named is not there.
    """
    if config is not None:
        try:
            file = config / CONFIG_NAME if config.is_dir() else config
            if not file.is_file():
                raise UsageError(f"there is no config {file}")
        except OSError as error:
            raise UsageError(f"cannot read the config {config}: {error.strerror}") from error
        return file, output
    if Path(CONFIG_NAME).is_file():
        return Path(CONFIG_NAME), output
    if is_told:
        from feedbuilder.cli.console import SafeConsole  # noqa: PLC0415  (rich is for what is printed)

        with reader_may_leave():
            words = f"No {CONFIG_NAME} here: building the sample show. For your own: feedbuilder init DIR"
            SafeConsole(stderr=True).print(words)
    return sample_folder() / CONFIG_NAME, output or Path("output")


def sample_folder() -> Path:
    """Return where the sample show is: in the wheel, or in the repository."""
    package = Path(__file__).parents[1]
    return next(path for path in (package / "seeds", package.parent / "seeds") if path.is_dir())


def own_config(config: Path | None) -> Path:
    """Return the config named or in this folder; the sample show is none that one could want to change.

    Raises:
        UsageError: when there is none.
    """
    if config is None and not Path(CONFIG_NAME).is_file():
        raise UsageError(f"there is no {CONFIG_NAME} here; name one with --config, or make one: feedbuilder init DIR")
    return find_config(config, None)[0]


def is_address(feed: str) -> bool:
    """Whether a feed is named by its web address, and not as a file."""
    return feed.lower().startswith(("https://", "http://"))


def read_feed(feed: str) -> bytes:
    """Return a feed, from a file or from the web.

    Raises:
        UsageError: when the file cannot be read.
        WebFaultError: when the web does not give it.
    """
    if not is_address(feed):
        try:
            return Path(feed).read_bytes()
        except OSError as error:
            raise UsageError(f"cannot read the feed {feed}: {error.strerror}") from error
    from feedbuilder.online.fetch import NotModified, fetch_document  # noqa: PLC0415  (few commands need the web)
    from feedbuilder.source.host_feed.text import MAX_FEED_BYTES  # noqa: PLC0415

    document = fetch_document(feed, limit_bytes=MAX_FEED_BYTES, deadline_s=_DEADLINE_S)
    assert not isinstance(document, NotModified), "no earlier answer was named"
    return document.body


def read_previous(feed: str) -> bytes:
    """Return the feed that a build is to be compared with: a file, or all pages of one on the web.

    Raises:
        UsageError, WebFaultError: as for `read_feed`.
    """
    if not is_address(feed):
        return read_feed(feed)
    from feedbuilder.whole_feed import fetch_feed  # noqa: PLC0415  (few commands need the web)

    return fetch_feed(feed).content


def moment_of(now: str | None) -> datetime:
    """Return the time: as told, as SOURCE_DATE_EPOCH has it where a build is to be repeated exactly, or the clock's.

    Spec: https://reproducible-builds.org/specs/source-date-epoch/ (1.1)

    Raises:
        UsageError: when it is told and cannot be read.
    """
    if now is not None:
        try:
            told = datetime.fromisoformat(now)
        except ValueError as error:
            raise UsageError(f"--now is {now!r}, not a moment such as 2026-12-01T06:00Z") from error
        return told if told.tzinfo else told.replace(tzinfo=UTC)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)  # noqa: TID251  (the one clock)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds") from error
