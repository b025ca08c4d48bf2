"""Where the silence goes."""

from itertools import pairwise

import pytest

from feedbuilder.captions import time_words
from feedbuilder.captions.pace import speech_pace
from feedbuilder.captions.speech import talk_ms
from feedbuilder.model import Transcript, TranscriptLine

SENTENCE = "we say these words at the very same pace all the time"


def test_silence_goes_to_the_pauses_and_not_into_the_words():
    starts_ms = [0, 10_000, 20_000, 30_000, 80_000]
    text = f"{SENTENCE} {SENTENCE} {SENTENCE}. {SENTENCE}"
    lines = tuple(TranscriptLine(text, "Ana", start_ms) for start_ms in starts_ms)
    timing = time_words(Transcript(lines=lines, language="en"))
    fourth = [place for place, line in enumerate(timing.lines) if line == 3]
    stretched = [timing.ends_ms[place] - timing.starts_ms[place] for place in fourth]
    usual = [timing.ends_ms[place] - timing.starts_ms[place] for place, line in enumerate(timing.lines) if line == 1]
    assert sum(stretched) < 1.25 * sum(usual)
    silences = {timing.words[place]: timing.starts_ms[place + 1] - timing.ends_ms[place] for place in fourth}
    assert max(silences, key=silences.__getitem__) == "time. "


def test_a_number_takes_as_long_as_reading_it_out():
    lines = (TranscriptLine("In 2021 went", "Ana", 0), TranscriptLine("End.", "Ana", 3000))
    timing = time_words(Transcript(lines=lines, language="en"))
    spoken_ms = [end - start for start, end in zip(timing.starts_ms, timing.ends_ms, strict=True)]
    assert spoken_ms[1] > 2 * spoken_ms[2]


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("we're", "weird"),
        ("l\u2019eau", "leaue"),
        ("stretch", "Arizona"),  # as many letters, one syllable and four
        ("schwarz", "Ananasa"),
        ("спорт", "океан"),
    ],
)
def test_a_word_takes_as_long_as_its_letters_and_syllables(shorter, longer):
    assert talk_ms(shorter) < talk_ms(longer)


def test_the_shortest_words_take_alike():
    assert talk_ms("I") == talk_ms("to") == talk_ms("it's")


def test_a_script_that_does_not_write_vowels_is_measured_by_its_letters():
    assert 250 < talk_ms("שלום") < 350
    assert 250 < talk_ms("سلام") < 350


def test_slow_speech_and_a_shortened_transcript_pass_into_each_other_without_a_leap():
    steps = [speech_pace(usual / 100) for usual in range(50, 400)]
    assert max(abs(after - before) for before, after in pairwise(steps)) < 0.02
    assert steps[-1] == 1


def test_a_slow_speaker_is_not_taken_for_a_shortened_transcript():
    lines = tuple(TranscriptLine(f"{SENTENCE} {SENTENCE}.", "Ana", 10_000 * place) for place in range(8))
    timing = time_words(Transcript(lines=lines, language="en"))
    gaps = [after - end for end, after in zip(timing.ends_ms, timing.starts_ms[1:], strict=False)]
    assert max(gaps) < 1000
