"""Which stamps are believed, and what becomes of the others."""

from feedbuilder.captions import time_words
from feedbuilder.captions.stamps import Stamp, believe
from feedbuilder.model import Transcript, TranscriptLine

TEN_SECONDS = " ".join(["something"] * 16) + "."


def stamps(*seconds, every_s=10):
    """Return stamps of lines that take ten seconds each."""
    return [Stamp(line, line * every_s * 1000, at * 1000) for line, at in enumerate(seconds)]


def believed_s(*seconds, end_s=None):
    end = None if end_s is None else Stamp(len(seconds), len(seconds) * 10_000, end_s * 1000)
    believed = believe(stamps(*seconds), end)
    return {stamp.line: stamp.at_ms / 1000 for stamp in believed}


def transcript(*starts):
    return Transcript(
        lines=tuple(TranscriptLine(TEN_SECONDS, "Ana", None if at is None else at * 1000) for at in starts),
        language="en",
    )


def begun_s(timing):
    return [timing.starts_ms[timing.lines.index(line)] / 1000 for line in range(len(timing.speakers))]


def test_a_lone_wrong_stamp_is_dropped_whichever_way_it_errs():
    assert believed_s(0, 10, 20, 400, 40, 50) == {0: 0, 1: 10, 2: 20, 4: 40, 5: 50}
    assert believed_s(0, 10, 20, 3, 40, 50) == {0: 0, 1: 10, 2: 20, 4: 40, 5: 50}


def test_a_wrong_stamp_before_its_neighbour_does_not_take_the_neighbour_with_it():
    assert 2 not in believed_s(0, 10, 95, 30, 40, 50)


def test_a_long_silence_is_believed():
    assert len(believed_s(0, 10, 20, 620, 630, 640)) == 6


def test_times_that_start_over_are_moved_behind_the_first_part():
    part = range(0, 120, 10)
    believed = believe(stamps(*part, *part), None)
    assert [stamp.at_ms / 1000 for stamp in believed] == list(range(0, 240, 10))


def test_a_run_that_jumped_away_and_back_is_moved_between():
    seconds = [*range(0, 200, 10), *range(900, 1050, 10), *range(350, 500, 10)]
    believed = believe(stamps(*seconds), None)
    assert [stamp.at_ms / 1000 for stamp in believed] == list(range(0, 500, 10))


def test_a_shared_stamp_belongs_to_the_first_line_that_has_it():
    timing = time_words(transcript(0, 10, 10, 10, 40))
    assert begun_s(timing) == [0.5, 10.5, *begun_s(timing)[2:4], 40.5]
    assert 19.5 < begun_s(timing)[2] < 21.5
    assert 29.5 < begun_s(timing)[3] < 31.5


def test_a_stamp_that_leaves_too_little_time_is_given_back_to_the_line_that_lost_it():
    timing = time_words(transcript(0, 10, 20, None, 30, 50, 60, 70))
    assert begun_s(timing)[3] == 30.5
    assert 39.5 < begun_s(timing)[4] < 41.5


def test_stamps_after_the_end_of_the_recording_are_not_believed():
    timing = time_words(transcript(0, 10, 20, 30, 400), duration_ms=52_000)
    assert 39 < begun_s(timing)[4] < 42


def test_a_stated_end_leaves_silence_until_the_next_start():
    lines = (TranscriptLine(TEN_SECONDS, "Ana", 0, 10_250), TranscriptLine(TEN_SECONDS, "Ana", 60_000, 70_250))
    timing = time_words(Transcript(lines=lines, language="en"))
    assert timing.ends_ms[timing.lines.index(1) - 1] <= 10_250


def test_stamps_with_parts_of_a_second_are_taken_as_they_are():
    lines = (TranscriptLine(TEN_SECONDS, "Ana", 1000), TranscriptLine(TEN_SECONDS, "Ana", 11_250))
    assert begun_s(time_words(Transcript(lines=lines, language="en"))) == [1.0, 11.25]


def test_a_few_words_said_fast_do_not_take_the_stamp_of_the_line_after_them():
    lines = (
        TranscriptLine("Welcome to the show.", "Ana", 2000),
        TranscriptLine("So what comes first?", "Ana", 5000),
        TranscriptLine("A question does.", "Ana"),
        TranscriptLine("This line has none.", "Ana"),
        TranscriptLine("That was that.", "Bo", 10_000),
    )
    timing = time_words(Transcript(lines=lines, language="en"))
    assert begun_s(timing)[4] == 10.5
    assert begun_s(timing)[3] < 10
