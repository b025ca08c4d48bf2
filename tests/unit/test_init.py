"""`feedbuilder init`: what is found of an archive, and a config that can be used."""

from __future__ import annotations

import pytest
from archives import feedbuilder

from feedbuilder import read_config

EPISODE = "---\ntitle: A talk\naudio: https://a.example/{}.mp3\n{}---\n"


def started(folder, files, site="_config.yml", settings=""):
    """Run init on files by their path, and return what it says and the config it wrote."""
    address = 'baseURL = "https://a.example/"\n' if site.endswith(".toml") else "url: https://a.example\n"
    settings = settings if "https://a.example" in settings else settings + address
    named = 'title = "A"\ndescription = "B"\n' if site.endswith(".toml") else "title: A\ndescription: B\n"
    for path, text in {**files, site: named + settings}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    run = feedbuilder("init", folder)
    assert run.returncode == 0, run.stderr
    return run.stdout, read_config(folder / "feedbuilder.yaml")


def test_episodes_in_folders_of_their_own_are_counted_where_these_folders_are(tmp_path):
    files = {f"content/episode/ep{number}/index.md": EPISODE.format(number, "guid: a\n") for number in range(3)}
    said, config = started(tmp_path, {**files, "content/page/about/index.md": EPISODE.format("x", "")})
    assert said.startswith("3 episodes in content/episode\n")
    assert config.archive.episodes == ("content/episode",)


def test_one_episode_is_no_episodes(tmp_path):
    said, _ = started(tmp_path, {"episodes/a.md": EPISODE.format(1, "guid: a\n")})
    assert said.startswith("1 episode in episodes\n")


@pytest.mark.parametrize(
    ("identity", "is_told"),
    [("", True), ("guid: a\n", False), ("ids: {youtube: a}\n", False), ("links: {y: https://youtu.be/a}\n", False)],
)
def test_an_archive_without_any_identity_is_told_so_at_once(tmp_path, identity, is_told):
    said, _ = started(tmp_path, {"episodes/a.md": EPISODE.format(1, identity)})
    assert ("No episode has a guid" in said) == is_told


@pytest.mark.parametrize(
    ("site", "settings"),
    [
        (
            "_config.yml",
            "url: https://a.example\nbaseurl: /cast\nlang: pt_BR\ntimezone: Europe/Lisbon\n"
            "author: Ana Dias\nemail: ana@a.example\n",
        ),
        (
            "hugo.toml",
            'baseURL = "https://a.example/cast/"\nlanguageCode = "pt-br"\ntimeZone = "Europe/Lisbon"\n'
            '[params.author]\nname = "Ana Dias"\nemail = "ana@a.example"\n',
        ),
    ],
    ids=["Jekyll", "Hugo"],
)
def test_what_the_site_says_of_itself_is_taken_over(tmp_path, site, settings):
    _, config = started(tmp_path, {"episodes/a.md": EPISODE.format(1, "")}, site, settings)
    show = config.show
    assert (show.link, show.language.lower(), show.timezone.key) == (
        "https://a.example/cast/",
        "pt-br",
        "Europe/Lisbon",
    )
    assert (show.author, show.owner.name, show.owner.email) == ("Ana Dias", "Ana Dias", "ana@a.example")


def test_a_site_that_says_nothing_or_nonsense_leaves_the_config_to_be_filled_in(tmp_path):
    nonsense = "lang: Klingon\ntimezone: Nowhere\nauthor: [a]\nemail: nobody\n"
    started(tmp_path, {"episodes/a.md": EPISODE.format(1, "")}, settings=nonsense)
    text = (tmp_path / "feedbuilder.yaml").read_text("utf-8")
    assert "language: en  " in text
    assert "# author: Your Name" in text
    assert "  # owner:" in text
    assert "Nowhere" not in text
    assert "docs/" not in text


def test_what_the_hosts_feed_says_of_the_show_goes_before_what_the_site_says(tmp_path):
    (tmp_path / "host.xml").write_text(
        """<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>
        <title>Soil &amp; Sons: "loud"</title><description>What we grow.</description><language>de</language>
        <copyright>CC BY</copyright><itunes:author>Robin</itunes:author><itunes:explicit>yes</itunes:explicit>
        <itunes:owner><itunes:name>Robin Seed</itunes:name><itunes:email>r@seed.example</itunes:email></itunes:owner>
        <itunes:category text="Education"><itunes:category text="How To"/></itunes:category>
        <itunes:category text="No such thing"/><itunes:type>serial</itunes:type>
        <itunes:image href="https://host.example/a.jpg"/></channel></rss>""",
        "utf-8",
    )
    (tmp_path / "site/episodes").mkdir(parents=True)
    (tmp_path / "site/episodes/a.md").write_text(EPISODE.format(1, "guid: a\n"))
    (tmp_path / "site/_config.yml").write_text("title: Another\ndescription: Another\nurl: https://a.example\n")
    run = feedbuilder("init", tmp_path / "site", "--feed", tmp_path / "host.xml")
    assert run.returncode == 0, run.stderr
    show = read_config(tmp_path / "site/feedbuilder.yaml").show
    assert (show.title, show.description, show.language) == ('Soil & Sons: "loud"', "What we grow.", "de")
    assert (show.categories, show.explicit, show.type) == ((("Education", "How To"),), True, "serial")
    assert (show.author, show.copyright, show.image) == ("Robin", "CC BY", "https://host.example/a.jpg")
    assert show.owner is not None
    assert (show.owner.name, show.owner.email) == ("Robin Seed", "r@seed.example")


def test_an_address_that_nobody_knows_is_asked_for_and_not_made_up(tmp_path):
    (tmp_path / "episodes").mkdir()
    (tmp_path / "episodes/a.md").write_text(EPISODE.format(1, "guid: a\n"))
    run = feedbuilder("init", tmp_path)
    assert "Fill in what is marked TODO (" in run.stdout
    built = feedbuilder("build", "--config", tmp_path)
    assert built.returncode == 2
    assert "`feed.url`: 'TODO' is not an absolute web address" in built.stderr
    assert "`show.link`: 'TODO' is not an absolute web address" in built.stderr


def test_a_folder_of_peoples_pictures_is_not_that_of_their_pages(tmp_path):
    files = {"images/authors/ana.jpg": "", "people/ana.md": "---\ntitle: Ana Dias\n---\n"}
    said, config = started(tmp_path, {"episodes/a.md": EPISODE.format(1, "guid: a\n"), **files})
    assert said.startswith("1 episode in episodes, people in people\n")
    assert config.archive.people == "people"


def test_hidden_files_are_not_counted_and_a_large_folder_is_not_counted_to_its_end(tmp_path):
    files = {f"episodes/{number:03}.md": EPISODE.format(number, "guid: a\n") for number in range(201)}
    said, _ = started(tmp_path, files)
    assert said.startswith("at least 200 episodes in episodes\n")
    few = {f"episodes/{name}.md": EPISODE.format(1, "guid: a\n") for name in ("a", "b", "_template", ".c")}
    (tmp_path / "few").mkdir()
    said, _ = started(tmp_path / "few", few)
    assert said.startswith("2 episodes in episodes\n")
