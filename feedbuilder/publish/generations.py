"""Whole generations of an output folder, each in a folder of its own; a symbolic link is the one that is out.

`output` leads to `.output.generation-000042` beside it. What did not change from one generation to the next is the
same file in both, under two names; nothing is ever written into a file that is out. `.output.feedbuilder` beside them
is the home of all that outlives a generation: the lock, what is being staged, what was delivered.

A generation grows as `.output.new`. Then `next`, a link in the home, says which number it gets; and the move of `next`
to `output` puts it out. So a run that is killed leaves `next` behind, or has done its work; a number above the one that
is out, without `next`, was rolled back.

Spec: rename(2), symlink(7): a name always leads to the old or to the new
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from feedbuilder.errors import OutputError, RefusedError, UsageError
from feedbuilder.publish import disk, links
from feedbuilder.publish.plan import LOCK_NAME, STAGING_NAME

DELIVERED_NAME = ".feedbuilder-delivered.json"
"""What `delivery` remembers, which goes along where a folder changes its form."""

OURS = ".feedbuilder"
"""How the names of what is ours, and no reader's, begin in an output folder."""

_GROWING, _NEXT, _LINK = "new", "next", "link"
_MOST_LINKS = 40  # Linux follows no more


def place_of(folder: Path) -> Path:
    """Return where an output folder, or our link, is: behind links that its owner made.

    Raises:
        OutputError: when those links lead in a circle.
    """
    place = folder
    for _ in range(_MOST_LINKS):
        with disk.step("read", place):
            place = Path(os.path.realpath(place.parent)) / place.name if place.name != ".." else place.resolve()
            target = os.fspath(place.readlink()) if place.is_symlink() else None
        if target is None or _number(place, target) is not None:
            return place
        place = place.parent / target
    raise OutputError(f"{folder} is a link that leads nowhere: remove it")


def home_of(folder: Path) -> Path:
    """Return the folder for what is ours and no part of what is out: the output folder itself, where it is one."""
    place = place_of(folder)
    home = _home(place)
    return home if _number_out(place) is not None or (disk.is_folder(home) and not place.is_dir()) else place


def generations(folder: Path) -> tuple[int, ...]:
    """Return the numbers of all generations there are, the oldest first."""
    return tuple(number for number, is_link in _numbered(place_of(folder)) if not is_link)


def generation_out(folder: Path) -> int | None:
    """Return the number of the generation that is out; None where the folder is none."""
    return _number_out(place_of(folder))


def generation_folder(folder: Path, number: int) -> Path:
    """Return where a generation is."""
    return _folder(place_of(folder), number)


def rolled_back(folder: Path) -> tuple[int, ...]:
    """Return the generations that are newer than the one that is out."""
    out = generation_out(folder)
    return () if out is None else tuple(number for number in generations(folder) if number > out)


def make_home(folder: Path) -> None:
    """Make the folder that outlives generations, where the output folder is to have some."""
    place = place_of(folder)
    disk.make_folder(_home(place))
    if place.is_dir() and not links.has_rights(place, _home(place)):
        with suppress(OutputError):  # another user's, who made it before
            links.give_rights(place, _home(place))


def mend(folder: Path) -> None:
    """Clear what a stopped run left; where it left no output folder, the newest generation is out again.

    Raises:
        OutputError: when the file system says no.
    """
    place = place_of(folder)
    home = _home(place)
    if not disk.is_folder(home):
        return
    out, coming = _number_out(place), home / _NEXT
    if coming.is_symlink():
        number = _number(place, links.read_link(coming))
        if number is not None and number != out:
            _discard(place, number)
        disk.remove(coming)
    disk.remove_tree(_growing(place))
    for number, is_link in _numbered(place):
        if is_link:
            disk.remove(_folder(place, number))
    if place.exists():
        return
    if known := generations(place):
        switch(place, known[-1])
    elif place.is_symlink():
        disk.remove(place)


@contextmanager
def in_form(folder: Path, *, swaps: bool) -> Iterator[None]:
    """Let the output folder be a link to a generation, or a plain folder; nothing that is out changes by that.

    A plain folder's older generations go once the block has ended well.

    Raises:
        RefusedError: when it was rolled back: what else there is would be lost.
        UsageError: when the folder cannot be moved.
        OutputError: when the file system says no.
    """
    place = place_of(folder)
    if swaps and folder.name in ("", ".."):
        raise UsageError(
            f"publish.mode: swap puts a new folder in the place of {folder}, in which this runs; call it by its name, "
            "from outside"
        )
    if swaps and place.is_dir() and not place.is_symlink():
        if place.is_mount():
            raise UsageError(
                f"{place} is a disk of its own, in whose place no link can be put; name a folder in it as the output, "
                "or say publish.mode: in-place"
            )
        make_home(place)
        with disk.locked(_home(place) / LOCK_NAME, 0):
            _adopt(place)
            yield
    elif not swaps and (place.is_symlink() or disk.is_folder(_home(place))):
        if newer := rolled_back(place):
            raise RefusedError(
                f"{place} was rolled back, and publish.mode: in-place would lose generation {newer[-1]}; first put it "
                f"out again with `feedbuilder rollback --to {newer[-1]}`, or build once with publish.mode: swap and "
                "--accept rollback"
            )
        if place.is_symlink():
            _give_back(place)
        with disk.locked(place / LOCK_NAME, 0) if place.is_dir() else nullcontext():
            yield
            _clear(place)
    else:
        yield


