"""The smallest feed that breaks no rule, and how to change one thing in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lxml import etree
from specimens import NOW

from feedbuilder.check.document import read_document
from feedbuilder.check.examine import Finding, examine_feed, findings
from feedbuilder.check.feed import CONTENT_NAMESPACE, name_of, read_feed
from feedbuilder.check.rules import Profile
from feedbuilder.render.xml import NAMESPACES

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'
RSS: Final = (
    '<rss version="2.0" '
    + " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in (*NAMESPACES.items(), ("content", CONTENT_NAMESPACE)))
    + ">"
)
CHANNEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "<title>Tea</title>",
        "link": "<link>https://a.example/</link>",
        "description": "<description>About tea.</description>",
        "language": "<language>en</language>",
        "atom:link": '<atom:link rel="self" type="application/rss+xml" href="https://a.example/feed.xml"/>',
        "itunes:author": "<itunes:author>Robin</itunes:author>",
        "itunes:image": '<itunes:image href="https://a.example/a.jpg"/>',
        "itunes:category": '<itunes:category text="Arts"/>',
        "itunes:explicit": "<itunes:explicit>false</itunes:explicit>",
        "itunes:owner": "<itunes:owner><itunes:email>robin@a.example</itunes:email></itunes:owner>",
        "podcast:guid": "<podcast:guid>45bcfb83-2afb-5925-bcd6-a5ffd1b23b9f</podcast:guid>",
        "podcast:locked": "<podcast:locked>yes</podcast:locked>",
    }
)
ITEM: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "<title>Green</title>",
        "link": "<link>https://a.example/1</link>",
        "description": "<description>Green tea.</description>",
        "guid": '<guid isPermaLink="false">one</guid>',
        "pubDate": "<pubDate>Tue, 31 Dec 2024 06:00:00 +0000</pubDate>",
        "enclosure": '<enclosure url="https://a.example/1.mp3" length="9" type="audio/mpeg"/>',
    }
)
OTHER: Final[Mapping[str, str]] = MappingProxyType(
    {
        **ITEM,
        "link": "<link>https://a.example/0</link>",
        "guid": '<guid isPermaLink="false">zero</guid>',
        "pubDate": "<pubDate>Mon, 30 Dec 2024 06:00:00 +0000</pubDate>",
        "enclosure": '<enclosure url="https://a.example/0.mp3" length="9" type="audio/mpeg"/>',
    }
)


def _changed(lines: Mapping[str, str], change: str) -> str:
    """Return the lines with those of a change in place of the ones of the same name; `-name` leaves one out."""
    words = change.split()
    left_out = {word[1:] for word in words if word.startswith("-")} if change.startswith("-") else set()
    added = "" if left_out else change
    there = {name_of(element) for element in etree.fromstring(f"{RSS}{added}</rss>").iterchildren("*")}
    return "\n".join([line for name, line in lines.items() if name not in there | left_out] + [added])


def feed(channel: str = "", item: str = "", other: str | None = None, rss: str = RSS) -> str:
    """Return the small feed with these lines in place of its own of the same name; `other`: those of a second item."""
    second = "" if other is None else f"<item>\n{_changed(OTHER, other)}</item>\n"
    return (
        f"{DECLARATION}\n{rss}\n<channel>\n{_changed(CHANNEL, channel)}\n"
        f"<item>\n{_changed(ITEM, item)}</item>\n{second}</channel>\n</rss>\n"
    )


def found_in(text: str | bytes, profile: Profile = Profile.ALL) -> list[Finding]:
    content = text if isinstance(text, bytes) else text.encode()
    document = read_document(content)
    tree = read_feed(document.root, now=NOW) if document.root is not None else None
    return list(findings(examine_feed(document, tree), "feed.xml", profile))


def codes_in(text: str | bytes, profile: Profile = Profile.ALL) -> str:
    """Return the codes of the rules a feed breaks, sorted, separated by spaces."""
    return " ".join(sorted({finding.rule.code for finding in found_in(text, profile)}))
