"""A world that does not hold still: files that change while they are read, folders in any order, clocks that jump."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from archives import NOW, built, config_text, episode_text, tree, write_archive

from feedbuilder import read_config
from feedbuilder.build import build
from feedbuilder.errors import RefusedError
from feedbuilder.source.archive import read_archive

HALF_BYTES = 2_000_000


def words(name: str, **fields: object) -> dict[str, str]:
    return {f"{name}.md": episode_text(guid=name, title=name, transcript=[{"line": f"{name}.", "sec": 1}], **fields)}


@pytest.fixture
def restless(tmp_path: Path) -> Iterator[Path]:
    """Have one of two episodes written over and over again, by turns all of a's and all of b's."""
    config = write_archive(tmp_path, {**words("quiet"), "restless.md": episode_text(guid="restless")})
    header = episode_text(guid="restless").encode()
    file, done = tmp_path / "episodes/restless.md", threading.Event()

    def write() -> None:
        while not done.is_set():
            for letter in (b"a", b"b"):
                with file.open("wb", buffering=0) as stream:
                    stream.write(header)
                    for _ in range(20):
                        stream.write(letter * (HALF_BYTES // 10))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield config
    finally:
        done.set()
        writer.join()


def test_a_file_that_is_being_written_is_read_as_of_one_moment_or_is_a_fault(restless):
    config = read_config(restless)
    for _ in range(30):
        archive = read_archive(config)
        found = {episode.path: episode.body for episode in archive.episodes}
        assert "episodes/quiet.md" in found
        if "episodes/restless.md" in found:
            assert len(set(found["episodes/restless.md"])) <= 1
        else:
            assert [fault.place.path for fault in archive.problems] == ["episodes/restless.md"]


def test_a_file_that_never_holds_still_is_a_fault_that_says_so(tmp_path, monkeypatch):
    config = read_config(write_archive(tmp_path, {**words("quiet"), **words("restless")}))
    file, stat = tmp_path / "episodes/restless.md", Path.stat

    def restless_stat(path: Path, **options: bool) -> os.stat_result:
        if path == file:
            with path.open("a") as stream:
                stream.write("x")
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", restless_stat)
    archive = read_archive(config)
    assert [episode.path for episode in archive.episodes] == ["episodes/quiet.md"]
    [fault] = archive.problems
    assert (fault.code, fault.place.path) == ("unreadable-file", "episodes/restless.md")
    assert (fault.message, fault.remedy) == ("the file is being written just now", "run again when it is whole")


def test_a_pipe_in_the_place_of_a_transcript_is_not_waited_for(tmp_path):
    config = write_archive(tmp_path, {"one.md": episode_text(guid="one", transcript="words.vtt")})
    os.mkfifo(tmp_path / "episodes/words.vtt")
    release = threading.Timer(5, _opened, [tmp_path / "episodes/words.vtt"])  # a failure and no hang
    release.start()
    faults = read_archive(read_config(config)).problems
    release.cancel()
    [fault] = [fault for fault in faults if fault.code == "transcript-file"]
    assert "no ordinary file" in fault.message


def _opened(pipe: Path) -> None:
    with suppress(OSError):  # nobody waits for it
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))


def test_a_link_that_leads_out_of_the_archive_publishes_nothing_from_there(tmp_path):
    (tmp_path / "secret.md").write_text(episode_text("The password.", guid="secret", title="Secret"))
    (tmp_path / "show/near").mkdir(parents=True)
    (tmp_path / "show/near/two.md").write_text(episode_text(guid="two"))
    config = write_archive(tmp_path / "show", words("one"))
    (tmp_path / "show/episodes/secret.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "show/episodes/two.md").symlink_to("../near/two.md")
    archive = read_archive(read_config(config))
    assert [episode.path for episode in archive.episodes] == ["episodes/one.md", "episodes/two.md"]
    [fault] = [fault for fault in archive.problems if fault.code == "unreadable-file"]
    assert fault.place.path == "episodes/secret.md"
    assert "leads out of the archive" in fault.message


def test_the_order_in_which_a_folder_lists_its_files_changes_nothing(tmp_path, monkeypatch):
    episodes = {file: text for number in range(12) for file, text in words(f"e{number}").items()}
    people = {f"people/{name}.md": f"---\ntitle: {name}\nshort: same\n---\n" for name in ("ann", "bo", "cy")}
    others = {**people, "audio/e1.mp3": b"x", "audio/e1.m4a": b"x"}
    text = config_text(archive={"people": "people"}, audio={"folder": "audio"}, show={"hosts": ["same"]})
    config = write_archive(tmp_path / "show", episodes, text, others)
    report = built(config, tmp_path / "first")
    chance = random.Random(1)
    listdir, scandir = os.listdir, os.scandir

    class Shuffled:
        def __init__(self, folder: object) -> None:
            with scandir(folder) as entries:
                self.entries = list(entries)
            chance.shuffle(self.entries)

        def __enter__(self) -> Iterator[os.DirEntry[str]]:
            return iter(self.entries)

        def __exit__(self, *_: object) -> None:
            pass

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            return iter(self.entries)

        def __next__(self) -> os.DirEntry[str]:
            if not self.entries:
                raise StopIteration
            return self.entries.pop()

        def close(self) -> None:
            pass

    def listed(folder: object = ".") -> list[str]:
        names = listdir(folder)
        chance.shuffle(names)
        return names

    monkeypatch.setattr(os, "scandir", Shuffled)
    monkeypatch.setattr(os, "listdir", listed)
    for number in range(5):
        (tmp_path / "show/feedbuilder.lock").unlink()
        again = built(config, tmp_path / str(number))
        assert tree(tmp_path / str(number)) == tree(tmp_path / "first")
        assert again.problems == report.problems


def test_what_is_out_stays_out_when_the_clock_goes_back(tmp_path):
    episodes = {**words("old", dateadded="2026-01-01"), **words("new", dateadded="2026-11-23T11:00:00Z")}
    config = write_archive(tmp_path, {**episodes, **words("next", dateadded="2026-12-01")})
    built(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    report = build(read_config(config), now=NOW - timedelta(days=3650), output=tmp_path / "out")
    assert tree(tmp_path / "out") == before
    assert [upcoming.source for upcoming in report.upcoming] == ["episodes/next.md"]


def test_what_was_only_pinned_to_a_time_is_still_held_until_then(tmp_path):
    config = write_archive(tmp_path, {**words("old"), **words("next", dateadded="2026-12-01")})
    built(config, tmp_path / "out")
    line = '{"guid": "next", "published": "2026-12-24T06:00:00Z", "file": "episodes/next.md"}\n'
    with (tmp_path / "feedbuilder.lock").open("a") as ledger:
        ledger.write(line)
    report = built(config, tmp_path / "out")
    assert [f"{upcoming.due:%m-%d}" for upcoming in report.upcoming] == ["12-24"]


def test_a_clock_that_starts_in_1970_publishes_no_empty_feed(tmp_path):
    config = write_archive(tmp_path, words("one"))
    with pytest.raises(RefusedError, match="no episode can be published"):
        build(read_config(config), now=NOW.replace(year=1970), output=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("day", "hour", "first"),
    [
        ("2026-03-29", "02:30", "2026-03-29T01:30:00+00:00"),  # skipped in Berlin: clocks go from 2:00 to 3:00
        ("2026-03-29", "02:58", "2026-03-29T01:58:00+00:00"),
        ("2026-10-25", "02:30", "2026-10-25T00:30:00+00:00"),  # comes twice: the first one
        ("2026-10-25", "02:59", "2026-10-25T00:59:00+00:00"),
    ],
)
def test_episodes_of_the_day_when_clocks_change_keep_their_order_a_minute_apart(tmp_path, day, hour, first):
    episodes = {k: v for n in range(1, 6) for k, v in words(f"e{n}", dateadded=day, episode=n).items()}
    text = config_text(show={"timezone": "Europe/Berlin", "publish_time": hour})
    report = built(write_archive(tmp_path, episodes, text), tmp_path / "out")
    moments = [(episode.published.timestamp(), episode.slug) for episode in reversed(report.show.episodes)]
    assert [slug for _, slug in moments] == ["e1", "e2", "e3", "e4", "e5"]
    assert [moment - moments[0][0] for moment, _ in moments] == [0, 60, 120, 180, 240]
    assert report.show.episodes[-1].published.astimezone(NOW.tzinfo).isoformat() == first


def test_a_moment_and_a_bare_date_in_the_skipped_hour_do_not_share_a_minute(tmp_path):
    episodes = {**words("a", dateadded="2026-03-29T01:30:00Z"), **words("b", dateadded="2026-03-29")}
    text = config_text(show={"timezone": "Europe/Berlin", "publish_time": "02:30"})
    report = built(write_archive(tmp_path, episodes, text), tmp_path / "out")
    assert len({episode.published.timestamp() for episode in report.show.episodes}) == 2
