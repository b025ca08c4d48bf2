"""Read the people pages: `_people/KEY.md`, to which episodes refer by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.problems import problem
from feedbuilder.source.decoding import YamlFaultError, decode_text, read_archive_file
from feedbuilder.source.front_matter import FrontMatter, split_front_matter
from feedbuilder.source.records import PersonPage
from feedbuilder.source.typing_faults import read_record
from feedbuilder.source.walk import MARKDOWN, YAML, folder_entries, shown_path
from feedbuilder.source.yaml_nodes import Mapping, find_mark, read_nodes


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonFile:
    """One readable people page."""

    path: str  # as messages name it
    record: PersonPage
    marks: Mapping

    def place(self, *path: str | int) -> Place:
        """Return where a field stands, or the top of the file when it is not there."""
        return Place(self.path, *(find_mark(self.marks, path) or (1, 1)))


def read_people(config: Config, memory: Memory = FORGETFUL) -> tuple[dict[str, PersonFile], list[Problem]]:
    """Return people pages by key: their file's name, and their `short` where that differs.

    A page with a fault costs no episode, so its faults are warnings.

    Raises:
        UsageError: when the folder cannot be listed.
    """
    people: dict[str, PersonFile] = {}
    problems: list[Problem] = []
    for file in _pages(config):
        person, faults = _read_person(file, shown_path(file, config), memory)
        problems += [
            replace(fault, severity=Severity.WARNING) if fault.severity is Severity.ERROR else fault for fault in faults
        ]
        if person is not None:
            people[file.stem] = person
    for person in list(people.values()):
        if person.record.short:
            people.setdefault(person.record.short, person)
    return people, problems


def _pages(config: Config) -> Iterator[Path]:
    for file in folder_entries(config, "archive", "people"):
        if file.suffix.lower() in MARKDOWN | YAML and not file.name.startswith(("_", ".")) and not file.is_dir():
            yield file


def _read_person(file: Path, path: str, memory: Memory) -> tuple[PersonFile | None, list[Problem]]:
    try:
        content = read_archive_file(file, path)
    except YamlFaultError as error:
        return None, [error.fault]
    is_yaml = file.suffix.lower() in YAML
    return memory.of(("person", content, path, is_yaml), lambda: _parsed(content, path, is_yaml=is_yaml))


def _parsed(content: bytes, path: str, *, is_yaml: bool) -> tuple[PersonFile | None, list[Problem]]:
    try:
        text, faults = decode_text(content, path)
        parts = FrontMatter(text, 1, "", 1) if is_yaml else split_front_matter(text, path)
        tree, more = read_nodes(parts.header, path, first_line=parts.header_line) if parts else (None, [])
    except YamlFaultError as error:
        return None, [error.fault]
    faults += more
    if not isinstance(tree, Mapping):
        message = "no front matter with fields, so nobody's page"
        return None, [*faults, problem("no-front-matter", Place(path, 1, 1), message)]
    page, more = read_record(PersonPage, tree, path, required=frozenset({"title"}))
    return (PersonFile(path=path, record=page, marks=tree) if page else None), faults + more
