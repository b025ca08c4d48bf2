"""The preview's server: this machine only, one edition at a time, bytes in ranges, and word of every change.

Spec: RFC 9110 and 9112 (HTTP/1.1); https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path, PurePosixPath
from threading import Condition
from typing import BinaryIO, Final, cast
from urllib.parse import unquote, urlsplit

from feedbuilder.errors import UsageError
from feedbuilder.preview.edition import Edition
from feedbuilder.preview.ranges import UnsatisfiableError, parse_range
from feedbuilder.preview.remarks import EVENTS
from feedbuilder.render import Content
from feedbuilder.render.pages.addresses import INDEX

LOCAL: Final = "127.0.0.1"
_HEARTBEAT_S: Final = 15.0
_CHUNK_BYTES: Final = 1 << 16
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",  # as static hosts say; application/rss+xml shows as plain text
    ".rss": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".gif": "image/gif",
    ".avif": "image/avif", ".bmp": "image/bmp", ".mov": "video/quicktime",
    ".svg": "image/svg+xml",
    ".mp3": "audio/mpeg", ".m4a": "audio/x-m4a", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav",
    ".flac": "audio/flac", ".aac": "audio/aac", ".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm",
}  # fmt: skip
# The pages say more strictly what they load; this holds for everything, and for browsers that would frame it.
_POLICY: Final = (
    "default-src 'self'; img-src 'self' http: https:; media-src 'self' http: https:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class PreviewServer(ThreadingHTTPServer):
    """Serves the edition it was last given."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, edition: Edition, port: int) -> None:
        """Take a port of this machine, 0 for any that is free.

        Raises:
            UsageError: when the port cannot be had.
        """
        try:
            super().__init__((LOCAL, port), _Answer)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(f"port {port} cannot be used: {reason}; choose another with --port") from error
        self.edition = edition
        self.number = 1
        self.changed = Condition()

    @property
    def address(self) -> str:
        """Where a browser finds the pages."""
        return f"http://{LOCAL}:{self.server_port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which this machine may be asked; a page elsewhere whose name was made to lead here has none."""
        return frozenset({f"{LOCAL}:{self.server_port}", f"localhost:{self.server_port}"})

    def replace(self, edition: Edition) -> None:
        """Serve another edition from now on, and tell the open pages."""
        with self.changed:
            self.edition = edition
            self.number += 1
            self.changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over readers who leave; anything else is a bug and shows."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Answer(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "feedbuilder"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    @property
    def _preview(self) -> PreviewServer:
        return cast("PreviewServer", self.server)

    def _answer(self) -> None:
        if self.headers.get("Host", "").lower() not in self._preview.hosts:
            self._say(HTTPStatus.MISDIRECTED_REQUEST, "This preview answers to 127.0.0.1 and localhost only.\n")
            return
        path = unquote(urlsplit(self.path).path).removeprefix("/") or INDEX
        if path == EVENTS:
            self._tell_changes()
            return
        if path == "favicon.ico":  # browsers ask for it beside what is no page
            self._begin(HTTPStatus.NO_CONTENT, {})
            return
        if (content := self._preview.edition.content(path)) is None:
            self._say(HTTPStatus.NOT_FOUND, f"There is no {path}.\n")
            return
        try:
            with _opened(content) as (stream, length, tag):
                self._send(stream, length, tag, _type_of(path))
        except FileNotFoundError:
            self._say(HTTPStatus.NOT_FOUND, f"The file behind {path} is gone.\n")

    def _send(self, stream: BinaryIO, length: int, tag: str, mime_type: str) -> None:
        if tag in {each.strip().removeprefix("W/") for each in self.headers.get("If-None-Match", "").split(",")}:
            self._begin(HTTPStatus.NOT_MODIFIED, {"ETag": tag})
            return
        header = self.headers.get("Range")
        if self.headers.get("If-Range") not in (None, tag):
            header = None
        try:
            part = parse_range(header, length) if self.command == "GET" else None
        except UnsatisfiableError:
            self._begin(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                {"Content-Range": f"bytes */{length}", "Content-Length": "0"},
            )
            return
        headers = {"Content-Type": mime_type, "ETag": tag, "Accept-Ranges": "bytes"}
        if part is None:
            self._begin(HTTPStatus.OK, headers | {"Content-Length": str(length)})
            first, left = 0, length
        else:
            first, left = part.first, part.last - part.first + 1
            told = {"Content-Range": f"bytes {part.first}-{part.last}/{length}", "Content-Length": str(left)}
            self._begin(HTTPStatus.PARTIAL_CONTENT, headers | told)
        if self.command == "GET":
            stream.seek(first)
            while left > 0 and (chunk := stream.read(min(left, _CHUNK_BYTES))):
                self.wfile.write(chunk)
                left -= len(chunk)
            if left:  # the file became shorter: a whole answer is no longer possible
                self.close_connection = True

    def _tell_changes(self) -> None:
        self._begin(HTTPStatus.OK, {"Content-Type": "text/event-stream", "Connection": "close"})
        self.close_connection = True
        preview, told = self._preview, 0
        while True:
            with preview.changed:
                if told == preview.number:
                    preview.changed.wait(_HEARTBEAT_S)
                number = preview.number
            line = f"event: edition\ndata: {number}\n\n" if number != told else ": still here\n\n"
            self.wfile.write(line.encode())
            told = number

    def _say(self, status: HTTPStatus, words: str) -> None:
        content = words.encode()
        headers = {"Content-Type": _TYPES[".txt"], "Content-Length": str(len(content))}
        self._begin(status, headers)
        if self.command != "HEAD":
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002
        """Keep quiet: the browser shows what is missing."""


@contextmanager
def _opened(content: Content) -> Iterator[tuple[BinaryIO, int, str]]:
    """Open a file's content; give it with its length and what tells one state of it from another."""
    if isinstance(content, bytes):
        yield BytesIO(content), len(content), f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        return
    with Path(content).open("rb") as stream:
        stream.seek(0, 2)
        length = stream.tell()
        yield stream, length, f'"{length:x}-{Path(content).stat().st_mtime_ns:x}"'


def _type_of(path: str) -> str:
    name = PurePosixPath(path)
    if name.parts[0] == "chapters" and name.suffix == ".json":
        return "application/json+chapters; charset=utf-8"
    return _TYPES.get(name.suffix.lower(), "application/octet-stream")
