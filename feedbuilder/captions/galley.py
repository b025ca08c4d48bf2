"""The text as one long column before it is cut into cards: the widths of words and the costs of breaking after them.

Two tasks share it, for each layout: cutting the column into cards, and a card into lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf

from feedbuilder.captions.breaks import break_costs
from feedbuilder.captions.script import columns
from feedbuilder.captions.sentences import gather_sentences
from feedbuilder.captions.timing import Timing

# What a break costs that leaves one side a whole line longer than wanted: more than tearing two words apart.
LOPSIDED_COST = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Galley:
    """The words of an episode as set type; a place is the number of words before it."""

    text: str  # all the words
    offsets: Sequence[int]  # characters of it before each place
    edges: Sequence[int]  # columns before each place
    ends: Sequence[int]  # columns before each place where a line ends: the space before it is not seen
    costs: Sequence[float]  # of a break at each place
    sentences: Sequence[tuple[int, int]]  # from one place to another
    is_wide: bool  # mostly characters of two columns


def set_galley(timing: Timing) -> Galley:
    """Set the words of an episode in one column."""
    words = timing.words
    text = "".join(words)
    edges = offsets = list(accumulate(map(len, words), initial=0))
    if any(columns(word) != len(word) for word in set(words) if not word.isascii()):
        widths = {word: columns(word) for word in set(words)}
        edges = list(accumulate(map(widths.__getitem__, words), initial=0))
    ends = [edge - 1 for edge in edges]
    if text.count(" ") < len(words):  # in scripts written without spaces not every word has one behind it
        ends = [0, *(edge - (word[-1] == " ") for edge, word in zip(edges[1:], words, strict=True))]
    costs = break_costs(words, timing.lines, timing.language)
    return Galley(
        text=text,
        offsets=offsets,
        edges=edges,
        ends=ends,
        costs=[inf, *costs],
        sentences=gather_sentences(timing, costs),
        is_wide=edges[-1] > 1.5 * len(text),
    )


def hold_colons(galley: Galley) -> Galley:
    """Count the no-break space which SubRip needs behind a colon even at the end of a line."""
    ends = list(galley.ends)
    for colon in re.finditer(":", galley.text):
        place = bisect_right(galley.offsets, colon.start())
        if not galley.text[colon.end() : galley.offsets[place]].strip():  # the word ends with it
            ends[place] += 1
    return replace(galley, ends=ends)


def width(galley: Galley, first: int, last: int) -> int:
    """Count the columns of the words from one place to another."""
    return galley.ends[last] - galley.edges[first]


def row_end(galley: Galley, first: int, last: int, room: int) -> int:
    """Find the last place that a row of this room reaches; one word is always set, however long."""
    return bisect_right(galley.ends, galley.edges[first] + room, first + 2, last + 1) - 1


def row_start(galley: Galley, last: int, rows: int, room: int, earliest: int, latest: int) -> int:
    """Find the first place, of those from one to another, from which so many rows of this room reach the last."""
    edges, ends = galley.edges, galley.ends
    for _ in range(rows - 1):
        last = max(earliest, min(last - 1, bisect_left(edges, ends[last] - room, 0, last)))
    return bisect_left(edges, ends[last] - room, earliest, min(latest, last - 1))


def fits(galley: Galley, first: int, last: int, rows: int, room: int) -> bool:
    """Say whether the words can be set in so many rows."""
    if width(galley, first, last) <= room:
        return rows > 0
    for _ in range(rows):
        if first == last:
            break
        first = row_end(galley, first, last, room)
    return first == last


def best_break(galley: Galley, earliest: int, latest: int, target: float, room: int) -> int:
    """Choose the place that is best to break at, of those not far from the wanted edge."""
    costs, weight = galley.costs, LOPSIDED_COST / room**2
    best, least = earliest, inf
    for place, edge in enumerate(galley.edges[earliest : latest + 1], earliest):
        off = edge - target
        cost = costs[place] + weight * (off * off)
        if cost < least:
            best, least = place, cost
    return best


def part(galley: Galley, first: int, last: int, share: float, room: int) -> int:
    """Choose where to part the words so that about this share of them comes first."""
    edges = galley.edges
    begin, whole = edges[first], edges[last] - edges[first]
    reach = whole * min(share, 1 - share) * 0.7
    target = begin + whole * share
    earliest = bisect_left(edges, target - reach, first + 1, last - 1)
    latest = bisect_right(edges, target + reach, earliest + 1, last) - 1
    return best_break(galley, earliest, latest, target, room)


def set_lines(galley: Galley, first: int, last: int, rows: int, room: int, first_room: int) -> tuple[str, ...]:
    """Set words as lines, each about as long as the next; there are none where so many rows do not hold the words.

    The first row may have less room than the others; where it has none its line is empty.
    """
    text, offsets, edges = galley.text, galley.offsets, galley.edges
    whole = galley.ends[last] - edges[first]
    most = first_room + (room + 1) * rows
    lines: list[str] = []
    if not first_room:
        lines.append("")
        rows, first_room = rows - 1, room
    if whole > first_room and last - first > 1:
        if whole >= most:
            return ()
        latest = row_end(galley, first, last, first_room)
        if not fits(galley, latest, last, rows - 1, room):
            return ()
        while True:
            earliest = row_start(galley, last, rows - 1, room, first + 1, latest)
            target = edges[first] + whole / min(rows, max(2, -(-whole // room)))
            place = best_break(galley, earliest, latest, target, room)
            lines.append(text[offsets[first] : offsets[place]].rstrip())
            first, rows = place, rows - 1
            whole = width(galley, first, last)
            if rows == 1 or last - first == 1 or whole <= room:
                break
            latest = row_end(galley, first, last, room)
    lines.append(text[offsets[first] : offsets[last]].rstrip())
    return tuple(lines)
