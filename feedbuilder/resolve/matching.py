"""Find for each file of the archive its item in the host's feed, so that guid, date and audio can be taken over.

A wrong match would give an episode the audio and guid of another, so a match is taken only where independent evidence
agrees and nothing comes near it; all else is doubtful, and the owner's to decide. The rule, in one place:
`_why_not`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from feedbuilder.errors import Problem
from feedbuilder.resolve.decisions import Decision, item_key, settle_decisions
from feedbuilder.resolve.evidence import IDENTITY, MINOR, Evidence, Kind, Weight, against
from feedbuilder.resolve.match_facts import Dates, Numbers, compare_durations, compare_types
from feedbuilder.resolve.match_ids import Ids
from feedbuilder.resolve.match_names import Names
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.host_feed import HostItem

_ENOUGH = 3  # what evidence must weigh together, where nothing speaks against it…
_ENOUGH_AGAINST_DOUBT = 4  # … and by how much it must outweigh what does
_MARGIN = 2  # how much more it must weigh than that of the next candidate
_FAIR_SAMPLE = 3  # matches that are sure without a kind of evidence, to judge that kind by
_APART_DAYS = 7  # between items of one title that cannot be one episode uploaded twice
_SHOWN = 3  # candidates that the owner is shown for one file

_OWNERS_WORD = Evidence(kind=Kind.DECISION, weight=int(Weight.DECISIVE), words="the owner's decision")

_BOTH_STRONG = ({Kind.NUMBER, Kind.DATE}, {Kind.NUMBER, Kind.TITLE})  # for hosts renumber

Pair = tuple[int, int]


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
    table = _compare(open_files, open_items, zone, people or {}, show_titles)
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


def _compare(
    episodes: Sequence[EpisodeFile], items: Sequence[HostItem], zone: tzinfo, people: Mapping[str, str],
    show_titles: Sequence[str],
) -> dict[Pair, tuple[Evidence, ...]]:  # fmt: skip
    """Return all evidence on every file and item that have anything in common."""
    ids, names = Ids(episodes, items), Names(episodes, items, people, show_titles)
    dates = Dates(episodes, items, zone, names.sure_pairs())
    numbers = Numbers(episodes, items, names.files, names.items)
    pairs = sorted({*ids.pairs(), *dates.pairs(), *names.pairs(), *numbers.pairs()})
    table: dict[Pair, tuple[Evidence, ...]] = {}
    for pair in pairs:
        found = (
            *ids.compare(*pair),
            names.compare(*pair),
            numbers.compare(*pair),
            dates.compare(*pair),
            compare_durations(episodes[pair[0]], items[pair[1]]),
            compare_types(episodes[pair[0]], items[pair[1]]),
        )
        table[pair] = _independent(_weigh_namesakes(pair, [piece for piece in found if piece], names, dates))
    table = _without_unreliable(table)
    return {pair: (*evidence, *_copied_id(pair, table, ids)) for pair, evidence in table.items()}


def _copied_id(pair: Pair, table: Mapping[Pair, tuple[Evidence, ...]], ids: Ids) -> Iterator[Evidence]:
    """Yield what speaks against a pair when an id of the file is declared twice and is better no other file's."""
    for item, others in ids.contested(pair[0]):
        owned = any(
            piece.weight >= Weight.STRONG and piece.kind not in IDENTITY
            for other in others
            for piece in table.get((other, item), ())
        )
        if item != pair[1] and not owned:
            yield against(Kind.ID, Weight.STRONG, "an id of the file is in another item, which may be no other file's")
            return


def _weigh_namesakes(pair: Pair, evidence: Sequence[Evidence], names: Names, dates: Dates) -> list[Evidence]:
    """Count a title that several episodes have only where an id or the very day picks one of them.

    Titles are repeated on purpose, as Q&A, and by hosts on which an episode was uploaded anew, days after the first.
    """
    if any(piece.kind in IDENTITY and piece.weight > 0 for piece in evidence):
        return list(evidence)
    files, items = names.namesakes(*pair)
    gaps = [dates.day_gap(file, pair[1]) for file in files]
    gaps += [dates.day_gap(pair[0], item) for item in {*items, *names.twins(pair[1])}]
    is_picked = dates.day_gap(*pair) == 0 and all(gap is not None and gap > _APART_DAYS for gap in gaps)
    if is_picked:
        return list(evidence)
    twin = (
        [against(Kind.TWIN, Weight.STRONG, "the host has another item of this title")] if names.twins(pair[1]) else []
    )
    return [replace(piece, weight=0) if piece.shared else piece for piece in evidence] + twin


