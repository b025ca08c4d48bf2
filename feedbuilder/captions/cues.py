"""Words into captions: where one card ends and the next begins, and how long each stays on screen."""

from __future__ import annotations

from dataclasses import dataclass

from feedbuilder.captions.timing import Timing
from feedbuilder.model import Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a caption format wants its cards."""

    columns: int = 42
    rows: int = 2
    min_ms: int = 833
    max_ms: int = 7000
    max_chars_per_second: float = 20
    gap_ms: int = 84
    speaker_prefix: bool = False


VTT_LAYOUT = Layout(columns=42)
SRT_LAYOUT = Layout(columns=32, speaker_prefix=True)


def make_cues(timing: Timing, layout: Layout) -> tuple[Cue, ...]:
    """Break the words into cards and give each its time."""
    groups: list[tuple[int, int, tuple[str, ...]]] = []
    first = 0
    rows: list[str] = []
    room = layout.columns
    for place, word in enumerate(timing.words):
        speaker = timing.speakers[timing.lines[place]]
        prefix = len(speaker) + 2 if layout.speaker_prefix and speaker else 0
        if rows and (
            timing.speakers[timing.lines[first]] != speaker
            or (len(rows) == layout.rows and len((rows[-1] + word).rstrip()) > room)
        ):
            groups.append((first, place, tuple(row.strip() for row in rows)))
            rows = []
        if not rows:
            first, rows = place, [word]
            room = layout.columns - prefix
        elif len((rows[-1] + word).rstrip()) > (room if len(rows) == 1 else layout.columns):
            rows.append(word)
        else:
            rows[-1] += word
    if rows:
        groups.append((first, len(timing.words), tuple(row.strip() for row in rows)))
    cues: list[Cue] = []
    floor = 0
    for first, last, text in groups:
        start = max(floor, timing.starts_ms[first])
        end = max(start + 1, timing.ends_ms[last - 1])
        floor = end
        cues.append(Cue(start, end, text, timing.speakers[timing.lines[first]]))
    return tuple(cues)
