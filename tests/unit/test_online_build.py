"""`build --online`: what servers say of the audio comes into the feed and the ledger; without it, nothing is asked."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from archives import built, config_text, episode_text, tree, write_archive
from lxml import etree
from online_server import Request, Server, answer

from feedbuilder.online.addresses import Reach

LOCAL = Reach(allow=(ip_network("127.0.0.0/8"),))


def audio(length: int, etag: str = '"one"', mime_type: str = "audio/mpeg"):
    """Answer as a file server does, and that nothing is new to whoever knows it."""

    def turn(request: Request, connection) -> bool | None:
        if request.headers.get("if-none-match") == etag:
            return answer(304, headers={"ETag": etag})(request, connection)
        return answer(headers={"Content-Type": mime_type, "ETag": etag}, length=length)(request, connection)

    return turn


def enclosures(out) -> dict[str, tuple[str, str, str]]:
    feed = etree.parse(out / "feed.xml")
    return {
        item.findtext("title"): tuple(item.find("enclosure").get(name) for name in ("url", "length", "type"))
        for item in feed.iter("item")
        if item.find("enclosure") is not None
    }


def test_a_declared_address_gets_its_length_and_later_builds_need_no_network(tmp_path):
    with Server({"/a.mp3": audio(123_456)}) as server:
        url = server.url("/a.mp3")
        config = write_archive(tmp_path, {"a.md": episode_text(title="A", audio=url)})
        built(config, tmp_path / "out", online=LOCAL)
        assert server.asked("/a.mp3")
    assert enclosures(tmp_path / "out") == {"A": (url, "123456", "audio/mpeg")}
    before = tree(tmp_path / "out")
    report = built(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before
    assert "audio-length" not in {fault.code for fault in report.problems}


def test_the_pattern_is_believed_only_where_a_server_knew_it(tmp_path):
    with Server({"/a.mp3": audio(1_000_000)}) as server:
        pattern = server.url("/{slug}.mp3").replace("%7B", "{").replace("%7D", "}")
        files = {"a.md": episode_text(title="A", guid="a"), "b.md": episode_text(title="B", guid="b")}
        config = write_archive(tmp_path, files, config_text(audio={"episode_url": pattern}))
        built(config, tmp_path / "out")
        assert (enclosures(tmp_path / "out"), server.requests) == ({}, [])
        report = built(config, tmp_path / "out", online=LOCAL)
        assert enclosures(tmp_path / "out") == {"A": (server.url("/a.mp3"), "1000000", "audio/mpeg")}
    told = {fault.place.path: fault for fault in report.problems if fault.code == "audio-not-online"}
    assert list(told) == ["episodes/b.md"]
    assert told["episodes/b.md"].remedy


def test_what_was_known_stays_when_the_server_fails_later(tmp_path):
    with Server({"/a.mp3": [audio(1_000_000), answer(404)]}) as server:
        config = write_archive(tmp_path, {"a.md": episode_text(title="A", audio=server.url("/a.mp3"))})
        built(config, tmp_path / "out", online=LOCAL)
        before = tree(tmp_path / "out")
        report = built(config, tmp_path / "out", online=LOCAL)
    assert tree(tmp_path / "out") == before
    assert "audio-not-online" in {fault.code for fault in report.problems}


def test_a_file_that_did_not_change_is_not_asked_for_whole_again_and_one_that_did_is_noticed(tmp_path):
    with Server({"/a.mp3": [audio(1_000_000), audio(1_000_000), audio(2_000_000, '"two"')]}) as server:
        config = write_archive(tmp_path, {"a.md": episode_text(title="A", audio=server.url("/a.mp3"))})
        for length in ("1000000", "1000000", "2000000"):
            built(config, tmp_path / "out", online=LOCAL)
            assert enclosures(tmp_path / "out")["A"][1] == length
        assert [request.headers.get("if-none-match") for request in server.requests] == [None, '"one"', '"one"']


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/a.mp3", "http://[::1]/a.mp3", "http://169.254.169.254/a.mp3"])
def test_an_archive_cannot_make_a_build_ask_addresses_of_the_inside(url, tmp_path):
    config = write_archive(tmp_path, {"a.md": episode_text(title="A", audio=url)})
    report = built(config, tmp_path / "out", online=Reach())
    assert "audio-not-online" in {fault.code for fault in report.problems}
    assert enclosures(tmp_path / "out")["A"][1] == "0"
