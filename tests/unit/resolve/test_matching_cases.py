"""Which item of the host's feed is which file's: what must match, and what never may."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from archives import episode_text

from feedbuilder.errors import Place
from feedbuilder.model import Enclosure
from feedbuilder.resolve.decisions import Decision
from feedbuilder.resolve.evidence import Kind
from feedbuilder.resolve.matching import Matching, match_episodes
from feedbuilder.source.archive import EpisodeFile, read_episode
from feedbuilder.source.field_names import FieldNames
from feedbuilder.source.host_feed import HostItem
from feedbuilder.source.records import KNOWN_FIELDS

ZONE = ZoneInfo("Europe/Berlin")
NAMES = FieldNames.of({}, KNOWN_FIELDS)


@pytest.fixture
def show(tmp_path):
    return Show(tmp_path)


class Show:
    """Files and items of one test, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, EpisodeFile] = {}
        self.items: list[HostItem] = []

    def file(self, name: str, title: str, day: str | None = None, **fields) -> Show:
        path = self.folder / f"{name}.md"
        path.write_text(episode_text(title=title, dateadded=day, **{"guid": None, **fields}), "utf-8")
        episode, problems = read_episode(path, path.name, NAMES, self.folder)
        assert episode is not None, problems
        self.files[name] = episode
        return self

    def item(self, guid: str, title: str, day: str | None = None, **fields) -> Show:
        moment = (
            None if day is None else datetime.fromisoformat(day if "T" in day else f"{day}T10:00").replace(tzinfo=UTC)
        )
        place = Place("feed.xml", len(self.items) + 1)
        self.items.append(HostItem(place=place, title=title, guid=guid, published=moment, **fields))
        return self

    def filler(self, count: int = 6, **changes) -> Show:
        """Add pairs without any trouble, by which a show's habits are known."""
        words = ["Volcano", "Harbour", "Lantern", "Meadow", "Compass", "Orchard", "Thunder", "Marble"]
        for number in range(count):
            day = f"2019-{number + 1:02}-15"
            title = f"{words[number]} stories"
            self.file(f"filler{number}", title, changes.get("day", day), **changes.get("file", {}))
            self.item(f"filler{number}", title, day, **changes.get("item", {}))
        return self

    def match(self, *decisions: Decision, **options) -> Matching:
        return match_episodes([*self.files.values()], self.items, decisions, zone=ZONE, **options)

    def pairs(self, *decisions: Decision, **options) -> set[tuple[str, str | None]]:
        return {
            (match.episode.path.removesuffix(".md"), match.item.guid)
            for match in self.match(*decisions, **options).matches
            if not match.episode.path.startswith("filler")
        }


def anchor(title: str, id_: str) -> str:
    return f"https://podcasters.spotify.com/pod/show/x/episodes/{title}-{id_}"


def test_a_guid_in_both_is_enough(show):
    show.file("a", "One name", "2020-01-01", guid="g-1").item("g-1", "Another name", "2020-01-01")
    assert show.pairs() == {("a", "g-1")}


def test_a_guid_in_both_is_not_enough_against_a_title_and_a_date(show):
    show.file("a", "Rivers of Europe", "2020-01-01", guid="g-2")
    show.item("g-1", "Rivers of Europe", "2020-01-01").item("g-2", "Mountains of Asia", "2020-06-01")
    assert show.pairs() == set()


@pytest.mark.parametrize(
    "declared",
    [
        {"anchor": "Data-Teams-e1eq73v"},
        {"anchor": "x/episodes/Data-Teams-e1eq73v/a-a4maq87"},
        {"anchor": "https://anchor.fm/x/episodes/Data-Teams-e1eq73v"},
        {"anchor": "e1eq73v"},
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        {"link": anchor("Data-Teams", "e1eq73v")},
        {"link": "https://anchor.fm/x/episodes/Data-Teams-e1eq73v/a-a4maq87"},
        {"enclosure": Enclosure(url="https://anchor.fm/s/1f/podcast/play/48093759/x.mp3", mime_type="audio/mpeg")},
    ],
)
def test_an_anchor_id_is_found_in_all_its_forms_even_in_figures(show, declared, place):
    show.file("a", "Wholly renamed since", "2020-01-01", ids=declared).item("g", "Data Teams", "2020-01-01", **place)
    show.filler()
    (match,) = (match for match in show.match().matches if match.episode.path == "a.md")
    assert match.item.guid == "g"
    assert "the anchor id e1eq73v is in both" in match.why


