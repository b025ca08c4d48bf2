"""The show's config, `feedbuilder.yaml`: every setting, its meaning and its default.

Values arrive as text with a place (`source.settings` reads the file); this module only gives them types. Paths in it
are relative to the config file's folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator
from pydantic_core import PydanticCustomError

from feedbuilder.errors import Place
from feedbuilder.timecode import parse_offset
from feedbuilder.vocabulary.apple_categories import APPLE_CATEGORIES, nearest_category, parent_category
from feedbuilder.vocabulary.languages import is_feed_language
from feedbuilder.vocabulary.media import MEDIUMS
from feedbuilder.vocabulary.places import GEO

_NEVER_IN_URLS = re.compile(r"[\s<>\"{}|\\^`]")  # RFC 3986


def _fault(message: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("config-value", "{message}", {"message": message, "remedy": remedy})


def _web_url(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or _NEVER_IN_URLS.search(value):
        raise _fault(f"{value!r} is not an absolute web address", "write it whole: https://example.org/…")
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _fault(f"{value!r} is not a time zone", "use an IANA name such as Europe/Berlin or UTC") from error


def _offset(value: Any) -> int:
    try:
        return parse_offset(str(value))
    except ValueError as error:
        raise _fault(str(error), "write seconds, or 0:04, with a minus where the audio is ahead") from error


def _language(value: str) -> str:
    if not is_feed_language(value):
        raise _fault(f"{value!r} is not a language code", "use ISO 639 with an optional region: en, de, pt-BR")
    return value


def _category(value: Any) -> tuple[str, str | None]:
    if not isinstance(value, str):
        raise _fault("a category is one line of text", "write Category, or Category > Subcategory")
    top, _, sub = (part.strip() for part in value.partition(">"))
    if top not in APPLE_CATEGORIES:
        near = nearest_category(value)
        whole = f"{parent} > {near}" if near and (parent := parent_category(near)) else near
        raise _fault(
            f"{top!r} is not one of Apple's categories",
            f"did you mean {whole!r}?" if whole else "pick one from https://podcasters.apple.com/support/1691",
        )
    if sub and sub not in APPLE_CATEGORIES[top]:
        choices = ", ".join(APPLE_CATEGORIES[top]) or "none"
        raise _fault(f"{sub!r} is not a subcategory of {top!r}", f"its subcategories: {choices}")
    return top, sub or None


_TAKEN_NAMES = frozenset({"chapters", "transcripts", "audio", "manifest.json"})  # of other things in output/

WebUrl = Annotated[str, AfterValidator(_web_url)]


def _written(value: str) -> str:
    if not value or re.match(r"TODO\b", value):
        raise _fault("there is no text here yet", "write it")
    return value


def _path(value: str) -> str:
    try:
        Path(value).expanduser()
    except RuntimeError as error:
        raise _fault(f"{value!r} begins with the home folder of nobody here", "write the whole path") from error
    if "\0" in value:
        raise _fault(f"{value!r} holds a character that no path can have", "delete it")
    return value


NonEmpty = Annotated[str, AfterValidator(_written)]
FilePath = Annotated[str, AfterValidator(_path)]
PathList = Annotated[tuple[Annotated[NonEmpty, AfterValidator(_path)], ...], BeforeValidator(_as_list)]
TextList = Annotated[tuple[NonEmpty, ...], BeforeValidator(_as_list)]
Short = Annotated[str, Field(min_length=1, max_length=128)]  # the podcast namespace's limit for most node values
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]


class Section(BaseModel):
    """Base of every part of the config: unknown names are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, str_strip_whitespace=True)


class MissingAudio(StrEnum):
    """What happens to an episode whose audio nobody knows."""

    PUBLISH = "publish"  # without an enclosure
    HOLD = "hold"  # kept out of the feed
    FAIL = "fail"  # the build stops


class Owner(Section):
    """Who the directories write to."""

    name: NonEmpty
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class NamedUrl(Section):
    """A web address and the words shown for it."""

    url: WebUrl
    label: Short


class LicenseSection(Section):
    """A licence by identifier; one that is not on the namespace's list needs its text's URL."""

    identifier: Short
    url: WebUrl | None = None


