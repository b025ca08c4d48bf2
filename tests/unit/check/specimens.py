"""A feed and its files that break no rule, and what to change in them to break each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL: Final = "https://show.example/feed.xml"

FEED: Final = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>Tea &amp; Tides</title>
<link>https://show.example/</link>
<description>About Tea — and tides.</description>
<language>en-GB</language>
<copyright>Robin Seed</copyright>
<pubDate>Tue, 31 Dec 2024 06:00:00 +0000</pubDate>
<ttl>60</ttl>
<managingEditor>robin@show.example (Robin Seed)</managingEditor>
<image><url>https://show.example/a.jpg</url><title>Tea</title><link>https://show.example/</link></image>
<atom:link rel="self" type="application/rss+xml" href="https://show.example/feed.xml"/>
<itunes:author>Robin Seed</itunes:author>
<itunes:type>serial</itunes:type>
<itunes:complete>Yes</itunes:complete>
<itunes:image href="https://show.example/a.jpg"/>
<itunes:category text="Education"><itunes:category text="Courses"/></itunes:category>
<itunes:explicit>false</itunes:explicit>
<itunes:owner><itunes:name>Robin</itunes:name><itunes:email>robin@show.example</itunes:email></itunes:owner>
<itunes:new-feed-url>https://show.example/feed.xml</itunes:new-feed-url>
<podcast:guid>18b54d9d-b7b5-5ad1-b568-c3d3782406f4</podcast:guid>
<podcast:locked owner="robin@show.example">yes</podcast:locked>
<podcast:medium>podcast</podcast:medium>
<podcast:funding url="https://show.example/give">Give</podcast:funding>
<podcast:license>cc-by-4.0</podcast:license>
<podcast:txt purpose="verify">x</podcast:txt>
<podcast:block id="amazon">no</podcast:block>
<podcast:trailer url="https://show.example/t.mp3" pubdate="Tue, 31 Dec 2024 06:00:00 +0000">Soon</podcast:trailer>
<podcast:value type="lightning" method="keysend">
<podcast:valueRecipient type="node" address="02d5" split="100"/></podcast:value>
<podcast:liveItem status="pending" start="2026-09-26T07:30:00.000-06:00">
<title>Live</title><guid isPermaLink="false">live</guid>
<enclosure url="https://show.example/live.mp3" type="audio/mpeg" length="312"/></podcast:liveItem>
<item>
<title>The Second</title>
<link>https://show.example/2.html</link>
<description>&lt;p&gt;See &lt;a href="https://a.example/"&gt;this&lt;/a&gt;.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>More.</p>]]></content:encoded>
<guid isPermaLink="false">two</guid>
<pubDate>Tue, 31 Dec 2024 06:00:00 +0000</pubDate>
<enclosure url="https://show.example/2.mp3" length="123" type="audio/mpeg"/>
<itunes:duration>600</itunes:duration>
<itunes:image href="https://show.example/2.png"/>
<itunes:explicit>false</itunes:explicit>
<itunes:season>1</itunes:season>
<itunes:episode>2</itunes:episode>
<itunes:episodeType>full</itunes:episodeType>
<podcast:season name="One">1</podcast:season>
<podcast:episode display="Two">2</podcast:episode>
<podcast:chapters url="https://show.example/chapters/2.json" type="application/json+chapters"/>
<podcast:transcript url="https://show.example/transcripts/2.vtt" type="text/vtt" language="en" rel="captions"/>
<podcast:transcript url="https://show.example/transcripts/2.srt" type="application/x-subrip"/>
<podcast:person role="Guest" group="cast" href="https://a.example/">Fern</podcast:person>
<podcast:soundbite startTime="10.5" duration="60">Best</podcast:soundbite>
<podcast:location rel="subject" geo="geo:52.52,13.405" osm="R62422" country="DE">Berlin</podcast:location>
<podcast:image href="https://show.example/2.png" width="10"/>
<podcast:alternateEnclosure type="audio/ogg"><podcast:source uri="ipfs://x"/></podcast:alternateEnclosure>
</item>
<item>
<title>The First</title>
<link>https://show.example/1.html</link>
<description>Words.</description>
<guid>https://show.example/1.html</guid>
<pubDate>Mon, 30 Dec 2024 06:00:00 GMT</pubDate>
<enclosure url="https://show.example/1.m4a" length="9" type="audio/x-m4a"/>
<itunes:episode>1</itunes:episode>
</item>
</channel>
</rss>
"""

