"""The transcript as it was meant: who speaks which paragraph, no empty lines, irregular times counted."""

from __future__ import annotations

import re
from collections import Counter

from feedbuilder.errors import Problem
from feedbuilder.model import Heading, Transcript, TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.archive import EpisodeFile

MAX_NAME = 40
"""Characters of the longest thing taken for a speaker's name; what is longer is the paragraph itself."""

_SENTENCE_MARK = re.compile(r"[.!?…]\s|[.!?…。！？]$")


def resolve_transcript(episode: EpisodeFile, language: str) -> tuple[Transcript | None, list[Problem]]:
    """Return the transcript, or None when the file has no words."""
    record = episode.transcript
    names = Counter(name for line in record.lines if (name := _as_name(line.speaker)))
    lines: list[TranscriptLine] = []
    new_index: list[int] = []  # where each old line's words start among the new ones
    moved = 0
    held: str | None = None  # the text that stood in a speaker's place, while it still stands there
    speaker: str | None = None
    for line in record.lines:
        new_index.append(len(lines))
        text = " ".join(line.text.split())
        start_ms = line.start_ms
        if line.speaker is None or (name := _as_name(line.speaker)):
            held = None
            speaker = name if line.speaker is not None else None
        elif (bare := line.speaker.strip().rstrip(".:")) in names:
            held, speaker = None, bare
        else:
            # The line's words slipped into `who`, and often the speaker's name into `line`.
            if line.speaker != held:
                held = line.speaker
                moved += 1
                lines.append(TranscriptLine(" ".join(held.split()), speaker, start_ms, None))
                start_ms = None
            if text.rstrip(".:") in names:
                speaker = text.rstrip(".:")
                continue
        if text:
            lines.append(TranscriptLine(text, speaker, start_ms, line.end_ms))
    new_index.append(len(lines))
    problems = _report(episode, lines, moved)
    if not lines:
        return None, problems
    headings = tuple(Heading(heading.title, new_index[heading.before_line]) for heading in record.headings)
    return Transcript(lines=tuple(lines), headings=headings, language=language), problems


def _as_name(speaker: str | None) -> str | None:
    """Return the speaker's name without its colon, or None where the field holds a sentence."""
    name = " ".join((speaker or "").split()).rstrip(":").rstrip()
    return name if name and len(name) <= MAX_NAME and not _SENTENCE_MARK.search(name) else None


def _report(episode: EpisodeFile, lines: list[TranscriptLine], moved: int) -> list[Problem]:
    problems: list[Problem] = []
    if moved:
        message = (
            f"{moved} `who` field{'s' * (moved > 1)} held the words of the line; they were put back in their place"
        )
        problems.append(problem("speaker-holds-text", episode.place(), message, "write the speaker's name into `who`"))
    starts = [line.start_ms for line in lines if line.start_ms is not None]
    backward = sum(later < earlier for earlier, later in zip(starts, starts[1:], strict=False))
    missing = len(lines) - len(starts)
    if backward or missing:
        message = (
            f"of {len(lines)} transcript lines {missing} have no time and {backward} step back; they are estimated"
        )
        problems.append(problem("transcript-irregular", episode.place(), message))
    return problems
