"""SRT and WebVTT as strictly as their strictest reader takes them; what it would not take is told, and passed over.

Spec: https://www.w3.org/TR/webvtt1/ (2019-04-04); SubRip has none, its form is what the historic program wrote
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from feedbuilder.check.rules import MOST_PLACES, Fault, shortened

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_VTT_MOMENT: Final = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_VTT_TIMING = re.compile(rf"{_VTT_MOMENT}[ \t]+-->[ \t]+{_VTT_MOMENT}(?:[ \t]+(.*))?")
_SRT_TIMING = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d),(\d{3})([ \t].*)?")


_VTT_HEAD: Final = "WEBVTT\n\n"
_USUAL_MOMENT: Final = r"(\d\d:[0-5]\d:[0-5]\d){}(\d\d\d)"
_USUAL_CUE: Final = rf"{_USUAL_MOMENT} --> {_USUAL_MOMENT}\n([^\n]+(?:\n[^\n]+)*)(\n+|\Z)"
_USUAL_VTT = re.compile("()()" + _USUAL_CUE.replace("{}", r"\."))
_USUAL_SRT = re.compile(r"(\d+)(\n)" + _USUAL_CUE.replace("{}", ","))
_TIMING_CHARACTERS: Final = len("00:00:01.000 --> 00:00:02.000\n")
_AROUND_CUES: Final = ("NOTE", "STYLE", "REGION")


class Cue(NamedTuple):
    """A caption as it stands in the file, its text in the format's own escapes."""

    start_ms: int
    end_ms: int
    text: str
    identifier: str
    settings: str
    offset: int  # of its first character in the text


@dataclass(frozen=True, kw_only=True, slots=True)
class Captions:
    """One file of captions, and how long the episode is that it belongs to."""

    kind: str  # "vtt" or "srt"
    text: str  # with LF at the ends of lines
    cues: Sequence[Cue]
    flaws: Sequence[Fault]  # of form
    duration_ms: int | None = None

    def at(self, cue: Cue, message: str) -> Fault:
        """Return a fault of a cue."""
        return Fault(message, line_at(self.text, cue.offset), "cue")


def line_at(text: str, offset: int) -> int:
    """Return the line that a character stands on."""
    return text.count("\n", 0, offset) + 1


def read_captions(content: bytes, kind: str, duration_ms: int | None = None) -> Captions:
    """Return the cues of a file."""
    text, cues, flaws = _read(content, kind)
    return Captions(kind=kind, text=text, cues=cues, flaws=flaws, duration_ms=duration_ms)


@lru_cache(maxsize=4)  # a file is looked at by itself, and then beside the same in the other format
def _read(content: bytes, kind: str) -> tuple[str, Sequence[Cue], Sequence[Fault]]:
    text = content.decode("utf-8-sig", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    flaws: list[Fault] = []
    cues = _usual_cues(text, kind)
    if cues is None:
        cues = list(_vtt_cues(text, flaws) if kind == "vtt" else _srt_cues(text, flaws))
    return text, cues, flaws


def _usual_cues(text: str, kind: str) -> list[Cue] | None:
    """Return the cues of a file that has nothing but cues in the usual form, fast; None where it has anything else."""
    position = len(_VTT_HEAD) if kind == "vtt" else 0
    if kind == "vtt" and not text.startswith(_VTT_HEAD):
        return None
    cues: list[Cue] = []
    usual = _USUAL_VTT if kind == "vtt" else _USUAL_SRT
    for counter, below, start, start_ms, end, end_ms, words, gap in usual.findall(text, position):
        cues.append(Cue(_clock_ms(start) + int(start_ms), _clock_ms(end) + int(end_ms), words, counter, "", position))
        position += len(counter) + len(below) + _TIMING_CHARACTERS + len(words) + len(gap)
    return cues if position == len(text) else None  # where anything was passed over, they end before the text does


@lru_cache(maxsize=1 << 12)  # of two cues, one ends and the other starts in the same second
def _clock_ms(clock: str) -> int:
    return ((int(clock[:2]) * 60 + int(clock[3:5])) * 60 + int(clock[6:8])) * 1000


def _srt_cues(text: str, flaws: list[Fault]) -> Iterator[Cue]:
    for found in _BLOCK.finditer(text):
        counter, _, rest = found[0].partition("\n")
        timing, _, words = rest.partition("\n")
        if "-->" in counter:  # the counter was left out
            timing, words, counter = counter, rest, ""
        if "-->" not in timing:
            message = f"{shortened(counter, 50)} belongs to no cue; is there a blank line in the one above?"
            _tell(flaws, message, text, found.start())
            continue
        if cue := _cue(_SRT_TIMING.fullmatch(timing.rstrip()), words, counter, found.start()):
            yield cue
        else:
            message = f"{shortened(timing, 50)} is not HH:MM:SS,mmm --> HH:MM:SS,mmm"
            _tell(flaws, message, text, found.start(), further=bool(counter))


def _vtt_cues(text: str, flaws: list[Fault]) -> Iterator[Cue]:
    if not re.match(r"WEBVTT(?:[ \t][^\n]*)?(?:\n|$)", text):
        flaws.append(Fault("the first line is not WEBVTT", 1))
    met_cue = False
    for found in _BLOCK.finditer(text):
        first, _, rest = found[0].partition("\n")
        if found.start() == 0 and first.startswith("WEBVTT"):
            if "-->" in rest:
                flaws.append(Fault("there is no blank line after WEBVTT", 2))
            continue
        identifier, timing, words = "", first, rest
        if "-->" not in first:
            identifier = first
            timing, _, words = rest.partition("\n")
        if "-->" not in timing or first.startswith("NOTE "):
            if flaw := _flaw_beside_cues(first, rest, met_cue=met_cue):
                _tell(flaws, flaw, text, found.start())
            continue
        met_cue = True
        if cue := _cue(_VTT_TIMING.fullmatch(timing.strip()), words, identifier, found.start()):
            yield cue
        else:
            message = f"{shortened(timing, 50)} is not HH:MM:SS.mmm --> HH:MM:SS.mmm"
            _tell(flaws, message, text, found.start(), further=bool(identifier))


def _flaw_beside_cues(first: str, rest: str, *, met_cue: bool) -> str | None:
    """Return what is wrong with a block of WebVTT that is no cue, or None."""
    word = (first.split(maxsplit=1) or [""])[0]
    if word not in _AROUND_CUES:
        return f"{shortened(first, 50)} belongs to no cue; is there a blank line in the one above?"
    if "-->" in first or "-->" in rest:
        return f"--> in a {word} starts a cue"
    return f"{word} stands below a cue" if met_cue and word != "NOTE" else None


def _tell(flaws: list[Fault], message: str, text: str, offset: int, *, further: int = 0) -> None:
    """Keep a flaw with its line; a file that is wrong throughout need not be told of to its end."""
    if len(flaws) <= MOST_PLACES:
        flaws.append(Fault(message, line_at(text, offset) + further))


def _cue(timing: re.Match[str] | None, words: str, identifier: str, offset: int) -> Cue | None:
    if timing is None:
        return None
    h1, m1, s1, ms1, h2, m2, s2, ms2, settings = timing.groups()
    start_ms = int(h1 or 0) * 3_600_000 + int(m1) * 60_000 + int(s1) * 1000 + int(ms1)
    end_ms = int(h2 or 0) * 3_600_000 + int(m2) * 60_000 + int(s2) * 1000 + int(ms2)
    return Cue(start_ms, end_ms, words, identifier, (settings or "").strip(), offset)
