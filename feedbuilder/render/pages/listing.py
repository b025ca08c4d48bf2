"""Every episode that is out as the index and its neighbours name it, those kept from an earlier build included."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from lxml import etree

from feedbuilder.model import Episode, EpisodeType, KeptEpisode, Picture, Show
from feedbuilder.render.pages.addresses import episode_path
from feedbuilder.render.plain_text import plain_text
from feedbuilder.render.xml import NAMESPACES, strict_parser

SUMMARY_LENGTH: Final = 180
_MANY: Final = 30  # episodes; as many without seasons are listed by year
AT_LENGTH: Final = 60  # episodes that are listed with a summary and a picture; of all others only the title and facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An episode in a list."""

    path: str
    title: str
    published: datetime
    updated: datetime
    duration_ms: int | None = None
    season: int | None = None
    season_name: str | None = None
    number: str | None = None
    episode_type: EpisodeType = EpisodeType.FULL
    explicit: bool = False
    block: bool = False
    summary: str = ""
    page_url: str | None = None  # where its owner says its page is
    picture: Picture | None = None  # of its own


class Group(NamedTuple):
    """Episodes below one heading."""

    heading: str | None
    entries: list[Entry]
    at_length: int = 0  # how many of them are told at length
    is_open: bool = True  # whether they are seen before somebody asks for them


def list_entries(show: Show) -> tuple[Entry, ...]:
    """Return all episodes that have a page, newest first."""
    made = [entry_of(episode) for episode in show.episodes]
    paths = {entry.path for entry in made}
    kept = [entry for episode in show.kept for entry in _entries_of_kept(episode) if entry.path not in paths]
    return tuple(sorted([*made, *kept], key=lambda entry: entry.published, reverse=True) if kept else made)


def entry_of(episode: Episode) -> Entry:
    """Return an episode as a list names it."""
    return Entry(
        path=episode_path(episode.slug),
        title=episode.title,
        published=episode.published,
        updated=max(filter(None, (episode.published, episode.edited))),
        duration_ms=episode.duration_ms,
        season=episode.season,
        season_name=episode.season_name,
        number=number_of(episode),
        episode_type=episode.episode_type,
        explicit=episode.explicit,
        block=episode.block,
        summary=opening(plain_text(episode.notes.words_html), SUMMARY_LENGTH),
        page_url=episode.page_url,
        picture=episode.picture,
    )


def number_of(episode: Episode) -> str | None:
    """Return the episode's number as it is shown."""
    return episode.episode_display or (None if episode.episode is None else f"{episode.episode:.12g}")


def opening(text: str, length: int) -> str:
    """Return the beginning of a text on one line, cut between words.

    >>> opening("One two three", 9), opening("One two", 9)
    ('One two…', 'One two')
    """
    line = " ".join(text[: 4 * length].split())
    if len(line) <= length:
        return line
    cut = line[:length]
    return (cut[: cut.rfind(" ")] if " " in cut[length // 2 :] else cut[:-1]).rstrip(" ,;:.–—-") + "…"


def group_entries(entries: Sequence[Entry], words: Mapping[str, Any]) -> list[Group]:
    """Return the episodes by season, or by year where there are many without; the newest come first.

    Those beyond the first few dozen are told in short, and their groups are closed: a page of thousands stays small,
    and who moves through it by keys gets to its end.
    """
    groups: list[Group] = []
    before = 0
    for group in _grouped(entries, words):
        groups.append(group._replace(at_length=max(0, AT_LENGTH - before), is_open=before < AT_LENGTH))
        before += len(group.entries)
    return groups


def _grouped(entries: Sequence[Entry], words: Mapping[str, Any]) -> list[Group]:
    if any(entry.season is not None for entry in entries):
        seasons: dict[int | None, list[Entry]] = {}
        for entry in entries:
            seasons.setdefault(entry.season, []).append(entry)
        others = seasons.pop(None, None)
        groups = [Group(_season_heading(number, members, words), members) for number, members in seasons.items()]
        return [*groups, Group(words["others"], others)] if others else groups
    if len(entries) > _MANY:
        return [
            Group(str(year), list(members)) for year, members in groupby(entries, lambda entry: entry.published.year)
        ]
    return [Group(None, list(entries))]


def _season_heading(number: int | None, entries: Sequence[Entry], words: Mapping[str, Any]) -> str:
    name = next((entry.season_name for entry in entries if entry.season_name), None)
    heading = str(words["season"].format(number=number))
    return f"{heading}: {name}" if name else heading


def _entries_of_kept(kept: KeptEpisode) -> list[Entry]:
    """Return the entry of an episode that stays as it was published; none, when it has no page."""
    item = etree.fromstring(kept.item, strict_parser())
    seconds, season = (item.findtext(tag, "", NAMESPACES) for tag in ("itunes:duration", "itunes:season"))
    return [
        Entry(
            path=path,
            title=item.findtext("title") or "",
            published=kept.published,
            updated=kept.published,
            duration_ms=int(seconds) * 1000 if seconds.isdecimal() else None,
            season=int(season) if season.isdecimal() else None,
            number=item.findtext("itunes:episode", None, NAMESPACES),
            episode_type=_type_of(item.findtext("itunes:episodeType", "", NAMESPACES)),
            explicit=item.findtext("itunes:explicit", "", NAMESPACES) == "true",
            block=item.findtext("itunes:block", "", NAMESPACES).lower() == "yes",
            summary=opening(_text_of(item.findtext("description") or ""), SUMMARY_LENGTH),
            page_url=item.findtext("link"),
        )
        for path, _ in kept.files
        if re.fullmatch(r"episodes/[^/]+\.html", path)
    ]


def _type_of(word: str) -> EpisodeType:
    return EpisodeType(word) if word in set(EpisodeType) else EpisodeType.FULL


def _text_of(markup: str) -> str:
    """Return the words of HTML."""
    parsed = etree.HTML(markup) if markup.strip() else None
    return "" if parsed is None else " ".join(str(part) for part in parsed.itertext())