@contextmanager
def next_generation(folder: Path) -> Iterator[Path]:
    """Let the block change what is out, in a folder of its own; when it ends well, that is out.

    When it fails or is interrupted, nothing has happened.
    """
    place = place_of(folder)
    home, growing, out = _home(place), _growing(place), _number_out(place)
    made = max(generations(place), default=0) + 1
    try:
        if out is None:
            disk.make_folder(growing)
        else:
            links.link_tree(_folder(place, out), growing, leave_out=lambda name: name.startswith(OURS))
        yield growing
        links.sync_tree(growing)
        links.symlink(_folder(place, made).name, home / _NEXT)
        disk.sync_folder(home)
        disk.rename(growing, _folder(place, made))
        disk.sync_folder(place.parent)
        disk.rename(home / _NEXT, place)
    except BaseException:
        if _number_out(place) == out:
            disk.remove_tree(growing)
            _discard(place, made)
            disk.remove(home / _NEXT)
        raise
    disk.sync_folder(place.parent)


def switch(folder: Path, number: int) -> None:
    """Put another generation out."""
    place = place_of(folder)
    link = _home(place) / _LINK
    links.symlink(_folder(place, number).name, link)
    disk.rename(link, place)
    disk.sync_folder(place.parent)


def prune(folder: Path, keep: int, abandoned: Collection[int]) -> None:
    """Remove the generations that a newer one took the place of, but for so many; what cannot be removed stays."""
    with suppress(OutputError):
        place = place_of(folder)
        known = [number for number in generations(place) if number not in abandoned]
        for number in (*abandoned, *known[:-keep]):
            _discard(place, number)


def _adopt(place: Path) -> None:
    """Make a plain folder a generation."""
    disk.remove_tree(place / STAGING_NAME)
    _take_along(place, _home(place))
    number = max(generations(place), default=0) + 1
    folder = _folder(place, number)
    links.symlink(folder.name, folder)  # so that it leads to the folder once the two have changed places
    if not links.exchange(place, folder):
        disk.remove(folder)
        disk.rename(place, folder)  # a run that is killed now leaves no output folder: `mend`
        try:
            switch(place, number)
        except BaseException:
            disk.rename(folder, place)
            raise
    disk.remove(folder / LOCK_NAME)  # which this run holds, and could not take under another name
    disk.sync_folder(place.parent)


def _give_back(place: Path) -> None:
    """Make the generation that is out a plain folder."""
    folder = place.parent / links.read_link(place)
    disk.remove(folder / LOCK_NAME)  # of the time before it was a generation
    _take_along(_home(place), folder)
    if not links.exchange(place, folder):
        disk.remove(place)  # a run that is killed now leaves no output folder: `mend`
        try:
            disk.rename(folder, place)
        except BaseException:
            links.symlink(folder.name, place)
            raise
    disk.sync_folder(place.parent)


def _clear(place: Path) -> None:
    """Remove what is left of generations beside a plain folder."""
    for number, is_link in _numbered(place):
        if is_link:
            disk.remove(_folder(place, number))
        else:
            _discard(place, number)
    disk.remove_tree(_home(place))


def _take_along(folder: Path, other: Path) -> None:
    disk.remove(other / DELIVERED_NAME)
    if (folder / DELIVERED_NAME).is_file():
        links.link(folder / DELIVERED_NAME, other / DELIVERED_NAME)


def _discard(place: Path, number: int) -> None:
    """Remove a generation, which is gone at once, however long it takes."""
    folder, dying = _folder(place, number), _home(place) / STAGING_NAME / f"{number}"
    if folder.is_dir():
        disk.remove_tree(dying)
        disk.make_folder(dying.parent)
        disk.rename(folder, dying)
        disk.remove_tree(dying)


def _home(place: Path) -> Path:
    return place.parent / f".{place.name}.feedbuilder"


def _growing(place: Path) -> Path:
    return place.parent / f".{place.name}.{_GROWING}"


def _folder(place: Path, number: int) -> Path:
    return place.parent / f".{place.name}.generation-{number:06}"


def _numbered(place: Path) -> list[tuple[int, bool]]:
    """Return what has a generation's name, in their order, and whether it is only a link."""
    with disk.step("read", place.parent), os.scandir(place.parent) as found:
        return sorted(
            (number, entry.is_symlink()) for entry in found if (number := _number(place, entry.name)) is not None
        )


def _number(place: Path, name: str) -> int | None:
    found = re.fullmatch(rf"\.{re.escape(place.name)}\.generation-(\d{{6,}})", name)
    return int(found[1]) if found else None


def _number_out(place: Path) -> int | None:
    return _number(place, links.read_link(place)) if place.is_symlink() else None
