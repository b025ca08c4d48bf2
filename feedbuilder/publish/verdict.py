"""Whether a build may take the place of what is out: its files, its feed and its texts against those in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from feedbuilder.publish.acceptance import Acceptance
from feedbuilder.publish.feed_changes import FeedChanges, compare_feeds
from feedbuilder.publish.generations import generation_out, rolled_back
from feedbuilder.publish.guard import Affected, Names, Refusal, find_refusals, unknown_names
from feedbuilder.publish.manifest import MANIFEST_NAME
from feedbuilder.publish.plan import Plan
from feedbuilder.publish.published_feed import NO_FEED, Item, PublishedFeed, parse_feed
from feedbuilder.publish.shrinkage import shrunk_texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """On which terms a build is published; the words are those of `publish`."""

    feed_path: str
    show_guid: str
    acceptance: Acceptance
    partial: bool
    previous: bytes | None
    names: Names
    allowed_losses: int


class Verdict(NamedTuple):
    """What would change for subscribers, and why it may not."""

    feed: FeedChanges
    refusals: tuple[Refusal, ...]
    unknown_names: tuple[str, ...]


def judge(plan: Plan, folder: Path, terms: Terms) -> Verdict:
    """Return the verdict on what is staged; nothing is read where no file changes."""
    refusals = [*_rolled_back(folder, terms), *_overwriting(plan, terms), *_another_name(plan, folder, terms)]
    if not plan.changed and terms.previous is None:
        refusals += _another_show(NO_FEED, plan, terms)
        return Verdict(FeedChanges(), tuple(refusals), ())
    outgoing = folder / (plan.old.feed or terms.feed_path)
    content, name = terms.previous, "the previous feed"
    if content is None or terms.partial:
        content, name = _read(outgoing), str(outgoing)
    items: dict[bytes, Item] = {}
    previous, fault = _parsed(content, name, terms, items)
    refusals += fault
    new = previous if terms.partial else parse_feed(_new_feed(plan, folder, terms), items)
    changes = compare_feeds(previous, new)
    shrunk = shrunk_texts(
        changes,
        read_old=lambda path: _read(folder / path),
        read_changed=lambda path: _read(plan.staging / path) if path in plan.changed else None,
    )
    refusals += [*_another_show(previous, plan, terms), *_another_home(previous, new, terms)]
    refusals += _lost_artwork(previous, new, terms)
    refusals += find_refusals(
        changes, shrunk, acceptance=terms.acceptance, names=terms.names, allowed_losses=terms.allowed_losses
    )
    return Verdict(changes, tuple(refusals), unknown_names(changes, terms.acceptance, terms.names))


def _read(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _new_feed(plan: Plan, folder: Path, terms: Terms) -> bytes:
    return ((plan.staging if terms.feed_path in plan.changed else folder) / terms.feed_path).read_bytes()


def _parsed(
    content: bytes | None, name: str, terms: Terms, items: dict[bytes, Item]
) -> tuple[PublishedFeed, list[Refusal]]:
    if content is None:
        return NO_FEED, []
    try:
        return parse_feed(content, items), []
    except ValueError as error:
        refusal = Refusal(
            kind="removals",
            message=f"{name} is there but cannot be compared with the new feed ({error})",
            remedy="move it away",
        )
        return NO_FEED, [] if terms.acceptance.covers("removals") else [refusal]


def _rolled_back(folder: Path, terms: Terms) -> Iterator[Refusal]:
    newer = rolled_back(folder)
    if newer and not terms.acceptance.covers("rollback"):
        yield Refusal(
            kind="rollback",
            message=f"generation {newer[-1]} was rolled back, and {generation_out(folder)} is out until you say so",
            remedy="mend what was wrong with it, and see with `feedbuilder diff` what a build would change now; or put "
            f"it out again: feedbuilder rollback --to {newer[-1]}",
        )


def _overwriting(plan: Plan, terms: Terms) -> Iterator[Refusal]:
    strangers = tuple(
        Affected(path, path) for path in plan.strangers if not terms.acceptance.covers("overwrite", [path])
    )
    if strangers:
        yield Refusal(
            kind="overwrite",
            message=f"the output folder holds files that {MANIFEST_NAME} does not name as feedbuilder's and that would "
            "be replaced",
            affected=strangers,
            remedy="move them away",
        )


def _another_name(plan: Plan, folder: Path, terms: Terms) -> Iterator[Refusal]:
    out, new = plan.old.feed, terms.feed_path
    if out is not None and out != new and (folder / out).is_file() and not terms.acceptance.covers("move"):
        yield Refusal(
            kind="move",
            message=f"the feed in {folder} is {out} and would become {new}, so whoever asks for {out} gets nothing",
            remedy="leave the name in feed.url as it was, or have the old address redirect to the new one",
        )


def _another_home(previous: PublishedFeed, new: PublishedFeed, terms: Terms) -> Iterator[Refusal]:
    out, home = previous.folder_url, new.folder_url
    is_ours = terms.previous is None  # a host's feed is left on purpose
    if is_ours and out and home and out != home and not terms.acceptance.covers("move"):
        yield Refusal(
            kind="move",
            message=f"the feed, which is at {out}, would call itself and its files at home at {home}",
            remedy="write the address at which it is found into feed.url; if it moves, have the old one redirect to it",
        )


def _lost_artwork(previous: PublishedFeed, new: PublishedFeed, terms: Terms) -> Iterator[Refusal]:
    if previous.artwork and not new.artwork and not terms.acceptance.covers("artwork"):
        yield Refusal(
            kind="artwork",
            message=f"the show would lose the artwork now out, {previous.artwork}, and directories refuse one without",
            remedy="see whether show.image names a file that is there, or an address, and is square, of 1400 to 3000 "
            "pixels",
        )


def _another_show(previous: PublishedFeed, plan: Plan, terms: Terms) -> Iterator[Refusal]:
    others = {guid for guid in (plan.old.show_guid, previous.show_guid) if guid not in (None, terms.show_guid)}
    if others and not terms.acceptance.covers("move"):
        known = " or ".join(sorted(map(str, others)))
        yield Refusal(
            kind="move",
            message=f"the show that is out has the podcast:guid {known}, and this one has {terms.show_guid}",
            remedy=f"if only feed.url moved, write show.guid: {known} into the config",
        )
