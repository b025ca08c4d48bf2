"""Which file is which episode of the ledger: by its ids first, then by its name. So guids outlive both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from feedbuilder.errors import Problem, Severity
from feedbuilder.ledger import Ledger, LedgerEntry
from feedbuilder.problems import problem
from feedbuilder.source.archive import EpisodeFile

Claim = tuple[str, str]
"""(service, id); the service `guid` is a guid as it stands."""

_GUID, _ID, _FILE, _FORMER = 1000, 10, 3, 1
"""Weights of what speaks for an entry: any id outweighs a file's name, which can be given to another episode."""
_SAME_EPISODE = timedelta(days=2)


def recognise(
    episodes: Sequence[EpisodeFile], claims: Mapping[str, Sequence[Claim]], ledger: Ledger
) -> tuple[dict[str, LedgerEntry], list[Problem]]:
    """Return the ledger's entry of every file that has one, by path; what cannot be decided is held by a problem.

    `claims` are the ids of each file that no other file has.
    """
    by_claim: dict[Claim, list[LedgerEntry]] = defaultdict(list)
    by_file: dict[str, list[LedgerEntry]] = defaultdict(list)
    by_former: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in ledger.entries.values():
        by_claim["guid", entry.guid].append(entry)
        by_file[entry.file].append(entry)
        for claim in entry.ids:
            by_claim[claim].append(entry)
        for name in entry.former_files:
            by_former[name].append(entry)

    votes: list[tuple[int, EpisodeFile, LedgerEntry]] = []
    for episode in episodes:
        weights: dict[str, int] = defaultdict(int)
        for claim in claims[episode.path]:
            if len(by_claim[claim]) == 1:
                weights[by_claim[claim][0].guid] += _GUID if claim[0] == "guid" else _ID
        for weight, named in ((_FILE, by_file[episode.path]), (_FORMER, by_former[episode.path])):
            for entry in named:
                is_former = weight == _FORMER
                if entry.guid in weights or not _is_another(episode, claims[episode.path], entry, is_former=is_former):
                    weights[entry.guid] += weight
        votes += [(weight, episode, ledger.entries[guid]) for guid, weight in weights.items()]
    return _settled(votes)


def _is_another(episode: EpisodeFile, claims: Sequence[Claim], entry: LedgerEntry, *, is_former: bool) -> bool:
    """Whether only the name of the file is the same: the ids that both have differ, and so do the dates.

    A name that the episode has left is free for others: there, ids of other services differ as well.
    """
    known = dict(entry.ids)
    if ("guid", entry.guid) not in claims and any(service == "guid" for service, _ in claims):
        return True
    differs = any(service in known or is_former for service, _ in claims)
    declared = episode.record.dateadded or episode.file_date
    return differs and declared is not None and entry.published is not None and not _is_near(declared, entry.published)


def _is_near(declared: date | datetime, published: datetime) -> bool:
    day = declared.date() if isinstance(declared, datetime) else declared
    return abs(day - published.date()) <= _SAME_EPISODE


def _settled(
    votes: Iterable[tuple[int, EpisodeFile, LedgerEntry]],
) -> tuple[dict[str, LedgerEntry], list[Problem]]:
    """Give each entry to one file, the strongest claim first; equal claims are nobody's."""
    groups: dict[int, list[tuple[EpisodeFile, LedgerEntry]]] = defaultdict(list)
    for weight, episode, entry in votes:
        groups[weight].append((episode, entry))
    found: dict[str, LedgerEntry] = {}
    taken: set[str] = set()
    undecided: dict[str, tuple[EpisodeFile, list[LedgerEntry]]] = {}
    for weight in sorted(groups, reverse=True):
        open_votes = [
            (episode, entry)
            for episode, entry in groups[weight]
            if episode.path not in found | undecided and entry.guid not in taken
        ]
        for episode, entry in open_votes:
            taken.add(entry.guid)  # and if it is contested, no weaker claim gets it
            if any((other is episode) != (rival is entry) for other, rival in open_votes):
                undecided.setdefault(episode.path, (episode, []))[1].append(entry)
            else:
                found[episode.path] = entry
    problems = [_conflict(episode, entries) for episode, entries in undecided.values()]
    return found, problems


def _conflict(episode: EpisodeFile, entries: Sequence[LedgerEntry]) -> Problem:
    told = " and ".join(f"{entry.guid} ({entry.file})" for entry in entries)
    if len(entries) == 1:
        message = f"another file claims the ledger's entry {told} just as well, so both are held"
    else:
        message = f"its ids are those of different episodes of the ledger, {told}, so it is held"
    remedy = f"correct the id that was copied, or say which it is: {episode.names.shown('guid')}: {entries[0].guid}"
    return problem("identity-conflict", episode.place(), message, remedy, severity=Severity.ERROR)
