"""YAML as positioned text: every scalar stays the string its author typed.

PyYAML's resolver would turn `12:30` into 750, `no` into False and `0123` into 83, and its constructor keeps the last
of two equal keys. So only its C event parser is used, and the tree is built here, within limits.

Spec: YAML 1.1, https://yaml.org/spec/1.1/ (what libyaml parses).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.source.decoding import FORBIDDEN, YamlFaultError, replaced
from feedbuilder.source.yaml_words import explained

MAX_DEPTH = 50
MAX_EVENTS = 200_000

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TEXT_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp"))
_TREE_TAGS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


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

    def put(self, name: str, value: Node, key_mark: Mark, mark: Mark) -> None:
        """Set a value with its places."""
        self[name], self.key_marks[name], self.marks[name] = value, key_mark, mark

    def drop(self, name: str) -> None:
        """Remove a value and its places."""
        del self[name], self.key_marks[name], self.marks[name]


class Sequence(list["Node"]):
    """A YAML sequence that knows where each item stands."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []

    def put(self, value: Node, mark: Mark) -> None:
        """Append an item with its place."""
        self.append(value)
        self.marks.append(mark)

    def drop(self, index: int) -> None:
        """Remove an item and its place."""
        del self[index], self.marks[index]


Node = str | None | Mapping | Sequence


def reach(tree: Node, path: Iterable[str | int]) -> list[tuple[Mapping | Sequence, Any]]:
    """Return the steps along `path`, each as the container and the key in it, as far as the tree goes.

    A number that no list is there for is passed over: a list of one may be written without its dash.
    """
    steps: list[tuple[Mapping | Sequence, Any]] = []
    inner: Any = tree
    for step in path:
        in_sequence = isinstance(inner, Sequence) and isinstance(step, int) and step < len(inner)
        if in_sequence or (isinstance(inner, Mapping) and step in inner):
            steps.append((inner, step))
            inner = inner[step]
        elif isinstance(step, str):
            break
    return steps


def find_mark(tree: Node, path: Iterable[str | int]) -> Mark | None:
    """Return where the value at `path` stands, or the nearest thing around it that exists."""
    steps = reach(tree, path)
    return steps[-1][0].marks[steps[-1][1]] if steps else None


def drop_gaps(tree: Node) -> None:
    """Remove what has no value, at every depth: a field with nothing behind it is a field not set."""
    if isinstance(tree, Mapping):
        for name in [name for name, value in tree.items() if value is None]:
            tree.drop(name)
        for value in tree.values():
            drop_gaps(value)
    elif isinstance(tree, Sequence):
        for index in [index for index, item in enumerate(tree) if item is None][::-1]:
            tree.drop(index)
        for item in tree:
            drop_gaps(item)


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
            raise YamlFaultError(explained(error, self.text, self.path, self.first_line)) from error

    def _tree(self) -> Node:  # noqa: C901  (one loop with one branch a kind of event)
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
            problem("yaml-too-long", self._place(event.start_mark), f"the YAML has more than {MAX_EVENTS:,} values",
                    "split the file; one file is one episode"))  # fmt: skip

    def _scalar(self, event: Any) -> str | None:
        value: str = event.value
        style = event.style
        if event.tag is not None or event.anchor is not None:
            self._refuse_oddities(event, _TEXT_TAGS)
        if not style:
            return None if value in _NULLS else value
        if style == '"' and (found := FORBIDDEN.search(value)):  # only an escape can have brought it in
            self.faults.append(replaced(found[0], self._place(event.start_mark)))
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
            message = f"`{node}` stands here a second time; the first is on line {first}"
            self.faults.append(problem("yaml-duplicate-key", Place(self.path, *mark), message, "keep one of the two"))
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
