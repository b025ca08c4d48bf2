"""What a rule is: what is demanded, by whom and how strongly, how it is seen to be broken, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from feedbuilder.check.feed import Item


class Level(StrEnum):
    """How much a broken rule costs."""

    ERROR = "error"  # a directory refuses the show or the episode, or an app cannot use the file
    WARNING = "warning"  # taken, and something is lost
    INFO = "info"  # advice


RANK: Final = MappingProxyType({Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2})


class Profile(StrEnum):
    """Whose demands a feed is held against."""

    RSS = "rss"  # the format itself, as the W3C feed validator reads it
    APPLE = "apple"
    SPOTIFY = "spotify"
    YOUTUBE = "youtube"
    PODCAST_INDEX = "podcast-index"  # and the podcast namespace, whose home it is
    PSP1 = "psp1"
    ALL = "all"


EVERYONE: Final = "rss apple spotify youtube podcast-index psp1"
DIRECTORIES: Final = "apple spotify youtube podcast-index psp1"
APPS: Final = "apple podcast-index psp1"
"""Who reads chapters and transcripts."""


class Fault(NamedTuple):
    """One place where a rule is broken."""

    message: str
    line: int | None = None  # of the file that was checked, from 1
    element: str = ""  # which part of it, in words: enclosure, chapter 3
    item: Item | None = None  # the feed's item it belongs to, where it is not told already
    path: str | None = None  # of another file of the folder than the one that was checked
    url: str = ""  # that was asked


MOST_PLACES: Final = 100
"""Of one rule in one chapters or transcript file; to find the line of each of thousands takes long and helps nobody."""
Faults = Iterator[Fault]
Subject = TypeVar("Subject")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule(Generic[Subject]):
    """One demand on one kind of thing that is published."""

    code: str  # as docs/check.md lists it
    demand: str
    levels: Mapping[Profile, Level]  # who holds it against a feed; `all` has the strictest of them
    spec: str  # address
    remedy: str  # in the words of the feed
    in_archive: str  # in the words of the archive and the config; empty where the feed's do
    key: str  # the archive's field it comes from, or `config:` and the setting; empty where there is none
    check: Callable[[Subject], Iterable[Fault]]

    @property
    def level(self) -> Level:
        """Return how strictly the strictest profile takes it."""
        return self.levels[Profile.ALL]


def rule(
    code: str,
    demand: str,
    *,
    error: str = "",
    warning: str = "",
    info: str = "",
    spec: str,
    remedy: str,
    in_archive: str = "",
    key: str = "",
) -> Callable[[Callable[[Subject], Iterable[Fault]]], Rule[Subject]]:
    """Make a rule of a function that yields its faults.

    `error`, `warning` and `info` name the profiles that hold it, separated by spaces.
    """
    levels = {
        Profile(profile): level
        for level, profiles in ((Level.INFO, info), (Level.WARNING, warning), (Level.ERROR, error))
        for profile in profiles.split()
    }
    levels[Profile.ALL] = min(levels.values(), key=RANK.__getitem__)

    def make(check: Callable[[Subject], Iterable[Fault]]) -> Rule[Subject]:
        return Rule(
            code=code,
            demand=demand,
            levels=MappingProxyType(levels),
            spec=spec,
            remedy=remedy,
            in_archive=in_archive,
            key=key,
            check=check,
        )

    return make


def broken(
    rules: Iterable[Rule[Any]], subject: object, *, most: int | None = None
) -> Iterator[tuple[Rule[Any], Fault]]:
    """Yield every fault of a subject with the rule it breaks; of one rule `most` of them, and that there are more."""
    for one in rules:
        for number, fault in enumerate(one.check(subject)):
            if number == most:
                yield one, Fault(f"there are more than {most} such places in this file")
                break
            yield one, fault


def shortened(value: str, length: int = 80) -> str:
    """Return a value as messages quote it."""
    flat = " ".join(value.split())
    return repr(flat if len(flat) <= length else f"{flat[: length - 1]}…")
