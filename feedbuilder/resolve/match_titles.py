"""Titles as they are compared: without case, punctuation, number prefixes and the show's name, in any script.

Spec: Unicode NFKC, https://www.unicode.org/reports/tr15/ (revision 55)
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_EPISODE = (
    r"(?:episode|ep|épisode|episodio|episódio|folge|avsnitt|afsnit|aflevering|odcinek|odc|díl|epizoda|jakso|bölüm"
    r"|выпуск|серия|эпизод|випуск|серія|الحلقة|حلقة|エピソード|제|第|no|nr|nº|№|#)"
)
_SEASON = r"(?:season|staffel|saison|temporada|stagione|seizoen|säsong|sezon|сезон|s)"
_GAP, _END = r"[\s.:#№_-]*", r"\s*(?:回|話|话|集|期|화|회)?\s*[\])]?"
_NUMBERED = (
    rf"(?:{_SEASON}{_GAP}(?P<season>\d{{1,3}})[\s,.:|/·–—-]*(?:{_EPISODE}|e|x){_GAP}(?P<of_season>\d{{1,4}})"
    rf"|(?P<short_season>\d{{1,2}})x(?P<of_short>\d{{2,3}})"
    rf"|{_EPISODE}{_GAP}(?P<episode>\d{{1,4}}))(?![\d]){_END}"
)
_PREFIX = re.compile(rf"[^\w#№]*(?:{_NUMBERED}(?![a-z])|(?P<bare>\d{{1,4}})(?=\s*[.:|)]\s|\s+[–—-]\s))[\s:.|,–—)-]*")
_SUFFIX = re.compile(rf"[\s:.|,([–—-]+{_NUMBERED}\s*$")
_BREAK = re.compile(r"\s+[-–—|•·]\s+|\s*\|\s*|\s+(?:with|w/|mit|avec|con|com|met|med|feat\.?|ft\.?|featuring)\s+")
_LABEL = re.compile(r"\s+[-–—|•·]\s+|\s*[|:]\s+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_ROMANS = ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMBER_WORDS = (
    "one eins un uno um один", "two zwei deux dos due dois два", "three drei trois tres tre три",
    "four vier quatre cuatro четыре",
    "five fünf cinq cinco пять", "six sechs seis шесть", "seven sieben sept siete семь", "eight acht huit ocho",
    "nine neun neuf nueve девять", "ten zehn dix diez десять", "eleven elf onze once", "twelve zwölf douze doce",
)  # fmt: skip
_PART = "part pt teil partie parte deel del część часть частина chapter kapitel chapitre capítulo глава"
_AGAIN = """rerun repost replay rewind reissue rerelease rebroadcast reupload encore best remaster remastered
    wiederholung rediffusion repetición reprise herhaling repris powtórka повтор 再放送 重播"""
_APART = """trailer teaser bonus preview announcement outtakes extra extended uncut unabridged video premium adfree
    ankündigung bonusfolge трейлер бонус 予告 番外 预告"""
_AND = "and und et y og och и"
_JOINTS = "and und et y e en og och и i with mit avec con com feat featuring the a an"


@dataclass(frozen=True, kw_only=True, slots=True)
class Title:
    """One title taken apart. Titles with the same key are the same in everything but looks."""

    key: str  # nothing but letters and digits; empty for a title that is only a number, as `Episode 12`
    telling: frozenset[str]  # words that tell titles apart: no joints, figures (those must agree) and markers;
    #                          two neighbouring characters each in scripts without spaces
    head_key: str | None  # without what follows the last dash, bar or `with`, where that may be a guest's name
    numbers: tuple[str, ...]  # in the title itself, in figures and in order, as a date's order matters
    markers: frozenset[str]  # words that make another episode of the same title: rerun, trailer
    season: int | None = None  # from `S07E06` and the like
    episode: float | None = None


def folded(text: str) -> str:
    """Return text without entities, accents, case and kinds of width.

    >>> folded("Caf&eacute; &amp;amp; Ｂａｒ")
    'cafe & bar'
    """
    for _ in range(3):  # hosts escape what was escaped
        if (plain := html.unescape(text)) == text:
            break
        text = plain
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", text))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of folded text, without punctuation and pictures.

    >>> words_of("don't panic: a/b-testing")
    ('dont', 'panic', 'a', 'b', 'testing')
    """
    text = re.sub("['’ʼ`´]", "", text)
    if text.isascii():
        return tuple(re.findall("[a-z0-9]+", text))
    found = (char if unicodedata.category(char)[0] in "LNM" else " " for char in re.sub("[\ufe00-\ufe0f]", "", text))
    return tuple("".join(found).split())


def _set(text: str) -> frozenset[str]:
    return frozenset(words_of(folded(text)))


