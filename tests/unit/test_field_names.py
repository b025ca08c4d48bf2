"""The config's `fields:`: other archives' names, in what is read and in what is said."""

from __future__ import annotations

import pytest
from archives import built, config_text, episode_text, write_archive

HEAD = "---\ntitle: An episode\nguid: one\n"


def build(tmp_path, fields, header):
    text = f"{HEAD}{header}---\n"
    return built(
        write_archive(
            tmp_path, {"x.md": text, "good.md": text.replace("one", "two") + "Hi."}, config_text(fields=fields)
        ),
        tmp_path / "out",
    )


def episode(report):
    return next(episode for episode in report.show.episodes if episode.source == "episodes/x.md")


def faults(report):
    return [
        (problem.code, f"{problem.place.line}:{problem.place.column}", problem.message)
        for problem in report.problems
        if problem.place.path == "episodes/x.md" and problem.code not in {"missing-audio", "doubled-slug"}
    ]


def test_published_may_be_called_date(tmp_path):
    found = episode(build(tmp_path, {"published": "date"}, "date: 2021-02-23\n"))
    assert (found.published.year, found.edited) == (2021, None)


def test_published_may_stand_inside_another_field(tmp_path):
    found = episode(build(tmp_path, {"published": "meta.date"}, "meta:\n  date: 2021-02-23\n"))
    assert found.published.year == 2021


def test_published_may_be_called_published(tmp_path):
    found = episode(build(tmp_path, {"published": "published"}, "published: 2021-02-23\n"))
    assert found.published.year == 2021


def test_the_first_name_with_a_value_wins(tmp_path):
    fields = {"published": ["pub", "date"]}
    found = episode(build(tmp_path, fields, "pub:\ndate: 2021-02-23\n"))
    assert found.published.year == 2021


def test_one_field_of_the_archive_may_be_two_of_ours(tmp_path):
    fields = {"published": "date", "edited": "date"}
    found = episode(build(tmp_path, fields, "date: 2021-02-23\n"))
    assert found.published.date() == found.edited.date()


def test_chapters_and_their_parts_may_have_other_names(tmp_path):
    fields = {"published": "date", "chapters": "clips", "chapters.title": "label", "chapters.start": "at"}
    found = episode(build(tmp_path, fields, "date: 2021-02-23\nclips:\n- label: Hi\n  at: 1:05\n"))
    assert [(chapter.title, chapter.start_ms) for chapter in found.chapters] == [("Hi", 65_000)]


def test_names_may_be_swapped(tmp_path):
    fields = {"published": "date", "chapters.title": "url", "chapters.url": "name"}
    clips = "quotableClips:\n- {url: Hi, name: 'https://a.example/', startOffset: 1}\n"
    found = episode(build(tmp_path, fields, f"date: 2021-02-23\n{clips}"))
    assert [(chapter.title, chapter.url) for chapter in found.chapters] == [("Hi", "https://a.example/")]


