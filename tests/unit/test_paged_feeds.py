"""A host's feed in pages (RFC 5005): an import has all of it, or nothing."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from ipaddress import ip_network

import pytest
from archives import built, episode_text, feedbuilder, tree, write_archive
from lxml import etree
from online_server import Server, Turn, answer

from feedbuilder import read_config
from feedbuilder.errors import RefusedError, UsageError
from feedbuilder.online import pages as online_pages
from feedbuilder.online.addresses import Reach
from feedbuilder.online.faults import WebFaultError
from feedbuilder.online.patience import Patience
from feedbuilder.source.host_feed import read_host_feed
from feedbuilder.source.host_feed.pages import Pages
from feedbuilder.takeover import Source, import_feed
from feedbuilder.whole_feed import fetch_feed

REACH = Reach(allow=(ip_network("127.0.0.0/8"),), tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
AT_ONCE = Patience(sleep=lambda _: None, chance=lambda: 1.0)


def item(number: int, guid: str | None = None, title: str | None = None, audio: str | None = None) -> str:
    return (
        f"<item><title>{title or f'Subject {number}'}</title>"
        f'<guid isPermaLink="false">{guid or f"guid-{number}"}</guid>'
        f"<pubDate>{number:02} Jan 2024 06:00:00 GMT</pubDate>"
        f'<enclosure url="{audio or f"https://host.example/{number}.mp3"}" length="1000" type="audio/mpeg"/></item>'
    )


def page(items: Sequence[int | str], links: str = "", encoding: str = "utf-8") -> bytes:
    written = "".join(one if isinstance(one, str) else item(one) for one in items)
    return f"""<?xml version="1.0" encoding="{encoding}"?>
    <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Köln</title>
    <link>https://show.example/</link><description>x</description>{links}{written}</channel></rss>""".encode(encoding)


def link(relation: str, href: str) -> str:
    return f'<atom:link rel="{relation}" href="{href}"/>'


def chain(*contents: Sequence[int | str], relation: str = "next") -> dict[str, Turn]:
    """Return a feed of pages, each with a link to the one after it."""
    paths = ["/feed", *(f"/feed?page={number}" for number in range(2, len(contents) + 1))]
    following = [link(relation, path) for path in paths[1:]] + [""]
    return {
        path: answer(body=page(items, links + link("first", "/feed")))
        for path, items, links in zip(paths, contents, following, strict=True)
    }


def fetched(scripts: dict[str, Turn]) -> Source:
    with Server(scripts) as server:
        return fetch_feed(server.url("/feed"), REACH, AT_ONCE)


def guids(content: bytes) -> list[str | None]:
    return [found.guid for found in read_host_feed(content, "host-feed.xml")[0].items]


def archive(folder, *numbers):
    texts = {f"e{n}.md": episode_text(guid=None, title=f"Subject {n}", dateadded=f"2024-01-{n:02}") for n in numbers}
    return write_archive(folder, texts)


@pytest.mark.parametrize("relation", ["next", "prev-archive"])
def test_episodes_of_all_pages_keep_their_guids_and_the_first_build_has_all_to_compare_with(relation, tmp_path):
    config = archive(tmp_path, 1, 2, 3)
    source = fetched(chain([3], [2], [1], relation=relation))
    found = import_feed(read_config(config), source)
    assert (source.pages, found.taken.guids, found.problems) == (3, 3, ())
    built(config, tmp_path / "out")
    feed = etree.parse(tmp_path / "out/feed.xml")
    assert {one.text for one in feed.iter("guid")} == {"guid-1", "guid-2", "guid-3"}


def test_an_episode_of_an_older_page_cannot_leave_the_feed_unseen(tmp_path):
    config = archive(tmp_path, 2, 3)
    import_feed(read_config(config), fetched(chain([3, 2], ["<item><title>Only there</title><guid>o</guid></item>"])))
    with pytest.raises(RefusedError, match="Only there"):
        built(config, tmp_path / "out")


def test_what_is_kept_of_a_feed_in_pages_is_whole_and_can_be_imported_again(tmp_path):
    config = archive(tmp_path, 1, 2)
    import_feed(read_config(config), fetched(chain([2], [1])))
    before = tree(tmp_path)
    kept = before["host-feed.xml"]
    assert b"page=2" not in kept
    assert feedbuilder("import", "-c", config).returncode == 0
    assert tree(tmp_path) == before


def test_a_feed_on_one_page_is_kept_byte_for_byte():
    content = page([1], link("self", "https://host.example/feed") + link("next", "https://host.example/feed"))
    assert fetched({"/feed": answer(body=content)}).content == content


