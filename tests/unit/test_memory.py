"""What a run remembers of earlier ones is used, is only this program's own, and the lack of it costs only time."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from archives import NOW, SEEDS, built, config_text, episode_text, feedbuilder, tree, write_archive
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedbuilder.errors import OutputError, RefusedError
from feedbuilder.memory import FORGETFUL, RunMemory, fingerprint
from feedbuilder.model import Link
from feedbuilder.preview.edition import read_edition
from feedbuilder.publish.memory_file import _BEGIN, _sealed, remembered
from feedbuilder.render import feed
from feedbuilder.resolve import episode as resolve_episode
from feedbuilder.source import archive as source
from feedbuilder.source import media
from feedbuilder.source.archive import read_archive
from feedbuilder.source.inputs import state_of_program
from feedbuilder.source.settings import read_config

ENDINGS = ["memory", "memory.seal", "memory.seal.new", "stamp", "stamp.new", "artefacts", "warned"]

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.datetimes(),
    lambda inner: st.tuples(inner, inner) | st.builds(lambda text: Link(label=text, url=text), st.text(max_size=5)),
)


@given(VALUES)
def test_equal_values_have_one_fingerprint_however_often_a_part_of_them_is_used(value):
    copy = pickle.loads(pickle.dumps(value))
    assert fingerprint((value, value)) == fingerprint((value, copy)) == fingerprint((copy, copy))


@given(VALUES, VALUES)
def test_other_values_have_another_fingerprint(one, other):
    assert (fingerprint(one) == fingerprint(other)) == (repr(one) == repr(other))


def archive(folder: Path, **fields) -> Path:
    texts = {
        "a.md": episode_text("Words of *a*.", title="A", guid="a", transcript="a.txt"),
        "b.md": episode_text("Words of *b*.", title="B", guid="b", transcript=[{"line": "Hello.", "who": "Ana"}]),
    }
    config = config_text(transcripts=["vtt"], audio={"folder": "audio"}, **fields)
    file = write_archive(folder, texts, config, {"episodes/a.txt": "Ana: Hello there."})
    (folder / "audio").mkdir()
    (folder / ".feedbuilder").mkdir()
    shutil.copy(SEEDS / "audio/welcome-to-the-seed-show.mp3", folder / "audio/a.mp3")
    time.sleep(0.02)  # what is as young as the build is in doubt
    return file


@pytest.fixture
def worked(monkeypatch):
    """Return the names of the files that were worked on, by the function that did."""
    seen: dict[str, list[str]] = {"parsed": [], "notes": [], "audio": []}

    def watch(module, name, key, path_of):
        real = getattr(module, name)

        def watched(*arguments, **options):
            seen[key].append(Path(path_of(arguments)).name)
            return real(*arguments, **options)

        monkeypatch.setattr(module, name, watched)

    watch(source, "_parsed", "parsed", lambda arguments: arguments[2])
    watch(resolve_episode, "resolve_notes", "notes", lambda arguments: arguments[0].path)
    watch(media, "_measured_audio", "audio", lambda arguments: arguments[1])
    return seen


def test_only_what_has_changed_is_read_and_resolved_again(tmp_path, worked):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    assert worked == {"parsed": ["a.md", "b.md"], "notes": ["a.md", "b.md"], "audio": ["a.mp3"]}
    (tmp_path / "episodes/b.md").write_text(episode_text("Other words.", title="B", guid="b"))
    report = built(config, tmp_path / "out", accept=["transcripts"])
    assert worked == {"parsed": ["a.md", "b.md", "b.md"], "notes": ["a.md", "b.md", "b.md"], "audio": ["a.mp3"]}
    assert "Other words" in (tmp_path / "out/feed.xml").read_text()
    assert [line.text for line in report.show.episodes[1].transcript.lines] == ["Hello there."]


def test_words_in_a_file_of_their_own_are_read_when_they_change(tmp_path):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    (tmp_path / "episodes/a.txt").write_text("Ana: Good evening.")
    built(config, tmp_path / "out")
    assert "Good evening." in (tmp_path / "out/transcripts/a.vtt").read_text()


def test_a_memory_holds_no_words_and_finds_them_in_the_archive(tmp_path):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    assert b"Hello there" not in (tmp_path / ".feedbuilder/feedbuilder.yaml.memory").read_bytes()
    shutil.rmtree(tmp_path / "out/transcripts")
    built(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_words_that_change_while_they_are_wanted_stop_a_run(tmp_path):
    config = read_config(archive(tmp_path))
    for _ in range(2):
        with remembered(config.folder / config.path) as memory:
            first, second = read_archive(config, memory).episodes
    assert [line.text for line in second.transcript.lines] == ["Hello."]
    (tmp_path / "episodes/a.txt").write_text("Ana: Other words.")
    with pytest.raises(RefusedError, match=r"episodes/a\.md changed while it was read"):
        tuple(first.transcript.lines)


def test_a_memory_from_elsewhere_is_thrown_away_unread(tmp_path):
    """A pickle can run code, and may come with somebody's pull request."""
    config = archive(tmp_path / "here")
    built(config, tmp_path / "out")
    there = tmp_path / "there"
    shutil.copytree(tmp_path / "here", there, copy_function=shutil.copy2)
    memory = there / ".feedbuilder/feedbuilder.yaml.memory"
    with sqlite3.connect(memory) as database:
        database.execute("UPDATE answers SET answer = ?", (pickle.dumps(_Harm(there / "harm")),))
    database.close()
    built(there / "feedbuilder.yaml", tmp_path / "out2")
    assert not (there / "harm").exists()
    assert tree(tmp_path / "out2") == tree(tmp_path / "out")


