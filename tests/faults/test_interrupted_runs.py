"""Runs that stop in the middle: every file stays wholly old or wholly new, and the next run ends the work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from archives import NOW, built, config_text, episode_text, tree, write_archive
from lxml import etree

KILLER = """
import os, signal, sys
from pathlib import Path
steps, number = int(sys.argv[1]), int(sys.argv[2])
def stopping(original):
    def step(*arguments, **options):
        global steps
        if "out" in str(arguments[0]):
            steps -= 1
            if steps == -1:
                os.kill(os.getpid(), number)
        return original(*arguments, **options)
    return step
Path.replace, Path.unlink = stopping(Path.replace), stopping(Path.unlink)
sys.argv = ["feedbuilder", *sys.argv[3:]]
from feedbuilder.cli.main import run
run()
"""


def words(name: str) -> dict[str, str]:
    return {
        f"{name}.md": episode_text(guid=name, title=name.title(), transcript=[{"line": f"{name} speaks.", "sec": 1}])
    }


def stopped(config: Path, output: Path, steps: int, number: signal.Signals) -> int:
    """Run a build that is stopped after so many renames and removals."""
    command = [sys.executable, "-c", KILLER, str(steps), str(int(number)), "build", "-c", config, "-o", output]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    run = subprocess.run(
        [*map(str, command), "--accept", "removals"], env=environment, capture_output=True, check=False
    )
    return run.returncode


@pytest.fixture(params=["in-place", "swap"])
def text(request: pytest.FixtureRequest) -> str:
    """Return a config for either way to publish."""
    return config_text(publish={"mode": request.param})


def test_a_run_killed_at_any_step_leaves_whole_files_and_the_next_one_heals(tmp_path, text):
    source, output = tmp_path / "source", tmp_path / "out"
    before = {**words("one"), **words("two"), **words("three")}
    after = {**words("two"), **words("four"), "one.md": before["one.md"].replace("speaks", "sings")}
    later = {**after, "two.md": before["two.md"].replace("speaks", "hums")}
    for steps in range(40):
        config = write_archive(source / str(steps), before, text)
        folder = output / str(steps)
        built(config, folder)
        old = tree(folder)
        (config.parent / "episodes/three.md").unlink()
        write_archive(config.parent, after, text)
        expected = tmp_path / "clean" / str(steps)
        built(config, expected)
        new = tree(expected)
        code = stopped(config, folder, steps, signal.SIGKILL)
        published = {path: content for path, content in tree(folder).items() if not path.startswith(".feedbuilder")}
        assert all(content in (old.get(path), new.get(path)) for path, content in published.items())
        for url in etree.fromstring(published["feed.xml"]).iterfind(".//{*}transcript"):
            assert url.get("url").removeprefix("https://show.example/") in published
        assert "swap" not in text or published in (old, new)
        write_archive(config.parent, later, text)  # the archive goes on before the next run
        built(config, folder, accept={"removals"})
        clean = tmp_path / "later" / str(steps)
        built(config, clean)
        assert tree(folder) == tree(clean), f"after step {steps}"
        if code == 0:
            assert steps > 8
            return
    pytest.fail("the run was stopped at forty steps and never came to its end")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("steps", [1, 4, 7])
def test_an_interrupted_run_puts_everything_back(tmp_path, text, number, steps):
    config = write_archive(tmp_path / "source", {**words("one"), **words("two"), **words("three")}, text)
    built(config, tmp_path / "out")
    old = tree(tmp_path / "out")
    (config.parent / "episodes/three.md").unlink()
    write_archive(config.parent, {"one.md": words("one")["one.md"].replace("speaks", "sings"), **words("four")}, text)
    assert stopped(config, tmp_path / "out", steps, number) == 128 + number
    assert tree(tmp_path / "out") == old


def test_a_refused_run_keeps_what_is_known_of_a_stopped_one(tmp_path, text):
    config = write_archive(tmp_path / "source", {**words("one"), **words("two")}, text)
    output = tmp_path / "out"
    built(config, output)
    write_archive(config.parent, {"one.md": words("one")["one.md"].replace("speaks", "sings")}, text)
    assert stopped(config, output, 2, signal.SIGKILL) != 0
    (config.parent / "episodes/two.md").rename(config.parent / "episodes/_two.md")
    with pytest.raises(Exception, match="would vanish"):
        built(config, output)
    (config.parent / "episodes/_two.md").rename(config.parent / "episodes/two.md")
    write_archive(config.parent, {"one.md": words("one")["one.md"].replace("speaks", "hums")}, text)
    built(config, output)
    assert b"hums" in tree(output)["transcripts/one.vtt"]


def test_files_are_readable_by_a_web_server_whatever_the_umask_of_cron(tmp_path):
    config = write_archive(tmp_path / "source", words("one"))
    old = os.umask(0o077)
    try:
        built(config, tmp_path / "out")
    finally:
        os.umask(old)
    assert (tmp_path / "out/feed.xml").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "out/transcripts").stat().st_mode & 0o777 == 0o755
    (tmp_path / "out/feed.xml").chmod(0o640)
    write_archive(config.parent, {"one.md": episode_text(guid="one", title="Other")})
    built(config, tmp_path / "out", accept={"transcripts"})
    assert (tmp_path / "out/feed.xml").stat().st_mode & 0o777 == 0o640
