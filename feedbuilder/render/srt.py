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
from feedbuilder.timecode import timestamp
from feedbuilder.vocabulary.characters import legal

NO_BREAK_SPACE = "\u00a0"
_COLON = re.compile(r":(?: |$)", re.MULTILINE)


def render(cues: Sequence[Cue]) -> bytes:
    """Return an SRT file; a speaker is named on the first cue of their turn, on a line of its own if that is empty."""
    names = short_names({cue.speaker for cue in cues if cue.speaker})
    blocks: list[str] = []
    previous: str | None = None
    for number, (start_ms, end_ms, lines, _, speaker) in enumerate(cues, start=1):
        text = _plain("\n".join(filter(None, lines)))
        if speaker != previous and (name := names.get(speaker or "")):
            text = f"{_without_arrow(name)}: {text}" if lines[0] else f"{_without_arrow(name)}:\n{text}"
        previous = speaker
        blocks.append(f"{number}\n{timestamp(start_ms, ',')} --> {timestamp(end_ms, ',')}\n{text}\n")
    return legal("\n".join(blocks)).encode()


def _plain(text: str) -> str:
    """Return lines no player takes for a speaker's name or for a timing line.

    `word: ` inside a line is read as `Speaker: ` by apps; a no-break space behind the colon is not.
    """
    return _without_arrow(_COLON.sub(f":{NO_BREAK_SPACE}", text) if ":" in text else text)


def _without_arrow(text: str) -> str:
    return text.replace("-->", "--\u2009>")  # a thin space: the arrow would start a new cue
