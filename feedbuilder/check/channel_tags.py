"""Rules of the channel's own plumbing: addresses, identity, dates, contacts, what RSS had before podcasts.

Spec: https://www.rssboard.org/rss-specification (2.0.11),
https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags (2026-05)
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID, uuid5

from lxml.etree import _Element

from feedbuilder.check import specs
from feedbuilder.check.feed import Feed, at, attribute, name_of, text_of
from feedbuilder.check.rules import Fault, Faults, rule, shortened
from feedbuilder.check.values import (
    date_flaw,
    is_contact,
)
from feedbuilder.check.vocabulary import is_address

_WHOLE: Final = r"0*[1-9]\d*"
_MOST_PIXELS: Final = (("width", 144), ("height", 400))
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS: Final = tuple(f"{hour:{form}}" for form in ("d", "02d") for hour in range(24))
_PODCAST_SPACE: Final = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@rule(
    "C8",
    "The feed names its own address once, in an atom:link with rel=self",
    error="psp1",
    warning="rss",
    spec=specs.w3c("MissingAtomSelfLink", "warning"),
    key="config:feed.url",
    remedy="write <atom:link rel='self' type='application/rss+xml' href='the feed’s address'/> once",
)
def _self_link(feed: Feed) -> Faults:
    links = feed.self_links
    if len(links) != 1:
        yield at(feed.channel.element, f"it has {len(links) or 'no'} <atom:link rel='self'>")
        return
    if links[0].get("type") != "application/rss+xml":
        yield at(links[0], f"its type is {links[0].get('type')!r}, not application/rss+xml", None, "type")
    if feed.url and links[0].get("href") != feed.url:
        yield at(links[0], f"it says {shortened(attribute(links[0], 'href'))}, the config {shortened(feed.url)}")


@rule(
    "C9",
    "The show says with podcast:locked whether other hosts may import it",
    warning="podcast-index psp1",
    spec=specs.tag("locked"),
    remedy="write yes or no",
    key="config:show.locked",
)
def _is_locked(feed: Feed) -> Faults:
    if not feed.channel.all("podcast:locked"):
        yield at(feed.channel.element, "it has no <podcast:locked>")


@rule(
    "C9b",
    "The value of podcast:locked is yes or no",
    error="podcast-index psp1",
    spec=specs.tag("locked"),
    remedy="write yes or no",
    key="config:show.locked",
)
def _locked_value(feed: Feed) -> Faults:
    found = feed.channel.first("podcast:locked")
    if found is not None and text_of(found) not in ("yes", "no"):
        yield at(found, f"{shortened(text_of(found))} is neither yes nor no")


@rule(
    "C10",
    "The show has a podcast:guid",
    warning="podcast-index psp1",
    spec=specs.tag("guid"),
    key="config:show.guid",
    remedy="give the show the podcast:guid that follows from its address",
)
def _has_guid(feed: Feed) -> Faults:
    if not feed.channel.text("podcast:guid"):
        yield at(feed.channel.element, "it has no <podcast:guid>")


@rule(
    "C10c",
    "The podcast:guid is made of the address that the show was first published at",
    info="podcast-index psp1",
    spec=specs.tag("guid"),
    key="config:show.guid",
    remedy="leave it as it is if the show has moved; else give it the one that follows from its address",
)
def _guid_of_address(feed: Feed) -> Faults:
    text = feed.channel.text("podcast:guid")
    seed = re.sub(r"^[a-z]+://", "", feed.address).rstrip("/")
    if feed.show_guid is None and seed and text.casefold() != str(uuid5(_PODCAST_SPACE, seed)) and _is_uuid(text):
        made = uuid5(_PODCAST_SPACE, seed)
        yield at(
            feed.channel.all("podcast:guid")[0],
            f"it is not {made}, which follows from the address; right if the show had another address before",
        )


@rule(
    "C10b",
    "The podcast:guid is a UUID of 36 characters",
    error="podcast-index psp1",
    spec=specs.tag("guid"),
    remedy="write a UUID",
    key="config:show.guid",
)
def _guid_is_uuid(feed: Feed) -> Faults:
    text = feed.channel.text("podcast:guid")
    if text and not _is_uuid(text):
        yield at(feed.channel.all("podcast:guid")[0], f"{shortened(text)} is no UUID")


def _is_uuid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


@rule(
    "C18",
    "The dates of the channel are those of RFC 2822, and ttl is a number",
    error="rss",
    spec=specs.RSS,
    remedy="write dates as Tue, 31 Dec 2024 06:00:00 +0000, and minutes as a number",
)
def _dates(feed: Feed) -> Faults:
    for name in ("pubDate", "lastBuildDate"):
        for found in feed.channel.all(name):
            if flaw := date_flaw(text_of(found).strip()):
                yield at(found, flaw)
    for found in feed.channel.all("ttl"):
        if not re.fullmatch(_WHOLE, text_of(found).strip()):
            yield at(found, f"{shortened(text_of(found))} is no number of minutes")


@rule(
    "C19",
    "The new address of the feed, if it moves, is absolute",
    error="apple",
    spec=specs.APPLE,
    remedy="write the new address whole",
    key="config:show.new_feed_url",
)
def _new_feed_url(feed: Feed) -> Faults:
    found = feed.channel.first("itunes:new-feed-url")
    if found is not None and not is_address(text_of(found).strip()):
        yield at(found, f"{shortened(text_of(found))} is no absolute address")


@rule(
    "C20",
    "The show is not hidden by itunes:block",
    warning="apple",
    spec=specs.APPLE,
    remedy="take it out when the show is to be found",
    key="config:show.block",
)
def _not_blocked(feed: Feed) -> Faults:
    found = feed.channel.first("itunes:block")
    if found is not None and text_of(found).strip().casefold() == "yes":
        yield at(found, "the show is hidden in directories")


@rule(
    "C21",
    "People of RSS's own elements are named as address (Name)",
    warning="rss",
    spec=specs.w3c("InvalidContact"),
    remedy="write owner@show.example (Name)",
    key="config:show.managing_editor",
)
def _contacts(feed: Feed) -> Faults:
    for node, item in ((feed.channel, None), *((item, item) for item in feed.items)):
        for name in ("author",) if item else ("managingEditor", "webMaster"):
            for found in node.all(name):
                if not is_contact(text_of(found).strip()):
                    yield at(found, f"{shortened(text_of(found))} is not address (Name)", item)


@rule(
    "C22",
    "The RSS image has an address, a title and a link, and is at most 144 pixels wide and 400 high, if it says",
    error="rss",
    spec=specs.RSS,
    remedy="give <image> its <url>, <title> and <link>, and leave <width> and <height> out",
    key="config:show.image",
)
def _image(feed: Feed) -> Faults:
    for found in feed.channel.all("image"):
        if missing := _lacking(found, "url", "title", "link"):
            yield at(found, f"it has no {missing}")
        for name, most in _MOST_PIXELS:
            for child in found.iterchildren(name):
                text = text_of(child).strip()
                if not re.fullmatch(_WHOLE, text) or int(text) > most:
                    yield at(child, f"{shortened(text)} is not between 1 and {most}")


@rule(
    "C24",
    "What is told of cloud, textInput, skipHours, skipDays and source is whole",
    error="rss",
    spec=specs.RSS,
    remedy="leave it out; no app of podcasts uses it",
)
def _asides(feed: Feed) -> Faults:
    for cloud in feed.channel.all("cloud"):
        needed = ("domain", "port", "path", "registerProcedure", "protocol")
        if missing := [name for name in needed if cloud.get(name) is None]:
            yield at(cloud, f"it has no {' and no '.join(missing)}")
        elif not re.fullmatch(_WHOLE, attribute(cloud, "port")):
            yield at(cloud, f"{shortened(attribute(cloud, 'port'))} is no port", None, "port")
    for found in feed.channel.all("textInput"):
        if lacking := _lacking(found, "title", "description", "name", "link"):
            yield at(found, f"it has no {lacking}")
    for name, kind, known in (("skipHours", "hour", _HOURS), ("skipDays", "day", _DAYS)):
        for found in feed.channel.all(name):
            if wrong := _wrong_times([text_of(child).strip() for child in found.iterchildren(kind)], known):
                yield at(found, f"it has {wrong}")
    for item in feed.items:
        yield from (at(found, "it has no url", item) for found in item.all("source") if not found.get("url"))


def _lacking(element: _Element, *names: str) -> str:
    there = {name_of(child) for child in element.iterchildren("*") if text_of(child).strip()}
    return " and no ".join(f"<{name}>" for name in names if name not in there)


def _wrong_times(said: list[str], known: tuple[str, ...]) -> str:
    if others := [one for one in said if one not in known]:
        return shortened(others[0])
    return "none" if not said else "one of them twice" if len(set(said)) < len(said) else ""


@rule(
    "C23",
    "Elements that Apple's list has no more are left out",
    info="apple",
    spec=specs.APPLE,
    remedy="leave it out; nobody reads it any more",
)
def _retired_elements(feed: Feed) -> Faults:
    for name in ("itunes:keywords", "itunes:subtitle", "itunes:summary"):
        count = len(feed.channel.all(name)) + sum(len(item.all(name)) for item in feed.items)
        if count:
            yield Fault(f"<{name}> stands {count} time{'s' if count > 1 else ''}", None, name)


RULES: Final = (
    _self_link, _is_locked, _locked_value, _has_guid, _guid_is_uuid, _guid_of_address, _dates, _new_feed_url,
    _not_blocked, _contacts, _image, _asides, _retired_elements,
)  # fmt: skip
