"""Whatever a feed says is what is read of it, and nothing makes the reader fall over."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import feedparser
from feedgen.feed import FeedGenerator
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedbuilder.errors import FeedbuilderError, Place
from feedbuilder.model import Enclosure
from feedbuilder.source.host_feed import HostFeed, HostItem, read_host_feed
from feedbuilder.source.host_feed.pages import Pages

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
PLACE = Place("host.xml")

# Titles are shown as one line, and entities in them are resolved, so neither stands in these; other tests hold that.
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="&\ufffe\uffff") | st.just(" "),
    min_size=1,
    max_size=30,
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)
addresses = st.builds(
    "https://{}.example/{}?a={}&b=ü".format, st.from_regex("[a-z]{1,9}", fullmatch=True), names, names
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1990, 1, 2), datetime(2199, 12, 30), timezones=zones).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
durations = st.integers(1, 100 * 3600).map(lambda seconds: seconds * 1000)
enclosures = st.builds(
    Enclosure,
    url=addresses.map(lambda url: url.replace("?", ".mp3?")),
    mime_type=st.sampled_from(["audio/mpeg", "audio/ogg", "video/mp4"]),
    length_bytes=st.none() | st.integers(1000, 10**12),
    duration_ms=st.none() | durations,
)
items = st.builds(
    HostItem,
    place=st.just(PLACE),
    title=texts,
    guid=st.none() | texts,
    guid_is_permalink=st.booleans(),
    published=st.none() | moments,
    link=st.none() | addresses,
    enclosure=st.none() | enclosures,
    season=st.none() | st.integers(0, 10_000),
    episode=st.none() | st.integers(0, 10_000).map(float) | st.sampled_from([0.5, 3.25]),
    episode_type=st.sampled_from([None, "full", "trailer", "bonus"]),
)
feeds = st.builds(
    HostFeed,
    title=texts,
    items=st.lists(items, max_size=4).map(tuple),
    link=st.none() | addresses,
    description=st.none() | texts,
    language=st.sampled_from([None, "en", "de-AT", "pt-BR"]),
    feed_url=st.none() | addresses,
    guid=st.none() | st.uuids().map(str),
    author=st.none() | texts,
    owner_name=st.none() | texts,
    owner_email=st.none() | names.map("{}@show.example".format),
    image_url=st.none() | addresses,
    categories=st.lists(st.tuples(texts, st.none() | texts), max_size=3, unique=True).map(tuple),
    explicit=st.none() | st.booleans(),
    show_type=st.sampled_from([None, "episodic", "serial"]),
    copyright=st.none() | texts,
    locked=st.none() | st.booleans(),
)


def written(feed: HostFeed) -> bytes:
    """Write a feed with lxml alone, in the plainest way there is."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM})
    channel = etree.SubElement(root, "channel")
    words = {True: "true", False: "false", None: None}
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.link)
    _add(channel, "description", feed.description)
    _add(channel, "language", feed.language)
    _add(channel, "copyright", feed.copyright)
    if feed.feed_url:
        _add(channel, f"{{{ATOM}}}link", "", rel="self", href=feed.feed_url)
    _add(channel, f"{{{PODCAST}}}guid", feed.guid)
    _add(channel, f"{{{PODCAST}}}locked", {True: "yes", False: "no", None: None}[feed.locked])
    _add(channel, f"{{{ITUNES}}}author", feed.author)
    _add(channel, f"{{{ITUNES}}}explicit", words[feed.explicit])
    _add(channel, f"{{{ITUNES}}}type", feed.show_type)
    owner = _add(channel, f"{{{ITUNES}}}owner", "")
    _add(owner, f"{{{ITUNES}}}name", feed.owner_name)
    _add(owner, f"{{{ITUNES}}}email", feed.owner_email)
    if feed.image_url:
        _add(channel, f"{{{ITUNES}}}image", "", href=feed.image_url)
    for top, sub in feed.categories:
        element = _add(channel, f"{{{ITUNES}}}category", "", text=top)
        if sub:
            _add(element, f"{{{ITUNES}}}category", "", text=sub)
    for item in feed.items:
        _add_item(channel, item)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add_item(channel: Any, item: HostItem) -> None:
    element = _add(channel, "item", "")
    _add(element, "title", item.title)
    _add(element, "link", item.link)
    _add(element, "guid", item.guid, isPermaLink="true" if item.guid_is_permalink else "false")
    _add(element, "pubDate", item.published and format_datetime(item.published))
    _add(element, f"{{{ITUNES}}}season", _number(item.season))
    _add(element, f"{{{PODCAST}}}episode", _number(item.episode))
    _add(element, f"{{{ITUNES}}}episodeType", item.episode_type)
    if item.enclosure:
        length = {} if item.enclosure.length_bytes is None else {"length": str(item.enclosure.length_bytes)}
        _add(element, "enclosure", "", url=item.enclosure.url, type=item.enclosure.mime_type, **length)
        seconds = item.enclosure.duration_ms and item.enclosure.duration_ms // 1000
        _add(element, f"{{{ITUNES}}}duration", _number(seconds))


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _add(parent: Any, name: str, text: str | None, /, **attributes: str) -> Any:
    if text is None:
        return None
    element = etree.SubElement(parent, name, attributes)
    element.text = text
    return element


