"""The report for programs: everything, where the page leaves out what is too much to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from feedbuilder.report.changes import as_object
from feedbuilder.report.distribution import Distribution
from feedbuilder.report.facts import EpisodeFacts, Facts
from feedbuilder.report.figures import (
    caption_coverage,
    caption_speeds,
    length_distribution,
    season_distribution,
    shares,
    time_distribution,
)
from feedbuilder.vocabulary.characters import legal

VERSION: Final = 1
"""Of the form; a field may come at any time, and one that goes or changes its meaning makes a new version."""


def render_data(facts: Facts) -> bytes:
    """Return report.json."""
    as_of = facts.as_of
    document = {
        "version": VERSION,
        "show": {
            "title": facts.show.title, "language": facts.show.language, "guid": facts.show.guid,
            "feed": facts.show.feed_url, "as_of": as_of.isoformat() if as_of else None,
        },
        "counts": {
            "published": len(facts.episodes), "kept": sum(one.is_kept for one in facts.episodes),
            "held": len(facts.held), "scheduled": len(facts.upcoming), "withheld": len(facts.withheld),
            "to_mend": facts.to_mend,
        },
        "held": facts.held,
        "scheduled": [
            {"due": one.due.isoformat(), "title": one.title, "source": one.source} for one in facts.upcoming
        ],
        "withheld": [asdict(one) for one in facts.withheld],
        "findings": [asdict(one) for one in facts.remarks],
        "ignored": [asdict(one) | {"reason": reason} for one, reason in facts.ignored],
        "changes": as_object(facts.changes),
        "charts": _charts(facts),
        "episodes": [_episode(one) for one in facts.episodes],
    }  # fmt: skip
    return (legal(json.dumps(document, ensure_ascii=False, indent=1)) + "\n").encode()


def _charts(facts: Facts) -> dict[str, Any]:
    return {
        "over_time": _counts(time_distribution(facts)),
        "per_season": _counts(season_distribution(facts)),
        "lengths": _counts(length_distribution(facts)),
        "completeness": {row.label.lower(): row.size for row in shares(facts.episodes)},
        "caption_speeds": {bar.label: bar.size for bar in caption_speeds(facts.episodes)},
        "caption_coverage": {f"{tenth * 10}": size for tenth, size in enumerate(caption_coverage(facts.episodes))},
    }


def _counts(counted: Distribution) -> dict[str, Any]:
    return {"unit": counted.unit, "counts": {bar.label: bar.size for bar in counted.bars}}


def _episode(episode: EpisodeFacts) -> Mapping[str, Any]:
    captions = episode.captions
    return asdict(episode) | {
        "published": episode.published.isoformat(),
        "captions": captions and {
            "cues": captions.cues,
            "fast_cues": captions.fast_cues,
            "covered_ms": captions.covered_ms,
            "coverage": None if captions.coverage is None else round(captions.coverage, 4),
        },
    }  # fmt: skip
