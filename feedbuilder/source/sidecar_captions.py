"""SRT, WebVTT and YouTube's SBV alike: a timing line and the words below it.

Spec: https://www.w3.org/TR/webvtt1/
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from feedbuilder.errors import Place, Problem
from feedbuilder.model import TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.speaker_labels import Label, label_of, speakers_among
from feedbuilder.source.transcripts import TranscriptRecord
from feedbuilder.timecode import LONGEST_MS

_STAMP = r"(?:\d+:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_ARROW = r"(?:[ \t]*-->|(?<=[.,]\d\d\d)(?:[ \t]*->|,))"  # an agenda may hold `10:30 -> 11:00`
_TIMING = re.compile(rf"^[ \t]*({_STAMP}){_ARROW}[ \t]*({_STAMP})(?:[ \t](.*))?$")
_LIKE_TIMING = re.compile(r"[ \t]*\d[\d:.,]{3,20}[ \t]*-->")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,200})?[ \t]{1,9}([^<>]{1,200})>")
_TAG = re.compile(
    r"</?(?:c|i|b|u|v|lang|ruby|rt|font)(?:[.\s][^<>]{0,200})?>|<\d[\d:.]{0,20}>|\{\\[^{}]{0,200}\}", re.IGNORECASE
)
_NO_CUE = frozenset({"NOTE", "STYLE", "REGION"})
_SENTENCE_ENDS = (*".!?…。！？؟।♪])）」』\"”»'",)
NEARLY_EVERY = 0.9
"""How many of the captions that begin a sentence begin with a name, where a name that stands once is a speaker's."""
_WRITE_TIMING = "write 00:01:02.500 --> 00:01:05.000"


class _Cue(NamedTuple):
    """A caption as the file has it."""

    rows: list[str]
    start_ms: int | None = None  # None where its timing cannot be read
    end_ms: int | None = None  # only where it lies after the start


def has_timings(text: str) -> bool:
    """Tell whether a text is captions: a header says so, or one of its first lines is a timing."""
    return text.startswith("WEBVTT") or any(_TIMING.match(line) for line in text.split("\n", 40)[:40])


