"""Elements of a host's feed by their usual names, whatever prefix, namespace address or case the host writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml.etree import _Element

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.source.host_feed.document import PREFIXES
from feedbuilder.source.host_feed.urls import unescape

Children = Mapping[str, list[_Element]]
"""An element's children by name: `title`, `itunes:duration`; always in lower case."""

_SCHEME = re.compile(r"^\s*(?:https?:)?(?://)?(?:www\.)?|[/#\s]+$", re.IGNORECASE)
_FAMILIES = {_SCHEME.sub("", uri).lower(): prefix for prefix, uri in PREFIXES.items()} | {"purl.org/atom/ns": "atom"}
_OF_RSS = re.compile(
    r"purl\.org/rss/1\.0|my\.netscape\.com/.*|backend\.userland\.com/.*|(?:blogs|cyber)\.law\.harvard\.edu/.*"
)
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LONGEST_ADDRESS = 300  # of a namespace
_LINES_SHOWN = 5


def family(uri: str, prefix: str | None) -> str:
    """Return the prefix a namespace usually has; empty for RSS's own elements.

    >>> family("HTTPS://www.iTunes.com/DTDs/Podcast-1.0.dtd/", "x"), family("urn:unknown", "iTunes"), family("", None)
    ('itunes', 'itunes', '')
    """
    plain = _SCHEME.sub("", uri[:_LONGEST_ADDRESS]).lower()
    if plain in _FAMILIES:
        return _FAMILIES[plain]
    if plain.endswith("dtds/podcast-1.0.dtd"):  # Apple's own sample once had example.com before it
        return "itunes"
    if plain.startswith(("podcastindex.org/namespace", "github.com/podcastindex-org/podcast-namespace")):
        return "podcast"
    if not plain or _OF_RSS.fullmatch(plain):
        return ""
    if prefix is None:
        return plain
    return prefix.lower()


class Names:
    """The usual names of elements; every kind of tag is looked at once."""

    def __init__(self, root: _Element) -> None:
        self._root = root.prefix, root.nsmap.get(root.prefix) or ""
        self._known: dict[tuple[str, str | None], str] = {}

    def of(self, element: _Element) -> str:
        """Return an element's name with the usual prefix, in lower case."""
        key = str(element.tag), element.prefix
        if key not in self._known:
            uri, _, local = key[0].rpartition("}")
            own = (element.prefix, uri[1:]) == self._root
            prefix = "" if own else family(uri[1:], element.prefix)
            self._known[key] = (f"{prefix}:{local}" if prefix else local).lower()
        return self._known[key]

    def children(self, element: _Element) -> Children:
        """Return an element's children by name, each name's in their order."""
        found: dict[str, list[_Element]] = {}
        for child in element:
            found.setdefault(self.of(child), []).append(child)
        return found


def text_of(element: _Element) -> str:
    """Return an element's text as it stands, without the white space around it."""
    return (element.text or "").strip() if len(element) == 0 else whole_text(element).strip()


def whole_text(element: _Element) -> str:
    """Return all text in an element, that of elements inside it included."""
    return "".join(str(part) for part in element.itertext())


def first_text(children: Children, *names: str) -> str | None:
    """Return the first text there is under these names, the first name first."""
    return next((text for text in texts(children, *names) if text), None)


def texts(children: Children, *names: str) -> Iterator[str]:
    """Yield every text under these names, also the empty ones."""
    return (text_of(element) for name in names for element in children.get(name, ()))


def line_of_text(children: Children, *names: str) -> str | None:
    """Return the first text under these names as one line for people, entities resolved."""
    found = (" ".join(unescape(text).split()) for text in texts(children, *names))
    return next((text for text in found if text), None)


def attribute(element: _Element, *names: str) -> str | None:
    """Return an attribute's value, whatever its case; None where there is none or nothing in it."""
    for name in names:
        for key, value in element.attrib.items():
            if str(key).lower() == name.lower() and str(value).strip():
                return str(value).strip()
    return None


def base_of(element: _Element, link: str | None) -> str | None:
    """Return what relative addresses in an element are relative to: xml:base, else the channel's link."""
    bases = [str(value) for parent in (element, *element.iterancestors()) if (value := parent.get(_XML_BASE))]
    base = link
    for step in reversed(bases):
        try:
            base = urljoin(base or "", step.strip())
        except ValueError:
            return link
    return base or None


@dataclass(slots=True)
class Findings:
    """What is odd in a feed; the same said of many items is said once, with the first lines."""

    path: str
    _found: dict[tuple[str, str], tuple[str, list[tuple[Place, str]]]] = field(default_factory=dict)

    def place(self, element: _Element) -> Place:
        """Return where an element starts."""
        line = element.sourceline
        return Place(self.path, line if isinstance(line, int) else None)

    def tell(self, code: str, place: Place, title: str, message: str, remedy: str) -> None:
        """Note one oddity of the item of that title; no title means the channel."""
        self._found.setdefault((code, message), (remedy, []))[1].append((place, title))

    def problems(self) -> list[Problem]:
        """Return all there is to say, in the order of the feed."""
        told = []
        for (code, message), (remedy, found) in self._found.items():
            place, title = found[0]
            whole = f"“{title[:80]}”: {message}" if title else message
            if len(found) > 1:
                lines = ", ".join(str(other.line) for other, _ in found[1 : 1 + _LINES_SHOWN])
                rest = len(found) - 1 - _LINES_SHOWN
                more = f"{lines} and {rest} more" if rest > 0 else lines
                word = "line" if len(found) == 2 else "lines"
                whole = f"{message}; so it is with {len(found)} items: this one, and those of {word} {more}"
            told.append(problem(code, place, whole, remedy))
        return sorted(told, key=lambda one: one.place.line or 0)
