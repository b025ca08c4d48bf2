"""A build that has nothing to do says so at once; whatever it depends on makes it a build again."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from unittest import mock

import pytest
from archives import NOW, SEEDS, config_text, episode_text, feedbuilder, tree, write_archive
from typer.testing import CliRunner

from feedbuilder import unchanged
from feedbuilder.cli.main import application
from feedbuilder.publish import stamp
from feedbuilder.unchanged import nothing_to_do

CONFIG = config_text(
    show={"image": "/pics/cover.jpg"}, archive={"people": "people"}, audio={"folder": "audio"}, transcripts=["vtt"]
)
EPISODE = episode_text(title="A", guid="a", transcript="words.vtt", image="/pics/a.jpg", audio="a.mp3", guests=["ana"])
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nHello there.\n"


def archive(folder: Path) -> Path:
    config = write_archive(
        folder, {"a.md": EPISODE}, CONFIG, {"episodes/words.vtt": VTT, "people/ana.md": "---\ntitle: Ana\n---\n"}
    )
    for name in ("pics", "audio"):
        (folder / name).mkdir()
    shutil.copy(SEEDS / "artwork.jpg", folder / "pics/cover.jpg")
    shutil.copy(SEEDS / "audio/welcome-to-the-seed-show.mp3", folder / "audio/a.mp3")
    return config


def settled(config: Path, *options: str) -> list[str]:
    """Build until there is a stamp, and return the arguments."""
    arguments = ["build", "--config", str(config), "--quiet", *options]
    for _ in range(3):
        time.sleep(0.02)  # what is as young as the build is in doubt
        assert feedbuilder(*arguments).returncode == 0
    return arguments


def idle(arguments: list[str]) -> bool:
    epoch = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    with mock.patch.dict(os.environ, epoch), mock.patch.object(sys, "stdout", None):
        return nothing_to_do(arguments) is not None


def test_a_second_build_loads_nothing_and_touches_nothing(tmp_path):
    arguments = settled(archive(tmp_path))
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in (tmp_path / "output").rglob("*")}
    run = feedbuilder(*arguments, env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert run.returncode == 0
    assert not [name for name in ("typer", "lxml", "pydantic", "yaml", "feedgen") if f" {name}\n" in run.stderr]
    after = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in (tmp_path / "output").rglob("*")}
    assert after == before


def test_the_very_first_build_leaves_nothing_to_do_although_it_writes_the_ledger(tmp_path):
    arguments = ["build", "--config", str(archive(tmp_path)), "--quiet"]
    time.sleep(0.05)  # what is as young as the build is in doubt
    assert feedbuilder(*arguments).returncode == 0
    assert (tmp_path / "feedbuilder.lock").is_file()
    assert idle(arguments)


@pytest.mark.parametrize("changed", ["before", "after"])
def test_a_ledger_that_is_not_as_the_build_left_it_is_something_to_do(changed, tmp_path, monkeypatch):
    config = archive(tmp_path)
    arguments = ["build", "--config", str(config), "--quiet"]
    ledger, tools = tmp_path / "feedbuilder.lock", stamp.stamp

    def meddled_with(**facts):
        if changed == "before":
            ledger.write_bytes(ledger.read_bytes() + b"\n")
        made = tools(**facts)
        if changed == "after":
            ledger.write_bytes(ledger.read_bytes() + b"\n")
        return made

    monkeypatch.setattr(stamp, "stamp", meddled_with)
    monkeypatch.setattr(sys, "argv", ["feedbuilder", *arguments])
    time.sleep(0.05)
    assert CliRunner().invoke(application(), arguments).exit_code == 0
    assert not idle(arguments)


@pytest.mark.parametrize(
    "path",
    [
        "feedbuilder.yaml", "feedbuilder.lock", "episodes/a.md", "episodes/new.md", "episodes/words.vtt",
        "people/ana.md", "pics/cover.jpg", "pics/a.jpg", "audio/a.mp3", "host-feed.xml",
        "output/feed.xml", "output/transcripts/a.vtt", "output/manifest.json",
    ],
)  # fmt: skip
def test_every_input_and_output_that_changes_or_appears_is_noticed(path, tmp_path):
    arguments = settled(archive(tmp_path))
    assert idle(arguments)
    file = tmp_path / path
    was = file.stat() if file.exists() else None
    with file.open("ab") as stream:
        stream.write(b"\n")
    if was:
        os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))  # some tools put the old time back
    assert not idle(arguments)


def test_what_is_removed_is_noticed(tmp_path):
    arguments = settled(archive(tmp_path))
    (tmp_path / "pics/cover.jpg").unlink()
    assert not idle(arguments)


@pytest.mark.parametrize("path", ["episodes/2026/late/b.md", "audio/season 2/b.mp3", "output/other/c.txt"])
def test_what_appears_deep_below_a_folder_is_noticed(path, tmp_path):
    arguments = settled(archive(tmp_path))
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("new")
    assert not idle(arguments)


def test_a_file_that_takes_the_place_of_another_is_noticed_whatever_its_time_and_length(tmp_path):
    arguments = settled(archive(tmp_path))
    file, was = tmp_path / "episodes/a.md", (tmp_path / "episodes/a.md").stat()
    (tmp_path / "new").write_text(EPISODE.replace("title: A", "title: B"))
    (tmp_path / "new").replace(file)
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert file.stat().st_size == was.st_size
    assert not idle(arguments)


def test_a_link_is_as_the_file_it_leads_to(tmp_path):
    config = archive(tmp_path / "show")
    elsewhere = tmp_path / "elsewhere.mp3"
    (tmp_path / "show/audio/b.mp3").symlink_to(elsewhere)  # to nowhere yet
    arguments = settled(config)
    assert idle(arguments)
    elsewhere.write_bytes(b"sound")
    assert not idle(arguments)


@pytest.mark.parametrize("path", ["episodes/.git/index", "episodes/__pycache__/a.pyc", "episodes/.feedbuilder.lock"])
def test_hidden_folders_and_what_is_ours_are_not_looked_at(path, tmp_path):
    config = archive(tmp_path)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    arguments = settled(config)
    (tmp_path / path).write_text("new")
    assert idle(arguments)


def test_a_build_into_another_folder_says_nothing_of_this_one(tmp_path):
    config = archive(tmp_path)
    settled(config)
    time.sleep(0.02)
    (tmp_path / "episodes/a.md").write_text(EPISODE.replace("title: A", "title: Another"))
    settled(config, "--output", str(tmp_path / "elsewhere"))
    assert feedbuilder("build", "--config", config, "--quiet").returncode == 0
    assert b"Another" in tree(tmp_path / "output")["feed.xml"]


def test_a_copy_of_an_archive_is_not_held_to_be_the_archive(tmp_path):
    settled(archive(tmp_path / "one"))
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert not idle(["build", "--config", str(tmp_path / "two/feedbuilder.yaml"), "--quiet"])


def test_another_installation_of_the_program_is_another_program(tmp_path):
    arguments = settled(archive(tmp_path))
    assert idle(arguments)
    with mock.patch("feedbuilder.unchanged.__file__", "/opt/feedbuilder-2/feedbuilder/unchanged.py"):
        assert not idle(arguments)


def test_an_episode_that_comes_due_is_something_to_do(tmp_path):
    arguments = settled(
        write_archive(tmp_path, {"a.md": EPISODE, "b.md": episode_text(guid="b", dateadded="2027-01-01")})
    )
    assert idle(arguments)
    with mock.patch("feedbuilder.unchanged._now", return_value=NOW.timestamp() + 60 * 86400):
        assert not idle(arguments)


@pytest.mark.parametrize("option", ["--verbose", "--format=json", "--strict", "--online", "--now=2026-01-01"])
def test_a_run_that_is_asked_for_more_is_always_a_build(option, tmp_path):
    arguments = settled(archive(tmp_path))
    assert not idle([*arguments, option])


def test_folders_are_listed_alike_where_files_cannot_be_looked_up_in_them(tmp_path, monkeypatch):
    archive(tmp_path)
    (tmp_path / "nowhere").symlink_to("gone")
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "deep/er/file.txt").write_text("x")
    folder = os.fsencode(tmp_path)
    expected = [unchanged.listing([folder], [], is_dated=is_dated) for is_dated in (False, True)]
    monkeypatch.setattr(unchanged, "_BY_FOLDER", False)
    assert [unchanged.listing([folder], [], is_dated=is_dated) for is_dated in (False, True)] == expected
    assert b"file.txt" in expected[0]


def test_a_folder_that_is_put_into_another_is_told_by_the_listing(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/index.md").write_text("x")
    before = unchanged.listing([os.fsencode(tmp_path)], [])
    (tmp_path / "a/index.md").rename(tmp_path / "a/b/index.md")
    assert unchanged.listing([os.fsencode(tmp_path)], []) != before
    assert unchanged.newest_change_ns(before) > 0
