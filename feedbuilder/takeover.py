"""The import: the feed of the show's present host goes in; the ledger gets guids, dates and audio from it.

host's feed ──source──▶ items ──matching──▶ pairs ──▶ feedbuilder.lock, and import-review.csv for what is doubtful
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from feedbuilder.config import HOST_FEED_NAME, Config
from feedbuilder.errors import Place, Problem, Severity, UsageError
from feedbuilder.ledger import Ledger
from feedbuilder.problems import problem
from feedbuilder.publish.ledger_file import ledger_replaced
from feedbuilder.publish.single_files import write_files
from feedbuilder.resolve.decisions import Decision
from feedbuilder.resolve.identity import show_guid
from feedbuilder.resolve.matching import Matching, match_episodes
from feedbuilder.resolve.review import REVIEW_NAME, read_decisions, render_review
from feedbuilder.resolve.show import guid_of_show, identify
from feedbuilder.resolve.taken_over import TakenOver, take_over
from feedbuilder.source.archive import Archive, read_archive
from feedbuilder.source.host_feed import HostFeed, read_host_feed
from feedbuilder.source.host_feed.text import refuse
from feedbuilder.source.ledger import ledger_file, read_ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The whole feed of the host, and where it was had from."""

    content: bytes
    name: str = HOST_FEED_NAME  # what messages call it: a file, from the config's folder
    address: str | None = None
    pages: int = 1  # that it was put together from
    problems: tuple[Problem, ...] = ()  # about its being in pages


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """What an import found and did."""

    feed: HostFeed
    matching: Matching
    taken: TakenOver
    problems: tuple[Problem, ...]
    written: tuple[Path, ...]  # empty for a dry run


def import_feed(config: Config, source: Source, *, replace_guids: bool = False, dry_run: bool = False) -> Import:
    """Match the host's feed with the archive and enter what is sure into the ledger.

    The feed is kept beside the config, so that nothing has to be asked for again. The owner's answers in the review
    table bind. `replace_guids` lets the host's guids take the place of others that the ledger has.

    Raises:
        FeedbuilderError: one of its kinds; what was there before is whole.
    """
    feed, problems = read_host_feed(source.content, source.name)
    _refuse_a_page(feed)
    problems = [*source.problems, *problems]
    archive, before = read_archive(config), read_ledger(config)
    decisions, more = _read_review(config)
    problems += more
    matching = match_episodes(
        archive.episodes,
        feed.items,
        decisions,
        zone=config.show.timezone,
        people={key: page.record.title for key, page in archive.people.items()},
        show_titles=(config.show.title, feed.title),
    )
    with_guids = config.identity.mode == "takeover"
    ledger, fault = _with_show_guid(before, feed, source.address, config, replace_guids=replace_guids)
    problems += [fault] if fault else []
    identities, _ = identify(archive, config, ledger)
    taken = take_over(
        matching.matches,
        ledger,
        identities,
        guid_of_show(config, ledger),
        with_guids=with_guids,
        replace_guids=replace_guids,
    )
    problems += [*matching.problems, *taken.problems, *_told(feed, matching, archive, source.name)]
    written: tuple[Path, ...] = ()
    if not dry_run:
        files = {HOST_FEED_NAME: source.content}
        if matching.doubtful or matching.without_item or matching.without_episode or decisions:
            files[REVIEW_NAME] = render_review(matching, decisions)
        with ledger_replaced(taken.ledger, config, before=before):
            written = write_files(files, config.folder, replace=True)
    return Import(feed=feed, matching=matching, taken=taken, problems=tuple(problems), written=written)


def read_kept_feed(config: Config) -> Source:
    """Return the host's feed as the last import kept it.

    Raises:
        UsageError: when there is none.
    """
    try:
        return Source(content=(config.folder / HOST_FEED_NAME).read_bytes())
    except OSError as error:
        raise UsageError(
            f"no feed is kept in {config.folder / HOST_FEED_NAME} ({error.strerror}); name the host's: a file, or its "
            "https address"
        ) from error


def _refuse_a_page(feed: HostFeed) -> None:
    """Stop where older episodes are missing: they would get guids of their own, and be downloaded twice.

    Raises:
        UsageError: when the feed is one page of several.
    """
    if feed.next_page is not None:
        message = f"this is one page of the feed only; older episodes are at {feed.next_page.url}"
        remedy = (
            "import the feed from the web, which follows its pages: feedbuilder import "
            f"{feed.feed_url or 'https://…'}; or delete this link, if the file has every episode all the same"
        )
        refuse(feed.next_page.place, message, remedy)


