"""Whole generations behind a link: what is out is all of one, older ones never change, and no reader meets a gap."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

import pytest
from archives import SEEDS, built, config_text, episode_text, feedbuilder, tree, write_archive
from lxml import etree

from feedbuilder.build import Report
from feedbuilder.errors import LockedError, OutputError, RefusedError, UsageError
from feedbuilder.publish import disk, links, output_folder
from feedbuilder.publish.delivery import note_delivered, owed
from feedbuilder.publish.generations import generation_out, generations, home_of
from feedbuilder.publish.manifest import MANIFEST_NAME, read_manifest
from feedbuilder.publish.output_folder import claimed, locked_home, publish
from feedbuilder.render import OutputFile

SOUND = (SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()
OTHER = {"in-place": "swap", "swap": "in-place"}


def words(name: str, verb: str = "speaks") -> dict[str, str]:
    return {f"{name}.md": episode_text(guid=name, title=name, transcript=[{"line": f"{name} {verb}.", "sec": 1}])}


def written(root: Path, *episodes: dict[str, str], mode: str = "swap", keep: int = 3) -> Path:
    text = config_text(transcripts=["vtt"], audio={"folder": "audio"}, publish={"mode": mode, "keep": keep})
    files = {name: content for episode in episodes for name, content in episode.items()}
    return write_archive(root / "show", files, text, {"audio/one.mp3": SOUND})


def rebuilt(config: Path, **options: object) -> Report:
    return built(config, config.parent / "out", **options)


def inodes(folder: Path) -> dict[str, tuple[int, int]]:
    return {path: ((folder / path).stat().st_ino, (folder / path).stat().st_mtime_ns) for path in tree(folder)}


def public(out: Path) -> dict[str, bytes]:
    return {path: content for path, content in tree(out).items() if not path.startswith(".feedbuilder")}


def beside(config: Path) -> list[str]:
    """Return what lies beside the output folder on its account."""
    return sorted(file.name for file in config.parent.glob(".out.*"))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Publish two episodes, and change one of them."""
    config = written(tmp_path, words("one"), words("two"))
    rebuilt(config)
    return written(tmp_path, words("two", "sings"))


def test_what_changes_is_written_anew_and_the_rest_is_the_same_file(config):
    out, first = config.parent / "out", config.parent / ".out.generation-000001"
    before, old = tree(first), inodes(first)
    assert os.fspath(out.readlink()) == ".out.generation-000001"
    report = rebuilt(config)
    assert os.fspath(out.readlink()) == ".out.generation-000002"
    assert tree(first) == before
    assert inodes(first) == old
    new = inodes(out)
    changed = {"transcripts/two.vtt"}
    assert set(report.changes.written) == changed
    assert {path for path in new if new[path] != old[path]} == {*changed, "manifest.json"}
    assert (out / "audio/one.mp3").stat().st_nlink == 2


def test_a_run_that_changes_nothing_makes_no_generation(config):
    rebuilt(config)
    out = config.parent / "out"
    before = inodes(out), out.lstat().st_ino, out.lstat().st_mtime_ns, beside(config)
    assert not rebuilt(config).changes.written
    assert (inodes(out), out.lstat().st_ino, out.lstat().st_mtime_ns, beside(config)) == before


def test_the_program_has_nothing_to_do_until_the_link_leads_elsewhere(config):
    command = ("build", "-c", config, "-o", config.parent / "out", "--quiet")
    assert [feedbuilder(*command).returncode for _ in range(2)] == [0, 0]
    stamp = next((config.parent / ".feedbuilder").glob("*.stamp"))
    noted = stamp.stat().st_ino
    assert feedbuilder(*command).returncode == 0
    assert stamp.stat().st_ino == noted
    (config.parent / "out").unlink()
    (config.parent / "out").symlink_to(".out.generation-000001")  # by hand, and as good as `feedbuilder rollback`
    run = feedbuilder(*command)
    assert run.returncode == 4
    assert "generation 2 was rolled back, and 1 is out until you say so" in run.stderr


def test_only_so_many_generations_stay(tmp_path):
    for number in range(6):
        config = written(tmp_path, words("one", f"says {number}"), keep=2)
        rebuilt(config)
    assert generations(config.parent / "out") == (5, 6)
    assert b"says 5" in (config.parent / "out/transcripts/one.vtt").read_bytes()
    assert b"says 4" in (config.parent / ".out.generation-000005/transcripts/one.vtt").read_bytes()


