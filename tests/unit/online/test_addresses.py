"""Which addresses may be asked."""

from __future__ import annotations

import socket
import subprocess
import sys
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbuilder.online.addresses import Reach, public_addresses, read_target, redirected, why_not_public
from feedbuilder.online.faults import FaultKind, WebFaultError

PUBLIC = "9.9.9.9"


def resolving_to(*addresses: str) -> Reach:
    return Reach(resolve=lambda host, port: addresses)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8"),
        *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1"),
        *("192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::7f00:1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0"),
        *("febf::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "4000::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1"),
        *("64:ff9b:1::808:808", "2002:7f00:1::", "2002:808:808::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
        *("2606:4700::1111%1",),
    ],
)
def test_an_address_that_is_not_public_is_named_for_what_it_is(address: str) -> None:
    assert why_not_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", PUBLIC, "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "223.255.255.255"),
        *("192.167.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"),
    ],
)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert why_not_public(ip_address(address)) is None


@given(st.ip_addresses(v=4))
def test_no_wrapping_makes_an_address_more_public_than_it_is(address: IPv4Address) -> None:
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert why_not_public(IPv6Address(wrapped)) == why_not_public(address)
    packed = int(address)
    assert why_not_public(IPv6Address((0x2002 << 112) | (packed << 80)))
    assert why_not_public(IPv6Address((0x20010000 << 96) | (packed ^ 0xFFFF_FFFF)))


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public_here(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        embedded = getattr(address, "ipv4_mapped", None)
        assert why_not_public(address) or embedded or address in ip_network("64:ff9b::/96")


def test_a_network_is_let_in_only_when_it_is_named() -> None:
    loopback = (ip_network("127.0.0.0/8"),)
    assert why_not_public(ip_address("127.0.0.1"), loopback) is None
    assert why_not_public(ip_address("10.0.0.1"), loopback)
    assert why_not_public(ip_address("::1"), loopback)


@pytest.mark.parametrize(
    "url",
    [
        *("http://0x7f.1/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/", "http://127.1/"),
        *("http://127.0.0.1/", "http://127.0.0.1./", "http://0177.0.0.1/", "http://0/", "http://[::1]/"),
        *("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::]/", "http://[fe80::1%25lo]/"),
        *("http://１２７.0.0.1/", "http://127。0。0。1/", "http://①②⑦.0.0.1/", "http://[64:ff9b::127.0.0.1]/"),
        *("http://127.0.0.1.1/", "http://1.2.3/", "http://0x/", "http://256.0.0.1/", "http://169.254.169.254/x"),
    ],
)
def test_this_machine_is_not_reached_in_any_notation(url: str) -> None:
    def refuse(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was to be resolved")

    def reach(url: str) -> None:
        target = read_target(url)
        public_addresses(target.host, target.port, Reach(resolve=refuse))

    with pytest.raises(WebFaultError) as caught:
        reach(url)
    assert caught.value.fault.kind is FaultKind.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "'file' is not http or https"),
        ("ftp://example.org/a.mp3", "'ftp' is not http or https"),
        ("//example.org/a.mp3", "is not http or https"),
        ("episodes/a.mp3", "is not http or https"),
        ("", "is not http or https"),
        ("https://user:secret@example.org/feed", "the address at example.org holds a user name or a password"),
        ("https://example.org@evil.example/", "holds a user name"),
        ("https://example.org\\@evil.example/", "is not a web address"),
        ("https://example.org/\r\nHost: evil.example", "is not a web address"),
        ("https://example.org/\ud800", "is not a web address"),
        ("https://example.org/" + "a" * 5000, "is not a web address"),
        ("https:///feed.xml", "is not the name of a host"),
        ("https://exa mple.org/", "is not the name of a host"),
        ("https://a..example/", "is not the name of a host"),
        ("https://127.0.0.1%2eexample.org/", "is not the name of a host"),
        ("https://-a.example/", "is not the name of a host"),
        ("https://[::1/", "is not a web address"),
        ("https://example.org:99999/", "is not a web address"),
        ("https://example.org:ssh/", "is not a web address"),
        ("https://example.org:22/", "asked on port 22"),
        ("https://example.org:1023/", "asked on port 1023"),
        ("https://example.org:0/", "asked on port 0"),
    ],
)
def test_what_is_no_web_address_is_refused_and_says_why(url: str, words: str) -> None:
    with pytest.raises(WebFaultError) as caught:
        read_target(url)
    assert words in caught.value.fault.message
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("https://example.org.:443/a", "https://example.org/a"),
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://müller.example/Folge 1.mp3#t=3", "https://xn--mller-kva.example/Folge%201.mp3"),
        ("https://example.org/ä?q=ö&r=%C3%A4%", "https://example.org/%C3%A4?q=%C3%B6&r=%C3%A4%25"),
        ("https://op3.dev/e/https://example.org/1.mp3", "https://op3.dev/e/https://example.org/1.mp3"),
        ("https://[2606:4700::1111]:8080/", "https://[2606:4700::1111]:8080/"),
        ("https://a_b.example/", "https://a_b.example/"),
        (" https://example.org/ ", "https://example.org/"),
    ],
)
def test_an_address_is_asked_for_as_servers_expect_it(url: str, asked: str) -> None:
    assert read_target(url).url == asked
    assert read_target(asked).url == asked


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_a_fault(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org/{text}", f"https://example.org?{text}"):
        try:
            target = read_target(url)
        except WebFaultError:
            continue
        assert target.url.isascii()
        assert not set(target.url) & set(" \r\n\t\\")
        assert read_target(target.url) == target


def test_messages_leave_out_the_query_where_keys_of_private_feeds_stand() -> None:
    assert str(read_target("https://example.org/feed?key=secret")) == "https://example.org/feed"


def test_one_private_address_among_public_ones_closes_the_door() -> None:
    with pytest.raises(WebFaultError) as caught:
        public_addresses("intranet.example", 443, resolving_to(PUBLIC, "10.0.0.5"))
    assert "intranet.example leads to 10.0.0.5, a private address" in caught.value.fault.message


def test_every_public_address_is_kept_in_the_order_of_the_resolver() -> None:
    found = public_addresses("example.org", 443, resolving_to("2606:4700::1111", PUBLIC, PUBLIC))
    assert found == [ip_address("2606:4700::1111"), ip_address(PUBLIC)]


def test_a_name_that_resolves_to_nothing_is_unreachable() -> None:
    with pytest.raises(WebFaultError) as caught:
        public_addresses("example.org", 443, resolving_to())
    assert caught.value.fault.kind is FaultKind.UNREACHABLE


@pytest.mark.parametrize(("number", "may_pass"), [(socket.EAI_NONAME, False), (socket.EAI_AGAIN, True)])
def test_only_a_resolver_in_trouble_is_asked_again(number: int, may_pass: bool) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise socket.gaierror(number, "no")

    with pytest.raises(WebFaultError) as caught:
        public_addresses("example.org", 443, Reach(resolve=fail))
    assert caught.value.fault.kind is FaultKind.UNREACHABLE
    assert caught.value.may_pass is may_pass


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/b.mp3", "https://example.org/b.mp3"),
        ("b.mp3?x=1", "https://example.org/a/b.mp3?x=1"),
        ("../Folge ä.mp3", "https://example.org/Folge%20%C3%A4.mp3"),
        ("//cdn.example/b.mp3", "https://cdn.example/b.mp3"),
        ("https://cdn.example:8443/b", "https://cdn.example:8443/b"),
    ],
)
def test_a_redirect_is_followed_as_browsers_do(location: str, leads_to: str) -> None:
    assert redirected(read_target("https://example.org/a/a.mp3"), location).url == leads_to


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://example.org/a.mp3", "redirects from https to http"),
        ("file:///etc/passwd", "'file' is not http or https"),
        ("ftp://example.org/", "'ftp' is not http or https"),
        ("javascript:alert(1)", "'javascript' is not http or https"),
        ("https://a:b@example.org/", "user name or a password"),
        ("http://[::1", "redirects to what is no web address"),
        ("https://example.org:25/", "port 25"),
    ],
)
def test_a_redirect_that_leaves_the_safe_web_is_not_followed(location: str, words: str) -> None:
    with pytest.raises(WebFaultError) as caught:
        redirected(read_target("https://example.org/a/a.mp3"), location)
    assert words in caught.value.fault.message
    assert caught.value.fault.kind is FaultKind.FORBIDDEN_ADDRESS


def test_a_redirect_from_http_to_https_is_welcome() -> None:
    assert redirected(read_target("http://example.org/"), "https://example.org/").scheme == "https"


def test_nothing_of_the_network_is_loaded_unless_it_is_asked_for() -> None:
    names = "'feedbuilder.online', 'httpcore2', 'h11', 'truststore'"
    code = (
        "import sys, feedbuilder.build; from feedbuilder.cli.main import application; application(); "
        f"print([n for n in ({names}) if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
