"""The review table goes to the owner, through a spreadsheet program, and comes back."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from archives import episode_text

from feedbuilder.errors import Place
from feedbuilder.resolve.decisions import Decision
from feedbuilder.resolve.matching import match_episodes
from feedbuilder.resolve.review import COLUMNS, read_decisions, render_review
from feedbuilder.source.archive import read_episode
from feedbuilder.source.field_names import FieldNames
from feedbuilder.source.host_feed import HostItem
from feedbuilder.source.records import KNOWN_FIELDS

PATH = "import-review.csv"


def matching(folder, files, items, decisions=()):
    episodes = []
    for name, title, day in files:
        path = folder / name
        path.write_text(episode_text(title=title, dateadded=day, guid=None), "utf-8")
        episode, _ = read_episode(path, name, FieldNames.of({}, KNOWN_FIELDS), folder)
        episodes.append(episode)
    found = []
    for line, (guid, title, day) in enumerate(items, 1):
        moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
        found.append(HostItem(place=Place("feed.xml", line), title=title, guid=guid, published=moment))
    return match_episodes(episodes, found, decisions, zone=ZoneInfo("Europe/Berlin"))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def answered(data: bytes, answer: str, **changes: str) -> bytes:
    """Return the table with an answer in its first row, as a text editor leaves it."""
    table = rows(data)
    table[0].update(decision=answer, **changes)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(table)
    return codecs.BOM_UTF8 + out.getvalue().encode()


def table(*lines: str, header: str = ",".join(COLUMNS)) -> bytes:
    return "\r\n".join((header, *lines, "")).encode()


@pytest.fixture
def doubtful(tmp_path):
    return matching(tmp_path, [("a.md", "Oceans", "2020-01-01")], [("g", "Oceans", "2020-02-10")])


def test_a_doubtful_pair_is_a_row_that_says_why(doubtful):
    (found,) = rows(render_review(doubtful))
    assert [found[name] for name in COLUMNS[:7]] == [
        "", "a.md", "g", "Oceans", "Oceans", "'2020-01-01", "2020-02-10 00:00+00:00",
    ]  # fmt: skip
    assert "the titles agree" in found["why"]
    assert "only one thing speaks for it" in found["why"]


def test_files_and_items_without_a_counterpart_are_rows_with_a_gap(tmp_path):
    data = render_review(matching(tmp_path, [("a.md", "Oceans", "2020-01-01")], [("g", "Deserts", "2021-02-10")]))
    assert [(row["file"], row["guid"]) for row in rows(data)] == [("a.md", ""), ("", "g")]


def test_the_table_is_utf_8_with_a_mark_and_lines_end_as_spreadsheets_want(doubtful):
    data = render_review(doubtful)
    assert data.startswith(codecs.BOM_UTF8)
    assert data.count(b"\n") == data.count(b"\r\n") == 2


def test_an_answer_given_once_binds_and_is_kept_by_every_later_table(tmp_path, doubtful):
    decisions, problems = read_decisions(answered(render_review(doubtful), "yes"), PATH)
    assert problems == []
    assert [(row.file, row.guid, row.is_same, row.place) for row in decisions] == [("a.md", "g", True, Place(PATH, 2))]
    decided = matching(tmp_path, [("a.md", "Oceans", "2020-01-01")], [("g", "Oceans", "2020-02-10")], decisions)
    assert [match.item.guid for match in decided.matches] == ["g"]
    (kept,) = rows(render_review(decided, decisions))
    assert (kept["decision"], kept["file"], kept["guid"], kept["host_title"]) == ("yes", "a.md", "g", "Oceans")
    again, _ = read_decisions(render_review(decided, decisions), PATH)
    assert [(row.file, row.guid, row.is_same) for row in again] == [("a.md", "g", True)]


def test_a_decision_is_kept_when_file_and_item_are_gone(tmp_path, doubtful):
    decisions, _ = read_decisions(answered(render_review(doubtful), "no"), PATH)
    (kept,) = rows(render_review(matching(tmp_path, [], []), decisions))
    assert (kept["decision"], kept["file"], kept["guid"], kept["episode_title"]) == ("no", "a.md", "g", "Oceans")


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "'quoted", "'=x"]
)
def test_no_title_of_a_stranger_is_a_formula(tmp_path, title):
    found = matching(tmp_path, [("a.md", "Oceans", "2020-01-01")], [("g", title, "2021-02-10")])
    (_, row) = rows(render_review(found))
    assert row["host_title"][0] not in "=+-@\t\r＝＋－＠"
    decisions = [Decision(file="", guid="g", is_same=False, place=Place(PATH, 3), shown=("", title, "", "", ""))]
    read, _ = read_decisions(render_review(matching(tmp_path, [], []), decisions), PATH)
    assert read[0].shown[1] == title


@pytest.mark.parametrize("guid", ["12345678901234567890", "1e10", "=cmd", "'x", "0012", "2024-03-01", 'a;b,c"d', "-1"])
def test_a_guid_comes_back_as_it_was(tmp_path, guid):
    found = matching(tmp_path, [("a.md", "Oceans", "2020-01-01")], [(guid, "Oceans", "2020-02-10")])
    decisions, problems = read_decisions(answered(render_review(found), "yes"), PATH)
    assert problems == []
    assert decisions[0].guid == guid


@pytest.mark.parametrize(
    "word", ["yes", "Y", "JA", "oui", "Sí", "да", "はい", "TRUE", "wahr", "1", "x", " ok. ", "VRAI"]
)
def test_yes_is_understood(word):
    (decision,), problems = read_decisions(table(f"{word},a.md,g,,,,,"), PATH)
    assert decision.is_same
    assert problems == []


@pytest.mark.parametrize("word", ["no", "N", "Nein", "non", "нет", "FALSCH", "0", "いいえ", "não"])
def test_no_is_understood(word):
    (decision,), _ = read_decisions(table(f"{word},a.md,g,,,,,"), PATH)
    assert not decision.is_same


@pytest.mark.parametrize("word", ["", " ", "?", "-"])
def test_a_row_without_an_answer_stays_open(word):
    assert read_decisions(table(f"{word},a.md,g,,,,,"), PATH) == ([], [])


@pytest.mark.parametrize(
    ("line", "words"),
    [("perhaps,a.md,g", "'perhaps' is neither yes nor no"), ("yes,,g", "names no file"), ("yes,a.md,", "names no guid"),
     ("no,,", "names neither")],
)  # fmt: skip
def test_a_row_with_a_fault_costs_only_itself_and_is_told_by_its_line(line, words):
    decisions, (fault,) = read_decisions(table('no,x.md,h,"two\r\nlines",,,,', line, "yes,b.md,k"), PATH)
    assert [decision.file for decision in decisions] == ["x.md", "b.md"]
    assert [decision.place.line for decision in decisions] == [2, 5]
    assert fault.place == Place(PATH, 4)
    assert words in fault.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_the_table_is_read_as_spreadsheet_programs_save_it(encoding, delimiter, first):
    line = delimiter.join(("ja", "Größe.md", "g", "Größe", "", "", "", ""))
    text = first + delimiter.join(COLUMNS) + "\r\n" + line + "\r\n"
    (decision,), problems = read_decisions(text.encode(encoding), PATH)
    assert (decision.file, decision.guid, decision.place.line) == ("Größe.md", "g", 3 if first else 2)
    assert [fault.code for fault in problems] == (["review-row"] if encoding == "cp1252" else [])


def test_columns_may_stand_in_another_order_and_be_fewer():
    (decision,), _ = read_decisions(table("g,a.md,yes", header="GUID,file,Decision"), PATH)
    assert (decision.file, decision.guid) == ("a.md", "g")


@pytest.mark.parametrize("data", [b"", b"\n", b"nothing of this kind", table('yes,"a.md,g'), b"\x00\x00"])
def test_what_is_no_table_is_told_and_decides_nothing(data):
    decisions, problems = read_decisions(data, PATH)
    assert decisions == []
    assert [fault.code for fault in problems] == ["review-table"]
