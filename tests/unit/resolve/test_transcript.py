"""Transcripts as they were meant: what is left of paragraphs that stand there twice."""

from __future__ import annotations

import sys

import pytest

from feedbuilder.errors import Place
from feedbuilder.model import Heading, TranscriptLine
from feedbuilder.resolve.transcript import resolve_transcript
from feedbuilder.source.transcripts import TranscriptRecord

PLACE = Place("a.md", 3, 1)
COPY, ANA = TranscriptLine("Hello there."), TranscriptLine("Hello there.", "Ana", 3000)


def resolved(*lines: TranscriptLine, headings: tuple[Heading, ...] = ()):
    transcript, problems = resolve_transcript(TranscriptRecord(lines, headings), "en", PLACE)
    assert transcript is not None
    return transcript, {fault.code for fault in problems}


def test_a_bare_copy_before_its_paragraph_is_left_out_and_headings_stay_before_it():
    transcript, codes = resolved(TranscriptLine("Hm.", "Bo", 0), COPY, ANA, headings=(Heading("One", 1),))
    assert transcript.lines == (TranscriptLine("Hm.", "Bo", 0), ANA)
    assert transcript.headings == (Heading("One", 1),)
    assert "transcript-twice" in codes


def test_words_that_are_said_twice_stay_twice():
    for lines in ((ANA, ANA), (ANA, COPY), (COPY, COPY), (COPY, TranscriptLine("Hello there!", "Ana", 3000))):
        transcript, codes = resolved(*lines)
        assert transcript.lines == lines
        assert "transcript-twice" not in codes


@pytest.mark.parametrize("space", [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()], ids=ascii)
def test_whatever_is_space_around_words_becomes_one_between_them(space):
    transcript, _ = resolved(TranscriptLine(f"{space}Hello{space}{space}there.{space}", "Ana", 0))
    assert transcript.lines[0].text == "Hello there."
    transcript, _ = resolved(TranscriptLine(f"Hello{space}there.", "Ana", 0))
    assert transcript.lines[0].text == "Hello there."