@pytest.mark.parametrize(
    ("declared", "item"),
    [
        ({"buzzsprout": "12345678"}, {"guid": "Buzzsprout-12345678"}),
        ({"transistor": "ab12cd34"}, {"guid": "g", "link": "https://share.transistor.fm/s/ab12cd34"}),
        ({"simplecast": "7d9a3cde-0001-4a4b-9c9d-1234567890ab"}, {"guid": "7d9a3cde-0001-4a4b-9c9d-1234567890ab"}),
    ],
)
def test_the_id_of_any_host_is_found_as_a_whole_part_of_an_address(show, declared, item):
    show.file("a", "Renamed", "2020-01-01", ids=declared)
    show.item(item["guid"], "Other words", "2020-01-01", link=item.get("link"))
    assert show.pairs() == {("a", item["guid"])}


def test_an_id_alone_is_left_to_the_owner(show):
    show.file("a", "Renamed", ids={"anchor": "e1eq73v"}).item(
        "g", "Other words", "2020-01-01", link=anchor("x", "e1eq73v")
    )
    (doubt,) = show.match().doubtful
    assert "only one thing speaks for it: the anchor id e1eq73v is in both" in doubt.reason


def test_a_short_id_is_no_id(show):
    show.file("a", "Renamed", "2020-01-01", ids={"host": "2020"})
    show.item("g", "Other words", "2020-01-01", link="https://x.example/2020/words")
    assert show.pairs() == set()


def test_an_id_copied_into_a_second_file_leaves_both_to_titles_and_dates(show):
    show.file("right", "Testing in depth", "2020-01-01", ids={"anchor": "e1eq73v"})
    show.file("copy", "Hiring in haste", "2020-03-01", ids={"anchor": "e1eq73v"})
    show.item("g1", "Testing in depth", "2020-01-01", link=anchor("Testing", "e1eq73v"))
    show.item("g2", "Hiring in haste", "2020-03-01", link=anchor("Hiring", "e1zzzzz"))
    assert show.pairs() == {("right", "g1"), ("copy", "g2")}


def test_a_copied_id_whose_owner_is_not_in_the_archive_is_refused(show):
    show.file("copy", "Hiring in haste", "2020-03-01", ids={"anchor": "e1eq73v"})
    show.item("g1", "Testing in depth", "2020-01-01", link=anchor("Testing", "e1eq73v"))
    show.item("g2", "Hiring in haste", "2020-03-01", link=anchor("Hiring", "e1zzzzz"))
    (doubt,) = show.match().doubtful
    assert show.pairs() == set()
    assert any("anchor id e1eq73v" in candidate.why_not for candidate in doubt.candidates)


def test_another_anchor_id_in_the_link_of_the_item_refuses_a_match(show):
    show.file("a", "Testing in depth", "2020-01-01", ids={"anchor": "e1aaaaa"})
    show.item("g", "Testing in depth", "2020-01-01", link=anchor("Testing", "e1bbbbb"))
    assert show.pairs() == set()


def test_an_id_in_two_items_identifies_nothing(show):
    show.file("a", "Renamed since", "2020-01-01", ids={"anchor": "e1eq73v"})
    show.item("g1", "Testing in depth", "2020-01-01", link=anchor("T", "e1eq73v"))
    show.item("g2", "Testing in breadth", "2020-01-02", link=anchor("T", "e1eq73v"))
    assert show.pairs() == set()


def test_swapped_ids_and_titles_cannot_be_decided(show):
    show.file("a", "Oceans", "2020-01-01", ids={"anchor": "e1bbbbb"}).file(
        "b", "Deserts", "2020-03-01", ids={"anchor": "e1aaaaa"}
    )
    show.item("a", "Deserts", "2020-01-01", link=anchor("D", "e1aaaaa")).item(
        "b", "Oceans", "2020-03-01", link=anchor("O", "e1bbbbb")
    )
    assert show.pairs() == set()


