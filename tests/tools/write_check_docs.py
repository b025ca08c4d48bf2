"""Write the tables of docs/check.md from the rules: `python tests/tools/write_check_docs.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from feedbuilder.check.every_rule import GROUPS
from feedbuilder.check.rules import Level, Profile, Rule

FILE = Path(__file__).parents[2] / "docs/check.md"
START = "\n### Document\n"
NAMES = {
    Profile.RSS: "RSS", Profile.APPLE: "Apple", Profile.SPOTIFY: "Spotify", Profile.YOUTUBE: "YouTube",
    Profile.PODCAST_INDEX: "Podcast Index", Profile.PSP1: "PSP-1",
}  # fmt: skip


def held_by(rule: Rule[Any]) -> str:
    said = []
    for level in Level:
        who = [name for profile, name in NAMES.items() if rule.levels.get(profile) is level]
        if who:
            said.append(f"{level}: {'everyone' if len(who) == len(NAMES) else ', '.join(who)}")
    return "; ".join(said)


def tables() -> Iterator[str]:
    for group, rules in GROUPS.items():
        yield f"\n### {group}\n\n| rule | demand | held by | source |\n|---|---|---|---|\n"
        yield from (f"| {rule.code} | {rule.demand} | {held_by(rule)} | [read]({rule.spec}) |\n" for rule in rules)


def page(text: str) -> str:
    """Return the page with its tables written anew."""
    return text.partition(START)[0] + "".join(tables())


if __name__ == "__main__":
    FILE.write_text(page(FILE.read_text("utf-8")), "utf-8")
