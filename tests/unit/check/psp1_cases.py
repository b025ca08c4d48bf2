"""What PSP-1 asks of a feed, one line for each demand, with a feed that fails it and one that does not.

Spec: https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification, whose list for certification is that
of the elements: required, recommended, optional.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from small_feed import RSS, feed


class Demand(NamedTuple):
    """One demand, the rules that see it broken, a feed that breaks it and one that does not."""

    strength: str
    text: str
    ours: str
    failing: str
    passing: str = feed()


REQUIRED: Final = (
    Demand("required", "XML in UTF-8, said to be", "X2c", feed().replace(' encoding="UTF-8"', "")),
    Demand("required", "no byte order mark", "X2b", f"\ufeff{feed()}"),
    Demand("required", "`rss` of version 2.0", "X4", feed(rss=RSS.replace("2.0", "2.1"))),
    Demand("required", "the namespace of iTunes on `rss`", "X5 X5b", feed(rss=RSS.replace("dtds/podcast",
           "DTDs/Podcast"))),
    Demand("required", "the namespace of podcast on `rss`", "X5 X5b",
           feed(rss=RSS.replace("https://podcastindex", "http://podcastindex"))),
    Demand("required", "the namespace of Atom on `rss`", "X5 X5b", feed(rss=RSS.replace("2005/Atom", "2005/atom"))),
    Demand("required", "values without space at their ends", "X6", feed(item="<title> Green</title>")),
    Demand("required", "values of at most 255 characters, where nothing else is said", "X6b",
           feed(item=f"<title>{'x' * 256}</title>"), feed(item=f"<title>{'x' * 255}</title>")),
    Demand("required", "`atom:link` with `rel=self`", "C8", feed("-atom:link")),
    Demand("required", "its type application/rss+xml", "C8",
           feed('<atom:link rel="self" type="application/atom+xml" href="https://a.example/feed.xml"/>')),
    Demand("required", "channel `title`", "C1", feed("-title")),
    Demand("required", "channel `description`", "C2", feed("-description")),
    Demand("required", "channel `description` of at most 4,000 bytes", "C2b",
           feed(f"<description>{'é' * 2001}</description>"), feed(f"<description>{'é' * 2000}</description>")),
    Demand("required", "channel `link`", "C3", feed("-link")),
    Demand("required", "`language`", "C4", feed("-language")),
    Demand("required", "`language` of ISO 639", "C4", feed("<language>English</language>"),
           feed("<language>pt-BR</language>")),
    Demand("required", "`itunes:category`", "C5", feed("-itunes:category")),
    Demand("required", "`itunes:category` of Apple's list", "C5", feed('<itunes:category text="Tea"/>'),
           feed('<itunes:category text="Arts"><itunes:category text="Food"/></itunes:category>')),
    Demand("required", "channel `itunes:explicit`", "C6", feed("-itunes:explicit")),
    Demand("required", "channel `itunes:explicit` true or false", "C6",
           feed("<itunes:explicit>clean</itunes:explicit>"),
           feed("<itunes:explicit>true</itunes:explicit>")),
    Demand("required", "channel `itunes:image`", "C7", feed("-itunes:image")),
    Demand("required", "channel `itunes:image` a JPEG or PNG", "C7",
           feed('<itunes:image href="https://a.example/a.webp"/>'),
           feed('<itunes:image href="https://a.example/a.png"/>')),
    Demand("required", "item `title`", "I1", feed(item="-title")),
    Demand("required", "`enclosure`", "I2", feed(item="-enclosure")),
    Demand("required", "`enclosure@url`", "I3", feed(item='<enclosure length="9" type="audio/mpeg"/>')),
    Demand("required", "`enclosure@length` in bytes", "I4",
           feed(item='<enclosure url="https://a.example/1.mp3" length="9 MB" type="audio/mpeg"/>')),
    Demand("required", "`enclosure@type`", "I3b", feed(item='<enclosure url="https://a.example/1.mp3" length="9"/>')),
    Demand("required", "`enclosure@type` of the file's kind", "I3b",
           feed(item='<enclosure url="https://a.example/1.m4a" length="9" type="audio/mpeg"/>'),
           feed(item='<enclosure url="https://a.example/1.m4a" length="9" type="audio/x-m4a"/>')),
    Demand("required", "`guid`", "I5", feed(item="-guid")),
    Demand("required", "a `guid` for each episode", "I5d", feed(other='<guid isPermaLink="false">one</guid>'),
           feed(other="")),
)  # fmt: skip
RECOMMENDED: Final = (
    Demand("recommended", "`podcast:locked`", "C9", feed("-podcast:locked")),
    Demand("recommended", "`podcast:locked` yes or no", "C9b", feed("<podcast:locked>true</podcast:locked>"),
           feed("<podcast:locked>no</podcast:locked>")),
    Demand("recommended", "`podcast:guid`", "C10", feed("-podcast:guid")),
    Demand("recommended", "`podcast:guid` a UUID", "C10b", feed("<podcast:guid>tea</podcast:guid>")),
    Demand("recommended", "`podcast:guid` made of the feed's address", "C10c",
           feed("<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>")),
    Demand("recommended", "`itunes:author`", "C11", feed("-itunes:author")),
    Demand("recommended", "item `link`", "I16", feed(item="-link")),
    Demand("recommended", "item `pubDate`", "I6", feed(item="-pubDate")),
    Demand("recommended", "item `pubDate` of RFC 2822", "I6", feed(item="<pubDate>2024-12-31</pubDate>")),
    Demand("recommended", "item `description`", "I7", feed(item="-description")),
    Demand("recommended", "item `description` of at most 4,000 bytes", "I7b",
           feed(item=f"<description>{'x' * 4001}</description>"),
                feed(item=f"<description>{'x' * 4000}</description>")),
    Demand("recommended", "item `description` of few elements", "I7f",
           feed(item="<description>&lt;h1&gt;x&lt;/h1&gt;</description>"),
           feed(item="<description>&lt;p&gt;&lt;b&gt;x&lt;/b&gt;&lt;/p&gt;</description>")),
    Demand("recommended", "`itunes:duration` in seconds", "I8", feed(item="<itunes:duration>1h</itunes:duration>"),
           feed(item="<itunes:duration>95</itunes:duration>")),
    Demand("recommended", "item `itunes:image` a JPEG or PNG", "I9",
           feed(item='<itunes:image href="https://a.example/1.gif"/>'),
           feed(item='<itunes:image href="https://a.example/1.jpeg"/>')),
    Demand("recommended", "item `itunes:explicit` true or false", "I10",
           feed(item="<itunes:explicit>no</itunes:explicit>"), feed(item="<itunes:explicit>true</itunes:explicit>")),
    Demand("recommended", "`podcast:transcript` with url and type", "P3d",
           feed(item='<podcast:transcript url="https://a.example/1.vtt"/>'),
           feed(item='<podcast:transcript url="https://a.example/1.vtt" type="text/vtt"/>')),
    Demand("recommended", "`podcast:transcript` of a known type", "P1",
           feed(item='<podcast:transcript url="https://a.example/1.vtt" type="text/x"/>'),
           feed(item='<podcast:transcript url="https://a.example/1.srt" type="application/x-subrip"/>')),
)  # fmt: skip
OPTIONAL: Final = (
    Demand("optional", "`copyright` without the word, the sign or a year", "C12",
           feed("<copyright>Copyright 2024 Robin</copyright>"), feed("<copyright>Robin</copyright>")),
    Demand("optional", "`podcast:txt` of at most 4,000 characters", "P6b",
           feed(f"<podcast:txt>{'x' * 4001}</podcast:txt>"), feed(f"<podcast:txt>{'x' * 4000}</podcast:txt>")),
    Demand("optional", "`podcast:txt@purpose` of at most 128 characters", "P14",
           feed(f'<podcast:txt purpose="{"x" * 129}">x</podcast:txt>'),
           feed(f'<podcast:txt purpose="{"x" * 128}">x</podcast:txt>')),
    Demand("optional", "`podcast:funding@url`", "P3d", feed("<podcast:funding>Give</podcast:funding>"),
           feed('<podcast:funding url="https://a.example/give">Give</podcast:funding>')),
    Demand("optional", "`itunes:type` episodic or serial", "C13", feed("<itunes:type>weekly</itunes:type>"),
           feed("<itunes:type>episodic</itunes:type>")),
    Demand("optional", "`itunes:complete` yes", "C14", feed("<itunes:complete>true</itunes:complete>"),
           feed("<itunes:complete>yes</itunes:complete>")),
    Demand("optional", "`itunes:episode` a number from 1", "I11", feed(item="<itunes:episode>0</itunes:episode>"),
           feed(item="<itunes:episode>1</itunes:episode>")),
    Demand("optional", "`itunes:episode` in a serial show", "I14", feed("<itunes:type>serial</itunes:type>"),
           feed("<itunes:type>serial</itunes:type>", "<itunes:episode>1</itunes:episode>")),
    Demand("optional", "`itunes:season` a number from 1", "I12", feed(item="<itunes:season>one</itunes:season>"),
           feed(item="<itunes:season>1</itunes:season>")),
    Demand("optional", "`itunes:episodeType` full, trailer or bonus", "I13",
           feed(item="<itunes:episodeType>teaser</itunes:episodeType>"),
           feed(item="<itunes:episodeType>bonus</itunes:episodeType>")),
)  # fmt: skip
DEMANDS: Final = (*REQUIRED, *RECOMMENDED, *OPTIONAL)
