"""How like each other two titles are that do not agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from math import log

from feedbuilder.resolve.match_titles import Title

_SLIP, _SHORTEST_SLIP = 0.85, 6  # share of the letters that are the same; letters


def is_part(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether all words of one are in the other."""
    return bool(first and second) and (first <= second or second <= first)


def twin_key(title: Title) -> tuple[Collection[str], ...]:
    """Return what two uploads of one episode have in common, one of them called a rerun or not."""
    return title.telling, title.numbers, title.markers - {"again"}


def marks_of(title: Title) -> frozenset[str]:
    """Return the words of a title by which it is known, all its numbers together being one."""
    return title.telling | {" ".join(title.numbers)} if title.numbers else title.telling


def share_of(first: frozenset[str], second: frozenset[str]) -> float:
    """Return from 0 to 1 how many words are in both."""
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def is_slip(mine: str, theirs: str) -> bool:
    """Whether two keys differ by no more than slips of the pen."""
    if min(len(mine), len(theirs)) < _SHORTEST_SLIP:
        return False
    matcher = SequenceMatcher(a=mine, b=theirs, autojunk=False)
    return matcher.real_quick_ratio() >= _SLIP and matcher.quick_ratio() >= _SLIP and matcher.ratio() >= _SLIP


def rarity_of(titles: Sequence[Title]) -> dict[str, float]:
    """Return the weight of every word of a show: the fewer titles have it, the more it tells."""
    count = Counter(word for title in titles for word in marks_of(title))
    return {word: log(1 + len(titles) / times) for word, times in count.items()}
