"""Word times corrected against the sound: the pauses that were heard are matched with the words they stand between.

Sources: Gale and Church, "A Program for Aligning Sentences in Bilingual Corpora" (1993), for matching stretches by
their length alone; ffsubsync <https://github.com/smacke/ffsubsync> for judging a fit by speech and silence. The figures
are rounded fits to 17 hours of English talks and calls with known word times.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import inf, log, log1p, pi, sqrt
from typing import NamedTuple

from feedbuilder.captions.script import stop_after
from feedbuilder.captions.timing import Timing
from feedbuilder.model import Span

# What may stand between two words: nothing, a comma, a full stop or the end of a line, a change of speaker; the last
# is for the two ends of the text. For each, the chance that there is a pause, and how long that usually is.
SENTENCE, TURN, END = 2, 3, 4
PAUSE_CHANCES = (0.06, 0.5, 0.72, 0.88)
PAUSES_MS = (350, 430, 620, 1300)
PAUSE_SPREAD = 0.65  # of the logarithm
ODDEST_PAUSE = 4.0  # no length of a pause costs more
# Words and the stretch of speech they fill differ by this much, and this much more for every millisecond of it.
SLACK_MS2 = 80.0**2
SLACK_MS2_PER_MS = 100.0
LIKELY = 3.5  # so many times that is not worth a look
# A stretch that nothing fits (music, laughter, words that are not in the text) costs this much; before the first word
# and after the last one it is an announcement or a jingle, which is to be expected.
MISFIT = 12.0
JINGLE = MISFIT / 2
# How far the estimate may be wrong, and what it costs to be this many times the usual distance away from it.
REACH_MS, REACH_WORDS = 10_000, 8
USUAL_ERROR_MS = 1500.0
ERROR_COST = 0.15
# Text and sound belong together where each pause costs this much less than with the sound begun elsewhere.
LEAST_FIT = 0.2
FEWEST_SPANS = 8
TURNED_BY = (1 / 3, 2 / 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Word times after the sound was heard."""

    timing: Timing  # as it was where the sound did not help
    fit: float | None  # how much better words and pauses agree than by chance, for each pause; None: not to be told
    reason: str | None  # why the timing was left as it was; None: it was corrected


class Text(NamedTuple):
    """What the words say about pauses; a place is the number of words before it."""

    kinds: tuple[int, ...]  # what stands at each place
    middles_ms: tuple[float, ...]  # where the estimate has each place
    unpaused: tuple[float, ...]  # cost of having no pause at any place up to this one


class Front(NamedTuple):
    """The cheapest matches that reach each of some neighbouring places."""

    first: int
    costs: list[float]


def snap_to_speech(timing: Timing, spans: Sequence[Span]) -> Heard:
    """Correct the word times against the stretches of speech in the sound, which are in order and apart.

    Words between two pauses fill the speech between them. The words stay the same and in order. Where the sound does
    not belong to the words, or tells too little, the timing is returned as it was.
    """
    spans = [span for span in spans if span.end_ms > span.start_ms]
    if not spans or not timing.words:
        return Heard(timing=timing, fit=None, reason="no speech was heard")
    if len(spans) < FEWEST_SPANS:
        return Heard(timing=timing, fit=None, reason="there are too few pauses to compare")
    text = read_text(timing)
    said_ms = say(timing, spans)
    places, cost = match(text, said_ms, spans)
    fit = (min(match(text, said_ms, turn(spans, part))[1] for part in TURNED_BY) - cost) / len(spans)
    if fit < LEAST_FIT:
        return Heard(timing=timing, fit=fit, reason="the sound does not fit the words")
    return Heard(timing=respread(timing, said_ms, spans, places), fit=fit, reason=None)


def read_text(timing: Timing) -> Text:
    """Say what stands between the words."""
    words, lines, speakers = timing.words, timing.lines, timing.speakers
    kinds = [END]
    for place in range(1, len(words)):
        before, after = lines[place - 1], lines[place]
        if before == after:
            kinds.append(int(stop_after(words[place - 1])))
        else:
            kinds.append(SENTENCE if speakers[before] == speakers[after] else TURN)
    kinds.append(END)
    costs = [-log(1 - chance) for chance in PAUSE_CHANCES] + [0.0]
    return Text(
        kinds=tuple(kinds),
        middles_ms=(
            timing.starts_ms[0],
            *((end + start) / 2 for end, start in zip(timing.ends_ms, timing.starts_ms[1:], strict=False)),
            timing.ends_ms[-1],
        ),
        unpaused=tuple(accumulate(costs[kind] for kind in kinds)),
    )


def say(timing: Timing, spans: Sequence[Span]) -> list[float]:
    """Return how long it takes to say the words before each place, without pauses: as long as there is speech."""
    estimated_ms = [max(1, end - start) for start, end in zip(timing.starts_ms, timing.ends_ms, strict=True)]
    first_ms, last_ms = timing.starts_ms[0], timing.ends_ms[-1]
    heard_ms = sum(max(0, min(span.end_ms, last_ms) - max(span.start_ms, first_ms)) for span in spans)
    rate = max(heard_ms, 1) / sum(estimated_ms)
    return [0.0, *accumulate(word_ms * rate for word_ms in estimated_ms)]


