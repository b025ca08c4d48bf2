"""Files and folders on the disk: compared, staged, made to last. Whatever publishing does to the disk, it does here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from feedbuilder.render import Content

PUBLIC_FILE, PUBLIC_FOLDER = 0o644, 0o755  # what a web server can read, whatever the umask of cron
_CHUNK_BYTES = 1 << 20


def is_unchanged_copy(original: Path, copy: Path) -> bool:
    """Whether a copy we made has its original's size and time still: audio is too long to be read in every run."""
    with suppress(OSError):
        one, other = original.stat(), copy.stat()
        return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
    return False


def is_equal(content: Content, file: Path) -> bool:
    """Whether a file is there and holds just this content."""
    try:
        if file.stat().st_size != size_of(content):
            return False
        if isinstance(content, bytes):
            return file.read_bytes() == content
        return all(a == b for a, b in zip(_chunks(content), _chunks(file), strict=True))
    except FileNotFoundError:
        return False


def stage(content: Content, file: Path, *, mode: int = PUBLIC_FILE, lasting: bool = True) -> str:
    """Write content, through to the disk if it is to last, and return its sha256; a copy keeps its original's time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with file.open("wb") as stream:
        for chunk in (content,) if isinstance(content, bytes) else _chunks(content):
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        if lasting:
            os.fsync(stream.fileno())
    file.chmod(mode)
    if isinstance(content, Path):
        stat = content.stat()
        os.utime(file, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
    return digest.hexdigest()


def size_of(content: Content) -> int:
    """Return how many bytes content has."""
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def mode_of(target: Path) -> int:
    """Return the permissions a file keeps, or gets when it is new."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        return PUBLIC_FILE


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, open to the web server."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        made.chmod(PUBLIC_FOLDER)


def digest_of(file: Path) -> str:
    """Return the sha256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def sync_folders(folders: Iterable[Path]) -> None:
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


def remove_empty_folders(folder: Path, removed: Iterable[str]) -> None:
    """Remove the folders that the removed files have left empty."""
    for parent in {PurePosixPath(path).parent for path in removed} - {PurePosixPath()}:
        with suppress(OSError):  # not empty, or gone
            (folder / parent).rmdir()
