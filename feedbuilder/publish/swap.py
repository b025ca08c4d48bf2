"""All or none: files are kept aside while others take their place, and put back when something fails."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from feedbuilder.publish.disk import keep, make_folder, remove, remove_empty_folders, rename


@contextmanager
def put_back_on_failure(paths: Iterable[str], journal: str, folder: Path, aside: Path) -> Iterator[None]:
    """Let the block change files of a folder; when it fails or is interrupted, all are again as they were.

    The files keep even their inodes. `paths` come in the order in which the old files may appear to readers; those that
    were not there go last, and the journal after them: should putting back fail as well, the next run still finds it.
    `aside` is a folder on the same file system.
    """
    old: list[str] = []
    new: list[str] = []
    for path in paths:
        (old if os.path.lexists(folder / path) else new).append(path)
    has_journal = os.path.lexists(folder / journal)
    for path in [*old, journal] if has_journal else old:
        keep(folder / path, aside / path)
    try:
        yield
    except BaseException:
        for path in old:
            make_folder((folder / path).parent)
            rename(aside / path, folder / path)
        for path in new:
            remove(folder / path)
        remove_empty_folders(folder, new)
        if has_journal:
            rename(aside / journal, folder / journal)
        else:
            remove(folder / journal)
        raise
