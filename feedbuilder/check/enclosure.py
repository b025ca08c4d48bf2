"""Rules of an episode's audio or video: its enclosure and its duration.

Spec: https://help.apple.com/itc/podcasts_connect/#/itcb54353390, https://www.rssboard.org/rss-specification (2.0.11)
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from feedbuilder.check import specs
from feedbuilder.check.feed import Item, at, attribute, text_of
from feedbuilder.check.rules import EVERYONE, Faults, rule, shortened
from feedbuilder.vocabulary.media import APPLE_EXTENSIONS, MEDIA_TYPES


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
    "I2",
    "An episode has one enclosure",
    error="apple spotify youtube podcast-index psp1",
    spec=specs.APPLE,
    key="audio",
    remedy="give the item one <enclosure>; without it apps do not show the episode",
    in_archive="say where the audio is: audio: in the episode, or audio.table or audio.folder in the config",
)
def _one_enclosure(item: Item) -> Faults:
    count = len(item.all("enclosure"))
    if count == 0 and not (item.is_live and item.all("podcast:alternateEnclosure")):
        yield at(item.element, "it has no <enclosure>")
    elif count > 1:
        yield at(item.all("enclosure")[1], f"it has {count} enclosures; apps take the first")


@rule(
    "I3",
    "An enclosure has an address",
    error=EVERYONE,
    spec=specs.RSS,
    remedy="name the audio by its whole address",
    key="audio.url",
)
def _enclosure_has_address(item: Item) -> Faults:
    for enclosure in item.all("enclosure"):
        if not attribute(enclosure, "url").strip():
            yield at(enclosure, "it has no address", attribute="url")


@rule(
    "I3c",
    "The address of an enclosure ends as one of the six kinds of file that Apple plays",
    error="apple psp1",
    spec=specs.APPLE,
    remedy="name the file .mp3 or .m4a, as what it is",
    key="audio.url",
)
def _enclosure_ending(item: Item) -> Faults:
    for enclosure in item.all("enclosure"):
        url = attribute(enclosure, "url")
        if url and ending_of(url) not in APPLE_EXTENSIONS and not item.is_live:
            yield at(enclosure, f"{shortened(url)} does not end in {', '.join(sorted(APPLE_EXTENSIONS))}")


@rule(
    "I3b",
    "The type of an enclosure is the one of its ending",
    error="apple psp1 rss",
    spec=specs.APPLE,
    remedy="write the type that belongs to the ending",
    key="audio.type",
)
def _enclosure_type(item: Item) -> Faults:
    for enclosure in item.all("enclosure"):
        kind, ending = attribute(enclosure, "type").strip().lower(), ending_of(attribute(enclosure, "url"))
        accepted = MEDIA_TYPES.get(ending)
        if not kind:
            yield at(enclosure, "it has no type", attribute="type")
        elif accepted and kind not in accepted:
            yield at(enclosure, f"{shortened(kind)} is not the type of .{ending}; {accepted[0]} is", attribute="type")


@rule(
    "I4",
    "The length of an enclosure is its size in bytes",
    error="apple psp1 rss",
    spec=specs.RSS,
    remedy="write the size of the file in bytes",
    key="audio.length",
)
def _enclosure_length(item: Item) -> Faults:
    for enclosure in item.all("enclosure"):
        length = attribute(enclosure, "length")
        if not re.fullmatch(r"\d+", length) or int(length) == 0:
            said = f"{shortened(length)} is no size in bytes" if length else "it has no length"
            yield at(enclosure, said, attribute="length")


@rule(
    "I8",
    "A duration is a number of seconds or [HH:]MM:SS, above 0",
    error="apple psp1",
    spec=specs.APPLE,
    key="duration",
    remedy="write seconds, or H:MM:SS",
)
def _duration(item: Item) -> Faults:
    for found in item.all("itunes:duration"):
        text = text_of(found).strip()
        if not re.fullmatch(r"\d+(\.\d+)?|(\d+:)?\d{1,2}:[0-5]\d", text):
            yield at(found, f"{shortened(text)} is no duration")
        elif not re.search(r"[1-9]", text):
            yield at(found, f"{shortened(text)} is no length of time")


@rule(
    "I8b",
    "A duration is told in whole seconds",
    info="apple",
    spec=specs.APPLE,
    key="duration",
    remedy="write whole seconds: 3909",
)
def _duration_in_seconds(item: Item) -> Faults:
    for found in item.all("itunes:duration"):
        text = text_of(found).strip()
        if re.search(r"[:.]", text):
            yield at(found, f"{shortened(text)} is not in whole seconds")


RULES: Final = (
    _one_enclosure, _enclosure_has_address, _enclosure_ending, _enclosure_type, _enclosure_length, _duration,
    _duration_in_seconds,
)  # fmt: skip
