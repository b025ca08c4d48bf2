"""Words and pauses are matched: laws for any sound, and speech made for the test by espeak-ng."""

from __future__ import annotations

import json
import shutil
import subprocess
import wave
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feedbuilder.captions import Timing, time_words
from feedbuilder.captions.align import Heard, snap_to_speech
from feedbuilder.model import Span, Transcript, TranscriptLine

ROOT = Path(__file__).resolve().parents[3]
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


def make_timing(sentences: Sequence[str] = SENTENCES, per_line: int = 4) -> Timing:
    lines = [
        TranscriptLine(" ".join(sentences[first : first + per_line]), "A", None)
        for first in range(0, len(sentences), per_line)
    ]
    lines[0] = lines[0]._replace(start_ms=0)
    return time_words(Transcript(lines=tuple(lines), language="en"))


def speak_evenly(timing: Timing, pauses: dict[int, int], lead_ms: int = 0) -> tuple[list[Span], list[int]]:
    """Say the words at the estimated lengths, with pauses after those whose numbers are given."""
    spans: list[Span] = []
    starts_ms: list[int] = []
    begin = at_ms = lead_ms
    for word, (start_ms, end_ms) in enumerate(zip(timing.starts_ms, timing.ends_ms, strict=True)):
        starts_ms.append(at_ms)
        at_ms += end_ms - start_ms
        if word in pauses or word == len(timing.words) - 1:
            spans.append(Span(begin, at_ms))
            begin = at_ms = at_ms + pauses.get(word, 0)
    return spans, starts_ms


def sentence_ends(timing: Timing) -> list[int]:
    return [place for place, word in enumerate(timing.words[:-1]) if word.strip()[-1] in ".?"]


def worst_ms(timing: Timing, words: Iterable[int], true_ms: Sequence[int]) -> int:
    """Say how far the words are at most from where they are spoken."""
    return max(abs(timing.starts_ms[word] - true_ms[word]) for word in words)


def test_sentences_begin_after_the_pauses_and_their_words_fill_the_speech() -> None:
    timing = make_timing()
    chance = Random(1)
    pauses = {word: chance.randint(300, 1500) for word in sentence_ends(timing)}
    spans, true_ms = speak_evenly(timing, pauses)
    heard = snap_to_speech(timing, spans)
    assert heard.reason is None
    firsts = [0, *(word + 1 for word in pauses)]
    assert worst_ms(heard.timing, firsts, true_ms) == 0
    assert worst_ms(timing, firsts, true_ms) > 500
    assert [heard.timing.ends_ms[word] for word in pauses] == [span.end_ms for span in spans[:-1]]
    every = range(len(timing.words))
    assert worst_ms(heard.timing, every, true_ms) < 200


def test_a_jingle_before_the_first_word_and_after_the_last_holds_no_words() -> None:
    timing = make_timing()
    spans, true_ms = speak_evenly(timing, dict.fromkeys(sentence_ends(timing), 800), lead_ms=4000)
    jingles = [Span(0, 3000), *spans, Span(spans[-1].end_ms + 900, spans[-1].end_ms + 4000)]
    heard = snap_to_speech(timing, jingles)
    assert heard.timing.starts_ms[0] == 4000
    assert heard.timing.ends_ms[-1] == spans[-1].end_ms
    assert worst_ms(heard.timing, [word + 1 for word in sentence_ends(timing)], true_ms) == 0


def test_a_jingle_that_runs_into_the_first_words_holds_none_of_them() -> None:
    timing = make_timing()
    spans, true_ms = speak_evenly(timing, dict.fromkeys(sentence_ends(timing), 800), lead_ms=8000)
    shifted = replace(
        timing,
        starts_ms=tuple(start_ms + 8300 for start_ms in timing.starts_ms),
        ends_ms=tuple(end_ms + 8300 for end_ms in timing.ends_ms),
    )
    heard = snap_to_speech(shifted, [Span(0, spans[0].end_ms), *spans[1:]])
    firsts = [word + 1 for word in sentence_ends(timing)]
    assert worst_ms(heard.timing, firsts, true_ms) == 0
    assert worst_ms(heard.timing, range(firsts[0]), true_ms) < 300


