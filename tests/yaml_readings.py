"""Both readings of a YAML document, in a form that compares everything: text, order, and the place of every value."""

from __future__ import annotations

from typing import Any

from feedbuilder.source.decoding import YamlFaultError
from feedbuilder.source.yaml_entries import read_entries
from feedbuilder.source.yaml_events import read_events
from feedbuilder.source.yaml_tree import Mapping, Node, Sequence


def told(node: Node) -> Any:
    """Return a node with the places of all keys and values in it."""
    if isinstance(node, Mapping):
        return [(name, told(value), node.key_marks[name], node.marks[name]) for name, value in node.items()]
    if isinstance(node, Sequence):
        return [(told(item), mark) for item, mark in zip(node, node.marks, strict=True)]
    return node


def quick_reading(text: str, first_line: int = 1) -> Any:
    """Return what `read_entries` makes of a document; None when it is in doubt."""
    tree = read_entries(text, first_line)
    return None if tree is None else told(tree)


def full_reading(text: str, first_line: int = 1) -> Any:
    """Return what libyaml makes of a document, or the code of what is said about it."""
    try:
        tree, faults = read_events(text, "x.md", first_line)
    except YamlFaultError as error:
        return error.fault.code
    return faults[0].code if faults else told(tree)
