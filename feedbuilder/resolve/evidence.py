"""What speaks for or against a file of the archive and an item of the host's feed being the same episode."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """Where evidence comes from; kinds are independent of each other, so two that agree are no chance."""

    DECISION = "decision"  # the owner's own word
    GUID = "guid"
    ID = "id"  # of the host, YouTube, Apple, Spotify; the address of the audio or of the page
    TITLE = "title"  # and the guest whom it names
    NUMBER = "number"
    DATE = "date"
    DURATION = "duration"
    TYPE = "type"  # full, trailer, bonus
    TWIN = "twin"  # another item of the same title; only ever against


IDENTITY = frozenset({Kind.DECISION, Kind.GUID, Kind.ID})
MINOR = frozenset({Kind.DURATION, Kind.TYPE})  # many episodes share these, so they only add to others


class Weight(IntEnum):
    """How much a piece of evidence tells; against is negative."""

    NOTHING = 0  # worth telling, decides nothing
    WEAK = 1  # others of the show have it as well, or it is only nearly so
    STRONG = 2  # in the whole show, only these two have it
    DECISIVE = 3  # made to identify, and only these two have it


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One thing that a file and an item agree or disagree in."""

    kind: Kind
    weight: int  # a Weight, negative where it speaks against
    words: str  # for the owner, within a sentence
    hearsay: bool = False  # read off an id or a title, so no second witness beside that
    shared: bool = False  # other episodes have it as well, so it needs something that picks one of them


def for_(kind: Kind, weight: Weight, words: str, *, hearsay: bool = False, shared: bool = False) -> Evidence:
    """Return evidence that they are the same."""
    return Evidence(kind=kind, weight=int(weight), words=words, hearsay=hearsay, shared=shared)


def against(kind: Kind, weight: Weight, words: str) -> Evidence:
    """Return evidence that they are two."""
    return Evidence(kind=kind, weight=-int(weight), words=words)


def told(kind: Kind, words: str) -> Evidence:
    """Return what the owner should know and what decides nothing."""
    return Evidence(kind=kind, weight=0, words=words)
