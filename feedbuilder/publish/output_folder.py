"""Put a whole build into the output folder so that no reader ever meets half of it.

Everything new is staged on the same file system first. Then, with a journal of what is about to happen on the disk, one
rename a file, in the order in which files refer to each other, the feed last; files of ours that nothing refers to any
more are removed, and the manifest closes the run. A file whose bytes are right already is not touched. A run that was
stopped anywhere leaves the journal, so the next one knows which files are ours and ends the work.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from filelock import FileLock, Timeout

from feedbuilder.errors import LockedError, OutputError, RefusedError
from feedbuilder.publish.acceptance import parse_acceptance
from feedbuilder.publish.disk import is_equal, make_folder, remove_empty_folders, stage, sync_folders
from feedbuilder.publish.feed_changes import FeedChanges
from feedbuilder.publish.guard import NO_NAMES, Names, Refusal, refusal_text
from feedbuilder.publish.manifest import MANIFEST_NAME, Manifest, render_manifest
from feedbuilder.publish.plan import JOURNAL_NAME, LOCK_NAME, STAGING_NAME, Plan, journal_of, removable, stage_changes
from feedbuilder.publish.verdict import Terms, judge
from feedbuilder.render import OutputFile


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What a run did, or would do, to the output folder; paths inside it, sorted."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    sizes_bytes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))  # of all written or removed
    feed: FeedChanges = field(default_factory=FeedChanges)  # what it means to subscribers; empty where no file changed
    refusals: tuple[Refusal, ...] = ()  # why it would not be done; only a dry run comes back with any
    unknown_names: tuple[str, ...] = ()  # what `accept` names and neither feed has


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep other runs out of an output folder, from before the archive is read until its build is published.

    Otherwise a run that read the archive earlier could publish later, and put an old state over a new one. It may be
    entered again inside. A folder that is not there yet is not made: nothing in it can be overwritten.

    Raises:
        LockedError: when another run is at work there.
        OutputError: when the file system says no.
    """
    if not folder.is_dir():
        yield
        return
    lock = FileLock(folder.resolve() / LOCK_NAME, timeout=0, is_singleton=True)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(f"another run is at work in {folder}") from error
    except OSError as error:
        raise _not_writable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def publish(
    files: Iterable[OutputFile],
    folder: Path,
    *,
    feed_path: str,
    show_guid: str,
    accept: Collection[str] = (),
    partial: bool = False,
    previous: bytes | None = None,
    names: Names = NO_NAMES,
    allowed_losses: int = 0,
    dry_run: bool = False,
) -> Changes:
    """Bring the output folder to the state of `files`, which come in the order they may appear to readers.

    `accept` names what the guard may let pass, as `acceptance.KINDS` lists it, for all or, as `kind:episode`, for one.
    A `partial` build adds and replaces, and removes nothing. A whole one's feed is compared with `previous`, where that
    is given, and else with the one in the folder. `names` says what episodes are called, by guid. `allowed_losses`
    episodes may leave the feed. A `dry_run` writes nothing, waits for nobody, and returns what would be refused.

    Raises:
        UsageError: when `accept` names a kind there is not.
        RefusedError: when the guard says no; no published file was touched.
        LockedError: when another run is at work here.
        OutputError: when the file system says no; every file is wholly old or wholly new.
    """
    terms = Terms(
        feed_path=feed_path, show_guid=show_guid, acceptance=parse_acceptance(accept), partial=partial,
        previous=previous, names=names, allowed_losses=allowed_losses,
    )  # fmt: skip
    try:
        if dry_run:
            with TemporaryDirectory(prefix="feedbuilder-") as elsewhere:
                plan = stage_changes(files, folder, Path(elsewhere), feed_path, dry_run=True)
                return _judged(plan, folder, terms)
        make_folder(folder)
        with claimed(folder):
            staging = folder / STAGING_NAME
            shutil.rmtree(staging, ignore_errors=True)
            try:
                return _replace_all(stage_changes(files, folder, staging, feed_path), folder, terms)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise _not_writable(folder, error) from error


def _judged(plan: Plan, folder: Path, terms: Terms) -> Changes:
    verdict = judge(plan, folder, terms)
    removed = {} if terms.partial else removable(plan, folder)
    return Changes(
        written=tuple(sorted(plan.changed)),
        unchanged=tuple(sorted(plan.wanted - plan.changed.keys())),
        removed=tuple(removed),
        sizes_bytes=MappingProxyType({**removed, **plan.changed}),
        feed=verdict.feed,
        refusals=verdict.refusals,
        unknown_names=verdict.unknown_names,
    )


def _replace_all(plan: Plan, folder: Path, terms: Terms) -> Changes:
    changes = _judged(plan, folder, terms)
    if changes.refusals:
        raise RefusedError(refusal_text(changes.refusals, changes.unknown_names))
    entries = {**plan.old.files, **plan.entries} if terms.partial else plan.entries
    manifest = render_manifest(Manifest(files=entries, feed=terms.feed_path, show_guid=terms.show_guid))
    manifest_changed = not is_equal(manifest, folder / MANIFEST_NAME)

    if plan.changed or changes.removed or manifest_changed:
        _write(journal_of(plan), JOURNAL_NAME, folder, plan.staging)
    for path in plan.changed:
        target = folder / path
        make_folder(target.parent)
        (plan.staging / path).replace(target)
    sync_folders({(folder / path).parent for path in plan.changed})
    for path in changes.removed:
        (folder / path).unlink(missing_ok=True)
    remove_empty_folders(folder, changes.removed)
    if manifest_changed:
        _write(manifest, MANIFEST_NAME, folder, plan.staging)
    (folder / JOURNAL_NAME).unlink(missing_ok=True)
    return changes


def _write(content: bytes, name: str, folder: Path, staging: Path) -> None:
    stage(content, staging / name)
    (staging / name).replace(folder / name)
    sync_folders({folder})


def _not_writable(folder: Path, error: OSError) -> OutputError:
    at = f" ({error.filename})" if error.filename else ""
    return OutputError(f"{folder} cannot be written: {error.strerror or error}{at}")