def _seen(item: HostItem) -> tuple[Any, ...]:
    """Return what an item says, without what follows from it."""
    is_permalink = item.guid is None or item.guid_is_permalink
    return (item.title, item.guid, is_permalink, item.published, item.link, item.enclosure, item.season, item.episode,
            item.episode_type)  # fmt: skip


@given(feeds)
def test_what_a_feed_says_is_what_is_read(feed: HostFeed):
    read, _ = read_host_feed(written(feed), "host.xml")
    assert [_seen(item) for item in read.items] == [_seen(item) for item in feed.items]
    for name in feed.__slots__:
        if name != "items":
            assert getattr(read, name) == getattr(feed, name), name
    for item, original in zip(read.items, feed.items, strict=True):
        assert {original.link, original.enclosure and original.enclosure.url} - {None} <= set(item.links)


@given(feeds, st.data())
def test_a_feed_in_pages_is_the_feed_in_one_piece(feed: HostFeed, data: st.DataObject):
    items = tuple(replace(item, guid=str(number)) for number, item in enumerate(feed.items))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(len(items) - 1, 1)), max_size=3)) & set(range(1, len(items))))
    pages = Pages("host.xml")
    for number, (start, end) in enumerate(itertools.pairwise([0, *cuts, len(items)])):
        root = etree.fromstring(written(replace(feed, items=items[start:end])))
        if end < len(items):
            etree.SubElement(root[0], f"{{{ATOM}}}link", rel="next", href=f"https://host.example/{number + 1}")
        following = pages.add(etree.tostring(root), f"https://host.example/{number}")
        assert (following is None) == (end == len(items))
    content, problems = pages.joined()
    whole, one = (
        read_host_feed(content, "host.xml")[0],
        read_host_feed(written(replace(feed, items=items)), "host.xml")[0],
    )
    assert problems == []
    assert [_seen(item) for item in whole.items] == [_seen(item) for item in one.items]
    assert replace(whole, items=()) == replace(one, items=())


def as_feedparser_mends(text: str) -> str:
    """Return text as feedparser has it, which takes what could be UTF-8 read as Latin-1 for just that."""
    try:
        return text.encode("iso-8859-1").decode("utf-8").strip()
    except UnicodeError:
        return text


@given(feeds)
def test_feedparser_sees_the_same_items(feed: HostFeed):
    data = written(feed)
    read, _ = read_host_feed(data, "host.xml")
    theirs = feedparser.parse(data).entries
    mine, other = [item.guid or "" for item in read.items], [entry.get("id", "").strip() for entry in theirs]
    assert [as_feedparser_mends(guid) for guid in mine] == [as_feedparser_mends(guid) for guid in other]


@given(feeds, moments, durations)
def test_where_nothing_is_missing_there_is_nothing_to_tell(feed: HostFeed, published: datetime, duration_ms: int):
    audio = Enclosure(
        url="https://cdn.example/1.mp3", mime_type="audio/mpeg", length_bytes=12345, duration_ms=duration_ms
    )
    whole = tuple(
        replace(item, guid=str(number), published=published, enclosure=audio) for number, item in enumerate(feed.items)
    )
    _, problems = read_host_feed(written(replace(feed, items=whole)), "host.xml")
    assert [problem.message for problem in problems] == ["the feed has no items"] * (not whole)


