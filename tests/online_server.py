"""A web server on 127.0.0.1 that misbehaves as it is told, byte by byte.

    with Server({"/feed.xml": answer(body=b"<rss/>")}) as server:
        fetch_document(server.url("/feed.xml"), …)

A path's script is a list of turns, one a request, the last one repeated. A turn is a function of the request and the
connection; when it returns True the connection stays open for the next request.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, cast


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    headers: Mapping[str, str]  # by lower-case name
    stop: threading.Event  # set when the test is over


Turn = Callable[[Request, socket.socket], bool | None]


class Server:
    """Answers on a free port until the `with` ends; `requests` holds all that came, in order."""

    def __init__(
        self,
        scripts: Mapping[str, Turn | Sequence[Turn]],
        *,
        tls: ssl.SSLContext | None = None,
        greeting: bytes = b"",  # sent before anything is asked
    ) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.most_at_once = 0
        self._unanswered = 0
        self._scripts = {path: [turns] if callable(turns) else list(turns) for path, turns in scripts.items()}
        self._asked: dict[str, int] = defaultdict(int)
        self._tls = tls
        self._greeting = greeting
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[str]:
        """Return the methods a path was asked by."""
        return [request.method for request in self.requests if request.path == path]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        with suppress(OSError):  # wakes the thread that waits in accept
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._stop.is_set():
                connection, _ = self._listener.accept()
                self.connections += 1
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            connection.sendall(self._greeting)
            while self._serve_one(connection):
                pass
        connection.close()

    def _serve_one(self, connection: socket.socket) -> bool:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            with suppress(TimeoutError):
                byte = connection.recv(1)
                if not byte:
                    return False
                head += byte
            if self._stop.is_set():
                return False
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(method=method, path=path, headers=headers, stop=self._stop)
        with self._lock:
            self.requests.append(request)
            turns = self._scripts.get(path, [answer(404, body=b"no such page")])
            turn = turns[min(self._asked[path], len(turns) - 1)]
            self._asked[path] += 1
            self._unanswered += 1
            self.most_at_once = max(self.most_at_once, self._unanswered)
        answering = _Answering(connection, self._answered)
        try:
            return bool(turn(request, cast(socket.socket, answering)))
        finally:
            answering.begin()

    def _answered(self) -> None:
        with self._lock:
            self._unanswered -= 1


class _Answering:
    """A connection that tells when its first byte goes out: from then on a client may rightly ask for the next."""

    def __init__(self, connection: socket.socket, tell: Callable[[], None]) -> None:
        self._connection = connection
        self._tell: Callable[[], None] | None = tell

    def begin(self) -> None:
        if self._tell is not None:
            self._tell()
            self._tell = None

    def sendall(self, data: bytes) -> None:
        self.begin()
        self._connection.sendall(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


def raw(*parts: bytes) -> Turn:
    """Send exactly these bytes, and hang up."""

    def turn(_: Request, connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return turn


def answer(
    status: int = 200,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    length: int | str | None = -1,
    keep: bool = False,
) -> Turn:
    """Answer as servers do, HEAD without the body. A `length` of None is left out, one of -1 is the true one."""

    def turn(request: Request, connection: socket.socket) -> bool:
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in (headers or {}).items())]
        if length is not None:
            lines.append(f"Content-Length: {len(body) if length == -1 else length}")
        if not keep:
            lines.append("Connection: close")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        connection.sendall(head if request.method == "HEAD" else head + body)
        return keep

    return turn


def by_method(head: Turn, get: Turn) -> Turn:
    """Answer HEAD one way and GET another."""
    return lambda request, connection: (head if request.method == "HEAD" else get)(request, connection)


def silent(request: Request, _: socket.socket) -> None:
    """Never answer."""
    request.stop.wait()


def reset(_: Request, connection: socket.socket) -> None:
    """Break the connection off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def then(*turns: Turn) -> Turn:
    """Do one thing after the other on a connection."""

    def turn(request: Request, connection: socket.socket) -> None:
        for each in turns:
            each(request, connection)

    return turn


def drip(data: bytes, every_s: float = 0.01) -> Turn:
    """Send a byte now and then, over and over."""

    def turn(request: Request, connection: socket.socket) -> None:
        while True:
            for byte in data:
                connection.sendall(bytes([byte]))
                if request.stop.wait(every_s):
                    return

    return turn


def endless(piece: bytes, head: bytes = b"") -> Turn:
    """Send a piece over and over, as fast as it is taken."""

    def turn(request: Request, connection: socket.socket) -> None:
        connection.sendall(head)
        while not request.stop.is_set():
            connection.sendall(piece)

    return turn


def chunked(parts: Iterable[bytes], *, end: bool = True) -> bytes:
    """Return a body in chunks."""
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return chunks + (b"0\r\n\r\n" if end else b"")
