"""A feed as it was written, in pieces that rules can look at.

Names are those of the elements with the usual prefix of their namespace, whatever prefix the feed gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from lxml.etree import QName, _Element

from feedbuilder.check.rules import Fault
from feedbuilder.render.xml import NAMESPACES
from feedbuilder.timecode import parse_duration

CONTENT_NAMESPACE: Final = "http://purl.org/rss/1.0/modules/content/"
OLD_PODCAST_NAMESPACE: Final = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
"""Its first address, which readers must take for the same."""

KNOWN_NAMESPACES: Final[Mapping[str, str]] = MappingProxyType(
    {uri: prefix for prefix, uri in NAMESPACES.items()}
    | {CONTENT_NAMESPACE: "content", OLD_PODCAST_NAMESPACE: "podcast"}
)
"""Namespace, to the letter → the usual prefix of it."""
_ITEMS: Final = frozenset({"item", "podcast:liveItem"})


def name_of(element: _Element) -> str:
    """Return an element's name: `title`, `itunes:image`, `{unknown namespace}name`.

    A namespace that is nearly a known one counts as that one: rule X5 tells of it once, and no other rule needs to.
    """
    return _name_of(str(element.tag))


@lru_cache(maxsize=1024)
def _name_of(tag: str) -> str:
    uri, _, local = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    prefix = _PREFIXES.get(folded(uri)) if uri else None
    return f"{prefix}:{local}" if prefix else tag


def folded(uri: str) -> str:
    """Return a namespace without what people get wrong in it: capitals, http or https, www, a slash at the end."""
    return re.sub(r"^https?://(www\.)?", "", uri.casefold()).rstrip("/")


_PREFIXES: Final = {folded(uri): prefix for uri, prefix in KNOWN_NAMESPACES.items()}


def text_of(element: _Element) -> str:
    """Return the text in an element as it stands; comments do not end it."""
    return str(element.xpath("string()")) if len(element) else element.text or ""


def attribute(element: _Element, name: str) -> str:
    """Return an attribute, or nothing."""
    return str(element.get(name, ""))


@dataclass(frozen=True, slots=True)
class Node:
    """An element and its children by name."""

    element: _Element
    children: Mapping[str, tuple[_Element, ...]]

    def all(self, name: str) -> tuple[_Element, ...]:
        """Return every child of a name."""
        return self.children.get(name, ())

    def first(self, name: str) -> _Element | None:
        """Return the first child of a name."""
        return next(iter(self.all(name)), None)

    def text(self, name: str) -> str:
        """Return the first child's text without the space around it; nothing when there is none."""
        found = self.first(name)
        return "" if found is None else text_of(found).strip()

    def attribute(self, name: str, of: str) -> str:
        """Return an attribute of the first child of a name."""
        found = self.first(of)
        return "" if found is None else attribute(found, name)


@dataclass(frozen=True, slots=True)
class Item(Node):
    """One `<item>` or `<podcast:liveItem>`."""

    number: int  # 1 is the first in the feed
    is_live: bool = False
    measured_ms: int | None = None  # how long its audio really is, where the file is at hand

    @property
    def guid(self) -> str:
        """The item's guid."""
        return self.text("guid")

    @property
    def shown(self) -> str:
        """What a person calls it."""
        title = " ".join(self.text("title").split())
        return f"“{title[:59]}…”" if len(title) > 60 else f"“{title}”" if title else f"item {self.number}"

    @property
    def declared_ms(self) -> int | None:
        """How long the item says it is, where it has something that could be so long."""
        text = self.text("itunes:duration")
        if not self.all("enclosure") or not re.fullmatch(r"\d+(\.\d+)?|(\d+:)?\d+:\d\d", text):
            return None
        try:
            return parse_duration(text) or None
        except ValueError:
            return None

    @property
    def duration_ms(self) -> int | None:
        """How long its audio is, measured or else declared."""
        return self.measured_ms or self.declared_ms


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A whole feed, and what is known about it from elsewhere."""

    root: _Element
    channel: Node
    items: tuple[Item, ...]  # in their order; live ones too
    url: str | None = None  # where it is published, as its owner says
    show_guid: str | None = None  # the podcast:guid that its owner says it has
    now: datetime | None = None
    folder_paths: frozenset[str] = field(default=frozenset())  # of all files of its folder, where there is one

    @property
    def address(self) -> str:
        """Where it is published, as its owner or else the feed itself says."""
        return self.url or next((attribute(link, "href") for link in self.self_links), "")

    @property
    def self_links(self) -> tuple[_Element, ...]:
        """Every atom:link with rel=self."""
        return tuple(link for link in self.channel.all("atom:link") if link.get("rel") == "self")

    @property
    def folder_url(self) -> str:
        """The public address of the feed's folder, with a slash at its end; nothing where the feed's is not known."""
        return self.address.rpartition("/")[0] + "/" if self.address.count("/") > 2 else ""

    def local_path(self, url: str) -> str | None:
        """Return the path inside the feed's folder that an address leads to, if it does."""
        url = url.partition("#")[0].partition("?")[0]
        folder = self.folder_url
        return unquote(url.removeprefix(folder)) if folder and url.startswith(folder) else None


def read_feed(
    root: _Element,
    *,
    url: str | None = None,
    show_guid: str | None = None,
    now: datetime | None = None,
    folder_paths: frozenset[str] = frozenset(),
    measured_ms: Mapping[str, int] = MappingProxyType({}),
) -> Feed | None:
    """Return the feed in a document, or None where there is no channel.

    `measured_ms` holds the length of audio files by their path in the feed's folder.
    """
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        return None
    bare = Feed(
        root=root, channel=node_of(channel), items=(), url=url, show_guid=show_guid, now=now, folder_paths=folder_paths
    )
    return Feed(
        root=root, channel=bare.channel, items=tuple(_items(bare, measured_ms)), url=url, show_guid=show_guid, now=now,
        folder_paths=folder_paths,
    )  # fmt: skip


def _items(feed: Feed, measured_ms: Mapping[str, int]) -> Iterator[Item]:
    found = (child for child in feed.channel.element.iterchildren("*") if name_of(child) in _ITEMS)
    for number, element in enumerate(found, start=1):
        node = node_of(element)
        path = feed.local_path(node.attribute("url", "enclosure")) or ""
        yield Item(element, node.children, number, element.tag != "item", measured_ms.get(path))


def node_of(element: _Element) -> Node:
    """Return an element with its children by name."""
    children: dict[str, list[_Element]] = {}
    for child in element.iterchildren("*"):
        children.setdefault(name_of(child), []).append(child)
    return Node(element, {name: tuple(found) for name, found in children.items()})


def at(element: _Element, message: str, item: Item | None = None, attribute: str = "") -> Fault:
    """Return a fault of an element, or of an attribute of it."""
    name = QName(element).localname if name_of(element).startswith("{") else name_of(element)
    return Fault(message, line_of(element), f"{name}@{attribute}" if attribute else name, item)


def line_of(element: _Element) -> int | None:
    """Return the line an element begins on."""
    return element.sourceline  # type: ignore[return-value]  # the stubs write `...` for a number