def misfit(length_ms: float, said_ms: float) -> float:
    """Say what it costs that words which take `said_ms` fill a stretch of this length."""
    return (length_ms - said_ms) ** 2 / (2 * SLACK_MS2 + SLACK_MS2_PER_MS * (length_ms + said_ms))


def match(text: Text, said_ms: Sequence[float], spans: Sequence[Span]) -> tuple[list[int], float]:
    """Find the place at every pause, those before the first and after the last stretch included; return the cost too.

    Every stretch takes some of the words in turn, or none. A jingle may run into the first words and out of the last
    ones. The cheapest way is found by dynamic programming.
    """
    front = Front(0, [0.0])
    links: list[tuple[int, list[int]]] = []
    for span, after in zip(spans, [*spans[1:], None], strict=True):
        pause_ms = after.start_ms - span.end_ms if after else None
        at_ms = span.end_ms + (pause_ms or 0) / 2
        first, last = find_window(text, at_ms, front.first)
        costs, back = step(text, said_ms, span.end_ms - span.start_ms, front, range(first, last))
        stay = min(MISFIT, misfit(span.end_ms - span.start_ms, 0))
        pause_costs = weigh_pause(pause_ms)
        for here, place in enumerate(range(first, last)):
            kind = text.kinds[place]
            costs[here] += pause_costs[kind]
            rank = place - front.first
            empty = stay * JINGLE / MISFIT if kind == END else stay
            if rank < len(front.costs) and (stayed := front.costs[rank] + empty) < costs[here]:
                costs[here], back[here] = stayed, place
            if kind != END:
                costs[here] += ERROR_COST * log1p(((at_ms - text.middles_ms[place]) / USUAL_ERROR_MS) ** 2 / 2)
        links.append((first, back))
        front = Front(first, costs)
    best = len(front.costs) - 1  # the end of the text, where it was reached
    if front.first + best < len(said_ms) - 1 or front.costs[best] == inf:
        best = min(range(len(front.costs)), key=front.costs.__getitem__)
    places = [front.first + best]
    for first, back in reversed(links):
        places.append(back[places[-1] - first])
    return places[::-1], front.costs[best]


def find_window(text: Text, at_ms: float, earliest: int) -> tuple[int, int]:
    """Find the places that may lie at this time, none before the earliest: the first, and the one past the last."""
    middles_ms = text.middles_ms
    near = bisect_left(middles_ms, at_ms)
    first = min(bisect_left(middles_ms, at_ms - REACH_MS), near - REACH_WORDS)
    last = max(bisect_right(middles_ms, at_ms + REACH_MS), near + REACH_WORDS + 1)
    first = max(first, earliest)
    return first, min(len(middles_ms), max(last, first + 1))


def weigh_pause(pause_ms: int | None) -> list[float]:
    """Say what a pause of this length costs at each kind of place; None is for the end of the sound."""
    if pause_ms is None:
        return [-log(PAUSE_CHANCES[0])] * END + [0.0]
    costs: list[float] = []
    for chance, usual_ms in zip(PAUSE_CHANCES, PAUSES_MS, strict=True):
        oddity = (log(max(pause_ms, 1) / usual_ms) / PAUSE_SPREAD) ** 2 / 2
        costs.append(min(ODDEST_PAUSE, oddity) - log(chance) + log(PAUSE_SPREAD * sqrt(2 * pi)))
    return [*costs, 0.0]


def step(
    text: Text, said_ms: Sequence[float], length_ms: int, front: Front, window: range
) -> tuple[list[float], list[int]]:
    """Let a stretch of speech take words up to each place of the window; return the costs, and where each began."""
    first, last = front.first, front.first + len(front.costs)
    begun = [cost - text.unpaused[place] for place, cost in enumerate(front.costs, first)]
    cheapest = list(accumulate(zip(begun, range(first, last), strict=True), min))
    reach_ms = LIKELY * sqrt(SLACK_MS2 + SLACK_MS2_PER_MS * length_ms)
    shortest_ms, longest_ms = max(0.0, length_ms - reach_ms), length_ms + reach_ms
    costs: list[float] = []
    back: list[int] = []
    for place in window:
        latest = min(place, last)
        if latest <= first:
            costs.append(inf)
            back.append(place)
            continue
        best, origin = cheapest[latest - first - 1]
        best += MISFIT
        now_ms = said_ms[place]
        if first == 0 and now_ms < length_ms and begun[0] + JINGLE < best:
            best, origin = begun[0] + JINGLE, 0
        for there in range(
            bisect_left(said_ms, now_ms - longest_ms, first, latest),
            bisect_right(said_ms, now_ms - shortest_ms, first, latest),
        ):
            words_ms = now_ms - said_ms[there]
            # misfit(), written out: this is the innermost loop
            cost = begun[there - first] + (length_ms - words_ms) ** 2 / (
                2 * SLACK_MS2 + SLACK_MS2_PER_MS * (length_ms + words_ms)
            )
            if cost < best:
                best, origin = cost, there
        if text.kinds[place] == END:
            for there in range(bisect_left(said_ms, now_ms - length_ms, first, latest), latest):
                if begun[there - first] + JINGLE < best:
                    best, origin = begun[there - first] + JINGLE, there
        costs.append(best + text.unpaused[place - 1])
        back.append(origin)
    return costs, back