def test_a_refused_or_partial_run_leaves_older_generations_as_they_were(config):
    first = tree(config.parent / "out")
    rebuilt(config, only=["two"])
    assert generation_out(config.parent / "out") == 2
    assert tree(config.parent / ".out.generation-000001") == first
    (config.parent / "episodes/one.md").unlink()
    with pytest.raises(RefusedError, match="would vanish"):
        rebuilt(config)
    assert generations(config.parent / "out") == (1, 2)
    assert home_of(config.parent / "out") == config.parent / ".out.feedbuilder"
    assert os.listdir(home_of(config.parent / "out")) == [".feedbuilder.lock"]  # noqa: PTH208


def test_what_is_out_can_be_amended_and_older_generations_stay_as_they_were(config):
    rebuilt(config)
    out, first = config.parent / "out", tree(config.parent / ".out.generation-000001")
    files = [OutputFile("report.html", b"told", ""), OutputFile("transcripts/one.vtt", b"other", "")]
    publish(files, out, feed_path="feed.xml", show_guid=read_manifest(out / MANIFEST_NAME).show_guid, partial=True)
    assert (out / "report.html").read_bytes() == b"told"
    assert (generation_out(out), generations(out)) == (2, (1, 2))
    assert tree(config.parent / ".out.generation-000001") == first
    assert os.listdir(home_of(out)) == [".feedbuilder.lock"]  # noqa: PTH208


def test_a_refused_run_leaves_older_generations_where_the_mode_changed(config):
    rebuilt(config)
    first = tree(config.parent / ".out.generation-000001")
    (config.parent / "episodes/one.md").unlink()
    config.write_text(config.read_text().replace('"swap"', '"in-place"'))
    for _ in range(2):
        with pytest.raises(RefusedError, match="would vanish"):
            rebuilt(config)
        assert tree(config.parent / ".out.generation-000001") == first
    rebuilt(config, accept={"removals"})
    assert not beside(config)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid(), reason="only root may give a file to any group")
def test_whoever_may_read_what_is_out_may_read_the_next_generation(config):
    out, group = config.parent / "out", 12345
    for path in ("", "transcripts", "feed.xml", "transcripts/two.vtt"):
        os.chown(out / path, -1, group)
        (out / path).chmod(0o2750 if (out / path).is_dir() else 0o640)
    rebuilt(written(config.parent.parent, words("two", "sings"), {"3.md": episode_text(guid="3", title="Third")}))
    assert generation_out(out) == 2
    for path in ("", "transcripts", "feed.xml", "transcripts/two.vtt"):
        assert (out / path).stat().st_gid == group, path
        assert (out / path).stat().st_mode & 0o7777 == (0o2750 if (out / path).is_dir() else 0o640), path


@contextmanager
def readers(out: Path) -> Iterator[list[str]]:
    """Read the feed and what it refers to over and over: at its address, and within the folder one once entered."""
    faults: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set() and not faults:
            try:
                (out / "feed.xml").read_bytes()
                folder = os.open(out, os.O_RDONLY)
                try:
                    feed = content(folder, "feed.xml")
                    for url in etree.fromstring(feed).iterfind(".//{*}transcript"):
                        name = unquote(url.get("url")).removeprefix("https://show.example/")
                        title = url.getparent().findtext("title")
                        assert title.partition(" ")[2].encode() in content(folder, name), "of two generations"
                finally:
                    os.close(folder)
            except (OSError, AssertionError) as error:
                faults.append(repr(error))

    def content(folder: int, name: str) -> bytes:
        file = os.open(name, os.O_RDONLY, dir_fd=folder)
        with os.fdopen(file, "rb") as stream:
            return stream.read()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield faults
    finally:
        done.set()
        for thread in threads:
            thread.join()


def saying(word: str) -> list[dict[str, str]]:
    """Return two episodes that say the last word of their titles."""
    return [
        {f"{n}.md": episode_text(guid=n, title=f"{n} {word}", transcript=[{"line": word, "sec": 1}])}
        for n in ("a", "b")
    ]


def test_no_reader_meets_a_gap_or_two_generations(tmp_path):
    config = written(tmp_path, *saying("w0"))
    rebuilt(config)
    with readers(config.parent / "out") as faults:
        for number in range(1, 15):
            rebuilt(written(tmp_path, *saying(f"w{number}")), accept={"transcripts"})
    assert not faults


