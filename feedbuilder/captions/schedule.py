"""How long each card stays on screen: long enough to read, no longer than its words allow.

Sources: Netflix Timed Text Style Guide (two frames between cards, gaps of half a second closed); BBC Subtitle
Guidelines (a card may lead the speech by 1.5 seconds, and hang as long after it).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import lt

# A card may hang on this long after its words, where reading them takes it.
HANG_MS = 1500
# A card may begin this much before or after its words, where it or the card before would be too short to read: half of
# what the BBC allows.
SHIFT_MS = 750
# Silences up to this are not worth clearing the screen for.
CHAIN_MS = 500


def schedule(
    starts_ms: Sequence[int],
    ends_ms: Sequence[int],
    needs_ms: Sequence[int],
    *,
    max_ms: int,
    gap_ms: int,
    duration_ms: int | None,
) -> list[tuple[int, int]]:
    """Give each card its time from the start and end of its words, and the time it takes to read.

    Times never overlap, and each card has at least a millisecond; only the lack of that lets them pass the duration.
    """
    last_ms = ends_ms[-1] + HANG_MS if duration_ms is None else duration_ms
    edges = part_cards([*starts_ms, max(last_ms, starts_ms[-1])], [need + gap_ms for need in needs_ms])
    edges = make_strict(edges, duration_ms)
    times: list[tuple[int, int]] = []
    for start, next_start, end, need in zip(edges, edges[1:], ends_ms, needs_ms, strict=False):
        readable = start + need
        if readable < end:
            readable = end
        elif readable > end + HANG_MS:
            readable = end + HANG_MS
        if next_start - readable <= CHAIN_MS:
            readable = max(next_start - gap_ms, min(start + need, next_start))
        latest = min(next_start, start + max_ms)
        if readable > latest:
            readable = latest
        times.append((start, readable if readable > start else start + 1))
    return times


def part_cards(starts_ms: Sequence[int], needs_ms: Sequence[int]) -> list[int]:
    """Shift the starts where a card lacks time to read and its neighbour can spare some; the last one is the end.

    Cards begin earlier where that is enough, and later only where it is not.
    """
    edges = list(starts_ms)
    for here in range(len(needs_ms) - 1, 0, -1):
        if edges[here + 1] - edges[here] < needs_ms[here]:
            edges[here] = max(edges[here + 1] - needs_ms[here], starts_ms[here] - SHIFT_MS)
    for here, need in enumerate(needs_ms[:-1]):
        if edges[here + 1] - edges[here] < need:
            edges[here + 1] = min(edges[here] + need, starts_ms[here + 1] + SHIFT_MS)
    return edges


def make_strict(edges: list[int], duration_ms: int | None) -> list[int]:
    """Give every card a millisecond at least, within the duration if there are as many."""
    # Nearly always they have it.
    if edges[0] >= 0 and all(map(lt, edges, edges[1:])) and (duration_ms is None or edges[-1] <= duration_ms):
        return edges
    count = len(edges)
    strict: list[int] = []
    earliest = 0
    for here, edge in enumerate(edges):
        latest = edge if duration_ms is None else min(edge, duration_ms - (count - 1 - here))
        strict.append(max(earliest, latest))
        earliest = strict[-1] + 1
    return strict
