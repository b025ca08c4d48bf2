"""Read `feedbuilder.yaml`, with a place for every fault in it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem, UsageError
from feedbuilder.problems import problem
from feedbuilder.source.field_names import DEFAULT_NAMES
from feedbuilder.source.records import KNOWN_FIELDS
from feedbuilder.source.typing_faults import config_problems
from feedbuilder.source.yaml_nodes import Mapping, Node, YamlFaultError, decode_text, find_mark, read_nodes


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
        raise UsageError(f"the config {file} holds no settings")
    problems += _unknown_fields(tree.get("fields"), path, tree)
    try:
        config = Config.model_validate(_without_gaps(tree) | {"folder": file.parent, "path": path})
    except ValidationError as error:
        problems += config_problems(error, tree, path)
    if problems:
        raise UsageError(f"the config {file} has {len(problems)} fault{'s' * (len(problems) > 1)}", problems)
    return config


def _unknown_fields(fields: Node, path: str, tree: Mapping) -> list[Problem]:
    """Refuse a mapping of a field that does not exist: it would silently do nothing."""
    if not isinstance(fields, Mapping):
        return []
    own = {*DEFAULT_NAMES, *KNOWN_FIELDS}
    tops = {name.partition(".")[0] for name in own}
    return [
        problem("config-value", Place(path, *(find_mark(tree, ("fields", name)) or (1, 1))),
                f"`fields.{name}`: feedbuilder has no field of that name", f"its fields: {', '.join(sorted(tops))}")
        for name in fields
        if name not in own and not ("." in name and name.partition(".")[0] in tops)
    ]  # fmt: skip


def _without_gaps(node: Mapping) -> dict[str, Node]:
    """Return the settings that have a value: `image:` with nothing behind it is not set."""
    return {
        name: _without_gaps(value) if isinstance(value, Mapping) else value  # type: ignore[misc]
        for name, value in node.items()
        if value is not None
    }
