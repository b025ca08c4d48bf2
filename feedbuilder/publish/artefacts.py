"""What the text files in the output folder were made from, so that they are made again only when that has changed.

The cache lies in `.feedbuilder/` beside the config. It may be deleted at any time, which costs one full build.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from feedbuilder.errors import OutputError
from feedbuilder.memory import fingerprint
from feedbuilder.model import Episode, Show
from feedbuilder.publish.manifest import MANIFEST_NAME, read_manifest
from feedbuilder.publish.own_folder import has_folder, own_file, read_own, replace_own
from feedbuilder.render import OutputFile, Texts, Wanted, render_texts
from feedbuilder.render.in_parallel import in_parallel
from feedbuilder.source.inputs import state_of_program
from feedbuilder.source.spool import Spool, digest_of
from feedbuilder.unchanged import absolute

_ENDING = "artefacts"
Signature = tuple[int, int, int]
"""Size, time in nanoseconds, inode."""


class Artefact(NamedTuple):
    """The text files of one episode as they were written."""

    key: str
    files: Mapping[str, Signature]
    told: tuple[str, ...]  # what had to be said while they were made


@dataclass(slots=True)
class Artefacts:
    """What is known of an output folder; `made` grows as a build goes on."""

    folder: Path
    known: Mapping[str, Artefact] = field(default_factory=dict)  # by the episode's file
    made: dict[str, Artefact] = field(default_factory=dict)
    code: bytes = b""

    def unchanged(self, source: str, key: str) -> Artefact | None:
        """Return an episode's files, when they would be made the same and are in the folder as they were written."""
        found = self.known.get(source)
        if found is None or found.key != key:
            return None
        with suppress(OSError):
            if all(signature_of(self.folder / path) == known for path, known in found.files.items()):
                return found
        return None


def without_words(episode: Episode) -> tuple[Episode, object]:
    """Return an episode without its transcript, and what stands for that in a key: its lines may lie on the disk."""
    said = episode.transcript
    return replace(episode, transcript=None), said and (said.headings, said.language, digest_of(said.lines))


def keys_of(show: Show, wanted: Wanted, artefacts: Artefacts) -> dict[str, str]:
    """Return what stands for everything that each episode's text files and its item depend on, by its file."""
    common = replace(show, episodes=(), kept=(), published=None, updated=None)
    rules = (wanted.transcripts, sorted(wanted.layouts.items()), wanted.chapters_track)
    basis = fingerprint((artefacts.code, common, rules))
    return {episode.source: fingerprint((basis, *without_words(episode))).hex() for episode in show.episodes}


def text_files(
    show: Show, wanted: Wanted, artefacts: Artefacts, keys: Mapping[str, str], spool: Spool, *, processes: int
) -> Iterator[tuple[Episode, Texts]]:
    """Yield every episode with its chapter and transcript files: those in the folder where nothing has changed.

    `keys` are those of `keys_of`, `spool` has the words of the episodes.
    """
    kept = {source: artefacts.unchanged(source, key) for source, key in keys.items()}
    changed = [episode for episode in show.episodes if kept[episode.source] is None]
    bare = replace(show, episodes=(), kept=())
    fresh = in_parallel(
        lambda episode: render_texts(episode, bare, wanted), changed, processes=processes, keep_open=spool.files
    )
    for episode in show.episodes:
        if (found := kept[episode.source]) is not None:
            files = [OutputFile(path, artefacts.folder / path, episode.source) for path in found.files]
            texts = Texts(tuple(files), found.told)
        else:
            texts = next(fresh)
        paths = dict.fromkeys((file.path for file in texts.files), (0, 0, 0))
        artefacts.made[episode.source] = Artefact(keys[episode.source], paths, texts.told)
        yield episode, texts


def signature_of(file: Path) -> Signature:
    """Return by what a file is known that nobody has written to."""
    known = file.stat()
    return known.st_size, known.st_mtime_ns, known.st_ino


def read_artefacts(config: Path, folder: Path) -> Artefacts:
    """Return what is known of an output folder; nothing, where another build of feedbuilder wrote it."""
    known: dict[str, Artefact] = {}
    with suppress(OSError, OutputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        document: dict[str, Any] = json.loads(read_own(own_file(config, _ENDING)))
        owned = read_manifest(folder / MANIFEST_NAME).files
        if document["output"] == os.fsdecode(absolute(folder)):
            for source, artefact in document["episodes"].items():
                files = {path: tuple(map(int, signature)) for path, signature in artefact["files"].items()}
                if files.keys() <= owned.keys():
                    known[source] = Artefact(artefact["key"], files, tuple(artefact["told"]))  # type: ignore[arg-type]
    return Artefacts(folder=folder, known=known, code=state_of_program())


def write_artefacts(artefacts: Artefacts, config: Path) -> None:
    """Write down what is in the output folder now, where there is a folder for such things.

    A cache that cannot be written costs only time.
    """
    file = own_file(config, _ENDING)
    if not has_folder(file):
        return
    with suppress(OSError, OutputError):
        episodes = {
            source: {
                "key": artefact.key,
                "files": {path: signature_of(artefacts.folder / path) for path in artefact.files},
                "told": artefact.told,
            }
            for source, artefact in sorted(artefacts.made.items())
        }
        document = {"output": os.fsdecode(absolute(artefacts.folder)), "episodes": episodes}
        replace_own(file, json.dumps(document).encode())
