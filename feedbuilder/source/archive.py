"""Read an archive: every episode file, every people page, every fault of every file in one run."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem, RefusedError, Severity, UsageError
from feedbuilder.memory import FORGETFUL, Memory, fingerprint
from feedbuilder.model import TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.audio_table import AudioRow, TableError, read_audio_table
from feedbuilder.source.dates import parse_moment
from feedbuilder.source.decoding import YamlFaultError, decode_text, read_archive_file
from feedbuilder.source.field_names import DEFAULT_NAMES, FieldNames
from feedbuilder.source.front_matter import FrontMatter, split_front_matter
from feedbuilder.source.media import AudioFile, Media, local_names, read_audio_files, read_pictures
from feedbuilder.source.people import PersonFile, read_people
from feedbuilder.source.records import KNOWN_FIELDS, EpisodeRecord, spread_links
from feedbuilder.source.sidecars import read_sidecar_of
from feedbuilder.source.spool import Spool, packed, recalled
from feedbuilder.source.transcripts import TranscriptRecord, read_transcript
from feedbuilder.source.typing_faults import read_record
from feedbuilder.source.walk import YAML, episode_files, folder_entries, is_hidden, shown_path
from feedbuilder.source.withheld import why_hidden, why_template, why_withheld
from feedbuilder.source.yaml_nodes import Mapping, find_mark, read_nodes

_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)")
_INDEX = re.compile(r"index(\.\w+)?")  # with its language, as Hugo names translations
_REQUIRED = frozenset({"title", "draft"})  # a draft flag that cannot be read may have been meant to hold the episode


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodeFile:
    """One readable episode file."""

    digest: bytes  # of all that it was read from, and of what its fields are called
    path: str  # as messages name it: relative to the config's folder
    file: Path
    record: EpisodeRecord
    transcript: TranscriptRecord
    body: str
    body_line: int  # the line of the file that the body starts on
    packed_marks: bytes  # a fifth of what `marks` take, which few episodes are asked for, and one after the other
    names: FieldNames
    file_date: date | None  # the date in a Jekyll post's file name
    faulty: frozenset[str] = frozenset()  # fields whose value does not fit, and was left out
    sidecar: str | None = None  # the way from its folder to the transcript file that it names, there or not

    @property
    def marks(self) -> Mapping:
        """The front matter without its transcript, for places; its entries are those of the record."""
        return _unpacked(self.packed_marks)

    @property
    def slug(self) -> str:
        """The episode's short name: declared, or that of its file, or of its folder for an index file."""
        dated = _DATED_NAME.fullmatch(_stem(self.file))
        return self.record.slug or (dated[2] if dated else _stem(self.file))

    def place(self, *path: str | int) -> Place:
        """Return where a field stands, or the top of the file when it is not there."""
        return Place(self.path, *(find_mark(self.marks, path) or (1, 1)))


def pack_marks(tree: Mapping) -> bytes:
    """Return a front matter as `EpisodeFile` keeps it."""
    return pickle.dumps(tree, pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=4)
def _unpacked(marks: bytes) -> Mapping:
    return pickle.loads(marks)  # type: ignore[no-any-return]


@dataclass(frozen=True, kw_only=True)
class Archive:
    """All that was read."""

    episodes: tuple[EpisodeFile, ...]
    people: Map[str, PersonFile]
    media: Media
    problems: tuple[Problem, ...]
    spool: Spool = field(default_factory=Spool)  # has the words of all episodes


def read_archive(config: Config, memory: Memory = FORGETFUL) -> Archive:
    """Read everything the config points at; of what is as it was, `memory` knows what it says.

    Raises:
        UsageError: when the audio table or a whole folder cannot be used, with the faults of everything.
    """
    names = FieldNames.of(config.fields, KNOWN_FIELDS)
    files, problems = episode_files(config)
    spool = Spool()
    episodes: list[EpisodeFile] = []
    for file in files:
        episode, faults = read_episode(file, shown_path(file, config), names, config.folder, memory)
        problems += faults
        if episode is not None:
            words = episode.transcript._replace(lines=spool.keep(episode.transcript.lines))
            episodes.append(replace(episode, transcript=words))
    try:
        people, faults = read_people(config, memory)
        problems += faults
        media, faults = read_media(episodes, people, config, memory)
    except TableError as error:
        raise UsageError("the audio table cannot be used", [*problems, error.fault]) from error
    except UsageError as error:
        raise UsageError(str(error), [*problems, *error.problems]) from error
    return Archive(
        episodes=tuple(episodes),
        people=MappingProxyType(people),
        media=media,
        problems=(*problems, *faults),
        spool=spool,
    )


def read_media(
    episodes: Iterable[EpisodeFile], people: Map[str, PersonFile], config: Config, memory: Memory
) -> tuple[Media, list[Problem]]:
    """Look at every local picture and audio file that is referred to."""
    records = [episode.record for episode in episodes]
    pictures = [config.show.image, *(person.record.picture for person in people.values())]
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
        folder, listen = config.resolve(config.audio.folder), config.captions.align
        entries = folder_entries(config, "audio", "folder")
        audio = read_audio_files(folder, entries, stems, local_names(declared), listen=listen, memory=memory)
    root = config.resolve(config.archive.site_root)
    return Media(pictures=read_pictures(local_names(pictures), root, memory), audio=audio, table=table), problems


