"""Every promise of the feed that is out: what breaks it is refused, and its own flag, and no other, lets it pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import pytest
from archives import config_text, episode_text, feedbuilder, write_archive
from filelock import FileLock

from feedbuilder.errors import LockedError, OutputError, RefusedError, UsageError
from feedbuilder.publish.acceptance import KINDS
from feedbuilder.publish.output_folder import Changes, claimed, publish
from feedbuilder.render import OutputFile

URL = "https://show.example/"
DATES = {"one": "01", "two": "02", "three": "03", "four": "04", "five": "05"}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An episode, as far as the guard looks at it."""

    name: str
    guid: str = ""
    title: str = ""
    notes: str = "Notes."
    date: str = ""
    audio: str | None = ""
    words: int = 400
    chapters: int = 5
    length: int = 1000
    duration: int = 60

    @property
    def item(self) -> str:
        address = self.audio if self.audio else f"{URL}{self.name}.mp3"
        parts = [
            f"<title>{escape(self.title or self.name.title())}</title><guid>{self.guid or f'guid-{self.name}'}</guid>",
            f"<pubDate>{self.date or f'{DATES[self.name]} Jan 2026 06:00:00 +0000'}</pubDate>",
            f"<description>{self.notes}</description><itunes:duration>{self.duration}</itunes:duration>",
        ]
        if self.audio is not None:
            parts.append(f'<enclosure url="{address}" type="audio/mpeg" length="{self.length}"/>')
        if self.words:
            parts.append(f'<podcast:transcript url="{URL}transcripts/{self.name}.vtt" type="text/vtt"/>')
        if self.chapters:
            parts.append(f'<podcast:chapters url="{URL}chapters/{self.name}.json" type="application/json+chapters"/>')
        return f"<item>{''.join(parts)}</item>"

    @property
    def files(self) -> list[OutputFile]:
        cues = "\n".join(f"00:00:{n % 60:02}.000 --> 00:00:{n % 60:02}.900\n<v Ann>word" for n in range(self.words))
        chapters = ", ".join(f'{{"startTime": {n}, "title": "{n}"}}' for n in range(self.chapters))
        found = []
        if self.words:
            found.append(OutputFile(f"transcripts/{self.name}.vtt", f"WEBVTT\n\n{cues}\n".encode(), self.name))
        if self.chapters:
            found.append(OutputFile(f"chapters/{self.name}.json", f'{{"chapters": [{chapters}]}}'.encode(), self.name))
        return found


EPISODES = tuple(Draft(name=name) for name in ("four", "three", "two", "one"))


def feed_of(episodes: tuple[Draft, ...], guid: str = "show", name: str = "feed.xml", title: str = "A Show") -> bytes:
    return (
        '<?xml version="1.0"?>\n<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f'<title>{title}</title><atom:link rel="self" href="{URL}{name}"/><podcast:guid>{guid}</podcast:guid>'
        f"{''.join(episode.item for episode in episodes)}</channel></rss>\n"
    ).encode()


