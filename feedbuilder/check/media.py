"""Rules of pictures and of audio or video files, as far as they are at hand.

Spec: https://podcasters.apple.com/support/896-artwork-requirements,
https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from feedbuilder.check import specs
from feedbuilder.check.enclosure import ending_of
from feedbuilder.check.feed import Item
from feedbuilder.check.rules import DIRECTORIES, Fault, Faults, rule
from feedbuilder.timecode import clock, parse_duration

_TYPES: Final = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
_SMALLEST_PX: Final = 1400
_LARGEST_PX: Final = 3000
_HEAVY_BYTES: Final = 512 * 1024
_DPI: Final = 72


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureFacts:
    """What is known of a picture that the feed names."""

    url: str
    is_artwork: bool  # whether directories show it for the show or an episode
    length_bytes: int = 0
    width_px: int = 0
    height_px: int = 0
    mime_type: str = ""
    color_mode: str = ""  # as Pillow names it
    dpi: float | None = None
    flaw: str | None = None  # why it cannot be looked at
    item: Item | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaFacts:
    """What is known of the file behind an enclosure."""

    item: Item
    length_bytes: int = 0
    duration_ms: int | None = None
    flaw: str | None = None  # why it cannot be opened
    disagrees: str | None = None  # what it is inside, where its name says something else


def _told(picture: PictureFacts, message: str) -> Fault:
    return Fault(message, None, "", picture.item)


@rule(
    "A1",
    "A picture can be opened",
    error=DIRECTORIES,
    spec=specs.APPLE_ARTWORK,
    key="image",
    remedy="export it again as JPEG or PNG",
)
def _opens(picture: PictureFacts) -> Faults:
    if picture.flaw:
        yield _told(picture, picture.flaw)


@rule(
    "A2",
    "A picture is what its ending says; artwork is JPEG or PNG",
    error=DIRECTORIES,
    spec=specs.APPLE_ARTWORK,
    key="image",
    remedy="name it after what it is: .jpg or .png",
)
def _is_what_its_name_says(picture: PictureFacts) -> Faults:
    expected = _TYPES.get(ending_of(picture.url))
    if picture.mime_type and picture.mime_type != expected and (expected or picture.is_artwork):
        yield _told(picture, f"it is {picture.mime_type}, not {expected or 'JPEG or PNG'}")


@rule(
    "A3",
    "Artwork is square and has 1400 to 3000 pixels a side",
    error=DIRECTORIES,
    spec=specs.APPLE_ARTWORK,
    key="image",
    remedy="make it square, 3000×3000 at best",
)
def _square(picture: PictureFacts) -> Faults:
    width, height = picture.width_px, picture.height_px
    if picture.is_artwork and width and (width != height or not _SMALLEST_PX <= width <= _LARGEST_PX):
        yield _told(picture, f"it has {width}×{height} pixels")


@rule(
    "A4", "Artwork has the colours RGB", error="apple", spec=specs.APPLE_ARTWORK, key="image", remedy="export it as RGB"
)
def _rgb(picture: PictureFacts) -> Faults:
    if picture.is_artwork and picture.color_mode in ("CMYK", "YCCK", "LAB"):
        yield _told(picture, f"its colours are {picture.color_mode}")


@rule(
    "A4b",
    "Artwork has no transparency",
    warning="apple",
    spec=specs.APPLE_ARTWORK,
    key="image",
    remedy="export it without transparency",
)
def _opaque(picture: PictureFacts) -> Faults:
    if picture.is_artwork and picture.color_mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        yield _told(picture, "it has an alpha channel")


@rule("A5", "Artwork says 72 dpi", info="apple", spec=specs.APPLE_ARTWORK, key="image", remedy="export it with 72 dpi")
def _resolution(picture: PictureFacts) -> Faults:
    if picture.is_artwork and picture.dpi is not None and round(picture.dpi) != _DPI:
        yield _told(picture, f"it says {picture.dpi:.0f} dpi")


@rule(
    "A6",
    "Artwork stays under 512 KB",
    info="apple psp1",
    spec=specs.PRX,
    key="image",
    remedy="export it with more compression",
)
def _light(picture: PictureFacts) -> Faults:
    if picture.is_artwork and picture.length_bytes > _HEAVY_BYTES:
        yield _told(picture, f"it has {picture.length_bytes // 1024} KB")


@rule(
    "M1",
    "The length of an enclosure is the size of its file",
    error="apple psp1 rss",
    spec=specs.RSS,
    key="audio.length",
    remedy="write the size of the file in bytes",
)
def _length_is_the_files(media: MediaFacts) -> Faults:
    said = media.item.attribute("length", "enclosure")
    if media.length_bytes and said.isdecimal() and int(said) != media.length_bytes:
        yield Fault(f"the feed says {said} bytes, the file has {media.length_bytes}", None, "", media.item)


@rule(
    "M2",
    "The file of an enclosure can be opened",
    error=DIRECTORIES,
    spec=specs.APPLE,
    key="audio",
    remedy="export it again",
)
def _media_opens(media: MediaFacts) -> Faults:
    if media.flaw:
        yield Fault(media.flaw, None, "", media.item)


@rule(
    "M3",
    "The duration is that of the file, within a second or 0.2 %",
    error="psp1 apple",
    spec=specs.PSP,
    key="duration",
    remedy="write the length of the file",
)
def _duration_is_the_files(media: MediaFacts) -> Faults:
    try:
        said_ms = parse_duration(media.item.text("itunes:duration"))
    except ValueError:
        return
    real_ms = media.duration_ms
    if real_ms and abs(said_ms - real_ms) > max(1000, real_ms / 500):
        yield Fault(f"the feed says {clock(said_ms)}, the file lasts {clock(real_ms)}", None, "", media.item)


@rule(
    "M4",
    "The file of an enclosure is inside what its ending says",
    error="apple psp1",
    spec=specs.APPLE,
    key="audio",
    remedy="give it the ending of what it is",
)
def _container_is_what_its_name_says(media: MediaFacts) -> Faults:
    if media.disagrees:
        yield Fault(media.disagrees, None, "", media.item)


PICTURE_RULES: Final = (_opens, _is_what_its_name_says, _square, _rgb, _opaque, _resolution, _light)
MEDIA_RULES: Final = (_length_is_the_files, _media_opens, _duration_is_the_files, _container_is_what_its_name_says)