FEED_BREAKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "X1": ("</rss>", ""),
        "X2": ('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
        "X2c": ('<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>'),
        "X2b": ("<?xml", "\ufeff<?xml"),
        "X3": ("Tea — and", "Tea â€” and â€™s"),
        "X4": ('<rss version="2.0"', '<rss version="0.91"'),
        "X5": ("https://podcastindex.org/namespace/1.0", "http://podcastindex.org/namespace/1.0/"),
        "X5b": ('"http://www.w3.org/2005/Atom"', '"http://www.w3.org/2005/atom"'),
        "X6": (">The Second<", "> The Second<"),
        "X6b": (">The Second<", f">{'x' * 256}<"),
        "X7": ("<pubDate>Mon, 30 Dec 2024 06:00:00 GMT</pubDate>", "<pubdate>Mon</pubdate>"),
        "X8": ("Words.", "x" * 5_000_001),
        "X9": ("Tea &amp; Tides", "Tea &amp;amp; Tides"),
        "X10": ("<title>The First</title>", "<title>The First</title><title>The First</title>"),
        "X5c": ("atom", "a10"),
        "X9b": (">The Second<", ">The &lt;b&gt;Second&lt;/b&gt;<"),
        "U1": ("<link>https://show.example/1.html", "<link>/1.html"),
        "U1b": ("<link>https://show.example/1.html", "<link>https://show.example/1%2520a.html"),
        "U2": ("https://show.example/1.m4a", "http://show.example/1.m4a"),
        "U2b": ("https://show.example/chapters", "http://show.example/chapters"),
        "C1": ("<title>Tea &amp; Tides</title>", ""),
        "C2": ("<description>About Tea — and tides.</description>", ""),
        "C2b": ("About Tea — and tides.", "é" * 2001),
        "C3": ("<link>https://show.example/</link>\n", ""),
        "C4": ("en-GB", "english"),
        "C5": ('text="Courses"', 'text="Gadgets"'),
        "C6": ("tegory>\n<itunes:explicit>false", "tegory>\n<itunes:explicit>no"),
        "C7": ('href="https://show.example/a.jpg"', 'href="https://show.example/a.webp"'),
        "C8": ('href="https://show.example/feed.xml"', 'href="https://other.example/feed.xml"'),
        "C9": ('<podcast:locked owner="robin@show.example">yes</podcast:locked>', ""),
        "C9b": (">yes</podcast:locked>", ">true</podcast:locked>"),
        "C10": ("<podcast:guid>18b54d9d-b7b5-5ad1-b568-c3d3782406f4</podcast:guid>", ""),
        "C10c": ("18b54d9d", "18b54d9e"),
        "C10b": ("18b54d9d-", ""),
        "C11": ("<itunes:author>Robin Seed</itunes:author>", ""),
        "C12": ("<copyright>", "<copyright>© 2024 "),
        "C13": (">serial<", ">weekly<"),
        "C14": (">Yes<", ">true<"),
        "C15": ("<itunes:email>robin@show.example</itunes:email>", ""),
        "C15b": ("<itunes:email>robin@show.example", "<itunes:email>robin at show"),
        "C16": ("item>", "source>"),
        "C18": ("<ttl>60", "<ttl>an hour"),
        "C19": ("<itunes:new-feed-url>https://show.example/feed.xml", "<itunes:new-feed-url>feed.xml"),
        "C20": ("<itunes:complete>", "<itunes:block>Yes</itunes:block><itunes:complete>"),
        "C21": ("robin@show.example (Robin Seed)", "Robin Seed"),
        "C22": ("<title>Tea</title>", ""),
        "C23": ("<itunes:complete>", "<itunes:keywords>tea</itunes:keywords><itunes:complete>"),
        "C24": ("<ttl>60", "<skipDays><day>Mon</day></skipDays><ttl>60"),
        "I1": ("<title>The First</title>", ""),
        "I1b": ("<title>The First</title>", "<title>Ep. 1 The First</title>"),
        "I2": ('<enclosure url="https://show.example/1.m4a" length="9" type="audio/x-m4a"/>', ""),
        "I3": ('url="https://show.example/1.m4a"', ""),
        "I3b": ("audio/x-m4a", "audio/mpeg"),
        "I3c": ('1.m4a" length="9" type="audio/x-m4a"', '1.ogg" length="9" type="audio/ogg"'),
        "I4": ('length="9"', 'length="0"'),
        "I5": ("<guid>https://show.example/1.html</guid>", ""),
        "I5b": ("<guid>https://show.example/1.html</guid>", "<guid>one</guid>"),
        "I5c": (">two</guid>", f">{'x' * 741}</guid>"),
        "I5d": (">two</guid>", ">https://show.example/1.html</guid>"),
        "I6": ("Mon, 30 Dec 2024", "Sun, 30 Dec 2024"),
        "I6b": ("Tue, 31 Dec 2024 06:00:00 +0000</pubDate>\n<encl", "Thu, 31 Dec 2026 06:00:00 +0000</pubDate>\n<encl"),
        "I7": ("<description>Words.</description>", ""),
        "I7b": ("Words.", "x" * 4001),
        "I7c": ("Words.", "&lt;b&gt;Words."),
        "I7d": ("Words.", "&lt;a href='https://a.example/' onclick='x()'&gt;Words&lt;/a&gt;"),
        "I7h": ("Words.", "&lt;b style='position:fixed'&gt;Words&lt;/b&gt;"),
        "I7e": ("Words.", "&lt;a href='/x'&gt;Words&lt;/a&gt;"),
        "I7f": ("Words.", "&lt;h1&gt;Words&lt;/h1&gt;"),
        "I7g": ("Words.", "<b>Words</b>"),
        "I8": (">600<", ">PT10M<"),
        "I8b": (">600<", ">10:00<"),
        "I9": ('<itunes:image href="https://show.example/2.png"', '<itunes:image href="https://show.example/2.gif"'),
        "I10": ("2.png\"/>\n<itunes:explicit>false", "2.png\"/>\n<itunes:explicit>clean"),
        "I11": ("<itunes:episode>1<", "<itunes:episode>0<"),
        "I12": ("<itunes:season>1<", "<itunes:season>I<"),
        "I13": (">full<", ">normal<"),
        "I14": ("<itunes:episode>1</itunes:episode>", ""),
        "I15": ('1.m4a" length="9" type="audio/x-m4a', '2.mp3" length="9" type="audio/mpeg'),
        "I15b": ("<itunes:episode>1<", "<itunes:season>1</itunes:season><itunes:episode>2<"),
        "I16": ("<link>https://show.example/1.html</link>", ""),
        "I17": ("Mon, 30 Dec 2024", "Wed, 01 Jan 2025"),
        "I18": ("<p>More.</p>", ""),
        "P1": ('type="text/vtt"', 'type="vtt"'),
        "P1b": ("transcripts/2.vtt", "transcripts/2.srt"),
        "P1c": ('rel="captions"', 'rel="subtitles"'),
        "P1d": ('language="en"', 'language="english"'),
        "P1e": ("application/x-subrip", "application/srt"),
        "P2": ("application/json+chapters", "text/json"),
        "P2b": ("application/json+chapters", "application/json"),
        "P3": ("<podcast:medium>podcast</podcast:medium>", "<podcast:mediums/>"),
        "P3b": ("<itunes:complete>", '<podcast:episode>1</podcast:episode><itunes:complete>'),
        "P3c": ("<podcast:medium>", "<podcast:medium>podcast</podcast:medium><podcast:medium>"),
        "P3d": ('<podcast:image href="https://show.example/2.png"', "<podcast:image"),
        "P3e": ('role="Guest"', 'name="Fern"'),
        "P3f": ('display="Two"', 'display=""'),
        "P3g": ("https://show.example/give", "show.example/give"),
        "P4": (">Fern<", "><"),
        "P4b": ('role="Guest"', 'role="Gast"'),
        "P6": (">Give<", "><"),
        "P6b": (">Give<", f">{'x' * 129}<"),
        "P7": ('startTime="10.5"', 'startTime="590"'),
        "P7b": ('duration="60"', 'duration="5"'),
        "P8": ('name="One">1<', 'name="One">I<'),
        "P8b": ('name="One">1<', 'name="One">3<'),
        "P9": ('display="Two">2<', 'display="Two">two<'),
        "P9b": ('display="Two">2<', 'display="Two">3<'),
        "P10": ("geo:52.52,13.405", "52.52,13.405"),
        "P11": (">cc-by-4.0<", ">mine<"),
        "P12": (">podcast</podcast:medium>", ">radio</podcast:medium>"),
        "P13": ('pubdate="Tue, 31 Dec 2024', 'pubdate="Dec 31'),
        "P14": ('purpose="verify"', f'purpose="{"x" * 129}"'),
        "P15": ('split="100"', 'split="all"'),
        "P17": (">no</podcast:block>", ">false</podcast:block>"),
        "P18": ('status="pending"', 'status="soon"'),
        "P19": ("<podcast:txt", '<podcast:images srcset="https://show.example/a.jpg 1500w"/><podcast:txt'),
        "P20": ('<podcast:source uri="ipfs://x"/>', ""),
    }
)  # fmt: skip
"""Rule → what is replaced by what, wherever it stands in the feed."""

