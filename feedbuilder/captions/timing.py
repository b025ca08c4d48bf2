"""When every word is spoken: transcript paragraphs with coarse starts in, word times out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import trunc

from feedbuilder.captions.anchors import Anchors, choose_anchors
from feedbuilder.captions.pace import learn_pauses, speech_pace
from feedbuilder.captions.speech import SENTENCE_PAUSE_MS, Speech, read_speech
from feedbuilder.captions.stamps import Anchor
from feedbuilder.model import Transcript

# How far words are drawn out before silence is the better explanation, as a multiple of the episode's own pace.
SLOWEST_STRETCH = 1.2
# A caption is mostly as long as its words. One that stands for much longer than this is not: it was made in a hurry, or
# is to be read at leisure, or a recogniser made it of silence; its words begin where it does.
SLOWEST_CAPTION = 2.0
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
    stated_ends_ms: Mapping[int, int] = field(default_factory=dict)  # of captions, each by the index of its last word

    @property
    def shown_until_ms(self) -> Sequence[int]:
        """The words' ends, but the last word of a caption stays until the caption's stated end."""
        if not self.stated_ends_ms:
            return self.ends_ms
        ends_ms = list(self.ends_ms)
        for word, stated_ms in self.stated_ends_ms.items():
            ends_ms[word] = max(ends_ms[word], stated_ms)
        return ends_ms


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
    stated_ends_ms = {place.word - 1: round(place.at_ms) for place in anchors.places if place.is_end}
    return Timing(
        words=speech.words,
        starts_ms=tuple(starts_ms),
        ends_ms=tuple(ends_ms),
        lines=speech.lines,
        speakers=tuple([line.speaker for line in lines]),
        language=transcript.language,
        duration_ms=duration_ms,
        stated_ends_ms=stated_ends_ms,
    )


def place_words(speech: Speech, anchors: Anchors, pauses: float) -> tuple[list[int], list[int]]:
    """Spread the words over the time between neighbouring anchors; return their starts and ends.

    Anchors are never within a phrase, where each word ends as the next one starts. `pauses` says how many times as long
    as usual the pauses are.
    """
    times_ms: list[float] = []
    phrase_ends_ms: list[float] = []
    for here, there in pairwise(anchors.places):
        if here.word == there.word:
            continue
        lasts = speech.phrases[bisect_left(speech.phrases, here.word) : bisect_left(speech.phrases, there.word)]
        stretch, silences_ms = fill_room(speech, lasts, here, there, pauses, anchors.pace)
        first = here.word
        for last, silence_ms in zip(lasts, silences_ms, strict=True):
            times_ms += [silence_ms + talk * stretch for talk in speech.talk_ms[first : last + 1]]
            phrase_ends_ms.append(silence_ms + speech.talk_ms[last + 1] * stretch)
            first = last + 1
        earliest_ms = times_ms[here.word - 1] if here.word else 0.0
        if times_ms[here.word] < earliest_ms:  # rounding may be a millisecond off at an anchor
            times_ms[here.word :] = [max(earliest_ms, time_ms) for time_ms in times_ms[here.word :]]
    starts_ms = list(map(trunc, times_ms))
    ends_ms = [*starts_ms[1:], *starts_ms[-1:]]
    for last, end_ms in zip(speech.phrases, map(trunc, phrase_ends_ms), strict=True):
        ends_ms[last] = max(starts_ms[last], end_ms)
    return starts_ms, ends_ms


def fill_room(
    speech: Speech, lasts: Sequence[int], here: Anchor, there: Anchor, pauses: float, pace: float
) -> tuple[float, list[float]]:
    """Say how far words stretch between two anchors, and how much later each phrase, given by its last word, is then.

    Words and pauses stretch alike, up to a drawl; what time is left then is silence, and goes to the pauses, but not
    where the time is that of a caption with its end stated.
    """
    pause_ms = [speech.pause_ms[last] for last in lasts]
    said_ms = speech.talk_ms[there.word] - speech.talk_ms[here.word]
    silent_ms = speech.pause_ms[there.word] - pause_ms[0]
    room_ms = there.at_ms - here.at_ms
    if there.is_end:  # the last word's pause lies behind it
        silent_ms = pause_ms[-1] - pause_ms[0]
    stretch = room_ms / (said_ms + silent_ms * pauses)
    if there.is_end:
        stretch = pace * speech_pace(stretch / pace, SLOWEST_CAPTION, SLOWEST_STRETCH)
        pause_stretch = stretch * pauses
    else:
        stretch = min(stretch, pace * SLOWEST_STRETCH)
        pause_stretch = (room_ms - said_ms * stretch) / silent_ms if silent_ms else 0.0
    if pause_stretch > LONGEST_CLAUSE_PAUSE:
        pause_ms = keep_sentences_whole([*pause_ms, speech.pause_ms[there.word]], pause_stretch)
        pause_stretch = 1.0
    zero_ms = here.at_ms - speech.talk_ms[here.word] * stretch - pause_ms[0] * pause_stretch
    return stretch, [zero_ms + pause * pause_stretch for pause in pause_ms]


def keep_sentences_whole(pause_ms: Sequence[float], stretch: float) -> list[float]:
    """Stretch the pauses, given as running sums, so that a long silence falls between sentences, not inside them."""
    pauses = [after - before for before, after in pairwise(pause_ms)]
    inside = sum(pause for pause in pauses if pause < SENTENCE_PAUSE_MS)
    between = sum(pauses) - inside
    if not between:
        return [(pause - pause_ms[0]) * stretch for pause in pause_ms[:-1]]
    rest = (stretch * (inside + between) - LONGEST_CLAUSE_PAUSE * inside) / between
    stretched = [pause * (LONGEST_CLAUSE_PAUSE if pause < SENTENCE_PAUSE_MS else rest) for pause in pauses]
    return [0.0, *accumulate(stretched)][:-1]
