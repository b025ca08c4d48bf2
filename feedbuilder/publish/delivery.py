"""What of an output folder its owner's own command has not carried on yet: to a web server, a store, a mirror.

The manifest of the last delivery that went well is kept beside the present one. So a delivery that failed, or that a
power cut ended, is owed until one goes well, although later builds change nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from feedbuilder.publish.disk import locked, stage
from feedbuilder.publish.generations import DELIVERED_NAME, home_of
from feedbuilder.publish.manifest import MANIFEST_NAME, read_manifest

_LOCK_NAME = ".feedbuilder-delivery.lock"


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What is owed; paths inside the output folder, sorted."""

    manifest: bytes  # as it is now
    written: tuple[str, ...]
    removed: tuple[str, ...]


@contextmanager
def delivering(folder: Path) -> Iterator[None]:
    """Keep other runs from delivering the same folder meanwhile.

    Raises:
        LockedError: when one is at it already.
        OutputError: when the file system says no.
    """
    with locked(home_of(folder) / _LOCK_NAME, 0):
        yield


def owed(folder: Path) -> Delivery | None:
    """Return what changed since the last delivery; None where nothing did, or nothing is out."""
    try:
        manifest = (folder / MANIFEST_NAME).read_bytes()
    except FileNotFoundError:
        return None
    now = read_manifest(folder / MANIFEST_NAME).files
    before = read_manifest(home_of(folder) / DELIVERED_NAME).files
    written = {path for path, entry in now.items() if path not in before or before[path].sha256 != entry.sha256}
    removed = before.keys() - now.keys()
    if not written and not removed:
        return None
    return Delivery(manifest=manifest, written=tuple(sorted(written)), removed=tuple(sorted(removed)))


def note_delivered(folder: Path, delivery: Delivery) -> None:
    """Remember a delivery that went well.

    Raises:
        OSError, OutputError: when the file system says no; the delivery is owed once more then.
    """
    home = home_of(folder)
    staged = home / f"{DELIVERED_NAME}.new"
    stage(delivery.manifest, staged)
    staged.replace(home / DELIVERED_NAME)
