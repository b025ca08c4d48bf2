"""The pace of an episode, learned from its own stamps: how fast it is spoken, and how long its pauses are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from feedbuilder.captions.speech import Speech
from feedbuilder.captions.stamps import Anchor, Stamp

# How much unhurried speech must lie between two stamps for them to tell the pace.
STEADY_MS = 8000
# Stretches further off the episode's pace than this hold a silence or a mistake, and tell nothing of its pauses.
USUAL = 1.6
# Weight of the assumption that pauses are as usual: stretches that hold much the same share of them say little.
DOUBT_S = 6.0
# However the stamps may lie, pauses are at most this many times longer or shorter than usual.
LONGEST_PAUSES = 3.0
# A recording no more than this much longer than its words is all speech; beyond, not all that was said is written down.
SLOWEST = 1.4


def learn_pace(stamps: Iterable[Stamp], said_ms: float, duration_ms: int | None) -> float:
    """Learn the recording's time over that of unhurried speech, which takes `said_ms` for all the words.

    It is the middle one of the paces between neighbouring stamps, which a few wrong ones cannot move far.
    """
    links = [
        (after.said_ms - before.said_ms, (after.at_ms - before.at_ms) / (after.said_ms - before.said_ms))
        for before, after in pairwise(stamps)
        if after.at_ms > before.at_ms and after.said_ms > before.said_ms
    ]
    if links:
        return median([pace for said_ms, pace in links if said_ms >= STEADY_MS] or [pace for _, pace in links])
    return min(duration_ms / said_ms, SLOWEST) if duration_ms and said_ms else 1.0


def speech_pace(usual: float, slowest: float = SLOWEST, unhurried: float = 1.0) -> float:
    """Say how slow the speech is where its recording is `usual` times as long as its words.

    Beyond the slowest speech there is other than these words, and that the more surely, the further: the pace comes
    back to an unhurried one, and does so without a leap, for nobody knows where slow speech ends.

    >>> [round(speech_pace(usual), 2) for usual in (0.8, 1.4, 1.6, 4)]
    [0.8, 1.4, 1.22, 1.0]
    """
    return usual if usual <= slowest else max(unhurried, slowest**2 / usual)


def learn_pauses(speech: Speech, anchors: Sequence[Anchor], pace: float) -> float:
    """Learn how long the pauses are, as a multiple of the usual ones.

    A line is fitted through the stretches between anchors, their pace over the part of them that is pauses: one that
    rises tells of pauses longer than usual.
    """
    shares: list[float] = []
    paces: list[float] = []
    weights_s: list[float] = []
    for here, there in pairwise(anchors):
        talk_ms = speech.talk_ms[there.word] - speech.talk_ms[here.word]
        pause_ms = speech.pause_ms[there.word] - speech.pause_ms[here.word]
        said_ms = talk_ms + pause_ms
        if said_ms >= STEADY_MS and 1 / USUAL < (there.at_ms - here.at_ms) / said_ms / pace < USUAL:
            shares.append(pause_ms / said_ms)
            paces.append((there.at_ms - here.at_ms) / said_ms)
            weights_s.append(said_ms / 1000)
    if not shares:
        return 1.0
    share, middle = mean(shares, weights_s), mean(paces, weights_s)
    rise = sum(w * (s - share) * (p - middle) for w, s, p in zip(weights_s, shares, paces, strict=True))
    run = sum(w * (s - share) ** 2 for w, s in zip(weights_s, shares, strict=True))
    slope = rise / (run + DOUBT_S)
    talk = middle - slope * share
    return min(LONGEST_PAUSES, max(1 / LONGEST_PAUSES, (talk + slope) / talk)) if talk > 0 else LONGEST_PAUSES


def mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted mean."""
    return sum(map(float.__mul__, values, weights)) / sum(weights)
