"""Paragraphs as plain text: headings underlined, `Speaker:` at the start of a turn, a blank line between paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from feedbuilder.captions.paragraphs import Paragraph

LONGEST_RULE = 72


def render(paragraphs: Sequence[Paragraph], *, title: str, language: str) -> bytes:
    """Return the transcript to read or to search; `language` has no place in plain text."""
    blocks = [f"{title}\n{'=' * min(len(title), LONGEST_RULE)}"]
    previous: str | None = None
    for paragraph in paragraphs:
        for heading in paragraph.headings:
            blocks.append(f"{heading}\n{'-' * min(len(heading), LONGEST_RULE)}")
            previous = None
        name = f"{paragraph.speaker}: " if paragraph.speaker and paragraph.speaker != previous else ""
        previous = paragraph.speaker
        blocks.append(f"{name}{paragraph.text}")
    return ("\n\n".join(blocks) + "\n").encode()