def published(episodes: tuple[Draft, ...], folder: Path, *accept: str, guid: str = "show", **options) -> Changes:
    name = options.pop("feed_path", "feed.xml")
    files = [file for episode in episodes for file in episode.files]
    files.append(OutputFile(name, feed_of(episodes, guid, name), ""))
    names = {f"guid-{episode.name}": (episode.name, f"episodes/{episode.name}.md") for episode in EPISODES}
    return publish(files, folder, feed_path=name, show_guid=guid, accept=accept, **({"names": names} | options))


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file with its bytes and its time; the lock is none of what is published."""
    return {
        file.relative_to(folder).as_posix(): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".feedbuilder.lock"
    }


def refused(episodes: tuple[Draft, ...], folder: Path, *accept: str, **options) -> str:
    """Publish, expect a refusal and nothing touched, and return what was said."""
    before = state(folder)
    with pytest.raises(RefusedError) as error:
        published(episodes, folder, *accept, **options)
    assert state(folder) == before
    return str(error.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    published(EPISODES, tmp_path / "out")
    return tmp_path / "out"


BROKEN = {
    "lost": ("removals", lambda _: None, "would vanish"),
    "another guid": ("guids", lambda it: replace(it, guid=f"new-{it.name}"), r"new guid"),
    "a shared guid": ("guids", lambda it: replace(it, guid="guid-four"), "share a guid"),
    "no audio": ("audio", lambda it: replace(it, audio=None), "lose the audio"),
    "other audio": ("audio", lambda it: replace(it, audio=f"{URL}moved/{it.name}.mp3"), "another audio address"),
    "a moved date": ("dates", lambda it: replace(it, date="05 Jan 2026 06:00:01 +0000"), "another date"),
    "a date a second later": ("dates", lambda it: replace(it, date=f"{DATES[it.name]} Jan 2026 06:00:01 GMT"), "date"),
    "no transcript": ("transcripts", lambda it: replace(it, words=0), "lose the transcripts"),
    "a shrunk transcript": ("transcripts", lambda it: replace(it, words=350), "a tenth of the words"),
    "no chapters": ("chapters", lambda it: replace(it, chapters=0), "lose the chapters"),
    "few chapters": ("chapters", lambda it: replace(it, chapters=2), "half of the chapters"),
}


def changed(change, *names: str) -> tuple[Draft, ...]:
    after = [change(episode) if episode.name in names else episode for episode in EPISODES]
    return tuple(episode for episode in after if episode is not None)


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_promise_is_refused_and_says_what_and_how_to_accept_it(folder, what):
    kind, change, message = BROKEN[what]
    told = refused(changed(change, "one", "two"), folder)
    assert message in told
    assert f"--accept {kind}" in told
    assert "(one)" in told
    assert "(two)" in told
    assert "Three" not in told


@pytest.mark.parametrize("what", BROKEN)
def test_only_its_own_flag_lets_a_broken_promise_pass(folder, what):
    kind, change, _ = BROKEN[what]
    after = changed(change, "one", "two")
    refused(after, folder, *(other for other in KINDS if other != kind))
    published(after, folder, kind)
    assert "feed.xml" in state(folder)
    assert published(after, folder).written == ()  # and the next night has nothing to accept


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("name", ["one", "episodes/one.md", "guid-one"])
def test_a_flag_for_one_episode_lets_that_one_pass_and_no_other(folder, what, name):
    kind, change, _ = BROKEN[what]
    both = changed(change, "one", "two")
    told = refused(both, folder, f"{kind}:{name}")
    assert "(two)" in told
    assert "(one)" not in told
    if what != "a shared guid":  # which is then still shared with two others, and both of these are meant
        published(changed(change, "one"), folder, f"{kind}:{name}")
    else:
        published(both, folder, f"{kind}:{name}", f"{kind}:two", f"{kind}:four")


def test_what_subscribers_do_not_lose_is_never_refused(folder):
    richer = tuple(
        replace(episode, title="New", notes="New", duration=61, length=1001, words=380, chapters=3)
        for episode in EPISODES
    )
    changes = published((Draft(name="five"), *richer), folder)
    assert [change.item.title for change in changes.feed.added] == ["Five"]
    assert len(changes.feed.changed) == 5


def test_audio_that_appears_for_the_first_time_is_welcome(tmp_path):
    silent = tuple(replace(episode, audio=None) for episode in EPISODES)
    published(silent, tmp_path / "out")
    assert published(EPISODES, tmp_path / "out").written == ("feed.xml",)


def test_all_kinds_are_told_at_once_and_of_many_episodes_the_first_ten(tmp_path):
    many = tuple(replace(Draft(name="one"), name="one", guid=f"g{n}", title=f"No. {n}", audio=f"{URL}{n}.mp3",
                         words=0, chapters=0) for n in range(30))  # fmt: skip
    published(many, tmp_path / "out")
    after = tuple(replace(episode, audio=None) for episode in many[:15])
    told = refused(after, tmp_path / "out")
    assert "15 episodes of the feed that is out would vanish" in told
    assert "15 episodes would lose the audio" in told
    assert told.count("\n  No. ") == 20
    assert told.count("… and 5 more") == 2
    assert "nothing was written" in told


def test_a_name_no_episode_has_is_said(folder):
    told = refused(changed(lambda _: None, "one"), folder, "removals:oen")
    assert "--accept removals:oen: neither feed has an episode of that name" in told


@pytest.mark.parametrize("value", ["all", "", "removal-one:x", "guids:", "move:one"])
def test_an_unknown_kind_to_accept_is_wrong_usage_and_touches_nothing(tmp_path, value):
    with pytest.raises(UsageError) as error:
        published(EPISODES, tmp_path / "out", value)
    assert not (tmp_path / "out").exists()
    if value == "all":
        assert all(kind in str(error.value) for kind in KINDS)


def test_a_configured_number_of_episodes_may_leave(folder):
    refused(changed(lambda _: None, "one", "two", "three"), folder, allowed_losses=2)
    refused(changed(lambda it: replace(it, audio=None), "one"), folder, allowed_losses=2)
    published(changed(lambda _: None, "one", "two"), folder, allowed_losses=2)


def test_another_podcast_guid_is_refused_until_the_show_may_move(folder):
    assert "write show.guid: show" in refused(EPISODES, folder, *(set(KINDS) - {"move"}), guid="other")
    published(EPISODES, folder, "move", guid="other")


def test_a_feed_that_cannot_be_compared_is_not_replaced(folder):
    (folder / "feed.xml").write_bytes(b"<rss><channel><item>")
    assert "cannot be compared" in refused(EPISODES, folder)
    published(EPISODES, folder, "removals")


def test_of_files_that_are_not_ours_one_alone_can_be_given_up(tmp_path):
    out = tmp_path / "out"
    for name in ("one", "two"):
        (out / "transcripts").mkdir(parents=True, exist_ok=True)
        (out / f"transcripts/{name}.vtt").write_text("mine")
    assert "transcripts/two.vtt" in refused(EPISODES, out, "overwrite:transcripts/one.vtt")
    published(EPISODES, out, "overwrite:transcripts/one.vtt", "overwrite:transcripts/two.vtt")


def test_a_feed_from_elsewhere_takes_the_place_of_the_one_in_the_folder(folder, tmp_path):
    hosts = feed_of((Draft(name="five"), *EPISODES))
    assert "would vanish" in refused(EPISODES, folder, previous=hosts)
    with pytest.raises(RefusedError, match=r"Five \(five\)"):
        published(EPISODES, tmp_path / "new", previous=hosts)
    assert not list((tmp_path / "new").glob("*.xml"))
    assert published(EPISODES, folder, "removals:five", previous=hosts).written == ()


def test_the_words_of_a_feed_whose_bytes_stay_are_compared_too(folder):
    before = (folder / "feed.xml").read_bytes()
    after = changed(lambda it: replace(it, words=100), "one")
    assert feed_of(after) == before
    assert "1,600 → 400 letters spoken" in refused(after, folder)


def test_only_some_files_of_an_episode_are_guarded_as_well(folder):
    thin = replace(EPISODES[0], words=10)
    before = state(folder)
    with pytest.raises(RefusedError, match="tenth of the words"):
        publish(thin.files, folder, feed_path="feed.xml", show_guid="show", partial=True)
    assert state(folder) == before
    publish(thin.files, folder, feed_path="feed.xml", show_guid="show", partial=True, accept=["transcripts:four"])


def test_some_files_of_an_episode_replace_nothing_else_whatever_feed_is_named(folder):
    richer = replace(EPISODES[0], words=500, chapters=6)
    hosts = feed_of((Draft(name="five"),))
    changes = publish(
        richer.files, folder, feed_path="feed.xml", show_guid="show", partial=True, previous=hosts
    )  # fmt: skip
    assert (changes.written, changes.removed) == (("chapters/four.json", "transcripts/four.vtt"), ())
    assert "transcripts/one.vtt" in state(folder)


def test_a_renamed_transcript_is_compared_with_what_it_was(folder):
    def renamed(words: int) -> tuple[Draft, ...]:
        return tuple(
            replace(it, name="five", guid="guid-one", title="One", date=f"{DATES['one']} Jan 2026 06:00:00 GMT",
                    audio=f"{URL}one.mp3", words=words)
            if it.name == "one" else it for it in EPISODES
        )  # fmt: skip

    assert "tenth of the words" in refused(renamed(200), folder)
    assert "transcripts/one.vtt" in published(renamed(400), folder).removed


def test_a_dry_run_says_what_a_run_would_do_and_does_nothing(folder, tmp_path):
    after = (
        Draft(name="five"),
        *changed(lambda it: replace(it, words=100) if it.name == "one" else None, "one", "two"),
    )
    before = state(folder)
    with FileLock(folder / ".feedbuilder.lock"):  # a run at work there does not bother it
        would = published(after, folder, "removals", dry_run=True)
    assert state(folder) == before
    assert [refusal.acceptance for refusal in would.refusals] == ["--accept transcripts:one"]
    did = published(after, folder, "removals", "transcripts:one")
    assert (did.written, did.removed, did.unchanged) == (would.written, would.removed, would.unchanged)
    assert did.sizes_bytes == would.sizes_bytes
    assert did.feed == would.feed
    assert {path: len(content) for path, (content, _) in state(folder).items() if path in did.written} == {
        path: did.sizes_bytes[path] for path in did.written
    }
    fresh = published(after, tmp_path / "nowhere", dry_run=True)
    assert not (tmp_path / "nowhere").exists()
    assert len(fresh.feed.added) == len(after)


def test_a_run_that_changes_nothing_touches_nothing(folder):
    before = state(folder)
    changes = published(EPISODES, folder)
    assert state(folder) == before
    assert not changes.written
    assert not changes.feed


def test_a_claim_keeps_others_out_from_before_the_archive_is_read(folder):
    with claimed(folder):
        published(changed(lambda it: replace(it, title="New"), "one"), folder)  # the claim may be entered again
        with pytest.raises(LockedError), FileLockOfAnother(folder):
            pass
    with FileLock(folder / ".feedbuilder.lock"), pytest.raises(LockedError), claimed(folder):
        pytest.fail("two runs at once")
    with claimed(folder):
        pass


class FileLockOfAnother:
    """Another process's attempt."""

    def __init__(self, folder: Path) -> None:
        self.lock = FileLock(folder / ".feedbuilder.lock", timeout=0)

    def __enter__(self) -> None:
        from filelock import Timeout

        try:
            self.lock.acquire()
        except Timeout as error:
            raise LockedError("held") from error

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def test_a_claim_on_a_folder_that_is_not_there_makes_none(tmp_path):
    with claimed(tmp_path / "out"):
        pass
    assert not (tmp_path / "out").exists()


