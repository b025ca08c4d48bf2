"""What feedbuilder remembers of every episode that ever was out: the values of `feedbuilder.lock`.

A guid and a publish time, once public, outlive file names, ids, settings and hosts. `source.ledger` reads the file,
`resolve.identity` decides by it, `publish.ledger_file` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from feedbuilder.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class AudioFacts:
    """What is known of the audio at an address, and who said so."""

    url: str
    source: str  # "import": the host's feed; "online": the web server itself
    mime_type: str | None = None
    length_bytes: int | None = None
    duration_ms: int | None = None
    etag: str | None = None  # of the server's last answer, to ask only what changed


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEntry:
    """One episode that is or was out."""

    guid: str
    published: datetime | None  # aware, UTC; None while it is pinned and not out yet
    guid_is_permalink: bool = False  # whether the feed it was taken from says that the guid is the page's address
    file: str  # the episode's file as messages name it, relative to the config's folder
    former_files: tuple[str, ...] = ()  # oldest first
    ids: tuple[tuple[str, str], ...] = ()  # (service, id), sorted: all that ever identified it
    audio: AudioFacts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Every entry by its guid, and the show's own podcast:guid."""

    show_guid: str | None = None
    entries: Mapping[str, LedgerEntry] = field(default_factory=dict)

    def with_entries(self, entries: Iterable[LedgerEntry]) -> Ledger:
        """Return the ledger with entries added, or put in the place of those with the same guid."""
        return replace(self, entries={**self.entries, **{entry.guid: entry for entry in entries}})

    def known(self, name: str) -> LedgerEntry | None:
        """Return the entry of a file, present or former, or of a guid.

        Raises:
            UsageError: when the name could mean two of them.
        """
        entries = self.entries.values()
        found = [entry for entry in entries if name in (entry.guid, entry.file)]
        found = found or [entry for entry in entries if name in entry.former_files]
        if len(found) > 1:
            raise UsageError(f"{name} names two entries: {' and '.join(entry.guid for entry in found)}")
        return found[0] if found else None

    def named(self, name: str) -> LedgerEntry:
        """Return the entry of a file or guid.

        Raises:
            UsageError: when there is none, or more than one.
        """
        if (entry := self.known(name)) is None:
            raise UsageError(f"the ledger has no entry of {name}; `feedbuilder identity list` shows all")
        return entry

    def without(self, entry: LedgerEntry) -> Ledger:
        """Return the ledger with an entry forgotten."""
        return replace(self, entries={guid: kept for guid, kept in self.entries.items() if guid != entry.guid})


def moved(entry: LedgerEntry, file: str) -> LedgerEntry:
    """Return the entry of an episode whose file has another name now."""
    if file == entry.file:
        return entry
    former = (*(name for name in entry.former_files if name not in (file, entry.file)), entry.file)
    return replace(entry, file=file, former_files=former)
