"""A preview shows pictures in the size they are shown in, as the pages of a build do."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from archives import NOW, config_text, episode_text, write_archive
from lxml import html
from PIL import Image

from feedbuilder import read_config
from feedbuilder.preview.edition import Edition, read_edition


def edition(folder: Path, cover: bytes) -> Edition:
    config = write_archive(
        folder, {"one.md": episode_text()}, config_text(show={"image": "cover.jpg"}), {"cover.jpg": cover}
    )
    return read_edition(lambda: read_config(config), NOW)


def cover(**how: object) -> bytes:
    stream = BytesIO()
    Image.effect_noise((1600, 900), 50).convert("RGB").save(stream, "JPEG", **how)
    return stream.getvalue()


def test_pictures_come_in_the_size_they_are_shown_in(tmp_path: Path) -> None:
    made = edition(tmp_path, cover())
    for page, up in (("index.html", "./"), ("episodes/one.html", "../")):
        content = made.content(page)
        assert isinstance(content, bytes)
        images = html.fromstring(content).xpath("//img")
        assert images
        for image in images:
            copy = made.content(image.get("src").removeprefix(up))
            assert isinstance(copy, bytes)
            assert len(copy) < (tmp_path / "cover.jpg").stat().st_size / 4
            assert Image.open(BytesIO(copy)).size == (int(image.get("width")), int(image.get("height")))


def test_a_picture_that_moves_is_shown_as_it_is(tmp_path: Path) -> None:
    stream = BytesIO()
    frames = [Image.new("RGB", (600, 300), color) for color in ("red", "blue")]
    frames[0].save(stream, "WEBP", save_all=True, append_images=frames[1:])
    made = edition(tmp_path, stream.getvalue())
    [shown] = html.fromstring(made.content("index.html")).xpath("//img[@class='artwork']/@src")
    assert made.content(shown.removeprefix("./")) == (tmp_path / "cover.jpg")


def test_a_picture_that_lies_on_its_side_has_its_copies_all_the_same(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right
    made = edition(tmp_path, cover(exif=exif))
    [shown] = html.fromstring(made.content("index.html")).xpath("//img[@class='artwork']/@src")
    copy = made.content(shown.removeprefix("./"))
    assert isinstance(copy, bytes)
    assert Image.open(BytesIO(copy)).size[0] < Image.open(BytesIO(copy)).size[1]
