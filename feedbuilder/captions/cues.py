"""Words into captions: what stands on one card, and how long it stays on screen.

Sources: Netflix Timed Text Style Guide (5/6 to 7 seconds, 42 columns, 20 characters a second, 2 frames between cards);
Podcasting 2.0 transcripts (SRT: 2 rows of 32 columns, the speaker's name counted in).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from operator import add

from feedbuilder.captions.galley import Galley, hold_colons, part, set_galley, set_lines, width
from feedbuilder.captions.names import short_names
from feedbuilder.captions.schedule import schedule
from feedbuilder.captions.script import columns
from feedbuilder.captions.timing import Timing
from feedbuilder.model import Cue

# Lines are seldom full: a card holds this part of its columns when its text is long enough for several cards.
FULL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a caption format wants its cards."""

    columns: int = 42
    wide_columns: int = 32  # where most characters take two columns: 16 of them
    rows: int = 2
    min_ms: int = 833
    max_ms: int = 7000
    max_chars_per_second: float = 20
    max_wide_chars_per_second: float = 9  # Chinese; Japanese speech cannot be kept to its 4
    gap_ms: int = 84
    speaker_prefix: bool = False  # leave room for "Name: " on the first line of a speaker's turn


VTT_LAYOUT = Layout(columns=42)
SRT_LAYOUT = Layout(columns=32, speaker_prefix=True)


Card = tuple[int, int, tuple[str, ...], int, str | None]
"""The words from one place to another, their lines, the columns of "Name: " before them, and who speaks."""


def make_cues(timing: Timing, layout: Layout, galley: Galley | None = None) -> tuple[Cue, ...]:
    """Break the words into cards and give each its time.

    The cues are in order and do not overlap; each is of one speaker, named in `Cue.speaker`. With `speaker_prefix` the
    first line of a cue has room for "Name: ", with the name as `short_names` has it, where the speaker is not that of
    the cue before; where the first word has no room beside it, that line is empty and the name's own. Writing it there
    is the renderer's task. Lines hold the text as it is, nothing escaped.

    `galley` is `set_galley(timing)`, where several layouts share it.
    """
    if not timing.words:
        return ()
    galley = galley or set_galley(timing)
    if layout.speaker_prefix:
        galley = hold_colons(galley)
    pace = layout.max_chars_per_second
    if galley.is_wide:
        layout = replace(layout, columns=min(layout.columns, layout.wide_columns))
        pace = 2 * layout.max_wide_chars_per_second
    firsts, lasts, lines, name_columns, speakers = zip(*set_cards(timing, galley, layout), strict=True)
    read = list(map(add, map(partial(width, galley), firsts, lasts), name_columns))  # in columns
    needs_ms = {many: max(layout.min_ms, ceil(many * 1000 / pace)) for many in set(read)}
    until_ms = timing.shown_until_ms
    times = schedule(
        starts_ms=[timing.starts_ms[first] for first in firsts],
        ends_ms=[until_ms[last - 1] for last in lasts],
        needs_ms=[needs_ms[many] for many in read],
        max_ms=layout.max_ms,
        gap_ms=layout.gap_ms,
        duration_ms=timing.duration_ms,
    )
    if timing.duration_ms is None and lasts[-1] - 1 in timing.stated_ends_ms:  # nothing else says where the audio ends
        start_ms, end_ms = times[-1]
        times[-1] = (start_ms, min(end_ms, max(until_ms[-1], start_ms + max(1, layout.min_ms))))
    starts_ms, ends_ms = zip(*times, strict=True)
    text, offsets = galley.text, galley.offsets
    texts = [text[offsets[first] : offsets[last]].rstrip() for first, last in zip(firsts, lasts, strict=True)]
    return tuple(map(Cue._make, zip(starts_ms, ends_ms, lines, texts, speakers, strict=True)))


def set_cards(timing: Timing, galley: Galley, layout: Layout) -> Iterator[Card]:
    """Cut the words into cards, each of which fits the rows and the longest time.

    A sentence that does not fit is parted at the best place, and so is a part of it. There is room for a name where a
    speaker's turn begins.
    """
    speakers = [timing.speakers[timing.lines[first]] for first, _ in galley.sentences]
    names = name_widths(speakers) if layout.speaker_prefix else {}
    before: str | None = None
    for (first, last), speaker in zip(galley.sentences, speakers, strict=True):
        name_columns = names.get(speaker, 0) if speaker != before else 0
        room = room_beside(galley, layout, first, name_columns) if name_columns else layout.columns
        before = speaker
        begin, ends = first, [last]  # of the parts that have no card yet the nearest comes last
        while ends:
            end = ends[-1]
            lasts_ms = timing.ends_ms[end - 1] - timing.starts_ms[begin]
            lines: tuple[str, ...] = ()
            if lasts_ms <= layout.max_ms or end - begin == 1:
                lines = set_lines(galley, begin, end, layout.rows, layout.columns, room)
            if lines:
                yield begin, end, lines, name_columns, speaker
                begin, room, name_columns = ends.pop(), layout.columns, 0
            else:
                ends.append(part_evenly(galley, layout, begin, end, lasts_ms))


def part_evenly(galley: Galley, layout: Layout, first: int, last: int, lasts_ms: int) -> int:
    """Choose where to part words that take several cards, so that each may be about as full as the next."""
    capacity = layout.rows * layout.columns * FULL
    parts = max(2, ceil(width(galley, first, last) / capacity), ceil(lasts_ms / layout.max_ms))
    return part(galley, first, last, (parts // 2) / parts, layout.columns)


def name_widths(speakers: Iterable[str | None]) -> dict[str | None, int]:
    """Count the columns of "Name: " for every speaker who is shown with a name."""
    names = short_names(set(filter(None, speakers)))
    return {speaker: columns(f"{name}: ") for speaker, name in names.items() if name}


def room_beside(galley: Galley, layout: Layout, first: int, name_columns: int) -> int:
    """Count the columns left beside a name; there are none when the first word takes more and another row is free."""
    room = layout.columns - min(name_columns, layout.columns // 2)
    return 0 if layout.rows > 1 and room < width(galley, first, first + 1) else room
