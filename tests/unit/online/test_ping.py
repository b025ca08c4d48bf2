"""A monitoring service is told how a run ended, and nothing about that can harm the run."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from online_server import Server, answer, reset, silent

from feedbuilder.online.addresses import PUBLIC_WEB, Reach
from feedbuilder.online.patience import Patience
from feedbuilder.online.ping import ping

KEY = "/ping/6b7e-secret-key"


def test_a_run_that_went_well_asks_the_address_itself(local: Reach, patience: Patience) -> None:
    with Server({KEY: answer(body=b"OK")}) as server:
        assert ping(server.url(KEY), 0, local, patience=patience) is None
    assert server.asked(KEY) == ["GET"]
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5, 143])
def test_a_run_that_failed_says_its_exit_code(local: Reach, patience: Patience, code: int) -> None:
    with Server({f"{KEY}/{code}": answer(body=b"OK")}) as server:
        assert ping(server.url(KEY), code, local, patience=patience) is None
    assert [request.path for request in server.requests] == [f"{KEY}/{code}"]


def test_the_exit_code_goes_before_the_query(local: Reach, patience: Patience) -> None:
    with Server({f"{KEY}/4?create=1": answer()}) as server:
        assert ping(server.url(f"{KEY}/?create=1#top"), 4, local, patience=patience) is None


@pytest.mark.parametrize("first", [answer(500), answer(429, headers={"Retry-After": "1"}), reset])
def test_a_service_that_stumbles_is_asked_again(local: Reach, patience: Patience, first) -> None:
    with Server({KEY: [first, answer()]}) as server:
        assert ping(server.url(KEY), 0, local, patience=patience) is None
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (answer(404), "it answers 404"),
        (answer(409), "it answers 409"),
        (answer(500), "it is in trouble itself"),
        (answer(503), "it is busy"),
        (reset, "its answer cannot be used"),
    ],
)
def test_what_goes_wrong_is_told_without_the_address_which_is_a_key(
    local: Reach, patience: Patience, turn, reason: str
) -> None:
    with Server({KEY: turn}) as server:
        fault = ping(server.url(KEY), 0, local, patience=patience)
    assert fault == f"127.0.0.1 was not told how the run ended: {reason}"


def test_a_service_that_never_answers_is_given_up(local: Reach, patience: Patience) -> None:
    with Server({KEY: silent}) as server:
        fault = ping(server.url(KEY), 0, local, deadline_s=0.3, patience=patience)
    assert fault is not None
    assert fault.endswith("it does not answer in time")


def test_only_public_servers_are_asked(patience: Patience) -> None:
    with Server({KEY: answer()}) as server:
        fault = ping(server.url(KEY), 0, PUBLIC_WEB, patience=patience)
    assert fault == "127.0.0.1 was not told how the run ended: only public web servers are asked"
    assert server.requests == []


@pytest.mark.parametrize("url", ["", "hc-ping.com/key", "https://[broken/key", "file:///etc/passwd", "https://a b/key"])
def test_an_address_that_is_none_is_a_fault_and_no_crash(url: str) -> None:
    fault = ping(url, 0, Reach(allow=(ip_network("127.0.0.0/8"),)))
    assert fault is not None
    assert "was not told" in fault
    assert "key" not in fault
