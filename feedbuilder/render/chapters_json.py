"""Chapters as Podcasting 2.0 JSON.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md (1.2)
"""

from __future__ import annotations

import json
from typing import Final

from feedbuilder.model import Episode, Show
from feedbuilder.timecode import seconds

MIME_TYPE: Final = "application/json+chapters"


def render(episode: Episode, show: Show) -> bytes:
    """Return the chapters file of an episode."""
    chapters = [
        {
            "startTime": seconds(chapter.start_ms),
            "title": chapter.title,
            **({"endTime": seconds(chapter.end_ms)} if chapter.end_ms is not None else {}),
            **({"img": chapter.picture.url} if chapter.picture else {}),
            **({"url": chapter.url} if chapter.url else {}),
        }
        for chapter in episode.chapters
    ]
    document = {"version": "1.2.0", "title": episode.title, "podcastName": show.title, "chapters": chapters}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
