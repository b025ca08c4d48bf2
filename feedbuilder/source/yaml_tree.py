"""A YAML document as a tree of positioned text: every scalar stays the string its author typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

MAX_DEPTH = 50
MAX_EVENTS = 200_000

NULLS = frozenset({"", "~", "null", "Null", "NULL"})

Mark = tuple[int, int]
"""A position inside a file: line and column, counted from 1."""


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


class Places:
    """Where the entries of a long list stand, which is found out when somebody asks: nearly always, nobody does."""

    __slots__ = ("_changes", "_find", "_found")

    def __init__(self, find: Callable[[], Sequence]) -> None:
        self._find: Callable[[], Sequence] | None = find
        self._found: Sequence | None = None
        self._changes: list[Callable[[Mapping], None]] = []

    def found(self) -> Sequence:
        """Return the same list with its places."""
        if self._find is not None:
            self._found, self._find = self._find(), None
            for change in self._changes:
                change_mappings(self._found, change)
        assert self._found is not None
        return self._found

    def postpone(self, change: Callable[[Mapping], None]) -> bool:
        """Keep a change for the list that is yet to be found; return False when it is found already."""
        if self._find is None:
            return False
        self._changes.append(change)
        return True

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        return None, {"_changes": [], "_find": None, "_found": self.found()}


class Row(Mapping):
    """A mapping among the many of a long list; what it adds is only that its places come late."""

    __slots__ = ("number", "places")

    __init__ = dict.__init__  # thousands are made, and their maker sets the rest

    def __getattr__(self, name: str) -> Any:
        if name not in {"key_marks", "marks"}:
            raise AttributeError(name)
        placed: Any = self.places.found()[self.number]
        self.key_marks, self.marks = dict(placed.key_marks), dict(placed.marks)
        return getattr(self, name)


class Rows(Sequence):
    """A long list of rows and of text; what it adds is only that its places come late."""

    __slots__ = ("places",)

    def __init__(self, places: Places) -> None:
        self.places = places

    def __getattr__(self, name: str) -> Any:
        if name != "marks":
            raise AttributeError(name)
        self.marks = list(self.places.found().marks)
        return self.marks

    def change(self, change: Callable[[Mapping], None], of_values: Callable[[dict[str, Node]], None]) -> None:
        """Change every mapping; `of_values` does the same to one that has no places yet."""
        if self.places.postpone(change):
            for row in self:
                if isinstance(row, Row):
                    of_values(row)
        else:
            change_mappings(self, change)


def change_mappings(nodes: Iterable[Node], change: Callable[[Mapping], None]) -> None:
    """Change every mapping among the items of a list."""
    for node in nodes:
        if isinstance(node, Mapping):
            change(node)


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
    around: Any = None
    inner: Any = tree
    for step in path:  # as `reach`, but nothing is kept: it is asked for thousands of places
        if isinstance(inner, Mapping):
            if step not in inner:
                if isinstance(step, str):
                    break
                continue
        elif not (isinstance(inner, Sequence) and isinstance(step, int) and step < len(inner)):
            if isinstance(step, str):
                break
            continue
        around, last, inner = inner, step, inner[step]
    return None if around is None else around.marks[last]


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
