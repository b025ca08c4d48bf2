"""What a run comes to, in numbers: the same in the summary, the JSON report and the log."""

from __future__ import annotations

from typing import TypedDict

from feedbuilder.build import Report
from feedbuilder.errors import Severity


class Counts(TypedDict):
    """Episodes, then files of the output folder."""

    published: int
    held: int  # broken, and not out
    kept: int  # broken, and out as they were; not among the published
    written: int
    unchanged: int
    removed: int


def counts(report: Report) -> Counts:
    """Count what a build did."""
    broken = {fault.place.path for fault in report.problems if fault.severity is Severity.ERROR}
    return Counts(
        published=len(report.show.episodes),
        held=len(broken - {episode.source for episode in report.show.kept}),
        kept=len(report.show.kept),
        written=len(report.changes.written),
        unchanged=len(report.changes.unchanged),
        removed=len(report.changes.removed),
    )
