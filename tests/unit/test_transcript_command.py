"""`feedbuilder transcript`: subtitle files and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import srt
import webvtt
from archives import REPOSITORY, SEEDS, feedbuilder
from lxml import html

from feedbuilder.captions.profiles import PROFILES
from feedbuilder.config import CaptionsSection
from feedbuilder.errors import UsageError
from feedbuilder.timecode import parse_duration
from feedbuilder.transcribe import transcribe

TRAILER = SEEDS / "episodes/welcome-to-the-seed-show.md"
ALL = "vtt,srt,json,html,txt"


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def spoken(folder: Path, name: str) -> dict[str, list[str]]:
    """Return the words that each format's own reader finds, speakers and headings left out."""
    page = html.parse(str(folder / f"{name}.html"), parser=html.HTMLParser(encoding="utf-8"))
    turns = (folder / f"{name}.txt").read_text("utf-8").split("\n\n")
    paragraphs = [turn for turn in turns if not re.search(r"\n[-=]+\s*$", turn)]
    segments = json.loads((folder / f"{name}.json").read_text("utf-8"))["segments"]
    cues = srt.parse((folder / f"{name}.srt").read_text("utf-8"))
    return {
        "vtt": words_of(" ".join(caption.text for caption in webvtt.read(str(folder / f"{name}.vtt")))),
        "srt": words_of(" ".join(re.sub(r"^\w+: ", "", cue.content) for cue in cues)),
        "json": words_of(" ".join(segment["body"] for segment in segments)),
        "html": words_of(" ".join(paragraph.text_content() for paragraph in page.iter("p"))),
        "txt": words_of(" ".join(re.sub(r"^\w+: ", "", paragraph) for paragraph in paragraphs)),
    }


def test_every_format_holds_the_same_words_in_the_same_order(tmp_path):
    run = feedbuilder("transcript", TRAILER, "--to", ALL, "-o", tmp_path)
    assert run.returncode == 0, run.stderr
    found = spoken(tmp_path, TRAILER.stem)
    truth = json.loads((REPOSITORY / "tests/data/trailer_truth.json").read_text("utf-8"))
    assert found["vtt"] == words_of(" ".join(sentence["text"] for sentence in truth))
    assert all(words == found["vtt"] for words in found.values())


def test_captions_of_the_trailer_are_up_while_their_sentence_is_spoken(tmp_path):
    feedbuilder("transcript", TRAILER, "--to", "vtt", "-o", tmp_path)
    truth = json.loads((REPOSITORY / "tests/data/trailer_truth.json").read_text("utf-8"))
    captions = list(webvtt.read(str(tmp_path / f"{TRAILER.stem}.vtt")))
    starts = {words_of(caption.text)[0]: parse_duration(caption.start) for caption in reversed(captions)}
    turns = [sentence for sentence in truth if words_of(sentence["text"])[0] in starts]
    assert len(turns) >= 6
    assert all(abs(starts[words_of(turn["text"])[0]] - turn["start_ms"]) < 1000 for turn in turns)


def test_subtitles_made_from_subtitles_say_the_same(tmp_path):
    feedbuilder("transcript", TRAILER, "--to", ALL, "-o", tmp_path / "one")
    for ending in ("vtt", "srt", "json", "txt"):
        again = tmp_path / ending
        run = feedbuilder("transcript", tmp_path / "one" / f"{TRAILER.stem}.{ending}", "--to", ALL, "-o", again)
        assert run.returncode == 0, run.stderr
        expected = spoken(tmp_path / "one", TRAILER.stem)["vtt"]
        found = spoken(again, TRAILER.stem)["vtt"]
        assert found[-len(expected) :] == expected, ending


def test_words_of_json_are_one_a_segment_and_in_step(tmp_path):
    feedbuilder("transcript", TRAILER, "--to", "json-words", "-o", tmp_path)
    segments = json.loads((tmp_path / f"{TRAILER.stem}.json").read_text("utf-8"))["segments"]
    starts = [segment["startTime"] for segment in segments]
    assert all(" " not in segment["body"] and segment["endTime"] > segment["startTime"] for segment in segments)
    assert starts == sorted(starts)


def test_the_length_of_the_audio_bounds_the_captions(tmp_path):
    file = tmp_path / "talk.txt"
    file.write_text("Ana: " + "Words and more words. " * 40, "utf-8")
    run = feedbuilder(
        "transcript", file, "--to", "vtt", "-o", tmp_path, "--audio", SEEDS / "audio" / f"{TRAILER.stem}.mp3"
    )
    assert run.returncode == 0, run.stderr
    assert list(webvtt.read(str(tmp_path / "talk.vtt")))[-1].end_in_seconds <= 39.1


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_profile_keeps_its_columns(tmp_path, profile):
    feedbuilder("transcript", SEEDS / "episodes/kaggle-grandmaster-to-production-ml-and-education.md", "-o", tmp_path,
                "--to", "vtt", "--profile", profile)  # fmt: skip
    (file,) = tmp_path.iterdir()
    rows = [row for caption in webvtt.read(str(file)) for row in caption.text.split("\n")]
    assert max(map(len, rows)) <= PROFILES[profile]["vtt"].columns


def test_the_config_knows_every_profile():
    assert set(CaptionsSection.model_fields["profile"].annotation.__args__) == set(PROFILES)


def test_a_second_run_writes_nothing_and_a_changed_file_is_kept_without_force(tmp_path):
    arguments = ("transcript", TRAILER, "--to", "srt", "-o", tmp_path)
    assert feedbuilder(*arguments).stdout
    assert feedbuilder(*arguments).stdout == ""
    file = tmp_path / f"{TRAILER.stem}.srt"
    file.write_text("mine", "utf-8")
    assert feedbuilder(*arguments).returncode == 4
    assert file.read_text("utf-8") == "mine"
    assert feedbuilder(*arguments, "--force").returncode == 0
    assert file.read_text("utf-8") != "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["missing.vtt"], 2, "there is no file"),
        ([TRAILER, "--to", "docx"], 2, "no format docx"),
        ([TRAILER, "--to", "json,json-words"], 2, "the same file"),
        ([SEEDS / "artwork.jpg"], 3, "a picture"),
        ([SEEDS / "people/seedhost.md"], 3, "no transcript"),
        ([TRAILER, TRAILER], 2, "two files would write"),
        ([TRAILER, "--offset", "soon"], 2, "is not a duration"),
        ([TRAILER, "--audio", TRAILER], 2, "podcasts"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, arguments, code, says):
    run = feedbuilder("transcript", *arguments, "-o", tmp_path / "out")
    assert (run.returncode, says in run.stderr) == (code, True), run.stderr


def test_a_file_is_never_replaced_by_what_is_made_of_it(tmp_path):
    file = tmp_path / "talk.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\nHi\n", "utf-8")
    run = feedbuilder("transcript", file, "--to", "srt", "-o", tmp_path, "--force")
    assert run.returncode == 2
    assert "made from" in run.stderr


def test_an_output_that_is_a_file_ends_with_5(tmp_path):
    file = tmp_path / "taken"
    file.write_text("mine", "utf-8")
    run = feedbuilder("transcript", TRAILER, "-o", file)
    assert run.returncode == 5
    assert f"{file} cannot be written" in run.stderr
    assert file.read_text("utf-8") == "mine"


def test_a_file_that_the_system_will_not_give_is_wrong_usage(tmp_path, monkeypatch):
    def refused(_):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.srt").write_text("", "utf-8")
    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(UsageError, match="cannot be read: Permission denied"):
        transcribe(tmp_path / "a.srt", formats=["vtt"])
