"""Transcript items of a front matter → lines and headings.

Items are `{header: …}` or `{line, sec, time, who}`. This is read by hand and not by the typed layer: an archive has
tens of thousands of items, and their faults are better told once per episode than once per line.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from feedbuilder.errors import Place, Problem
from feedbuilder.model import Heading, TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.yaml_nodes import Mapping, Node, Sequence
from feedbuilder.timecode import parse_duration


class TranscriptRecord(NamedTuple):
    """The words of an episode as the file has them."""

    lines: tuple[TranscriptLine, ...] = ()
    headings: tuple[Heading, ...] = ()


def read_transcript(node: Node, path: str, place: Place) -> tuple[TranscriptRecord, list[Problem]]:
    """Read the transcript field; `place` is where the field stands."""
    if node is None:
        return TranscriptRecord(), []
    if not isinstance(node, Sequence):
        remedy = "write a list of `- line: …` entries with sec and who"
        return TranscriptRecord(), [problem("transcript-shape", place, "the transcript is not a list", remedy)]
    lines: list[TranscriptLine] = []
    headings: list[Heading] = []
    faults: dict[str, list[Place]] = {}
    for item, mark in zip(node, node.marks, strict=True):
        text: Node = None
        speaker: Node = None
        start_ms = end_ms = None
        if isinstance(item, str):
            text = item
        elif isinstance(item, Mapping):
            if header := item.get("header"):
                if isinstance(header, str):
                    headings.append(Heading(" ".join(header.split()), len(lines)))
                if "line" not in item:
                    continue
            text, speaker = item.get("line"), item.get("who")
            start_ms = _milliseconds(item, ("sec", "time"), faults, path)
            end_ms = _milliseconds(item, ("end",), faults, path)
        if isinstance(text, str):
            lines.append(TranscriptLine(text, speaker if isinstance(speaker, str) else None, start_ms, end_ms))
        else:
            faults.setdefault("transcript-item", []).append(Place(path, *mark))
    return TranscriptRecord(tuple(lines), tuple(headings)), [_summary(code, places) for code, places in faults.items()]


def _milliseconds(item: Mapping, names: tuple[str, ...], faults: dict[str, list[Place]], path: str) -> int | None:
    for name in names:
        value = item.get(name)
        if value is None:
            continue
        if isinstance(value, str):
            if value.isdecimal() and len(value) < 8:  # nearly always: whole seconds
                return int(value) * 1000
            try:
                return parse_duration(value)
            except ValueError:
                pass
        faults.setdefault("transcript-time", []).append(Place(path, *item.marks[name]))
    return None


def _summary(code: str, places: list[Place]) -> Problem:
    count = Counter(places).total()
    if code == "transcript-time":
        message = (
            f"{count} transcript time{'s' * (count > 1)} cannot be read, here first; the line's start is estimated"
        )
        return problem(code, places[0], message, "write seconds, or 1:05:09")
    message = f"{count} transcript entr{'ies have' if count > 1 else 'y has'} no `line` and no `header`, here first"
    return problem(code, places[0], message, "write the words as `line: …`")
