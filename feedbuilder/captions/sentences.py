"""The sentences of an episode, as captions take them: brief ones together, none across a turn or a silence."""

from __future__ import annotations

from collections.abc import Sequence

from feedbuilder.captions.breaks import CLAUSE_COST
from feedbuilder.captions.timing import Timing

# A sentence shorter than this is read together with the next.
BRIEF_MS = 1500
# No card spans a silence longer than this.
SILENCE_MS = 1500


def gather_sentences(timing: Timing, costs: Sequence[float]) -> list[tuple[int, int]]:
    """Find the sentences as pairs of places; brief ones of one speaker are taken together.

    `costs` are those of a break after each word.
    """
    starts_ms, ends_ms, lines, speakers = timing.starts_ms, timing.ends_ms, timing.lines, timing.speakers
    until_ms = timing.shown_until_ms
    count = len(timing.words)
    if not count:
        return []
    stops = [place for place, cost in enumerate(costs, 1) if cost <= CLAUSE_COST and place < count]
    ends = [place for place in stops if costs[place - 1] < 0 or starts_ms[place] - ends_ms[place - 1] > SILENCE_MS]
    gathered: list[tuple[int, int]] = []
    first = opened = 0
    for place in [*ends, count]:
        closes = (
            place == count
            or speakers[lines[place]] != speakers[lines[place - 1]]
            or starts_ms[place] - ends_ms[place - 1] > SILENCE_MS
        )
        is_brief = until_ms[place - 1] - starts_ms[first] < BRIEF_MS
        if is_brief and not closes:
            continue
        if is_brief and first > opened:
            first = gathered.pop()[0]
        gathered.append((first, place))
        first = place
        if closes:
            opened = place
    return gathered
