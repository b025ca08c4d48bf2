"""Part a Markdown file into its YAML header and its body.

Spec: https://jekyllrb.com/docs/front-matter/ (Jekyll 4), which Hugo and Eleventy share for `---`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from feedbuilder.errors import Place
from feedbuilder.problems import problem
from feedbuilder.source.yaml_nodes import YamlFaultError

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
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
    first, _, _ = text.partition("\n")
    if first.rstrip() == "+++":
        raise YamlFaultError(
            problem(
                "toml-front-matter",
                Place(path, 1, 1),
                "this front matter is TOML (+++)",
                "write it as YAML between --- lines",
            )
        )
    opening = _FENCE.search(text)
    if opening is None:
        return None
    opening_line = text.count("\n", 0, opening.start()) + 1
    if opening_line > 1:
        if opening_line > _LIKELY_HEADER_LINES or not re.match(r"\n[\w-]+:", text[opening.end() :]):
            return None
        if text[: opening.start()].strip():
            raise YamlFaultError(
                problem("text-before-front-matter", Place(path, 1, 1),
                        f"text stands above the front matter, which starts on line {opening_line}",
                        "delete what stands above the first ---"))  # fmt: skip
    closing = _CLOSE.search(text, opening.end())
    if closing is None:
        raise YamlFaultError(
            problem("front-matter-not-closed", Place(path, opening_line, 1), "the front matter that starts here has no end",
                    "add a line --- after the last field"))  # fmt: skip
    return FrontMatter(
        header=text[opening.end() + 1 : closing.start()],
        header_line=opening_line + 1,
        body=text[closing.end() + 1 :],
        body_line=text.count("\n", 0, closing.end()) + 2,
    )
