"""YAML as positioned text: every scalar stays the string its author typed.

PyYAML's resolver would turn `12:30` into 750, `no` into False and `0123` into 83, and its constructor keeps the last
of two equal keys. So only its C event parser is used, and the tree is built here, within limits.

Spec: YAML 1.1, https://yaml.org/spec/1.1/ (what libyaml parses).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 50
MAX_EVENTS = 200_000

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 (fifth edition, 2.2) forbids or discourages and that mean nothing in text."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TEXT_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp"))
_TREE_TAGS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})

# What libyaml says, and what it means to somebody who edits a text file.
_EXPLANATIONS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "a second ': ' in one value", 'put the value in double quotes: title: "A: b"'),
    ("found character '\\t'", "a tab where YAML wants spaces", "indent with spaces"),
    ("found character '%'", "a value cannot start with %", "put the value in quotes"),
    ("found character '@'", "a value cannot start with @", "put the value in quotes"),
    ("found character '`'", "a value cannot start with `", "put the value in quotes"),
    ("cannot start any token", "a value starts with a character YAML reserves", "put the value in quotes"),
    ("found unexpected end of stream", "a quote is opened and never closed", "close the quote"),
    ("could not find expected ':'", "a line that is neither `key: value` nor part of the value above",
     "check for a missing colon, a missing quote, or wrong indentation"),
    ("did not find expected key", "the line does not fit what stands above it",
     "check the indentation, and whether a quote inside the value above closes it too early"),
    ("did not find expected '-' indicator", "a list ends in something that is not a list item",
     "start the line with '- ' or give it the list's own indentation"),
    ("did not find expected ',' or", "a list or mapping in brackets is not closed", "close the bracket, or quote the value"),
    ("did not find expected node content", "brackets hold something that is no value", "put the value in quotes"),
    ("found unknown escape character", "a backslash sequence YAML does not know", "use single quotes, or double the backslash"),
    ("block sequence entries are not allowed", "a list item on the same line as its key",
     "put the list on lines of its own below the key"),
)  # fmt: skip


class Mark(NamedTuple):
    """A position inside a file, counted from 1."""

    line: int
    column: int


class Mapping(dict[str, "Node"]):
    """A YAML mapping that knows where each key and value stands."""

    __slots__ = ("key_marks", "marks")

    def __init__(self) -> None:
        super().__init__()
        self.key_marks: dict[str, Mark] = {}
        self.marks: dict[str, Mark] = {}


class Sequence(list["Node"]):
    """A YAML sequence that knows where each item stands."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []


Node = str | None | Mapping | Sequence


class YamlFaultError(Exception):
    """Parsing cannot go on; holds the one problem that says why."""

    def __init__(self, fault: Problem) -> None:
        super().__init__(fault.message)
        self.fault = fault


def find_mark(tree: Node, path: tuple[str | int, ...]) -> Mark | None:
    """Return where the value at `path` stands, or the nearest thing around it that exists."""
    mark: Mark | None = None
    inner: Any = tree
    for step in path:
        in_mapping = isinstance(inner, Mapping) and step in inner
        if not in_mapping and not (isinstance(inner, Sequence) and isinstance(step, int) and step < len(inner)):
            break
        mark, inner = inner.marks[step], inner[step]
    return mark


