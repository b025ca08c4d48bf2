"""JSON of the podcast namespace and of Whisper: `segments` with words, times and perhaps speakers.

Spec: https://github.com/openai/whisper (`verbose_json`);
https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
"""

from __future__ import annotations

import json
from typing import Any

from feedbuilder.errors import Place, Problem
from feedbuilder.model import TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.transcripts import TranscriptRecord
from feedbuilder.timecode import LONGEST_MS


def read_json(text: str, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    """Read a list of segments, or an object that holds one."""
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
    if not segments:
        message, remedy = "the list of segments is empty", "export the transcript again"
        problems.append(problem("transcript-shape", Place(path, 1, 1), message, remedy))
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