class LocationSection(Section):
    """A place: where the show is made (`creator`), or what it is about (`subject`)."""

    name: Short
    geo: Annotated[str, Field(pattern=GEO)] | None = None
    osm: Annotated[str, Field(pattern=r"^[NWR]\d+(#\d+)?$")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")] | None = None
    rel: Literal["subject", "creator"] | None = None


class TxtSection(Section):
    """`podcast:txt`: free text for machines, such as a directory's proof of ownership."""

    value: Annotated[str, Field(min_length=1, max_length=4000)]
    purpose: Short | None = None


def _uncounted(value: str) -> str:
    if re.search(r";COUNT=", value, re.IGNORECASE):
        raise _fault("COUNT needs the date of the first time, which is not said here", "leave it out, or write UNTIL=")
    return value


class UpdateFrequencySection(Section):
    """How often a new episode is meant to come out."""

    label: Short
    rrule: Annotated[str, Field(pattern=r"^FREQ="), AfterValidator(_uncounted)] | None = None
    complete: bool = False


def _license(value: Any) -> Any:
    return {"identifier": value} if isinstance(value, str) else value


def _location(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class ShowSection(Section):
    """What the show is: the channel of the feed."""

    title: NonEmpty
    description: NonEmpty
    link: WebUrl
    language: Annotated[str, AfterValidator(_language)]
    categories: Annotated[
        tuple[Annotated[tuple[str, str | None], BeforeValidator(_category)], ...],
        BeforeValidator(_as_list),
        Field(min_length=1),
    ]
    explicit: bool = False
    image: str | None = None  # a file below archive.site_root, or a web address
    author: str | None = None
    owner: Owner | None = None
    managing_editor: str | None = None
    copyright: str | None = None
    type: Literal["episodic", "serial"] = "episodic"
    guid: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")] | None = None
    locked: bool = True
    medium: str = "podcast"
    complete: bool = False
    block: bool = False
    new_feed_url: WebUrl | None = None
    funding: tuple[NamedUrl, ...] = ()
    hosts: TextList = ()  # keys of people pages, or names
    license: Annotated[LicenseSection, BeforeValidator(_license)] | None = None
    location: Annotated[LocationSection, BeforeValidator(_location)] | None = None
    txt: tuple[TxtSection, ...] = ()
    update_frequency: UpdateFrequencySection | None = None
    seasons: Mapping[int, Short] = {}  # names of seasons
    timezone: Zone = ZoneInfo("UTC")
    publish_time: time = time(6, 0)  # for dates that have no time of day
    audio_offset: Annotated[int, BeforeValidator(_offset)] = 0  # ms to add to chapters and transcripts

    @field_validator("medium")
    @classmethod
    def _known_medium(cls, value: str) -> str:
        if value not in MEDIUMS:
            raise _fault(f"{value!r} is not a medium of a feed with episodes", "the usual one is podcast")
        return value

    @field_validator("description")
    @classmethod
    def _description_fits(cls, value: str) -> str:
        if len(value.encode()) > 4000:
            raise _fault("the description is longer than 4,000 bytes", "directories cut it there; shorten it")
        return value


class FeedSection(Section):
    """Where the feed will be found. The folder of its address is where output/ is served from."""

    url: WebUrl
    hubs: tuple[WebUrl, ...] = ()  # WebSub hubs to name

    @field_validator("url")
    @classmethod
    def _names_a_file(cls, value: str) -> str:
        parts = urlsplit(value)
        name = parts.path.rpartition("/")[2]
        if "/" not in parts.path or parts.query or parts.fragment or name in _TAKEN_NAMES:
            raise _fault(
                f"{value!r} is not the address of a file that output/ could hold",
                "write where the feed will be found: https://example.org/feed.xml",
            )
        return value

    @property
    def folder_url(self) -> str:
        """The public address of output/, with a slash at its end."""
        return self.url.rsplit("/", 1)[0] + "/"

    @property
    def file_name(self) -> str:
        """The feed's name inside output/."""
        return unquote(self.url.rsplit("/", 1)[1]) or "feed.xml"


class ArchiveSection(Section):
    """Where the episodes are, and how their site names things."""

    episodes: PathList = ("episodes",)  # folders or single files
    people: FilePath | None = None  # folder of people pages
    site_root: FilePath = "."  # the folder that paths such as images/x.jpg start from
    site_url: WebUrl | None = None  # where that folder is public
    episode_url: str | None = None  # page of an episode; {slug}, {season} and {episode} are filled in
    person_url: str | None = None  # page of a person; {slug} is filled in


class AudioSection(Section):
    """Where audio is found for episodes that do not name it themselves."""

    table: FilePath | None = None  # CSV: slug or id, url, length, type, duration
    folder: FilePath | None = None  # local files named after the episodes' slugs
    base_url: WebUrl | None = None  # where that folder is public


class LayoutSection(Section):
    """Reading rules of one caption format that differ from the profile's."""

    columns: Annotated[int, Field(ge=16, le=80)] | None = None
    rows: Annotated[int, Field(ge=1, le=3)] | None = None
    max_chars_per_second: Annotated[float, Field(ge=5, le=60)] | None = None


class CaptionsSection(Section):
    """How captions are laid out."""

    profile: Literal["podcast", "netflix", "bbc"] = "podcast"
    vtt: LayoutSection = LayoutSection()
    srt: LayoutSection = LayoutSection()
    align: bool = False  # listen to local audio files and move captions to the speech; needs feedbuilder[align]
    chapters_track: bool = False  # chapters/SLUG.vtt as well, for <track kind="chapters">

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """Return what differs from the profile, by format."""
        return {"vtt": self.vtt.model_dump(exclude_none=True), "srt": self.srt.model_dump(exclude_none=True)}


class Config(Section):
    """Everything in `feedbuilder.yaml`."""

    show: ShowSection
    feed: FeedSection
    archive: ArchiveSection = ArchiveSection()
    audio: AudioSection = AudioSection()
    missing_audio: MissingAudio = MissingAudio.PUBLISH
    transcripts: TextList = ("vtt", "srt", "json")  # also json-words, html, txt
    captions: CaptionsSection = CaptionsSection()
    fields: Mapping[str, TextList] = {}  # this program's field names → the archive's
    output: FilePath = "output"

    folder: Path = Field(default=Path(), exclude=True)  # the config file's own folder; set when it is read
    path: str = Field(default="feedbuilder.yaml", exclude=True)

    _marks: dict[str, tuple[int, int]] = PrivateAttr(default_factory=dict)  # dotted setting → line, column

    def note_places(self, marks: Mapping[str, tuple[int, int]]) -> None:
        """Keep where each setting stands in the file, for messages."""
        self._marks.update(marks)

    def place(self, *setting: str | int) -> Place:
        """Return where a setting stands, or the nearest one around it that does."""
        names = [".".join(map(str, setting[:length])) for length in range(len(setting), 0, -1)]
        mark = next((self._marks[name] for name in names if name in self._marks), (1, 1))
        return Place(self.path, *mark)

    def resolve(self, path: str) -> Path:
        """Return a path of the config as seen from its own folder."""
        return self.folder / Path(path).expanduser()
