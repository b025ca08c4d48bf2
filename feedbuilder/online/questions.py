"""What is asked of servers about published files, and what they answered: values alone.

Spec: RFC 9110, 9.3.2 (HEAD), 13 (conditional requests), 14 (range requests)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from feedbuilder.online.faults import WebFault

ORIGIN: Final = "https://player.example"
"""The site that a page claims to be of when it asks as a web player does."""


class Question(StrEnum):
    """One request about an address."""

    HEAD = "head"
    WHOLE = "whole"  # GET
    RANGE = "range"  # GET of the first bytes
    AGAIN = "again"  # GET on condition that it changed since WHOLE


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """One address, and what to ask about it, in this order."""

    url: str
    questions: tuple[Question, ...]
    keeps_body: bool = False  # of WHOLE; else only its hash
    as_web_player: bool = False  # whether to ask as a page of another site would


class Redirect(NamedTuple):
    """One step on the way to an answer."""

    status: int
    source: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer that came, whatever its status."""

    url: str  # who answered, after redirects
    status: int
    headers: Mapping[str, str]  # by lower-case name
    redirects: tuple[Redirect, ...] = ()
    length_bytes: int | None = None  # of a body that was read, unpacked
    sha256: str | None = None
    body: bytes | None = None


Heard = Mapping[Question, Reply | WebFault]
"""What came of each question; those after one that could not be asked at all are missing."""
