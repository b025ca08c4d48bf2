"""What a check found, as text for people, as JSON for programs, as annotations for GitHub, and as SARIF.

Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from feedbuilder import __version__
from feedbuilder.check.every_rule import NEEDS_SERVERS
from feedbuilder.check.examine import Finding
from feedbuilder.check.hosting.asking import Asked
from feedbuilder.check.rules import Level, Profile, Rule
from feedbuilder.check.suppression import Suppression
from feedbuilder.checkup import Checked
from feedbuilder.cli.report import shown
from feedbuilder.errors import Place

FIRST_PLACES = 3
"""How many places of one rule are shown before the rest is counted."""

_STYLE = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.INFO: "cyan"}
_GITHUB = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}
_SARIF = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def finding_lines(checked: Checked, profile: Profile, *, every: bool) -> Iterator[tuple[str, str]]:
    """Yield (line, style) for people: rule by rule, the worst first, with the first places of each."""
    for (_, code), group in groupby(checked.findings, key=lambda one: (one.level, one.rule.code)):
        found = list(group)
        first = found[0]
        times = f", {len(found)} times" if len(found) > 1 else ""
        yield f"{first.level}[{code}] {first.rule.demand}{times}", _STYLE[first.level]
        limit = len(found) if every else FIRST_PLACES
        for one in found[:limit]:
            where = f" {one.where}" if one.where else ""
            yield f"  {_artefact(one, checked)}{where}: {one.message}", ""
            if one.origin:
                named = f", {one.origin.key}" if one.origin.key else ""
                yield f"    from {_source(one, checked)}{named}", "dim"
        if len(found) > limit:
            yield f"  … and {len(found) - limit} more (--verbose shows all)", "dim"
        yield f"  → {first.remedy}", ""
        yield f"    {first.rule.spec}", "dim"
    for suppression in checked.unused:
        yield f"check.ignore: nothing breaks {_named(suppression)} any more; delete it", _STYLE[Level.WARNING]
    if checked.asked:
        yield from ((line, "dim") for line in _left_out(checked.asked))
    yield _summary(checked, profile), "bold"


def _summary(checked: Checked, profile: Profile) -> str:
    counts = [(level, sum(one.level is level for one in checked.findings)) for level in Level]
    said = ", ".join(
        f"{count} {level}{'s' if count > 1 and level is not Level.INFO else ''}" for level, count in counts if count
    )
    ignored = f"; {len(checked.ignored)} ignored, as check.ignore says" if checked.ignored else ""
    files = f"{checked.files} file{'' if checked.files == 1 else 's'}"
    if checked.asked:
        files += f" and {checked.asked.addresses} address{'' if checked.asked.addresses == 1 else 'es'}"
    held = "" if profile is Profile.ALL else f" for {profile}"
    return f"{files} checked{held}: {said or 'nothing to mend'}{ignored}"


def _left_out(asked: Asked) -> Iterator[str]:
    if asked.left_out:
        newest = "episode" if asked.items == 1 else f"{asked.items} episodes"
        older = "one older one" if asked.left_out == 1 else f"{asked.left_out} older ones"
        yield f"asked for the files of the newest {newest}, not of {older} (--online-items all)"
    for reason, times in Counter(asked.unanswered).items():
        yield f"not known: {reason}{f' ({times} addresses)' if times > 1 else ''}"


def as_json(checked: Checked, profile: Profile, exit_code: int) -> str:
    """Return one JSON object with everything."""
    document = {
        "exit_code": exit_code,
        "profile": profile,
        "folder": shown(checked.folder),
        "files": checked.files,
        "findings": [_as_object(one, checked) for one in checked.findings],
        "ignored": [_as_object(one, checked) | {"reason": why.reason} for one, why in checked.ignored],
        "unused_ignores": [{"rule": one.rule, "path": one.path, "reason": one.reason} for one in checked.unused],
        "asked": asdict(checked.asked) if checked.asked else None,
        "not_checked": {} if checked.asked else dict(NEEDS_SERVERS),
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _as_object(one: Finding, checked: Checked) -> dict[str, object]:
    source = None
    if one.origin:
        place = one.origin.place
        source = {
            "path": _source_path(place, checked), "line": place.line, "column": place.column, "key": one.origin.key
        }  # fmt: skip
    return {
        "rule": one.rule.code, "level": one.level, "demand": one.rule.demand, "path": _path(one, checked),
        "line": one.line, "url": one.url or None, "element": one.element,
        "episode": one.item.guid if one.item else None,
        "message": one.message, "remedy": one.remedy, "spec": one.rule.spec,
        "held_by": {str(profile): level for profile, level in one.rule.levels.items() if profile is not Profile.ALL},
        "source": source,
    }  # fmt: skip


def as_github(checked: Checked) -> Iterator[str]:
    """Yield workflow commands, which GitHub shows beside the lines to mend."""
    for one in checked.findings:
        place = _mended_at(one, checked)
        at = f"file={_escaped(place.path)}"
        at += f",line={place.line}" if place.line else ""
        at += f",col={place.column}" if place.column else ""
        where = f" ({one.where})" if one.where else ""
        text = f"{one.rule.demand}: {one.message}{where} → {one.remedy}"
        yield f"::{_GITHUB[one.level]} {at},title={_escaped(one.rule.code)}::{_escaped_data(text)}"
    for suppression in checked.unused:
        yield f"::warning title=check.ignore::{_escaped_data(f'nothing breaks {_named(suppression)} any more')}"


def as_sarif(checked: Checked) -> str:
    """Return a SARIF log of one run; what is ignored is in it, and marked as suppressed with its reason."""
    everything = [*((one, None) for one in checked.findings), *checked.ignored]
    rules = list({one.rule.code: one.rule for one, _ in everything}.values())
    places = {rule.code: index for index, rule in enumerate(rules)}
    driver = {
        "name": "feedbuilder check",
        "version": __version__,
        "rules": [_sarif_rule(rule) for rule in rules],
    }
    results = [_sarif_result(one, why, checked, places[one.rule.code]) for one, why in everything]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _sarif_rule(rule: Rule[Any]) -> dict[str, object]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.demand},
        "help": {"text": rule.remedy},
        "helpUri": rule.spec,
        "defaultConfiguration": {"level": _SARIF[rule.level]},
    }


def _sarif_result(one: Finding, why: Suppression | None, checked: Checked, rule_index: int) -> dict[str, object]:
    written = Place(_path(one, checked), one.line)
    result: dict[str, object] = {
        "ruleId": one.rule.code,
        "ruleIndex": rule_index,
        "level": _SARIF[one.level],
        "message": {"text": f"{one.rule.demand}: {one.message}{f' ({one.where})' if one.where else ''}"},
        "locations": [_sarif_location(_mended_at(one, checked))],
    }
    if one.origin:
        result["relatedLocations"] = [_sarif_location(written) | {"id": 1, "message": {"text": "as published"}}]
    if why:
        result["suppressions"] = [{"kind": "external", "justification": why.reason}]
    return result


def _sarif_location(place: Place) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(place.path)}}
    if place.line:
        physical["region"] = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    return {"physicalLocation": physical}


def _mended_at(one: Finding, checked: Checked) -> Place:
    """Return where a finding is to be mended: in the archive, or else in the file itself."""
    if one.origin:
        place = one.origin.place
        return Place(_source_path(place, checked), place.line, place.column)
    return Place(_path(one, checked), one.line)


def _artefact(one: Finding, checked: Checked) -> str:
    return str(Place(_path(one, checked), one.line))


def _source(one: Finding, checked: Checked) -> str:
    return str(_mended_at(one, checked))


def _path(one: Finding, checked: Checked) -> str:
    return Path(shown(checked.folder / one.path)).as_posix()


def _source_path(place: Place, checked: Checked) -> str:
    return Path(shown((checked.archive or Path()) / place.path)).as_posix()


def _escaped_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped(text: str) -> str:
    """Return text for the properties of a workflow command, which commas and colons end."""
    return _escaped_data(text).replace(",", "%2C").replace(":", "%3A")


def _named(suppression: Suppression) -> str:
    return f"{suppression.rule} in {suppression.path}" if suppression.path else suppression.rule
