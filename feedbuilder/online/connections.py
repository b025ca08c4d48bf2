"""One request at a time to a checked address, redirects step by step, with an end to every wait.

A host's name is resolved once for each request; every address it has is judged, and the connection goes to one of
those, so a name that leads elsewhere a moment later changes nothing. TLS is verified for the name. Proxies named in
the environment are not used: they would resolve the name again.

Spec: RFC 9110 (HTTP), RFC 9112 (HTTP/1.1).
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Final, TypeVar

import httpcore2

from feedbuilder.online.addresses import Address, Reach, Target, public_addresses, read_target, redirected
from feedbuilder.online.faults import FaultKind, Obstacle, WebFaultError, web_fault
from feedbuilder.online.patience import Turns, busy, retry_after_s, too_slow
from feedbuilder.online.questions import Redirect

USER_AGENT: Final = f"feedbuilder/{version('feedbuilder')}"
MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_QUIET_S: Final = 20.0  # a server that sends nothing for so long is given up, whatever time is left
_CONNECT_S: Final = 10.0

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The head of an answer, and its body as it comes."""

    target: Target  # who answered, after redirects
    status: int
    headers: Mapping[str, str]  # by lower-case name; the first of several
    body: Iterable[bytes]  # as sent, not unpacked
    redirects: tuple[Redirect, ...] = ()  # that led here


class Web:
    """What it takes to ask web servers. Any thread may use it.

    Every request has a connection of its own: on one that is kept, the body that some servers send to HEAD would be
    taken for the answer to the next question.
    """

    def __init__(self, reach: Reach, turns: Turns, exchange_s: float) -> None:
        self._turns = turns
        self._exchange_s = exchange_s  # for each request by itself, once it has its turn
        self._tls = reach.tls or httpcore2.default_ssl_context()
        self._backend = _CheckedBackend(reach)

    @contextmanager
    def ask(self, method: str, url: str, headers: Mapping[str, str], until_s: float) -> Iterator[Answer]:
        """Send a request, follow its redirects, and give the last answer; the body ends with the context.

        `until_s` is a moment of `time.monotonic`.

        Raises:
            WebFaultError: when there is no answer.
        """
        target = read_target(url)
        redirects: list[Redirect] = []
        for _ in range(MAX_REDIRECTS + 1):
            with self._exchange(method, target, headers, until_s) as answer:
                if answer.status not in _REDIRECTS:
                    yield replace(answer, redirects=tuple(redirects))
                    return
                target = _next_target(answer)
                redirects.append(Redirect(answer.status, answer.target.url, target.url))
        message = f"{url.partition('?')[0]} redirects more than {MAX_REDIRECTS} times"
        remedy = "use the address it should lead to"
        raise web_fault(FaultKind.BAD_ANSWER, message, remedy, obstacle=Obstacle.REDIRECTS)

    @contextmanager
    def _exchange(self, method: str, target: Target, headers: Mapping[str, str], until_s: float) -> Iterator[Answer]:
        with self._turns.turn(target.host, until_s), _in_plain_words(target):
            request = self._request(method, target, headers, min(until_s, time.monotonic() + self._exchange_s))
            connection = httpcore2.HTTPConnection(
                request.url.origin, ssl_context=self._tls, network_backend=self._backend
            )
            with closing(connection):
                response = connection.handle_request(request)
                answer = Answer(
                    target=target,
                    status=response.status,
                    headers=_headers(response.headers),
                    body=response.iter_stream(),
                )
                self._note_wait(answer)
                yield answer

    def _request(self, method: str, target: Target, headers: Mapping[str, str], until_s: float) -> httpcore2.Request:
        return httpcore2.Request(
            method,
            httpcore2.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path),
            headers=[*{"Host": target.authority, "User-Agent": USER_AGENT, "Connection": "close", **headers}.items()],
            # Moments, not spans: our backend turns them into the time that is left, so that no drip outlives them.
            extensions={"timeout": dict.fromkeys(("connect", "read", "write"), until_s)},
        )

    def _note_wait(self, answer: Answer) -> None:
        wait_s = asked_wait_s(answer)
        if wait_s is not None:
            self._turns.put_off(answer.target.host, wait_s)


def asked_wait_s(answer: Answer) -> float | None:
    """Return how long a busy server asks to be left alone; None where it does not ask."""
    if answer.status not in (429, 503):
        return None
    return retry_after_s(answer.headers.get("retry-after"), answer.headers.get("date"))


