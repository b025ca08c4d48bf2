"""What a config says of the show itself: its section `show`, which becomes the channel of the feed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from feedbuilder.config_values import (
    NonEmpty,
    Section,
    Short,
    TextList,
    WebUrl,
    Zone,
    as_list,
    read_category,
    read_language,
    read_offset,
    value_fault,
)
from feedbuilder.vocabulary.media import MEDIUMS
from feedbuilder.vocabulary.places import GEO


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
        raise value_fault(
            "COUNT needs the date of the first time, which is not said here", "leave it out, or write UNTIL="
        )
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
    language: Annotated[str, AfterValidator(read_language)]
    categories: Annotated[
        tuple[Annotated[tuple[str, str | None], BeforeValidator(read_category)], ...],
        BeforeValidator(as_list),
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
    audio_offset: Annotated[int, BeforeValidator(read_offset)] = 0  # ms to add to chapters and transcripts

    @field_validator("medium")
    @classmethod
    def _known_medium(cls, value: str) -> str:
        if value not in MEDIUMS:
            raise value_fault(f"{value!r} is not a medium of a feed with episodes", "the usual one is podcast")
        return value

    @field_validator("description")
    @classmethod
    def _description_fits(cls, value: str) -> str:
        if len(value.encode()) > 4000:
            raise value_fault("the description is longer than 4,000 bytes", "directories cut it there; shorten it")
        return value
