"""libyaml's complaints in the words of somebody who edits a text file, at the place that is to be mended."""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem


class _Words(NamedTuple):
    """What part of a complaint means."""

    said: str
    meaning: str
    remedy: str
    at_start: bool = False  # the mistake is where the thing began, not where libyaml gave up


_QUOTE_IT = "put the value in quotes"
_EXPLANATIONS = (
    _Words("mapping values are not allowed", "a second ': ' in one value, or a field that is indented too far",
           'put the value in double quotes: title: "A: b"; or start the line below its neighbours'),
    _Words("found unexpected end of stream", "a quote is opened here and never closed", "close the quote", True),
    _Words("found unexpected document indicator", "a quote is opened here and never closed", "close the quote", True),
    _Words("could not find expected ':'", "a line that is neither `key: value` nor part of the value above",
           "check for a missing colon, a missing quote, or wrong indentation", True),
    _Words("did not find expected key", "the line does not fit what stands above it",
           "check the indentation, and whether a quote inside the value closes it too early"),
    _Words("did not find expected '-' indicator", "a list ends in something that is not a list item",
           "start the line with '- ' or give it the list's own indentation"),
    _Words("did not find expected ',' or", "a bracket is opened here and never closed",
           "close the bracket, or put the value in quotes", True),
    _Words("did not find expected node content", "brackets hold something that is no value", _QUOTE_IT),
    _Words("did not find expected comment or line break", "text behind a | or >",
           "start the text on the next line, or put the value in quotes"),
    _Words("a tab character", "a tab where YAML wants spaces", "indent with spaces"),
    _Words("alphabetic or numeric character", "a value that starts with & or *, which YAML reserves", _QUOTE_IT),
    _Words("found unknown escape character", "a backslash sequence YAML does not know",
           "use single quotes, or double the backslash"),
    _Words("block sequence entries are not allowed", "a list item on the same line as its key",
           "put the list on lines of its own below the key; or put the value in quotes"),
)  # fmt: skip


def explained(error: yaml.YAMLError, text: str, path: str, first_line: int) -> Problem:
    """Return the problem behind a complaint about `text`, which starts on `first_line` of its file."""
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return problem("yaml-syntax", Place(path, first_line), f"this is not YAML: {said}", "check the whole header")
    if "cannot start any token" in said:
        words = _unstartable(text, mark)
    else:
        words = next((words for words in _EXPLANATIONS if words.said in said), None) or _Words(
            said, "this is not YAML", "check quotes, colons and indentation here and on the line above"
        )
    if words.at_start:
        mark = getattr(error, "context_mark", None) or mark
    place = Place(path, mark.line + first_line, mark.column + 1)
    return problem("yaml-syntax", place, f"{words.meaning} (YAML: {said})", words.remedy)


def _unstartable(text: str, mark: Any) -> _Words:
    line = text.split("\n")[mark.line]
    character = line[mark.column : mark.column + 1]
    if character == "\t":
        return _Words("", "a tab where YAML wants spaces", "indent with spaces")
    return _Words("", f"a value cannot start with {character}", _QUOTE_IT)
