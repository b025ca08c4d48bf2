"""Fetching the host's feed from servers that misbehave."""

from __future__ import annotations

import gzip
import re
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from online_server import (
    Server,
    Turn,
    answer,
    chunked,
    drip,
    endless,
    raw,
    reset,
    silent,
    then,
)

import feedbuilder
from feedbuilder.errors import FeedbuilderError
from feedbuilder.online.addresses import Reach
from feedbuilder.online.faults import FaultKind, WebFaultError
from feedbuilder.online.fetch import Document, NotModified, fetch_document
from feedbuilder.online.patience import Patience

FEED = b"<rss>" + b"x" * 2000 + b"</rss>"
LOOPBACK = (ip_network("127.0.0.0/8"),)
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"

Fetch = Callable[..., Document | NotModified]


@pytest.fixture
def fetch(local: Reach, patience: Patience) -> Fetch:
    def fetch(url: str, **changes: Any) -> Document | NotModified:
        wanted = {"limit_bytes": 100_000, "deadline_s": 20.0, "reach": local, "patience": patience, **changes}
        return fetch_document(url, **wanted)

    return fetch


def refused(fetch: Fetch, turns: Turn | list[Turn], **changes: Any) -> WebFaultError:
    with Server({"/feed": turns}) as server, pytest.raises(WebFaultError) as caught:
        fetch(server.url("/feed"), **changes)
    return caught.value


def fetched(fetch: Fetch, turns: Turn | list[Turn], **changes: Any) -> Document:
    with Server({"/feed": turns}) as server:
        found = fetch(server.url("/feed"), **changes)
    assert isinstance(found, Document)
    return found