@pytest.mark.parametrize("ids", [False, True])
def test_swapped_titles_are_never_followed(show, ids):
    def of(id_):
        return {"ids": {"anchor": id_}} if ids else {}

    show.file("a", "Oceans", "2020-01-01", **of("e1aaaaa")).file("b", "Deserts", "2020-03-01", **of("e1bbbbb"))
    show.item("a", "Deserts", "2020-01-01", link=anchor("x", "e1aaaaa")).item(
        "b", "Oceans", "2020-03-01", link=anchor("x", "e1bbbbb")
    )
    assert show.pairs() <= {("a", "a"), ("b", "b")}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Data Mesh & Money", "DATA MESH &amp;amp; MONEY"),
        ("Café – the story", "Cafe\u0301: The Story"),
        ("Data Mesh", "Ep. 12: Data Mesh"),
        ("Data Mesh", "S07E06 – Data Mesh"),
        ("Data Mesh", "#12 | Data Mesh"),
        ("Data Mesh", "🎙️ #12 | “Data Mesh”!"),
        ("Data Mesh", "Data Mesh (Ep. 12)"),
        ("Data Mesh", "Staffel 2, Folge 3: Data Mesh"),
        ("Data Mesh", "Data Mesh | The Show"),
        ("Data Mesh", "The Show: Data Mesh"),
        ("機械学習の話", "第12回 機械学習の話"),
        ("Память и сон", "Выпуск 12: ПАМЯТЬ И СОН"),
        ("ذاكرة وحلم", "الحلقة 12: ذاكرة وحلم"),
        ("डेटा की कहानी", "12. डेटा की कहानी"),
    ],
)
def test_titles_agree_in_all_but_looks(show, mine, theirs):
    show.file("a", mine, "2020-01-01").item("g", theirs, "2020-01-01")
    assert show.pairs(show_titles=["The Show"]) == {("a", "g")}


@pytest.mark.parametrize(
    "theirs", ["A/B Testing - Jakob Graff", "A/B Testing with Jakob Graff", "Jakob Graff: A/B Testing"]
)
def test_a_guest_s_name_is_no_part_of_the_title(show, theirs):
    show.file("a", "A/B testing", "2020-01-01", guests=["jakobgraff"]).item("g", theirs, "2020-01-01")
    assert show.pairs() == {("a", "g")}


def test_a_guest_is_known_by_the_full_name_of_the_people_page(show):
    show.file("a", "Renamed for search engines", "2020-01-01", guests=["jg"]).item(
        "g", "Tests - Jakob Graff", "2020-01-01"
    )
    assert show.pairs() == set()
    assert show.pairs(people={"jg": "Jakob Graff"}) == {("a", "g")}


def test_the_same_guest_twice_is_told_apart_by_the_date(show):
    for name, day in (("a", "2020-01-01"), ("b", "2021-01-01")):
        show.file(name, f"Renamed {name}", day, guests=["jakobgraff"]).item(name, f"Talk {name} x - Jakob Graff", day)
    assert show.pairs() == {("a", "a"), ("b", "b")}


def test_a_name_that_is_not_the_guest_s_makes_another_episode(show):
    show.file("a", "Data Mesh", "2020-01-01", guests=["jakobgraff"]).item("g", "Data Mesh - Olga Petrova", "2020-01-01")
    assert show.pairs() == set()


@pytest.mark.parametrize("title", ["Trailer", "Bonus", "Q&A"])
def test_titles_used_again_are_told_apart_by_dates_far_apart(show, title):
    for name, day in (
        ("a", "2019-01-01"),
        ("b", "2020-01-01"),
        ("c", "2021-01-01"),
        ("d", "2022-01-01"),
        ("e", "2023-01-01"),
    ):
        show.file(name, title, day).item(name, title, day)
    assert show.pairs() == {(name, name) for name in "abcde"}


def test_a_title_used_again_is_not_matched_when_its_own_item_is_missing(show):
    show.file("a", "Trailer", "2019-01-01").item("b", "Trailer", "2020-01-01")
    assert show.pairs() == set()


def test_an_episode_uploaded_twice_is_left_to_the_owner(show):
    show.file("a", "Data Mesh", "2020-01-01").item("g1", "Data Mesh", "2020-01-01").item(
        "g2", "Data Mesh", "2020-01-03"
    )
    (doubt,) = show.match().doubtful
    assert {candidate.item.guid for candidate in doubt.candidates} == {"g1", "g2"}
    assert "another item of this title" in doubt.reason


@pytest.mark.parametrize(("id_", "pairs"), [("e1aaaaa", {("a", "g1")}), ("e1bbbbb", set())])
def test_an_id_decides_which_of_two_uploads_is_meant_unless_the_date_speaks_against_it(show, id_, pairs):
    show.file("a", "Data Mesh", "2020-01-01", ids={"anchor": id_})
    show.item("g1", "Data Mesh", "2020-01-01", link=anchor("x", "e1aaaaa"))
    show.item("g2", "Data Mesh", "2020-01-03", link=anchor("x", "e1bbbbb"))
    assert show.pairs() == pairs


