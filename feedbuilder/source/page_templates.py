"""The owner's own templates, style sheet and script for the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from feedbuilder.errors import UsageError

_ENDINGS: Final = frozenset({".html", ".css", ".js", ".svg"})
_MAX_BYTES: Final = 1 << 20


def read_page_templates(folder: Path) -> dict[str, str]:
    """Return the templates of a folder by their path in it; other files are none.

    Raises:
        UsageError: when the folder or a file in it cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"site.templates: there is no folder {folder}")
    templates: dict[str, str] = {}
    try:
        for file in sorted(folder.rglob("*")):
            if file.suffix in _ENDINGS and file.is_file():
                if file.stat().st_size > _MAX_BYTES:
                    raise UsageError(f"site.templates: {file} is larger than a megabyte; it is no template")
                templates[file.relative_to(folder).as_posix()] = file.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"site.templates: cannot read {error.filename}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"site.templates: {file} is not UTF-8: {error.reason} at byte {error.start}") from error
    return templates
