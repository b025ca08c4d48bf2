"""The command line as a whole: every command is there, and none loads what another one needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from archives import NOW, episode_text, feedbuilder, write_archive

import feedbuilder as package
from feedbuilder.cli import commands

COMMANDS = [
    "build", "diff", "check", "preview", "transcript", "doctor", "rollback", "init", "import", "next", "identity",
    "schedule",
]  # fmt: skip


def loaded(*arguments: str | Path) -> set[str]:
    """Return the modules that are loaded when a run ends."""
    program = (
        "import sys; from feedbuilder.__main__ import run\ntry: run()\nexcept SystemExit: pass\n"
        "print('modules', *sys.modules)"
    )
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    run = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], env=env, capture_output=True, text=True, check=True
    )
    return set(run.stdout.rpartition("modules ")[2].split())


def commands_among(modules: set[str]) -> set[str]:
    prefix = "feedbuilder.cli.commands."
    return {name.removeprefix(prefix) for name in modules if name.startswith(prefix)}


def test_help_lists_every_command_there_is_in_this_order():
    lines = feedbuilder("--help").stdout.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in lines if line[:2] == "  " and line[2:3].strip()] == COMMANDS
    modules = {file.stem for file in Path(commands.__file__).parent.glob("*.py")} - {"__init__"}
    assert {"import" if name == "import_feed" else "next" if name == "next_due" else name for name in modules} == set(
        COMMANDS
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_loads_no_other(command):
    assert len(commands_among(loaded(command, "--help"))) == 1


def test_the_version_is_told_without_any_command():
    assert not commands_among(loaded("--version"))
    assert feedbuilder("--version").stdout == f"feedbuilder {package.__version__}\n"


def test_a_mistyped_command_is_wrong_usage():  # newer versions of typer tell the right one, too
    run = feedbuilder("biuld")
    assert (run.returncode, "No such command 'biuld'" in run.stderr) == (2, True)


def test_a_build_loads_neither_what_prints_nor_readers_of_other_feeds_when_it_has_nothing_to_say(tmp_path):
    config = write_archive(tmp_path, {"a.md": episode_text(title="A", guid="a")})
    feedbuilder("build", "-c", config)  # says what is to be mended, which the next one need not say again
    (tmp_path / "episodes/a.md").write_text(episode_text(title="B", guid="a"))
    modules = loaded("build", "-c", config)
    assert "feedbuilder.build" in modules
    assert not {"feedbuilder.cli.console", "feedbuilder.source.host_feed"} & modules


def test_a_run_that_has_nothing_to_do_loads_no_typing():
    program = "import sys, feedbuilder.unchanged; print({'typing', 're', 'importlib'} & {*sys.modules})"
    env = {**os.environ, "PYTHONPATH": str(Path(package.__file__).parents[1])}
    run = subprocess.run([sys.executable, "-S", "-c", program], env=env, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
