"""The feed that is out is a promise: find what a new one would break, say how to mend it, and what accepts it.

Added episodes and changed titles, notes, pictures and durations break nothing.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import unquote

from feedbuilder.publish.acceptance import Acceptance
from feedbuilder.publish.feed_changes import FeedChanges, ItemChange
from feedbuilder.publish.published_feed import Item, PublishedFeed
from feedbuilder.publish.shrinkage import Shrunk

FIRST_NAMED = 10
"""How many episodes a refusal names before the rest is counted."""

Names = Mapping[str, Collection[str]]
"""guid → the names an episode goes by: slug, file."""

NO_NAMES: Names = MappingProxyType({})


class Affected(NamedTuple):
    """One episode, or file, that something would happen to."""

    title: str
    name: str  # what `--accept kind:` takes for it
    detail: str = ""

    def __str__(self) -> str:
        known = f"{self.title} ({self.name})" if self.name != self.title else self.title
        return f"{known}: {self.detail}" if self.detail else known


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """One kind of promise that would be broken."""

    kind: str  # a key of acceptance.KINDS
    message: str
    remedy: str
    affected: tuple[Affected, ...] = ()

    @property
    def acceptance(self) -> str:
        """The flag that lets it pass."""
        if len(self.affected) == 1:
            return f"--accept {self._for_first}"
        return f"--accept {self.kind}"

    @property
    def consent(self) -> str:
        """What to say when it is meant."""
        one = f"; for one alone, --accept {self._for_first}" if len(self.affected) > 1 else ""
        return f"if that is meant, say {self.acceptance}{one}"

    @property
    def _for_first(self) -> str:
        return shlex.quote(f"{self.kind}:{self.affected[0].name}")

    def __str__(self) -> str:
        lines = [f"{self.message}:" if self.affected else self.message]
        lines += [f"  {one}" for one in self.affected[:FIRST_NAMED]]
        if len(self.affected) > FIRST_NAMED:
            lines.append(f"  … and {len(self.affected) - FIRST_NAMED} more")
        return "\n".join([*lines, f"→ {self.remedy}", f"→ {self.consent}"])


class _Evidence(NamedTuple):
    """What shows in the whole feed, or in other files, and not in one episode's items."""

    repeated_guids: Collection[str]
    shrunk: Mapping[tuple[str, str], Shrunk]  # by guid and noun
    own_pictures: Set[str]  # that one episode alone had; hosts give the show's artwork to each


class Promise(NamedTuple):
    """What subscribers rely on, of every episode."""

    kind: str
    broken: str  # goes on after "3 episodes "
    remedy: str
    find: Callable[[Item | None, Item | None, _Evidence], str | None]
    """Given old and new, returns a detail to show, or "", where the promise is broken; None where it is kept."""


def _lost(_old: Item | None, new: Item | None, _seen: _Evidence) -> str | None:
    return "" if new is None else None


def _new_guid(old: Item | None, new: Item | None, _seen: _Evidence) -> str | None:
    return f"{old.guid} → {new.guid}" if old and new and old.guid != new.guid else None


def _shared_guid(_old: Item | None, new: Item | None, seen: _Evidence) -> str | None:
    return new.guid if new and new.guid in seen.repeated_guids else None


def _lost_audio(old: Item | None, new: Item | None, _seen: _Evidence) -> str | None:
    return "" if old and new and old.audio_url and not new.audio_url else None


def _moved_audio(old: Item | None, new: Item | None, _seen: _Evidence) -> str | None:
    moved = old and new and old.audio_url and new.audio_url and old.audio_url != new.audio_url
    return f"{old.audio_url} → {new.audio_url}" if old and new and moved else None


def _moved_date(old: Item | None, new: Item | None, _seen: _Evidence) -> str | None:
    # Any move counts, however small: apps sort by the date, and announce what becomes the newest.
    if not old or not new or not old.published or old.published == new.published:
        return None
    return (
        f"{old.published:%Y-%m-%d %H:%M:%S} → {f'{new.published:%Y-%m-%d %H:%M:%S} UTC' if new.published else 'none'}"
    )


def _lost_picture(old: Item | None, new: Item | None, seen: _Evidence) -> str | None:
    return "" if old and new and not _pictures(new) and _pictures(old) & seen.own_pictures else None


def _lost_text(noun: str) -> Callable[[Item | None, Item | None, _Evidence], str | None]:
    return lambda old, new, _: "" if old and new and old.aspects.get(noun) and not new.aspects.get(noun) else None


def _shrunk_text(noun: str, unit: str) -> Callable[[Item | None, Item | None, _Evidence], str | None]:
    def find(_old: Item | None, new: Item | None, seen: _Evidence) -> str | None:
        shrunk = seen.shrunk.get((new.guid, noun)) if new else None
        return f"{shrunk.old_count:,} → {shrunk.new_count:,} {unit}" if shrunk else None

    return find


