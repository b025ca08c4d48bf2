"""How long words take to say, and the pauses between them, at an unhurried pace.

Only proportions matter: the stamps of the transcript set the speed. The figures are rounded fits to 26 hours of
English, German, Japanese and Chinese with known word times; fits without one source did as well on that source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, count
from typing import NamedTuple

from feedbuilder.captions.script import Stop, is_wide, split_words, stop_after, strip_marks
from feedbuilder.model import TranscriptLine

LETTER_MS = 42
SYLLABLE_MS = 60  # on top of its letters
SHORTEST_WORD_MS = 200
BARE_LETTER_MS = 70  # of a script that does not write its vowels, or whose vowels are not known here
WIDE_LETTER_MS = 190  # kana, Han and Hangul: a syllable or more each
DIGIT_MS = 420  # read out: "2021" takes as long as "twenty twenty-one"
CAPITAL_MS = 220  # of an acronym, spelled out or not
SPELLED_MS = 400  # a letter said on its own, as in "K P M G"
RARE_WORD_MS = 150  # what is said once in an episode is said with care
MARK_MS = 20  # a dash standing alone still needs its place in time

CLAUSE_PAUSE_MS = 200
SENTENCE_PAUSE_MS = 500
LINE_PAUSE_MS = 100
TURN_PAUSE_MS = 800

_PAUSES_MS = {Stop.NONE: 0, Stop.CLAUSE: CLAUSE_PAUSE_MS, Stop.SENTENCE: SENTENCE_PAUSE_MS}
_DIGIT = re.compile(r"\d")
_VOWELS = re.compile("[aeiouyæøœàáâãäåāăąèéêëēėęěìíîïīįıòóôõöōőùúûüūůűųýÿаеёиоуыэюяіїєўαεηιουωάέήίόύώϊϋ]+")
_APOSTROPHE = re.compile("['’]")
_SPELLED = frozenset("bcdfghjklmnpqrstvwxz")  # a vowel on its own is a word in most languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The words of a transcript on two clocks of unhurried speech, one for the words and one for the pauses."""

    words: tuple[str, ...]
    lines: tuple[int, ...]  # for each word the index of its transcript line
    first_words: tuple[int, ...]  # for each transcript line its first word, then the number of words
    talk_ms: tuple[float, ...]  # how long the words before each take to say; then, all of them
    pause_ms: tuple[float, ...]  # how long the pauses before each are; then, all of them
    phrases: tuple[int, ...]  # the words that a pause comes after; the others run into the next


class Sound(NamedTuple):
    """What a written word tells of how it is said."""

    talk_ms: int
    rare_ms: int  # how long it takes where it is said only once
    pause_ms: int  # after it
    heard: str  # the same however it is written


def read_speech(transcript_lines: Iterable[TranscriptLine]) -> Speech:
    """Split the lines into words and say how long each takes."""
    words: list[str] = []
    lines: list[int] = []
    first_words = [0]
    turns: list[int] = []
    speaker: str | None = None
    for index, line in enumerate(transcript_lines):
        if words and line.speaker != speaker:
            turns.append(len(words) - 1)
        speaker = line.speaker
        words += split_words(line.text)
        lines += [index] * (len(words) - first_words[-1])
        first_words.append(len(words))
    talks_ms, pause_after = measure_words(words)
    pauses_ms = list(map(pause_after.__getitem__, words))
    for first in first_words[1:]:
        if first:
            pauses_ms[first - 1] += LINE_PAUSE_MS
    for last in turns:
        pauses_ms[last] += TURN_PAUSE_MS
    return Speech(
        words=tuple(words),
        lines=tuple(lines),
        first_words=tuple(first_words),
        talk_ms=tuple(accumulate(map(talks_ms.__getitem__, words), initial=0)),
        pause_ms=tuple(accumulate(pauses_ms, initial=0)),
        phrases=tuple(compress(count(), pauses_ms)),
    )


def measure_words(words: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Say how long each distinct word takes, and how long the pause after it; an episode says each four times."""
    counts = Counter(words)
    sounds = list(map(sound_of, counts))
    talks_ms = dict(zip(counts, [sound.talk_ms for sound in sounds], strict=True))
    pauses_ms = dict(zip(counts, [sound.pause_ms for sound in sounds], strict=True))
    spellings = Counter([sound.heard for sound in sounds])
    for (word, times), sound in zip(counts.items(), sounds, strict=True):
        if times == 1 and spellings[sound.heard] == 1:
            talks_ms[word] = sound.rare_ms
    return talks_ms, pauses_ms


@lru_cache(maxsize=1 << 15)  # episodes share most of their words
def sound_of(word: str) -> Sound:
    """Say how a word is said, whatever the words about it.

    >>> sound_of("NASA, ")
    Sound(talk_ms=880, rare_ms=1030, pause_ms=200, heard='nasa')
    """
    core = strip_marks(word)
    said_ms = talk_ms(core)
    rare_ms = said_ms if is_wide(core) else said_ms + RARE_WORD_MS
    return Sound(said_ms, rare_ms, _PAUSES_MS[stop_after(word)], core.casefold())


def talk_ms(core: str) -> int:
    """Say how long a word without its punctuation takes.

    Of a word with an apostrophe only the longest part counts: "we're" is said like "we", "l'eau" like "eau".

    >>> talk_ms("time") < talk_ms("NASA") < talk_ms("2021")
    True
    >>> talk_ms("we") == talk_ms("we're") < talk_ms("through") < talk_ms("Arizona")
    True
    """
    if core.isascii() and core.isalpha():
        if core.isupper() and len(core) > 1:
            return CAPITAL_MS * len(core)
        if len(core) == 1 and core.lower() in _SPELLED:
            return SPELLED_MS
    elif is_wide(core):
        return WIDE_LETTER_MS * len(core)
    elif not core.isalpha():
        core = max(_APOSTROPHE.split(core), key=len)
    digits = 0 if core.isalpha() else len(_DIGIT.findall(core))
    letters = len(core) - digits
    if not letters:
        return max(MARK_MS, DIGIT_MS * digits)
    syllables = len(_VOWELS.findall(core.lower()))
    word_ms = LETTER_MS * letters + SYLLABLE_MS * syllables if syllables else BARE_LETTER_MS * letters
    return max(SHORTEST_WORD_MS, word_ms) + DIGIT_MS * digits
