"""Where a request may go: public web servers only, however their address is written.

Spec: RFC 3986; IANA's IPv4 and IPv6 Special-Purpose Address Registries, RFC 6890 (as of October 2025). `ipaddress`
knows these lists too, but not every Python 3.11 has the same ones.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from feedbuilder.online.faults import FaultKind, Obstacle, WebFaultError, web_fault

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""Host and port → every address the host has, as text."""

_PORTS: Final = {"http": 80, "https": 443}
_FIRST_FREE_PORT: Final = 1024  # people's own servers listen on 8080 or 8443; below stand mail, shells, directories
_MAX_URL: Final = 4096
_NEVER_IN_URL: Final = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")  # browsers read a backslash as a slash

_NOT_PUBLIC_V4: Final = tuple(
    (ip_network(block), name)
    for block, name in (
        ("0.0.0.0/8", "an unspecified address"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address inside a provider's network"),
        ("127.0.0.0/8", "this machine itself"),
        ("168.63.129.16/32", "the control server of a cloud"),  # Azure's; public by number, reachable only from inside
        ("169.254.0.0/16", "a link-local address"),  # the clouds' metadata servers among them
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for examples"),
        ("192.88.99.0/24", "a reserved address"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for measurements"),
        ("198.51.100.0/24", "an address for examples"),
        ("203.0.113.0/24", "an address for examples"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
_NOT_PUBLIC_V6: Final = tuple(
    (ip_network(block), name)
    for block, name in (
        ("::1/128", "this machine itself"),
        ("64:ff9b:1::/48", "a private address"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("ff00::/8", "a multicast address"),
        ("2001::/23", "a reserved address"),  # Teredo and other tunnels that can lead anywhere
        ("2001:db8::/32", "an address for examples"),
        ("2002::/16", "a tunnel's address"),  # 6to4 wraps any IPv4 address
        ("3fff::/20", "an address for examples"),
    )
)
_GLOBAL_V6: Final = IPv6Network("2000::/3")  # all that has been given out
_NAT64: Final = IPv6Network("64:ff9b::/96")  # what IPv6-only networks reach IPv4 servers by


def resolve_by_system(host: str, port: int) -> list[str]:
    """Return every address of a host, in the order the system prefers."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How far requests may go. The defaults are the only ones for a program in use; tests open a door on purpose."""

    allow: tuple[Network, ...] = ()  # networks let in although they are not public
    resolve: Resolver = resolve_by_system
    tls: ssl.SSLContext | None = None  # None: what the system trusts


PUBLIC_WEB: Final = Reach()


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A web address that may be asked, taken apart."""

    scheme: str
    host: str  # lower case, ASCII, without brackets or the final dot
    port: int
    path: str  # with the query

    @property
    def authority(self) -> str:
        """The host as the Host header writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.authority}{self.path}"

    def __str__(self) -> str:
        """Return the address for messages: without its query, where keys of private feeds stand."""
        return f"{self.scheme}://{self.authority}{self.path.partition('?')[0]}"


def read_target(url: str) -> Target:
    """Take a web address apart: http or https, port 80, 443 or from 1024 up, no password.

    >>> read_target("https://Example.org.:443/a b?c#d").url
    'https://example.org/a%20b?c'

    Raises:
        WebFaultError: when it may not be asked.
    """
    if len(url) > _MAX_URL or _NEVER_IN_URL.search(url):
        raise _forbidden(f"{url[:80]!r} is not a web address", "correct the address")
    try:
        parts = urlsplit(url.strip(" "))
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise _forbidden(f"{url[:80]!r} is not a web address: {error}", "correct the address") from error
    if parts.scheme not in _PORTS:
        raise _forbidden(f"{parts.scheme or url[:80]!r} is not http or https", "use an https:// address")
    if "@" in parts.netloc:
        raise _forbidden(f"the address at {host} holds a user name or a password", "take it out of the address")
    if port is None:
        port = _PORTS[parts.scheme]
    if port not in _PORTS.values() and port < _FIRST_FREE_PORT:
        raise _forbidden(f"{host} is to be asked on port {port}, where no web server listens", "use port 443")
    return Target(scheme=parts.scheme, host=_read_host(host), port=port, path=_read_path(parts.path, parts.query))


def _read_host(host: str) -> str:
    if ":" in host and _literal(host) is not None:
        return host.lower()  # IPv6
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise _forbidden(f"{host[:80]!r} is not the name of a host", "correct the address") from error
    name = name.lower().removesuffix(".")
    if not re.fullmatch(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", name) or len(name) > 253:
        raise _forbidden(f"{host[:80]!r} is not the name of a host", "correct the address")
    # 0x7f.1, 127.1 and 2130706433 are addresses to some resolvers and names to others.
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", name.rpartition(".")[2]) and _literal(name) is None:
        raise _forbidden(f"{host!r} is a number in disguise", "use the name of the host")
    return name


def _read_path(path: str, query: str) -> str:
    """Return path and query with every character legal in a request."""
    whole = (path or "/") + (f"?{query}" if query else "")
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", whole)
    return quote(whole, safe="%/?:@!$&'()*+,;=-._~[]")


def redirected(target: Target, location: str) -> Target:
    """Return where a redirect leads.

    Raises:
        WebFaultError: when it must not be followed.
    """
    try:
        found = read_target(urljoin(target.url, location))
    except ValueError as error:
        raise _forbidden_redirect(f"{target} redirects to what is no web address", "mend the redirect") from error
    except WebFaultError as error:
        raise _forbidden_redirect(f"{target} redirects: {error.fault.message}", "mend the redirect") from error
    if target.scheme == "https" and found.scheme == "http":
        raise _forbidden_redirect(
            f"{target} redirects from https to http, where anybody on the way can change it",
            "let the server redirect to https",
        )
    return found


def public_addresses(host: str, port: int, reach: Reach) -> list[Address]:
    """Return every address of a host, all of them public.

    Raises:
        WebFaultError: when one is not, or there is none.
    """
    literal = _literal(host)
    if literal is not None:
        found = [literal]
    else:
        found = [address for text in _resolve(host, port, reach) if (address := _literal(text)) is not None]
    if not found:
        message = f"the host {host} has no address"
        raise web_fault(FaultKind.UNREACHABLE, message, "correct the address", obstacle=Obstacle.NAME)
    for address in found:
        if name := why_not_public(address, reach.allow):
            leads = "is" if literal is not None else f"leads to {address},"
            raise _forbidden(
                f"{host} {leads} {name}; only public web servers are asked",
                "publish it at a public address, and use that",
            )
    return list(dict.fromkeys(found))


def _resolve(host: str, port: int, reach: Reach) -> Sequence[str]:
    try:
        return reach.resolve(host, port)
    except (OSError, UnicodeError) as error:
        for_now = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        raise web_fault(
            FaultKind.UNREACHABLE,
            f"the host {host} is not found{' at the moment' if for_now else ''}",
            "check the network, then the spelling of the address",
            may_pass=for_now,
            obstacle=Obstacle.NAME,
        ) from error


def why_not_public(address: Address, allow: Sequence[Network] = ()) -> str | None:
    """Return what an address is when it is not a public one.

    >>> why_not_public(ip_address("::ffff:127.0.0.1"))
    'this machine itself'
    >>> why_not_public(ip_address("9.9.9.9")) is None
    True
    """
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return "a link-local address"
    address = _unwrapped(address)
    if any(address in network for network in allow):
        return None
    for network, name in _NOT_PUBLIC_V4 if isinstance(address, IPv4Address) else _NOT_PUBLIC_V6:
        if address in network:
            return name
    return "a reserved address" if isinstance(address, IPv6Address) and address not in _GLOBAL_V6 else None


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address only carries, where it does."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _literal(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _forbidden(message: str, remedy: str) -> WebFaultError:
    return web_fault(FaultKind.FORBIDDEN_ADDRESS, message, remedy)


def _forbidden_redirect(message: str, remedy: str) -> WebFaultError:
    return web_fault(FaultKind.FORBIDDEN_ADDRESS, message, remedy, obstacle=Obstacle.REDIRECTS)
