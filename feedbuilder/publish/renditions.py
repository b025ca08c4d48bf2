"""Smaller copies of local pictures, for pages: a 3,000 pixel artwork is not to be sent for an icon.

Spec: https://www.color.org/srgb.xalter (what screens are taken to show), EXIF 2.32, 4.6.4 (orientation)
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from feedbuilder.model import Picture, Show
from feedbuilder.publish.artefacts import Artefact, Artefacts, signature_of
from feedbuilder.render import OutputFile
from feedbuilder.render.pages.pictures import PICTURES, Rendition

if TYPE_CHECKING:
    from PIL import Image

WIDTHS_PX: Final = (96, 192, 480, 960)
_FORMATS: Final[tuple[str, ...]] = ("JPEG", "PNG", "WEBP")
_NAME: Final = re.compile(r"[0-9a-f]+-(\d+)x(\d+)")


def rendition_files(
    show: Show, artefacts: Artefacts, renditions: dict[Path, tuple[Rendition, ...]]
) -> Iterator[OutputFile]:
    """Yield smaller copies of a show's local pictures, and enter in `renditions` which there are.

    Copies that are in the output folder are not made again while their original has not changed. A picture that cannot
    be decoded, or moves, has none: pages show it as it is.
    """
    yielded: set[str] = set()
    for picture, source in _pictures(show):
        if (original := picture.file) is None or original in renditions:
            continue
        try:
            key = hashlib.blake2b(_recipe() + repr(signature_of(original)).encode(), digest_size=16).hexdigest()
        except OSError:  # it went away meanwhile, which whoever copies it will tell
            continue
        name = f"picture {original}"
        if (known := artefacts.unchanged(name, key)) is not None:
            files = [OutputFile(path, artefacts.folder / path, source) for path in known.files]
        else:
            files = [OutputFile(copy.path, content, source) for copy, content in make_renditions(original)]
        artefacts.made[name] = Artefact(key, {file.path: (0, 0, 0) for file in files}, ())
        renditions[original] = tuple(sorted((_named(file.path) for file in files), key=lambda copy: copy.width_px))
        for file in files:
            if file.path not in yielded:  # two files may hold the same picture
                yielded.add(file.path)
                yield file


@cache
def _recipe() -> bytes:
    """Return what changes whenever the same picture would give other copies: their names must tell them apart.

    The rest of the program does not count here: decoding thousands of pictures takes minutes.
    """
    return hashlib.sha256(Path(__file__).read_bytes() + version("pillow").encode()).digest()


def _pictures(show: Show) -> Iterator[tuple[Picture, str]]:
    """Yield what pages show, each with the file it belongs to."""
    shared = [show.artwork, *(person.picture for person in show.persons)]
    yield from ((picture, "") for picture in shared if picture)
    for episode in show.episodes:
        own = [episode.picture, *(person.picture for person in episode.persons)]
        yield from ((picture, episode.source) for picture in own if picture)


def _named(path: str) -> Rendition:
    size = _NAME.match(PurePosixPath(path).name)
    return Rendition(path, int(size[1]), int(size[2])) if size else Rendition(path, 0, 0)


def make_renditions(file: Path) -> list[tuple[Rendition, bytes]]:
    """Return the smaller copies of a picture, the widest first; none, where it cannot be decoded or moves."""
    from PIL import Image  # noqa: PLC0415  (most builds make no picture)

    Image.init()
    try:
        content = file.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what decoders remark on odd files is for nobody
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            formats = tuple(name for name in _FORMATS if name in Image.OPEN)
            with Image.open(BytesIO(content), formats=formats) as opened:
                if getattr(opened, "is_animated", False):
                    return []
                return list(_copies(opened, hashlib.sha256(_recipe() + content).hexdigest()[:16]))
    except Exception:  # decoders raise what they like on files that are not whole; the page shows the original
        return []


def _copies(opened: Image.Image, digest: str) -> Iterator[tuple[Rendition, bytes]]:
    from PIL import Image  # noqa: PLC0415

    opened.draft(None, (WIDTHS_PX[-1], WIDTHS_PX[-1]))  # a JPEG can be decoded at a fraction of its size
    picture = _for_screens(opened)
    for width in sorted({min(width, picture.width) for width in WIDTHS_PX}, reverse=True):
        height = max(1, round(width * picture.height / picture.width))
        if (width, height) != picture.size:
            picture = picture.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)
        ending, content = _encoded(picture)
        yield Rendition(f"{PICTURES}{digest}-{width}x{height}.{ending}", width, height), content


def _for_screens(opened: Image.Image) -> Image.Image:
    """Return a picture upright and in sRGB, with transparency where it has some."""
    from PIL import ImageOps  # noqa: PLC0415

    profile = opened.info.get("icc_profile")
    ImageOps.exif_transpose(opened, in_place=True)
    picture = opened
    if picture.mode.startswith("I"):  # sixteen bits a sample
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in {"P", "PA", "LA", "La", "RGBa", "RGBX"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if profile:
        picture = _in_srgb(picture, profile)
    if picture.mode == "RGBA":
        opaque = picture.getchannel("A").getextrema() == (255, 255)
        return picture.convert("RGB") if opaque else picture
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture with the colours its profile means; a profile that cannot be used is passed over."""
    try:
        from PIL import ImageCms  # noqa: PLC0415

        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        made = ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except Exception:  # a profile of another kind of colours, a broken one, or a Pillow without LittleCMS
        return picture
    return picture if made is None else made


def _encoded(picture: Image.Image) -> tuple[str, bytes]:
    stream = BytesIO()
    if picture.mode == "RGBA":
        picture.save(stream, "PNG", optimize=True)
        return "png", stream.getvalue()
    small = picture.width <= WIDTHS_PX[1]
    # Small ones keep their colours at full sharpness: lettering of an artwork is a few pixels high there.
    picture.save(stream, "JPEG", quality=82, optimize=True, progressive=not small, subsampling=0 if small else 2)
    return "jpg", stream.getvalue()
