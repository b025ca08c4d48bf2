"""Asking servers that misbehave about audio."""

from __future__ import annotations

import threading
from ipaddress import ip_network
from typing import Any

import pytest
from online_server import Request, Server, Turn, answer, by_method, chunked, drip, endless, raw, reset, silent, then

from feedbuilder.online.addresses import Reach
from feedbuilder.online.audio import AudioFound, ask_audio
from feedbuilder.online.audio_answer import RemoteAudio
from feedbuilder.online.faults import FaultKind, WebFault
from feedbuilder.online.fetch import NotModified
from feedbuilder.online.patience import Patience

LENGTH = 54_321_000
MP3 = {"Content-Type": "audio/mpeg", "ETag": '"v1"'}
HTML = {"Content-Type": "text/html; charset=utf-8"}

whole = answer(headers=MP3, length=LENGTH)  # to HEAD; to GET it would be a lie
no_head = answer(405)


def part(content_range: str = f"bytes 0-0/{LENGTH}", headers: dict[str, str] = MP3) -> Turn:
    return answer(206, body=b"I", headers={**headers, "Content-Range": content_range})


def ignoring_range(headers: dict[str, str] = MP3) -> Turn:
    """Begin to send the whole file."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 200 OK\r\n{lines}Content-Length: {LENGTH}\r\n\r\n".encode()
    return endless(b"x" * 4096, head)


def ask(server: Server, *paths: str, reach: Reach, patience: Patience, **changes: Any) -> list[AudioFound]:
    urls = [(server.url(path), None) for path in paths]
    found = ask_audio(urls, reach=reach, patience=patience, **changes)
    assert list(found) == list(dict(urls))
    return list(found.values())


@pytest.fixture
def found(local: Reach, patience: Patience) -> Any:
    """Ask one server, whose only file follows a script."""

    def found(turns: Turn | list[Turn], path: str = "/1.mp3", **changes: Any) -> AudioFound:
        with Server({path: turns}) as server:
            return ask(server, path, reach=local, patience=patience, **changes)[0]

    return found


def test_head_is_enough_where_it_says_all(local: Reach, patience: Patience) -> None:
    with Server({"/1.mp3": whole}) as server:
        found = ask(server, "/1.mp3", reach=local, patience=patience)
    url = server.url("/1.mp3")
    assert found == [RemoteAudio(url=url, final_url=url, length_bytes=LENGTH, mime_type="audio/mpeg", etag='"v1"')]
    assert server.asked("/1.mp3") == ["HEAD"]
    assert server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "head",
    [
        answer(403),
        answer(404),
        answer(405),
        answer(500),
        answer(501),
        answer(headers=MP3, length=None),
        answer(headers=MP3, length=0),
        answer(headers=HTML, length=5000),
        answer(headers={**MP3, "Content-Encoding": "gzip"}, length=5000),
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        raw(b""),
        reset,
    ],
    ids=lambda turn: None,
)
@pytest.mark.parametrize("get", [part(), ignoring_range()], ids=["range", "range ignored"])
def test_where_head_says_too_little_the_first_byte_is_asked_for(
    local: Reach, patience: Patience, pauses: list[float], head: Turn, get: Turn
) -> None:
    with Server({"/1.mp3": by_method(head, get)}) as server:
        found = ask(server, "/1.mp3", reach=local, patience=patience)
    assert [(audio.length_bytes, audio.mime_type) for audio in found if isinstance(audio, RemoteAudio)] == [
        (LENGTH, "audio/mpeg")
    ]
    assert server.asked("/1.mp3") == ["HEAD", "GET"]
    assert server.requests[-1].headers["range"] == "bytes=0-0"
    assert pauses == []


def test_a_server_that_never_answers_head_is_asked_by_get(found: Any) -> None:
    audio = found(by_method(silent, part()), each_deadline_s=0.2)
    assert isinstance(audio, RemoteAudio)
    assert audio.length_bytes == LENGTH


@pytest.mark.parametrize(
    "get",
    [
        part("bytes 0-0/*"),
        raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n",
            chunked([b"x" * 100]),
        ),
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n", b"x" * 100),
        answer(headers={**MP3, "Content-Encoding": "gzip"}, body=b"x" * 100),
    ],
    ids=["unknown total", "chunked", "until it closes", "packed"],
)
def test_a_length_that_the_server_does_not_say_is_not_known(found: Any, get: Turn) -> None:
    audio = found(by_method(no_head, get))
    assert isinstance(audio, RemoteAudio)
    assert audio.length_bytes is None
    assert audio.mime_type == "audio/mpeg"


@pytest.mark.parametrize(
    ("get", "kind", "words"),
    [
        (answer(404), FaultKind.NOT_THERE, "the audio is not there"),
        (answer(410), FaultKind.NOT_THERE, "the audio was taken away for good"),
        (answer(403), FaultKind.NOT_ALLOWED, "does not give the audio to programs"),
        (answer(500), FaultKind.SERVER_ERROR, "is in trouble"),
        (answer(429), FaultKind.BUSY, "is busy"),
        (answer(204, length=None), FaultKind.BAD_ANSWER, "answers 204 instead of the audio"),
        (answer(headers=HTML, body=b"<h1>Not found</h1>"), FaultKind.NOT_AUDIO, "the server calls it text/html"),
        (part(headers=HTML), FaultKind.NOT_AUDIO, "the server calls it text/html"),
        (answer(headers={"Content-Type": "application/json"}, body=b"{}"), FaultKind.NOT_AUDIO, "application/json"),
        (answer(headers=MP3, length=0), FaultKind.BAD_ANSWER, "is empty"),
        (answer(416, headers={**MP3, "Content-Range": "bytes */0"}), FaultKind.BAD_ANSWER, "is empty"),
        (part("bytes 0-0"), FaultKind.BAD_ANSWER, "answers with a part of the file"),
        (part("pages 0-0/7"), FaultKind.BAD_ANSWER, "answers with a part of the file"),
        (part(f"bytes 0-0/{'9' * 40}"), FaultKind.BAD_ANSWER, "answers with a part of the file"),
        (answer(206, body=b"I", headers=MP3), FaultKind.BAD_ANSWER, "answers with a part of the file"),
        (answer(304, length=None), FaultKind.BAD_ANSWER, "answers 304 instead of the audio"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), FaultKind.BAD_ANSWER, "not whole"),
        (reset, FaultKind.BAD_ANSWER, "broke off"),
    ],
)
def test_what_get_says_is_what_counts(found: Any, get: Turn, kind: FaultKind, words: str) -> None:
    fault = found(by_method(no_head, get))
    assert isinstance(fault, WebFault)
    assert fault.kind is kind
    assert words in fault.message
    assert fault.remedy


@pytest.mark.parametrize(
    ("said", "path", "meant"),
    [
        ("audio/mpeg", "/1.mp3", "audio/mpeg"),
        ("Audio/MPEG; charset=binary", "/1.mp3", "audio/mpeg"),
        ("audio/mp3", "/1.mp3", "audio/mpeg"),
        ("audio/x-mpeg", "/1", "audio/mpeg"),
        ("audio/mp4", "/1.m4a", "audio/x-m4a"),
        ("audio/mp4", "/1", "audio/x-m4a"),
        ("application/ogg", "/1.opus", "audio/ogg"),
        ("video/mp4", "/1.mp4", "video/mp4"),
        ("audio/x-matroska", "/1.mka", "audio/x-matroska"),
        ("application/octet-stream", "/1.MP3", "audio/mpeg"),
        ("application/octet-stream", "/1.m4a?source=feed.mp3", "audio/x-m4a"),
        ("binary/octet-stream", "/Folge%201%2Emp3", "audio/mpeg"),
        ("text/plain", "/1.opus", "audio/ogg"),
        ("", "/1.mp3", "audio/mpeg"),
        ("application/octet-stream", "/play/1", None),
    ],
)
def test_a_type_is_given_in_the_word_that_feeds_use(found: Any, said: str, path: str, meant: str | None) -> None:
    audio = found(answer(headers={"Content-Type": said}, length=LENGTH), path)
    assert isinstance(audio, RemoteAudio)
    assert audio.mime_type == meant


def test_the_published_address_stays_whatever_it_redirects_to(local: Reach, patience: Patience) -> None:
    """Prefixes that count downloads redirect, and to another server every time."""
    with Server({"/real": answer(headers={"Content-Type": "application/octet-stream"}, length=LENGTH)}) as host:
        away = answer(302, headers={"Location": host.url("/real")})
        with Server({"/e/1.mp3": away}) as prefix:
            found = ask(prefix, "/e/1.mp3", reach=local, patience=patience)
        assert found == [
            RemoteAudio(
                url=prefix.url("/e/1.mp3"),
                final_url=host.url("/real"),
                length_bytes=LENGTH,
                mime_type="audio/mpeg",
                etag=None,
            )
        ]


def test_a_redirect_into_the_inner_network_is_a_fault(found: Any) -> None:
    fault = found(answer(302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}))
    assert isinstance(fault, WebFault)
    assert fault.kind is FaultKind.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "turn",
    [answer(304, length=None), by_method(no_head, answer(304, length=None))],
    ids=["by HEAD", "by GET"],
)
def test_audio_that_did_not_change_is_said_to_be_so(local: Reach, patience: Patience, turn: Turn) -> None:
    with Server({"/1.mp3": turn}) as server:
        url = server.url("/1.mp3")
        assert ask_audio([(url, '"v1"')], reach=local, patience=patience) == {url: NotModified(etag='"v1"')}
    assert server.requests[-1].headers["if-none-match"] == '"v1"'


def test_every_address_has_its_answer_in_the_order_asked(local: Reach, patience: Patience) -> None:
    names = [f"/{number}.mp3" for number in range(20)]
    scripts: dict[str, Turn | list[Turn]] = {
        name: answer(headers=MP3, length=number + 1, keep=True) for number, name in enumerate(names)
    }
    scripts["/7.mp3"] = answer(404)
    with Server(scripts) as server:
        urls = [(server.url(name), None) for name in (*names, *names)]
        asked = [("not an address", None), *urls, ("https://10.0.0.1/a.mp3", None)]
        found = ask_audio(asked, reach=local, patience=patience)
    assert list(found) == list(dict(asked))
    lengths = [found[url].length_bytes for url in dict(urls) if isinstance(found[url], RemoteAudio)]  # type: ignore[union-attr]
    assert lengths == [number + 1 for number in range(20) if number != 7]
    kinds = [fault.kind for fault in found.values() if isinstance(fault, WebFault)]
    assert kinds == [FaultKind.FORBIDDEN_ADDRESS, FaultKind.NOT_THERE, FaultKind.FORBIDDEN_ADDRESS]


def test_nothing_asked_is_nothing_answered(local: Reach) -> None:
    assert ask_audio([], reach=local) == {}


def test_a_body_after_head_does_not_answer_the_next_question(local: Reach, patience: Patience) -> None:
    """Some servers send a body to HEAD too; on a connection that is kept, it stands where the next answer belongs."""

    def talkative(request: Request, connection: Any) -> bool:
        lie = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 666\r\n\r\n"
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 77\r\n\r\n" + lie)
        return True

    with Server({"/1.mp3": talkative, "/2.mp3": talkative, "/3.mp3": talkative}) as server:
        found = ask(server, "/1.mp3", "/2.mp3", "/3.mp3", reach=local, patience=patience, per_host=1)
    assert [audio.length_bytes for audio in found if isinstance(audio, RemoteAudio)] == [77, 77, 77]


@pytest.mark.parametrize("per_host", [1, 2, 3])
def test_no_host_is_asked_more_at_once_than_is_polite(local: Reach, patience: Patience, per_host: int) -> None:
    gathered = threading.Barrier(per_host)

    def together(request: Request, connection: Any) -> None:
        gathered.wait(5)  # breaks, and the test fails, unless as many requests are under way
        whole(request, connection)

    names = [f"/{number}.mp3" for number in range(per_host * 3)]
    with Server(dict.fromkeys(names, together)) as server:
        found = ask(server, *names, reach=local, patience=patience, per_host=per_host)
        assert server.most_at_once == per_host
    assert all(isinstance(audio, RemoteAudio) for audio in found)


def test_a_server_that_is_reached_by_many_prefixes_is_asked_as_politely(local: Reach, patience: Patience) -> None:
    def in_no_hurry(request: Request, connection: Any) -> None:
        request.stop.wait(0.05)
        whole(request, connection)

    names = [f"/{number}.mp3" for number in range(4)]
    with Server(dict.fromkeys(names, in_no_hurry)) as host:
        away = {name: answer(302, headers={"Location": host.url(name)}) for name in names}
        reach = Reach(allow=local.allow, tls=local.tls, resolve=lambda name, port: ["127.0.0.1"])
        with Server(away) as prefix:
            urls = [(prefix.url(name, f"prefix{number}.example"), None) for number, name in enumerate(names)]
            found = ask_audio(urls, reach=reach, patience=patience, per_host=1)
        assert host.most_at_once == 1
    assert all(isinstance(audio, RemoteAudio) for audio in found.values())


def test_a_busy_host_is_asked_again_when_it_says(found: Any, pauses: list[float]) -> None:
    audio = found([answer(429, headers={"Retry-After": "5"}), whole])
    assert isinstance(audio, RemoteAudio)
    assert [round(pause_s) for pause_s in pauses] == [5]


def test_a_busy_host_that_does_not_say_when_is_not_asked_at_once_in_another_way(
    local: Reach, patience: Patience, pauses: list[float]
) -> None:
    with Server({"/1.mp3": [answer(429), whole]}) as server:
        found = ask(server, "/1.mp3", reach=local, patience=patience)
    assert isinstance(found[0], RemoteAudio)
    assert server.asked("/1.mp3") == ["HEAD", "HEAD"]
    assert pauses == [1.0]


def test_a_host_that_wants_to_be_left_alone_is_left_alone_for_all_its_files(
    local: Reach, patience: Patience, pauses: list[float]
) -> None:
    names = [f"/{number}.mp3" for number in range(5)]
    with Server(dict.fromkeys(names, answer(429, headers={"Retry-After": "3600"}))) as server:
        found = ask(server, *names, reach=local, patience=patience, per_host=1)
    assert [fault.kind for fault in found if isinstance(fault, WebFault)] == [FaultKind.BUSY] * 5
    assert len(server.requests) == 1
    assert pauses == []


def test_a_server_in_trouble_is_asked_again(found: Any, pauses: list[float]) -> None:
    audio = found([answer(500), answer(500), answer(500), answer(500), whole])  # HEAD and GET each time
    assert isinstance(audio, RemoteAudio)
    assert pauses == [1.0, 2.0]


@pytest.mark.parametrize("turn", [silent, drip(b"X-Slow: loris\r\n"), then(raw(b"HTTP/1.1 200 OK\r\n"), silent)])
def test_after_the_deadline_the_rest_is_reported_as_not_asked(local: Reach, patience: Patience, turn: Turn) -> None:
    names = [f"/{number}.mp3" for number in range(6)]
    with Server(dict.fromkeys(names, turn)) as server:
        found = ask(server, *names, reach=local, patience=patience, total_deadline_s=0.3)
    kinds = [fault.kind for fault in found if isinstance(fault, WebFault)]
    assert kinds == [FaultKind.TOO_SLOW] * 2 + [FaultKind.NOT_ASKED] * 4
    assert len(server.requests) == 2


def test_a_slow_host_keeps_no_other_waiting(local: Reach, patience: Patience) -> None:
    names = [f"/{number}.mp3" for number in range(4)]
    reach = Reach(allow=local.allow, tls=local.tls, resolve=lambda name, port: ["127.0.0.1"])
    with Server(dict.fromkeys(names, silent)) as slow, Server(dict.fromkeys(names, whole)) as quick:
        urls = [(slow.url(name, "slow.example"), None) for name in names]
        urls += [(quick.url(name, "quick.example"), None) for name in names]
        found = ask_audio(urls, reach=reach, patience=patience, total_deadline_s=0.5)
    assert [isinstance(audio, RemoteAudio) for audio in found.values()] == [False] * 4 + [True] * 4


def test_a_host_that_stopped_answering_is_not_asked_for_all_its_files(local: Reach, patience: Patience) -> None:
    names = [f"/{number}.mp3" for number in range(9)]
    with Server(dict.fromkeys(names, silent)) as server:
        found = ask(server, *names, reach=local, patience=patience, per_host=1, each_deadline_s=0.05)
    kinds = [fault.kind for fault in found if isinstance(fault, WebFault)]
    assert kinds == [FaultKind.TOO_SLOW] + [FaultKind.NOT_ASKED] * 8
    assert {request.path for request in server.requests} == {"/0.mp3"}
    assert "has not answered 6 times in a row" in found[-1].message  # type: ignore[union-attr]


def test_a_bug_in_a_thread_is_not_lost(patience: Patience) -> None:
    def buggy(host: str, port: int) -> list[str]:
        raise ZeroDivisionError

    reach = Reach(allow=(ip_network("127.0.0.0/8"),), resolve=buggy)
    with pytest.raises(ZeroDivisionError):
        ask_audio([("https://podcast.example/1.mp3", None)], reach=reach, patience=patience)
