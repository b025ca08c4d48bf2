"""The feed that is out is a promise: compare it with the one about to replace it."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree


class Item(NamedTuple):
    """What a subscriber's app remembers of an item."""

    guid: str
    title: str


def lost_items(previous: bytes, new: bytes) -> list[Item]:
    """Return the items of the previous feed whose guid the new one lacks.

    Raises:
        ValueError: when the previous file is no feed that could be compared.
    """
    kept = {item.guid for item in _items(new)}
    return [item for item in _items(previous) if item.guid not in kept]


def _items(feed: bytes) -> list[Item]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(feed, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is not well-formed XML: {error}") from error
    if root.tag != "rss":
        raise ValueError(f"its root is <{root.tag}>, not <rss>")
    return [
        Item((item.findtext("guid") or item.findtext("link") or "").strip(), (item.findtext("title") or "").strip())
        for item in root.iter("item")
    ]
