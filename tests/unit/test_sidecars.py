"""Transcripts in files of their own, of every kind people have."""

from __future__ import annotations

import json
from time import process_time

import pytest
from archives import built, config_text, episode_text, tree, write_archive

from feedbuilder.model import Heading, TranscriptLine
from feedbuilder.source.archive import read_archive
from feedbuilder.source.settings import read_config
from feedbuilder.source.sidecars import read_sidecar

SRT = """\
1
00:00:01,000 --> 00:00:02,500
Ana: Good morning,
everybody.

2
00:00:03,000 --> 00:00:04,000
Bo: Note: this is one.

3
00:00:04,200 --> 00:00:05,000
Ana: Thanks.

4
00:00:05,200 --> 00:00:06,000
Bo: Bye.
"""
VTT = """\
WEBVTT Kind: captions

STYLE
::cue { color: white }

NOTE a --> b is no cue

first
00:01.000 --> 00:02.500 align:start position:10%
<v.loud Ana Bo>Rock &amp; <i>roll</i></v>

00:00:03.000 --> 00:00:04.000
<v Ana Bo>One <v Cy>Two

01:00:00.500 --> 01:00:01.000
no voice
"""


def lines_of(text: str) -> tuple[TranscriptLine, ...]:
    record, problems = read_sidecar(text, "x")
    assert problems == []
    return record.lines


def test_srt_gives_its_speakers_and_both_its_times():
    assert lines_of(SRT) == (
        TranscriptLine("Good morning, everybody.", "Ana", 1000, 2500),
        TranscriptLine("Note: this is one.", "Bo", 3000, 4000),
        TranscriptLine("Thanks.", "Ana", 4200, 5000),
        TranscriptLine("Bye.", "Bo", 5200, 6000),
    )


def test_vtt_gives_voices_and_words_without_tags_references_styles_and_notes():
    assert lines_of(VTT) == (
        TranscriptLine("Rock & roll", "Ana Bo", 1000, 2500),
        TranscriptLine("One", "Ana Bo", 3000, 4000),
        TranscriptLine("Two", "Cy", 3000, 4000),
        TranscriptLine("no voice", None, 3600500, 3601000),
    )


@pytest.mark.parametrize(
    "segment",
    [
        {"speaker": "Ana", "startTime": 0.5, "endTime": 2, "body": "Hi  there"},
        {"speaker": "Ana", "start": 0.5, "end": 2.0, "text": " Hi there", "words": [], "no_speech_prob": 0.1},
    ],
    ids=["podcast", "whisper"],
)
def test_json_gives_segments(segment):
    expected = (TranscriptLine("Hi there", "Ana", 500, 2000),)
    assert lines_of(json.dumps({"version": "1.0.0", "segments": [segment]})) == expected
    assert lines_of(json.dumps([segment])) == expected


def test_plain_text_gives_speakers_marks_and_headings():
    record, problems = read_sidecar(
        "# Start\n\nAna: Hello.\nIt goes on: here.\n\n[1:02] Bo: Yes.\nCy (01:02:03)\nWords\nand more.\n\nStill Cy.\n",
        "x",
    )
    assert problems == []
    assert record.headings == (Heading("Start", 0),)
    assert record.lines == (
        TranscriptLine("Hello. It goes on: here.", "Ana", None, None),
        TranscriptLine("Yes.", "Bo", 62_000, None),
        TranscriptLine("Words and more.", "Cy", 3_723_000, None),
        TranscriptLine("Still Cy.", "Cy", None, None),
    )


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('{"segments": [', "transcript-shape", "x:1:15"),
        ('{"text": "no segments"}', "transcript-shape", "x:1:1"),
        ("[" * 100_000, "transcript-shape", "x:1:1"),
        ('{"segments": [{"start": 1}]}', "transcript-item", "x"),
        ("WEBVTT\n\n00:00:01.000 --> soon\nHi", "transcript-time", "x:3:1"),
        ("", "transcript-shape", "x:1:1"),
    ],
)
def test_what_cannot_be_read_is_named(text, code, place):
    _, problems = read_sidecar(text, "x")
    assert [(problem.code, str(problem.place)) for problem in problems] == [(code, place)]


