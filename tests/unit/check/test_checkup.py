"""A whole output folder is checked as it is on the disk, and findings lead back to the archive."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import typer
from archives import NOW, SEEDS, built, config_text, episode_text, write_archive, write_real_config
from specimens import FEED
from typer.testing import CliRunner

from feedbuilder.check.rules import Level, Profile
from feedbuilder.check.suppression import Suppression
from feedbuilder.checkup import Checked, check
from feedbuilder.cli.commands import check as command
from feedbuilder.errors import ExitCode, Place, UsageError
from feedbuilder.source.settings import read_config

AT = Place("feedbuilder.yaml", 9, 1)


def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(command.check)
    return made


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the config of a show that is out, with one episode that lacks its audio and its description."""
    lines = [{"line": "Tea and tides.", "sec": 1, "who": "Fern"}]
    clips = [{"name": "Start", "startOffset": 0, "endOffset": 5}]
    text = episode_text(transcript=lines, quotableClips=clips, season=2)
    config = write_archive(tmp_path, {"one.md": text})
    built(config, tmp_path / "output")
    return config


def checked(config: Path, **options: object) -> Checked:
    return check(config.parent / "output", now=NOW, config=read_config(config), **options)  # type: ignore[arg-type]


def codes(found: Checked) -> set[str]:
    return {finding.rule.code for finding in found.findings}


def test_the_sample_show_lacks_nothing_but_the_audio_of_its_seed_episode(tmp_path: Path):
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS, seeds)
    built(seeds / "feedbuilder.yaml", tmp_path / "output")
    config = read_config(seeds / "feedbuilder.yaml")
    for profile in Profile:
        found = check(tmp_path / "output", now=NOW, config=config, profile=profile)
        expected = [] if profile is Profile.RSS else ["I2"]
        assert [finding.rule.code for finding in found.findings] == expected, profile
    assert found.findings[0].remedy.startswith("say where the audio is")


def test_the_real_archive_is_told_on_two_screens(real_archive: Path, tmp_path: Path):
    assert real_archive
    config = write_real_config(tmp_path)
    built(config, tmp_path / "output")
    code, output = run("--config", config, "--now", "2026-11-23T12:00Z")
    assert code == ExitCode.HELD
    assert len(output.splitlines()) <= 80
    assert codes(checked(config)) == {"I2", "C7", "C15", "I15b", "CH14"}


def test_a_finding_names_the_file_the_line_and_the_key_it_comes_from(small: Path):
    feed = small.parent / "output/feed.xml"
    feed.write_text(feed.read_text("utf-8").replace("<itunes:season>2<", "<itunes:season>two<"), "utf-8")
    found = next(finding for finding in checked(small).findings if finding.rule.code == "I12")
    assert found.origin is not None
    line = small.parent.joinpath("episodes/one.md").read_text("utf-8").split("\n")[found.origin.place.line - 1]  # type: ignore[operator]
    assert (found.origin.place.path, found.origin.key, line) == ("episodes/one.md", "season", "season: 2")


def test_a_finding_in_a_transcript_comes_from_the_episode_that_the_manifest_names(small: Path):
    transcript = small.parent / "output/transcripts/one.srt"
    transcript.write_text("1\n0:01 --> 0:04\nTea\n")
    found = [finding for finding in checked(small).findings if finding.path == "transcripts/one.srt"]
    assert {(finding.rule.code, finding.origin.place.path) for finding in found if finding.origin} == {
        ("T2", "episodes/one.md")
    }


def test_a_finding_about_the_show_comes_from_its_setting(small: Path):
    found = next(finding for finding in checked(small).findings if finding.rule.code == "C15")
    assert found.origin is not None
    assert (found.origin.place.path, found.origin.key) == ("feedbuilder.yaml", "show.owner")


def test_an_owners_own_name_of_a_field_is_the_one_told(tmp_path: Path):
    config = write_archive(tmp_path, {"one.md": episode_text(staffel=0)}, config_text(fields={"season": "staffel"}))
    built(config, tmp_path / "output")
    feed = tmp_path / "output/feed.xml"
    feed.write_text(feed.read_text("utf-8").replace("<itunes:explicit>", "<itunes:season>x</itunes:season><itunes:explicit>", 2), "utf-8")  # fmt: skip  # noqa: E501
    found = next(finding for finding in checked(config).findings if finding.rule.code == "I12")
    assert found.origin is not None
    assert found.origin.key == "staffel"


