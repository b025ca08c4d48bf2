"""Two feeds side by side: laws on feeds of any kind, and the kinds of change by name."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedbuilder.publish.feed_changes import FeedChanges, compare_feeds
from feedbuilder.publish.published_feed import NO_FEED, parse_feed

NS = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "psc": "http://podlove.org/simple-chapters",
}


def rss(*items: str, channel: str = "<title>A Show</title>") -> bytes:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())
    return f"<rss {spaces}><channel>{channel}{''.join(f'<item>{it}</item>' for it in items)}</channel></rss>".encode()


def item(guid: str, **said: str) -> str:
    parts = {"title": guid.title(), "pubDate": "Sat, 31 Jan 2026 06:00:00 GMT", **said}
    return f"<guid>{guid}</guid>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in parts.items() if text)


def enclosure(url: str, mime_type: str = "audio/mpeg", length: int = 1) -> str:
    return f'<enclosure url="{url}" type="{mime_type}" length="{length}"/>'


def compared(old: bytes, new: bytes) -> FeedChanges:
    return compare_feeds(parse_feed(old), parse_feed(new))


def aspects(changes: FeedChanges) -> list[list[str]]:
    return [[difference.aspect for difference in one.differences] for one in changes.changed]


few_words = st.sampled_from(["", "a", "b", "One", "Two", "ü", "聞く"])
dates = st.sampled_from(["", "Sat, 31 Jan 2026 06:00:00 GMT", "Sat, 31 Jan 2026 08:00:00 +0200", "2026-02-01", "soon"])
urls = st.sampled_from(["", "https://a.example/1.mp3", "http://a.example/1.mp3", "https://a.example/2.mp3"])


@st.composite
def items(draw: st.DrawFn) -> etree._Element:
    element = etree.Element("item")
    for tag, words in {
        "guid": few_words, "title": few_words, "link": urls, "pubDate": dates, "description": few_words,
        f"{{{NS['itunes']}}}duration": st.sampled_from(["", "61", "1:01", "x"]),
        f"{{{NS['itunes']}}}explicit": st.sampled_from(["", "yes", "true", "no"]),
        f"{{{NS['podcast']}}}person": few_words, "{urn:x}unheard-of": few_words,
    }.items():  # fmt: skip
        if text := draw(words):
            etree.SubElement(element, tag).text = text
    if url := draw(urls):
        etree.SubElement(element, "enclosure", url=url, type="audio/mpeg", length="1")
    if draw(st.booleans()):
        etree.SubElement(element, f"{{{NS['podcast']}}}transcript", url="https://a.example/t.vtt", type="text/vtt")
    return element


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    root = etree.Element("rss", nsmap=NS)
    channel = etree.SubElement(root, "channel")
    for tag in ("title", "link", f"{{{NS['podcast']}}}guid"):
        if text := draw(few_words):
            etree.SubElement(channel, tag).text = text
    channel.extend(draw(st.lists(items(), max_size=6)))
    return bytes(etree.tostring(root, encoding="utf-8"))


@given(feeds())
def test_a_feed_compared_with_itself_has_no_changes(feed: bytes) -> None:
    changes = compared(feed, feed)
    assert not changes
    assert not changes.repeated_guids
    assert len(changes.episodes) == len(changes.new.items)


@given(feeds(), feeds())
def test_what_one_comparison_adds_the_opposite_one_removes(one: bytes, other: bytes) -> None:
    there, back = compared(one, other), compared(other, one)
    assert [change.new for change in there.added] == [change.old for change in back.removed]
    assert Counter(change.item.guid for change in there.removed) == Counter(change.item.guid for change in back.added)
    mirrored = [
        (change.new, change.old, tuple((name, new, old) for name, old, new in change.differences))
        for change in back.episodes
        if change.old and change.new
    ]
    pairs = [(c.old, c.new, tuple(map(tuple, c.differences))) for c in there.episodes if c.old and c.new]
    assert sorted(map(repr, pairs)) == sorted(map(repr, mirrored))
    assert there.reordered_count == back.reordered_count
    assert [(name, new, old) for name, old, new in there.channel] == [tuple(change) for change in back.channel]


@given(feeds(), feeds())
def test_every_item_of_both_feeds_is_in_the_comparison_just_once(one: bytes, other: bytes) -> None:
    changes = compared(one, other)
    assert [change.new for change in changes.episodes if change.new] == list(parse_feed(other).items)
    assert Counter(map(repr, (change.old for change in changes.episodes if change.old))) == Counter(
        map(repr, parse_feed(one).items)
    )


def test_episodes_come_and_go() -> None:
    changes = compared(rss(item("b"), item("a")), rss(item("c"), item("b")))
    assert [change.item.guid for change in changes.added] == ["c"]
    assert [change.item.guid for change in changes.removed] == ["a"]
    assert changes.reordered_count == 0


@pytest.mark.parametrize(
    "known_by",
    [
        lambda guid, title: item(guid, title=title, pubDate="") + enclosure("https://a.example/1.mp3"),
        lambda guid, title: item(guid, title=title, pubDate="", link="https://show.example/1"),
        lambda guid, _: item(guid, title="Same"),
        lambda guid, title: item(guid, title="Same", pubDate="Sun, 01 Feb 2026 06:00:00 GMT" if title == "New" else ""),
    ],
    ids=["its audio", "its page", "its title and date", "its title"],
)
def test_an_episode_with_another_guid_is_known_by(known_by) -> None:
    changes = compared(rss(item("x"), known_by("old", "Old")), rss(known_by("new", "New"), item("x")))
    assert [(one.old.guid, one.new.guid) for one in changes.changed if one.has_new_guid] == [("old", "new")]
    assert not changes.added
    assert not changes.removed


def test_what_several_episodes_share_makes_none_of_them_another() -> None:
    page = {"link": "https://show.example/", "title": "Q & A", "pubDate": ""}
    changes = compared(rss(item("a", **page), item("b", **page)), rss(item("c", **page), item("d", **page)))
    assert len(changes.added) == len(changes.removed) == 2


def test_a_repeated_guid_counts_when_it_is_new() -> None:
    twice, once = rss(item("a"), item("a", title="B")), rss(item("a"))
    assert compared(once, twice).repeated_guids == ("a",)
    assert compared(twice, twice).repeated_guids == ()
    assert compared(twice, once).repeated_guids == ()


def test_each_part_of_an_item_has_its_name() -> None:
    old = item("a") + enclosure("https://a.example/1.mp3")
    cases = {
        "title": item("a", title="B") + enclosure("https://a.example/1.mp3"),
        "notes": old + "<description>x</description>",
        "date": item("a", pubDate="Sun, 01 Feb 2026 06:00:00 GMT") + enclosure("https://a.example/1.mp3"),
        "audio": item("a") + enclosure("https://a.example/2.mp3"),
        "audio type": item("a") + enclosure("https://a.example/1.mp3", "audio/mp4"),
        "audio length": item("a") + enclosure("https://a.example/1.mp3", length=2),
        "duration": old + "<itunes:duration>9</itunes:duration>",
        "picture": old + '<itunes:image href="https://a.example/1.jpg"/>',
        "chapters": old + '<psc:chapters><psc:chapter start="0" title="x"/></psc:chapters>',
        "transcripts": old + '<podcast:transcript url="https://a.example/1.vtt" type="text/vtt"/>',
        "persons": old + "<podcast:person>Ann</podcast:person>",
        "season": old + "<podcast:season>2</podcast:season>",
        "episode": old + "<itunes:episode>2</itunes:episode>",
        "explicit": old + "<itunes:explicit>true</itunes:explicit>",
        "type": old + "<itunes:episodeType>bonus</itunes:episodeType>",
        "soundbite": old + '<podcast:soundbite startTime="1" duration="2"/>',
        "unheard-of": old + '<unheard-of xmlns="urn:x">x</unheard-of>',
    }
    for aspect, new in cases.items():
        assert aspects(compared(rss(old), rss(new))) == [[aspect]], aspect


def test_each_part_of_the_channel_has_its_name() -> None:
    changes = compared(
        rss(channel="<title>A</title><link>https://a.example/</link><lastBuildDate>x</lastBuildDate>"),
        rss(
            channel="<title>B</title><link>https://b.example/</link><podcast:guid>g</podcast:guid>"
            '<atom:link rel="self" href="https://b.example/f.xml"/><lastBuildDate>y</lastBuildDate>'
        ),
    )
    assert [change.aspect for change in changes.channel] == ["podcast:guid", "address", "title", "link"]
    assert (changes.new.show_guid, changes.new.folder_url) == ("g", "https://b.example/")


def test_two_spellings_of_one_value_are_no_change() -> None:
    ours = (
        item("a", pubDate="Sat, 31 Jan 2026 06:00:00 +0000") + "<itunes:duration>3723</itunes:duration>"
        "<itunes:explicit>true</itunes:explicit><itunes:season>2</itunes:season><podcast:season>2</podcast:season>"
        "<itunes:title>A</itunes:title>"
    )
    hosts = (
        item("a", pubDate="Sat, 31 Jan 2026 01:00:00 EST") + "<itunes:duration>01:02:03</itunes:duration>"
        "<itunes:explicit>yes</itunes:explicit><itunes:season>2</itunes:season>"
    )
    assert not compared(rss(hosts).replace(b"dtds/podcast", b"DTDs/PodCast"), rss(ours))


def test_an_order_that_changes_is_counted_by_what_moves() -> None:
    a, b, c, d = (item(name) for name in "abcd")
    assert compared(rss(a, b, c, d), rss(d, a, b, c)).reordered_count == 1
    assert compared(rss(a, b, c, d), rss(item("e"), a, c, d)).reordered_count == 0


def test_without_a_previous_feed_everything_is_added_and_nothing_said_of_the_channel() -> None:
    changes = compare_feeds(NO_FEED, parse_feed(rss(item("a"), item("b"))))
    assert len(changes.added) == 2
    assert not changes.channel


@pytest.mark.parametrize(
    "content",
    [
        b"<rss><channel><title>A &nbsp; B</title><item><title>One</title></item></channel></rss>",
        b'<rss xmlns="http://backend.userland.com/rss2"><channel><title>A</title><item><title>One</title></item></channel></rss>',
        b"<rss><channel><title>A</title></channel><item><title>One</title></item></rss>",
        b"<rss><channel><item><title>One<!-- two --></title><description>a & b</description></item></channel></rss>",
    ],
    ids=["an undeclared entity", "a namespace", "items beside the channel", "a bare ampersand"],
)
def test_a_careless_feed_is_read(content: bytes) -> None:
    assert [one.title for one in parse_feed(content).items] == ["One"]


def test_an_item_with_what_no_encoding_has_is_read() -> None:
    content = b"<rss><channel><title>a &nbs\x00p;</title><item><t&#xD800;tle>< x</title></item></channel></rss>"
    assert len(parse_feed(content).items) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "well-formed"),
        (b"<html><body/></html>", "root is <html>"),
        (b"<rss/>", "no <channel>"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item/></channel></rss>', "DOCTYPE"),
        (b"<rss><channel><item><title>One</title></item><item><title>Tw", "well-formed"),
        (b"<rss><channel><item><title>One & <item><title>Two</title></item></channel></rss>", "well-formed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "root is <feed>"),
    ],
)
def test_a_feed_that_may_lack_an_item_is_not_taken_for_the_whole(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_feed(content)


def test_an_item_without_a_guid_goes_by_what_apps_take_in_its_place() -> None:
    feed = rss("<link>https://a.example/1</link>", enclosure("https://a.example/2.mp3"), "<title>Three</title>")
    assert [one.guid for one in parse_feed(feed).items] == ["https://a.example/1", "https://a.example/2.mp3", "Three"]


@pytest.mark.parametrize("text", ["Sat, 31 Jan 2026 06:00:00 GMT", "2026-01-31T06:00:00Z", "2026-01-31 07:00:00+01:00"])
def test_dates_are_read_as_moments(text: str) -> None:
    assert parse_feed(rss(item("a", pubDate=text))).items[0].published == datetime(2026, 1, 31, 6, tzinfo=UTC)
