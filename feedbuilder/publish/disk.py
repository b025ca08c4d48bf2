"""Files and folders on the disk: compared, staged, renamed, made to last. Whatever publishing does there, it does here.

Every operation is a named `step`: one place where a failing disk becomes words, and where tests stop a run or fail it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final, Literal

from filelock import FileLock, Timeout

from feedbuilder.errors import LockedError, OutputError, RefusedError
from feedbuilder.render import Content

PUBLIC_FILE, PUBLIC_FOLDER = 0o644, 0o755  # what a web server can read, whatever the umask of cron
_CHUNK_BYTES = 1 << 20

Step = Literal[
    "lock", "read", "make folder", "write", "sync", "set mode", "set time", "link", "symlink", "rename", "exchange",
    "remove", "sync folder",
]  # fmt: skip

_REMEDIES: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENOSPC: "free some room on that disk and run again",
        errno.EDQUOT: "this user's share of the disk is used up: free some room, or have it raised, and run again",
        errno.EACCES: "give the user who runs feedbuilder the right to do so",
        errno.EPERM: "give the user who runs feedbuilder the right to do so",
        errno.EROFS: "mount that disk so that it can be written, or name another folder with --output",
        errno.EIO: "the disk, or the network before it, fails: see the system's log, and run again",
        errno.EMFILE: "raise the limit of open files (ulimit -n) and run again",
        errno.ENFILE: "close other programs, or raise the system's limit of open files, and run again",
        errno.ENAMETOOLONG: "give the episode a shorter slug",
        errno.EBUSY: "if a disk or folder is mounted there, name a folder in it as the output; else end what holds it",
        errno.EXDEV: "it lies on another disk than the output folder: move it there, or remove the link to it",
        errno.ENOTDIR: "a file stands where a folder is wanted: move it away",
        errno.EEXIST: "a file stands where a folder is wanted: move it away",
        errno.EISDIR: "a folder stands where a file is wanted: move it away",
    }
)


@contextmanager
def step(name: Step, file: Path) -> Iterator[None]:
    """Do one operation on a file.

    Raises:
        OutputError: when the file system says no: with the file, the reason, and what to do.
    """
    try:
        yield
    except OSError as error:
        verb = "read" if name == "read" else "removed" if name == "remove" else "written"
        remedy = _REMEDIES.get(error.errno or 0, "")
        told = f"{file} cannot be {verb}: {error.strerror or error}"
        raise OutputError(f"{told}; {remedy}" if remedy else told) from error


@contextmanager
def locked(file: Path, wait_s: float, folder: Path | None = None) -> Iterator[None]:
    """Hold a lock that the system frees when its holder dies; this process may take it again inside.

    `folder` is what it keeps others out of, where that is not the one it lies in.

    Raises:
        LockedError: when another process holds it, and still does after `wait_s`.
    """
    lock = FileLock(file, is_singleton=True)
    with step("lock", file):
        try:
            lock.acquire(timeout=wait_s)
        except Timeout as error:
            waited = f", for {wait_s:g} seconds now" if wait_s else ""
            raise LockedError(f"another run is at work in {folder or file.parent}{waited}") from error
    try:
        yield
    finally:
        lock.release()


def is_unchanged_copy(original: Path, copy: Path) -> bool:
    """Whether a copy we made has its original's size and time still, and is the younger of the two.

    Audio is too long to be read in every run.
    """
    with suppress(OSError):
        one, other = original.stat(), copy.stat()
        is_newer = one.st_ctime_ns > other.st_ctime_ns  # touched since, by a tool that puts the old time back
        return not is_newer and (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
    return False


def is_equal(content: Content, file: Path) -> bool:
    """Whether a file is there and holds just this content."""
    size_bytes = size_of(content)
    with step("read", file):
        try:
            if file.stat().st_size != size_bytes:
                return False
            if isinstance(content, bytes):
                return file.read_bytes() == content
        except FileNotFoundError:
            return False
    return all(a == b for a, b in zip_longest(_chunks(content), _chunks(file)))


def stage(content: Content, file: Path, *, mode: int = PUBLIC_FILE, lasting: bool = True) -> str:
    """Write content, through to the disk if it is to last, and return its sha256; a copy keeps its original's time.

    Raises:
        RefusedError: when the original changes while it is copied.
    """
    with step("make folder", file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
    remove(file)  # what a stopped run left, or a link that leads elsewhere
    before = None if isinstance(content, bytes) else _stat(content)
    digest, copied_bytes = hashlib.sha256(), 0
    with step("write", file):
        stream = file.open("xb")
    with stream:
        for chunk in (content,) if isinstance(content, bytes) else _chunks(content):
            digest.update(chunk)
            copied_bytes += len(chunk)
            if before and copied_bytes > before.st_size:
                break  # it grows, perhaps faster than it can be read
            with step("write", file):
                stream.write(chunk)
                stream.flush()
        if lasting:
            with step("sync", file):
                os.fsync(stream.fileno())
    with step("set mode", file):
        file.chmod(mode)
    if isinstance(content, Path) and before:
        if copied_bytes != before.st_size or _version(_stat(content)) != _version(before):
            raise RefusedError(
                f"{content} changed while it was copied; nothing was written; run again when it is whole"
            )
        with step("set time", file):
            os.utime(file, ns=(before.st_mtime_ns, before.st_mtime_ns))
    return digest.hexdigest()


def size_of(content: Content) -> int:
    """Return how many bytes content has."""
    return len(content) if isinstance(content, bytes) else _stat(content).st_size


def mode_of(target: Path) -> int:
    """Return the permissions a file keeps, or gets when it is new."""
    with step("read", target):
        try:
            return target.stat().st_mode & 0o777
        except (FileNotFoundError, NotADirectoryError):
            return PUBLIC_FILE


def is_folder(folder: Path) -> bool:
    """Whether a folder is there; one whose name is too long, or that cannot be looked for, is not."""
    with suppress(OSError):
        return folder.is_dir()
    return False


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, open to the web server."""
    missing = [parent for parent in (folder, *folder.parents) if not is_folder(parent)]
    for parent in reversed(missing):
        with step("make folder", parent):
            parent.mkdir(exist_ok=True)
            parent.chmod(PUBLIC_FOLDER)


