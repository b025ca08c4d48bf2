"""Which files are transcripts: tables and TTML are read, whatever else is told from them and not published."""

from __future__ import annotations

import codecs

import pytest
from archives import SEEDS, built, config_text, episode_text, feedbuilder, tree, write_archive

from feedbuilder.model import TranscriptLine
from feedbuilder.source.sidecars import read_sidecar

HELLO = (TranscriptLine("Hello, Bob.", None, 500, 2400), TranscriptLine('"Bye," he said', None, 2400, 5000))
TTML = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
    xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" ttp:tickRate="10">
  <head><metadata><ttm:agent xml:id="a"><ttm:name>Ana</ttm:name></ttm:agent></metadata></head>
  <body begin="10s"><div>
    <p begin="00:00:01.000" end="00:00:03.500" ttm:agent="a">Hello<br/>there &amp; <span>here</span></p>
    <p begin="00:00:04:05" dur="1s" ttm:agent="BOB">Bye</p>
    <p begin="70t" end="80t">Ticks</p>
    <p>No time</p>
    <p><span begin="20s" end="21s">In</span> <span begin="21s" end="22s">spans</span></p>
  </div></body>
</tt>
"""


@pytest.mark.parametrize(
    "text",
    [
        'start\tend\ttext\n500\t2400\tHello, Bob.\n2400\t5000\t"Bye," he said\n',
        'start,end,text\n500,2400," Hello, Bob."\n2400,5000,"""Bye,"" he said"\n',
        '"Start Time";"End Time";"Text"\n0,5;2,4;Hello, Bob.\n00:00:02,4;00:00:05;"""Bye,"" he said"\n',
        '0.500000\t2.400000\tHello, Bob.\n2.400000\t5.000000\t"Bye," he said\n',
        'text,start,end\n"Hello, Bob.",0.5,2.4\n"""Bye,"" he said",2.4,5\n',
    ],
    ids=["whisper", "whisper.cpp", "semicolons", "audacity", "words first"],
)
def test_a_table_with_times_and_words_is_read(text):
    assert read_sidecar(text, "x") == ((HELLO, (), None), [])


def test_whole_numbers_that_leave_no_time_to_speak_are_seconds():
    record, _ = read_sidecar("start,end,speaker,text\n5,9,Ana,Hello there to all of you\n9,12,Bob,And to you\n", "x")
    assert record.lines[0] == TranscriptLine("Hello there to all of you", "Ana", 5000, 9000)


def test_words_of_a_row_whose_times_cannot_be_read_are_kept():
    record, (fault,) = read_sidecar("start\tend\ttext\n0\t2400\tHello\nsoon\t5000\tBye\n", "x")
    assert record.lines[1] == TranscriptLine("Bye", None, None, None)
    assert (fault.code, str(fault.place)) == ("transcript-time", "x:3:1")


def test_ttml_is_read_with_its_agents_and_all_its_clocks():
    record, problems = read_sidecar(TTML, "x")
    assert problems == []
    assert record.lines == (
        TranscriptLine("Hello there & here", "Ana", 11_000, 13_500),
        TranscriptLine("Bye", "BOB", 14_200, 15_200),
        TranscriptLine("Ticks", None, 17_000, 18_000),
        TranscriptLine("No time", None, None, None),
        TranscriptLine("In spans", None, 30_000, 32_000),
    )


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("\n" + TTML.replace("00:00:04:05", "soon"), "transcript-time", "x:8:1"),
        ("\n<tt><body><p>a</body></tt>", "transcript-shape", "x:2:21"),
        ("<tt><body/></tt>", "transcript-shape", "x:1:1"),
        ('<tt><p begin="2000h">a</p></tt>', "transcript-time", "x:1:1"),
        ('<tt xmlns:p="u" p:frameRate=" " p:tickRate="0" p:frameRateMultiplier="0"><p begin="1s:">a</p></tt>',
         "transcript-time", "x:1:1"),
    ],
)  # fmt: skip
def test_faults_of_ttml_are_named(text, code, place):
    _, problems = read_sidecar(text, "x")
    assert [(fault.code, str(fault.place)) for fault in problems] == [(code, place)]