def test_pages_in_different_encodings_with_faults_and_other_prefixes_come_together():
    second = page([], "", "windows-1252").replace(b"</channel>", b"&nbsp;" + item(1).encode() + b"</channel>")
    third = page([2]).replace(b"<enclosure", b'<i:duration xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd">90')
    third = third.replace(b'90 url="', b'90</i:duration><enclosure url="')
    pages = Pages("host-feed.xml")
    assert (
        pages.add(page([3], link("next", "?page=2")), "https://host.example/feed") == "https://host.example/feed?page=2"
    )
    assert pages.add(
        second.replace(b"<description>", link("next", "?page=3").encode() + b"<description>"),
        "https://host.example/feed?page=2",
    )
    assert pages.add(third, "https://host.example/feed?page=3") is None
    content, problems = pages.joined()
    feed, _ = read_host_feed(content, "host-feed.xml")
    assert [(one.guid, one.duration_ms) for one in feed.items] == [
        ("guid-3", None),
        ("guid-1", None),
        ("guid-2", 90_000),
    ]
    assert any(fault.message.startswith("page 2, line ") for fault in problems)


def test_an_item_that_moved_to_the_next_page_meanwhile_is_there_once_and_two_with_one_guid_are_both_there():
    source = fetched(chain([3, 2], [2, item(9, guid="guid-3")]))
    assert guids(source.content) == ["guid-3", "guid-2", "guid-3"]
    assert source.problems == ()


def test_an_older_version_of_an_item_in_an_archived_page_does_not_come_back():
    older = item(2, title="An older title", audio="https://host.example/2.mp3")
    source = fetched(chain([3, 2], [older, 1], relation="prev-archive"))
    assert guids(source.content) == ["guid-3", "guid-2", "guid-1"]


@pytest.mark.parametrize(
    ("scripts", "is_told"),
    [
        ({"/feed": page([2], link("next", "/2")), "/2": page([1], link("next", "/feed"))}, True),
        ({"/feed": page([2], link("next", "/2")), "/2": page([2], link("next", "/3")), "/3": page([2])}, True),
        ({"/feed": page([2, 1], link("next", "/2")), "/2": page([], link("next", "/3"))}, False),
    ],
    ids=["a loop", "a host that gives one page for all", "an empty last page"],
)
def test_pages_come_to_an_end(scripts, is_told):
    with Server({path: answer(body=body) for path, body in scripts.items()}) as server:
        source = fetch_feed(server.url("/feed"), REACH, AT_ONCE)
        assert len(server.requests) == 2
    assert ("taken to end there" in " ".join(fault.message for fault in source.problems)) == is_told
    assert guids(source.content) in (["guid-2", "guid-1"], ["guid-2"])


def test_a_feed_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr(online_pages, "MAX_PAGES", 3)
    with pytest.raises(WebFaultError, match="goes on after 3 pages"):
        fetched(chain([5], [4], [3], [2]))


@pytest.mark.parametrize(
    ("second", "error", "told"),
    [
        (answer(404), WebFaultError, "page 2 of the feed, without which .* answers 404"),
        (answer(body=page([1])[:-40]), UsageError, "^page 2 of http://.*/feed cannot be used: the feed stops"),
        (answer(body=b"<html>Login</html>"), UsageError, "^page 2 of .* this is a web page"),
        (answer(body=b"<rss><nothing/></rss>"), UsageError, "^page 2 of .* no <channel>"),
    ],
)
def test_a_page_that_cannot_be_had_stops_the_import_with_its_number(second, error, told):
    scripts = {**chain([2], [1]), "/feed?page=2": second}
    with pytest.raises(error, match=told):
        fetched(scripts)


def test_a_web_page_at_the_feeds_address_is_told_of_that_address_and_of_no_file():
    with pytest.raises(UsageError, match=r"^http://.*/feed cannot be used: this is a web page") as refused:
        fetched({"/feed": answer(body=b"<html>Login</html>")})
    assert refused.value.problems == ()


def test_a_page_at_an_address_inside_is_not_asked_for():
    inside = page([2], link("next", "http://169.254.169.254/latest"))
    with pytest.raises(WebFaultError, match=r"page 2 .* link-local"):
        fetched({"/feed": answer(body=inside)})


def test_a_page_is_asked_for_over_https_where_the_feed_was():
    following = Pages("host-feed.xml").add(page([1], link("next", "http://host.example/2#a")), "https://host.example/1")
    assert following == "https://host.example/2"


def test_a_file_with_one_page_is_refused_before_anything_is_taken_over(tmp_path):
    archive(tmp_path, 1, 2)
    own = "https://host.example/feed"
    (tmp_path / "page.xml").write_bytes(page([2], link("self", own) + "\n" + link("next", own + "?page=2")))
    before = tree(tmp_path)
    run = feedbuilder("import", "page.xml", cwd=tmp_path)
    assert run.returncode == 2
    assert f"page.xml:4: this is one page of the feed only; older episodes are at {own}?page=2" in run.stderr
    assert f"feedbuilder import {own}" in run.stderr
    assert tree(tmp_path) == before
