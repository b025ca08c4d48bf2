"""When every word is spoken: transcript paragraphs with coarse starts in, word times out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import add

from feedbuilder.captions.anchors import Anchors, choose_anchors
from feedbuilder.captions.pace import learn_pauses
from feedbuilder.captions.speech import SENTENCE_PAUSE_MS, Speech, read_speech
from feedbuilder.model import Transcript

# How far words are drawn out before silence is the better explanation, as a multiple of the episode's own pace.
SLOWEST_STRETCH = 1.2
# Pauses inside a sentence grow to this multiple, a second at a comma; where there is more silence, the transcript tells
# less than was said, and what is missing lies between its sentences.
LONGEST_CLAUSE_PAUSE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The words of a transcript with their times, column by column; all columns but `speakers` are of one length."""

    words: tuple[str, ...]  # each with the space after it, if any: joined they are the text
    starts_ms: tuple[int, ...]  # never falling
    ends_ms: tuple[int, ...]  # never before the start
    lines: tuple[int, ...]  # index of the transcript line a word belongs to
    speakers: tuple[str | None, ...]  # one for each transcript line
    language: str
    duration_ms: int | None  # measured length of the audio


def time_words(transcript: Transcript, *, duration_ms: int | None = None) -> Timing:
    """Estimate when every word of the transcript is spoken.

    `duration_ms` is the measured length of the audio, None when it is not known.
    """
    if duration_ms is not None and duration_ms <= 0:
        duration_ms = None
    lines = tuple(transcript.lines)
    speech = read_speech(lines)
    anchors = choose_anchors(lines, speech, duration_ms)
    pauses = learn_pauses(speech, anchors.places[1:-1], anchors.pace)
    starts_ms, ends_ms = place_words(speech, anchors, pauses)
    return Timing(
        words=speech.words,
        starts_ms=tuple(starts_ms),
        ends_ms=tuple(ends_ms),
        lines=speech.lines,
        speakers=tuple([line.speaker for line in lines]),
        language=transcript.language,
        duration_ms=duration_ms,
    )


def place_words(speech: Speech, anchors: Anchors, pauses: float) -> tuple[list[int], list[int]]:
    """Spread the words over the time between neighbouring anchors; return their starts and ends.

    Words and pauses, these `pauses` times as long as usual, stretch alike, up to a drawl; what time is left then is
    silence, and goes to the pauses.
    """
    slowest = anchors.pace * SLOWEST_STRETCH
    starts_ms: list[int] = []
    ends_ms: list[int] = []
    for here, there in pairwise(anchors.places):
        if here.word == there.word:
            continue
        talk_ms = speech.talk_ms[here.word : there.word + 1]
        pause_ms: Sequence[float] = speech.pause_ms[here.word : there.word]
        said_ms = talk_ms[-1] - talk_ms[0]
        silent_ms = speech.pause_ms[there.word] - pause_ms[0]
        room_ms = there.at_ms - here.at_ms
        if there.is_end:  # no silence before it: the last word's pause lies behind it, and a drawl is a drawl
            silent_ms = pause_ms[-1] - pause_ms[0]
        stretch = room_ms / (said_ms + silent_ms * pauses)
        stretch = stretch if there.is_end else min(stretch, slowest)
        pause_stretch = (room_ms - said_ms * stretch) / silent_ms if silent_ms else 0.0
        if pause_stretch > LONGEST_CLAUSE_PAUSE:
            pause_ms = keep_sentences_whole([*pause_ms, speech.pause_ms[there.word]], pause_stretch)
            pause_stretch = 1.0
        zero_ms = here.at_ms - talk_ms[0] * stretch - pause_ms[0] * pause_stretch
        silences = [zero_ms + pause * pause_stretch for pause in pause_ms]
        talks = [talk * stretch for talk in talk_ms]
        starts_ms += map(int, map(add, silences, talks))
        ends_ms += map(int, map(add, silences, talks[1:]))
    starts_ms = list(accumulate(starts_ms, max))  # rounding may be a millisecond off at an anchor
    return starts_ms, list(map(max, starts_ms, ends_ms))


def keep_sentences_whole(pause_ms: Sequence[float], stretch: float) -> Sequence[float]:
    """Stretch the pauses, given as running sums, so that a long silence falls between sentences, not inside them."""
    pauses = [after - before for before, after in pairwise(pause_ms)]
    inside = sum(pause for pause in pauses if pause < SENTENCE_PAUSE_MS)
    between = sum(pauses) - inside
    if not between:
        return [(pause - pause_ms[0]) * stretch for pause in pause_ms[:-1]]
    rest = (stretch * (inside + between) - LONGEST_CLAUSE_PAUSE * inside) / between
    stretched = [pause * (LONGEST_CLAUSE_PAUSE if pause < SENTENCE_PAUSE_MS else rest) for pause in pauses]
    return [0.0, *accumulate(stretched)][:-1]
