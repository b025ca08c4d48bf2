"""A build with `report: true`: what it writes, leaves alone, takes away, and says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from archives import NOW, config_text, episode_text, feedbuilder, tree, write_archive
from lxml import html

from feedbuilder.publish.beside import REPORT_DATA, REPORT_PAGE

GOOD = episode_text(title="Good", guid="one", transcript=[{"line": "Hello there.", "sec": 1, "who": "Ana"}])
REPORT = {REPORT_PAGE, REPORT_DATA}


def archive(folder: Path, episodes: dict[str, str] | None = None, **sections: Any) -> Path:
    sections = {"report": "true", "site": "true", **sections}
    return write_archive(folder, episodes or {"good.md": GOOD}, config_text(**sections))


def build(config: Path, *options: str, code: int = 0) -> dict[str, bytes]:
    run = feedbuilder("build", "-c", config, "--format", "json", *options)
    assert run.returncode == code, run.stderr
    return tree(config.parent / "output")


def data_in(files: dict[str, bytes]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files[REPORT_DATA])
    return document


def stand(config: Path) -> dict[str, tuple[int, int]]:
    files = (config.parent / "output").rglob("*")
    return {
        str(file): (file.stat().st_mtime_ns, file.stat().st_ino)
        for file in files
        if file.is_file() and file.name != ".feedbuilder.lock"
    }


def forget(config: Path) -> None:
    """Let the next build look at everything anew."""
    for file in (config.parent / ".feedbuilder").glob("*.stamp"):
        file.unlink()


def test_without_the_setting_there_is_no_report(tmp_path):
    assert not REPORT & build(archive(tmp_path, report="false")).keys()


def test_a_build_without_report_loads_neither_templates_nor_the_check(tmp_path):
    config = archive(tmp_path, report="false", site="false")
    program = (
        "import sys; from feedbuilder.cli.main import run\ntry: run()\nexcept SystemExit: pass\n"
        "print([name for name in ('jinja2', 'feedbuilder.checkup', 'feedbuilder.report') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, "build", "-c", str(config), "-q"], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_the_report_says_what_is_out_held_and_due(tmp_path):
    episodes = {
        "good.md": GOOD,
        "held.md": episode_text(title="Held", guid="two", dateadded=None),
        "later.md": episode_text(title="Later", guid="three", dateadded="2027-02-01"),
        "draft.md": episode_text(title="Draft", guid="four", draft=True),
    }
    files = build(archive(tmp_path, episodes), code=3)
    data = data_in(files)
    assert data["counts"] == {
        "published": 1, "kept": 0, "held": 1, "scheduled": 1, "withheld": 1, "to_mend": data["counts"]["to_mend"]
    }  # fmt: skip
    assert data["held"] == ["episodes/held.md"]
    assert [one["title"] for one in data["scheduled"]] == ["Later"]
    assert [(one["place"], one["code"]) for one in data["withheld"]] == [("episodes/draft.md", "draft")]
    (fault,) = [one for one in data["findings"] if one["cost"] == "held back"]
    assert (fault["code"], fault["place"]) == ("no-date", "episodes/held.md:1:1")
    assert fault["remedy"]
    page = html.fromstring(files[REPORT_PAGE])
    assert page.findtext(".//p[@class='state']").startswith("1 episode published, 1 held back, 1 scheduled.")
    assert "episodes/held.md:1:1" in page.text_content()
    assert "comes out" not in page.text_content()


def test_what_the_check_finds_in_the_output_is_told_with_its_place_in_the_archive(tmp_path):
    found = {one["code"]: one for one in data_in(build(archive(tmp_path)))["findings"]}
    assert found["C15"]["place"].startswith("feedbuilder.yaml:")  # the show has no owner
    assert found["C15"]["published"].startswith("feed.xml")
    assert found["C15"]["spec"].startswith("https://")
    assert "I2" not in found  # the build said so itself
    assert found["missing-audio"]["place"] == "episodes/good.md:1:1"


def test_findings_that_are_ignored_are_told_apart_with_their_reason(tmp_path):
    ignore = {"ignore": [{"rule": "C15", "reason": "nobody writes to us"}]}
    data = data_in(build(archive(tmp_path, check=ignore)))
    assert "C15" not in {one["code"] for one in data["findings"]}
    assert [(one["code"], one["reason"]) for one in data["ignored"]] == [("C15", "nobody writes to us")]


def test_an_ignored_rule_that_does_not_exist_is_told_and_stops_nothing(tmp_path):
    data = data_in(build(archive(tmp_path, check={"ignore": [{"rule": "Z99", "reason": "why not"}]})))
    (fault,) = [one for one in data["findings"] if one["code"] == "config-value"]
    assert "Z99" in fault["message"]
    assert data["held"] == []


def test_the_report_reads_captions_from_the_published_file(tmp_path):
    (episode,) = data_in(build(archive(tmp_path)))["episodes"]
    assert episode["captions"]["cues"] == 1
    assert episode["transcripts"] == ["vtt", "srt", "json"]


def test_a_second_build_writes_nothing_and_says_so(tmp_path):
    config = archive(tmp_path)
    build(config)
    before = stand(config)
    forget(config)
    run = feedbuilder("build", "-c", config, "--format", "json")
    assert json.loads(run.stdout)["written"] == []
    assert stand(config) == before


def test_the_first_build_names_the_report_among_what_it_wrote(tmp_path):
    run = feedbuilder("build", "-c", archive(tmp_path), "--format", "json")
    assert set(json.loads(run.stdout)["written"]) >= {*REPORT, "feed.xml"}


def test_the_last_changes_stay_told_while_other_things_change(tmp_path):
    config = archive(tmp_path)
    build(config)
    (tmp_path / "episodes/good.md").write_text(GOOD.replace("title: Good", "title: Better"), "utf-8")
    changes = data_in(build(config))["changes"]
    assert [(one["what"], one["title"], one["aspects"]) for one in changes["episodes"]] == [
        ("changed", "Better", ["title"])
    ]
    assert not set(changes["written"]) & REPORT
    (tmp_path / "episodes/later.md").write_text(episode_text(title="Later", guid="x", dateadded="2027-02-01"), "utf-8")
    after = data_in(build(config))
    assert after["counts"]["scheduled"] == 1
    assert after["changes"] == changes


def test_an_episode_kept_as_it_was_stays_in_the_report(tmp_path):
    config = archive(tmp_path, {"good.md": GOOD, "other.md": episode_text(title="Other", guid="two")})
    build(config)
    (tmp_path / "episodes/good.md").write_text("---\ntitle: [\n---\n", "utf-8")
    data = data_in(build(config, code=3))
    (kept,) = [one for one in data["episodes"] if one["is_kept"]]
    assert (kept["title"], kept["guid"], kept["captions"]["cues"]) == ("Good", "one", 1)
    assert data["counts"]["published"] == 2
    assert data["held"] == []
    assert {one["cost"] for one in data["findings"] if one["code"] == "yaml-syntax"} == {"kept as it was"}


def test_nothing_public_refers_to_the_report(tmp_path):
    files = build(archive(tmp_path))
    assert not [path for path in files.keys() - REPORT - {"manifest.json"} if b"report/" in files[path]]
    assert "sitemap.xml" in files
    page = html.fromstring(files[REPORT_PAGE])
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not page.xpath("//script | //img | //link | //iframe | //@src")


def test_turned_off_the_report_goes_and_nothing_else(tmp_path):
    before = build(archive(tmp_path))
    after = build(archive(tmp_path, report="false"))
    assert before.keys() - after.keys() == REPORT
    assert not (tmp_path / "output/report").exists()


def test_a_file_of_a_stranger_in_its_place_refuses_the_build_before_anything_is_out(tmp_path):
    config = archive(tmp_path)
    (tmp_path / "output/report").mkdir(parents=True)
    (tmp_path / "output" / REPORT_PAGE).write_text("mine", "utf-8")
    run = feedbuilder("build", "-c", config)
    assert run.returncode == 4
    assert REPORT_PAGE in run.stderr
    assert tree(tmp_path / "output") == {REPORT_PAGE: b"mine"}
    files = build(config, "--accept", f"overwrite:{REPORT_PAGE}")
    assert b"Build report" in files[REPORT_PAGE]


def test_a_report_that_somebody_deleted_or_edited_comes_back(tmp_path):
    config = archive(tmp_path)
    before = build(config)
    (tmp_path / "output" / REPORT_PAGE).unlink()
    (tmp_path / "output" / REPORT_DATA).write_text("{}", "utf-8")
    after = build(config)
    assert after[REPORT_PAGE] != b""
    assert data_in(after)["changes"] is None  # only the report knew
    assert after.keys() == before.keys()


def test_one_episode_alone_and_a_look_ahead_leave_the_report_as_it_is(tmp_path):
    config = archive(tmp_path)
    before = build(config)
    (tmp_path / "episodes/good.md").write_text(GOOD.replace("Hello there.", "Hello everybody."), "utf-8")
    run = feedbuilder("diff", "-c", config, "--format", "json")
    ahead = json.loads(run.stdout)
    assert ahead["removed"] == []
    assert "transcripts/good.vtt" in {one["path"] for one in ahead["written"]}
    assert "report/" not in run.stdout
    after = build(config, "--only", "good")
    assert {path for path in before if before[path] != after[path]} >= {"transcripts/good.vtt"}
    assert all(before[path] == after[path] for path in REPORT)


def test_a_build_with_nothing_to_do_leaves_a_stamp_with_the_report_in_place(tmp_path):
    config = archive(tmp_path)
    for _ in range(3):
        feedbuilder("build", "-c", config, "-q")
    run = feedbuilder("build", "-c", config, "-q", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert " typer\n" not in run.stderr
    (tmp_path / "output" / REPORT_PAGE).unlink()
    feedbuilder("build", "-c", config, "-q")
    assert (tmp_path / "output" / REPORT_PAGE).is_file()


def test_a_report_that_cannot_be_written_says_that_the_episodes_are_out(tmp_path):
    config = archive(tmp_path)
    (tmp_path / "output").mkdir()
    (tmp_path / "output/report").write_text("a file where a folder is wanted", "utf-8")
    run = feedbuilder("build", "-c", config)
    assert run.returncode == 5
    assert "the episodes are out, and their report could not be written" in run.stderr
    assert "feed.xml" in tree(tmp_path / "output")


def test_the_report_does_not_know_what_time_it_is(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    build(archive(first))
    feedbuilder("build", "-c", archive(second), env={"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()) + 90_000)})
    for path in REPORT:
        assert (first / "output" / path).read_bytes() == (second / "output" / path).read_bytes()


def test_where_whole_generations_are_kept_the_report_belongs_to_that_of_its_build(tmp_path):
    config = archive(tmp_path, publish={"mode": "swap", "keep": "5"})
    reports = []
    for title in ("First", "Second", "Third"):
        (tmp_path / "episodes/good.md").write_text(GOOD.replace("Good", title), "utf-8")
        reports.append(build(config)[REPORT_DATA])
    generations = sorted(tmp_path.glob(".output.generation-*"))
    assert [(folder / REPORT_DATA).read_bytes() for folder in generations] == reports
    assert feedbuilder("rollback", "-c", config).returncode == 0
    assert b"<title>Second</title>" in (tmp_path / "output/feed.xml").read_bytes()
    assert (tmp_path / "output" / REPORT_DATA).read_bytes() == reports[1]


def test_a_report_is_made_when_the_folder_becomes_a_generation_or_a_plain_one_again(tmp_path):
    before = build(archive(tmp_path))
    for mode in ("swap", "in-place"):
        config = archive(tmp_path, publish={"mode": mode})
        forget(config)
        assert build(config)[REPORT_PAGE] == before[REPORT_PAGE]
        assert (tmp_path / "output").is_symlink() == (mode == "swap")


def test_a_feed_cannot_have_the_name_of_the_report_s_folder(tmp_path):
    run = feedbuilder("build", "-c", archive(tmp_path, feed={"url": "https://show.example/report"}))
    assert run.returncode == 2
    assert "feed.url" in run.stderr
