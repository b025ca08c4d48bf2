"""The owner's own word on which file is which item: binding, unless it contradicts itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.host_feed import HostItem


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """One answered row of the review table."""

    file: str  # as messages name it; empty: the item has no file
    guid: str  # the item's key, see `item_key`; empty: the file has no item
    is_same: bool
    place: Place
    shown: tuple[str, ...] = ()  # the row's other cells, kept for when neither file nor item is there any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """Decisions made sense of."""

    matches: tuple[tuple[EpisodeFile, HostItem], ...]
    forbidden: frozenset[tuple[str, str]]
    closed_files: frozenset[str]  # paths that need no more search
    closed_items: frozenset[int]  # numbers of such items in the feed
    files_without_item: tuple[EpisodeFile, ...]
    problems: tuple[Problem, ...]

    def forbids(self, episode: EpisodeFile, item: HostItem) -> bool:
        """Whether the owner said that these are two."""
        return (episode.path, item_key(item)) in self.forbidden


def item_key(item: HostItem) -> str:
    """Return what names an item in the review table: its guid, or what comes nearest to one."""
    audio = item.enclosure.url if item.enclosure else None
    return (item.guid or "").strip() or audio or item.link or f"line {item.place.line}"


def settle_decisions(
    episodes: Sequence[EpisodeFile], items: Sequence[HostItem], decisions: Sequence[Decision]
) -> Decided:
    """Return what the decisions bind; where they contradict each other, files and items are left alone and told of."""
    files = {episode.path: episode for episode in episodes}
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        numbers[item_key(item)].append(number)
    problems: list[Problem] = []
    usable: list[Decision] = []
    for decision in decisions:
        fault = _unusable(decision, files, numbers)
        usable += [] if fault else [decision]
        problems += [fault] if fault else []
    refused: set[Decision] = set()
    for first, second in _clashes(usable):
        refused |= {first, second}
        message = f"this row and the one on line {first.place.line} cannot both be right; neither is used"
        problems.append(problem("decision-clash", second.place, message, "correct one of the two"))
    pairs = {(row.file, row.guid) for row in usable if row.is_same and row not in refused}
    alone = [row for row in usable if row in refused or not (row.file and row.guid)]
    without_item = {row.file for row in alone} - {""}
    return Decided(
        matches=tuple((files[file], items[numbers[guid][0]]) for file, guid in sorted(pairs)),
        forbidden=frozenset((row.file, row.guid) for row in usable if not row.is_same),
        closed_files=frozenset({file for file, _ in pairs} | without_item),
        closed_items=frozenset(
            numbers[guid][0] for guid in {guid for _, guid in pairs} | {row.guid for row in alone} - {""}
        ),
        files_without_item=tuple(episode for episode in episodes if episode.path in without_item),
        problems=tuple(problems),
    )


def _unusable(
    decision: Decision, files: Mapping[str, EpisodeFile], numbers: Mapping[str, Sequence[int]]
) -> Problem | None:
    if decision.file and decision.file not in files:
        message = f"no episode file {decision.file!r} could be read"
        remedy = "correct the path, or delete the row if the file is gone for good"
    elif decision.guid and decision.guid not in numbers:
        message = f"the host's feed has no item {decision.guid!r}"
        remedy = "copy the guid from the feed, or delete the row if the item is gone for good"
    elif decision.guid and len(numbers[decision.guid]) > 1:
        message = f"{decision.guid!r} is the guid of {len(numbers[decision.guid])} items of the host's feed"
        remedy = "none here: the host must give each episode a guid of its own"
    else:
        return None
    return problem("decision-unknown", decision.place, f"{message}; the row is kept and does nothing", remedy)


def _clashes(decisions: Sequence[Decision]) -> Iterator[tuple[Decision, Decision]]:
    """Yield every two rows of which one must be wrong, in their order."""
    by_name: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for row in decisions:
        by_name["file", row.file].append(row)
        by_name["guid", row.guid].append(row)
    seen: set[tuple[int, int]] = set()
    for (_, name), group in by_name.items():
        for first, second in combinations(group, 2) if name else ():
            if (id(first), id(second)) not in seen and _contradict(first, second):
                seen.add((id(first), id(second)))
                yield first, second


def _contradict(first: Decision, second: Decision) -> bool:
    """Whether two rows that name the same file or item cannot both be right."""
    same_pair = (first.file, first.guid) == (second.file, second.guid)
    if first.is_same and second.is_same:
        return not same_pair
    if first.is_same == second.is_same:
        return False
    no = second if first.is_same else first
    return same_pair or not (no.file and no.guid)