class _Harm:
    """What runs code as soon as it is read."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self):
        return Path.touch, (self.file,)


def test_the_harm_is_real_where_the_file_is_this_programs_own(tmp_path):
    (tmp_path / ".feedbuilder").mkdir()
    for _ in range(2):
        assert not (tmp_path / "harm").exists()
        with remembered(tmp_path / "feedbuilder.yaml") as memory:
            memory.of("question", lambda: _Harm(tmp_path / "harm"))
    assert (tmp_path / "harm").exists()


def test_what_a_killed_run_left_is_thrown_away(tmp_path):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    memory = tmp_path / ".feedbuilder/feedbuilder.yaml.memory"
    content = bytearray(memory.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    memory.write_bytes(content)
    before = tree(tmp_path / "out")
    built(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before
    with sqlite3.connect(memory) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_what_sqlite_would_play_back_into_a_sealed_memory_is_thrown_away_with_it(tmp_path, ending):
    (tmp_path / ".feedbuilder").mkdir()
    config, file = tmp_path / "feedbuilder.yaml", tmp_path / ".feedbuilder/feedbuilder.yaml.memory"
    with remembered(config) as memory:
        memory.remember("question", 1)
    stranger = file.with_name(f"{file.name}{ending}")
    stranger.write_bytes(b"anything")
    with remembered(config, keeps=False) as memory:
        assert memory is FORGETFUL
    with remembered(config) as memory:
        assert not stranger.exists()
        assert memory.recall("question") is None


@pytest.mark.parametrize("name", [".gitignore", *(f"feedbuilder.yaml.{end}" for end in ENDINGS)])
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_nothing_is_read_or_written_through_links_and_pipes(tmp_path, name, kind):
    config, victim = archive(tmp_path), tmp_path / "victim"
    victim.write_text("precious")
    planted = tmp_path / ".feedbuilder" / name
    if kind == "link":
        planted.symlink_to(victim)
    else:
        os.mkfifo(planted)
    for title in ("A", "Another"):
        (tmp_path / "episodes/b.md").write_text(episode_text(title=title, guid="b"))
        assert feedbuilder("build", "-c", config).returncode == 0
    assert victim.read_text() == "precious"


def test_a_folder_that_is_a_link_is_left_alone(tmp_path):
    config = archive(tmp_path)
    shutil.rmtree(tmp_path / ".feedbuilder")
    (tmp_path / ".feedbuilder").symlink_to("audio")
    assert feedbuilder("build", "-c", config).returncode == 0
    assert [file.name for file in (tmp_path / "audio").iterdir()] == ["a.mp3"]


def test_an_answer_that_the_disk_lost_is_worked_out_again(tmp_path):
    (tmp_path / ".feedbuilder").mkdir()
    config, file = tmp_path / "feedbuilder.yaml", tmp_path / ".feedbuilder/feedbuilder.yaml.memory"
    with remembered(config) as memory:
        memory.remember("question", "the right answer")
    with sqlite3.connect(file) as database:
        (answer,) = database.execute("SELECT answer FROM answers").fetchone()
        database.execute("UPDATE answers SET answer = ?", (answer.replace(b"right", b"wrong"),))
    database.close()
    seal = file.with_name(f"{file.name}.seal")
    seal.write_bytes(_sealed(file, state_of_program()))  # as if the power had failed after it was written
    with remembered(config) as memory:
        assert memory.of("question", lambda: "another") == "another"
    assert not file.exists()
    assert not seal.exists()


def test_answers_of_a_program_that_was_upgraded_meanwhile_are_not_kept(tmp_path, monkeypatch):
    (tmp_path / ".feedbuilder").mkdir()
    with remembered(tmp_path / "feedbuilder.yaml") as memory:
        memory.remember("question", "of the old program")
        monkeypatch.setattr("feedbuilder.publish.memory_file.state_of_program", lambda: b"new")
    with remembered(tmp_path / "feedbuilder.yaml") as memory:
        assert memory.recall("question") is None


@pytest.mark.parametrize(("error", "kept"), [(RefusedError("no"), True), (OutputError("full"), False)])
def test_a_refused_run_forgets_what_is_gone_and_one_without_room_everything(tmp_path, error, kept):
    (tmp_path / ".feedbuilder").mkdir()
    config = tmp_path / "feedbuilder.yaml"
    for question in ("old", "new"):
        with pytest.raises(type(error)):
            fail(config, question, error)
    assert (tmp_path / ".feedbuilder/feedbuilder.yaml.memory").exists() == kept
    if kept:
        assert count(tmp_path) == 1


def fail(config: Path, question: str, error: Exception) -> None:
    with remembered(config) as memory:
        memory.of(question, lambda: 1)
        raise error


def test_answers_that_nobody_asks_for_are_forgotten(tmp_path):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    before = count(tmp_path)
    (tmp_path / "episodes/b.md").unlink()
    built(config, tmp_path / "out", accept=["removals"])
    assert count(tmp_path) < before
    built(config, tmp_path / "out")
    assert count(tmp_path) > 0


def count(folder: Path) -> int:
    with sqlite3.connect(folder / ".feedbuilder/feedbuilder.yaml.memory") as database:
        (number,) = database.execute("SELECT count(*) FROM answers").fetchone()
    database.close()
    return number


def test_a_run_that_fails_forgets_nothing(tmp_path):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    before = count(tmp_path)
    with pytest.raises(RuntimeError), remembered(config):
        raise RuntimeError
    assert count(tmp_path) == before


def test_a_dry_run_uses_the_memory_and_writes_nothing(tmp_path, worked):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    files = {file: file.stat() for file in (tmp_path / ".feedbuilder").iterdir()}
    (tmp_path / "episodes/b.md").write_text(episode_text("Other words.", title="B", guid="b"))
    built(config, tmp_path / "out", dry_run=True)
    assert worked["parsed"] == ["a.md", "b.md", "b.md"]
    assert {file: file.stat() for file in (tmp_path / ".feedbuilder").iterdir()} == files


def test_a_second_run_at_the_same_time_does_without(tmp_path):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    with remembered(config) as memory, remembered(config) as second:
        assert (memory is FORGETFUL, second is FORGETFUL) == (False, True)


def test_a_memory_that_cannot_be_written_costs_only_time(tmp_path, monkeypatch):
    config = archive(tmp_path)
    full = "PRAGMA max_page_count = 4"
    monkeypatch.setattr("feedbuilder.publish.memory_file._BEGIN", (full, "PRAGMA cache_size = 1", *_BEGIN))
    report = built(config, tmp_path / "out")
    assert len(report.show.episodes) == 2
    assert not list((tmp_path / ".feedbuilder").glob("*.memory*"))
    monkeypatch.undo()
    assert len(built(config, tmp_path / "out").show.episodes) == 2


class Doubtful(RunMemory):
    """A memory of a run that began as long ago as a file is old."""

    def is_in_doubt(self, changed_ns):
        return True


def test_a_file_as_young_as_the_run_is_looked_at_again(tmp_path):
    file = tmp_path / "a.mp3"
    file.write_bytes(b"old")
    sure, doubtful = RunMemory(), Doubtful()
    for memory in (sure, doubtful):
        assert memory.of_file(file, "size", lambda: 1) == 1
    assert sure.of_file(file, "size", lambda: 2) == 1
    assert doubtful.of_file(file, "size", lambda: 2) == 2


def test_a_file_changed_since_the_run_began_is_in_doubt(tmp_path):
    (tmp_path / ".feedbuilder").mkdir()
    old, young = tmp_path / "old.mp3", tmp_path / "young.mp3"
    old.write_bytes(b"old")
    time.sleep(0.02)
    with remembered(tmp_path / "feedbuilder.yaml") as memory:
        young.write_bytes(b"young")
        for file in (old, young):
            assert memory.of_file(file, "size", lambda: 1) == 1
        assert [memory.of_file(file, "size", lambda: 2) for file in (old, young)] == [1, 2]


def test_a_file_that_could_not_be_read_is_looked_at_again(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"")
    memory = RunMemory()
    fault = media.problem("picture-broken", media.Place("a.png"), "the disk failed", "")
    assert memory.of_file(file, "size", lambda: fault) == fault
    assert memory.of_file(file, "size", lambda: 1) == 1


def test_a_preview_reads_again_only_what_has_changed(tmp_path, worked):
    config, memory = archive(tmp_path), RunMemory()
    read_edition(lambda: read_config(config), NOW, memory)
    assert worked == {"parsed": ["a.md", "b.md"], "notes": ["a.md", "b.md"], "audio": ["a.mp3"]}
    (tmp_path / "episodes/b.md").write_text(episode_text("Other words.", title="B", guid="b"))
    edition = read_edition(lambda: read_config(config), NOW, memory)
    assert worked == {"parsed": ["a.md", "b.md", "b.md"], "notes": ["a.md", "b.md", "b.md"], "audio": ["a.mp3"]}
    assert b"Other words" in edition.content("episodes/b.html")


def test_sound_is_heard_once(tmp_path, monkeypatch):
    pytest.importorskip("av", reason="the extra feedbuilder[align] is not installed")
    config = archive(tmp_path, captions={"align": True})
    first = built(config, tmp_path / "out")

    def nobody_listens(_file):
        raise AssertionError("it was heard already")

    monkeypatch.setattr("feedbuilder.source.sound.find_speech", nobody_listens)
    (tmp_path / "episodes/b.md").write_text(episode_text("Other words.", title="B", guid="b", transcript="a.txt"))
    second = built(config, tmp_path / "out", accept=["transcripts"])
    assert first.show.episodes[1].enclosure == second.show.episodes[1].enclosure
    assert second.show.episodes[1].enclosure.speech


def test_an_item_of_the_feed_is_made_once(tmp_path, monkeypatch):
    config = archive(tmp_path)
    built(config, tmp_path / "out")
    titles: list[str] = []
    real = feed._fill_entry

    def fill(entry, episode, files):
        titles.append(episode.title)
        real(entry, episode, files)

    monkeypatch.setattr(feed, "_fill_entry", fill)
    (tmp_path / "episodes/b.md").write_text(
        episode_text("Words of *b*.", title="Bee", guid="b", transcript=[{"line": "Hello.", "who": "Ana"}])
    )
    built(config, tmp_path / "out")
    assert titles == ["Bee"]
    root = etree.parse(tmp_path / "out/feed.xml")
    assert [item.findtext("title") for item in root.iter("item")] == ["Bee", "A"]
