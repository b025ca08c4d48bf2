"""All evidence on all pairs of a file and an item that have anything in common, weighed within the whole show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

from feedbuilder.resolve.evidence import IDENTITY, Evidence, Kind, Weight, against
from feedbuilder.resolve.match_facts import Dates, Numbers, compare_durations, compare_types
from feedbuilder.resolve.match_ids import Ids
from feedbuilder.resolve.match_names import Names
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.host_feed import HostItem

_FAIR_SAMPLE = 3  # matches that are sure without a kind of evidence, to judge that kind by
_APART_DAYS = 7  # between items of one title that cannot be one episode uploaded twice

Pair = tuple[int, int]
"""The numbers of a file and an item."""


def compare_all(
    episodes: Sequence[EpisodeFile], items: Sequence[HostItem], zone: tzinfo, people: Mapping[str, str],
    show_titles: Sequence[str],
) -> dict[Pair, tuple[Evidence, ...]]:  # fmt: skip
    """Return all evidence on every file and item that have anything in common."""
    ids, names = Ids(episodes, items), Names(episodes, items, people, show_titles)
    dates = Dates(episodes, items, zone, [*names.sure_pairs(), *ids.sure_pairs()])
    numbers = Numbers(episodes, items, names.files, names.items)
    pairs = sorted({*ids.pairs(), *dates.pairs(), *names.pairs(), *numbers.pairs()})
    table: dict[Pair, tuple[Evidence, ...]] = {}
    for pair in pairs:
        found = (
            *ids.compare(*pair),
            *names.compare(*pair),
            numbers.compare(*pair),
            dates.compare(*pair),
            compare_durations(episodes[pair[0]], items[pair[1]]),
            compare_types(episodes[pair[0]], items[pair[1]]),
        )
        table[pair] = _independent(_weigh_namesakes(pair, [piece for piece in found if piece], names, dates))
    table = _with_silence(_without_unreliable(table))
    return {pair: (*evidence, *_copied_id(pair, table, ids)) for pair, evidence in table.items()}


def _copied_id(pair: Pair, table: Mapping[Pair, tuple[Evidence, ...]], ids: Ids) -> Iterator[Evidence]:
    """Yield what speaks against a pair when an id of the file is declared twice, but not plainly another's."""
    for item, others in ids.contested(pair[0]):
        fits = [_fits(table.get((file, item), ())) for file in (pair[0], *others)]
        if item != pair[1] and (fits[0] or not any(fits)):
            yield against(Kind.ID, Weight.STRONG, "an id of the file is in another item, and may be rightly so")
            return


def _fits(evidence: Sequence[Evidence]) -> bool:
    return any(piece.weight >= Weight.STRONG and piece.kind not in IDENTITY for piece in evidence)


def _weigh_namesakes(pair: Pair, evidence: Sequence[Evidence], names: Names, dates: Dates) -> list[Evidence]:
    """Count a title that several episodes have only where the very day or an undisputed id picks one of them.

    Titles are repeated on purpose, as Q&A, and by hosts on which an episode was uploaded anew, days after the first.
    """
    if any(piece.kind in IDENTITY and piece.weight > 0 for piece in evidence):
        is_opposed = any(piece.weight < 0 for piece in evidence)
        return [replace(piece, weight=0) if piece.shared and is_opposed else piece for piece in evidence]
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
    if any(piece.kind is Kind.ID and piece.weight > 0 for piece in evidence):
        evidence = [piece for piece in evidence if not (piece.kind is Kind.TITLE and piece.hearsay)]
    titles = [piece for piece in evidence if piece.kind is Kind.TITLE]
    best = titles[0] if titles else None  # the words of an id say more than the guest
    return tuple(
        piece
        for piece in evidence
        if (piece.kind is not Kind.TITLE or piece is best)
        and not (piece.kind is Kind.NUMBER and piece.hearsay and piece.weight > 0 and best and best.weight > 0)
    )


def _without_unreliable(table: dict[Pair, tuple[Evidence, ...]]) -> dict[Pair, tuple[Evidence, ...]]:
    """Leave out kinds of evidence that this show keeps otherwise than its host, such as episode numbers."""
    for kind in (Kind.NUMBER, Kind.DATE, Kind.DURATION):
        weights = [
            piece.weight
            for evidence in table.values()
            for piece in evidence
            if piece.kind is kind and _is_sure_without(kind, evidence)
        ]
        if len(weights) >= _FAIR_SAMPLE and sum(weight < 0 for weight in weights) >= 0.75 * len(weights):
            words = f"(the {kind}s of files and feed differ throughout, so they are not counted)"
            table = {
                pair: tuple(
                    replace(piece, weight=0, words=f"{piece.words} {words}") if piece.kind is kind else piece
                    for piece in evidence
                )
                for pair, evidence in table.items()
            }
    return table


def _with_silence(table: dict[Pair, tuple[Evidence, ...]]) -> dict[Pair, tuple[Evidence, ...]]:
    """Count it against a pair that its titles have nothing in common, in a show where they mostly have."""
    sure = [evidence for evidence in table.values() if _is_sure_without(Kind.TITLE, evidence)]
    silent = [evidence for evidence in sure if _is_silent(evidence)]
    if len(sure) < _FAIR_SAMPLE or len(silent) > 0.25 * len(sure):
        return table
    words = "the titles have nothing in common, which is rare in this show"
    piece = against(Kind.TITLE, Weight.WEAK, words)
    return {pair: (*evidence, piece) if _is_silent(evidence) else evidence for pair, evidence in table.items()}


def _is_silent(evidence: Sequence[Evidence]) -> bool:
    """Whether titles say nothing; where the guid is the same they need not."""
    return not any(piece.kind in (Kind.TITLE, Kind.GUID) and piece.weight != 0 for piece in evidence)


def _is_sure_without(kind: Kind, evidence: Sequence[Evidence]) -> bool:
    """Whether two kinds speak strongly for a pair, and none against it, this kind apart."""
    others = [piece for piece in evidence if piece.kind != kind]
    return len({piece.kind for piece in others if piece.weight >= Weight.STRONG}) >= 2 and all(
        piece.weight >= 0 for piece in others
    )
