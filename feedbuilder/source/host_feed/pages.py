"""Put the pages of a host's feed together: a host that parts a long feed names the next page in each.

Spec: RFC 5005, 3 (paged feeds) and 4 (archived feeds) https://www.rfc-editor.org/rfc/rfc5005
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple
from urllib.parse import urldefrag

from lxml import etree
from lxml.etree import _Element

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.source.host_feed.document import read_document
from feedbuilder.source.host_feed.elements import Findings, Names, attribute, base_of, text_of
from feedbuilder.source.host_feed.fields import Fields
from feedbuilder.source.host_feed.text import refuse

_OF_PAGES: Final = frozenset({"next", "previous", "prev", "first", "last", "prev-archive", "next-archive", "current"})


class PageLink(NamedTuple):
    """Where the items before those of a page are."""

    url: str
    place: Place  # of the link


class Pages:
    """The pages of one feed, the newest first, as they come in."""

    def __init__(self, path: str) -> None:
        self._path = path  # what messages call the whole
        self._only: bytes | None = None  # a feed that is not parted stays as it is
        self._root: _Element | None = None
        self._channel: _Element | None = None
        self._links: list[_Element] = []  # to other pages; the whole is none
        self._known: set[tuple[str, str, str]] = set()  # the items so far
        self._addresses: set[str] = set()
        self._problems: list[Problem] = []
        self.count = 0

    def add(self, data: bytes, url: str) -> str | None:
        """Take the page at an address, and return the address of the one after it; None where the feed ends.

        Raises:
            UsageError: when it is no page of a feed.
        """
        root, mended = read_document(data, self._path)
        names = Names(root)
        elements = [(names.of(element), element) for element in root.iter()]
        channel = next((element for name, element in elements if name == "channel"), None)
        if channel is None:
            refuse(Place(self._path, 1), "it has no <channel>", "look whether this is the show's feed, and all of it")
        items = [element for name, element in elements if name == "item"]
        self.count += 1
        self._addresses.add(_normal(url))
        self._problems += map(self._of_page, mended)
        older = _older(channel, names, url)
        new = [item for item in items if not _marks(item, names) & self._known]
        self._known.update(*(_marks(item, names) for item in items))
        self._join(data, root, channel, new, names)
        return older if older and self._goes_on(older, len(items), len(new)) else None

    def joined(self) -> tuple[bytes, list[Problem]]:
        """Return one feed with the items of all pages, and what was odd about their being pages."""
        if self._only is not None:
            return self._only, []
        assert self._root is not None, "no page was added"
        whole: bytes = etree.tostring(self._root, xml_declaration=True, encoding="utf-8")
        return whole, self._problems

    def _join(self, data: bytes, root: _Element, channel: _Element, new: list[_Element], names: Names) -> None:
        if self._channel is None:
            self._only, self._root, self._channel = data, root, channel
            self._links = [link for link in names.children(channel).get("atom:link", ()) if _is_of_pages(link)]
            return
        self._only = None
        for link in self._links:
            self._channel.remove(link)
        self._links = []
        self._channel.extend(new)

    def _goes_on(self, older: str, items: int, new: int) -> bool:
        if not items:
            return False
        if new and older not in self._addresses:
            return True
        state = "names a page that was read already as the one after it" if new else "has the items of pages before it"
        message = f"page {self.count} of the feed {state}, so the feed was taken to end there"
        remedy = "look whether the oldest episode is there; if not, ask the host how to get its feed with all episodes"
        self._problems.append(problem("host-feed", Place(self._path), message, remedy))
        return False

    def _of_page(self, fault: Problem) -> Problem:
        """Return a fault that is told of the whole, in which its page's lines are others."""
        at = f", line {fault.place.line}" if fault.place.line else ""
        return replace(fault, place=Place(self._path), message=f"page {self.count}{at}: {fault.message}")


def page_after(channel: Fields) -> PageLink | None:
    """Return the link to the page with the items before those of this one; None where this is the whole feed."""
    own = channel.atom_link("self")
    links = (link for relation in ("next", "prev-archive") for link in channel.atom_links(relation))
    return next((PageLink(url, channel.findings.place(link)) for link, url in links if url != own), None)


def _older(channel: _Element, names: Names, url: str) -> str | None:
    findings = Findings("")  # `read_host_feed` tells them of the whole
    older = page_after(
        Fields(
            element=channel, children=names.children(channel), names=names, findings=findings,
            place=findings.place(channel), base=base_of(channel, url),
        )
    )  # fmt: skip
    if older is None or _normal(older.url) == _normal(url):
        return None
    if url.startswith("https://") and older.url.startswith("http://"):
        return _normal(older.url.replace("http://", "https://", 1))  # as sites behind a proxy write it
    return _normal(older.url)


def _normal(url: str) -> str:
    return urldefrag(url).url


def _is_of_pages(link: _Element) -> bool:
    return bool(_OF_PAGES & set((attribute(link, "rel") or "").lower().split()))


def _marks(item: _Element, names: Names) -> set[tuple[str, str, str]]:
    """Return what tells an item from others; it moves to the next page when one is published meanwhile.

    An archived feed keeps older versions of an item, with another title or other audio. The guid alone does not do: a
    host's fault may give two episodes the same.
    """
    children = names.children(item)
    guid = next((text_of(element) for element in children.get("guid", ())), "")
    audio = next((attribute(element, "url") or "" for element in children.get("enclosure", ())), "")
    title = next((text_of(element) for element in children.get("title", ())), "")
    found = {(guid, "audio", audio)} if audio else set()
    return found | {(guid, "title", title)} if guid and title else found
