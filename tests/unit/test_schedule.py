"""What `feedbuilder schedule` prints is read back by what it is for: systemd, cron's shell, YAML, bash and git."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from archives import SEEDS, config_text, episode_text, tree, write_archive
from hypothesis import example, given
from hypothesis import strategies as st
from online_server import Server, answer
from typer.testing import CliRunner, Result

from feedbuilder import schedule
from feedbuilder.cli.commands.schedule import app
from feedbuilder.schedule import Every, Job, calendar, cron_expression, crontab, systemd_service, systemd_timer

NASTY = [
    "two words",
    "100% of it",
    "it's",
    'so "called"',
    "back\\slash\\\\es\\",
    "$HOME ${HOME} $(id) `id`",
    "ünï-第1回-🎙",
    "; # & | > *",
    "${{ github.token }} @USER@",
]
STEP_MIN = {each: {"m": 1, "h": 60, "d": 1440, "w": 10080}[each[-1]] * int(each[:-1]) for each in Every}

words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.sampled_from("%\\'\"$ "), min_size=1)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def text(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def job(**changes: Any) -> Job:
    fields: dict[str, Any] = {
        "title": "A Show",
        "program": ("/usr/bin/env",),
        "config": Path("/srv/show/feedbuilder.yaml"),
        "output": Path("/srv/show/output"),
        "is_output_named": False,
        "options": (),
        "user": "podcast",
        "every": Every.HOUR_1,
        "publish_time": time(6, 0),
        "zone": "Europe/Berlin",
    }
    return Job(**{**fields, **changes})


def archive_in(folder: Path, **sections: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return write_archive(folder, {"one.md": episode_text()}, config_text(**sections))


# when


def expanded(field: str, first: int, last: int) -> list[int]:
    """Read one field of a crontab as crontab(5) has it."""
    span, _, step = field.partition("/")
    start, _, end = (f"{first}-{last}" if span == "*" else span).partition("-")
    return list(range(int(start), int(end or start) + 1, int(step or 1)))


def week_of(expression: str) -> list[int]:
    """Return the minutes of a week, from Sunday on, at which cron runs."""
    minute, hour, day, month, weekday = expression.split()
    assert (day, month) == ("*", "*")
    return [
        (one_day * 24 + one_hour) * 60 + one_minute
        for one_day in expanded(weekday, 0, 6)
        for one_hour in expanded(hour, 0, 23)
        for one_minute in expanded(minute, 0, 59)
    ]


@given(every=st.sampled_from(list(Every)), publish_time=st.times())
def test_runs_come_at_even_steps_one_of_them_shortly_after_the_hour_of_publishing(every, publish_time):
    runs = week_of(cron_expression(job(every=every, publish_time=publish_time)))
    assert len(runs) == 7 * 1440 // STEP_MIN[every]
    assert {later - earlier for earlier, later in zip(runs, [*runs[1:], runs[0] + 7 * 1440], strict=True)} == {
        STEP_MIN[every]
    }
    wanted = publish_time.hour * 60 + publish_time.minute + 3
    assert any((one - wanted) % 1440 == 0 for one in runs)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("every", list(Every))
def test_systemd_runs_at_the_same_moments_as_cron(every):
    planned = job(every=every, publish_time=time(23, 58), zone="UTC")
    told = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=9", "--base-time=2026-11-29 00:00:00 UTC", calendar(planned)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TZ": "UTC"},
    ).stdout
    moments = re.findall(r"(?:Next elapse|Iter\. #\d+): \w+ 2026-(\d+)-(\d+) (\d+):(\d+):00 UTC", told)
    day_0 = 29  # a Sunday
    runs = [
        (((int(day) - day_0) if month == "11" else int(day) + 1) * 24 + int(hour)) * 60 + int(minute)
        for month, day, hour, minute in moments
    ]
    assert runs
    of_cron = week_of(cron_expression(planned))
    assert runs[: len(of_cron)] == of_cron[:9]


def test_days_are_counted_in_the_show_s_own_zone():
    assert calendar(job(every=Every.DAY)) == "*-*-* 06:03:00 Europe/Berlin"


# cron


def by_vixie(line: str) -> str:
    """Return the command that cron gives to the shell: % ends it, and a backslash takes the meaning of % and itself."""
    command, escaped = "", False
    for letter in line:
        if escaped:
            command = command[:-1] + letter if letter in "%\\" else command + letter
            escaped = False
        elif letter == "%":
            break
        else:
            command += letter
            escaped = letter == "\\"
    return command


def by_shell(command: str) -> list[str]:
    printing = f"for word in {command}; do printf '%s\\n' \"$word\"; done"
    return subprocess.run(["/bin/sh", "-c", printing], capture_output=True, check=True).stdout.decode().splitlines()


@given(words=st.lists(words.filter(lambda word: len(word.splitlines()) == 1), min_size=1, max_size=4))
@example(words=NASTY)
@example(words=["two\\\\backslashes", "\\%\\", "\\\\\\\\"])
def test_every_word_comes_through_every_kind_of_cron(words):
    line = crontab(job(program=("/bin/echo",), options=tuple(words), title="\r\n%")).splitlines()[-1]
    command = line.removeprefix(f"{cron_expression(job())} ")
    wanted = ["/bin/echo", "build", "--config", "/srv/show/feedbuilder.yaml", *words]
    assert by_shell(by_vixie(command)) == wanted
    assert by_shell(command) == wanted  # Busybox's cron hands the line on as it is


def test_a_crontab_is_comments_and_one_line_with_absolute_paths(tmp_path):
    config = archive_in(tmp_path / "two words")
    *comments, line = text("cron", "-c", config, "--every", "15m").splitlines()
    assert all(comment.startswith("#") for comment in comments)
    *when, command = line.split(" ", 5)
    assert when == ["3-59/15", "*", "*", "*", "*"]
    program, *arguments = shlex.split(command)
    assert Path(program).is_absolute()
    assert arguments[-3:] == ["build", "--config", str(config.resolve())]


def test_the_printed_line_builds_the_show_from_anywhere(tmp_path):
    config = archive_in(tmp_path / NASTY[0] / NASTY[2])
    line = text("cron", "-c", config, "-o", tmp_path / "out put").splitlines()[-1]
    done = subprocess.run(
        ["/bin/sh", "-c", by_vixie(line.split(" ", 5)[5])],
        cwd="/",
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},  # all that cron gives
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out put/feed.xml").is_file()


# systemd


def by_systemd(line: str) -> list[str]:
    """Read a command line as systemd.syntax(7) and systemd.service(5) have it; nothing here is left to expand."""
    found = []
    for quoted, bare in re.findall(r'"((?:[^"\\]|\\.)*)"(?: |$)|([^" ]+)(?: |$)', line):
        word = re.sub(r"\\(.)", r"\1", quoted) or bare
        assert all(len(marks) % 2 == 0 for marks in re.findall(r"%+|\$+", word))  # a single one would be expanded
        found.append(word.replace("%%", "%").replace("$$", "$"))
    return found


@given(words=st.lists(words, min_size=1, max_size=4))
@example(words=NASTY)
@example(words=["$$", "%%", "$%$%"])
def test_every_word_comes_through_systemd(words):
    lines = systemd_service(job(options=tuple(words))).splitlines()
    [line] = [line for line in lines if line.startswith("ExecStart=")]
    assert by_systemd(line.removeprefix("ExecStart="))[4:] == words


needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def verified(folder: Path, unit: str, content: str) -> str:
    (folder / unit).write_text(content, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", f"./{unit}"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stderr


@needs_systemd
@pytest.mark.parametrize("name", NASTY)
def test_systemd_has_nothing_to_say_against_the_units(tmp_path, name):
    planned = job(
        title=f"{name} \\",
        program=(f"/srv/{name}/feedbuilder",) if re.search(r"""["'\\$]""", name) else ("/usr/bin/env",),
        config=Path("/srv", name, "feedbuilder.yaml"),
        output=Path("/var/www", name),
        options=("--healthcheck", f"https://hc.example/{name}"),
        user="root",
    )
    (tmp_path / f"{planned.name}.service").write_text(systemd_service(planned), "utf-8")
    assert verified(tmp_path, f"{planned.name}.timer", systemd_timer(planned)) == ""


