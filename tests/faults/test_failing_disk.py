"""A disk that fails, once or for good: what was out stays out, and it is said what failed and what to do."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from archives import NOW, SEEDS, built, config_text, episode_text, feedbuilder, tree, write_archive

from feedbuilder.errors import FeedbuilderError, OutputError, RefusedError
from feedbuilder.publish import disk
from feedbuilder.publish.single_files import write_files
from feedbuilder.render import OutputFile

CODES = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.EMFILE)
SOUND = (SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()
State = dict[str, tuple[bytes, int, int]]


def words(name: str, verb: str = "speaks") -> dict[str, str]:
    return {f"{name}.md": episode_text(guid=name, title=name, transcript=[{"line": f"{name} {verb}.", "sec": 1}])}


def state(folder: Path) -> State:
    """Return all that is there, residue too, with times and inodes, and where links to folders lead."""
    files = [file for file in sorted(folder.rglob("*")) if not {".feedbuilder.lock", ".feedbuilder"} & set(file.parts)]
    links = {str(file): (os.fsencode(file.readlink()), 0, 0) for file in files if file.is_symlink() and file.is_dir()}
    return links | {
        file.relative_to(folder).as_posix(): (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino)
        for file in files
        if file.is_file()
    }


def residue(root: Path) -> list[str]:
    """Return what is hidden and neither a lock, a generation, nor what a build remembers of its inputs."""
    known = {".feedbuilder.lock", ".feedbuilder", ".out.feedbuilder"}
    left = [file for file in root.rglob(".*") if not known & {file.name, file.parent.name}]
    beside = [file for file in root.rglob(".out.feedbuilder/*") if file.name != ".feedbuilder.lock"]
    return [str(file) for file in [*left, *beside] if not re.fullmatch(r"\.out\.generation-\d{6}", file.name)]


@pytest.fixture(params=["in-place", "swap"])
def config(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Publish an archive and change it: one file comes, one changes, one goes, the sound of one changes."""
    before = {**words("one"), **words("two")}
    text = config_text(transcripts=["vtt"], audio={"folder": "audio"}, publish={"mode": request.param})
    file = write_archive(tmp_path / "show", before, text, {"audio/one.mp3": SOUND})
    built(file, tmp_path / "show/out")
    (tmp_path / "show/episodes/two.md").unlink()
    write_archive(file.parent, {**words("one", "sings"), **words("new")}, text, {"audio/one.mp3": SOUND + bytes(10)})
    return file


@contextmanager
def failing(number: int, code: int, *, for_good: bool = False) -> Iterator[list[tuple[str, Path]]]:
    """Let one step fail, or all from there on; gives the steps that were taken."""
    taken: list[tuple[str, Path]] = []

    @contextmanager
    def step(name: disk.Step, file: Path) -> Iterator[None]:
        taken.append((name, file))
        with original(name, file):
            if len(taken) - 1 == number or (for_good and len(taken) > number):
                raise OSError(code, os.strerror(code), str(file))
            yield

    original, disk.step = disk.step, step  # type: ignore[assignment]
    try:
        yield taken
    finally:
        disk.step = original


def rebuilt(config: Path) -> None:
    built(config, config.parent / "out", accept={"removals", "transcripts"})


@pytest.fixture
def new(config: Path, tmp_path: Path) -> dict[str, bytes]:
    """Return what is out after a run on a disk that is well."""
    shutil.copytree(config.parent, tmp_path / "well", symlinks=True)
    rebuilt(tmp_path / "well/feedbuilder.yaml")
    return tree(tmp_path / "well/out")


