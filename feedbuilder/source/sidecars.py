"""Transcripts in files of their own: SRT, VTT, podcast JSON, Whisper JSON, and text with `Speaker:` and `[mm:ss]`.

Every kind becomes the lines that front matter would have held; a stated end is kept. What a file is, its content says:
names lie more often.

Spec: https://www.w3.org/TR/webvtt1/; https://github.com/openai/whisper (`verbose_json`);
https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
"""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.model import Heading, TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.decoding import YamlFaultError, decode_text, read_whole
from feedbuilder.source.spool import packed
from feedbuilder.source.transcripts import TranscriptRecord
from feedbuilder.timecode import LONGEST_MS, parse_duration

_STAMP = r"(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMING = re.compile(rf"^[ \t]*({_STAMP})[ \t]*-->[ \t]*({_STAMP})(?:[ \t].*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,200})?[ \t]{1,9}([^<>]{1,200})>")
_TAG = re.compile(
    r"</?(?:c|i|b|u|v|lang|ruby|rt|font)(?:[.\s][^<>]{0,200})?>|<\d[\d:.]{0,20}>|\{\\[^{}]{0,200}\}", re.IGNORECASE
)
# A name is one to four words without a small letter first, but for particles: `And then: …` is no speaker.
_NAME_WORD = r"[^\W\d_a-z][^\s:\[(]{0,24}"
_NAME = rf"{_NAME_WORD}(?:[ \t]+(?:{_NAME_WORD}|de|da|del|den|der|di|la|le|van|von|bin|al|[0-9]+)){{0,3}}"
_SPOKEN_BY = re.compile(rf"^({_NAME}):[ \t]+(?=\S)")
_MARK = r"[\[(]((?:\d+:)?\d{1,2}:\d{2}(?:[.,]\d+)?)[\])]"
_LEADING_MARK = re.compile(rf"^{_MARK}[ \t]*")
_SPEAKER_THEN_MARK = re.compile(rf"^({_NAME}?):?[ \t]*{_MARK}:?[ \t]*")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+)$")
_TITLE_RULE = re.compile(r"^={3,}[ \t]*$")
_HEADING_RULE = re.compile(r"^-{3,}[ \t]*$")


def read_sidecar(text: str, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    """Read a transcript of any of the kinds; an unreadable part is named and left out."""
    if text.lstrip()[:1] in {"{", "["}:
        return _read_json(text, path)
    if text.startswith("WEBVTT") or any(_TIMING.match(line) for line in text.split("\n", 40)[:40]):
        return _read_cues(text, path)
    return _read_plain(text, path)


def read_sidecar_of(
    episode: Path, name: str, place: Place, root: Path, memory: Memory = FORGETFUL
) -> tuple[TranscriptRecord, list[Problem]]:
    """Read the transcript file that an episode file names by a path from its own folder.

    It must lie below `root` or beside the episode: whatever it holds is published.
    """
    file = episode.parent / name
    try:
        real = file.resolve()
        if not any(real.is_relative_to(folder.resolve()) for folder in (root, episode.parent)):
            message = f"{name} leads out of the archive"
            return TranscriptRecord(), [problem("transcript-file", place, message, "move the file into the archive")]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(place.path), name))
        content = read_whole(file, path)
    except YamlFaultError as error:
        return TranscriptRecord(), [replace(error.fault, severity=Severity.WARNING)]
    except (OSError, ValueError) as error:
        message = f"the transcript {name} cannot be read: {getattr(error, 'strerror', None) or error}"
        return TranscriptRecord(), [problem("transcript-file", place, message, "correct its name")]
    record, faults = memory.of(("sidecar", content, path), lambda: _parsed(content, path))
    return record._replace(place=place), faults


