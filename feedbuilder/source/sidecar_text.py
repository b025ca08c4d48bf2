"""Paragraphs as people type and paste them: `Ana: words`, `[12:34] Ana: words`, `Ana  12:34` above the words.

The times of whisper.cpp's text (`[00:05.000 --> 00:09.000] words`) and of LRC are the same marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from feedbuilder.errors import Place, Problem
from feedbuilder.model import Heading, TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.speaker_labels import NAME, is_capitalised, label_of, speakers_among
from feedbuilder.source.transcripts import TranscriptRecord, unread_times
from feedbuilder.timecode import parse_duration

_CLOCK = r"(?:\d{1,9}:)?\d{1,3}:\d{2}(?:[.,]\d{1,9})?"
_BARE_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,9})?"
_TO = r"[ \t]*(?:-{1,2}>|[-–—])[ \t]*"
_TIME = rf"(?:{_CLOCK}|\d{{1,9}}(?:[.,]\d{{1,9}})?s)"
_BRACKETED = rf"[\[(（【][ \t]*({_TIME})(?:{_TO}({_TIME}))?[ \t]*[\])）】]"
_MARK = re.compile(rf"{_BRACKETED}[ \t]*")
_BARE_MARK = re.compile(rf"({_BARE_CLOCK})(?:{_TO}({_BARE_CLOCK}))?(?:[ \t]*[-–—|][ \t]+|[ \t]+|$)")
_NAME_THEN_MARK = re.compile(rf"({NAME}):?[ \t]*{_BRACKETED}:?[ \t]*")
_NAME_THEN_CLOCK = re.compile(rf"({NAME}):?(?P<gap>[ \t]*[|,–—-][ \t]*|[ \t]{{1,99}})({_BARE_CLOCK})$")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=[^\s*_])([^*]{1,80}?)\1")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+)$")
_TITLE_RULE = re.compile(r"^={3,}[ \t]*$")
_HEADING_RULE = re.compile(r"^-{3,}[ \t]*$")
_LRC_TAG = re.compile(r"\[(?:ti|ar|al|au|by|re|ve|la|tool|length|offset):[^\[\]]{0,200}\]$", re.IGNORECASE)
HALF = 0.5
"""How many of the openings must be alike before one is taken for what a sentence may also begin with."""
FEW = 0.2
"""How many of the openings must have a name, where the file does not begin with one and none comes back."""


class _Opening(NamedTuple):
    """The time and the name at the start of a row, either of which may be missing, and the words behind them."""

    words: str
    name: str | None = None
    stamps: tuple[str, str | None] | None = None  # start and end
    unnamed: str | None = None  # the words with the label before them, in case that it names nobody
    is_bare: bool = False  # a time without brackets, before words: perhaps their first
    is_tight: bool = False  # a name, one space and a time, which may be a verse of the Bible


class _Row(NamedTuple):
    number: int
    text: str
    begins: bool  # whether it is the first of a paragraph
    opening: _Opening | None


class _Believed(NamedTuple):
    """What the whole file says of its doubtful openings."""

    speakers: frozenset[str]
    bare_clocks: bool
    tight_names: bool


def read_text(text: str, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    """Read paragraphs; a line that names a speaker or a time begins one even without a blank line above."""
    rows = _rows(text.split("\n"))
    believed = _believed([row.opening for row in rows if row.text and (row.begins or row.opening)])
    lines: list[TranscriptLine] = []
    headings: list[Heading] = []
    unreadable: list[Place] = []
    said: list[str] = []
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    for row in rows:
        heading = _HEADING.match(row.text)
        opening = _doubted(row.opening, believed) if row.opening else None
        if said and (heading or opening or not row.text):
            if words := " ".join(" ".join(said).split()):
                lines.append(TranscriptLine(words, speaker, start_ms, end_ms))
                start_ms = end_ms = None
            said = []
        if heading:
            headings.append(Heading(heading[1].strip(), len(lines)))
        elif opening:
            speaker = opening.name or speaker
            said = [opening.words]
            if opening.stamps:
                start_ms, end_ms = _milliseconds(opening.stamps)
                if start_ms is None:
                    unreadable.append(Place(path, row.number, 1))
        elif row.text:
            said.append(row.text)
    problems = [unread_times(unreadable, "write [12:34], or [1:02:34]")] if unreadable else []
    if not lines:
        message = "no words: neither captions, nor JSON, nor paragraphs"
        remedy = "write `Ana: words`, or export SRT, VTT or JSON"
        problems.append(problem("transcript-shape", Place(path, 1, 1), message, remedy))
    return TranscriptRecord(tuple(lines), tuple(headings)), problems


def _rows(rows: Sequence[str]) -> list[_Row]:
    """Return what stands in each row; a blank one comes last."""
    found: list[_Row] = []
    begins = True
    for number, row in _without_rules([*rows, ""]):
        text = row.strip()
        is_heading = _HEADING.match(text) is not None
        if _LRC_TAG.match(text):
            continue
        opening = _opening_of(text) if text and not is_heading else None
        found.append(_Row(number, text, begins and not is_heading, opening))
        begins = is_heading or not text
    return found


def _without_rules(rows: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield headings underlined with dashes as `# heading`, and leave out a title underlined with equals signs."""
    for number, (row, below) in enumerate(pairwise([*rows, ""]), start=1):
        if _TITLE_RULE.match(below) or _TITLE_RULE.match(row) or _HEADING_RULE.match(row):
            continue
        yield number, f"# {row}" if _HEADING_RULE.match(below) and row.strip() else row


