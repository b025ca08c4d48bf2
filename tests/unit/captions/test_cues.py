"""Where text is cut into cards and lines, and how long a card stays."""

from feedbuilder.captions import SRT_LAYOUT, VTT_LAYOUT, make_cues, time_words
from feedbuilder.captions.schedule import schedule
from feedbuilder.model import Transcript, TranscriptLine


def cues(*texts, layout=VTT_LAYOUT, language="en", seconds=6, speakers=()):
    lines = tuple(
        TranscriptLine(text, speakers[place] if speakers else "Ana", place * seconds * 1000)
        for place, text in enumerate(texts)
    )
    return make_cues(time_words(Transcript(lines=lines, language=language)), layout)


def test_a_long_sentence_is_cut_at_its_clauses():
    first, second = cues(
        "And since they see democratic planning as a part of what they propose, "
        "I was more than curious to read what they have to say.",
        seconds=9,
    )
    assert first.text.endswith("they propose,")
    assert second.text.startswith("I was")


def test_lines_are_balanced_and_do_not_part_article_and_noun_or_a_name():
    (cue,) = cues("My name is Jan Groos, and it is my pleasure to welcome Troy.")
    assert cue.lines == ("My name is Jan Groos,", "and it is my pleasure to welcome Troy.")


def test_brief_sentences_of_a_speaker_share_a_card():
    (cue, _) = cues("Right. Yes. I see.", "And then?")
    assert cue.text == "Right. Yes. I see."


def test_japanese_lines_break_between_phrases_and_never_before_a_mark():
    text = "最近聞き始めまして、ポッドキャストでフォローしました。過去回を含めて楽しく聞かせていただいております。"
    made = cues(text, language="ja", seconds=9)
    lines = [line for cue in made for line in cue.lines]
    assert lines[0] == "最近聞き始めまして、"
    assert not any(line[0] in "、。っょー" for line in lines)


def test_room_is_left_for_the_name_where_the_speaker_changes():
    text = "This is what I have always wanted to tell you about."
    first, second = cues(text, text, layout=SRT_LAYOUT, speakers=("Ana Maria", "Bo"))
    assert len("Ana Maria: " + first.lines[0]) <= 32
    assert len("Bo: " + second.lines[0]) <= 32


def test_right_to_left_text_is_kept_in_its_order():
    (cue,) = cues("שלום לכולם וברוכים הבאים", language="he")
    assert cue.text == "שלום לכולם וברוכים הבאים"


def test_a_card_too_short_to_read_borrows_from_its_neighbours():
    times = schedule([0, 3000, 3400], [3000, 3400, 6400], [1000, 833, 1000], max_ms=7000, gap_ms=84, duration_ms=None)
    start_ms, end_ms = times[1]
    assert end_ms - start_ms >= 833
    assert 2500 <= start_ms <= 3000


def test_short_gaps_are_closed_to_two_frames_and_long_ones_kept():
    times = schedule([0, 3000, 9000], [2700, 5000, 9900], [833] * 3, max_ms=7000, gap_ms=84, duration_ms=None)
    assert times[:2] == [(0, 2916), (3000, 5000)]
