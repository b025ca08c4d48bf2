"""Which name an archive uses for which field: the defaults, and the config's `fields:` on top.

Records are typed under the default names below. Where the config says otherwise, values (and their places) are moved
there first, so that everything after speaks one language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass

from feedbuilder.source.yaml_nodes import Mapping, Mark, Node, Sequence

DEFAULT_NAMES: Map[str, str] = {
    "published": "dateadded",
    "edited": "date",
    "chapters": "quotableClips",
    "chapters.title": "name",
    "chapters.start": "startOffset",
    "chapters.end": "endOffset",
    "chapters.url": "url",
    "chapters.image": "image",
    "transcript.text": "line",
    "transcript.start": "sec",
    "transcript.end": "end",
    "transcript.clock": "time",
    "transcript.speaker": "who",
    "transcript.heading": "header",
    "audio.url": "url",
    "audio.length": "length",
    "audio.type": "type",
    "audio.duration": "duration",
}
"""Fields whose default name in the archive is not their own; every other field is called what it is."""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The archive's names for the fields in `known`, from the config's `fields:`."""

    known: frozenset[str]  # default names of all top-level fields
    mapped: Map[str, tuple[str, ...]]  # default (dotted) name → the archive's (dotted) names, first found wins

    @classmethod
    def of(cls, fields: Map[str, tuple[str, ...]], known: frozenset[str]) -> FieldNames:
        """Translate the config's section into default names."""
        return cls(known, {_default(name): paths for name, paths in fields.items()})

    def shown(self, name: str) -> str:
        """Return what the owner calls the field with this default name."""
        return self.mapped[name][0] if name in self.mapped else name

    def apply(self, tree: Mapping) -> None:
        """Move every mapped field of a front matter to its default name, in place."""
        moved: list[tuple[str, Node, Mark, Mark]] = []
        for name, paths in self.mapped.items():
            if "." in name:
                continue
            found = next((found for path in paths if (found := _take(tree, path)) is not None), None)
            if found is not None:
                moved.append((name, *found))
            elif name in tree:
                _remove(tree, name)  # the archive uses this name for something else
        for name, value, key_mark, mark in moved:
            _put(tree, name, value, key_mark, mark)
        for name, paths in self.mapped.items():
            outer, _, inner = name.partition(".")
            if inner:
                for item in _items(tree.get(outer)):
                    found = next((found for path in paths if (found := _take(item, path)) is not None), None)
                    if found is not None:
                        _put(item, inner, *found)

    def misspelt(self, tree: Mapping) -> Iterator[tuple[str, str, Mark]]:
        """Yield each unknown field that looks like a known one the file lacks: found, meant, place."""
        for name, mark in tree.key_marks.items():
            if name in self.known or len(name) < 4:
                continue
            near = difflib.get_close_matches(name, self.known - tree.keys(), n=1, cutoff=0.84)
            if near:
                yield name, near[0], mark


def _default(name: str) -> str:
    """Return the default name behind a field: `chapters.title` → `quotableClips.name`."""
    outer, _, inner = name.partition(".")
    top = DEFAULT_NAMES.get(outer, outer)
    return f"{top}.{DEFAULT_NAMES.get(name, inner)}" if inner else top


def _items(node: Node) -> Iterator[Mapping]:
    for item in node if isinstance(node, Sequence) else [node]:
        if isinstance(item, Mapping):
            yield item


def _take(tree: Mapping, path: str) -> tuple[Node, Mark, Mark] | None:
    """Remove and return what stands at a dotted path, with the marks of its key and value."""
    *outer, last = [path] if path in tree else path.split(".")
    for step in outer:
        inner = tree.get(step)
        if not isinstance(inner, Mapping):
            return None
        tree = inner
    if last not in tree:
        return None
    found = tree[last], tree.key_marks[last], tree.marks[last]
    if not outer:  # a field inside another stays there: the outer one may be mapped as well
        _remove(tree, last)
    return found


def _remove(tree: Mapping, name: str) -> None:
    del tree[name], tree.key_marks[name], tree.marks[name]


def _put(tree: Mapping, name: str, value: Node, key_mark: Mark, mark: Mark) -> None:
    tree[name] = value
    tree.key_marks[name] = key_mark
    tree.marks[name] = mark
