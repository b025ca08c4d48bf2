"""How good an episode's captions are to read: their speed, and how much of the sound they cover."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final

from feedbuilder.check.captions import Captions, Cue
from feedbuilder.check.transcripts import TAG

SPEED_EDGES: Final = (8, 10, 12, 14, 16, 18, 20, 25)
"""Characters a second, each the last of its class; a further class holds all that is faster."""
FAST: Final = 20
"""Characters a second that adults read with ease: Netflix, Timed Text Style Guide, English (US)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaptionFacts:
    """The captions of one episode in numbers."""

    cues: int
    fast_cues: int  # over FAST
    by_speed: tuple[int, ...]  # cues by SPEED_EDGES
    covered_ms: int  # for how long some caption is on screen
    coverage: float | None  # of the episode, from 0 to 1; None where its length is not known


def caption_facts(captions: Captions, duration_ms: int | None) -> CaptionFacts:
    """Return the numbers of one file."""
    by_speed, fast = [0] * (len(SPEED_EDGES) + 1), 0
    for cue in captions.cues:
        speed = _characters_a_second(cue, captions.kind)
        by_speed[bisect_left(SPEED_EDGES, speed)] += 1
        fast += speed > FAST
    covered_ms = _covered_ms(captions.cues)
    return CaptionFacts(
        cues=len(captions.cues),
        fast_cues=fast,
        by_speed=tuple(by_speed),
        covered_ms=covered_ms,
        coverage=min(covered_ms / duration_ms, 1) if duration_ms else None,
    )


def _characters_a_second(cue: Cue, kind: str) -> float:
    text = unescape(TAG.sub("", cue.text)) if kind == "vtt" and ("<" in cue.text or "&" in cue.text) else cue.text
    length_ms = cue.end_ms - cue.start_ms
    return len(text) * 1000 / length_ms if length_ms > 0 else float("inf")


def _covered_ms(cues: Sequence[Cue]) -> int:
    total_ms = reached_ms = 0
    for start_ms, end_ms, *_ in sorted(cues):
        total_ms += max(0, end_ms - max(start_ms, reached_ms))
        reached_ms = max(reached_ms, end_ms)
    return total_ms
