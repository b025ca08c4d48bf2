"""Everything an archive has beside its episodes, malformed: the config, the audio table, the people pages."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from archives import built, config_text, episode_text, write_archive

from feedbuilder import read_config
from feedbuilder.errors import UsageError

WITH_PEOPLE = config_text(archive={"people": "people"})
WITH_TABLE = config_text(audio={"table": "audio.csv"})


def settings_text(**sections: object) -> str:
    """Return a config whose lines and columns do not depend on how other tests write theirs."""
    document = yaml.safe_load(config_text())
    document["show"] |= sections.pop("show", {})
    return yaml.safe_dump(document | sections, sort_keys=False, width=10_000)


TABLES = [
    ("a row without an episode", ",https://a.example/a.mp3,9,,", "audio.csv:2", "names no episode", "fill both in"),
    ("a row without an address", "x,,9,,", "audio.csv:2", "or no url", "fill both in"),
    ("a size that is none", "x,https://a.example/a.mp3,big,,", "audio.csv:2", "length 'big'", "leave it empty"),
    ("a size of nothing", "x,https://a.example/a.mp3,0,,", "audio.csv:2", "length '0'", "leave it empty"),
    (
        "a duration that is none",
        "x,https://a.example/a.mp3,9,,long",
        "audio.csv:2",
        "duration 'long'",
        "leave it empty",
    ),
    (
        "a row too many",
        "x,https://a.example/a.mp3,9,,\nx,https://b.example/b.mp3,9,,",
        "audio.csv:3",
        "line 2",
        "keep one",
    ),
    ("a comma without quotes", "x,https://a.example/a,b.mp3,9,,,", "audio.csv:2", "more cells", "in double quotes"),
]


@pytest.mark.parametrize(
    ("rows", "place", "says", "remedy"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES]
)
def test_a_row_of_the_audio_table_that_cannot_be_used_is_told(rows, place, says, remedy, tmp_path):
    table = {"audio.csv": f"slug,url,length,type,duration\n{rows}\n"}
    report = built(write_archive(tmp_path, {"x.md": episode_text()}, WITH_TABLE, table), tmp_path / "out")
    (told,) = (problem for problem in report.problems if problem.code == "audio-table")
    assert (str(told.place), says in told.message, remedy in told.remedy) == (place, True, True)


@pytest.mark.parametrize(
    ("table", "code", "place", "says"),
    [
        pytest.param("slug,address\nx,y\n", "audio-table", "audio.csv:1:1", "name the columns", id="columns missing"),
        pytest.param("", "audio-table", "audio.csv:1:1", "name the columns", id="empty"),
        pytest.param('slug,url\nx,"https://a.example/\n', "audio-table", "audio.csv:2", "read on", id="an open quote"),
        pytest.param("slug,url\nx,é\n".encode("latin-1"), "not-utf8", "audio.csv:2:3", "it is é", id="Latin-1"),
    ],
)
def test_a_table_that_is_none_stops_the_build_before_all_audio_is_lost(table, code, place, says, tmp_path):
    broken = {"x.md": episode_text(), "y.md": "---\ntitle: A\ntitle: B\n---\n"}
    with pytest.raises(UsageError) as refused:
        built(write_archive(tmp_path, broken, WITH_TABLE, {"audio.csv": table}), tmp_path / "out")
    first, last = refused.value.problems
    assert first.code == "yaml-duplicate-key", "the faults of the episodes are told as well"
    assert (last.code, str(last.place), says in last.message) == (code, place, True)


def test_a_row_that_no_episode_answers_to_is_noted(tmp_path):
    table = {"audio.csv": "slug,id,url,length\nx,,https://a.example/a.mp3,9\ny,z,https://a.example/b.mp3,9\n"}
    report = built(write_archive(tmp_path, {"x.md": episode_text()}, WITH_TABLE, table), tmp_path / "out")
    (told,) = (problem for problem in report.problems if problem.code == "audio-table-unused")
    assert (str(told.place), told.message) == ("audio.csv:3", "no episode is called y or z")


def test_a_table_from_a_spreadsheet_with_semicolons_is_read(tmp_path):
    table = {"audio.csv": "\ufeffslug;url;length\r\nx;https://a.example/a.mp3;9\r\n"}
    report = built(write_archive(tmp_path, {"x.md": episode_text()}, WITH_TABLE, table), tmp_path / "out")
    (episode,) = report.show.episodes
    assert episode.enclosure is not None
    assert (episode.enclosure.url, episode.enclosure.length_bytes) == ("https://a.example/a.mp3", 9)


PAGES = [
    ("not YAML", "---\ntitle: a: b\n---\n", "people/jane.md:2:9", "second ': '"),
    ("without a title", "---\nshort: jane\n---\n", "people/jane.md:1:1", "`title`"),
    ("no front matter", "Jane is a person.", "people/jane.md:1:1", "nobody's page"),
    ("not UTF-8", b"---\ntitle: J\xe4ne\n---\n", "people/jane.md:2:9", "it is ä"),
    (
        "a picture that is not there",
        "---\ntitle: Jane\npicture: a.png\n---\n",
        "people/jane.md:3:10",
        "no such picture",
    ),
    ("an address that is none", "---\ntitle: Jane\nweb: nowhere\n---\n", "people/jane.md:3:6", "'nowhere'"),
]


@pytest.mark.parametrize(("page", "place", "says"), [row[1:] for row in PAGES], ids=[row[0] for row in PAGES])
def test_a_fault_of_a_people_page_is_told_once_and_costs_no_episode(page, place, says, tmp_path):
    episodes = {"x.md": episode_text(guests=["jane"]), "y.md": episode_text(guid="two", title="B", guests=["jane"])}
    report = built(write_archive(tmp_path, episodes, WITH_PEOPLE, {"people/jane.md": page}), tmp_path / "out")
    told = [problem for problem in report.problems if problem.place.path == "people/jane.md"]
    assert [(str(problem.place), says in problem.message) for problem in told] == [(place, True)]
    assert len(report.show.episodes) == 2
    assert report.exit_code == 0


SETTINGS = [
    ("an unknown setting", {"show": {"titel": "x"}}, "8:3", "`show.titel`", "write `title`"),
    (
        "an unknown setting deep inside",
        {"show": {"funding": [{"url": "https://a.example", "label": "a", "to": 1}]}},
        "11:5",
        "`show.funding.to`",
        "label, url",
    ),
    ("a setting of the program's own", {"folder": "x"}, "10:1", "`folder`", "archive, audio"),
    ("a category of no directory", {"show": {"categories": ["Technolgy"]}}, "7:5", "'Technolgy'", "'Technology'"),
    ("a subcategory of no directory", {"show": {"categories": ["Education > X"]}}, "7:5", "'X'", "Courses"),
    ("a category as a mapping", {"show": {"categories": [{"Education": "Courses"}]}}, "7:5", "one line", "Category >"),
    ("no category", {"show": {"categories": []}}, "6:15", "the list is empty", "at least one"),
    ("no title", {"show": {"title": None}}, "2:10", "`show.title`", "add it"),
    ("a list for a title", {"show": {"title": ["a"]}}, "3:3", "should be text", "write one value"),
    ("a description too long", {"show": {"description": "x" * 4001}}, "3:16", "4,000 bytes", "shorten it"),
    ("an address without https", {"show": {"link": "show.example"}}, "4:9", "'show.example'", "write it whole"),
    ("an address that is broken", {"show": {"link": "https://[x"}}, "4:9", "'https://[x'", "write it whole"),
    ("an address with a bracket", {"show": {"link": "https://show.exam>ple/"}}, "4:9", "exam>ple", "write it whole"),
    (
        "a pattern without a site",
        {"archive": {"episode_url": "/{slug}.html"}},
        "11:16",
        "'/{slug}.html'",
        "{slug}.html",
    ),
    ("a host without a name", {"show": {"hosts": [" "]}}, "9:5", "there is no text here", "write it"),
    ("a feed without an address", {"feed": {"url": "feed.xml"}}, "9:8", "'feed.xml'", "write it whole"),
    ("a language by its name", {"show": {"language": "English"}}, "5:13", "'English'", "pt-BR"),
    ("a zone that is none", {"show": {"timezone": "Berlin"}}, "8:13", "'Berlin'", "Europe/Berlin"),
    ("a zone that is a folder", {"show": {"timezone": "Europe"}}, "8:13", "'Europe'", "Europe/Berlin"),
    ("a list of zones", {"show": {"timezone": ["UTC"]}}, "9:3", "not a time zone", "Europe/Berlin"),
    ("a time that is none", {"show": {"publish_time": "6am"}}, "8:17", "time of day", '"06:00"'),
    ("a flag that is none", {"show": {"explicit": "maybe"}}, "8:13", "neither true nor false", "true or false"),
    ("a choice that is none", {"show": {"type": "serail"}}, "8:9", "'episodic' or 'serial'", "correct"),
    ("a guid that is none", {"show": {"guid": "x"}}, "8:9", "not a UUID", "delete it"),
    ("an e-mail address that is none", {"show": {"owner": {"name": "A", "email": "a"}}}, "10:12", "e-mail", "name@"),
    ("text for an owner", {"show": {"owner": "A"}}, "8:10", "should be a mapping", "`name: value`"),
    ("a season that is no number", {"show": {"seasons": {"one": "A"}}}, "9:10", "whole number", "digits"),
    (
        "a label too long",
        {"show": {"funding": [{"url": "https://a.example", "label": "x" * 200}]}},
        "10:12",
        "128",
        "shorten",
    ),
    ("a choice for missing audio", {"missing_audio": "maybe"}, "10:16", "'publish', 'hold'", "correct"),
    ("an unknown field", {"fields": {"publised": "date"}}, "11:3", "`fields.publised`", "`published`"),
    ("an unknown field of chapters", {"fields": {"chapters.titel": "x"}}, "11:3", "chapters.titel", "`chapters.title`"),
    ("fields that are a list", {"fields": ["date"]}, "11:1", "should be a mapping", "`name: value`"),
    ("a field's name that is a mapping", {"fields": {"published": {"a": "b"}}}, "12:5", "should be a list", "'- '"),
    ("a brace nothing fills", {"archive": {"episode_url": "https://a.example/{name}"}}, "11:16", "{name}", "{slug}"),
    (
        "a folder that is not there",
        {"archive": {"episodes": ["episodes", "x"]}},
        "13:5",
        "no folder or file x",
        "correct",
    ),
    ("a people folder that is not there", {"archive": {"people": "x"}}, "11:11", "no folder x", "correct the path"),
    ("an audio folder that is not there", {"audio": {"folder": "x"}}, "11:11", "no folder x", "correct the path"),
    (
        "a geo address with more behind it",
        {"show": {"location": {"name": "A", "geo": "geo:1,2 or so"}}},
        "10:10",
        "no geo address",
        "write geo:",
    ),
    (
        "a rule that ends after so many times",
        {"show": {"update_frequency": {"label": "daily", "rrule": "FREQ=DAILY;COUNT=3"}}},
        "10:12",
        "COUNT needs the date",
        "leave it out",
    ),
    ("an output of nobody", {"output": "~nobody-here/x"}, "10:9", "'~nobody-here/x'", "write the whole path"),
    ("an audio folder of nobody", {"audio": {"folder": "~nobody-here/x"}}, "11:11", "home folder", "the whole path"),
    ("a table that is not there", {"audio": {"table": "x.csv"}}, "11:10", "no folder or file x.csv", "correct"),
]


@pytest.mark.parametrize(
    ("settings", "place", "says", "remedy"), [row[1:] for row in SETTINGS], ids=[row[0] for row in SETTINGS]
)
def test_a_setting_that_cannot_be_used_is_told(settings, place, says, remedy, tmp_path):
    config = write_archive(tmp_path, {"x.md": episode_text()}, settings_text(**settings))
    with pytest.raises(UsageError) as refused:
        read_config(config)
    (told,) = refused.value.problems
    assert (told.code, str(told.place)) == ("config-value", f"feedbuilder.yaml:{place}")
    assert says in told.message
    assert remedy in told.remedy


@pytest.mark.parametrize(
    ("config", "code", "place", "says"),
    [
        pytest.param("show: [\n", "yaml-syntax", "2:1", "no value", id="an open bracket"),
        pytest.param("show: a: b\n", "yaml-syntax", "1:8", "second ': '", id="two colons"),
        pytest.param("", "config-value", "1:1", "no settings", id="empty"),
        pytest.param("- show\n", "config-value", "1:1", "no settings", id="a list"),
        pytest.param(settings_text().encode("utf-16"), "not-utf8", "1:1", "UTF-16", id="UTF-16"),
        pytest.param(settings_text() + "show: {}\n", "yaml-duplicate-key", "10:1", "on line 1", id="a setting twice"),
    ],
)
def test_a_config_that_is_none_is_told(config, code, place, says, tmp_path):
    with pytest.raises(UsageError) as refused:
        read_config(write_archive(tmp_path, {"x.md": episode_text()}, config))
    (told,) = refused.value.problems
    assert (told.code, str(told.place)) == (code, f"feedbuilder.yaml:{place}")
    assert says in told.message


def test_every_fault_of_a_config_is_told_at_once(tmp_path):
    show = {"language": "x", "link": "y", "timezone": "z", "nmae": "A"}
    with pytest.raises(UsageError) as refused:
        read_config(write_archive(tmp_path, {}, config_text(show=show, feed={"url": "w"})))
    assert len(refused.value.problems) == 5


def test_a_transcript_format_nobody_knows_is_refused(tmp_path):
    config = write_archive(tmp_path, {"x.md": episode_text()}, config_text(transcripts=["vtt", "doc"]))
    with pytest.raises(UsageError, match=r"no format doc; there are vtt"):
        built(config, tmp_path / "out")


@pytest.mark.parametrize(
    ("show", "code", "place", "says"),
    [
        pytest.param({"hosts": ["jane", "jo"]}, "unknown-person", "10:5", "`jo`", id="a host nobody knows"),
        pytest.param(
            {"image": "a.png"}, "picture-not-found", "8:10", "no such picture", id="artwork that is not there"
        ),
        pytest.param({"license": "mine"}, "unknown-license", "8:12", "'mine'", id="a licence nobody knows"),
    ],
)
def test_what_a_setting_refers_to_in_vain_is_told_at_the_setting(show, code, place, says, tmp_path):
    config = settings_text(show=show, archive={"people": "people"})
    others = {"people/jane.md": "---\ntitle: Jane Doe\n---\n"}
    report = built(write_archive(tmp_path, {"x.md": episode_text()}, config, others), tmp_path / "out")
    (told,) = (problem for problem in report.problems if problem.code == code)
    assert str(told.place) == f"feedbuilder.yaml:{place}"
    assert says in told.message


@pytest.mark.parametrize(("section", "name"), [("audio", "folder"), ("archive", "people")])
def test_a_folder_that_cannot_be_listed_stops_the_build_before_all_of_it_is_lost(section, name, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.mkdir()
    config = write_archive(tmp_path, {"x.md": episode_text()}, config_text(**{section: {name: "closed"}}))
    list_folder = Path.iterdir

    def refused(folder):
        if folder == closed:
            raise PermissionError(13, "Permission denied")
        return list_folder(folder)

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(UsageError, match=f"{section}.{name}") as stopped:
        built(config, tmp_path / "out")
    assert "closed cannot be read: Permission denied" in stopped.value.problems[-1].message
    assert not (tmp_path / "out").exists()


def test_a_folder_inside_one_that_is_closed_is_told_at_its_setting(tmp_path, monkeypatch):
    config = write_archive(tmp_path, {"x.md": episode_text()}, config_text(audio={"folder": "closed/audio"}))
    is_dir = Path.is_dir

    def refused(folder):
        if folder.name == "audio":
            raise PermissionError(13, "Permission denied")
        return is_dir(folder)

    monkeypatch.setattr(Path, "is_dir", refused)
    with pytest.raises(UsageError) as stopped:
        read_config(config)
    assert "`audio.folder`: closed/audio cannot be read" in stopped.value.problems[0].message


def test_a_number_out_of_range_is_told_in_plain_words(tmp_path):
    config = write_archive(tmp_path, {"a.md": episode_text()}, settings_text(publish={"mode": "swap", "keep": 1}))
    with pytest.raises(UsageError) as refused:
        read_config(config)
    assert [fault.message for fault in refused.value.problems] == ["`publish.keep`: this should be 2 or more"]
