"""Put an older generation of the output folder out again, and say what that means to subscribers.

The ledger stays as it is: what an episode was known by while it was out, it is known by for ever.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from feedbuilder.errors import UsageError
from feedbuilder.publish import links
from feedbuilder.publish.disk import make_folder, read_if_there, remove, remove_tree, rename, size_of, step
from feedbuilder.publish.feed_changes import compare_feeds
from feedbuilder.publish.generations import OURS, generation_folder, generation_out, generations, home_of, mend, switch
from feedbuilder.publish.manifest import MANIFEST_NAME, outgoing_feed, read_manifest
from feedbuilder.publish.output_folder import Changes, locked_home
from feedbuilder.publish.plan import STAGING_NAME, owned_paths
from feedbuilder.publish.published_feed import NO_FEED, PublishedFeed, parse_feed


@dataclass(frozen=True, kw_only=True, slots=True)
class Generation:
    """One generation, as an owner looks for the one that was good."""

    number: int
    is_out: bool
    feed: PublishedFeed | None  # None: there is none that could be read


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollback:
    """What was done, or would be."""

    old: int
    new: int
    newest: int
    changes: Changes


def read_generations(folder: Path, feed_path: str) -> list[Generation]:
    """Return all generations of an output folder, the oldest first."""
    out = generation_out(folder)
    return [
        Generation(number=number, is_out=number == out, feed=_feed(generation_folder(folder, number), feed_path))
        for number in generations(folder)
    ]


def roll_back(
    folder: Path, feed_path: str, *, to: int | None = None, dry_run: bool = False, wait_s: float = 0
) -> Rollback:
    """Put a generation out: `to`, or the one before the one that is out.

    From then on builds are refused as long as a newer one is there, unless they are told to accept that.

    Raises:
        UsageError: when there is no such generation, or it has no feed.
        LockedError: when another run is at work there, and still is after `wait_s`.
        OutputError: when the file system says no; what was out is out.
    """
    with nullcontext(False) if dry_run else locked_home(folder, wait_s) as is_ours:
        if is_ours and generation_out(folder) is not None:
            mend(folder)
        old, known = generation_out(folder), generations(folder)
        if old is None:
            why = "the next build puts one out again" if known else "the first build with publish.mode: swap makes one"
            raise UsageError(f"no generation of {folder} is out: {why}")
        new = max((number for number in known if number < old), default=None) if to is None else to
        if new is None or new not in known:
            asked = f"no generation {to}" if to is not None else f"no generation before {old}, which is out"
            there = f"there {'is' if len(known) == 1 else 'are'} {', '.join(map(str, known))}"
            raise UsageError(f"{folder} has {asked}; {there}")
        if new != old and _feed(generation_folder(folder, new), feed_path) is None:
            raise UsageError(f"generation {new} of {folder} has no feed that can be read: nobody could subscribe to it")
        found = Rollback(old=old, new=new, newest=known[-1], changes=_changes(folder, old, new, feed_path))
        if not dry_run and new != old:
            _carry_strangers(folder, old, new)
            switch(folder, new)
    return found


def _carry_strangers(folder: Path, old: int, new: int) -> None:
    """Let what others put into the output folder meanwhile be in the older generation too: it is no part of a build.

    It would be gone for good once the newer one is removed.
    """
    out, other = generation_folder(folder, old), generation_folder(folder, new)
    ours = {MANIFEST_NAME, *owned_paths(out), *owned_paths(other)}
    staged = home_of(folder) / STAGING_NAME / "carried"
    for path in links.paths_in(out):
        if path not in ours and not path.startswith(OURS) and not links.is_same(out / path, other / path):
            for parent in reversed(PurePosixPath(path).parents[:-1]):
                if not (other / parent).is_dir():
                    make_folder(other / parent)
                    links.give_rights(out / parent, other / parent)
            make_folder(staged.parent)
            remove(staged)
            links.again(out / path, staged)
            rename(staged, other / path)
    remove_tree(staged.parent)


def _changes(folder: Path, old: int, new: int, feed_path: str) -> Changes:
    """Return what readers meet otherwise, by the manifests of two generations."""
    one, other = generation_folder(folder, old), generation_folder(folder, new)
    before, after = read_manifest(one / MANIFEST_NAME).files, read_manifest(other / MANIFEST_NAME).files
    written = sorted(path for path in after if path not in before or before[path].sha256 != after[path].sha256)
    removed = sorted(before.keys() - after.keys())
    sizes = {path: size_of(other / path) for path in written if (other / path).is_file()}
    sizes |= {path: size_of(one / path) for path in removed if (one / path).is_file()}
    return Changes(
        written=tuple(written),
        unchanged=tuple(sorted(after.keys() - set(written))),
        removed=tuple(removed),
        sizes_bytes=MappingProxyType(sizes),
        feed=compare_feeds(_feed(one, feed_path) or NO_FEED, _feed(other, feed_path) or NO_FEED),
    )


def _feed(folder: Path, feed_path: str) -> PublishedFeed | None:
    with step("read", folder):
        content = read_if_there(outgoing_feed(folder, feed_path))
    try:
        return None if content is None else parse_feed(content)
    except ValueError:
        return None
