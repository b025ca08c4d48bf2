"""Speakers and colons in SubRip."""

from feedbuilder.captions import SRT_LAYOUT, make_cues, time_words
from feedbuilder.model import Cue, Transcript, TranscriptLine
from feedbuilder.render import srt, vtt


def cue(*lines, speaker=None, start_ms=0):
    return Cue(start_ms, start_ms + 900, lines, " ".join(lines), speaker)


def texts(*cues):
    return [block.split("\n", 2)[2] for block in srt.render(cues).decode().strip("\n").split("\n\n")]


def test_a_speaker_is_named_where_their_turn_begins():
    assert texts(
        cue("Yes.", speaker="Ana"), cue("Well.", speaker="Ana", start_ms=1000), cue("No.", speaker="Bo", start_ms=2000)
    ) == ["Ana: Yes.", "Well.", "Bo: No."]


def test_a_long_name_is_shortened_the_same_way_in_the_whole_file():
    made = texts(
        cue("Yes.", speaker="Alexey Grigorev"),
        cue("No.", speaker="Bo", start_ms=1000),
        cue("Oh.", speaker="Alexey Grigorev", start_ms=2000),
    )
    assert made == ["Alexey: Yes.", "Bo: No.", "Alexey: Oh."]


def test_an_empty_first_line_is_the_names_own():
    made = cue("", "LearnDataEngineering.com", speaker="Andreas")
    assert texts(made) == ["Andreas:\nLearnDataEngineering.com"]
    assert vtt.render([made]).decode().endswith("<v Andreas>LearnDataEngineering.com\n")


def test_a_name_with_nothing_to_write_is_left_out():
    assert texts(cue("Yes.", speaker=":")) == ["Yes."]


def test_a_colon_at_the_end_of_a_line_leaves_room_for_its_no_break_space():
    text = "We know that there is very often a trade-off: less of this, more of that."
    line = TranscriptLine(text, None, 0)
    made = make_cues(time_words(Transcript(lines=(line,), language="en")), SRT_LAYOUT)
    lines = [line for text in texts(*made) for line in text.split("\n")]
    assert any(line.endswith("trade-off:\u00a0") for line in lines)
    assert max(map(len, lines)) <= 32
