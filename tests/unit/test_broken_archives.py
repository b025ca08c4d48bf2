"""What a fault costs, and what it does not: the other episodes, the feed that is out, the owner's other fields."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from archives import SEEDS, built, config_text, episode_text, tree, write_archive

from feedbuilder.errors import RefusedError

GOOD = {"good.md": episode_text(guid="good", title="Good")}


def codes(report, path):
    return [
        problem.code for problem in report.problems if problem.place.path == path and problem.code != "missing-audio"
    ]


def test_every_fault_of_every_file_is_told_in_one_run(tmp_path):
    fields = {"season": "2O", "duration": "long", "links": {"web": "TODO"}, "quotableClips": [{"name": "a"}, "b"]}
    episodes = {"x.md": episode_text(guid="x", **fields), "y.md": episode_text(guid="y", title="B", **fields), **GOOD}
    report = built(write_archive(tmp_path, episodes), tmp_path / "out")
    faults = ["not-a-number", "bad-duration", "missing-field", "wrong-type", "placeholder"]
    assert sorted(codes(report, "episodes/x.md")) == sorted(faults)
    assert sorted(codes(report, "episodes/y.md")) == sorted(faults)


def test_a_broken_file_costs_only_its_own_episode(tmp_path):
    alone = built(write_archive(tmp_path / "a", GOOD), tmp_path / "a/out")
    episodes = {
        **GOOD,
        "broken.md": "---\ntitle: a: b\n---\n",
        "bytes.md": b"\xff\xfe\x00",
        "list.md": "---\n- a\n---\n",
    }
    report = built(write_archive(tmp_path / "b", episodes), tmp_path / "b/out")
    assert report.show == alone.show
    assert tree(tmp_path / "b/out") == tree(tmp_path / "a/out")
    assert report.exit_code == 3


def test_an_archive_without_episodes_is_refused(tmp_path):
    (tmp_path / "episodes").mkdir()
    with pytest.raises(RefusedError, match="no episode can be published") as refused:
        built(write_archive(tmp_path, {}), tmp_path / "out")
    assert [problem.code for problem in refused.value.problems] == ["no-artwork", "no-episodes"]
    assert not (tmp_path / "out").exists()


def test_the_feed_that_is_out_stays_byte_for_byte_when_a_build_is_refused(tmp_path):
    config, out = write_archive(tmp_path, GOOD), tmp_path / "out"
    built(config, out)
    before = tree(out)
    write_archive(tmp_path, {"good.md": "---\ntitle: a: b\n---\n"})
    with pytest.raises(RefusedError):
        built(config, out)
    assert tree(out) == before


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("---\ntitle: a: b\n---\n", id="YAML"),
        pytest.param(b"\xff\xfe", id="encoding"),
        pytest.param(b"", id="emptied"),
        pytest.param(episode_text(guid="x", draft="maybe"), id="draft flag"),
    ],
)
def test_what_is_out_of_a_file_that_broke_later_stays_out_to_the_byte(broken, tmp_path):
    words = {"quotableClips": [{"name": "a", "startOffset": 0}], "transcript": [{"line": "Hello.", "sec": 0}]}
    x = episode_text(guid="x", title="The one", dateadded="2020-01-01", **words)
    newest = {"new.md": episode_text(guid="new", dateadded="2024-01-01")}
    config, out = write_archive(tmp_path, {**GOOD, **newest, "x.md": x}), tmp_path / "out"
    built(config, out)
    before = tree(out)
    write_archive(tmp_path, {"x.md": broken})
    report = built(config, out)
    assert tree(out) == before
    assert report.exit_code == 3
    assert [kept.source for kept in report.show.kept] == ["episodes/x.md"]
    assert {fault.code for fault in report.problems if fault.place.path == "episodes/x.md"} > {"kept"}


def test_an_episode_whose_guid_was_copied_from_another_later_keeps_its_own(tmp_path):
    config, out = write_archive(tmp_path, {**GOOD, "x.md": episode_text(guid="x", title="The one")}), tmp_path / "out"
    built(config, out)
    before = tree(out)
    write_archive(tmp_path, {"x.md": episode_text(guid="good", title="The one")})
    assert "doubled-id" in {fault.code for fault in built(config, out).problems}
    assert tree(out) == before


def test_templates_hidden_files_drafts_and_unpublished_files_are_named_and_cost_nothing(tmp_path):
    episodes = {
        **GOOD,
        "_template.md": '---\ntitle: "{{ title }}"\nguests: [{{ guest }}]\n---\n',
        "copy.md": '---\ntitle: "{{ title }}"\n---\n',
        "_hidden.md": b"\xff\xfe\x00",
        "._good.md": b"\x00\x05\x16\x07",
        "_drafts/idea.md": "---\ntitle: a: b\n---\n",
        "draft.md": episode_text(guid="d", draft=True),
        "draft-one.md": episode_text(guid="e", draft=1),
        "unpublished.md": episode_text(guid="f", published=False),
        ".git/x.md": "not ours",
        "page.html": "---\r\ntitle: A page\r\n---\r\n<p>Hi</p>",
        "plain.html": "<!doctype html>",
    }
    report = built(write_archive(tmp_path, episodes), tmp_path / "out")
    told = {
        problem.place.path: problem.code for problem in report.problems if problem.place.path.startswith("episodes/")
    }
    assert told == {
        "episodes/good.md": "missing-audio",
        "episodes/_template.md": "template",
        "episodes/copy.md": "template",
        "episodes/_hidden.md": "hidden-file",
        "episodes/._good.md": "hidden-file",
        "episodes/_drafts/idea.md": "hidden-file",
        "episodes/draft.md": "draft",
        "episodes/draft-one.md": "draft",
        "episodes/unpublished.md": "unpublished",
        "episodes/page.html": "other-kind",
    }
    assert report.exit_code == 0


def test_every_ending_that_static_sites_take_for_markdown_is_read(tmp_path):
    endings = ("md", "markdown", "mdown", "mkd", "MD", "mdx")
    body = "import Player from './Player'\n\nImported words.\n\n<Player />\n\nexport const a = 1\n"
    episodes = {f"{number}.{ending}": episode_text(body, guid=ending) for number, ending in enumerate(endings)}
    report = built(write_archive(tmp_path, episodes), tmp_path / "out")
    assert {episode.guid for episode in report.show.episodes} == set(endings)
    (mdx,) = (episode for episode in report.show.episodes if episode.guid == "mdx")
    assert mdx.notes.html == "<p>Imported words.</p>"


def test_a_link_to_nowhere_is_an_unreadable_file(tmp_path):
    config = write_archive(tmp_path, GOOD)
    (tmp_path / "episodes/x.md").symlink_to(tmp_path / "gone.md")
    report = built(config, tmp_path / "out")
    assert codes(report, "episodes/x.md") == ["unreadable-file"]
    assert report.exit_code == 3


def test_a_file_or_folder_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    config = write_archive(tmp_path, {**GOOD, "x.md": "", "closed/y.md": ""})
    read, scan = type(config).read_bytes, os.scandir

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(config), "read_bytes", lambda path: refuse(path) if path.name == "x.md" else read(path))
    monkeypatch.setattr(os, "scandir", lambda path: refuse(path) if str(path).endswith("closed") else scan(path))
    report = built(config, tmp_path / "out")
    assert codes(report, "episodes/x.md") == ["unreadable-file"]
    assert codes(report, "episodes/closed") == ["unreadable-file"]
    assert len(report.show.episodes) == 1


def test_a_file_that_two_settings_lead_to_is_one_episode(tmp_path):
    config = config_text(archive={"episodes": ["episodes", "episodes/good.md"]})
    report = built(write_archive(tmp_path, GOOD, config), tmp_path / "out")
    assert len(report.show.episodes) == 1
    assert codes(report, "episodes/good.md") == []


@pytest.mark.parametrize(
    ("opening", "code"),
    [("[", "yaml-too-deep"), ("- ", "yaml-too-deep"), ("{a: ", "yaml-too-deep"), ("? ", "yaml-key")],
)
def test_no_depth_of_nesting_ends_the_process(opening, code, tmp_path):
    (tmp_path / "x.yaml").write_text(opening * 50_000)
    program = (
        "import sys, pathlib; from feedbuilder.source.yaml_nodes import read_nodes\n"
        "from feedbuilder.source.decoding import YamlFaultError\n"
        "try: read_nodes(pathlib.Path(sys.argv[1]).read_text(), 'x')\n"
        "except YamlFaultError as error: print(error.fault.code)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "x.yaml")], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [code]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("one.md", "one"),
        ("one.markdown", "one"),
        ("one.yaml", "one"),
        ("one.YML", "one"),
        ("2021-02-23-one.md", "one"),
        ("one/index.md", "one"),
        ("2021-02-23-one/index.md", "one"),
        ("season 1/Über uns.md", "Über-uns"),
    ],
)
def test_an_episode_is_called_what_its_file_or_folder_is_called(name, slug, tmp_path):
    dated = "2026-01-31" if "2021" not in name else None
    text = episode_text(guid="x", dateadded=dated)
    text = text.split("---\n")[1] if name.lower().endswith(("yaml", "yml")) else text
    report = built(write_archive(tmp_path, {name: text}), tmp_path / "out")
    (episode,) = report.show.episodes
    assert (episode.slug, episode.published.year) == (slug, 2021 if dated is None else 2026)


@pytest.mark.parametrize(
    ("declared", "slug"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("/etc/passwd", "etc-passwd"),
        ("..\\..\\windows", "windows"),
        ("con", "con-"),
        ("NUL.1", "NUL-.1"),
        ("a\x00b", "a-b"),
        ("...", "episode"),
        ("日" * 200, "日" * 66),
    ],
)
def test_no_slug_leads_out_of_the_output_folder_or_breaks_a_file_system(declared, slug, tmp_path):
    clips = [{"name": "a", "startOffset": 0}]
    report = built(
        write_archive(tmp_path, {"x.md": episode_text(guid="x", slug=declared, quotableClips=clips)}), tmp_path / "out"
    )
    assert report.show.episodes[0].slug == slug
    assert f"chapters/{slug}.json" in tree(tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"episodes", "feedbuilder.yaml", "feedbuilder.lock", "out"}


def test_two_audio_files_of_one_name_in_two_folders_stay_two(tmp_path):
    sound = (SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()
    episodes = {
        "a.md": episode_text(guid="a", audio="one/talk.mp3"),
        "b.md": episode_text(guid="b", title="B", audio="two/talk.mp3"),
    }
    audio = {"audio/one/talk.mp3": sound, "audio/two/talk.mp3": sound[:100_000]}
    built(write_archive(tmp_path, episodes, config_text(audio={"folder": "audio"}), audio), tmp_path / "out")
    published = tree(tmp_path / "out")
    assert {path: published[path] for path in audio} == audio


def test_a_picture_reached_by_a_detour_is_published_where_it_is(tmp_path):
    picture = (SEEDS / "images/authors/seedhost.jpg").read_bytes()
    episodes = {"x.md": episode_text(guid="x", image="a/../b/p.jpg", image_alt="A portrait")}
    report = built(write_archive(tmp_path, episodes, None, {"b/p.jpg": picture}), tmp_path / "out")
    assert tree(tmp_path / "out")["b/p.jpg"] == picture
    (episode,) = report.show.episodes
    assert episode.picture is not None
    assert (episode.picture.url, episode.picture.alt) == ("https://show.example/b/p.jpg", "A portrait")


def test_speakers_with_titles_and_long_offices_stay_speakers(tmp_path):
    long = "Alexandra von Hohenheim, Head of Research at Example"
    said = [("Dr. Fern Sprout", "Hello."), (long, "Hi."), ("Sammy Davis Jr.", "Hm."), (long, "Yes.")]
    transcript = [{"who": who, "line": line, "sec": sec} for sec, (who, line) in enumerate(said)]
    report = built(write_archive(tmp_path, {"x.md": episode_text(guid="x", transcript=transcript)}), tmp_path / "out")
    (episode,) = report.show.episodes
    assert episode.transcript is not None
    assert [(line.speaker, line.text) for line in episode.transcript.lines] == said
    assert codes(report, "episodes/x.md") == []


def test_a_season_0_has_its_name_and_its_place_in_addresses(tmp_path):
    config = config_text(
        show={"seasons": {"0": "Before"}}, archive={"episode_url": "https://a.example/{season}/{episode}/{slug}"}
    )
    fields = {"season": 0, "episode": 20210223, "link": "javascript:x"}
    report = built(write_archive(tmp_path, {"x.md": episode_text(guid="x", **fields)}, config), tmp_path / "out")
    (episode,) = report.show.episodes
    assert (episode.season_name, episode.page_url) == ("Before", "https://a.example/0/20210223/x")
    feed = (tmp_path / "out/feed.xml").read_text(encoding="utf-8")
    assert '<podcast:season name="Before">0</podcast:season>' in feed
    assert "<podcast:episode>20210223</podcast:episode>" in feed
    assert "<itunes:season>" not in feed


def test_two_files_with_one_guid_and_nothing_else_are_one_problem_of_both(tmp_path):
    twins = {"a.md": episode_text(guid="same", title="A"), "b.md": episode_text(guid="same", title="B")}
    report = built(write_archive(tmp_path, {**GOOD, **twins}), tmp_path / "out")
    assert codes(report, "episodes/a.md") == codes(report, "episodes/b.md") == ["doubled-id"]
    told = [fault for fault in report.problems if fault.code == "doubled-id"]
    assert {(fault.place.path, fault.severity) for fault in told} == {(f"episodes/{name}", "error") for name in twins}
    assert {fault.remedy for fault in told} == {"one of these was copied: change the guid in the newer file"}


def test_an_index_file_is_named_by_its_folder_in_every_language(tmp_path):
    bundle = {"first-talk/index.en.md": episode_text(guid="a"), "second/index.md": episode_text(guid="b", title="B")}
    report = built(write_archive(tmp_path, bundle), tmp_path / "out")
    assert {episode.slug for episode in report.show.episodes} == {"first-talk", "second"}


@pytest.mark.parametrize("geo", ["geo:52.52,13.405", "geo:-1,2,3;crs=wgs84;u=35"])
def test_a_place_may_say_all_that_a_geo_address_can(tmp_path, geo):
    config = write_archive(tmp_path, {"a.md": episode_text(location={"name": "Here", "geo": geo})})
    report = built(config, tmp_path / "out")
    assert report.show.episodes[0].location.geo == geo


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_utf8_is_published_under_one_that_can_be_printed(tmp_path):
    sections = {
        "audio": {"folder": "audio", "base_url": "https://a.example/"},
        "archive": {"episode_url": "https://a.example/{slug}"},
    }
    config = write_archive(tmp_path, GOOD, config_text(**sections))
    for number, ending in enumerate((b"\xe9", b"\xea")):
        name = os.fsdecode(b"caf" + ending)
        file = tmp_path / "episodes" / f"{name}.md"
        file.write_text(episode_text(guid=str(number), slug=f"cafe-{number}" if number else None), "utf-8")
        sound = tmp_path / "audio" / f"{name}.mp3"
        sound.parent.mkdir(exist_ok=True)
        sound.write_bytes((SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes())
    (tmp_path / "episodes" / os.fsdecode(b"\xff.md")).write_text(episode_text(guid=None), "utf-8")
    report = built(config, tmp_path / "out")
    assert {episode.slug for episode in report.show.episodes} == {"good", "caf", "cafe-1"}
    assert {episode.source for episode in report.show.episodes} > {"episodes/caf\\xe9.md", "episodes/caf\\xea.md"}
    assert codes(report, "episodes/\\xff.md") == ["no-identity"]
    assert "https://a.example/caf%E9" in {episode.page_url for episode in report.show.episodes}
