"""The folder `.feedbuilder/` beside a config, for what makes the next build quick; it may be deleted at any time.

What is in it may be anybody's, for it may come with a copy of the archive or with somebody's pull request: links,
pipes and devices are no files of ours, and nothing is written through them.
"""

from __future__ import annotations

import os
from errno import EINVAL
from pathlib import Path
from stat import S_ISREG

from feedbuilder.publish.disk import stage
from feedbuilder.unchanged import FOLDER


def own_file(config: Path, ending: str) -> Path:
    """Return where a file of a config is, whether or not it exists."""
    return config.parent / os.fsdecode(FOLDER) / f"{config.name}.{ending}"


def has_folder(file: Path) -> bool:
    """Whether there is a folder for a file."""
    return file.parent.is_dir() and not file.parent.is_symlink()


def read_own(file: Path) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: when it cannot be read, or is no ordinary file.
    """
    if not (has_folder(file) and S_ISREG(file.lstat().st_mode)):
        raise OSError(EINVAL, "it is no ordinary file", str(file))
    return file.read_bytes()


def put_anew(file: Path, content: bytes = b"") -> int:
    """Put a new file in the place of whatever is there, and return its time in nanoseconds.

    Raises:
        OSError: when that cannot be.
    """
    file.unlink(missing_ok=True)
    with file.open("xb") as stream:
        stream.write(content)
    return file.stat().st_mtime_ns


def replace_own(file: Path, content: bytes) -> None:
    """Replace a file at once.

    Raises:
        OSError, OutputError: when that cannot be.
    """
    staged = file.with_name(f"{file.name}.new")
    stage(content, staged)
    staged.replace(file)
