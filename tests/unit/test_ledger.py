"""The ledger: guids and dates stay whatever happens to files, ids and settings, and its file is never guessed at."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from archives import (
    NOW,
    REAL_ARCHIVE,
    built,
    config_text,
    episode_text,
    feedbuilder,
    tree,
    write_archive,
    write_real_config,
)
from lxml import etree

from feedbuilder import read_config
from feedbuilder.build import build
from feedbuilder.errors import OutputError, RefusedError, UsageError
from feedbuilder.ledger import AudioFacts, Ledger, LedgerEntry
from feedbuilder.publish.ledger_file import render_ledger
from feedbuilder.source.ledger import parse_ledger

YOUTUBE, ANCHOR = {"youtube": "abcdefghijk"}, {"anchor": "e1abc23"}


def items(out: Path) -> dict[str, tuple[str, str]]:
    """Return guid and date of every item by its title."""
    feed = etree.parse(out / "feed.xml")
    return {
        item.findtext("title") or "": (item.findtext("guid") or "", item.findtext("pubDate") or "")
        for item in feed.iter("item")
    }


def identified(title: str, *, date: str = "2026-01-31", **ids: str) -> str:
    return episode_text(title=title, guid=None, dateadded=date, ids=ids)


def codes(report, path: str) -> set[str]:
    return {fault.code for fault in report.problems if fault.place.path == path}


def test_a_build_writes_a_line_for_each_episode_that_is_out_and_the_next_build_leaves_it_alone(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE), "b.md": identified("B", anchor="e9zzz99")})
    report = built(config, tmp_path / "out")
    lock = tmp_path / "feedbuilder.lock"
    lines = lock.read_text().splitlines()
    assert lines[0].startswith("#")
    assert json.loads(lines[1]) == {"show": report.show.guid}
    assert lines[2:] == sorted(lines[2:])
    assert {json.loads(line)["file"]: json.loads(line)["ids"] for line in lines[2:]} == {
        "episodes/a.md": ["youtube:abcdefghijk"],
        "episodes/b.md": ["anchor:e9zzz99"],
    }
    before = lock.stat()
    built(config, tmp_path / "out")
    assert (lock.stat().st_mtime_ns, lock.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_lost_ledger_gives_back_the_same_guids_wherever_an_id_is_declared(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE), "b.md": episode_text(guid="b", title="B")})
    built(config, tmp_path / "out")
    before, lock = tree(tmp_path / "out"), (tmp_path / "feedbuilder.lock").read_bytes()
    (tmp_path / "feedbuilder.lock").unlink()
    built(config, tmp_path / "out")
    assert (tree(tmp_path / "out"), (tmp_path / "feedbuilder.lock").read_bytes()) == (before, lock)


def test_guids_stay_when_the_feed_moves_to_another_address(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE)})
    first = built(config, tmp_path / "out").show
    moved = config_text(feed={"url": "https://elsewhere.example/feed.xml"})
    second = built(write_archive(tmp_path, {}, moved), tmp_path / "out", accept={"move"}).show
    assert (second.guid, second.episodes[0].guid) == (first.guid, first.episodes[0].guid)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(identified("A", **YOUTUBE), id="renamed"),
        pytest.param(identified("Another title", **YOUTUBE), id="renamed and retitled"),
        pytest.param(identified("A", anchor="e1abc23"), id="renamed, and one of its two ids dropped"),
        pytest.param(identified("A", date="2025-12-01", **YOUTUBE, **ANCHOR), id="renamed and dated otherwise"),
    ],
)
def test_a_renamed_file_keeps_guid_and_date_by_any_id_that_was_ever_seen(now, tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE, **ANCHOR), "z.md": episode_text(guid="z")})
    built(config, tmp_path / "out")
    guid, date = items(tmp_path / "out")["A"]
    (tmp_path / "episodes/a.md").unlink()
    report = built(write_archive(tmp_path, {"new.md": now}), tmp_path / "out")
    assert (guid, date) in items(tmp_path / "out").values()
    assert "renamed" in codes(report, "episodes/new.md")
    entry = parse_ledger((tmp_path / "feedbuilder.lock").read_text(), "feedbuilder.lock").entries[guid]
    assert (entry.file, entry.former_files) == ("episodes/new.md", ("episodes/a.md",))


def test_two_files_that_swap_their_names_keep_their_own_guids(tmp_path):
    texts = identified("A", **YOUTUBE), identified("B", **ANCHOR)
    config = write_archive(tmp_path, {"a.md": texts[0], "b.md": texts[1]})
    built(config, tmp_path / "out")
    before = items(tmp_path / "out")
    built(write_archive(tmp_path, {"a.md": texts[1], "b.md": texts[0]}), tmp_path / "out")
    assert items(tmp_path / "out") == before


def test_an_episode_that_lost_or_changed_its_only_id_keeps_its_guid_by_its_file(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE), "b.md": identified("B", **ANCHOR)})
    built(config, tmp_path / "out")
    before = items(tmp_path / "out")
    built(
        write_archive(tmp_path, {"a.md": identified("A"), "b.md": identified("B", anchor="e7other")}), tmp_path / "out"
    )
    assert items(tmp_path / "out") == before


def test_another_episode_under_an_old_name_is_a_new_one_and_the_old_one_is_missed(tmp_path):
    config = write_archive(tmp_path, {"latest.md": identified("A", date="2025-01-01", **YOUTUBE)})
    built(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    write_archive(tmp_path, {"latest.md": identified("B", date="2026-01-01", youtube="zzzzzzzzzzz")})
    with pytest.raises(RefusedError, match="--accept removals"):
        built(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_a_name_that_was_left_long_ago_does_not_make_another_episode_of_a_new_file(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **ANCHOR), "z.md": episode_text(guid="z")})
    built(config, tmp_path / "out")
    (tmp_path / "episodes/a.md").rename(tmp_path / "episodes/b.md")
    built(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    draft = identified("A", **ANCHOR).replace("---\n", "---\ndraft: true\n", 1)
    write_archive(tmp_path, {"b.md": draft, "a.md": identified("B", date="2026-05-01", **YOUTUBE)})
    with pytest.raises(RefusedError, match="--accept removals"):
        built(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_an_episode_that_moved_is_out_once_though_its_old_name_holds_a_broken_file(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE), "z.md": episode_text(guid="z")})
    built(config, tmp_path / "out")
    before = items(tmp_path / "out")
    (tmp_path / "episodes/a.md").rename(tmp_path / "episodes/b.md")
    report = built(write_archive(tmp_path, {"a.md": "---\ntitle: a: b\n---\n"}), tmp_path / "out")
    assert (report.exit_code, items(tmp_path / "out")) == (3, before)


@pytest.mark.parametrize("typed", ["./episodes/a.md", "episodes/../episodes/a.md"])
def test_a_file_is_pinned_under_the_name_that_builds_know_it_by(typed, tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A"), "z.md": episode_text(guid="z")})
    told = feedbuilder("identity", "pin", typed, "--guid", "mine", "--config", config)
    assert told.returncode == 0, told.stderr
    built(config, tmp_path / "out")
    assert items(tmp_path / "out")["A"][0] == "mine"


@pytest.mark.parametrize("arguments", [["x" * 300], ["feedbuilder.yaml"], ["episodes/a.md", "--guid", " "]])
def test_what_cannot_be_pinned_is_told(arguments, tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A")})
    told = feedbuilder("identity", "pin", *arguments, "--config", config)
    assert (told.returncode, "Traceback" in told.stderr) == (2, False)
    assert not (tmp_path / "feedbuilder.lock").exists()


def test_a_guid_that_the_file_itself_names_otherwise_is_not_pinned(tmp_path):
    config = write_archive(tmp_path, {"a.md": episode_text(guid="own")})
    built(config, tmp_path / "out")
    before = (tmp_path / "feedbuilder.lock").read_bytes()
    told = feedbuilder("identity", "pin", "episodes/a.md", "--guid", "other", "--config", config)
    assert told.returncode == 2
    assert "itself says `guid: own`" in " ".join(told.stderr.split())
    assert (tmp_path / "feedbuilder.lock").read_bytes() == before


def test_a_ledger_that_another_command_changes_during_a_build_loses_nothing(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE), "b.md": identified("B")})

    def pin(step: str) -> None:
        if step.startswith("resolving"):
            feedbuilder("identity", "pin", "episodes/b.md", "--guid", "mine", "--config", config)

    with pytest.raises(RefusedError, match="run again"):
        built(config, tmp_path / "out", progress=pin)
    assert not (tmp_path / "out/feed.xml").exists()
    built(config, tmp_path / "out")
    assert items(tmp_path / "out")["B"][0] == "mine"


@pytest.mark.parametrize("previous", ["", "empty.xml"])
def test_a_previous_feed_that_is_not_there_does_not_switch_the_guard_off(previous, tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE)})
    (tmp_path / "empty.xml").touch()
    named = str(tmp_path / previous) if previous else ""
    assert feedbuilder("build", "--config", config, "--previous", named).returncode in (2, 4)
    assert not (tmp_path / "output/feed.xml").exists()


def test_a_copied_file_with_the_ids_of_its_model_is_held_and_the_model_keeps_its_guid(tmp_path):
    config = write_archive(tmp_path, {"model.md": identified("A", **YOUTUBE)})
    built(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    report = built(write_archive(tmp_path, {"copy.md": identified("B", **YOUTUBE)}), tmp_path / "out")
    assert tree(tmp_path / "out") == before
    assert (report.exit_code, codes(report, "episodes/copy.md")) == (3, {"doubled-id"})


def test_an_id_that_moved_to_the_episode_it_belongs_to_does_not_take_the_guid_along(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE, **ANCHOR)})
    built(config, tmp_path / "out")
    guid = items(tmp_path / "out")["A"][0]
    corrected = {"a.md": identified("A", **YOUTUBE), "b.md": identified("B", **ANCHOR, apple="1000")}
    built(write_archive(tmp_path, corrected), tmp_path / "out")
    found = items(tmp_path / "out")
    assert found["A"][0] == guid
    assert found["B"][0] != guid


def test_ids_of_two_known_episodes_in_one_file_hold_it_when_nothing_else_decides(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE), "b.md": identified("B", **ANCHOR)})
    built(config, tmp_path / "out")
    for name in ("a.md", "b.md"):
        (tmp_path / "episodes" / name).unlink()
    write_archive(tmp_path, {"c.md": identified("A", **YOUTUBE, **ANCHOR), "z.md": episode_text(guid="z")})
    with pytest.raises(RefusedError) as refused:
        built(config, tmp_path / "out")
    assert "identity-conflict" in {fault.code for fault in refused.value.problems}


def test_a_file_without_ids_that_was_renamed_is_held_until_it_is_told(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE), "z.md": episode_text(guid="z")})
    built(config, tmp_path / "out")
    built(write_archive(tmp_path, {"a.md": identified("A")}), tmp_path / "out")
    before = items(tmp_path / "out")
    (tmp_path / "episodes/a.md").rename(tmp_path / "episodes/new.md")
    with pytest.raises(RefusedError) as refused:
        built(config, tmp_path / "out")
    remedy = next(fault.remedy for fault in refused.value.problems if fault.code == "no-identity")
    command = re.search(r"feedbuilder (identity rename \S+ \S+);", remedy)
    assert command
    told = feedbuilder(*command[1].split(), "--config", config)
    assert told.returncode == 0, told.stderr
    built(config, tmp_path / "out")
    assert items(tmp_path / "out") == before


def test_dates_of_one_day_do_not_move_when_a_neighbour_comes(tmp_path):
    config = write_archive(tmp_path, {"b.md": identified("B", **YOUTUBE), "c.md": identified("C", **ANCHOR)})
    built(config, tmp_path / "out")
    before = items(tmp_path / "out")
    built(write_archive(tmp_path, {"a.md": identified("A", youtube="zzzzzzzzzzz")}), tmp_path / "out")
    after = items(tmp_path / "out")
    assert {title: after[title] for title in before} == before
    assert len({date for _, date in after.values()}) == 3


def test_a_date_that_was_edited_later_is_told_and_the_one_that_is_out_stays(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE)})
    built(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    report = built(write_archive(tmp_path, {"a.md": identified("A", date="2026-02-28", **YOUTUBE)}), tmp_path / "out")
    assert tree(tmp_path / "out") == before
    assert "date-frozen" in codes(report, "episodes/a.md")


def test_a_refused_build_remembers_nothing(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE)})
    built(config, tmp_path / "out")
    lock = (tmp_path / "feedbuilder.lock").read_bytes()
    (tmp_path / "episodes/a.md").unlink()
    write_archive(tmp_path, {"b.md": identified("B", **ANCHOR)})
    with pytest.raises(RefusedError):
        built(config, tmp_path / "out")
    assert (tmp_path / "feedbuilder.lock").read_bytes() == lock
    assert not list(tmp_path.glob(".feedbuilder.lock.new"))


def test_a_ledger_in_the_way_of_a_folder_stops_the_build_before_anything_is_out(tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE)})
    (tmp_path / ".feedbuilder.lock.new").mkdir()
    with pytest.raises(OutputError, match=r"feedbuilder\.lock"):
        built(config, tmp_path / "out")
    assert not (tmp_path / "out/feed.xml").exists()


ENTRY = '{"guid": "a", "published": "2026-01-31T06:00:00Z", "file": "episodes/a.md"}'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("<<<<<<< HEAD", "git could not merge"),
        (">>>>>>> other", "git could not merge"),
        (ENTRY, "stands on line 1 as well"),
        ("{", "not a line of JSON"),
        ("[" * 100_000, "not a line of JSON"),
        ("[]", "one object"),
        ('{"guid": "b", "published": "2026-01-31T06:00:00Z"}', "file: Field required"),
        ('{"guid": "b", "published": "2026-01-31", "file": "b.md"}', "published: "),
        ('{"guid": "b", "published": "2026-01-31T06:00:00", "file": "b.md"}', "published: "),
        ('{"guid": "", "published": "2026-01-31T06:00:00Z", "file": "b.md"}', "guid: "),
        ('{"guid": "b", "file": "b.md", "ids": ["youtube"]}', "is not service:id"),
        ('{"guid": "b", "file": "b.md", "pubished": "2026-01-31T06:00:00Z"}', "pubished: Extra"),
    ],
)
def test_a_line_that_cannot_be_read_stops_the_build_and_is_named(line, told, tmp_path):
    config = write_archive(tmp_path, {"a.md": identified("A", **YOUTUBE)})
    (tmp_path / "feedbuilder.lock").write_text(f"{ENTRY}\n{line}\n")
    with pytest.raises(UsageError) as refused:
        built(config, tmp_path / "out")
    (fault,) = refused.value.problems
    assert (fault.place.path, fault.place.line) == ("feedbuilder.lock", 2)
    assert told in fault.message
    assert fault.remedy


def test_a_ledger_reads_back_as_it_was_written():
    entries = [
        LedgerEntry(guid="b", published=NOW, file="b.md", former_files=("c.md",), ids=(("youtube", "a:b"),)),
        LedgerEntry(guid="a\u2028", published=None, file="é.md", audio=AudioFacts(url="https://x/", source="import")),
    ]
    ledger = Ledger(show_guid="s").with_entries(entries)
    assert parse_ledger(render_ledger(ledger).decode(), "x") == ledger


@pytest.mark.skipif(not REAL_ARCHIVE.is_dir(), reason="the real archive is not at hand")
@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_renaming_the_real_archive_as_its_table_says_changes_no_guid_date_or_order(order, tmp_path):
    table = (REAL_ARCHIVE / "podcast-rename-mapping.md").read_text()
    old_by_new = {new: old for old, new in re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", table, re.MULTILINE)}
    folders = {name: tmp_path / name / "_podcast" for name in order}
    for name, folder in folders.items():
        folder.mkdir(parents=True)
        for file in (REAL_ARCHIVE / "_podcast").glob("*.md"):
            shutil.copy(file, folder / (old_by_new.get(file.name, file.name) if name == "old" else file.name))
    assert len({*folders["old"].iterdir()} & {folders["old"] / name for name in old_by_new.values()}) > 50

    config = write_real_config(tmp_path / "site")
    text, found = config.read_text() + "\ntranscripts: []\n", []
    for name in order:
        config.write_text(text.replace(str(REAL_ARCHIVE.resolve() / "_podcast"), str(folders[name])))
        report = build(read_config(config), now=NOW + timedelta(days=len(found)), output=tmp_path / name / "out")
        found.append([(episode.guid, episode.published, episode.title) for episode in report.show.episodes])
        if name == order[1]:
            renamed = [fault for fault in report.problems if fault.code == "renamed"]
            assert len(renamed) == len(report.show.episodes)
    assert found[0] == found[1]
    assert len(found[0]) == 54
