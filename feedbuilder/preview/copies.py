"""Smaller copies of pictures for a preview, made when a browser asks for them: nobody waits for hundreds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Final

from feedbuilder.model import Picture
from feedbuilder.publish.renditions import WIDTHS_PX, make_renditions
from feedbuilder.render import Content
from feedbuilder.render.pages.pictures import Rendition, Renditions

COPIES: Final = ".preview/pictures/"


def copies_of(pictures: Iterable[Picture]) -> tuple[Renditions, dict[str, Callable[[], Content]]]:
    """Return which copies pages may show of local pictures, and what makes each of them by its path.

    Which there are is told by the size of a picture alone; one of unknown size has none.
    """
    renditions: dict[Path, tuple[Rendition, ...]] = {}
    makers: dict[str, Callable[[], Content]] = {}
    for picture in pictures:
        file, own_width, own_height = picture.file, picture.width_px, picture.height_px
        if not (file and own_width and own_height) or file in renditions:
            continue
        made = cache(partial(make_renditions, file))
        folder = f"{COPIES}{len(renditions)}"
        renditions[file] = tuple(
            Rendition(f"{folder}/{width}/{file.name}", width, max(1, round(width * own_height / own_width)))
            for width in sorted({min(width, own_width) for width in WIDTHS_PX})
        )
        makers |= {copy.path: partial(_copy, file, made, copy.width_px) for copy in renditions[file]}
    return renditions, makers


def _copy(file: Path, made: Callable[[], list[tuple[Rendition, bytes]]], width: int) -> Content:
    """Return a copy that is `width` wide, or near it where a picture stood on its side; itself where it has none."""
    near = [content for copy, content in made() if copy.width_px >= width]
    return near[-1] if near else file
