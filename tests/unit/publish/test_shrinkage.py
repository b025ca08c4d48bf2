"""What is counted in transcripts and chapters, and when too much of it is gone."""

from __future__ import annotations

import json

import pytest
from archives import built, config_text, episode_text, tree, write_archive

from feedbuilder.publish.published_feed import Text
from feedbuilder.publish.shrinkage import chapter_count, is_shortened, is_thinned, path_of, spoken_letters

TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip", "json": "application/json", "html": "text/html",
         "txt": "text/plain"}  # fmt: skip
LINES = [
    ("Ann Lee", "Where were you at 12:30 <that> day & night?"),
    ("Bob", "At home, of course: where else? " * 9),
    ("Ann Lee", "聞くことは話すこと。"),
    (None, "Fin --> 1 2 3."),
]
LETTERS = sum(letter.isalpha() for _, line in LINES for letter in line)


@pytest.mark.parametrize("json_format", ["json", "json-words"])
def test_every_format_of_a_transcript_counts_the_same_spoken_letters(tmp_path, json_format):
    lines = [
        {"line": line, "sec": 10 * place, **({"who": who} if who else {})} for place, (who, line) in enumerate(LINES)
    ]
    config = write_archive(
        tmp_path / "show",
        {"one.md": episode_text(guid="1", title="2026", transcript=lines)},  # a title without letters
        config_text(transcripts=["vtt", "srt", json_format, "html", "txt"]),
    )
    built(config, tmp_path / "out")
    counted = {
        path.rpartition(".")[2]: spoken_letters(content, TYPES[path.rpartition(".")[2]])
        for path, content in tree(tmp_path / "out").items()
        if path.startswith("transcripts/")
    }
    assert counted == dict.fromkeys(TYPES, LETTERS)


@pytest.mark.parametrize("mime_type", [*TYPES.values(), "application/srt", "text/x-unknown"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"[" * 100_000, b"{}", b'{"segments": [3, null]}', b"<" * 99]
)
def test_a_damaged_transcript_is_counted_without_ado(content, mime_type):
    assert spoken_letters(content, mime_type) >= 0


def test_times_tags_and_names_are_not_spoken():
    told = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ann>one <i>two</i> <00:00:01.500>three\n"
    assert spoken_letters(told, "text/vtt") == len("onetwothree")
    assert spoken_letters(b"1\n00:00:01,000 --> 00:00:02,000\nAnn Lee: one\n", "application/x-subrip") == 3


@pytest.mark.parametrize(
    ("old", "new", "is_loss"),
    [
        (50_000, 45_000, False), (50_000, 44_999, True), (50_000, 60_000, False), (0, 0, False), (40, 1, False),
        (40, 0, True), (500, 449, True), (500, 450, False), (0, 10, False),
    ],
)  # fmt: skip
def test_more_than_a_tenth_of_the_letters_is_too_much(old, new, is_loss):
    assert is_shortened(old, new) is is_loss


@pytest.mark.parametrize(("old", "new", "is_loss"), [(10, 5, False), (10, 4, True), (1, 0, True), (0, 0, False)])
def test_more_than_half_of_the_chapters_is_too_much(old, new, is_loss):
    assert is_thinned(old, new) is is_loss


def test_chapters_are_counted_in_their_file():
    assert chapter_count(json.dumps({"chapters": [{"startTime": 0}, {"startTime": 1}]}).encode()) == 2
    assert chapter_count(b"no json") == 0


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example/f/transcripts/%C3%BC.vtt", "transcripts/ü.vtt"),
        ("https://b.example/f/transcripts/a.vtt", None),
        ("https://a.example/f/../../etc/passwd", None),
        ("https://a.example/f/%2e%2e/x", None),
        ("https://a.example/f//etc/passwd", None),
        ("https://a.example/f/", None),
    ],
)
def test_only_files_below_the_feeds_folder_are_looked_for(url, path):
    assert path_of(Text("transcripts", "text/vtt", url), "https://a.example/f/") == path