def _independent(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Leave out what only repeats other evidence: a title read off an equal id, a number read off an equal title."""
    speaking = {piece.kind for piece in evidence if piece.weight > 0 and not piece.hearsay}
    if Kind.ID in speaking:
        evidence = [piece for piece in evidence if not (piece.kind is Kind.TITLE and piece.hearsay)]
    titled = any(piece.kind is Kind.TITLE and piece.weight > 0 for piece in evidence)
    return tuple(
        piece for piece in evidence if not (piece.kind is Kind.NUMBER and piece.hearsay and piece.weight > 0 and titled)
    )


def _without_unreliable(table: dict[Pair, tuple[Evidence, ...]]) -> dict[Pair, tuple[Evidence, ...]]:
    """Leave out kinds of evidence that this show keeps otherwise than its host, such as episode numbers."""
    for kind in (Kind.NUMBER, Kind.DATE, Kind.DURATION):
        judged = 0
        wrong = 0
        for evidence in table.values():
            sure = {piece.kind for piece in evidence if piece.weight >= Weight.STRONG and piece.kind != kind}
            own = [piece.weight for piece in evidence if piece.kind is kind]
            if own and len(sure) >= 2 and all(piece.weight >= 0 for piece in evidence if piece.kind != kind):
                judged += 1
                wrong += own[0] < 0
        if judged >= _FAIR_SAMPLE and wrong >= 0.75 * judged:
            words = f"(the {kind}s of files and feed differ throughout, so they are not counted)"
            table = {
                pair: tuple(
                    replace(piece, weight=0, words=f"{piece.words} {words}") if piece.kind is kind else piece
                    for piece in evidence
                )
                for pair, evidence in table.items()
            }
    return table


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

    Two independent kinds must speak for it, one of them strongly, and none against; a guid needs no second. Weak
    evidence against is borne where an id speaks for it, strong only where it is outweighed twice over.
    """
    speaking = {piece.kind: piece.weight for piece in evidence if piece.weight > 0}
    opposing = [piece for piece in evidence if piece.weight < 0]
    witnesses = {Kind.ID if kind in IDENTITY else kind for kind in speaking.keys() - MINOR}
    weight = sum(speaking.values()) + sum(piece.weight for piece in opposing)
    contradiction = " and ".join(piece.words for piece in opposing)
    if not speaking:
        return contradiction or "nothing speaks for it"
    if Kind.GUID in speaking and not opposing:
        return None
    if len(witnesses) < 2:
        return f"only one thing speaks for it: {sentence([piece for piece in evidence if piece.weight > 0])}" + (
            f"; against it: {contradiction}" if opposing else ""
        )
    if witnesses in _BOTH_STRONG and min(speaking[kind] for kind in witnesses) < Weight.STRONG:
        return f"too little speaks for it: {sentence(evidence)}"
    if max(speaking[kind] for kind in speaking.keys() - MINOR) < Weight.STRONG:
        return f"only weak evidence speaks for it: {sentence(evidence)}"
    if witnesses == {Kind.ID, Kind.DATE} and speaking[Kind.DATE] < Weight.STRONG:
        return f"nothing but the id speaks for it clearly: {sentence(evidence)}"
    is_identified = bool(IDENTITY & speaking.keys()) and max(speaking.values()) == Weight.DECISIVE
    if opposing and not (is_identified and all(piece.weight == -Weight.WEAK for piece in opposing)):
        strong = sum(each for each in speaking.values() if each >= Weight.STRONG)
        outweighed = strong + sum(piece.weight for piece in opposing) >= _ENOUGH_AGAINST_DOUBT
        return None if outweighed else f"contradicted: {contradiction}"
    return (
        None
        if weight >= (_ENOUGH_AGAINST_DOUBT if opposing else _ENOUGH)
        else f"too little speaks for it: {sentence(evidence)}"
    )


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
    if is_free:
        return bool(speaking) and sum(piece.weight for piece in evidence) >= 0
    return any(piece.weight >= Weight.STRONG and piece.kind is not Kind.DATE for piece in speaking)
