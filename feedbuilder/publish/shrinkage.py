"""Transcripts and chapters that would lose a good part of what they held, measured in what is heard, not in bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import unquote

from feedbuilder.publish.feed_changes import FeedChanges, ItemChange
from feedbuilder.publish.manifest import is_inside
from feedbuilder.publish.published_feed import Text

SLACK_LETTERS = 50
"""About ten words, which may go from any transcript: a tenth of a short one is a single word."""

_NOT_SPOKEN = re.compile(r"<(cite|time|title|style|script)\b.{0,2000}?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_SRT_TAG = re.compile(r"</?[biu]>|</?font[^<>]*>", re.IGNORECASE)
_NAME = re.compile(r"^[^\W\d_][^:\n.,;?!]{0,60}: ", re.MULTILINE)
_NO_LETTER = re.compile(r"[\W\d_]+")

ReadText = Callable[[str], bytes | None]
"""Returns the file at a path of the output folder; None where there is none, or none that changes."""


class Shrunk(NamedTuple):
    """A text of an episode that would get shorter."""

    episode: ItemChange
    noun: str  # "transcripts" or "chapters"
    old_count: int  # letters, or chapters
    new_count: int


def shrunk_texts(changes: FeedChanges, read_old: ReadText, read_changed: ReadText) -> Iterator[Shrunk]:
    """Yield the episodes whose words or chapters would be far fewer; one format of each is read."""
    for episode in changes.episodes:
        for noun, measure, is_loss in (
            ("transcripts", spoken_letters, is_shortened),
            ("chapters", chapter_count, is_thinned),
        ):
            pair = _first_pair(episode, noun, changes, read_old, read_changed)
            if pair is not None:
                mime_type, old, new = pair
                counts = measure(old, mime_type), measure(new, mime_type)
                if is_loss(*counts):
                    yield Shrunk(episode, noun, *counts)


def is_shortened(old_letters: int, new_letters: int) -> bool:
    """Whether so many words went that no editing explains it.

    To strike out every "um", repetition and false start takes about six words in a hundred (Bortfeld and others,
    Disfluency Rates in Conversation, 2001); a tenth leaves room for that, and is less than a lost page.

    >>> is_shortened(60_000, 56_000), is_shortened(60_000, 53_000), is_shortened(90, 45), is_shortened(20, 0)
    (False, True, False, True)
    """
    lost = old_letters - new_letters
    return lost > max(old_letters / 10, SLACK_LETTERS) or (lost > 0 and new_letters == 0)


def is_thinned(old_chapters: int, new_chapters: int) -> bool:
    """Whether fewer than half of the chapters are left: less than that is how an owner tidies up."""
    return new_chapters * 2 < old_chapters


def spoken_letters(content: bytes, mime_type: str) -> int:
    """Return how many letters are spoken; times, numbers, markup and names of speakers count for nothing.

    Letters and not words, because not every script parts its words.
    """
    text = content.decode("utf-8-sig", "replace")
    if "json" in mime_type:
        spoken = "\n".join(str(segment.get("body", "")) for segment in _entries(content, "segments"))
    elif "vtt" in mime_type or "html" in mime_type:
        spoken = unescape(_NOT_SPOKEN.sub("\n", text.removeprefix("WEBVTT")))
    else:
        spoken = _NAME.sub("", _SRT_TAG.sub("", text))
    return len(_NO_LETTER.sub("", spoken))


def chapter_count(content: bytes, _mime_type: str = "") -> int:
    """Return how many chapters a chapters file holds."""
    return len(_entries(content, "chapters"))


def _entries(content: bytes, key: str) -> list[dict[str, Any]]:
    try:
        return [entry for entry in json.loads(content)[key] if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _first_pair(
    episode: ItemChange, noun: str, changes: FeedChanges, read_old: ReadText, read_changed: ReadText
) -> tuple[str, bytes, bytes] | None:
    """Return the first text that both feeds announce in one format and that changes, as (type, old, new)."""
    if episode.old is None or episode.new is None:
        return None
    before = {text.mime_type: text for text in episode.old.texts if text.noun == noun}
    for text in episode.new.texts:
        if text.noun == noun and text.mime_type in before:
            old_path = path_of(before[text.mime_type], changes.previous.folder_url)
            new_path = path_of(text, changes.new.folder_url)
            new = read_changed(new_path) if new_path and old_path else None
            old = read_old(old_path) if old_path and new is not None else None
            if old is not None and new is not None:
                return text.mime_type, old, new
    return None


def path_of(text: Text, folder_url: str | None) -> str | None:
    """Return where in the output folder a text lies; None when it is public elsewhere."""
    if not folder_url or not text.url.startswith(folder_url):
        return None
    path = unquote(text.url.removeprefix(folder_url))
    return path if is_inside(path) else None
