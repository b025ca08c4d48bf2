"""The elements of the podcast namespace: where each may stand, how often, and with which attributes.

Spec: https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags (2026-05). Where the pages and the XML
schema beside them differ, the pages count: `season@name` and `locked@owner` are optional.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Tag(NamedTuple):
    """What the page of a tag says of its form."""

    parents: frozenset[str]
    is_single: bool
    required: tuple[str, ...]
    optional: tuple[str, ...]


_ANY: Final = "channel item podcast:liveItem"
_EPISODE: Final = "item podcast:liveItem"


def _tag(parents: str, *, single: bool = False, required: str = "", optional: str = "") -> Tag:
    return Tag(frozenset(parents.split()), single, tuple(required.split()), tuple(optional.split()))


TAGS: Final[Mapping[str, Tag]] = MappingProxyType(
    {
        "alternateEnclosure": _tag(
            _EPISODE, required="type", optional="length bitrate height lang title rel codecs default"
        ),
        "block": _tag("channel", optional="id"),
        "chapters": _tag(_EPISODE, single=True, required="url type"),
        "chat": _tag(_ANY, single=True, required="server protocol", optional="accountId space"),
        "contentLink": _tag(_EPISODE, required="href"),
        "episode": _tag(_EPISODE, single=True, optional="display"),
        "funding": _tag(_ANY, required="url"),
        "guid": _tag("channel", single=True),
        "image": _tag(_ANY, required="href", optional="alt aspect-ratio width height type purpose"),
        "images": _tag(_ANY, single=True, required="srcset"),
        "integrity": _tag("podcast:alternateEnclosure", single=True, required="type value"),
        "license": _tag(_ANY, single=True, optional="url"),
        "liveItem": _tag("channel", required="status start", optional="end"),
        "location": _tag(_ANY, optional="rel geo osm country"),
        "locked": _tag("channel", single=True, optional="owner"),
        "medium": _tag("channel", single=True),
        "person": _tag(_ANY, optional="role group img href"),
        "podping": _tag("channel", single=True, optional="usesPodping"),
        "podroll": _tag("channel", single=True),
        "publisher": _tag("channel", single=True),
        "remoteItem": _tag(
            "channel podcast:podroll podcast:publisher podcast:valueTimeSplit",
            required="feedGuid", optional="feedUrl itemGuid medium title",
        ),
        "season": _tag(_EPISODE, single=True, optional="name"),
        "socialInteract": _tag(_ANY, required="protocol", optional="uri accountId accountUrl priority"),
        "soundbite": _tag(_EPISODE, required="startTime duration"),
        "source": _tag("podcast:alternateEnclosure", required="uri", optional="contentType"),
        "trailer": _tag("channel", required="url pubdate", optional="length type season"),
        "transcript": _tag(_EPISODE, required="url type", optional="language rel"),
        "txt": _tag(_ANY, optional="purpose"),
        "updateFrequency": _tag("channel", single=True, optional="complete dtstart rrule"),
        "value": _tag(_ANY, required="type method", optional="suggested"),
        "valueRecipient": _tag(
            "podcast:value podcast:valueTimeSplit",
            required="type address split", optional="name customKey customValue fee",
        ),
        "valueTimeSplit": _tag(
            "podcast:value", required="startTime duration", optional="remoteStartTime remotePercentage"
        ),
    }
)  # fmt: skip
"""Every tag by its name without the prefix."""

ADDRESSES: Final = frozenset({"url", "href", "img", "accountUrl", "feedUrl"})
"""Attributes that hold web addresses; `source@uri` may have any scheme."""

MEDIUMS_OF_OTHER_FEEDS: Final = frozenset({"mixed"})
"""Mediums a feed may have beside those of `vocabulary.media` and their lists (`podcastL`, `musicL`)."""
