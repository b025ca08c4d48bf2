"""`site:` in the config: pages beside the feed, published and withdrawn with everything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import built, config_text, episode_text, tree, write_archive
from lxml import html

from feedbuilder.errors import RefusedError, UsageError

TALK = [{"line": "Hello and welcome.", "sec": 1, "who": "Ana"}]


def write(folder: Path, site: object, **two: object) -> Path:
    episodes = {
        "one.md": episode_text(title="One", transcript=TALK),
        "two.md": episode_text(title="Two", guid="two", dateadded="2026-02-01", **two),
    }
    return write_archive(folder, episodes, config_text(site=site))


def test_without_the_setting_there_is_no_page(tmp_path: Path) -> None:
    built(write(tmp_path, False), tmp_path / "out")
    assert not [path for path in tree(tmp_path / "out") if path.endswith((".html", ".css"))]


def test_pages_come_and_go_with_the_setting(tmp_path: Path) -> None:
    built(write(tmp_path, True), tmp_path / "out")
    pages = {
        path for path in tree(tmp_path / "out") if path.startswith(("404", "index", "episodes/", "assets/", "sitemap"))
    }
    assert pages == {
        "404.html",
        "index.html",
        "sitemap.xml",
        "episodes/one.html",
        "episodes/two.html",
        "assets/feedbuilder.css",
        "assets/feedbuilder.js",
        "assets/feedbuilder.svg",
    }
    again = built(write(tmp_path, True), tmp_path / "out")
    assert not again.changes.written
    built(write(tmp_path, False), tmp_path / "out")
    assert not pages & tree(tmp_path / "out").keys()


def test_an_item_leads_to_its_page_where_the_archive_names_no_other(tmp_path: Path) -> None:
    report = built(write(tmp_path, True, link="https://show.example/blog/two"), tmp_path / "out")
    assert [episode.page_url for episode in report.show.episodes] == [
        "https://show.example/blog/two",
        "https://show.example/episodes/one.html",
    ]
    feed = (tmp_path / "out/feed.xml").read_text("utf-8")
    assert "<link>https://show.example/episodes/one.html</link>" in feed
    assert "xml-stylesheet" not in feed


def test_a_feed_may_have_a_style_sheet(tmp_path: Path) -> None:
    built(write(tmp_path, {"style_feed": True}), tmp_path / "out")
    lines = (tmp_path / "out/feed.xml").read_text("utf-8").splitlines()
    assert lines[1] == '<?xml-stylesheet type="text/css" href="feed.css"?>'
    assert "feed.css" in tree(tmp_path / "out")


def test_where_listeners_subscribe_is_what_the_owner_says(tmp_path: Path) -> None:
    links = [{"url": "https://apps.example/show", "label": "Some App"}]
    built(write(tmp_path, {"links": links}), tmp_path / "out")
    page = html.fromstring((tmp_path / "out/index.html").read_text("utf-8"))
    assert page.xpath("//nav[@class='subscribe']/a/@href") == ["./feed.xml", "https://apps.example/show"]


def test_templates_of_the_owner_come_first(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/index.html").write_text("<p>{{ show.title }}</p>", "utf-8")
    built(write(tmp_path, {"templates": "mine"}), tmp_path / "out")
    assert (tmp_path / "out/index.html").read_text("utf-8") == "<p>A Show</p>"
    with pytest.raises(UsageError, match="1 fault"):
        built(write(tmp_path, {"templates": "nowhere"}), tmp_path / "out")


def test_a_template_that_fails_leaves_what_is_out_as_it_was(tmp_path: Path) -> None:
    built(write(tmp_path, True), tmp_path / "out")
    before = tree(tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/episode.html").write_text("{{ episode.titel }}", "utf-8")
    with pytest.raises(UsageError, match=r"episode\.html, line 1"):
        built(write(tmp_path, {"templates": "mine"}), tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_an_episode_that_breaks_keeps_its_page_and_its_place_in_the_index(tmp_path: Path) -> None:
    config = write(tmp_path, True)
    built(config, tmp_path / "out")
    before = tree(tmp_path / "out")["episodes/two.html"]
    (tmp_path / "episodes/two.md").write_text("---\ntitle: [Two\n---\n", "utf-8")
    built(config, tmp_path / "out")
    after = tree(tmp_path / "out")
    assert after["episodes/two.html"] == before
    assert ">Two</a>" in after["index.html"].decode()
    (tmp_path / "episodes/three.md").write_text(episode_text(title="Three", guid="three", slug="two"), "utf-8")
    with pytest.raises(RefusedError, match=r"episodes/two\.html|two"):
        built(config, tmp_path / "out")


def test_a_page_of_the_owners_own_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/index.html").write_text("mine", "utf-8")
    with pytest.raises(RefusedError, match="index"):
        built(write(tmp_path, True), tmp_path / "out")
    assert (tmp_path / "out/index.html").read_text("utf-8") == "mine"
    built(write(tmp_path, True), tmp_path / "out", accept=["overwrite"])
    assert "A Show" in (tmp_path / "out/index.html").read_text("utf-8")


def test_a_sites_own_page_for_what_is_not_found_stays(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/404.html").write_text("mine", "utf-8")
    for _ in range(2):
        built(write(tmp_path, True), tmp_path / "out")
        assert (tmp_path / "out/404.html").read_text("utf-8") == "mine"
    (tmp_path / "out/404.html").unlink()
    for _ in range(2):
        built(write(tmp_path, True), tmp_path / "out")
        assert "There is no such page." in (tmp_path / "out/404.html").read_text("utf-8")


def test_a_change_reaches_every_page_that_shows_it_and_no_other(tmp_path: Path) -> None:
    config = write(tmp_path, True)
    (tmp_path / "episodes/zero.md").write_text(episode_text(title="Zero", guid="zero", dateadded="2025-01-01"), "utf-8")
    built(config, tmp_path / "out")
    write(tmp_path, True, season=4)
    assert set(built(config, tmp_path / "out").changes.written) >= {"episodes/two.html", "index.html"}
    (tmp_path / "episodes/two.md").write_text(
        episode_text(title="Two of them", guid="two", dateadded="2026-02-01", season=4), "utf-8"
    )
    written = set(built(config, tmp_path / "out").changes.written)
    assert {"episodes/one.html", "episodes/two.html", "index.html", "feed.xml"} <= written
    assert "episodes/zero.html" not in written
    config.write_text(config_text(site=True, show={"copyright": "Somebody"}), "utf-8")
    assert "episodes/zero.html" in built(config, tmp_path / "out").changes.written
    fresh = tree(tmp_path / "out")
    built(config, tmp_path / "elsewhere")
    assert {path: content for path, content in tree(tmp_path / "elsewhere").items() if path.endswith("html")} == {
        path: content for path, content in fresh.items() if path.endswith("html")
    }
