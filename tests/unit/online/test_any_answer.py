"""Whatever bytes a server sends, they become a value or a fault."""

from __future__ import annotations

import gzip
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from online_server import Request, Server

from feedbuilder.online.addresses import Reach
from feedbuilder.online.audio import ask_audio
from feedbuilder.online.audio_answer import RemoteAudio
from feedbuilder.online.faults import WebFault, WebFaultError
from feedbuilder.online.fetch import Document, fetch_document
from feedbuilder.online.patience import Patience

LIMIT = 5000
VALUES = st.sampled_from(
    [
        *(
            "0",
            "1",
            "-1",
            "7, 7",
            "999999999999999999999",
            "",
            "chunked",
            "gzip",
            "identity",
            "text/html",
            "audio/mpeg",
        ),
        *("bytes 0-0/9", "bytes */*", "/feed", "http://10.0.0.1/", "\xe4\xb8", "?", ";", '"', "3", "x" * 70_000),
    ]
)
NAMES = st.sampled_from(
    [
        *("Content-Length", "Content-Type", "Content-Encoding", "Content-Range", "Transfer-Encoding", "Location"),
        *("Retry-After", "Date", "ETag", "Last-Modified", "X-\xff", ""),
    ]
)
STATUSES = st.sampled_from([100, 101, 199, 200, 200, 200, 204, 206, 301, 304, 404, 416, 429, 500, 503, 999, 0, 10_000])
BODIES = st.binary(max_size=200) | st.binary(max_size=200).map(gzip.compress)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """Draw something that is more or less HTTP."""
    lines = [f"HTTP/{draw(st.sampled_from(['1.1', '1.0', '2', '9.9']))} {draw(STATUSES)} Fine"]
    lines += [f"{name}: {value}" for name, value in draw(st.lists(st.tuples(NAMES, VALUES), max_size=5))]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + draw(BODIES)


class Parrot:
    """A server that sends what it was last told."""

    def __init__(self) -> None:
        self.words = b""
        self.server = Server({"/feed": self._repeat})

    def _repeat(self, request: Request, connection: socket.socket) -> None:
        connection.sendall(self.words)


@pytest.fixture(scope="module")
def parrot() -> Iterator[Parrot]:
    parrot = Parrot()
    with parrot.server:
        yield parrot


@given(words=answers() | st.binary(max_size=300))
def test_any_answer_is_a_value_or_a_fault(parrot: Parrot, words: bytes) -> None:
    parrot.words = words
    url = parrot.server.url("/feed")
    reach = Reach(allow=(ip_network("127.0.0.1/32"),), tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    once = Patience(attempts=1)
    with suppress(WebFaultError):
        found = fetch_document(url, limit_bytes=LIMIT, deadline_s=20, reach=reach, patience=once)
        assert isinstance(found, Document)
        assert 0 < len(found.body) <= LIMIT
    audio = ask_audio([(url, None)], reach=reach, patience=once)[url]
    assert isinstance(audio, WebFault) or (isinstance(audio, RemoteAudio) and audio.length_bytes != 0)
