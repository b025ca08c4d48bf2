"""Paragraphs as plain text: headings underlined, `Speaker:` at the start of a turn, a blank line between paragraphs."""

from __future__ import annotations

from feedbuilder.captions.timed import TimedTranscript
from feedbuilder.vocabulary.characters import legal

LONGEST_RULE = 72


def render(timed: TimedTranscript) -> bytes:
    """Return the transcript to read or to search."""
    title = timed.title
    blocks = [f"{title}\n{'=' * min(len(title), LONGEST_RULE)}"]
    previous: str | None = None
    for paragraph in timed.paragraphs():
        for heading in paragraph.headings:
            blocks.append(f"{heading}\n{'-' * min(len(heading), LONGEST_RULE)}")
            previous = None
        name = f"{paragraph.speaker}: " if paragraph.speaker and paragraph.speaker != previous else ""
        previous = paragraph.speaker
        blocks.append(f"{name}{paragraph.text}")
    return legal("\n\n".join(blocks) + "\n").encode()
