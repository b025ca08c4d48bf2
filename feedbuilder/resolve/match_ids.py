"""Ids that a file and an item share: the guid, the host's own id, the address of the audio or of the page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from feedbuilder.resolve.evidence import Evidence, Kind, Weight, against, for_, told
from feedbuilder.resolve.identity import declared_ids, id_in_link
from feedbuilder.resolve.links import is_placeholder
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.host_feed import HostItem

_ANCHOR_ID = re.compile(r"e[0-9a-v]{5,8}")
_ANCHOR_LINK = re.compile(r"//(?:[a-z.]*\.)?(?:anchor\.fm|spotify\.com)/.*-(e[0-9a-v]{5,8})(?:/a-[0-9a-z]+)?/?$")
_ANCHOR_PLAY = re.compile(r"//(?:[a-z.]*\.)?anchor\.fm/s/[0-9a-f]+/podcast/play/(\d{5,12})(?:/|$)")
_BASE_32 = "0123456789abcdefghijklmnopqrstuv"
_SHORTEST = 5  # characters; shorter ids are also years, months and counters in addresses
_NAMES = {"youtube": "YouTube", "audio": "audio address", "page": "page address"}

Claim = tuple[str, str]
_Key = TypeVar("_Key", bound=Hashable)


class Ids:
    """Knows which files declare which ids, and which items hold them."""

    def __init__(self, episodes: Sequence[EpisodeFile], items: Sequence[HostItem]) -> None:
        self._claims = [_claims(episode) for episode in episodes]
        self._guids = [next((value for name, value in declared_ids(file) if name == "guid"), None) for file in episodes]
        self._items = items
        self._host_ids = [_anchor_ids(item) for item in items]
        self._mentions = [_mentioned(item) for item in items]
        self._holders = _numbers_by(_tokens(item) for item in items)
        self._guid_holders = _numbers_by((item.guid,) if item.guid else () for item in items)
        self._mention_holders = _numbers_by(self._mentions)
        self._claimants = _numbers_by(self._claims)
        self._value_claimants = _numbers_by({value for _, value in claims} for claims in self._claims)
        self._guid_claimants = _numbers_by((guid,) if guid else () for guid in self._guids)
        self._targets = [set(self._unique_targets(claims)) for claims in self._claims]
        self._callers = _numbers_by(self._targets)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield every file and item that share an id, be it another's as well."""
        for number, (claims, guid) in enumerate(zip(self._claims, self._guids, strict=True)):
            for claim in claims:
                held = (*self._holders.get(_token(claim), ()), *self._mention_holders.get(claim, ()))
                yield from ((number, item) for item in (held if len(held) <= 3 else ()))
            yield from ((number, item) for item in self._guid_holders.get(guid or "", ()))

    def sure_pairs(self) -> Iterator[tuple[int, int]]:
        """Yield files and items that share an id of nobody else's."""
        for number, targets in enumerate(self._targets):
            yield from ((number, item) for item in targets if len(targets) == len(self._callers[item]) == 1)

    def contested(self, episode: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the items that hold an id of this file which other files declare as well, with those files."""
        for claim in self._claims[episode]:
            holders, claimants = self._holders.get(_token(claim), ()), self._value_claimants[claim[1]]
            if len(holders) == 1 and len(claimants) > 1:
                yield holders[0], tuple(other for other in claimants if other != episode)

    def compare(self, episode: int, item: int) -> Iterator[Evidence]:
        """Yield what guids and ids say of a file and an item."""
        yield from self._compare_guids(episode, item)
        targets, callers = self._targets[episode], self._callers.get(item, ())
        here = [claim for claim in self._claims[episode] if item in self._holders.get(_token(claim), ())]
        if item in targets:
            named = _named(next(claim for claim in here if self._is_unique(claim)))
            if len(targets) > 1:
                yield told(Kind.ID, f"the {named} is in both, but another id of the file is in another item")
            elif len(callers) > 1:
                yield told(Kind.ID, f"the {named} is in both, but another file has another id of this item")
            else:
                yield for_(Kind.ID, Weight.DECISIVE, f"the {named} is in both")
        elif len(targets) == 1:
            (other,) = targets
            named = _named(next(claim for claim in self._claims[episode] if self._is_unique(claim)))
            yield against(Kind.ID, Weight.DECISIVE, f"the file's {named} is that of “{self._items[other].title}”")
        elif len(callers) == 1:
            yield against(Kind.ID, Weight.DECISIVE, "an id of the item is that of another file")
        else:
            yield from self._compare_unclear(episode, item, here)

    def _compare_guids(self, episode: int, item: int) -> Iterator[Evidence]:
        mine, theirs = self._guids[episode], self._items[item].guid
        if mine is not None and mine == theirs:
            if len(self._guid_claimants[mine]) == len(self._guid_holders[mine]) == 1:
                yield for_(Kind.GUID, Weight.DECISIVE, f"the guid {mine} is in both")
            else:
                yield told(Kind.GUID, f"the guid {mine} is in both, but not only there")
        elif mine is not None and mine in self._guid_holders:
            yield against(Kind.GUID, Weight.DECISIVE, "the file's guid is that of another item")
        elif theirs is not None and theirs in self._guid_claimants:
            yield against(Kind.GUID, Weight.DECISIVE, "the item's guid is that of another file")

    def _compare_unclear(self, episode: int, item: int, here: Sequence[Claim]) -> Iterator[Evidence]:
        mine = {value for name, value in self._claims[episode] if name == "anchor" and _ANCHOR_ID.fullmatch(value)}
        single = {value for value in mine if len(self._claimants["anchor", value]) == 1}
        if here:
            yield told(Kind.ID, f"the {_named(here[0])} is in both, but not only there, so it identifies nothing")
        elif single and self._host_ids[item] and not single & self._host_ids[item]:
            words = f"the file's anchor id is {min(single)}, the item's {min(self._host_ids[item])}"
            yield against(Kind.ID, Weight.STRONG, words)
        elif common := [claim for claim in self._claims[episode] if claim in self._mentions[item]]:
            alone = [claim for claim in common if len(self._mention_holders[claim]) == len(self._claimants[claim]) == 1]
            words = f"the item's notes link to the {_named((alone or common)[0])}"
            yield for_(Kind.ID, Weight.WEAK, words) if alone else told(Kind.ID, words)

    def _unique_targets(self, claims: Iterable[Claim]) -> Iterator[int]:
        for claim in claims:
            if self._is_unique(claim):
                yield from self._holders[_token(claim)]

    def _is_unique(self, claim: Claim) -> bool:
        return len(self._holders.get(_token(claim), ())) == 1 and len(self._value_claimants[claim[1]]) == 1


def id_texts(episode: EpisodeFile) -> Iterator[str]:
    """Yield the words that hosts put before an id: the title at the time, as `AB-Testing---Jakob-Graff`."""
    addresses = [*episode.record.ids.values(), *(link.url for link in episode.record.links)]
    for address in addresses:
        for segment in reversed(re.split(r"[/?#]", unquote(address))):
            if found := re.fullmatch(r"(.*[^-].*)-(?:e[0-9a-v]{5,8}|[0-9]{6,})", segment):
                yield found[1]
                break


def link_text(item: HostItem) -> str | None:
    """Return the words of the item's own address, without the id after them."""
    try:
        path = urlsplit(item.link or "").path
    except ValueError:
        return None
    segments = [part for part in unquote(path).split("/") if part and not re.fullmatch(r"a-[0-9a-z]+|\d+", part)]
    text = re.sub(r"\.\w{2,5}$|-(?:e[0-9a-v]{5,8}|[0-9]{6,})$", "", segments[-1]) if segments else ""
    return text if len(text) >= 6 and not _ANCHOR_ID.fullmatch(text) else None


def _claims(episode: EpisodeFile) -> tuple[Claim, ...]:
    record = episode.record
    declared = [(name, value) for name, value in declared_ids(episode) if name != "guid"]
    claims = [id_in_link(value) or (name, re.split(r"[?&#]", value)[0]) for name, value in declared]
    claims += [("audio", _bare(audio.url)) for audio in (record.enclosure, record.audio) if audio and "/" in audio.url]
    claims += [("page", _bare(record.link))] if record.link and not is_placeholder(record.link) else []
    for link in record.links:  # a link to the host's page holds the host's id
        if found := _ANCHOR_LINK.search(link.url.partition("?")[0]):
            claims.append(("anchor", found[1]))
    return tuple(dict.fromkeys(claims))


def _token(claim: Claim) -> str:
    return claim[1] if len(claim[1]) >= _SHORTEST else ""


def _tokens(item: HostItem) -> Iterator[str]:
    """Yield all that an id could be in the item's own addresses: whole parts of the path, and their first and last."""
    own = [item.guid, item.link, item.enclosure.url if item.enclosure else None]
    found: set[str] = set(_anchor_ids(item))
    for address in filter(None, own):
        found |= {address, _bare(address)}
        for part in re.split(r"[/?#&=]", unquote(unquote(address))):
            stem = re.sub(r"\.\w{2,4}$", "", part)
            found |= {part, stem, stem.rpartition("-")[2], stem.partition("-")[0]}
    return (token for token in sorted(found) if len(token) >= _SHORTEST)


def _anchor_ids(item: HostItem) -> frozenset[str]:
    """Return Anchor's id of an item: it stands in its link, and in figures in the audio's address, a million less."""
    found = {match[1] for match in (_ANCHOR_LINK.search((item.link or "").partition("?")[0]),) if match}
    if play := _ANCHOR_PLAY.search(item.enclosure.url if item.enclosure else ""):
        number, figures = int(play[1]) + 1_000_000, ""
        while number:
            number, rest = divmod(number, 32)
            figures = _BASE_32[rest] + figures
        found.add(f"e{figures}")
    return frozenset(found)


def _mentioned(item: HostItem) -> frozenset[Claim]:
    return frozenset(claim for claim in map(id_in_link, item.links) if claim)


def _bare(address: str) -> str:
    """Return an address without what differs between copies of it."""
    return re.sub(r"^[a-z]+://(?:www\.)?", "", address.partition("?")[0].partition("#")[0].strip()).rstrip("/")


def _numbers_by(keys: Iterable[Iterable[_Key]]) -> dict[_Key, tuple[int, ...]]:
    numbers: dict[_Key, list[int]] = defaultdict(list)
    for number, found in enumerate(keys):
        for key in dict.fromkeys(found):
            numbers[key].append(number)
    return {key: tuple(found) for key, found in numbers.items()}


def _named(claim: Claim) -> str:
    name, value = claim
    return f"{_NAMES.get(name, name)} {value}" if name in {"audio", "page"} else f"{_NAMES.get(name, name)} id {value}"
