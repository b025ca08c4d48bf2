"""What a config is made of: sections, and the kinds of value in them, each refused with a remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from feedbuilder.timecode import parse_offset
from feedbuilder.vocabulary.apple_categories import APPLE_CATEGORIES, nearest_category, parent_category
from feedbuilder.vocabulary.languages import is_feed_language

_NEVER_IN_URLS = re.compile(r"[\s<>\"{}|\\^`]")  # RFC 3986


class Section(BaseModel):
    """Base of every part of the config: unknown names are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, str_strip_whitespace=True)


def value_fault(message: str, remedy: str) -> PydanticCustomError:
    """Return what a validator raises: what is wrong, and how to mend it."""
    return PydanticCustomError("config-value", "{message}", {"message": message, "remedy": remedy})


def _web_url(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or _NEVER_IN_URLS.search(value):
        raise value_fault(f"{value!r} is not an absolute web address", "write it whole: https://example.org/…")
    return value


def as_list(value: Any) -> Any:
    """Read one entry as a list of it."""
    return [value] if isinstance(value, str) else value


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise value_fault(f"{value!r} is not a time zone", "use an IANA name such as Europe/Berlin or UTC") from error


def read_offset(value: Any) -> int:
    """Read seconds or a clock time, perhaps negative, as milliseconds."""
    try:
        return parse_offset(str(value))
    except ValueError as error:
        raise value_fault(str(error), "write seconds, or 0:04, with a minus where the audio is ahead") from error


def read_language(value: str) -> str:
    """Read a language code that directories take."""
    if not is_feed_language(value):
        raise value_fault(f"{value!r} is not a language code", "use ISO 639 with an optional region: en, de, pt-BR")
    return value


def read_category(value: Any) -> tuple[str, str | None]:
    """Read `Category` or `Category > Subcategory` of Apple's list."""
    if not isinstance(value, str):
        raise value_fault("a category is one line of text", "write Category, or Category > Subcategory")
    top, _, sub = (part.strip() for part in value.partition(">"))
    if top not in APPLE_CATEGORIES:
        near = nearest_category(value)
        whole = f"{parent} > {near}" if near and (parent := parent_category(near)) else near
        raise value_fault(
            f"{top!r} is not one of Apple's categories",
            f"did you mean {whole!r}?" if whole else "pick one from https://podcasters.apple.com/support/1691",
        )
    if sub and sub not in APPLE_CATEGORIES[top]:
        choices = ", ".join(APPLE_CATEGORIES[top]) or "none"
        raise value_fault(f"{sub!r} is not a subcategory of {top!r}", f"its subcategories: {choices}")
    return top, sub or None


WebUrl = Annotated[str, AfterValidator(_web_url)]


def _written(value: str) -> str:
    if not value or re.match(r"TODO\b", value):
        raise value_fault("there is no text here yet", "write it")
    return value


def _path(value: str) -> str:
    try:
        Path(value).expanduser()
    except RuntimeError as error:
        raise value_fault(f"{value!r} begins with the home folder of nobody here", "write the whole path") from error
    if "\0" in value:
        raise value_fault(f"{value!r} holds a character that no path can have", "delete it")
    return value


NonEmpty = Annotated[str, AfterValidator(_written)]
FilePath = Annotated[str, AfterValidator(_path)]
PathList = Annotated[tuple[Annotated[NonEmpty, AfterValidator(_path)], ...], BeforeValidator(as_list)]
TextList = Annotated[tuple[NonEmpty, ...], BeforeValidator(as_list)]
Short = Annotated[str, Field(min_length=1, max_length=128)]  # the podcast namespace's limit for most node values
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
