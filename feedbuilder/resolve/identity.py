"""The guid of each episode, from the most lasting thing known of it, never from its file's name, place or title.

A changed guid makes every subscriber's app download the episode again. The ladder: a declared `guid`; the host's
episode id; the YouTube id; any other declared id; ids found in the links. An id claimed by two episodes identifies
neither, and both fall to their next rung.

Spec: podcast:guid, https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/guid.md
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid5

from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.problems import problem
from feedbuilder.resolve.links import is_placeholder
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


def resolve_guids(episodes: Sequence[EpisodeFile], show: str) -> tuple[dict[str, str], list[Problem]]:
    """Return each episode's guid by path; an episode that nothing identifies is named in a problem instead."""
    claims: dict[tuple[str, str], list[EpisodeFile]] = defaultdict(list)
    rungs: dict[str, list[tuple[str, str]]] = {}
    for episode in episodes:
        rungs[episode.path] = list(dict.fromkeys(declared_ids(episode)))
        for claim in rungs[episode.path]:
            claims[claim].append(episode)
    problems = [fault for episode in episodes for fault in _unusable_guid(episode)]
    guids: dict[str, str] = {}
    for episode in episodes:
        own = next((claim for claim in rungs[episode.path] if len(claims[claim]) == 1), None)
        if own is None and rungs[episode.path]:
            problems.append(_only_doubled(episode, [(claim, claims[claim]) for claim in rungs[episode.path]]))
        elif own is None:
            problems.append(_unidentified(episode, show))
        elif own[0] == "guid":
            guids[episode.path] = own[1]
        else:
            guids[episode.path] = str(uuid5(UUID(show), ":".join(own)))
    problems += [
        _doubled(claim, claimants[0], other)
        for claim, claimants in claims.items()
        for other in claimants[1:]
        if other.path in guids  # the others are told of it as what holds them
    ]
    return guids, problems


def declared_ids(episode: EpisodeFile) -> Iterator[tuple[str, str]]:
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
        if not is_placeholder(link.url) and (claim := _id_in_link(link.url)) and not is_placeholder(claim[1]):
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


def _id_in_link(url: str) -> tuple[str, str] | None:
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


def _doubled(claim: tuple[str, str], first: EpisodeFile, other: EpisodeFile) -> Problem:
    message = f"the {_named(claim)} is also that of {first.path}; it identifies neither of them"
    return problem("doubled-id", _place(other, claim), message, "correct the one that was copied by mistake")


def _only_doubled(episode: EpisodeFile, claims: Sequence[tuple[tuple[str, str], Sequence[EpisodeFile]]]) -> Problem:
    """Hold an episode whose every id is another's as well: a new guid could go to the one that is out already."""
    told = "; ".join(
        f"the {_named(claim)} is also that of {', '.join(other.path for other in claimants if other is not episode)}"
        for claim, claimants in claims
    )
    service = claims[0][0][0]
    remedy = (
        f"one of these was copied: change the {service if service == 'guid' else f'{service} id'} in the newer file"
    )
    message = f"{told}; nothing else identifies this episode, so it is held"
    return problem("doubled-id", _place(episode, claims[0][0]), message, remedy, severity=Severity.ERROR)


def _named(claim: tuple[str, str]) -> str:
    service, value = claim
    return f"{service if service == 'guid' else f'{service} id'} {value!r}"


def _place(episode: EpisodeFile, claim: tuple[str, str]) -> Place:
    return episode.place(*(("guid",) if claim[0] == "guid" else ("ids", claim[0])))


def _unidentified(episode: EpisodeFile, show: str) -> Problem:
    fresh = uuid5(UUID(show), f"new:{episode.path}")
    return problem(
        "no-identity",
        episode.place(),
        "nothing lasting identifies this episode: no guid and no id of its own, so it is held",
        "if this episode is out already, copy its <guid> from that feed; else add this line, and never change it: "
        f"{episode.names.shown('guid')}: {fresh}",
    )
