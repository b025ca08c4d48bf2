"""Running for years: the GitHub action, the container, what is owed to the owner's command, the log, the page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from archives import NOW, REPOSITORY, built, config_text, episode_text, write_archive

from feedbuilder.cli.counts import counts
from feedbuilder.cli.delivery import command_words, deliver
from feedbuilder.cli.logs import RunLog, open_log
from feedbuilder.errors import ExitCode, UsageError
from feedbuilder.publish.delivery import DELIVERED_NAME, owed

# the action


@pytest.fixture
def action(tmp_path: Path) -> Callable[..., tuple[int, dict[str, str], str]]:
    """Run the action's build step as GitHub does, in a folder of its own; give exit code, outputs and what is said."""
    if not all(map(shutil.which, ("bash", "sha256sum"))):
        pytest.skip("bash and sha256sum are wanted, as GitHub's machines have them")
    document = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
    [step] = [one for one in document["runs"]["steps"] if one.get("id") == "build"]
    program = tmp_path / "temp/feedbuilder/bin/feedbuilder"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feedbuilder "$@"\n')
    program.chmod(0o755)
    outputs = tmp_path / "outputs"

    def run(**inputs: str) -> tuple[int, dict[str, str], str]:
        given = {name: str(found["default"]) for name, found in document["inputs"].items()} | inputs
        env = {
            name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], value)
            for name, value in step["env"].items()
        }
        assert not any("${{" in value for value in env.values())
        outputs.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=tmp_path,
            env={**os.environ, **env, "RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_OUTPUT": str(outputs),
                 "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        told = dict(line.split("=") for line in outputs.read_text().splitlines())
        return done.returncode, told, done.stdout + done.stderr

    return run


def test_the_action_tells_whether_anything_changed(tmp_path, action):
    write_archive(tmp_path, {"one.md": episode_text()})
    assert action()[:2] == (0, {"exit-code": "0", "changed": "true"})
    assert (tmp_path / "output/feed.xml").is_file()
    assert action()[:2] == (0, {"exit-code": "0", "changed": "false"})


def test_the_action_goes_on_when_episodes_are_held_and_names_them(tmp_path, action):
    write_archive(tmp_path, {"one.md": episode_text(), "two.md": "---\ntitle: [\n---\n"})
    code, told, said = action()
    assert (code, told) == (0, {"exit-code": "3", "changed": "true"})
    assert "::error file=episodes/two.md,line=" in said


def test_the_action_fails_when_a_build_is_refused(tmp_path, action):
    write_archive(tmp_path, {"one.md": episode_text(), "two.md": episode_text(guid="two")})
    assert action()[0] == 0
    (tmp_path / "episodes/two.md").unlink()
    code, told, said = action()
    assert (code, told) == (4, {"exit-code": "4", "changed": "false"})
    assert "::error::" in said


def test_the_action_s_paths_and_options_are_words_and_no_shell_s(tmp_path, action):
    (tmp_path / "the $(touch boo) show").mkdir()
    write_archive(tmp_path / "the $(touch boo) show", {"one.md": episode_text()})
    code, told, said = action(
        config="the $(touch boo) show/feedbuilder.yaml",
        output="out put; touch boo",
        args="--accept\nremovals:$(touch boo)\n\n--strict\n",
    )
    assert code == 4, said  # --strict: the episode has no audio
    assert told["changed"] == "false"
    code, *_ = action(config="the $(touch boo) show/feedbuilder.yaml", output="out put; touch boo")
    assert code == 0
    assert (tmp_path / "out put; touch boo/feed.xml").is_file()
    assert not list(tmp_path.rglob("boo"))


def test_everything_the_action_gives_and_takes_is_described():
    document = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
    assert set(document["inputs"]) == {"config", "output", "args"}
    assert set(document["outputs"]) == {"changed", "exit-code"}
    assert all(found["description"] for found in [*document["inputs"].values(), *document["outputs"].values()])
    steps = document["runs"]["steps"]
    assert all(step["shell"] == "bash" for step in steps if "run" in step)
    assert not any("${{" in step.get("run", "") for step in steps), "an input would become a part of the script"


# the container


def test_what_the_container_copies_is_there_and_let_through():
    recipe = (REPOSITORY / "Dockerfile").read_text("utf-8")
    rules = [line for line in (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines() if line[:1] not in "#"]
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)", recipe, re.M) for word in line.split()[:-1]]
    assert {"pyproject.toml", "README.md", "LICENSE", "feedbuilder", "seeds"} == set(copied)
    for path in copied:
        assert (REPOSITORY / path).exists()
        matching = [rule for rule in rules if fnmatch(path, rule.removeprefix("!"))]
        assert matching[-1] == f"!{path}"
    assert not fnmatch(".git", rules[-1])
    assert rules[0] == "*"


def test_the_container_runs_feedbuilder_as_nobody_in_particular():
    last_stage = (REPOSITORY / "Dockerfile").read_text("utf-8").rpartition("\nFROM ")[2]
    assert 'ENTRYPOINT ["feedbuilder"]' in last_stage
    [user] = re.findall(r"^USER (\d+):(\d+)$", last_stage, re.M)
    assert "0" not in user
    assert last_stage.index("\nUSER ") > last_stage.index("RUN pip uninstall")


# what is owed to the owner's command


def shell(script: str) -> list[str]:
    return command_words(f"sh -c '{script}'")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    config = write_archive(tmp_path / "show", {"one.md": episode_text(), "two.md": episode_text(guid="two")})
    built(config, tmp_path / "out")
    return tmp_path / "out"


def test_the_command_reads_what_changed_and_is_not_run_again(out, tmp_path):
    said = tmp_path / "said"
    script = shell(f'(echo "$FEEDBUILDER_CHANGED in $FEEDBUILDER_OUTPUT"; cat) > "{said}"')
    assert deliver(script, out) is None
    assert said.read_text().splitlines() == [f"1 in {out}", "written feed.xml"]
    said.unlink()
    assert deliver(script, out) is None
    assert not said.exists()


def test_a_command_that_failed_is_owed_until_it_goes_well_although_nothing_changes_any_more(out, tmp_path):
    fault = deliver(shell("exit 7"), out)
    assert fault is not None
    assert "sh failed with exit code 7" in fault
    built(tmp_path / "show/feedbuilder.yaml", out)
    assert owed(out) is not None
    assert deliver(shell("exit 0"), out) is None
    assert owed(out) is None


def test_only_what_changed_since_the_last_delivery_is_owed(out, tmp_path):
    assert deliver(["true"], out) is None
    config = write_archive(
        tmp_path / "show",
        {
            "one.md": episode_text(transcript=[{"line": "Hello.", "sec": 1, "who": "A"}]),
            "two.md": episode_text(guid="two"),
        },
    )
    report = built(config, out)
    delivery = owed(out)
    assert delivery is not None
    assert delivery.written == report.changes.written
    assert delivery.removed == ()
    assert deliver(["true"], out) is None

    write_archive(tmp_path / "show", {"one.md": episode_text()})
    report = built(config, out, accept=["transcripts"])
    delivery = owed(out)
    assert delivery is not None
    assert (delivery.written, delivery.removed) == (report.changes.written, report.changes.removed)
    assert delivery.removed


def test_what_is_owed_is_no_file_of_ours_that_a_build_would_remove(out, tmp_path):
    assert deliver(["true"], out) is None
    report = built(tmp_path / "show/feedbuilder.yaml", out)
    assert report.changes.removed == report.changes.written == ()
    assert (out / DELIVERED_NAME).is_file()


def test_a_folder_that_nothing_was_published_in_owes_nothing(tmp_path):
    assert owed(tmp_path) is None
    assert deliver(["false"], tmp_path) is None


def test_a_build_that_ends_while_the_command_runs_is_owed_after_it(out, tmp_path):
    assert deliver(["true"], out) is None
    (out / DELIVERED_NAME).unlink()
    newer = re.sub(r'"sha256": "\w{64}"', f'"sha256": "{"0" * 64}"', (out / "manifest.json").read_text())
    (tmp_path / "newer.json").write_text(newer)
    assert deliver(["cp", str(tmp_path / "newer.json"), str(out / "manifest.json")], out) is None
    assert owed(out) is not None


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("no-such-program-anywhere", "no-such-program-anywhere cannot be run: No such file or directory"),
        ("sh -c 'kill -9 $$'", "sh failed with exit code -9"),
    ],
)
def test_a_command_that_cannot_be_run_is_told_and_owed(out, command, fault):
    assert fault in (deliver(command_words(command), out) or "")
    assert owed(out) is not None


