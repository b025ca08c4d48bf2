"""Everything on the disk that a build depends on: what it read, what it looked for in vain, and itself."""

from __future__ import annotations

import sys
import zoneinfo
from dataclasses import dataclass
from pathlib import Path

import lxml

from feedbuilder.config import HOST_FEED_NAME, Config
from feedbuilder.source.archive import Archive
from feedbuilder.source.ledger import ledger_file
from feedbuilder.unchanged import absolute, listing

_HOMES_OF_LIBRARIES = ("site-packages", "dist-packages")  # of this environment, of the user, of the system
OWN_CODE = Path(__file__).parents[1]
LIBRARIES = tuple(
    dict.fromkeys(
        [Path(lxml.__file__).parents[1], *(Path(path) for path in sys.path if Path(path).name in _HOMES_OF_LIBRARIES)]
    )
)
"""Where this program's libraries are installed: a folder changes when one of them does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs:
    """Folders with all that is below them, and single files, there or not."""

    folders: tuple[Path, ...]
    files: tuple[Path, ...]


def state_of_program() -> bytes:
    """Return what changes with this program and its libraries."""
    return listing([absolute(OWN_CODE)], [*map(absolute, LIBRARIES)])


def inputs_of(config: Config, archive: Archive) -> Inputs:
    """Return what a build of an archive depends on."""
    episodes = [config.resolve(path) for path in config.archive.episodes]
    folders = [path for path in episodes if not path.is_file()]
    named = (config.archive.people, config.audio.folder, config.site.templates)
    folders += [config.resolve(path) for path in named if path is not None]
    root = config.resolve(config.archive.site_root)
    files = [path for path in episodes if path.is_file()]
    files += [config.folder / config.path, ledger_file(config), config.folder / HOST_FEED_NAME]
    files += [config.resolve(config.audio.table)] if config.audio.table is not None else []
    files += [root / name.lstrip("/") for name in archive.media.pictures]  # as `read_pictures` looks for them
    files += [episode.file.parent / episode.sidecar for episode in archive.episodes if episode.sidecar is not None]
    folders.append(OWN_CODE)
    files += LIBRARIES
    files += [Path(folder, config.show.timezone.key) for folder in zoneinfo.TZPATH]
    return Inputs(folders=tuple(folders), files=tuple(files))