@needs_systemd
@pytest.mark.parametrize("name", NASTY)
def test_systemd_reads_the_writable_folders_as_they_are(tmp_path, name):
    unit = systemd_service(job(config=Path("/srv", name, "feedbuilder.yaml"), output=Path("/var/www", name)))
    told = verified(
        tmp_path,
        "show.service",
        re.sub(r"(ReadWritePaths=.*)", lambda found: re.sub(r'(["= ])/', r"\1", found[1]), unit),
    )
    read = re.findall(r"ReadWritePaths= path is not absolute, ignoring: (.*)", told)
    assert read == [f"srv/{name}", f"var/www/{name}"]


def test_only_the_output_and_the_ledger_s_folder_can_be_written_by_the_service(tmp_path):
    config = archive_in(tmp_path / "show")
    lines = text("systemd", "-c", config, "--part", "service").splitlines()
    assert f"ReadWritePaths={tmp_path.resolve()}/show" in lines  # the output lies in it
    assert "ProtectSystem=strict" in lines
    assert f"User={config.owner()}" in lines
    lines = text("systemd", "-c", config, "-o", tmp_path / "www").splitlines()
    assert f"ReadWritePaths={tmp_path.resolve()}/show {tmp_path.resolve()}/www" in lines


def test_generations_can_be_made_beside_an_output_folder_that_is_one(tmp_path):
    config = archive_in(tmp_path / "show", publish={"mode": "swap"}, output="../www/show")
    (tmp_path / "www/.show.generation-000001").mkdir(parents=True)
    (tmp_path / "www/show").symlink_to(".show.generation-000001")
    service = text("systemd", "-c", config, "--part", "service")
    assert f"ReadWritePaths={tmp_path.resolve()}/show {tmp_path.resolve()}/www\n" in service
    assert ".show.generation-000001" not in service