@given(st.lists(st.tuples(texts, texts, moments, enclosures), max_size=4), texts)
def test_what_feedgen_writes_is_what_is_read(entries: list[tuple[str, str, datetime, Enclosure]], title: str):
    generator = FeedGenerator()
    generator.load_extension("podcast")
    generator.title(title)
    generator.link(href="https://show.example/")
    generator.description("About")
    for name, guid, published, enclosure in entries:
        entry = generator.add_entry(order="append")
        entry.title(name)
        entry.guid(guid)
        entry.published(published)
        entry.enclosure(enclosure.url, str(enclosure.length_bytes or 0), enclosure.mime_type)
        entry.podcast.itunes_duration((enclosure.duration_ms or 0) // 1000)
    feed, _ = read_host_feed(generator.rss_str(), "host.xml")
    assert feed.title == title
    assert [(item.title, item.guid, item.published, item.enclosure) for item in feed.items] == entries


VALID = written(
    HostFeed(
        title="Show “é”",
        link="https://show.example/",
        items=tuple(
            HostItem(
                place=PLACE, title=f"Episode {number} – 日本", guid=str(number),
                published=datetime(2021, 2, 23, tzinfo=UTC),
                enclosure=Enclosure(url="https://cdn.example/1.mp3", mime_type="audio/mpeg", length_bytes=12345),
            )
            for number in range(3)
        ),
    )
)  # fmt: skip


def reads_or_refuses(data: bytes) -> HostFeed | None:
    try:
        feed, problems = read_host_feed(data, "host.xml")
    except FeedbuilderError:
        return None
    assert all(str(problem) and problem.remedy for problem in problems)
    return feed


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes):
    assert reads_or_refuses(data) is None


@given(st.integers(0, len(VALID) - 1))
def test_a_feed_without_its_end_is_refused(length: int):
    assert reads_or_refuses(VALID[:length]) is None


@given(st.integers(0, len(VALID)), st.integers(0, 20), st.binary(max_size=8))
def test_a_damaged_feed_is_read_or_refused_and_keeps_its_other_items(start: int, length: int, garbage: bytes):
    feed = reads_or_refuses(VALID[:start] + garbage + VALID[start + length :])
    assert feed is None or len(feed.items) >= 2


ELEMENTS = ["title", "pubDate", "guid", "link", "enclosure", "duration", "season", "image", "category", "explicit"]


@given(
    st.text(max_size=100),
    st.sampled_from(ELEMENTS),
)
def test_any_text_in_any_element_is_read(text: str, name: str):
    element = f"<{name}><![CDATA[{text.replace(']]>', '')}]]></{name}>"
    itunes = element.replace("<" + name, "<itunes:" + name).replace("</" + name, "</itunes:" + name)
    rss = f'<rss xmlns:itunes="{ITUNES}"><channel>{element}{itunes}<item>{element}{itunes}</item></channel></rss>'
    assert reads_or_refuses(rss.encode("utf-8", "replace")) is not None


DATE_WORDS = [
    "Tue",
    ",",
    "23",
    "Feb",
    "2021",
    "10:00",
    "10:00:00",
    "GMT",
    "+0100",
    "PM",
    "T",
    "Z",
    "-",
    "/",
    "99",
    "0",
    " ",
    ".",
]


@given(st.lists(st.sampled_from(DATE_WORDS) | st.text(max_size=4), max_size=10).map("".join))
def test_any_date_is_a_moment_with_a_zone_or_none(text: str):
    rss = f"<rss><channel><item><pubDate><![CDATA[{text.replace(']]>', '')}]]></pubDate></item></channel></rss>"
    feed = reads_or_refuses(rss.encode("utf-8", "replace"))
    assert feed is not None
    published = feed.items[0].published
    assert published is None or published.tzinfo is not None


@given(st.text(max_size=200))
def test_any_attribute_is_read(text: str):
    root = etree.fromstring(VALID)
    legal = "".join(character for character in text if character.isprintable())
    for element in root.iter("enclosure"):
        for name in ("url", "length", "type"):
            element.set(name, legal)
    feed = reads_or_refuses(etree.tostring(root))
    assert feed is not None
    assert len(feed.items) == 3
