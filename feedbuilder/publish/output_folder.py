"""Put a whole build into the output folder so that no reader ever meets half of it.

Everything new is staged on the same file system first. Then, with a journal of what is about to happen on the disk, one
rename a file, in the order in which files refer to each other, the feed last; files of ours that nothing refers to any
more are removed, and the manifest closes the run. A file whose bytes are right already is not touched. A run that was
stopped anywhere leaves the journal, so the next one knows which files are ours and ends the work.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from feedbuilder.errors import LockedError, OutputError, RefusedError
from feedbuilder.publish.disk import (
    digest_of,
    is_equal,
    is_unchanged_copy,
    make_folder,
    mode_of,
    remove_empty_folders,
    stage,
    sync_folders,
)
from feedbuilder.publish.guard import refuse_losses
from feedbuilder.publish.manifest import MANIFEST_NAME, Entry, Manifest, is_inside, read_manifest, render_manifest
from feedbuilder.render import OutputFile

LOCK_NAME = ".feedbuilder.lock"
STAGING_NAME = ".feedbuilder-staging"
JOURNAL_NAME = ".feedbuilder-journal.json"
_RESERVED = frozenset({MANIFEST_NAME, LOCK_NAME, STAGING_NAME, JOURNAL_NAME})


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What a run did to the output folder; paths inside it, sorted."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """What is to happen to the folder once everything is staged."""

    entries: dict[str, Entry] = field(default_factory=dict)  # files that are ours from now on
    changed: list[str] = field(default_factory=list)  # staged, in the order of their appearance
    wanted: set[str] = field(default_factory=set)  # all paths of the build, ours or not


def publish(
    files: Iterable[OutputFile],
    folder: Path,
    *,
    feed_path: str,
    show_guid: str,
    accept: Collection[str] = (),
    partial: bool = False,
) -> Changes:
    """Bring the output folder to the state of `files`, which come in the order they may appear to readers.

    `accept` names what the guard may let pass: `removals` (items leave the feed, or get other guids), `audio` and
    `transcripts` (items lose theirs), `move` (the feed has another name, or the folder was another show's),
    `overwrite` (files that are not ours are replaced). A `partial` build adds and replaces, and removes nothing.

    Raises:
        RefusedError: when the guard says no; no published file was touched.
        LockedError: when another run is at work here.
        OutputError: when the file system says no; every file is wholly old or wholly new.
    """
    try:
        make_folder(folder)
        with FileLock(folder / LOCK_NAME, timeout=0):
            staging = folder / STAGING_NAME
            shutil.rmtree(staging, ignore_errors=True)
            try:
                return _replace_all(files, folder, staging, feed_path, show_guid, accept, partial)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except Timeout as error:
        raise LockedError(f"another run is at work in {folder}") from error
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}{at}") from error


def _replace_all(
    files: Iterable[OutputFile],
    folder: Path,
    staging: Path,
    feed_path: str,
    show_guid: str,
    accept: Collection[str],
    partial: bool,
) -> Changes:
    old = read_manifest(folder / MANIFEST_NAME)
    owned = _owned(old, folder / JOURNAL_NAME)
    plan = _staged(files, folder, staging, old, owned, feed_path, accept)
    _refuse_another_show(old, folder, feed_path, show_guid, accept)
    outgoing = folder / (old.feed or feed_path)
    if feed_path in plan.changed and outgoing.is_file():
        refuse_losses(outgoing.read_bytes(), (staging / feed_path).read_bytes(), str(outgoing), accept)

    kept = {_folded(path) for path in plan.wanted}
    orphans = [] if partial else sorted(path for path in owned.keys() - plan.wanted if _folded(path) not in kept)
    removable = [path for path in orphans if _is_ours(folder, path, owned[path])]
    files_then = {**old.files, **plan.entries} if partial else plan.entries
    manifest = render_manifest(Manifest(files=files_then, feed=feed_path, show_guid=show_guid))
    manifest_changed = not is_equal(manifest, folder / MANIFEST_NAME)

    if plan.changed or removable or manifest_changed:
        _write_journal(owned, plan.entries, folder, staging)
    for path in plan.changed:
        target = folder / path
        make_folder(target.parent)
        (staging / path).replace(target)
    sync_folders({(folder / path).parent for path in plan.changed})
    for path in removable:
        (folder / path).unlink(missing_ok=True)
    remove_empty_folders(folder, removable)
    if manifest_changed:
        stage(manifest, staging / MANIFEST_NAME)
        (staging / MANIFEST_NAME).replace(folder / MANIFEST_NAME)
        sync_folders({folder})
    (folder / JOURNAL_NAME).unlink(missing_ok=True)
    return Changes(
        written=tuple(sorted(plan.changed)),
        unchanged=tuple(sorted(plan.wanted - set(plan.changed))),
        removed=tuple(removable),
    )


def _owned(old: Manifest, journal: Path) -> dict[str, set[str]]:
    """Return the paths that are ours, each with the digests its file may have: stopped runs leave old ones and new."""
    owned = {path: {entry.sha256} for path, entry in old.files.items()}
    with suppress(OSError, ValueError, AttributeError, TypeError):
        for path, digests in json.loads(journal.read_bytes()).items():
            if is_inside(path):
                owned.setdefault(path, set()).update(map(str, digests))
    return owned


def _write_journal(owned: Mapping[str, set[str]], entries: Mapping[str, Entry], folder: Path, staging: Path) -> None:
    ours = {path: sorted(digests) for path, digests in owned.items()}
    for path, entry in entries.items():
        ours[path] = sorted({*ours.get(path, ()), entry.sha256})
    stage(json.dumps(ours, ensure_ascii=False).encode(), staging / JOURNAL_NAME)
    (staging / JOURNAL_NAME).replace(folder / JOURNAL_NAME)
    sync_folders({folder})


def _staged(
    files: Iterable[OutputFile],
    folder: Path,
    staging: Path,
    old: Manifest,
    owned: Mapping[str, set[str]],
    feed_path: str,
    accept: Collection[str],
) -> _Plan:
    """Compare every file with what is out, and stage what differs."""
    plan = _Plan()
    strangers: list[str] = []
    folded: set[str] = set()
    for path, content, source in files:
        name = _folded(path)
        if not is_inside(path) or name in folded or PurePosixPath(name).parts[0] in _RESERVED:
            raise RefusedError(f"{path!r} cannot be written: it lies outside the folder, or another file has that name")
        folded.add(name)
        plan.wanted.add(path)
        target = folder / path
        if isinstance(content, Path):
            if path not in owned and is_equal(content, target):
                continue  # the owner put it there, or keeps the original there: it is public, and not ours
            if path in old.files and is_unchanged_copy(content, target):
                plan.entries[path] = Entry(old.files[path].sha256, source)
                continue
        if is_equal(content, target):
            digest = hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else digest_of(target)
        else:
            if target.exists() and path not in owned and path != feed_path:
                strangers.append(path)
            digest = stage(content, staging / path, mode=mode_of(target))
            plan.changed.append(path)
        plan.entries[path] = Entry(digest, source)
    _refuse_overwriting(strangers, accept)
    return plan


def _refuse_another_show(old: Manifest, folder: Path, feed_path: str, show_guid: str, accept: Collection[str]) -> None:
    if "move" in accept:
        return
    if old.show_guid is not None and old.show_guid != show_guid:
        raise RefusedError(
            f"{folder} holds the show with the podcast:guid {old.show_guid}, and this one has {show_guid}; if only "
            f"feed.url moved, write show.guid: {old.show_guid} into the config; if another show is to take the folder "
            "over, say --accept move"
        )
    if old.feed is not None and old.feed != feed_path and (folder / old.feed).is_file():
        raise RefusedError(
            f"the feed in {folder} is {old.feed} and would become {feed_path}, so whoever asks for {old.feed} gets "
            "nothing; leave the name in feed.url as it was, or say --accept move and redirect the old address"
        )


def _refuse_overwriting(strangers: list[str], accept: Collection[str]) -> None:
    if strangers and "overwrite" not in accept:
        names = ", ".join(strangers[:5]) + (f" and {len(strangers) - 5} more" if len(strangers) > 5 else "")
        raise RefusedError(
            f"the output folder holds files that {MANIFEST_NAME} does not name as feedbuilder's and that would be "
            f"replaced: {names}; move them away, or say --accept overwrite if they are its own"
        )


def _folded(path: str) -> str:
    """Return what a file system that ignores case takes a path for."""
    return unicodedata.normalize("NFC", path).casefold()


def _is_ours(folder: Path, path: str, digests: Collection[str]) -> bool:
    """Whether a file is still as we wrote it; one that was edited since, or lies behind a link, is somebody else's."""
    file = folder / path
    return (
        file.is_file()
        and not file.is_symlink()
        and file.resolve().is_relative_to(folder.resolve())
        and digest_of(file) in digests
    )
