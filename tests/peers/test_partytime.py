"""Podcast Index reads our feeds with podcast-partytime; it must see what lxml and feedparser see.

Get it with `npm ci` in tests/peers. What it does not look at, and why, stands in UNSEEN.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest
from archives import SEEDS, built, write_real_config
from lxml import etree

from feedbuilder.render.xml import NAMESPACES

HERE = Path(__file__).parent
UNSEEN = {
    "podcast:contentLink": "it reads this tag inside live items only",
    "podcast:image": "it knows podcast:images, which this tag replaced in 2025",
    "podcast:updateFrequency": "it has no reader for it",
    "psc:chapters": "it reads podcast: and itunes: only; podcast:chapters points at the same chapters",
}
SRT_IS_CALLED = {"application/x-subrip": "application/srt"}  # its one name for all of SRT's types


def partytime(feed: Path) -> dict[str, Any]:
    run = subprocess.run(
        ["node", HERE / "partytime.mjs", feed],
        env={**os.environ, "PARTYTIME_LOG": "silent"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(run.stdout)  # type: ignore[no-any-return]


@pytest.fixture(scope="module", autouse=True)
def _reader_is_there() -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    if not (HERE / "node_modules/podcast-partytime").is_dir():
        pytest.skip("podcast-partytime is not installed: run `npm ci` in tests/peers")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    built(SEEDS / "feedbuilder.yaml", folder)
    return folder / "feed.xml"


@pytest.fixture(scope="module")
def real(real_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the real archive with an address for each episode's sound: Podcast Index drops items without."""
    folder = tmp_path_factory.mktemp("real")
    config = write_real_config(folder)
    with (folder / "audio.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["slug", "url", "length"])
        for size, file in enumerate(sorted((real_archive / "_podcast").glob("[!_]*.md")), start=1):
            table.writerow([file.stem, f"https://cdn.example/{file.stem}.mp3?a=1&b=2", size])
    config.write_text(config.read_text("utf-8") + "audio: {table: audio.csv}\n", "utf-8")
    built(config, folder / "output")
    return folder / "output/feed.xml"


def test_it_sees_the_sample_show_as_other_readers_do(seeds: Path) -> None:
    compare(seeds, items_seen=1)


def test_it_sees_the_real_archive_as_other_readers_do(real: Path) -> None:
    compare(real, items_seen=54)


def test_it_keeps_no_item_without_an_enclosure(seeds: Path) -> None:
    assert len(etree.parse(seeds).findall("channel/item")) == 2
    assert len(partytime(seeds)["items"]) == 1


def compare(feed: Path, *, items_seen: int) -> None:
    seen, read, channel = partytime(feed), feedparser.parse(str(feed)), etree.parse(feed).find("channel")
    assert seen["title"] == read.feed.title == channel.findtext("title")
    assert seen["link"] == read.feed.link == channel.findtext("link")
    assert seen["description"] == channel.findtext("description")
    assert seen["language"] == channel.findtext("language")
    assert seen["guid"] == channel.findtext("podcast:guid", None, NAMESPACES)
    # It takes podcast:locked for unsupported where no owner is named, though the attribute is optional.
    assert seen.get("locked", False) == bool(channel.find("podcast:locked", NAMESPACES).get("owner"))
    assert seen["medium"] == "podcast"
    assert seen["pubsub"]["self"] == channel.find("atom:link[@rel='self']", NAMESPACES).get("href")
    assert instant(seen["pubDate"]) == parsedate_to_datetime(channel.findtext("pubDate"))
    assert [person["name"] for person in seen["podcastPeople"]] == texts(channel, "podcast:person")
    items = [item for item in channel.findall("item") if item.find("enclosure") is not None]
    entries = [entry for entry in read.entries if entry.enclosures]
    assert len(seen["items"]) == len(items) == len(entries) == items_seen
    for found, item, entry in zip(seen["items"], items, entries, strict=True):
        compare_items(found, item, entry)


def compare_items(found: dict[str, Any], item: Any, entry: Any) -> None:
    assert found["title"] == entry.title == item.findtext("title")
    assert found["guid"] == entry.id == item.findtext("guid")
    assert found["link"] == entry.link == item.findtext("link")
    assert instant(found["pubDate"]) == parsedate_to_datetime(entry.published)
    # It undoes one level of references too many in HTML.
    assert unescape(found["content"]).split() == unescape(entry.content[-1].value).split()
    enclosure = item.find("enclosure")
    assert found["enclosure"] == {**enclosure.attrib, "length": int(enclosure.get("length"))}
    assert [(each.href, each.length, each.type) for each in entry.enclosures] == [
        (enclosure.get("url"), enclosure.get("length"), enclosure.get("type"))
    ]
    assert found["duration"] == int(item.findtext("itunes:duration", "0", NAMESPACES))
    for name, tag in (("itunesSeason", "itunes:season"), ("itunesEpisode", "itunes:episode")):
        assert str(found.get(name)) == str(item.findtext(tag, None, NAMESPACES))
    chapters = item.find("podcast:chapters", NAMESPACES)
    assert found.get("podcastChapters") == (None if chapters is None else dict(chapters.attrib))
    assert found.get("podcastTranscripts", []) == [
        {**each.attrib, "type": SRT_IS_CALLED.get(each.get("type"), each.get("type"))}
        for each in item.findall("podcast:transcript", NAMESPACES)
    ]
    assert [
        (person["name"], person["role"].lower(), person.get("href")) for person in found.get("podcastPeople", ())
    ] == [
        (person.text, person.get("role"), person.get("href")) for person in item.findall("podcast:person", NAMESPACES)
    ]


def test_every_tag_it_does_not_look_at_is_known_and_no_other() -> None:
    feed = HERE.parent / "golden/everything/expected/show.xml"
    looked_at = {f"podcast:{name}" for names in partytime(feed)["pc20support"].values() for name in names}
    written = {
        f"{element.prefix}:{etree.QName(element).localname}"
        for element in etree.parse(feed).iter(etree.Element)
        if element.prefix in {"podcast", "psc"}
    } - {"psc:chapter"}
    assert written - looked_at == set(UNSEEN)


def texts(parent: Any, tag: str) -> list[str]:
    return [element.text for element in parent.findall(tag, NAMESPACES)]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
