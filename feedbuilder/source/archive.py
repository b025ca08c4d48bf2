"""Read an archive: every episode file, every people page, every fault of every file in one run."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem, Severity, UsageError
from feedbuilder.problems import problem
from feedbuilder.source.field_names import FieldNames
from feedbuilder.source.front_matter import FrontMatter, split_front_matter
from feedbuilder.source.media import (
    AudioFile,
    AudioRow,
    Media,
    local_names,
    read_audio_files,
    read_audio_table,
    read_pictures,
)
from feedbuilder.source.records import KNOWN_FIELDS, EpisodeRecord, PersonPage
from feedbuilder.source.transcripts import TranscriptRecord, read_transcript
from feedbuilder.source.typing_faults import read_record
from feedbuilder.source.yaml_nodes import Mapping, YamlFaultError, decode_text, find_mark, read_nodes

MARKDOWN = frozenset({".md", ".markdown"})
YAML = frozenset({".yaml", ".yml"})
_PLACEHOLDER = re.compile(r"^title[ \t]*:.*\{\{", re.MULTILINE)
_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)")
_FALSE = frozenset({"false", "no", "off"})


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodeFile:
    """One readable episode file."""

    path: str  # as messages name it: relative to the config's folder
    file: Path
    record: EpisodeRecord
    transcript: TranscriptRecord
    body: str
    marks: Mapping  # the front matter without its transcript, for places
    file_date: date | None  # the date in a Jekyll post's file name

    @property
    def slug(self) -> str:
        """The episode's short name: declared, or that of its file, or of its folder for an index file."""
        if self.record.slug:
            return self.record.slug
        stem = self.file.parent.name if self.file.stem == "index" else self.file.stem
        dated = _DATED_NAME.fullmatch(stem)
        return dated[2] if dated else stem

    def place(self, *path: str | int) -> Place:
        """Return where a field stands, or the top of the file when it is not there."""
        mark = find_mark(self.marks, path)
        return Place(self.path, *(mark or (1, 1)))


@dataclass(frozen=True, kw_only=True)
class Archive:
    """All that was read."""

    episodes: tuple[EpisodeFile, ...]
    people: Map[str, PersonPage]
    media: Media
    names: FieldNames
    problems: tuple[Problem, ...]


def read_archive(config: Config) -> Archive:
    """Read everything the config points at.

    Raises:
        UsageError: when a folder the config names is not there.
    """
    names = FieldNames.of(config.fields, KNOWN_FIELDS)
    problems: list[Problem] = []
    episodes: list[EpisodeFile] = []
    for file in episode_files(config):
        episode, faults = read_episode(file, _shown_path(file, config), names)
        problems += faults
        if episode is not None:
            episodes.append(episode)
    people, faults = read_people(config)
    problems += faults
    media, faults = read_media(episodes, people, config)
    return Archive(
        episodes=tuple(episodes),
        people=MappingProxyType(people),
        media=media,
        names=names,
        problems=(*problems, *faults),
    )


def read_media(
    episodes: Iterable[EpisodeFile], people: Map[str, PersonPage], config: Config
) -> tuple[Media, list[Problem]]:
    """Look at every local picture and audio file that is referred to."""
    records = [episode.record for episode in episodes]
    pictures = [config.show.image, *(person.picture for person in people.values())]
    for record in records:
        pictures += [record.image, *(clip.image for clip in record.quotableClips)]
        pictures += [person.picture for person in (*record.guests, *(record.hosts or ()))]
    table: dict[str, AudioRow] = {}
    problems: list[Problem] = []
    if config.audio.table is not None:
        table, problems = read_audio_table(config.resolve(config.audio.table), config.audio.table)
    declared = [audio.url for record in records for audio in (record.audio, record.enclosure) if audio]
    audio: dict[str, AudioFile | Problem] = {}
    if config.audio.folder is not None:
        stems = {episode.slug for episode in episodes}
        audio = read_audio_files(config.resolve(config.audio.folder), stems, local_names(declared))
    root = config.resolve(config.archive.site_root)
    return Media(pictures=read_pictures(local_names(pictures), root), audio=audio, table=table), problems


def episode_files(config: Config) -> Iterator[Path]:
    """Yield the files that may be episodes, in a fixed order."""
    for entry in config.archive.episodes:
        root = config.resolve(entry)
        if root.is_file():
            yield root
        elif root.is_dir():
            found = (path for path in root.rglob("*") if path.suffix.lower() in MARKDOWN | YAML)
            yield from sorted(path for path in found if path.is_file() and path != config.folder / config.path)
        else:
            raise UsageError(f"{config.path}: archive.episodes: there is no folder or file {root}")


