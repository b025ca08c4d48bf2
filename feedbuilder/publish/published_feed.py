"""Read a feed that is out, or is about to be: what apps remember of it, in values that can be compared.

The feed may be a stranger's. Every tag counts, known or not, so that no change stays unseen; two spellings of one value
(a duration in seconds or on the clock, a time in two zones, a tag in two namespaces) count as one.

Spec: https://www.rssboard.org/rss-specification (2.0.11); https://github.com/Podcastindex-org/podcast-namespace (1.0)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from lxml import etree
from lxml.etree import QName, XMLParser, _Element

from feedbuilder.memory import short_digest
from feedbuilder.render.xml import NAMESPACES, strict_parser
from feedbuilder.timecode import clock, parse_duration

Values = tuple[str, ...]

_OTHER_NAMESPACES: Final = {
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://search.yahoo.com/mrss": "media",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
}
_PREFIXES: Final = {uri.casefold(): prefix for prefix, uri in NAMESPACES.items()} | _OTHER_NAMESPACES
_ASPECTS: Final = {
    "description": "notes", "content:encoded": "notes", "itunes:summary": "notes", "itunes:subtitle": "notes",
    "googleplay:description": "notes", "itunes:title": "title",
    "podcast:image": "picture", "podcast:images": "picture", "googleplay:image": "picture",
    "podcast:chapters": "chapters", "podcast:transcript": "transcripts", "podcast:person": "persons",
    "dc:creator": "author", "itunes:episodetype": "type", "itunes:new-feed-url": "new address",
    "podcast:guid": "podcast:guid",
}  # fmt: skip
_TEXTS: Final = {"podcast:chapters": "chapters", "podcast:transcript": "transcripts"}
_NO_PROMISE: Final = frozenset({"item", "guid", "lastbuilddate"})
_TRUE, _FALSE = frozenset({"yes", "true", "explicit"}), frozenset({"no", "false", "clean"})


class Text(NamedTuple):
    """A transcript or chapters file that an item points at."""

    noun: str  # "transcripts" or "chapters"
    mime_type: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One `<item>`: what an app knows it by, and everything it shows."""

    guid: str  # or what apps take in its place
    title: str
    link: str
    published: datetime | None
    audio_url: str  # of the first enclosure; empty where there is none
    texts: tuple[Text, ...]
    aspects: Mapping[str, Values]  # everything that is said of it, under a podcaster's words


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFeed:
    """A channel and its items, in their order."""

    channel: Mapping[str, Values]
    items: tuple[Item, ...]
    artwork: str = ""  # the address that directories take: `itunes:image`; empty where there is none

    @property
    def show_guid(self) -> str | None:
        """The `podcast:guid`."""
        return next(iter(self.channel.get("podcast:guid", ())), None)

    @property
    def folder_url(self) -> str | None:
        """The public address of the feed's folder, with a slash at its end."""
        address = next(iter(self.channel.get("address", ())), "")
        return address.rpartition("/")[0] + "/" if "/" in address else None


NO_FEED: Final = PublishedFeed(channel=MappingProxyType({}), items=())


def parse_feed(content: bytes, known: dict[bytes, Item] | None = None) -> PublishedFeed:
    """Return a feed.

    Faults of XML are passed over as long as no item is lost to them. `known` has the items of another feed by what they
    are written as, and gets those of this one: most items of two feeds that are to be compared are the same.

    Raises:
        ValueError: when the bytes are no RSS feed, or an item of it cannot be made out.
    """
    try:
        root = etree.fromstring(content, strict_parser())
    except etree.XMLSyntaxError as error:
        root = _recovered(content)
        if root is None:
            raise ValueError(f"it is not well-formed XML: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it declares a DOCTYPE, which feeds have no use for")
    if QName(root).localname.casefold() != "rss":
        raise ValueError(f"its root is <{QName(root).localname}>, not <rss>")
    reader = _Reader(QName(root).namespace, {} if known is None else known)
    channel = next((child for child in root.iterchildren("*") if reader.name(child) == "channel"), None)
    if channel is None:
        raise ValueError("it has no <channel>")
    items = tuple(map(reader.item, reader.children(root, channel)))
    said = {aspect: values for aspect, values in reader.aspects(channel).items() if aspect != "date"}
    images = (child.get("href", "") for child in channel.iterchildren("*") if reader.name(child) == "itunes:image")
    return PublishedFeed(channel=said, items=items, artwork=next(images, "").strip())


def _recovered(content: bytes) -> _Element | None:
    """Return what a lenient parser makes of a feed, when that is every item of it."""
    parser = XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    found = 0 if root is None else sum(1 for _ in root.iter("{*}item"))
    return root if found and found == len(re.findall(rb"<item[\s>]", content)) == content.count(b"</item>") else None


