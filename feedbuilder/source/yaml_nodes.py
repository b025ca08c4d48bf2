"""YAML as positioned text; most front matter needs no parser for all of YAML, and never loads it."""

from __future__ import annotations

from feedbuilder.errors import Problem
from feedbuilder.source.yaml_entries import read_entries
from feedbuilder.source.yaml_tree import (
    Mapping,
    Mark,
    Node,
    Rows,
    Sequence,
    change_mappings,
    drop_gaps,
    find_mark,
    reach,
)

__all__ = [
    "Mapping",
    "Mark",
    "Node",
    "Rows",
    "Sequence",
    "change_mappings",
    "drop_gaps",
    "find_mark",
    "reach",
    "read_nodes",
]


def read_nodes(text: str, path: str, *, first_line: int = 1) -> tuple[Node, list[Problem]]:
    """Return the tree of one YAML document and the faults that did not stop the reading.

    `first_line` is the line of the file at which `text` starts.

    Raises:
        YamlFaultError: for a syntax error, an excess, or YAML that this program refuses.
    """
    tree = read_entries(text, first_line)
    if tree is not None:
        return tree, []
    from feedbuilder.source.yaml_events import read_events  # noqa: PLC0415  (PyYAML, which few archives need)

    return read_events(text, path, first_line)
