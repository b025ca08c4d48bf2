"""Put a whole build into the output folder so that no reader ever meets half of it.

Everything new is staged on the same file system first. Then one rename a file, in the order in which files refer to
each other, the feed last; then the manifest; then files of ours that nothing refers to any more are removed. A file
whose bytes are right already is not touched.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from feedbuilder.errors import LockedError, OutputError, RefusedError
from feedbuilder.publish.guard import lost_items
from feedbuilder.publish.manifest import MANIFEST_NAME, Entry, read_manifest, render_manifest
from feedbuilder.render import Content, OutputFile

LOCK_NAME = ".feedbuilder.lock"
STAGING_NAME = ".feedbuilder-staging"
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What a run did to the output folder; paths inside it, sorted."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def publish(
    files: Iterable[OutputFile], folder: Path, *, feed_path: str, accept: Collection[str] = (), partial: bool = False
) -> Changes:
    """Bring the output folder to the state of `files`, which come in the order they may appear to readers.

    `accept` names what the guard may let pass: `removals` (items leave the feed), `overwrite` (files that are not ours
    are replaced). A `partial` build adds and replaces, and removes nothing.

    Raises:
        RefusedError: when the guard says no; nothing was changed.
        LockedError: when another run is at work here.
        OutputError: when the file system says no; every file is wholly old or wholly new.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK_NAME, timeout=0), _staging(folder) as staging:
            return _replace_all(files, folder, staging, feed_path, accept, partial)
    except Timeout as error:
        raise LockedError(f"another run is at work in {folder}") from error
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}") from error


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield the staging folder; what a killed run left in it is gone afterwards."""
    staging = folder / STAGING_NAME
    try:
        yield staging
    finally:
        with suppress(OSError):
            shutil.rmtree(staging)


def _replace_all(
    files: Iterable[OutputFile], folder: Path, staging: Path, feed_path: str, accept: Collection[str], partial: bool
) -> Changes:
    old = read_manifest(folder / MANIFEST_NAME)
    # A run killed among its renames left the manifest it was about to publish: those files are ours as well.
    owned = old | read_manifest(staging / MANIFEST_NAME)
    shutil.rmtree(staging, ignore_errors=True)

    new: dict[str, Entry] = {}
    changed: list[str] = []
    strangers: list[str] = []
    for file in files:
        target = _inside(folder, file.path)
        if is_equal(file.content, target):
            digest = old[file.path].sha256 if file.path in old else _sha256(target)
        else:
            if target.exists() and file.path not in owned and file.path != feed_path:
                strangers.append(file.path)
            digest = stage(file.content, _inside(staging, file.path))
            changed.append(file.path)
        new[file.path] = Entry(digest, file.source)

    _refuse_overwriting(strangers, accept)
    if feed_path in changed:
        _refuse_losses(folder / feed_path, staging / feed_path, accept)

    orphans = [] if partial else sorted(owned.keys() - new.keys())
    removable = [path for path in orphans if _is_ours(folder / path, owned[path])]
    manifest = render_manifest((old if partial else {}) | new)
    if is_equal(manifest, folder / MANIFEST_NAME):
        renames = changed
    else:
        stage(manifest, staging / MANIFEST_NAME)
        renames = [*changed, MANIFEST_NAME]
    for path in renames:
        target = _inside(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / path).replace(target)
    for path in removable:
        (folder / path).unlink(missing_ok=True)
    _sync_folders({(folder / path).parent for path in (*renames, *removable)})
    _remove_empty_folders(folder, removable)
    return Changes(
        written=tuple(sorted(changed)),
        unchanged=tuple(sorted(new.keys() - set(changed))),
        removed=tuple(removable),
    )


def _refuse_overwriting(strangers: list[str], accept: Collection[str]) -> None:
    if strangers and "overwrite" not in accept:
        names = ", ".join(strangers[:5]) + (f" and {len(strangers) - 5} more" if len(strangers) > 5 else "")
        raise RefusedError(
            f"the output folder holds files that feedbuilder did not write and would replace: {names}; move them away, "
            "or say --accept overwrite"
        )


def _refuse_losses(previous: Path, new: Path, accept: Collection[str]) -> None:
    if not previous.exists() or "removals" in accept:
        return
    try:
        lost = lost_items(previous.read_bytes(), new.read_bytes())
    except ValueError as error:
        raise RefusedError(
            f"{previous} is there but cannot be compared with the new feed ({error}); move it away, or say "
            "--accept removals"
        ) from error
    if lost:
        names = "".join(f"\n  {item.title} ({item.guid})" for item in lost)
        raise RefusedError(
            f"{len(lost)} episode{'s' * (len(lost) > 1)} of the feed that is out would vanish from it:{names}\n"
            "mend their files, or say --accept removals if they are meant to go"
        )


def _inside(folder: Path, path: str) -> Path:
    """Return a file of the folder; whatever made the path, it cannot lead out."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path:
        raise RefusedError(f"{path!r} would be written outside the output folder")
    return folder.joinpath(*parts)


def is_equal(content: Content, file: Path) -> bool:
    """Whether a file is there and holds just this content."""
    try:
        size = file.stat().st_size
        if isinstance(content, bytes):
            return size == len(content) and file.read_bytes() == content
        return size == content.stat().st_size and all(
            a == b for a, b in zip(_chunks(content), _chunks(file), strict=True)
        )
    except FileNotFoundError:
        return False


def _is_ours(file: Path, entry: Entry) -> bool:
    """Whether a file is still as we wrote it; one that was edited since belongs to whoever edited it."""
    return file.is_file() and _sha256(file) == entry.sha256


def stage(content: Content, file: Path) -> str:
    """Write content through to the disk and return its sha256."""
    file.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with file.open("wb") as stream:
        for chunk in (content,) if isinstance(content, bytes) else _chunks(content):
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def _sync_folders(folders: Iterable[Path]) -> None:
    """Make renames and removals last through a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    for folder in sorted(folders):
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _remove_empty_folders(folder: Path, removed: Iterable[str]) -> None:
    for parent in {PurePosixPath(path).parent for path in removed} - {PurePosixPath()}:
        with suppress(OSError):  # not empty, or gone
            (folder / parent).rmdir()