def test_a_disk_that_fails_at_one_operation_changes_nothing_and_says_what_to_do(config, new):
    root = config.parent
    shutil.copytree(root, root.parent / "kept", symlinks=True)
    before = state(root)
    failed = 0
    for number in range(1000):
        code = CODES[number % len(CODES)]
        with failing(number, code) as taken:
            try:
                rebuilt(config)
            except OutputError as error:
                name, file = taken[number]
                told = str(error)
            else:
                told = ""
        if len(taken) <= number:
            assert failed > 60
            return
        name, file = taken[number]
        if told:
            failed += 1
            assert f"{file} cannot be" in told
            assert disk._REMEDIES[code] in told
            assert not residue(root)
            # the ledger comes last, when the new output is out; so does the folder a link to it lies in
            is_last = (name == "rename" and file.name == "feedbuilder.lock") or (name, file) == ("sync folder", root)
            if not is_last or tree(root / "out") != new:
                assert state(root) == before, f"{name} {file}"
                continue
        assert tree(root / "out") == new or name == "remove"
        rebuilt(config)
        assert tree(root / "out") == new
        assert not residue(root)
        shutil.rmtree(root)
        shutil.copytree(root.parent / "kept", root, symlinks=True)
        before = state(root)
    pytest.fail("a build of a few files took a thousand steps")


@pytest.mark.parametrize("code", [errno.EIO, errno.EROFS])
def test_a_disk_that_fails_for_good_leaves_whole_files_and_the_next_run_heals(config, new, code):
    root = config.parent
    shutil.copytree(root, root.parent / "kept", symlinks=True)
    old = tree(root / "out")
    for number in range(code % 5, 1000, 5):
        with failing(number, code, for_good=True) as taken:
            try:
                rebuilt(config)
            except FeedbuilderError as error:
                assert isinstance(error, OutputError)  # noqa: PT017  (a run may also succeed)
        if len(taken) <= number:
            return
        for path, content in tree(root / "out").items():
            assert path.startswith(".feedbuilder") or content in (old.get(path), new.get(path))
        rebuilt(config)
        assert tree(root / "out") == new
        assert not residue(root)
        shutil.rmtree(root)
        shutil.copytree(root.parent / "kept", root, symlinks=True)
    pytest.fail("a build of a few files took a thousand steps")


RECORDER = """
import os, re, sys
from contextlib import contextmanager
from feedbuilder.publish import disk
root, depth = sys.argv.pop(1), 0
REMEMBERED = re.compile(r"/\\.feedbuilder(/|$)")  # what it remembers of its inputs, which may be lost
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.utime", "os.link", "os.symlink",
           "os.truncate", "shutil.rmtree"}
def watch(event, arguments):
    writes = event == "open" and arguments[2] and arguments[2] & WRITING
    is_ours = root in str(arguments) and not REMEMBERED.search(str(arguments[0]))
    if depth == 0 and (writes or event in CHANGES) and is_ours:
        print("STRAY", event, arguments, file=sys.stderr)
original = disk.step
@contextmanager
def step(name, file):
    global depth
    depth += 1
    try:
        with original(name, file):
            yield
    finally:
        depth -= 1
disk.step = step
sys.addaudithook(watch)
from feedbuilder.cli.main import run
run()
"""


def test_nothing_changes_on_the_disk_but_in_a_step(config, new):
    command = ["build", "-c", config, "-o", config.parent / "out", "--accept", "removals", "--accept", "transcripts"]
    run = subprocess.run(
        [sys.executable, "-B", "-c", RECORDER, *map(str, (config.parent, *command))],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert tree(config.parent / "out") == new


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 128 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "none", folder], capture_output=True, encoding="utf-8", check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("mode", ["in-place", "swap"])
def test_a_disk_that_is_full_keeps_what_is_out(tmp_path, tiny_disk, mode):
    output, text = tiny_disk / "out", config_text(publish={"mode": mode})
    config = write_archive(tmp_path / "show", words("one"), text)
    assert feedbuilder("build", "-c", config, "-o", output).returncode == 0
    ledger = (config.parent / "feedbuilder.lock").read_bytes()
    before = state(output)
    write_archive(
        config.parent, {f"{n}.md": episode_text("long " * 9000, guid=f"g{n}", title=f"{n}") for n in range(9)}, text
    )
    run = feedbuilder("build", "-c", config, "-o", output)
    assert run.returncode == 5
    assert str(tiny_disk) in run.stderr
    assert "No space left on device; free some room on that disk and run again" in run.stderr
    assert state(output) == before
    assert not residue(tmp_path)
    assert (config.parent / "feedbuilder.lock").read_bytes() == ledger


