"""The line of a file that a problem is about, read again only when somebody is to see it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from feedbuilder.errors import Place

MAX_EXCERPT = 110
"""Characters of a line shown; a transcript line can have thousands."""


def excerpt(place: Place, folder: Path) -> tuple[str, int] | None:
    """Return the line and the caret's offset in it, cut around the place where the line is long."""
    if place.line is None or place.column is None:
        return None
    lines = _lines(folder / place.path)
    if place.line > len(lines):
        return None
    line = lines[place.line - 1].replace("\t", " ")
    start = max(0, min(place.column - 1 - MAX_EXCERPT // 2, len(line) - MAX_EXCERPT))
    cut = ("…" if start else "") + line[start : start + MAX_EXCERPT] + ("…" if len(line) > start + MAX_EXCERPT else "")
    return cut, place.column - 1 - start + bool(start)


@lru_cache(maxsize=4)
def _lines(file: Path) -> list[str]:
    try:
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return []
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
