"""What feedbuilder wrote into an output folder, and for which show: all else there is a stranger's and left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

MANIFEST_NAME = "manifest.json"


class Entry(NamedTuple):
    """What is known of one file we wrote."""

    sha256: str
    source: str  # the archive file it was made from; empty for the feed


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """The files of an output folder that are ours, by their path inside it."""

    files: Mapping[str, Entry] = field(default_factory=dict)
    feed: str | None = None  # which of them is the feed; None in a folder that is new to us
    show_guid: str | None = None


def read_manifest(file: Path) -> Manifest:
    """Return a manifest; an absent or damaged one owns nothing.

    Paths that lead out of the folder are not believed: the file may have come with somebody's pull request.
    """
    try:
        document: dict[str, Any] = json.loads(file.read_bytes())
        files = {
            path: Entry(str(entry["sha256"]), str(entry["source"]))
            for path, entry in document["files"].items()
            if is_inside(path)
        }
        return Manifest(files=files, feed=document.get("feed"), show_guid=document.get("show_guid"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def outgoing_feed(folder: Path, feed_path: str) -> Path:
    """Return the feed that is out in a folder, under the name it has there; nothing, where none is."""
    return folder / (read_manifest(folder / MANIFEST_NAME).feed or feed_path)


def render_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as a file, sorted by path."""
    files = {path: entry._asdict() for path, entry in sorted(manifest.files.items())}
    document = {"feed": manifest.feed, "show_guid": manifest.show_guid, "files": files}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def is_inside(path: str) -> bool:
    """Whether a path names a file below the folder it is relative to."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path
