"""Files and folders under second names: hard links, symbolic ones, and two names that change places.

Whatever a generation shares with the one before, it shares by these; as everything in `disk`, each is a named step.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from feedbuilder.errors import OutputError
from feedbuilder.publish import disk

_NO_LINK: Final = frozenset({errno.EXDEV, errno.EMLINK, errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP})
_NO_EXCHANGE: Final = frozenset({errno.EINVAL, errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP})
"""What a system, or a file system, answers that cannot do such a thing at all."""


def link(file: Path, other: Path) -> None:
    """Give a file a second name, or a copy where it can have none: it lies on another disk, or is somebody else's."""
    try:
        with disk.step("link", other):
            other.hardlink_to(file)
    except OutputError as error:
        if getattr(error.__cause__, "errno", None) not in _NO_LINK:
            raise
        disk.stage(file, other, mode=disk.mode_of(file))


def link_tree(folder: Path, other: Path, *, leave_out: Callable[[str], bool] = lambda _: False) -> None:
    """Make a folder that holds the same files as another, each under a second name; links in it lead where they led.

    `leave_out` is asked for the names in the folder itself.
    """
    with disk.step("make folder", other):
        other.mkdir()
    with disk.step("read", folder), os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        file, second = Path(entry.path), other / entry.name
        if leave_out(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            link_tree(file, second)
        else:
            again(file, second)
    give_rights(folder, other)


def again(file: Path, other: Path) -> None:
    """Give a file a second name; of a link, make another that leads where it led."""
    if file.is_symlink():
        symlink(read_link(file), other)
    else:
        link(file, other)


def is_same(file: Path, other: Path) -> bool:
    """Whether two names are of one file, or of links that lead to the same place."""
    if file.is_symlink() or other.is_symlink():
        return file.is_symlink() and other.is_symlink() and read_link(file) == read_link(other)
    with suppress(FileNotFoundError, NotADirectoryError):
        return file.samefile(other)
    return False


def paths_in(folder: Path) -> Iterator[str]:
    """Yield the paths of all files and links in a folder and below it, as seen from there."""
    for parent, folders, names in os.walk(folder):
        for name in [*names, *folders]:
            file = Path(parent, name)
            if name in names or file.is_symlink():
                yield file.relative_to(folder).as_posix()


def give_rights(folder: Path, other: Path) -> None:
    """Let whoever may enter a folder enter another: group, mode and access lists; the owner too, where one may.

    New files take group and lists from the folder they are made in.
    """
    with disk.step("set mode", other):
        known = folder.stat()
        for owner in (known.st_uid, -1) if hasattr(os, "chown") else ():
            with suppress(PermissionError):
                os.chown(other, owner, known.st_gid)
                break
        shutil.copystat(folder, other)


def has_rights(folder: Path, other: Path) -> bool:
    """Whether another folder has the group and the mode of a folder."""
    with disk.step("read", other):
        one, two = folder.stat(), other.stat()
        return (one.st_gid, one.st_mode) == (two.st_gid, two.st_mode)


def symlink(target: str, name: Path) -> None:
    """Make a symbolic link, in the place of a file that has its name."""
    disk.remove(name)
    with disk.step("symlink", name):
        name.symlink_to(target)


def read_link(name: Path) -> str:
    """Return where a symbolic link leads, as it says so."""
    with disk.step("read", name):
        return os.fspath(name.readlink())


def exchange(name: Path, other: Path) -> bool:
    """Let two names change places in one moment; False where the system cannot, and nothing was done.

    Spec: renameat2(2), Linux 3.15
    """
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415  (few runs need it)

    rename_both = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename_both is None:
        return False
    here, both = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    with disk.step("exchange", name):
        if rename_both(here, os.fsencode(name), here, os.fsencode(other), both):
            code = ctypes.get_errno()
            if code in _NO_EXCHANGE:
                return False
            raise OSError(code, os.strerror(code))
    return True


def sync_tree(folder: Path) -> None:
    """Make the names in a folder, and in those below it, last through a power cut, where the system can."""
    for parent, _, _ in os.walk(folder, topdown=False):
        disk.sync_folder(Path(parent))
