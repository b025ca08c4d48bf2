"""The feed that is out is a promise: compare it with the one about to replace it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from lxml import etree

from feedbuilder.errors import RefusedError
from feedbuilder.render.xml import NAMESPACES, strict_parser

_PODCAST = f"{{{NAMESPACES['podcast']}}}"
_TAGS = {"audio": "enclosure", "transcripts": f"{_PODCAST}transcript", "chapters": f"{_PODCAST}chapters"}


class Item(NamedTuple):
    """What a subscriber's app remembers of an item."""

    guid: str
    title: str
    has: frozenset[str]  # of audio, transcripts and chapters


def refuse_losses(previous: bytes, new: bytes, name: str, accept: Collection[str]) -> None:
    """Compare the feed that is out with the new one.

    Raises:
        RefusedError: when subscribers would lose something and `accept` does not name it.
    """
    try:
        old_items = _items(previous)
    except ValueError as error:
        if "removals" in accept:
            return
        raise RefusedError(
            f"{name} is there but cannot be compared with the new feed ({error}); move it away, or say "
            "--accept removals"
        ) from error
    refusals = list(_refusals(old_items, _items(new), accept))
    if refusals:
        raise RefusedError("\n".join(refusals))


def _refusals(old: list[Item], new: list[Item], accept: Collection[str]) -> Iterator[str]:
    by_guid = {item.guid: item for item in new}
    if "removals" not in accept:
        lost = [item for item in old if item.guid not in by_guid]
        renamed = {item.title: item.guid for item in new} if lost else {}
        changed = [item for item in lost if item.title in renamed]
        gone = [item for item in lost if item.title not in renamed]
        if changed:
            told = "".join(f"\n  {item.title}: {item.guid} → {renamed[item.title]}" for item in changed)
            yield (
                f"{_episodes(changed)} would get a new guid, and every subscriber would download them again:{told}\n"
                "write the old guid into the episode's file as `guid:` (when feed.url moved: the old podcast:guid into "
                "the config as show.guid); if it is meant all the same, say --accept removals"
            )
        if gone:
            told = "".join(f"\n  {item.title} ({item.guid})" for item in gone)
            yield (
                f"{_episodes(gone)} of the feed that is out would vanish from it:{told}\n"
                "mend their files, or say --accept removals if they are meant to go"
            )
    for noun, flag in (("audio", "audio"), ("transcripts", "transcripts"), ("chapters", "transcripts")):
        poorer = [item for item in old if item.guid in by_guid and noun in item.has - by_guid[item.guid].has]
        if poorer and flag not in accept:
            told = "".join(f"\n  {item.title}" for item in poorer)
            yield f"{_episodes(poorer)} would lose the {noun} now out:{told}\nif that is meant, say --accept {flag}"


def _episodes(items: list[Item]) -> str:
    return f"{len(items)} episode{'s' * (len(items) > 1)}"


def _items(feed: bytes) -> list[Item]:
    try:
        root = etree.fromstring(feed, strict_parser())
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is not well-formed XML: {error.msg}") from error
    if root.tag != "rss":
        raise ValueError(f"its root is <{root.tag}>, not <rss>")
    return [
        Item(
            guid=(item.findtext("guid") or item.findtext("link") or "").strip(),
            title=(item.findtext("title") or "").strip(),
            has=frozenset(noun for noun, tag in _TAGS.items() if item.find(tag) is not None),
        )
        for item in root.iter("item")
    ]