def test_a_feed_comes_whole_with_what_the_server_says_of_it(fetch: Fetch) -> None:
    said = {"Content-Type": "application/rss+xml", "ETag": '"v1"', "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
    with Server({"/feed": answer(body=FEED, headers=said)}) as server:
        url = server.url("/feed")
        found = fetch(url)
    assert found == Document(
        body=FEED,
        final_url=url,
        content_type="application/rss+xml",
        etag='"v1"',
        last_modified="Mon, 02 Nov 2026 10:00:00 GMT",
    )
    assert server.requests[0].headers["user-agent"] == f"feedbuilder/{feedbuilder.__version__}"
    assert server.requests[0].headers["accept-encoding"] == "gzip"
    assert server.requests[0].headers["connection"] == "close"
    assert server.requests[0].headers["host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("end", ["length", "chunks", "closing"])
def test_a_feed_is_whole_however_its_end_is_marked(fetch: Fetch, end: str) -> None:
    turns = {
        "length": answer(body=FEED),
        "chunks": raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", chunked([FEED[:7], FEED[7:]])),
        "closing": raw(HEAD, b"\r\n", FEED),
    }
    assert fetched(fetch, turns[end]).body == FEED


def test_an_unchanged_feed_is_not_sent_again(fetch: Fetch) -> None:
    with Server({"/feed": answer(304, length=None)}) as server:
        found = fetch(server.url("/feed"), etag='W/"v1"', last_modified="Mon, 02 Nov 2026 10:00:00 GMT")
    assert found == NotModified(etag='W/"v1"')
    assert server.requests[0].headers["if-none-match"] == 'W/"v1"'
    assert server.requests[0].headers["if-modified-since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


def test_a_304_that_nobody_asked_for_is_a_fault(fetch: Fetch) -> None:
    assert refused(fetch, answer(304, length=None)).fault.kind is FaultKind.BAD_ANSWER


def test_an_etag_that_no_header_can_hold_is_not_sent(fetch: Fetch) -> None:
    with Server({"/feed": answer(body=FEED)}) as server:
        fetch(server.url("/feed"), etag='"v1"\r\nHost: evil.example')
    assert "if-none-match" not in server.requests[0].headers


# size


@pytest.mark.parametrize(
    "turn",
    [
        endless(b"x" * 4096, HEAD + b"\r\n"),
        endless(chunked([b"x" * 4096], end=False), HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
        answer(body=b"x" * 100_001),
        answer(body=gzip.compress(b"x" * 50_000_000, mtime=0), headers={"Content-Encoding": "gzip"}),
        # packed empty members: nothing comes out, however much goes in
        endless(gzip.compress(b"", mtime=0) * 100, HEAD + b"Content-Encoding: gzip\r\n\r\n"),
    ],
    ids=["endless", "endless chunks", "large", "gzip bomb", "gzip of nothing"],
)
def test_a_body_larger_than_the_limit_is_given_up_at_the_limit(fetch: Fetch, turn: Turn) -> None:
    error = refused(fetch, turn)
    assert error.fault.kind is FaultKind.BAD_ANSWER
    assert "is larger than 100,000 bytes" in error.fault.message


def test_a_gzip_bomb_does_not_even_pass_through_memory(fetch: Fetch) -> None:
    bomb = answer(body=gzip.compress(b"x" * 50_000_000, mtime=0), headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        refused(fetch, bomb)
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most_bytes < 10_000_000


def test_a_body_of_exactly_the_limit_is_taken(fetch: Fetch) -> None:
    assert len(fetched(fetch, answer(body=b"x" * 100_000)).body) == 100_000
    packed = answer(body=gzip.compress(b"x" * 100_000, mtime=0), headers={"Content-Encoding": "gzip"})
    assert len(fetched(fetch, packed).body) == 100_000


# gzip


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "GZIP"])
@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(FEED, mtime=0),
        gzip.compress(FEED[:9], mtime=0) + gzip.compress(FEED[9:], mtime=0),
        gzip.compress(FEED, mtime=0) + bytes(64),
    ],
    ids=["one member", "two members", "padded"],
)
def test_a_packed_feed_is_unpacked(fetch: Fetch, name: str, packed: bytes) -> None:
    one_byte_each = chunked([bytes([byte]) for byte in packed])
    for turn in (
        answer(body=packed, headers={"Content-Encoding": name}),
        raw(HEAD, f"Content-Encoding: {name}\r\nTransfer-Encoding: chunked\r\n\r\n".encode(), one_byte_each),
    ):
        assert fetched(fetch, turn).body == FEED


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("gzip", gzip.compress(FEED, mtime=0)[:-9], "damaged gzip, or cut short"),
        ("gzip", gzip.compress(FEED, mtime=0)[:-4] + bytes(4), "damaged gzip, or cut short"),
        ("gzip", FEED, "damaged gzip, or cut short"),
        ("gzip", b"", "damaged gzip, or cut short"),
        ("deflate", zlib.compress(FEED), "packed as 'deflate', which was not asked for"),
        ("br", FEED, "packed as 'br', which was not asked for"),
        ("gzip, gzip", gzip.compress(gzip.compress(FEED, mtime=0), mtime=0), "which was not asked for"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_a_fault(fetch: Fetch, name: str, body: bytes, words: str) -> None:
    error = refused(fetch, answer(body=body, headers={"Content-Encoding": name}))
    assert error.fault.kind is FaultKind.BAD_ANSWER
    assert words in error.fault.message


# cut short


@pytest.mark.parametrize(
    "turn",
    [
        answer(body=FEED, length=len(FEED) + 1),
        raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", chunked([FEED], end=False)),
        raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"fff\r\n", FEED[:10]),
        raw(HEAD, b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", FEED),
        raw(HEAD, b"Content-Length: -5\r\n\r\n", FEED),
        raw(HEAD, b"Content-Length: five\r\n\r\n", FEED),
        then(raw(HEAD, b"Content-Length: 5000\r\n\r\n", FEED), reset),
        raw(HEAD),
        raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
        raw(b""),
        reset,
        raw(b"220 mail.example ESMTP\r\n"),
        raw(b"<rss></rss>"),
        answer(body=b""),
    ],
    ids=lambda turn: None,
)
def test_an_answer_that_is_not_whole_is_never_taken_for_a_feed(fetch: Fetch, pauses: list[float], turn: Turn) -> None:
    error = refused(fetch, turn)
    assert error.fault.kind is FaultKind.BAD_ANSWER
    assert pauses == [1.0, 2.0]


def test_what_a_server_sends_past_its_stated_length_is_not_part_of_the_feed(fetch: Fetch) -> None:
    assert fetched(fetch, answer(body=FEED + b"<!-- more -->", length=len(FEED))).body == FEED


def test_a_flood_of_headers_is_cut_off(fetch: Fetch) -> None:
    error = refused(fetch, endless(b"X-Flood: " + b"x" * 1000 + b"\r\n", HEAD))
    assert error.fault.kind is FaultKind.BAD_ANSWER


# time


@pytest.mark.parametrize(
    "turn",
    [
        silent,
        drip(b"X-Slow: loris\r\n"),
        then(raw(b"HTTP/1.1 200 OK\r\n"), drip(b"X-Slow: loris\r\n")),
        then(raw(b"HTTP/1.1 "), drip(b"2")),
        then(raw(HEAD, b"\r\n"), drip(b"x")),
        then(raw(HEAD, b"Content-Length: 90000\r\n\r\n"), drip(b"x")),
        then(raw(HEAD, b"Content-Length: 90000\r\n\r\n"), silent),
        then(raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\n"), drip(b"1\r\nx\r\n")),
        endless(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["silence", "no status", "headers", "status", "body", "body of a length", "stop", "chunks", "hints"],
)
def test_a_server_that_never_comes_to_an_end_is_given_up_at_the_deadline(fetch: Fetch, turn: Turn) -> None:
    assert refused(fetch, turn, deadline_s=0.3).fault.kind is FaultKind.TOO_SLOW


def test_a_resolver_that_never_answers_is_given_up_at_the_deadline(fetch: Fetch) -> None:
    over = threading.Event()

    def wait(host: str, port: int) -> list[str]:
        over.wait(5)
        return ["127.0.0.1"]

    with pytest.raises(WebFaultError) as caught:
        fetch("http://podcast.example:8080/", reach=Reach(resolve=wait), deadline_s=0.1)
    over.set()
    assert caught.value.fault.kind is FaultKind.TOO_SLOW


# status


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, FaultKind.NOT_ALLOWED, "does not give the feed to programs"),
        (403, FaultKind.NOT_ALLOWED, "does not give the feed to programs"),
        (404, FaultKind.NOT_THERE, "the feed is not there"),
        (410, FaultKind.NOT_THERE, "the feed was taken away for good"),
        (204, FaultKind.BAD_ANSWER, "answers 204 instead of the feed"),
        (206, FaultKind.BAD_ANSWER, "answers 206 instead of the feed"),
        (418, FaultKind.BAD_ANSWER, "answers 418 instead of the feed"),
        (501, FaultKind.SERVER_ERROR, "is in trouble"),
    ],
)
def test_a_refusal_is_explained(fetch: Fetch, status: int, kind: FaultKind, words: str) -> None:
    error = refused(fetch, answer(status, body=b"" if status == 204 else b"no"))
    assert error.fault.kind is kind
    assert words in error.fault.message
    assert error.fault.remedy
    assert isinstance(error, FeedbuilderError)


def test_what_will_not_pass_is_asked_once(fetch: Fetch, pauses: list[float]) -> None:
    with Server({"/feed": answer(404)}) as server, pytest.raises(WebFaultError):
        fetch(server.url("/feed"))
    assert server.asked("/feed") == ["GET"]
    assert pauses == []


def test_a_server_in_trouble_is_asked_again_after_longer_and_longer_pauses(fetch: Fetch, pauses: list[float]) -> None:
    turns = [answer(500), answer(500), answer(body=FEED)]
    assert fetched(fetch, turns).body == FEED
    assert pauses == [1.0, 2.0]


def test_a_broken_connection_is_made_again(fetch: Fetch) -> None:
    turns = [then(raw(HEAD, b"Content-Length: 9000\r\n\r\n", FEED), reset), answer(body=FEED)]
    assert fetched(fetch, turns).body == FEED


def test_a_pause_lasts_between_half_and_all_of_its_time() -> None:
    assert Patience(chance=lambda: 0.0).pause_s(2) == 2.0
    assert Patience(chance=lambda: 1.0).pause_s(2) == 4.0


@pytest.mark.parametrize(
    "said",
    [
        {"Retry-After": "7"},
        {"Retry-After": "Mon, 02 Nov 2026 10:00:07 GMT", "Date": "Mon, 02 Nov 2026 10:00:00 GMT"},
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(
    fetch: Fetch, pauses: list[float], status: int, said: dict[str, str]
) -> None:
    assert fetched(fetch, [answer(status, headers=said), answer(body=FEED)]).body == FEED
    assert [round(pause_s) for pause_s in pauses] == [7]


@pytest.mark.parametrize("said", ["soon", "", "-5", "Mon, 02 Nov 2026 10:00:07 GMT", "٣"])
def test_a_busy_server_that_does_not_say_when_is_asked_after_the_usual_pause(
    fetch: Fetch, pauses: list[float], said: str
) -> None:
    head = f"HTTP/1.1 429 Slow down\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n".encode()
    assert fetched(fetch, [raw(head), answer(body=FEED)]).body == FEED
    assert pauses == [1.0]


@pytest.mark.parametrize("wait", ["31", "99999999999999999999999"])
def test_a_server_that_wants_to_be_left_alone_for_long_is_left_alone(
    fetch: Fetch, pauses: list[float], wait: str
) -> None:
    error = refused(fetch, answer(429, headers={"Retry-After": wait}), deadline_s=500.0)
    assert error.fault.kind is FaultKind.BUSY
    assert re.search(r"busy and asks to come back in \d+ seconds", error.fault.message)
    assert pauses == []


def test_nobody_waits_past_the_deadline(fetch: Fetch, pauses: list[float]) -> None:
    assert refused(fetch, answer(429, headers={"Retry-After": "9"}), deadline_s=5.0).fault.kind is FaultKind.BUSY
    assert refused(fetch, answer(500), deadline_s=0.9).fault.kind is FaultKind.SERVER_ERROR
    assert pauses == []


# redirects


def to(location: str, status: int = 302) -> Turn:
    return raw(f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(fetch: Fetch, status: int) -> None:
    with Server({"/feed": to("new?x=ä b", status), "/new?x=%C3%A4%20b": answer(body=FEED)}) as server:
        found = fetch(server.url("/feed"))
    assert isinstance(found, Document)
    assert (found.body, found.final_url) == (FEED, server.url("/new?x=%C3%A4%20b"))


def test_five_redirects_are_followed_and_a_sixth_is_not(fetch: Fetch) -> None:
    steps: dict[str, Turn] = {f"/{step}": to(f"/{step + 1}") for step in range(6)}
    with Server({**steps, "/6": answer(body=FEED)}) as server:
        assert isinstance(fetch(server.url("/1")), Document)
        with pytest.raises(WebFaultError, match="redirects more than 5 times"):
            fetch(server.url("/0"))
        assert server.asked("/6") == ["GET"]


def test_a_circle_of_redirects_ends(fetch: Fetch) -> None:
    error = refused(fetch, to("/feed"))
    assert "redirects more than 5 times" in error.fault.message
    assert error.fault.kind is FaultKind.BAD_ANSWER


@pytest.mark.parametrize("turn", [to(""), answer(302)])
def test_a_redirect_to_nowhere_is_a_fault(fetch: Fetch, turn: Turn) -> None:
    assert "redirects without saying where to" in refused(fetch, turn).fault.message


@pytest.mark.parametrize(
    "location",
    [
        *("http://169.254.169.254/latest/meta-data/", "http://[::1]:8080/", "http://10.0.0.1:8080/", "//192.168.0.1/"),
        *("file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "http://0x7f.1/", "http://2130706433/", "http://0/"),
        *("http://[::ffff:10.0.0.1]/", "http://user:secret@127.0.0.1:8080/", "http://127.0.0.1:25/"),
    ],
)
def test_a_redirect_leads_nowhere_but_to_the_public_web(fetch: Fetch, location: str) -> None:
    error = refused(fetch, to(location))
    assert error.fault.kind is FaultKind.FORBIDDEN_ADDRESS
    assert "secret" not in str(error)


def test_a_redirect_to_this_machine_is_refused_by_the_defaults(fetch: Fetch) -> None:
    """The first server counts as public here; the one it leads to is reached by a name."""
    with (
        Server({"/inside": answer(body=FEED)}) as inside,
        Server({"/feed": to(inside.url("/inside", "a.b"))}) as server,
    ):
        reach = Reach(allow=LOOPBACK, resolve=lambda host, port: ["127.0.0.1", "::1"])
        with pytest.raises(WebFaultError, match="leads to ::1, this machine itself"):
            fetch(server.url("/feed"), reach=reach)
    assert inside.requests == []


# names


def test_the_defaults_do_not_reach_this_machine(patience: Patience) -> None:
    with Server({"/feed": answer(body=FEED)}) as server:
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(WebFaultError, match="this machine itself"):
                fetch_document(server.url("/feed", host), limit_bytes=9999, deadline_s=5, patience=patience)
    assert server.connections == 0


def test_a_name_that_changes_its_mind_is_resolved_once_a_connection(fetch: Fetch) -> None:
    """DNS rebinding: the second answer, a private address, comes too late to be used."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    reach = Reach(allow=LOOPBACK, resolve=resolve)
    with Server({"/feed": answer(body=FEED), "/away": to("/feed")}) as server:
        found = fetch(server.url("/feed", "podcast.example"), reach=reach)
        assert isinstance(found, Document)
        assert asked == ["podcast.example"]
        assert server.requests[0].headers["host"] == f"podcast.example:{server.port}"
        asked.clear()
        with pytest.raises(WebFaultError, match=r"leads to 10\.0\.0\.1, a private address"):
            fetch(server.url("/away", "podcast.example"), reach=reach)
    assert server.asked("/feed") == ["GET"]


def test_the_next_address_is_tried_when_nobody_listens_at_the_first(fetch: Fetch) -> None:
    reach = Reach(allow=LOOPBACK, resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    with Server({"/feed": answer(body=FEED)}) as server:
        assert isinstance(fetch(server.url("/feed", "podcast.example"), reach=reach), Document)


def test_a_port_where_nobody_listens_is_unreachable(fetch: Fetch, pauses: list[float]) -> None:
    with Server({}) as server:
        pass
    with pytest.raises(
        WebFaultError, match=rf"no connection to 127\.0\.0\.1 on port {server.port}: Connection refused"
    ):
        fetch(server.url("/feed"))
    assert pauses == [1.0, 2.0]
