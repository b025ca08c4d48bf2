"""What `feedbuilder doctor` says, as lines for people and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from feedbuilder.cli.report import place
from feedbuilder.doctor import Diagnosis, Remedy
from feedbuilder.errors import Place
from feedbuilder.resolve.offsets import Finding, Verdict, signed
from feedbuilder.timecode import seconds

_STYLE = {Verdict.RIGHT: "green", Verdict.FITS: "", Verdict.CHANGE: "yellow", Verdict.UNSURE: "bold yellow"}
_WORDS = {
    Verdict.RIGHT: "right as it is",
    Verdict.FITS: "fits",
    Verdict.CHANGE: "should be",
    Verdict.UNSURE: "wrong, not sure what is right",
    Verdict.UNKNOWN: "not known",
}


def finding_lines(diagnosis: Diagnosis, *, every: bool) -> Iterator[tuple[str, str]]:
    """Yield (line, style) for every episode; those that nothing tells of are only counted, unless `every` is wanted."""
    told = [finding for finding in diagnosis.findings if every or finding.verdict is not Verdict.UNKNOWN]
    width = max((len(finding.slug) for finding in told), default=0)
    for finding in told:
        yield f"{finding.slug:<{width}}  {_guess(finding)}: {finding.evidence}", _STYLE.get(finding.verdict, "dim")
    silent = Counter(finding.evidence for finding in diagnosis.findings if finding not in told)
    for evidence, count in silent.most_common():
        yield f"{count} episode{'s' * (count > 1)} not known: {evidence}", "dim"


def _guess(finding: Finding) -> str:
    words = _WORDS[finding.verdict]
    if finding.verdict is Verdict.CHANGE and finding.offset_ms is not None:
        now = f" instead of {signed(finding.present_ms)}" if finding.present_ms else ""
        return f"{words} {signed(finding.offset_ms)}{now} ({finding.certainty})"
    return f"{words} at {signed(finding.present_ms)}" if finding.present_ms else words


def remedy_lines(diagnosis: Diagnosis, folder: Path) -> Iterator[str]:
    """Yield what to write where, ready to be copied."""
    if diagnosis.faults:
        noun = "fault keeps" if diagnosis.faults == 1 else "faults keep"
        yield f"{diagnosis.faults} {noun} episodes out of the show, and out of this: see `feedbuilder build`"
    if not diagnosis.remedies:
        unsure = sum(finding.verdict is Verdict.UNSURE for finding in diagnosis.findings)
        yield f"{diagnosis.show}: no offset to change" + (f"; {unsure} to look at" if unsure else "")
    for remedy in diagnosis.remedies:
        yield f"{_where(remedy, folder)}  # {remedy.reason}"
        yield from (f"  {line}" for line in _yaml(remedy))


def _where(remedy: Remedy, folder: Path) -> str:
    where = place(remedy.place if remedy.replaces else Place(remedy.place.path), folder)
    return f"{where}: {'change to' if remedy.replaces else 'add'}"


def _yaml(remedy: Remedy) -> list[str]:
    return [f"{remedy.under}:", f"  {remedy.line}"] if remedy.under else [remedy.line]


def as_json(diagnosis: Diagnosis) -> str:
    """Return one JSON object."""
    document = {
        "exit_code": int(diagnosis.exit_code),
        "message": None,
        "show": diagnosis.show,
        "faults": diagnosis.faults,
        "episodes": [
            {"slug": finding.slug, "source": finding.path, "verdict": finding.verdict, "certainty": finding.certainty,
             "present": seconds(finding.present_ms),
             "offset": None if finding.offset_ms is None else seconds(finding.offset_ms),
             "evidence": finding.evidence}
            for finding in diagnosis.findings
        ],
        "remedies": [
            {"path": remedy.place.path, "row": remedy.place.line if remedy.replaces else None, "under": remedy.under,
             "line": remedy.line, "replaces": remedy.replaces, "reason": remedy.reason}
            for remedy in diagnosis.remedies
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1)


def failure_as_json(exit_code: int, message: str) -> str:
    """Return the JSON object of a run that came to nothing."""
    return json.dumps({"exit_code": exit_code, "message": message}, ensure_ascii=False, indent=1)
