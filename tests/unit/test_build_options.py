"""What `feedbuilder build` does beside building: exit codes for changes, a command, a ping, a log, one JSON object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archives import config_text, episode_text, feedbuilder, write_archive
from online_server import Server, answer

from feedbuilder.build import build
from feedbuilder.cli import run as runs
from feedbuilder.cli.run import Outcome, Wishes, carry_out
from feedbuilder.errors import ExitCode, LockedError, RefusedError
from feedbuilder.online import ping as pings

BROKEN = "---\ntitle: [\n---\n"


@pytest.fixture
def show(tmp_path: Path) -> Path:
    write_archive(tmp_path, {"one.md": episode_text(), "two.md": episode_text(guid="two")})
    return tmp_path


def test_a_change_has_the_exit_code_that_was_asked_for_and_only_a_change(show):
    codes = [feedbuilder("build", "--changed-exit-code", "64", cwd=show).returncode for _ in range(2)]
    assert codes == [64, 0]


def test_a_change_is_no_reason_to_speak(show):
    done = feedbuilder("build", "--changed-exit-code", "64", cwd=show)
    assert (done.stdout, done.stderr) == ("", "")


def test_held_episodes_outrank_a_change(show):
    (show / "episodes/two.md").write_text(BROKEN)
    assert feedbuilder("build", "--changed-exit-code", "64", cwd=show).returncode == 3


@pytest.mark.parametrize("code", ["0", "31", "114", "yes"])
def test_no_other_exit_code_can_be_taken_for_a_change(show, code):
    assert feedbuilder("build", "--changed-exit-code", code, cwd=show).returncode == 2
    assert not (show / "output").exists()


def test_the_command_runs_after_a_change_and_not_without_one(show):
    command = ["build", "--on-change", "sh -c 'cat >> said'"]
    assert [feedbuilder(*command, cwd=show).returncode for _ in range(2)] == [0, 0]
    assert (show / "said").read_text() == "written feed.xml\n"


def test_a_command_that_failed_has_an_exit_code_of_its_own_and_is_run_again(show):
    done = feedbuilder("build", "--on-change", "false", cwd=show)
    assert done.returncode == 6
    assert "false failed with exit code 1" in done.stderr
    assert (show / "output/feed.xml").is_file()
    assert feedbuilder("build", "--on-change", "false", cwd=show).returncode == 6
    assert feedbuilder("build", "--on-change", "true", cwd=show).returncode == 0
    assert feedbuilder("build", "--on-change", "false", cwd=show).returncode == 0


def test_no_command_runs_after_a_build_that_was_refused(show):
    assert feedbuilder("build", cwd=show).returncode == 0
    (show / "episodes/two.md").unlink()
    assert feedbuilder("build", "--on-change", "sh -c 'touch ran'", cwd=show).returncode == 4
    assert not (show / "ran").exists()


def test_a_command_that_is_none_stops_the_run_before_anything_is_done(show):
    assert feedbuilder("build", "--on-change", "echo 'open", cwd=show).returncode == 2
    assert not (show / "output").exists()


def test_the_json_report_is_one_object_whatever_the_command_prints(show):
    done = feedbuilder("build", "--format", "json", "--on-change", "echo printed", cwd=show)
    report = json.loads(done.stdout)
    assert done.stderr == "printed\n"
    assert report["exit_code"] == 0
    assert report["written"] == ["feed.xml"]
    assert report["notes"] == []
    assert report["next"] is None
    assert report["counts"] == {"published": 2, "held": 0, "kept": 0, "written": 1, "unchanged": 0, "removed": 0}


def test_the_json_report_has_the_exit_code_of_the_process_and_when_the_next_is_due(show):
    (show / "episodes/three.md").write_text(episode_text(guid="three", dateadded="2026-12-01"))
    done = feedbuilder("build", "--format", "json", "--changed-exit-code", "64", cwd=show)
    report = json.loads(done.stdout)
    assert (done.returncode, report["exit_code"]) == (64, 64)
    assert report["next"] == "2026-12-01T06:00:00+00:00"


def test_the_json_report_of_a_run_that_came_to_nothing_is_an_object_as_well(show):
    done = feedbuilder("build", "--format", "json", "--log", show / "no/log", cwd=show)
    report = json.loads(done.stdout)
    assert (done.returncode, report["exit_code"]) == (2, 2)
    assert "the log" in report["message"]


def test_the_log_tells_the_run_and_changes_nothing_of_it(show):
    done = feedbuilder("build", "--log", "run.log", cwd=show)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    events = [json.loads(line) for line in (show / "run.log").read_text().splitlines()]
    assert [one["event"] for one in events if one["event"] != "problem"] == ["start", "change", "end"]
    assert events[-1]["duration_ms"] > 0
    content = (show / "output/feed.xml").read_bytes()
    assert feedbuilder("build", "-o", "other", cwd=show).returncode == 0
    assert (show / "other/feed.xml").read_bytes() == content


def test_a_ping_that_fails_is_told_and_nothing_else(show):
    with Server({"/key": answer()}) as server:  # on 127.0.0.1, which is not the public web
        done = feedbuilder("build", "--healthcheck", server.url("/key"), cwd=show)
    assert done.returncode == 0
    assert "127.0.0.1 was not told how the run ended" in done.stderr
    assert "/key" not in done.stderr
    assert server.requests == []


@pytest.mark.parametrize(
    ("error", "code"),
    [(None, ExitCode.OK), (RefusedError("no"), ExitCode.REFUSED), (LockedError("no"), ExitCode.LOCKED)],
)
def test_the_service_is_told_every_end_but_that_of_a_run_that_met_another(show, monkeypatch, error, code):
    told: list[tuple[str, int]] = []
    monkeypatch.setattr(pings, "ping", lambda url, exit_code: told.append((url, exit_code)))

    def publish():
        from archives import NOW

        from feedbuilder import read_config

        if error:
            raise error
        return build(read_config(show / "feedbuilder.yaml"), now=NOW)

    wishes = Wishes(healthcheck="https://hc.example/key", changed_exit_code=64)
    assert carry_out(publish, wishes, "feedbuilder.yaml").exit_code is code
    assert told == ([] if code is ExitCode.LOCKED else [("https://hc.example/key", code)])


def test_a_run_that_published_nothing_changed_nothing():
    assert Outcome(exit_code=ExitCode.REFUSED).told_code(64) == 4
    assert Outcome(exit_code=ExitCode.OK).told_code(64) == 0
    assert runs.Wishes().log is None


def test_schedule_is_a_command_of_the_program(show):
    done = feedbuilder("schedule", "cron", "--every", "1d", cwd=show)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("3 6 * * * ")


def test_each_fault_of_a_kind_is_followed_by_its_own_remedy(tmp_path):
    config = write_archive(tmp_path, {"a.md": episode_text()}, config_text(publish={"mode": "swop", "kep": 3}))
    said = feedbuilder("build", "--config", config).stderr.splitlines()
    places = [number for number, line in enumerate(said) if "feedbuilder.yaml:" in line]
    remedies = [number for number, line in enumerate(said) if line.startswith("  → ")]
    assert len(places) == len(remedies) == 2
    assert places[0] < remedies[0] < places[1] < remedies[1]
    assert "write `keep`" in said[remedies[0]]
