"""Where text is cut into cards and lines, and how long a card stays."""

from dataclasses import replace

from feedbuilder.captions import SRT_LAYOUT, VTT_LAYOUT, make_cues, time_words
from feedbuilder.captions.schedule import SHIFT_MS, schedule
from feedbuilder.captions.timed import TimedTranscript
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


def test_a_name_without_room_beside_the_first_word_has_a_line_of_its_own():
    first, second = cues("LearnDataEngineering.com", "Yes.", layout=SRT_LAYOUT, speakers=("Andreas", "Bo"))
    assert first.lines == ("", "LearnDataEngineering.com")
    assert second.lines == ("Yes.",)


def test_a_name_takes_reading_time_too():
    text = "Nothing is as it seems to be."
    lines = tuple(TranscriptLine(text, name, start_ms) for name, start_ms in (("Ana Maria", 0), ("Bo", 1500)))
    timing = time_words(Transcript(lines=lines, language="en"))
    named, _ = make_cues(timing, SRT_LAYOUT)
    plain, _ = make_cues(timing, replace(SRT_LAYOUT, speaker_prefix=False))
    assert plain.end_ms - plain.start_ms < 50 * len(f"Ana Maria: {text}") <= named.end_ms - named.start_ms


def test_a_long_web_address_is_broken_before_its_marks():
    address = "https://www.example.com/a-rather-long-title-of-an-article?ref=feed"
    lines = [line for cue in cues(f"See {address} for more.", seconds=9) for line in cue.lines]
    assert address in "".join(lines)
    assert max(map(len, lines)) <= 42
    assert all(line[0] in "S./?" for line in lines)


def test_a_short_web_address_and_any_other_long_word_are_kept_whole():
    address = "example.com/to-be-read/soon"
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    text = f"Wie auf {address} zu lesen ist, und auf {address} auch, heißt die {word} so."
    lines = [line for cue in cues(text, language="de", seconds=9) for line in cue.lines]
    assert sum(address in line for line in lines) == 2
    assert word in lines


def test_formats_that_share_the_text_as_set_are_laid_out_as_if_alone():
    text = "The trade-off: less is more, and so on, as we all know, until it is not, or so they say."
    transcript = Transcript(lines=(TranscriptLine(text, "Ana", 0), TranscriptLine(text, "Bo", 9000)), language="en")
    timing = time_words(transcript)
    timed = TimedTranscript(
        title="", transcript=transcript, timing=timing, layouts={"vtt": VTT_LAYOUT, "srt": SRT_LAYOUT}
    )
    assert timed.cues("srt") == make_cues(timing, SRT_LAYOUT)
    assert timed.cues("vtt") == make_cues(timing, VTT_LAYOUT)


def test_right_to_left_text_is_kept_in_its_order():
    (cue,) = cues("שלום לכולם וברוכים הבאים", language="he")
    assert cue.text == "שלום לכולם וברוכים הבאים"


def test_a_card_too_short_to_read_begins_earlier():
    times = schedule([0, 3000, 3400], [3000, 3400, 6400], [1000, 833, 1000], max_ms=7000, gap_ms=84, duration_ms=None)
    assert times == [(0, 2399), (2483, 3316), (3400, 6400)]


def test_a_card_that_cannot_begin_earlier_pushes_the_next_one_back():
    times = schedule([0, 400, 3400], [400, 3400, 6400], [833, 1000, 1000], max_ms=7000, gap_ms=84, duration_ms=None)
    assert times == [(0, 833), (917, 3316), (3400, 6400)]


def test_no_card_begins_far_from_its_words_however_little_time_there_is_to_read_it():
    starts_ms = list(range(0, 20_000, 500))
    ends_ms = [start_ms + 500 for start_ms in starts_ms]
    times = schedule(starts_ms, ends_ms, [2000] * 40, max_ms=7000, gap_ms=84, duration_ms=None)
    assert max(abs(begin - start_ms) for (begin, _), start_ms in zip(times, starts_ms, strict=True)) == SHIFT_MS


def test_short_gaps_are_closed_to_two_frames_and_long_ones_kept():
    times = schedule([0, 3000, 9000], [2700, 5000, 9900], [833] * 3, max_ms=7000, gap_ms=84, duration_ms=None)
    assert times[:2] == [(0, 2916), (3000, 5000)]


def test_a_word_of_nothing_but_marks_is_cut_in_no_time():
    (line,) = {line for cue in cues("www." + "/" * 50_000, seconds=9) for line in cue.lines}
    assert len(line) == 50_004