@pytest.fixture
def can_exchange(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    (tmp_path / "y").touch()
    if not links.exchange(tmp_path / "x", tmp_path / "y"):
        pytest.skip("names cannot change places on this system")


@pytest.mark.usefixtures("can_exchange")
def test_no_reader_meets_a_gap_while_the_mode_changes(tmp_path):
    config = written(tmp_path, *saying("w0"), mode="in-place")
    rebuilt(config)
    with readers(config.parent / "out") as faults:
        for number in range(8):
            rebuilt(written(tmp_path, *saying("w0"), mode=("swap", "in-place")[number % 2]))
    assert not faults


@pytest.mark.parametrize("mode", OTHER)
@pytest.mark.parametrize("can", [True, False])
def test_a_folder_changes_its_form_and_keeps_every_file(tmp_path, monkeypatch, mode, can):
    if not can:
        monkeypatch.setattr(links, "exchange", lambda *_: False)
    config = written(tmp_path, words("one"), mode=mode)
    rebuilt(config)
    out = config.parent / "out"
    (out / "mine").mkdir(mode=0o750)
    (out / "mine/notes.txt").write_text("mine")
    (config.parent / "pictures").mkdir()
    (out / "pictures").symlink_to("../pictures")
    before = inodes(out)
    delivery = owed(out)
    note_delivered(out, delivery)
    rebuilt(written(tmp_path, words("one"), mode=OTHER[mode]))
    assert inodes(out) | {".feedbuilder-delivered.json": ()} == before | {".feedbuilder-delivered.json": ()}
    assert owed(out) is None
    assert out.is_symlink() == (mode == "in-place")
    rebuilt(written(tmp_path, words("one", "sings"), mode=OTHER[mode]))
    assert (out / "mine/notes.txt").stat().st_ino == before["mine/notes.txt"][0]
    assert (out / "mine").stat().st_mode & 0o777 == 0o750
    assert (out / "pictures").samefile(config.parent / "pictures")
    assert owed(out).written == ("transcripts/one.vtt",)
    assert bool(beside(config)) == (mode == "in-place")
    rebuilt(written(tmp_path, words("one", "sings"), mode=mode))
    assert out.is_symlink() == (mode == "swap")
    assert owed(out).written == ("transcripts/one.vtt",)


def stopped(config: Path, at: int) -> bool:
    """Kill a build in a process of its own at a step; whether it came that far."""
    pid = os.fork()
    if pid == 0:
        taken = 0

        @contextmanager
        def step(name: disk.Step, file: Path) -> Iterator[None]:
            nonlocal taken
            if taken == at:
                os._exit(9)
            taken += 1
            with original(name, file):
                yield

        original, disk.step = disk.step, step  # type: ignore[assignment]
        try:
            rebuilt(config)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("mode", OTHER)
@pytest.mark.parametrize("can", [True, False])
def test_a_run_killed_while_the_form_changes_is_mended_by_the_next(tmp_path, monkeypatch, mode, can):
    if not can:
        monkeypatch.setattr(links, "exchange", lambda *_: False)
    config = written(tmp_path, words("one"), mode=mode)
    rebuilt(config)
    rebuilt(written(tmp_path, words("one", "sings"), mode=mode))
    root, kept, out = config.parent, tmp_path / "kept", config.parent / "out"
    shutil.copytree(root, kept, symlinks=True)
    old = tree(out)
    written(tmp_path, words("one", "hums"), mode=OTHER[mode])
    shutil.copytree(root, tmp_path / "well", symlinks=True)
    rebuilt(tmp_path / "well/feedbuilder.yaml")
    new = tree(tmp_path / "well/out")
    for at in range(2000):
        shutil.rmtree(root)
        shutil.copytree(kept, root, symlinks=True)
        written(tmp_path, words("one", "hums"), mode=OTHER[mode])
        was_stopped = stopped(config, at)
        assert out.exists() or not can
        if OTHER[mode] == "swap" and out.exists():
            assert public(out) in (old, new)
        with claimed(out):  # whatever the next run does, it finds a folder
            assert (out / "feed.xml").is_file()
        rebuilt(config)
        assert tree(out) == new
        if not was_stopped:
            assert at > 40
            return
        left = [name for name in beside(config) if not name[-1].isdigit() and name != ".out.feedbuilder"]
        assert not left
        assert mode == "in-place" or not beside(config)
    pytest.fail("a build of one episode took two thousand steps")


@pytest.mark.parametrize("mode", OTHER)
@pytest.mark.parametrize("can", [True, False])
def test_a_disk_that_fails_while_the_form_changes_keeps_what_is_out(tmp_path, monkeypatch, mode, can):
    if not can:
        monkeypatch.setattr(links, "exchange", lambda *_: False)
    config = written(tmp_path, words("one"), mode=mode)
    rebuilt(config)
    out, kept = config.parent / "out", tmp_path / "kept"
    old = tree(out)
    written(tmp_path, words("one", "hums"), mode=OTHER[mode])
    shutil.copytree(config.parent, kept, symlinks=True)
    rebuilt(config)
    new = tree(out)
    original, taken, failing_at = disk.step, 0, 0

    @contextmanager
    def step(name: disk.Step, file: Path) -> Iterator[None]:
        nonlocal taken
        with original(name, file):
            taken += 1
            if taken - 1 == failing_at:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            yield

    for failing_at in range(1000):
        shutil.rmtree(config.parent)
        shutil.copytree(kept, config.parent, symlinks=True)
        taken = 0
        monkeypatch.setattr(disk, "step", step)
        with suppress(OutputError):
            rebuilt(config)
        monkeypatch.setattr(disk, "step", original)
        assert public(out) in (old, new)
        rebuilt(config)
        assert tree(out) == new
        assert out.is_symlink() == (mode == "in-place")
        if taken <= failing_at:
            return
    pytest.fail("a build of one episode took a thousand steps")


def test_where_files_can_have_one_name_only_they_are_copied(config):
    @contextmanager
    def step(name: disk.Step, file: Path) -> Iterator[None]:
        with original(name, file):
            if name == "link":
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            yield

    out, old = config.parent / "out", inodes(config.parent / "out")
    original, disk.step = disk.step, step  # type: ignore[assignment]
    try:
        rebuilt(config)
    finally:
        disk.step = original
    assert generation_out(out) == 2
    sound = (out / "audio/one.mp3").stat()
    assert (sound.st_nlink, sound.st_mtime_ns) == (1, old["audio/one.mp3"][1])
    assert (out / "audio/one.mp3").read_bytes() == SOUND
    assert not rebuilt(config).changes.written


def test_a_link_that_a_cache_brought_back_without_its_generations_is_in_nobodys_way(config):
    for folder in config.parent.glob(".out.*"):
        shutil.rmtree(folder)
    assert not (config.parent / "out").exists()
    rebuilt(config)
    assert generation_out(config.parent / "out") == 1
    shutil.rmtree(config.parent / ".out.generation-000001")
    shutil.rmtree(config.parent / ".out.feedbuilder")
    rebuilt(written(config.parent.parent, mode="in-place"))
    assert not (config.parent / "out").is_symlink()
    assert "feed.xml" in tree(config.parent / "out")


def test_a_link_of_the_owners_is_followed_and_stays(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "show").mkdir()
    (tmp_path / "show/out").symlink_to("../web/podcast")
    config = written(tmp_path, words("one"))
    rebuilt(config)
    rebuilt(written(tmp_path, words("one", "sings")))
    assert os.fspath((tmp_path / "show/out").readlink()) == "../web/podcast"
    assert os.fspath((tmp_path / "web/podcast").readlink()) == ".podcast.generation-000002"
    assert "feed.xml" in tree(tmp_path / "show/out")
    (tmp_path / "show/out").unlink()
    (tmp_path / "show/out").symlink_to("out")
    with pytest.raises(OutputError, match=r"out (cannot be read|is a link that leads nowhere)"):
        rebuilt(config)


def test_links_that_lie_in_wait_for_what_is_ours_are_not_followed(config, tmp_path):
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    (treasure / "file").write_text("mine")
    for name in (
        ".out.new",
        ".out.generation-000002",
        ".out.feedbuilder/.feedbuilder-staging",
        ".out.feedbuilder/next",
    ):
        (config.parent / name).symlink_to(treasure)
    (config.parent / ".out.feedbuilder/link").symlink_to(treasure / "file")
    rebuilt(config)
    assert {file.name: file.read_text() for file in treasure.iterdir()} == {"file": "mine"}
    assert beside(config) == [".out.feedbuilder", ".out.generation-000001", ".out.generation-000002"]


def test_a_folder_that_holds_the_config_is_not_moved(tmp_path):
    config = written(tmp_path, words("one"))
    with pytest.raises(UsageError, match=r"feedbuilder\.yaml:\d+:\d+: publish\.mode: swap needs an output folder"):
        built(config, config.parent)
    assert not config.parent.is_symlink()


@pytest.mark.parametrize("output", [".", ".."])
def test_a_folder_in_which_the_program_runs_is_not_moved_from_under_it(tmp_path, output):
    config = written(tmp_path, words("one"))
    (tmp_path / "out/in").mkdir(parents=True)
    run = feedbuilder("build", "-c", config, "-o", output, cwd=tmp_path / ("out" if output == "." else "out/in"))
    assert run.returncode == 2
    assert "call it by its name, from outside" in run.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out", "show"]


def test_a_name_too_long_for_what_lies_beside_it_is_told_and_needs_nothing_where_nothing_does(tmp_path):
    long = "x" * 245
    run = feedbuilder("build", "-c", written(tmp_path, words("one")), "-o", tmp_path / long)
    assert run.returncode == 5
    assert "File name too long" in run.stderr.splitlines()[-1]
    run = feedbuilder("build", "-c", written(tmp_path, words("one"), mode="in-place"), "-o", tmp_path / long)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / long / "feed.xml").is_file()


