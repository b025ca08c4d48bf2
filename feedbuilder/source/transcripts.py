"""Transcript items of a front matter → lines and headings.

Items are `{header: …}` or `{line, sec, time, who}`. This is read by hand and not by the typed layer: an archive has
tens of thousands of items, and their faults are better told once per episode than once per line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from feedbuilder.errors import Place, Problem
from feedbuilder.model import Heading, TranscriptLine
from feedbuilder.problems import counted, problem
from feedbuilder.source.yaml_nodes import Mapping, Node
from feedbuilder.source.yaml_nodes import Sequence as Items
from feedbuilder.timecode import parse_duration


class TranscriptRecord(NamedTuple):
    """The words of an episode as the file has them."""

    lines: Sequence[TranscriptLine] = ()
    headings: tuple[Heading, ...] = ()
    place: Place | None = None  # where the words stand


def read_transcript(
    node: Node, path: str, place: Place, shown: Callable[[str], str] = str
) -> tuple[TranscriptRecord, list[Problem]]:
    """Read the transcript field; `place` is where it stands, `shown` tells what the owner calls its fields."""
    if node is None:
        return TranscriptRecord(), []
    if not isinstance(node, Items):
        remedy = f"write a list of entries with {_names(shown, 'line', 'sec', 'who')}"
        return TranscriptRecord(), [problem("transcript-shape", place, "the transcript is not a list", remedy)]
    lines: list[TranscriptLine] = []
    headings: list[Heading] = []
    faults: dict[str, list[Place]] = {}
    for number, item in enumerate(node):
        entry = _line(item, faults, path)
        if isinstance(item, Mapping) and "header" in item:
            header = item["header"]
            if isinstance(header, str) and header.strip():
                headings.append(Heading(" ".join(header.split()), len(lines)))
                if "line" not in item:
                    continue
        if entry is not None:
            lines.append(entry)
        else:
            faults.setdefault("transcript-item", []).append(Place(path, *node.marks[number]))
    problems = [_summary(code, places, shown) for code, places in faults.items()]
    if headings and not lines:
        message = "the transcript has headings and no words, so there is none"
        problems.append(problem("transcript-shape", place, message, f"write the words as {_names(shown, 'line')}"))
    return TranscriptRecord(tuple(lines), tuple(headings), place), problems


def _line(item: Node, faults: dict[str, list[Place]], path: str) -> TranscriptLine | None:
    if not isinstance(item, Mapping):
        return TranscriptLine(item) if isinstance(item, str) and item.strip() else None
    text, speaker, start = item.get("line"), item.get("who"), item.get("sec")
    if isinstance(start, str) and start.isdecimal() and len(start) < 8:  # nearly always: whole seconds
        start_ms: int | None = int(start) * 1000
    else:
        start_ms = _milliseconds(item, ("sec", "time"), faults, path)
    end_ms = _milliseconds(item, ("end",), faults, path) if "end" in item else None
    if speaker is not None and not isinstance(speaker, str):
        faults.setdefault("wrong-type", []).append(Place(path, *item.marks["who"]))
        speaker = None
    return TranscriptLine(text, speaker, start_ms, end_ms) if isinstance(text, str) and text.strip() else None


def _milliseconds(item: Mapping, names: tuple[str, ...], faults: dict[str, list[Place]], path: str) -> int | None:
    for name in names:
        value = item.get(name)
        if value is None:
            continue
        if isinstance(value, str):
            try:
                return parse_duration(value)
            except ValueError:
                pass
        faults.setdefault("transcript-time", []).append(Place(path, *item.marks[name]))
    return None


def unread_times(places: Sequence[Place], remedy: str, of: str | None = None) -> Problem:
    """Return what to say of times that cannot be read, at these places; `of` is whose they are, a row's."""
    what = f"the times of {counted(len(places), of)}" if of else f"{counted(len(places), 'time')} of the transcript"
    message = f"{what} cannot be read, here first; the words are kept"
    return problem("transcript-time", places[0], message, remedy)


def _summary(code: str, places: list[Place], shown: Callable[[str], str]) -> Problem:
    count = len(places)
    if code == "transcript-time":
        return unread_times(places, "write seconds, or 1:05:09")
    if code == "wrong-type":
        message = f"{count} {_names(shown, 'who')} of the transcript is no text, here first; the words are kept"
        return problem(code, places[0], message, "write one name")
    words = "entries have" if count > 1 else "entry has"
    message = f"{count} transcript {words} neither {_names(shown, 'line')} nor {_names(shown, 'header')}, here first"
    return problem(code, places[0], message, f"write the words as {_names(shown, 'line')}, or delete it")


def _names(shown: Callable[[str], str], *names: str) -> str:
    """Return what the owner calls the fields of a transcript's entries."""
    return ", ".join(f"`{shown(f'transcript.{name}').rpartition('.')[2]}`" for name in names)
