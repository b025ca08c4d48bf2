"""pydantic's complaints as `Problem`s with a place, and records that keep every field that is sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import CATALOGUE, problem
from feedbuilder.source.yaml_nodes import Mapping, Sequence, find_mark

R = TypeVar("R", bound=BaseModel)
Shown = Callable[[str], str]

_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("the field is missing", "add it"),
    "extra_forbidden": ("there is no such setting", "check the spelling"),
    "string_too_short": ("there is no text here", "write the text, or delete the field"),
    "bool_parsing": ("this is neither true nor false", "write true or false"),
    "tuple_type": ("this should be a list", "put each entry on a line of its own that starts with '- '"),
    "dict_type": ("this should be a mapping", "write `name: value` lines below the field"),
    "model_type": ("this should be a mapping", "write `name: value` lines below the field"),
    "model_attributes_type": ("this should be a mapping", "write `name: value` lines below the field"),
    "string_type": ("this should be text", "write one value, in quotes if it holds : or #"),
    "time_parsing": ("this is not a time of day", 'write hours and minutes in quotes: "06:00"'),
}


def read_record(
    kind: type[R], tree: Mapping, path: str, *, required: frozenset[str], shown: Shown = str
) -> tuple[R | None, list[Problem]]:
    """Type a mapping, leaving out what does not fit; None when a required field does not.

    A faulty entry of a list costs that entry, any other faulty field costs the field.
    """
    sound: dict[str, Any] = {name: value for name, value in tree.items() if value is not None}
    problems: list[Problem] = []
    while True:
        try:
            return kind.model_validate(sound), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems += [_problem(detail, tree, path, shown) for detail in details]
            if any(detail["loc"][0] in required for detail in details):
                return None, problems
            sound = _without(sound, tree, details)


def _without(sound: dict[str, Any], tree: Mapping, details: list[ErrorDetails]) -> dict[str, Any]:
    faulty_items: dict[str, set[int]] = {}
    for detail in details:
        name = str(detail["loc"][0])
        index = detail["loc"][1] if len(detail["loc"]) > 1 else None
        if isinstance(index, int) and isinstance(tree.get(name), Sequence):
            faulty_items.setdefault(name, set()).add(index)
        else:
            sound.pop(name, None)
    for name, indexes in faulty_items.items():
        if name in sound:  # marked faulty as a whole as well
            # Emptied, not removed: the indexes of later complaints still mean the file's own entries.
            sound[name] = [None if index in indexes else item for index, item in enumerate(sound[name])]
            sound[name] = [item for item in sound[name] if item is not None]
    return sound


def config_problems(error: ValidationError, tree: Mapping, path: str) -> Iterator[Problem]:
    """Yield what is wrong with a config; there, every fault stops the run."""
    for detail in error.errors(include_url=False):
        yield _problem(detail, tree, path, str, code="config-value")


def _problem(detail: ErrorDetails, tree: Mapping, path: str, shown: Shown, code: str | None = None) -> Problem:
    location = tuple(step for step in detail["loc"] if isinstance(step, (str, int)))
    kind = detail["type"]
    message, remedy = _WORDS.get(kind, (detail["msg"], "correct the value"))
    context = detail.get("ctx", {})
    if kind in CATALOGUE:
        message, remedy = context["message"], context["remedy"]
    mark = find_mark(tree, location)
    name = ".".join([shown(str(location[0])), *map(str, location[1:])]) if location else "the file"
    known = kind if kind in CATALOGUE else "missing-field" if kind == "missing" else "wrong-type"
    return problem(code or known, Place(path, *(mark or (1, 1))), f"`{name}`: {message}", remedy)
