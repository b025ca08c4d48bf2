"""How far the audio's clock is from the transcript's: the pauses that are written are looked for in the sound.

Sources: ffsubsync <https://github.com/smacke/ffsubsync> for correlating speech with text by way of the Fourier
transform. The figures are chosen so that no sound of another episode passes, on simulated talks and on speech made by
espeak-ng.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from feedbuilder.captions.align import FEWEST_SPANS, PAUSE_CHANCES, SENTENCE, read_text, snap_to_speech
from feedbuilder.captions.timing import Timing
from feedbuilder.model import Span
from feedbuilder.timecode import clock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Curve = NDArray[np.float64]  # how well words and sound agree, for every offset

FARTHEST_MS = 600_000
STEP_MS = 50
# Times between two stamps are estimates, good to about this.
BLUR_MS = 300.0
# What changes more slowly than this is noise, music, or how much is said: no pauses.
SLOWEST_MS = 20_000
# A written pause is at least this long, for those that the estimate gives no time.
SHORTEST_PAUSE_MS = 150
# The words are compared in stretches of about this length, to see where one offset ends and another begins.
STRETCH_MS = 180_000
# How far the best offset stands out from all others, in standard deviations, and how many times higher it is than the
# next best; offsets this near to it are about the same.
LEAST_PEAK = 5.5
LEAST_LEAD = 1.25
SAME_MS = 2500
# Two offsets, one before and one after a cut, must stand out this much, and this much more than a single one.
LEAST_PAIR = 8.5
CUT_GAIN = 2.0
# In talks of a few minutes the right offset may stand out less; there, of so many good ones, that is taken at which
# words and pauses agree this well when they are matched (`align.Heard.fit`). With fewer pauses, chance does as well.
SHORT_MS = 900_000
TRIED = 8
SURE_FIT, SURE_SPANS = 0.55, 60
# Where parts of the words, each of so many sentences, had to be moved differently by more than this, no offset is
# right for all.
DRIFT_MS = 1500
PARTS, PART_SENTENCES = 4, 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What the sound says of the offset."""

    offset_ms: int | None  # to be added to the transcript's times; None: not to be told
    peak: float | None = None  # how far the offset stands out from all others, in standard deviations
    fit: float | None = None  # as in `align.Heard`, at this offset
    reason: str | None = None  # why there is no offset
    changes: bool = False  # there is no offset, because it is not the same throughout


class Peak(NamedTuple):
    """The best place of a curve."""

    place: int
    height: float  # above the others, in standard deviations of them
    lead: float  # how many times higher it is than the best of the others
    spread: float  # standard deviation of the others


def read_clock(timing: Timing, spans: Sequence[Span]) -> Clock:
    """Find the offset at which the words fit the stretches of speech in the sound, which are in order and apart.

    `timing` is on the transcript's own clock, made without the length of the audio. The offset is no more than ten
    minutes either way.
    """
    spans = [span for span in spans if span.end_ms > span.start_ms]
    if not timing.words or not spans:
        return Clock(offset_ms=None, reason="no speech was heard")
    if len(spans) < FEWEST_SPANS:
        return Clock(offset_ms=None, reason="there are too few pauses to compare")
    earliest_ms, curves = correlate(timing, spans)
    total = sum_up(curves)
    whole = find_peak(total)
    if whole is None:
        return Clock(offset_ms=None, reason="there are too few pauses to compare")
    if cut := find_cut(timing, curves, whole):
        return replace(cut, peak=whole.height)
    if whole.height >= LEAST_PEAK and whole.lead >= LEAST_LEAD:
        return replace(refine(timing, spans, earliest_ms + whole.place * STEP_MS), peak=whole.height)
    if timing.ends_ms[-1] - timing.starts_ms[0] < SHORT_MS:
        tried = [refine(timing, spans, earliest_ms + place * STEP_MS) for place in find_places(total)]
        best = max(tried, key=lambda one: one.fit or 0.0, default=Clock(offset_ms=None))
        if best.offset_ms is not None and len(overlap(timing, spans, best.offset_ms)[1]) >= SURE_SPANS:
            best = refine(timing, spans, best.offset_ms)
            if best.fit is not None and best.fit >= SURE_FIT:
                return replace(best, peak=whole.height)
    return Clock(offset_ms=None, peak=whole.height, reason="the sound does not fit the words at any offset")