def test_a_jingle_that_the_last_words_run_into_holds_none_of_them() -> None:
    timing = make_timing()
    spans, true_ms = speak_evenly(timing, dict.fromkeys(sentence_ends(timing), 800))
    heard = snap_to_speech(timing, [*spans[:-1], Span(spans[-1].start_ms, spans[-1].end_ms + 8000)])
    assert worst_ms(heard.timing, [0, *(word + 1 for word in sentence_ends(timing))], true_ms) == 0
    assert heard.timing.ends_ms[-1] == pytest.approx(spans[-1].end_ms, abs=500)


def test_where_the_sound_is_heard_the_stated_ends_of_captions_give_way_to_it() -> None:
    sentences = [TranscriptLine(text, None, 6000 * place, 6000 * place + 5900) for place, text in enumerate(SENTENCES)]
    timing = time_words(Transcript(lines=tuple(sentences), language="en"))
    spans, _ = speak_evenly(timing, dict.fromkeys(sentence_ends(timing), 800))
    heard = snap_to_speech(timing, spans)
    assert heard.reason is None
    assert timing.shown_until_ms[-1] == 6000 * len(SENTENCES) - 100
    assert heard.timing.shown_until_ms == heard.timing.ends_ms


def test_a_pause_within_a_sentence_is_found_too() -> None:
    timing = make_timing()
    hesitation = timing.words.index("end ")
    spans, true_ms = speak_evenly(timing, dict.fromkeys(sentence_ends(timing), 700) | {hesitation: 400})
    assert worst_ms(snap_to_speech(timing, spans).timing, [hesitation + 1], true_ms) == 0


def test_a_sound_cut_by_chance_leaves_the_timing_as_it_was() -> None:
    timing = make_timing(SENTENCES * 4)
    chance = Random(4)
    edges = sorted(chance.sample(range(0, timing.ends_ms[-1], 400), 80))
    heard = snap_to_speech(timing, [Span(first, last - 200) for first, last in pairwise(edges)])
    assert heard.timing is timing
    assert heard.reason == "the sound does not fit the words"


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([], "no speech was heard"),
        ([Span(0, 60_000)], "there are too few pauses to compare"),
        ([Span(0, 20_000), Span(21_000, 60_000)], "there are too few pauses to compare"),
    ],
)
def test_a_sound_without_pauses_leaves_the_timing_as_it_was_and_says_why(spans: list[Span], reason: str) -> None:
    timing = make_timing()
    assert snap_to_speech(timing, spans) == Heard(timing=timing, fit=None, reason=reason)


def test_a_transcript_without_words_has_nothing_to_correct() -> None:
    timing = time_words(Transcript(lines=(), language="en"))
    assert snap_to_speech(timing, [Span(0, 500)] * 9).timing is timing


