"""Cues as the podcast namespace's JSON transcript.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md (1.0.0)
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from feedbuilder.model import Cue
from feedbuilder.timecode import seconds


def render(cues: Sequence[Cue]) -> bytes:
    """Return the transcript; every segment has an end, because players skip one without."""
    segments = ",\n".join(_segment(cue) for cue in cues)  # one a line: json's own indenting costs ten times as much
    return f'{{"version": "1.0.0", "segments": [\n{segments}\n]}}\n'.encode()


def _segment(cue: Cue) -> str:
    segment: dict[str, str | float] = {"speaker": cue.speaker} if cue.speaker else {}
    segment |= {"startTime": seconds(cue.start_ms), "endTime": seconds(cue.end_ms), "body": cue.text}
    return json.dumps(segment, ensure_ascii=False)
