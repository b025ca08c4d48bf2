"""Small helpers for building XML where absent values leave no trace, and the namespaces of a podcast feed."""

from __future__ import annotations

from typing import Final

from lxml.etree import SubElement, XMLParser, _Element

from feedbuilder.vocabulary.characters import legal

NAMESPACES: Final[dict[str, str]] = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "atom": "http://www.w3.org/2005/Atom",
}


def strict_parser(*, keep_cdata: bool = False) -> XMLParser:
    """Return a parser that takes well-formed XML of any size, and follows nothing out of it."""
    return XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, strip_cdata=not keep_cdata
    )


def add(parent: _Element, tag: str, text: object = None, /, **attributes: object) -> None:
    """Append the `prefix:name` in `tag`, with text and attributes; nothing at all when there is neither.

    A text or attribute that is None, empty or only space is left out; `_` in an attribute's name stands for `-`.
    """
    present = {key.replace("_", "-"): said for key, value in attributes.items() if (said := _written(value))}
    content = _written(text)
    if not content and not present:
        return
    prefix, _, local = tag.partition(":")
    element = SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}", present)
    if content:
        element.text = content


def _written(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return legal(text) if text.strip() else ""