def test_an_episode_names_its_transcript_file_and_gets_the_stated_times(tmp_path):
    episode = episode_text(transcript="texts/a.srt")
    config = config_text(transcripts=["vtt", "json-words"])
    built(write_archive(tmp_path, {"a.md": episode, "texts/a.srt": SRT}, config), tmp_path / "out")
    files = tree(tmp_path / "out")
    words = {word["body"]: word for word in json.loads(files["transcripts/a.json"])["segments"]}
    assert (words["Good"]["startTime"], words["everybody."]["endTime"]) == (1, 2.5)
    assert (words["Note:"]["startTime"], words["one."]["endTime"]) == (3, 4)
    assert "<v Bo>Note: this is one." in files["transcripts/a.vtt"].decode()


def test_a_faulty_transcript_file_is_named_by_its_own_line_and_costs_no_episode(tmp_path):
    files = {"a.md": episode_text(transcript="a.vtt"), "a.vtt": "WEBVTT\n\n1 --> 2\nHi\n\n00:01.000 --> 00:02.000\nYo"}
    report = built(write_archive(tmp_path, files), tmp_path / "out")
    assert "episodes/a.vtt:3:1" in [str(problem.place) for problem in report.problems]
    assert len(report.show.episodes) == 1


def test_a_transcript_that_outlasts_its_audio_gets_a_guess_of_its_offset(tmp_path):
    fields = {"audio": {"url": "https://a.example/a.mp3", "length": 9, "duration": "10:00"}}
    late = episode_text(transcript=[{"line": "Hi.", "sec": 100}, {"line": "Bye.", "sec": 660}], **fields)
    report = built(write_archive(tmp_path, {"a.md": late}), tmp_path / "out")
    (fault,) = [problem for problem in report.problems if problem.code == "audio-offset"]
    assert "audio_offset: -65" in fault.remedy


def test_an_offset_moves_chapters_and_captions_together(tmp_path):
    fields = {
        "transcript": [{"line": "Hello there.", "sec": 4}, {"line": "And on.", "sec": 30}],
        "quotableClips": [{"name": "Start", "startOffset": 2}, {"name": "On", "startOffset": 30}],
    }
    files = {"a.md": episode_text(audio_offset="-4.5", **fields), "b.md": episode_text(guid="two", **fields)}
    report = built(write_archive(tmp_path, files), tmp_path / "out")
    by_slug = {episode.slug: episode for episode in report.show.episodes}
    assert [chapter.start_ms for chapter in by_slug["a"].chapters] == [0, 25_500]
    assert [line.start_ms for line in by_slug["a"].transcript.lines] == [0, 25_500]
    assert [chapter.start_ms for chapter in by_slug["b"].chapters] == [2000, 30_000]


HUGE = "9" * 5000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"1\n{HUGE}:00:01,000 --> {HUGE}:00:02,000\nLost\n\n{SRT}", "transcript-time"),
        (f"WEBVTT\n\n1001:00:01.000 --> 1001:00:02.000\nLost\n\n{SRT}", "transcript-time"),
        (f'[{{"startTime": {HUGE}, "body": "Lost"}}, {{"startTime": 1, "body": "Kept"}}]', "transcript-item"),
        ('[{"startTime": Infinity, "body": "Lost"}, {"startTime": 1, "body": "Kept"}]', "transcript-item"),
    ],
)
def test_a_line_at_a_time_that_no_audio_has_is_told_and_left_out(text, code):
    record, problems = read_sidecar(text, "x")
    assert [problem.code for problem in problems] == [code]
    assert record.lines
    assert "Lost" not in {line.text for line in record.lines}


@pytest.mark.parametrize("piece", ["<v ", "<v.", "<c.", "{\\", "<1", "</font "])
def test_captions_of_unclosed_tags_are_read_in_no_time(piece):
    started = process_time()
    read_sidecar(f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>{piece * 100_000}\n", "x")
    assert process_time() - started < 5


def test_a_broken_episode_tells_of_its_transcript_file_as_well(tmp_path):
    config = write_archive(tmp_path, {"a.md": episode_text(draft="perhaps", transcript="gone.vtt")})
    codes = {fault.code for fault in read_archive(read_config(config)).problems}
    assert {"transcript-file", "not-a-flag"} <= codes