def read_episode(
    file: Path, path: str, names: FieldNames, root: Path, memory: Memory = FORGETFUL
) -> tuple[EpisodeFile | None, list[Problem]]:
    """Read one file; no episode when it is none, is not meant to be public, or is broken, and a problem says which.

    `path` is what messages call the file; a transcript in a file of its own must lie below `root` or beside the file.
    """
    try:
        if is_hidden(file):
            return None, [why_hidden(file, path)]
        content = read_archive_file(file, path)
    except YamlFaultError as error:
        return None, [error.fault]
    digest = fingerprint((content, path, str(file), tuple(names.mapped.items())))
    question = ("episode", digest)
    episode, before, after, apart = memory.of(question, lambda: _parsed(content, file, path, names, digest))
    more: list[Problem] = []
    words = episode.transcript if episode else TranscriptRecord()
    if apart:
        words, more = read_sidecar_of(file, *apart, root, memory)
        digest = fingerprint((digest, words))
    faults = [*before, *more, *after]
    if episode is None or any(fault.severity is Severity.ERROR for fault in more):
        return None, faults
    words = words._replace(lines=recalled(words.lines, partial(_lines_again, file, path, names, root, digest)))
    return replace(episode, names=names, transcript=words, digest=digest), faults


def _lines_again(file: Path, path: str, names: FieldNames, root: Path, digest: bytes) -> Sequence[TranscriptLine]:
    """Return the words of an episode that was known from a memory.

    Raises:
        RefusedError: when they are others by now.
    """
    episode, _ = read_episode(file, path, names, root)
    if episode is None or episode.digest != digest:
        raise RefusedError(f"{path} changed while it was read; nothing was written; run again when it is whole")
    return episode.transcript.lines


class _Parsed(NamedTuple):
    """An episode without the words of a transcript in a file of its own, whose faults come between its own."""

    episode: EpisodeFile | None
    before: list[Problem]
    after: Sequence[Problem] = ()
    apart: tuple[str, Place] | None = None  # the way to that file, and where it is named


def _parsed(content: bytes, file: Path, path: str, names: FieldNames, digest: bytes) -> _Parsed:
    faults: list[Problem] = []
    try:
        text, faults = decode_text(content, path)
        is_yaml = file.suffix.lower() in YAML
        parts = FrontMatter(text, 1, "", 1) if is_yaml else split_front_matter(text, path)
        if parts is None:
            message, remedy = "no front matter, so no episode", "if it is one, start it with a line --- and its fields"
            return _Parsed(None, [problem("no-front-matter", Place(path, 1, 1), message, remedy)])
        if template := why_template(parts.header, path):
            return _Parsed(None, [template])
        tree, more = read_nodes(parts.header, path, first_line=parts.header_line)
        faults += more
    except YamlFaultError as error:
        return _Parsed(None, [*faults, error.fault])
    if not isinstance(tree, Mapping):
        message, remedy = "the front matter holds no fields", "write `title: …` and the other fields"
        return _Parsed(None, [*faults, problem("no-fields", Place(path, 1, 1), message, remedy)])
    return _typed(file, path, tree, parts, names, digest, faults)


def _typed(
    file: Path, path: str, tree: Mapping, parts: FrontMatter, names: FieldNames, digest: bytes, faults: list[Problem]
) -> _Parsed:
    names.apply(tree)
    withheld = why_withheld(tree, path)
    if withheld is not None and withheld.severity is Severity.NOTE:
        return _Parsed(None, [withheld])
    faults += [withheld] if withheld else []
    faults += [
        problem("misspelt-field", Place(path, *mark), f"`{found}` is not a field; is `{meant}` meant?",
                _remedy_for(found, meant))
        for found, meant, mark in names.misspelt(tree)
    ]  # fmt: skip
    place = Place(path, *(find_mark(tree, ("transcript",)) or (1, 1)))
    words = tree.get("transcript")
    apart = (words, place) if isinstance(words, str) else None
    transcript = TranscriptRecord()
    if apart is None:
        transcript, more = read_transcript(words, path, place, names.shown)
        faults += more
    tree.pop("transcript", None)  # its thousands of values are read; only the rest is still asked for places
    spread_links(tree)
    named = {name for name, value in tree.items() if value is not None}
    record, after = read_record(EpisodeRecord, tree, path, required=_REQUIRED, shown=names.shown)
    file_date, more = _date_in_name(file, path)
    after += more
    if record is None or any(fault.severity is Severity.ERROR for fault in (*faults, *after)):
        return _Parsed(None, faults, after, apart)
    episode = EpisodeFile(
        digest=digest, path=path, file=file, record=record,
        transcript=transcript._replace(lines=packed(transcript.lines)), body=parts.body, body_line=parts.body_line,
        packed_marks=pack_marks(tree), names=names, file_date=file_date, faulty=frozenset(named - tree.keys()),
        sidecar=apart and apart[0],
    )  # fmt: skip
    return _Parsed(episode, faults, after, apart)


def _remedy_for(found: str, meant: str) -> str:
    remedy = f"rename it to {meant}"
    return f"{remedy}, or say so in the config: fields: {{{found}: {found}}}" if found in DEFAULT_NAMES else remedy


def _stem(file: Path) -> str:
    return file.parent.name if _INDEX.fullmatch(file.stem) else file.stem


def _date_in_name(file: Path, path: str) -> tuple[date | None, list[Problem]]:
    dated = _DATED_NAME.fullmatch(_stem(file))
    if dated is None:
        return None, []
    try:
        moment = parse_moment(dated[1])
    except ValueError as error:
        return None, [problem("bad-date", Place(path), f"the date in the file's name: {error}", "rename the file")]
    return moment.date() if isinstance(moment, datetime) else moment, []
