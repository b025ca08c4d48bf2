"""What of a show is to be asked for: the feed and the artwork, and the files of its newest episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from lxml.etree import _Element

from feedbuilder.check.feed import Feed, Item, attribute
from feedbuilder.check.values import moment_of
from feedbuilder.online.questions import Ask, Question

MOST_COMPARED_BYTES: Final = 1_048_576
"""Of audio that is loaded to be compared; larger files are compared by their length."""
USUAL_ITEMS: Final = 20
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class Role(StrEnum):
    """What a published file is to the show."""

    FEED = "feed"
    PLAIN = "feed without TLS"  # the feed's address with http: in place of https:
    PICTURE = "picture"
    MEDIA = "media"
    CHAPTERS = "chapters"
    TRANSCRIPT = "transcript"


TEXTS: Final = frozenset({Role.CHAPTERS, Role.TRANSCRIPT})


class Copy(NamedTuple):
    """The file in the output folder that an address should lead to."""

    length_bytes: int
    sha256: str


CopyOf = Callable[[str], Copy | None]
"""A path inside the feed's folder → the file there; None where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """One published file, and where the feed names it."""

    role: Role
    url: str
    element: _Element
    item: Item | None = None
    path: str | None = None  # inside the feed's folder, where a file of that name is there
    copy: Copy | None = None  # that file


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What to ask for, each address once."""

    things: tuple[Thing, ...]
    items: int  # whose files are asked for
    left_out: int  # older items, whose files are not


def plan(feed: Feed, copy_of: CopyOf, newest: int | None = USUAL_ITEMS) -> Plan:
    """Return what to ask for; `newest` is how many items, None for every one."""
    dated = sorted((item for item in feed.items if not item.is_live), key=_published, reverse=True)
    chosen = dated[:newest]
    found: dict[str, Thing] = {}
    for thing in (*_of_show(feed), *(thing for item in chosen for thing in _of_item(item))):
        if thing.url and thing.url not in found:
            found[thing.url] = _with_copy(thing, feed, copy_of)
    return Plan(things=tuple(found.values()), items=len(chosen), left_out=len(dated) - len(chosen))


def ask_of(thing: Thing) -> Ask:
    """Return what to ask about a file."""
    questions: tuple[Question, ...]
    match thing.role:
        case Role.FEED:
            questions = (Question.HEAD, Question.WHOLE, Question.AGAIN)
        case Role.CHAPTERS | Role.TRANSCRIPT:
            questions = (Question.HEAD, Question.WHOLE)
        case Role.PICTURE:
            questions = (Question.HEAD, Question.WHOLE if thing.copy else Question.RANGE)
        case Role.MEDIA:
            questions = (Question.HEAD, Question.RANGE)
            if thing.copy and thing.copy.length_bytes <= MOST_COMPARED_BYTES:
                questions = (*questions, Question.WHOLE)
        case Role.PLAIN:
            questions = (Question.HEAD,)
    return Ask(
        url=thing.url, questions=questions, keeps_body=thing.role is Role.FEED, as_web_player=thing.role in TEXTS
    )


def _of_show(feed: Feed) -> Iterator[Thing]:
    channel = feed.channel.element
    element = next(iter(feed.self_links), channel)
    yield Thing(role=Role.FEED, url=feed.address, element=element)
    scheme, _, rest = feed.address.partition("://")
    if scheme.lower() == "https" and ":" not in rest.partition("/")[0]:  # another port has no counterpart
        yield Thing(role=Role.PLAIN, url=f"http://{rest}", element=element)
    for picture in feed.channel.all("itunes:image"):
        yield Thing(role=Role.PICTURE, url=attribute(picture, "href"), element=picture)


def _of_item(item: Item) -> Iterator[Thing]:
    for name, key, role in (
        ("enclosure", "url", Role.MEDIA), ("itunes:image", "href", Role.PICTURE),
        ("podcast:chapters", "url", Role.CHAPTERS), ("podcast:transcript", "url", Role.TRANSCRIPT),
    ):  # fmt: skip
        for element in item.all(name):
            yield Thing(role=role, url=attribute(element, key), element=element, item=item)


def _with_copy(thing: Thing, feed: Feed, copy_of: CopyOf) -> Thing:
    path = feed.local_path(thing.url) if thing.role not in (Role.FEED, Role.PLAIN) else None
    copy = copy_of(path) if path else None
    return Thing(
        role=thing.role, url=thing.url, element=thing.element, item=thing.item, path=path if copy else None, copy=copy
    )


def _published(item: Item) -> datetime:
    return moment_of(item.text("pubDate")) or _LONG_AGO
