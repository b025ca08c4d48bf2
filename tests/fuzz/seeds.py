"""What the fuzzers start from: the small files of `corpus/`, and large ones, which are made here."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from archives import SEEDS

CORPUS = Path(__file__).parent / "corpus"

WORDS = (
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"\xc2\x85", b"\x1b[2J",
    b"\r", b"\n", b"\t", b"---\n", b"...\n", b"- ", b": ", b"<<: ", b"*a", b"&a ",
    b"!!python/object/apply:os.system ", b"!!set ", b"? ", b"|-\n", b">+\n", b'"', b"'", b"{", b"}", b"[", b"]",
    b"#", b"\\u0000", b"\\ud800", b"\\x07", b"%TAG ! !\n", b"title: ", b"guid: ", b"slug: ", b"transcript:\n",
    b"line: ", b"sec: ", b"time: ", b"who: ", b"season: ", b"episode: ", b"dateadded: ", b"duration: ", b"audio: ",
    b"image: ", b"guests: ", b"ids: ", b"links: ", b"quotableClips:\n", b"url: ", b"../../../etc/passwd",
    b"/etc/passwd", b"con", b"NUL.", b"a" * 300, b"1e400", b"-1", b"NaN", b"Infinity", b"9" * 5000, b"0x1F",
    b"1_000", b"12:30", b"2026-02-30", b"0000-00-00", b"9999-12-31T23:59:59-14:00", b"PT99999999999H", b"0001-01-01",
    b"<![CDATA[", b"]]>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#xD800;", b"<item>", b"</item>",
    b"<x:y ", b"<?xml version='1.0' encoding='utf-7'?>", b"xmlns:a='b' ", b"-->", b"00:00:01.000 --> 00:00:02.000\n",
    b"WEBVTT\n\n", b"99999999999:00:00,000 --> 0:0:0.1\n", b"<v ", b"<script>", b"javascript:alert(1)",
    b"data:text/html,x", b"http://[", b"https://\xff/", b"https://xn--/", b"<<<<<<<", b"{}", b"[]", b"null", b"true",
    b"sep=;\n", b",,,,", b"=cmd|' /C'!A0",
)  # fmt: skip
"""Pieces that mean something to some reader."""


def seeds(name: str) -> Iterator[bytes]:
    """Yield what a reader's fuzzing starts from."""
    for file in sorted((CORPUS / name).glob("*")):
        yield file.read_bytes()
    if name == "audio":
        yield (SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()[:4096]
    if name == "picture":
        yield (SEEDS / "artwork.jpg").read_bytes()[:4096]
        yield from pictures()


def monsters() -> Iterator[tuple[str, bytes]]:
    """Yield large inputs of the kinds that have brought parsers down, each with what it is."""
    head = b"---\ntitle: a\nguid: b\ndateadded: 2020-01-01\n"
    yield "nothing", b""
    yield "ten million letters in a line", b"a" * 10_000_000
    yield "ten million letters behind a title", b"---\ntitle: " + b"a" * 10_000_000 + b"\n---\n"
    yield "eight million zeros", bytes(8_000_000)
    yield "open brackets", b"---\ntitle: " + b"[" * 100_000 + b"\n---\n"
    yield "open braces", b"---\ntitle: " + b"{a: " * 100_000 + b"\n---\n"
    yield "deep lists", b"---\ntitle: a\nlinks:\n" + b"".join(b" " * n + b"-\n" for n in range(1, 3000)) + b"---\n"
    yield "many keys", b"---\n" + b"".join(b"k%d: v\n" % n for n in range(90_000)) + b"---\n"
    yield "many equal keys", b"---\n" + b"k: v\n" * 50_000 + b"---\n"
    yield "laughs", b"---\na: &a [x,x,x]\n" + b"b: &b [*a,*a]\n" * 1000 + b"---\n"
    yield "open quotes", b'---\ntitle: "' + b"\\" * 1_000_000
    yield "many dashes", b"- " * 500_000
    yield "many rules", b"---\n" * 500_000
    yield "spaces", b" " * 4_000_000 + b"x"
    yield "deep JSON", b"[" * 200_000
    yield "deep JSON objects", b'{"a":' * 200_000
    yield "a long number", b'{"segments": [{"start": ' + b"9" * 1_000_000 + b', "body": "x"}]}'
    yield "deep XML", b"<rss><channel>" + b"<item>" * 200_000
    yield "many attributes", b"<rss><channel " + b" ".join(b"a%d='b'" % n for n in range(100_000)) + b"/></rss>"
    yield (
        "laughing XML",
        b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><rss><channel><title>&b;</title>",
    )
    yield "arrows", b"WEBVTT\n\n" + b"00:00:01.000 --> " * 200_000
    yield "brackets of times", b"[" * 100_000 + b"Ann [12:" * 100_000
    yield "names", b"Ann " * 500_000 + b": x"
    yield "open tags", b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + b"<v a" * 300_000
    yield "markdown links", head + b"---\n" + b"[" * 50_000 + b"](" * 50_000
    yield "markdown stars", head + b"---\n" + b"*a_" * 50_000
    yield "markdown quotes", head + b"---\n" + b"> " * 20_000 + b"x"
    yield "markdown lists", head + b"---\n" + b"- " * 20_000 + b"x"
    yield "html", head + b"---\n" + b"<div>" * 100_000
    yield (
        "one long word",
        head + b"transcript:\n- {sec: 1, line: " + b"a" * 500_000 + b"}\n---\n",
    )
    yield (
        "combining marks",
        b"---\ntitle: a\nguid: b\ndateadded: 2020-01-01\ntranscript:\n- {sec: 1, line: a"
        + "\u0301".encode() * 300_000
        + b"}\n---\n",
    )


def pictures() -> Iterator[bytes]:
    """Yield pictures whose headers promise far more than there is, or is good."""
    for width, height in ((50_000, 50_000), (2**31 - 1, 2**31 - 1), (10_000, 10_000), (0, 0), (3000, 3000)):
        yield _png(width, height, zlib.compress(bytes(1000)))
    yield _png(6000, 6000, zlib.compress(bytes(6000 * 6001), 9))  # a bomb that Pillow does not call one
    from PIL import Image

    for kind in ("GIF", "TIFF", "WEBP", "BMP", "ICO"):
        stream = io.BytesIO()
        Image.new("RGB", (16, 16)).save(stream, kind)
        yield stream.getvalue()


def _png(width: int, height: int, packed: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed)
