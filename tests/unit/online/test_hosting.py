"""Servers are asked as planned, politely, and whatever they do becomes a value."""

from __future__ import annotations

import hashlib

import pytest
from online_server import Server, answer, by_method, raw, reset, silent

from feedbuilder.online.addresses import Reach
from feedbuilder.online.faults import FaultKind, Obstacle, WebFault
from feedbuilder.online.hosting import ask_servers
from feedbuilder.online.patience import Patience
from feedbuilder.online.questions import ORIGIN, Ask, Heard, Question, Reply

HEAD, WHOLE, RANGE, AGAIN = Question


def heard(server: Server, reach: Reach, patience: Patience, *questions: Question, **options: bool) -> Heard:
    url = server.url("/file")
    return ask_servers([Ask(url=url, questions=questions, **options)], reach=reach, patience=patience)[url]


def reply(given: Reply | WebFault) -> Reply:
    assert isinstance(given, Reply), given
    return given


def fault(given: Reply | WebFault) -> WebFault:
    assert isinstance(given, WebFault), given
    return given


def test_a_whole_file_is_known_by_its_hash_and_kept_only_when_wanted(local: Reach, patience: Patience):
    with Server({"/file": answer(body=b"words")}) as server:
        whole = reply(heard(server, local, patience, WHOLE)[WHOLE])
        kept = reply(heard(server, local, patience, WHOLE, keeps_body=True)[WHOLE])
    assert (whole.status, whole.length_bytes, whole.sha256) == (200, 5, hashlib.sha256(b"words").hexdigest())
    assert (whole.body, kept.body) == (None, b"words")


def test_only_the_first_bytes_of_audio_are_asked_for(local: Reach, patience: Patience):
    with Server({"/file": answer(206, body=b"ID", headers={"Content-Range": "bytes 0-1/9"})}) as server:
        part = reply(heard(server, local, patience, HEAD, RANGE)[RANGE])
    assert part.headers["content-range"] == "bytes 0-1/9"
    assert [request.method for request in server.requests] == ["HEAD", "GET"]
    assert server.requests[1].headers["range"] == "bytes=0-1"
    assert server.requests[1].headers["accept-encoding"] == "identity"


def test_a_text_is_asked_for_as_a_page_of_another_site_would(local: Reach, patience: Patience):
    with Server({"/file": answer(body=b"x")}) as server:
        heard(server, local, patience, WHOLE, as_web_player=True)
        heard(server, local, patience, WHOLE)
    assert [request.headers.get("origin") for request in server.requests] == [ORIGIN, None]


def test_what_the_first_answer_gave_is_sent_with_the_second(local: Reach, patience: Patience):
    headers = {"ETag": '"1"', "Last-Modified": "Mon, 30 Dec 2024 06:00:00 GMT"}
    with Server({"/file": [answer(body=b"x", headers=headers), answer(304)]}) as server:
        found = heard(server, local, patience, WHOLE, AGAIN)
    assert reply(found[AGAIN]).status == 304
    assert server.requests[1].headers["if-none-match"] == '"1"'
    assert server.requests[1].headers["if-modified-since"] == headers["Last-Modified"]


def test_nothing_is_asked_again_where_nothing_was_given_to_ask_with(local: Reach, patience: Patience):
    with Server({"/file": answer(body=b"x")}) as server:
        assert AGAIN not in heard(server, local, patience, WHOLE, AGAIN)
    assert len(server.requests) == 1


def test_redirects_are_remembered_with_their_status(local: Reach, patience: Patience):
    with Server(
        {
            "/file": answer(301, headers={"Location": "/b"}),
            "/b": answer(302, headers={"Location": "/c"}),
            "/c": answer(body=b"x"),
        }
    ) as server:
        head = reply(heard(server, local, patience, HEAD)[HEAD])
    assert [(step.status, step.target) for step in head.redirects] == [(301, server.url("/b")), (302, server.url("/c"))]
    assert head.url == server.url("/c")


@pytest.mark.parametrize("location", ["/file", "http://10.0.0.1/", "ftp://a.example/"])
def test_redirects_that_lead_astray_are_told_as_such(local: Reach, patience: Patience, location: str):
    with Server({"/file": answer(302, headers={"Location": location})}) as server:
        given = fault(heard(server, local, patience, HEAD)[HEAD])
    assert given.obstacle is Obstacle.REDIRECTS or given.kind is FaultKind.FORBIDDEN_ADDRESS


def test_a_server_that_hangs_up_on_head_is_still_asked_by_get(local: Reach, patience: Patience):
    with Server({"/file": by_method(reset, answer(body=b"x"))}) as server:
        found = heard(server, local, patience, HEAD, WHOLE)
    assert fault(found[HEAD]).kind is FaultKind.BAD_ANSWER
    assert reply(found[WHOLE]).status == 200