def digest_of(file: Path) -> str:
    """Return the sha256 of a file."""
    with step("read", file), file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_if_there(file: Path) -> bytes | None:
    """Return what a file holds; None where there is none."""
    with step("read", file):
        try:
            return file.read_bytes()
        except FileNotFoundError:
            return None


def rename(file: Path, target: Path) -> None:
    """Put a file in the place of another, so that whoever opens it meets one of the two."""
    with step("rename", target):
        file.replace(target)


def keep(file: Path, copy: Path) -> None:
    """Let a file have another name as well, or a copy of it where the file system gives it none."""
    with step("make folder", copy.parent):
        copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        with step("link", copy):
            copy.hardlink_to(file)
    except OutputError:
        stage(file, copy, mode=mode_of(file), lasting=False)


def remove(file: Path) -> None:
    """Remove a file, if it is there; where none is, a disk that is only read does not matter."""
    if os.path.lexists(file):
        with step("remove", file):
            file.unlink(missing_ok=True)


def remove_tree(folder: Path) -> None:
    """Remove a folder and all that is in it, as far as it can be; a link that has its name is no folder."""
    with suppress(OutputError), step("remove", folder):
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
            if folder.exists():
                _let_remove(folder)
                shutil.rmtree(folder, ignore_errors=True)


def _let_remove(folder: Path) -> None:
    """Let what is in a folder be removed, where some of it, as its owner made it, is read-only."""
    folder.chmod(0o700)
    for parent, names, _ in os.walk(folder):
        for inner in (Path(parent, name) for name in names):
            if not inner.is_symlink():
                with suppress(OSError):
                    inner.chmod(0o700)


def remove_empty_folders(folder: Path, removed: Iterable[str]) -> None:
    """Remove the folders that the removed files have left empty."""
    for parent in {PurePosixPath(path).parent for path in removed} - {PurePosixPath()}:
        with suppress(OutputError), step("remove", folder / parent):
            (folder / parent).rmdir()  # fails when it is not empty, or gone


def sync_folders(folder: Path, paths: Iterable[str]) -> None:
    """Make renames and removals of paths below a folder last through a power cut, where the system can."""
    for changed in sorted({folder / parent for path in paths for parent in PurePosixPath(path).parents}):
        sync_folder(changed)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in one folder last through a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with step("sync folder", folder), suppress(FileNotFoundError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _chunks(file: Path) -> Iterator[bytes]:
    with step("read", file):
        stream = file.open("rb")
    with stream:
        while True:
            with step("read", file):
                chunk = stream.read(_CHUNK_BYTES)
            if not chunk:
                return
            yield chunk


def _stat(file: Path) -> os.stat_result:
    with step("read", file):
        return file.stat()


def _version(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
