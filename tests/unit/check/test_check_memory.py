"""What a check found before is not worked out again, and is told as if it had been."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import specimens
from archives import NOW, SEEDS, built, config_text, episode_text, tree, write_archive
from PIL import Image
from specimens import (
    CHAPTER_BREAKS,
    CHAPTERS,
    SEGMENT_BREAKS,
    SEGMENTS,
    SRT,
    SRT_BREAKS,
    URL,
    VTT,
    VTT_BREAKS,
)

from feedbuilder import checkup
from feedbuilder.check import files
from feedbuilder.check.hosting.asking import Online
from feedbuilder.check.rules import Profile
from feedbuilder.checkup import Checked, check
from feedbuilder.memory import FORGETFUL, Memory, RunMemory
from feedbuilder.publish.memory_file import remembered
from feedbuilder.report import facts
from feedbuilder.report.writing import with_report
from feedbuilder.source import media, published_pictures
from feedbuilder.source.settings import read_config

TEXTS = {
    "chapters/2.json": CHAPTERS,
    "transcripts/2.json": SEGMENTS,
    "transcripts/2.srt": SRT,
    "transcripts/2.vtt": VTT,
}
FEED = specimens.FEED.replace(
    "<itunes:duration>600<",
    '<podcast:transcript url="https://show.example/transcripts/2.json" type="application/json"/><itunes:duration>600<',
)
BREAKS = [
    *(("chapters/2.json", *change) for change in CHAPTER_BREAKS.values()),
    *(("transcripts/2.json", *change) for change in SEGMENT_BREAKS.values()),
    *(("transcripts/2.srt", *change) for change in SRT_BREAKS.values()),
    *(("transcripts/2.vtt", *change) for change in VTT_BREAKS.values()),
]


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what was worked on, and by which function."""
    seen: list[str] = []

    def watch(module: object, name: str, told: Callable[..., str]) -> None:
        real = getattr(module, name)

        def watched(*arguments: object) -> object:
            seen.append(f"{name} {told(*arguments)}".strip())
            return real(*arguments)

        monkeypatch.setattr(module, name, watched)

    watch(files, "examine_text", lambda path, *_: path)
    watch(files, "examine_pair", lambda *_: "")
    watch(facts, "caption_facts", lambda captions, _: captions.kind)
    watch(published_pictures, "_decoded", lambda file: file.name)
    watch(media, "_measured_audio", lambda file, *_: file.name)
    watch(checkup, "read_document", lambda _: "")
    return seen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a stranger's folder: a feed with chapters and three transcripts of one episode."""
    (tmp_path / "feed.xml").write_text(FEED, "utf-8")
    for path, text in TEXTS.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


def told(found: Checked) -> list[tuple[object, ...]]:
    """Return all that a reader is told; a finding holds an element, which is equal to no other."""
    return [
        (one.rule, one.level, one.path, one.line, one.element, one.message, one.where, one.origin, one.remedy)
        for one in found.findings
    ]


def checked(folder: Path, memory: Memory = FORGETFUL, profile: Profile = Profile.ALL) -> list[tuple[object, ...]]:
    return told(check(folder, now=NOW, profile=profile, memory=memory))


def of_text(worked: list[str]) -> list[str]:
    return [one for one in worked if one.startswith("examine_")]


@pytest.mark.parametrize(("path", "good", "bad"), BREAKS)
def test_what_breaks_a_rule_is_told_the_same_from_memory(
    folder: Path, worked: list[str], path: str, good: str, bad: str
) -> None:
    (folder / path).write_text(TEXTS[path].replace(good, bad), "utf-8", newline="")
    fresh, memory = checked(folder), RunMemory()
    assert checked(folder, memory) == fresh
    worked.clear()
    assert checked(folder, memory) == fresh
    assert of_text(worked) == []


def test_more_places_than_are_told_are_as_many_from_memory(folder: Path) -> None:
    cues = "".join(f"{number}\n00:00:01,000 --> 00:00:01,000\nTea\n\n" for number in range(1, 300))
    (folder / "transcripts/2.srt").write_text(cues, "utf-8")
    memory = RunMemory()
    found = [checked(folder, memory) for _ in range(2)]
    assert found[0] == found[1]
    assert sum(one[0].code == "T3" for one in found[1]) == 101  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["transcripts/2.srt", "transcripts/2.vtt"])
def test_only_a_text_that_has_changed_is_examined_again_with_its_pair(
    folder: Path, worked: list[str], path: str
) -> None:
    memory = RunMemory()
    checked(folder, memory)
    assert of_text(worked) == [*(f"examine_text {path}" for path in sorted(TEXTS)), "examine_pair"]
    worked.clear()
    (folder / path).write_text(TEXTS[path].replace("kinds", "sorts"), "utf-8")
    assert "T12" in {one[0].code for one in checked(folder, memory)}  # type: ignore[attr-defined]
    assert of_text(worked) == [f"examine_text {path}", "examine_pair"]


def test_the_same_text_in_two_formats_is_judged_by_each(folder: Path) -> None:
    (folder / "transcripts/2.srt").write_text(VTT, "utf-8")
    assert checked(folder, RunMemory()) == checked(folder) != []