class _Reader(NamedTuple):
    """Reads elements of one feed, whose own namespace, if it has any, counts for none."""

    namespace: str | None
    known: dict[bytes, Item]

    def name(self, element: _Element) -> str:
        """Return an element's name in lower case, with the usual prefix of its namespace."""
        return _name(str(element.tag), self.namespace)

    def children(self, root: _Element, channel: _Element) -> Iterator[_Element]:
        """Yield the items, which careless feeds put beside the channel too."""
        for parent in (channel, root):
            yield from (child for child in parent.iterchildren("*") if self.name(child) == "item")

    def item(self, element: _Element) -> Item:
        """Return one item."""
        content = etree.tostring(element, encoding="utf-8", with_tail=False)  # which takes what a lenient parser left
        written = short_digest(content)
        if written not in self.known:
            self.known[written] = self._new_item(element)
        return self.known[written]

    def _new_item(self, element: _Element) -> Item:
        aspects = self.aspects(element)
        guid = next((_text(child) for child in element.iterchildren("*") if self.name(child) == "guid"), "")
        title, link, audio_url = (next(iter(aspects.get(aspect, ())), "") for aspect in ("title", "link", "audio"))
        return Item(
            guid=guid or link or audio_url or title,
            title=" ".join(title.split()),
            link=link,
            published=_moment(next(iter(aspects.get("date", ())), "")),
            audio_url=audio_url,
            texts=tuple(
                Text(_TEXTS[name], child.get("type", ""), child.get("url", ""))
                for child in element.iterchildren("*")
                if (name := self.name(child)) in _TEXTS
            ),
            aspects=aspects,
        )

    def aspects(self, parent: _Element) -> dict[str, Values]:
        """Return everything that is said of a channel or an item, each value once."""
        found: dict[str, dict[str, None]] = {}
        for element in parent.iterchildren("*"):
            name = self.name(element)
            if name not in _NO_PROMISE:
                for aspect, value in _values(name, element):
                    if value:
                        found.setdefault(aspect, {})[value] = None
        return {aspect: tuple(values) for aspect, values in found.items()}


@lru_cache(maxsize=1024)
def _name(tag: str, own_namespace: str | None) -> str:
    namespace, _, local = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    if namespace in ("", own_namespace):
        return local.casefold()
    uri = namespace.casefold()
    prefix = _PREFIXES.get(uri) or _PREFIXES.get(uri.rstrip("/")) or uri
    return f"{prefix}:{local.casefold()}"


def _values(name: str, element: _Element) -> Iterator[tuple[str, str]]:
    """Yield what one element says, as (aspect, value)."""
    local = name.rpartition(":")[2]
    text = _text(element)
    if name == "enclosure":
        yield "audio", element.get("url", "").strip()
        yield "audio type", element.get("type", "").strip()
        yield "audio length", element.get("length", "").strip()
    elif name == "pubdate":
        moment = _moment(text)
        yield "date", moment.isoformat(" ") if moment else text
    elif local == "duration":
        yield "duration", _clock(text)
    elif local == "explicit":
        word = text.casefold()
        yield "explicit", "true" if word in _TRUE else "false" if word in _FALSE else text
    elif name == "psc:chapters":
        yield from (("chapters", " ".join(map(str, chapter.attrib.values()))) for chapter in element.iterchildren("*"))
    elif name in ("image", "itunes:image"):
        yield "picture", element.get("href", "").strip() or (element.findtext("{*}url") or "").strip()
    elif name == "atom:link":
        rel = element.get("rel", "alternate")
        yield {"self": "address", "alternate": "link"}.get(rel, f"link {rel}"), element.get("href", "").strip()
    else:
        yield _ASPECTS.get(name, local), " ".join(_words(element))


def _words(element: _Element) -> Iterator[str]:
    """Yield the text of an element and of those in it, and what their attributes say."""
    for part in element.iter("*"):
        if text := "".join([part.text or "", *(child.tail or "" for child in part)]).strip():
            yield text
        yield from (str(value) for key, value in sorted(part.attrib.items()) if str(value).strip())


def _text(element: _Element) -> str:
    """Return all text in an element; comments, and entities nobody declared, do not end it."""
    return (str(element.xpath("string()")) if len(element) else element.text or "").strip()


def _moment(text: str) -> datetime | None:
    """Return a date of a feed in UTC; one without a zone is taken for UTC."""
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _clock(text: str) -> str:
    try:
        return clock(round(float(text) * 1000) if re.fullmatch(r"\d+(\.\d+)?", text) else parse_duration(text))
    except (ValueError, OverflowError):
        return text
