"""What feedbuilder wrote into an output folder, and for which show: all else there is a stranger's and left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from feedbuilder.publish.disk import read_if_there

MANIFEST_NAME = "manifest.json"
_NO_NAME = re.compile("[\\\\\0\ud800-\udfff]")


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

    Raises:
        OutputError: when it is there and cannot be read: to go on would take our own files for a stranger's.
    """
    content = read_if_there(file)
    if content is None:
        return Manifest()
    try:
        document: dict[str, Any] = json.loads(content)
        files = {
            path: Entry(str(entry["sha256"]), str(entry["source"]))
            for path, entry in document["files"].items()
            if is_inside(path)
        }
        feed, show_guid = document.get("feed"), document.get("show_guid")
        return Manifest(
            files=files,
            feed=feed if isinstance(feed, str) and is_inside(feed) else None,
            show_guid=show_guid if isinstance(show_guid, str) else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifest()


def outgoing_feed(folder: Path, feed_path: str) -> Path:
    """Return the feed that is out in a folder, under the name it has there; nothing, where none is."""
    return folder / (read_manifest(folder / MANIFEST_NAME).feed or feed_path)


def render_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as a file, sorted by path."""
    files = {path: entry._asdict() for path, entry in sorted(manifest.files.items())}
    document = {"feed": manifest.feed, "show_guid": manifest.show_guid, "files": files}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def parts_of(path: str) -> list[str]:
    """Return the names that a path is made of, as `pathlib` would, in a tenth of its time."""
    return [part for part in path.split("/") if part not in ("", ".")]


def is_inside(path: str) -> bool:
    """Whether a path names a file below the folder it is relative to."""
    parts = parts_of(path)
    return bool(parts) and not path.startswith("/") and ".." not in parts and not _NO_NAME.search(path)
