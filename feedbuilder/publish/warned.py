"""Which warnings were there already: a run that nobody watches tells each new one once, and is silent about the rest.

They lie in `.feedbuilder/` beside the config. Where that was deleted, all warnings count as known.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from feedbuilder.errors import OutputError, Problem, Severity
from feedbuilder.publish.disk import stage
from feedbuilder.unchanged import FOLDER


def new_warnings(config: Path, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the warnings that were not there in the last build, and keep in mind which there are now."""
    file = config.parent / os.fsdecode(FOLDER) / f"{config.name}.warned"
    if not file.parent.is_dir():
        return ()
    warnings = {_what(fault): fault for fault in problems if fault.severity is Severity.WARNING}
    known: set[str] | None = None
    with suppress(OSError, ValueError, TypeError, RecursionError):
        known = set(json.loads(file.read_bytes()))
    if known != warnings.keys():
        with suppress(OSError, OutputError):
            staged = file.with_suffix(".new")
            stage(json.dumps(sorted(warnings)).encode(), staged)
            staged.replace(file)
    return () if known is None else tuple(fault for what, fault in warnings.items() if what not in known)


def _what(fault: Problem) -> str:
    """Return what makes it another warning; its line does not: that moves with every edit above it."""
    return f"{fault.code} {fault.place.path} {fault.message}"