def refusal(answer: Answer, what: str) -> WebFaultError:
    """Return what a status other than success means, in the owner's terms."""
    status, target = answer.status, answer.target
    if status in (404, 410):
        gone = "is not there" if status == 404 else "was taken away for good"
        message, remedy = f"{what} {gone}: {target} answers {status}", "correct the address, or put it back"
        return web_fault(FaultKind.NOT_THERE, message, remedy)
    if status in (429, 503):
        return busy(target.host, asked_wait_s(answer))
    if status >= 500 or status in (408, 425):
        message = f"the server of {target} is in trouble: it answers {status}"
        return web_fault(FaultKind.SERVER_ERROR, message, "try later", may_pass=True)
    if status in (401, 402, 403, 407, 451):
        message = f"{target.host} does not give {what} to programs: {target} answers {status}"
        return web_fault(FaultKind.NOT_ALLOWED, message, f"let the server admit {USER_AGENT}")
    message = f"{target} answers {status} instead of {what}"
    return web_fault(FaultKind.BAD_ANSWER, message, "open the address in a browser to see why")


def _next_target(answer: Answer) -> Target:
    location = answer.headers.get("location")
    if not location:
        message = f"{answer.target} redirects without saying where to"
        raise web_fault(FaultKind.BAD_ANSWER, message, "mend the redirect", obstacle=Obstacle.REDIRECTS)
    return redirected(answer.target, location)


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        headers.setdefault(name.decode("ascii").lower(), _text(value))
    return headers


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


@contextmanager
def _in_plain_words(target: Target) -> Iterator[None]:
    """Turn what the library raises into faults."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise too_slow(target) from error
    except httpcore2.ConnectError as error:
        raise _no_connection(target, error) from error
    except httpcore2.NetworkError as error:
        message = f"the connection to {target.host} broke off"
        raise web_fault(FaultKind.BAD_ANSWER, message, "try later", may_pass=True) from error
    except httpcore2.ProtocolError as error:
        message = f"the answer of {target} is not whole, or not HTTP: {error}"
        raise web_fault(FaultKind.BAD_ANSWER, message, "try later", may_pass=True) from error


def _no_connection(target: Target, error: httpcore2.ConnectError) -> WebFaultError:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        message = f"the certificate of {target.host} is not to be trusted: {cause.verify_message}"
        remedy = "renew the certificate on the server"
        return web_fault(FaultKind.UNREACHABLE, message, remedy, obstacle=Obstacle.TLS)
    if isinstance(cause, ssl.SSLError):
        message = f"no secure connection to {target.host} comes about: {cause.reason or cause}"
        return web_fault(FaultKind.UNREACHABLE, message, "mend TLS on the server", obstacle=Obstacle.TLS)
    message = f"no connection to {target.host} on port {target.port}: {getattr(cause, 'strerror', None) or error}"
    remedy = "check the address, and that the server runs"
    return web_fault(FaultKind.UNREACHABLE, message, remedy, may_pass=True, obstacle=Obstacle.CONNECTION)


def _left_s(until_s: float | None, longest_s: float) -> float:
    """Return how long a single wait may last.

    Raises:
        ReadTimeout: when no time is left.
    """
    left_s = longest_s if until_s is None else min(until_s - time.monotonic(), longest_s)
    if left_s <= 0:
        raise httpcore2.ReadTimeout("no time is left")
    return left_s


class _CheckedBackend(httpcore2.NetworkBackend):
    """Connects to addresses that were judged, and to no others. Every `timeout` is a moment of `time.monotonic`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._system = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Resolve a name once, and connect to the first of its addresses that answers."""
        addresses = _within(_left_s(timeout, _QUIET_S), lambda: public_addresses(host, port, self._reach))
        failure: Exception | None = None
        for tried, address in enumerate(addresses):
            share_s = _left_s(timeout, _CONNECT_S * (len(addresses) - tried)) / (len(addresses) - tried)
            try:
                return _TimedStream(self._connect(address, port, share_s))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = failure or error
        raise failure or httpcore2.ConnectError("no address")

    def _connect(self, address: Address, port: int, wait_s: float) -> httpcore2.NetworkStream:
        return self._system.connect_tcp(str(address), port, wait_s)


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which every `timeout` is a moment of `time.monotonic`."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left_s(timeout, _QUIET_S))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left_s(timeout, _QUIET_S))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left_s(timeout, _CONNECT_S)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _within(wait_s: float, call: Callable[[], T]) -> T:
    """Return what a call gives, or give it up: the system's resolver knows no time limit."""
    given: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            given.append(call())
        except BaseException as error:  # handed on to whoever waits
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(wait_s)
    if raised:
        raise raised[0]
    if not given:
        raise httpcore2.ConnectTimeout("the name is not resolved in time")
    return given[0]
