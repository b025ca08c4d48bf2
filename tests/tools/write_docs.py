"""Write docs/problems.md from the catalogue: `python tests/tools/write_docs.py`."""

from __future__ import annotations

from pathlib import Path

from feedbuilder.problems import CATALOGUE

FILE = Path(__file__).parents[2] / "docs/problems.md"
HEAD = """# Problems

Every code a run can print. An **error** holds its episode back (exit code 3), a **warning** leaves something out or
repairs it, a **note** is only worth knowing. The rule is the one of [rules.md](rules.md) that directories hold against
such a feed. This page is written from `feedbuilder/problems.py`.

| code | severity | rule | meaning |
|---|---|---|---|
"""


def problems_page() -> str:
    rows = (f"| `{code}` | {kind.severity} | {kind.rule or ''} | {kind.meaning} |" for code, kind in CATALOGUE.items())
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    FILE.write_text(problems_page(), encoding="utf-8")
