"""Transcripts that tell less than was said: edited interviews have a quarter of their words."""

from __future__ import annotations

from itertools import pairwise

from feedbuilder.captions import VTT_LAYOUT, make_cues, time_words
from feedbuilder.model import Transcript, TranscriptLine

SENTENCE = "We talked about gardens, seeds and rain for a while."


def shortened(lines: int, seconds: int) -> Transcript:
    """Lines of some four seconds of speech, one every `seconds`, by two speakers in turn."""
    return Transcript(
        lines=tuple(
            TranscriptLine(f"{SENTENCE} {SENTENCE}", "Ana" if line % 2 else "Bo", 1000 * (230 + line * seconds))
            for line in range(lines)
        ),
        language="en",
    )


def test_a_shortened_transcript_keeps_every_stamp():
    transcript = shortened(20, 60)
    timing = time_words(transcript)
    firsts = {line: start for start, line in reversed(list(zip(timing.starts_ms, timing.lines, strict=True)))}
    assert [firsts[line] // 1000 for line in range(20)] == [line.start_ms // 1000 for line in transcript.lines]


def test_a_long_silence_falls_between_sentences_and_not_inside_them():
    timing = time_words(shortened(20, 60))
    gaps = {
        (word.strip(), later - end)
        for (word, end), later in zip(pairwise_words(timing), timing.starts_ms[1:], strict=True)
        if later - end > 1100
    }
    assert gaps
    assert all(word.endswith(".") for word, _ in gaps)


def pairwise_words(timing):
    return [(word, end) for (word, end), _ in pairwise(zip(timing.words, timing.ends_ms, strict=True))]


def test_nobody_is_shown_speaking_at_a_third_of_a_natural_pace():
    cues = make_cues(time_words(shortened(20, 60)), VTT_LAYOUT)
    assert all(len(cue.text) / (cue.end_ms - cue.start_ms) * 1000 > 5 for cue in cues)


def test_a_few_short_lines_far_apart_keep_their_stamps():
    transcript = Transcript(
        lines=(
            TranscriptLine("Welcome to the garden.", "Ana", 0),
            TranscriptLine("So what comes first?", "Bo", 20_000),
            TranscriptLine("The seeds.", "Ana", 65_000),
        ),
        language="en",
    )
    cues = make_cues(time_words(transcript), VTT_LAYOUT)
    assert [cue.start_ms // 1000 for cue in cues] == [0, 20, 65]
