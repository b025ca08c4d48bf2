"""Tables with a start, an end and words a row: Whisper's .tsv, the .csv of whisper.cpp, Audacity's labels.

Spec: https://github.com/openai/whisper/blob/main/whisper/utils.py (`WriteTSV`: milliseconds, no quoting)
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from feedbuilder.errors import Place, Problem
from feedbuilder.model import TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.source.transcripts import TranscriptRecord, unread_times
from feedbuilder.timecode import LONGEST_MS, parse_duration

_COLUMNS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "start": ("start", "begin", "start time", "starttime", "start_time", "in"),
        "end": ("end", "end time", "endtime", "end_time", "out"),
        "speaker": ("speaker", "speaker name", "speaker_name", "who", "name"),
        "text": ("text", "words", "body", "transcript", "line", "caption", "sentence", "subtitle"),
    }
)
_AUDACITY = ("start", "end", "text")
_TIMES_FIRST = re.compile(r"[\d:.]{1,20}([\t,;])[\d:.]{1,20}\1(?=\S)")
_TYPED = re.compile(r"[^\t]{0,99}:\t|[\[(]?[\d:.,]{1,20}[\])]?\t[^\t]{0,99}(?::\t|(?=[^\t]*$))")
_COLUMN_SIGNS = {
    "\t": re.compile(r"\t"),
    ",": re.compile(r"(?<!\d),(?=[^\s,])|,(?=[^\s,\d])"),
    ";": re.compile(r";(?=[^\s;])"),
}
_ROWS_LOOKED_AT = 20
FASTEST_LETTERS_PER_MS = 0.05
"""Nobody says more letters in a millisecond: where whole numbers leave no more time than that, they are seconds."""


class _Row(NamedTuple):
    place: Place
    cells: Mapping[str, str]


def separator_of(text: str) -> str | None:
    """Return what parts the columns of a text, or None when it is no table."""
    rows = [row for row in islice(text.split("\n", 2 * _ROWS_LOOKED_AT), 2 * _ROWS_LOOKED_AT) if row.strip()]
    if not rows:
        return None
    for separator in _COLUMN_SIGNS:
        if {"text"} < set(_named_columns(rows[0], separator)):
            return separator
    if all(found := [_TIMES_FIRST.match(row) for row in rows]) and found[0]:
        return found[0][1]
    if len(rows) > 1:
        return next((separator for separator in _COLUMN_SIGNS if _parts_all(separator, rows[:_ROWS_LOOKED_AT])), None)
    return None


def _parts_all(separator: str, rows: Sequence[str]) -> bool:
    """Tell whether a character parts each row into columns: prose has a space behind a comma, or a name and a colon."""
    fewest = min(len(_COLUMN_SIGNS[separator].findall(row, 0, 2000)) for row in rows)
    if separator == "\t":
        return fewest >= 1 and not any(_TYPED.match(row) for row in rows)
    return fewest >= 2


def _named_columns(row: str, separator: str) -> dict[str, int]:
    """Return the columns that a first row names, with their indices."""
    titles = [title.strip().strip('"').casefold() for title in row[:500].split(separator)]
    found = {}
    for column, names in _COLUMNS.items():
        if index := next((number for number, title in enumerate(titles, start=1) if title in names), 0):
            found[column] = index - 1
    return found if len(titles) > 1 else {}


def read_table(text: str, path: str, separator: str) -> tuple[TranscriptRecord, list[Problem]]:
    """Read a table whose first row names its columns, or which has none but start, end and words."""
    first = text.lstrip("\n").partition("\n")[0]
    columns = _named_columns(first, separator)
    has_titles = "text" in columns
    if not has_titles and _TIMES_FIRST.match(first):
        columns = {column: index for index, column in enumerate(_AUDACITY)}
    if "text" not in columns:
        message = "this is a table, and its first row does not say what is in its columns"
        remedy = "name the columns start, end, speaker and text, or export SRT, VTT or JSON"
        return TranscriptRecord(), [problem("transcript-shape", Place(path, 1, 1), message, remedy)]
    problems: list[Problem] = []
    try:
        rows = list(_rows(text, path, separator, columns))[has_titles:]
    except csv.Error as error:
        message = f"the table cannot be read: {error}"
        remedy = "export it again, or as SRT, VTT or JSON"
        return TranscriptRecord(), [problem("transcript-shape", Place(path, 1, 1), message, remedy)]
    unit_ms = _unit_ms([row.cells for row in rows])
    lines: list[TranscriptLine] = []
    unreadable: list[Place] = []
    for place, cells in rows:
        start_ms, end_ms = (_milliseconds(cells.get(column, ""), unit_ms) for column in ("start", "end"))
        if (start_ms is None and cells.get("start")) or (end_ms is None and cells.get("end")):
            unreadable.append(place)
        if start_ms is None or (end_ms is not None and end_ms <= start_ms):
            end_ms = None
        if words := " ".join(cells.get("text", "").split()):
            lines.append(TranscriptLine(words, " ".join(cells.get("speaker", "").split()) or None, start_ms, end_ms))
    if unreadable:
        problems.append(unread_times(unreadable, "write seconds, or 1:05:09", of="row"))
    if not lines:
        message = "the table has no row with words"
        problems.append(problem("transcript-shape", Place(path, 1, 1), message, "export the transcript again"))
    return TranscriptRecord(tuple(lines), ()), problems


def _rows(text: str, path: str, separator: str, columns: Mapping[str, int]) -> Iterator[_Row]:
    """Yield the cells of each row by the names of their columns; a last column takes whatever more there is."""
    # Whisper's own file quotes nothing, and its words may begin with a quotation mark.
    rows = text.split("\n")
    if separator == "\t":
        reader = csv.reader(rows, delimiter=separator, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(rows, delimiter=separator)
    last = max(columns.values())
    ends_with_words = columns["text"] == last
    number = 1
    for cells in reader:
        place, number = Place(path, number, 1), reader.line_num + 1
        if ends_with_words:
            cells[last:] = [separator.join(cells[last:])] if len(cells) > last else []
        if cells:
            yield _Row(place, {column: cells[index].strip() for column, index in columns.items() if index < len(cells)})


def _unit_ms(rows: Sequence[Mapping[str, str]]) -> int:
    """Return what a whole number counts in: milliseconds, as Whisper does, or seconds where those are too few."""
    letters = passed = 0
    for row in rows:
        start, end = row.get("start", ""), row.get("end", "")
        if _is_whole(start) and _is_whole(end):
            letters += len(row.get("text", ""))
            passed += max(0, int(end) - int(start))
    return 1 if passed and letters / passed < FASTEST_LETTERS_PER_MS else 1000


def _is_whole(cell: str) -> bool:
    return cell.isdecimal() and cell.isascii() and len(cell) < 13


def _milliseconds(cell: str, unit_ms: int) -> int | None:
    if _is_whole(cell):
        at_ms = int(cell) * unit_ms
        return at_ms if at_ms <= LONGEST_MS else None
    try:
        return parse_duration(cell)
    except ValueError:
        return None
