"""The real archive, read as it is: what comes out, what is held, and that nothing of it is touched."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import feedparser
import pytest
import srt
import webvtt
import yaml
from archives import built, tree, write_real_config
from lxml import etree

from feedbuilder import Report
from feedbuilder.render.xml import NAMESPACES

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass
class Run:
    """One build of the archive, with what its files were before and after."""

    report: Report
    output: Path
    sources: dict[str, dict[str, Any]]  # front matter by file name, as PyYAML has it
    before: dict[Path, tuple[int, str]]
    after: dict[Path, tuple[int, str]]

    def told(self, code: str) -> list[str]:
        return sorted(fault.place.path.rpartition("/")[2] for fault in self.report.problems if fault.code == code)


@pytest.fixture(scope="module")
def run(real_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("real")
    before = fingerprints(real_archive)
    report = built(write_real_config(folder), folder / "output")
    sources = {file.name: front_matter(file) for file in (real_archive / "_podcast").glob("[!_]*.md")}
    return Run(report, folder / "output", sources, before, fingerprints(real_archive))


def fingerprints(folder: Path) -> dict[Path, tuple[int, str]]:
    return {
        file: (file.stat().st_mtime_ns, hashlib.sha256(file.read_bytes()).hexdigest())
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def front_matter(file: Path) -> dict[str, Any]:
    header = file.read_text("utf-8").split("\n---", 1)[0]
    return yaml.load(header, yaml.CSafeLoader)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def items(run: Run) -> list[Any]:
    return etree.parse(run.output / "feed.xml").findall("channel/item")


def test_54_episodes_are_published_newest_first(run: Run, items: list[Any]) -> None:
    assert len(run.sources) == 57
    assert len(items) == len(run.report.show.episodes) == 54
    moments = [entry.published_parsed for entry in feedparser.parse(str(run.output / "feed.xml")).entries]
    assert moments == sorted(moments, reverse=True)


def test_the_three_without_a_date_are_held_and_named(run: Run) -> None:
    undated = sorted(name for name, fields in run.sources.items() if not fields.get("dateadded"))
    assert len(undated) == 3
    assert run.told("no-date") == undated
    assert run.report.exit_code == 3


def test_hidden_files_and_the_template_are_no_episodes_and_are_named(run: Run) -> None:
    assert len(run.told("hidden-file")) == 2
    assert run.told("template") == ["_template.md"]


def test_nothing_else_is_held(run: Run) -> None:
    assert {fault.code for fault in run.report.problems if fault.severity == "error"} == {"no-date"}


def test_the_number_given_to_two_episodes_is_told(run: Run, items: list[Any]) -> None:
    (found,) = [fault for fault in run.report.problems if fault.code == "doubled-number"]
    assert "season 3 episode 4" in found.message
    numbers = [
        tuple(item.findtext(f"itunes:{name}", None, NAMESPACES) for name in ("season", "episode")) for item in items
    ]
    assert numbers.count(("3", "4")) == 2


def test_the_anchor_id_given_to_two_episodes_is_told_and_identifies_neither(run: Run) -> None:
    (found,) = [fault for fault in run.report.problems if fault.code == "doubled-id"]
    assert "e1snqcb" in found.message
    both = [name for name, fields in run.sources.items() if "e1snqcb" in str(fields.get("ids"))]
    assert len(both) == 2
    guids = {episode.guid for episode in run.report.show.episodes if Path(episode.source).name in both}
    assert len(guids) == 2


def test_every_link_that_says_todo_is_told_and_left_out(run: Run) -> None:
    wanted = sorted(
        name
        for name, fields in run.sources.items()
        for url in (fields.get("links") or {}).values()
        if str(url).startswith("TODO")
    )
    assert wanted
    assert run.told("placeholder") == wanted
    assert b'"TODO"' not in tree(run.output)["feed.xml"]


def test_every_transcript_comes_out_as_srt_vtt_and_json_with_all_its_words(run: Run) -> None:
    with_words = 0
    for episode in run.report.show.episodes:
        fields = run.sources[Path(episode.source).name]
        lines = [entry["line"] for entry in fields.get("transcript") or () if "line" in entry]
        files = {kind: run.output / f"transcripts/{episode.slug}.{kind}" for kind in ("vtt", "srt", "json")}
        if not lines:
            assert not any(file.exists() for file in files.values()), episode.source
            continue
        with_words += 1
        wanted = sorted("".join(" ".join(map(str, lines)).split()))
        vtt = webvtt.from_buffer(StringIO(files["vtt"].read_text("utf-8"))).captions
        subrip = list(srt.parse(files["srt"].read_text("utf-8")))
        segments = json.loads(files["json"].read_bytes())["segments"]
        assert len(vtt) == len(segments), episode.source
        assert subrip[-1].index == len(subrip)
        spoken = sorted("".join(" ".join(segment["body"] for segment in segments).split()))
        mended = {"speaker-holds-text", "transcript-twice"}
        if not mended & {f.code for f in run.report.problems if f.place.path == episode.source}:
            assert spoken == wanted, episode.source
    assert with_words > 50


def test_every_episode_with_clips_or_headings_has_chapters(run: Run) -> None:
    for episode in run.report.show.episodes:
        fields = run.sources[Path(episode.source).name]
        marked = fields.get("quotableClips") or [e for e in fields.get("transcript") or () if "header" in e]
        file = run.output / f"chapters/{episode.slug}.json"
        assert file.exists() == bool(marked), episode.source
        if fields.get("quotableClips"):
            titles = [chapter["title"] for chapter in json.loads(file.read_bytes())["chapters"]]
            assert titles == [" ".join(str(clip["name"]).split()) for clip in fields["quotableClips"]], episode.source


def test_no_file_of_the_archive_is_touched(run: Run) -> None:
    assert run.before
    assert run.after == run.before


def test_lxml_and_feedparser_read_the_same_feed(run: Run, items: list[Any]) -> None:
    read = feedparser.parse(str(run.output / "feed.xml"))
    assert not read.bozo
    assert len(read.entries) == len(items)
    for entry, item in zip(read.entries, items, strict=True):
        assert entry.title == item.findtext("title")
        assert entry.id == item.findtext("guid")
        assert entry.link == item.findtext("link")
        assert entry.published == item.findtext("pubDate")
        assert [tag.term for tag in entry.get("tags", ())] == [each.text for each in item.findall("category")]
        assert entry.enclosures == []  # the archive knows no audio, and none is made up
        assert words_of(entry.summary) == words_of(item.findtext("description"))
        assert words_of(entry.content[-1].value) == words_of(item.findtext(CONTENT))


def words_of(html: str) -> list[str]:
    return etree.HTML(f"<div>{html}</div>").xpath("string()").split()  # type: ignore[no-any-return]


def test_every_title_number_and_guest_of_a_file_is_in_its_item(run: Run, items: list[Any]) -> None:
    by_title = {item.findtext("title"): item for item in items}
    people = {}
    for file in run.before:
        if file.parent.name == "_people" and file.suffix == ".md":
            people[file.stem] = str(front_matter(file)["title"])
    for episode in run.report.show.episodes:
        fields = run.sources[Path(episode.source).name]
        item = by_title[" ".join(fields["title"].split())]
        assert item.findtext("podcast:episode", None, NAMESPACES) == str(fields["episode"])
        assert item.findtext("podcast:season", None, NAMESPACES) == str(fields["season"])
        named = [person.text for person in item.findall("podcast:person", NAMESPACES)]
        for guest in fields.get("guests") or ():
            assert people[guest].strip() in named, episode.source


def test_everything_the_feed_points_at_below_its_own_folder_is_there(run: Run, items: list[Any]) -> None:
    text = (run.output / "feed.xml").read_text("utf-8")
    pointed = set(re.findall(r'"https://datatalks\.club/podcast/((?:chapters|transcripts)/[^"]+)"', text))
    there = {path for path in tree(run.output) if path.startswith(("chapters/", "transcripts/"))}
    assert pointed == there
