"""Why a file of the archive is not meant to be public: it is hidden, a template, a draft, or said to be unpublished."""

from __future__ import annotations

import re
from pathlib import Path

from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.problems import problem
from feedbuilder.source.dates import parse_moment
from feedbuilder.source.decoding import read_archive_file
from feedbuilder.source.records import read_flag
from feedbuilder.source.yaml_nodes import Mapping

_PLACEHOLDER = re.compile(r"^title[ \t]*:.*\{\{", re.MULTILINE)


def why_hidden(file: Path, path: str) -> Problem:
    """Say of a hidden file which kind it is; its faults are nobody's business yet."""
    if template := why_template(read_archive_file(file, path).decode("utf-8", "replace"), path):
        return template
    message = f"hidden by the {file.name[0]} in its name" if file.name[0] in "_." else "hidden in _drafts"
    return problem("hidden-file", Place(path, 1, 1), message)


def why_template(header: str, path: str) -> Problem | None:
    """Return what to say of a file whose title makes it a template."""
    if "{{" not in header or not _PLACEHOLDER.search(header):
        return None
    message, remedy = "a template: its title is a {{ placeholder }}", "write a title without braces to publish it"
    return problem("template", Place(path, 1, 1), message, remedy)


def why_withheld(tree: Mapping, path: str) -> Problem | None:
    """Return why the owner does not want this episode out, as Jekyll and Hugo say it."""
    draft, published = tree.get("draft"), tree.get("published")
    if isinstance(draft, str) and _flag(draft):
        return problem("draft", Place(path, *tree.marks["draft"]), f"a draft (draft: {draft})")
    if isinstance(published, str) and not _is_moment(published):
        place, flag = Place(path, *tree.marks["published"]), _flag(published)
        if flag is None:
            message, remedy = f"`published`: {published!r} is neither true, false nor a date", "write true or false"
            return problem("not-a-flag", place, message, remedy, severity=Severity.ERROR)
        return None if flag else problem("unpublished", place, f"not published (published: {published})")
    return None


def _flag(text: str) -> bool | None:
    try:
        return read_flag(text)
    except ValueError:
        return None


def _is_moment(text: str) -> bool:
    try:
        return bool(parse_moment(text))
    except ValueError:
        return False
