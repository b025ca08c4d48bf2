"""Rules of transcripts: of any text, and of captions in SRT and WebVTT.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md,
https://www.w3.org/TR/webvtt1/ (2019-04-04)
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from feedbuilder.check import specs
from feedbuilder.check.captions import Captions
from feedbuilder.check.rules import APPS, Fault, Faults, rule, shortened
from feedbuilder.problems import counted
from feedbuilder.timecode import timestamp

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONG_CUE_MS: Final = 30_000
_SLACK_MS: Final = 1000
"""What a cue may last past an end that is told in whole seconds."""
_MOST_LINES: Final = {"srt": (2, 32), "vtt": (2, 65)}
_SETTING = re.compile(r"(?:vertical:(?:rl|lr)|(?:line|position|size|align|region):[^\s:]+)")
_REFERENCE: Final = r"&(?:amp|lt|gt|quot|apos|nbsp|lrm|rlm|#\d+|#[xX][0-9a-fA-F]+);"
_CLASSES: Final = r"(?:\.[^\s<>.&]+)*"
_GOOD_VTT = re.compile(
    rf"(?:[^<&]++|{_REFERENCE}|</?(?:c|i|b|u|ruby|rt){_CLASSES}(?:[ \t][^<>]*)?>|</(?:v|lang)>"
    rf"|<(?:v|lang){_CLASSES}[ \t]+(?:[^<>\s][^<>]*)>|<(?:\d\d+:)?\d\d:\d\d\.\d{{3}}>)*+"
)
TAG = re.compile(r"<[^<>]*>")


@rule(
    "T1",
    "A transcript is UTF-8, has words, and no control characters",
    error=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="save it as UTF-8 text",
)
def _readable(content: bytes) -> Faults:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        yield Fault(f"byte {error.start} is not UTF-8", content.count(b"\n", 0, error.start) + 1)
        return
    if not text.strip():
        yield Fault("there is nothing in it")
    if found := _CONTROL.search(text):
        yield Fault(f"it has the control character {found[0]!r}", text.count("\n", 0, found.start()) + 1)


@rule(
    "T1b",
    "Lines do not end in CR alone",
    warning=APPS,
    spec=specs.WEBVTT,
    key="transcript",
    remedy="end lines with LF, or CR and LF",
)
def _line_ends(content: bytes) -> Faults:
    if b"\r" in content and (found := re.search(rb"\r(?!\n)", content)):
        yield Fault("a line ends in CR alone", content.count(b"\n", 0, found.start()) + 1)


@rule(
    "T2",
    "The lines of captions have the form of their format",
    error=APPS,
    spec=specs.WEBVTT,
    key="transcript",
    remedy="write it to the letter; strict readers stop here",
)
def _form(captions: Captions) -> Faults:
    yield from captions.flaws


@rule(
    "T2b",
    "The cues of SRT are numbered from 1",
    error=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="number cues from 1",
)
def _counters(captions: Captions) -> Faults:
    if captions.kind == "srt":
        for number, cue in enumerate(captions.cues, start=1):
            if cue.identifier != str(number):
                yield captions.at(cue, f"it is numbered {shortened(cue.identifier, 30)}, not {number}")
                return  # all that follow are wrong for the same reason


@rule("T3", "A cue ends after it starts", error=APPS, spec=specs.WEBVTT, key="transcript", remedy="correct its times")
def _ends_after_start(captions: Captions) -> Faults:
    for cue in captions.cues:
        if cue.end_ms <= cue.start_ms:
            yield captions.at(cue, f"it starts at {_clock(cue.start_ms)} and ends at {_clock(cue.end_ms)}")


@rule(
    "T4",
    "Cues come in the order of their starts",
    error=APPS,
    spec=specs.WEBVTT,
    key="transcript",
    remedy="sort cues by their start",
)
def _in_order(captions: Captions) -> Faults:
    for before, after in pairwise(captions.cues):
        if after.start_ms < before.start_ms:
            yield captions.at(after, f"it starts at {_clock(after.start_ms)}, before the one above it")


@rule(
    "T4b",
    "No two cues are shown together",
    warning=APPS,
    spec=specs.WEBVTT,
    key="transcript",
    remedy="end a cue before the next one starts",
)
def _no_overlap(captions: Captions) -> Faults:
    for before, after in pairwise(captions.cues):
        if before.start_ms <= after.start_ms < before.end_ms:
            yield captions.at(after, f"it starts {before.end_ms - after.start_ms} ms before the one above it ends")


@rule(
    "T5",
    "A cue has text, and no --> in it",
    error=APPS,
    spec=specs.WEBVTT,
    key="transcript",
    remedy="give it words, or remove it",
)
def _has_text(captions: Captions) -> Faults:
    for cue in captions.cues:
        if not cue.text or cue.text.isspace():
            yield captions.at(cue, "it has no text")
        elif "-->" in cue.text:
            yield captions.at(cue, f"--> in its text starts another cue: {shortened(cue.text, 50)}")


@rule(
    "T6",
    "A cue starts inside the episode",
    error=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="correct the times: audio_offset, or the duration",
)
def _starts_inside(captions: Captions) -> Faults:
    end_ms = captions.duration_ms
    late = [cue for cue in captions.cues if cue.start_ms > end_ms + _SLACK_MS] if end_ms else []
    if late and end_ms:
        more = f"; {len(late)} cues do" if len(late) > 1 else ""
        yield captions.at(late[0], f"it starts at {_clock(late[0].start_ms)}, after the end at {_clock(end_ms)}{more}")


@rule(
    "T6b",
    "A cue ends inside the episode",
    warning=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="correct the times, or the duration",
)
def _ends_inside(captions: Captions) -> Faults:
    end_ms = captions.duration_ms
    for cue in captions.cues[-1:] if end_ms else ():
        if end_ms and cue.start_ms <= end_ms + _SLACK_MS < cue.end_ms:
            yield captions.at(cue, f"it ends at {_clock(cue.end_ms)}, after the end at {_clock(end_ms)}")


@rule("T7", "A cue lasts 30 seconds at most", info=APPS, spec=specs.TRANSCRIPTS, key="transcript", remedy="divide it")
def _short_cues(captions: Captions) -> Faults:
    long = [cue for cue in captions.cues if cue.end_ms - cue.start_ms > _LONG_CUE_MS]
    if long:
        yield captions.at(long[0], f"{counted(len(long), 'cue')} of more than 30 s; the first is this")


@rule(
    "T8",
    "Lines of captions have at most 32 characters in SRT and 65 in WebVTT, and a cue two of them",
    info=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="break the lines, or divide the cue",
)
def _short_lines(captions: Captions) -> Faults:
    most, width = _MOST_LINES[captions.kind]
    wide = []
    for cue in captions.cues:
        if len(cue.text) > width or "\n" in cue.text:
            lines = (TAG.sub("", cue.text) if "<" in cue.text else cue.text).split("\n")
            if len(lines) > most or any(len(line) > width for line in lines):
                wide.append(cue)
    if wide:
        yield captions.at(wide[0], f"{counted(len(wide), 'cue')} with longer or more lines; the first is this")


@rule(
    "T9",
    "The settings of a cue are those of WebVTT, and SRT has none",
    error=APPS,
    spec=specs.WEBVTT,
    remedy="write settings as line:90%, or leave them out",
)
def _settings(captions: Captions) -> Faults:
    for cue in captions.cues:
        if cue.settings and (captions.kind == "srt" or not all(map(_SETTING.fullmatch, cue.settings.split()))):
            yield captions.at(cue, f"{shortened(cue.settings, 50)} are no settings of a cue")


@rule(
    "T10",
    "The text of WebVTT escapes & and <, and has only the tags of WebVTT; a voice has a name",
    error=APPS,
    spec=specs.WEBVTT,
    remedy="escape & and < as &amp; and &lt;; name the voice: <v Robin>",
)
def _escaped(captions: Captions) -> Faults:
    if captions.kind == "vtt":
        for cue in captions.cues:
            if ("<" in cue.text or "&" in cue.text) and not _GOOD_VTT.fullmatch(cue.text):
                good = _GOOD_VTT.match(cue.text)
                rest = cue.text[good.end() if good else 0 :]
                yield captions.at(cue, f"{shortened(rest, 40)} is not text of WebVTT")


@rule(
    "T11",
    "No two cues have the same identifier",
    error=APPS,
    spec=specs.WEBVTT,
    remedy="give every cue an identifier of its own, or none",
)
def _identifiers_differ(captions: Captions) -> Faults:
    if captions.kind == "vtt":
        seen: set[str] = set()
        for cue in captions.cues:
            if cue.identifier:
                if cue.identifier in seen:
                    yield captions.at(cue, f"{shortened(cue.identifier, 40)} is the identifier of another cue")
                seen.add(cue.identifier)


@rule(
    "T13",
    "The text of SRT has no entities of HTML",
    warning=APPS,
    spec=specs.TRANSCRIPTS,
    remedy="write the letter itself: SRT has no escapes",
)
def _no_entities(captions: Captions) -> Faults:
    if captions.kind == "srt":
        for cue in captions.cues:
            if "&" in cue.text and (found := re.search(_REFERENCE, cue.text)):
                yield captions.at(cue, f"viewers read {found[0]}")


def _clock(milliseconds: int) -> str:
    return timestamp(milliseconds, ".")


TEXT_RULES: Final = (_readable, _line_ends)
RULES: Final = (
    _form, _counters, _ends_after_start, _in_order, _no_overlap, _has_text, _starts_inside, _ends_inside,
    _short_cues, _short_lines, _settings, _escaped, _identifiers_differ, _no_entities,
)  # fmt: skip
TRACK_RULES: Final = tuple(one for one in RULES if one.code not in ("T7", "T8"))
"""Of chapters as WebVTT, which last as long as they do and are shown in a list."""
