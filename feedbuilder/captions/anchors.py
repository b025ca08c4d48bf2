"""Where words are tied to the recording's clock: believable line starts, stated ends, both ends of the episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from feedbuilder.captions.pace import learn_pace, speech_pace
from feedbuilder.captions.speech import Speech
from feedbuilder.captions.stamps import SLACK_MS, Anchor, Stamp, believe
from feedbuilder.model import TranscriptLine

# A stamp in whole seconds was cut off, not rounded: speech begins half a second later on average.
HALF_SECOND_MS = 500
# How much faster than the episode's pace words must seem to be said for their stamp to be another line's.
HURRIED = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """The times to hold on to, from the first word to the end of the last, never falling."""

    places: tuple[Anchor, ...]
    pace: float  # the recording's time over that of unhurried speech


def choose_anchors(lines: Sequence[TranscriptLine], speech: Speech, duration_ms: int | None) -> Anchors:
    """Choose the starts to believe; the first word and the end of the last one always have a place."""
    clock = [speech.talk_ms[word] + speech.pause_ms[word] for word in speech.first_words]
    stamps = read_stamps(lines, clock)
    usual = learn_pace(stamps, clock[-1], duration_ms)
    pace = speech_pace(usual)
    clock = [said_ms * pace for said_ms in clock]
    stamps = [stamp._replace(said_ms=clock[stamp.line]) for stamp in stamps]
    stamps = give_back(lines, stamps, clock)
    end = Stamp(len(lines), clock[-1], duration_ms or 0)
    inside = [stamp for stamp in stamps if duration_ms is None or stamp.at_ms < duration_ms]
    believed = believe(inside, None if duration_ms is None else end, spread=usual / pace)
    return Anchors(places=tuple(tie(lines, speech, believed, end, duration_ms)), pace=pace)


def read_stamps(lines: Sequence[TranscriptLine], clock: Sequence[float]) -> list[Stamp]:
    """Read the lines' starts, where they are given; a shared one belongs to the first line that has it."""
    stamps: list[Stamp] = []
    for index, line in enumerate(lines):
        if line.start_ms is not None and line.start_ms >= 0 and not (stamps and line.start_ms == stamps[-1].at_ms):
            stamps.append(Stamp(index, clock[index], line.start_ms, (line.end_ms or 0) > line.start_ms))
    return stamps


def give_back(lines: Sequence[TranscriptLine], stamps: Sequence[Stamp], clock: Sequence[float]) -> list[Stamp]:
    """Give a stamp back to the line that lost it.

    Of lines that share a stamp the first may have none. The stamp of the next one then leaves too little time for the
    words before it, by as much as the first one takes.
    """
    owners = list(stamps[:1])
    for before, stamp in pairwise(stamps):
        owner = stamp.line
        hurried_ms = (stamp.at_ms - before.at_ms) * HURRIED
        if owner - 1 > before.line and lines[owner - 1].start_ms is None:
            owner -= 0 < hurried_ms < stamp.said_ms - before.said_ms - SLACK_MS
        owners.append(Stamp(owner, clock[owner], stamp.at_ms, stamp.is_stated))
    return owners


def tie(
    lines: Sequence[TranscriptLine], speech: Speech, believed: Sequence[Stamp], end: Stamp, duration_ms: int | None
) -> list[Anchor]:
    """Tie words to times: the believed starts and the ends stated with them, and the two ends of the episode."""
    whole_seconds = all(line.start_ms is None or line.start_ms % 1000 == 0 for line in lines)
    late_ms = HALF_SECOND_MS if whole_seconds else 0
    believed = [stamp if stamp.is_stated else stamp._replace(at_ms=stamp.at_ms + late_ms) for stamp in believed]
    first = believed[0] if believed else Stamp(0, 0, 0)
    places = [Anchor(0, max(0.0, first.at_ms - first.said_ms))]
    for stamp, after in pairwise([*believed, end]):
        places.append(Anchor(speech.first_words[stamp.line], max(places[-1].at_ms, stamp.at_ms)))
        latest_ms = after.at_ms if after is not end or duration_ms is not None else inf
        stated = find_end(lines, speech, stamp, after.line, latest_ms) if stamp.is_stated else None
        if stated is not None and stated.at_ms > places[-1].at_ms:
            places.append(stated)
    last = believed[-1] if believed else first
    places.append(Anchor(len(speech.words), max(places[-1].at_ms, last.at_ms + end.said_ms - last.said_ms)))
    if duration_ms is None:
        return places
    return [place._replace(at_ms=min(place.at_ms, duration_ms)) for place in places]


def find_end(
    lines: Sequence[TranscriptLine], speech: Speech, stamp: Stamp, next_line: int, latest_ms: float
) -> Anchor | None:
    """Find where a caption ends as stated, unless it was moved; one that overlaps the next ends where that begins.

    A caption of several speakers is several lines with the same times.
    """
    _, _, start_ms, end_ms = lines[stamp.line]
    past = stamp.line + 1
    while past < next_line and (lines[past].start_ms, lines[past].end_ms) == (start_ms, end_ms):
        past += 1
    if end_ms is None or stamp.at_ms != start_ms or speech.first_words[past] == speech.first_words[stamp.line]:
        return None
    at_ms = min(end_ms, latest_ms) if past == next_line else end_ms
    return Anchor(speech.first_words[past], at_ms, is_end=True) if at_ms <= latest_ms else None
