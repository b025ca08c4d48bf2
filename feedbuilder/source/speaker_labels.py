"""`Ana: words`: which of the words before a colon name a speaker, and which belong to a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_NAME_WORD = r"[^\W\d_a-z][^\s:：\[\](（）);!?。、，！？；…\"«»“”「」]{0,24}"
NAME = rf"{_NAME_WORD}(?:[ \t]+(?:{_NAME_WORD}|de|da|del|den|der|di|la|le|van|von|bin|al|[0-9]{{1,9}})){{0,3}}"
"""One to four words without a small letter first, but for particles: `And then: …` is no speaker."""

_SPACE_BEFORE_COLON = r"[ \t\u00a0\u202f]?"  # as French has it
_LABEL = re.compile(rf"(?:[-–—][ \t]*|>{{1,3}}[ \t]*)?({NAME}){_SPACE_BEFORE_COLON}(?::(?:[ \t]+|$)|：[ \t\u3000]*)")
_SOLID = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
LONGEST_SOLID_NAME = 12
"""Characters of the longest name in a script without spaces, where a whole sentence looks like one word."""
_SAYS = re.compile(r"[说說问問道是为為はがを]$")  # `他说：`, `テーマは：` go on; they name nobody
_TITLES = "[A-Z]|Dr|Mr|Mrs|Ms|Mx|Prof|St|Jr|Sr|Rev|Hon|Capt|Col|Gen|Lt|Sgt"
_GOES_ON = re.compile(rf",|\b(?!(?:{_TITLES})\.)\w{{1,25}}\.\s")


class Label(NamedTuple):
    """A name before a colon at the start of a row, and what follows it there."""

    name: str
    words: str


def label_of(row: str) -> Label | None:
    """Return what may be a speaker's label at the start of a row.

    >>> label_of("Ana : Bonjour"), label_of("主持人：大家好"), label_of("It goes on: here.")
    (Label(name='Ana', words='Bonjour'), Label(name='主持人', words='大家好'), None)
    """
    if ":" not in row and "：" not in row:  # nearly always
        return None
    found = _LABEL.match(row)
    if found is None or found[1][0].islower():
        return None
    name = found[1]
    if _SOLID.search(name) and (len(name) > LONGEST_SOLID_NAME or _SAYS.search(name)):
        return None
    return Label(name, row[found.end() :])


def is_capitalised(name: str) -> bool:
    """Tell whether a name shows by its capital that it is one."""
    return name[0].isupper() and not _goes_on(name)


def _goes_on(name: str) -> bool:
    """Tell whether it is rather the end of a sentence, or the beginning of one, with a name in it: `Well, Ana`."""
    return _GOES_ON.search(name) is not None


def speakers_among(openings: Sequence[str | None], share: float) -> set[str]:
    """Return which of the names at the openings of paragraphs or captions are speakers'; None opens without one.

    Where at least `share` of all openings have a name, each is one; elsewhere, those that come back, and those that
    look like them: in capitals, or of several words.
    """
    counts = Counter(name for name in openings if name)
    again = {name for name, count in counts.items() if count > 1}
    if counts.total() >= share * len(openings):
        return again | {name for name in counts if not _goes_on(name)}
    looks = {look for name in again if (look := _look(name))}
    return again | {name for name in counts if _look(name) in looks}


def _look(name: str) -> str | None:
    """Return what tells a name from a word that only begins its sentence, or None."""
    if name.isupper():
        return "capitals"
    return "words" if " " in name and is_capitalised(name) else None
