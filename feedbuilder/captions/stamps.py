"""Which stamps to believe: the most of them that could belong to one recording spoken at one pace.

A link between two stamps costs more the further its pace is from the episode's own, and the chain worth most is found
by dynamic programming. Stamps that fit each other but not the rest (a recording joined from two) make a run of their
own, which is moved to where its words fit, for the distances within it are still true.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log
from typing import NamedTuple

# Two stamps may each be a second off, so that pace over a short distance says little.
SLACK_MS = 2000
# Where words have less than this part of the time they take at the episode's pace, a stamp is wrong.
SHORTEST = 0.6
# A link at three times or a third of the episode's pace costs as much as a stamp is worth.
DEAR_LINK = log(3)
# Going on at another time, after a silence or a mistake, costs this many stamps: lone wrong ones are not worth it.
JUMP_COST = 2.5
# How many stamps a link may pass over; a jump passes over any number.
REACH = 60


class Anchor(NamedTuple):
    """A place between words whose time is taken as known: where `word` begins, or the one before it ends."""

    word: int
    at_ms: float
    is_end: bool = False  # stated as the end of the word before, so that no silence lies before it


class Stamp(NamedTuple):
    """A line's start on two clocks: the recording's, and that of the words before it said at the episode's pace."""

    line: int
    said_ms: float
    at_ms: float
    is_stated: bool = False  # together with an end, as a caption's


def believe(stamps: Sequence[Stamp], end: Stamp | None, *, spread: float = 1.0) -> list[Stamp]:
    """Return the believable stamps, never falling; some may have been moved.

    `end` is the end of the recording, None when that is not known. `spread` is how many times longer the stretches
    between stamps usually are than their words take: one, unless the transcript was shortened.
    """
    runs = find_runs(stamps, spread)
    trusted = trust_runs(runs, end, spread)
    if len(trusted) == len(runs):
        return [stamp for run in runs for stamp in run]
    return move_runs(runs, trusted, end)


def find_runs(stamps: Sequence[Stamp], spread: float) -> list[list[Stamp]]:
    """Find the chain worth most, cut into runs where it jumps."""
    worths: list[float] = []
    links: list[tuple[int, bool]] = []  # the stamp before in the chain, and whether it is reached by a jump
    peaks: list[int] = []  # the worthiest chain's end so far
    for here, stamp in enumerate(stamps):
        worth, link = 1.0, (-1, True)
        if here and (jumped := worths[peaks[-1]] + 1 - JUMP_COST) > worth and may_jump(stamps[peaks[-1]], stamp):
            worth, link = jumped, (peaks[-1], True)
        for there in range(here - 1, max(-1, here - 1 - REACH), -1):
            if worths[peaks[there]] + 1 <= worth:
                break
            linked = worths[there] + 1
            if there < here - 1 or not are_captions(stamps[there], stamp):
                linked -= link_cost(stamps[there], stamp, spread)
            if linked > worth:
                worth, link = linked, (there, False)
        worths.append(worth)
        links.append(link)
        peaks.append(here if not peaks or worth > worths[peaks[-1]] else peaks[-1])
    runs: list[list[Stamp]] = [[]]
    here = peaks[-1] if peaks else -1
    while here >= 0:
        runs[-1].append(stamps[here])
        here, jump = links[here]
        if jump:
            runs.append([])
    return [run[::-1] for run in reversed(runs) if run]


def may_jump(before: Stamp, after: Stamp) -> bool:
    """Say whether time goes on elsewhere: earlier, or later with room for the words; else single stamps are wrong."""
    return after.at_ms < before.at_ms or fits(before, after)


def are_captions(before: Stamp, after: Stamp) -> bool:
    """Say whether two neighbours are captions in order: whatever time lies between them, it was meant."""
    return before.is_stated and after.is_stated and before.at_ms <= after.at_ms


def link_cost(before: Stamp, after: Stamp, spread: float) -> float:
    """Say how unlikely two stamps are to be neighbours; infinite where there is no time for the words between."""
    if not fits(before, after):
        return inf
    pace = (after.at_ms - before.at_ms + SLACK_MS) / (after.said_ms - before.said_ms + SLACK_MS)
    off = log(pace) if pace < 1 else max(0.0, log(pace / spread))
    return (off / DEAR_LINK) ** 2


def fits(before: Stamp, after: Stamp) -> bool:
    """Say whether the words between two stamps can be said in the time between them."""
    passed_ms = after.at_ms - before.at_ms
    return passed_ms >= 0 and passed_ms + SLACK_MS >= SHORTEST * (after.said_ms - before.said_ms)


def trust_runs(runs: Sequence[list[Stamp]], end: Stamp | None, spread: float) -> set[int]:
    """Choose the runs whose times are taken as they stand: the most stamps that follow one another, silences or not."""
    if len(runs) == 1:
        return {0}
    beginning = Stamp(-1, 0, 0)
    worths: list[float] = []
    links: list[int] = []
    for here, run in enumerate(runs):
        worth, link = 0.0 if fits(beginning, run[0]) else -JUMP_COST, -1
        for there in range(here):
            linked = worths[there] - min(link_cost(runs[there][-1], run[0], spread), JUMP_COST)
            if linked > worth and fits(runs[there][-1], run[0]):
                worth, link = linked, there
        worths.append(worth + len(run) - (0 if end is None or fits(run[-1], end) else JUMP_COST))
        links.append(link)
    here = max(range(len(runs)), key=worths.__getitem__, default=-1)
    trusted = set()
    while here >= 0:
        trusted.add(here)
        here = links[here]
    return trusted


def move_runs(runs: Sequence[list[Stamp]], trusted: set[int], end: Stamp | None) -> list[Stamp]:
    """Move the other runs between the trusted ones, in proportion to the words about them; drop those without room."""
    believed: list[Stamp] = []
    for here, run in enumerate(runs):
        if here in trusted:
            believed += run
            continue
        first, last = run[0], run[-1]
        before = believed[-1] if believed else Stamp(-1, 0, 0)
        after = next((runs[there][0] for there in range(here, len(runs)) if there in trusted), end)
        said_before_ms = first.said_ms - before.said_ms
        start_ms = before.at_ms + said_before_ms
        if after is not None:
            said_after_ms = after.said_ms - last.said_ms
            spare_ms = after.at_ms - before.at_ms - (last.at_ms - first.at_ms)
            if spare_ms < SHORTEST * (said_before_ms + said_after_ms):
                continue
            start_ms = before.at_ms + spare_ms * said_before_ms / ((said_before_ms + said_after_ms) or 1)
        believed += [stamp._replace(at_ms=stamp.at_ms - first.at_ms + start_ms) for stamp in run]
    return believed
