"""TLS is verified for the name, although the connection goes to an address."""

from __future__ import annotations

import ssl
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from online_server import Server, answer, raw

from feedbuilder.online.addresses import Reach
from feedbuilder.online.faults import FaultKind, WebFaultError
from feedbuilder.online.fetch import Document, fetch_document
from feedbuilder.online.patience import Patience

FEED = {"/feed": answer(body=b"<rss/>")}


@pytest.fixture
def named(certificate: Any) -> Reach:
    """Every name leads to 127.0.0.1, and the server's certificate is trusted."""
    return Reach(allow=(ip_network("127.0.0.0/8"),), resolve=lambda host, port: ["127.0.0.1"], tls=certificate.client)


def fetch(url: str, reach: Reach, patience: Patience) -> object:
    return fetch_document(url, limit_bytes=999, deadline_s=20, reach=reach, patience=patience)


def test_a_certificate_for_the_name_is_accepted(certificate: Any, named: Reach, patience: Patience) -> None:
    with Server(FEED, tls=certificate.server) as server:
        found = fetch(server.url("/feed", "podcast.example"), named, patience)
        assert isinstance(found, Document)
        assert found.final_url == server.url("/feed", "podcast.example")


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(
    certificate: Any, named: Reach, patience: Patience, pauses: list[float], host: str
) -> None:
    with Server(FEED, tls=certificate.server) as server, pytest.raises(WebFaultError) as caught:
        fetch(server.url("/feed", host), named, patience)
    assert caught.value.fault.kind is FaultKind.UNREACHABLE
    assert f"the certificate of {host} is not to be trusted" in caught.value.fault.message
    assert server.requests == []
    assert pauses == []


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Any, named: Reach, patience: Patience) -> None:
    unknown = replace(named, tls=ssl.create_default_context())
    with Server(FEED, tls=certificate.server) as server, pytest.raises(WebFaultError, match="is not to be trusted"):
        fetch(server.url("/feed", "podcast.example"), unknown, patience)
    assert server.requests == []


def test_a_server_without_tls_is_named(named: Reach, patience: Patience, pauses: list[float]) -> None:
    with Server({}, greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server, pytest.raises(WebFaultError) as caught:
        fetch(f"https://podcast.example:{server.port}/", named, patience)
    assert caught.value.fault.kind is FaultKind.UNREACHABLE
    assert "no secure connection to podcast.example" in caught.value.fault.message
    assert pauses == []


def test_a_redirect_to_plain_http_is_not_followed(certificate: Any, named: Reach, patience: Patience) -> None:
    with Server(FEED) as plain:
        away = raw(f"HTTP/1.1 301 Moved\r\nLocation: {plain.url('/feed', 'podcast.example')}\r\n\r\n".encode())
        with (
            Server({"/feed": away}, tls=certificate.server) as server,
            pytest.raises(WebFaultError, match="redirects from https to http"),
        ):
            fetch(server.url("/feed", "podcast.example"), named, patience)
    assert plain.connections == 0