@pytest.mark.parametrize(
    ("fields", "header", "code", "place", "says"),
    [
        pytest.param({"published": "date"}, "date: soon\n", "bad-date", "4:7", "`date`", id="a date"),
        pytest.param(
            {"published": "meta.date"}, "meta:\n  date: soon\n", "bad-date", "5:9", "`meta.date`", id="inside"
        ),
        pytest.param({"published": "pub"}, "dateadded: 2021-02-23\n", "no-date", "1:1", "no `pub`", id="the default"),
        pytest.param(
            {"published": "pub_date"},
            "pub_dat: 2021-02-23\n",
            "misspelt-field",
            "4:1",
            "`pub_date` meant",
            id="misspelt",
        ),
        pytest.param(
            {"chapters": "clips", "chapters.title": "label"},
            "dateadded: 2021-02-23\nclips:\n- label: Hi\n",
            "missing-field",
            "6:3",
            "`clips.startOffset`",
            id="a chapter's start",
        ),
        pytest.param(
            {"chapters": "clips", "chapters.title": "label"},
            "dateadded: 2021-02-23\nclips:\n- startOffset: 1\n  label: [x]\n",
            "wrong-type",
            "7:10",
            "`clips.label`",
            id="a chapter's title",
        ),
        pytest.param(
            {"transcript": "talk", "transcript.text": "words"},
            "dateadded: 2021-02-23\ntalk:\n- {words: Hi, sec: 1}\n- {who: A}\n",
            "transcript-item",
            "7:3",
            "neither `words` nor `header`",
            id="a transcript's words",
        ),
    ],
)
def test_faults_are_told_in_the_owners_own_names(fields, header, code, place, says, tmp_path):
    archive = {"x.md": f"{HEAD}{header}---\n", "good.md": "---\ntitle: B\nguid: two\ndate: 2021-01-01\n---\n"}
    archive["good.md"] = archive["good.md"].replace("date:", f"{fields.get('published', 'dateadded')}:")
    if "." in fields.get("published", ""):
        archive["good.md"] = archive["good.md"].replace("meta.date:", "meta:\n  date:")
    report = built(write_archive(tmp_path, archive, config_text(fields=fields)), tmp_path / "out")
    (told,) = (fault for fault in faults(report) if fault[0] == code)
    assert told[1] == place
    assert says in told[2]


def test_swapped_letters_in_the_name_of_a_field_an_episode_needs_are_pointed_out(tmp_path):
    text, good = HEAD.replace("title:", "titel:") + "---\n", HEAD.replace("one", "two") + "dateadded: 2021-02-23\n---\n"
    report = built(
        write_archive(tmp_path, {"x.md": text, "good.md": good}, config_text()),
        tmp_path / "out",
    )
    assert faults(report) == [
        ("misspelt-field", "2:1", "`titel` is not a field; is `title` meant?"),
        ("missing-field", "1:1", "`title`: the field is missing, or has no value"),
    ]


@pytest.mark.parametrize(
    "chapter",
    [
        {"title": "A", "start": "0:10", "end": "0:20", "url": "https://a.example/", "img": "https://a.example/a.png"},
        {
            "title": "A",
            "startTime": 10,
            "endTime": 20,
            "href": "https://a.example/",
            "image": "https://a.example/a.png",
        },
        {"name": "A", "start": 10, "end": 20, "url": "https://a.example/", "image": "https://a.example/a.png"},
    ],
)
def test_chapters_in_the_words_of_other_formats_are_read(chapter, tmp_path):
    config = write_archive(
        tmp_path, {"x.md": episode_text(chapters=[chapter])}, config_text(fields={"chapters": "chapters"})
    )
    report = built(config, tmp_path / "out")
    ((read,),) = (episode.chapters for episode in report.show.episodes)
    assert (read.title, read.start_ms, read.end_ms, read.url) == ("A", 10_000, 20_000, "https://a.example/")
    assert read.picture.url == "https://a.example/a.png"


def test_a_fault_in_such_a_chapter_has_its_place(tmp_path):
    episode = "---\ntitle: A\ndateadded: 2026-01-31\nguid: a\nquotableClips:\n- {title: B, start: x}\n---\n"
    report = built(write_archive(tmp_path, {"x.md": episode}), tmp_path / "out")
    assert ("bad-duration", "episodes/x.md:6:21") in {(fault.code, str(fault.place)) for fault in report.problems}


@pytest.mark.parametrize(("name", "meant"), [("chapters", "quotableClips"), ("edited", "date")])
def test_our_own_word_for_a_field_with_another_default_name_is_told(name, meant, tmp_path):
    config = write_archive(tmp_path, {"x.md": episode_text(**{name: "2026-01-01"})})
    (told,) = (fault for fault in built(config, tmp_path / "out").problems if fault.code == "misspelt-field")
    assert told.remedy == f"rename it to {meant}, or say so in the config: fields: {{{name}: {name}}}"
    config.write_text(config_text(fields={name: name}))
    assert "misspelt-field" not in {fault.code for fault in built(config, tmp_path / "out").problems}
