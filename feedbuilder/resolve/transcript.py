"""The transcript as it was meant: who speaks which paragraph, no empty lines, irregular times counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import groupby, pairwise
from operator import attrgetter

from feedbuilder.errors import Place, Problem
from feedbuilder.model import Heading, Transcript, TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.transcripts import TranscriptRecord
from feedbuilder.timecode import clock

MAX_NAME = 40
"""Characters of the longest thing taken for a speaker's name; what is longer is the paragraph itself."""

CLOCK_SLACK_MS = 5000
"""How late a last line may start after the end of its audio before that is more than an untidy end."""

_SENTENCE_MARK = re.compile(r"[.!?…]\s|[.!?…。！？]$")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Mx|Prof|St|Jr|Sr|Rev|Hon|Capt|Col|Gen|Lt|Sgt)\.(?=\s|$)")


def resolve_transcript(
    record: TranscriptRecord, language: str, place: Place, *, who: str = "who", offset_ms: int = 0
) -> tuple[Transcript | None, list[Problem]]:
    """Return the transcript, or None when there are no words.

    `place` is where problems point when the record has no place, `who` what the owner calls the speaker's field.
    `offset_ms` is added to every time: the audio's clock against the transcript's.
    """
    spoken = tuple(record.lines)
    runs: Counter[str | None] = Counter(speaker for speaker, _ in groupby(spoken, attrgetter("speaker")))
    recurring = {speaker for speaker, count in runs.items() if count > 1}
    name_of = {speaker: _as_name(speaker, recurring) for speaker in runs}
    names = set(name_of.values()) - {None}
    lines: list[TranscriptLine] = []
    new_index: list[int] = []  # where each old line's words start among the new ones
    moved = doubled = 0
    held: str | None = None  # the text that stood in a speaker's place, while it still stands there
    speaker: str | None = None
    for line in spoken:
        new_index.append(len(lines))
        text = _single_spaced(line.text)
        start_ms = line.start_ms
        name = name_of[line.speaker]
        if line.speaker is None or name:
            held, speaker = None, name
        elif (bare := line.speaker.strip().rstrip(".:")) in names:
            held, speaker = None, bare
        else:
            # The line's words slipped into `who`, and often the speaker's name into `line`.
            if line.speaker != held:
                held = line.speaker
                moved += 1
                lines.append(TranscriptLine(_single_spaced(held), speaker, start_ms, None))
                start_ms = None
            if text.rstrip(".:") in names:
                speaker = text.rstrip(".:")
                continue
        if text:
            entry = TranscriptLine(text, speaker, start_ms, line.end_ms)
            if lines and _is_copied(lines[-1], entry):
                lines.pop()
                new_index[-1] = len(lines)
                doubled += 1
            lines.append(entry)
    new_index.append(len(lines))
    problems = _report(lines, moved, doubled, record.place or place, who)
    if offset_ms:
        lines = [
            line._replace(start_ms=moved_by(line.start_ms, offset_ms), end_ms=moved_by(line.end_ms, offset_ms))
            for line in lines
        ]
    if not lines:
        return None, problems
    headings = tuple(Heading(heading.title, new_index[heading.before_line]) for heading in record.headings)
    return Transcript(lines=tuple(lines), headings=headings, language=language), problems


def _single_spaced(text: str) -> str:
    """Return the words of a text with one space between them."""
    if text.isprintable() and "  " not in text:  # there is no other white space in it: known faster than its words are
        return text.strip(" ")
    return " ".join(text.split())


def _is_copied(before: TranscriptLine, entry: TranscriptLine) -> bool:
    """Whether the line before has the same words, and neither speaker nor time."""
    return before.text == entry.text and before == TranscriptLine(entry.text) != entry


def _as_name(speaker: str | None, recurring: Collection[str | None]) -> str | None:
    """Return the speaker's name without its colon, or None where the field holds a sentence.

    A long one is a name, perhaps with an office, when it comes back after somebody else has spoken.
    """
    name = " ".join((speaker or "").split()).rstrip(":").rstrip()
    is_short = len(name) <= MAX_NAME or speaker in recurring
    return name if name and is_short and not _SENTENCE_MARK.search(_ABBREVIATION.sub("", name)) else None


def check_clock(transcript: Transcript, measured_ms: int, place: Place) -> Problem | None:
    """Return what to do about a transcript that goes on after its audio has ended: its clock is another's."""
    last_ms = max((line.start_ms or 0 for line in transcript.lines), default=0)
    if last_ms < measured_ms + CLOCK_SLACK_MS:
        return None
    guess_s = (measured_ms - last_ms) // 1000 - CLOCK_SLACK_MS // 1000
    message = f"the last line starts at {clock(last_ms)}, and the audio ends at {clock(measured_ms)}"
    remedy = (
        f"if the beginning was cut from the audio, something like `audio_offset: {guess_s}` moves all times; "
        "feedbuilder doctor tells it better"
    )
    return problem("audio-offset", place, message, remedy)


def moved_by(at_ms: int | None, offset_ms: int) -> int | None:
    """Return a time on the audio's clock; what would lie before the audio is at its start.

    >>> moved_by(5000, -2000), moved_by(1000, -2000), moved_by(None, 1)
    (3000, 0, None)
    """
    return None if at_ms is None else max(0, at_ms + offset_ms)


def _report(lines: list[TranscriptLine], moved: int, doubled: int, place: Place, who: str) -> list[Problem]:
    problems: list[Problem] = []
    if doubled:
        message = f"{doubled} paragraphs stand twice in a row, first without speaker and time; each is published once"
        problems.append(problem("transcript-twice", place, message, "delete the copies"))
    if moved:
        message = (
            f"{moved} `{who}` field{'s' * (moved > 1)} held the words of the line; they were put back in their place"
        )
        problems.append(problem("speaker-holds-text", place, message, f"write the speaker's name into `{who}`"))
    starts = [line.start_ms for line in lines if line.start_ms is not None]
    backward = sum(later < earlier for earlier, later in pairwise(starts))
    shared = sum(later == earlier for earlier, later in pairwise(starts))
    missing = len(lines) - len(starts)
    if backward or missing:
        counts = [(missing, "without a time"), (shared, "with the time of the one before"), (backward, "stepping back")]
        told = ", ".join(f"{count} {what}" for count, what in counts if count)
        message = f"{len(lines)} transcript lines, {told}: their times are estimated"
        problems.append(problem("transcript-irregular", place, message))
    return problems
