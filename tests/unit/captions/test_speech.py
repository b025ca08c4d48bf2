"""Where the silence goes."""

from feedbuilder.captions import time_words
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