@pytest.mark.parametrize("status", [403, 404, 405, 410, 416])
def test_a_refusal_is_an_answer(local: Reach, patience: Patience, status: int):
    with Server({"/file": answer(status, body=b"no")}) as server:
        found = heard(server, local, patience, HEAD, WHOLE)
    assert [reply(given).status for given in found.values()] == [status, status]


def test_a_server_in_trouble_is_asked_once_more(local: Reach, patience: Patience, pauses: list[float]):
    with Server({"/file": [answer(500), answer(body=b"x")]}) as server:
        assert reply(heard(server, local, patience, WHOLE)[WHOLE]).status == 200
    assert len(pauses) == 1
    assert len(server.requests) == 2


def test_a_busy_server_is_left_alone(local: Reach, patience: Patience):
    with Server({"/file": answer(429, headers={"Retry-After": "3600"})}) as server:
        found = heard(server, local, patience, HEAD, WHOLE)
    assert {fault(given).kind for given in found.values()} == {FaultKind.BUSY}
    assert len(server.requests) == 1


def test_a_packed_answer_that_is_damaged_is_a_fault(local: Reach, patience: Patience):
    with Server({"/file": answer(body=b"no gzip", headers={"Content-Encoding": "gzip"})}) as server:
        given = fault(heard(server, local, patience, WHOLE, keeps_body=True)[WHOLE])
    assert given.kind is FaultKind.BAD_ANSWER


def test_an_answer_that_breaks_off_is_a_fault(local: Reach, patience: Patience):
    with Server({"/file": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")}) as server:
        assert fault(heard(server, local, patience, WHOLE)[WHOLE]).kind is FaultKind.BAD_ANSWER


def test_a_server_that_never_answers_costs_no_more_than_its_time(local: Reach):
    with Server({"/file": silent}) as server:
        url = server.url("/file")
        asks = [Ask(url=url, questions=(HEAD, WHOLE))]
        patience = Patience(attempts=1)
        found = ask_servers(asks, reach=local, patience=patience, each_deadline_s=0.2, total_deadline_s=5)[url]
    assert {fault(given).kind for given in found.values()} == {FaultKind.TOO_SLOW}


def test_what_there_is_no_time_for_is_not_asked(local: Reach, patience: Patience):
    with Server({}) as server:
        url = server.url("/file")
        asks = [Ask(url=url, questions=(HEAD, WHOLE))]
        found = ask_servers(asks, reach=local, patience=patience, total_deadline_s=0)[url]
    assert [fault(given).kind for given in found.values()] == [FaultKind.NOT_ASKED]
    assert server.requests == []


def test_what_is_no_public_web_address_is_not_asked(patience: Patience):
    urls = ["https://user:key@a.example/x", "ftp://a.example/x", "http://127.0.0.1/x", "/x", ""]
    found = ask_servers([Ask(url=url, questions=(HEAD, WHOLE)) for url in urls], patience=patience)
    assert [fault(found[url][HEAD]).kind for url in urls] == [FaultKind.FORBIDDEN_ADDRESS] * len(urls)


def test_a_host_is_asked_no_more_than_four_things_at_once(local: Reach, patience: Patience):
    def slow(request: object, connection: object) -> None:
        import time

        time.sleep(0.02)
        answer(body=b"x")(request, connection)  # type: ignore[arg-type]

    paths = [f"/{number}" for number in range(24)]
    with Server(dict.fromkeys(paths, slow)) as server:
        asks = [Ask(url=server.url(path), questions=(HEAD, WHOLE)) for path in paths]
        found = ask_servers(asks, reach=local, patience=patience)
    assert list(found) == [ask.url for ask in asks]
    assert 1 < server.most_at_once <= 4


def test_nobody_listening_a_name_that_is_unknown_and_tls_are_told_apart(local: Reach, patience: Patience):
    with Server({}, greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        url = f"https://127.0.0.1:{server.port}/"
        tls = ask_servers([Ask(url=url, questions=(HEAD,))], reach=local, patience=patience)[url]
    gone = ask_servers([Ask(url=url, questions=(HEAD,))], reach=local, patience=patience)[url]

    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    named = "https://podcast.invalid/"
    unknown = ask_servers([Ask(url=named, questions=(HEAD,))], reach=Reach(resolve=nowhere), patience=patience)[named]
    obstacles = [fault(given[HEAD]).obstacle for given in (tls, gone, unknown)]
    assert obstacles == [Obstacle.TLS, Obstacle.CONNECTION, Obstacle.NAME]
