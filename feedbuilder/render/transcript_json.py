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
    segments = [
        {
            **({"speaker": cue.speaker} if cue.speaker else {}),
            "startTime": seconds(cue.start_ms),
            "endTime": seconds(cue.end_ms),
            "body": cue.text,
        }
        for cue in cues
    ]
    return (json.dumps({"version": "1.0.0", "segments": segments}, ensure_ascii=False, indent=1) + "\n").encode()
