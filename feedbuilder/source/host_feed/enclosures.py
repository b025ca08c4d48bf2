"""The audio of a host's item: the first enclosure that plays, wherever the host put it.

Spec: RSS 2.0 `<enclosure>`; Media RSS 1.5.1 https://www.rssboard.org/media-rss
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element

from feedbuilder.model import Enclosure
from feedbuilder.source.host_feed.elements import Children, Names, attribute, text_of
from feedbuilder.source.host_feed.urls import address
from feedbuilder.source.host_feed.values import parse_length
from feedbuilder.vocabulary.media import MEDIA_TYPES

Tell = Callable[[str, str], None]
"""Takes a message and a remedy."""

_MP3_NAMES = frozenset(
    {
        "audio/mp3",
        "audio/mpeg3",
        "audio/x-mpeg-3",
        "audio/x-mp3",
        "audio/x-mpeg",
        "audio/mpg",
        "audio/mpeg-3",
        "mp3",
        "audio",
    }
)
_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_GROUPED_NUMBER = re.compile(r"\d{1,3}(?:[,. '\u00a0\u202f]\d{3})+|\d{1,15}(?:\.0+)?")
_SMALLEST_AUDIO = 1000  # bytes: hosts write 0 or 1 where they do not know
_TRACKERS = re.compile(r"\.(mp3|m4a|mp4|m4v|mov|ogg|opus|wav|flac|aac|pdf)(?=[/?&]|$)", re.IGNORECASE)


class _Candidate(NamedTuple):
    url: str
    stated_type: str
    length: str | None
    duration: str | None

    @property
    def ending(self) -> str:
        ending = PurePosixPath(unquote(urlsplit(self.url).path)).suffix.lower().removeprefix(".")
        if ending not in MEDIA_TYPES and (inside := _TRACKERS.findall(self.url)):
            ending = inside[-1].lower()  # …/episode.mp3/default.php and …?file=episode.mp3
        return ending

    @property
    def mime_type(self) -> str | None:
        """What the file is: the stated type if it is one, else what the ending says."""
        stated = self.stated_type.partition(";")[0].strip().lower()
        if stated in _MP3_NAMES:
            return "audio/mpeg"
        if (_TYPE.fullmatch(stated) and stated.startswith(("audio/", "video/"))) or stated in {
            "application/ogg",
            "application/pdf",
        }:
            return stated
        if stated.startswith("image/") and self.ending not in MEDIA_TYPES:
            return None
        return MEDIA_TYPES[self.ending][0] if self.ending in MEDIA_TYPES else None


def read_enclosure(
    children: Children, names: Names, base: str | None, duration_ms: int | None, tell: Tell
) -> Enclosure | None:
    """Return an item's first playable file, else its first PDF, with the item's duration; None where it has neither."""
    found = list(_candidates(children, names, base, tell))
    if not found:
        tell("the item has no enclosure, so no audio", "nothing to do if it is a text; else ask the host")
        return None
    readable = [(one, kind) for one in found if (kind := one.mime_type)]
    playable = [(one, kind) for one, kind in readable if kind != "application/pdf"]
    if not (playable or readable) and (unknown := [one for one in found if not _is_other(one)]):
        tell(
            "the enclosure has no type, and its address no ending that tells; it is taken for MP3",
            "ask the host what it is",
        )
        playable = [(unknown[0], "audio/mpeg")]
    if not (playable or readable):
        tell(
            f"the enclosure is neither audio nor video: {found[0].stated_type or found[0].url}",
            "ask the host for the audio's address",
        )
        return None
    one, mime_type = (playable or readable)[0]
    _tell_type(one, mime_type, tell)
    others = {other.url for other, _ in playable} - {one.url}
    if others:
        tell(
            f"the item has {len(others) + 1} playable files; the first is taken: {one.url}",
            "look whether it is the right one",
        )
    twins = [other for other in found if other.url == one.url]
    length_bytes = next((size for twin in twins if (size := _length(twin.length))), None)
    if length_bytes is None:
        stated = one.length or ""
        tell(
            f"the enclosure's length is {f'{stated[:40]!r}' if stated else 'missing'}; it is taken as unknown",
            "give the size in the audio table, or ask the host",
        )
    if duration_ms is None:
        duration_ms = next((length for twin in twins if (length := _duration(twin.duration))), None)
    return Enclosure(url=one.url, mime_type=mime_type, length_bytes=length_bytes, duration_ms=duration_ms)


def _candidates(children: Children, names: Names, base: str | None, tell: Tell) -> Iterator[_Candidate]:
    for element in _elements(children, names):
        raw = attribute(element, "url", "href", "src") or text_of(element)
        url = address(raw, base)
        if url is None:
            wrong = f"an enclosure's address cannot be opened: {raw[:200]!r}" if raw else "an enclosure has no address"
            tell(wrong, "ask the host for the audio's address")
            continue
        kind = attribute(element, "type") or ""
        if not kind and (medium := attribute(element, "medium")) in {"image", "document"}:
            kind = f"image/{medium}"
        size = attribute(element, "length", "fileSize")
        yield _Candidate(url, kind, size, attribute(element, "duration"))


def _elements(children: Children, names: Names) -> Iterator[_Element]:
    yield from children.get("enclosure", ())
    yield from (link for link in children.get("atom:link", ()) if (attribute(link, "rel") or "").lower() == "enclosure")
    yield from children.get("media:content", ())
    for group in children.get("media:group", ()):
        yield from names.children(group).get("media:content", ())


def _is_other(one: _Candidate) -> bool:
    return one.stated_type.lower().startswith("image/")


def _tell_type(one: _Candidate, mime_type: str, tell: Tell) -> None:
    stated = one.stated_type.partition(";")[0].strip().lower()
    accepted = MEDIA_TYPES.get(one.ending, (mime_type,))
    if stated != mime_type:
        wrong = f"type {stated[:60]!r}" if stated else "no type"
        tell(f"the enclosure has {wrong}; {mime_type} is taken", "tell the host: Apple asks for the right type")
    elif mime_type not in accepted:
        tell(
            f"the enclosure's type {mime_type} does not fit its ending .{one.ending}",
            "look which is right; the stated type is taken",
        )


def _length(text: str | None) -> int | None:
    if text is None or not _GROUPED_NUMBER.fullmatch(text):
        return None
    digits = (
        text
        if text.isdigit()
        else re.sub(r"\D", "", re.sub(r"^(\d+)\.0+$", r"\1", text) if text.count(".") == 1 else text)
    )
    return size if (size := int(digits)) >= _SMALLEST_AUDIO else None


def _duration(text: str | None) -> int | None:
    try:
        return parse_length(text) if text else None
    except ValueError:
        return None
