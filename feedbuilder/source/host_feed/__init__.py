"""Read the feed of the show's present host: any podcast RSS that a stranger wrote.

Spec: RSS 2.0 https://www.rssboard.org/rss-specification (2.0.11), iTunes
https://help.apple.com/itc/podcasts_connect/#/itcb54353390, podcast namespace
https://github.com/Podcastindex-org/podcast-namespace (1.0), RFC 5005 (pages)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lxml.etree import _Element

from feedbuilder.errors import Place, Problem
from feedbuilder.model import Enclosure
from feedbuilder.source.host_feed.document import read_document
from feedbuilder.source.host_feed.elements import Findings, Names, base_of, first_text, line_of_text
from feedbuilder.source.host_feed.enclosures import read_enclosure
from feedbuilder.source.host_feed.fields import Fields
from feedbuilder.source.host_feed.pages import PageLink, page_after
from feedbuilder.source.host_feed.text import refuse

MAX_ITEMS = 100_000
_A_MEGABYTE_MS = 1_000_000 * 1000  # as seconds, eleven days

_MISPLACED = (
    "an item stands outside its place in the channel; it is read",
    "tell the host: other readers may miss it",
)
_NOT_READ = {
    "atom:entry": ("an Atom entry stands in the feed; it is not read", "ask the host for a plain RSS feed"),
    "podcast:liveitem": ("a live stream (podcast:liveItem) is no episode; it is not read", "nothing to do"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class HostItem:
    """One `<item>` of a host's feed, in the order of the feed; None and empty mean that the feed does not say."""

    place: Place  # the item's line in the feed, for messages
    title: str
    guid: str | None = None  # as it stands; no fallback to the link
    guid_is_permalink: bool = True  # RSS's own default
    published: datetime | None = None  # aware
    link: str | None = None
    enclosure: Enclosure | None = None  # the first playable one, with its length, type and the item's duration
    duration_ms: int | None = None
    season: int | None = None
    episode: float | None = None
    episode_type: str | None = None
    image_url: str | None = None
    links: tuple[str, ...] = ()  # every web address in the item, notes included, without doubles


@dataclass(frozen=True, kw_only=True, slots=True)
class HostFeed:
    """A host's channel; None and empty mean that the feed does not say."""

    title: str
    items: tuple[HostItem, ...]
    link: str | None = None
    description: str | None = None
    language: str | None = None
    feed_url: str | None = None  # atom:link rel=self, else itunes:new-feed-url
    guid: str | None = None  # podcast:guid
    author: str | None = None
    owner_name: str | None = None
    owner_email: str | None = None
    image_url: str | None = None
    categories: tuple[tuple[str, str | None], ...] = ()
    explicit: bool | None = None
    show_type: str | None = None
    copyright: str | None = None
    locked: bool | None = None  # podcast:locked: whether the host refuses imports elsewhere
    next_page: PageLink | None = None  # where the items before these are: then this is a part of the feed only


def read_host_feed(data: bytes, path: str) -> tuple[HostFeed, list[Problem]]:
    """Return what a host's feed says of the show and of every item, and all that is odd in it; `path` names it.

    Raises:
        UsageError: when the document as a whole cannot be used.
    """
    root, problems = read_document(data, path)
    names, findings = Names(root), Findings(path)
    found: dict[str, list[_Element]] = {name: [] for name in ("channel", "item", *_NOT_READ)}
    for element in root.iter():
        if (name := names.of(element)) in found:
            found[name].append(element)
    if not found["channel"]:
        refuse(findings.place(root), "it has no <channel>", "look whether this is the show's feed, and all of it")
    if len(found["item"]) > MAX_ITEMS:
        refuse(findings.place(root), f"it has more than {MAX_ITEMS:,} items", "look what the host put there")

    def fields(element: _Element, link: str | None = None) -> Fields:
        return Fields(
            element=element, children=names.children(element), names=names, findings=findings,
            place=findings.place(element), base=base_of(element, link),
        )  # fmt: skip

    channel = found["channel"][0]
    link = fields(channel).link()
    items = [_item(fields(element, link)) for element in found["item"]]
    _look_around(found, findings)
    _look_at_guids(items, findings)
    return _channel(fields(channel, link), tuple(items)), [*problems, *findings.problems()]