CHAPTERS: Final = """{"version": "1.2.0", "title": "The Second", "chapters": [
{"startTime": 0, "title": "Start", "endTime": 10, "url": "https://a.example/"},
{"startTime": 10, "title": "Middle", "img": "https://a.example/a.jpg", "toc": true},
{"startTime": 500.5, "title": "End", "location": {"name": "Berlin", "geo": "geo:52.52,13.405"}}
]}
"""
CHAPTER_BREAKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "CH1": ('"title": "Start"', '"title": "Start", "title": "Start"'),
        "CH2": ('"version": "1.2.0"', '"version": 1.2'),
        "CH3": ('"toc": true', '"listed": true'),
        "CH3b": ('"title": "The Second"', '"title": 2'),
        "CH4": (CHAPTERS[CHAPTERS.index("[") :], "[]}"),
        "CH5": ('"startTime": 10,', '"startTime": "0:10",'),
        "CH6": ('"startTime": 10,', '"startTime": 501,'),
        "CH6b": ('"startTime": 10,', '"startTime": 0,'),
        "CH7": ("500.5", "700"),
        "CH8": ('"endTime": 10', '"endTime": 0'),
        "CH9": ('"title": "Middle"', '"title": " "'),
        "CH9b": ("https://a.example/a.jpg", "a.jpg"),
        "CH10": ('"title": "Middle", ', ""),
        "CH11": ('"toc": true', '"toc": "yes"'),
        "CH12": ("Middle", "<b>Middle</b>"),
        "CH13": ("geo:52.52,13.405", "52.52,13.405"),
        "CH14": ('"startTime": 0,', '"startTime": 5,'),
    }
)

