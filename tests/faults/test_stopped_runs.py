"""Runs that are killed or interrupted anywhere; `make torture` does the same two thousand times."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from archives import REPOSITORY


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system has no fork")
@pytest.mark.parametrize("mode", ["in-place", "swap"])
def test_runs_stopped_anywhere_leave_whole_files_and_the_next_one_heals(tmp_path, mode):
    run = subprocess.run(
        [sys.executable, REPOSITORY / "tests/tools/torture.py", "--kills", "100", "--seed", "7", "--mode", mode],
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(re.match(r"\d+", run.stdout)[0]) >= 100
    for step in ("any moment", "write", "sync", "rename", "link", "lock"):
        assert step in run.stdout
