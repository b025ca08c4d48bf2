"""What a build may not do to the feed that is out, and to files that are not feedbuilder's."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest
from archives import SEEDS, built, config_text, episode_text, feedbuilder, tree, write_archive

from feedbuilder.errors import RefusedError

FEED = {"url": "https://show.example/feed.xml"}
MP3 = (SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()


def refused(config, output, says, **options):
    """Build, expect a refusal that says so, and nothing touched."""
    before = tree(output)
    with pytest.raises(RefusedError, match=says):
        built(config, output, **options)
    assert tree(output) == before


@pytest.fixture
def show(tmp_path):
    """Publish a show of two episodes with local audio."""
    episodes = {f"{name}.md": episode_text(guid=name, title=name.title()) for name in ("one", "two")}
    audio = {f"audio/{name}.mp3": MP3 + name.encode() for name in ("one", "two")}
    config = write_archive(tmp_path / "show", episodes, config_text(audio={"folder": "audio"}), audio)
    built(config, tmp_path / "out")
    return config, tmp_path / "out"


def test_a_feed_under_another_name_is_refused_and_moved_only_when_told(show):
    config, output = show
    config.write_text(
        config_text(
            audio={"folder": "audio"},
            feed={"url": "https://show.example/b.xml"},
            show={"guid": json.loads((output / "manifest.json").read_text())["show_guid"]},
        )
    )
    refused(config, output, "say --accept move")
    built(config, output, accept={"move"})
    assert {"b.xml"} == {path for path in tree(output) if path.endswith(".xml")}


def test_a_feed_at_another_address_is_refused_and_moved_only_when_told(show):
    config, output = show
    moved = config_text(feed={"url": "https://shwo.example/feed.xml"})
    config.write_text(moved)
    refused(config, output, "https://show.example/, would call itself(.|\n)*https://shwo.example/(.|\n)*--accept move")
    built(config, output, accept={"move", "audio"})
    assert b"https://shwo.example/feed.xml" in (output / "feed.xml").read_bytes()


def test_a_lost_episode_is_seen_even_when_the_feed_moves(show):
    config, output = show
    guid = json.loads((output / "manifest.json").read_text())["show_guid"]
    config.write_text(
        config_text(audio={"folder": "audio"}, feed={"url": "https://show.example/b.xml"}, show={"guid": guid})
    )
    (config.parent / "episodes/one.md").unlink()
    refused(config, output, "would vanish", accept={"move"})


def test_another_show_may_not_take_the_folder_over(show, tmp_path):
    _, output = show
    other = write_archive(
        tmp_path / "other", {"x.md": episode_text()}, config_text(feed={"url": "https://other.example/f.xml"})
    )
    refused(other, output, "podcast:guid")
    run = feedbuilder("build", "-o", output, cwd=tmp_path)  # no config here: the sample show
    assert run.returncode == 4


def test_audio_that_went_away_is_not_taken_out_of_the_feed(show):
    config, output = show
    shutil.rmtree(config.parent / "audio")
    (config.parent / "audio").mkdir()
    refused(config, output, "would lose the audio")
    built(config, output, accept={"audio"})
    assert not [path for path in tree(output) if path.endswith(".mp3")]


def test_transcripts_and_chapters_that_went_away_are_not_taken_out_of_the_feed(tmp_path):
    fields = {"transcript": [{"line": "Hi.", "sec": 1}], "quotableClips": [{"name": "A", "startOffset": 0}]}
    config = write_archive(tmp_path / "show", {"a.md": episode_text(**fields)})
    built(config, tmp_path / "out")
    write_archive(config.parent, {"a.md": episode_text(transcripts=fields["transcript"])})
    refused(config, tmp_path / "out", "lose the transcripts(.|\n)*lose the chapters")
    built(config, tmp_path / "out", accept={"transcripts", "chapters"})
    assert set(tree(tmp_path / "out")) == {"feed.xml", "manifest.json"}


def test_a_changed_guid_is_called_that_and_the_remedy_keeps_the_old_one(show):
    config, output = show
    write_archive(config.parent, {"one.md": episode_text(guid="uno", title="One")}, config.read_text())
    refused(config, output, "new guid(.|\n)*one → uno(.|\n)*guid:")


def test_originals_that_lie_in_the_output_folder_are_never_removed(tmp_path):
    root = tmp_path / "site"
    config = write_archive(
        root,
        {"a.md": episode_text(guid="a"), "b.md": episode_text(guid="b")},
        config_text(audio={"folder": "audio"}),
        {"audio/a.mp3": MP3, "audio/b.mp3": MP3 + b"b"},
    )
    built(config, root)
    (root / "episodes/a.md").unlink()
    built(config, root, accept={"removals"})
    assert (root / "audio/a.mp3").read_bytes() == MP3
    assert not [path for path in json.loads((root / "manifest.json").read_text())["files"] if path.startswith("audio")]


def test_a_folder_that_became_a_link_to_the_originals_is_not_emptied(show):
    config, output = show
    shutil.rmtree(output / "audio")
    (output / "audio").symlink_to(config.parent / "audio")
    (config.parent / "episodes/one.md").unlink()
    built(config, output, accept={"removals"})
    assert (config.parent / "audio/one.mp3").exists()


def test_a_manifest_from_a_stranger_removes_nothing_outside(show):
    config, output = show
    precious = output.parent / "precious.txt"
    precious.write_text("mine")
    manifest = json.loads((output / "manifest.json").read_text())
    digest = hashlib.sha256(b"mine").hexdigest()
    manifest["files"] |= {
        "../precious.txt": {"sha256": digest, "source": ""},
        str(precious): {"sha256": digest, "source": ""},
    }
    (output / "manifest.json").write_text(json.dumps(manifest))
    built(config, output)
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("name", ["manifest.json", ".feedbuilder.lock", "feed.xml", "TRANSCRIPTS/one.vtt"])
def test_no_picture_takes_the_place_of_another_file(tmp_path, name):
    config = write_archive(
        tmp_path / "show",
        {"one.md": episode_text(guid="a", transcript=[{"line": "Hi.", "sec": 0}])},
        config_text(show={"image": name}),
        {name: (SEEDS / "artwork.jpg").read_bytes()},
    )
    with pytest.raises(RefusedError, match="cannot be written"):
        built(config, tmp_path / "out")


def test_a_slug_that_changes_case_only_keeps_its_files(tmp_path):
    words = {"transcript": [{"line": "Hi.", "sec": 0}]}
    config = write_archive(tmp_path / "show", {"a.md": episode_text(slug="Foo", **words)})
    built(config, tmp_path / "out")
    write_archive(config.parent, {"a.md": episode_text(slug="foo", **words)})
    assert not built(config, tmp_path / "out").changes.removed


def test_the_manifest_tells_the_truth_after_an_interruption(show):
    config, output = show
    (output / "feed.xml").write_bytes((output / "feed.xml").read_bytes() + b"\n")
    built(config, output)
    manifest = json.loads((output / "manifest.json").read_text())
    for path, entry in manifest["files"].items():
        assert entry["sha256"] == hashlib.sha256((output / path).read_bytes()).hexdigest(), path


def test_every_transcript_format_comes_out_of_a_build(tmp_path):
    lines = [{"line": "Hi.", "sec": 0}, {"header": "On"}, {"line": "Yo.", "sec": 9}]
    config = write_archive(
        tmp_path / "show",
        {"one.md": episode_text(transcript=lines)},
        config_text(transcripts=["vtt", "srt", "json-words", "html", "txt"], captions={"chapters_track": True}),
    )
    built(config, tmp_path / "out")
    endings = {path.rpartition(".")[2] for path in tree(tmp_path / "out") if path.startswith("transcripts/")}
    assert endings == {"vtt", "srt", "json", "html", "txt"}
    assert "chapters/one.vtt" in tree(tmp_path / "out")


def test_notes_that_went_away_are_not_taken_out_of_the_feed(tmp_path):
    config = write_archive(tmp_path / "show", {"a.md": episode_text("Long notes.", guid="a")})
    built(config, tmp_path / "out")
    (tmp_path / "show/episodes/a.md").write_text(episode_text(guid="a"))
    refused(config, tmp_path / "out", "1 episode would lose the notes now out(.|\n)*--accept notes:a")
    built(config, tmp_path / "out", accept={"notes:a"})


def test_a_picture_of_its_own_is_not_taken_from_an_episode(tmp_path):
    """The show's artwork, which the other episode shows as hosts do, is shown without a word in it as well."""
    pictures = {f"{name}.jpg": (SEEDS / "artwork.jpg").read_bytes() for name in ("cover", "one")}
    episodes = {
        "one.md": episode_text(guid="one", image="one.jpg"),
        "two.md": episode_text(guid="two", image="cover.jpg"),
    }
    settings = config_text(show={"image": "cover.jpg"}, archive={"site_url": "https://show.example"})
    config = write_archive(tmp_path / "show", episodes, settings, pictures)
    built(config, tmp_path / "out")
    (tmp_path / "show/one.jpg").unlink()
    (tmp_path / "show/episodes/two.md").write_text(episode_text(guid="two"))
    refused(config, tmp_path / "out", "1 episode would lose the picture now out(.|\n)*one(.|\n)*--accept pictures:one")
    built(config, tmp_path / "out", accept={"pictures"})


def test_artwork_that_went_away_is_not_taken_out_of_the_feed(tmp_path):
    (tmp_path / "show").mkdir()
    shutil.copy(SEEDS / "artwork.jpg", tmp_path / "show/cover.jpg")
    with_artwork, mistyped = (config_text(show={"image": name}) for name in ("cover.jpg", "cover.jgp"))
    config = write_archive(tmp_path / "show", {"a.md": episode_text(guid="a")}, with_artwork)
    output = tmp_path / "out"
    built(config, output)
    config.write_text(mistyped)
    refused(config, output, "would lose the artwork now out, https://show.example/cover.jpg")
    built(config, output, accept={"artwork"})
    assert b"itunes:image" not in tree(output)["feed.xml"]
    built(config, output)
