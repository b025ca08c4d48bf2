"""What holds for the captions of any transcript whatever."""

from __future__ import annotations

from itertools import groupby, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedbuilder.captions import SRT_LAYOUT, VTT_LAYOUT, Layout, make_cues, time_words
from feedbuilder.captions.names import short_names
from feedbuilder.captions.script import columns
from feedbuilder.model import Transcript, TranscriptLine
from feedbuilder.render import srt
from feedbuilder.vocabulary.characters import legal

LAYOUTS = (VTT_LAYOUT, SRT_LAYOUT, Layout(columns=12, wide_columns=10, rows=3, speaker_prefix=True))

SPACED = [
    "trade-off:",
    "https://www.example.com/articles/2021/the-title?ref=a.",
    "so",
    "the",
    "a",
    "I",
    "and,",
    "Dr.",
    "e.g.",
    "3.",
    "2021",
    "$4.50",
    "NASA",
    "right?",
    "Yes.",
    "—",
    "…",
]
OTHER = [
    "Übung",
    "שלום",
    "한국어",
    "สวัสดีครับ",
    "今日は「いい」天気ですね。",
    "你好，世界！",
    "ポッドキャスト（第３回）",
    "GitHub Actionsで",
    "「",
]
words = st.one_of(st.sampled_from(SPACED), st.sampled_from(OTHER), st.text(max_size=30))
texts = st.lists(words, max_size=40).map(" ".join)
speakers = st.sampled_from(
    [None, "Ana", "Bo", "Somebody With A Very Long Name Indeed", "Somebody Else Altogether", ":"]
)
stamps = st.one_of(
    st.none(), st.integers(0, 600).map(lambda second: second * 1000), st.integers(-(10**6), 10**12), st.just(7000)
)
lines = st.builds(TranscriptLine, texts, speakers, stamps, st.one_of(st.none(), st.integers(-1000, 700_000)))
transcripts = st.builds(
    lambda lines, language: Transcript(lines=tuple(lines), language=language),
    st.lists(lines, max_size=25),
    st.sampled_from(["en", "de", "ja", "zh-Hant", "th", ""]),
)
durations = st.one_of(st.none(), st.integers(-10, 10), st.integers(1, 10**7))
layouts = st.sampled_from(LAYOUTS)


@given(transcripts, durations, layouts)
def test_captions_say_every_word_once_and_in_order(transcript, duration_ms, layout):
    timing = time_words(transcript, duration_ms=duration_ms)
    said = " ".join(line.text for line in transcript.lines).split()
    assert "".join(timing.words).split() == said
    shown = "".join(line for cue in make_cues(timing, layout) for line in cue.lines)
    assert "".join(shown.split()) == "".join(said)


@given(transcripts, durations, layouts)
def test_words_stay_apart_on_a_line_and_between_lines(transcript, duration_ms, layout):
    timing = time_words(transcript, duration_ms=duration_ms)
    shown = [word for cue in make_cues(timing, layout) for line in cue.lines for word in line.split()]
    spaced = iter("".join(timing.words).split())
    for word in shown:  # a word of the text is whole, or in pieces where its script allows a break
        whole = next(spaced)
        assert whole.startswith(word)
        if whole != word:
            spaced = iter([whole[len(word) :], *spaced])


@given(transcripts, durations)
def test_words_are_never_timed_backward(transcript, duration_ms):
    timing = time_words(transcript, duration_ms=duration_ms)
    assert all(before <= after for before, after in pairwise(timing.starts_ms))
    assert all(0 <= start <= end for start, end in zip(timing.starts_ms, timing.ends_ms, strict=True))
    assert len(timing.words) == len(timing.starts_ms) == len(timing.lines)
    if duration_ms and duration_ms > 0:
        assert max(timing.ends_ms, default=0) <= duration_ms


@given(transcripts, durations, layouts)
def test_cues_follow_one_another_without_overlap(transcript, duration_ms, layout):
    cues = make_cues(time_words(transcript, duration_ms=duration_ms), layout)
    assert all(isinstance(cue.start_ms, int) and isinstance(cue.end_ms, int) for cue in cues)
    assert all(0 <= cue.start_ms < cue.end_ms <= cue.start_ms + layout.max_ms for cue in cues)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(cues))
    if duration_ms and len(cues) <= duration_ms:
        assert all(cue.end_ms <= duration_ms for cue in cues)