def test_two_runs_never_deliver_at_once(out, tmp_path):
    build_again = (
        f"{sys.executable} -c 'import sys; from pathlib import Path; from feedbuilder.cli.delivery import deliver; "
    )
    build_again += 'print(deliver(["touch", sys.argv[2]], Path(sys.argv[1])))' + f"' {out} {tmp_path / 'twice'}"
    assert deliver(command_words(build_again), out) is None
    assert not (tmp_path / "twice").exists()
    assert owed(out) is None


def test_a_command_that_never_ends_is_ended(out):
    fault = deliver(["sleep", "60"], out, longest_s=0.2)
    assert fault is not None
    assert "did not end within 0.2 seconds" in fault


@pytest.mark.parametrize("command", ["", "  ", "echo 'open"])
def test_a_command_that_is_none_is_wrong_usage(command):
    with pytest.raises(UsageError):
        command_words(command)


def test_a_command_is_no_shell_s():
    assert command_words("rsync -a 'out put/' host:$HOME; rm *") == [
        "rsync",
        "-a",
        "out put/",
        "host:$HOME;",
        "rm",
        "*",
    ]


# the log


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_run_is_a_line_for_its_start_each_problem_each_change_and_its_end(tmp_path):
    config = write_archive(tmp_path, {"one.md": episode_text(title="第1回"), "two.md": "---\ntitle: [\n---\n"})
    report = built(config, tmp_path / "out")
    with open_log(str(tmp_path / "log.jsonl")) as log:
        log.start(str(config))
        for fault in report.problems:
            log.problem(fault)
        log.note("a line\nof two")
        log.end(report.exit_code, report, None)
    start, *between, end = lines(tmp_path / "log.jsonl")
    assert (start["event"], start["level"], start["config"]) == ("start", "info", str(config))
    assert [line["event"] for line in between] == [*["problem"] * len(report.problems), "note", "change"]
    assert {line["run"] for line in (start, *between, end)} == {start["run"]}
    broken = next(line for line in between if line.get("path") == "episodes/two.md")
    fault = next(fault for fault in report.problems if fault.place.path == "episodes/two.md")
    assert (broken["level"], broken["line"], broken["code"]) == ("error", fault.place.line, fault.code)
    assert between[-1] | {"time": ""} == {
        "time": "", "level": "info", "event": "change", "run": start["run"], "path": "feed.xml", "change": "written",
    }  # fmt: skip
    assert (end["event"], end["level"], end["exit_code"]) == ("end", "error", 3)
    assert {name: end[name] for name in counts(report)} == counts(report)
    assert (end["published"], end["held"], end["written"]) == (1, 1, 1)
    assert end["next"] is None
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]) for line in (start, *between, end))


