"""The narrow YAML that front matter nearly always is, read an entry at a time; None wherever there is a doubt.

One regular expression knows an entry: `key: value` or `- value`, the value plain, quoted, a block of text, `[a, b]`,
`{a: b}` or left out. Whatever is not wholly made of such entries is for the parser behind `yaml_events` to read or to
refuse. What is read here has the same text at the same places as there; `tests/property/test_yaml_laws.py` sees to it.

Spec: YAML 1.1, https://yaml.org/spec/1.1/ (what libyaml makes of it).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from feedbuilder.source.yaml_tree import MAX_EVENTS, NULLS, Mapping, Mark, Node, Places, Row, Rows, Sequence
from feedbuilder.source.yaml_values import DoubtError, folded, read_value

_MANY = 200  # entries from which on a list is read without its places
_MAX_OPEN = 20  # lists and mappings inside each other; far below what the other parser refuses
_MAX_EVENTS_AN_ENTRY = 6  # a sequence's start, a mapping's, a key and a value, and the two ends

_ODD = "\u2028\u2029\ufeff\ufffe\uffff"
"""What YAML takes for line ends, for a byte order mark or for no text."""
_CONTROLS = r"\x00-\x1f\x7f-\x9f"
"""Line ends, and what YAML reads in its own way or refuses: tabs, other line ends, characters that are no text."""

# Only single characters are repeated possessively: before Python 3.11.5, groups so repeated could miss a match. Most
# alternatives start with a literal, and `(?:x|)` stands where `x?` would do: the engine is much faster with both.
_GOES_ON = rf"[^:\#{_CONTROLS}]*+(?:(?::(?![ \n])|\#(?<![ ]\#))[^:\#{_CONTROLS}]*+)*"
_LINE = (
    rf"[^:\#{_CONTROLS}]*+(?::(?![ \n]){_GOES_ON}|\#(?<![ ]\#){_GOES_ON}|)"  # up to the line end, a comment, or `: `
)
_FARTHER_IN = r"\1(?(3)(?(2)[ ]\2))[ ]++"
_NEXT_LINE = rf"\n(?:{_FARTHER_IN}(?![\#\n])|[ ]*+\n(?:[ ]*+\n)*{_FARTHER_IN}(?![\#\n])){_LINE}(?=[\#\n])"
_ENTRY = re.compile(
    rf"""
    ([ ]*+)(?![\#\n])                              # 1: its indentation
    (?:-([ ]++)(?=[^\n])|)                          # 2: the spaces behind a dash
    (?:
        (?![nN](?:ull|ULL):)
        (\w[\w./-]{{0,99}}+(?:[ ][\w./ -]{{0,99}}[\w./-]|)):
        (?:([ ]++)|(?=\n))                          # 3, 4: a key, and the spaces behind it
    |)
    (?:
        (                                           # 5: plain text, which may go on, farther in, on the next lines
            (?:[^\s{_CONTROLS}\-?:,\[\]{{}}\#&*!|>'"%@`]|[-?:](?=[^\s{_CONTROLS}]))
            {_LINE}(?:{_NEXT_LINE}(?:{_NEXT_LINE})*|)
        )
        |'([^'{_CONTROLS}]++)'(?=\n)                         # 6: quoted text in which nothing stands for anything else
        |(                                          # 7: what has to be looked into
            '(?:[^'{_CONTROLS}]++|''|\n(?=[ \n]))*'
            |"(?:[^"\\{_CONTROLS}]++|\\[^{_CONTROLS}]|\\?\n(?=[ \n]))*"
            |\[[^\[\]{{}}{_CONTROLS}]*+\]
            |\{{[^\[\]{{}}{_CONTROLS}]*+\}}
            |[|>][-+]?[ ]*+
                \n({_FARTHER_IN})[^{_CONTROLS}]++       # 8: what the lines of a block are indented by
                (?:\n(?:\8[^{_CONTROLS}]*+|[ ]*+(?=\n)))*
        )
    |)
    [ ]*+(?:\#(?<=[ ]\#)[^{_CONTROLS}]*+|)\n
    |((?:[ ]*+(?:\#[^{_CONTROLS}]*+|)\n)+)                   # 9: no entry, but empty lines and comments
    |[\s\S]+                                        # no entry, so nothing behind it matters
    """,
    re.VERBOSE,
)
_Entry = tuple[str, str, str, str, str, str, str, str, str]


def read_entries(text: str, first_line: int) -> Mapping | None:
    """Return the tree of a document whose first line has the number `first_line`; None when it needs a real parser."""
    if any(character in text for character in _ODD):
        return None
    if not text.endswith("\n"):
        if "|" in text or ">" in text:  # a block of text would end otherwise
            return None
        text += "\n"
    line_count = text.count("\n")
    if line_count > MAX_EVENTS:
        return None
    entries: list[_Entry] = _ENTRY.findall(text)
    in_brackets = sum(2 * entry[6].count(",") + 4 for entry in entries if entry[6])  # the seventh group
    if len(entries) * _MAX_EVENTS_AN_ENTRY + in_brackets > MAX_EVENTS:
        return None

    def with_places(name: str) -> Any:
        return _Tree(first_line, line_count).read(_ENTRY.findall(text))[name]

    try:
        return _Tree(first_line, line_count, with_places).read(entries)
    except DoubtError:
        return None


class _Tree:
    """The tree as far as it was read, and its open end."""

    def __init__(self, line: int, line_count: int, with_places: Callable[[str], Any] | None = None) -> None:
        self.line = line
        self.end_line = line + line_count
        self.with_places = with_places  # reads the list of a name again; None: everything has its place at once
        self.root = Mapping()
        self.inside: Any = self.root  # the innermost open mapping or sequence
        self.column = 0  # where its entries start
        self.around: list[tuple[Any, int]] = []  # the open ones outside it, with their columns
        self.unset: str | None = None  # the key of the entry above, when no value stands behind it

    def read(self, entries: list[_Entry]) -> Mapping:
        """Read all entries.

        Raises:
            DoubtError: when they are no document, or may mean something else.
        """
        self.column = next((len(entry[0]) for entry in entries if not entry[8]), 0)
        number = 0
        while number < len(entries):
            is_long = len(entries) - number >= _MANY and self.with_places and entries[number][1]
            if is_long and self.unset is not None and self.inside is self.root:
                after = self._add_rows(entries, number)
                if after is not None:
                    number = after
                    continue
            self._add(*entries[number])
            number += 1
        if not self.root:
            raise DoubtError
        return self.root

    def _add(
        self, indent: str, dash: str, key: str, gap: str, plain: str, quoted: str, other: str, margin: str, empty: str
    ) -> None:
        if empty:
            self.line += empty.count("\n")
            return
        if not key and not (dash and (plain or quoted or other)):
            raise DoubtError
        at = len(indent)
        if dash:
            if self.unset is not None and at >= self.column:
                self._open(Sequence(), at)
            else:
                self._close(at, Sequence)
            at += 1 + len(dash)
            if key:
                self._open(Mapping(), at)
        elif self.unset is not None and at > self.column:
            self._open(Mapping(), at)
        else:
            self._close(at, Mapping)
        mark = (self.line, at + 1)
        if not key:
            self.inside.put(self._value(plain, quoted, other, margin, mark), mark)
        elif key in self.inside:
            raise DoubtError
        elif plain or quoted or other:
            value_mark = (self.line, at + len(key) + len(gap) + 2)
            self.inside.put(key, self._value(plain, quoted, other, margin, value_mark), mark, value_mark)
        else:
            self.inside.put(key, None, mark, (self.line, at + len(key) + 2))
            self.unset = key
        self.line += 1

    def _value(self, plain: str, quoted: str, other: str, margin: str, mark: Mark) -> Node:
        if plain:
            self.line += plain.count("\n")
            text = folded(plain).rstrip(" ")
            return None if text in NULLS else text
        if quoted:
            return quoted
        self.line += other.count("\n")
        return read_value(other, margin, mark)

    def _open(self, child: Any, at: int) -> None:
        """Begin a list or mapping: the value that the entry above has not got yet, or an item."""
        if len(self.around) >= _MAX_OPEN:
            raise DoubtError
        if self.unset is None:
            self.inside.put(child, (self.line, at + 1))
        else:
            self.inside[self.unset], self.inside.marks[self.unset] = child, (self.line, at + 1)
            self.unset = None
        self.around.append((self.inside, self.column))
        self.inside, self.column = child, at

    def _close(self, at: int, kind: type[Mapping] | type[Sequence]) -> None:
        """Go back out to the open list or mapping whose entries start at a column."""
        self.unset = None
        while self.column > at or (self.column == at and self.inside.__class__ is not kind):
            if not self.around:
                raise DoubtError
            self.inside, self.column = self.around.pop()
        if self.column != at:
            raise DoubtError

    def _add_rows(self, entries: list[_Entry], start: int) -> int | None:
        """Add a list of the outermost mapping as rows; return the number of the entry behind it.

        None, and nothing added, when it is short, or some item is neither a flat mapping nor a text.
        """
        name, at, with_places = self.unset, len(entries[start][0]), self.with_places
        if name is None or with_places is None or at < self.column:
            return None
        rows, after = _rows(entries, start, Places(lambda: with_places(name)))
        if after < len(entries):
            indent, dash, key, *_ = entries[after]
            if dash or not key or len(indent) != self.column:
                return None
        if after - start < _MANY:
            return None
        self.root[name], self.root.marks[name] = rows, (self.line, at + 1)
        self.unset = None
        self.line = self.end_line  # counted from there, because little comes behind a long list
        for _, _, _, _, plain, _, other, _, empty in entries[after:]:
            self.line -= empty.count("\n") if empty else 1 + plain.count("\n") + other.count("\n")
        return after


def _rows(entries: list[_Entry], start: int, places: Places) -> tuple[Rows, int]:  # noqa: C901
    """Return the flat mappings and texts of a list, and the number of the first entry that is none of it."""
    rows = Rows(places)
    row: Row | None = None
    outer, width, *_ = entries[start]
    inner = " " * (len(outer) + 1 + len(width))
    number = start
    value: Any
    # One loop that calls nothing for most entries: it reads nine tenths of an archive.
    for indent, dash, key, _, plain, quoted, other, margin, empty in islice(entries, start, None):
        if dash:
            if indent != outer or dash != width:
                break
            row = None
            if key:
                row = new = Row()
                new.places, new.number = places, len(rows)
            rows.append(row)
        elif indent != inner or not key or row is None:
            if not empty:
                break
            number += 1
            continue
        if plain:
            value = folded(plain) if "\n" in plain else plain
            if value[-1] == " ":
                value = value.rstrip(" ")
            if len(value) < 5 and value in NULLS:
                value = None
        elif quoted:
            value = quoted
        elif other and other[0] not in "[{":
            value = read_value(other, margin, (0, 0))
        elif key and not other:
            value = None
        else:
            break
        if row is None:
            rows[-1] = value
        elif key in row:
            raise DoubtError
        else:
            row[key] = value
        number += 1
    return rows, number
