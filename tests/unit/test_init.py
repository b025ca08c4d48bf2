"""`feedbuilder init`: what is found of an archive, and a config that can be used."""

from __future__ import annotations

import pytest
from archives import built, feedbuilder

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
    assert ("feedbuilder import FEED" in said) == is_told


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


HOST_FEED = """<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
    xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Tides</title><description>d</description>
    <link>https://shows.host.example/tides</link><atom:link rel="self" href="https://feeds.host.example/tides"/>
    <itunes:owner><itunes:name>Rae</itunes:name><itunes:email>{mail}</itunes:email></itunes:owner>
    <item><title>The Moon </title><guid>1</guid></item><item><title/></item></channel></rss>"""


def write(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def test_hugos_publish_date_goes_before_its_date_and_each_file_has_the_one_it_says(tmp_path):
    dates = {"a": "date: 2024-01-01\n", "b": "date: 2024-02-01\npublishDate: 2024-02-02\n"}
    files = {f"content/e/{name}.md": EPISODE.format(name, f"guid: {name}\n{date}") for name, date in dates.items()}
    said, config = started(tmp_path, files, "hugo.toml")
    assert config.fields["published"] == ("publishDate", "date")
    assert "published is called publishDate, else date here" in said
    report = built(config.folder / config.path, tmp_path / "out")
    assert {episode.guid: f"{episode.published:%m-%d}" for episode in report.show.episodes} == {
        "a": "01-01",
        "b": "02-02",
    }


def test_a_date_that_no_file_has_is_not_named(tmp_path):
    _, config = started(tmp_path, {"episodes/a.md": EPISODE.format(1, "guid: a\npubDate: 2024-01-01\n")})
    assert config.fields["published"] == ("pubDate",)


def test_a_length_in_bytes_is_not_taken_for_how_long_an_episode_is(tmp_path):
    said, _ = started(tmp_path, {"episodes/a.md": EPISODE.format(1, "length: 12345678\n")})
    assert "duration" not in said
    (tmp_path / "feedbuilder.yaml").unlink()
    said, _ = started(tmp_path, {"episodes/a.md": EPISODE.format(1, "length: '31:05'\n")})
    assert "duration is called length here" in said


@pytest.mark.parametrize("with_yaml", [False, True])
def test_toml_front_matter_is_named_with_the_way_out(with_yaml, tmp_path):
    write(tmp_path, {f"content/e/{n}.md": f'+++\ntitle = "{n}"\naudio = "a.mp3"\n+++\n' for n in range(3)})
    if with_yaml:
        write(tmp_path, {"content/e/x.md": EPISODE.format(1, "guid: a\n")})
    run = feedbuilder("init", ".", cwd=tmp_path)
    if with_yaml:
        assert "1 episode in content/e\n  3 more files there cannot be read as they stand:" in run.stdout
        assert "content/e/0.md:1:1: this front matter is TOML (+++)" in run.stdout
    else:
        assert run.returncode == 2
        assert "3 files have TOML front matter (+++)" in run.stderr
        assert "hugo convert toYAML" in run.stderr


def test_files_that_cannot_be_read_are_counted_and_the_first_are_named(tmp_path):
    faulty = {f"episodes/f{number}.md": "---\ntitle: a\ntitle: b\n---\n" for number in range(4)}
    write(
        tmp_path, {**faulty, "episodes/a.md": EPISODE.format(1, "guid: a\n"), "episodes/z.md": "---\ntitle: z\n---\n"}
    )
    said = feedbuilder("init", ".", cwd=tmp_path).stdout
    assert "1 episode in episodes\n  4 more files there cannot be read as they stand:\n" in said
    assert "episodes/f0.md:3:1: " in said
    assert said.count("episodes/f") == 3
    assert "1 more file there without any field of an episode" in said


def test_an_archive_that_cannot_be_read_at_all_says_why(tmp_path):
    write(tmp_path, {"episodes/a.md": "---\ntitle: [\naudio: x\n---\n"})
    run = feedbuilder("init", ".", cwd=tmp_path)
    assert run.returncode == 2
    assert "episodes/a.md:" in run.stderr
    assert "1 cannot be read" in run.stderr


def test_files_with_a_title_only_are_told_by_their_folder_or_by_the_hosts_titles(tmp_path):
    plain = "---\ntitle: {}\npubDate: 2023-03-01\n---\n"
    files = {
        "src/talks/moon.md": plain.format("the moon"),
        "src/blog/b.md": plain.format("B"),
        "src/blog/c.md": plain.format("C"),
    }
    write(tmp_path, files)
    (tmp_path / "host.xml").write_text(HOST_FEED.format(mail="r@rae.example"))
    run = feedbuilder("init", tmp_path)
    assert run.returncode == 2
    assert "add --feed FEED" in run.stderr
    assert feedbuilder("init", tmp_path, "--feed", tmp_path / "host.xml").stdout.startswith("1 episode in src/talks\n")
    write(tmp_path / "other", {"src/content/episodes/a.md": plain.format("A"), "src/blog/b.md": plain.format("B")})
    assert feedbuilder("init", tmp_path / "other").stdout.startswith("1 episode in src/content/episodes\n")


def test_a_feed_that_cannot_be_used_is_told_with_the_reason(tmp_path):
    write(tmp_path, {"episodes/a.md": EPISODE.format(1, ""), "login.xml": "<!doctype html><html>Login</html>"})
    run = feedbuilder("init", ".", "--feed", "login.xml", cwd=tmp_path)
    assert run.returncode == 2
    assert "login.xml:1:1: this is a web page, not a feed → " in run.stderr
    assert not (tmp_path / "feedbuilder.yaml").exists()


def test_after_a_start_from_the_hosts_feed_the_next_step_is_the_import(tmp_path):
    write(tmp_path / "a site", {"episodes/a.md": EPISODE.format(1, "")})
    write(tmp_path, {"the host.xml": HOST_FEED.format(mail="r@rae.example")})
    run = feedbuilder("init", "a site", "--feed", "the host.xml", cwd=tmp_path)
    named = " --config 'a site/feedbuilder.yaml'"
    assert f"then: feedbuilder import 'the host.xml'{named}, then: feedbuilder build{named}" in run.stdout
    assert "No episode has a guid" not in run.stdout


@pytest.mark.parametrize(
    ("mail", "site", "is_of_host"),
    [
        ("podcasts12+abc123@host.example", "", True),
        ("podcasts12+abc123@mail.host.example", "", True),
        ("rae@host.example", "url: https://host.example\n", False),
        ("rae@host.example", "", False),  # whose page is there, too: a feed of one's own
        ("rae@rae.example", "", False),
    ],
)
def test_a_mail_address_that_ends_with_the_move_is_marked(mail, site, is_of_host, tmp_path):
    write(tmp_path, {"episodes/a.md": EPISODE.format(1, ""), "_config.yml": f"title: A\n{site}"})
    write(tmp_path, {"host.xml": HOST_FEED.format(mail=mail)})
    assert feedbuilder("init", ".", "--feed", "host.xml", cwd=tmp_path).returncode == 0
    (line,) = (one for one in (tmp_path / "feedbuilder.yaml").read_text("utf-8").splitlines() if mail in one)
    assert ("TODO" in line) == is_of_host


def test_the_feeds_address_is_the_owners_to_settle_even_where_the_site_is_known(tmp_path):
    _, config = started(tmp_path, {"episodes/a.md": EPISODE.format(1, "")})
    assert config.feed.url == "https://a.example/podcast/feed.xml"
    (line,) = (one for one in (tmp_path / "feedbuilder.yaml").read_text().splitlines() if "podcast/feed.xml" in one)
    assert "# TODO: a guess" in line
