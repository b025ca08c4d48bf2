"""What the published item of an episode says, when its file can no longer be read."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from feedbuilder.render.xml import NAMESPACES, strict_parser
from feedbuilder.timecode import parse_duration


class ItemFacts(NamedTuple):
    """One `<item>`."""

    title: str
    season: int | None
    number: str
    has_audio: bool
    duration_ms: int | None
    has_notes: bool
    has_picture: bool
    guests: int


def item_facts(content: bytes) -> ItemFacts:
    """Return what an item says; nothing where it says nothing that can be read."""
    item = etree.fromstring(content, strict_parser())
    spaces = dict(NAMESPACES)

    def text(path: str) -> str:
        return (item.findtext(path, namespaces=spaces) or "").strip()

    season = text("itunes:season")
    try:
        duration_ms = parse_duration(text("itunes:duration"))
    except ValueError:
        duration_ms = None
    roles = [person.get("role", "host").lower() for person in item.iterfind("podcast:person", namespaces=spaces)]
    pictures = (item.find(f"{prefix}:image", namespaces=spaces) for prefix in ("itunes", "podcast"))
    return ItemFacts(
        title=text("title"), season=int(season) if season.isdecimal() else None, number=text("itunes:episode"),
        has_audio=item.find("enclosure") is not None, duration_ms=duration_ms, has_notes=bool(text("description")),
        has_picture=any(picture is not None for picture in pictures), guests=roles.count("guest"),
    )  # fmt: skip