@pytest.mark.parametrize(
    ("options", "private"),
    [((), "yes"), (("--strict",), "yes"), (("--healthcheck=https://x.example",), "no"), (("--online",), "no")],
)
def test_a_service_that_asks_nobody_has_no_network(options, private):
    assert f"PrivateNetwork={private}\n" in systemd_service(job(options=options))


def test_an_archive_in_tmp_is_not_hidden_from_its_service():
    assert "PrivateTmp=no\n" in systemd_service(job(config=Path("/tmp/show/feedbuilder.yaml"), output=Path("/var/www")))
    assert "PrivateTmp=yes\n" in systemd_service(job())


def test_two_shows_on_one_machine_have_units_of_their_own():
    assert job(title="Über Größe, Teil 2!").name == "feedbuilder-uber-groe-teil-2"
    assert job(title="第1回").name == "feedbuilder-1"
    assert job(title="بودكاست").name == "feedbuilder"


def test_both_units_are_printed_with_their_names(tmp_path):
    config = archive_in(tmp_path)
    whole = text("systemd", "-c", config)
    for part in ("service", "timer"):
        assert text("systemd", "-c", config, "--part", part) in whole
        assert f"# ==== feedbuilder-a-show.{part} ====" in whole


# GitHub


def workflow(*arguments: str | Path) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(text("github", *arguments))
    return loaded


@pytest.mark.parametrize("name", NASTY)
def test_a_workflow_has_paths_from_the_root_of_the_repository_and_no_expression_of_ours_in_them(tmp_path, name):
    repository = tmp_path / "site"
    (repository / ".git").mkdir(parents=True)
    config = archive_in(repository / name)
    env = workflow("-c", config)["env"]
    as_github_reads_it = {key: value.replace("${{ '${{' }}", "${{") for key, value in env.items()}
    assert as_github_reads_it == {
        "CONFIG": f"{name}/feedbuilder.yaml",
        "OUTPUT": f"{name}/output",
        "LEDGER": f"{name}/feedbuilder.lock",
    }
    assert "${{ github" not in str(env)


