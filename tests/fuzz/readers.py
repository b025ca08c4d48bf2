"""Everything that reads what strangers wrote, each as a function of bytes; what it may raise, it swallows here.

Whatever else comes out of a reader is a defect: a traceback, a hang, a crash, and where there are two readers of the
same thing, a difference between them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType

from archives import NOW, config_text, episode_text

from feedbuilder.build import build
from feedbuilder.config import Config
from feedbuilder.errors import FeedbuilderError, RefusedError
from feedbuilder.publish.ledger_file import render_ledger
from feedbuilder.publish.manifest import outgoing_feed, read_manifest
from feedbuilder.publish.output_folder import publish
from feedbuilder.publish.plan import JOURNAL_NAME, Plan, removable, stage_changes
from feedbuilder.publish.published_feed import parse_feed
from feedbuilder.render import OutputFile
from feedbuilder.resolve.review import read_decisions
from feedbuilder.source.archive import read_archive
from feedbuilder.source.audio_table import TableError, read_audio_table
from feedbuilder.source.dates import parse_moment
from feedbuilder.source.decoding import YamlFaultError, decode_text
from feedbuilder.source.host_feed import read_host_feed
from feedbuilder.source.ledger import parse_ledger
from feedbuilder.source.media import read_audio_files, read_pictures
from feedbuilder.source.settings import read_config
from feedbuilder.source.sidecars import read_sidecar
from feedbuilder.timecode import parse_duration

OURS = (FeedbuilderError, YamlFaultError, TableError)
Reader = Callable[[bytes], object]


@cache
def room() -> Path:
    """Return a folder for the files that readers want; in memory, where the system has such a place."""
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))


def written(name: str, data: bytes) -> Path:
    file = room() / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def read_episode_file(data: bytes) -> None:
    """Build a show of one ordinary episode and one that a stranger wrote; what comes out is checked by the build."""
    written("show/episodes/one.md", episode_text(guid="one").encode())
    written("show/episodes/other.md", data)
    config = read_config(written("show/feedbuilder.yaml", config_text().encode()))
    shutil.rmtree(room() / "show/.feedbuilder", ignore_errors=True)
    _build(config)


def read_people_page(data: bytes) -> None:
    written("people/people/ann.md", data)
    written("people/episodes/one.md", episode_text(guid="one", guests=["ann"]).encode())
    config = read_config(written("people/feedbuilder.yaml", config_text(archive={"people": "people"}).encode()))
    read_archive(config)
    _build(config)


def _build(config: Config) -> None:
    try:
        build(config, now=NOW, output=config.folder / "out", dry_run=True)
    except RefusedError as error:
        if "a defect of feedbuilder" in str(error):
            raise AssertionError(str(error)) from error
        raise


def read_any_config(data: bytes) -> None:
    read_config(written("config/feedbuilder.yaml", data))


def read_any_sidecar(data: bytes) -> None:
    read_sidecar(decode_text(data, "words.srt")[0], "words.srt")


def read_any_ledger(data: bytes) -> None:
    ledger = parse_ledger(data.decode("utf-8", "replace"), "feedbuilder.lock")
    assert parse_ledger(render_ledger(ledger).decode(), "feedbuilder.lock") == ledger


def read_any_table(data: bytes) -> None:
    read_audio_table(written("audio.csv", data), "audio.csv")


def read_any_manifest(data: bytes) -> None:
    file = written("output/manifest.json", data)
    read_manifest(file)
    outgoing_feed(file.parent, "feed.xml")
    removable(_plan(file.parent), file.parent)
    (file.parent / "feed.xml").unlink(missing_ok=True)
    feed = [OutputFile("feed.xml", b"<rss><channel/></rss>", "")]
    publish(feed, file.parent, feed_path="feed.xml", show_guid="s", partial=len(data) % 2 == 0)


def read_any_journal(data: bytes) -> None:
    shutil.rmtree(room() / "journal", ignore_errors=True)
    file = written(f"journal/{JOURNAL_NAME}", data)
    removable(_plan(file.parent), file.parent)
    publish([OutputFile("feed.xml", b"<rss><channel/></rss>", "")], file.parent, feed_path="feed.xml", show_guid="s")


def _plan(folder: Path) -> Plan:
    return stage_changes([], folder, room() / "staging", "feed.xml", dry_run=True)


def read_any_feed(data: bytes) -> None:
    with suppress(ValueError):  # by which it says that it is none
        parse_feed(data)


def read_any_picture(data: bytes) -> None:
    for name in ("picture.jpg", "picture.png"):
        written(name, data)
    read_pictures(["picture.jpg", "picture.png"], room())


def read_any_audio(data: bytes) -> None:
    names = [f"sound.{ending}" for ending in ("mp3", "m4a", "ogg", "opus", "wav", "flac", "aac")]
    for name in names:
        written(name, data)
    read_audio_files(room(), [], [], names)


def read_any_time(data: bytes) -> None:
    text = data.decode("utf-8", "replace")[:10_000]
    for parse in (parse_duration, parse_moment):
        with suppress(ValueError):
            parse(text)


def read_two_ways(data: bytes) -> None:
    """Read YAML with the short reader, where it dares, and with the whole one: text and places are the same."""
    try:
        from feedbuilder.source.yaml_entries import read_entries
        from feedbuilder.source.yaml_events import read_events
    except ImportError:
        return
    text = decode_text(data, "f.yaml")[0]
    short = read_entries(text, 1)
    if short is not None:
        tree, problems = read_events(text, "f.yaml", 1)
        assert not problems, problems
        assert _with_places(short) == _with_places(tree)


def _with_places(node: object) -> object:
    marks = getattr(node, "marks", None)
    if isinstance(node, dict):
        keys = {name: tuple(mark) for name, mark in node.key_marks.items()}  # type: ignore[attr-defined]
        places = {name: tuple(marks[name]) for name in node}  # type: ignore[index]
        return ("mapping", {name: _with_places(value) for name, value in node.items()}, keys, places)
    if isinstance(node, list):
        return ("sequence", [(_with_places(item), tuple(mark)) for item, mark in zip(node, marks, strict=True)])  # type: ignore[arg-type]
    return node


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "episode": read_episode_file,
        "person": read_people_page,
        "yaml": read_two_ways,
        "config": read_any_config,
        "sidecar": read_any_sidecar,
        "host-feed": lambda data: read_host_feed(data, "host-feed.xml"),
        "feed": read_any_feed,
        "ledger": read_any_ledger,
        "review": lambda data: read_decisions(data, "import-review.csv"),
        "table": read_any_table,
        "manifest": read_any_manifest,
        "journal": read_any_journal,
        "picture": read_any_picture,
        "audio": read_any_audio,
        "time": read_any_time,
    }
)
"""Name, which is that of its folder in `corpus/`, → reader."""


def reads(name: str, data: bytes) -> None:
    """Let a reader read, which may end well or in an error of feedbuilder's own."""
    with suppress(*OURS):
        READERS[name](data)
