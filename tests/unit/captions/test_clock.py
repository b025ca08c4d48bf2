"""The audio's clock against the transcript's: talks simulated with known times, and speech made by espeak-ng."""

from __future__ import annotations

import shutil
import subprocess
import wave
from array import array
from collections.abc import Sequence
from itertools import pairwise
from math import exp, pi, sin
from pathlib import Path
from random import Random
from time import process_time
from typing import NamedTuple

import pytest

from feedbuilder.captions import Timing, time_words
from feedbuilder.captions.clock import LEAST_PEAK, Clock, read_clock
from feedbuilder.model import Span, Transcript, TranscriptLine

pytest.importorskip("av", reason='needs the extra: pip install "feedbuilder[align]"')
pytest.importorskip("numpy", reason='needs the extra: pip install "feedbuilder[align]"')

SENTENCES = (
    "The lighthouse stood at the very end of the long stone pier.",
    "Nobody had lived in it for years.",
    "Still, every evening, its lamp was lit at the same hour, and the fishermen steered home by its light.",
    "Who lit it?",
    "The old harbour master said that he had never asked.",
    "One winter, when the ice came early and the boats were late, a girl walked out to see for herself.",
    "She found the door open, the stairs swept, and a kettle on the stove.",
    "It was still warm.",
    "Upstairs, the great lens turned slowly without a sound.",
    "She sat down beside it and waited until the last of the boats had come in.",
    "Then she put out the lamp, drank the tea, and went home.",
    "The next evening she came back.",
)
RATE_HZ = 22_050  # espeak-ng's own