def test_read_only_folders_of_others_do_not_stay_behind(tmp_path, monkeypatch):
    config = written(tmp_path, words("one"), keep=2)
    rebuilt(config)
    (config.parent / "out/mine").mkdir()
    (config.parent / "out/mine/notes.txt").write_text("mine")
    (tmp_path / "elsewhere").mkdir(mode=0o500)
    (config.parent / "out/mine/link").symlink_to(tmp_path / "elsewhere")
    (config.parent / "out/mine").chmod(0o555)
    original = shutil.rmtree

    def rmtree(folder: Path, **options: bool) -> None:
        """Remove as those do who are not root."""
        if all(Path(parent).stat().st_mode & 0o200 for parent, _, _ in os.walk(folder)):
            original(folder, **options)

    monkeypatch.setattr(shutil, "rmtree", rmtree)
    for word in ("sings", "hums", "says"):
        rebuilt(written(tmp_path, words("one", word), keep=2), accept={"transcripts"})
    assert beside(config) == [".out.feedbuilder", ".out.generation-000003", ".out.generation-000004"]
    assert os.listdir(home_of(config.parent / "out")) == [".feedbuilder.lock"]  # noqa: PTH208
    assert (config.parent / "out/mine/notes.txt").read_text() == "mine"
    assert (config.parent / "out/mine").stat().st_mode & 0o777 == 0o555
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o500


