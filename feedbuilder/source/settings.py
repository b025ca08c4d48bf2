"""Read `feedbuilder.yaml`, with a place for every fault in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem, UsageError
from feedbuilder.problems import problem
from feedbuilder.source.decoding import YamlFaultError, decode_text
from feedbuilder.source.field_names import DEFAULT_NAMES
from feedbuilder.source.records import KNOWN_FIELDS, EpisodeRecord
from feedbuilder.source.typing_faults import config_problems
from feedbuilder.source.yaml_nodes import Mapping, Mark, Node, Sequence, find_mark, read_nodes

_NOT_SETTINGS = frozenset({"folder", "path"})  # of the model, and known from where the file is
_PATTERNS = {
    ("archive", "episode_url"): {"slug", "season", "episode"},
    ("archive", "person_url"): {"slug"},
    ("audio", "episode_url"): {"slug", "season", "episode", "guid"},
}


def read_config(file: Path) -> Config:
    """Read a config file.

    Raises:
        UsageError: with every fault of the file.
    """
    path = file.name
    try:
        text, problems = decode_text(file.read_bytes(), path)
        tree, more = read_nodes(text, path)
        problems += more
    except OSError as error:
        raise UsageError(f"cannot read the config {file}: {error.strerror}") from error
    except YamlFaultError as error:
        raise UsageError(f"the config {file} is not YAML", [error.fault]) from error
    if not isinstance(tree, Mapping):
        fault = problem("config-value", Place(path, 1, 1), "there are no settings", "write one: `feedbuilder init DIR`")
        raise UsageError(f"the config {file} holds no settings", [fault])
    problems += _unknown_settings(tree, Config, path)
    problems += _unknown_fields(tree.get("fields"), path)
    problems += _pattern_faults(tree, path)
    try:
        config = Config.model_validate(_without_gaps(tree) | {"folder": file.parent, "path": path})
    except ValidationError as error:
        problems += config_problems(error, tree, path)
    else:
        config.note_places(dict(_places(tree)))
        problems += _missing_paths(config)
    if problems:
        raise UsageError(f"the config {file} has {len(problems)} fault{'s' * (len(problems) > 1)}", problems)
    return config


def _unknown_settings(tree: Mapping, section: type[BaseModel], path: str, above: str = "") -> Iterator[Problem]:
    """Yield every name that is no setting: it would silently do nothing."""
    known = section.model_fields.keys() - (_NOT_SETTINGS if section is Config else set())
    for name, value in tree.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            listed = ", ".join(sorted(known))
            remedy = f"write `{near[0]}`, if that is meant" if near else f"the settings here: {listed}"
            message = f"`{above}{name}`: there is no such setting"
            yield problem("config-value", Place(path, *tree.key_marks[name]), message, remedy)
            continue
        inner = _section(section.model_fields[name])
        for item in (value if isinstance(value, list) else [value]) if inner else ():
            if inner and isinstance(item, Mapping):
                yield from _unknown_settings(item, inner, path, f"{above}{name}.")


def _section(field: FieldInfo | None, annotation: Any = None) -> type[BaseModel] | None:
    """Return the kind of section that a setting holds, alone, in a list or as one of two choices."""
    annotation = field.annotation if field else annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section(None, part))), None)


def _unknown_fields(fields: Node, path: str) -> Iterator[Problem]:
    """Yield every mapping of a field that does not exist: it would silently do nothing."""
    if not isinstance(fields, Mapping):
        return
    own = {*DEFAULT_NAMES, *KNOWN_FIELDS} - {DEFAULT_NAMES[name] for name in ("published", "edited", "chapters")}
    own |= {f"{name}.{inner}" for name, field in EpisodeRecord.model_fields.items() for inner in _inner_fields(field)}
    archives = {f"{name.partition('.')[0]}.{inner}" for name, inner in DEFAULT_NAMES.items()}
    for name in fields:
        if name not in own | KNOWN_FIELDS | archives and not name.startswith("ids."):
            near = difflib.get_close_matches(name, own, n=1)
            listed = ", ".join(sorted(known for known in own if "." not in known))
            remedy = f"write `{near[0]}`, if that is meant" if near else f"its fields: {listed}"
            message = f"`fields.{name}`: feedbuilder has no field of that name"
            yield problem("config-value", Place(path, *fields.key_marks[name]), message, remedy)


def _inner_fields(field: FieldInfo) -> set[str]:
    inner = _section(field)
    return set(inner.model_fields) if inner else set()


def _pattern_faults(tree: Mapping, path: str) -> Iterator[Problem]:
    """Yield address patterns that are no addresses, and braces in them that nothing could fill."""
    for setting, names in _PATTERNS.items():
        section = tree.get(setting[0])
        pattern = section.get(setting[1]) if isinstance(section, Mapping) else None
        if not isinstance(pattern, str):
            continue
        place, shown = Place(path, *(find_mark(tree, setting) or (1, 1))), ".".join(setting)
        if not re.match(r"https?://[^/\s]", pattern):
            message = f"`{shown}`: {pattern!r} is not an absolute web address"
            yield problem("config-value", place, message, "write it whole: https://example.org/{slug}.html")
        for name in re.findall(r"\{([^}]*)\}", pattern):
            if name not in names:
                remedy = f"these can be: {', '.join(f'{{{known}}}' for known in sorted(names))}"
                yield problem("config-value", place, f"`{shown}`: {{{name}}} cannot be filled in", remedy)


def _missing_paths(config: Config) -> Iterator[Problem]:
    """Yield every folder and file that the config names and that is not there."""
    archive, audio = config.archive, config.audio
    wanted: list[tuple[tuple[str | int, ...], str | None, bool]] = [
        (("archive", "episodes", index), entry, True) for index, entry in enumerate(archive.episodes)
    ]
    wanted += [(("archive", "people"), archive.people, False), (("archive", "site_root"), archive.site_root, False)]
    wanted += [(("site", "templates"), config.site.templates, False)]
    wanted += [(("audio", "folder"), audio.folder, False), (("audio", "table"), audio.table, True)]
    for location, value, may_be_file in wanted:
        found = config.resolve(value) if value else None
        kind = "folder or file" if may_be_file else "folder"
        try:
            is_there = found is None or found.is_dir() or (may_be_file and found.is_file())
            message = f"`{location[0]}.{location[1]}`: there is no {kind} {value}"
        except OSError as error:
            is_there, message = False, f"`{location[0]}.{location[1]}`: {value} cannot be read: {error.strerror}"
        if not is_there:
            yield problem(
                "config-value",
                config.place(*location),
                message,
                "correct the path; it starts from the folder of this file",
            )


def _places(node: Node, above: str = "") -> Iterator[tuple[str, Mark]]:
    """Yield the dotted name and the place of every setting."""
    entries = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, Sequence) else ()
    for key, value in entries:
        yield f"{above}{key}", node.marks[key]  # type: ignore[union-attr, index]  # it has entries
        yield from _places(value, f"{above}{key}.")


def _without_gaps(node: Mapping) -> dict[str, Node]:
    """Return the settings that have a value: `image:` with nothing behind it is not set."""
    return {
        name: _without_gaps(value) if isinstance(value, Mapping) else value  # type: ignore[misc]
        for name, value in node.items()
        if value is not None
    }
