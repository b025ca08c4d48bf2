"""Which name an archive uses for which field: the defaults, and the config's `fields:` on top.

Records are typed under the default names below. Where the config says otherwise, values (and their places) are moved
there first, so that everything after speaks one language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from functools import lru_cache, partial

from feedbuilder.source.yaml_nodes import Mapping, Mark, Node, Rows, Sequence, change_mappings

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

_OWN_WORDS = frozenset({"chapters", "edited"})  # nobody means anything else by them

_CHAPTERS_ELSEWHERE: Map[str, tuple[str, ...]] = {
    "name": ("name", "title"),
    "startOffset": ("startOffset", "start", "startTime"),
    "endOffset": ("endOffset", "end", "endTime"),
    "url": ("url", "href"),
    "image": ("image", "img"),
}
"""What chapters say in Podcasting 2.0 and Podlove, which needs no word in the config."""

_MOST_COMPARED, _LONGEST_COMPARED = 1000, 100  # nobody misspells more, or worse; each takes a while


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
        """Return what the owner calls the field with this default (dotted) name."""
        outer, _, inner = name.partition(".")
        top = self.mapped.get(outer, (outer,))[0]
        return f"{top}.{self.mapped.get(name, (inner,))[0]}" if inner else top

    def apply(self, tree: Mapping) -> None:
        """Move every mapped field of a front matter to its default name, in place."""
        _rename(tree, {name: paths for name, paths in self.mapped.items() if "." not in name})
        inner_names: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, paths in self.mapped.items():
            outer, _, inner = name.partition(".")
            if inner:
                inner_names.setdefault(outer, {})[inner] = paths
        for outer, names in inner_names.items():
            node = tree.get(outer)
            if isinstance(node, Rows):
                node.change(partial(_rename, names=names), partial(_rename_values, names=names))
            else:
                change_mappings(node if isinstance(node, Sequence) else [node], partial(_rename, names=names))
        clips = tree.get("quotableClips")
        for clip in clips if isinstance(clips, Sequence) else ():
            if isinstance(clip, Mapping) and not ("name" in clip and "startOffset" in clip):
                _rename(clip, _CHAPTERS_ELSEWHERE)

    def misspelt(self, tree: Mapping) -> Iterator[tuple[str, str, Mark]]:
        """Yield each unknown field that looks like a known one the file lacks: found, meant, place."""
        for own in sorted(_OWN_WORDS & tree.keys() - self.known):
            if DEFAULT_NAMES[own] not in tree:
                yield own, self.shown(DEFAULT_NAMES[own]), tree.key_marks[own]
        lacking = frozenset(self.shown(name) for name in self.known - tree.keys())
        unknown = [(name, mark) for name, mark in tree.key_marks.items() if name not in self.known and len(name) >= 4]
        for name, mark in unknown[:_MOST_COMPARED]:
            if len(name) <= _LONGEST_COMPARED and (near := _nearest(name, lacking)):
                yield name, near, mark


def _default(name: str) -> str:
    """Return the default name behind a field: `chapters.title` → `quotableClips.name`."""
    outer, _, inner = name.partition(".")
    top = DEFAULT_NAMES.get(outer, outer)
    return f"{top}.{DEFAULT_NAMES.get(name, inner)}" if inner else top


@lru_cache(maxsize=1 << 10)  # the files of an archive have and lack much the same fields
def _nearest(name: str, lacking: frozenset[str]) -> str | None:
    """Return which of the fields that are lacking was misspelt as `name`, if one may have been."""
    shuffled = [one for one in lacking if sorted(one) == sorted(name)]  # `titel`
    near = difflib.get_close_matches(name, lacking, n=1, cutoff=0.84) or difflib.get_close_matches(name, shuffled, n=1)
    return near[0] if near else None


def _rename(tree: Mapping, names: Map[str, tuple[str, ...]]) -> None:
    """Give values the names that are keys of `names`; all are taken before any is put, for names may be swapped."""
    moved: list[tuple[str, Node, Mark, Mark]] = []
    used = set(names)  # where nothing is found, the archive uses the default name for something else
    for name, paths in names.items():
        found = [(path, value) for path in paths if (value := _find(tree, path)) is not None]
        if found:
            path, value = next((entry for entry in found if entry[1][0] is not None), found[0])
            moved.append((name, *value))
            used.add(path)  # a field inside another stays there: the outer one may be mapped as well
    for name in used & tree.keys():
        tree.drop(name)
    for name, node, key_mark, mark in moved:
        tree.put(name, node, key_mark, mark)


def _rename_values(values: dict[str, Node], names: Map[str, tuple[str, ...]]) -> None:
    """Do what `_rename` does, to a mapping that has neither places nor anything deeper."""
    moved: dict[str, Node] = {}
    used = set(names)
    for name, paths in names.items():
        found = [path for path in paths if path in values]
        if found:
            path = next((path for path in found if values[path] is not None), found[0])
            moved[name] = values[path]
            used.add(path)
    for name in used & values.keys():
        del values[name]
    values.update(moved)


def _find(tree: Mapping, path: str) -> tuple[Node, Mark, Mark] | None:
    """Return what stands at a dotted path, with the marks of its key and value."""
    *outer, last = [path] if path in tree else path.split(".")
    for step in outer:
        inner = tree.get(step)
        if not isinstance(inner, Mapping):
            return None
        tree = inner
    return (tree[last], tree.key_marks[last], tree.marks[last]) if last in tree else None
