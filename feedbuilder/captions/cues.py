"""Words into captions: what stands on one card, and how long it stays on screen.

Sources: Netflix Timed Text Style Guide (5/6 to 7 seconds, 42 columns, 20 characters a second, 2 frames between cards);
Podcasting 2.0 transcripts (SRT: 2 rows of 32 columns, the speaker's name counted in).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

from feedbuilder.captions.breaks import CLAUSE_COST
from feedbuilder.captions.galley import Galley, fits, hold_colons, part, set_galley, set_lines, width
from feedbuilder.captions.names import short_names
from feedbuilder.captions.schedule import schedule
from feedbuilder.captions.script import columns
from feedbuilder.captions.timing import Timing
from feedbuilder.model import Cue

# A sentence shorter than this is read together with the next.
BRIEF_MS = 1500
# No card spans a silence longer than this.
SILENCE_MS = 1500
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


class Cards(NamedTuple):
    """The words of every cue, from one place to another, and what a name leaves of its first line; column by column."""

    places: list[tuple[int, int]]
    rooms: list[int]  # columns of the first line that are the words'
    name_columns: list[int]  # of "Name: " before them


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
    speakers = [timing.speakers[line] for line in timing.lines]
    cards = set_cards(timing, galley, layout, speakers)
    times = schedule(
        starts_ms=[timing.starts_ms[first] for first, _ in cards.places],
        ends_ms=[timing.ends_ms[last - 1] for _, last in cards.places],
        needs_ms=[
            max(layout.min_ms, ceil((width(galley, first, last) + name_columns) * 1000 / pace))
            for (first, last), name_columns in zip(cards.places, cards.name_columns, strict=True)
        ],
        max_ms=layout.max_ms,
        gap_ms=layout.gap_ms,
        duration_ms=timing.duration_ms,
    )
    text, offsets = galley.text, galley.offsets
    return tuple(
        [
            Cue(
                start_ms,
                end_ms,
                set_lines(galley, first, last, layout.rows, layout.columns, room),
                text[offsets[first] : offsets[last]].strip(),
                speakers[first],
            )
            for (first, last), room, (start_ms, end_ms) in zip(cards.places, cards.rooms, times, strict=True)
        ]
    )


def set_cards(timing: Timing, galley: Galley, layout: Layout, speakers: Sequence[str | None]) -> Cards:
    """Cut the words into cards, with room for a name where a speaker's turn begins."""
    names = short_names(set(filter(None, speakers))) if layout.speaker_prefix else {}
    cards = Cards([], [], [])
    for first, last in gather_sentences(timing, galley, speakers):
        room, name_columns = layout.columns, 0
        if (
            names
            and (not first or speakers[first] != speakers[first - 1])
            and (name := names.get(speakers[first] or ""))
        ):
            name_columns = columns(f"{name}: ")
            room = room_beside(galley, layout, first, name_columns)
        places = cut_cards(timing, galley, layout, first, last, room)
        cards.places.extend(places)
        cards.rooms.extend([room, *[layout.columns] * (len(places) - 1)])
        cards.name_columns.extend([name_columns, *[0] * (len(places) - 1)])
    return cards


def room_beside(galley: Galley, layout: Layout, first: int, name_columns: int) -> int:
    """Count the columns left beside a name; there are none when the first word takes more and another row is free."""
    room = layout.columns - min(name_columns, layout.columns // 2)
    return 0 if layout.rows > 1 and room < width(galley, first, first + 1) else room


def gather_sentences(timing: Timing, galley: Galley, speakers: Sequence[str | None]) -> list[tuple[int, int]]:
    """Find the sentences as pairs of places; brief ones of one speaker are taken together."""
    starts_ms, ends_ms, count = timing.starts_ms, timing.ends_ms, len(timing.words)
    stops = [place for place, cost in enumerate(galley.costs, 1) if cost <= CLAUSE_COST and place < count]
    ends = [
        place for place in stops if galley.costs[place - 1] < 0 or starts_ms[place] - ends_ms[place - 1] > SILENCE_MS
    ]
    gathered: list[tuple[int, int]] = []
    first = opened = 0
    for place in [*ends, count]:
        closes = (
            place == count
            or speakers[place] != speakers[place - 1]
            or starts_ms[place] - ends_ms[place - 1] > SILENCE_MS
        )
        is_brief = ends_ms[place - 1] - starts_ms[first] < BRIEF_MS
        if is_brief and not closes:
            continue
        if is_brief and first > opened:
            first = gathered.pop()[0]
        gathered.append((first, place))
        first = place
        if closes:
            opened = place
    return gathered


def cut_cards(
    timing: Timing, galley: Galley, layout: Layout, first: int, last: int, first_room: int
) -> list[tuple[int, int]]:
    """Cut words into cards, each of which fits the rows and the longest time, at the best places near equal parts."""
    lasts_ms = timing.ends_ms[last - 1] - timing.starts_ms[first]
    is_whole = lasts_ms <= layout.max_ms and fits(galley, first, last, layout.rows, layout.columns, first_room)
    if is_whole or last - first == 1:
        return [(first, last)]
    capacity = layout.rows * layout.columns * FULL
    parts = max(2, ceil(width(galley, first, last) / capacity), ceil(lasts_ms / layout.max_ms))
    place = part(galley, first, last, (parts // 2) / parts, layout.columns)
    return [
        *cut_cards(timing, galley, layout, first, place, first_room),
        *cut_cards(timing, galley, layout, place, last, layout.columns),
    ]
