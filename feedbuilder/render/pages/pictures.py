"""How a page shows a picture: in the smallest of its copies that is sharp, and in a frame that is there beforehand.

Spec: https://html.spec.whatwg.org/multipage/images.html#srcset-attributes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from feedbuilder.model import Picture
from feedbuilder.render.pages.addresses import Here, public_url

PICTURES: Final = "assets/pictures/"
_DENSITIES: Final = (1, 2, 3)  # of screens, in pixels of theirs for one of CSS


class Rendition(NamedTuple):
    """A smaller copy of a picture."""

    path: str  # inside the output folder
    width_px: int
    height_px: int


Renditions = Mapping[Path, Sequence[Rendition]]
"""The copies of a local picture by its file, the narrowest first."""


class Shown(NamedTuple):
    """What an `<img>` says."""

    src: str
    srcset: str | None = None
    width_px: int | None = None
    height_px: int | None = None


def show(picture: Picture, renditions: Renditions, here: Here, width: int, *, is_square: bool = False) -> Shown:
    """Return how a page shows a picture that is `width` wide there, in pixels of CSS, and cut to a square or not."""
    copies = renditions.get(picture.file, ()) if picture.file else ()
    if not copies:
        return Shown(here.link(picture.url), None, picture.width_px, picture.height_px)
    widest = copies[-1]
    needed = width * (max(1, widest.width_px / widest.height_px) if is_square else 1)
    chosen = [next((copy for copy in copies if copy.width_px >= needed * each), widest) for each in _DENSITIES]
    more = {copy.path: f"{here.to(copy.path)} {each}x" for each, copy in zip(_DENSITIES, chosen, strict=True)
            if copy.path != chosen[0].path and chosen.index(copy) == each - 1}  # fmt: skip
    return Shown(here.to(chosen[0].path), ", ".join(more.values()) or None, chosen[0].width_px, chosen[0].height_px)


def show_elsewhere(picture: Picture, renditions: Renditions, folder_url: str) -> Shown:
    """Return how others show a picture, such as the preview of a link: whole addresses, and not the heaviest file."""
    copies = renditions.get(picture.file, ()) if picture.file else ()
    if not copies:
        return Shown(picture.url, None, picture.width_px, picture.height_px)
    return Shown(public_url(folder_url, copies[-1].path), None, copies[-1].width_px, copies[-1].height_px)
