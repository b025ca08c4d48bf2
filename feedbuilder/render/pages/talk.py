"""A transcript as a page sets it: parts under their headings, turns of one speaker, paragraphs to link to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from feedbuilder.captions.align import snap_to_speech
from feedbuilder.captions.paragraphs import Paragraph, set_paragraphs
from feedbuilder.captions.timing import time_words
from feedbuilder.model import Chapter, Episode
from feedbuilder.timecode import clock, seconds


class Said(NamedTuple):
    """One paragraph."""

    anchor: str  # `t` and the second, as in the HTML transcript
    is_anchored: bool  # whether it is the first of its second, which has the anchor as its id
    start_s: int | float
    clock: str
    text: str


class Turn(NamedTuple):
    """What one speaker says until another one does, or a heading comes."""

    speaker: str | None
    said: list[Said]


class Part(NamedTuple):
    """What stands below a heading."""

    headings: tuple[str, ...]
    turns: list[Turn]


def spoken(episode: Episode) -> Sequence[Paragraph]:
    """Return what is said in an episode with its times, as its captions have them."""
    if episode.transcript is None:
        return ()
    sound = episode.enclosure
    timing = time_words(episode.transcript, duration_ms=sound.duration_ms if sound else None)
    if sound and sound.speech is not None:
        timing = snap_to_speech(timing, sound.speech).timing
    return set_paragraphs(episode.transcript, timing)


def set_talk(paragraphs: Sequence[Paragraph], chapters: Sequence[Chapter]) -> list[Part]:
    """Return the parts of a transcript; where it has no headings of its own, the chapters give them."""
    given = _chapter_headings(paragraphs, chapters)
    taken: set[int] = set()
    parts: list[Part] = []
    for place, paragraph in enumerate(paragraphs):
        headings = paragraph.headings or given.get(place, ())
        if headings or not parts:
            parts.append(Part(headings, []))
        turns = parts[-1].turns
        if not turns or turns[-1].speaker != paragraph.speaker:
            turns.append(Turn(paragraph.speaker, []))
        second = paragraph.start_ms // 1000
        is_first = second not in taken
        taken.add(second)
        start_s, time = seconds(paragraph.start_ms), clock(paragraph.start_ms)
        turns[-1].said.append(Said(f"t{second}", is_first, start_s, time, paragraph.text))
    return parts


def anchor_at(paragraphs: Sequence[Paragraph], start_ms: int) -> str | None:
    """Return the anchor of the first paragraph from a moment on."""
    return next((f"t{said.start_ms // 1000}" for said in paragraphs if said.start_ms >= start_ms), None)


def _chapter_headings(paragraphs: Sequence[Paragraph], chapters: Sequence[Chapter]) -> dict[int, tuple[str, ...]]:
    """Return the chapters' titles by the paragraph that they stand before."""
    if any(paragraph.headings for paragraph in paragraphs):
        return {}
    headings: dict[int, tuple[str, ...]] = {}
    place = 0
    for chapter in chapters:
        while place < len(paragraphs) and paragraphs[place].start_ms < chapter.start_ms:
            place += 1
        if place < len(paragraphs):
            headings[place] = (*headings.get(place, ()), chapter.title)
    return headings
