"""Transcripts on the way between reading and writing."""

from __future__ import annotations

import os
import signal
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbuilder.model import TranscriptLine
from feedbuilder.render.in_parallel import in_parallel
from feedbuilder.source.spool import Spool, SpooledLines, digest_of

TIMES = st.none() | st.integers(0, 2**40)
LINES = st.builds(TranscriptLine, st.text(st.characters(), max_size=20), st.none() | st.text(max_size=5), TIMES, TIMES)
TALKS = st.lists(st.lists(LINES, max_size=5).map(tuple), max_size=8)


@given(TALKS, st.sampled_from([0, 200, 10**6]))
def test_what_was_kept_comes_back_the_same_from_memory_and_from_the_disk(talks, in_memory_bytes):
    spool = Spool(in_memory_bytes=in_memory_bytes)
    kept = [spool.keep(talk) for talk in talks]
    assert [tuple(lines) for lines in kept] == talks
    assert [len(lines) for lines in kept] == [len(talk) for talk in talks]
    assert all(lines[-1] == talk[-1] and lines[:2] == talk[:2] for lines, talk in zip(kept, talks, strict=True) if talk)


@given(TALKS)
def test_two_talks_have_one_digest_exactly_when_they_are_the_same(talks):
    spool = Spool(in_memory_bytes=100)
    digests = [digest_of(spool.keep(talk)) for talk in talks]
    assert digests == [digest_of(tuple(TranscriptLine(*line) for line in talk)) for talk in talks]
    assert len(set(digests)) == len(set(talks))
    assert all(one == other for one, other in zip(map(spool.keep, talks), map(Spool().keep, talks), strict=True))


def test_other_processes_read_what_lies_on_the_disk_each_for_itself():
    spool = Spool(in_memory_bytes=0)
    kept = [spool.keep([TranscriptLine(f"talk {number} " * 5000)]) for number in range(60)]
    assert spool.files
    found = in_parallel(lambda lines: lines[0].text.split()[:2], kept, processes=3, keep_open=spool.files)
    assert list(found) == [["talk", str(number)] for number in range(60)]


def test_without_a_place_on_the_disk_the_lines_stay_in_memory(monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    spool = Spool(in_memory_bytes=0)
    assert tuple(spool.keep([TranscriptLine("Hello")])) == (TranscriptLine("Hello"),)


def test_the_file_has_no_name_and_nobody_else_finds_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = Spool(in_memory_bytes=0)
    lines = spool.keep([TranscriptLine("Hello")])
    assert isinstance(lines, SpooledLines)
    assert spool.files
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lines", [(), []])
def test_no_lines_are_no_lines(lines):
    assert Spool().keep(lines) == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_what_a_killed_process_leaves_undone_is_done_by_the_one_that_waits_for_it():
    own = os.getpid()

    def work(number: int) -> int:
        if number == 5 and os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number

    assert list(in_parallel(work, range(20), processes=2)) == [number * number for number in range(20)]
