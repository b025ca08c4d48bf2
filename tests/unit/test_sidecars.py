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


@pytest.mark.parametrize("names", [("ANA", "BOB"), ("Ana", "Bob"), ("Ana ", "Bob "), ("主持人", "李教授")])
def test_a_label_that_stands_once_among_labels_is_a_speaker(names):
    colon = "：" if names[0] == "主持人" else ": "
    said = [f"{names[0]}{colon}First.", f"{names[1]}{colon}Second.", f"{names[0]}{colon}Third."]
    for count in (2, 3):
        text = "".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{row}\n\n" for i, row in enumerate(said[:count], 1))
        assert [(line.speaker, line.text) for line in lines_of(text)] == [
            (names[0].strip(), "First."), (names[1].strip(), "Second."), (names[0].strip(), "Third."),
        ][:count]  # fmt: skip


def captions_of(*rows: str) -> str:
    return "".join(f"{i}\n00:00:{i:02},000 --> 00:00:{i:02},900\n{row}\n\n" for i, row in enumerate(rows, 1))


def test_a_sentence_that_goes_on_in_the_next_caption_hides_no_label():
    lines = lines_of(captions_of("Ana: We had", "a long day.", "Bob: We had."))
    assert [line.speaker for line in lines] == ["Ana", "Ana", "Bob"]


def test_a_label_in_capitals_that_stands_once_is_a_speaker_where_others_in_capitals_come_back():
    lines = lines_of(captions_of("ANA: One.", "More.", "BOB: Two.", "And more.", "ANA: Three.", "Still more."))
    assert [line.speaker for line in lines] == ["ANA", "ANA", "BOB", "BOB", "ANA", "ANA"]


def test_a_word_before_a_colon_that_stands_once_among_captions_without_labels_is_no_speaker():
    lines = lines_of(captions_of("Ana: Hi.", "One thing: never.", "Note: this is fine.", "Ana: Bye.", "So be it."))
    assert {line.speaker for line in lines} == {"Ana"}
    assert "Note: this is fine." in {line.text for line in lines}
    assert {line.speaker for line in lines_of(captions_of("It rains.", "Note: it is wet.", "So it is."))} == {None}


def test_a_caption_of_two_speakers_is_two_lines_at_its_time():
    lines = lines_of(captions_of("- ANA: Yes.\n- BOB: No,\nnever.", "<b>ANA:</b> Well.", ">> BOB:\nOh."))
    assert lines == (
        TranscriptLine("Yes.", "ANA", 1000, 1900),
        TranscriptLine("No, never.", "BOB", 1000, 1900),
        TranscriptLine("Well.", "ANA", 2000, 2900),
        TranscriptLine("Oh.", "BOB", 3000, 3900),
    )


def test_words_whose_colon_has_a_no_break_space_behind_it_name_nobody():
    lines = lines_of(captions_of("Ana: Hi.", "Note:\u00a0this.", "Note:\u00a0that.", "Ana: Bye."))
    assert {line.speaker for line in lines} == {"Ana"}


def test_captions_without_blank_lines_between_them_keep_their_times_and_lose_their_numbers():
    assert lines_of(captions_of("Hi", "42", "Bye").replace("\n\n", "\n")) == (
        TranscriptLine("Hi", None, 1000, 1900),
        TranscriptLine("42", None, 2000, 2900),
        TranscriptLine("Bye", None, 3000, 3900),
    )


def test_words_behind_a_blank_line_belong_to_the_numbered_caption_above():
    assert [line.text for line in lines_of(captions_of("Hi\n\nthere\n\nand there", "Bye"))] == [
        "Hi there and there",
        "Bye",
    ]


def test_the_words_of_a_caption_whose_timing_cannot_be_read_are_kept():
    record, (fault,) = read_sidecar("1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:03 --> soon\nTwo", "x")
    assert [line.text for line in record.lines] == ["One", "Two"]
    assert (fault.code, str(fault.place)) == ("transcript-time", "x:6:1")


@pytest.mark.parametrize(
    "text",
    [
        "0:00:01.000,0:00:03.500\nHello\nthere\n\n0:00:04.000,0:00:05.000\nBye\n",
        "00:00:01.000 -> 00:00:03.500\nHello there\n\n00:00:04.000 -> 00:00:05.000\nBye\n",
        "00:01.000 --> 00:03.500 Hello there\n00:04.000 --> 00:05.000 Bye\n",
        "WEBVTT\n\nNOTE\nwords --> none\n\n00:01.000 --> 00:03.500 line:0 align:start\nHello there\n\n"
        "00:04.000 --> 00:05.000\nBye\n",
    ],
    ids=["sbv", "short arrows", "words behind the timing", "settings and notes"],
)
def test_timings_are_read_as_programs_write_them(text):
    assert lines_of(text) == (
        TranscriptLine("Hello there", None, 1000, 3500),
        TranscriptLine("Bye", None, 4000, 5000),
    )


def test_an_hour_and_another_in_a_text_make_no_captions_of_it():
    assert [line.text for line in lines_of("Ana: See the plan.\n\n10:30 -> 11:00 doors\n\nBo: Yes.\n")] == [
        "See the plan.",
        "10:30 -> 11:00 doors",
        "Yes.",
    ]


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
