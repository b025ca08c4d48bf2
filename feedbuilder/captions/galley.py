"""The text as one long column before it is cut into cards: the widths of words and the costs of breaking after them.

Two tasks share it: cutting the column into cards, and a card into lines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import sub

from feedbuilder.captions.breaks import break_costs
from feedbuilder.captions.script import columns
from feedbuilder.captions.timing import Timing

# What a break costs that leaves one side a whole line longer than wanted: more than tearing two words apart.
LOPSIDED_COST = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Galley:
    """The words of an episode as set type; a place is the number of words before it."""

    words: Sequence[str]
    text: str  # all of them
    offsets: Sequence[int]  # characters of it before each place
    edges: Sequence[int]  # columns before each place
    spaces: Sequence[int]  # columns each word saves at the end of a line, where the space after it is not seen
    costs: Sequence[float]  # of a break after each word
    is_wide: bool  # mostly characters of two columns


def set_galley(timing: Timing) -> Galley:
    """Set the words of an episode in one column."""
    text = "".join(timing.words)
    edges = offsets = [0, *accumulate(map(len, timing.words))]
    if not text.isascii():
        widths = {word: columns(word) for word in set(timing.words)}
        edges = [0, *accumulate(map(widths.__getitem__, timing.words))]
    return Galley(
        words=timing.words,
        text=text,
        offsets=offsets,
        edges=edges,
        spaces=[word[-1] == " " for word in timing.words],
        costs=break_costs(timing.words, timing.lines, timing.language),
        is_wide=edges[-1] > 1.5 * len(text),
    )


def hold_colons(galley: Galley) -> Galley:
    """Count the no-break space which SubRip needs behind a colon even at the end of a line."""
    held = {word for word in set(galley.words) if word.rstrip().endswith(":")}
    return replace(galley, spaces=list(map(sub, galley.spaces, map(held.__contains__, galley.words))))


def width(galley: Galley, first: int, last: int) -> int:
    """Count the columns of the words from one place to another."""
    return galley.edges[last] - galley.edges[first] - galley.spaces[last - 1]


def row_end(galley: Galley, first: int, last: int, room: int) -> int:
    """Find the last place that a row of this room reaches; one word is always set, however long."""
    edges, spaces, least = galley.edges, galley.spaces, first + 1
    full = edges[first] + room
    end = bisect_right(edges, full + 1, least, last + 1) - 1
    while end > least and edges[end] - spaces[end - 1] > full:
        end -= 1
    return max(end, least)


def row_start(galley: Galley, last: int, room: int) -> int:
    """Find the first place from which a row of this room reaches the last."""
    edge = galley.edges[last] - galley.spaces[last - 1] - room
    return min(last - 1, bisect_left(galley.edges, edge, 0, last)) if last else 0


def fits(galley: Galley, first: int, last: int, rows: int, room: int, first_room: int) -> bool:
    """Say whether the words can be set in so many rows, of which the first may have less room, or none."""
    whole = width(galley, first, last)
    if not first_room < whole < first_room + (room + 1) * rows:
        return whole <= first_room
    end = row_end(galley, first, last, first_room) if first_room else first
    for _ in range(rows - 1):
        if end == last:
            return True
        end = row_end(galley, end, last, room)
    return end == last


def best_break(galley: Galley, earliest: int, latest: int, target: float, room: int) -> int:
    """Choose the place that is best to break at, of those not far from the wanted edge."""
    if earliest == latest:
        return earliest
    weight = LOPSIDED_COST / room**2
    edges = galley.edges[earliest : latest + 1]
    costs = [
        cost + weight * (edge - target) ** 2
        for cost, edge in zip(galley.costs[earliest - 1 : latest], edges, strict=True)
    ]
    return earliest + costs.index(min(costs))


def part(galley: Galley, first: int, last: int, share: float, room: int) -> int:
    """Choose where to part the words so that about this share of them comes first."""
    edges = galley.edges
    begin, whole = edges[first], edges[last] - edges[first]
    reach = whole * min(share, 1 - share) * 0.7
    target = begin + whole * share
    earliest = max(first + 1, bisect_left(edges, target - reach, first + 1, last))
    latest = min(last - 1, max(earliest, bisect_right(edges, target + reach, first + 1, last) - 1))
    return best_break(galley, min(earliest, latest), latest, target, room)


def set_lines(galley: Galley, first: int, last: int, rows: int, room: int, first_room: int) -> tuple[str, ...]:
    """Set words that fit in so many rows as lines, each about as long as the next; one without room is empty."""
    text, offsets, edges = galley.text, galley.offsets, galley.edges
    lines: list[str] = []
    if not first_room:
        lines.append("")
        rows, first_room = rows - 1, room
    while rows > 1 and last - first > 1 and (whole := width(galley, first, last)) > first_room:
        latest = row_end(galley, first, last, first_room)
        earliest = last
        for _ in range(rows - 1):
            earliest = row_start(galley, earliest, room)
        target = edges[first] + whole / min(rows, max(2, -(-whole // room)))
        place = best_break(galley, min(max(first + 1, earliest), latest), latest, target, room)
        lines.append(text[offsets[first] : offsets[place]].rstrip())
        first, rows, first_room = place, rows - 1, room
    lines.append(text[offsets[first] : offsets[last]].rstrip())
    return tuple(lines)
