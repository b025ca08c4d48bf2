"""Transcripts as text: who speaks and when, in the many ways that people and programs write it."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbuilder.model import Heading, TranscriptLine
from feedbuilder.source.sidecars import read_sidecar


def lines_of(text: str) -> tuple[TranscriptLine, ...]:
    record, problems = read_sidecar(text, "x")
    assert problems == []
    return record.lines


def spoken(text: str) -> list[tuple[str | None, str]]:
    return [(line.speaker, line.text) for line in lines_of(text)]


@pytest.mark.parametrize(
    "form",
    [
        "[{clock}] {name}: {words}\n",
        "[00:{clock}] {name}: {words}\n",
        "({clock}) {name} : {words}\n",
        "（{clock}）{name}：{words}\n",
        "{clock} {name}: {words}\n",
        "00:{clock} - {name}: {words}\n",
        "{clock}\t{name}:\t{words}\n",
        "{name} [{clock}]\n{words}\n\n",
        "{name} ({clock}): {words}\n\n",
        "{name}: [{clock}] {words}\n\n",
        "{name}  {clock}\n{words}\n\n",
        "{name}\t{clock}\n{words}\n\n",
        "{name} {clock}\n{words}\n\n",
        "{name} | {clock}\n{words}\n",
        "**{name}**  {clock}\n{words}\n\n",
        "**{name} ({clock}):** {words}\n\n",
        "**[{clock}] {name}:** {words}\n\n",
        "[{clock}] **{name}:** {words}\n\n",
        "{clock}\n{name}: {words}\n",
        "[{clock}]\n{name}:\n{words}\n",
    ],
)
@given(
    names=st.lists(st.sampled_from(["Ana", "Bob", "Élodie Martin", "Speaker 1", "Dr. J. van Loon", "SPEAKER_00"]),
                   min_size=2, max_size=6)
)  # fmt: skip
def test_name_and_time_are_read_however_they_are_written(form, names):
    turns = [(name, f"{5 + number:02}:{number:02}") for number, name in enumerate(names)]
    text = "".join(form.format(clock=clock, name=name, words="hello there.") for name, clock in turns)
    assert lines_of(text) == tuple(
        TranscriptLine("hello there.", name, (5 + number) * 60_000 + number * 1000, None)
        for number, (name, _) in enumerate(turns)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ana : Bonjour à tous.\n\nMarc : Merci !\n\nAna : Alors.\n",
        "Ana\u00a0: Bonjour à tous.\nMarc\u202f: Merci !\nAna\u00a0: Alors.\n",
        "**Ana:** Bonjour à tous.\n\n**Marc**: Merci !\n\n__Ana:__ Alors.\n",
        "Ana:\nBonjour à tous.\nMarc:\nMerci !\nAna:\nAlors.\n",
        "Ana:\n\nBonjour à tous.\n\nMarc:\n\nMerci !\n\nAna:\n\nAlors.\n",
        "- Ana: Bonjour à tous.\n- Marc: Merci !\n- Ana: Alors.\n",
    ],
)
def test_names_are_read_however_they_are_set_apart(text):
    assert spoken(text) == [("Ana", "Bonjour à tous."), ("Marc", "Merci !"), ("Ana", "Alors.")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("主持人：大家好，欢迎。\n李教授：谢谢邀请。\n", ["主持人", "李教授"]),
        ("Ana：こんにちは、ようこそ。\nけん：ありがとう。\nAna：始めましょう。\n", ["Ana", "けん", "Ana"]),
        ("ليلى: مرحبا بكم.\n\nسامي: شكرا لك.\n", ["ليلى", "سامي"]),
        ("김민수: 안녕하세요.\n\n이영희: 네.\n", ["김민수", "이영희"]),
    ],
)
def test_names_without_capitals_are_speakers_where_paragraphs_begin_with_them(text, names):
    assert [name for name, _ in spoken(text)] == names


MONOLOGUE = "We went to sea.\n\n{}\n\nThen it rained.\n\nIt was dark.\n\nWe slept long.\n\nAnd woke.\n"


@pytest.mark.parametrize(
    "sentence",
    [
        "Warning: it may be loud.",
        "Attention : voici la mer.",
        "Une chose : il faut partir.",
        "今日のテーマは：海です。",
        "注意：海很大。",
        "خلاصة القول هنا: كان البحر كبيرا.",
        "12:30 is when we ate.",
        "John 3:16\nGod so loved the world.",
    ],
)
def test_a_sentence_with_a_colon_stays_a_sentence(sentence):
    assert (None, " ".join(sentence.split())) in spoken(MONOLOGUE.format(sentence))
    assert [line.start_ms for line in lines_of(MONOLOGUE.format(sentence))] == [None] * 6


def test_a_time_before_a_sentence_with_a_colon_is_still_its_time():
    (line,) = [line for line in lines_of(MONOLOGUE.format("[0:05] 注意：海很大。")) if line.start_ms is not None]
    assert line == TranscriptLine("注意：海很大。", None, 5000, None)


def test_a_heading_underlined_is_a_heading_and_a_title_is_left_out():
    record, _ = read_sidecar("The Sea\n=======\n\nStart\n-----\n\nAna: Hello.\n", "x")
    assert (record.headings, [line.text for line in record.lines]) == ((Heading("Start", 0),), ["Hello."])


def test_neither_a_name_with_a_sentence_before_it_nor_he_says_is_a_speaker():
    text = "Ana: Hm.\n\nWell, Ana: what now?\n\nBob: Fine.\n\nYes. Bob: so it is.\n\nAna: Good.\n"
    assert {name for name, _ in spoken(text)} == {"Ana", "Bob"}
    assert {name for name, _ in spoken("他说：你好。\n\n他说：再见。\n\n她问：为什么？\n")} == {None}


def test_a_monologue_that_begins_with_its_speaker_is_theirs():
    assert spoken("Ana: Hello.\n\nIt rains.\n\nStill.\n\nAlways.\n\nEver.\n\nSo.\n")[0] == ("Ana", "Hello.")


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("[00:05.000 --> 00:09.000]  Hi\n[00:09.000 --> 00:12.500] Bye\n", [(5000, 9000), (9000, 12_500)]),
        ("[00:00:05,0 -> 00:00:09,0] Hi\n[00:00:09,0 -> 00:00:12,5] Bye\n", [(5000, 9000), (9000, 12_500)]),
        ("[5.0s -> 9.0s] Hi\n[9.0s -> 12.5s] Bye\n", [(5000, 9000), (9000, 12_500)]),
        ("[0:05 – 0:09] Hi\n(0:09-0:12) Bye\n", [(5000, 9000), (9000, 12_000)]),
        ("0:05 Hi\n0:09 Bye\n", [(5000, None), (9000, None)]),
        ("0:05\nHi\n0:09\nBye\n", [(5000, None), (9000, None)]),
        ("[by:whisper.cpp]\n[00:05.00]Hi\n[00:09.00]Bye\n", [(5000, None), (9000, None)]),
        ("(00:12) Hi\n(30:30) Bye\n", [(12_000, None), (1_830_000, None)]),
    ],
)
def test_times_are_read_however_they_are_written(text, times):
    assert [(line.text, line.start_ms, line.end_ms) for line in lines_of(text)] == [
        ("Hi", *times[0]),
        ("Bye", *times[1]),
    ]


@pytest.mark.parametrize("first", ["[MUSIC]", "[Music plays] Yes.", '["The Sting" plays]', "[ Pause ]"])
def test_a_text_may_begin_with_a_bracket(first):
    assert spoken(f"{first}\n\nAna: Hello.\n\nBob: Hi.\n")[1:] == [("Ana", "Hello."), ("Bob", "Hi.")]


def test_a_time_that_is_none_is_told_and_its_words_are_kept():
    record, (fault,) = read_sidecar("[0:05] Ana: Hi.\n\n[00:75] Bob: Yes.\n", "x")
    assert record.lines[1] == TranscriptLine("Yes.", "Bob", None, None)
    assert (fault.code, str(fault.place)) == ("transcript-time", "x:3:1")


PIECES = ["A ", "Ana: ", "A, ", "A. ", "**A", "_A", "0:05 ", "[0:05] ", "[0:05", "1 - 2", "- ", ">", "主", "[ti:", " "]
PIECES += ["Ana 0:05 ", "1\t", "a,b,", "\n0:05", "\nAna:", '["a', "<!--", "<tt><p>", "00:05 -> ", "\\", "A|"]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("start", ["", "[0:05] ", "start,end,text\n1,2,", "1\n00:00:01,000 --> 00:00:02,000 "])
def test_long_hostile_lines_are_read_in_no_time(start, piece):
    started = process_time()
    read_sidecar(start + piece * (100_000 // len(piece)), "x")
    assert process_time() - started < 3
