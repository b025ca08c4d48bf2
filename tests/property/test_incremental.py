"""Whatever happens to an archive between two builds, what comes out is what a build without any memory would give."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from unittest import mock

from archives import NOW, SEEDS, config_text, episode_text, tree, write_archive
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from typer.testing import CliRunner

from feedbuilder.build import build
from feedbuilder.cli.main import application
from feedbuilder.errors import FeedbuilderError
from feedbuilder.source.settings import read_config
from feedbuilder.unchanged import nothing_to_do

NAMES = ["a", "b", "c"]
ACCEPT_ALL = [
    option
    for kind in ("removals", "guids", "audio", "dates", "transcripts", "chapters", "artwork", "move")
    for option in ("--accept", kind)
]
CONFIGS = {
    "plain": {},
    "html": {"transcripts": ["vtt", "html"]},
    "netflix": {"captions": {"profile": "netflix"}},
    "late": {"show": {"audio_offset": 2}},
    "renamed": {"show": {"title": "Another Show"}},
    "people": {"archive": {"people": "people", "site_root": "."}},
    "audio": {"audio": {"folder": "audio"}},
    "zone": {"show": {"timezone": "Asia/Tokyo"}},
    "site": {"site": True, "archive": {"people": "people", "site_root": "."}},
    "report": {"report": True},
    "swap": {"publish": {"mode": "swap"}},
}


def run(folder: Path, now: datetime, *options: str) -> int:
    """Run a build as the program does: first see whether there is anything to do."""
    arguments = ["build", "--config", str(folder / "feedbuilder.yaml"), "--quiet", *options]
    epoch = {"SOURCE_DATE_EPOCH": str(int(now.timestamp()))}
    with mock.patch.dict(os.environ, epoch), mock.patch.object(sys, "argv", ["feedbuilder", *arguments]):
        code = nothing_to_do(arguments)
        return code if code is not None else CliRunner().invoke(application(), arguments).exit_code


def told(folder: Path, now: datetime) -> object:
    """Return what a build has to say, with what it remembers of others."""
    try:
        return build(read_config(folder / "feedbuilder.yaml"), now=now, dry_run=True).problems
    except FeedbuilderError as error:
        return str(error).replace(str(folder), ""), error.problems


class Archive(RuleBasedStateMachine):
    """An archive that its owner works on, and a scheduler that builds it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="incremental-"))
        self.now = NOW
        self.is_checked = True

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        write_archive(self.folder, {}, config_text())
        (self.folder / "episodes").mkdir()
        (self.folder / "people").mkdir()
        (self.folder / "audio").mkdir()
        self.write("a", "A", 3, None)
        self.write("b", "B", 1, "pic.png")

    @rule(name=st.sampled_from(NAMES), title=st.sampled_from("ABC"), lines=st.integers(0, 4),
          image=st.sampled_from([None, "pic.png"]))  # fmt: skip
    def write(self, name: str, title: str, lines: int, image: str | None) -> None:
        text = episode_text(
            "See [it](https://x.example).",
            title=title,
            guid=f"guid-{name}",
            image=image,
            guests=["ana"],
            transcript=[
                {"line": f"Hello {number}, {title}.", "sec": 4 * number, "who": "Ana"} for number in range(lines)
            ],
            quotableClips=[{"name": title, "startOffset": 0}] if lines else None,
        )
        (self.folder / f"episodes/{name}.md").write_text(text)

    @rule(name=st.sampled_from(NAMES), words=st.sampled_from(["Hello.", "Ana: Hello.", None]))
    def write_words_apart(self, name: str, words: str | None) -> None:
        """Let an episode name a file with its words, which may be another one than before, or none."""
        (self.folder / f"episodes/{name}.md").write_text(episode_text(guid=f"guid-{name}", transcript="words.txt"))
        file = self.folder / "episodes/words.txt"
        file.unlink(missing_ok=True)
        if words:
            file.write_text(words)

    @rule(name=st.sampled_from(NAMES), day=st.integers(1, 60))
    def plan(self, name: str, day: int) -> None:
        date = str((self.now + timedelta(days=day)).date())
        (self.folder / f"episodes/{name}.md").write_text(episode_text(guid=f"guid-{name}", dateadded=date))

    @rule(
        name=st.sampled_from(NAMES), text=st.sampled_from(["", "---\ntitle: a: b\n---\n", "---\ndraft: maybe\n---\n"])
    )
    def damage(self, name: str, text: str) -> None:
        (self.folder / f"episodes/{name}.md").write_text(text)

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        (self.folder / f"episodes/{name}.md").unlink(missing_ok=True)

    @rule(name=st.sampled_from(NAMES), other=st.sampled_from(NAMES))
    def rename(self, name: str, other: str) -> None:
        file = self.folder / f"episodes/{name}.md"
        if file.exists():
            file.rename(self.folder / f"episodes/{other}.md")

    @rule(name=st.sampled_from(NAMES))
    def touch(self, name: str) -> None:
        file = self.folder / f"episodes/{name}.md"
        if file.exists():
            os.utime(file)

    @rule(name=st.sampled_from(sorted(CONFIGS)))
    def configure(self, name: str) -> None:
        sections = {key: dict(value) if isinstance(value, dict) else value for key, value in CONFIGS[name].items()}
        (self.folder / "feedbuilder.yaml").write_text(config_text(**sections))

    @rule(text=st.sampled_from([None, "---\ntitle: Ana\n---\n", "---\ntitle: Ana B.\nweb: https://a.example\n---\n"]))
    def edit_person(self, text: str | None) -> None:
        page = self.folder / "people/ana.md"
        page.unlink(missing_ok=True)
        if text:
            page.write_text(text)

    @rule(is_there=st.booleans())
    def put_picture(self, is_there: bool) -> None:
        picture = self.folder / "pic.png"
        picture.unlink(missing_ok=True)
        if is_there:
            shutil.copy(SEEDS / "artwork.jpg", picture)

    @rule(name=st.sampled_from(NAMES), size=st.sampled_from([0, 60_000, 120_000]))
    def put_audio(self, name: str, size: int) -> None:
        audio = self.folder / f"audio/{name}.mp3"
        audio.unlink(missing_ok=True)
        if size:
            audio.write_bytes((SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()[:size])

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(path=st.sampled_from(["feed.xml", "transcripts", "chapters", "manifest.json"]))
    def lose_output(self, path: str) -> None:
        lost = self.folder / "output" / path
        if lost.is_dir():
            shutil.rmtree(lost)
        else:
            lost.unlink(missing_ok=True)

    @rule(knows_it=st.booleans())
    def build_again(self, knows_it: bool) -> None:
        """Let a second run follow at once: it has nothing to do, whether it knows that or finds it out."""
        if not knows_it:
            (self.folder / ".feedbuilder/feedbuilder.yaml.stamp").unlink(missing_ok=True)
        before = tree(self.folder / "output") if (self.folder / "output").exists() else {}
        run(self.folder, self.now)
        after = tree(self.folder / "output") if (self.folder / "output").exists() else {}
        assert after == before

    @invariant()
    def is_what_a_build_without_memory_gives(self) -> None:
        if not (self.folder / "feedbuilder.yaml").exists():
            return
        other = self.folder.with_name(f"{self.folder.name}-forgetful")
        shutil.copytree(self.folder, other, ignore=shutil.ignore_patterns(".feedbuilder"), symlinks=True)
        try:
            assert told(self.folder, self.now) == told(other, self.now)
            for options in ([], ACCEPT_ALL):
                codes = run(self.folder, self.now, *options), run(other, self.now, *options)
                assert codes[0] == codes[1]
                assert codes[0] in (0, 3, 4)
                for name in ("output", "feedbuilder.lock"):
                    mine, clean = self.folder / name, other / name
                    assert mine.exists() == clean.exists()
                    if mine.is_dir():
                        assert tree(mine) == tree(clean)
                    elif mine.exists():
                        assert mine.read_bytes() == clean.read_bytes()
                if codes[0] != 4:
                    break
        finally:
            shutil.rmtree(other)


TestIncremental = Archive.TestCase
TestIncremental.settings = settings(stateful_step_count=12)