def read_captions(text: str, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    """Read captions with their speakers and both their times."""
    is_vtt = text.startswith("WEBVTT")
    cues, problems = _cues(text.split("\n"), path, is_vtt=is_vtt)
    lines = _by_voices(cues) if is_vtt and _VOICE.search(text) else _by_labels(cues)
    return TranscriptRecord(tuple(lines), ()), problems


def _cues(rows: Sequence[str], path: str, *, is_vtt: bool) -> tuple[list[_Cue], list[Problem]]:
    cues: list[_Cue] = []
    problems: list[Problem] = []
    is_numbered = not is_vtt and _is_numbered(rows)
    index = 0
    while index < len(rows):
        row, number = rows[index], index + 1
        if found := _TIMING.match(row):
            block, index = _block(rows, index + 1)
            if behind := _words_behind(found[3] or ""):
                block.insert(0, behind)
            start_ms, end_ms = _stamp_ms(found[1]), _stamp_ms(found[2])
            if max(start_ms, end_ms) <= LONGEST_MS:
                cues.append(_Cue(block, start_ms, end_ms if end_ms > start_ms else None))
                continue
            message = "a time that no audio has, beyond a thousand hours: the caption is left out"
            problems.append(problem("transcript-time", Place(path, number, 1), message, _WRITE_TIMING))
        elif row.partition(" ")[0] in _NO_CUE:
            _, index = _block(rows, index + 1)
        elif "-->" in row:
            block, index = _block(rows, index + 1)
            cues.append(_Cue(block))
            message = f"not a timing line: {row.strip()[:60]!r}; its words are kept, and their time is estimated"
            problems.append(problem("transcript-time", Place(path, number, 1), message, _WRITE_TIMING))
        elif is_numbered and row.strip() and not row.strip().isdecimal():
            # Each caption has its number: what stands alone are further words of the one before.
            block, index = _block(rows, index)
            if cues:
                cues[-1].rows.extend(block)
        else:
            index += 1
    return cues, problems


def _words_behind(timing: str) -> str:
    """Return what stands behind a timing when it is not its settings, `align:start line:0`."""
    return "" if all(":" in setting for setting in timing.split()) else timing.strip()


def _is_numbered(rows: Sequence[str]) -> bool:
    """Tell whether captions have the numbers of SRT: the first one does."""
    first = next((index for index, row in enumerate(rows) if _TIMING.match(row)), 0)
    return first > 0 and rows[first - 1].strip().isdecimal()


def _block(rows: Sequence[str], start: int) -> tuple[list[str], int]:
    """Return the rows up to a blank one, and the index behind them.

    A caption may follow with no blank line between: then the number above its timing is not of the words.
    """
    end = start
    while end < len(rows) and rows[end].strip() and not _is_timing(rows[end]):
        end += 1
    block = [row.strip() for row in rows[start:end]]
    if block and end < len(rows) and rows[end].strip() and block[-1].isdecimal():
        block.pop()
    return block, end


def _is_timing(row: str) -> bool:
    """Tell whether a row is a timing, be it one that cannot be read."""
    return row.lstrip()[:1].isdecimal() and bool(_TIMING.match(row) or _LIKE_TIMING.match(row))


def _by_voices(cues: Iterable[_Cue]) -> Iterator[TranscriptLine]:
    """Yield what each voice tag of WebVTT says; what has none is nobody's."""
    for cue in cues:
        parts = _VOICE.split(" ".join(cue.rows))
        for name, part in zip([None, *parts[1::2]], parts[::2], strict=True):
            if words := _single_spaced([_untagged(part)]):
                yield TranscriptLine(words, html.unescape(name).strip() if name else None, cue.start_ms, cue.end_ms)


def _by_labels(cues: Iterable[_Cue]) -> Iterator[TranscriptLine]:
    """Yield what each `Name:` at the start of a row says; it speaks until the next."""
    spoken = [(cue, [(row, label_of(row)) for row in map(_untagged, cue.rows) if row]) for cue in cues]
    speakers = speakers_among(_openings([rows for _, rows in spoken]), NEARLY_EVERY)
    speaker: str | None = None
    for cue, rows in spoken:
        said: list[str] = []
        for row, label in rows:
            if label is None or label.name not in speakers:
                said.append(row)
                continue
            if words := _single_spaced(said):
                yield TranscriptLine(words, speaker, cue.start_ms, cue.end_ms)
            speaker, said = _single_spaced([label.name]), [label.words]
        if words := _single_spaced(said):
            yield TranscriptLine(words, speaker, cue.start_ms, cue.end_ms)


def _openings(captions: Sequence[Sequence[tuple[str, Label | None]]]) -> list[str | None]:
    """Return the names at the starts of rows, and None for a caption that begins a sentence without one."""
    openings: list[str | None] = []
    is_punctuated = any(rows and rows[-1][0].endswith(_SENTENCE_ENDS) for rows in captions)
    goes_on = False
    for rows in filter(None, captions):
        names = [label.name for _, label in rows if label]
        openings += names if rows[0][1] or goes_on else [None, *names]
        goes_on = is_punctuated and not rows[-1][0].endswith(_SENTENCE_ENDS)
    return openings


def _untagged(text: str) -> str:
    """Return words without tags and references; a no-break space behind a colon stays: it says that none speaks."""
    return html.unescape(_TAG.sub("", text)).strip()


def _single_spaced(words: Iterable[str]) -> str:
    return " ".join(" ".join(words).split())


def _stamp_ms(stamp: str) -> int:
    head, _, fraction = stamp.replace(",", ".").partition(".")
    total = 0
    for part in head.split(":"):
        total = total * 60 + (int(part) if len(part) < 10 else LONGEST_MS)
    return total * 1000 + int(fraction.ljust(3, "0"))
