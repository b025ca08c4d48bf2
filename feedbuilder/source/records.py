"""The typed layer: what the fields of one episode file say, before anything is made of it.

Field names are the archive's (`field_names` maps other archives onto them). Every value comes in as text; a value that
does not fit is one `Problem` and costs that field only, never the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from feedbuilder.model import EpisodeType
from feedbuilder.source.dates import parse_moment
from feedbuilder.timecode import parse_duration


def fault(code: str, message: str, remedy: str) -> PydanticCustomError:
    """Return what a validator raises: a problem of the catalogue, without its place."""
    # The words travel as context, because pydantic would read braces in them as its own placeholders.
    return PydanticCustomError(code, "{message}", {"message": message, "remedy": remedy})


def _reader(read: Callable[[str], Any], code: str, remedy: str) -> BeforeValidator:
    """Return a validator that reads text with a function whose ValueError explains itself."""

    def validate(value: Any) -> Any:
        if not isinstance(value, str):
            raise fault("wrong-type", f"this is {_kind(value)}; one value is wanted", remedy)
        try:
            return read(value.strip())
        except ValueError as error:
            raise fault(code, str(error), remedy) from error

    return BeforeValidator(validate)


def _kind(value: Any) -> str:
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "no text"


def _text(value: str) -> str:
    if not value:
        raise ValueError("there is no text here")
    return value


def _number(value: str) -> float:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", value):
        raise ValueError(f"{value!r} is not a number")
    return float(value)


def _whole_number(value: str) -> int:
    if not re.fullmatch(r"\d{1,15}(\.0+)?", value):
        raise ValueError(f"{value!r} is not a whole number")
    return int(float(value))


def _flag(value: str) -> bool:
    word = value.lower()
    if word in {"true", "yes", "on", "1", "explicit"}:
        return True
    if word in {"false", "no", "off", "0", "clean"}:
        return False
    raise ValueError(f"{value!r} is neither true nor false")


def _episode_type(value: str) -> EpisodeType:
    try:
        return EpisodeType(value.lower())
    except ValueError:
        raise ValueError(f"{value!r} is not full, trailer or bonus") from None


def _list(value: Any) -> Any:
    if isinstance(value, str):
        return [part for part in (part.strip() for part in value.split(",")) if part]
    return [item for item in value if item is not None] if isinstance(value, list) else value


def _without_gaps(value: Any) -> Any:
    return {name: item for name, item in value.items() if item is not None} if isinstance(value, dict) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, (str, dict)) else _list(value)


def _named(key: str) -> BeforeValidator:
    """Return a validator that reads bare text as a mapping with only that key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def _links(value: Any) -> Any:
    """Read links written as `name: url`, or as a list of names and urls."""
    if isinstance(value, dict):
        return [{"label": label, "url": url} for label, url in value.items() if url is not None]
    if isinstance(value, list):
        return [
            {"label": item, "url": item}
            if isinstance(item, str)
            else {"label": item.get("label") or item.get("name") or item.get("title"), "url": item.get("url")}
            if isinstance(item, dict)
            else item
            for item in value
        ]
    return value


Text = Annotated[str, _reader(_text, "empty-value", "write the text, or delete the field")]
Number = Annotated[float, _reader(_number, "not-a-number", "write digits")]
WholeNumber = Annotated[int, _reader(_whole_number, "not-a-number", "write digits")]
Flag = Annotated[bool, _reader(_flag, "not-a-flag", "write true or false")]
Milliseconds = Annotated[int, _reader(parse_duration, "bad-duration", "write PT1H5M9S, 1:05:09 or seconds")]
Moment = Annotated[date | datetime, _reader(parse_moment, "bad-date", "write 2026-01-31, or 2026-01-31 18:30")]
TypeOfEpisode = Annotated[EpisodeType, _reader(_episode_type, "bad-episode-type", "write full, trailer or bonus")]
TextList = Annotated[tuple[Text, ...], BeforeValidator(_list)]
Texts = Annotated[dict[str, Text], BeforeValidator(_without_gaps)]


class Record(BaseModel):
    """Base of all records: unknown fields are the site's business and are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class LinkRecord(Record):
    """A link with its name."""

    label: Text
    url: Text


class ClipRecord(Record):
    """A chapter as the archive marks it."""

    name: Text
    startOffset: Milliseconds  # noqa: N815  (the archive's name)
    endOffset: Milliseconds | None = None  # noqa: N815
    url: Text | None = None
    image: Text | None = None


class SoundbiteRecord(Record):
    """A short piece of the episode."""

    start: Milliseconds
    duration: Milliseconds
    title: Text | None = None


class PersonRecord(Record):
    """Somebody named in the episode file itself, or in a people page."""

    name: Text
    role: Text | None = None
    group: Text | None = None
    url: Text | None = None
    picture: Text | None = None


class AudioRecord(Record):
    """The episode's audio: an address or file name, and what is known of the file."""

    url: Text
    length: WholeNumber | None = None
    type: Text | None = None
    duration: Milliseconds | None = None


class LicenseRecord(Record):
    """A licence by identifier."""

    identifier: Text
    url: Text | None = None


class LocationRecord(Record):
    """A place by name."""

    name: Text
    geo: Annotated[str, Field(pattern=r"^geo:-?\d+(\.\d+)?,-?\d+(\.\d+)?")] | None = None
    osm: Annotated[str, Field(pattern=r"^[NWR]\d+(#\d+)?$")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")] | None = None
    rel: Annotated[str, Field(pattern=r"^(subject|creator)$")] | None = None


Links = Annotated[tuple[LinkRecord, ...], BeforeValidator(_links)]
People = Annotated[tuple[Annotated[PersonRecord, _named("name")], ...], BeforeValidator(_as_list)]


class EpisodeRecord(Record):
    """One episode file. The transcript is read apart (`source.transcripts`): it is long, and its faults are many."""

    title: Text
    season: WholeNumber | None = None
    season_name: Text | None = None
    episode: Number | None = None
    episode_display: Annotated[Text, Field(max_length=32)] | None = None
    type: TypeOfEpisode = EpisodeType.FULL
    guid: Text | None = None
    slug: Text | None = None
    link: Text | None = None
    dateadded: Moment | None = None
    date: Moment | None = None  # the archive's word for "edited"
    duration: Milliseconds | None = None
    audio: Annotated[AudioRecord, _named("url")] | None = None
    enclosure: Annotated[AudioRecord, _named("url")] | None = None
    guests: People = ()
    hosts: People | None = None  # None: the show's
    author: Text | None = None
    image: Text | None = None
    image_alt: Text | None = None
    ids: Texts = Field(default_factory=dict)
    links: Links = ()
    content_links: Links = ()
    description: Text | None = None
    intro: Text | None = None
    topics: TextList = ()
    explicit: Flag | None = None  # None: the show's
    block: Flag = False
    language: Text | None = None  # None: the show's
    license: Annotated[LicenseRecord, _named("identifier")] | None = None
    location: Annotated[LocationRecord, _named("name")] | None = None
    soundbites: tuple[SoundbiteRecord, ...] = ()
    quotableClips: tuple[ClipRecord, ...] = ()  # noqa: N815
    draft: Flag = False


READ_APART = frozenset({"transcript", "published"})
KNOWN_FIELDS = frozenset(EpisodeRecord.model_fields) | READ_APART


class PersonPage(Record):
    """A page about a person: `_people/KEY.md`."""

    title: Text
    short: Text | None = None
    picture: Text | None = None
    web: Text | None = None
    linkedin: Text | None = None
    twitter: Text | None = None
    github: Text | None = None
