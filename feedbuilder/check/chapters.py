"""Rules of chapters files.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md (1.2)
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from feedbuilder.check import specs
from feedbuilder.check.json_file import JsonFile, is_number
from feedbuilder.check.rules import APPS, Fault, Faults, rule, shortened
from feedbuilder.check.vocabulary import is_address
from feedbuilder.vocabulary.places import GEO

_SPEC: Final = specs.CHAPTERS
_APPLE: Final = specs.APPLE_CHAPTERS
_CLIPS: Final = "quotableClips"
_KEYS: Final = frozenset(
    {"version", "chapters", "author", "title", "podcastName", "description", "fileName", "waypoints"}
)
_CHAPTER_KEYS: Final = frozenset({"startTime", "endTime", "title", "img", "url", "toc", "location"})
_MARKUP = re.compile(r"</?(?:a|b|br|div|em|font|h[1-6]|i|li|ol|p|span|strong|u|ul)\b[^<>]*>|&(?:\w+|#\d+);")
_SLACK_S: Final = 1.0
"""What a chapter may lie past an end that is told in whole seconds."""


def _chapters(file: JsonFile) -> list[Any]:
    found = file.value.get("chapters") if isinstance(file.value, dict) else None
    return found if isinstance(found, list) else []


def _numbered(file: JsonFile) -> list[tuple[int, dict[str, Any]]]:
    return [(index, one) for index, one in enumerate(_chapters(file)) if isinstance(one, dict)]


def _at(file: JsonFile, index: int, message: str) -> Fault:
    return Fault(message, file.line_of("startTime", index), f"chapter {index + 1}")


@rule(
    "CH1",
    "A chapters file is strict JSON in UTF-8, without a byte order mark, NaN or a key that stands twice",
    error=APPS,
    spec=specs.JSON,
    remedy="write the file with a JSON library, as UTF-8 without a mark",
)
def _strict_json(file: JsonFile) -> Faults:
    yield from file.faults


@rule(
    "CH2",
    "A chapters file is an object with a version and a list of chapters",
    error=APPS,
    spec=_SPEC,
    remedy='write {"version": "1.2.0", "chapters": […]}',
)
def _shape(file: JsonFile) -> Faults:
    value = file.value
    if value is None:
        return
    if not isinstance(value, dict):
        yield Fault("it is no object", 1)
        return
    if not isinstance(value.get("version"), str):
        yield Fault("it has no version, as text", 1, "version")
    if not isinstance(value.get("chapters"), list):
        yield Fault("it has no list of chapters", 1, "chapters")
    for index, one in enumerate(_chapters(file)):
        if not isinstance(one, dict):
            yield Fault(f"{shortened(repr(one), 40)} is no chapter", None, f"chapter {index + 1}")


@rule(
    "CH3",
    "A chapters file has only keys that are documented",
    info=APPS,
    spec=_SPEC,
    remedy="leave it out; nobody reads it",
)
def _documented_keys(file: JsonFile) -> Faults:
    if isinstance(file.value, dict) and (others := sorted(file.value.keys() - _KEYS)):
        yield Fault(f"{', '.join(others)}", 1)
    for index, one in _numbered(file):
        if others := sorted(one.keys() - _CHAPTER_KEYS):
            yield _at(file, index, f"{', '.join(others)}")


@rule("CH3b", "What is to be text in a chapters file is text", error=APPS, spec=_SPEC, remedy="write text in quotes")
def _texts(file: JsonFile) -> Faults:
    value = file.value if isinstance(file.value, dict) else {}
    for name in ("author", "title", "podcastName", "description", "fileName"):
        if name in value and not isinstance(value[name], str):
            yield Fault(f"{name} is no text", 1, name)


@rule("CH4", "A chapters file has chapters", warning=APPS, spec=_APPLE, key=_CLIPS, remedy="write chapters, or no file")
def _not_empty(file: JsonFile) -> Faults:
    if isinstance(file.value, dict) and file.value.get("chapters") == []:
        yield Fault("it has no chapters")


@rule(
    "CH5",
    "The start of a chapter is a number of seconds from 0",
    error=APPS,
    spec=_SPEC,
    key=_CLIPS,
    remedy="write seconds as a number: 94.5",
)
def _start_is_a_number(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        start = one.get("startTime")
        if not is_number(start) or start < 0:
            yield _at(file, index, f"its startTime is {shortened(repr(start), 40)}")


@rule(
    "CH6",
    "Chapters come in the order of their starts",
    error=APPS,
    spec=_SPEC,
    key=_CLIPS,
    remedy="sort chapters by their start",
)
def _ascending(file: JsonFile) -> Faults:
    for (_, before), (index, after) in pairwise(_numbered(file)):
        if _start(after) < _start(before):
            yield _at(file, index, f"it starts at {_start(after):g} s, before the one above it ({_start(before):g} s)")


@rule(
    "CH6b",
    "No two chapters start together",
    warning=APPS,
    spec=_SPEC,
    key=_CLIPS,
    remedy="keep one of them, or move one",
)
def _different_starts(file: JsonFile) -> Faults:
    for (_, before), (index, after) in pairwise(_numbered(file)):
        if _start(after) == _start(before) >= 0:
            yield _at(file, index, f"it starts at {_start(after):g} s, as the one above it does")


@rule(
    "CH7",
    "A chapter starts inside the episode",
    error=APPS,
    spec=_SPEC,
    key=_CLIPS,
    remedy="correct its start, or the duration",
)
def _starts_inside(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        if file.duration_ms and _start(one) > file.duration_ms / 1000 + _SLACK_S:
            yield _at(file, index, f"it starts at {_start(one):g} s; the episode has {file.duration_ms / 1000:g} s")


@rule(
    "CH8",
    "The end of a chapter, if it is told, is a number after its start and inside the episode",
    error=APPS,
    spec=_SPEC,
    key=_CLIPS,
    remedy="correct the end, or leave it out",
)
def _ends_after_its_start(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        if "endTime" not in one:
            continue
        end = one["endTime"]
        if not is_number(end):
            yield _at(file, index, f"its endTime is {shortened(repr(end), 40)}")
        elif end <= _start(one):
            yield _at(file, index, f"it ends at {end:g} s and starts at {_start(one):g} s")
        elif file.duration_ms and end > file.duration_ms / 1000 + _SLACK_S:
            yield _at(file, index, f"it ends at {end:g} s; the episode has {file.duration_ms / 1000:g} s")


@rule(
    "CH9",
    "The title, picture and link of a chapter are texts with something in them",
    error=APPS,
    spec=_SPEC,
    remedy="write a text, or leave it out",
    key=_CLIPS,
)
def _texts_of_chapters(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        for name in ("title", "img", "url"):
            if name in one and (not isinstance(one[name], str) or not one[name].strip()):
                yield _at(file, index, f"its {name} is {shortened(repr(one[name]), 40)}")


@rule(
    "CH9b",
    "The addresses of a chapter are absolute",
    error=APPS,
    spec=_SPEC,
    remedy="write the whole address",
    key=_CLIPS,
)
def _addresses(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        for name in ("img", "url"):
            value = one.get(name)
            if isinstance(value, str) and value.strip() and not is_address(value):
                yield _at(file, index, f"its {name} {shortened(value)} is no absolute address")


@rule(
    "CH10",
    "A chapter that is shown has a title",
    warning=APPS,
    spec=_SPEC,
    key=_CLIPS,
    remedy='give it a title, or "toc": false',
)
def _visible_chapters_have_titles(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        if "title" not in one and one.get("toc") is not False:
            yield _at(file, index, "it has no title")


@rule(
    "CH11",
    "Whether a chapter is listed is told by true or false",
    error=APPS,
    spec=_SPEC,
    remedy="write true or false, unquoted",
)
def _toc_is_a_flag(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        if "toc" in one and not isinstance(one["toc"], bool):
            yield _at(file, index, f"its toc is {shortened(repr(one['toc']), 40)}")


@rule(
    "CH12",
    "A chapter's title is plain text without space at its ends",
    warning=APPS,
    spec=_SPEC,
    key=_CLIPS,
    remedy="write plain text",
)
def _plain_titles(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        title = one.get("title")
        if isinstance(title, str) and (title != title.strip() or _MARKUP.search(title)):
            yield _at(file, index, f"its title is {shortened(title)}")


@rule(
    "CH13",
    "The location of a chapter has a name and a geo address",
    error=APPS,
    spec=_SPEC,
    remedy='write {"name": …, "geo": "geo:48.85,2.29"}',
)
def _location(file: JsonFile) -> Faults:
    for index, one in _numbered(file):
        if "location" in one and not _is_place(one["location"]):
            yield _at(file, index, f"its location is {shortened(repr(one['location']), 60)}")


def _is_place(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    name, geo = value.get("name"), value.get("geo")
    return isinstance(name, str) and isinstance(geo, str) and re.fullmatch(GEO, geo) is not None


@rule(
    "CH14",
    "The first chapter starts at 0",
    info="apple",
    spec=_APPLE,
    key=_CLIPS,
    remedy="let the first chapter start at 0",
)
def _first_at_zero(file: JsonFile) -> Faults:
    for index, one in _numbered(file)[:1]:
        if _start(one) > 0:
            yield _at(file, index, f"it starts at {_start(one):g} s")


def _start(chapter: dict[str, Any]) -> float:
    start = chapter.get("startTime")
    return float(start) if is_number(start) else -1.0


RULES: Final = (
    _strict_json, _shape, _documented_keys, _texts, _not_empty, _start_is_a_number, _ascending, _different_starts,
    _starts_inside, _ends_after_its_start, _texts_of_chapters, _addresses, _visible_chapters_have_titles,
    _toc_is_a_flag, _plain_titles, _location, _first_at_zero,
)  # fmt: skip
