"""Cues as the podcast namespace's JSON transcript.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md (1.0.0)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from feedbuilder.captions import Timing
from feedbuilder.model import Cue
from feedbuilder.timecode import seconds
from feedbuilder.vocabulary.characters import legal

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def render(cues: Sequence[Cue]) -> bytes:
    """Return the transcript; every segment has an end, because players skip one without."""
    return _file(_segment(cue.start_ms, cue.end_ms, cue.text, cue.speaker) for cue in cues)


def render_words(timing: Timing) -> bytes:
    """Return the transcript with a segment for every word, for players that follow the voice."""
    starts = (*timing.starts_ms, timing.ends_ms[-1] + 1)
    return _file(
        _segment(start_ms, max(start_ms + 1, min(end_ms, following_ms)), word.strip(), timing.speakers[line])
        for word, start_ms, end_ms, following_ms, line in zip(
            timing.words, timing.starts_ms, timing.ends_ms, starts[1:], timing.lines, strict=True
        )
    )


def _file(segments: Iterable[str]) -> bytes:
    return legal('{"version": "1.0.0", "segments": [\n' + ",\n".join(segments) + "\n]}\n").encode()


def _segment(start_ms: int, end_ms: int, body: str, speaker: str | None) -> str:
    name = f'"speaker": {_quoted(speaker)}, ' if speaker else ""
    return f'{{{name}"startTime": {seconds(start_ms)}, "endTime": {seconds(end_ms)}, "body": {_quoted(body)}}}'
