"""The last look at every file of a build: parsed again, and held against the rules that no archive can make it break.

What is found here is a defect of feedbuilder, not of the archive, and stops the build before it can do harm. What an
archive may lack (its artwork, say) is no business of this look; `feedbuilder check` has all rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from feedbuilder.check import catalogue, chapters, transcript_json, transcripts
from feedbuilder.check.captions import read_captions
from feedbuilder.check.feed import read_feed
from feedbuilder.check.json_file import read_json
from feedbuilder.check.podcast import tags_of
from feedbuilder.check.rules import Fault, Level, Rule, broken
from feedbuilder.errors import RefusedError
from feedbuilder.render import OutputFile
from feedbuilder.render.xml import NAMESPACES, strict_parser

_FEED_CODES: Final = frozenset(
    {"C1", "C2", "C3", "C4", "C6", "C16", "C18", "I1", "I5", "I5d", "I6", "I7g", "I8", "I10", "X7", "X10", "P3", "P3b",
     "P3c", "P3d", "P3f"}
)  # fmt: skip
"""What the renderers see to, whatever the archive holds. An address with a lone % (U1), say, is the archive's."""
_ADDRESS_ATTRIBUTES: Final = frozenset({"url", "href", "img"})
_ABSOLUTE = re.compile(r"(https?://|mailto:)[^\s<>\"{}|\\^`]+")


def _chosen(rules: Iterable[Rule[Any]]) -> tuple[Rule[Any], ...]:
    return tuple(one for one in rules if one.code in _FEED_CODES)


_FEED_RULES: Final = _chosen(catalogue.FEED_RULES)
_ITEM_RULES: Final = _chosen(catalogue.ITEM_RULES)
_TAG_RULES: Final = _chosen(catalogue.TAG_RULES)


def _strict(rules: Iterable[Rule[Any]], *others: str) -> tuple[Rule[Any], ...]:
    return tuple(one for one in rules if one.level is Level.ERROR or one.code in others)


_CAPTION_RULES: Final = _strict(transcripts.RULES, "T4b")  # the layout leaves no overlap
_CHAPTER_RULES: Final = tuple(one for one in _strict(chapters.RULES, "CH4", "CH10") if one.code != "CH9b")
_SEGMENT_RULES: Final = _strict(transcript_json.RULES)
_TEXT_RULES: Final = _strict(transcripts.TEXT_RULES)


def checked(files: Iterable[OutputFile], feed_path: str, folder_url: str) -> Iterator[OutputFile]:
    """Pass files through, reading each one back; the feed comes last and is held against all that came before.

    Raises:
        RefusedError: for the first file that its strictest reader would not take.
    """
    paths: set[str] = set()
    for file in files:
        paths.add(file.path)
        if isinstance(file.content, bytes):
            faults = _faults(file, feed_path, folder_url, paths)
            if faults:
                told = "\n  ".join(faults[:10])
                origin = f" (from {file.source})" if file.source else ""
                raise RefusedError(f"{file.path}{origin} came out wrong, which is a defect of feedbuilder:\n  {told}")
        yield file


def _faults(file: OutputFile, feed_path: str, folder_url: str, paths: set[str]) -> list[str]:
    assert isinstance(file.content, bytes)
    if file.path != feed_path:
        return list(CHECKS.get(PurePosixPath(file.path).suffix, check_text)(file.content))
    try:
        root = etree.fromstring(file.content, strict_parser())
    except etree.XMLSyntaxError as error:
        return [f"X1: {error}"]
    return [*check_feed(root), *_missing_files(root, folder_url, paths)]


def check_text(content: bytes) -> Iterator[str]:
    """Yield what is wrong with a file of text, of whatever kind."""
    yield from _told(broken(_TEXT_RULES, content))


def check_vtt(content: bytes) -> Iterator[str]:
    """Yield what a strict WebVTT reader would refuse."""
    yield from check_text(content)
    yield from _told(broken(_CAPTION_RULES, read_captions(content, "vtt")))


def check_srt(content: bytes) -> Iterator[str]:
    """Yield what a strict SubRip reader would refuse."""
    yield from check_text(content)
    yield from _told(broken(_CAPTION_RULES, read_captions(content, "srt")))


def check_json(content: bytes) -> Iterator[str]:
    """Yield what is wrong with a chapters or transcript file."""
    file = read_json(content)
    is_chapters = isinstance(file.value, dict) and "chapters" in file.value
    yield from _told(broken(_CHAPTER_RULES if is_chapters else _SEGMENT_RULES, file))


def check_picture(content: bytes) -> Iterator[str]:
    """Yield what is wrong with a picture of our own making."""
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        yield "neither JPEG nor PNG"


def check_feed(root: etree._Element) -> Iterator[str]:
    """Yield what a strict RSS reader would refuse."""
    feed = read_feed(root)
    if feed is None or root.get("version") != "2.0":
        yield "X4: no <rss version=2.0> with a channel"
        return
    yield from _told(broken(_FEED_RULES, feed))
    for item in feed.items:
        yield from _told(broken(_ITEM_RULES, item))
    for tag in tags_of(feed):
        yield from _told(broken(_TAG_RULES, tag))
    yield from _relative_addresses(root)


def _relative_addresses(root: etree._Element) -> Iterator[str]:
    for element in root.iter("*"):
        for name, value in element.attrib.items():
            if name in _ADDRESS_ATTRIBUTES and not _ABSOLUTE.fullmatch(str(value)):
                yield f"U1: line {element.sourceline} {element.tag!s}@{name!s}: {value!r} is no absolute address"


def _told(found: Iterable[tuple[Rule[Any], Fault]]) -> Iterator[str]:
    for rule, fault in found:
        where = " ".join(part for part in (f"line {fault.line}" if fault.line else "", fault.element) if part)
        yield f"{rule.code}: {where}{': ' if where else ''}{fault.message}"


def _missing_files(root: etree._Element, folder_url: str, paths: set[str]) -> Iterator[str]:
    """Yield every transcript and chapters file that the feed names and the build lacks."""
    for element in root.iter(f"{{{NAMESPACES['podcast']}}}transcript", f"{{{NAMESPACES['podcast']}}}chapters"):
        url = element.get("url", "")
        if unquote(url.removeprefix(folder_url)) not in paths:
            yield f"L1: {url} has no file"


CHECKS = {".vtt": check_vtt, ".srt": check_srt, ".json": check_json, ".jpg": check_picture, ".png": check_picture}
