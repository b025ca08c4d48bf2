"""Leave a stamp behind a build, by which the next run knows that it has nothing to do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from feedbuilder.errors import OutputError
from feedbuilder.publish.own_folder import has_folder, put_anew, replace_own
from feedbuilder.source.inputs import Inputs
from feedbuilder.unchanged import FOLDER, absolute, asked_for, listing, newest_change_ns, stamp, stamp_file

_IGNORE = b"*\n"  # git's


def begin(config: Path) -> int | None:
    """Make the folder for stamps, and return the time by its file system's clock; None where it cannot be written."""
    probe = config.parent / os.fsdecode(FOLDER) / ".gitignore"
    try:
        probe.parent.mkdir(exist_ok=True)
        return put_anew(probe, _IGNORE) if has_folder(probe) else None
    except OSError:
        return None


def leave_stamp(
    config: Path,
    inputs: Inputs,
    output: Path,
    *,
    asked_output: bytes | None,
    started_ns: int,
    due: float | None,
    code: int,
    told: str,
    written: Mapping[Path, bytes],
) -> None:
    """Write a stamp, unless an input may have changed since the build began; the lack of one costs only time.

    `written` are the inputs that the build itself writes, with what it wrote: they may be new, and must be that.
    """
    own = {absolute(path): content for path, content in written.items()}
    folders, files = [*map(absolute, inputs.folders)], [*map(absolute, inputs.files)]
    target = Path(os.fsdecode(stamp_file(absolute(config))))
    with suppress(OSError, OutputError):
        target.unlink(missing_ok=True)
        others = [file for file in files if file not in own]
        if newest_change_ns(listing(folders, others, is_dated=True)) < started_ns:
            linked = [absolute(path) for path in sorted(output.rglob("*")) if path.is_symlink() and path.is_dir()]
            content = stamp(
                asked=asked_for(absolute(config), asked_output), due=due, code=code,
                folders=[*folders, absolute(output), *linked], files=files, told=told,
            )  # fmt: skip
            if any(Path(os.fsdecode(file)).read_bytes() != expected for file, expected in own.items()):
                return
            replace_own(target, content)
