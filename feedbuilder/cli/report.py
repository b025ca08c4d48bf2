"""What a run has to say, as text for people, as JSON for programs, and as annotations for GitHub."""

from __future__ import annotations

import json
import os.path
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from feedbuilder.build import Report
from feedbuilder.cli.counts import counts
from feedbuilder.errors import ExitCode, Place, Problem, Severity
from feedbuilder.problems import counted
from feedbuilder.publish.output_folder import Changes
from feedbuilder.resolve.show import Upcoming
from feedbuilder.source.excerpts import excerpt

FIRST_PLACES = 3
"""How many places of one kind of warning are shown before the rest is counted."""

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_EACH_NAMED = frozenset({"hidden-file", "template", "draft", "unpublished", "scheduled", "no-front-matter"})


def summary(report: Report) -> Iterator[str]:
    """Yield the lines that say what was done."""
    show, changes = report.show, report.changes
    chapters = sum(bool(episode.chapters) for episode in show.episodes)
    transcripts = sum(episode.transcript is not None for episode in show.episodes)
    audio = sum(episode.enclosure is not None for episode in show.episodes)
    tally = counts(report)
    kept, held = tally["kept"], tally["held"]
    yield f"{show.title}: {counted(len(show.episodes), 'episode')} in {shown(report.folder)}"
    yield f"  {audio} with audio, {chapters} with chapters, {transcripts} with transcripts; {held} held back"
    if kept:
        yield f"  {kept} more kept as published, because {'its file' if kept == 1 else 'their files'} broke"
    written = counted(len(changes.written), "file")
    yield f"  {written} written, {len(changes.unchanged)} unchanged, {len(changes.removed)} removed"
    if report.upcoming:
        yield f"  next is due {due(report.upcoming[0])}"


def told_by_the_next(report: Report, folder: Path) -> str:
    """Return what the next run would say on standard error, without a terminal, if nothing changes until then."""
    if report.exit_code is ExitCode.OK:
        return ""
    idle = Changes(
        written=(), unchanged=tuple(sorted({*report.changes.written, *report.changes.unchanged})), removed=()
    )
    lines = [line for line, _ in problem_lines(report.problems, folder, every=False)]
    return "".join(f"{line}\n" for line in (*lines, *summary(replace(report, changes=idle))))


def due(upcoming: Upcoming) -> str:
    """Return when an episode comes out, and which."""
    return f"{upcoming.due:%Y-%m-%d %H:%M %Z}: {upcoming.title} ({upcoming.source})"


def problem_lines(problems: Sequence[Problem], folder: Path, *, every: bool) -> Iterator[tuple[str, str]]:
    """Yield (line, style) for people: errors one by one, everything else by kind with the first places."""
    kinds: dict[tuple[Severity, str], list[Problem]] = defaultdict(list)
    for fault in problems:
        kinds[fault.severity, fault.code].append(fault)
    for (severity, code), faults in sorted(kinds.items(), key=lambda kind: (_ORDER[kind[0][0]], kind[0][1])):
        rule = f", rule {faults[0].rule}" if faults[0].rule else ""
        yield f"{severity}[{code}{rule}] {counted(len(faults), 'time')}", _STYLE[severity]
        limit = len(faults) if every or severity is Severity.ERROR or code in _EACH_NAMED else FIRST_PLACES
        left_out = len(faults) - limit
        alike: dict[str, list[Problem]] = defaultdict(list)
        for fault in faults[:limit]:
            alike[fault.remedy].append(fault)
        for remedy, mended_so in alike.items():
            for fault in mended_so:
                yield f"  {place(fault.place, folder)}: {fault.message}", ""
                if severity is Severity.ERROR and (found := excerpt(fault.place, folder)):
                    line, caret = found
                    yield f"    {line}", "dim"
                    yield f"    {' ' * caret}^", _STYLE[severity]
            if left_out > 0 and len(alike) == 1:
                yield f"  … and {left_out} more (--verbose shows all)", "dim"
            if remedy:
                yield f"  → {remedy}", ""
        if left_out > 0 and len(alike) > 1:
            yield f"  … and {left_out} more (--verbose shows all)", "dim"


def as_json(
    exit_code: int,
    problems: Iterable[Problem],
    folder: Path,
    report: Report | None,
    message: str | None,
    notes: Sequence[str] = (),
) -> str:
    """Return one JSON object; `notes` tell what went wrong beside the build."""
    document: dict[str, object] = {"exit_code": exit_code, "message": message, "notes": list(notes)}
    if report is not None:
        show = report.show
        document |= {
            "show": show.title,
            "output": shown(report.folder),
            "counts": counts(report),
            "published": [
                {"guid": episode.guid, "slug": episode.slug, "source": episode.source, "title": episode.title,
                 "published": episode.published.isoformat()}
                for episode in show.episodes
            ],
            "kept": [{"guid": kept.guid, "source": kept.source} for kept in show.kept],
            "written": report.changes.written,
            "unchanged": len(report.changes.unchanged),
            "removed": report.changes.removed,
            "next": report.upcoming[0].due.isoformat() if report.upcoming else None,
        }  # fmt: skip
    document["problems"] = problems_as_json(problems, folder)
    return json.dumps(document, ensure_ascii=False, indent=1)


def problems_as_json(problems: Iterable[Problem], folder: Path) -> list[dict[str, object]]:
    """Return problems for programs, with paths as seen from the working folder."""
    return [
        {"code": fault.code, "severity": fault.severity, "rule": fault.rule, "path": _path(fault.place, folder),
         "line": fault.place.line, "column": fault.place.column, "message": fault.message, "remedy": fault.remedy}
        for fault in problems
    ]  # fmt: skip


def as_github(problems: Iterable[Problem], folder: Path, failure: str | None = None) -> Iterator[str]:
    """Yield workflow commands, which GitHub shows beside the lines they are about."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    for fault in problems:
        at = f"file={_escaped(_path(fault.place, folder))}"
        at += f",line={fault.place.line}" if fault.place.line else ""
        at += f",col={fault.place.column}" if fault.place.column else ""
        text = f"{fault.message}{f' → {fault.remedy}' if fault.remedy else ''}"
        yield f"::{levels[fault.severity]} {at},title={fault.code}::{_escaped_data(text)}"
    if failure:
        yield f"::error::{_escaped_data(failure)}"


def place(where: Place, folder: Path) -> str:
    """Return a place as seen from the working folder, so that terminals and editors can open it."""
    return str(Place(_path(where, folder), where.line, where.column))


def shown(path: Path) -> str:
    """Return a path from the working folder when it is shorter that way."""
    try:
        relative = os.path.relpath(path)
    except OSError:  # the working folder was deleted
        return str(path)
    return relative if len(relative) < len(str(path)) else str(path)


def _path(where: Place, folder: Path) -> str:
    return Path(shown(folder / where.path)).as_posix()


def _escaped_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped(text: str) -> str:
    """Return text for the properties of a workflow command, which commas and colons end."""
    return _escaped_data(text).replace(",", "%2C").replace(":", "%3A")