@given(transcripts, layouts)
def test_lines_keep_to_the_columns_and_rows(transcript, layout):
    timing = time_words(transcript)
    unbreakable = {word.rstrip() for word in timing.words}
    names = short_names({line.speaker for line in transcript.lines if line.speaker and line.text.strip()})
    before = None
    for cue in make_cues(timing, layout):
        assert 1 <= len(cue.lines) <= layout.rows
        for line in cue.lines:
            assert line == line.strip()
            assert columns(line) <= layout.columns or line in unbreakable
        if layout.speaker_prefix and names.get(cue.speaker) and cue.speaker != before:
            room = layout.columns - min(columns(names[cue.speaker]) + 2, layout.columns // 2)
            assert columns(cue.lines[0]) <= room
            assert cue.lines[0] or cue.lines[1]
        else:
            assert all(cue.lines)
        before = cue.speaker


@given(transcripts)
def test_subrip_lines_keep_to_the_columns_with_their_names_and_their_no_break_spaces(transcript):
    assume(not any("-->" in line.text for line in transcript.lines))
    timing = time_words(transcript)
    unbreakable = {legal(word.rstrip()) for word in timing.words}
    for block in srt.render(make_cues(timing, SRT_LAYOUT)).decode().strip("\n").split("\n\n"):
        lines = block.split("\n")[2:] if timing.words else []
        assert len(lines) <= SRT_LAYOUT.rows
        for line in lines:
            assert columns(line) <= SRT_LAYOUT.columns or line.rstrip(srt.NO_BREAK_SPACE) in unbreakable


@given(transcripts, layouts)
def test_a_cue_has_one_speaker(transcript, layout):
    said = [(line.speaker, "".join(line.text.split())) for line in transcript.lines if line.text.strip()]
    shown = [(cue.speaker, "".join(cue.text.split())) for cue in make_cues(time_words(transcript), layout)]
    assert turns(shown) == turns(said)


def turns(lines):
    return [(speaker, "".join(text for _, text in turn)) for speaker, turn in groupby(lines, key=lambda line: line[0])]


@given(transcripts, durations, layouts)
def test_the_same_transcript_makes_the_same_captions(transcript, duration_ms, layout):
    first, second = (make_cues(time_words(transcript, duration_ms=duration_ms), layout) for _ in range(2))
    assert first == second


@given(st.lists(st.tuples(texts, speakers, st.integers(1, 40_000), st.integers(0, 40_000)), min_size=1, max_size=20))
def test_captions_in_order_keep_their_stated_times(captions):
    lines = []
    at_ms = 0
    for text, speaker, length_ms, pause_ms in captions:
        lines.append(TranscriptLine(f"So {text}", speaker, at_ms, at_ms + length_ms))
        at_ms += length_ms + pause_ms
    timing = time_words(Transcript(lines=tuple(lines), language="en"))
    firsts = [timing.lines.index(line) for line in range(len(lines))]
    lasts = [first - 1 for first in [*firsts[1:], len(timing.words)]]
    assert [timing.starts_ms[word] for word in firsts] == pytest.approx([line.start_ms for line in lines], abs=1)
    assert [timing.shown_until_ms[word] for word in lasts] == pytest.approx([line.end_ms for line in lines], abs=1)


@given(st.integers(1, 60), st.integers(0, 3000))
def test_evenly_stamped_lines_keep_their_stamps(seconds, begin_s):
    text = " ".join(["word"] * seconds * 2)
    starts_ms = [(begin_s + place * seconds) * 1000 for place in range(12)]
    timing = time_words(
        Transcript(lines=tuple(TranscriptLine(text, "Ana", start_ms) for start_ms in starts_ms), language="en")
    )
    spoken_ms = [timing.starts_ms[timing.lines.index(line)] for line in range(12)]
    assert spoken_ms == pytest.approx([start_ms + 500 for start_ms in starts_ms], abs=2)