def decode_text(raw: bytes, path: str) -> tuple[str, list[Problem]]:
    """Return a file's text with `\\n` line ends, and what had to be replaced in it.

    Raises:
        YamlFaultError: when it is no UTF-8 text, or larger than a text file may be.
    """
    if len(raw) > MAX_BYTES:
        raise YamlFaultError(
            problem("file-too-large", Place(path), f"the file has {len(raw):,} bytes; the limit is {MAX_BYTES:,}",
                    "move what is not the episode's own text into files of its own"))  # fmt: skip
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise YamlFaultError(
            problem("not-utf8", place, f"byte 0x{raw[error.start]:02x} is not UTF-8", "save the file as UTF-8")
        ) from error
    if "\x00" in text:
        place = _place_at(text, text.index("\x00"), path)
        raise YamlFaultError(
            problem("not-text", place, "the file holds NUL bytes, so it is not text", "restore the file")
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = FORBIDDEN.search(text)
    if found is None:
        return text, []
    fault = _replaced(found[0], _place_at(text, found.start(), path))
    return FORBIDDEN.sub("\ufffd", text), [fault]


def _place_at(text: str, index: int, path: str) -> Place:
    return Place(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _replaced(character: str, place: Place) -> Problem:
    return problem("forbidden-character", place, f"the control character U+{ord(character):04X} was replaced by U+FFFD",
                   "delete the character; XML cannot carry it")  # fmt: skip


def read_nodes(text: str, path: str, *, first_line: int = 1) -> tuple[Node, list[Problem]]:
    """Return the tree of one YAML document and the faults that did not stop the reading.

    `first_line` is the line of the file at which `text` starts.

    Raises:
        YamlFaultError: for a syntax error, an excess, or YAML that this program refuses.
    """
    return _Reader(text, path, first_line).read()


class _Reader:
    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text = text
        self.path = path
        self.first_line = first_line
        self.faults: list[Problem] = []

    def read(self) -> tuple[Node, list[Problem]]:
        try:
            return self._tree(), self.faults
        except yaml.YAMLError as error:
            raise YamlFaultError(self._explain(error)) from error

    def _tree(self) -> Node:
        """Build the tree; one loop, because a document has thousands of scalars."""
        # The types are compared by identity and bound to locals: this is the hottest loop of a build.
        scalar, mapping_start, sequence_start = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        next_event = CParser(self.text).get_event
        root: Node = None
        documents = 0
        first_line = self.first_line
        open_nodes: list[tuple[Any, str | None]] = []
        container: Any = None  # a Mapping or Sequence; told apart by identity below, which mypy cannot follow
        key: str | None = None
        for _ in range(MAX_EVENTS):
            event: Any = next_event()
            kind = event.__class__
            node: Node
            if kind is scalar:
                node = self._scalar(event)
            elif kind is mapping_start or kind is sequence_start:
                self._refuse_oddities(event, _TREE_TAGS)
                node = Mapping() if kind is mapping_start else Sequence()
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                container, key = open_nodes.pop()
                continue
            elif kind is yaml.StreamEndEvent:
                return root
            elif kind is yaml.AliasEvent:
                raise self._refusal("yaml-alias", event, f"*{event.anchor} repeats another part of the file",
                                    "write the value out, or quote it if the * is meant as text")  # fmt: skip
            else:
                documents += kind is yaml.DocumentStartEvent
                if documents > 1:
                    raise self._refusal("yaml-many-documents", event, "a second YAML document starts here",
                                        "keep one episode to a file")  # fmt: skip
                continue

            start = event.start_mark
            if container is None:
                root = node
            elif container.__class__ is Sequence:
                container.append(node)
                container.marks.append(Mark(start.line + first_line, start.column + 1))
            elif key is None:
                key = self._key(container, node, event)
            else:
                if key not in container:
                    container[key] = node
                    container.marks[key] = Mark(start.line + first_line, start.column + 1)
                key = None
            if kind is not scalar:
                if len(open_nodes) >= MAX_DEPTH:
                    raise self._refusal("yaml-too-deep", event, f"lists and mappings nest more than {MAX_DEPTH} deep",
                                        "quote the value if its brackets are meant as text")  # fmt: skip
                open_nodes.append((container, key))
                container, key = node, None
        raise YamlFaultError(
            problem("yaml-too-long", Place(self.path), f"the YAML has more than {MAX_EVENTS:,} values",
                    "split the file; one file is one episode"))  # fmt: skip

    def _scalar(self, event: Any) -> str | None:
        value: str = event.value
        style = event.style
        if event.tag is not None or event.anchor is not None:
            self._refuse_oddities(event, _TEXT_TAGS)
        if not style:
            return None if value in _NULLS else value
        if style == '"' and (found := FORBIDDEN.search(value)):  # only an escape can have brought it in
            self.faults.append(_replaced(found[0], self._place(event.start_mark)))
            return FORBIDDEN.sub("\ufffd", value)
        return value

    def _key(self, container: Mapping, node: Node, event: Any) -> str:
        if not isinstance(node, str):
            raise self._refusal("yaml-key", event, "the name of a field is missing, or is itself a list or mapping",
                                "put the value in quotes if it starts with { or [")  # fmt: skip
        if node == "<<":
            raise self._refusal("yaml-merge", event, "<< merges another mapping into this one", "write the fields out")
        mark = Mark(event.start_mark.line + self.first_line, event.start_mark.column + 1)
        if node in container:
            first = container.key_marks[node].line
            self.faults.append(
                problem("yaml-duplicate-key", Place(self.path, *mark),
                        f"`{node}` stands here a second time; the first is on line {first}", "keep one of the two"))  # fmt: skip
        else:
            container.key_marks[node] = mark
        return node

    def _refuse_oddities(self, event: Any, tags: frozenset[str]) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag not in tags and tag != "!":
            raise self._refusal("yaml-tag", event, f"the tag {tag} asks for more than text", "remove the tag")

    def _place(self, mark: Any) -> Place:
        return Place(self.path, mark.line + self.first_line, mark.column + 1)

    def _refusal(self, code: str, event: Any, message: str, remedy: str) -> YamlFaultError:
        return YamlFaultError(problem(code, self._place(event.start_mark), message, remedy))

    def _explain(self, error: yaml.YAMLError) -> Problem:
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        context = getattr(error, "context", None) or ""
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if "unexpected end of stream" in said and getattr(error, "context_mark", None):
            mark = getattr(error, "context_mark")  # noqa: B009  # where the quote was opened says more than the end
        place = self._place(mark) if mark else Place(self.path, self.first_line)
        for pattern, meaning, remedy in _EXPLANATIONS:
            if pattern in said:
                return problem("yaml-syntax", place, f"{meaning} (YAML: {said})", remedy)
        return problem("yaml-syntax", place, f"this is not YAML: {f'{context}, ' if context else ''}{said}",
                       "check quotes, colons and indentation here and on the line above")  # fmt: skip
