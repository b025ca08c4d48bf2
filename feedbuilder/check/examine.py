"""Hold what was published against the rules: bytes and facts in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from feedbuilder.check import catalogue, chapters, media, transcript_json, transcripts
from feedbuilder.check.captions import Captions, read_captions
from feedbuilder.check.document import Document
from feedbuilder.check.feed import Feed, Item
from feedbuilder.check.json_file import read_json
from feedbuilder.check.links import PAIR_RULES, Pair
from feedbuilder.check.media import MediaFacts, PictureFacts
from feedbuilder.check.podcast import tags_of
from feedbuilder.check.rules import MOST_PLACES, Fault, Level, Profile, Rule, broken
from feedbuilder.errors import Place
from feedbuilder.memory import Memory

Broken = Iterator[tuple[Rule[Any], Fault]]


class Origin(NamedTuple):
    """Where in the archive or the config something published comes from."""

    place: Place
    key: str  # the field or setting, as its owner calls it; empty where none is known


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A rule that is broken, and where."""

    rule: Rule[Any]
    level: Level
    path: str  # of the file, as the feed's folder has it
    line: int | None
    element: str
    message: str
    item: Item | None
    origin: Origin | None = None  # None: there is no archive at hand, or it is not the archive's
    url: str = ""  # that was asked

    @property
    def remedy(self) -> str:
        """How to mend it: in the archive, where it comes from one."""
        return (self.origin and self.rule.in_archive) or self.rule.remedy

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the files it is about, the published one and the archive's, and the address that was asked."""
        return tuple(path for path in (self.path, self.origin and self.origin.place.path, self.url) if path)

    @property
    def where(self) -> str:
        """Which part of the file, for people."""
        named = self.item.shown if self.item and self.item.element.getparent() is not None else ""
        return ", ".join(part for part in (named, self.element if self.element != "item" else "") if part)


def findings(told: Broken, path: str, profile: Profile, item: Item | None = None) -> Iterator[Finding]:
    """Yield what a profile holds against a file."""
    for one, fault in told:
        level = one.levels.get(profile)
        if level is not None:
            yield Finding(
                rule=one, level=level, path=fault.path or path, line=fault.line, element=fault.element,
                message=fault.message, item=fault.item or item, url=fault.url,
            )  # fmt: skip


def recalled(memory: Memory, question: object, examine: Callable[[], Broken]) -> Broken:
    """Yield what is wrong as it is remembered, or else by examining; of what belongs to no item by itself.

    Who holds it against a file is not remembered, nor asked.
    """
    told = memory.of(question, lambda: [(one.code, fault) for one, fault in examine()])
    for code, fault in told:
        yield catalogue.RULES[code], fault


def examine_feed(document: Document, feed: Feed | None) -> Broken:
    """Yield what is wrong with a feed."""
    yield from broken(catalogue.DOCUMENT_RULES, document)
    if feed is None:
        return
    yield from broken(catalogue.FEED_RULES, feed)
    for item in feed.items:
        for one, fault in broken(catalogue.ITEM_RULES, item):
            yield one, fault._replace(item=item)
    for tag in tags_of(feed):
        for one, fault in broken(catalogue.TAG_RULES, tag):
            yield one, fault._replace(item=tag.item)


def examine_text(path: str, content: bytes, duration_ms: int | None = None, role: str = "") -> Broken:
    """Yield what is wrong with a chapters or transcript file; `role` says which it is, else the file does."""
    yield from broken(transcripts.TEXT_RULES, content)
    suffix = PurePosixPath(path).suffix.lower()
    is_track = role == "chapters" or (not role and PurePosixPath(path).parent.name == "chapters")
    if suffix == ".json":
        file = read_json(content, duration_ms)
        is_chapters = role == "chapters" or (not role and isinstance(file.value, dict) and "chapters" in file.value)
        yield from broken(chapters.RULES if is_chapters else transcript_json.RULES, file, most=MOST_PLACES)
    elif (captions := captions_in(path, content, duration_ms)) is not None:
        yield from broken(transcripts.TRACK_RULES if is_track else transcripts.RULES, captions, most=MOST_PLACES)


def captions_in(path: str, content: bytes, duration_ms: int | None = None) -> Captions | None:
    """Return the captions of a file, if it is of a format that has them."""
    suffix = PurePosixPath(path).suffix.lower()
    return read_captions(content, suffix[1:], duration_ms) if suffix in (".vtt", ".srt") else None


def examine_pair(srt: Captions, vtt: Captions) -> Broken:
    """Yield where the captions of one episode differ."""
    yield from broken(PAIR_RULES, Pair(srt, vtt))


def examine_picture(facts: PictureFacts) -> Broken:
    """Yield what is wrong with a picture."""
    yield from broken(media.PICTURE_RULES, facts)


def examine_media(facts: MediaFacts) -> Broken:
    """Yield what is wrong with an audio or video file."""
    yield from broken(media.MEDIA_RULES, facts)