def _channel(channel: Fields, items: tuple[HostItem, ...]) -> HostFeed:
    owners = channel.children.get("itunes:owner", ())
    owner = channel.names.children(owners[0]) if owners else {}
    return HostFeed(
        title=channel.title,
        items=items,
        link=channel.link(),
        description=channel.text("description", "itunes:summary", "itunes:subtitle", "googleplay:description"),
        language=channel.text("language", "dc:language"),
        feed_url=channel.feed_url(),
        guid=channel.text("podcast:guid"),
        author=channel.line("itunes:author", "googleplay:author", "author", "dc:creator"),
        owner_name=line_of_text(owner, "itunes:name", "name"),
        owner_email=first_text(owner, "itunes:email", "email") or channel.text("googleplay:email"),
        image_url=channel.image(),
        categories=tuple(dict.fromkeys(channel.categories())),
        explicit=channel.flag("itunes:explicit", "googleplay:explicit"),
        show_type=channel.word("itunes:type", "episodic", "serial"),
        copyright=channel.line("copyright", "dc:rights"),
        locked=channel.flag("podcast:locked"),
        next_page=page_after(channel),
    )


def _item(item: Fields) -> HostItem:
    duration_ms = item.duration_ms()
    enclosure = read_enclosure(item.children, item.names, item.base, duration_ms, item.teller("host-enclosure"))
    if (
        enclosure
        and enclosure.length_bytes
        and enclosure.duration_ms == enclosure.length_bytes * 1000 >= _A_MEGABYTE_MS
    ):
        message = "<itunes:duration> is the file's size in bytes; the duration is taken as unknown"
        item.tell("host-value", message, "tell the host: apps show an episode of many days")
        enclosure, duration_ms = replace(enclosure, duration_ms=None), None
    guid, guid_is_permalink = item.guid()
    if not item.title:
        message = "an item has no title" if enclosure else "an item has neither title nor audio"
        item.tell("host-item", message, "look at these lines of the feed")
    return HostItem(
        place=item.place,
        title=item.title,
        guid=guid,
        guid_is_permalink=guid_is_permalink,
        published=item.published(),
        link=item.link(),
        enclosure=enclosure,
        duration_ms=enclosure.duration_ms if enclosure else duration_ms,
        season=item.season(),
        episode=item.number("podcast:episode", "itunes:episode"),
        episode_type=item.word("itunes:episodetype", "full", "trailer", "bonus"),
        image_url=item.image(),
        links=tuple(dict.fromkeys(item.addresses())),
    )


def _look_around(found: Mapping[str, Sequence[_Element]], findings: Findings) -> None:
    """Tell what stands where it does not belong, or is not read at all."""
    channels = set(found["channel"])
    place = findings.place(found["channel"][0])
    if len(channels) > 1:
        message = f"the feed has {len(channels)} channels; the items of all are read, but only the first one's own data"
        findings.tell("host-feed", place, "", message, "tell the host: other readers see one channel only")
    if not found["item"]:
        remedy = "look whether this is the show's feed, and all of it"
        findings.tell("host-feed", place, "", "the feed has no items", remedy)
    for item in found["item"]:
        if item.getparent() not in channels:
            findings.tell("host-item", findings.place(item), "", *_MISPLACED)
    for name, told in _NOT_READ.items():
        for element in found[name]:
            findings.tell("host-item", findings.place(element), "", *told)


def _look_at_guids(items: list[HostItem], findings: Findings) -> None:
    first: dict[str, HostItem] = {}
    for item in items:
        if item.guid and first.setdefault(item.guid, item) is not item:
            message = f"the guid {item.guid[:200]!r} is already that of line {first[item.guid].place.line}"
            remedy = "apps show one of the two; ask the host for a guid of its own"
            findings.tell("host-guid", item.place, item.title, message, remedy)
