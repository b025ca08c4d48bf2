"""The report for people: one page that asks nobody for anything, and needs no script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from feedbuilder.render.pages.templating import Templates
from feedbuilder.report.distribution import MONTHS
from feedbuilder.report.facts import Facts
from feedbuilder.report.figures import count_of, figures, percent
from feedbuilder.report.remarks import Cost, Kind, Remark, by_kind
from feedbuilder.timecode import clock
from feedbuilder.vocabulary.characters import legal
from feedbuilder.vocabulary.languages import direction_of

MOST_EPISODES: Final = 500
MOST_PLACES: Final = 100
FIRST_PLACES: Final = 3
MOST_CHANGES: Final = 40
"""What a page can carry, and a reader; the rest is counted, and in report.json."""

_TEMPLATES: Final = Path(__file__).parent / "templates"


def render_page(facts: Facts) -> bytes:
    """Return index.html."""
    kinds = by_kind(facts.remarks)
    templates = Templates({file.name: file.read_text("utf-8") for file in sorted(_TEMPLATES.iterdir())})
    templates.add_filters(
        by_backticks=_by_backticks, clock=clock, counted=count_of, day=_day, direction=cache(direction_of),
        moment=_moment, number=_number, parted=_parted, percent=percent,
    )  # fmt: skip
    values = {
        "facts": facts,
        "state": _sentence(facts),
        "size": _size(facts),
        "to_mend": [kind for kind in kinds if kind.cost.is_to_mend],
        "notes": [kind for kind in kinds if not kind.cost.is_to_mend],
        "ignored": by_kind(remark for remark, _ in facts.ignored),
        "reasons": dict.fromkeys((remark.code, reason) for remark, reason in facts.ignored),
        "figures": figures(facts),
        "first_places": FIRST_PLACES,
        "most_places": MOST_PLACES,
        "most_changes": MOST_CHANGES,
        "episodes": facts.episodes[:MOST_EPISODES],
        "dear": {Cost.HELD, Cost.KEPT, Cost.REFUSED},
    }
    return legal(templates.render("report.html", values)).encode()


def _sentence(facts: Facts) -> str:
    """Return the state of the show in a sentence."""
    kept = sum(episode.is_kept for episode in facts.episodes)
    parts = [f"{count_of(len(facts.episodes), 'episode')} published"]
    if kept:
        parts.append(f"{_number(kept)} of them kept as {'it was' if kept == 1 else 'they were'}")
    if facts.held:
        parts.append(f"{_number(len(facts.held))} held back")
    if facts.upcoming:
        parts.append(f"{_number(len(facts.upcoming))} scheduled")
    return f"{', '.join(parts)}."


def _size(facts: Facts) -> str:
    """Return how much sound that is."""
    known = [episode.duration_ms for episode in facts.episodes if episode.duration_ms is not None]
    hours, minutes = divmod(sum(known) // 60_000, 60)
    if not known:
        return ""
    length = f"{count_of(hours, 'hour')}" if hours >= 10 else f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return f"{length} in {'all' if len(known) == len(facts.episodes) else f'the {len(known):,} of known length'}"


def _parted(kind: Kind) -> Iterator[tuple[bool, tuple[Remark, ...]]]:
    """Yield the first remarks, which are always shown, and the further ones."""
    yield True, kind.remarks[:FIRST_PLACES]
    if further := kind.remarks[FIRST_PLACES:MOST_PLACES]:
        yield False, further


def _by_backticks(text: str) -> Iterator[tuple[bool, str]]:
    """Yield a message in pieces, and whether each stood between backticks.

    >>> list(_by_backticks("add `a: 1` to `b"))
    [(False, 'add '), (True, 'a: 1'), (False, ' to '), (False, '`b')]
    """
    parts = text.split("`")
    for place, part in enumerate(parts):
        is_alone = place % 2 == 1 and place == len(parts) - 1
        yield (False, f"`{part}") if is_alone else (place % 2 == 1, part)


def _day(moment: datetime) -> str:
    """Return a date in English; `strftime` speaks the machine's language."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)}, {moment:%H:%M} {moment.tzname()}"


def _number(number: int) -> str:
    return f"{number:,}"
