"""Cues as WebVTT.

The strictest app parsers set the form: nothing after `WEBVTT`, no NOTE, cue ids, settings or BOM, two-digit hours, and
the speaker on every cue without a closing tag.

Spec: https://www.w3.org/TR/webvtt1/ (2019-04-04)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedbuilder.model import Cue
from feedbuilder.timecode import timestamp
from feedbuilder.vocabulary.characters import legal


def render(cues: Sequence[Cue]) -> bytes:
    """Return a WebVTT file."""
    voices = {speaker: _voice(speaker) for speaker in {cue.speaker for cue in cues}}
    blocks = ["WEBVTT\n"]
    for start_ms, end_ms, lines, _, speaker in cues:
        text = _escaped("\n".join(filter(None, lines)))
        blocks.append(f"{timestamp(start_ms, '.')} --> {timestamp(end_ms, '.')}\n{voices[speaker]}{text}\n")
    return legal("\n".join(blocks)).encode()


def _escaped(text: str) -> str:
    # `>` as well, so that no text can hold the arrow of a timing line.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _voice(speaker: str | None) -> str:
    """Return the voice tag; some players take no character references in names."""
    if not speaker:
        return ""
    name = " ".join(re.sub(r"[<>]", "", speaker.replace("&", " and ")).split())
    name = name.rstrip("- ")  # with the tag's own > they would be the arrow of a timing line
    return f"<v {name}>" if name else ""
