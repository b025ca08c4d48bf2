"""The review table: what matching leaves to the owner, as a file for spreadsheet programs, and the answers in it.

Spec: RFC 4180; a byte order mark, because Excel takes UTF-8 for Windows-1252 without one.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.resolve.decisions import Decision, item_key
from feedbuilder.resolve.matching import Doubt, Matching, sentence
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.host_feed import HostItem

REVIEW_NAME = "import-review.csv"
COLUMNS = ("decision", "file", "guid", "episode_title", "host_title", "episode_date", "host_date", "why")

_YES = """yes y true 1 x ok same ja j oui o vrai si sí sì s verdadero vero sim tak t ano áno igen da да д kyllä evet
    wahr waar ✓ ✔ ☑ はい 是 对 예 네"""
_NO = """no n false 0 different nein non faux não nao nie ne nej nee nei nem нет н ні ei hayır falsch falso onwaar ✗ ✘ ☒
    いいえ 否 不 不是 아니요"""
_OPEN = frozenset({"", "?", "-", "–", "…"})
# A cell that starts like this is a formula to a spreadsheet program; CSV has no way to say that it is none.
_FORMULA = re.compile(r"['=+\-@＝＋－＠\t\r\n]")
# … and this it takes for a number or date, and writes back otherwise.
_NUMBER_LIKE = re.compile(r"[\d.,]+(?:[eE][+-]?\d+)?|\d+[-/.]\d+(?:[-/.]\d+)?")

_Row = tuple[str, ...]


def render_review(matching: Matching, decisions: Sequence[Decision] = ()) -> bytes:
    """Return `import-review.csv`: first what is open, then every decision there ever was, in its own order.

    A row for each candidate of a doubtful file; for each file without an item and each item without a file, one with
    a gap in it.
    """
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n").writerow
    write(COLUMNS)
    answered = {(row.file, row.guid) for row in decisions}
    for row in _open_rows(matching):
        if (row[1], row[2]) not in answered:
            write([_harmless(cell) for cell in row])
    files, items = _everything(matching)
    for decision in dict.fromkeys(decisions):
        shown = (*decision.shown, *[""] * 5)[:5]
        known = _facts(files.get(decision.file), items.get(decision.guid))
        cells = [now or before for now, before in zip(known, shown[:4], strict=True)]
        answer = "yes" if decision.is_same else "no"
        write([_harmless(cell) for cell in (answer, decision.file, decision.guid, *cells, shown[4])])
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8", "surrogateescape")


def read_decisions(data: bytes, path: str) -> tuple[list[Decision], list[Problem]]:
    """Read the answered rows of a review table; a row with a fault costs only itself."""
    text, problems = _decoded(data, path)
    lines = text.split("\n")
    skipped = 1 if lines[0].strip().lower().startswith("sep=") else 0  # Excel's own way to name the delimiter
    text = "\n".join(lines[skipped:])
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)  # spreadsheets write what their country is used to
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    decisions: list[Decision] = []
    columns: list[str] = []
    line = 0
    try:
        for cells in reader:
            first, line = line + 1 + skipped, reader.line_num
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                if missing := [name for name in COLUMNS[:3] if name not in columns]:
                    message = f"the first line does not name the column{'s'[: len(missing) > 1]} {', '.join(missing)}"
                    return [], [*problems, problem("review-table", Place(path, first, 1), message, ",".join(COLUMNS))]
            elif any(cell.strip() for cell in cells):
                found = _decision(dict(zip(columns, cells, strict=False)), Place(path, first))
                decisions += [found] if isinstance(found, Decision) else []
                problems += [found] if isinstance(found, Problem) else []
    except csv.Error as error:
        remedy = "close the quote, here or below; until then no row is used"
        return [], [
            *problems,
            problem("review-table", Place(path, line + 1 + skipped, 1), f"no table: {error}", remedy),
        ]
    if not columns:
        message = "the file is empty"
        problems.append(problem("review-table", Place(path, 1, 1), message, "delete it; a new one is written"))
    return decisions, problems


def _decision(cells: dict[str, str], place: Place) -> Decision | Problem | None:
    answer = re.sub(r"[\s.!]+", "", cells.get("decision", "").casefold())
    file, guid = _plain(cells.get("file", "").strip()), _plain(cells.get("guid", "").strip())
    if answer in _OPEN:
        return None
    yes, no = _YES.casefold().split(), _NO.casefold().split()
    if answer not in (*yes, *no):
        message = f"{cells['decision'].strip()!r} is neither yes nor no"
        return problem("review-row", place, message, "write yes, no, or nothing")
    is_same = answer in yes
    if is_same and not (file and guid):
        message = f"the answer is yes, but the row names no {'file' if not file else 'guid'}"
        return problem("review-row", place, message, "fill it in, from another row of the table")
    if not (file or guid):
        return problem("review-row", place, "the row names neither file nor guid", "fill in both, or delete the row")
    shown = tuple(_plain(cells.get(name, "")) for name in COLUMNS[3:])
    return Decision(file=file, guid=guid, is_same=is_same, place=place, shown=shown)


def _decoded(data: bytes, path: str) -> tuple[str, list[Problem]]:
    """Return the table's text with whatever line ends; spreadsheet programs save in three encodings."""
    problems: list[Problem] = []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
            message, remedy = "not UTF-8, so read as Windows-1252", "save as “CSV UTF-8”, or letters can get lost"
            problems.append(problem("review-row", Place(path), message, remedy))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""), problems


def _open_rows(matching: Matching) -> Iterator[_Row]:
    for doubt in matching.doubtful:
        for candidate in doubt.candidates:
            why = f"{sentence(candidate.evidence)} → {candidate.why_not}"
            yield _row(doubt.episode, candidate.item, why)
    for episode in matching.without_item:
        yield _row(episode, None, "nothing in the host's feed is like it; no: the host never had it")
    for item in matching.without_episode:
        yield _row(None, item, "no file of the archive is like it; no: there is none")


def _row(episode: EpisodeFile | None, item: HostItem | None, why: str) -> _Row:
    return ("", episode.path if episode else "", item_key(item) if item else "", *_facts(episode, item), _line(why))


def _facts(episode: EpisodeFile | None, item: HostItem | None) -> _Row:
    return (
        _line(episode.record.title) if episode else "",
        _line(item.title) if item else "",
        _written(episode.record.dateadded or episode.file_date) if episode else "",
        _written(item.published) if item else "",
    )


def _everything(matching: Matching) -> tuple[dict[str, EpisodeFile], dict[str, HostItem]]:
    doubts: Sequence[Doubt] = matching.doubtful
    files = [
        *matching.without_item,
        *(match.episode for match in matching.matches),
        *(doubt.episode for doubt in doubts),
    ]
    items = [*matching.without_episode, *(match.item for match in matching.matches)]
    items += [candidate.item for doubt in doubts for candidate in doubt.candidates]
    return {file.path: file for file in files}, {item_key(item): item for item in items}


def _written(moment: date | datetime | None) -> str:
    return moment.isoformat(" ", "minutes") if isinstance(moment, datetime) else str(moment or "")


def _line(text: str) -> str:
    return " ".join(text.split())


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula or number; `_plain` undoes it.

    >>> _harmless("=1+1"), _plain(_harmless("'t was")), _harmless("Title")
    ("'=1+1", "'t was", 'Title')
    """
    return f"'{cell}" if _FORMULA.match(cell) or _NUMBER_LIKE.fullmatch(cell) else cell


def _plain(cell: str) -> str:
    return cell.removeprefix("'")