def test_a_file_that_went_missing_and_one_that_is_too_much_are_told(small: Path):
    output = small.parent / "output"
    (output / "transcripts/one.vtt").unlink()
    (output / "transcripts/two.vtt").write_text("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nTea\n")
    found = {(finding.rule.code, finding.path) for finding in checked(small).findings}
    assert {("L1", "feed.xml"), ("L2", "transcripts/two.vtt")} <= found


def test_a_strangers_feed_is_checked_alone(tmp_path: Path):
    file = tmp_path / "theirs.xml"
    file.write_text(FEED.replace('length="9"', 'length="0"'), "utf-8")
    found = check(file, now=NOW)
    assert [(finding.rule.code, finding.path, finding.origin) for finding in found.findings] == [
        ("I4", "theirs.xml", None)
    ]
    code, output = run(file)
    assert code == ExitCode.HELD
    assert "from " not in output


def test_one_transcript_can_be_checked_alone(tmp_path: Path):
    file = tmp_path / "x.vtt"
    file.write_text("WEBVTT\n\n00:00:01.000 --> 00:00:01.000\nTea & tides\n")
    assert codes(check(file, now=NOW)) == {"T3", "T10"}


def test_a_folder_without_a_feed_says_so(tmp_path: Path):
    (tmp_path / "page.html").write_text("<html>")
    assert codes(check(tmp_path, now=NOW)) == {"X0"}


@pytest.mark.parametrize("content", [b"", b"\x00", b"<rss", b"<html/>", "﻿".encode(), b"<rss version='2.0'/>"])
def test_what_is_no_feed_is_told_without_a_crash(tmp_path: Path, content: bytes):
    file = tmp_path / "feed.xml"
    file.write_bytes(content)
    assert codes(check(file, now=NOW)) & {"X1", "X4"}


def test_what_is_ignored_with_a_reason_does_not_count(small: Path):
    ignore = [Suppression(rule="I2", path="episodes/*.md", reason="the audio comes next week", place=AT)]
    found = checked(small, ignore=ignore)
    assert "I2" not in codes(found)
    assert [(finding.rule.code, why.reason) for finding, why in found.ignored] == [("I2", "the audio comes next week")]
    assert found.unused == ()


def test_what_is_ignored_can_be_named_by_the_published_file(small: Path):
    ignore = [Suppression(rule="I2", path="feed.xml", reason="known", place=AT)]
    assert "I2" not in codes(checked(small, ignore=ignore))


def test_an_ignore_that_matches_nothing_is_told(small: Path):
    ignore = [Suppression(rule="M1", path="episodes/one.md", reason="known", place=AT)]
    assert checked(small, ignore=ignore).unused == tuple(ignore)


@pytest.mark.parametrize(("rule", "reason"), [("I2", " "), ("Z9", "known")])
def test_an_ignore_without_a_reason_or_a_rule_is_a_fault(small: Path, rule: str, reason: str):
    with pytest.raises(UsageError) as raised:
        checked(small, ignore=[Suppression(rule=rule, reason=reason, place=AT)])
    assert raised.value.problems[0].place == AT


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 3), ("info", 3)])
def test_the_exit_code_follows_the_worst_finding(small: Path, level: str, code: int):
    assert run("--config", small, "--profile", "rss", "--fail-on", level)[0] == code


def test_the_worst_comes_first(small: Path):
    levels = [finding.level for finding in checked(small).findings]
    assert levels == sorted(levels, key=[*Level].index)


def test_json_has_everything(small: Path):
    code, output = run("--config", small, "--format", "json")
    document = json.loads(output)
    assert document["exit_code"] == code == ExitCode.HELD
    missing = next(finding for finding in document["findings"] if finding["rule"] == "I2")
    assert missing["episode"] == "one"
    assert missing["source"]["key"] == "audio"
    assert missing["held_by"]["apple"] == "error"
    assert len(document["findings"]) == len(checked(small).findings)
    assert "H1" in document["not_checked"]


