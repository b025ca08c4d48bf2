"""Where the chapters of a page lead: into the sound, to the words, and where their own addresses do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from feedbuilder.captions.paragraphs import Paragraph
from feedbuilder.model import Chapter, Link
from feedbuilder.render.pages.talk import anchor_at
from feedbuilder.timecode import seconds

_MOMENTS: Final = frozenset({"t", "start", "time_continue"})
"""What names a second in the addresses of YouTube, Vimeo, Twitch, Spotify, SoundCloud and PeerTube."""


ListedChapter = tuple[Chapter, str | None, Link | None, Link | None]
"""A chapter and three ways from it: into the sound here, or to the words where there is none; to its moment in a
recording elsewhere, where there is no sound here; to a page about it."""


def list_chapters(
    chapters: Sequence[Chapter], sound: str | None, paragraphs: Sequence[Paragraph]
) -> list[ListedChapter]:
    """Return the chapters with what they lead to.

    Archives name for each chapter its moment on YouTube or the like: beside a player of our own that is noise.
    """
    recordings = {_recording(chapter.url) for chapter in chapters if chapter.url and _names_moment(chapter.url)}
    listed: list[ListedChapter] = []
    for chapter in chapters:
        link = _link_to(chapter.start_ms, sound, paragraphs)
        address = Link(label=_host(chapter.url), url=chapter.url) if chapter.url else None
        if address is None or _recording(address.url) not in recordings:
            listed.append((chapter, link, None, address))
        else:
            listed.append((chapter, link, None if sound else address, None))
    return listed


def _link_to(start_ms: int, sound: str | None, paragraphs: Sequence[Paragraph]) -> str | None:
    """Return where a chapter leads without a script.

    Spec: https://www.w3.org/TR/media-frags/, 4.2.1
    """
    if sound is not None:
        return f"{sound.partition('#')[0]}#t={seconds(start_ms)}"
    anchor = anchor_at(paragraphs, start_ms)
    return f"#{anchor}" if anchor else None


def _names_moment(url: str) -> bool:
    parts = urlsplit(url)
    names = {name for name, _ in parse_qsl(f"{parts.query}&{parts.fragment}")}
    return not names.isdisjoint(_MOMENTS)


def _recording(url: str) -> str:
    """Return an address without the moment it names.

    >>> _recording("https://youtu.be/x?t=5") == _recording("https://youtu.be/x")
    True
    """
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in _MOMENTS]
    return parts._replace(query=urlencode(query), fragment="").geturl()


def _host(url: str) -> str:
    return (urlsplit(url).hostname or url).removeprefix("www.")
