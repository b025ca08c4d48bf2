"""Put a whole build into the output folder so that no reader ever meets half of it.

Everything new is staged on the same file system first. Then, with a journal of what is about to happen on the disk, one
rename a file, in the order in which files refer to each other, the feed last; files of ours that nothing refers to any
more are removed, and the manifest closes the run. A file whose bytes are right already is not touched. A run that
fails or is interrupted puts everything back as it was; one that is killed leaves the journal, so the next one knows
which files are ours and ends the work.

Where whole generations are kept, the same happens to a copy of the folder, which then takes its place at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from feedbuilder.errors import OutputError, RefusedError
from feedbuilder.publish.acceptance import parse_acceptance
from feedbuilder.publish.disk import (
    is_equal,
    locked,
    make_folder,
    remove,
    remove_empty_folders,
    remove_tree,
    rename,
    stage,
    sync_folders,
)
from feedbuilder.publish.feed_changes import FeedChanges
from feedbuilder.publish.generations import (
    generation_out,
    home_of,
    in_form,
    make_home,
    mend,
    next_generation,
    place_of,
    prune,
    rolled_back,
)
from feedbuilder.publish.guard import NO_NAMES, Names, Refusal, refusal_text
from feedbuilder.publish.manifest import MANIFEST_NAME, Manifest, render_manifest
from feedbuilder.publish.plan import JOURNAL_NAME, LOCK_NAME, STAGING_NAME, Plan, journal_of, removable, stage_changes
from feedbuilder.publish.swap import put_back_on_failure
from feedbuilder.publish.verdict import Terms, judge
from feedbuilder.render import OutputFile

_NEW, _OLD = "new", "old"  # rooms of the staging folder


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
def claimed(folder: Path, wait_s: float = 0, *, keep: int | None = None) -> Iterator[None]:
    """Keep other runs out of an output folder, from before the archive is read until its build is published.

    Otherwise a run that read the archive earlier could publish later, and put an old state over a new one. It may be
    entered again inside. A folder that is not there yet is not made: nothing in it can be overwritten. One that is
    there becomes a link to a generation, or, where `keep` is None, a plain folder.

    Raises:
        LockedError: when another run is at work there, and still is after `wait_s`.
        OutputError: when the file system says no.
        RefusedError, UsageError: when the folder cannot have that form.
    """
    with locked_home(folder, wait_s) as is_there:
        if is_there:
            mend(folder)
        with in_form(folder, swaps=keep is not None) if is_there else nullcontext():
            yield


@contextmanager
def locked_home(folder: Path, wait_s: float = 0) -> Iterator[bool]:
    """Keep other runs out of an output folder as it is; false where nothing is there."""
    while True:
        if generation_out(folder) is not None:
            make_home(folder)  # a cache may bring back the link alone
        home = home_of(folder)
        if not home.is_dir():
            yield False
            return
        with locked(home / LOCK_NAME, wait_s, folder):
            if home_of(folder) == home:  # else its form changed while we waited
                yield True
                return


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
    keep: int | None = None,
    dry_run: bool = False,
) -> Changes:
    """Bring the output folder to the state of `files`, which come in the order they may appear to readers.

    `accept` names what the guard may let pass, as `acceptance.KINDS` lists it, for all or, as `kind:episode`, for one.
    A `partial` build adds and replaces, and removes nothing. A whole one's feed is compared with `previous`, where that
    is given, and else with the one in the folder. `names` says what episodes are called, by guid. `allowed_losses`
    episodes may leave the feed. `keep` is how many generations of the folder stay, the one that is out among them;
    None: there comes no new one, and what is out itself changes. A `dry_run` writes nothing, waits for nobody, and
    returns what would be refused.

    Raises:
        UsageError: when `accept` names a kind there is not.
        RefusedError: when the guard says no; no published file was touched.
        LockedError: when another run is at work here.
        OutputError: when the file system says no; what was out is out again, or, where the disk has no more of that
            either, every file is wholly old or wholly new.
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
        if keep is None:
            make_folder(place_of(folder))
        else:
            make_home(folder)
        with locked_home(folder) if keep is None else claimed(folder, keep=keep):
            staging = home_of(folder) / STAGING_NAME
            remove_tree(staging)
            try:
                plan, abandoned = stage_changes(files, folder, staging / _NEW, feed_path), rolled_back(folder)
                changes = _replace_all(plan, folder, terms, staging, swaps=keep is not None)
                if keep is not None:
                    prune(folder, keep, abandoned)
                return changes
            finally:
                remove_tree(staging)
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        raise OutputError(f"{folder} cannot be read or written: {error.strerror or error}{at}") from error


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


def _replace_all(plan: Plan, folder: Path, terms: Terms, staging: Path, *, swaps: bool) -> Changes:
    changes = _judged(plan, folder, terms)
    if changes.refusals:
        raise RefusedError(refusal_text(changes.refusals, changes.unknown_names))
    entries = {**plan.old.files, **plan.entries} if terms.partial else plan.entries
    manifest = render_manifest(Manifest(files=entries, feed=terms.feed_path, show_guid=terms.show_guid))
    manifest_changed = not is_equal(manifest, folder / MANIFEST_NAME)

    if not (plan.changed or changes.removed or manifest_changed):
        remove(folder / JOURNAL_NAME)
        return changes
    touched = [*changes.removed, *plan.changed, MANIFEST_NAME]
    with next_generation(folder) if swaps else _in_place(touched, folder, staging / _OLD) as target:
        _write(journal_of(plan), JOURNAL_NAME, target, plan.staging)
        _appear([path for path in plan.changed if path != terms.feed_path], target, plan.staging)
        _appear([path for path in plan.changed if path == terms.feed_path], target, plan.staging)
        for path in changes.removed:
            remove(target / path)
        remove_empty_folders(target, changes.removed)
        if manifest_changed:
            _write(manifest, MANIFEST_NAME, target, plan.staging)
        remove(target / JOURNAL_NAME)
    return changes


@contextmanager
def _in_place(touched: Iterable[str], folder: Path, aside: Path) -> Iterator[Path]:
    with put_back_on_failure(touched, JOURNAL_NAME, folder, aside):
        yield folder


def _appear(paths: Collection[str], folder: Path, staging: Path) -> None:
    """Put staged files where readers meet them, to stay there even if the power fails next."""
    for path in paths:
        make_folder((folder / path).parent)
        rename(staging / path, folder / path)
    sync_folders(folder, paths)


def _write(content: bytes, name: str, folder: Path, staging: Path) -> None:
    stage(content, staging / name)
    _appear([name], folder, staging)