PROMISES: Final = (
    Promise(
        "removals",
        "of the feed that is out would vanish from it",
        "mend their files, which may have moved, become drafts, or lost their date or id",
        _lost,
    ),
    Promise(
        "guids",
        "would get a new guid, and every subscriber would download them again",
        "write the old guid into the episode's file as `guid:` (when feed.url moved: the old podcast:guid into the "
        "config as show.guid)",
        _new_guid,
    ),
    Promise(
        "guids",
        "would share a guid, and apps show only one of those that do",
        "give each a `guid:` of its own; the one that is out keeps what it has",
        _shared_guid,
    ),
    Promise(
        "audio",
        "would lose the audio now out",
        "see whether the audio files, or their table, are where the config says",
        _lost_audio,
    ),
    Promise(
        "audio",
        "would get another audio address, and apps may go on asking for the old one",
        "keep the old address as long as it answers; else have it redirect to the new one",
        _moved_audio,
    ),
    Promise(
        "dates",
        "would get another date, and another place in every app",
        "write the date that is out into the episode's file",
        _moved_date,
    ),
    Promise(
        "transcripts",
        "would lose the transcripts now out",
        "see whether the fields or files they are made from are still there",
        _lost_text("transcripts"),
    ),
    Promise(
        "transcripts",
        "would lose more than a tenth of the words in the transcripts now out",
        "see whether the file they are made from is whole",
        _shrunk_text("transcripts", "letters spoken"),
    ),
    Promise(
        "chapters",
        "would lose the chapters now out",
        "see whether the fields or files they are made from are still there",
        _lost_text("chapters"),
    ),
    Promise(
        "chapters",
        "would lose more than half of the chapters now out",
        "see whether the file they are made from is whole",
        _shrunk_text("chapters", "chapters"),
    ),
    Promise(
        "notes",
        "would lose the notes now out",
        "see whether their files are whole",
        _lost_text("notes"),
    ),
    Promise(
        "pictures",
        "would lose the picture now out",
        "see whether the pictures are where their files say",
        _lost_picture,
    ),
)
"""The gravest first. To add an episode, or to change its title, notes, picture or duration, breaks none."""


def find_refusals(
    changes: FeedChanges,
    shrunk: Iterable[Shrunk] = (),
    *,
    acceptance: Acceptance,
    names: Names = NO_NAMES,
    allowed_losses: int = 0,
) -> tuple[Refusal, ...]:
    """Return what subscribers would lose and `acceptance` does not name: each promise with all the episodes it fails.

    `allowed_losses` episodes may leave the feed without a word.
    """
    seen = _Evidence(
        repeated_guids=changes.repeated_guids,
        shrunk={(one.episode.item.guid, one.noun): one for one in shrunk},
        own_pictures=_own_pictures(changes.previous),
    )
    refusals: list[Refusal] = []
    for kind, broken, remedy, find in PROMISES:
        affected = tuple(
            Affected(episode.item.title, known[0], detail)
            for episode in changes.episodes
            if (detail := find(episode.old, episode.new, seen)) is not None
            and not acceptance.covers(kind, known := names_of(episode, names))
        )
        if len(affected) > (allowed_losses if kind == "removals" else 0):
            count = f"{len(affected)} episode{'s' * (len(affected) > 1)}"
            refusals.append(Refusal(kind=kind, message=f"{count} {broken}", affected=affected, remedy=remedy))
    return tuple(refusals)


def _own_pictures(feed: PublishedFeed) -> frozenset[str]:
    """Return the pictures that stand for one episode each, and not for the show."""
    shown = Counter(picture for item in feed.items for picture in _pictures(item))
    return frozenset(picture for picture, count in shown.items() if count == 1) - {feed.artwork}


def _pictures(item: Item) -> set[str]:
    """Return the addresses of an item's pictures; with some tags their sizes and what is on them are said too."""
    return {word for said in item.aspects.get("picture", ()) for word in said.split() if "://" in word}


def refusal_text(refusals: Iterable[Refusal], unknown: Iterable[str] = ()) -> str:
    """Return what to tell the owner: every refusal, then what `--accept` named for nothing."""
    told = [str(refusal) for refusal in refusals]
    told += [f"--accept {value}: neither feed has an episode of that name" for value in unknown]
    return "\n".join([*told, "nothing was written"])


def unknown_names(changes: FeedChanges, acceptance: Acceptance, names: Names = NO_NAMES) -> tuple[str, ...]:
    """Return what `--accept` names and neither feed has."""
    known = {name for episode in changes.episodes for name in names_of(episode, names)}
    return tuple(
        f"{kind}:{name}" for kind, name in sorted(acceptance.named) if kind != "overwrite" and name not in known
    )


def names_of(episode: ItemChange, names: Names = NO_NAMES) -> tuple[str, ...]:
    """Return everything an episode goes by, the handiest first: what the build calls it, its files, its guids."""
    items = [item for item in (episode.old, episode.new) if item is not None]
    known = [name for item in items for name in names.get(item.guid, ())]
    files = [PurePosixPath(unquote(text.url)).stem for item in items for text in item.texts]
    return tuple(dict.fromkeys([*known, *files, *(item.guid for item in items)]))
