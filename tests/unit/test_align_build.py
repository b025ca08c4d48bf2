"""Captions that follow the sound, as an owner asks for them."""

from __future__ import annotations

import json

import pytest
import webvtt
from archives import REPOSITORY, SEEDS, built, feedbuilder

from feedbuilder.timecode import parse_duration

pytest.importorskip("av", reason="the extra feedbuilder[align] is not installed")
TRAILER = "welcome-to-the-seed-show"
TRUTH = json.loads((REPOSITORY / "tests/data/trailer_truth.json").read_text("utf-8"))


def start_errors_ms(file) -> list[float]:
    """Return how far the captions of each turn's first sentence start from the sound."""
    starts = {caption.text.split()[0]: parse_duration(caption.start) for caption in reversed(webvtt.read(str(file)))}
    return [abs(starts[first] - turn["start_ms"]) for turn in TRUTH if (first := turn["text"].split()[0]) in starts]


def test_a_build_that_listens_starts_captions_where_the_voice_does(tmp_path):
    config = tmp_path / "feedbuilder.yaml"
    text = (SEEDS / "feedbuilder.yaml").read_text("utf-8").replace("# captions:", "captions: {align: true}\n#")
    for name in ("episodes", "people", "audio", "images", "artwork.jpg"):
        (tmp_path / name).symlink_to(SEEDS / name)
    config.write_text(text, "utf-8")
    report = built(config, tmp_path / "out")
    errors = start_errors_ms(tmp_path / f"out/transcripts/{TRAILER}.vtt")
    assert len(errors) >= 6
    assert max(errors) < 100
    assert "not-aligned" not in {problem.code for problem in report.problems}


def test_the_command_listens_too_and_says_when_the_sound_is_another_episodes(tmp_path):
    audio = SEEDS / f"audio/{TRAILER}.mp3"
    run = feedbuilder("transcript", SEEDS / f"episodes/{TRAILER}.md", "--audio", audio, "--align", "-o", tmp_path)
    assert run.returncode == 0, run.stderr
    assert max(start_errors_ms(tmp_path / f"{TRAILER}.vtt")) < 100
    other = tmp_path / "other.txt"
    other.write_text("Ana: " + "No word of this is in the sound, and it has other pauses. " * 30, "utf-8")
    run = feedbuilder("transcript", other, "--audio", audio, "--align", "-o", tmp_path)
    assert run.returncode == 0
    assert "not moved to the sound" in run.stderr


def test_listening_needs_a_file_to_listen_to(tmp_path):
    run = feedbuilder("transcript", SEEDS / f"episodes/{TRAILER}.md", "--align", "-o", tmp_path)
    assert (run.returncode, "--audio" in run.stderr) == (2, True)
