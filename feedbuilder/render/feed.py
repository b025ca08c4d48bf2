"""The show as an RSS 2.0 feed: the only module that knows feedgen.

feedgen builds channel, items, guid, enclosure and content; what it lacks or gets wrong is in our extensions.

Spec: https://www.rssboard.org/rss-specification (2.0.11), https://cyber.harvard.edu/rss/rss.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree
from lxml.etree import _Element

from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.model import Episode, Show, TextFile
from feedbuilder.render.itunes import ItunesEntryExtension, ItunesExtension
from feedbuilder.render.podcast_namespace import PodcastEntryExtension, PodcastExtension
from feedbuilder.render.xml import add, strict_parser
from feedbuilder.vocabulary.characters import legal

_CHANNEL_END = b"  </channel>\n"
_ITEM = re.compile(rb"    <item>\n.*?\n    </item>\n", re.DOTALL)  # everywhere else `<` is escaped or of another tag
_TOGETHER = 100
GENERATOR = "feedbuilder"  # without a version: an upgrade that changes nothing must not change the feed


def render(
    show: Show,
    files: Mapping[str, Sequence[TextFile]],
    style: str | None = None,
    memory: Memory = FORGETFUL,
    keys: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the feed; `files` holds what each episode, by slug, announces.

    `memory` knows the items of episodes that are as they were, for which `keys` stand, by file.

    `style` is the way to a style sheet for people who open the feed in a browser. It is CSS: browsers are taking out
    XSLT, and chromium warns of it in red (https://chromestatus.com/feature/4709671889534976).

    Spec: https://www.w3.org/TR/xml-stylesheet/
    """
    channel: bytes = _channel(show).rss_str(pretty=True)
    end = channel.rindex(_CHANNEL_END)
    document = b"".join([channel[:end], *_items(show, files, memory, keys), channel[end:]])
    document = _with_kept(document, show) if show.kept else document
    if style is None:
        return document
    declaration, line, rest = document.partition(b"\n")
    return declaration + line + f'<?xml-stylesheet type="text/css" href="{style}"?>\n'.encode() + rest


def _channel(show: Show) -> FeedGenerator:
    """Return the feed without its items."""
    feed = FeedGenerator()
    feed.title(legal(show.title))
    feed.link(href=show.link)
    feed.description(legal(show.description))
    feed.language(show.language)
    feed.copyright(legal(show.copyright or ""))
    feed.generator(GENERATOR)
    feed.managingEditor(legal(show.managing_editor or ""))
    feed.docs("https://www.rssboard.org/rss-specification")
    if show.artwork is not None:
        feed.image(url=show.artwork.url, title=legal(show.title), link=show.link)
    for category in dict.fromkeys(top for top, _ in show.categories):
        feed.category(term=category)
    if show.published and show.updated:
        feed.pubDate(show.published)
        feed.lastBuildDate(show.updated)  # feedgen's default is now
    if not show.episodes:
        feed.lastBuildDate("1970-01-01T00:00:00Z")
    feed.register_extension("atom_links", AtomLinksExtension, None, atom=False)
    feed.register_extension("itunes_tags", ItunesExtension, ItunesEntryExtension, atom=False)
    feed.register_extension("podcast_tags", PodcastExtension, PodcastEntryExtension, atom=False)
    feed.atom_links.show = feed.itunes_tags.show = feed.podcast_tags.show = show
    return feed


def _items(show: Show, files: Mapping[str, Sequence[TextFile]], memory: Memory, keys: Mapping[str, str]) -> list[bytes]:
    """Return every item as it stands in the feed, in their order."""
    items: list[bytes | None] = [
        memory.recall(_question(episode, files, keys)) if episode.source in keys else None for episode in show.episodes
    ]
    new = [place for place, item in enumerate(items) if item is None]
    for first in range(0, len(new), _TOGETHER):  # a tree of them all would take gigabytes of a large show
        places, feed = new[first : first + _TOGETHER], _channel(show)
        for episode in (show.episodes[place] for place in places):
            _fill_entry(feed.add_entry(order="append"), episode, files.get(episode.slug, ()))
        for place, item in zip(places, _ITEM.findall(feed.rss_str(pretty=True)), strict=True):
            items[place] = item
            if (episode := show.episodes[place]).source in keys:
                memory.remember(_question(episode, files, keys), item)
    return items  # type: ignore[return-value]  # none of them is None now


def _question(episode: Episode, files: Mapping[str, Sequence[TextFile]], keys: Mapping[str, str]) -> object:
    return "item", keys[episode.source], files.get(episode.slug, ())


def _with_kept(document: bytes, show: Show) -> bytes:
    """Return the feed with the items that stay as they were, each where its date puts it."""
    root = etree.fromstring(document, strict_parser(keep_cdata=True))
    items = [*zip((episode.published for episode in show.episodes), root.iter("item"), strict=True)]
    for kept in sorted(show.kept, key=lambda episode: episode.published, reverse=True):
        item = etree.fromstring(kept.item, strict_parser(keep_cdata=True))
        following = next((other for published, other in items if published < kept.published), None)
        if following is None:
            last = root[0][-1]
            item.tail, last.tail = last.tail, "\n    "
            root[0].append(item)
        else:
            item.tail = "\n    "
            following.addprevious(item)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _fill_entry(entry: FeedEntry, episode: Episode, files: Sequence[TextFile]) -> None:
    entry.title(legal(episode.title))
    if episode.page_url:
        entry.link(href=episode.page_url)
    entry.guid(legal(episode.guid), permalink=episode.guid_is_permalink)
    entry.pubDate(episode.published)
    if episode.notes.html:
        entry.description(legal(episode.notes.summary_html))
        entry.content(legal(episode.notes.html), type="CDATA")
    if episode.enclosure is not None:
        length = episode.enclosure.length_bytes or 0  # feedgen would write None as text
        entry.enclosure(episode.enclosure.url, str(length), episode.enclosure.mime_type)
    for category in episode.categories:
        entry.category(term=legal(category))
    entry.itunes_tags.episode = entry.podcast_tags.episode = episode
    entry.podcast_tags.files = files


class AtomLinksExtension(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """Every atom:link of the channel; feedgen keeps `self` only.

    Spec: RFC 4287, 4.2.7; https://www.w3.org/TR/websub/ for `hub`.
    """

    show: Show

    def extend_rss(self, rss: _Element) -> _Element:
        """Append the links to the channel."""
        add(rss[0], "atom:link", href=self.show.feed_url, rel="self", type="application/rss+xml")
        for hub in self.show.hubs:
            add(rss[0], "atom:link", href=hub, rel="hub")
        return rss
