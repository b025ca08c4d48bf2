"""Two runs at once: one works, the other says so at once, or waits; a killed one is in nobody's way."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from archives import built, config_text, episode_text, feedbuilder, tree, write_archive

from feedbuilder.errors import LockedError
from feedbuilder.publish.output_folder import claimed

HOLDER = """
import sys, time
from pathlib import Path
from feedbuilder.publish.output_folder import locked_home
with locked_home(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def another_run(folder: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Hold a folder in another process, for some time."""
    command = [sys.executable, "-c", HOLDER, str(folder), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "held\n"
        try:
            yield run
        finally:
            run.kill()


@pytest.fixture(params=["in-place", "swap"])
def config(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    text = config_text(publish={"mode": request.param})
    file = write_archive(tmp_path / "show", {"one.md": episode_text(guid="one")}, text)
    built(file, tmp_path / "out")
    return write_archive(tmp_path / "show", {"two.md": episode_text(guid="two")}, text)


def test_a_second_run_ends_at_once_with_11_and_changes_nothing(config, tmp_path):
    before = tree(tmp_path / "out")
    with another_run(tmp_path / "out", 60):
        run = feedbuilder("build", "-c", config, "-o", tmp_path / "out")
    assert run.returncode == 11
    assert f"another run is at work in {tmp_path / 'out'}" in run.stderr
    assert tree(tmp_path / "out") == before


def test_a_run_that_waits_begins_when_the_other_ends(tmp_path):
    with another_run(tmp_path, 0.5):
        begun = time.monotonic()
        with claimed(tmp_path, wait_s=30), claimed(tmp_path):
            waited_s = time.monotonic() - begun
    assert 0.1 < waited_s < 20


def test_a_run_does_not_wait_longer_than_it_was_told(tmp_path):
    with another_run(tmp_path, 60):
        begun = time.monotonic()
        with (
            pytest.raises(LockedError, match=r"another run is .*, for 0\.3 seconds now"),
            claimed(tmp_path, wait_s=0.3),
        ):
            pytest.fail("two runs at once")
    assert 0.3 <= time.monotonic() - begun < 10


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_run_keeps_nobody_out(config, tmp_path, number):
    with another_run(tmp_path / "out", 60) as run:
        run.send_signal(number)
        run.wait()
        assert feedbuilder("build", "-c", config, "-o", tmp_path / "out").returncode == 0
    assert b"two" in tree(tmp_path / "out")["feed.xml"]


def test_the_program_waits_as_long_as_it_is_told(config, tmp_path):
    with another_run(tmp_path / "out", 1.5):
        run = feedbuilder("build", "-c", config, "-o", tmp_path / "out", "--wait", "60")
    assert run.returncode == 0
    assert b"two" in tree(tmp_path / "out")["feed.xml"]
    with another_run(tmp_path / "out", 60):
        run = feedbuilder("build", "-c", config, "-o", tmp_path / "out", "--accept", "removals", "--wait", "0.2")
    assert run.returncode == 11
