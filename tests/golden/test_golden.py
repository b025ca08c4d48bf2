"""One small archive a feature, and the whole tree that is to come of it, byte for byte.

Each case is a folder: `archive/` goes in, `expected/` must come out, `problems.txt` is what the owner is told.
`python -m pytest tests/golden --update-golden` writes what is expected anew; read the difference before you keep it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path, PurePosixPath

import feedparser
import pytest
import srt
import webvtt
from archives import built, tree
from lxml import etree

from feedbuilder import Report
from feedbuilder.check.rendered import CHECKS, check_feed

HERE = Path(__file__).parent
CASES = sorted(folder.parent.name for folder in HERE.glob("*/archive"))


def test_there_are_cases() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("case", CASES)
def test_an_archive_becomes_exactly_what_is_expected(case: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    # Built from a copy, so that nothing of the checkout can be written or show in a message.
    shutil.copytree(HERE / case / "archive", tmp_path / "archive")
    output = tmp_path / "output"
    report = built(tmp_path / "archive/feedbuilder.yaml", output)
    expected, told = HERE / case / "expected", HERE / case / "problems.txt"
    if request.config.getoption("--update-golden"):
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(output, expected, ignore=shutil.ignore_patterns(".feedbuilder*"))
        told.write_text(problems(report), "utf-8")
    made = tree(output)
    assert made.keys() == tree(expected).keys()
    for path, content in tree(expected).items():
        assert made[path] == content, path
    assert problems(report) == told.read_text("utf-8")


def problems(report: Report) -> str:
    """Return what is told, one problem a line; the words themselves may change."""
    return "".join(f"{fault.place} {fault.severity} {fault.code}\n" for fault in sorted(report.problems, key=str))


@pytest.mark.parametrize("case", CASES)
def test_strict_readers_take_every_expected_file(case: str) -> None:
    for path, content in tree(HERE / case / "expected").items():
        kind = PurePosixPath(path).suffix
        if kind == ".xml":
            assert list(check_feed(etree.fromstring(content))) == []
            read = feedparser.parse(content)
            assert not read.bozo
            items = etree.fromstring(content).findall("channel/item")
            assert [entry.id for entry in read.entries] == [item.findtext("guid") for item in items]
        elif kind in {".json", ".srt", ".vtt"} and path != "manifest.json":
            assert list(CHECKS[kind](content)) == [], path
            assert list(readers[kind](content)), path


readers = {
    ".json": lambda content: json.loads(content).values(),
    ".srt": lambda content: srt.parse(content.decode()),
    ".vtt": lambda content: webvtt.from_string(content.decode()),
}
