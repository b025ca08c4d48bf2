"""Jinja2 as pages use it: every value escaped, every name known, and the owner's templates before our own.

Spec: https://jinja.palletsprojects.com/ (3.1)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import walk_tb
from typing import Any, Final

from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader, PrefixLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feedbuilder.errors import UsageError

OWN_TEMPLATES: Final = Path(__file__).parent / "templates"
OWN_PREFIX: Final = "feedbuilder"
"""An owner's `episode.html` may say `{% extends "feedbuilder/episode.html" %}`."""


class Templates:
    """Templates by name. An archive takes pull requests, so those of its owner run in a sandbox."""

    def __init__(self, of_owner: Mapping[str, str]) -> None:
        """Take the owner's templates by file name; they need not be complete."""
        self._of_owner = of_owner
        ours = FileSystemLoader(OWN_TEMPLATES)
        theirs = FunctionLoader(self._find)
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([theirs, ours, PrefixLoader({OWN_PREFIX: ours})]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )

    def add_filters(self, **filters: Callable[..., Any]) -> None:
        """Let templates use functions as filters."""
        self._environment.filters.update(filters)

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Return a filled template.

        Raises:
            UsageError: when a template of the owner's is at fault.
        """
        try:
            return self._environment.get_template(name).render(values)
        except Exception as error:
            if (place := self._place(error)) is None:
                raise
            raise UsageError(f"the template {place}: {error}") from error

    def source(self, name: str) -> str:
        """Return a file as it stands, such as the style sheet."""
        if name in self._of_owner:
            return self._of_owner[name]
        return (OWN_TEMPLATES / name).read_text("utf-8")

    def _find(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self._of_owner.get(name)
        return None if text is None else (text, name, lambda: True)

    def _place(self, error: Exception) -> str | None:
        """Return where in an owner's template an error arose."""
        name, line = getattr(error, "name", None), getattr(error, "lineno", None)
        if isinstance(error, TemplateError) and name in self._of_owner and line:
            return f"{name}, line {line}"
        for frame, line in reversed(list(walk_tb(error.__traceback__))):
            if frame.f_code.co_filename in self._of_owner:
                return f"{frame.f_code.co_filename}, line {line}"
        return None


def as_json(value: object) -> str:
    """Return JSON as a script element may hold it, whatever the texts in it are.

    Spec: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
