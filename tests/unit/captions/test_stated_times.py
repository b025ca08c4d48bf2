"""Captions that state when they begin and end: those times are kept, and the words lie within them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedbuilder.captions import SRT_LAYOUT, VTT_LAYOUT, Timing, make_cues, time_words
from feedbuilder.model import Cue, Transcript, TranscriptLine

LONG = (
    "This is an extremely long sentence that nobody could say in four tenths of a second, however quickly they spoke."
)


def timed(*captions: tuple[int, int | None, str], speakers: str = "", duration_ms: int | None = None) -> Timing:
    """Time captions, given by their start, end and text; a letter of `speakers` is a speaker's name."""
    lines = tuple(
        TranscriptLine(text, speakers[place] if speakers else None, start_ms, end_ms)
        for place, (start_ms, end_ms, text) in enumerate(captions)
    )
    return time_words(Transcript(lines=lines, language="en"), duration_ms=duration_ms)


def shown(*cues: Cue) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in cues]


@pytest.mark.parametrize("layout", [VTT_LAYOUT, SRT_LAYOUT])
@pytest.mark.parametrize("after", [(), ((31_100, 33_400, "A next sentence follows."),), ((31_000, 31_400, LONG),)])
def test_few_words_with_much_time_are_one_card_that_stays_as_long_as_a_card_may(after, layout) -> None:
    first, *_ = make_cues(timed((1100, 30_200, "A very slow sentence."), *after), layout)
    assert shown(first) == [(1100, 8100, "A very slow sentence.")]


def test_what_a_recogniser_heard_in_silence_is_one_card() -> None:
    (cue,) = make_cues(timed((0, 29_980, "Thank you for watching.")), VTT_LAYOUT)
    assert (cue.start_ms, cue.end_ms) == (0, 7000)


def test_words_with_much_time_are_said_at_the_pace_of_the_others() -> None:
    text = "And then we went on for a while, as people do."
    timing = timed(
        *((place * 3000, place * 3000 + 2900, text) for place in range(6)),
        (20_000, 60_000, text),
        (60_100, 63_000, text),
    )
    words = len(text.split())
    usual_ms = timing.ends_ms[words - 1] - timing.starts_ms[0]
    assert timing.ends_ms[7 * words - 1] - timing.starts_ms[6 * words] < 1.5 * usual_ms


def test_a_slow_caption_is_filled_by_its_words() -> None:
    text = "And then we went on for a while, as people do."
    timing = timed(*((place * 3000, place * 3000 + 2900, text) for place in range(6)), (20_000, 24_500, text))
    assert timing.ends_ms[-1] == pytest.approx(24_500, abs=1)


def test_captions_between_long_silences_stay_where_they_are() -> None:
    timing = timed((1100, 30_200, "A very slow sentence."), (31_000, 31_400, LONG), (140_100, 144_400, "End."))
    firsts = [timing.lines.index(line) for line in range(3)]
    assert [timing.starts_ms[word] for word in firsts] == [1100, 31_000, 140_100]


def test_a_caption_whose_time_steps_out_of_the_others_is_not_believed() -> None:
    text = "And then we went on for a while, as people do."
    starts_ms = [0, 3000, 6000, 605_000, 12_000, 15_000]
    timing = timed(*((start_ms, start_ms + 2900, text) for start_ms in starts_ms))
    assert 8000 < timing.starts_ms[timing.lines.index(3)] < 11_000
    assert timing.starts_ms[timing.lines.index(4)] == 12_000


def test_captions_that_begin_on_the_second_keep_their_times() -> None:
    timing = timed(
        (0, 2000, "Hello and welcome to the show."),
        (2000, 4000, "Thank you for having me here."),
        (4000, 6500, "So how did all of this begin then?"),
        speakers="ABA",
    )
    assert [(cue.start_ms, cue.end_ms) for cue in make_cues(timing, VTT_LAYOUT)] == [
        (0, 1916),  # two frames before the next
        (2000, 3916),
        (4000, 6500),
    ]


def test_a_line_without_an_end_is_still_taken_to_begin_half_a_second_after_its_whole_second() -> None:
    text = "And then we went on for a while, as people do."
    timing = timed((0, 2900, text), (3000, None, text), (6000, None, text))
    assert [timing.starts_ms[timing.lines.index(line)] for line in range(3)] == [0, 3500, 6500]


def test_two_speakers_in_a_caption_share_its_time() -> None:
    timing = timed(
        (2000, 3900, "Thank you for having me here."),
        (4000, 6500, "So how did all of this begin?"),
        (4000, 6500, "By chance, I would say."),
        speakers="BAB",
    )
    assert timing.starts_ms[timing.lines.index(1)] == 4000
    assert timing.starts_ms[timing.lines.index(2)] < 6000
    assert timing.ends_ms[-1] == pytest.approx(6500, abs=1)


def test_a_caption_that_overlaps_the_next_stays_until_that_begins() -> None:
    timing = timed((1100, 4200, "First speaker talks."), (3000, 5500, "Second talks over."), speakers="AB")
    first, second = make_cues(timing, VTT_LAYOUT)
    assert (first.start_ms, first.end_ms) == (1100, 2916)
    assert (second.start_ms, second.end_ms) == (3000, 5500)


@pytest.mark.parametrize("layout", [VTT_LAYOUT, SRT_LAYOUT])
def test_the_last_card_ends_as_stated_where_the_length_of_the_audio_is_not_known(layout) -> None:
    hurried = "So how did all of this begin, if you remember it at all, after all those years?"
    cues = make_cues(timed((0, 2000, "Hello and welcome."), (4000, 6500, hurried), speakers="AB"), layout)
    assert cues[-1].end_ms == 6500


def test_a_caption_goes_on_no_longer_than_the_audio() -> None:
    timing = timed((0, 2900, "Hello and welcome."), (3000, 9000, "That is all for now."), duration_ms=5000)
    assert make_cues(timing, VTT_LAYOUT)[-1].end_ms <= 5000
    assert timing.shown_until_ms[-1] == 5000


def test_brief_captions_far_apart_are_not_read_together() -> None:
    timing = timed((1000, 4000, "Yes."), (4100, 7000, "No."), speakers="AA")
    assert shown(*make_cues(timing, replace(VTT_LAYOUT, gap_ms=0))) == [(1000, 4100, "Yes."), (4100, 7000, "No.")]
