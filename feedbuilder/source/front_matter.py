"""Part a Markdown file into its YAML header and its body.

Spec: https://jekyllrb.com/docs/front-matter/ (Jekyll 4), which Hugo and Eleventy share for `---`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from feedbuilder.errors import Place
from feedbuilder.problems import problem
from feedbuilder.source.decoding import YamlFaultError

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_CLOSE = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?=\n|\Z)")  # what starts with a character is found ten times as fast
_FIRST_FIELD = re.compile(r"\n(?:[ \t]*(?:#.*)?\n)*[\"']?[\w-]+[\"']?[ \t]*:")
_TITLE = re.compile(r"^title[ \t]*:", re.MULTILINE)
_LIKELY_HEADER_LINES = 20  # junk above a header is short; a horizontal rule deep in a text opens nothing


class FrontMatter(NamedTuple):
    """The two halves of a file; lines count from 1 in the whole file."""

    header: str
    header_line: int
    body: str
    body_line: int


def split_front_matter(text: str, path: str) -> FrontMatter | None:
    """Return the header and body, or None for a file that has no front matter at all.

    Raises:
        YamlFaultError: when front matter is begun but not well fenced.
    """
    if text.startswith("+++") and text.partition("\n")[0].rstrip() == "+++":
        raise YamlFaultError(
            problem(
                "toml-front-matter",
                Place(path, 1, 1),
                "this front matter is TOML (+++)",
                "write it as YAML between --- lines",
            )
        )
    opening = _FENCE.search(text)
    opening_line = text.count("\n", 0, opening.start()) + 1 if opening else 0
    if opening is None or (
        opening_line > 1 and (opening_line > _LIKELY_HEADER_LINES or not _FIRST_FIELD.match(text, opening.end()))
    ):
        _refuse_unopened(text, path)
        return None
    if text[: opening.start()].strip():
        raise YamlFaultError(
            problem("text-before-front-matter", Place(path, 1, 1),
                    f"text stands above the front matter, which starts on line {opening_line}",
                    "delete what stands above the first ---"))  # fmt: skip
    closing = _CLOSE.search(text, opening.end())
    if closing is None:
        raise YamlFaultError(
            problem("front-matter-not-closed", Place(path, opening_line, 1),
                    "the front matter that starts here has no end", "add a line --- after the last field"))  # fmt: skip
    return FrontMatter(
        header=text[opening.end() + 1 : closing.start() + 1],
        header_line=opening_line + 1,
        body=text[closing.end() + 1 :],
        body_line=text.count("\n", 0, closing.end()) + 2,
    )


def _refuse_unopened(text: str, path: str) -> None:
    """Tell an episode whose first --- is missing or misspelt from a page that has no front matter."""
    head = "\n".join(text.split("\n", _LIKELY_HEADER_LINES)[:_LIKELY_HEADER_LINES])
    if found := _TITLE.search(head):
        place = Place(path, head.count("\n", 0, found.start()) + 1, 1)
        message = "fields stand here, but no line --- above them opens the front matter"
        raise YamlFaultError(
            problem("front-matter-not-opened", place, message, "make the first line ---, with nothing before it")
        )
