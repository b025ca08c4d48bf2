"""A run that nobody watches speaks of what has become worse since the last one, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import config_text, episode_text, feedbuilder, write_archive

GOOD = episode_text("Words.\n", guid="a", guests=["Ana"])
MISSPELT = GOOD.replace("guests:", "guest:")


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """Build a show whose warnings are known: its episode has no audio."""
    config = write_archive(tmp_path, {"a.md": GOOD}, config_text())
    assert build(config) == ""
    return config


def build(config: Path, *options: str) -> str:
    run = feedbuilder("build", "--config", config, *options)
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    return run.stderr


def test_a_new_warning_is_told_once_and_the_known_ones_are_not(show):
    file = show.parent / "episodes/a.md"
    file.write_text(MISSPELT)
    told = build(show)
    assert "misspelt-field" in told
    assert "missing-audio" not in told
    file.write_text(f"{MISSPELT}\nMore.\n")
    assert build(show) == ""


def test_a_warning_that_went_and_came_back_is_new(show):
    file = show.parent / "episodes/a.md"
    for _ in range(2):
        file.write_text(MISSPELT)
        assert "misspelt-field" in build(show)
        file.write_text(GOOD)
        assert build(show) == ""


def test_a_quiet_run_says_nothing_and_leaves_it_to_the_next(show):
    (show.parent / "episodes/a.md").write_text(MISSPELT)
    assert build(show, "--quiet") == ""
    (show.parent / "episodes/a.md").write_text(f"{MISSPELT}\nMore.\n")
    assert "misspelt-field" in build(show)


@pytest.mark.parametrize("content", ["", "{", "[1, [2]]", "null", '{"a": 1}', "\udcff"])
def test_a_memory_that_cannot_be_read_is_made_anew(show, content):
    (show.parent / ".feedbuilder/feedbuilder.yaml.warned").write_text(content, errors="surrogateescape")
    (show.parent / "episodes/a.md").write_text(MISSPELT)
    build(show)
    (show.parent / "episodes/a.md").write_text(GOOD)
    assert build(show) == ""
