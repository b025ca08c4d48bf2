"""The last look at every file of a build: parsed again, by the letter of its format.

What is found here is a defect of feedbuilder, not of the archive, and stops the build before it can do harm. The
numbers are those of docs/rules.md.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from lxml import etree

from feedbuilder.errors import RefusedError
from feedbuilder.render import OutputFile
from feedbuilder.render.xml import NAMESPACES, strict_parser

_VTT_TIMING = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})")
_SRT_TIMING = re.compile(_VTT_TIMING.pattern.replace(r"\.", ","))
_VTT_TEXT = re.compile(r"(?:<v [^<>&\n]+>)?(?:[^<>&]|&(?:amp|lt|gt);)+", re.DOTALL)


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
    try:
        if file.path != feed_path:
            return list(CHECKS.get(PurePosixPath(file.path).suffix, check_text)(file.content))
        root = etree.fromstring(file.content, strict_parser())
        return [*check_feed(root), *_missing_files(root, folder_url, paths)]
    except (ValueError, etree.XMLSyntaxError) as error:
        return [str(error)]


def check_text(content: bytes) -> Iterator[str]:
    """Yield what is wrong with a file of text, of whatever kind."""
    if not content.decode().strip():
        yield "T1: there is no text in it"


def check_vtt(content: bytes) -> Iterator[str]:
    """Yield what a strict WebVTT reader would refuse."""
    text = content.decode()
    if not text.startswith("WEBVTT\n\n") and text != "WEBVTT\n":
        yield "T2: no WEBVTT line with a blank line after it"
    yield from _check_cues(text.removeprefix("WEBVTT\n").strip("\n").split("\n\n"), _VTT_TIMING, _VTT_TEXT)


def check_srt(content: bytes) -> Iterator[str]:
    """Yield what a strict SubRip reader would refuse."""
    blocks = content.decode().strip("\n").split("\n\n")
    numbered = []
    for number, block in enumerate(blocks, start=1):
        first, _, rest = block.partition("\n")
        if first != str(number):
            yield f"T2b: cue {number} is numbered {first!r}"
        numbered.append(rest)
    yield from _check_cues(numbered, _SRT_TIMING, re.compile(r".+", re.DOTALL))


def _check_cues(blocks: Iterable[str], timing: re.Pattern[str], body: re.Pattern[str]) -> Iterator[str]:
    previous_end = 0
    for block in blocks:
        line, _, text = block.partition("\n")
        found = timing.fullmatch(line)
        if found is None:
            yield f"T2: {line!r} is no timing line"
            continue
        numbers = [int(number) for number in found.groups()]
        start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (numbers[:4], numbers[4:]))
        if end <= start:
            yield f"T3: {line} ends before it starts"
        if start < previous_end:
            yield f"T4: {line} starts before the cue above it ends"
        if not text.strip() or "-->" in text or not body.fullmatch(text):
            yield f"T5: {line} has a text its format does not allow: {text[:60]!r}"
        previous_end = end


def check_json(content: bytes) -> Iterator[str]:
    """Yield what is wrong with a chapters or transcript file."""
    document = json.loads(content, parse_constant=_refuse_constant, object_pairs_hook=_unique_pairs)
    entries = document.get("chapters", document.get("segments"))
    if not isinstance(document.get("version"), str) or not entries:
        yield "CH2/TJ1: no version, or nothing in the list"
        return
    starts = [entry["startTime"] for entry in entries]
    if starts != sorted(starts) or starts[0] < 0:
        yield "CH6/TJ4: starts are not in order"
    for entry in entries:
        if "endTime" in entry and entry["endTime"] <= entry["startTime"]:
            yield f"CH8/TJ2: {entry} ends before it starts"
        if not (entry.get("title") or entry.get("body") or "").strip():
            yield f"CH9/TJ3: {entry} has no words"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"CH1: {name} is not JSON")


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("CH1: a key stands twice")
    return dict(pairs)


def check_feed(root: etree._Element) -> Iterator[str]:
    """Yield what a strict RSS reader would refuse."""
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        yield "X4: no <rss version=2.0> with a channel"
        return
    for name in ("title", "description", "link", "language"):
        if not (channel.findtext(name) or "").strip():
            yield f"C1-C4: no {name}"
    guids = Counter(item.findtext("guid") or "" for item in channel.iter("item"))
    yield from (f"I5: the guid {guid!r} stands {count} times" for guid, count in guids.items() if count > 1 or not guid)
    for element in channel.iter(etree.Element):
        for name, value in sorted((str(name), str(value)) for name, value in element.attrib.items()):
            if not value.strip():
                yield f"P3f: {element.tag}@{name} is empty"
            elif name in {"url", "href", "img"} and not re.match(r"(https?://|mailto:)[^\s<>\"{}|\\^`]+$", value):
                yield f"U1: {element.tag}@{name} is no absolute address: {value!r}"


def _missing_files(root: etree._Element, folder_url: str, paths: set[str]) -> Iterator[str]:
    """Yield every transcript and chapters file that the feed names and the build lacks."""
    for element in root.iter(f"{{{NAMESPACES['podcast']}}}transcript", f"{{{NAMESPACES['podcast']}}}chapters"):
        url = element.get("url", "")
        if unquote(url.removeprefix(folder_url)) not in paths:
            yield f"L1: {url} has no file"


CHECKS = {".vtt": check_vtt, ".srt": check_srt, ".json": check_json}
