"""The values of a channel or an item, each read in the ways hosts write it; what is odd is told on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import _Element

from feedbuilder.errors import Place
from feedbuilder.source.host_feed.elements import (
    Children,
    Findings,
    Names,
    attribute,
    first_text,
    line_of_text,
    text_of,
    texts,
    whole_text,
)
from feedbuilder.source.host_feed.urls import address, addresses_in, unescape
from feedbuilder.source.host_feed.values import parse_length, parse_number, parse_published
from feedbuilder.source.records import read_flag

_DATES = ("pubdate", "dc:date", "dcterms:date", "dcterms:created", "atom:published", "atom:updated")
_ADDRESSES = frozenset({"href", "url", "src", "uri"})
_ASK = "ask the host, or say it in the episode's own file"
_ASK_FOR_LENGTH = "ask the host, or give the length in the audio table"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """One channel or item, looked at by the usual names of its elements."""

    element: _Element
    children: Children
    names: Names
    findings: Findings
    place: Place
    base: str | None = None  # what relative addresses are relative to

    @property
    def title(self) -> str:
        """The title as one line."""
        return self.line("title", "itunes:title", "media:title", "dc:title") or ""

    def tell(self, code: str, message: str, remedy: str) -> None:
        """Note what is odd."""
        self.findings.tell(code, self.place, self.title, message, remedy)

    def teller(self, code: str) -> Callable[[str, str], None]:
        """Return what notes oddities of one kind."""
        return lambda message, remedy: self.tell(code, message, remedy)

    def text(self, *names: str) -> str | None:
        """Return the first text under these names as it stands."""
        return first_text(self.children, *names)

    def line(self, *names: str) -> str | None:
        """Return the first text under these names as one line for people."""
        return line_of_text(self.children, *names)

    def link(self) -> str | None:
        """Return the web page."""
        for element in self.children.get("link", ()):
            if found := address(text_of(element) or attribute(element, "href") or "", self.base):
                return found
        return self.atom_link("alternate")

    def atom_link(self, relation: str) -> str | None:
        """Return the address of an atom:link; without `rel` it is an alternate."""
        return next((url for _, url in self.atom_links(relation)), None)

    def atom_links(self, relation: str) -> Iterator[tuple[_Element, str]]:
        """Yield every atom:link of that relation that has an address."""
        for link in self.children.get("atom:link", ()):
            is_fitting = relation in (attribute(link, "rel") or "alternate").lower().split()
            if is_fitting and (url := address(attribute(link, "href") or "", self.base)):
                yield link, url

    def feed_url(self) -> str | None:
        """Return the feed's own address."""
        moved = address(self.text("itunes:new-feed-url") or "", self.base)
        own = self.atom_link("self")
        if moved and own and moved != own:
            self.tell(
                "host-feed",
                f"the host says that the feed has moved to {moved}",
                "look whether that is the feed to read",
            )
        return own or moved

    def image(self) -> str | None:
        """Return the artwork's address."""
        for name in ("itunes:image", "googleplay:image", "image"):
            for element in self.children.get(name, ()):
                inner = first_text(self.names.children(element), "url", "itunes:url")
                if found := address(attribute(element, "href", "url") or inner or text_of(element), self.base):
                    return found
        return None

    def categories(self) -> Iterator[tuple[str, str | None]]:
        """Yield Apple's categories, each with its subcategory."""
        for name in ("itunes:category", "googleplay:category"):
            for element in self.children.get(name, ()):
                top = _category(element)
                inner = [sub for child in element if self.names.of(child) == name and (sub := _category(child))]
                if top and not inner:
                    yield top, None
                elif top:
                    yield from ((top, sub) for sub in inner)
            if self.children.get(name):
                return

    def flag(self, *names: str) -> bool | None:
        """Return what is answered by yes or no."""
        text = self.text(*names)
        try:
            return None if text is None else read_flag(text)
        except ValueError as error:
            self.tell("host-value", f"<{names[0]}>: {error}", _ASK)
            return None

    def word(self, name: str, *words: str) -> str | None:
        """Return one of these words."""
        text = self.text(name)
        if text is None or text.lower() in words:
            return text and text.lower()
        self.tell("host-value", f"<{name}> is {text[:80]!r}, not {' or '.join(words)}", _ASK)
        return None

    def guid(self) -> tuple[str | None, bool]:
        """Return the guid as it stands, and whether it says it is an address."""
        elements = self.children.get("guid", [])
        filled = [element for element in elements if text_of(element)]
        if not filled:
            state = "empty" if elements else "missing"
            self.tell("host-guid", f"the item's guid is {state}", "apps make one up; ask the host for a lasting one")
            return None, True
        if len({text_of(element) for element in filled}) > 1:
            message = "the item has several guids; the first is taken"
            self.tell("host-guid", message, "ask the host which one apps know")
        stated = attribute(filled[0], "isPermaLink")
        try:
            return text_of(filled[0]), True if stated is None else read_flag(stated)
        except ValueError as error:
            self.tell("host-guid", f"isPermaLink: {error}", "nothing to do: the guid itself is read as it stands")
            return text_of(filled[0]), True

    def published(self) -> datetime | None:
        """Return when the item came out: the first date that has a meaning."""
        told = None
        for text in texts(self.children, *_DATES):
            moment = parse_published(unescape(text))
            told = told or moment.doubt
            if moment.at is not None:
                if told:
                    self.tell("host-date", told, "look whether the day is right, above all near midnight")
                return moment.at
        self.tell("host-date", told or "the item has no date", "give the episode's own file a date")
        return None

    def duration_ms(self) -> int | None:
        """Return how long the item says it is."""
        text = self.text("itunes:duration")
        try:
            length = parse_length(text) if text else None
        except ValueError as error:
            self.tell("host-value", f"<itunes:duration>: {error}", _ASK_FOR_LENGTH)
            return None
        if text and length is None:
            self.tell("host-value", "<itunes:duration> is zero, which is taken as unknown", _ASK_FOR_LENGTH)
        return length

    def season(self) -> int | None:
        """Return the season's number."""
        number = self.number("podcast:season", "itunes:season")
        if number is None or number.is_integer():
            return None if number is None else int(number)
        self.tell("host-value", f"the season is {number}, which is no whole number", _ASK)
        return None

    def number(self, *names: str) -> float | None:
        """Return the first number there is under these names."""
        for name in names:
            text = self.text(name)
            if text is None:
                continue
            if (number := parse_number(text)) is not None:
                return number
            self.tell("host-value", f"<{name}> is {text[:80]!r}, which is no number", _ASK)
        return None

    def addresses(self) -> Iterator[str]:
        """Yield every web address in it, notes included, with doubles."""
        for child in self.element:
            if self.names.of(child) == "item":
                continue
            for element in child.iter():
                for name, value in element.attrib.items():
                    if str(name).lower() in _ADDRESSES and (found := address(str(value), self.base)):
                        yield found
            yield from addresses_in(whole_text(child), self.base)


def _category(element: _Element) -> str:
    return " ".join(unescape(attribute(element, "text") or element.text or "").split())
