"""Findings their owner knows of and accepts, each with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from feedbuilder.check.every_rule import RULES
from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppression:
    """A rule that is not held against some files."""

    rule: str  # a code
    reason: str
    place: Place  # where the config says so
    path: str | None = None  # of an archive's or an output file, with * and ? for any; None: everywhere

    def matches(self, code: str, paths: Iterable[str]) -> bool:
        """Whether a finding of a rule, in files of these paths, is meant."""
        return code == self.rule and (self.path is None or any(fnmatchcase(path, self.path) for path in paths))


def suppression_faults(suppressions: Sequence[Suppression]) -> list[Problem]:
    """Return what is wrong with suppressions: a rule there is not, or no reason."""
    faults = []
    for one in suppressions:
        if one.rule not in RULES:
            message = f"`check.ignore`: there is no rule {one.rule!r}"
            faults.append(problem("config-value", one.place, message, "docs/check.md lists the rules"))
        if not one.reason.strip():
            message = f"`check.ignore`: nothing says why {one.rule} is ignored"
            faults.append(problem("config-value", one.place, message, "write reason: …"))
    return faults
