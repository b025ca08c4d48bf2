"""What stands behind a key in YAML, quoted, in brackets or as a block of text, where it is of the simple kind.

Spec: YAML 1.1, https://yaml.org/spec/1.1/ (what libyaml makes of it), 5.6, 7.3 and 9.
"""

from __future__ import annotations

import re

from feedbuilder.source.yaml_tree import NULLS, Mapping, Mark, Node, Sequence
from feedbuilder.vocabulary.characters import FORBIDDEN

_SOFT_BREAK = re.compile(r"\n +")
_BREAK = re.compile(r" *+\n *((?:\n *)*)| +")  # other spaces are passed over as a whole, or a long run costs its square
_ESCAPE = re.compile(
    r"""\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^\n]))  # 1-4
    |(\\|[ ]*+)\n[ ]*((?:\n[ ]*)*)|[ ]+                                     # 5, 6""",
    re.VERBOSE,
)
_ESCAPED = {'"': '"', "\\": "\\", " ": " ", "n": "\n", "t": "\t", "_": "\xa0"}
_ITEM = re.compile(r"""[ ]*+(?:(\w(?:(?:[\w./+ -]|:(?=[\w/]))*[\w/])?)|'([^'\n]*)'|"([^"\\\n]*)")[ ]*+(?:,|\Z)""")
_KEY = re.compile(r"[ ]*+(\w[\w./-]*):[ ]++")


class DoubtError(Exception):
    """A value may be more than these few lines know of."""


def read_value(written: str, margin: str, mark: Mark) -> Node:
    """Return what is written at a place; `margin` is what the lines of a block of text are indented by.

    Raises:
        DoubtError: when it may mean something else.
    """
    first = written[0]
    if first == "'":
        return folded(written[1:-1]).replace("''", "'")
    if first == '"':
        return _ESCAPE.sub(_unescaped, written[1:-1]) if "\\" in written else folded(written[1:-1])
    if first == "{":
        return _mapping(written, mark)
    return _sequence(written, mark) if first == "[" else _block(written, margin)


def folded(text: str) -> str:
    """Return the text that several lines stand for: a line end is a space, an empty line is a line end."""
    if "\n" not in text:
        return text
    if " \n" not in text:
        joined = _SOFT_BREAK.sub(" ", text)
        if "\n" not in joined:
            return joined
    return _BREAK.sub(lambda found: found[0] if found[1] is None else "\n" * found[1].count("\n") or " ", text)


def _unescaped(found: re.Match[str]) -> str:
    if (line_end := found[5]) is not None:
        return "\n" * found[6].count("\n") or ("" if line_end == "\\" else " ")
    if found[0][0] == " ":
        return found[0]
    if number := found[1] or found[2] or found[3]:
        code = int(number, 16)
        if code > 0x10FFFF or FORBIDDEN.match(chr(code)):
            raise DoubtError
        return chr(code)
    try:
        return _ESCAPED[found[4]]
    except KeyError:
        raise DoubtError from None


def _sequence(written: str, mark: Mark) -> Sequence:
    items = Sequence()
    inner = written[1:-1].rstrip(" ")
    end = 0
    while end < len(inner):
        value, at, end = _item(inner, end)
        items.put(value, (mark[0], mark[1] + 1 + at))
    return items


def _mapping(written: str, mark: Mark) -> Mapping:
    pairs = Mapping()
    line, column = mark
    inner = written[1:-1].rstrip(" ")
    end = 0
    while end < len(inner):
        found = _KEY.match(inner, end)
        if found is None or found[1] in NULLS or found[1] in pairs:
            raise DoubtError
        value, at, end = _item(inner, found.end())
        pairs.put(found[1], value, (line, column + 1 + found.start(1)), (line, column + 1 + at))
    return pairs


def _item(inner: str, start: int) -> tuple[str | None, int, int]:
    """Return the value that stands in brackets from `start` on, where it starts, and what comes behind its comma."""
    found = _ITEM.match(inner, start)
    if found is None:
        raise DoubtError
    kind = found.lastindex or 0
    is_plain = kind == 1
    value = None if is_plain and found[kind] in NULLS else found[kind]
    return value, found.start(kind) - (not is_plain), found.end()


def _block(written: str, margin: str) -> str:
    """Return a block of text, whose lines are indented by `margin`; a folded one only where every line starts alike."""
    header, _, body = written.partition("\n")
    lines = [line[len(margin) :] for line in body.split("\n")]
    if any(line.startswith(" ") and (header[0] == ">" or not line.strip(" ")) for line in lines):
        raise DoubtError
    text = "\n".join(lines)
    kept = text.rstrip("\n")
    ends = "\n" * (len(text) - len(kept) + 1) if "+" in header else "" if "-" in header else "\n"
    if header[0] == ">":
        kept = re.sub(r"\n(\n*)", lambda found: found[1] or " ", kept)
    return kept + ends
