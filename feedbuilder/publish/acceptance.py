"""What the guard may let pass, as `--accept` names it: a kind of change, or that kind for one episode."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from feedbuilder.errors import UsageError

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "removals": "episodes leave the feed",
        "guids": "episodes get another guid, or share one",
        "audio": "episodes lose their audio, or its address changes",
        "dates": "episodes get another date",
        "transcripts": "transcripts go, or lose a good part of their words",
        "chapters": "chapters go, or most of them",
        "notes": "episodes lose their notes",
        "pictures": "episodes lose their pictures",
        "artwork": "the show loses its artwork",
        "move": "the feed gets another name or address, or the folder is another show's",
        "overwrite": "files that are not feedbuilder's are replaced",
        "rollback": "what is built takes the place of what was rolled back to",
    }
)
"""Kind → what it lets pass."""

_ALONE: Final = frozenset({"artwork", "move", "rollback"})
_BY_ONE: Final = {kind.removesuffix("s"): kind for kind in KINDS}  # removal:one, as well as removals:one


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance:
    """What the owner means to happen."""

    kinds: frozenset[str] = frozenset()
    named: frozenset[tuple[str, str]] = frozenset()  # (kind, the episode's slug, file or guid; a path for overwrite)

    def covers(self, kind: str, names: Collection[str] = ()) -> bool:
        """Whether a change of this kind is meant for something that goes by these names."""
        return kind in self.kinds or any((kind, name) in self.named for name in names)


def parse_acceptance(values: Iterable[str]) -> Acceptance:
    """Return what `--accept KIND` and `--accept KIND:EPISODE` say.

    Raises:
        UsageError: for a kind there is not.

    >>> parse_acceptance(["dates", "guid:tag:show.example,2020:7"]).named
    frozenset({('guids', 'tag:show.example,2020:7')})
    """
    kinds, named = set(), set()
    for value in values:
        word, colon, name = (part.strip() for part in value.partition(":"))
        kind = word if word in KINDS else _BY_ONE.get(word)
        if kind is None:
            known = "".join(f"\n  {kind:<12}{meaning}" for kind, meaning in KINDS.items())
            raise UsageError(
                f"--accept {value}: there is no {word!r} to accept; there are{known}\n"
                "each of them for a single episode as well, by its slug, file or guid: --accept removals:EPISODE"
            )
        if not colon:
            kinds.add(kind)
        elif kind in _ALONE:
            raise UsageError(f"--accept {value}: {kind} is about the whole feed; say --accept {kind}")
        elif not name:
            raise UsageError(f"--accept {value}: no episode is named; say --accept {kind} for all of them")
        else:
            named.add((kind, name))
    return Acceptance(kinds=frozenset(kinds), named=frozenset(named))
