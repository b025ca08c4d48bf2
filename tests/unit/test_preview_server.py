"""The preview's server as players, browsers and hostile pages meet it: over real connections."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from archives import NOW, built, config_text, episode_text, tree, write_archive
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from feedbuilder import read_config
from feedbuilder.errors import UsageError
from feedbuilder.preview.edition import Edition, read_edition
from feedbuilder.preview.ranges import UnsatisfiableError, parse_range
from feedbuilder.preview.server import PreviewServer
from feedbuilder.source.spool import Spool

SOUND = bytes(range(256)) * 40


def itself(content: bytes | Path) -> bytes | Path:
    return content


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PreviewServer]:
    sound = tmp_path / "talk.mp3"
    sound.write_bytes(SOUND)
    made = {
        "index.html": b"<p>pages</p>",
        "audio/talk.mp3": sound,
        "audio/gone.mp3": tmp_path / "gone.mp3",
        "feed.xml": b"<rss/>",
        "transcripts/talk.vtt": b"WEBVTT\n",
        "transcripts/talk.json": b"{}",
        "chapters/talk.json": b"{}",
        "episodes/\u00fcber uns.html": b"<p>about</p>",
    }
    server = PreviewServer(Edition({path: partial(itself, content) for path, content in made.items()}, ""), 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def ask(server: PreviewServer, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "mime_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/xml; charset=utf-8"),
        ("/transcripts/talk.vtt", "text/vtt; charset=utf-8"),
        ("/transcripts/talk.json", "application/json; charset=utf-8"),
        ("/chapters/talk.json", "application/json+chapters; charset=utf-8"),
        ("/audio/talk.mp3?from=index", "audio/mpeg"),
        ("/episodes/%C3%BCber%20uns.html", "text/html; charset=utf-8"),
    ],
)
def test_a_file_comes_with_its_type_and_a_strict_policy(server: PreviewServer, path: str, mime_type: str) -> None:
    answer, _ = ask(server, path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, mime_type)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/nowhere", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/audio/"])
def test_what_is_not_in_the_edition_is_not_there(server: PreviewServer, path: str) -> None:
    assert ask(server, path)[0].status == 404


def test_a_file_that_went_away_is_not_there(server: PreviewServer) -> None:
    assert ask(server, "/audio/gone.mp3")[0].status == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost.evil.example", ""])
def test_a_page_whose_name_was_made_to_lead_here_is_turned_away(server: PreviewServer, host: str) -> None:
    answer, content = ask(server, "/", Host=host)
    assert answer.status == 421
    assert b"pages" not in content


def test_it_listens_on_this_machine_only(server: PreviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert ask(server, "/", Host=f"LocalHost:{server.server_port}")[0].status == 200


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-3", 0, 3), ("bytes=10000-", 10000, 10239), ("bytes=-5", 10235, 10239)]
)
def test_a_player_gets_the_bytes_it_asks_for(server: PreviewServer, asked: str, first: int, last: int) -> None:
    answer, content = ask(server, "/audio/talk.mp3", Range=asked)
    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert content == SOUND[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=0-1,4-5", "bytes=-0"])
def test_a_range_that_cannot_be_given_is_refused(server: PreviewServer, asked: str) -> None:
    answer, content = ask(server, "/audio/talk.mp3", Range=asked)
    assert (answer.status, content) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{len(SOUND)}"


def test_a_file_that_the_browser_has_is_not_sent_again(server: PreviewServer) -> None:
    tag = ask(server, "/audio/talk.mp3")[0].headers["ETag"]
    answer, content = ask(server, "/audio/talk.mp3", If_None_Match=f'"other", {tag}')
    assert (answer.status, content) == (304, b"")
    assert ask(server, "/audio/talk.mp3", If_Range='"other"', Range="bytes=0-3")[0].status == 200
    assert ask(server, "/audio/talk.mp3", If_Range=tag, Range="bytes=0-3")[0].status == 206


def test_head_sends_no_content_and_other_methods_nothing_at_all(server: PreviewServer) -> None:
    answer, content = ask(server, "/audio/talk.mp3", "HEAD")
    assert (answer.headers["Content-Length"], content) == (str(len(SOUND)), b"")
    assert ask(server, "/", "POST")[0].status == 501


def test_open_pages_are_told_of_every_change(server: PreviewServer) -> None:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request("GET", "/.preview/events")
    events = connection.getresponse()
    assert events.headers["Content-Type"] == "text/event-stream"
    assert [events.readline() for _ in range(3)] == [b"event: edition\n", b"data: 1\n", b"\n"]
    server.replace(server.edition)
    assert [events.readline() for _ in range(3)] == [b"event: edition\n", b"data: 2\n", b"\n"]
    connection.close()


def test_a_port_that_is_taken_is_told(server: PreviewServer) -> None:
    with pytest.raises(UsageError, match="--port"):
        PreviewServer(server.edition, server.server_port)


@given(header=st.text(alphabet="bytes=-,0123456789 x", max_size=20), length=st.integers(0, 30))
def test_a_range_never_leaves_the_file(header: str, length: int) -> None:
    try:
        found = parse_range(header, length)
    except UnsatisfiableError:
        return
    assert found is None or 0 <= found.first <= found.last < length


def test_an_edition_writes_nothing_and_asks_for_nothing_it_does_not_show(tmp_path: Path) -> None:
    config = write_archive(tmp_path, {"one.md": episode_text(transcript=[{"line": "Hello.", "sec": 1}])})
    before = tree(tmp_path)
    edition = read_edition(lambda: read_config(config), NOW)
    for path in ("index.html", "feed.xml", "episodes/one.html", "transcripts/one.vtt", ".preview/items/one.xml.txt"):
        assert edition.content(path), path
    assert tree(tmp_path) == before


def test_what_stops_a_build_is_told_on_the_page(tmp_path: Path) -> None:
    config = write_archive(tmp_path, {"one.md": episode_text()}, config_text(transcripts=["smoke-signals"]))
    edition = read_edition(lambda: read_config(config), NOW)
    page = edition.content("index.html")
    assert isinstance(page, bytes)
    assert b"smoke-signals" in page
    assert edition.inputs is not None, "what is to be watched is known all the same"


@pytest.mark.parametrize("site", [True, False])
def test_an_episode_that_broke_after_it_came_out_is_shown_as_it_is_out_and_says_why(tmp_path: Path, site: bool) -> None:
    episodes = {"one.md": episode_text(title="One"), "two.md": episode_text(title="Two", guid="two")}
    config = write_archive(tmp_path, episodes, config_text(site=site))
    built(config, tmp_path / "output")
    (tmp_path / "episodes/two.md").write_text("---\ntitle: [Two\n---\n", "utf-8")
    edition = read_edition(lambda: read_config(config), NOW)
    index, page = edition.content("index.html"), edition.content("episodes/two.html")
    assert isinstance(index, bytes)
    assert isinstance(page, bytes)
    assert b"1 of them kept as published" in index
    [entry] = html.fromstring(index).xpath("//li[.//a[text()='Two']]")
    assert "stays as it was published: " in entry.text_content()
    told = html.fromstring(page).text_content()
    assert "episodes/two.md is broken" in told
    assert "two.md:2" in told, "the fault has its place"
    assert b".preview/preview.css" in page
    assert (b"<h1>Two</h1>" in page) == site
    item = edition.content(".preview/items/two.xml.txt")
    assert isinstance(item, bytes)
    assert b"<title>Two</title>" in item
    feed = edition.content("feed.xml")
    assert isinstance(feed, bytes)
    assert feed.count(b"<item>") == 2


def test_a_large_archives_words_are_there_whenever_a_page_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedbuilder.source.archive.Spool", partial(Spool, in_memory_bytes=0))
    config = write_archive(tmp_path, {"one.md": episode_text(transcript=[{"line": "Hello there.", "sec": 1}])})
    edition = read_edition(lambda: read_config(config), NOW)
    gc.collect()
    for path in ("episodes/one.html", "transcripts/one.vtt"):
        content = edition.content(path)
        assert isinstance(content, bytes)
        assert b"Hello there." in content
