"""A transcript's paragraphs with the times of their words: what pages and plain text are made of."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from feedbuilder.captions.timing import Timing
from feedbuilder.model import Transcript


class Paragraph(NamedTuple):
    """One transcript line, timed."""

    start_ms: int
    end_ms: int
    speaker: str | None
    text: str
    headings: tuple[str, ...]  # that stand before it


def set_paragraphs(transcript: Transcript, timing: Timing) -> tuple[Paragraph, ...]:
    """Return the lines that have words, each with its first word's start and its last word's end."""
    firsts: dict[int, int] = {}
    lasts: dict[int, int] = {}
    for place, line in enumerate(timing.lines):
        firsts.setdefault(line, place)
        lasts[line] = place
    headings: dict[int, list[str]] = defaultdict(list)
    spoken = sorted(firsts)
    lines = tuple(transcript.lines)
    for heading in transcript.headings:
        below = next((line for line in spoken if line >= heading.before_line), None)
        if below is not None:
            headings[below].append(heading.title)
    return tuple(
        Paragraph(
            start_ms=timing.starts_ms[firsts[line]],
            end_ms=timing.ends_ms[lasts[line]],
            speaker=timing.speakers[line],
            text=" ".join(lines[line].text.split()),
            headings=tuple(headings[line]),
        )
        for line in spoken
    )