def test_a_workflow_asks_for_no_more_rights_than_it_needs(tmp_path):
    found = workflow("-c", archive_in(tmp_path), "--every", "1d")
    assert found["permissions"] == {}
    assert {name: job["permissions"] for name, job in found["jobs"].items()} == {
        "publish": {"contents": "write", "pages": "write", "id-token": "write"}
    }
    assert found[True]["schedule"] == [{"cron": "3 6 * * *"}]  # YAML takes `on` for true
    assert found["concurrency"] == {"group": "podcast-feed", "cancel-in-progress": False}
    used = [step["uses"] for step in found["jobs"]["publish"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+", one) for one in used)


def test_a_workflow_cannot_write_outside_its_repository(tmp_path):
    result = run("github", "-c", archive_in(tmp_path / "site"), "-o", tmp_path / "elsewhere")
    assert result.exit_code == 2
    assert "outside the repository" in result.output


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


class Runner:
    """Runs the shell steps of a workflow as GitHub does, on a clone of a repository."""

    def __init__(self, folder: Path, found: dict[Any, Any]) -> None:
        self.folder, self.env = folder, found["env"]
        self.steps = {step["name"]: step for step in found["jobs"]["publish"]["steps"] if "run" in step}
        self.outputs = folder.parent / "outputs"
        (folder.parent / "bin").mkdir()
        program = folder.parent / "bin/feedbuilder"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feedbuilder "$@"\n')
        program.chmod(0o755)

    def step(self, name: str, **changes: str) -> subprocess.CompletedProcess[str]:
        self.outputs.write_text("")
        return subprocess.run(
            ["bash", "-e", "-c", self.steps[name]["run"]],
            cwd=self.folder,
            env={
                **os.environ,
                **self.env,
                **self.steps[name].get("env", {}),
                **changes,
                "PATH": f"{self.folder.parent / 'bin'}:{os.environ['PATH']}",
                "RUNNER_TEMP": str(self.folder.parent),
                "GITHUB_OUTPUT": str(self.outputs),
                "SOURCE_DATE_EPOCH": "1795435200",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def told(self) -> dict[str, str]:
        return dict(line.split("=") for line in self.outputs.read_text().splitlines())


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    if not all(map(shutil.which, ("bash", "git", "curl", "sha256sum"))):
        pytest.skip("bash, git, curl and sha256sum are wanted, as GitHub's machines have them")
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin")
    git(tmp_path, "clone", "--quiet", "origin", "site")
    config = archive_in(tmp_path / "site" / "the show")
    (tmp_path / "site/.gitignore").write_text("output/\n")
    git(tmp_path / "site", "checkout", "--quiet", "-b", "main")
    git(tmp_path / "site", "add", ".")
    git(tmp_path / "site", "commit", "--quiet", "-m", "An archive")
    git(tmp_path / "site", "push", "--quiet", "--set-upstream", "origin", "main")
    return Runner(tmp_path / "site", workflow("-c", config, "--", "--verbose"))


def test_the_workflow_builds_commits_the_ledger_and_finds_nothing_to_do_the_next_time(runner):
    with Server({}) as server:  # nothing is out yet
        done = runner.step("Build", FEED_URL=server.url("/feed.xml"))
    assert done.returncode == 0, done.stderr + done.stdout
    assert runner.told() == {"exit-code": "0", "changed": "true"}
    assert runner.step("Commit the ledger").returncode == 0
    origin = runner.folder.parent / "origin"
    assert git(origin, "log", "--format=%s", "main").splitlines() == ["Note what was published", "An archive"]
    assert git(origin, "show", "--name-only", "--format=", "main").splitlines() == ["the show/feedbuilder.lock"]

    feed = (runner.folder / "the show/output/feed.xml").read_bytes()
    with Server({"/feed.xml": answer(body=feed)}) as server:
        done = runner.step("Build", FEED_URL=server.url("/feed.xml"))
    assert (done.returncode, runner.told()) == (0, {"exit-code": "0", "changed": "false"})
    assert runner.step("Commit the ledger").returncode == 0
    assert len(git(origin, "log", "--format=%s", "main").splitlines()) == 2


def test_the_workflow_compares_with_the_feed_that_is_out_although_no_output_was_kept(runner):
    two = '<rss version="2.0"><channel><title>A Show</title>{}</channel></rss>'.format(
        "".join(f"<item><title>{one}</title><guid>{one}</guid></item>" for one in ("one", "lost"))
    )
    with Server({"/feed.xml": answer(body=two.encode())}) as server:
        done = runner.step("Build", FEED_URL=server.url("/feed.xml"))
    assert done.returncode == 4
    assert "::error::" in done.stdout
    assert runner.told() == {"exit-code": "4", "changed": "false"}


def test_the_workflow_builds_nothing_while_it_cannot_see_what_is_out(runner):
    with Server({"/feed.xml": answer(403)}) as server:
        done = runner.step("Build", FEED_URL=server.url("/feed.xml"))
    assert done.returncode == 1
    assert "403" in done.stdout
    assert not (runner.folder / "the show/output").exists()


def test_a_held_episode_is_deployed_around_and_told_at_the_end(runner):
    (runner.folder / "the show/episodes/two.md").write_text("---\ntitle: [\n---\n")
    with Server({}) as server:
        done = runner.step("Build", FEED_URL=server.url("/feed.xml"))
    assert done.returncode == 0
    assert runner.told() == {"exit-code": "3", "changed": "true"}
    assert "::error file=the show/episodes/two.md" in done.stdout
    assert runner.step("Were episodes held back?").returncode == 3


# all of them


@pytest.mark.parametrize("kind", ["systemd", "cron", "github"])
def test_nothing_is_written(tmp_path, kind):
    config = archive_in(tmp_path)
    before = tree(tmp_path)
    assert text(kind, "-c", config)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("kind", ["systemd", "cron", "github"])
@pytest.mark.parametrize("name", ["two\nlines", "bell\a", os.fsdecode(b"not utf-8 \xff")])
def test_a_name_that_no_line_of_text_can_hold_is_refused(tmp_path, kind, name):
    try:
        config = archive_in(tmp_path / name)
    except OSError:
        pytest.skip("the file system has no such names")
    result = run(kind, "-c", config)
    assert result.exit_code == 2
    assert "rename it" in result.output


@pytest.mark.parametrize("kind", ["systemd", "cron", "github"])
def test_without_a_config_of_one_s_own_there_is_nothing_to_schedule(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    result = run(kind)
    assert result.exit_code == 2
    assert "feedbuilder init" in result.output


def test_no_name_in_a_template_is_left_unfilled():
    shipped = Path(schedule.__file__).with_name("templates")
    filled = [systemd_service(job()), systemd_timer(job()), crontab(job())]
    assert not re.search(r"@[A-Z_]+@", "".join(filled))
    assert {file.name for file in shipped.iterdir()} == {"systemd.service", "systemd.timer", "crontab", "workflow.yml"}


def test_the_sample_show_can_be_scheduled_with_any_options():
    line = text("cron", "-c", SEEDS, "--", "--healthcheck", "https://hc-ping.com/key").splitlines()[-1]
    assert line.endswith("/feedbuilder.yaml --healthcheck https://hc-ping.com/key")


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--accept", "removals"), "one build by hand"), (("--nope",), "No such option"), (("--wait", "x"), "--wait")],
)
def test_options_that_no_build_or_not_every_build_should_have_are_refused(options, said):
    result = run("cron", "-c", SEEDS, "--", *options)
    assert (result.exit_code, "feedbuilder.yaml" in result.output) == (2, False)
    assert said in result.output
