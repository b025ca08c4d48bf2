"""Pictures: where they are public, and whether directories take them as artwork.

Spec: Apple's artwork requirements, https://podcasters.apple.com/support/896: square, 1400 to 3000 pixels, JPEG or PNG.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from urllib.parse import quote

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem
from feedbuilder.model import Picture
from feedbuilder.problems import problem
from feedbuilder.resolve.links import absolute_url, is_placeholder
from feedbuilder.source.media import PictureFile


def public_pictures(files: Map[str, PictureFile | Problem], config: Config) -> dict[str, Picture]:
    """Return the local pictures that are there, as the web will see them, by the path they are referred to."""
    base = config.archive.site_url or config.feed.folder_url
    return {
        name: Picture(
            url=base.rstrip("/") + "/" + quote(found.path),
            width_px=found.width_px,
            height_px=found.height_px,
            mime_type=found.mime_type,
            color_mode=found.color_mode,
            file=found.file,
        )
        for name, found in files.items()
        if isinstance(found, PictureFile)
    }


def resolve_picture(
    value: str | None, pictures: Map[str, Picture], files: Map[str, PictureFile | Problem], place: Place
) -> tuple[Picture | None, list[Problem]]:
    """Return the picture a field names, by web address or by path."""
    if value is None:
        return None, []
    if is_placeholder(value):
        return None, [problem("placeholder", place, f"{value!r} only keeps the picture's place", "put a picture there")]
    if value in pictures:
        return pictures[value], []
    if isinstance(found := files.get(value), Problem):
        return None, [problem(found.code, place, f"{value}: {found.message}", found.remedy)]
    url = absolute_url(value, None)
    if url is None:
        return None, [
            problem(
                "bad-url",
                place,
                f"{value!r} is no web address",
                "write it whole, https://…, or as a path below archive.site_root",
            )
        ]
    return Picture(url=url), []


def artwork_fault(picture: Picture, place: Place) -> Problem | None:
    """Return why directories would not take a picture as artwork, if they would not."""
    flaw = picture.flaw
    if flaw is None:
        return None
    message = f"no artwork for directories, for {flaw}; it is shown in other places only"
    return problem("picture-not-artwork", place, message, "use a square RGB JPEG or PNG of 1400 to 3000 pixels")