def _read_review(config: Config) -> tuple[list[Decision], list[Problem]]:
    """Return the owner's answers so far.

    Raises:
        UsageError: when a row cannot be used: the table is about to be written anew, and no answer may get lost.
    """
    try:
        decisions, problems = read_decisions((config.folder / REVIEW_NAME).read_bytes(), REVIEW_NAME)
    except FileNotFoundError:
        return [], []
    except OSError as error:
        raise UsageError(f"cannot read {config.folder / REVIEW_NAME}: {error.strerror}") from error
    if any(fault.place.line for fault in problems):
        raise UsageError(f"{REVIEW_NAME} cannot be used as it stands; nothing was written", problems)
    return decisions, problems


def _with_show_guid(
    ledger: Ledger, feed: HostFeed, address: str | None, config: Config, *, replace_guids: bool
) -> tuple[Ledger, Problem | None]:
    """Return the ledger with the show's podcast:guid at the host, which is that of its address when it names none."""
    url = feed.feed_url or address
    theirs = feed.guid or (show_guid(url) if url else None)
    ours = config.show.guid or ledger.show_guid
    if theirs is None or theirs == ours or config.identity.mode == "parallel":
        return ledger, None
    if config.show.guid or (ours and not replace_guids):
        place = config.place("show", "guid") if config.show.guid else Place(ledger_file(config).name, 1, 1)
        message = f"the podcast:guid here is {ours}, and directories know the show by {theirs}"
        remedy = f"write show.guid: {theirs}" + ("" if config.show.guid else ", or import with --accept guids")
        return ledger, problem("guid-differs", place, message, remedy)
    return replace(ledger, show_guid=theirs), None


def _told(feed: HostFeed, matching: Matching, archive: Archive, name: str) -> list[Problem]:
    problems = [
        problem(
            "host-only",
            item.place,
            f"{item.title!r} is in no file of the archive, so it would leave the feed",
            f"write its file, or say in {REVIEW_NAME} which it is",
        )
        for item in matching.without_episode
    ]
    problems += _not_at_host(feed, matching)
    problems += [
        problem("doubtful-match", doubt.episode.place(), f"{len(doubt.candidates)} items may be it: {doubt.reason}",
                f"answer yes or no in {REVIEW_NAME}, then: feedbuilder import")
        for doubt in matching.doubtful
    ]  # fmt: skip
    if feed.locked:
        message = "the host says podcast:locked, so other hosts refuse to import it"
        remedy = "before you move, unlock it in the host's settings"
        problems.append(problem("host-locked", Place(name, 1, 1), message, remedy))
    return [*problems, *_lost_pictures(feed, matching)]


def _not_at_host(feed: HostFeed, matching: Matching) -> Iterator[Problem]:
    """Yield each episode that the host's feed lacks; one from before the feed begins may have been cut off from it."""
    oldest = min((item.published.date() for item in feed.items if item.published), default=None)
    for file in matching.without_item:
        moment = file.record.dateadded or file.file_date
        day = moment.date() if isinstance(moment, datetime) else moment
        if day and oldest and day < oldest - timedelta(days=1):
            message = (
                f"the host's feed does not have it, and begins on {oldest} only: hosts may leave older episodes out"
            )
            remedy = (
                "if it is out at the host, have all episodes put into the feed there, and import again; "
                "else it gets a guid of its own, and is downloaded twice"
            )
            yield problem("not-at-host", file.place(), message, remedy, severity=Severity.WARNING)
        else:
            message, remedy = "the host's feed does not have it", "nothing, if it is newer than that"
            yield problem("not-at-host", file.place(), message, remedy)


def _lost_pictures(feed: HostFeed, matching: Matching) -> Iterator[Problem]:
    """Yield each episode whose picture is in the host's feed alone; the show's own, on many items, is none."""
    shown = Counter(item.image_url for item in feed.items)
    for match in matching.matches:
        file, url = match.episode, match.item.image_url
        if url and shown[url] == 1 and url != feed.image_url and file.record.image is None:
            message = f"its picture at the host, {url}, is not in the file, so it would leave the feed"
            remedy = (
                f"write it there, {file.names.shown('image')}: https://…, best as a copy of your own; "
                "or build with --accept pictures"
            )
            yield problem("host-picture", file.place(), message, remedy)