class Talk(NamedTuple):
    """Sentences, and where each begins and ends in the sound of the talk."""

    sentences: list[str]
    spans: list[Span]

    def timing(self, per_line: int = 4) -> Timing:
        """Time the words from the start of every so many sentences, cut to the second."""
        lines = tuple(
            TranscriptLine(" ".join(self.sentences[first : first + per_line]), "A", span.start_ms // 1000 * 1000)
            for first, span in list(enumerate(self.spans))[::per_line]
        )
        return time_words(Transcript(lines=lines, language="en"))


def simulated(seed: int, count: int = 240) -> Talk:
    """Say sentences at a wavering pace, with pauses as people make them."""
    chance = Random(seed)
    sentences = [chance.choice(SENTENCES) for _ in range(count)]
    spans: list[Span] = []
    at_ms = chance.uniform(0, 9000)
    for sentence in sentences:
        end_ms = at_ms + 65 * len(sentence) * exp(chance.gauss(0, 0.15))
        spans.append(Span(round(at_ms), round(end_ms)))
        at_ms = end_ms + min(5000, 620 * exp(chance.gauss(0, 0.65)))
    return Talk(sentences, spans)


def moved(spans: Sequence[Span], by_ms: int) -> list[Span]:
    return [Span(max(0, start_ms + by_ms), end_ms + by_ms) for start_ms, end_ms in spans if end_ms + by_ms > 0]


def jingle(length_ms: int, seed: int = 5) -> list[Span]:
    """Return stretches as music leaves them, which are no speech."""
    chance = Random(seed)
    edges = sorted(chance.sample(range(0, length_ms, 250), length_ms // 1200))
    return [Span(first, last - 200) for first, last in pairwise(edges)]


@pytest.mark.parametrize("offset_ms", [-590_000, -61_300, -4200, 0, 700, 33_000, 599_000])
def test_an_offset_of_up_to_ten_minutes_is_found_within_a_fifth_of_a_second(offset_ms: int) -> None:
    talk = simulated(1, count=420)
    heard = read_clock(talk.timing(), [*jingle(max(0, offset_ms)), *moved(talk.spans, offset_ms)])
    assert heard.offset_ms == pytest.approx(offset_ms, abs=200)
    assert heard.reason is None


@pytest.mark.parametrize("seed", [2, 5, 6])
def test_a_short_talk_with_a_time_for_every_fifteenth_sentence_is_told_by_matching_its_pauses(seed: int) -> None:
    talk = simulated(seed, count=90)
    heard = read_clock(talk.timing(15), moved(talk.spans, -20_000))
    assert heard.offset_ms == pytest.approx(-20_000, abs=1000)
    assert heard.peak is not None
    assert heard.peak < LEAST_PEAK
    assert read_clock(talk.timing(15), simulated(seed + 50, count=90).spans).offset_ms is None


@pytest.mark.parametrize("seed", range(6))
def test_another_talks_sound_gives_no_offset_and_no_cut(seed: int) -> None:
    heard = read_clock(simulated(seed).timing(), simulated(seed + 100).spans)
    assert (heard.offset_ms, heard.changes) == (None, False)
    assert heard.reason == "the sound does not fit the words at any offset"


@pytest.mark.parametrize("jump_ms", [-45_000, -5000, 20_000, 90_000])
def test_a_cut_or_a_spot_put_in_midway_is_named_and_no_offset_guessed(jump_ms: int) -> None:
    talk = simulated(2)
    at_ms = talk.spans[110].start_ms
    before = [span for span in talk.spans if span.end_ms < at_ms]
    spot = moved(jingle(jump_ms), at_ms) if jump_ms > 0 else []
    after = [Span(*span) for span in moved(talk.spans, jump_ms) if span.start_ms >= max(at_ms, at_ms + jump_ms)]
    heard = read_clock(talk.timing(), [*before, *spot, *after])
    assert (heard.offset_ms, heard.changes) == (None, True)
    assert heard.reason is not None
    assert f"{abs(jump_ms) // 1000} s {'later' if jump_ms > 0 else 'earlier'} than before" in heard.reason


def test_a_clock_that_runs_faster_has_no_one_offset() -> None:
    talk = simulated(3)
    heard = read_clock(talk.timing(), [Span(start * 1003 // 1000, end * 1003 // 1000) for start, end in talk.spans])
    assert (heard.offset_ms, heard.changes) == (None, True)


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([], "no speech was heard"),
        ([Span(5, 5)], "no speech was heard"),
        ([Span(0, 60_000)], "there are too few pauses to compare"),
    ],
)
def test_a_sound_that_tells_nothing_gives_no_offset_and_says_why(spans: list[Span], reason: str) -> None:
    assert read_clock(simulated(4).timing(), spans) == Clock(offset_ms=None, reason=reason)


def test_a_few_words_without_pauses_between_them_give_no_offset() -> None:
    timing = time_words(Transcript(lines=(TranscriptLine("Hello and welcome", None, 0),), language="en"))
    assert read_clock(timing, simulated(4).spans).offset_ms is None


def test_an_hour_is_compared_in_much_less_time_than_it_is_heard_in() -> None:
    talk = simulated(6, count=800)
    timing = talk.timing()
    assert timing.ends_ms[-1] > 3_400_000
    started = process_time()
    assert read_clock(timing, moved(talk.spans, -20_000)).offset_ms is not None
    assert process_time() - started < 4


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Talk, array[int]]:
    """Four minutes said by espeak-ng, sentence by sentence: what is said when, and its samples."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is needed to make the audio")
    file = tmp_path_factory.mktemp("spoken") / "one.wav"
    chance = Random(7)
    said: dict[str, array[int]] = {}
    for sentence in SENTENCES:
        subprocess.run(["espeak-ng", "-v", "en-us", "-w", file, sentence], check=True)
        with wave.open(str(file)) as one:
            assert one.getframerate() == RATE_HZ
            said[sentence] = array("h", one.readframes(one.getnframes()))
    samples = array("h")
    talk = Talk([], [])
    for sentence in (sentence for _ in range(6) for sentence in chance.sample(SENTENCES, len(SENTENCES))):
        samples.extend(silence(chance.uniform(0.2, 1.4)))
        start_ms = len(samples) * 1000 // RATE_HZ
        samples.extend(said[sentence])
        talk.sentences.append(sentence)
        talk.spans.append(Span(start_ms, len(samples) * 1000 // RATE_HZ))
    return talk, samples


def silence(length_s: float) -> array[int]:
    return array("h", bytes(2 * round(length_s * RATE_HZ)))


def music(length_s: float) -> array[int]:
    """Return chords that swell and fade, twice a second."""
    return array(
        "h",
        (
            round(3000 * (1 - place * 2 / RATE_HZ % 1) * sum(sin(2 * pi * hertz * place / RATE_HZ) for hertz in chord))
            for place in range(round(length_s * RATE_HZ))
            for chord in [((220, 277, 330), (196, 247, 294))[place * 2 // RATE_HZ % 2]]
        ),
    )


def listened(folder: Path, samples: array[int]) -> tuple[Span, ...]:
    from feedbuilder.source.sound import find_speech

    with wave.open(str(folder / "episode.wav"), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return find_speech(folder / "episode.wav")


@pytest.mark.parametrize(("intro", "length_s"), [(silence, 12.34), (music, 31.7)])
def test_what_was_put_before_the_talk_is_the_offset(spoken, tmp_path: Path, intro, length_s: float) -> None:
    talk, samples = spoken
    heard = read_clock(talk.timing(), listened(tmp_path, intro(length_s) + samples))
    assert heard.offset_ms == pytest.approx(length_s * 1000, abs=200)


def test_what_was_cut_from_the_beginning_is_the_offset(spoken, tmp_path: Path) -> None:
    talk, samples = spoken
    heard = read_clock(talk.timing(), listened(tmp_path, samples[round(43.21 * RATE_HZ) :]))
    assert heard.offset_ms == pytest.approx(-43_210, abs=200)


def test_another_text_read_by_the_same_voice_gives_no_offset(spoken, tmp_path: Path) -> None:
    _, samples = spoken
    heard = read_clock(simulated(8, count=72).timing(), listened(tmp_path, music(10) + samples))
    assert (heard.offset_ms, heard.changes) == (None, False)
