"""Smaller copies of pictures: upright, in the colours that were meant, never larger, and made once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from archives import built, config_text, episode_text, tree, write_archive
from lxml import html
from PIL import Image, ImageCms, ImageDraw

from feedbuilder.model import Picture
from feedbuilder.publish import renditions
from feedbuilder.publish.renditions import make_renditions
from feedbuilder.render.pages.addresses import Here
from feedbuilder.render.pages.pictures import Rendition, show

FOLDER = "https://show.example/"


def opened(file: Path) -> list[Image.Image]:
    """Return the copies of a picture, the widest first."""
    return [Image.open(BytesIO(content)) for _, content in make_renditions(file)]


def near(found: object, wanted: tuple[int, ...], tolerance: int = 12) -> bool:
    assert isinstance(found, tuple)
    return len(found) == len(wanted) and all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))


def picture(file: Path, mode: str = "RGB", size: tuple[int, int] = (1400, 1400), color: object = "red", **how: object):  # type: ignore[no-untyped-def]
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(file, **how)  # type: ignore[arg-type]
    return file


@pytest.mark.parametrize(
    ("size", "made"),
    [
        ((3000, 3000), [(960, 960), (480, 480), (192, 192), (96, 96)]),
        ((1200, 630), [(960, 504), (480, 252), (192, 101), (96, 50)]),
        ((300, 400), [(300, 400), (192, 256), (96, 128)]),
        ((40, 40), [(40, 40)]),
        ((2000, 3), [(960, 1), (480, 1), (192, 1), (96, 1)]),
    ],
)
def test_copies_are_never_larger_than_the_picture(tmp_path: Path, size: tuple[int, int], made: object) -> None:
    copies = make_renditions(picture(tmp_path / "a.jpg", size=size))
    assert [(copy.width_px, copy.height_px) for copy, _ in copies] == made
    assert [Image.open(BytesIO(content)).size for _, content in copies] == made
    assert all(copy.path.endswith(f"-{copy.width_px}x{copy.height_px}.jpg") for copy, _ in copies)


def test_the_same_picture_gives_the_same_bytes_under_the_same_names(tmp_path: Path) -> None:
    one, two = picture(tmp_path / "one.jpg"), picture(tmp_path / "two.jpg")
    assert make_renditions(one) == make_renditions(two)
    assert make_renditions(one)[0][0] != make_renditions(picture(tmp_path / "other.jpg", color="blue"))[0][0]


def test_a_picture_on_its_side_is_put_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right
    file = picture(tmp_path / "a.jpg", size=(400, 200), exif=exif)
    assert opened(file)[0].size == (200, 400)


def test_colours_for_print_become_those_of_screens(tmp_path: Path) -> None:
    file = picture(tmp_path / "a.jpg", "CMYK", color=(0, 255, 255, 0))
    [*_, smallest] = opened(file)
    assert smallest.mode == "RGB"
    assert near(smallest.getpixel((5, 5)), (255, 0, 0))


def test_a_colour_profile_is_heeded_and_a_broken_one_passed_over(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name, profile in (("srgb", srgb), ("lab", lab), ("broken", b"not a profile")):
        [*_, smallest] = opened(picture(tmp_path / f"{name}.jpg", color=(200, 100, 50), icc_profile=profile))
        assert near(smallest.getpixel((5, 5)), (200, 100, 50))
        assert "icc_profile" not in smallest.info


@pytest.mark.parametrize(
    ("mode", "color", "ending"),
    [
        ("RGBA", (255, 0, 0, 128), "png"),
        ("RGBA", (255, 0, 0, 255), "jpg"),  # it has the channel, and uses it nowhere
        ("LA", (90, 0), "png"),
        ("L", 90, "jpg"),
        ("1", 1, "jpg"),
    ],
)
def test_transparency_stays_and_costs_only_where_it_is(tmp_path: Path, mode: str, color: object, ending: str) -> None:
    [(copy, content), *_] = make_renditions(picture(tmp_path / "a.png", mode, (500, 500), color))
    assert copy.path.endswith(ending)
    assert Image.open(BytesIO(content)).mode == ("RGBA" if ending == "png" else "RGB")


def test_sixteen_bits_a_sample_keep_their_lightness(tmp_path: Path) -> None:
    [*_, smallest] = opened(picture(tmp_path / "a.png", "I;16", (200, 200), 0x8000))
    assert near(smallest.getpixel((5, 5)), (128, 128, 128))


def test_a_picture_that_is_broken_or_moves_has_no_copies(tmp_path: Path) -> None:
    whole = picture(tmp_path / "whole.png").read_bytes()
    (tmp_path / "torn.png").write_bytes(whole[: len(whole) // 2] + b"IEND")
    frames = [Image.new("RGB", (300, 300), color) for color in ("red", "blue")]
    frames[0].save(tmp_path / "moves.png", save_all=True, append_images=frames[1:])
    (tmp_path / "none.jpg").write_bytes(b"no picture")
    assert [make_renditions(tmp_path / name) for name in ("torn.png", "moves.png", "none.jpg", "gone.jpg")] == [[]] * 4
    assert make_renditions(tmp_path / "whole.png")


def test_more_pixels_than_any_screen_has_are_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = picture(tmp_path / "a.png", size=(200, 200))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100 * 100)
    assert make_renditions(file) == []


def test_a_frame_is_filled_sharply_on_every_screen_and_with_no_more() -> None:
    copies = [Rendition(f"assets/pictures/x-{width}x{width}.jpg", width, width) for width in (96, 192, 480, 960)]
    of = Picture(url="https://cdn.example/x.jpg", file=Path("x.jpg"), width_px=3000, height_px=3000)
    shown = show(of, {Path("x.jpg"): copies}, Here("episodes/a.html", FOLDER), 56, is_square=True)
    assert shown.src == "../assets/pictures/x-96x96.jpg"
    assert shown.srcset == "../assets/pictures/x-192x192.jpg 2x"
    assert (shown.width_px, shown.height_px) == (96, 96)
    shown = show(of, {Path("x.jpg"): copies}, Here("index.html", FOLDER), 240)
    assert (shown.src, shown.srcset) == ("./assets/pictures/x-480x480.jpg", "./assets/pictures/x-960x960.jpg 3x")


def test_a_wide_picture_that_is_cut_to_a_square_is_sharp_too() -> None:
    copies = [Rendition(f"assets/pictures/x-{width}x{width // 4}.jpg", width, width // 4) for width in (96, 480)]
    of = Picture(url="https://cdn.example/x.jpg", file=Path("x.jpg"))
    assert show(of, {Path("x.jpg"): copies}, Here("index.html", FOLDER), 56, is_square=True).src.endswith(
        "x-480x120.jpg"
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    config = write_archive(
        tmp_path,
        {
            "one.md": episode_text(title="One", image="images/one.jpg"),
            "two.md": episode_text(title="Two", guid="two", dateadded="2026-02-01", image="images/one.jpg"),
        },
        config_text(site=True, show={"image": "images/cover.jpg"}),
    )
    (tmp_path / ".feedbuilder").mkdir()
    for name, color in (("cover", "navy"), ("one", "teal")):
        image = Image.new("RGB", (1400, 1400), color)
        ImageDraw.Draw(image).ellipse((200, 200, 900, 900), fill="white")
        (tmp_path / "images").mkdir(exist_ok=True)
        image.save(tmp_path / f"images/{name}.jpg")
    return config


def copies_in(folder: Path) -> dict[str, bytes]:
    return {path: content for path, content in tree(folder).items() if path.startswith("assets/pictures/")}


def test_pages_show_copies_of_their_own_and_the_feed_the_picture_itself(site: Path) -> None:
    out = site.parent / "out"
    built(site, out)
    assert len(copies_in(out)) == 8
    for path in ("index.html", "episodes/one.html"):
        page = html.fromstring((out / path).read_text("utf-8"))
        assert len(page.xpath("//img")) > 1
        for image in page.xpath("//img"):
            named = [image.get("src"), *(part.split()[0] for part in (image.get("srcset") or "").split(", ") if part)]
            files = [(out / path).parent / name for name in named]
            assert all(file.is_file() and "assets/pictures" in file.as_posix() for file in files)
            with Image.open(files[0]) as shown:
                assert shown.size == (int(image.get("width")), int(image.get("height")))
        [linked] = page.xpath("//meta[@property='og:image']/@content")
        assert linked.startswith(f"{FOLDER}assets/pictures/")
        assert page.xpath("//meta[@property='og:image:width']/@content") == ["960"]
    assert f'<itunes:image href="{FOLDER}images/cover.jpg"/>' in (out / "feed.xml").read_text("utf-8")


def test_copies_are_made_once_and_again_when_their_picture_changes(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = site.parent / "out"
    built(site, out)
    asked: list[Path] = []

    def made(file: Path) -> list[tuple[Rendition, bytes]]:
        asked.append(file)
        return make_renditions(file)

    monkeypatch.setattr(renditions, "make_renditions", made)
    assert not built(site, out).changes.written
    assert asked == []
    before = copies_in(out)
    picture(site.parent / "images/one.jpg", color="olive")
    changes = built(site, out).changes
    assert [file.name for file in asked] == ["one.jpg"]
    assert {"episodes/one.html", "episodes/two.html"} <= set(changes.written)
    assert len(before.keys() - copies_in(out).keys()) == 4, "those of the old picture are gone"
    (out / next(iter(copies_in(out)))).unlink()
    whole = copies_in(out)
    built(site, out)
    assert len(copies_in(out)) == len(whole) + 1, "a copy that went missing is made again"
    built(site, site.parent / "elsewhere")
    assert copies_in(site.parent / "elsewhere") == copies_in(out)


def test_a_page_that_stays_as_it_was_keeps_its_pictures(site: Path) -> None:
    out = site.parent / "out"
    built(site, out)
    (site.parent / "episodes/one.md").write_text("---\ntitle: [One\n---\n", "utf-8")
    (site.parent / "episodes/two.md").write_text("---\ntitle: [Two\n---\n", "utf-8")
    (site.parent / "episodes/three.md").write_text(episode_text(title="Three", guid="three"), "utf-8")
    picture(site.parent / "images/cover.jpg", color="maroon")
    built(site, out)
    for name in ("one", "two"):
        page = html.fromstring((out / f"episodes/{name}.html").read_text("utf-8"))
        assert all((out / "episodes" / image).is_file() for image in page.xpath("//img/@src"))
