"""All that is to be told of a build, kind by kind: the archive's problems and what the check found in the output."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feedbuilder.check.examine import Finding
from feedbuilder.check.rules import Level
from feedbuilder.errors import Problem, Severity
from feedbuilder.problems import CATALOGUE


class Cost(StrEnum):
    """What something that is told of costs, the dearest first."""

    HELD = "held back"
    KEPT = "kept as it was"
    REFUSED = "refused by apps or directories"
    REPAIRED = "left out or repaired"
    LOST = "something is lost"
    NOTE = "good to know"

    @property
    def is_to_mend(self) -> bool:
        """Whether its owner should do something about it."""
        return self is not Cost.NOTE


WITHHELD: Final = frozenset({"hidden-file", "template", "draft", "unpublished", "scheduled"})
"""Codes of what is not out because its owner wants it so."""
_OF_PROBLEM: Final = {Severity.ERROR: Cost.HELD, Severity.WARNING: Cost.REPAIRED, Severity.NOTE: Cost.NOTE}
_OF_FINDING: Final = {Level.ERROR: Cost.REFUSED, Level.WARNING: Cost.LOST, Level.INFO: Cost.NOTE}
_OF_NO_EPISODE: Final = frozenset({"config-value", "ledger", "decision-clash", "review-table", "host-feed-unusable"})
"""Codes of errors that hold no episode back."""
_RANK: Final = {cost: rank for rank, cost in enumerate(Cost)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One fault at one place."""

    code: str
    cost: Cost
    meaning: str
    place: str  # file:line:column, of the archive where it comes from there
    message: str
    remedy: str
    source: str  # the archive's file; empty where it is about none
    published: str = ""  # the place in the output folder, where the check found it there
    spec: str = ""  # who demands it; an address


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """All remarks of one code."""

    code: str
    cost: Cost
    meaning: str
    remarks: tuple[Remark, ...]
    remedy: str  # where one mends them all; else each has its own
    message: str  # where all have the same
    spec: str

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.remarks)

    @property
    def files(self) -> int:
        """How many archive files it is about."""
        return len({remark.source for remark in self.remarks if remark.source})


def of_problem(fault: Problem, kept: Collection[str]) -> Remark:
    """Return what a build says of the archive; `kept` are the broken files of which something is out still."""
    cost = Cost.LOST if fault.code in _OF_NO_EPISODE else _OF_PROBLEM[fault.severity]
    if cost is Cost.HELD and fault.place.path in kept:
        cost = Cost.KEPT
    return Remark(
        code=fault.code, cost=cost, meaning=CATALOGUE[fault.code].meaning,
        place=str(fault.place), message=fault.message, remedy=fault.remedy, source=fault.place.path,
    )  # fmt: skip


def of_finding(found: Finding) -> Remark:
    """Return what the check says of the output."""
    published = found.path + (f":{found.line}" if found.line else "")
    where = f" ({found.where})" if found.where else ""
    return Remark(
        code=found.rule.code, cost=_OF_FINDING[found.level], meaning=found.rule.demand,
        place=str(found.origin.place) if found.origin else published, message=f"{found.message}{where}",
        remedy=found.remedy, source=found.origin.place.path if found.origin else "", published=published,
        spec=found.rule.spec,
    )  # fmt: skip


def without_echoes(problems: Sequence[Problem], found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that the build itself has not told already, as the same rule broken by the same file."""
    told = {(fault.rule, fault.place.path) for fault in problems if fault.rule}
    return tuple(one for one in found if not told.intersection((one.rule.code, path) for path in one.paths))


def by_kind(remarks: Iterable[Remark]) -> tuple[Kind, ...]:
    """Return remarks kind by kind, the dearest first, and of those the most frequent."""
    kinds: dict[tuple[Cost, str], list[Remark]] = defaultdict(list)
    for remark in remarks:
        kinds[remark.cost, remark.code].append(remark)
    ordered = sorted(kinds.items(), key=lambda kind: (_RANK[kind[0][0]], -len(kind[1]), kind[0][1]))
    return tuple(_kind(cost, code, told) for (cost, code), told in ordered)


def to_mend_by_source(remarks: Iterable[Remark]) -> Counter[str]:
    """Count what is to be mended in each archive file."""
    return Counter(remark.source for remark in remarks if remark.cost.is_to_mend)


def _kind(cost: Cost, code: str, told: Sequence[Remark]) -> Kind:
    remedies, messages = {remark.remedy for remark in told}, {remark.message for remark in told}
    return Kind(
        code=code, cost=cost, meaning=told[0].meaning, remarks=tuple(told), spec=told[0].spec,
        remedy=remedies.pop() if len(remedies) == 1 else "",
        message=messages.pop() if len(messages) == 1 and len(told) > 1 else "",
    )  # fmt: skip