@pytest.mark.parametrize(
    "again", ["Rerun: Data Mesh", "Data Mesh (Repost)", "Best of: Data Mesh", "Wiederholung: Data Mesh"]
)
def test_a_rerun_is_not_the_first_run(show, again):
    show.file("a", "Data Mesh", "2020-01-01").item("g", again, "2020-01-01")
    assert show.pairs() == set()
    show.item("first", "Data Mesh", "2020-01-01")
    assert ("a", "g") not in show.pairs()


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("The Heist, Part 1", "The Heist, Part 2"),
        ("The Heist, Part one", "The Heist, Part two"),
        ("The Heist II", "The Heist III"),
        ("Der Raub, Teil 1", "Der Raub, Teil 2"),
        ("News of 2024-02-04", "News of 2024-04-02"),
    ],
)
def test_numbers_in_titles_must_agree(show, mine, theirs):
    show.file("a", mine, "2020-01-01").item("g", theirs, "2020-01-01")
    assert show.pairs() == set()


def test_two_parts_of_one_day_are_told_apart(show):
    for part in "12":
        show.file(part, f"The Heist, Part {part}", "2020-01-01").item(part, f"The heist (part {part})", "2020-01-01")
    assert show.pairs() == {("1", "1"), ("2", "2")}


def test_a_translated_title_needs_an_id_and_the_day(show):
    show.file("a", "Die Kunst des Fragens", "2020-01-01", ids={"anchor": "e1aaaaa"}).file(
        "b", "Die Reise", "2020-02-01"
    )
    show.item("a", "The Art of Asking", "2020-01-01", link=anchor("x", "e1aaaaa")).item(
        "b", "The Journey", "2020-02-01"
    )
    assert show.pairs() == {("a", "a")}


def test_daily_news_with_the_date_in_their_titles_match_though_dates_are_a_zone_off(show):
    for day in range(1, 29):
        show.file(f"{day}", f"News of {day} February", f"2021-02-{day:02}")
        show.item(f"{day}", f"News of {day} February", f"2021-02-{day:02}T23:30")  # the next day in Berlin
    assert show.pairs() == {(f"{day}", f"{day}") for day in range(1, 29)}


def test_daily_news_all_of_one_title_are_left_alone_when_nothing_else_tells_them_apart(show):
    for day in range(1, 15):
        show.file(f"{day}", "News", f"2021-02-{day:02}").item(f"{day}", "News", f"2021-02-{day + 1:02}")
    assert show.pairs() == set()


def test_two_episodes_of_one_day_are_told_apart_by_their_titles(show):
    show.file("a", "Oceans", "2020-01-01").file("b", "Deserts", "2020-01-01")
    show.item("b", "DESERTS", "2020-01-01").item("a", "OCEANS", "2020-01-01")
    assert show.pairs() == {("a", "a"), ("b", "b")}


def test_two_episodes_of_one_day_that_nothing_tells_apart_are_left_alone(show):
    show.file("a", "x", "2020-01-01").file("b", "y", "2020-01-01")
    show.item("a", "Oceans", "2020-01-01").item("b", "Deserts", "2020-01-01")
    assert show.pairs() == set()


def test_season_and_episode_with_the_day_find_a_renamed_episode(show):
    show.file("a", "Renamed since", "2020-01-01", season=7, episode=6).item(
        "g", "Other words", "2020-01-01", season=7, episode=6
    )
    (match,) = show.match().matches
    assert "both are season 7 episode 6" in match.why


def test_numbers_that_the_host_counts_otherwise_throughout_are_not_counted(show):
    for number in range(1, 9):
        title, day = f"{'abcdefgh'[number - 1] * 5} words", f"2020-0{number}-10"
        show.file(f"{number}", title, day, season=1, episode=number).item(
            f"{number}", title, day, season=1, episode=number + 1
        )
    assert show.pairs() == {(f"{number}", f"{number}") for number in range(1, 9)}


def test_one_number_that_differs_refuses_a_match_of_title_and_date(show):
    show.filler(file={}, item={})
    show.file("a", "Oceans", "2020-01-01", season=1, episode=4).item("g", "Oceans", "2020-01-01", season=1, episode=5)
    assert show.pairs() == set()


