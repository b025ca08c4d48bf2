"""The guid of each episode, from the most lasting thing known of it, never from its file's name, place or title.

A changed guid makes every subscriber's app download the episode again. The ladder: a declared `guid`; the ledger, which
has the guids of all that was out or was imported; the host's episode id; the YouTube id; any other declared id; ids
found in the links. An id claimed by two episodes identifies neither, and both fall to their next rung.

Spec: podcast:guid, https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/guid.md
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid5

from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.ledger import Ledger, LedgerEntry
from feedbuilder.problems import problem
from feedbuilder.resolve.links import is_placeholder
from feedbuilder.resolve.recognition import Claim, recognise
from feedbuilder.source.archive import EpisodeFile

PODCAST_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
MAX_GUID = 740  # characters that survive in Podcast Index

_ANCHOR_ID = re.compile(r"(?:^|[-/])(e[0-9a-z]{4,9})(?:/a-[0-9a-z]+)?/?$")
_FIRST_RUNGS = ("anchor", "youtube")


def show_guid(feed_url: str) -> str:
    """Return the podcast:guid of a feed URL.

    >>> show_guid("https://podnews.net/rss/")
    '9b024349-ccf0-5f69-a609-6b82873eab3c'
    """
    return str(uuid5(PODCAST_NAMESPACE, re.sub(r"^[a-z]+://", "", feed_url).rstrip("/")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What an episode is known by."""

    guid: str
    claims: tuple[Claim, ...]  # its ids that no other file has
    entry: LedgerEntry | None  # None for an episode that was never out


def resolve_identities(
    episodes: Sequence[EpisodeFile], show: str, ledger: Ledger
) -> tuple[dict[str, Identity], list[Problem]]:
    """Return what each file's episode is known by; an episode that nothing identifies is named in a problem instead."""
    claimants: dict[Claim, list[EpisodeFile]] = defaultdict(list)
    rungs = {episode.path: list(dict.fromkeys(declared_ids(episode))) for episode in episodes}
    for episode in episodes:
        for claim in rungs[episode.path]:
            claimants[claim].append(episode)
    own = {path: tuple(claim for claim in claims if len(claimants[claim]) == 1) for path, claims in rungs.items()}
    problems = [fault for episode in episodes for fault in _unusable_guid(episode)]
    entries, more = recognise(episodes, own, ledger)
    problems += more
    undecided = {fault.place.path for fault in more}
    known = {entry.guid for entry in entries.values()}
    vanished = [entry for guid, entry in ledger.entries.items() if guid not in known]

    identities: dict[str, Identity] = {}
    for episode in episodes:
        path, entry = episode.path, entries.get(episode.path)
        guid = _first_guid(own[path], show, entry, ledger)
        if path in undecided:
            continue
        if guid is not None:
            identities[path] = Identity(guid=guid, claims=own[path], entry=ledger.entries.get(guid))
        elif rungs[path]:
            problems.append(_only_doubled(episode, [(claim, claimants[claim]) for claim in rungs[path]], ledger))
        else:
            problems.append(_unidentified(episode, show, vanished))
    problems += [
        _doubled(claim, files[0], other)
        for claim, files in claimants.items()
        for other in files[1:]
        if other.path in identities  # the others are told of it as what holds them
    ]
    problems += [_renamed(episode, entry) for episode in episodes if (entry := _moved_entry(episode, identities))]
    return identities, problems


def _first_guid(claims: Sequence[Claim], show: str, entry: LedgerEntry | None, ledger: Ledger) -> str | None:
    """Return the guid of the highest rung; one that the ledger knows as another episode's is no rung."""
    declared = next((value for service, value in claims if service == "guid"), None)
    if declared is not None:
        return declared
    if entry is not None:
        return entry.guid
    minted = (minted_guid(claim, show) for claim in claims)
    return next((guid for guid in minted if guid not in ledger.entries), None)


def minted_guid(claim: Claim, show: str) -> str:
    """Return the guid that an id gives an episode of a show."""
    return str(uuid5(UUID(show), ":".join(claim)))


def _moved_entry(episode: EpisodeFile, identities: Mapping[str, Identity]) -> LedgerEntry | None:
    identity = identities.get(episode.path)
    return identity.entry if identity and identity.entry and identity.entry.file != episode.path else None


def _renamed(episode: EpisodeFile, entry: LedgerEntry) -> Problem:
    message = f"this is the episode that was {entry.file}; its guid stays {entry.guid}"
    return problem("renamed", episode.place(), message)


