"""What the last build that changed anything did; a build that changes nothing leaves that as it was told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from feedbuilder.publish.beside import REPORT_DATA, REPORT_PAGE
from feedbuilder.publish.feed_changes import ItemChange
from feedbuilder.publish.output_folder import Changes
from feedbuilder.publish.published_feed import NO_FEED

_REPORT = frozenset({REPORT_PAGE, REPORT_DATA})


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodeChange:
    """What became of one item."""

    what: str  # added, changed or removed
    title: str
    guid: str
    aspects: tuple[str, ...] = ()  # of a changed one


@dataclass(frozen=True, kw_only=True, slots=True)
class LastChanges:
    """What became of the feed and of the folder."""

    is_first: bool  # there was no feed before
    episodes: tuple[EpisodeChange, ...] = ()
    channel: tuple[str, ...] = ()  # aspects of the show
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def changes_of(changes: Changes) -> LastChanges | None:
    """Return what a build did; None when that was nothing."""
    written = tuple(path for path in changes.written if path not in _REPORT)
    removed = tuple(path for path in changes.removed if path not in _REPORT)
    if not written and not removed:
        return None
    return LastChanges(
        is_first=bool(changes.feed) and changes.feed.previous is NO_FEED,
        episodes=tuple(map(_episode, changes.feed.changed)),
        channel=tuple(difference.aspect for difference in changes.feed.channel),
        written=written,
        removed=removed,
    )


def as_object(changes: LastChanges | None) -> dict[str, Any] | None:
    """Return them for JSON."""
    return asdict(changes) if changes else None


def changes_told(report: bytes | None) -> LastChanges | None:
    """Return the changes that an earlier report told of; None where there is none, or none that can be read."""
    try:
        told = json.loads(report or b"{}")["changes"]
        return LastChanges(
            is_first=told["is_first"] is True,
            episodes=tuple(map(_episode_told, told["episodes"])),
            channel=_strings(told["channel"]),
            written=_strings(told["written"]),
            removed=_strings(told["removed"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _episode(change: ItemChange) -> EpisodeChange:
    what = "added" if change.old is None else "removed" if change.new is None else "changed"
    aspects = [difference.aspect for difference in change.differences] if what == "changed" else []
    return EpisodeChange(
        what=what,
        title=change.item.title,
        guid=change.item.guid,
        aspects=(*(["guid"] if change.has_new_guid else []), *aspects),
    )


def _episode_told(told: Mapping[str, Any]) -> EpisodeChange:
    return EpisodeChange(
        what=str(told["what"]), title=str(told["title"]), guid=str(told["guid"]), aspects=_strings(told["aspects"])
    )


def _strings(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list):
        raise TypeError
    return tuple(map(str, told))