def test_the_log_tells_how_long_a_run_took_by_a_clock_that_nobody_sets(tmp_path):
    import logging

    file, ticks = tmp_path / "log", iter([0.0, 100.0, 101.25])
    handler = logging.FileHandler(file, encoding="utf-8")
    from feedbuilder.cli.logs import JsonLines

    handler.setFormatter(JsonLines())
    log = RunLog(handler, clock_s=lambda: next(ticks))
    log.start("feedbuilder.yaml")
    log.end(ExitCode.REFUSED, None, "no")
    handler.close()
    assert lines(file)[-1]["duration_ms"] == 1250


def test_a_run_that_published_nothing_says_why_and_claims_no_numbers(tmp_path):
    with open_log(str(tmp_path / "log")) as log:
        log.start("feedbuilder.yaml")
        log.end(ExitCode.REFUSED, None, "2 episodes would vanish\nnothing was written")
    end = lines(tmp_path / "log")[-1]
    assert (end["exit_code"], end["failure"]) == (4, "2 episodes would vanish\nnothing was written")
    assert "published" not in end


def test_runs_add_to_one_log(tmp_path):
    for _ in range(2):
        with open_log(str(tmp_path / "log")) as log:
            log.start("feedbuilder.yaml")
    first, second = lines(tmp_path / "log")
    assert first["run"] != second["run"]


def test_a_log_that_cannot_be_opened_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match=r"the log .* cannot be written: Is a directory"), open_log(str(tmp_path)):
        pass


def test_the_log_goes_to_standard_error_where_that_is_asked_for(capsys):
    with open_log("-") as log:
        log.start("feedbuilder.yaml")
    said = capsys.readouterr()
    assert (said.out, json.loads(said.err)["event"]) == ("", "start")


def test_no_log_is_written_unasked(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_log(None) as log:
        log.start("feedbuilder.yaml")
        log.end(ExitCode.OK, None, None)
    assert capsys.readouterr() == ("", "")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_once_and_stops_nothing(capsys):
    with open_log("/dev/full") as log:
        log.start("feedbuilder.yaml")
        log.end(ExitCode.OK, None, None)
    assert capsys.readouterr().err.count("the log /dev/full cannot be written") == 1


# the page


def test_the_page_on_operations_tells_every_exit_code_and_what_to_do():
    page = (REPOSITORY / "docs/operations.md").read_text("utf-8")
    rows = {int(number) for cell in re.findall(r"^\| ([\d, ]+) \|", page, re.M) for number in cell.split(", ")}
    assert rows >= set(ExitCode)
    assert rows - set(ExitCode) <= {6, 130, 143}


def test_what_the_page_links_to_is_there():
    page = REPOSITORY / "docs/operations.md"
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / link).is_file()


def test_counts_tell_kept_episodes_from_held_ones(tmp_path):
    config = write_archive(tmp_path, {"one.md": episode_text(), "two.md": episode_text(guid="two")}, config_text())
    built(config, tmp_path / "out")
    (tmp_path / "episodes/two.md").write_text("---\ntitle: [\n---\n")
    (tmp_path / "episodes/three.md").write_text("---\ntitle: [\n---\n")
    found = counts(built(config, tmp_path / "out"))
    assert (found["published"], found["kept"], found["held"]) == (1, 1, 1)
