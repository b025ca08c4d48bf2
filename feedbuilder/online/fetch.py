"""Fetch one document: the feed of the show's present host.

Whole or not at all: a feed that was cut short would look like a show that lost episodes.

Spec: RFC 9110 §13.1 (conditional requests), RFC 1952 (gzip).
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from feedbuilder.online.addresses import PUBLIC_WEB, Reach
from feedbuilder.online.connections import Answer, Web, refusal
from feedbuilder.online.faults import FaultKind, WebFaultError, web_fault
from feedbuilder.online.patience import USUAL, Patience, Turns, persist

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f"


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """What stands at an address."""

    body: bytes  # unpacked
    final_url: str  # after redirects; over http:// anybody on the way could change it
    content_type: str | None  # as the server says it
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotModified:
    """What stands at an address is what was there last time."""

    etag: str | None


def fetch_document(
    url: str,
    *,
    limit_bytes: int,
    deadline_s: float,
    reach: Reach = PUBLIC_WEB,
    etag: str | None = None,
    last_modified: str | None = None,
    patience: Patience = USUAL,
) -> Document | NotModified:
    """Return the document at an address, or that it is the one with this `etag` or `last_modified`.

    `limit_bytes` holds for the unpacked size, `deadline_s` for everything together.

    Raises:
        WebFaultError: when it cannot be had, or not whole.
    """
    until_s = time.monotonic() + deadline_s
    known = conditional(etag, last_modified)
    web = Web(reach, Turns(1, patience), deadline_s)
    return persist(lambda: _fetch(web, url, known, limit_bytes, until_s), patience, until_s)


def conditional(etag: str | None, last_modified: str | None = None) -> dict[str, str]:
    """Return the headers that ask for a document only when it changed; what no header can hold is left out."""
    known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in known.items() if value and re.fullmatch(r"[\x21-\x7e][\x20-\x7e]*", value)}


def _fetch(web: Web, url: str, known: dict[str, str], limit_bytes: int, until_s: float) -> Document | NotModified:
    with web.ask("GET", url, {"Accept-Encoding": "gzip", **known}, until_s) as answer:
        etag = answer.headers.get("etag")
        if answer.status == 304 and known:
            return NotModified(etag=etag or known.get("If-None-Match"))
        if answer.status != 200:
            raise refusal(answer, "the feed")
        body = read_body(answer, limit_bytes)
        if not body:
            message = f"{answer.target} answers with nothing"
            raise web_fault(FaultKind.BAD_ANSWER, message, "try later", may_pass=True)
        return Document(
            body=body,
            final_url=answer.target.url,
            content_type=answer.headers.get("content-type"),
            etag=etag,
            last_modified=answer.headers.get("last-modified"),
        )


def read_body(answer: Answer, limit_bytes: int) -> bytes:
    """Return the body of an answer, unpacked.

    Raises:
        WebFaultError: when it is damaged, or larger than that.
    """
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        message = f"{answer.target} is packed as {packing[:40]!r}, which was not asked for"
        raise web_fault(FaultKind.BAD_ANSWER, message, "let the server send it plain or as gzip")
    sent = _at_most(answer.body, limit_bytes, answer)
    unpacked = _unpacked(sent, limit_bytes, answer) if packing.endswith("gzip") else sent
    return b"".join(_at_most(unpacked, limit_bytes, answer))


def _at_most(parts: Iterable[bytes], limit_bytes: int, answer: Answer) -> Iterator[bytes]:
    length = 0
    for part in parts:
        length += len(part)
        if length > limit_bytes:
            message = f"{answer.target} is larger than {limit_bytes:,} bytes"
            raise web_fault(FaultKind.BAD_ANSWER, message, "check that the address is the right one")
        yield part


def _unpacked(parts: Iterable[bytes], limit_bytes: int, answer: Answer) -> Iterator[bytes]:
    """Yield a gzip stream unpacked, in pieces of at most `limit_bytes` and one."""
    unpacker = zlib.decompressobj(_GZIP)
    rest = b""
    for part in parts:
        rest += part
        while rest:
            if unpacker.eof:
                if not rest.startswith(_GZIP_MAGIC):  # padding after the end, as gzip itself lets pass
                    rest = b""
                    break
                unpacker = zlib.decompressobj(_GZIP)
            try:
                yield unpacker.decompress(rest, limit_bytes + 1)
            except zlib.error as error:
                raise _damaged(answer) from error
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if not unpacker.eof:
        raise _damaged(answer)


def _damaged(answer: Answer) -> WebFaultError:
    message = f"{answer.target} is damaged gzip, or cut short"
    return web_fault(FaultKind.BAD_ANSWER, message, "try later", may_pass=True)