def test_another_length_of_the_episode_asks_anew_for_its_texts_but_not_for_the_pair(
    folder: Path, worked: list[str]
) -> None:
    memory = RunMemory()
    before = checked(folder, memory)
    feed = FEED.replace("<itunes:duration>600<", "<itunes:duration>3<")
    assert feed != FEED
    (folder / "feed.xml").write_text(feed, "utf-8")
    worked.clear()
    after = checked(folder, memory)
    assert of_text(worked) == [f"examine_text {path}" for path in sorted(TEXTS)]
    assert after == checked(folder)
    assert {"T6b", "CH7"} <= {one[0].code for one in after if one not in before}  # type: ignore[attr-defined]


def test_another_profile_is_told_what_it_holds_from_the_same_memory(folder: Path, worked: list[str]) -> None:
    (folder / "transcripts/2.vtt").write_text(VTT.replace("&amp;", "&"), "utf-8")
    memory = RunMemory()
    checked(folder, memory, Profile.RSS)
    worked.clear()
    for profile in Profile:
        found = checked(folder, memory, profile)
        assert of_text(worked) == []
        assert found == checked(folder, profile=profile)
        assert ("T10" in {one[0].code for one in found}) == (profile in ("apple", "podcast-index", "psp1", "all"))  # type: ignore[attr-defined]
        worked.clear()


def test_a_text_takes_another_role_when_the_feed_says_so(folder: Path) -> None:
    memory = RunMemory()
    checked(folder, memory)
    feed = FEED.replace("transcripts/2.json", "transcripts/x.json").replace("chapters/2.json", "transcripts/2.json")
    (folder / "feed.xml").write_text(feed, "utf-8")
    assert checked(folder, memory) == checked(folder)


def test_pictures_and_audio_are_looked_at_once_and_again_when_they_cannot_be_opened(
    tmp_path: Path, worked: list[str]
) -> None:
    folder = URL.rpartition("/")[0]
    (tmp_path / "feed.xml").write_text(FEED.replace(f"{folder}/a.jpg", f"{folder}/b.png"), "utf-8")
    Image.new("RGBA", (1500, 1400)).save(tmp_path / "b.png")
    shutil.copy(SEEDS / "audio/welcome-to-the-seed-show.mp3", tmp_path / "2.mp3")
    memory = RunMemory()
    once = ["_decoded b.png", "_measured_audio 2.mp3"]
    fresh = checked(tmp_path, memory)
    assert {"A3", "A4b", "M1"} <= {one[0].code for one in fresh}  # type: ignore[attr-defined]
    assert sorted(one for one in worked if one in once) == once
    worked.clear()
    assert checked(tmp_path, memory) == fresh
    assert [one for one in worked if one in once] == []
    (tmp_path / "b.png").write_bytes(b"\x89PNG")
    for _ in range(2):
        worked.clear()
        assert "A1" in {one[0].code for one in checked(tmp_path, memory)}  # type: ignore[attr-defined]
        assert [one for one in worked if one in once] == ["_decoded b.png"]


def test_the_feed_is_parsed_once_though_servers_are_asked(folder: Path, worked: list[str]) -> None:
    asked: list[str] = []

    def ask(asks):  # type: ignore[no-untyped-def]
        asked.extend(one.url for one in asks)
        return {one.url: {} for one in asks}

    check(folder, now=NOW, online=Online(ask=ask))
    assert URL in asked
    assert worked.count("read_document") == 1


def archive(folder: Path) -> Path:
    texts = {
        f"{name}.md": episode_text(title=name, guid=name, transcript=[{"line": f"Words of {name}.", "who": "Ana"}])
        for name in ("a", "b")
    }
    config = write_archive(folder, texts, config_text(transcripts=["vtt", "srt"], report=True))
    (folder / ".feedbuilder").mkdir()
    return config


def reported(config: Path) -> dict[str, bytes]:
    """Build with a report, as the command does, and return what is out."""
    time.sleep(0.02)  # what is as young as the run is in doubt
    output = config.parent / "output"
    with_report(built(config, output, accept=["transcripts"]), read_config(config), now=NOW)
    return tree(output)


def test_a_second_report_checks_only_what_has_changed(tmp_path: Path, worked: list[str]) -> None:
    config = archive(tmp_path)
    reported(config)
    assert len(of_text(worked)) == 2 * 3
    worked.clear()
    (tmp_path / "episodes/b.md").write_text(
        episode_text(title="b", guid="b", transcript=[{"line": "Other words.", "who": "Ana"}]), "utf-8"
    )
    second = reported(config)
    assert of_text(worked) == ["examine_text transcripts/b.srt", "examine_text transcripts/b.vtt", "examine_pair"]
    assert [one for one in worked if one.startswith("caption_facts")] == ["caption_facts vtt"]
    shutil.rmtree(tmp_path / ".feedbuilder")
    assert reported(config) == second


def test_the_memories_of_build_and_report_forget_each_their_own(tmp_path: Path, worked: list[str]) -> None:
    config = archive(tmp_path)
    reported(config)
    counts = [count(tmp_path, kind) for kind in ("memory", "check-memory")]
    worked.clear()
    reported(config)
    assert [count(tmp_path, kind) for kind in ("memory", "check-memory")] == counts
    assert of_text(worked) == []
    with remembered(config, "check-memory"):
        pass  # nobody asks for anything
    assert [count(tmp_path, kind) for kind in ("memory", "check-memory")] == [counts[0], 0]


def count(folder: Path, kind: str) -> int:
    with sqlite3.connect(folder / f".feedbuilder/feedbuilder.yaml.{kind}") as database:
        (number,) = database.execute("SELECT count(*) FROM answers").fetchone()
    database.close()
    return int(number)
