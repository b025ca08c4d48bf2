"""Pages as files: what they say to machines, what an owner may change, and that the same show gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from archives import NOW, SEEDS, built, config_text, episode_text, write_archive
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from feedbuilder import read_config
from feedbuilder.captions.paragraphs import Paragraph
from feedbuilder.errors import UsageError
from feedbuilder.model import Chapter, Enclosure, KeptEpisode, Show
from feedbuilder.render import Wanted
from feedbuilder.render.pages.listing import SUMMARY_LENGTH, opening
from feedbuilder.render.pages.site import Pages, Site
from feedbuilder.render.pages.talk import set_talk
from feedbuilder.render.pages.templating import as_json
from feedbuilder.render.pages.words import words_in
from feedbuilder.resolve.show import resolve_show
from feedbuilder.source.archive import read_archive
from feedbuilder.source.ledger import read_ledger
from feedbuilder.source.page_templates import read_page_templates
from feedbuilder.vocabulary.languages import direction_of

FOLDER = "https://show.example/"
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "nl", "pt", "zh")


def show_of(config_file: Path) -> Show:
    config = read_config(config_file)
    return resolve_show(read_archive(config), config, read_ledger(config), NOW).show


def pages_of(show: Show, **site: Any) -> dict[str, str]:
    made = Site(**{"folder_url": show.feed_url.rpartition("/")[0] + "/", "feed_name": "feed.xml", **site})
    pages = Pages(show, made, Wanted())
    files = [*map(pages.episode, show.episodes), *pages.around()]
    return {file.path: file.content.decode() for file in files if isinstance(file.content, bytes)}


@pytest.fixture
def show(tmp_path: Path) -> Show:
    episodes = {
        "one.md": episode_text("Some *notes*.", title="One", season=1, episode=1),
        "two.md": episode_text(title="Two", guid="two", season=2, dateadded="2026-02-01", type="bonus"),
        "three.md": episode_text(title="Three", guid="three", dateadded="2026-03-01", block=True, explicit=True),
    }
    return show_of(write_archive(tmp_path, episodes, config_text(show={"seasons": {"2": "Summer"}})))


def test_the_same_show_gives_the_same_bytes(show: Show) -> None:
    assert pages_of(show) == pages_of(show)


def test_the_index_lists_seasons_newest_first_and_everything_else_after(show: Show) -> None:
    page = html.fromstring(pages_of(show)["index.html"])
    assert [heading.text for heading in page.findall(".//h3")] == ["Season 2: Summer", "Season 1", "More episodes"]
    assert page.xpath("//h4/a/@href") == ["./episodes/two.html", "./episodes/one.html", "./episodes/three.html"]


def test_machines_learn_where_the_feed_is_and_what_the_page_is_about(show: Show) -> None:
    pages = pages_of(show)
    page = html.fromstring(pages["episodes/two.html"])
    assert page.xpath('//link[@rel="alternate"]/@href') == ["https://show.example/feed.xml"]
    assert page.xpath('//link[@rel="canonical"]/@href') == ["https://show.example/episodes/two.html"]
    assert page.xpath('//meta[@property="og:title"]/@content') == ["Two"]
    data = json.loads(page.xpath('//script[@type="application/ld+json"]/text()')[0])
    assert data["@type"] == "PodcastEpisode"
    assert data["partOfSeries"]["url"] == "https://show.example/"
    assert data["partOfSeason"] == {"@type": "PodcastSeason", "seasonNumber": 2}


def test_what_is_hidden_from_directories_is_hidden_from_search_engines(show: Show) -> None:
    pages = pages_of(show)
    urls = etree.fromstring(pages["sitemap.xml"].encode()).xpath("//*[local-name()='loc']/text()")
    assert urls == [FOLDER, f"{FOLDER}episodes/two.html", f"{FOLDER}episodes/one.html"]
    assert 'content="noindex"' in pages["episodes/three.html"]
    assert 'content="noindex"' not in pages["episodes/two.html"]
    assert "sitemap.xml" not in pages_of(replace(show, block=True))


def test_an_episode_whose_page_is_elsewhere_says_so_and_is_not_in_the_sitemap(show: Show) -> None:
    elsewhere = replace(show.episodes[1], page_url="https://show.example/blog/two")
    pages = pages_of(replace(show, episodes=(elsewhere,)))
    assert '<link rel="canonical" href="https://show.example/blog/two">' in pages["episodes/two.html"]
    assert "two" not in pages["sitemap.xml"]


def test_a_policy_opens_only_what_the_page_needs(show: Show) -> None:
    sound = Enclosure(url="https://cdn.example/one.mp3", mime_type="audio/mpeg")
    one = replace(show.episodes[2], enclosure=sound)
    [policy] = html.fromstring(pages_of(replace(show, episodes=(one,)))["episodes/one.html"]).xpath(
        '//meta[@http-equiv="Content-Security-Policy"]/@content'
    )
    assert "media-src 'self' https:;" in policy
    assert "img-src 'self';" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_sound_of_another_host_is_not_asked_for_before_somebody_plays_it(show: Show) -> None:
    for url, preload in (("https://cdn.example/one.mp3", "none"), (f"{FOLDER}audio/one.mp3", "metadata")):
        one = replace(show.episodes[2], enclosure=Enclosure(url=url, mime_type="audio/mpeg"))
        page = html.fromstring(pages_of(replace(show, episodes=(one,)))["episodes/one.html"])
        assert page.xpath("//audio/@preload") == [preload]


def test_a_film_has_a_player_of_its_own(show: Show) -> None:
    film = Enclosure(url=f"{FOLDER}audio/one.mp4", mime_type="video/mp4")
    pages = pages_of(replace(show, episodes=(replace(show.episodes[2], enclosure=film),)))
    assert html.fromstring(pages["episodes/one.html"]).xpath("//video/@src") == ["../audio/one.mp4"]


def test_dates_are_days_of_the_shows_own_zone(show: Show) -> None:
    late = replace(show.episodes[0], published=datetime(2026, 2, 28, 23, 30, tzinfo=UTC))
    page = pages_of(replace(show, episodes=(late,)), zone=ZoneInfo("Asia/Tokyo"))["index.html"]
    assert '<time datetime="2026-03-01">1 March 2026</time>' in page


def test_an_episode_kept_from_an_earlier_build_keeps_its_place_in_the_list(show: Show) -> None:
    item = b"""<item xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><title>Kept &amp; well</title>
        <description>&lt;p&gt;All of it.&lt;/p&gt;&lt;p&gt;And more.&lt;/p&gt;</description>
        <itunes:duration>65</itunes:duration><itunes:season>2</itunes:season>
        <itunes:episodeType>bonus</itunes:episodeType></item>"""
    kept = KeptEpisode(
        source="kept.md",
        guid="kept",
        published=show.episodes[1].published + timedelta(days=1),
        item=item,
        files=(("episodes/kept.html", Path("kept.html")), ("chapters/kept.json", Path("kept.json"))),
    )
    pages = pages_of(replace(show, kept=(kept,)))
    entry = html.fromstring(pages["index.html"]).xpath("//li[.//a[text()='Kept & well']]")[0]
    assert "1:05" in entry.text_content()
    assert "All of it. And more." in entry.text_content()
    assert entry.xpath(".//span[@class='tag']/text()") == ["Bonus"]
    assert "episodes/kept.html" not in pages, "the page itself stays as it was"
    assert html.fromstring(pages["episodes/two.html"]).xpath("//a[@rel='next']/@href") == ["../episodes/kept.html"]


def test_people_and_links_stand_once_on_a_page_and_in_the_notes_for_apps(tmp_path: Path) -> None:
    episode = episode_text("The body.", guests=["Ana Lima"], links={"spotify": "https://open.spotify.com/episode/1"})
    show = show_of(write_archive(tmp_path, {"one.md": episode}))
    page = html.fromstring(pages_of(show)["episodes/one.html"])
    assert page.xpath("//section[@class='people']//p[@class='name']/text()") == ["Ana Lima"]
    assert page.xpath("//nav[@class='elsewhere']/a/text()") == ["Spotify"]
    assert [words.text_content() for words in page.xpath("//section[@class='notes']/p")] == ["The body."]
    assert page.xpath("//main")[0].text_content().count("Ana Lima") == 1
    for words in ("Ana Lima", "Spotify", "The body."):
        assert words in show.episodes[0].notes.html


def test_an_index_of_thousands_tells_the_newest_at_length_and_folds_the_old(tmp_path: Path) -> None:
    episodes = {
        f"{number}.md": episode_text(
            "Words.", title=f"Talk {number}", guid=str(number), dateadded=f"{2026 - number // 40}-01-02"
        )
        for number in range(200)
    }
    page = html.fromstring(pages_of(show_of(write_archive(tmp_path, episodes)))["index.html"])
    assert len(page.xpath("//li[h4]")) == 200
    assert len(page.xpath("//li/p[@class='summary']")) == 60
    assert [len(group.xpath(".//li")) for group in page.xpath("//section[@class='group']")] == [40, 40]
    folded = page.xpath("//details[@class='group']")
    assert [heading.text_content() for heading in page.xpath("//details/summary/h3")] == [
        "2024 40",
        "2023 40",
        "2022 40",
    ]
    assert not any(group.get("open") for group in folded)


def test_what_is_not_found_leads_home_from_any_depth_where_a_host_would_ask_for_it(show: Show) -> None:
    page = html.fromstring(pages_of(show)["404.html"])
    assert page.xpath("//main//a/@href") == ["/index.html"]
    assert page.xpath("//link[@rel='stylesheet']/@href")[0].startswith("/assets/feedbuilder.css")
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not page.xpath("//link[@rel='canonical'] | //script[@type='application/ld+json']")
    assert "404.html" not in pages_of(show, folder_url="https://show.example/podcast/")
    assert "404" not in pages_of(show)["sitemap.xml"]


DOCUMENTED = {
    "PodcastSeries": {"name", "url", "description", "inLanguage", "webFeed", "image", "author", "license"},
    "PodcastEpisode": {
        "name", "url", "datePublished", "dateModified", "description", "inLanguage", "duration", "episodeNumber",
        "image", "keywords", "license", "associatedMedia", "actor", "partOfSeason", "partOfSeries",
    },
    "PodcastSeason": {"seasonNumber"},
    "AudioObject": {"contentUrl", "encodingFormat", "duration"},
    "Person": {"name", "url"},
    "Organization": {"name"},
}  # fmt: skip
"""What schema.org (29.0) documents for each type, itself or by what it descends from, of all that it documents."""


def test_search_engines_are_told_what_their_vocabulary_has_and_whole_addresses() -> None:
    def nodes(value: Any) -> list[dict[str, Any]]:
        inner = [node for each in (value.values() if isinstance(value, dict) else value) for node in nodes(each)] if (
            isinstance(value, dict | list)
        ) else []  # fmt: skip
        return [value, *inner] if isinstance(value, dict) else inner

    pages = pages_of(show_of(SEEDS / "feedbuilder.yaml"))
    kinds = set()
    for path in ("index.html", "episodes/welcome-to-the-seed-show.html"):
        page = html.fromstring(pages[path])
        data = json.loads(page.xpath('//script[@type="application/ld+json"]/text()')[0])
        assert data.pop("@context") == "https://schema.org"
        assert data["url"] == page.xpath("//link[@rel='canonical']/@href")[0]
        for node in nodes(data):
            kind = node.pop("@type")
            kinds.add(kind)
            assert node.keys() <= DOCUMENTED[kind]
            assert all(node[name].startswith("https://") for name in node.keys() & {"url", "image", "contentUrl"})
    assert {"PodcastSeries", "PodcastEpisode", "PodcastSeason", "AudioObject", "Person"} <= kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_words(language: str) -> None:
    assert words_in(language).keys() == words_in("en").keys()
    assert len(words_in(language)["months"]) == 12
    assert words_in(language)["date"].format(day=1, month=2, year=3)
    assert "7" in words_in(language)["season"].format(number=7)


@pytest.mark.parametrize("language", [*LANGUAGES, "he", "eo", "pt-BR"])
def test_a_page_speaks_the_shows_language(show: Show, language: str) -> None:
    page = html.fromstring(pages_of(replace(show, language=language))["index.html"])
    assert page.get("lang") == language
    assert page.get("dir") == ("rtl" if language in {"ar", "he"} else "ltr") == direction_of(language)
    assert page.xpath('//h2[@id="episodes"]/text()')[0].strip() == words_in(language)["episodes"]


@pytest.mark.parametrize(("language", "locale"), [("de-de", "de_DE"), ("en", "en"), ("zh-Hant-TW", "zh_TW")])
def test_a_preview_of_a_page_is_told_the_locale_as_it_is_written(show: Show, language: str, locale: str) -> None:
    page = html.fromstring(pages_of(replace(show, language=language))["index.html"])
    assert page.xpath('//meta[@property="og:locale"]/@content') == [locale]


def test_an_episode_is_summed_up_without_its_guest(tmp_path: Path) -> None:
    show = show_of(write_archive(tmp_path, {"one.md": episode_text("Tomatoes.", guests=["Özlem Kaya"])}))
    pages = pages_of(show)
    page = html.fromstring(pages["episodes/one.html"])
    assert page.xpath('//meta[@name="description"]/@content') == ["Tomatoes."]
    assert html.fromstring(pages["index.html"]).xpath('//p[@class="summary"]/text()') == ["Tomatoes."]


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("de", None)])
def test_a_transcript_page_runs_as_its_language_does(tmp_path: Path, language: str, direction: str | None) -> None:
    episode = episode_text(language=language, transcript=[{"line": "Hallo.", "sec": 1}])
    config = write_archive(tmp_path, {"one.md": episode}, config_text(transcripts=["html"]))
    built(config, tmp_path / "out")
    assert html.parse(tmp_path / "out/transcripts/one.html").getroot().get("dir") == direction


def write_templates(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return read_page_templates(folder)


def test_an_owner_may_change_a_part_of_a_page_and_its_style(show: Show, tmp_path: Path) -> None:
    ours = '{% extends "feedbuilder/index.html" %}{% block foot %}<p>Made by {{ show.title }}</p>{% endblock %}'
    templates = write_templates(tmp_path / "mine", {"index.html": ours, "feedbuilder.css": "h1 { color: red }"})
    plain, pages = pages_of(show), pages_of(show, templates=templates)
    assert "<p>Made by A Show</p>" in pages["index.html"]
    assert "Two" in pages["index.html"], "the rest is as ever"
    assert pages["assets/feedbuilder.css"] == "h1 { color: red }"
    assert pages["episodes/one.html"] != plain["episodes/one.html"], "browsers must fetch the new style sheet"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ show.titel }}", "index.html, line 1: .*titel"),
        ("a\n{% if %}", "index.html, line 2"),
        ("\n\n{{ 1 + 'a' }}", "index.html, line 3"),
        ("{{ show.__class__.__mro__ }}", "index.html, line 1: .*unsafe"),
        ("{% include 'nowhere.html' %}", "index.html, line 1: nowhere.html"),
    ],
)
def test_a_fault_in_an_owners_template_is_told_with_its_line(show: Show, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        pages_of(show, templates={"index.html": text})


def test_templates_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        read_page_templates(tmp_path / "nowhere")
    (tmp_path / "index.html").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_page_templates(tmp_path)


def test_a_feeds_style_sheet_holds_words_as_strings(show: Show) -> None:
    pages = pages_of(show, styles_feed=True)
    assert f'rss::before {{ content: "{words_in("en")["feed_told"]}"; ' in pages["feed.css"]
    assert "feed.css" not in pages_of(show)


@given(value=st.text())
def test_json_in_a_page_cannot_end_its_element(value: str) -> None:
    written = as_json({"name": value})
    assert json.loads(written) == {"name": value}
    assert not set(written) & set("<>&\u2028\u2029")


@given(text=st.text(), length=st.integers(2, 50))
def test_an_opening_is_the_beginning_and_no_longer(text: str, length: int) -> None:
    made = opening(text, length)
    assert len(made) <= length + 1
    assert " ".join(text.split()).startswith(made.removesuffix("…"))


@given(st.lists(st.tuples(st.integers(0, 99_000), st.sampled_from(["Ana", "Bob", None])), max_size=20))
def test_a_set_talk_has_every_paragraph_once_and_no_anchor_twice(lines: list[tuple[int, str | None]]) -> None:
    said = [
        Paragraph(start_ms=start, end_ms=start + 1, speaker=who, text=str(place), headings=())
        for place, (start, who) in enumerate(sorted(lines, key=lambda line: line[0]))
    ]
    chapters = [Chapter(title="Later", start_ms=50_000), Chapter(title="Never", start_ms=100_000)]
    parts = set_talk(said, chapters)
    set_lines = [line for part in parts for turn in part.turns for line in turn.said]
    assert [line.text for line in set_lines] == [paragraph.text for paragraph in said]
    anchors = [line.anchor for line in set_lines if line.is_anchored]
    assert len(set(anchors)) == len(anchors)
    assert {line.anchor for line in set_lines} == set(anchors), "every link has a place to lead to"
    headings = [heading for part in parts for heading in part.headings]
    assert headings == (["Later"] if any(start >= 50_000 for start, _ in lines) else [])


def test_an_index_of_hundreds_stays_light(tmp_path: Path) -> None:
    show = show_of(write_archive(tmp_path, {"one.md": episode_text(description="word " * 500)}))
    many = tuple(replace(show.episodes[0], slug=f"e{number}", guid=str(number)) for number in range(500))
    page = pages_of(replace(show, episodes=many))["index.html"]
    assert len(page) < 500 * 650
    assert "word " * (SUMMARY_LENGTH // 5 + 1) not in page
    assert page.count("<h3>") == 1, "the years are headings"


def test_the_sample_show_has_all_its_pages() -> None:
    pages = pages_of(show_of(SEEDS / "feedbuilder.yaml"))
    assert sorted(path for path in pages if path.endswith(".html")) == [
        "404.html",
        "episodes/kaggle-grandmaster-to-production-ml-and-education.html",
        "episodes/welcome-to-the-seed-show.html",
        "index.html",
    ]
