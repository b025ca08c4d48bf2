"""Find for each file of the archive its item in the host's feed, so that guid, date and audio can be taken over.

A wrong match would give an episode the audio and guid of another, so a match is taken only where independent evidence
agrees and nothing comes near it; all else is doubtful, and the owner's to decide. The rule, in one place:
`_why_not`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from feedbuilder.errors import Problem
from feedbuilder.resolve.comparison import Pair, compare_all
from feedbuilder.resolve.decisions import Decision, item_key, settle_decisions
from feedbuilder.resolve.evidence import IDENTITY, MINOR, Evidence, Kind, Weight
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.host_feed import HostItem

_ENOUGH_AGAINST_DOUBT = 4  # by how much evidence must outweigh what speaks against it
_MARGIN = 2  # how much more it must weigh than that of the next candidate
_SHOWN = 3  # candidates that the owner is shown for one file

_OWNERS_WORD = Evidence(kind=Kind.DECISION, weight=int(Weight.DECISIVE), words="the owner's decision")

_NEVER_OVERRULED = IDENTITY | {Kind.TITLE}  # who has these of another episode is left to the owner
_BOTH_STRONG = ({Kind.NUMBER, Kind.DATE}, {Kind.NUMBER, Kind.TITLE})  # for hosts renumber


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A file and its item, and why."""

    episode: EpisodeFile
    item: HostItem
    evidence: tuple[Evidence, ...]

    @property
    def why(self) -> str:
        """Say in a sentence what the match rests on."""
        return sentence(self.evidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An item that may be a file's."""

    item: HostItem
    evidence: tuple[Evidence, ...]
    why_not: str  # what keeps it from being taken


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A file that has no item for sure."""

    episode: EpisodeFile
    candidates: tuple[Candidate, ...]  # the best first

    @property
    def reason(self) -> str:
        """Say why not even the best candidate was taken."""
        return self.candidates[0].why_not


@dataclass(frozen=True, kw_only=True, slots=True)
class Matching:
    """What became of every file and every item."""

    matches: tuple[Match, ...]
    doubtful: tuple[Doubt, ...]
    without_item: tuple[EpisodeFile, ...]
    without_episode: tuple[HostItem, ...]  # those that are nobody's candidate either
    problems: tuple[Problem, ...] = ()  # what is wrong with the owner's decisions


def match_episodes(
    episodes: Sequence[EpisodeFile],
    items: Sequence[HostItem],
    decisions: Sequence[Decision] = (),
    *,
    zone: tzinfo,
    people: Mapping[str, str] | None = None,
    show_titles: Sequence[str] = (),
) -> Matching:
    """Match files and items one to one.

    `zone` is the show's, in which its days begin; `people` has full names by the keys that files name guests by;
    `show_titles` may stand at either end of a title without meaning anything.
    """
    decided = settle_decisions(episodes, items, decisions)
    open_files = [episode for episode in episodes if episode.path not in decided.closed_files]
    open_items = [item for number, item in enumerate(items) if number not in decided.closed_items]
    table = compare_all(open_files, open_items, zone, people or {}, show_titles)
    for pair in [pair for pair in table if decided.forbids(open_files[pair[0]], open_items[pair[1]])]:
        del table[pair]
    refusals = _refusals(table, open_items)
    taken = {pair for pair, refusal in refusals.items() if refusal is None}
    matches = [Match(episode=file, item=item, evidence=(_OWNERS_WORD,)) for file, item in decided.matches] + [
        Match(episode=open_files[pair[0]], item=open_items[pair[1]], evidence=table[pair]) for pair in taken
    ]
    doubts, without_item = _doubts(open_files, open_items, table, refusals)
    order = {episode.path: number for number, episode in enumerate(episodes)}
    in_doubt = {id(candidate.item) for doubt in doubts for candidate in doubt.candidates}
    busy = in_doubt | {id(match.item) for match in matches}
    return Matching(
        matches=tuple(sorted(matches, key=lambda match: order[match.episode.path])),
        doubtful=tuple(doubts),
        without_item=(*without_item, *decided.files_without_item),
        without_episode=tuple(item for item in items if id(item) not in busy),
        problems=decided.problems,
    )


def sentence(evidence: Sequence[Evidence]) -> str:
    """Return evidence in words, what speaks for it first.

    >>> sentence([Evidence(kind=Kind.DATE, weight=-1, words="published 40 days apart"),
    ...           Evidence(kind=Kind.ID, weight=3, words="the anchor id e1eq73v is in both")])
    'the anchor id e1eq73v is in both; but published 40 days apart'
    """
    words = [piece.words for piece in evidence if piece.weight > 0]
    words += [f"but {piece.words}" for piece in evidence if piece.weight < 0]
    words += [f"({piece.words})" for piece in evidence if piece.weight == 0]
    return "; ".join(words)


def _refusals(table: Mapping[Pair, tuple[Evidence, ...]], items: Sequence[HostItem]) -> dict[Pair, str | None]:
    """Return for every pair why it is not taken, or None where it is."""
    of_file: dict[int, list[Pair]] = defaultdict(list)
    of_item: dict[int, list[Pair]] = defaultdict(list)
    sums = {pair: sum(piece.weight for piece in evidence) for pair, evidence in table.items()}
    keys: dict[str, int] = defaultdict(int)
    for item in items:
        keys[item_key(item)] += 1
    for pair in table:
        of_file[pair[0]].append(pair)
        of_item[pair[1]].append(pair)
    refusals: dict[Pair, str | None] = {}
    for pair, evidence in table.items():
        refusal = _why_not(evidence)
        if refusal is None:
            rivals = [other for other in (*of_file[pair[0]], *of_item[pair[1]]) if other != pair]
            if any(sums[other] > sums[pair] - _MARGIN for other in rivals):
                refusal = "another candidate is nearly as likely"
            elif keys[item_key(items[pair[1]])] > 1:
                refusal = "the host's feed gives this guid to more than one item"
        refusals[pair] = refusal
    return refusals


def _why_not(evidence: Sequence[Evidence]) -> str | None:
    """Return what is missing for a match, or None when the evidence suffices.

    Two independent kinds must speak for it, one of them strongly, and none against; a guid needs no second. Evidence
    against is borne only where it is outweighed twice over, and an id or title of another episode never.
    """
    speaking = {piece.kind: piece.weight for piece in evidence if piece.weight > 0}
    opposing = [piece for piece in evidence if piece.weight < 0]
    witnesses = {Kind.ID if kind in IDENTITY else kind for kind in speaking.keys() - MINOR}
    contradiction = " and ".join(piece.words for piece in opposing)
    if Kind.GUID in speaking and not opposing:
        return None
    if len(witnesses) < 2:
        alone = sentence([piece for piece in evidence if piece.weight > 0])
        told = [f"only one thing speaks for it: {alone}" if alone else "", contradiction]
        return "; against it: ".join(part for part in told if part) or "nothing speaks for it"
    least = min(speaking[kind] for kind in speaking.keys() - MINOR)
    most = max(speaking[kind] for kind in speaking.keys() - MINOR)
    if most < Weight.STRONG or (witnesses in _BOTH_STRONG and least < Weight.STRONG):
        return f"too little speaks for it: {sentence(evidence)}"
    return f"contradicted: {contradiction}" if opposing and not _is_outweighed(opposing, speaking) else None


def _is_outweighed(opposing: Sequence[Evidence], speaking: Mapping[Kind, int]) -> bool:
    if any(piece.weight <= -Weight.STRONG and piece.kind in _NEVER_OVERRULED for piece in opposing):
        return False
    is_identified = max(speaking.values()) == Weight.DECISIVE
    is_weak = all(piece.weight == -Weight.WEAK for piece in opposing)
    major = [weight for kind, weight in speaking.items() if kind not in MINOR]
    counted = (weight for weight in major if weight >= Weight.STRONG or (is_identified and is_weak))
    return sum(counted) + sum(piece.weight for piece in opposing) >= _ENOUGH_AGAINST_DOUBT


def _doubts(
    episodes: Sequence[EpisodeFile],
    items: Sequence[HostItem],
    table: Mapping[Pair, tuple[Evidence, ...]],
    refusals: Mapping[Pair, str | None],
) -> tuple[list[Doubt], list[EpisodeFile]]:
    done_files = {pair[0] for pair, refusal in refusals.items() if refusal is None}
    done_items = {pair[1] for pair, refusal in refusals.items() if refusal is None}
    open_pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (file, item), evidence in table.items():
        if file not in done_files and _is_worth_showing(evidence, is_free=item not in done_items):
            open_pairs[file].append((-sum(piece.weight for piece in evidence), item))
    doubts = [
        Doubt(
            episode=episodes[file],
            candidates=tuple(
                Candidate(item=items[item], evidence=table[file, item], why_not=refusals[file, item] or "")
                for _, item in sorted(found)[:_SHOWN]
            ),
        )
        for file, found in sorted(open_pairs.items())
    ]
    without = [file for number, file in enumerate(episodes) if number not in done_files and number not in open_pairs]
    return doubts, without


def _is_worth_showing(evidence: Sequence[Evidence], *, is_free: bool) -> bool:
    speaking = [piece for piece in evidence if piece.weight > 0 and piece.kind not in MINOR]
    if is_free and any(piece.shared for piece in evidence):
        return True
    if is_free:
        return bool(speaking) and sum(piece.weight for piece in evidence) >= 0
    return any(piece.weight >= Weight.STRONG and piece.kind is not Kind.DATE for piece in speaking)
