"""The audio table: a CSV file that says where each episode's audio is and what is known of it.

Spec: RFC 4180, with a first line that names the columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.problems import problem
from feedbuilder.source.decoding import YamlFaultError, decode_text
from feedbuilder.timecode import parse_duration


@dataclass(frozen=True, kw_only=True, slots=True)
class AudioRow:
    """A line of the audio table."""

    url: str
    length_bytes: int | None
    mime_type: str | None
    duration_ms: int | None
    place: Place


class TableError(Exception):
    """The audio table cannot be used at all; to go on would publish a feed without audio."""

    def __init__(self, fault: Problem) -> None:
        super().__init__(fault.message)
        self.fault = fault


def read_audio_table(file: Path, path: str) -> tuple[dict[str, AudioRow], list[Problem]]:
    """Read `audio.csv`: rows by their `slug` and by their `id`; a row with a fault costs only itself.

    Raises:
        TableError: when it is no table.
    """
    try:
        text, problems = decode_text(file.read_bytes(), path)
    except YamlFaultError as error:
        raise TableError(error.fault) from error
    except OSError as error:
        raise _no_table(Place(path), f"cannot be read: {error.strerror}", "correct audio.table") from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)  # spreadsheets write what their country is used to
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: dict[str, AudioRow] = {}
    try:
        columns = {name.strip().lower() for name in reader.fieldnames or ()}
        if "url" not in columns or not columns & {"slug", "id"}:
            message = "the first line must name the columns: url, and slug or id"
            raise _no_table(Place(path, 1, 1), message, "slug,url,length,type,duration")
        for row in reader:
            _add_row(row, Place(path, reader.line_num), rows, problems)
    except csv.Error as error:
        message = f"the table cannot be read on: {error}"
        raise _no_table(Place(path, reader.line_num + 1), message, "close the quote, here or below") from error
    return rows, problems


def _no_table(place: Place, message: str, remedy: str) -> TableError:
    return TableError(problem("audio-table", place, message, remedy, severity=Severity.ERROR))


def _add_row(row: Map[str | None, Any], place: Place, rows: dict[str, AudioRow], problems: list[Problem]) -> None:
    cells = {name.strip().lower(): (value or "").strip() for name, value in row.items() if name is not None}
    keys = [cells[name] for name in ("slug", "id") if cells.get(name)]
    if not keys or not cells.get("url"):
        problems.append(problem("audio-table", place, "the row names no episode or no url", "fill both in"))
        return
    if None in row:
        remedy = "put a value that holds a comma in double quotes"
        message = "the row has more cells than there are columns: left out"
        problems.append(problem("audio-table", place, message, remedy))
        return
    found = AudioRow(
        url=cells["url"],
        length_bytes=_cell(cells, "length", int, place, problems),
        mime_type=cells.get("type") or None,
        duration_ms=_cell(cells, "duration", parse_duration, place, problems),
        place=place,
    )
    for key in keys:
        if key in rows:
            message = f"{key!r} has a row already, on line {rows[key].place.line}; that one is used"
            problems.append(problem("audio-table", place, message, "keep one of the two"))
        rows.setdefault(key, found)


def _cell(
    cells: Map[str, str], name: str, read: Callable[[str], int], place: Place, problems: list[Problem]
) -> int | None:
    text = cells.get(name)
    if not text:
        return None
    try:
        value = read(text)
    except ValueError:
        value = 0
    if value > 0:
        return value
    remedy = "correct it, or leave it empty"
    problems.append(problem("audio-table", place, f"the {name} {text!r} cannot be used", remedy))
    return None
