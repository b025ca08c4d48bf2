"""Cues as SubRip.

There is no standard; the form is what the historic program wrote and every player reads: numbers from 1, a comma before
milliseconds, a blank line between cues. Lines end in LF.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedbuilder.captions.names import short_names
from feedbuilder.model import Cue
from feedbuilder.render.characters import legal
from feedbuilder.timecode import timestamp

NO_BREAK_SPACE = "\u00a0"


def render(cues: Sequence[Cue]) -> bytes:
    """Return an SRT file; a speaker is named on the first cue of their turn, on a line of its own if that is empty."""
    names = short_names({cue.speaker for cue in cues if cue.speaker})
    blocks: list[str] = []
    previous: str | None = None
    for number, cue in enumerate(cues, start=1):
        start, end = timestamp(cue.start_ms, ","), timestamp(cue.end_ms, ",")
        lines = [_plain(line) for line in cue.lines]
        name = names.get(cue.speaker or "") if cue.speaker != previous else None
        previous = cue.speaker
        if name:
            lines[0] = f"{_without_arrow(name)}: {lines[0]}".rstrip(" ")
        blocks.append("\n".join((str(number), f"{start} --> {end}", *filter(None, lines), "")))
    return legal("\n".join(blocks)).encode()


def _plain(line: str) -> str:
    """Return a line no player takes for a speaker's name or for a timing line.

    `word: ` inside a line is read as `Speaker: ` by apps; a no-break space behind the colon is not.
    """
    if ":" in line:
        line = re.sub(r":(?= |$)", f":{NO_BREAK_SPACE}", line).replace(f":{NO_BREAK_SPACE} ", f":{NO_BREAK_SPACE}")
    return _without_arrow(line)


def _without_arrow(text: str) -> str:
    return text.replace("-->", "--\u2009>")  # a thin space: the arrow would start a new cue
