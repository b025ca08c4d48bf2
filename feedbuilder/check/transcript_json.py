"""Rules of transcripts in JSON.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md (1.0.0)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from feedbuilder.check import specs
from feedbuilder.check.json_file import JsonFile, is_number
from feedbuilder.check.rules import APPS, Fault, Faults, rule, shortened

_SLACK_S: Final = 1.0


def _segments(file: JsonFile) -> list[dict[str, Any]]:
    found = file.value.get("segments") if isinstance(file.value, dict) else None
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []


def _at(file: JsonFile, index: int, message: str) -> Fault:
    return Fault(message, file.line_of("startTime", index), f"segment {index + 1}")


@rule(
    "TJ1",
    "A JSON transcript is strict JSON, an object with a version and segments",
    error=APPS,
    spec=specs.TRANSCRIPTS,
    remedy='write {"version": "1.0.0", "segments": […]} as strict JSON',
)
def _shape(file: JsonFile) -> Faults:
    yield from file.faults
    if file.value is None:
        return
    if not isinstance(file.value, dict):
        yield Fault("it is no object", 1)
    elif not isinstance(file.value.get("version"), str):
        yield Fault("it has no version, as text", 1, "version")
    elif not file.value.get("segments") or not isinstance(file.value["segments"], list):
        yield Fault("it has no segments", 1, "segments")


@rule(
    "TJ2",
    "A segment starts at a number of seconds from 0, and ends after that",
    error=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="write seconds as numbers",
)
def _times(file: JsonFile) -> Faults:
    for index, one in enumerate(_segments(file)):
        start, end = one.get("startTime"), one.get("endTime")
        if not is_number(start) or start < 0:
            yield _at(file, index, f"its startTime is {shortened(repr(start), 40)}")
        elif end is not None and (not is_number(end) or end <= start):
            yield _at(file, index, f"it starts at {start:g} s, and its endTime is {shortened(repr(end), 40)}")


@rule(
    "TJ3",
    "A segment has a body of text",
    error=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="write the words as text, or leave it out",
)
def _bodies(file: JsonFile) -> Faults:
    for index, one in enumerate(_segments(file)):
        body = one.get("body")
        if not isinstance(body, str) or not body or body.isspace():
            yield _at(file, index, f"its body is {shortened(repr(body), 40)}")


@rule(
    "TJ4",
    "Segments come in the order of their starts",
    error=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="sort segments by their start",
)
def _in_order(file: JsonFile) -> Faults:
    for (_, before), (index, after) in pairwise(_starts(file)):
        if after < before:
            yield _at(file, index, f"it starts at {after:g} s, before the one above it")


@rule(
    "TJ5",
    "A segment starts inside the episode",
    error=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="correct the times: audio_offset, or the duration",
)
def _starts_inside(file: JsonFile) -> Faults:
    if file.duration_ms:
        late = [(index, start) for index, start in _starts(file) if start > file.duration_ms / 1000 + _SLACK_S]
        if late:
            more = f"; {len(late)} segments do" if len(late) > 1 else ""
            end = f"{file.duration_ms / 1000:g} s"
            yield _at(file, late[0][0], f"it starts at {late[0][1]:g} s, after the end at {end}{more}")


def _starts(file: JsonFile) -> Iterator[tuple[int, float]]:
    for index, one in enumerate(_segments(file)):
        start = one.get("startTime")
        if is_number(start):
            yield index, float(start)


RULES: Final = (_shape, _times, _bodies, _in_order, _starts_inside)
