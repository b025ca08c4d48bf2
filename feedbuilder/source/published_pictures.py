"""What is in a picture that was published: it is decoded as well, for directories do so before they take it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feedbuilder.errors import Place, Problem
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.problems import problem

_MOST_PIXELS: Final = 50_000_000
"""Of a picture that is decoded to know whether it is whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedPicture:
    """A picture that can be opened."""

    width_px: int
    height_px: int
    mime_type: str  # empty where Pillow knows none
    color_mode: str  # as Pillow names it
    dpi: float | None  # None: it does not say


def read_published_picture(file: Path, memory: Memory = FORGETFUL) -> PublishedPicture | Problem:
    """Look at a picture, or say why that cannot be done."""
    return memory.of_file(file, "published picture", lambda: _decoded(file))


def _decoded(file: Path) -> PublishedPicture | Problem:
    from PIL import Image  # noqa: PLC0415  (a feed may name no picture of its own)

    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(file) as picture,
        ):
            width, height = picture.size
            mode, mime_type = picture.mode, picture.get_format_mimetype() or ""
            dpi = picture.info.get("dpi", (None,))[0]
            if width * height <= _MOST_PIXELS:
                picture.draft(mode, (64, 64))  # a small decoding of a JPEG meets a missing end as well
                picture.load()
    except Exception as error:  # decoders raise what they like on files that are not whole
        return problem("picture-broken", Place(file.name), f"it cannot be opened: {error}")
    return PublishedPicture(
        width_px=width, height_px=height, mime_type=mime_type, color_mode=mode, dpi=float(dpi) if dpi else None
    )