def test_faults_inside_a_claim_stay_what_they_are(folder):
    with pytest.raises(FileNotFoundError), claimed(folder):
        (folder / "absent").read_bytes()
    with pytest.raises(OutputError), claimed(folder):
        raise OutputError("mine")


def test_a_build_that_would_lose_four_episodes_exits_4(tmp_path):
    names = ("one", "two", "three", "four", "five")
    config = write_archive(
        tmp_path / "show", {f"{n}.md": episode_text(guid=n, title=n.title()) for n in names}, config_text()
    )
    assert feedbuilder("build", "-c", config, "-o", tmp_path / "out").returncode == 0
    before = state(tmp_path / "out")
    for name in names[:4]:
        (config.parent / f"episodes/{name}.md").unlink()
    run = feedbuilder("build", "-c", config, "-o", tmp_path / "out")
    assert run.returncode == 4
    assert "4 episodes of the feed that is out would vanish" in run.stderr
    assert state(tmp_path / "out") == before


def test_a_build_that_would_change_one_guid_exits_4(tmp_path):
    config = write_archive(
        tmp_path / "show", {"a.md": episode_text(guid="a", title="A"), "b.md": episode_text(guid="b")}
    )
    assert feedbuilder("build", "-c", config, "-o", tmp_path / "out").returncode == 0
    before = state(tmp_path / "out")
    write_archive(config.parent, {"a.md": episode_text(guid="other", title="A")}, config.read_text("utf-8"))
    run = feedbuilder("build", "-c", config, "-o", tmp_path / "out")
    assert run.returncode == 4
    assert state(tmp_path / "out") == before
