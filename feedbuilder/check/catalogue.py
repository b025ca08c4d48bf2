"""Every rule of files by its code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from feedbuilder.check import (
    channel,
    channel_tags,
    chapters,
    document,
    enclosure,
    item,
    items,
    links,
    media,
    notes,
    podcast,
    podcast_blocks,
    podcast_values,
    specs,
    transcript_json,
    transcripts,
    vocabulary,
)
from feedbuilder.check.rules import EVERYONE, Fault, Faults, Rule, rule


@rule(
    "X0",
    "There is a feed in the folder",
    error=EVERYONE,
    spec=specs.RSS,
    remedy="name the feed, or the folder that it is in",
)
def _feed_exists(contents: Mapping[str, bytes]) -> Faults:
    if not any(b"<rss" in content[:10_000] for content in contents.values()):
        yield Fault("no file in it has an <rss> in it")


DOCUMENT_RULES: Final = document.RULES
FEED_RULES: Final = (
    *vocabulary.RULES,
    *channel.RULES,
    *channel_tags.RULES,
    *items.RULES,
    *podcast.FEED_RULES,
    *links.FEED_RULES,
)
ITEM_RULES: Final = (*item.RULES, *enclosure.RULES, *notes.RULES)
TAG_RULES: Final = (*podcast.RULES, *podcast_values.RULES, *podcast_blocks.RULES)

GROUPS: Final[Mapping[str, tuple[Rule[Any], ...]]] = MappingProxyType(
    {
        "Document": (_feed_exists, *document.RULES, *vocabulary.RULES),
        "Channel": (*channel.RULES, *channel_tags.RULES),
        "Item": (*item.RULES, *enclosure.RULES, *notes.RULES, *items.RULES),
        "Podcast namespace": (*podcast.RULES, *podcast.FEED_RULES, *podcast_values.RULES, *podcast_blocks.RULES),
        "Chapters": chapters.RULES,
        "Transcripts": (
            *transcripts.TEXT_RULES, *transcripts.RULES, *links.PAIR_RULES, *transcript_json.RULES,
        ),
        "Pictures and media": (*media.PICTURE_RULES, *media.MEDIA_RULES),
        "Links between files": links.FEED_RULES,
    }
)  # fmt: skip
"""The rules in the order of docs/check.md."""

RULES: Final[Mapping[str, Rule[Any]]] = MappingProxyType({one.code: one for group in GROUPS.values() for one in group})
