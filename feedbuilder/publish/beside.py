"""The report's place in the output folder: it tells of all other files, and so is written after them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from feedbuilder.errors import RefusedError
from feedbuilder.publish.acceptance import parse_acceptance
from feedbuilder.publish.manifest import MANIFEST_NAME
from feedbuilder.publish.plan import owned_paths
from feedbuilder.render import OutputFile

REPORT_PAGE: Final = "report/index.html"
REPORT_DATA: Final = "report/report.json"


def with_report_kept(files: Iterable[OutputFile], folder: Path, *, accept: Collection[str]) -> Iterator[OutputFile]:
    """Pass files through, and let the report that is out stay as it is until the next one is made.

    Raises:
        RefusedError: when a file that is not ours has its name; the report would replace it after all was published.
    """
    ours, acceptance = owned_paths(folder), parse_acceptance(accept)
    for path in (REPORT_PAGE, REPORT_DATA):
        if path in ours:
            if (folder / path).is_file():
                yield OutputFile(path, folder / path, "")
        elif (folder / path).exists() and not acceptance.covers("overwrite", [path]):
            raise RefusedError(
                f"{folder / path} would be replaced by the report, and {MANIFEST_NAME} does not name it as "
                f"feedbuilder's; move it away, or say --accept overwrite:{path} if that is meant"
            )
    yield from files