def declared_ids(episode: EpisodeFile) -> Iterator[Claim]:
    """Yield (service, id) from the most lasting to the least; the service `guid` is a guid as it stands."""
    record = episode.record
    if record.guid and not any(_unusable_guid(episode)):
        yield "guid", record.guid
    names = [*_FIRST_RUNGS, *sorted(record.ids.keys() - {*_FIRST_RUNGS})]
    for name in names:
        value = record.ids.get(name)
        if value and not is_placeholder(value) and (found := normal_id(name, value)):
            yield name, found
    for link in record.links:
        if not is_placeholder(link.url) and (claim := id_in_link(link.url)) and not is_placeholder(claim[1]):
            yield claim


def normal_id(service: str, value: str) -> str:
    """Return the part of a declared id that survives retitling and re-pasting.

    >>> normal_id("anchor", "datatalksclub/episodes/AB-Testing---Jakob-Graff-e1eq73v/a-a4hlg3r")
    'e1eq73v'
    >>> normal_id("youtube", "NfAJAr7FvyY&t")
    'NfAJAr7FvyY'
    """
    value = value.strip()
    if service == "anchor" and (found := _ANCHOR_ID.search(value)):
        return found[1]
    if service == "youtube":
        return re.split(r"[&?#]", value.rsplit("v=", 1)[-1].rsplit("/", 1)[-1])[0]
    return value


def id_in_link(url: str) -> Claim | None:
    """Return the id that a link to a platform's page of an episode holds."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    query = parse_qs(parts.query)
    if host == "podcasts.apple.com" and "i" in query:
        return "apple", query["i"][0]
    if host == "open.spotify.com" and parts.path.startswith("/episode/"):
        return "spotify", parts.path.split("/")[2]
    if host in {"youtube.com", "m.youtube.com"} and "v" in query:
        return "youtube", query["v"][0]
    if host == "youtu.be" and len(parts.path) > 1:
        return "youtube", parts.path[1:]
    return None


def _unusable_guid(episode: EpisodeFile) -> Iterator[Problem]:
    guid = episode.record.guid
    if guid and is_placeholder(guid):
        message, remedy = f"{guid!r} only keeps the guid's place", "delete the line, or write what shall never change"
        yield problem("placeholder", episode.place("guid"), message, remedy)
    elif guid and len(guid) > MAX_GUID:
        message = f"the guid has {len(guid)} characters; after {MAX_GUID} directories cut it, so it is not used"
        yield problem("bad-guid", episode.place("guid"), message, "shorten it, if it is not out yet")


def _doubled(claim: Claim, first: EpisodeFile, other: EpisodeFile) -> Problem:
    message = f"the {_named(claim)} is also that of {first.path}; it identifies neither of them"
    return problem("doubled-id", _place(other, claim), message, "correct the one that was copied by mistake")


def _only_doubled(
    episode: EpisodeFile, claims: Sequence[tuple[Claim, Sequence[EpisodeFile]]], ledger: Ledger
) -> Problem:
    """Hold an episode whose every id is another's as well: a new guid could go to the one that is out already."""
    known = {claim: entry.file for entry in ledger.entries.values() for claim in entry.ids}
    told = "; ".join(
        f"the {_named(claim)} is also that of "
        + (", ".join(other.path for other in claimants if other is not episode) or known.get(claim, "an older file"))
        for claim, claimants in claims
    )
    service = claims[0][0][0]
    remedy = (
        f"one of these was copied: change the {service if service == 'guid' else f'{service} id'} in the newer file"
    )
    message = f"{told}; nothing else identifies this episode, so it is held"
    return problem("doubled-id", _place(episode, claims[0][0]), message, remedy, severity=Severity.ERROR)


def _named(claim: Claim) -> str:
    service, value = claim
    return f"{service if service == 'guid' else f'{service} id'} {value!r}"


def _place(episode: EpisodeFile, claim: Claim) -> Place:
    return episode.place(*(("guid",) if claim[0] == "guid" else ("ids", claim[0])))


def _unidentified(episode: EpisodeFile, show: str, vanished: Sequence[LedgerEntry]) -> Problem:
    fresh = minted_guid(("new", episode.path), show)
    message = "nothing lasting identifies this episode: no guid and no id of its own, so it is held"
    remedy = (
        "if this episode is out already, copy its <guid> from that feed; else add this line, and never change it: "
        f"{episode.names.shown('guid')}: {fresh}"
    )
    if vanished:
        old = vanished[0].file if len(vanished) == 1 else "OLD"
        remedy = f"if the file was renamed: feedbuilder identity rename {old} {episode.path}; {remedy}"
    return problem("no-identity", episode.place(), message, remedy)
