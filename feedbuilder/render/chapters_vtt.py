"""Chapters as a WebVTT track for players on the web: `<track kind="chapters">`.

Spec: https://www.w3.org/TR/webvtt1/#introduction-chapters (2019-04-04)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from feedbuilder.model import Chapter
from feedbuilder.timecode import timestamp

OPEN_END_MS = 60_000
"""What the last chapter lasts when nothing tells: a cue must end, and players stop at the sound's end anyway."""


def render(chapters: Sequence[Chapter], duration_ms: int | None) -> bytes:
    """Return the track; a chapter lasts until the next one starts, so that a player always shows one."""
    last = chapters[-1]
    end_ms = max(duration_ms or 0, last.end_ms or 0, last.start_ms + (0 if duration_ms else OPEN_END_MS))
    ends = [*(later.start_ms for _, later in pairwise(chapters)), max(end_ms, last.start_ms + 1)]
    blocks = ["WEBVTT\n"]
    for chapter, end in zip(chapters, ends, strict=True):
        title = chapter.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{timestamp(chapter.start_ms, '.')} --> {timestamp(end, '.')}\n{title}\n")
    return "\n".join(blocks).encode()
