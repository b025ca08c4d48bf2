"""Write files one by one, each whole or not at all, into a folder that is not ours."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from feedbuilder.errors import OutputError, RefusedError
from feedbuilder.publish.disk import is_equal, mode_of, remove, rename, stage, step, sync_folders


def write_files(files: Mapping[str, bytes], folder: Path, *, replace: bool) -> tuple[Path, ...]:
    """Write files by name, make their folder where there is none, and return those that were not there just so already.

    Raises:
        RefusedError: when a file is there with other content and `replace` is not set; nothing was written.
        OutputError: when the file system says no.
    """
    with step("make folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
    changed = [name for name, content in files.items() if not is_equal(content, folder / name)]
    taken = [name for name in changed if (folder / name).exists()]
    if taken and not replace:
        raise RefusedError(f"{', '.join(taken)} in {folder} would be replaced; say --force if that is meant")
    for name in files:
        temporary = folder / f".{name}.part"
        try:
            if name in changed:
                stage(files[name], temporary, mode=mode_of(folder / name))
                rename(temporary, folder / name)
        finally:
            with suppress(OutputError):
                remove(temporary)  # of this run, or of one that was killed
    sync_folders(folder, changed)
    return tuple(folder / name for name in changed)
