"""The list of files feedbuilder wrote into an output folder: what is not on it is a stranger's and is left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

MANIFEST_NAME = "manifest.json"


class Entry(NamedTuple):
    """What is known of one file we wrote."""

    sha256: str
    source: str  # the archive file it was made from; empty for the feed


Manifest = Mapping[str, Entry]
"""Path inside the output folder → entry."""


def read_manifest(file: Path) -> dict[str, Entry]:
    """Return a manifest; an absent or damaged one owns nothing."""
    try:
        files = json.loads(file.read_bytes())["files"]
        return {path: Entry(entry["sha256"], entry["source"]) for path, entry in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def render_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as a file, sorted by path."""
    files = {path: {"sha256": entry.sha256, "source": entry.source} for path, entry in sorted(manifest.items())}
    return (json.dumps({"files": files}, ensure_ascii=False, indent=1) + "\n").encode()
