"""What a build would do to the output folder: every file compared with what is out, and staged where it differs."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from feedbuilder.errors import RefusedError
from feedbuilder.publish.disk import digest_of, is_equal, is_unchanged_copy, mode_of, read_if_there, size_of, stage
from feedbuilder.publish.manifest import MANIFEST_NAME, Entry, Manifest, is_inside, parts_of, read_manifest
from feedbuilder.render import OutputFile

LOCK_NAME = ".feedbuilder.lock"
STAGING_NAME = ".feedbuilder-staging"
JOURNAL_NAME = ".feedbuilder-journal.json"
_RESERVED = frozenset({MANIFEST_NAME, LOCK_NAME, STAGING_NAME, JOURNAL_NAME})


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to happen to the folder once everything is staged."""

    old: Manifest
    owned: Mapping[str, set[str]]  # paths that are ours, each with the digests its file may have
    staging: Path
    entries: dict[str, Entry] = field(default_factory=dict)  # files that are ours from now on
    changed: dict[str, int] = field(default_factory=dict)  # path → bytes, in the order of their appearance
    wanted: set[str] = field(default_factory=set)  # all paths of the build, ours or not
    strangers: list[str] = field(default_factory=list)  # files that are not ours and would be replaced


def stage_changes(
    files: Iterable[OutputFile], folder: Path, staging: Path, feed_path: str, *, dry_run: bool = False
) -> Plan:
    """Compare every file with what is out, and stage what differs; a dry run stages text only, for a short while.

    Raises:
        RefusedError: for a path that leads out of the folder, or that two files would share.
    """
    old = read_manifest(folder / MANIFEST_NAME)
    plan = Plan(old=old, owned=_owned(old, folder / JOURNAL_NAME), staging=staging)
    taken: set[str] = set()
    for path, content, source in files:
        name = folded(path)
        if not is_inside(path) or name in taken or parts_of(name)[0] in _RESERVED:
            raise RefusedError(f"{path!r} cannot be written: it lies outside the folder, or another file has that name")
        taken.add(name)
        plan.wanted.add(path)
        target = folder / path
        if isinstance(content, Path):
            if path not in plan.owned and is_equal(content, target):
                continue  # the owner put it there, or keeps the original there: it is public, and not ours
            # After a stopped run there are two digests, and which of them the file has must be looked at.
            known = plan.owned.get(path, set())
            if len(known) == 1 and is_unchanged_copy(content, target):
                plan.entries[path] = Entry(next(iter(known)), source)
                continue
        if is_equal(content, target):
            digest = hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else digest_of(target)
        else:
            if target.exists() and path not in plan.owned and path != feed_path:
                plan.strangers.append(path)
            digest = ""
            if isinstance(content, bytes) or not dry_run:
                digest = stage(content, staging / path, mode=mode_of(target), lasting=not dry_run)
            plan.changed[path] = size_of(content)
        plan.entries[path] = Entry(digest, source)
    return plan


def removable(plan: Plan, folder: Path) -> dict[str, int]:
    """Return the files of ours that nothing refers to any more, path → bytes, sorted."""
    kept = {folded(path) for path in plan.wanted}
    orphans = sorted(path for path in plan.owned.keys() - plan.wanted if folded(path) not in kept)
    return {path: (folder / path).stat().st_size for path in orphans if _is_ours(folder, path, plan.owned[path])}


def folded(path: str) -> str:
    """Return what a file system that ignores case takes a path for."""
    return unicodedata.normalize("NFC", path).casefold()


def journal_of(plan: Plan) -> bytes:
    """Return the journal: every path that is ours now or soon, with the digests of its old and its new content."""
    ours = {path: sorted(digests) for path, digests in plan.owned.items()}
    for path, entry in plan.entries.items():
        ours[path] = sorted({*ours.get(path, ()), entry.sha256})
    return json.dumps(ours).encode()


def owned_paths(folder: Path) -> Collection[str]:
    """Return the paths of an output folder that are ours."""
    return _owned(read_manifest(folder / MANIFEST_NAME), folder / JOURNAL_NAME)


def _owned(old: Manifest, journal: Path) -> dict[str, set[str]]:
    """Return the paths that are ours, each with the digests its file may have: stopped runs leave old ones and new."""
    owned = {path: {entry.sha256} for path, entry in old.files.items()}
    told = read_if_there(journal)
    with suppress(ValueError, AttributeError, TypeError, RecursionError):  # whoever damaged it: it owns nothing
        for path, digests in json.loads(told or b"{}").items():
            if is_inside(path):
                owned.setdefault(path, set()).update(map(str, digests))
    return owned


def _is_ours(folder: Path, path: str, digests: Collection[str]) -> bool:
    """Whether a file is still as we wrote it; one that was edited since, or lies behind a link, is somebody else's."""
    file = folder / path
    is_there = False
    with suppress(OSError):  # a name that no file can have
        is_there = file.is_file() and not file.is_symlink() and file.resolve().is_relative_to(folder.resolve())
    return is_there and digest_of(file) in digests
