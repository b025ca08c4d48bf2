"""Rules of every element: which there are, where they may stand, how often, and what any value may look like.

Spec: https://www.rssboard.org/rss-specification (2.0.11), https://help.apple.com/itc/podcasts_connect/#/itcb54353390
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from lxml.etree import _Element

from feedbuilder.check import specs
from feedbuilder.check.feed import Feed, Item, at, name_of, node_of, text_of
from feedbuilder.check.rules import EVERYONE, Faults, rule, shortened

_ITUNES_BOTH: Final = (
    "author block category explicit image keywords order subtitle summary title applepodcastsverify"
)  # fmt: skip
_ITUNES_ITEM: Final = "duration episode episodeType isClosedCaptioned season"
_ITUNES_CHANNEL: Final = "complete new-feed-url owner type"
_CHILDREN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        name: frozenset(children.split()) | {f"itunes:{local}" for local in itunes.split()}
        for name, children, itunes in (
            ("rss", "channel", ""),
            (
                "channel",
                "title link description language copyright managingEditor webMaster pubDate lastBuildDate category "
                "generator docs cloud ttl image rating textInput skipHours skipDays item",
                f"{_ITUNES_BOTH} {_ITUNES_CHANNEL}",
            ),
            (
                "item",
                "title link description author category comments enclosure guid pubDate source",
                f"{_ITUNES_BOTH} {_ITUNES_ITEM}",
            ),
            ("image", "url title link width height description", ""),
            ("textInput", "title description name link", ""),
            ("skipHours", "hour", ""),
            ("skipDays", "day", ""),
            ("itunes:owner", "", "name email"),
            ("itunes:category", "", "category"),
        )
    }
)
_REPEATABLE: Final = frozenset({"category", "item", "enclosure", "hour", "day", "itunes:category", "guid"})  # I2, I5
_HTML: Final = frozenset({"description", "content:encoded", "itunes:summary"})
_UNLIMITED: Final = _HTML | {
    "copyright", "docs", "guid", "itunes:keywords", "itunes:new-feed-url", "itunes:subtitle", "link", "podcast:txt",
    "url",
}  # fmt: skip
_MAX_CHARACTERS: Final = 255
_ADDRESSES: Final = frozenset({"link", "url", "comments", "docs", "itunes:new-feed-url"})
_ADDRESS_ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"enclosure": ("url",), "itunes:image": ("href",), "atom:link": ("href",), "source": ("url",),
     "psc:chapter": ("href", "image")}
)  # fmt: skip
_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9\-._~%!$&'()*+,;=:@\[\]]+(?:[/?#](?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=\[\]]|%[0-9A-Fa-f]{2})*)?"
)
_TWICE = re.compile(r"%25[0-9A-Fa-f]{2}")
_ENTITY_IN_HTML = re.compile(r"&amp;(?:amp|lt|gt|quot|nbsp|#\d+);")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]+|#\d+|#[xX][0-9A-Fa-f]+);")
_PLAIN: Final = frozenset(
    {"title", "author", "name", "itunes:title", "itunes:author", "itunes:name", "itunes:subtitle", "itunes:keywords",
     "podcast:person"}
)  # fmt: skip
_MARKUP = re.compile(
    r"</?(?:a|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|script|small|span|strike|strong|"
    r"style|sub|sup|table|td|tr|tt|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_WITH_CHILDREN: Final = ("image", "textInput", "itunes:owner")


def is_address(value: str) -> bool:
    """Whether a value is an absolute web address of characters that addresses may have.

    >>> is_address("https://a.example/x.mp3?y=1"), is_address("/x.mp3"), is_address("https://a.example/a b")
    (True, False, False)
    """
    return _ABSOLUTE.fullmatch(value) is not None


def elements(feed: Feed) -> Iterator[tuple[_Element, str, Item | None]]:
    """Yield every element with its name and the item it is in."""
    of_items = {id(item.element): item for item in feed.items}
    for top in feed.channel.element.iterchildren("*"):
        item = of_items.get(id(top))
        for element in top.iter("*"):
            yield element, name_of(element), item


def _addresses(feed: Feed) -> Iterator[tuple[_Element, str, str, Item | None]]:
    """Yield (element, attribute or nothing, address, item)."""
    for element, name, item in elements(feed):
        if name in _ADDRESSES and text_of(element).strip():
            yield element, "", text_of(element).strip(), item
        for attribute in _ADDRESS_ATTRIBUTES.get(name, ()):
            if value := element.get(attribute):
                yield element, attribute, str(value), item


@rule(
    "X6",
    "Values have no space at their ends",
    warning="apple psp1",
    spec=specs.PSP,
    remedy="delete the space at the value's ends",
)
def _no_space_around_values(feed: Feed) -> Faults:
    for element, name, item in elements(feed):
        text = element.text
        if text and not len(element) and text != text.strip() and text.strip() and name not in _HTML and name[0] != "{":
            yield at(element, f"space at an end of {shortened(text.strip(), 40)}", item)


@rule(
    "X6b",
    "Values have at most 255 characters, where nothing else is said of them",
    warning="apple psp1",
    spec=specs.PSP,
    remedy="shorten it; apps cut it off",
)
def _values_of_255_characters(feed: Feed) -> Faults:
    for element, name, item in elements(feed):
        text = element.text
        limited = name == "title" or (name.startswith(("itunes:", "podcast:")) and name not in _UNLIMITED)
        if text and limited and not len(element) and len(text) > _MAX_CHARACTERS:
            yield at(element, f"it has {len(text)} characters", item)


@rule(
    "X7",
    "Elements without a namespace and of iTunes are ones the specifications know, where they may stand",
    error="rss",
    spec=specs.w3c("UndefinedElement"),
    remedy="spell it as the specification does, or remove it",
)
def _known_elements(feed: Feed) -> Faults:
    for element, name, item in elements(feed):
        if name.startswith("itunes:") or ":" not in name:
            parent = element.getparent()
            above = name_of(parent) if parent is not None else ""
            above = "item" if above == "podcast:liveItem" else above
            allowed = _CHILDREN.get(above, frozenset())
            if name not in allowed and not (above in _HTML or (":" in above and not above.startswith("itunes:"))):
                folded = {known.casefold(): known for known in allowed}
                near = folded.get(name.casefold()) or next(
                    iter(difflib.get_close_matches(name, allowed, n=1, cutoff=0.8)), None
                )
                meant = f"; is <{near}> meant?" if near else ""
                yield at(element, f"<{name}> is not known in <{above}>{meant}", item)


@rule(
    "X9",
    "No entity is left when the text is read: it was not escaped twice",
    warning="rss",
    spec=specs.w3c("ContainsHTML", "warning"),
    remedy="escape the text once only",
)
def _escaped_once(feed: Feed) -> Faults:
    for element, name, item in elements(feed):
        text = element.text or ""
        pattern = _ENTITY_IN_HTML if name in _HTML else _ENTITY
        if "&" in text and not len(element) and name not in _ADDRESSES:
            left = (found[0] for found in pattern.finditer(text) if html.unescape(found[0]) != found[0])
            if one := next(left, ""):
                yield at(element, f"{one} stands in what a listener reads", item)


@rule(
    "X9b",
    "Titles and names are plain text, without HTML",
    warning="rss apple",
    spec=specs.w3c("ContainsHTML", "warning"),
    remedy="take the tags out; apps show them as they stand",
)
def _no_html_in_titles(feed: Feed) -> Faults:
    for element, name, item in elements(feed):
        is_caption = name == "description" and element.getparent().tag in _WITH_CHILDREN  # type: ignore[union-attr]
        if (name in _PLAIN or is_caption) and (found := _MARKUP.search(text_of(element))):
            yield at(element, f"{shortened(found[0], 40)} stands in what a listener reads", item)


@rule(
    "X10",
    "An element that may stand once stands once",
    error="rss apple psp1",
    spec=specs.w3c("DuplicateElement"),
    remedy="keep one of them",
)
def _single_elements(feed: Feed) -> Faults:
    inside = (node_of(element) for name in _WITH_CHILDREN for element in feed.channel.all(name))
    for node, item in (
        (feed.channel, None),
        *((node, None) for node in inside),
        *((item, item) for item in feed.items),
    ):
        for name, found in node.children.items():
            if len(found) > 1 and (name.startswith("itunes:") or ":" not in name) and name not in _REPEATABLE:
                yield at(found[1], f"<{name}> stands {len(found)} times; apps take one of them", item)


@rule(
    "U1",
    "Addresses are absolute, and made of the characters addresses may have",
    error=EVERYONE,
    spec=specs.URI,
    remedy="write the whole address, with what it may not have as %XX",
)
def _absolute_addresses(feed: Feed) -> Faults:
    for element, attribute, value, item in _addresses(feed):
        if not is_address(value) and not (name_of(element) == "atom:link" and value.startswith("mailto:")):
            yield at(element, f"{shortened(value)} is no absolute address", item, attribute)


@rule(
    "U1b",
    "Addresses are escaped once",
    warning=EVERYONE,
    spec=specs.URI,
    remedy="escape the address once: %20, not %2520",
)
def _addresses_escaped_once(feed: Feed) -> Faults:
    for element, attribute, value, item in _addresses(feed):
        if _TWICE.search(value.partition("?")[0]):
            yield at(element, f"{shortened(value)} is escaped twice", item, attribute)


@rule(
    "U2",
    "What apps fetch, they fetch over https",
    warning="apple podcast-index psp1",
    spec=specs.GOOGLE,
    remedy="serve it over https, and say so",
)
def _https(feed: Feed) -> Faults:
    for element, attribute, value, item in _addresses(feed):
        if value.startswith("http://") and attribute and name_of(element) != "psc:chapter":
            yield at(element, f"{shortened(value)} is not https", item, attribute)


RULES: Final = (
    _no_space_around_values, _values_of_255_characters, _known_elements, _escaped_once, _no_html_in_titles,
    _single_elements, _absolute_addresses, _addresses_escaped_once, _https,
)  # fmt: skip
