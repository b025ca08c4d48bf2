"""Every rule by its code: those of files, and those that only servers can show to be kept.

Apart from the catalogue of files, which every build needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from feedbuilder.check import catalogue
from feedbuilder.check.hosting import examine
from feedbuilder.check.rules import Rule

SERVER_RULES: Final[tuple[Rule[Any], ...]] = tuple(
    sorted((*examine.RULES, *examine.FILE_RULES), key=lambda one: one.code)
)
GROUPS: Final[Mapping[str, tuple[Rule[Any], ...]]] = MappingProxyType(
    {**catalogue.GROUPS, "Servers, with --online": SERVER_RULES}
)
"""The rules as docs/check.md lists them."""

RULES: Final[Mapping[str, Rule[Any]]] = MappingProxyType({one.code: one for group in GROUPS.values() for one in group})

NEEDS_SERVERS: Final[Mapping[str, str]] = MappingProxyType(
    {one.code: "only servers can tell: --online asks them" for one in SERVER_RULES}
)
"""Rules that need more than the files, and why they are not checked without."""
