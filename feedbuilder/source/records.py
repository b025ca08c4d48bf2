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
from feedbuilder.source.yaml_nodes import Mapping, Sequence
from feedbuilder.timecode import parse_duration, parse_offset
from feedbuilder.vocabulary.places import GEO


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
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", value):
        raise ValueError(f"{value!r} is not a number from 0 up")
    return float(value)


def _whole_number(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}(\.0+)?", value):
        raise ValueError(f"{value!r} is not a whole number from 0 up")
    return int(float(value))


def _length(value: str) -> int:
    milliseconds = parse_duration(value)
    if milliseconds == 0:
        raise ValueError(f"{value!r} is no length")
    return milliseconds


def read_flag(value: str) -> bool:
    """Return what a word says of a question that is answered by true or false.

    Raises:
        ValueError: when it says neither.
    """
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
    return [part for part in (part.strip() for part in value.split(",")) if part] if isinstance(value, str) else value


def _as_list(value: Any) -> Any:
    if isinstance(value, str):
        parts = _list(value)
        return [value] if any(" " in part for part in parts) else parts  # keys have no spaces; `Sammy Davis, Jr.` has
    return [value] if isinstance(value, dict) else value


def _named(key: str) -> BeforeValidator:
    """Return a validator that reads bare text as a mapping with only that key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def _link(value: Any) -> Any:
    """Read a bare address, and a link whose label goes by another name."""
    if isinstance(value, str):
        return {"label": value, "url": value}
    if isinstance(value, dict) and "label" not in value:
        label = value.get("name") or value.get("title")
        return {**value, **({"label": label} if label else {})}
    return value


Text = Annotated[str, _reader(_text, "empty-value", "write the text, or delete the field")]
Number = Annotated[float, _reader(_number, "not-a-number", "write digits")]
WholeNumber = Annotated[int, _reader(_whole_number, "not-a-number", "write digits")]
Flag = Annotated[bool, _reader(read_flag, "not-a-flag", "write true or false")]
Milliseconds = Annotated[int, _reader(parse_duration, "bad-duration", "write PT1H5M9S, 1:05:09 or seconds")]
Length = Annotated[int, _reader(_length, "bad-duration", "write PT1H5M9S, 1:05:09 or seconds")]
Offset = Annotated[
    int, _reader(parse_offset, "bad-duration", "write seconds, or 0:04, with a minus where the audio is ahead")
]
Moment = Annotated[date | datetime, _reader(parse_moment, "bad-date", "write 2026-01-31, or 2026-01-31 18:30")]
TypeOfEpisode = Annotated[EpisodeType, _reader(_episode_type, "bad-episode-type", "write full, trailer or bonus")]
TextList = Annotated[tuple[Text, ...], BeforeValidator(_list)]
Texts = dict[str, Text]


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
    duration: Length
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
    duration: Length | None = None


class LicenseRecord(Record):
    """A licence by identifier."""

    identifier: Text
    url: Text | None = None


class LocationRecord(Record):
    """A place by name."""

    name: Text
    geo: Annotated[str, Field(pattern=GEO)] | None = None
    osm: Annotated[str, Field(pattern=r"^[NWR]\d+(#\d+)?$")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")] | None = None
    rel: Annotated[str, Field(pattern=r"^(subject|creator)$")] | None = None


Links = tuple[Annotated[LinkRecord, BeforeValidator(_link)], ...]
People = Annotated[tuple[Annotated[PersonRecord, _named("name")], ...], BeforeValidator(_as_list)]


class EpisodeRecord(Record):
    """One episode file. The transcript is read apart (`source.transcripts`): it is long, and its faults are many.

    A mapping of links by name is made a list first (`spread_links`).
    """

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
    publishDate: Moment | None = None  # noqa: N815  (Hugo's: not out before it)
    expiryDate: Moment | None = None  # noqa: N815  (Hugo's: not out from then on)
    duration: Length | None = None
    audio_offset: Offset | None = None  # None: the show's
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


LINK_FIELDS = ("links", "content_links")
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


def spread_links(tree: Mapping) -> None:
    """Rewrite links given as `name: url` as the list of labels and addresses that they mean, in place."""
    for field in LINK_FIELDS:
        named = tree.get(field)
        if isinstance(named, Mapping):
            links = Sequence()
            for label, url in named.items():
                link = Mapping()
                link.put("label", label, named.key_marks[label], named.key_marks[label])
                link.put("url", url, named.key_marks[label], named.marks[label])
                links.put(link, named.key_marks[label])
            tree[field] = links
