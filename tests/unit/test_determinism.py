"""Same input, same bytes; a second run touches nothing; and the exit code says what happened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from archives import SEEDS, config_text, episode_text, feedbuilder, tree, write_archive
from filelock import FileLock
from typer.testing import CliRunner

from feedbuilder.cli.main import application

LINES = [{"line": "Hello and welcome.", "who": "Ana", "sec": 1}, {"line": "Hi, Ana!", "who": "Bo", "sec": 4}]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two sound episodes with everything a text archive can hold; the config's path."""
    root = tmp_path / "archive"
    first = episode_text("Notes.\n", title="First", guid="1", transcript=LINES, description="d")
    second = episode_text("More.\n", title="Second", guid="2", transcript=LINES, dateadded="2026-02-01")
    audio = {"missing_audio": "publish"}
    return write_archive(root, {"first.md": first, "second.md": second}, config_text(**audio))


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return what rsync and ETags see of every file: inode, time of change, content."""
    return {
        path: ((folder / path).stat().st_ino, (folder / path).stat().st_mtime_ns, content)
        for path, content in tree(folder).items()
    }


@pytest.mark.parametrize(
    ("zone", "language", "seed"),
    [("UTC", "C", "0"), ("Asia/Kathmandu", "C.UTF-8", "1"), ("America/St_Johns", "de_DE.UTF-8", "4242")],
)
def test_a_build_is_the_same_wherever_and_whenever_it_runs(tmp_path: Path, zone: str, language: str, seed: str) -> None:
    config = SEEDS / "feedbuilder.yaml"
    feedbuilder("build", "-c", config, "-o", tmp_path / "plain", cwd=SEEDS)
    env = {"TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1900000000"}
    feedbuilder("build", "-c", config, "-o", tmp_path / "elsewhere", cwd=tmp_path, env=env)
    assert tree(tmp_path / "plain").keys() > {"feed.xml", "manifest.json"}
    assert tree(tmp_path / "plain") == tree(tmp_path / "elsewhere")


def test_a_second_run_changes_no_byte_time_or_inode(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    feedbuilder("build", "-c", archive, "-o", output)
    before = state(output)
    folders = {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_dir()}
    assert feedbuilder("build", "-c", archive, "-o", output).returncode == 0
    assert len(before) > 3
    assert state(output) == before
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_dir()} == folders


def test_only_what_changed_is_written_again(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    feedbuilder("build", "-c", archive, "-o", output)
    before = state(output)
    file = archive.parent / "episodes/first.md"
    file.write_text(file.read_text("utf-8").replace("Hi, Ana!", "Good morning, Ana!"), "utf-8")
    feedbuilder("build", "-c", archive, "-o", output)
    changed = {path for path, seen in state(output).items() if seen != before[path]}
    assert changed == {"transcripts/first.vtt", "transcripts/first.srt", "transcripts/first.json", "manifest.json"}


def test_a_strangers_files_in_output_are_never_touched(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    strangers = [output / "CNAME", output / "transcripts/by-hand.vtt", output / ".well-known/thing"]
    for file in strangers:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine", "utf-8")
    before = {file: file.stat() for file in strangers}
    for _ in range(2):
        assert feedbuilder("build", "-c", archive, "-o", output).returncode == 0
    assert {file: file.stat().st_mtime_ns for file in strangers} == {
        file: seen.st_mtime_ns for file, seen in before.items()
    }


def test_a_strangers_file_is_not_overwritten_unless_that_is_said(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    stranger = output / "transcripts/first.vtt"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("mine", "utf-8")
    run = feedbuilder("build", "-c", archive, "-o", output)
    assert run.returncode == 4
    assert "transcripts/first.vtt" in run.stderr
    assert tree(output) == {"transcripts/first.vtt": b"mine"}
    assert feedbuilder("build", "-c", archive, "-o", output, "--accept", "overwrite").returncode == 0
    assert stranger.read_text("utf-8").startswith("WEBVTT")


def test_files_nothing_refers_to_any_more_are_removed_unless_they_were_edited(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    feedbuilder("build", "-c", archive, "-o", output)
    edited = output / "transcripts/first.srt"
    edited.write_text("corrected by hand", "utf-8")
    (archive.parent / "episodes/first.md").write_text(episode_text(title="First", guid="1"), "utf-8")
    run = feedbuilder(
        "build", "-c", archive, "-o", output, "--format", "json", "--accept=transcripts", "--accept=notes"
    )
    assert json.loads(run.stdout)["removed"] == ["transcripts/first.json", "transcripts/first.vtt"]
    assert sorted(file.name for file in (output / "transcripts").iterdir()) == [
        "first.srt",
        "second.json",
        "second.srt",
        "second.vtt",
    ]
    assert edited.read_text("utf-8") == "corrected by hand"


def test_what_a_killed_run_left_behind_is_cleared_away(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    staging = output / ".feedbuilder-staging/transcripts"
    staging.mkdir(parents=True)
    (staging / "half.vtt").write_text("WEB", "utf-8")
    assert feedbuilder("build", "-c", archive, "-o", output).returncode == 0
    assert not (output / ".feedbuilder-staging").exists()
    assert "transcripts/half.vtt" not in tree(output)


def test_a_second_run_at_the_same_time_stops_with_11(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    with FileLock(output / ".feedbuilder.lock"):
        run = feedbuilder("build", "-c", archive, "-o", output)
    assert run.returncode == 11
    assert "another run" in run.stderr
    assert tree(output) == {}


def test_an_output_that_cannot_be_written_stops_with_5(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", "utf-8")
    run = feedbuilder("build", "-c", archive, "-o", tmp_path / "out")
    assert run.returncode == 5
    assert "cannot be written" in run.stderr
    assert (tmp_path / "out").read_text("utf-8") == "a file"


def test_a_folder_where_a_file_should_be_stops_the_run(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    (output / "transcripts/first.vtt").mkdir(parents=True)
    assert feedbuilder("build", "-c", archive, "-o", output).returncode == 4
    assert tree(output) == {}
    run = feedbuilder("build", "-c", archive, "-o", output, "--accept", "overwrite")
    assert run.returncode == 5, run.stderr
    assert "Traceback" not in run.stderr
    assert "feed.xml" not in tree(output)


def test_only_writes_the_texts_of_the_named_episode(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert feedbuilder("build", "-c", archive, "-o", output, "--only", "first").returncode == 0
    written = {"transcripts/first.vtt", "transcripts/first.srt", "transcripts/first.json"}
    assert tree(output).keys() == written | {"manifest.json"}
    feedbuilder("build", "-c", archive, "-o", output, "--only", "episodes/second.md")
    assert "feed.xml" not in tree(output)
    assert feedbuilder("build", "-c", archive, "-o", output).returncode == 0
    run = feedbuilder("build", "-c", archive, "-o", output, "--only", "third")
    assert run.returncode == 2
    assert "third" in run.stderr


def test_strict_publishes_nothing_while_there_is_something_to_mend(archive: Path, tmp_path: Path) -> None:
    run = feedbuilder("build", "-c", archive, "-o", tmp_path / "out", "--strict")
    assert run.returncode == 4
    assert "missing-audio" in run.stderr
    assert not (tmp_path / "out").exists()


def test_an_episode_that_would_vanish_stops_the_run_until_that_is_accepted(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    feedbuilder("build", "-c", archive, "-o", output)
    before = state(output)
    (archive.parent / "episodes/first.md").unlink()
    run = feedbuilder("build", "-c", archive, "-o", output)
    assert run.returncode == 4
    assert "First (first)" in run.stderr
    assert state(output) == before
    assert feedbuilder("build", "-c", archive, "-o", output, "--accept", "removals").returncode == 0
    assert b"First" not in tree(output)["feed.xml"]
    assert not list(output.rglob("first.*"))


def test_a_changed_guid_stops_the_run(archive: Path, tmp_path: Path) -> None:
    feedbuilder("build", "-c", archive, "-o", tmp_path / "out")
    file = archive.parent / "episodes/first.md"
    file.write_text(file.read_text("utf-8").replace("guid: '1'", "guid: other"), "utf-8")
    assert feedbuilder("build", "-c", archive, "-o", tmp_path / "out").returncode == 4


def test_a_run_without_a_terminal_is_silent_when_all_is_well(archive: Path, tmp_path: Path) -> None:
    for _ in range(2):
        run = feedbuilder("build", "-c", archive, "-o", tmp_path / "out")
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    run = feedbuilder("build", "-c", archive, "-o", tmp_path / "out", "--verbose")
    assert "missing-audio" in run.stdout + run.stderr


def test_an_episode_held_back_is_named_and_the_run_ends_with_3(archive: Path, tmp_path: Path) -> None:
    (archive.parent / "episodes/third.md").write_text(episode_text(title="Third", guid="3", dateadded=None), "utf-8")
    run = feedbuilder("build", "-c", archive, "-o", tmp_path / "out")
    assert run.returncode == 3
    assert run.stdout == ""
    assert "episodes/third.md" in run.stderr
    assert "no-date" in run.stderr
    assert b"Third" not in tree(tmp_path / "out")["feed.xml"]


def test_json_reports_are_one_object_with_every_problem_and_its_place(archive: Path, tmp_path: Path) -> None:
    (archive.parent / "episodes/third.md").write_text(episode_text(title="Third", guid="3", dateadded=None), "utf-8")
    run = feedbuilder("build", "-c", archive, "-o", tmp_path / "out", "--format", "json", cwd=archive.parent)
    report = json.loads(run.stdout)
    assert run.returncode == report["exit_code"] == 3
    assert [episode["title"] for episode in report["published"]] == ["Second", "First"]
    held = [problem for problem in report["problems"] if problem["severity"] == "error"]
    assert [(problem["code"], problem["path"], problem["line"]) for problem in held] == [
        ("no-date", "episodes/third.md", 1)
    ]
    assert run.stderr == ""


def test_json_is_still_json_when_a_run_is_refused(archive: Path, tmp_path: Path) -> None:
    run = feedbuilder("build", "-c", archive, "-o", tmp_path / "out", "--format", "json", "--strict")
    assert run.returncode == json.loads(run.stdout)["exit_code"] == 4
    assert "--strict" in json.loads(run.stdout)["message"]


def test_github_reports_are_commands_that_name_file_and_line(archive: Path, tmp_path: Path) -> None:
    (archive.parent / "episodes/third.md").write_text("---\ntitle: [\n---\n", "utf-8")
    run = feedbuilder("build", "-c", archive, "-o", tmp_path / "out", "--format", "github", cwd=archive.parent)
    assert run.returncode == 3
    assert all(line.startswith("::") for line in run.stdout.splitlines()), run.stdout
    assert any(line.startswith("::error file=episodes/third.md,line=") for line in run.stdout.splitlines())


@pytest.mark.parametrize(
    "arguments", [["build", "--nonsense"], ["build", "-c", "nowhere.yaml"], ["build", "--accept", "all"], ["bild"]]
)
def test_wrong_usage_ends_with_2_and_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    run = feedbuilder(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr.strip()
    assert "Traceback" not in run.stderr


def test_a_config_with_faults_ends_with_2_and_names_them_all(tmp_path: Path) -> None:
    (tmp_path / "feedbuilder.yaml").write_text(config_text(show={"language": "xx-nonsense", "link": "no"}), "utf-8")
    run = feedbuilder("build", cwd=tmp_path)
    assert run.returncode == 2
    assert "show.language" in run.stderr
    assert "show.link" in run.stderr


def test_an_interrupted_run_ends_with_143_and_leaves_the_old_output_whole(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    feedbuilder("build", "-c", archive, "-o", output)
    before = state(output)
    file = archive.parent / "episodes/first.md"
    file.write_text(file.read_text("utf-8").replace("Hi, Ana!", "Good morning, Ana!"), "utf-8")
    # The signal arrives while the first new file is being staged.
    script = (
        "import os, signal, sys\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGTERM)\n"
        "from feedbuilder.cli.main import run\n"
        f"sys.argv = ['feedbuilder', 'build', '-c', {str(archive)!r}, '-o', {str(output)!r}]\n"
        "run()\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 143, run.stderr
    assert state(output) == before
    assert not (output / ".feedbuilder-staging").exists()


def test_a_refusal_is_one_escaped_command_for_github_and_nothing_else(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    feedbuilder("build", "-c", archive, "-o", out)
    (archive.parent / "episodes/second.md").unlink()
    run = feedbuilder("build", "-c", archive, "-o", out, "--format", "github", cwd=archive.parent)
    assert run.returncode == 4
    assert [line[:9] for line in run.stdout.splitlines()].count("::error::") == 1
    assert all(line.startswith("::") for line in run.stdout.splitlines()), run.stdout
    assert run.stderr == ""


@pytest.mark.parametrize("lost", [">&-", ">&- 2>&-", "> /dev/full", "2>&1 | true"])
@pytest.mark.parametrize("format_", ["text", "json", "github"])
@pytest.mark.parametrize(("strict", "code"), [("", 0), ("--strict", 4)])
def test_the_exit_code_stands_when_nobody_can_read_the_report(
    archive: Path, tmp_path: Path, lost: str, format_: str, strict: str, code: int
) -> None:
    program = f"{sys.executable} -m feedbuilder build -v -c {archive} -o {tmp_path}/out --format {format_} {strict}"
    shell = f"{program} {lost}; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", shell], capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr


def test_a_report_that_the_terminal_has_no_letters_for_is_printed_in_escapes(archive: Path, tmp_path: Path) -> None:
    (archive.parent / "episodes/third.md").write_text("---\ntitle: [語\n---\n", "utf-8")
    ascii_only = {"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}
    run = feedbuilder("build", "-v", "-c", archive, "-o", tmp_path / "out", env=ascii_only)
    assert run.returncode == 3, run.stderr
    assert "third.md" in run.stderr


def test_a_build_from_a_folder_that_was_deleted_is_reported(archive: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = f"rmdir {gone}; {sys.executable} -m feedbuilder build -v -c {archive} -o {tmp_path}/out"
    run = subprocess.run(["bash", "-c", program], cwd=gone, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr


def test_a_config_that_the_system_will_not_give_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refused)
    run = CliRunner().invoke(application(), ["build", "-c", "closed/feedbuilder.yaml"])
    assert run.exit_code == 2
    assert "cannot read the config closed/feedbuilder.yaml: Permission denied" in run.output
