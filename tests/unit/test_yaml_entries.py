"""Front matter read an entry at a time: what is read so, what is left to libyaml, and places that come late."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
from unittest.mock import patch

import pytest
from archives import REPOSITORY, write_real_config
from yaml_readings import full_reading, quick_reading, told

from feedbuilder.source import yaml_nodes
from feedbuilder.source.archive import read_archive
from feedbuilder.source.decoding import YamlFaultError, decode_text
from feedbuilder.source.field_names import FieldNames
from feedbuilder.source.front_matter import split_front_matter
from feedbuilder.source.settings import read_config
from feedbuilder.source.yaml_entries import read_entries
from feedbuilder.source.yaml_events import read_events
from feedbuilder.source.yaml_nodes import find_mark, read_nodes

READ = [
    "a: b\n",
    "a: b",
    "\n# above\n\na: b # behind\n# below\n",
    "a:   b  \nb c.d/e-f: it's #1, C# and a:b\n",
    "a: one\n  two\n\n   three  \n  - four\nb: 'it''s\n\n  one'\n",
    "a: |\n  one\n   two\n\n  # three\n\nb: >-\n  one\n  two\n\n  three\nc: |+\n  x\n\n",
    'a: "\\"x\\" \\u00e9\\\n  y\\n\n  z"\n',
    "a: [b, 'c d', \"e\"] # f\nb: []\nc: {}\nd: {e: f, g-h: 'i' , j: null}  # k\n",
    "a:\nb: ~\nc: null\nd: ''\n",
    "a:\n  b: c\n  d:\n    e: f\ng: h\n",
    "a:\n- b\n- c\nd:\n  - e\n",
    "a:\n- b: c\n  d: e\n\n- b: f\n# g\n- h\ni: j\n",
    "a:\n-   b: c\n      d\n    e: f\n",
    "a:\n- b:\n  - c: d\n  e: f\n",
    "  a: b\n  c: d\n",
]
LEFT = [
    "", "a\n", "- a\n", "a: b\na: c\n", "a: &b c\n", "a: *b\n", "a: !!str b\n", "<<: b\n", "a: b: c\n", "a:\n\tb: c\n",
    "a: b\tc\n", "a: [b, [c]]\n", "a: {b: [c]}\n", "a: {b: c, b: d}\n", "a: {b c: d}\n",
    "a: [b\n", "a: 'b\n", "a: b\n---\na: c\n", "%YAML 1.1\n", "? a\n: b\n",
    "a: |2\n   b\n", "a: |\n\n  b\n", "a: >\n  b\n   c\n", "a: |\n  b", "a: 'b\nc'\n",
    'a: "\\x07"\n', 'a: "\\ud800"\n', "- - a\n",
    "a:\n - - b\n", "a: b\n c: d\n", "a:\n  b: c\n d: e\n", "null: a\n", "a: b\rc: d\n",
    "a: b\u2028c\n", "\ufeffa: b\n", "a: b\x07\n", "a:\n-\n  b: c\n",
    "a: b\n- c\n", "a: #b\n c\n", "a: b #c\n  d\n", "{{ a }}: b\n", "a: {{ b }}\n", "'a': b\n", "a: @b\n", "a : b\n",
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_what_is_read_is_what_libyaml_reads(text):
    assert quick_reading(text, 7) is not None
    assert quick_reading(text, 7) == full_reading(text, 7)


DEEP = "".join(f"{' ' * depth}a:\n" for depth in range(40))


@pytest.mark.parametrize("text", [*LEFT, DEEP, "a: b\n" * 300_000])
def test_what_may_mean_more_is_left_to_libyaml(text):
    assert quick_reading(text) is None


def test_every_document_of_the_yaml_test_suite_is_in_doubt_or_the_same():
    documents = json.loads((REPOSITORY / "tests/data/yaml_test_suite.json").read_text("utf-8"))["documents"].values()
    taken = 0
    for document in documents:
        below = "".join(f"  {line}" for line in document.splitlines(keepends=True))
        for text in (document, f"a: {document}", f"a:\n{below}", f"a:\n- {document}", f"a:\n- b: {below}"):
            quick = quick_reading(text)
            taken += quick is not None
            assert quick is None or quick == full_reading(text), text
    assert taken > 130


def test_the_real_archive_is_read_without_doubt_and_the_same(real_archive):
    taken = total = 0
    for file in sorted(real_archive.rglob("*.md")):
        try:
            parts = split_front_matter(decode_text(file.read_bytes(), file.name)[0], file.name)
        except YamlFaultError:
            continue
        if parts is None or "{{" in parts.header:
            continue
        quick = quick_reading(parts.header, parts.header_line)
        total += 1
        taken += quick is not None
        assert quick is None or quick == full_reading(parts.header, parts.header_line), file.name
    assert taken >= 0.98 * total > 0


def test_the_real_archive_says_the_same_either_way(real_archive, tmp_path):
    config = read_config(write_real_config(tmp_path))
    quick = read_archive(config)
    with patch.object(yaml_nodes, "read_entries", lambda *_: None):
        full = read_archive(config)
    assert quick.problems == full.problems
    assert [(file.record, file.transcript, file.body_line) for file in quick.episodes] == [
        (file.record, file.transcript, file.body_line) for file in full.episodes
    ]
    assert [told(file.marks) for file in quick.episodes] == [told(file.marks) for file in full.episodes]
    assert quick.people == full.people


LONG = "a: b\nwords:\n" + "".join(f"- line: 'it''s\n    {n}'\n  sec: {n}\n" for n in range(300)) + "- alone\nlast: c\n"


def test_a_long_list_has_the_places_of_libyaml():
    assert quick_reading(LONG, 5) == full_reading(LONG, 5)
    tree, _ = read_nodes(LONG, "x.md")
    assert find_mark(tree, ("words", 299, "sec")) == (902, 8)
    assert find_mark(tree, ("last",)) == (904, 7)


def test_a_long_list_can_be_changed_before_its_places_are_known():
    quick, full = read_entries(LONG, 1), read_nodes("x: &y z\n" + LONG, "x.md", first_line=0)[0]
    full.drop("x")
    for tree in (quick, full):
        tree["words"].drop(7)
        tree["words"][7].drop("line")
        tree["words"][8].put("who", "A", (1, 1), (1, 2))
        tree["words"][9]["sec"] = None
    assert told(quick) == told(full)


@pytest.mark.parametrize("asked_before", [False, True])
def test_the_fields_of_a_long_list_are_renamed_as_those_of_any_other(asked_before):
    fields = {"transcript": ("words",), "transcript.text": ("line", "sec"), "transcript.start": ("nowhere", "sec"),
              "transcript.speaker": ("line.x",)}  # fmt: skip
    names = FieldNames.of(fields, frozenset({"transcript", "a", "last"}))
    text = LONG.replace("  sec: 7\n", "  sec:\n").replace("line: 'it''s\n    8'", "line:")
    quick, full = read_entries(text, 1), read_events(text, "x.md", 1)[0]
    if asked_before:
        told(quick)
    for tree in (quick, full):
        names.apply(tree)
    assert quick == full
    assert told(quick) == told(full)
    assert [*quick["transcript"][7]], "something was renamed"
    assert quick["transcript"][8]["line"] == "8"


@pytest.mark.parametrize("line", ["- a: b\n  a: c\n", "- # nothing\n", "- a: *b\n", "- b\n  c: d\n", " - a: b\n"])
def test_what_is_left_to_libyaml_is_left_in_a_long_list_as_well(line):
    assert quick_reading(LONG.replace("- alone\n", line)) is None


def test_a_long_list_keeps_its_places_when_it_is_stored():
    assert told(pickle.loads(pickle.dumps(read_entries(LONG, 1)))) == full_reading(LONG)


def test_a_long_list_with_anything_deep_in_it_has_its_places_as_well():
    text = LONG.replace("- alone\n", "- deep:\n  - a: b\n- flow: [c, d]\n")
    assert quick_reading(text) == full_reading(text)


def test_ordinary_front_matter_loads_no_yaml_parser():
    program = (
        "import sys; from feedbuilder.source.yaml_nodes import read_nodes\n"
        "for text in ('a: b\\n', 'a: &b c\\n'): read_nodes(text, 'x'); print('yaml' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    "piece",
    [
        "'",
        "''",
        '"',
        '\\"',
        ": ",
        "- ",
        "[",
        "[a, ",
        "a: ",
        "a:\n",
        "\n",
        " ",
        "#",
        " #",
        "a\n ",
        "a: 'b\n ",
        "a: |\n ",
        "- a: 'b' ",
        "\n  x",
    ],
)
@pytest.mark.parametrize("start", ["", "a: ", "a: '", 'a: "\\x41', "a: [", "a: |\n  x", "a:\n- b: c\n"])
def test_no_text_takes_time_that_grows_with_its_square(start, piece):
    began = time.process_time()
    read_entries(start + piece * (400_000 // len(piece)) + "\n", 1)
    assert time.process_time() - began < 10
