"""What is heard in audio files made for the test: a buzz for speech, with pauses, over hiss or music."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from feedbuilder.errors import UsageError
from feedbuilder.model import Span
from feedbuilder.source.sound import UnreadableSoundError, find_speech

ROOT = Path(__file__).resolve().parents[2]
TRAILER = ROOT / "seeds" / "audio" / "welcome-to-the-seed-show.mp3"

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is needed to make the audio")
# Speech in the made files: a buzz as of a voice, from second to second.
SPOKEN_S = ((0.5, 2.0), (2.4, 3.4), (4.4, 4.9), (5.2, 8.0), (8.6, 9.5))
LENGTH_S = 10.5


@pytest.fixture(autouse=True)
def _with_extra() -> None:
    pytest.importorskip("av", reason='needs the extra: pip install "feedbuilder[align]"')
    pytest.importorskip("numpy", reason='needs the extra: pip install "feedbuilder[align]"')


def record(
    file: Path, *, gain: float = 0.3, hiss: float = 0.0, music: float = 0.0, rate_hz: int = 44_100, options: str = ""
) -> Path:
    """Make a file with a buzz wherever somebody speaks."""
    gates = "+".join(f"between(t,{first},{last})" for first, last in SPOKEN_S)
    buzz = "+".join(f"sin(2*PI*{hertz}*t)/4" for hertz in (180, 540, 1260, 2500))
    bed = "+".join(f"sin(2*PI*{hertz}*t)/3" for hertz in (110, 220, 330))
    sound = f"{gain}*({gates})*({buzz})+{hiss}*(random(0)-.5)+{music}*({bed})"
    source = f"aevalsrc='{sound}':s={rate_hz}:d={LENGTH_S}"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *options.split(), str(file)], check=True
    )
    return file


def assert_is_heard(spans: tuple[Span, ...], within_ms: int = 60) -> None:
    edges = [edge / 1000 for span in spans for edge in span]
    assert edges == pytest.approx([edge for spoken in SPOKEN_S for edge in spoken], abs=within_ms / 1000)


@needs_ffmpeg
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("speech.mp3", "-b:a 64k"),
        ("stereo.mp3", "-ac 2 -b:a 96k"),
        ("speech.m4a", "-b:a 64k"),
        ("speech.wav", ""),
        ("eight-bit.wav", "-c:a pcm_u8"),
        ("speech.flac", ""),
        ("speech.ogg", "-c:a libvorbis"),
        ("speech.opus", "-c:a libopus -ar 48000"),
    ],
)
def test_pauses_are_heard_in_every_kind_of_file(tmp_path: Path, name: str, options: str) -> None:
    assert_is_heard(find_speech(record(tmp_path / name, options=options)))


@needs_ffmpeg
@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 32_000])
def test_times_do_not_drift_where_ten_milliseconds_are_no_whole_number_of_samples(tmp_path: Path, rate_hz: int) -> None:
    assert_is_heard(find_speech(record(tmp_path / "speech.wav", rate_hz=rate_hz)))


@needs_ffmpeg
def test_a_quiet_recording_is_heard_like_a_loud_one(tmp_path: Path) -> None:
    loud = find_speech(record(tmp_path / "loud.wav", gain=0.9))
    quiet = find_speech(record(tmp_path / "quiet.wav", gain=0.01))
    assert_is_heard(loud)
    assert_is_heard(quiet)


@needs_ffmpeg
def test_hiss_is_not_speech(tmp_path: Path) -> None:
    assert_is_heard(find_speech(record(tmp_path / "hiss.mp3", hiss=0.03)))


@needs_ffmpeg
def test_a_quiet_bed_of_music_is_not_speech(tmp_path: Path) -> None:
    assert_is_heard(find_speech(record(tmp_path / "music.mp3", music=0.02)))


@needs_ffmpeg
def test_there_is_no_speech_in_silence(tmp_path: Path) -> None:
    assert find_speech(record(tmp_path / "silence.wav", gain=0)) == ()


def test_where_every_sentence_of_the_trailer_begins_there_is_speech_after_a_pause() -> None:
    starts_ms = [span.start_ms for span in find_speech(TRAILER)]
    truth = json.loads((ROOT / "tests" / "data" / "trailer_truth.json").read_text(encoding="utf-8"))
    away_ms = [min(abs(start_ms - sentence["start_ms"]) for start_ms in starts_ms) for sentence in truth]
    assert max(away_ms) <= 40


def test_a_file_that_is_no_sound_is_said_to_be_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "notes.mp3"
    file.write_text("This is no sound at all.\n" * 100, encoding="utf-8")
    with pytest.raises(UnreadableSoundError, match=r"notes\.mp3"):
        find_speech(file)


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSoundError, match=r"missing\.mp3"):
        find_speech(tmp_path / "missing.mp3")


def test_without_the_extra_the_owner_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(UsageError, match=r'pip install "feedbuilder\[align\]"'):
        find_speech(TRAILER)
