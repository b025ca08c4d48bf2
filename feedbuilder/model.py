"""The show and its episodes as podcasting speaks of them: what `resolve` makes and every renderer reads.

Frozen values, aware dates, integer milliseconds. `None` always means "not known".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

_ARTWORK_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


class EpisodeType(StrEnum):
    """What kind of item this is, for `itunes:episodeType`."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """An image a podcast app may show."""

    url: str
    width_px: int | None = None
    height_px: int | None = None
    mime_type: str | None = None
    color_mode: str | None = None  # as Pillow names it: RGB, CMYK, …
    alt: str | None = None
    file: Path | None = None  # the local file behind the URL, where there is one

    @property
    def flaw(self) -> str | None:
        """Why directories would not take it as artwork (`itunes:image`), or None when they would.

        A picture that could not be looked at is taken at its owner's word.

        Spec: https://podcasters.apple.com/support/896-artwork-requirements
        """
        ending = PurePosixPath(urlsplit(self.url).path).suffix.lower()
        if ending not in _ARTWORK_TYPES:
            return f"its address ends in {ending or 'nothing'}, not in .jpg or .png"
        if self.mime_type not in (None, _ARTWORK_TYPES[ending]):
            return f"it is {self.mime_type}, not what {ending} says"
        if self.color_mode in {"CMYK", "YCCK"}:
            return f"its colours are {self.color_mode}, not RGB"
        if self.width_px is None or self.height_px is None:
            return None
        if self.width_px != self.height_px or not 1400 <= self.width_px <= 3000:
            return f"it has {self.width_px}×{self.height_px} pixels"
        return None

    @property
    def is_artwork(self) -> bool:
        """Whether directories take it as `itunes:image`."""
        return self.flaw is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody heard in an episode: `podcast:person`."""

    name: str
    role: str = "host"
    group: str = "cast"
    url: str | None = None
    picture: Picture | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A named link shown in the notes."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """The audio or video file of an episode: `<enclosure>`."""

    url: str
    mime_type: str
    length_bytes: int | None = None
    duration_ms: int | None = None  # measured from the file, or stated beside its URL
    speech: tuple[Span, ...] | None = None  # where somebody speaks; None where nobody listened
    file: Path | None = None  # the local file behind the URL, where there is one


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A part of an episode, from its start to the next one's."""

    title: str
    start_ms: int
    end_ms: int | None = None  # only where the archive states one that is possible
    url: str | None = None
    picture: Picture | None = None


class Span(NamedTuple):
    """A stretch of speech between two pauses of the sound."""

    start_ms: int
    end_ms: int


class TranscriptLine(NamedTuple):
    """A paragraph as the archive holds it: one speaker's words from a start that may be missing, shared or wrong."""

    text: str
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None  # only where the source states it


class Heading(NamedTuple):
    """A heading between transcript lines; it speaks for no time of its own."""

    title: str
    before_line: int  # index of the transcript line that follows it


class Cue(NamedTuple):
    """A caption: at most two lines on screen from `start_ms` until just before `end_ms`."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    text: str  # the same words in one line; where the break stood, a space only if the script has one
    speaker: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Transcript:
    """The words of an episode with their times, in the order spoken."""

    lines: Sequence[TranscriptLine]  # perhaps read from a spool each time somebody asks: take them all at once
    headings: tuple[Heading, ...] = ()
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFile:
    """A chapters or transcript file published beside the feed."""

    path: str  # inside the output folder, with forward slashes
    url: str
    mime_type: str
    language: str | None = None
    rel: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Soundbite:
    """A short piece that stands for the episode: `podcast:soundbite`."""

    start_ms: int
    duration_ms: int
    title: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class License:
    """`podcast:license`: an SPDX-like identifier, or a name with a URL."""

    identifier: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """`podcast:location`: where it was made, or what place it is about."""

    name: str
    geo: str | None = None
    osm: str | None = None
    country: str | None = None
    rel: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Notes:
    """Show notes: clean HTML, and the short form of it that directories cap."""

    opening_html: str = ""  # description and intro
    people_and_links_html: str = ""
    body_html: str = ""
    summary_html: str = ""  # at most 4,000 bytes of UTF-8

    @property
    def html(self) -> str:
        """All of it, for apps."""
        return "\n".join(filter(None, (self.opening_html, self.people_and_links_html, self.body_html)))

    @property
    def words_html(self) -> str:
        """Without the people and links, for pages, which show those in places of their own."""
        return "\n".join(filter(None, (self.opening_html, self.body_html)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Episode:
    """One `<item>`."""

    slug: str  # names the files in output/; unique in the show
    source: str  # the archive file it came from, as messages name it
    guid: str
    guid_is_permalink: bool = False  # whether the guid is also the page's address
    title: str
    published: datetime
    edited: datetime | None = None
    page_url: str | None = None
    season: int | None = None
    season_name: str | None = None
    episode: float | None = None
    episode_display: str | None = None
    episode_type: EpisodeType = EpisodeType.FULL
    duration_ms: int | None = None
    enclosure: Enclosure | None = None
    explicit: bool = False
    block: bool = False
    author: str | None = None
    categories: tuple[str, ...] = ()
    notes: Notes = Notes()
    picture: Picture | None = None  # any shape; itunes:image takes it only when it `is_artwork`
    persons: tuple[Person, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    transcript: Transcript | None = None
    soundbites: tuple[Soundbite, ...] = ()
    license: License | None = None
    location: Location | None = None
    content_links: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()  # that the notes list
    language: str  # the show's, unless declared


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptEpisode:
    """An episode whose file broke after it was published: what is out of it stays out as it is."""

    source: str
    guid: str
    published: datetime
    item: bytes  # its `<item>`, with the namespaces it needs
    files: tuple[tuple[str, Path], ...]  # (path inside the output folder, the file there)


@dataclass(frozen=True, kw_only=True, slots=True)
class Show:
    """The `<channel>` and its items, newest first."""

    title: str
    link: str
    feed_url: str
    description: str
    language: str
    guid: str
    author: str | None = None
    owner_name: str | None = None
    owner_email: str | None = None
    managing_editor: str | None = None
    copyright: str | None = None
    artwork: Picture | None = None
    categories: tuple[tuple[str, str | None], ...] = ()
    explicit: bool = False
    show_type: str = "episodic"
    complete: bool = False
    block: bool = False
    new_feed_url: str | None = None
    hubs: tuple[str, ...] = ()
    locked: bool = True
    medium: str = "podcast"
    funding: tuple[Link, ...] = ()
    persons: tuple[Person, ...] = ()
    license: License | None = None
    location: Location | None = None
    txt: tuple[tuple[str | None, str], ...] = ()  # (purpose, value)
    update_frequency: UpdateFrequency | None = None
    published: datetime | None = None  # newest item's
    updated: datetime | None = None  # newest change of content
    episodes: tuple[Episode, ...] = field(default=())
    kept: tuple[KeptEpisode, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateFrequency:
    """`podcast:updateFrequency`: words for people, a recurrence rule for machines."""

    label: str
    rrule: str | None = None
    complete: bool = False
