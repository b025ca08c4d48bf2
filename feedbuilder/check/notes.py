"""Rules of the HTML in an episode's description and content:encoded.

Spec: https://www.w3.org/TR/html52/, as far as apps follow it; PSP-1 for the elements that descriptions may have
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from lxml.etree import _Element

from feedbuilder.check import specs
from feedbuilder.check.feed import Item, at, name_of, text_of
from feedbuilder.check.rules import EVERYONE, Faults, rule, shortened

_ALLOWED: Final = frozenset({"p", "br", "ol", "ul", "li", "a", "b", "i", "strong", "em"})
_NEVER_CLOSED: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_CLOSED_BY_OTHERS: Final = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "option"})
_DANGEROUS: Final = frozenset(
    {"script", "iframe", "object", "embed", "form", "meta", "link", "base", "style", "applet"}
)
_REFERENCES: Final = ("href", "src")
_PLACED = re.compile(
    r"\bposition\s*:\s*(?:absolute|fixed|sticky)|\burl\s*\(|\bexpression\s*\(|-moz-binding|\bbehavior\s*:"
)
_HTML: Final = ("description", "content:encoded")


class Markup(NamedTuple):
    """What a reader of HTML meets in a text."""

    flaws: tuple[str, ...]  # where it is not clean
    dangers: tuple[str, ...]  # what apps must take out
    elements: frozenset[str]
    references: tuple[str, ...]  # addresses in it
    placed: tuple[str, ...]  # what its style attributes lay over the page or fetch


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.flaws: list[str] = []
        self.dangers: list[str] = []
        self.elements: set[str] = set()
        self.references: list[str] = []
        self.placed: list[str] = []

    def handle_pi(self, data: str) -> None:
        if data.lower().startswith("import"):
            self.dangers.append("<?import>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        if tag not in _NEVER_CLOSED:
            self.open.append(tag)
        if tag in _DANGEROUS:
            self.dangers.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on"):
                self.dangers.append(f"{name}=")
            elif name == "style" and (found := _PLACED.search(value or "")):
                self.placed.append(found[0])
            elif name in _REFERENCES:
                self.references.append((value or "").strip())
                if re.match(r"\s*(javascript|vbscript|data):", value or "", re.IGNORECASE):
                    self.dangers.append(shortened(value or "", 40))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _NEVER_CLOSED:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _NEVER_CLOSED:
            return
        if tag not in self.open:
            self.flaws.append(f"</{tag}> closes nothing")
            return
        while (last := self.open.pop()) != tag:
            if last not in _CLOSED_BY_OTHERS:
                self.flaws.append(f"<{last}> is not closed before </{tag}>")


@lru_cache(maxsize=16)
def read_markup(text: str) -> Markup:
    """Return what is in a text of HTML."""
    if "<" not in text:
        return Markup((), (), frozenset(), (), ())
    reader = _Reader()
    reader.feed(text)
    reader.close()
    flaws = [*reader.flaws, *(f"<{tag}> is not closed" for tag in reader.open if tag not in _CLOSED_BY_OTHERS)]
    elements = frozenset(reader.elements)
    return Markup(tuple(flaws), tuple(reader.dangers), elements, tuple(reader.references), tuple(reader.placed))


def _texts(item: Item) -> list[tuple[_Element, Markup]]:
    return [(found, read_markup(text_of(found))) for name in _HTML for found in item.all(name) if not len(found)]


@rule(
    "I7c",
    "The HTML of an episode's notes closes what it opens",
    warning=EVERYONE,
    spec=specs.w3c("NotHtml", "warning"),
    key="intro",
    remedy="close what is opened",
)
def _clean_html(item: Item) -> Faults:
    for element, markup in _texts(item):
        if markup.flaws:
            more = f", and {len(markup.flaws) - 1} more" if len(markup.flaws) > 1 else ""
            yield at(element, f"{markup.flaws[0]}{more}")


@rule(
    "I7d",
    "The notes hold no scripts, handlers, frames or styles",
    error=EVERYONE,
    spec=specs.w3c("SecurityRisk", "warning"),
    key="intro",
    remedy="take it out; apps do",
)
def _no_scripts(item: Item) -> Faults:
    for element, markup in _texts(item):
        if markup.dangers:
            yield at(element, f"it holds {', '.join(dict.fromkeys(markup.dangers))}")


@rule(
    "I7h",
    "The style attributes of the notes lay nothing over the page and fetch nothing",
    warning="rss",
    spec=specs.w3c("DangerousStyleAttr", "warning"),
    key="intro",
    remedy="take the style attribute out; apps do",
)
def _no_placed_styles(item: Item) -> Faults:
    for element, markup in _texts(item):
        if markup.placed:
            yield at(element, f"a style attribute says {', '.join(dict.fromkeys(markup.placed))}")


@rule(
    "I7e",
    "Links in the notes are absolute",
    warning="rss psp1",
    spec=specs.w3c("ContainsRelRef", "warning"),
    key="intro",
    remedy="write it whole",
)
def _no_relative_links(item: Item) -> Faults:
    for element, markup in _texts(item):
        if relative := [value for value in markup.references if not _has_scheme(value)]:
            yield at(element, f"{shortened(relative[0])} leads nowhere from inside an app")


@rule(
    "I7f",
    "A description holds only the HTML that all apps show",
    info="psp1",
    spec=specs.PSP,
    key="intro",
    remedy="keep to p, br, ol, ul, li, a, b, i, strong and em",
)
def _plain_html(item: Item) -> Faults:
    for element, markup in _texts(item):
        if element.tag == "description" and (others := sorted(markup.elements - _ALLOWED)):
            yield at(element, f"it has {', '.join(f'<{name}>' for name in others)}")


@rule(
    "I7g",
    "The HTML of the notes is escaped or in CDATA, and no part of the XML",
    error="rss apple psp1",
    spec=specs.RSS,
    key="intro",
    remedy="escape the HTML, or put it into CDATA",
)
def _escaped_html(item: Item) -> Faults:
    for name in _HTML:
        for found in item.all(name):
            if (inside := next(found.iterchildren("*"), None)) is not None:
                yield at(found, f"it has an element <{name_of(inside)}> in it")


@rule(
    "I18",
    "An item's content:encoded, if there is one, has something in it",
    error="rss",
    spec=specs.w3c("MissingElement"),
    key="intro",
    remedy="leave it out where there is nothing to say",
)
def _content_not_empty(item: Item) -> Faults:
    for found in item.all("content:encoded"):
        if not text_of(found).strip():
            yield at(found, "it is empty")


def _has_scheme(value: str) -> bool:
    try:
        return bool(urlsplit(value).scheme) or value.startswith("#")
    except ValueError:
        return False


RULES: Final = (
    _clean_html, _no_scripts, _no_placed_styles, _no_relative_links, _plain_html, _escaped_html, _content_not_empty,
)  # fmt: skip
