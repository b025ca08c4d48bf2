"""Every kind of page, as everybody may meet it: in both themes, on a phone, with assistive technology."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from archives import NOW, SEEDS, config_text, episode_text, write_archive
from PIL import Image
from sites import AXE, DESK, PHONE, edition_of, served, site_of, until

from feedbuilder import read_config
from feedbuilder.preview.edition import Edition, read_edition
from feedbuilder.preview.watching import Watcher

PAGES = {
    "index": "",
    "nowhere": "404.html",
    "heard": "episodes/welcome-to-the-seed-show.html",
    "silent": "episodes/kaggle-grandmaster-to-production-ml-and-education.html",
}
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def faults(page: Any) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA and good practice."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run `npm ci` in tests/peers")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}" for fault in found["violations"]
        for node in fault["nodes"][:3]
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "theme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(
    open_page: Callable[..., Any], site: str, screenshot: Callable[..., None], name: str, size: Any, theme: str
) -> None:
    page = open_page(site + PAGES[name], theme=theme, size=size)
    screenshot(page, f"{name}-{size['width']}-{theme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert faults(page) == []


@pytest.mark.parametrize(("name", "theme"), [("index", "light"), ("silent", "dark"), ("remarks", "light")])
def test_a_page_of_the_preview_is_accessible(
    open_page: Callable[..., Any], previewed: str, screenshot: Callable[..., None], name: str, theme: str
) -> None:
    page = open_page(previewed + {**PAGES, "remarks": ".preview/remarks.html"}[name], theme=theme)
    screenshot(page, f"preview-{name}-{theme}")
    assert faults(page) == []


def test_a_page_that_plays_is_accessible(
    open_page: Callable[..., Any], site: str, screenshot: Callable[..., None]
) -> None:
    for size, theme in ((DESK, "light"), (PHONE, "dark")):
        page = open_page(site + PAGES["heard"], size=size, theme=theme)
        page.locator(".chapters a").nth(2).click()
        until(page, "document.querySelector('.is-now') && document.querySelector('.caption').textContent")
        page.wait_for_timeout(600)
        screenshot(page, f"plays-{size['width']}-{theme}")
        assert faults(page) == []


def test_a_page_from_right_to_left_runs_so(
    open_page: Callable[..., Any], tmp_path: Path, screenshot: Callable[..., None]
) -> None:
    episode = episode_text(
        title="كيف نبدأ بودكاست جديدا",
        description="حديث قصير عن البداية.",
        language="ar",
        transcript=[{"line": "أهلا بكم في الحلقة الأولى.", "sec": 1, "who": "سلمى"}],
        guests=["سلمى الحربي"],
    )
    episodes = {"one.md": episode, "two.md": episode_text(guid="two", audio="two.mp3")}
    show = config_text(show={"language": "ar", "title": "صوت"}, audio={"folder": "audio"})
    config = write_archive(tmp_path, episodes, show,
                           {"audio/two.mp3": (SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()})  # fmt: skip
    with served(edition_of(site_of(config))) as server:
        page = open_page(server.address + "episodes/one.html")
        screenshot(page, "right-to-left")
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        heard = open_page(server.address + "episodes/two.html").locator("[data-skip]").first
        assert heard.evaluate("each => getComputedStyle(each).direction") == "ltr", "the minus stands before the 15"
        assert faults(page) == []


def test_hostile_words_stay_words(open_page: Callable[..., Any], tmp_path: Path) -> None:
    hostile = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>&amp;"
    episode = episode_text(
        title=hostile, description=hostile, guests=[hostile], image_alt=f"\" onload='{hostile}'",
        transcript=[{"header": hostile}, {"line": hostile, "sec": 1, "who": hostile}],
        quotableClips=[{"name": hostile, "startOffset": 0}],
    )  # fmt: skip
    config = write_archive(tmp_path, {"one.md": episode}, config_text(show={"title": hostile, "author": hostile}))
    with served(edition_of(site_of(config))) as server:
        for path in ("", "episodes/one.html"):
            page = open_page(server.address + path)
            assert page.evaluate("window.hacked") is None
            assert hostile in page.locator("body").inner_text()
            data = json.loads(page.locator('script[type="application/ld+json"]').inner_text())
            assert data["name"].removesuffix("amp;") == hostile.removesuffix("amp;")  # a title is read as HTML


def test_an_episode_is_found_among_many(open_page: Callable[..., Any], tmp_path: Path) -> None:
    episodes = {
        f"{number:03}.md": episode_text(
            title=f"Talk number {number}", guid=f"g{number}", season=number // 50 + 1, description="x " * 200
        )
        for number in range(200)
    }
    config = write_archive(tmp_path, episodes)
    with served(edition_of(site_of(config))) as server:
        page = open_page(server.address)
        assert page.locator(".list li").count() == 200
        page.get_by_role("searchbox").fill("number 137")
        assert page.locator(".list li:visible").count() == 1
        assert page.locator(".group:visible").count() == 1
        page.get_by_role("searchbox").fill("nowhere")
        assert page.get_by_role("status").inner_text() == "No episode has these words."
        page.get_by_role("searchbox").fill("number 42")
        page.get_by_role("link", name="Talk number 42").click()
        assert page.locator("h1").inner_text() == "Talk number 42"


def long_talk(folder: Path) -> Path:
    """Write an episode of four hours, beside an audio file that is shorter."""
    shutil.copytree(SEEDS / "audio", folder / "audio")
    (folder / "audio/welcome-to-the-seed-show.mp3").rename(folder / "audio/long.mp3")
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    said = [{"line": f"{'Some words. ' * (1 + second % 20)}", "sec": second * 9, "who": "AB"[second % 2]}
            for second in range(1500)]  # fmt: skip
    episode = episode_text(
        f"{word} and `{word * 3}`", title=f"Long {word}", description=word * 2, guests=[word], transcript=said,
        quotableClips=[{"name": f"Part {part} {word if part == 3 else ''}", "startOffset": part} for part in range(40)],
    )  # fmt: skip
    return write_archive(folder, {"long.md": episode}, config_text(audio={"folder": "audio"}))


@pytest.mark.parametrize(("size", "theme"), [(DESK, "dark"), (PHONE, "light")], ids=["desk", "phone"])
def test_a_page_of_four_hours_is_readable_and_quick(
    open_page: Callable[..., Any], tmp_path: Path, screenshot: Callable[..., None], size: Any, theme: str
) -> None:
    with served(edition_of(site_of(long_talk(tmp_path)))) as server:
        page = open_page(server.address + "episodes/long.html", size=size, theme=theme)
        screenshot(page, f"long-{size['width']}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.locator(".turn p").count() == 1500
        inner = "[...document.querySelectorAll('main *')].filter(each => each.scrollHeight > each.clientHeight + 1"
        inner += " && ['auto', 'scroll'].includes(getComputedStyle(each).overflowY)).length"
        assert page.evaluate(inner) == (size is DESK), "nothing scrolls inside the page but chapters beside the words"
        assert page.locator(".chapters li").first.is_visible() == (size is DESK), "forty chapters are folded on a phone"
        assert faults(page) == []
        until(page, "document.getElementById('sound').readyState > 0")
        page.evaluate("document.getElementById('sound').currentTime = 33.5")
        now = page.locator(".now")
        until(page, "document.querySelector('.now').textContent.startsWith('Part 33')")
        page.locator(".transcript").scroll_into_view_if_needed()
        page.evaluate("scrollTo({top: 9000, behavior: 'instant'})")
        in_sight = page.evaluate(
            "(box => box.top > 0 && box.bottom < innerHeight)"
            "(document.querySelector('.chapters [aria-current]').getBoundingClientRect())"
        )
        assert in_sight == (size is DESK), "beside the words, the current chapter stays in sight"
        assert now.is_visible(), "the current chapter is told wherever the reader is"
        now.click()
        until(page, "document.activeElement.textContent.includes('Part 33')")
        current = page.locator(".chapters [aria-current]")
        until(page, "(box => box.top > 0 && box.bottom < innerHeight)"
              "(document.querySelector('.chapters [aria-current]').getBoundingClientRect())")  # fmt: skip
        assert current.is_visible()


def test_a_transcript_is_one_stop_for_the_tab_key_and_arrows_lead_through_it(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    with served(edition_of(site_of(long_talk(tmp_path)))) as server:
        page = open_page(server.address + "episodes/long.html")
        page.locator(".turn a").first.focus()
        for key in ("ArrowDown", "ArrowDown", "PageDown", "ArrowUp"):
            page.keyboard.press(key)
        there = "[...document.querySelectorAll('.turn a')].indexOf(document.activeElement)"
        assert page.evaluate(there) == 11
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.closest('.turn')"), "the way on is one key"
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(there) == 11, "and back to where the reader was"


def test_a_page_prints_without_what_only_a_screen_needs(open_page: Callable[..., Any], site: str) -> None:
    page = open_page(site + PAGES["heard"])
    page.emulate_media(media="print")
    assert page.locator(".player:visible, .subscribe:visible, .all:visible").count() == 0
    assert page.locator(".home").is_visible(), "whose episode it is"
    assert page.locator(".turn p:visible").count() == 6
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_folded_chapters_are_printed(open_page: Callable[..., Any], site: str) -> None:
    page = open_page(site + PAGES["silent"], size=PHONE)
    assert page.locator(".chapters li").first.is_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".chapters li").first.is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_everything_can_be_hit_with_a_finger_on_the_narrowest_phone(
    open_page: Callable[..., Any], site: str, name: str
) -> None:
    page = open_page(site + PAGES[name], size={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    small = page.evaluate("""
        [...document.querySelectorAll("a, button, input, summary")]
            .filter((each) => each.checkVisibility() && !each.matches(".notes *, .list h4 a, .skip"))
            .map((each) => [each.textContent, each.getBoundingClientRect(), each.closest(".controls") ? 44 : 24])
            .filter(([, box, least]) => box.width < least || box.height < (box.width > 150 ? 24 : least))
            .map(([text, box]) => `${text}: ${box.width} by ${box.height}`)
    """)
    assert small == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_jumps_while_a_page_loads(open_page: Callable[..., Any], site: str, size: Any) -> None:
    """Pictures and the script come late, as they do on a train."""
    page = open_page("about:blank", size=size)
    page.add_init_script("""
        window.shifted = 0;
        new PerformanceObserver((list) => { for (const each of list.getEntries()) shifted += each.value; })
            .observe({ type: "layout-shift", buffered: true });
    """)
    late = re.compile(r"\.(jpg|js)(\?|$)")
    page.route(late, lambda route: (page.wait_for_timeout(150), route.continue_()))
    for name in ("index", "heard"):
        page.goto(site + PAGES[name])
        page.wait_for_timeout(200)
        assert page.evaluate("shifted") < 0.02


def test_the_first_screen_of_a_phone_has_the_title_the_player_and_who_is_heard(
    open_page: Callable[..., Any], site: str
) -> None:
    page = open_page(site + PAGES["heard"], size={"width": 360, "height": 740})
    for what in ("time", "h1", "audio", "#people"):
        assert page.locator(what).first.bounding_box()["y"] < 700, what


def test_a_low_screen_is_left_to_the_words(open_page: Callable[..., Any], site: str) -> None:
    page = open_page(site + PAGES["heard"], size={"width": 740, "height": 360})
    page.evaluate("scrollTo({top: 900, behavior: 'instant'})")
    assert page.locator(".player").bounding_box()["y"] < -100


def test_a_paragraph_that_is_linked_to_stands_at_the_top_where_there_is_no_player(
    open_page: Callable[..., Any], site: str
) -> None:
    page = open_page(site + PAGES["silent"] + "#t516", reduced_motion="reduce")
    assert 0 <= page.locator(":target").bounding_box()["y"] < 60


def test_wide_and_tall_artwork_is_never_cut(open_page: Callable[..., Any], tmp_path: Path) -> None:
    for name, size in (("wide", (1600, 900)), ("tall", (900, 1600))):
        (tmp_path / "images").mkdir(exist_ok=True)
        Image.new("RGB", size, "teal").save(tmp_path / f"images/{name}.png")
    episode = episode_text(image="images/tall.png")
    config = write_archive(tmp_path, {"one.md": episode}, config_text(show={"image": "images/wide.png"}))
    with served(edition_of(site_of(config))) as server:
        for path, count in (("", 2), ("episodes/one.html", 2)):
            for size in (DESK, PHONE):
                page = open_page(server.address + path, size=size)
                until(page, "[...document.images].every(each => each.naturalWidth)")
                shown = page.evaluate("""[...document.images].map((each) => {
                    const cut = each.naturalWidth / each.naturalHeight / (each.clientWidth / each.clientHeight);
                    return getComputedStyle(each).objectFit === "contain" || Math.abs(1 - cut) < 0.02;
                })""")
                assert shown == [True] * count


def test_nothing_moves_for_those_who_want_no_motion(open_page: Callable[..., Any], site: str) -> None:
    for motion, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        page = open_page(site + PAGES["heard"], reduced_motion=motion)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour


def test_old_episodes_are_folded_and_found_all_the_same(open_page: Callable[..., Any], tmp_path: Path) -> None:
    episodes = {
        f"{number:03}.md": episode_text(
            title=f"Talk {number}", guid=f"g{number}", dateadded=f"{2026 - number // 40}-01-02"
        )
        for number in range(200)
    }
    with served(edition_of(site_of(write_archive(tmp_path, episodes)))) as server:
        page = open_page(server.address)
        assert page.locator(".list li:visible").count() == 80
        assert faults(page) == []
        page.get_by_role("searchbox").fill("talk 199")
        assert page.locator(".list li:visible").count() == 1
        page.get_by_role("searchbox").fill("")
        assert page.locator(".list li:visible").count() == 80
        page.locator("summary", has_text="2022").focus()
        page.keyboard.press("Enter")
        assert page.locator(".list li:visible").count() == 120


def test_keys_alone_reach_the_content_and_play(open_page: Callable[..., Any], site: str) -> None:
    page = open_page(site + PAGES["heard"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("link", name="Plant Your Own").focus()
    page.keyboard.press("Enter")
    until(page, "document.getElementById('sound').currentTime >= 31")


def test_the_preview_marks_what_is_not_out_and_what_is_to_be_mended(
    open_page: Callable[..., Any], tmp_path: Path, screenshot: Callable[..., None]
) -> None:
    episodes = {
        "out.md": episode_text(title="Out"),
        "later.md": episode_text(title="Later", guid="two", dateadded="2027-02-01", links={"web": "TODO"}),
    }
    config = write_archive(tmp_path, episodes)
    with served(read_edition(lambda: read_config(config), NOW)) as server:
        page = open_page(server.address)
        screenshot(page, "preview-scheduled")
        later = page.locator(".list li", has_text="Later")
        assert "comes out 2027-02-01 06:00" in later.inner_text()
        assert "2 warnings" in later.inner_text()
        later.get_by_role("link").click()
        remarks = page.get_by_role("complementary", name="Preview").inner_text()
        assert "comes out 2027-02-01" in remarks
        assert "placeholder" not in remarks
        assert "'TODO'" in remarks
        page.get_by_role("link", name="Item in the feed").click()
        assert "<title>Later</title>" in page.locator("pre").inner_text()


def test_a_preview_whose_config_is_wrong_says_where(open_page: Callable[..., Any], tmp_path: Path) -> None:
    config = write_archive(tmp_path, {}, config_text(show={"language": "English"}))
    with served(read_edition(lambda: read_config(config), NOW)) as server:
        page = open_page(server.address)
        assert "feedbuilder.yaml:" in page.locator("main").inner_text()
        assert faults(page) == []


def test_a_feed_that_is_opened_in_a_browser_is_readable(
    open_page: Callable[..., Any], screenshot: Callable[..., None]
) -> None:
    files = {file.path: file for file in site_of(SEEDS / "feedbuilder.yaml", styles_feed=True)}
    declaration, rest = files["feed.xml"].content.split(b"\n", 1)
    styled = declaration + b'\n<?xml-stylesheet type="text/css" href="feed.css"?>\n' + rest
    files["feed.xml"] = files["feed.xml"]._replace(content=styled)
    with served(edition_of(list(files.values()))) as server:
        page = open_page(server.address + "feed.xml")
        screenshot(page, "feed")
        assert page.evaluate("getComputedStyle(document.documentElement).display") == "block"
        shown = page.evaluate(
            "[...document.querySelectorAll('*')].filter(each => each.checkVisibility()).map(each => each.nodeName)"
        )
        assert set(shown) == {"rss", "channel", "title", "atom:link", "description", "item", "pubDate"}


def test_a_page_loads_anew_when_its_episode_changes(open_page: Callable[..., Any], tmp_path: Path) -> None:
    pytest.importorskip("watchfiles", reason="watchfiles is not installed")
    config = write_archive(tmp_path, {"one.md": episode_text(title="Before")})

    def read() -> Edition:
        return read_edition(lambda: read_config(config), NOW)

    with served(read()) as server:
        watcher = Watcher(lambda: server.replace(read()))
        watcher.look_at([tmp_path / "episodes"], [config])
        page = open_page(server.address + "episodes/one.html")
        page.wait_for_timeout(300)  # until the watcher watches and the page listens
        (tmp_path / "episodes/one.md").write_text(episode_text(title="After"), "utf-8")
        page.get_by_role("heading", name="After").wait_for()
        config.write_text(config_text(show={"title": "Another Show"}), "utf-8")
        page.get_by_role("link", name="Another Show").wait_for()
        watcher.stop()
