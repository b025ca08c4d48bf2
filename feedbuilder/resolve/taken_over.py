"""What a matched episode takes over from the host's feed: guid, exact date, audio; and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from feedbuilder.errors import Problem
from feedbuilder.ledger import AudioFacts, Ledger, LedgerEntry, moved
from feedbuilder.problems import problem
from feedbuilder.resolve.dates import as_utc
from feedbuilder.resolve.identity import MAX_GUID, Identity, minted_guid
from feedbuilder.resolve.matching import Match
from feedbuilder.source.host_feed import HostItem


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenOver:
    """The ledger after an import, and how much of it is the host's."""

    ledger: Ledger
    guids: int
    dates: int
    enclosures: int
    problems: tuple[Problem, ...]


def take_over(
    matches: Iterable[Match],
    ledger: Ledger,
    identities: Mapping[str, Identity],
    show_guid: str,
    *,
    with_guids: bool,
    replace_guids: bool,
) -> TakenOver:
    """Enter every match into the ledger.

    Without `with_guids`, for a feed that runs beside the host's, episodes get guids of their own. `replace_guids` lets
    the host's take the place of others that the ledger has already.
    """
    problems: list[Problem] = []
    entries: dict[str, LedgerEntry] = dict(ledger.entries)
    guids = dates = enclosures = 0
    for match in matches:
        identity, item = identities.get(match.episode.path), match.item
        known = identity.entry if identity else None
        guid = _guid_of(item)
        if not with_guids or guid is None:
            own = identity.guid if identity else minted_guid(("host", guid or item.title), show_guid)
        elif fault := _conflict(match, guid, identity, entries, replace_guids=replace_guids):
            problems.append(fault)
            if identity is None or guid in entries:
                continue
            own = identity.guid
        else:
            own = guid
        entry = _entered(match, own, identity)
        if known is not None:
            entries.pop(known.guid, None)
        entries[own] = entry
        guids += own == guid
        dates += item.published is not None
        enclosures += item.enclosure is not None
    return TakenOver(
        ledger=replace(ledger, entries=entries),
        guids=guids,
        dates=dates,
        enclosures=enclosures,
        problems=tuple(problems),
    )


def _guid_of(item: HostItem) -> str | None:
    """Return what apps know an item by: its guid, or the address of its audio where it has none."""
    guid = (item.guid or "").strip() or (item.enclosure.url if item.enclosure else None)
    return guid if guid and len(guid) <= MAX_GUID else None


def _conflict(
    match: Match, guid: str, identity: Identity | None, entries: Mapping[str, LedgerEntry], *, replace_guids: bool
) -> Problem | None:
    file = match.episode
    declared = file.record.guid
    known = identity.entry if identity else None
    if guid in entries and (known is None or known.guid != guid):
        message = f"its guid at the host, {guid}, is that of {entries[guid].file} in the ledger, so it is not taken"
        remedy = "if that is the same episode under an older name, forget it there: feedbuilder identity forget"
        return problem("guid-differs", file.place(), message, remedy)
    if declared and declared != guid and identity and identity.guid == declared:
        message = f"the file says {declared}, and apps know it by the host's guid, {guid}"
        remedy = f"write {file.names.shown('guid')}: {guid}, or delete the line and import again"
        return problem("guid-differs", file.place("guid"), message, remedy)
    if known is not None and known.guid != guid and not replace_guids:
        message = f"the ledger has the guid {known.guid}, and apps know it by the host's, {guid}"
        remedy = "if no feed with the ledger's guids is public yet: feedbuilder import --accept guids"
        return problem("guid-differs", file.place(), message, remedy)
    return None


def _entered(match: Match, guid: str, identity: Identity | None) -> LedgerEntry:
    item, path = match.item, match.episode.path
    known = identity.entry if identity else None
    entry = known or LedgerEntry(guid=guid, published=None, file=path)
    ids = {claim for claim in identity.claims if claim[0] != "guid"} if identity else set()
    return replace(
        moved(entry, path),
        guid=guid,
        guid_is_permalink=item.guid_is_permalink and guid == (item.guid or "").strip(),
        ids=tuple(sorted({*entry.ids, *ids})),
        published=as_utc(item.published) if item.published else entry.published,
        audio=_audio(item) or entry.audio,
    )


def _audio(item: HostItem) -> AudioFacts | None:
    if item.enclosure is None:
        return None
    return AudioFacts(
        url=item.enclosure.url,
        source="import",
        mime_type=item.enclosure.mime_type,
        length_bytes=item.enclosure.length_bytes,
        duration_ms=item.enclosure.duration_ms or item.duration_ms,
    )
