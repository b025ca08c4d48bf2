"""Which warnings were there already: a run that nobody watches tells each new one once, and is silent about the rest.

They lie in `.feedbuilder/` beside the config. Where that was deleted, all warnings count as known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from feedbuilder.errors import OutputError, Problem, Severity
from feedbuilder.publish.own_folder import has_folder, own_file, read_own, replace_own


def new_warnings(config: Path, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the warnings that were not there in the last build, and keep in mind which there are now."""
    file = own_file(config, "warned")
    if not has_folder(file):
        return ()
    warnings = {_what(fault): fault for fault in problems if fault.severity is Severity.WARNING}
    known: set[str] | None = None
    with suppress(OSError, ValueError, TypeError, RecursionError):
        known = set(json.loads(read_own(file)))
    if known != warnings.keys():
        with suppress(OSError, OutputError):
            replace_own(file, json.dumps(sorted(warnings)).encode())
    return () if known is None else tuple(fault for what, fault in warnings.items() if what not in known)


def _what(fault: Problem) -> str:
    """Return what makes it another warning; its line does not: that moves with every edit above it."""
    return f"{fault.code} {fault.place.path} {fault.message}"