def test_a_title_and_number_read_from_one_line_are_one_witness(show):
    show.file("a", "#12 Oceans").item("g", "#12 Oceans", "2020-01-01")
    (doubt,) = show.match().doubtful
    assert "only one thing" in doubt.reason


def test_files_dated_a_week_early_throughout_still_match(show):
    for number in range(1, 9):
        title = f"{'abcdefgh'[number - 1] * 5} words"
        show.file(f"{number}", title, f"2020-03-{number * 3:02}").item(
            f"{number}", title, f"2020-03-{number * 3 + 7:02}"
        )
    assert show.pairs() == {(f"{number}", f"{number}") for number in range(1, 9)}


def test_a_date_months_off_is_outweighed_by_id_and_title_but_not_by_a_title(show):
    show.filler()
    show.file("a", "Oceans", "2021-02-23", ids={"anchor": "e1aaaaa"}).file("b", "Deserts", "2021-02-23")
    show.item("a", "Oceans", "2020-11-01", link=anchor("x", "e1aaaaa")).item("b", "Deserts", "2020-12-01")
    assert show.pairs() == {("a", "a")}


def test_a_title_and_a_duration_without_a_date_are_left_to_the_owner(show):
    show.file("a", "Oceans", duration="PT1H2M10S").item("g", "Oceans", "2020-01-01", duration_ms=3_734_000)
    (doubt,) = show.match().doubtful
    assert "durations 1:02:10 and 1:02:14" in doubt.reason


def test_a_file_far_longer_than_the_item_is_another_episode(show):
    show.file("a", "Oceans", "2020-01-01", duration="PT2H").item("g", "Oceans", "2020-01-01", duration_ms=3_600_000)
    assert show.pairs() == set()
    assert "the file's is far longer" in show.match().doubtful[0].reason


def test_a_file_shorter_than_the_item_says_nothing_against_it(show):
    show.file("a", "Oceans", "2020-01-01", duration="PT50M").item("g", "Oceans", "2020-01-01", duration_ms=3_600_000)
    assert show.pairs() == {("a", "g")}


def test_a_link_to_youtube_in_the_notes_and_the_day_find_a_renamed_episode(show):
    show.file("a", "Renamed", "2020-01-01", ids={"youtube": "NfAJAr7FvyY"})
    show.item("g", "Other words", "2020-01-01", links=("https://youtu.be/NfAJAr7FvyY",))
    assert show.pairs() == {("a", "g")}


def test_a_link_to_last_week_s_episode_is_no_match(show):
    show.file("a", "Renamed", "2020-01-01", ids={"youtube": "NfAJAr7FvyY"})
    show.item("next", "The next one", "2020-01-08", links=("https://youtu.be/NfAJAr7FvyY",))
    assert show.pairs() == set()


def test_the_short_name_of_the_file_in_the_link_of_the_item_counts_as_the_title(show):
    show.file("rivers-of-europe", "Renamed", "2020-01-01").item(
        "g", "Other words", "2020-01-01", link="https://x.example/episodes/rivers-of-europe.html"
    )
    assert show.pairs() == {("rivers-of-europe", "g")}


def test_a_season_trailer_and_the_first_episode_of_one_title_are_two(show):
    show.file("t", "Season 2 Trailer", "2020-01-01", type="trailer").file(
        "e", "Season 2", "2020-01-08", season=2, episode=1
    )
    show.item("t", "Season 2 Trailer", "2020-01-01", episode_type="trailer").item(
        "e", "Season 2", "2020-01-08", season=2, episode=1
    )
    assert show.pairs() == {("t", "t"), ("e", "e")}


def test_a_file_copied_whole_is_left_to_the_owner(show):
    for name in ("a", "copy"):
        show.file(name, "Oceans", "2020-01-01", ids={"anchor": "e1aaaaa"})
    show.item("g", "Oceans", "2020-01-01", link=anchor("x", "e1aaaaa"))
    assert show.pairs() == set()
    assert len(show.match().doubtful) == 2


def test_two_items_of_one_guid_are_never_taken(show):
    show.file("a", "Oceans", "2020-01-01").item("g", "Oceans", "2020-01-01").item("g", "Deserts", "2021-01-01")
    assert show.pairs() == set()
    assert "this guid" in show.match().doubtful[0].reason


def test_what_has_no_counterpart_is_named(show):
    show.file("a", "Oceans", "2020-01-01").item("g", "Deserts", "2021-01-01")
    matching = show.match()
    assert [file.path for file in matching.without_item] == ["a.md"]
    assert [item.guid for item in matching.without_episode] == ["g"]