NO_TRANSCRIPTS = {
    "table": "id,name,age\n1,Ana,33\n2,Bob,44\n",
    "columns": "Ana\tsings\nBob\tplays\n",
    "rtf": "{\\rtf1\\ansi Hello}",
    "ass": "[Script Info]\nTitle: x\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Hi\n",
    "page": "<!DOCTYPE html>\n<html><p>Hello</p></html>",
    "fragment": "\n<p>Hello</p>",
    "xml": '<?xml version="1.0"?>\n<transcript><text start="0">hi</text></transcript>',
    "entities": '<!DOCTYPE tt [<!ENTITY a "b">]><tt><body><p>&a;</p></body></tt>',
    "list": "[]",
    "no words": "start,end,text\n1,2,\n",
    "a cell too long": f"start,end,text\n1,2,{'a' * 200_000}\n",
    "braces": "{'start': 1}",
}


@pytest.mark.parametrize("text", NO_TRANSCRIPTS.values(), ids=NO_TRANSCRIPTS)
def test_what_is_no_transcript_is_named_with_a_remedy_and_gives_no_words(text):
    record, (fault,) = read_sidecar(text, "x")
    assert (record.lines, fault.code) == ((), "transcript-shape")
    assert fault.remedy


BINARY = {
    "mp3": (b"ID3\x04\x00\x00rest", "sound"),
    "bare.mp3": (b"\xff\xfb\x90\x00rest", "sound"),
    "m4a": (b"\x00\x00\x00\x20ftypM4A ", "sound"),
    "wav": (b"RIFF\x00\x00\x00\x00WAVEfmt ", "sound"),
    "docx": (b"PK\x03\x04\x14\x00", "document"),
    "pdf": (b"%PDF-1.4\n", "PDF"),
    "png": (b"\x89PNG\r\n\x1a\n", "picture"),
    "bin": (b"abc\x00\x00\x00\x01", "no text"),
}


@pytest.mark.parametrize(("content", "says"), BINARY.values(), ids=BINARY)
def test_a_file_that_is_no_text_is_told_what_it_is(tmp_path, content, says):
    file = tmp_path / "talk.txt"
    file.write_bytes(content)
    run = feedbuilder("transcript", file, "-o", tmp_path / "out")
    assert run.returncode == 3
    assert says in run.stderr
    assert "transcript" in run.stderr.partition(says)[2]
    assert "UTF-8" not in run.stderr


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_text_of_another_encoding_is_still_told_as_such(tmp_path, mark):
    name = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be", codecs.BOM_UTF32_LE: "utf-32-le"}
    file = tmp_path / "talk.txt"
    file.write_bytes(mark + "Ana: Hello.".encode(name.get(mark, "utf-32-be")))
    assert "save the file as UTF-8" in feedbuilder("transcript", file, "-o", tmp_path / "out").stderr


def test_audio_named_as_a_transcript_is_told_even_where_it_is_larger_than_any_text(tmp_path):
    archive = write_archive(tmp_path, {"a.md": episode_text(transcript="a.mp3")}, config_text(transcripts=["vtt"]))
    (sound,) = SEEDS.glob("audio/*.mp3")
    content = sound.read_bytes()
    (tmp_path / "episodes/a.mp3").write_bytes(content + bytes(9 * 1024 * 1024))
    report = built(archive, tmp_path / "out")
    (fault,) = [fault for fault in report.problems if "a.mp3" in str(fault.place)]
    assert (fault.code, fault.severity) == ("not-text", "warning")
    assert "sound" in fault.message
    assert "transcripts/a.vtt" not in tree(tmp_path / "out")
    assert len(report.show.episodes) == 1