def _parsed(content: bytes, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    try:
        text, faults = decode_text(content, path)
    except YamlFaultError as error:
        return TranscriptRecord(), [replace(error.fault, severity=Severity.WARNING)]
    record, more = read_sidecar(text, path)
    return record._replace(lines=packed(record.lines)), faults + more


def _read_cues(text: str, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    """Read SRT and WebVTT alike: a timing line and what stands below it, up to a blank line."""
    has_voices = text.startswith("WEBVTT") and _VOICE.search(text) is not None
    rows = text.split("\n")
    # A name before a colon is a speaker when it comes back; `Note: …`, said once, is part of the words.
    said_twice = {name for name, count in Counter(_named(row) for row in rows).items() if name and count > 1}
    lines: list[TranscriptLine] = []
    problems: list[Problem] = []
    speaker: str | None = None
    index = 0
    while index < len(rows):
        found = _TIMING.match(rows[index])
        index += 1
        if found is None:
            if "-->" in rows[index - 1] and not rows[index - 1].startswith("NOTE"):
                message = f"not a timing line: {rows[index - 1].strip()[:60]!r}"
                problems.append(
                    problem("transcript-time", Place(path, index, 1), message, "write 00:01:02.500 --> 00:01:05.000")
                )
            continue
        place, start_ms, end_ms = Place(path, index, 1), _stamp_ms(found[1]), _stamp_ms(found[2])
        body: list[str] = []
        while index < len(rows) and rows[index].strip() and not _TIMING.match(rows[index]):
            body.append(rows[index].strip())
            index += 1
        if max(start_ms, end_ms) > LONGEST_MS:
            message = "a time that no audio has, beyond a thousand hours: the caption is left out"
            problems.append(problem("transcript-time", place, message, "write 00:01:02.500 --> 00:01:05.000"))
            continue
        words = " ".join(body)
        voices = _VOICE.split(words) if has_voices else [words]
        for name, part in zip([None, *voices[1::2]], voices[::2], strict=True):
            part = " ".join(html.unescape(_TAG.sub("", part)).split())  # noqa: PLW2901
            name = html.unescape(name).strip() if name else None  # noqa: PLW2901
            if name is None and (said := _named(part)) in said_twice:
                name, part = said, part.partition(":")[2].strip()  # noqa: PLW2901
            speaker = name or (None if has_voices else speaker)
            if part:
                lines.append(TranscriptLine(part, speaker, start_ms, end_ms if end_ms > start_ms else None))
    return TranscriptRecord(tuple(lines), ()), problems


def _named(row: str) -> str | None:
    said = _SPOKEN_BY.match(row)
    return said[1].strip() if said else None


def _stamp_ms(stamp: str) -> int:
    head, _, fraction = stamp.replace(",", ".").partition(".")
    total = 0
    for part in head.split(":"):
        total = total * 60 + (int(part) if len(part) < 10 else LONGEST_MS)
    return total * 1000 + int(fraction.ljust(3, "0"))


def _read_json(text: str, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    try:
        document = json.loads(text, parse_int=_integer)
    except (json.JSONDecodeError, RecursionError) as error:
        place = Place(path, getattr(error, "lineno", 1), getattr(error, "colno", 1))
        message = f"this is not JSON: {getattr(error, 'msg', 'nested too deep')}"
        return TranscriptRecord(), [problem("transcript-shape", place, message, "export the transcript again")]
    segments = document if isinstance(document, list) else document.get("segments")
    if not isinstance(segments, list):
        message = "no list of `segments`: neither a podcast transcript nor one of Whisper"
        return TranscriptRecord(), [problem("transcript-shape", Place(path, 1, 1), message, "export it with segments")]
    lines = [line for segment in segments if isinstance(segment, dict) and (line := _segment(segment)) is not None]
    lost = len(segments) - len(lines)
    problems = []
    if lost:
        message = f"{lost} of {len(segments)} segments have no words, or a time that no audio has"
        problems.append(problem("transcript-item", Place(path), message, "delete them, or write words and seconds"))
    return TranscriptRecord(tuple(lines), ()), problems


def _segment(segment: dict[str, Any]) -> TranscriptLine | None:
    text = segment.get("body", segment.get("text"))
    if not isinstance(text, str) or not text.strip():
        return None
    speaker = segment.get("speaker")
    start, end = segment.get("startTime", segment.get("start")), segment.get("endTime", segment.get("end"))
    if any(isinstance(value, (int, float)) and not -LONGEST_MS < value * 1000 <= LONGEST_MS for value in (start, end)):
        return None
    start_ms, end_ms = _number_ms(start), _number_ms(end)
    if start_ms is None or (end_ms is not None and end_ms <= start_ms):
        end_ms = None
    return TranscriptLine(" ".join(text.split()), speaker if isinstance(speaker, str) else None, start_ms, end_ms)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)  # Python refuses to make an int of thousands of digits


def _number_ms(value: object) -> int | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
    return round(value * 1000) if is_number else None  # type: ignore[operator]  # it is a number


def _read_plain(text: str, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    """Read paragraphs as people type them: `Ana: words`, `[12:34] Ana: words`, `Ana [12:34]` above the words."""
    lines: list[TranscriptLine] = []
    headings: list[Heading] = []
    speaker: str | None = None
    start_ms: int | None = None
    for block in _blocks(_without_rules(text.split("\n"))):
        if found := _HEADING.match(block):
            headings.append(Heading(found[1].strip(), len(lines)))
            continue
        words = block
        if mark := _LEADING_MARK.match(words):
            start_ms, words = _stamp_or_none(mark[1]), words[mark.end() :]
        if named := _SPEAKER_THEN_MARK.match(words):
            speaker, start_ms, words = named[1].strip() or speaker, _stamp_or_none(named[2]), words[named.end() :]
        elif said := _SPOKEN_BY.match(words):
            speaker, words = said[1].strip(), words[said.end() :]
        words = " ".join(words.split())
        if words:
            lines.append(TranscriptLine(words, speaker, start_ms, None))
            start_ms = None
    problems = []
    if not lines:
        message = "no words: neither captions, nor JSON, nor paragraphs"
        problems.append(
            problem("transcript-shape", Place(path, 1, 1), message, "write `Ana: words`, or export SRT, VTT or JSON")
        )
    return TranscriptRecord(tuple(lines), tuple(headings)), problems


def _without_rules(rows: list[str]) -> Iterator[str]:
    """Yield headings underlined with dashes as `# heading`, and leave out a title underlined with equals signs."""
    for row, below in pairwise([*rows, ""]):
        if _TITLE_RULE.match(below) or _TITLE_RULE.match(row) or _HEADING_RULE.match(row):
            continue
        yield f"# {row}" if _HEADING_RULE.match(below) and row.strip() else row


def _blocks(rows: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs; a line that names a speaker or a time begins one even without a blank line above."""
    gathered: list[str] = []
    for row in rows:
        begins = (
            _LEADING_MARK.match(row) or _SPEAKER_THEN_MARK.match(row) or _SPOKEN_BY.match(row) or _HEADING.match(row)
        )
        if gathered and (begins or not row.strip()):
            yield " ".join(gathered)
            gathered = []
        if row.strip():
            gathered.append(row.strip())
        if _HEADING.match(row):
            yield gathered.pop()
    if gathered:
        yield " ".join(gathered)


def _stamp_or_none(text: str) -> int | None:
    try:
        return parse_duration(text)
    except ValueError:
        return None
