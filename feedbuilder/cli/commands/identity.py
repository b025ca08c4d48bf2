"""`feedbuilder identity`: look at the ledger, and change what only its owner may change."""

from __future__ import annotations

import json
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedbuilder.cli.console import SafeConsole, print_error, print_lines
from feedbuilder.cli.options import Format, FormatOption, OwnConfigOption, own_config
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import FeedbuilderError, UsageError
from feedbuilder.ledger import Ledger, LedgerEntry, moved

if TYPE_CHECKING:
    from feedbuilder.config import Config

app = typer.Typer(
    name="identity",
    help="Show and mend the ledger: what apps know each episode by.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Named = Annotated[str, typer.Argument(metavar="EPISODE", help="The episode's file as the ledger has it, or its guid.")]


@app.command("list")
def list_(config: OwnConfigOption = None, format_: FormatOption = Format.TEXT) -> None:
    """List every episode that is or was out, newest first."""
    from feedbuilder.publish.ledger_file import entry_fields  # noqa: PLC0415

    settings, ledger = _opened(config)
    out = [entry for entry in ledger.entries.values() if entry.published]
    pinned = [entry for entry in ledger.entries.values() if not entry.published]
    entries = [*pinned, *sorted(out, key=attrgetter("published"), reverse=True)]
    with reader_may_leave():
        if format_ is Format.JSON:
            document = {"show": ledger.show_guid, "episodes": [entry_fields(entry) for entry in entries]}
            print(json.dumps(document, ensure_ascii=False, indent=1))
            return
        print_lines(SafeConsole(), (_told(entry, settings) for entry in entries))


@app.command()
def pin(
    episode: Annotated[str, typer.Argument(metavar="EPISODE", help="The episode's file, or its guid in the ledger.")],
    guid: Annotated[
        str | None, typer.Option(metavar="GUID", help="The guid it shall have. Default: as it is, or a new one.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(metavar="MOMENT", help="When it came out: 2026-01-31, or 2026-01-31T06:00+01:00.")
    ] = None,
    config: OwnConfigOption = None,
) -> None:
    """Say what an episode is known by: for one without any id, or to correct a guid or a date.

    Another guid or date of an episode that is out is a change that the next build has to be told to accept.
    """
    from feedbuilder.resolve.dates import as_utc, in_zone  # noqa: PLC0415
    from feedbuilder.resolve.identity import MAX_GUID, minted_guid, show_guid  # noqa: PLC0415
    from feedbuilder.source.dates import parse_moment  # noqa: PLC0415

    settings, ledger = _opened(config)
    try:
        moment = as_utc(in_zone(parse_moment(published), settings.show)) if published else None
        known = ledger.known(episode)
        if known is None:
            episode = _shown(episode, settings)
            known = ledger.known(episode)
        if known is None:
            show = settings.show.guid or ledger.show_guid or show_guid(settings.feed.url)
            known = LedgerEntry(guid=guid or minted_guid(("new", episode), show), published=None, file=episode)
        if guid is not None and (guid != guid.strip() or not guid or len(guid) > MAX_GUID or not _is_text(guid)):
            raise UsageError(f"--guid is {guid[:60]!r}; it is 1 to {MAX_GUID} characters without space around them")
        if guid and guid != known.guid and guid in ledger.entries:
            raise UsageError(f"{guid} is the guid of {ledger.entries[guid].file}")
        if guid and (declared := _declared_guid(known.file, settings)) not in (None, guid):
            raise UsageError(f"{known.file} itself says `guid: {declared}`, and its word goes first: change it there")
    except ValueError as error:
        raise _ended(UsageError(f"--published {published}: {error}")) from error
    except FeedbuilderError as error:
        raise _ended(error) from error
    entry = replace(known, guid=guid or known.guid, published=moment or known.published)
    _write(ledger.without(known).with_entries([entry]), settings, ledger, _told(entry, settings))


@app.command()
def rename(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The file's name in the ledger, or the guid.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its name now, as messages write it.")],
    config: OwnConfigOption = None,
) -> None:
    """Tell that a file has another name now. Only episodes without any id need this."""
    settings, ledger = _opened(config)
    try:
        new = _shown(new, settings)
        entry = moved(ledger.named(old), new)
        if (other := ledger.known(new)) is not None and other.guid != entry.guid and other.file == new:
            raise UsageError(f"{new} is the file of {other.guid} already")
    except FeedbuilderError as error:
        raise _ended(error) from error
    _write(ledger.with_entries([entry]), settings, ledger, _told(entry, settings))


@app.command()
def forget(episode: Named, config: OwnConfigOption = None) -> None:
    """Remove an episode from the ledger: should it ever come back, apps may take it for a new one."""
    settings, ledger = _opened(config)
    try:
        entry = ledger.named(episode)
    except FeedbuilderError as error:
        raise _ended(error) from error
    _write(ledger.without(entry), settings, ledger, f"forgotten: {_told(entry, settings)}")


def _shown(name: str, config: Config) -> str:
    """Return an episode file's name as the ledger has it, however it was typed.

    Raises:
        UsageError: when it is none of the archive's.
    """
    from feedbuilder.source.walk import episode_files, shown_path  # noqa: PLC0415

    files = [shown_path(file, config) for file in episode_files(config)[0]]
    typed = [shown_path(config.folder.absolute() / name, config), shown_path(Path(name).absolute(), config)]
    found = next((path for path in typed if path in files), None)
    if found is None:
        raise UsageError(f"there is no episode file {name} in the archive, and no such entry in the ledger")
    return found


def _declared_guid(path: str, config: Config) -> str | None:
    """Return the guid that an episode file names, where it can be read."""
    from feedbuilder.source.archive import read_episode  # noqa: PLC0415
    from feedbuilder.source.field_names import FieldNames  # noqa: PLC0415
    from feedbuilder.source.records import KNOWN_FIELDS  # noqa: PLC0415

    names = FieldNames.of(config.fields, KNOWN_FIELDS)
    episode, _ = read_episode(config.folder / path, path, names, config.folder)
    return episode.record.guid if episode else None


def _is_text(words: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in words)


def _opened(config: Path | None) -> tuple[Config, Ledger]:
    from feedbuilder.source.ledger import read_ledger  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    try:
        settings = read_config(own_config(config))
        return settings, read_ledger(settings)
    except FeedbuilderError as error:
        raise _ended(error) from error


def _write(ledger: Ledger, config: Config, before: Ledger, told: str) -> None:
    from feedbuilder.publish.ledger_file import ledger_replaced  # noqa: PLC0415

    try:
        with ledger_replaced(ledger, config, before=before):
            pass
    except FeedbuilderError as error:
        raise _ended(error) from error
    with reader_may_leave():
        print(told)


def _told(entry: LedgerEntry, config: Config) -> str:
    out = (
        f"{entry.published.astimezone(config.show.timezone):%Y-%m-%d %H:%M}" if entry.published else "not out yet     "
    )
    gone = "" if (config.folder / entry.file).is_file() else "  (no such file now)"
    ids = f"  {' '.join(':'.join(claim) for claim in entry.ids)}" if entry.ids else ""
    return f"{out}  {entry.guid}  {entry.file}{gone}{ids}"


def _ended(error: FeedbuilderError) -> typer.Exit:
    """Print what went wrong, each fault with its place, and return how the program ends."""
    print_error(SafeConsole(stderr=True), error, every=True)
    return typer.Exit(error.exit_code)
