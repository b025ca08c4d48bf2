"""A build does not publish a file of its own that came out wrong."""

from __future__ import annotations

import pytest
from specimens import CHAPTERS, FEED, SEGMENTS, SRT, VTT

from feedbuilder.check.rendered import checked
from feedbuilder.errors import RefusedError
from feedbuilder.render import OutputFile

FOLDER = "https://show.example/"
WHOLE = {
    "chapters/2.json": CHAPTERS,
    "transcripts/2.vtt": VTT,
    "transcripts/2.srt": SRT,
    "transcripts/2.json": SEGMENTS,
    "transcripts/2.txt": "Words.\n",
    "feed.xml": FEED,
}
SPOILT = {
    "chapters/2.json": ('"startTime": 10,', '"startTime": 501,', "CH6"),
    "transcripts/2.vtt": ("&amp;", "&", "T10"),
    "transcripts/2.srt": ("2\n00", "3\n00", "T2b"),
    "transcripts/2.json": ('"endTime": 8', '"endTime": 4', "TJ2"),
    "transcripts/2.txt": ("Words.", " ", "T1"),
    "feed.xml": (">two</guid>", ">https://show.example/1.html</guid>", "I5d"),
}


def output(**changed: str) -> list[OutputFile]:
    return [OutputFile(path, changed.get(path, text).encode(), "one.md") for path, text in WHOLE.items()]


def test_files_that_are_right_pass_as_they_are():
    assert list(checked(output(), "feed.xml", FOLDER)) == output()


@pytest.mark.parametrize("path", SPOILT)
def test_a_file_that_came_out_wrong_stops_the_build_with_its_rule(path: str):
    before, after, rule = SPOILT[path]
    with pytest.raises(RefusedError, match=rf"{path} .*came out wrong[^$]*{rule}: "):
        list(checked(output(**{path: WHOLE[path].replace(before, after)}), "feed.xml", FOLDER))


def test_a_transcript_that_the_feed_names_and_the_build_lacks_stops_it():
    files = [file for file in output() if file.path != "transcripts/2.srt"]
    with pytest.raises(RefusedError, match=r"L1: .*2\.srt"):
        list(checked(files, "feed.xml", FOLDER))


def test_what_an_archive_may_lack_does_not_stop_a_build():
    bare = FEED.replace('<itunes:image href="https://show.example/a.jpg"/>', "")
    bare = bare.replace('<enclosure url="https://show.example/1.m4a" length="9" type="audio/x-m4a"/>', "")
    assert len(list(checked(output(**{"feed.xml": bare}), "feed.xml", FOLDER))) == len(WHOLE)