def test_an_empty_archive_and_an_empty_feed_are_no_trouble(show):
    assert show.match() == Matching(matches=(), doubtful=(), without_item=(), without_episode=())


def test_every_file_and_item_is_told_of_once(show):
    show.filler()
    show.file("a", "Oceans", "2020-01-01").file("b", "Alone", "2020-02-01").item("g", "Oceans", None).item(
        "h", "Rest", "2024-01-01"
    )
    matching = show.match()
    files = [match.episode.path for match in matching.matches]
    files += [doubt.episode.path for doubt in matching.doubtful] + [file.path for file in matching.without_item]
    assert sorted(files) == sorted(file.path for file in show.files.values())
    items = [match.item for match in matching.matches] + list(matching.without_episode)
    items += [candidate.item for doubt in matching.doubtful for candidate in doubt.candidates]
    assert {item.guid for item in items} == {item.guid for item in show.items}


def test_the_order_of_files_and_items_changes_nothing(show):
    show.filler().file("a", "Oceans", "2020-01-01").item("g", "Oceans", "2020-01-01")
    pairs = show.pairs()
    show.items.reverse()
    show.files = dict(reversed(show.files.items()))
    assert show.pairs() == pairs


def row(file: str, guid: str, answer: bool, line: int = 2) -> Decision:
    return Decision(file=file, guid=guid, is_same=answer, place=Place("import-review.csv", line))


def test_the_owner_s_yes_binds_against_all_evidence(show):
    show.file("a", "Oceans", "2020-01-01").item("g", "Oceans", "2020-01-01").item("h", "Deserts", "2021-01-01")
    matching = show.match(row("a.md", "h", True))
    (match,) = matching.matches
    assert match.item.guid == "h"
    assert match.evidence[0].kind is Kind.DECISION
    assert [item.guid for item in matching.without_episode] == ["g"]


def test_the_owner_s_no_forbids_a_match(show):
    show.file("a", "Oceans", "2020-01-01").item("g", "Oceans", "2020-01-01")
    assert show.pairs(row("a.md", "g", False)) == set()


@pytest.mark.parametrize("gap", [("a.md", ""), ("", "g")])
def test_the_owner_s_no_to_a_row_with_a_gap_closes_the_question(show, gap):
    show.file("a", "Oceans", "2020-01-01").item("g", "Oceans", "2020-01-01")
    matching = show.match(row(*gap, False))
    assert not matching.matches
    assert not matching.doubtful
    assert not matching.problems


@pytest.mark.parametrize(
    "second",
    [("a.md", "h", True), ("b.md", "g", True), ("a.md", "g", False), ("a.md", "", False), ("", "g", False)],
)
def test_decisions_that_contradict_each_other_decide_nothing(show, second):
    for name, guid, title, day in (("a", "g", "Oceans", "2020-01-01"), ("b", "h", "Deserts", "2021-01-01")):
        show.file(name, title, day).item(guid, title, day)
    matching = show.match(row("a.md", "g", True), row(*second, line=9))
    (fault,) = matching.problems
    assert fault.code == "decision-clash"
    assert fault.place.line == 9
    assert ("a", "g") not in {(match.episode.path, match.item.guid) for match in matching.matches}


@pytest.mark.parametrize("gone", [("gone.md", "g"), ("a.md", "gone")])
def test_a_decision_on_what_is_not_there_is_told_and_does_nothing(show, gone):
    show.file("a", "Oceans", "2020-01-01").item("g", "Oceans", "2020-01-01")
    matching = show.match(row(*gone, True))
    assert [fault.code for fault in matching.problems] == ["decision-unknown"]
    assert len(matching.matches) == 1


def test_the_same_decision_twice_is_one(show):
    show.file("a", "x", "2020-01-01").item("g", "y", "2021-01-01")
    matching = show.match(row("a.md", "g", True), row("a.md", "g", True, line=7))
    assert len(matching.matches) == 1
    assert not matching.problems


def test_an_item_without_guid_is_named_by_its_audio(show):
    show.file("a", "x", "2020-01-01").item("", "y", "2021-01-01")
    audio = Enclosure(url="https://x.example/1.mp3", mime_type="audio/mpeg")
    show.items = [dataclasses.replace(show.items[0], guid=None, enclosure=audio)]
    assert len(show.match(row("a.md", "https://x.example/1.mp3", True)).matches) == 1
