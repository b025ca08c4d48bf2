"""`feedbuilder preview` from start to end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from archives import episode_text, feedbuilder, tree, write_archive


def test_it_serves_the_pages_until_it_is_ended_and_writes_nothing(tmp_path: Path) -> None:
    config = write_archive(tmp_path, {"one.md": episode_text(title="One")})
    before = tree(tmp_path)
    run = subprocess.Popen(
        [sys.executable, "-m", "feedbuilder", "preview", "-c", config, "--port", "0"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert run.stdout is not None
        address = run.stdout.readline().split()[0]
        assert address.startswith("http://127.0.0.1:")
        with urlopen(address, timeout=10) as answer:
            assert b">One</a>" in answer.read()
    finally:
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=10)
    assert run.returncode == 130
    assert tree(tmp_path) == before


@pytest.mark.parametrize("arguments", [["--port", "99999"], ["-c", "nowhere.yaml"]])
def test_what_cannot_be_served_is_wrong_usage(arguments: list[str]) -> None:
    assert feedbuilder("preview", *arguments).returncode == 2