@given(
    lengths_ms=st.lists(st.tuples(st.integers(1, 9000), st.integers(1, 4000)), max_size=60),
    per_line=st.integers(1, 5),
    scale=st.floats(0, 3),
)
def test_whatever_is_heard_times_never_fall_and_the_words_stay(
    lengths_ms: list[tuple[int, int]], per_line: int, scale: float
) -> None:
    timing = make_timing(per_line=per_line)
    timing = replace(
        timing,
        starts_ms=tuple(int(ms * scale) for ms in timing.starts_ms),
        ends_ms=tuple(int(ms * scale) for ms in timing.ends_ms),
    )
    spans: list[Span] = []
    at_ms = 0
    for length_ms, pause_ms in lengths_ms:
        spans.append(Span(at_ms, at_ms + length_ms))
        at_ms += length_ms + pause_ms
    new = snap_to_speech(timing, spans).timing
    assert new.words == timing.words
    assert all(first <= last for first, last in pairwise(new.starts_ms))
    assert all(start <= end for start, end in zip(new.starts_ms, new.ends_ms, strict=True))
    assert new.starts_ms[0] >= 0


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """Sentences spoken one by one with pauses between them: the file, and where each begins."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is needed to make the audio")
    folder = tmp_path_factory.mktemp("spoken")
    chance = Random(7)
    samples = b""
    starts_ms: list[int] = []
    for sentence in SENTENCES * 2:
        subprocess.run(["espeak-ng", "-v", "en-us", "-w", folder / "one.wav", sentence], check=True)
        with wave.open(str(folder / "one.wav")) as one:
            shape = one.getparams()
            said = one.readframes(one.getnframes())
        samples += bytes(2 * round(chance.uniform(0.2, 1.4) * shape.framerate))
        starts_ms.append(len(samples) // 2 * 1000 // shape.framerate)
        samples += said
    with wave.open(str(folder / "all.wav"), "wb") as whole:
        whole.setparams(shape)
        whole.writeframes(samples)
    return folder / "all.wav", starts_ms


def time_spoken(starts_ms: Sequence[int]) -> tuple[Timing, list[int]]:
    """Time the sentences from the start of every sixth, cut to a second; return each one's first word, too."""
    sentences = SENTENCES * 2
    lines = [
        TranscriptLine(" ".join(sentences[first : first + 6]), None, starts_ms[first] // 1000 * 1000)
        for first in range(0, len(sentences), 6)
    ]
    timing = time_words(Transcript(lines=tuple(lines), language="en"))
    firsts = [sum(len(before.split()) for before in sentences[:place]) for place in range(len(sentences))]
    return timing, firsts


def sentence_errors_ms(timing: Timing, firsts: Sequence[int], starts_ms: Sequence[int]) -> list[int]:
    return [abs(timing.starts_ms[word] - true) for word, true in zip(firsts, starts_ms, strict=True)]


def test_every_sentence_begins_where_it_is_spoken(spoken: tuple[Path, list[int]]) -> None:
    pytest.importorskip("av", reason='needs the extra: pip install "feedbuilder[align]"')
    from feedbuilder.source.sound import find_speech

    file, starts_ms = spoken
    timing, firsts = time_spoken(starts_ms)
    heard = snap_to_speech(timing, find_speech(file))
    assert heard.reason is None
    assert max(sentence_errors_ms(heard.timing, firsts, starts_ms)) < 100
    assert max(sentence_errors_ms(timing, firsts, starts_ms)) > 500


def test_another_episodes_sound_leaves_the_timing_as_it_was(spoken: tuple[Path, list[int]]) -> None:
    pytest.importorskip("av", reason='needs the extra: pip install "feedbuilder[align]"')
    from feedbuilder.source.sound import find_speech

    timing = make_timing(tuple(reversed(SENTENCES * 2)))
    assert snap_to_speech(timing, find_speech(spoken[0])).timing is timing


def test_the_trailers_sentences_begin_where_they_are_spoken() -> None:
    pytest.importorskip("av", reason='needs the extra: pip install "feedbuilder[align]"')
    from feedbuilder.source.sound import find_speech

    text = (ROOT / "seeds" / "episodes" / "welcome-to-the-seed-show.md").read_text(encoding="utf-8")
    entries = yaml.safe_load(text.split("---\n")[1])["transcript"]
    lines = [TranscriptLine(one["line"], one["who"], one["sec"] * 1000) for one in entries if "line" in one]
    timing = time_words(Transcript(lines=tuple(lines), language="en"), duration_ms=39_000)
    truth = json.loads((ROOT / "tests" / "data" / "trailer_truth.json").read_text(encoding="utf-8"))
    firsts = [sum(len(before["text"].split()) for before in truth[:place]) for place in range(len(truth))]
    starts_ms = [sentence["start_ms"] for sentence in truth]
    heard = snap_to_speech(timing, find_speech(ROOT / "seeds" / "audio" / "welcome-to-the-seed-show.mp3"))
    assert heard.reason is None
    assert max(sentence_errors_ms(heard.timing, firsts, starts_ms)) < 60