def correlate(timing: Timing, spans: Sequence[Span]) -> tuple[int, list[Curve]]:
    """Say for every stretch of the words how well it agrees with the sound at each offset that leaves half of them.

    Returns the earliest offset, too.
    """
    import numpy as np  # noqa: PLC0415  (of an optional extra, as the sound is)

    heard = np.zeros(spans[-1].end_ms // STEP_MS + 1)
    for before, after in pairwise(spans):
        heard[before.end_ms // STEP_MS : after.start_ms // STEP_MS + 1] = 1.0
    first_ms = timing.starts_ms[0]
    written = np.zeros((timing.ends_ms[-1] - first_ms) // STEP_MS + 1)
    for chance, begin_ms, end_ms in written_pauses(timing):
        written[(begin_ms - first_ms) // STEP_MS : (end_ms - first_ms) // STEP_MS + 1] = chance
    written -= written.mean()

    first, half = first_ms // STEP_MS, min(len(heard), len(written)) // 2
    earliest = max(-FARTHEST_MS // STEP_MS, half - first - len(written))
    latest = min(FARTHEST_MS // STEP_MS, len(heard) - half - first)
    count = 1 << (len(heard) + len(written)).bit_length()
    hertz = np.fft.rfftfreq(count, STEP_MS / 1000)
    band = np.exp(-2 * (np.pi * hertz * BLUR_MS / 1000) ** 2) * (hertz > 1000 / SLOWEST_MS)
    sound = np.fft.rfft(heard - heard.mean(), count) * band
    curves: list[Curve] = []
    for stretch in np.array_split(written, max(1, round(len(written) * STEP_MS / STRETCH_MS))):
        curve = np.fft.irfft(np.fft.rfft(stretch, count).conj() * sound, count)
        curves.append(np.take(curve, range(first + earliest, first + latest + 1), mode="wrap"))
        first += len(stretch)
    return earliest * STEP_MS, curves


def written_pauses(timing: Timing) -> Iterator[tuple[float, int, int]]:
    """Yield the places where a pause is likely: how likely, and its estimated begin and end."""
    kinds = read_text(timing).kinds[1:-1]
    for kind, end_ms, start_ms in zip(kinds, timing.ends_ms, timing.starts_ms[1:], strict=False):
        if kind:
            yield PAUSE_CHANCES[kind], end_ms, max(start_ms, end_ms + SHORTEST_PAUSE_MS)


def sum_up(curves: Sequence[Curve]) -> Curve:
    """Add the curves of several stretches."""
    import numpy as np  # noqa: PLC0415

    return np.sum(curves, axis=0)  # type: ignore[no-any-return]


def find_peak(curve: Curve) -> Peak | None:
    """Find the best place, and how it compares with the others; None where there is nothing to compare."""
    import numpy as np  # noqa: PLC0415

    best, beside = int(np.argmax(curve)), SAME_MS // STEP_MS
    others = np.concatenate([curve[: max(0, best - beside)], curve[best + beside + 1 :]])
    if not len(others) or not others.std():
        return None
    usual, spread, next_best = float(others.mean()), float(others.std()), float(others.max())
    height = (float(curve[best]) - usual) / spread
    lead = (float(curve[best]) - usual) / max(next_best - usual, spread)
    return Peak(best, height, lead, spread)


def find_places(curve: Curve) -> list[int]:
    """Find the best places of a curve that are not about the same, the best one first."""
    import numpy as np  # noqa: PLC0415

    left, beside = curve.copy(), SAME_MS // STEP_MS
    places: list[int] = []
    for _ in range(TRIED):
        place = int(np.argmax(left))
        if left[place] <= 0:
            break
        places.append(place)
        left[max(0, place - beside) : place + beside + 1] = 0
    return places


def find_cut(timing: Timing, curves: Sequence[Curve], whole: Peak) -> Clock | None:
    """Tell whether the words before some place have another offset than those after it."""
    total = sum_up(curves)
    gains: list[tuple[float, int, int]] = []
    before = 0 * total
    for count, curve in enumerate(curves[:-1], 1):
        before = before + curve
        after = total - before
        gain = float(before.max() + after.max() - total[whole.place]) / whole.spread
        gains.append((gain, count, (int(after.argmax()) - int(before.argmax())) * STEP_MS))
    gain, count, jump_ms = max(gains, default=(0.0, 0, 0))
    if gain < CUT_GAIN or whole.height + gain < LEAST_PAIR or abs(jump_ms) < DRIFT_MS:
        return None
    first_ms, last_ms = timing.starts_ms[0], timing.ends_ms[-1]
    near = clock(first_ms + (last_ms - first_ms) * count // len(curves))
    by = f"{abs(jump_ms) / 1000:.0f} s {'later' if jump_ms > 0 else 'earlier'}"
    reason = f"it does not keep one offset: from about {near} on (in the transcript), the audio is {by} than before"
    return Clock(offset_ms=None, changes=True, reason=reason)


def refine(timing: Timing, spans: Sequence[Span], offset_ms: int) -> Clock:
    """Match the words with the sound at about this offset, and see by how much that moves them."""
    timing, spans = overlap(timing, spans, offset_ms)
    heard = snap_to_speech(timing, spans)
    if heard.reason is not None:
        return Clock(offset_ms=None, fit=heard.fit, reason=heard.reason)
    kinds = read_text(timing).kinds
    moves_ms = [
        snapped_ms - start_ms
        for kind, snapped_ms, start_ms in zip(kinds, heard.timing.starts_ms, timing.starts_ms, strict=False)
        if kind >= SENTENCE
    ]
    size = -(-len(moves_ms) // PARTS)
    parts_ms = [median(moves_ms[first : first + size]) for first in range(0, len(moves_ms), size)]
    if size >= PART_SENTENCES and max(parts_ms) - min(parts_ms) > DRIFT_MS:
        reason = f"it does not keep one offset: it changes by {(max(parts_ms) - min(parts_ms)) / 1000:.1f} s on the way"
        return Clock(offset_ms=None, fit=heard.fit, changes=True, reason=reason)
    return Clock(offset_ms=offset_ms + round(median(moves_ms)), fit=heard.fit)


def overlap(timing: Timing, spans: Sequence[Span], offset_ms: int) -> tuple[Timing, list[Span]]:
    """Return the words that lie within the sound at this offset, and the stretches that lie within the words."""
    last_ms = spans[-1].end_ms - offset_ms
    first, last = bisect_left(timing.starts_ms, -offset_ms), bisect_right(timing.starts_ms, last_ms)
    moved = replace(
        timing,
        words=timing.words[first:last],
        starts_ms=tuple(start_ms + offset_ms for start_ms in timing.starts_ms[first:last]),
        ends_ms=tuple(end_ms + offset_ms for end_ms in timing.ends_ms[first:last]),
        lines=timing.lines[first:last],
        stated_ends_ms={},
    )
    begin_ms, end_ms = moved.starts_ms[0] - SAME_MS, moved.ends_ms[-1] + SAME_MS
    return moved, [span for span in spans if span.end_ms > begin_ms and span.start_ms < end_ms]