def test_a_disk_that_is_full_while_one_file_is_written_has_no_part_of_it(tiny_disk):
    write_files({"a.vtt": b"old"}, tiny_disk, replace=True)
    with pytest.raises(OutputError, match="No space left"):
        write_files({"a.vtt": bytes(200_000)}, tiny_disk, replace=True)
    assert [file.name for file in tiny_disk.iterdir()] == ["a.vtt"]
    assert (tiny_disk / "a.vtt").read_bytes() == b"old"


def test_an_archive_that_can_only_be_read_is_built_again_without_a_word(tmp_path, tiny_disk):
    config = write_archive(tiny_disk / "show", words("one"))
    built(config, tmp_path / "out")
    subprocess.run(["mount", "-o", "remount,ro", tiny_disk], check=True)
    assert feedbuilder("build", "-c", config, "-o", tmp_path / "out").returncode == 0
    write_archive(tmp_path / "other", words("two"))
    run = feedbuilder("build", "-c", config, "-o", tiny_disk / "out")
    assert run.returncode == 5
    assert f"{tiny_disk / 'out'} cannot be written: Read-only file system; mount that disk" in run.stderr


def test_links_that_lie_in_wait_for_our_own_files_are_not_followed(tmp_path):
    config = write_archive(tmp_path / "show", words("one"))
    built(config, tmp_path / "show/out")
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    (treasure / "file").write_text("mine")
    (config.parent / ".feedbuilder.lock.new").symlink_to(treasure / "file")
    (config.parent / ".a.vtt.part").symlink_to(treasure / "file")
    (config.parent / "out/.feedbuilder-staging").symlink_to(treasure)
    write_archive(config.parent, words("two"))
    built(config, tmp_path / "show/out")
    write_files({"a.vtt": b"new"}, config.parent, replace=True)
    assert {file.name: file.read_text() for file in treasure.iterdir()} == {"file": "mine"}
    assert not residue(config.parent)


def test_a_link_in_the_place_of_a_file_is_put_back_as_a_link(config):
    feed = config.parent / "out/feed.xml"
    feed.rename(config.parent / "elsewhere.xml")
    feed.symlink_to(config.parent / "elsewhere.xml")
    before = state(config.parent)
    with failing(10**9, 0) as taken:
        pass
    with failing(0, errno.EIO) as taken, pytest.raises(OutputError):
        rebuilt(config)
    shutil.copytree(config.parent, config.parent.parent / "copy", symlinks=True)
    with failing(10**9, errno.EIO) as taken:
        rebuilt(config.parent.parent / "copy/feedbuilder.yaml")
    last = max(number for number, (name, file) in enumerate(taken) if name == "rename" and file.name == "manifest.json")
    with failing(last, errno.EIO), pytest.raises(OutputError, match=r"manifest\.json cannot be written"):
        rebuilt(config)
    assert state(config.parent) == before
    assert feed.is_symlink()


def test_sound_that_is_still_being_uploaded_is_not_published(tmp_path):
    sound, target = tmp_path / "one.mp3", tmp_path / "out/one.mp3"
    sound.write_bytes(SOUND)

    @contextmanager
    def step(name: disk.Step, file: Path) -> Iterator[None]:
        with original(name, file):
            yield
        if (name, file) == ("write", target):
            with sound.open("ab") as stream:
                stream.write(b"more")

    original, disk.step = disk.step, step  # type: ignore[assignment]
    try:
        with pytest.raises(RefusedError, match="changed while it was copied"):
            disk.stage(sound, target)
    finally:
        disk.step = original
    assert OutputFile("one.mp3", sound, "").content == sound


def test_a_folder_or_file_in_the_way_is_named(config):
    (config.parent / "out/transcripts").rename(config.parent / "out/kept")
    (config.parent / "out/transcripts").write_text("mine")
    with pytest.raises(OutputError, match=r"out/transcripts.* a file stands where a folder is wanted: move it away"):
        rebuilt(config)
