"""pydantic's complaints as `Problem`s with a place, and records that keep every value that is sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.problems import CATALOGUE, problem
from feedbuilder.source.yaml_nodes import Mapping, Sequence, drop_gaps, find_mark, reach

R = TypeVar("R", bound=BaseModel)
Shown = Callable[[str], str]

_MAPPING = ("this should be a mapping", "write `name: value` lines below the field")
_LIST = ("this should be a list", "put each entry on a line of its own that starts with '- '")
_LONG = "this is longer than the {max_length} characters that are allowed"
_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("the field is missing, or has no value", "add it"),
    "string_too_short": ("there is no text here", "write the text, or delete the field"),
    "string_too_long": (_LONG, "shorten it"),
    "bool_parsing": ("this is neither true nor false", "write true or false"),
    "bool_type": ("this is neither true nor false", "write true or false"),
    "int_parsing": ("this is not a whole number", "write digits"),
    "tuple_type": _LIST,
    "too_long": (_LONG, "shorten it"),
    "too_short": ("the list is empty", "write at least one entry"),
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "string_type": ("this should be text", "write one value, in quotes if it holds : or #"),
    "greater_than": ("this should be more than {gt}", "correct the number"),
    "greater_than_equal": ("this should be {ge} or more", "correct the number"),
    "less_than": ("this should be less than {lt}", "correct the number"),
    "less_than_equal": ("this should be {le} or less", "correct the number"),
    "float_parsing": ("this is not a number", "write digits"),
    "time_parsing": ("this is not a time of day", 'write hours and minutes in quotes: "06:00"'),
    "literal_error": ("this should be {expected}", "correct the value"),
    "enum": ("this should be {expected}", "correct the value"),
    "value_error": ("{error}", "correct the value"),
}
"""What a kind of complaint means, and what to do; braces are filled from its context."""

_FORMS: dict[str, tuple[str, str]] = {
    "country": ("this is no country code", "write two letters, such as DE"),
    "email": ("this is not an e-mail address", "write name@example.org"),
    "geo": ("this is no geo address", "write geo:52.5200,13.4050 (latitude, longitude)"),
    "guid": ("this is not a UUID", "write it as 9b024349-ccf0-5f69-a609-6b82873eab3c, or delete it"),
    "osm": ("this is no OpenStreetMap object", "write N, W or R and its number, such as R62422"),
    "rel": ("this is neither subject nor creator", "write subject or creator"),
    "rrule": ("this is no recurrence rule", "write FREQ=WEEKLY and the like (RFC 5545)"),
}
"""The same for values whose text has to have a form, by the name of their field."""


def read_record(
    kind: type[R], tree: Mapping, path: str, *, required: frozenset[str], shown: Shown = str
) -> tuple[R | None, list[Problem]]:
    """Type a mapping, leaving out what does not fit; None when a required field does not.

    A faulty value costs only itself, or the entry that cannot be without it. What is left out leaves `tree` as well, so
    that afterwards its entries are those of the record, each with its place.
    """
    drop_gaps(tree)
    problems: list[Problem] = []
    left_out: set[tuple[int, str | int]] = set()  # (identity of the container, key)
    while True:
        try:
            return kind.model_validate(tree), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
        is_broken = False
        faulty: dict[tuple[int, str | int], tuple[Mapping | Sequence, Any]] = {}
        for detail in details:
            location = _location(detail)
            is_missing = detail["type"] == "missing"
            around = reach(tree, location[:-1])
            container = around[-1][0][around[-1][1]] if around else tree
            step = (around if is_missing else reach(tree, location))[-1:]
            is_fatal = not step or location[0] in required
            if not (is_missing and (id(container), location[-1]) in left_out):
                problems.append(_problem(detail, tree, path, shown, is_fatal))
            is_broken = is_broken or is_fatal
            faulty |= {(id(container), key): (container, key) for container, key in step}
        if is_broken:
            return None, problems
        left_out |= faulty.keys()
        _drop(faulty.values())


def _drop(values: Iterable[tuple[Mapping | Sequence, Any]]) -> None:
    """Remove values, the last of a list first, so that the numbers of the others still mean them."""
    for container, key in sorted(values, key=lambda value: value[1] if isinstance(value[1], int) else 0, reverse=True):
        container.drop(key)


def config_problems(error: ValidationError, tree: Mapping, path: str) -> list[Problem]:
    """Return what is wrong with a config, but for names that are no settings; there, every fault stops the run."""
    details = [detail for detail in error.errors(include_url=False) if detail["type"] != "extra_forbidden"]
    return [_problem(detail, tree, path, str, True, code="config-value") for detail in details]


def _problem(
    detail: ErrorDetails, tree: Mapping, path: str, shown: Shown, is_fatal: bool, code: str | None = None
) -> Problem:
    location = _location(detail)
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind in CATALOGUE:
        message, remedy = context["message"], context["remedy"]
        code = code or kind
    else:
        words = _FORMS if kind == "string_pattern_mismatch" else _WORDS
        name = str(location[-1]) if words is _FORMS else kind
        message, remedy = words.get(name, (detail["msg"].replace("{", "{{").replace("}", "}}"), "correct the value"))
        message = message.format_map(context)
    known = code or ("missing-field" if kind == "missing" else "wrong-type")
    mark = find_mark(tree, location) or (1, 1)
    severity = Severity.ERROR if is_fatal else None
    return problem(known, Place(path, *mark), f"{_name(location, shown)}: {message}", remedy, severity=severity)


def _location(detail: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(step for step in detail["loc"] if step != "[key]")


def _name(location: tuple[str | int, ...], shown: Shown) -> str:
    """Return a field's dotted name as the owner writes it; which entry of a list is meant, the place says."""
    name = shown(".".join(step for step in location if isinstance(step, str)))
    return f"an entry of `{name}`" if location and isinstance(location[-1], int) else f"`{name}`"