def read_episode(file: Path, path: str, names: FieldNames) -> tuple[EpisodeFile | None, list[Problem]]:
    """Read one file; no episode when it is none, is not meant to be public, or is broken, and a problem says which."""
    faults: list[Problem] = []
    try:
        text, faults = decode_text(file.read_bytes(), path)
        if file.suffix.lower() in YAML:
            parts: FrontMatter | None = FrontMatter(text, 1, "", 1)
        else:
            hidden = _is_hidden(file)
            parts = split_front_matter(text, path) if not hidden else _loosely_split(text, path)
        if parts is None:
            return None, [problem("no-front-matter", Place(path, 1, 1), "no front matter, so no episode")]
        if _PLACEHOLDER.search(parts.header):
            return None, [problem("template", Place(path, 1, 1), "a template: its title is a {{ placeholder }}")]
        if _is_hidden(file):
            return None, [problem("hidden-file", Place(path, 1, 1), "hidden by the _ in its name")]
        tree, more = read_nodes(parts.header, path, first_line=parts.header_line)
        faults += more
    except YamlFaultError as error:
        return None, [*faults, error.fault]
    except OSError as error:
        remedy = "make the file readable, or remove it"
        return None, [problem("unreadable-file", Place(path), f"cannot be read: {error.strerror}", remedy)]
    if not isinstance(tree, Mapping):
        remedy = "write `title: …` and the other fields"
        return None, [*faults, problem("no-fields", Place(path, 1, 1), "the front matter holds no fields", remedy)]
    return _typed(file, path, tree, parts.body, names, faults)


def _typed(
    file: Path, path: str, tree: Mapping, body: str, names: FieldNames, faults: list[Problem]
) -> tuple[EpisodeFile | None, list[Problem]]:
    names.apply(tree)
    if (withheld := _withheld(tree, path, names)) is not None:
        return None, [withheld]
    faults += [
        problem("misspelt-field", Place(path, *mark), f"`{found}` is not a field; is `{names.shown(meant)}` meant?",
                f"rename it to {names.shown(meant)}")
        for found, meant, mark in names.misspelt(tree)
    ]  # fmt: skip
    transcript, more = read_transcript(
        tree.get("transcript"), path, Place(path, *(find_mark(tree, ("transcript",)) or (1, 1)))
    )
    faults += more
    tree.pop("transcript", None)  # its thousands of values are read; only the rest is still asked for places
    record, more = read_record(EpisodeRecord, tree, path, required=frozenset({"title"}), shown=names.shown)
    faults += more
    if record is None or any(fault.severity is Severity.ERROR for fault in faults):
        return None, faults
    dated = _DATED_NAME.fullmatch(file.stem)
    episode = EpisodeFile(
        path=path, file=file, record=record, transcript=transcript, body=body, marks=tree,
        file_date=date.fromisoformat(dated[1]) if dated else None,
    )  # fmt: skip
    return episode, faults


def _withheld(tree: Mapping, path: str, names: FieldNames) -> Problem | None:
    """Return why the owner does not want this episode out, as Jekyll and Hugo say it."""
    draft, published = tree.get("draft"), tree.get("published")
    if isinstance(draft, str) and draft.lower() in {"true", "yes", "on"}:
        return problem("draft", Place(path, *tree.marks["draft"]), "a draft (draft: true)")
    if isinstance(published, str) and published.lower() in _FALSE:
        return problem("unpublished", Place(path, *tree.marks["published"]), "not published (published: false)")
    return None


def _is_hidden(file: Path) -> bool:
    return file.name.startswith("_")


def _loosely_split(text: str, path: str) -> FrontMatter | None:
    """Part a hidden file, of which only the kind is told: its faults are nobody's business yet."""
    try:
        return split_front_matter(text, path) or FrontMatter(text, 1, "", 1)
    except YamlFaultError:
        return FrontMatter(text, 1, "", 1)


def read_people(config: Config) -> tuple[dict[str, PersonPage], list[Problem]]:
    """Return people pages by key: their file's name, and their `short` where that differs."""
    if config.archive.people is None:
        return {}, []
    root = config.resolve(config.archive.people)
    if not root.is_dir():
        raise UsageError(f"{config.path}: archive.people: there is no folder {root}")
    people: dict[str, PersonPage] = {}
    problems: list[Problem] = []
    for file in sorted(root.iterdir()):
        if file.suffix.lower() not in MARKDOWN | YAML or file.name.startswith("_"):
            continue
        path = _shown_path(file, config)
        try:
            text, faults = decode_text(file.read_bytes(), path)
            whole = FrontMatter(text, 1, "", 1)
            parts = whole if file.suffix.lower() in YAML else split_front_matter(text, path)
            tree, more = read_nodes(parts.header, path, first_line=parts.header_line) if parts else (None, [])
            problems += [*faults, *more]
        except YamlFaultError as error:
            problems.append(error.fault)
            continue
        if not isinstance(tree, Mapping):
            continue
        page, faults = read_record(PersonPage, tree, path, required=frozenset({"title"}))
        problems += faults
        if page is not None:
            people[file.stem] = page
            if page.short:
                people.setdefault(page.short, page)
    return people, problems


def _shown_path(file: Path, config: Config) -> str:
    """Return a file's path from the config's folder, which is the same on every machine that has the archive."""
    return Path(os.path.relpath(file, config.folder)).as_posix()
