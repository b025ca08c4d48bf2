"""Read `feedbuilder.lock`: one JSON object a line, so that git merges it and people can read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem, UsageError
from feedbuilder.ledger import AudioFacts, Ledger, LedgerEntry
from feedbuilder.problems import problem

_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")

_MOST_FAULTS = 1000

_Text = Annotated[str, Field(min_length=1)]
_Count = Annotated[int, Field(ge=0)]


def ledger_file(config: Config) -> Path:
    """Return where a config's ledger is: beside it, with `.lock` in the place of `.yaml`."""
    return (config.folder / config.path).with_suffix(".lock")


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class _Show(_Line):
    show: _Text


class _Audio(_Line):
    url: _Text
    source: _Text
    type: _Text | None = None
    length: _Count | None = None
    duration: _Count | None = None
    etag: _Text | None = None


def _as_claim(text: str) -> tuple[str, str]:
    service, colon, value = text.partition(":")
    if not (service and colon and value):
        raise ValueError(f"{text!r} is not service:id")
    return service, value


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the moment lies outside the calendar") from error


class _Entry(_Line):
    guid: _Text
    permalink: bool = False
    published: Annotated[AwareDatetime, AfterValidator(_in_utc)] | None = None
    file: _Text
    former: tuple[_Text, ...] = ()
    ids: tuple[Annotated[str, AfterValidator(_as_claim)], ...] = ()
    audio: _Audio | None = None


def read_ledger(config: Config) -> Ledger:
    """Read the ledger of a config; an empty one when there is no file yet.

    Raises:
        UsageError: when a line cannot be read. Nothing is guessed: a lost line is a new guid for an old episode.
    """
    file = ledger_file(config)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise UsageError(f"the ledger {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"the ledger {file} cannot be read: {error}") from error
    return parse_ledger(text, file.name)


def parse_ledger(text: str, path: str) -> Ledger:
    """Return the ledger that a file's text holds.

    Raises:
        UsageError: with every fault of every line.
    """
    show_guid: str | None = None
    entries: dict[str, LedgerEntry] = {}
    lines: dict[str, int] = {}
    faults: list[Problem] = []
    for number, line, found in _documents(text, path, faults):
        try:
            if "show" in found:
                show_guid = _Show.model_validate(found).show
                continue
            entry = _entry(_Entry.model_validate(found))
        except ValidationError as error:
            for detail in error.errors():
                field = ".".join(map(str, detail["loc"]))
                column = max(line.find(f'"{detail["loc"][0]}"'), 0) + 1 if detail["loc"] else 1
                faults.append(_fault(Place(path, number, column), f"{field}: {detail['msg']}"))
            continue
        if entry.guid in entries:
            message = f"the guid {entry.guid} stands on line {lines[entry.guid]} as well"
            faults.append(_fault(Place(path, number, 1), message, "keep the line of the right file, delete the other"))
        entries[entry.guid], lines[entry.guid] = entry, number
    if faults:
        raise UsageError("the ledger cannot be used as it stands", faults)
    return Ledger(show_guid=show_guid, entries=entries)


def _documents(text: str, path: str, faults: list[Problem]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):  # nothing else ends a line in git's eyes
        if len(faults) >= _MOST_FAULTS:
            return  # it is no ledger at all
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(_CONFLICT_MARKS):
            message = "git could not merge this part"
            remedy = "keep the lines of both sides and delete the marks; no guid may stand twice"
            faults.append(_fault(Place(path, number, 1), message, remedy))
            continue
        try:
            found = json.loads(line)
            if "\\ud" in line.lower():
                json.dumps(found, ensure_ascii=False).encode()  # half a character is written so, and no text
        except (ValueError, RecursionError) as error:
            column = error.colno if isinstance(error, json.JSONDecodeError) else 1
            faults.append(_fault(Place(path, number, column), f"this is not a line of JSON: {error}"))
            continue
        if isinstance(found, dict):
            yield number, line, found
        else:
            faults.append(_fault(Place(path, number, 1), "a line is one object: {…}"))


def _entry(line: _Entry) -> LedgerEntry:
    audio = line.audio
    return LedgerEntry(
        guid=line.guid,
        guid_is_permalink=line.permalink,
        published=line.published,
        file=line.file,
        former_files=line.former,
        ids=tuple(sorted(line.ids)),  # type: ignore[arg-type]  # the validator made pairs of them
        audio=AudioFacts(
            url=audio.url,
            source=audio.source,
            mime_type=audio.type,
            length_bytes=audio.length,
            duration_ms=audio.duration,
            etag=audio.etag,
        )
        if audio
        else None,
    )


def _fault(place: Place, message: str, remedy: str = "take the line from the last commit that had it whole") -> Problem:
    return problem("ledger", place, message, remedy)
