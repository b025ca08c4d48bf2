"""Rules of one episode: an item of the feed.

Spec: https://help.apple.com/itc/podcasts_connect/#/itcb54353390,
https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from feedbuilder.check import specs
from feedbuilder.check.feed import Item, at, attribute, text_of
from feedbuilder.check.rules import DIRECTORIES, Faults, rule, shortened
from feedbuilder.check.values import MAX_DESCRIPTION_BYTES, date_flaw, is_picture, length_bytes
from feedbuilder.check.vocabulary import is_address

_MAX_GUID: Final = 740
_NUMBERED = re.compile(r"(?:ep(?:isode|\.)?|folge|#)\s*#?\d+\b|s\d+\s?e\d+\b|\d+\s*[:|–—-]\s", re.IGNORECASE)


def ending_of(url: str) -> str:
    """Return the ending of the file an address names, in lower case and without the dot.

    >>> ending_of("https://a.example/x.MP3?source=feed")
    'mp3'
    """
    try:
        return PurePosixPath(urlsplit(url).path).suffix[1:].lower()
    except ValueError:
        return ""


@rule(
    "I1",
    "An episode has a title",
    error="apple psp1 spotify rss",
    spec=specs.RSS,
    remedy="give the item a <title>",
    key="title",
)
def _title(item: Item) -> Faults:
    if not item.text("title"):
        yield at(item.element, "it has no <title>")


@rule(
    "I1b",
    "A title does not begin with the episode's number",
    info="apple psp1",
    spec=specs.APPLE,
    key="title",
    remedy="leave the number to <itunes:episode>; apps show it before the title",
)
def _title_without_number(item: Item) -> Faults:
    if _NUMBERED.match(item.text("title")):
        yield at(item.all("title")[0], f"{shortened(item.text('title'), 50)} begins with a number")


@rule(
    "I5",
    "An episode has one guid",
    error=DIRECTORIES,
    spec=specs.APPLE,
    key="guid",
    remedy="give the item one <guid>, and never change it",
)
def _one_guid(item: Item) -> Faults:
    found = item.all("guid")
    if len(found) != 1 or not item.guid:
        said = "its <guid> is empty" if len(found) == 1 else f"it has {len(found) or 'no'} <guid>"
        yield at(found[-1] if found else item.element, said)


@rule(
    "I5b",
    "A guid that is no address says so with isPermaLink=false",
    error="rss apple",
    spec=specs.w3c("InvalidPermalink"),
    key="guid",
    remedy="write isPermaLink='false'; the guid itself may stay",
)
def _permalink(item: Item) -> Faults:
    for found in item.all("guid"):
        said = attribute(found, "isPermaLink").strip().casefold()
        if others := sorted(str(name) for name in found.attrib if name != "isPermaLink"):
            yield at(found, f"{', '.join(others)} is no attribute of it; isPermaLink is")
        if said not in ("", "true", "false"):
            yield at(found, f"isPermaLink is {shortened(said)}, neither true nor false")
        elif said != "false" and item.guid and not is_address(item.guid):
            yield at(found, f"{shortened(item.guid)} is no address that could be opened")


@rule(
    "I5c",
    "A guid has at most 740 characters",
    error="podcast-index",
    spec=specs.PODCAST_INDEX,
    key="guid",
    remedy="a shorter one, for new episodes only",
)
def _guid_length(item: Item) -> Faults:
    if len(item.guid) > _MAX_GUID:
        yield at(item.all("guid")[0], f"it has {len(item.guid)} characters")


@rule(
    "I6",
    "An episode has a date of RFC 2822 with a four-digit year, English names and the right weekday",
    error="apple psp1 spotify rss",
    spec=specs.RSS,
    key="dateadded",
    remedy="write it as Tue, 31 Dec 2024 06:00:00 +0000",
)
def _publish_date(item: Item) -> Faults:
    found = item.first("pubDate")
    if found is None:
        if not item.is_live:
            yield at(item.element, "it has no <pubDate>")
    elif flaw := date_flaw(text_of(found).strip()):
        yield at(found, flaw)


@rule(
    "I7",
    "An episode has a description",
    warning="apple psp1 rss",
    spec=specs.RSS,
    key="intro",
    remedy="tell in <description> what it is about",
)
def _description(item: Item) -> Faults:
    if not item.text("description") and not item.is_live:
        yield at(item.element, "it has no <description>")


@rule(
    "I7b",
    "An episode's description has at most 4,000 bytes",
    error="apple psp1",
    spec=specs.APPLE,
    key="intro",
    remedy="shorten it; the rest goes into content:encoded",
)
def _description_fits(item: Item) -> Faults:
    size = length_bytes(item.text("description"))
    if size > MAX_DESCRIPTION_BYTES:
        yield at(item.all("description")[0], f"it has {size:,} bytes; 4,000 are taken")


@rule(
    "I9",
    "The address of an episode's artwork ends in .jpg, .jpeg or .png",
    error=DIRECTORIES,
    spec=specs.APPLE_ARTWORK,
    key="image",
    remedy="square JPEG or PNG artwork, or none",
)
def _artwork(item: Item) -> Faults:
    for found in item.all("itunes:image"):
        if not is_picture(attribute(found, "href")):
            said = shortened(attribute(found, "href")) if found.get("href") else "an image without href"
            yield at(found, f"{said} does not end in .jpg, .jpeg or .png", attribute="href")


@rule(
    "I10",
    "Whether an episode is explicit is told by true or false",
    error="apple psp1 rss",
    spec=specs.APPLE,
    key="explicit",
    remedy="write true or false",
)
def _explicit(item: Item) -> Faults:
    for found in item.all("itunes:explicit"):
        if text_of(found) not in ("true", "false"):
            yield at(found, f"{shortened(text_of(found))} is neither true nor false")


@rule(
    "I11",
    "The number of an episode is a whole one from 1",
    error="apple psp1",
    spec=specs.APPLE,
    key="episode",
    remedy="write a whole number from 1",
)
def _episode_number(item: Item) -> Faults:
    for found in item.all("itunes:episode"):
        if not re.fullmatch(r"0*[1-9]\d*", text_of(found).strip()):
            yield at(found, f"{shortened(text_of(found))} is no whole number from 1")


@rule(
    "I12",
    "The number of a season is a whole one from 1",
    error="apple psp1",
    spec=specs.APPLE,
    key="season",
    remedy="write a whole number from 1",
)
def _season_number(item: Item) -> Faults:
    for found in item.all("itunes:season"):
        if not re.fullmatch(r"0*[1-9]\d*", text_of(found).strip()):
            yield at(found, f"{shortened(text_of(found))} is no whole number from 1")


@rule(
    "I13",
    "The type of an episode is full, trailer or bonus",
    error="apple psp1",
    spec=specs.APPLE,
    key="type",
    remedy="write full, trailer or bonus",
)
def _episode_type(item: Item) -> Faults:
    for found in item.all("itunes:episodeType"):
        if text_of(found).strip().casefold() not in ("full", "trailer", "bonus"):
            yield at(found, f"{shortened(text_of(found))} is not full, trailer or bonus")


@rule(
    "I16",
    "An episode has a link to its page",
    info="psp1",
    spec=specs.PSP,
    key="link",
    remedy="name the episode's page in <link>",
)
def _link(item: Item) -> Faults:
    if not item.text("link") and not item.is_live:
        yield at(item.element, "it has no <link>")


RULES: Final = (
    _title, _title_without_number, _one_guid, _permalink, _guid_length, _publish_date, _description,
    _description_fits, _artwork, _explicit, _episode_number, _season_number, _episode_type, _link,
)  # fmt: skip
