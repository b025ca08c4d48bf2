"""Paragraphs as the podcast namespace's HTML transcript: `cite`, `time` and `p`, with headings and ids to link to.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md;
https://html.spec.whatwg.org/multipage/text-level-semantics.html#the-time-element (2026)
"""

from __future__ import annotations

from html import escape

from feedbuilder.captions.timed import TimedTranscript
from feedbuilder.timecode import clock
from feedbuilder.vocabulary.characters import legal
from feedbuilder.vocabulary.languages import direction_of


def render(timed: TimedTranscript) -> bytes:
    """Return a page that stands on its own; `#t754` leads to the paragraph that starts at second 754."""
    title, language = escape(timed.title), timed.transcript.language
    direction = ' dir="rtl"' if direction_of(language) == "rtl" else ""
    lines = [
        "<!doctype html>",
        f'<html lang="{escape(language)}"{direction}>',
        f'<head><meta charset="utf-8"><title>{title}</title></head>',
        f"<body>\n<h1>{title}</h1>",
    ]
    chapter = 0
    taken: set[int] = set()
    previous: str | None = None
    for paragraph in timed.paragraphs():
        for heading in paragraph.headings:
            chapter += 1
            lines.append(f'<h2 id="chapter-{chapter}">{escape(heading)}</h2>')
            previous = None  # after a heading the reader is told again who speaks
        second = paragraph.start_ms // 1000
        anchor = "" if second in taken else f' id="t{second}"'
        taken.add(second)
        if paragraph.speaker and paragraph.speaker != previous:
            lines.append(f"<cite>{escape(paragraph.speaker)}:</cite>")
        previous = paragraph.speaker
        lines.append(f'<time datetime="PT{second}S">{clock(paragraph.start_ms)}</time>')
        lines.append(f"<p{anchor}>{escape(paragraph.text)}</p>")
    return legal("\n".join([*lines, "</body>", "</html>"]) + "\n").encode()
