"""Write files one by one, each whole or not at all, into a folder that is not ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feedbuilder.errors import OutputError, RefusedError
from feedbuilder.publish.disk import is_equal, stage


def write_files(files: Mapping[str, bytes], folder: Path, *, replace: bool) -> tuple[Path, ...]:
    """Write files by name, make their folder where there is none, and return those that were not there just so already.

    Raises:
        RefusedError: when a file is there with other content and `replace` is not set; nothing was written.
        OutputError: when the file system says no.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        changed = [name for name, content in files.items() if not is_equal(content, folder / name)]
        taken = [name for name in changed if (folder / name).exists()]
        if taken and not replace:
            raise RefusedError(f"{', '.join(taken)} in {folder} would be replaced; say --force if that is meant")
        for name in changed:
            temporary = folder / f".{name}.part"
            stage(files[name], temporary)
            temporary.replace(folder / name)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}") from error
    return tuple(folder / name for name in changed)
