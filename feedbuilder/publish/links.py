"""Files and folders under second names: hard links, symbolic ones, and two names that change places.

Whatever a generation shares with the one before, it shares by these; as everything in `disk`, each is a named step.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
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
        if entry.is_symlink():
            symlink(read_link(file), second)
        elif entry.is_dir():
            link_tree(file, second)
        else:
            link(file, second)
    with disk.step("set mode", other):
        other.chmod(folder.stat().st_mode & 0o7777)


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