def test_a_disk_of_its_own_is_not_moved(tmp_path):
    config, out = written(tmp_path, words("one")), tmp_path / "show/out"
    out.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", out], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        with pytest.raises(UsageError, match="is a disk of its own"):
            rebuilt(config)
    finally:
        subprocess.run(["umount", "--lazy", out], check=True)


def test_whoever_waits_while_the_form_changes_waits_for_the_right_lock(config, monkeypatch):
    out = config.parent / "out"
    homes = iter([config.parent / "elsewhere", *[home_of(out)] * 3])
    (config.parent / "elsewhere").mkdir()
    monkeypatch.setattr(output_folder, "home_of", lambda _: next(homes))
    with locked_home(out) as is_there:
        assert is_there
        taken = subprocess.run(["flock", "-n", home_of(out) / ".feedbuilder.lock", "true"], check=False)
        free = subprocess.run(["flock", "-n", config.parent / "elsewhere/.feedbuilder.lock", "true"], check=False)
    assert (taken.returncode, free.returncode) == (1, 0)


def test_two_runs_never_meet_while_the_form_changes(tmp_path):
    config = written(tmp_path, words("one"), mode="in-place")
    rebuilt(config)
    out = config.parent / "out"
    run = ["flock", "-n", out / ".feedbuilder.lock", "sleep", "30"]
    with subprocess.Popen(run) as other:
        try:
            time.sleep(0.5)
            with pytest.raises(LockedError, match=f"at work in {out}"):
                rebuilt(written(tmp_path, words("one")))
        finally:
            other.kill()
    assert not out.is_symlink()