VTT: Final = """WEBVTT

NOTE made by hand

first
00:01.000 --> 00:00:04.000 line:90%
<v Fern>Tea &amp; tides

00:00:04.000 --> 00:00:08.000
<v Robin>Of <i>all</i> kinds.
"""
VTT_BREAKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "T1": ("tides", "tides\x07"),
        "T1b": ("&amp; tides", "&amp;\rtides"),
        "T2": ("00:00:08.000", "0:08"),
        "T3": ("00:00:08.000", "00:00:04.000"),
        "T4": ("00:00:04.000 --> 00:00:08.000", "00:00:00.500 --> 00:00:08.000"),
        "T4b": ("00:01.000 --> 00:00:04.000", "00:01.000 --> 00:00:04.500"),
        "T5": ("<v Robin>Of <i>all</i> kinds.", " "),
        "T6": ("00:00:04.000 --> 00:00:08.000", "00:11:04.000 --> 00:11:08.000"),
        "T6b": ("00:00:08.000", "00:11:08.000"),
        "T7": ("00:00:08.000", "00:00:48.000"),
        "T8": ("kinds", "k" * 66),
        "T9": ("line:90%", "left"),
        "T10": ("&amp;", "&"),
        "T11": ("00:00:04.000 --> 00:00:08", "first\n00:00:04.000 --> 00:00:08"),
    }
)

SRT: Final = """1
00:00:01,000 --> 00:00:04,000
Fern: Tea & tides

2
00:00:04,000 --> 00:00:08,000
Robin: Of all kinds.
"""
SRT_BREAKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"T2b": ("2\n00", "3\n00"), "T13": ("&", "&amp;"), "T12": ("kinds", "sorts")}
)

SEGMENTS: Final = """{"version": "1.0.0", "segments": [
{"speaker": "Fern", "startTime": 1, "endTime": 4, "body": "Tea & tides"},
{"speaker": "Robin", "startTime": 4.0, "endTime": 8, "body": "Of all kinds."}
]}
"""
SEGMENT_BREAKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "TJ1": ('"version": "1.0.0", ', ""),
        "TJ2": ('"endTime": 8', '"endTime": 4'),
        "TJ3": ('"body": "Of all kinds."', '"body": ""'),
        "TJ4": ('"startTime": 1,', '"startTime": 4.5, "end": 1,'),
        "TJ5": ('"startTime": 4.0, "endTime": 8', '"startTime": 700'),
    }
)