_FIGURES = {word: str(number) for number, words in enumerate(_NUMBER_WORDS, 1) for word in _set(words)}
_ROMAN_FIGURES = {roman: str(number) for number, roman in enumerate(_ROMANS, 2)}
_PART_WORDS, _AGAIN_WORDS, _APART_WORDS = _set(_PART), _set(_AGAIN), _set(_APART)
_JOINT_WORDS, _AND_WORDS = _set(_JOINTS), _set(_AND)


def read_title(text: str, labels: Iterable[str] = ()) -> Title:
    """Take a title apart; `labels` are the keys of parts that name the show and no episode.

    >>> read_title("S07E06 – A/B Testing - Jakob Graff").key, read_title("#12 | A/B testing!").episode
    ('abtestingjakobgraff', 12.0)
    """
    rest = _without_labels(folded(text), labels)
    season = episode = None
    for _ in range(2):  # the host may put its own number before that of the title
        if found := _PREFIX.match(rest) or _SUFFIX.search(rest):
            groups = found.groupdict()
            season = season or groups["season"] or groups["short_season"]
            own = groups["of_season"] or groups["of_short"] or groups["episode"] or groups.get("bare")
            episode = episode or own
            rest = _without_labels(rest[: found.start()] + rest[found.end() :], labels)
    words = words_of(rest)
    return Title(
        key="".join(word for word in words if word not in _AND_WORDS),
        telling=_telling(_split_unspaced(words)),
        head_key=_head_key(rest),
        numbers=numbers_in(words),
        markers=_markers(words),
        season=int(season) if season else None,
        episode=float(episode) if episode else None,
    )


def common_labels(titles: Iterable[str], shows: Iterable[str] = ()) -> frozenset[str]:
    """Return the keys of first or last parts that most titles share, such as the show's name; and of `shows`."""
    count, total = Counter[str](), 0
    for title in titles:
        total += 1
        parts = _LABEL.split(folded(title))
        if len(parts) > 1:
            count.update({_key(parts[0]), _key(parts[-1])})
    common = {part for part, times in count.items() if times >= 3 and times >= 0.6 * total}
    return frozenset(
        label
        for label in (*common, *(_key(folded(show)) for show in shows))
        if label and not numbers_in([label]) and not _markers([label])
    )


def has_no_spaces(word: str) -> bool:
    """Whether a word is of a script that does not part its words, such as Chinese or Thai."""
    return not word.isascii() and _UNSPACED.search(word) is not None


def numbers_in(words: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers that words hold, in figures: part two is part 2.

    >>> numbers_in(("rome", "part", "two", "007"))
    ('2', '7')
    """
    found: list[str] = []
    before = ""
    for word in words:
        found += (figure.lstrip("0") or "0" for figure in re.findall(r"\d+", word))
        if word in _ROMAN_FIGURES and (len(word) > 1 or before in _PART_WORDS):
            found.append(_ROMAN_FIGURES[word])
        elif before in _PART_WORDS and (word in _FIGURES or word == "i"):
            found.append(_FIGURES.get(word, "1"))
        before = word
    return tuple(found)


def _key(text: str) -> str:
    return "".join(words_of(text))


def _without_labels(text: str, labels: Iterable[str]) -> str:
    for label in labels:
        parts = _LABEL.split(text)
        if len(parts) > 1 and _key(parts[0]) == label:
            text = text[_first_break(text) :]
        elif len(parts) > 1 and _key(parts[-1]) == label:
            text = text[: text.rindex(parts[-1])]
    return text


def _first_break(text: str) -> int:
    found = _LABEL.search(text)
    return found.end() if found else 0


def _head_key(text: str) -> str | None:
    breaks = list(_BREAK.finditer(text))
    if not breaks:
        return None
    head, tail = words_of(text[: breaks[-1].start()]), words_of(text[breaks[-1].end() :])
    is_name = 0 < len(tail) <= 6 and not numbers_in(tail) and not _markers(tail)
    head = tuple(word for word in head if word not in _AND_WORDS)
    return "".join(head) if is_name and len("".join(head)) >= 4 else None


def _markers(words: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for word in words:
        spaced = not has_no_spaces(word)
        if word in _AGAIN_WORDS if spaced else any(part in word for part in _AGAIN_WORDS):
            found.add("again")
        found |= {word} & _APART_WORDS if spaced else {part for part in _APART_WORDS if part in word}
    return frozenset(found)


def _telling(words: Iterable[str]) -> frozenset[str]:
    without = _JOINT_WORDS | _AGAIN_WORDS | _APART_WORDS
    return frozenset(word for word in words if word not in without and not word.isdecimal())


def _split_unspaced(words: Iterable[str]) -> tuple[str, ...]:
    parts: list[str] = []
    for word in words:
        if not has_no_spaces(word):
            parts.append(word)
            continue
        at = 0
        for run in _UNSPACED.finditer(word):
            parts += [word[at : run.start()]] if run.start() > at else []
            parts += [word[spot : spot + 2] for spot in range(run.start(), max(run.end() - 1, run.start() + 1))]
            at = run.end()
        parts += [word[at:]] if at < len(word) else []
    return tuple(parts)
