"""TTML, the captions of broadcasters and of streaming services: paragraphs with a begin and an end.

Spec: https://www.w3.org/TR/ttml2/ (times: 12.3)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from lxml.etree import XMLParser, XMLSyntaxError, _Element, fromstring

from feedbuilder.errors import Place, Problem
from feedbuilder.model import TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.transcripts import TranscriptRecord, unread_times
from feedbuilder.timecode import LONGEST_MS, parse_duration

_CLOCK_AND_FRAMES = re.compile(r"(\d{1,9}:\d{2}:\d{2}):(\d{1,9})")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(h|ms|m|s|f|t)")
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_COUNT = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_MS_IN = MappingProxyType({"h": Fraction(3_600_000), "m": Fraction(60_000), "s": Fraction(1000), "ms": Fraction(1)})
_EXPORT = "export the transcript again, or as SRT, VTT or JSON"


def read_ttml(text: str, path: str) -> tuple[TranscriptRecord, list[Problem]]:
    """Read the paragraphs of a TTML document, with the names of those who speak them."""
    parser = XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    above = text[: len(text) - len(text.lstrip())].count("\n")  # blank lines, which XML does not allow there
    try:
        root = fromstring(text.strip().encode(), parser)
    except XMLSyntaxError as error:
        place = Place(path, above + (error.lineno or 1), max(1, error.offset or 1))
        return TranscriptRecord(), [problem("transcript-shape", place, f"this is not XML: {error.msg}", _EXPORT)]
    units = _units(root)
    names = {agent.get(_ID, ""): _words(name) for agent in root.iter("{*}agent") for name in agent.iter("{*}name")}
    lines: list[TranscriptLine] = []
    unreadable: list[Place] = []
    for paragraph in root.iter("{*}p"):
        if words := _words(paragraph):
            try:
                start_ms, end_ms = _span_ms(paragraph, units)
            except ValueError:
                start_ms = end_ms = None
                line: int = paragraph.sourceline  # type: ignore[assignment]  # the stubs write `...` for a number
                unreadable.append(Place(path, above + line, 1))
            agent = _inherited(paragraph, "agent")
            lines.append(TranscriptLine(words, names.get(agent or "") or agent, start_ms, end_ms))
    problems = []
    if unreadable:
        problems.append(unread_times(unreadable, 'write begin="00:00:01.500"', of="paragraph"))
    if not lines:
        message = "there is no paragraph with words"
        problems.append(problem("transcript-shape", Place(path, 1, 1), message, _EXPORT))
    return TranscriptRecord(tuple(lines), ()), problems


def _words(element: _Element) -> str:
    for line_break in element.iter("{*}br"):
        line_break.tail = f" {line_break.tail or ''}"
    return " ".join("".join(map(str, element.itertext())).split())


def _attribute(element: _Element, name: str) -> str | None:
    """Return an attribute by its name in whatever namespace."""
    found = (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name)
    return next(found, None)


def _inherited(element: _Element, name: str) -> str | None:
    found = (_attribute(holder, name) for holder in (element, *element.iterancestors()))
    return next((value for value in found if value), None)


def _units(root: _Element) -> Mapping[str, Fraction]:
    """Return how many milliseconds each unit of time has in this document."""
    multiplier = [*_numbers(_attribute(root, "frameRateMultiplier")), 1, 1]
    frame_rate = [*_numbers(_attribute(root, "frameRate")), 30][0] * Fraction(multiplier[0], multiplier[1])
    tick_rate = [*_numbers(_attribute(root, "tickRate")), 1][0]
    return {**_MS_IN, "f": 1000 / frame_rate, "t": Fraction(1000, tick_rate)}


def _numbers(text: str | None) -> list[int]:
    """Return the whole numbers of an attribute."""
    return [int(part) for part in (text or "").split() if _COUNT.fullmatch(part)]


def _span_ms(paragraph: _Element, units: Mapping[str, Fraction]) -> tuple[int | None, int | None]:
    """Return start and end, on the clock of the document; a paragraph may leave them to its spans.

    Raises:
        ValueError: for a time that cannot be read.
    """
    timed = [element for element in paragraph.iter() if element.get("begin")]
    if not timed:
        return None, None
    first, last = timed[0], paragraph if paragraph.get("end") or paragraph.get("dur") else timed[-1]
    start_ms = _begin_ms(first, units)
    end_ms = None
    if end := last.get("end"):
        end_ms = _begin_ms(last.getparent(), units) + _time_ms(end, units)
    elif dur := last.get("dur"):
        end_ms = _begin_ms(last, units) + _time_ms(dur, units)
    if start_ms > LONGEST_MS:
        raise ValueError("longer than a thousand hours")
    return start_ms, end_ms if end_ms is not None and start_ms < end_ms <= LONGEST_MS else None


def _begin_ms(element: _Element | None, units: Mapping[str, Fraction]) -> int:
    """Return when an element begins: each begin counts from that of what holds it."""
    begins = [] if element is None else [holder.get("begin") for holder in (element, *element.iterancestors())]
    return sum(_time_ms(begin, units) for begin in begins if begin)


def _time_ms(text: str, units: Mapping[str, Fraction]) -> int:
    text = text.strip()
    if offset := _OFFSET.fullmatch(text):
        return round(Fraction(offset[1]) * units[offset[2]])
    if frames := _CLOCK_AND_FRAMES.fullmatch(text):
        return parse_duration(frames[1]) + round(int(frames[2]) * units["f"])
    return parse_duration(text)