def test_github_annotates_the_archive(small: Path):
    _, output = run("--config", small, "--format", "github")
    line = next(line for line in output.splitlines() if "title=I2" in line)
    assert line.startswith("::error file=")
    assert "episodes/one.md,line=1,col=1" in line


def test_sarif_has_the_shape_of_its_schema(small: Path):
    document = json.loads(run("--config", small, "--format", "sarif")[1])
    assert document["version"] == "2.1.0"
    [told] = document["runs"]
    rules = told["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert len(told["results"]) == len(checked(small).findings)
    for result in told["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        [place] = result["locations"]
        physical = place["physicalLocation"]
        assert physical["artifactLocation"]["uri"]
        assert physical.get("region", {"startLine": 1})["startLine"] >= 1


def test_nothing_to_check_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert run()[0] == ExitCode.USAGE
    assert run("nowhere")[0] == ExitCode.USAGE


def test_a_picture_that_is_no_artwork_is_told(tmp_path: Path):
    from PIL import Image

    config = write_archive(tmp_path, {"one.md": episode_text()}, config_text(show={"image": "a.jpg"}))
    built_with_artwork(config, Image)
    Image.new("CMYK", (1400, 1200)).save(tmp_path / "output/a.jpg")
    assert {"A3", "A4"} <= codes(checked(config))
    (tmp_path / "output/a.jpg").write_bytes(b"GIF89a")
    assert "A1" in codes(checked(config))


def built_with_artwork(config: Path, image: object) -> None:
    image.new("RGB", (1400, 1400)).save(config.parent / "a.jpg")  # type: ignore[attr-defined]
    settings = config.read_text("utf-8").replace(
        '"feed":', '"archive":\n  "site_url": "https://show.example/"\n"feed":'
    )
    config.write_text(settings, "utf-8")
    built(config, config.parent / "output")
    assert codes(checked(config)) & {"A1", "A2", "A3", "A4", "C7"} == set()


def test_media_are_held_against_what_the_feed_says_of_them(tmp_path: Path):
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS, seeds)
    output = tmp_path / "output"
    built(seeds / "feedbuilder.yaml", output)
    audio = output / "audio/welcome-to-the-seed-show.mp3"
    audio.write_bytes(audio.read_bytes()[:200_000])
    feed = output / "feed.xml"
    feed.write_text(feed.read_text("utf-8").replace("<itunes:duration>39<", "<itunes:duration>49<"), "utf-8")
    found = check(output, now=NOW, config=read_config(seeds / "feedbuilder.yaml"))
    assert {"M1", "M3"} <= codes(found)
    audio.write_bytes(b"no sound")
    assert "M2" in codes(check(output, now=NOW))


@pytest.mark.parametrize("name", ["artwork.jpg", "episodes/welcome-to-the-seed-show.md", "feedbuilder.yaml"])
def test_a_file_that_cannot_be_checked_is_wrong_usage_and_no_broken_feed(name: str) -> None:
    code, said = run(SEEDS / name)
    assert (code, "is no feed, and no chapters or transcript file" in said) == (2, True), said


def test_a_feed_is_known_by_what_is_in_it_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "feed.php").write_bytes(b"junk <rss version='2.0'><channel/></rss>")
    assert codes(check(tmp_path / "feed.php", now=NOW)) == {"X1"}


def test_chapters_as_a_track_are_long_and_no_captions(tmp_path: Path) -> None:
    names = ["Tea", "A name of a chapter that goes on and on, as names of chapters do, past sixty-five characters"]
    clips = [{"name": name, "startOffset": at, "endOffset": at + 90} for name, at in zip(names, (0, 90), strict=True)]
    text = episode_text(transcript=[{"line": "Tea.", "sec": 1, "who": "Fern"}], quotableClips=clips)
    config = write_archive(tmp_path, {"one.md": text}, config_text(captions={"chapters_track": True}))
    built(config, tmp_path / "output")
    track = next((tmp_path / "output/chapters").glob("*.vtt"))
    assert not {"T7", "T8"} & (codes(checked(config)) | codes(check(track, now=NOW)))
    captions = shutil.copy(track, tmp_path / "captions.vtt")
    assert codes(check(Path(captions), now=NOW)) == {"T7", "T8"}
