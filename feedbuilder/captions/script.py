"""Words as they are written: where one ends, how wide it is on screen, and what its punctuation says.

Spec: Unicode Standard Annex 11 (East Asian width); JIS X 4051 for the marks that may not open or close a line.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from unicodedata import combining, east_asian_width

from feedbuilder.captions.phrases import thai_phrases

# Kana, Han and full-width forms: scripts written without spaces, where every character is a word of its own here, but
# for katakana, which writes foreign words.
_SOLID = "\u3001-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
_OPENING = "([{“‘「『（《〈【〔［｛"
_CLOSING = ")]}”’、。，．！？：；」』）》〉】〕］｝・ー…―～〜々ゝゞぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ.,!?:;%"
_SOLID_CHARACTER = re.compile(f"[{_SOLID}]")
_SOLID_WORD = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[ァ-ヺー]{{2,12}}|[{_SOLID}]|[^\s{_SOLID}]+?(?=[{_SOLID}\s]|$))[{re.escape(_CLOSING)}]*\s?"
)

_THAI = "\u0e01-\u0e5b"  # written with spaces between sentences only
_UNSPACED_CHARACTER = re.compile(f"[{_THAI}{_SOLID}]")

# A web address longer than any line may be broken before its marks; any other word is kept whole, as is an address
# without a slash.
_ADDRESS = re.compile(r"\W*(?:\w+://|www\.)|[^\s/]+\.\w{2,}/", re.IGNORECASE)
ADDRESS_MARKS = "/.?&="
_ADDRESS_BREAK = re.compile(rf"(?<=[^{ADDRESS_MARKS}:])(?=[{ADDRESS_MARKS}]+\w)")
LONGEST_LINE = 32

_MARKS = " \"'.,;:!?-–—…()[]{}<>/*_«»„“”‘’‚、。，．！？：；「」『』（）《》〈〉【】〔〕［］｛｝・～〜¿¡"
_CLOSERS = " \"')]}»“”’」』）》〉】〕］｝"
_SENTENCE_MARKS = frozenset(".?!…。！？．؟।")
_CLAUSE_MARKS = frozenset(",;:—–、，；：،؛")
# A full stop which ends no sentence: "e.g.", "U.S.", "J.", "3." (a German ordinal), and titles before a name.
_ABBREVIATION = re.compile(
    r"(?:\w\.)+|\w{1,2}(?:\.\w{1,2})+\.|\d{1,2}\.|(?:dr|mr|mrs|ms|prof|st|vs|nr|ca|bzw|inkl|approx)\.", re.IGNORECASE
)


class Stop(IntEnum):
    """What the punctuation after a word closes."""

    NONE = 0
    CLAUSE = 1
    SENTENCE = 2


def split_words(text: str) -> list[str]:
    """Split into words, each with the space after it, if any; joined they are the text and a last space.

    >>> split_words("So,  hello")
    ['So, ', 'hello ']
    >>> split_words("「今日」は GitHub ポッドで。")
    ['「今', '日」', 'は ', 'GitHub ', 'ポッド', 'で。 ']
    """
    spaced = [word + " " for word in text.split()]
    if "/" in text:
        spaced = [piece for word in spaced for piece in split_address(word)]
    if text.isascii() or not _UNSPACED_CHARACTER.search(text):
        return spaced
    if _SOLID_CHARACTER.search(text):
        return _SOLID_WORD.findall("".join(spaced))
    return [phrase for word in text.split() for phrase in thai_phrases(word)]


def split_address(word: str) -> list[str]:
    """Split a web address longer than a line before its marks, and nothing else.

    >>> split_address("https://www.example.com/articles/2021/the-title?ref=a. ")
    ['https://www', '.example', '.com', '/articles', '/2021', '/the-title', '?ref', '=a. ']
    """
    if len(word) <= LONGEST_LINE or not _ADDRESS.match(word):
        return [word]
    return _ADDRESS_BREAK.split(word)


def strip_marks(word: str) -> str:
    """Take the space and the punctuation off both ends of a word."""
    return word.strip(_MARKS)


def is_wide(text: str) -> bool:
    """Say whether the text begins with a character that takes two columns: kana, Han, Hangul."""
    return not text.isascii() and east_asian_width(text[0]) in "WF"


def is_solid(word: str) -> bool:
    """Say whether a word is a character of a script written without spaces.

    >>> is_solid("「日"), is_solid("GitHub ")
    (True, False)
    """
    return not word.isascii() and _SOLID_CHARACTER.search(word) is not None


def columns(text: str) -> int:
    """Count the columns the text takes on screen.

    >>> columns("日本 TV")
    7
    """
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else not combining(letter) for letter in text)


@lru_cache(maxsize=1 << 15)  # episodes share most of their words
def stop_after(word: str) -> Stop:
    """Say what a word's punctuation closes.

    >>> [stop_after(word).name for word in ("so ", "so, ", 'so." ', "e.g. ", "Dr. ", "です。")]
    ['NONE', 'CLAUSE', 'SENTENCE', 'NONE', 'NONE', 'SENTENCE']
    """
    bare = word.rstrip(_CLOSERS)
    mark = bare[-1:]
    if mark.isalnum():
        return Stop.NONE
    if mark in _SENTENCE_MARKS:
        return Stop.NONE if _ABBREVIATION.fullmatch(bare.lstrip(_OPENING)) else Stop.SENTENCE
    return Stop.CLAUSE if mark in _CLAUSE_MARKS else Stop.NONE