def _opening_of(row: str) -> _Opening | None:
    row = _without_emphasis(row)
    if found := _NAME_THEN_MARK.match(row):
        return _Opening(row[found.end() :], name=found[1], stamps=(found[2], found[3]))
    if found := _NAME_THEN_CLOCK.match(row):
        return _Opening("", name=found[1], stamps=(found[3], None), is_tight=found["gap"] == " ")
    mark = _MARK.match(row)
    bare = None if mark else _BARE_MARK.match(row)
    begun = mark or bare
    behind = _without_emphasis(row[begun.end() :]) if begun else row
    stamps = (begun[1], begun[2]) if begun else None
    if label := label_of(behind):
        return _Opening(label.words, label.name, stamps, unnamed=behind, is_bare=bare is not None)
    return _Opening(behind, stamps=stamps, is_bare=bare is not None and bool(behind)) if begun else None


def _without_emphasis(text: str) -> str:
    """Return a text without Markdown's marks around what it begins with.

    >>> _without_emphasis("**Ana:** words"), _without_emphasis("**Ana**  0:05")
    ('Ana:  words', 'Ana  0:05')
    """
    found = _EMPHASIS.match(text)
    return f"{found[2]}{' ' * found[2].endswith(':')}{text[found.end() :]}" if found else text


def _believed(openings: Sequence[_Opening | None]) -> _Believed:
    """Weigh all openings of paragraphs, None where there is neither name nor time.

    A file that begins with a name, or has one more than once, is a talk, and each capitalised name in it a speaker's.
    """
    names = [opening.name if opening and not opening.is_tight else None for opening in openings]
    speakers = speakers_among(names, HALF)
    capitalised = {name for name in names if name and is_capitalised(name)}
    count = sum(name is not None for name in names)
    if speakers or count >= FEW * len(names) or names[0] in capitalised:
        speakers |= capitalised
    speakers |= {opening.name for opening in openings if opening and opening.stamps and opening.name in capitalised}
    kinds = Counter((opening.is_bare, opening.is_tight) for opening in openings if opening)
    many = HALF * len(openings)
    return _Believed(frozenset(speakers), kinds[True, False] >= many, kinds[False, True] >= many)


def _doubted(opening: _Opening, believed: _Believed) -> _Opening | None:
    """Return what to believe of an opening, or None when it is words and nothing else."""
    if opening.is_tight:
        return opening if believed.tight_names else None
    if opening.unnamed is None:
        return opening if believed.bare_clocks or not opening.is_bare else None
    if opening.name in believed.speakers:
        return opening
    if opening.stamps and (believed.bare_clocks or not opening.is_bare):
        return _Opening(opening.unnamed, stamps=opening.stamps)
    return None


def _milliseconds(stamps: tuple[str, str | None]) -> tuple[int | None, int | None]:
    start, end = stamps
    try:
        start_ms, end_ms = parse_duration(start.rstrip("s")), parse_duration(end.rstrip("s")) if end else 0
    except ValueError:
        return None, None
    return start_ms, end_ms if end_ms > start_ms else None
