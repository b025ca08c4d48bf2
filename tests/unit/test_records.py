"""Typing a front matter: a faulty value costs itself, and everything else keeps its value and its place."""

from __future__ import annotations

from feedbuilder.source.records import EpisodeRecord, spread_links
from feedbuilder.source.typing_faults import read_record
from feedbuilder.source.yaml_nodes import find_mark, read_nodes


def read(text, required=frozenset({"title"})):
    tree, faults = read_nodes(text, "x.md")
    assert not faults
    spread_links(tree)
    record, problems = read_record(EpisodeRecord, tree, "x.md", required=required)
    return record, tree, [(problem.code, problem.place.line, problem.place.column) for problem in problems]


def test_faults_of_many_entries_keep_their_places_however_many_rounds_it_takes():
    record, tree, problems = read(
        "title: A\n"
        "quotableClips:\n"
        "- name: one\n"
        "  startOffset: x\n"  # costs the entry: it cannot be without a start
        "-\n"
        "- Hi\n"
        "- name: [two]\n"
        "  startOffset: y\n"
        "- name: three\n"
        "  startOffset: 3\n"
        "  endOffset: z\n"  # costs the end only
        "- startOffset: 4\n"
        "- name: five\n"
        "  startOffset: 5\n"
    )
    assert [(clip.name, clip.startOffset, clip.endOffset) for clip in record.quotableClips] == [
        ("three", 3000, None),
        ("five", 5000, None),
    ]
    assert sorted(problems) == sorted(
        [
            ("bad-duration", 4, 16),
            ("wrong-type", 6, 3),
            ("wrong-type", 7, 9),
            ("bad-duration", 8, 16),
            ("bad-duration", 11, 14),
            ("missing-field", 12, 3),
        ]
    )
    assert find_mark(tree, ("quotableClips", 1, "name")) == (13, 9)


def test_empty_entries_do_not_shift_the_others():
    record, tree, problems = read("title: A\ntopics:\n-\n- [x]\n- b\n-\n- {c: d}\n- e\n")
    assert record.topics == ("b", "e")
    assert problems == [("wrong-type", 4, 3), ("wrong-type", 7, 3)]
    assert find_mark(tree, ("topics", 1)) == (8, 3)


def test_a_faulty_part_costs_the_part_and_not_the_whole():
    record, _, problems = read(
        "title: A\n"
        "audio: {url: a.mp3, length: big, type: [x]}\n"
        "ids: {a: [x], b: y}\n"
        "links: {a: [x], b: 'https://b.example/'}\n"
        "guests: [{name: A, role: [x]}, {role: guest}, jane]\n"
        "location: {name: B, geo: here}\n"
    )
    assert (record.audio.url, record.audio.length, record.audio.type) == ("a.mp3", None, None)
    assert record.ids == {"b": "y"}
    assert [link.url for link in record.links] == ["https://b.example/"]
    assert [(guest.name, guest.role) for guest in record.guests] == [("A", None), ("jane", None)]
    assert (record.location.name, record.location.geo) == ("B", None)
    assert sorted(problems) == [
        ("missing-field", 5, 32),
        ("not-a-number", 2, 29),
        ("wrong-type", 2, 40),
        ("wrong-type", 3, 10),
        ("wrong-type", 4, 12),
        ("wrong-type", 5, 26),
        ("wrong-type", 6, 26),
    ]


def test_a_list_of_one_may_be_written_without_its_dash():
    record, _, problems = read("title: A\nguests: {name: A, role: [x]}\n")
    assert [(guest.name, guest.role) for guest in record.guests] == [("A", None)]
    assert problems == [("wrong-type", 2, 25)]


def test_guests_on_one_line_are_keys_unless_one_is_a_name():
    assert [guest.name for guest in read("title: A\nguests: jane, jo\n")[0].guests] == ["jane", "jo"]
    assert [guest.name for guest in read("title: A\nguests: Sammy Davis, Jr.\n")[0].guests] == ["Sammy Davis, Jr."]


def test_links_may_be_a_mapping_or_a_list_with_labels_of_any_name():
    record, tree, problems = read(
        "title: A\nlinks: {a: x, b: }\ncontent_links:\n- {name: c, url: y}\n- {title: d, url: z}\n- w\n"
    )
    assert [(link.label, link.url) for link in record.links] == [("a", "x")]
    assert [(link.label, link.url) for link in record.content_links] == [("c", "y"), ("d", "z"), ("w", "w")]
    assert problems == [("missing-field", 2, 15)]
    assert find_mark(tree, ("links", 0, "url")) == (2, 12)


def test_a_required_field_that_does_not_fit_is_told_with_all_the_others():
    record, _, problems = read("title: [A]\nseason: x\n")
    assert record is None
    assert problems == [("wrong-type", 1, 8), ("not-a-number", 2, 9)]


def test_a_fault_that_costs_the_file_is_an_error_and_others_are_not():
    tree, _ = read_nodes("season: x\n", "x.md")
    _, problems = read_record(EpisodeRecord, tree, "x.md", required=frozenset({"title"}))
    assert {problem.code: problem.severity for problem in problems} == {
        "missing-field": "error",
        "not-a-number": "warning",
    }
