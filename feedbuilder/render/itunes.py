"""The itunes: tags, as a feedgen extension.

feedgen's own iTunes extension writes `explicit` as yes/no and `block=no` as yes, and drops season 0 and pictures whose
address ends in `.jpeg` or `?v=2`; so this one takes its place.

Spec: https://help.apple.com/itc/podcasts_connect/#/itcb54353390 (A podcaster's guide to RSS)
"""

from __future__ import annotations

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement, _Element

from feedbuilder.model import Episode, Show
from feedbuilder.render.xml import NAMESPACES, add


class ItunesExtension(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """Channel tags."""

    show: Show

    def extend_ns(self) -> dict[str, str]:
        """Return every namespace a feed may use, so that all stand on <rss>."""
        return NAMESPACES

    def extend_rss(self, rss: _Element) -> _Element:
        """Append the tags to the channel."""
        show, channel = self.show, rss[0]
        add(channel, "itunes:author", show.author)
        add(channel, "itunes:type", show.show_type)
        if show.artwork is not None and show.artwork.is_artwork:
            add(channel, "itunes:image", href=show.artwork.url)
        for name, subcategory in show.categories:
            tag = f"{{{NAMESPACES['itunes']}}}category"
            category = SubElement(channel, tag, {"text": name})
            if subcategory:
                SubElement(category, tag, {"text": subcategory})
        add(channel, "itunes:explicit", _true_false(show.explicit))
        if show.owner_email:
            owner = SubElement(channel, f"{{{NAMESPACES['itunes']}}}owner")
            add(owner, "itunes:name", show.owner_name)
            add(owner, "itunes:email", show.owner_email)
        add(channel, "itunes:new-feed-url", show.new_feed_url)
        if show.block:
            add(channel, "itunes:block", "Yes")
        if show.complete:
            add(channel, "itunes:complete", "Yes")
        return rss


class ItunesEntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen is untyped
    """Item tags."""

    episode: Episode

    def extend_rss(self, item: _Element) -> _Element:
        """Append the tags to the item."""
        episode = self.episode
        add(item, "itunes:title", episode.title)
        add(item, "itunes:author", episode.author)
        add(item, "itunes:season", episode.season or None)
        if episode.episode and episode.episode.is_integer():
            add(item, "itunes:episode", int(episode.episode))
        add(item, "itunes:episodeType", episode.episode_type)
        if episode.duration_ms:
            add(item, "itunes:duration", max(1, round(episode.duration_ms / 1000)))
        if episode.picture is not None and episode.picture.is_artwork:
            add(item, "itunes:image", href=episode.picture.url)
        add(item, "itunes:explicit", _true_false(episode.explicit))
        if episode.block:
            add(item, "itunes:block", "Yes")
        return item


def _true_false(value: bool) -> str:
    return "true" if value else "false"
