"""What it costs the reader when text is broken after a word.

Sources: Netflix Timed Text Style Guide, "Line Treatment" (break after punctuation and before conjunctions and
prepositions; keep article and noun, name and name, pronoun and verb together); BudouX for Chinese and Japanese phrases.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence, Set
from functools import lru_cache
from itertools import accumulate, compress, pairwise
from operator import add
from typing import NamedTuple

from feedbuilder.captions.phrases import phrase_ends
from feedbuilder.captions.script import ADDRESS_MARKS, Stop, is_solid, stop_after, strip_marks

SENTENCE_COST = -1.0
CLAUSE_COST = 2.0
WORD_COST = 5.0
TORN_COST = 4.0  # added where two words belong together, or within a phrase of Chinese or Japanese
_STOP_COSTS = {Stop.NONE: WORD_COST, Stop.CLAUSE: CLAUSE_COST, Stop.SENTENCE: SENTENCE_COST}

# Articles, prepositions, pronouns, conjunctions and auxiliaries are short in every language written with spaces, and
# lean on the word after them. No lists are needed.
_LEANING_COSTS = {1: TORN_COST, 2: TORN_COST, 3: TORN_COST, 4: TORN_COST / 4}
_OPENER_LETTERS = 4


class Sides(NamedTuple):
    """What a written word tells of a break on either side of it."""

    after: float  # what one after it costs
    before: float  # what one before it adds
    is_proper: bool  # begins as a name or a number does


def break_costs(words: Sequence[str], lines: Sequence[int], language: str) -> list[float]:
    """Say what a break after each word costs; less is better, and only the end of a sentence or line is below 0."""
    distinct = set(words)
    sides = dict(zip(distinct, map(sides_of, distinct), strict=True))
    after = {word: side.after for word, side in sides.items()}
    before = {word: side.before for word, side in sides.items()}
    costs = list(map(add, map(after.__getitem__, words), [*map(before.__getitem__, words[1:]), 0.0]))
    proper = {word for word, side in sides.items() if side.is_proper}
    named = {word for word in proper if after[word] >= WORD_COST}
    for place in compress(range(len(words) - 1), map(named.__contains__, words)):
        if words[place + 1] in proper:
            costs[place] += TORN_COST
    if pieces := {word for word in distinct if word[0] in ADDRESS_MARKS}:
        for place, (word, follower) in enumerate(pairwise(words)):
            if follower in pieces and word[-1] != " ":
                costs[place] += 2 * TORN_COST
    if solid := set(filter(is_solid, distinct)):
        add_phrases(costs, words, solid, language)
    place = 0
    while place < len(words):
        place = bisect_right(lines, lines[place], place)
        costs[place - 1] = SENTENCE_COST
    return costs


@lru_cache(maxsize=1 << 15)  # episodes share most of their words
def sides_of(word: str) -> Sides:
    """Say what a word makes of the breaks on either side of it, whatever its neighbours.

    >>> sides_of("Berlin, "), sides_of("the ")
    (Sides(after=2.0, before=0.0, is_proper=True), Sides(after=9.0, before=-0.5, is_proper=False))
    """
    core = strip_marks(word)
    return Sides(cost_after(word, core), cost_before(core), core[:1].isupper() or core[:1].isdigit())


def cost_after(word: str, core: str) -> float:
    """Say what a word's own punctuation and length make of a break after it."""
    cost = _STOP_COSTS[stop_after(word)]
    if cost < WORD_COST or is_solid(word):
        return cost
    return cost + (TORN_COST if core[:1].isdigit() else _LEANING_COSTS.get(len(core), 0.0))


def cost_before(core: str) -> float:
    """Make a break before a short word cheaper, for it leans on what follows."""
    return -0.5 if 0 < len(core) <= _OPENER_LETTERS and core.islower() else 0.0


def add_phrases(costs: list[float], words: Sequence[str], solid: Set[str], language: str) -> None:
    """Make breaks within phrases of Chinese and Japanese dearer; `solid` are the words written so."""
    places = [place for place, word in enumerate(words) if word in solid]
    run = [words[place] for place in places]
    ends = phrase_ends("".join(run), language)
    for place, end in zip(places, accumulate(map(len, run)), strict=True):
        if end not in ends and costs[place] >= WORD_COST:
            costs[place] += TORN_COST
