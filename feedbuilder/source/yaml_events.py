"""YAML documents of every kind, read or refused.

PyYAML's resolver would turn `12:30` into 750, `no` into False and `0123` into 83, and its constructor keeps the last
of two equal keys. So only its C event parser is used, and the tree is built here, within limits.

Spec: YAML 1.1, https://yaml.org/spec/1.1/ (what libyaml parses).
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.source.decoding import YamlFaultError, replaced
from feedbuilder.source.yaml_tree import MAX_DEPTH, MAX_EVENTS, NULLS, Mapping, Node, Sequence
from feedbuilder.source.yaml_words import explained
from feedbuilder.vocabulary.characters import FORBIDDEN

_TEXT_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp"))
_TREE_TAGS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


def read_events(text: str, path: str, first_line: int) -> tuple[Node, list[Problem]]:
    """Return what `read_nodes` does, whatever the document.

    Raises:
        YamlFaultError: as there.
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
                container.marks.append((start.line + first_line, start.column + 1))
            elif key is None:
                key = self._key(container, node, event)
            else:
                if key not in container:
                    container[key] = node
                    container.marks[key] = (start.line + first_line, start.column + 1)
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
            return None if value in NULLS else value
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
        mark = (event.start_mark.line + self.first_line, event.start_mark.column + 1)
        if node in container:
            first = container.key_marks[node][0]
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