def turn(spans: Sequence[Span], part: float) -> list[Span]:
    """Begin the sound elsewhere, and put what was before at its end."""
    cut = round(len(spans) * part)
    back_ms = spans[cut].start_ms - spans[0].start_ms
    pause_ms = spans[cut].start_ms - spans[cut - 1].end_ms
    on_ms = spans[-1].end_ms - back_ms + pause_ms - spans[0].start_ms
    return [Span(span.start_ms - back_ms, span.end_ms - back_ms) for span in spans[cut:]] + [
        Span(span.start_ms + on_ms, span.end_ms + on_ms) for span in spans[:cut]
    ]


def respread(timing: Timing, said_ms: Sequence[float], spans: Sequence[Span], places: Sequence[int]) -> Timing:
    """Spread the words over the stretches that were matched with them; move the others with their neighbours."""
    starts_ms = list(timing.starts_ms)
    ends_ms = list(timing.ends_ms)
    done = 0
    for span, (first, last) in zip(spans, pairwise(places), strict=True):
        spoken = without_jingle(span, said_ms, first, last)
        if first == last or misfit(spoken.end_ms - spoken.start_ms, said_ms[last] - said_ms[first]) >= MISFIT:
            continue
        fill(timing, said_ms, spoken, first, last, starts_ms, ends_ms)
        move(timing, starts_ms, ends_ms, done, first)
        done = last
    move(timing, starts_ms, ends_ms, done, len(starts_ms))
    starts_ms = list(accumulate(starts_ms, max))
    return replace(timing, starts_ms=tuple(starts_ms), ends_ms=tuple(map(max, starts_ms, ends_ms)), stated_ends_ms={})


def without_jingle(span: Span, said_ms: Sequence[float], first: int, last: int) -> Span:
    """Cut off the jingle that the first words follow, or the last words run into, without a pause."""
    words_ms = round(said_ms[last] - said_ms[first])
    if words_ms >= span.end_ms - span.start_ms or misfit(span.end_ms - span.start_ms, words_ms) < JINGLE:
        return span
    if first == 0:
        return Span(span.end_ms - words_ms, span.end_ms)
    if last == len(said_ms) - 1:
        return Span(span.start_ms, span.start_ms + words_ms)
    return span


def fill(
    timing: Timing,
    said_ms: Sequence[float],
    span: Span,
    first: int,
    last: int,
    starts_ms: list[int],
    ends_ms: list[int],
) -> None:
    """Fill a stretch with words; where it is longer than they take, the estimate's pauses between them get the rest."""
    pauses_ms = [0, *(timing.starts_ms[word] - timing.ends_ms[word - 1] for word in range(first + 1, last))]
    paused_ms = list(accumulate(max(0, pause_ms) for pause_ms in pauses_ms))
    length_ms = span.end_ms - span.start_ms
    words_ms = said_ms[last] - said_ms[first]
    share = min(1.0, max(0.0, (length_ms - words_ms) / paused_ms[-1])) if paused_ms[-1] else 0.0
    stretch = length_ms / (words_ms + share * paused_ms[-1])
    for word, before_ms in enumerate(paused_ms, first):
        zero_ms = before_ms * share - said_ms[first]
        starts_ms[word] = span.start_ms + round((zero_ms + said_ms[word]) * stretch)
        ends_ms[word] = span.start_ms + round((zero_ms + said_ms[word + 1]) * stretch)


def move(timing: Timing, starts_ms: list[int], ends_ms: list[int], first: int, last: int) -> None:
    """Move words that nothing was matched with, as far as the words on both sides were moved."""
    if first == last:
        return
    count = len(starts_ms)
    before_ms = ends_ms[first - 1] - timing.ends_ms[first - 1] if first else None
    after_ms = starts_ms[last] - timing.starts_ms[last] if last < count else before_ms or 0
    if before_ms is None:
        before_ms = after_ms
    earliest_ms = ends_ms[first - 1] if first else 0
    latest_ms = starts_ms[last] if last < count else timing.duration_ms or inf
    begin_ms = timing.starts_ms[first]
    whole_ms = timing.ends_ms[last - 1] - begin_ms or 1
    for times_ms in (starts_ms, ends_ms):
        for word in range(first, last):
            moved_ms = times_ms[word] + before_ms + (after_ms - before_ms) * (times_ms[word] - begin_ms) / whole_ms
            times_ms[word] = int(min(latest_ms, max(earliest_ms, moved_ms)))
