"""What a server's answer says of an audio file: is it there, how long, of what type.

Spec: RFC 9110 §14 (ranges), §8.6 (Content-Length: of the range, not of the file, in a 206).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

from feedbuilder.online.connections import Answer, refusal
from feedbuilder.online.faults import FaultKind, web_fault
from feedbuilder.vocabulary.media import MEDIA_TYPES

_COMMON_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "audio/mp3": "audio/mpeg",
        "audio/mpeg3": "audio/mpeg",
        "audio/mpg": "audio/mpeg",
        "audio/x-mp3": "audio/mpeg",
        "audio/x-mpeg": "audio/mpeg",
        "audio/x-mpeg-3": "audio/mpeg",
        "audio/mp4a-latm": "audio/mp4",
    }
)
"""What servers write → what is meant."""
_SAYS_NOTHING: Final = frozenset(
    {
        "",
        "application/octet-stream",
        "binary/octet-stream",
        "application/binary",
        "application/download",
        "application/force-download",
        "application/x-download",
        "application/x-octet-stream",
        "text/plain",  # what old servers call every file they do not know
    }
)
_LENGTH: Final = re.compile(r"[0-9]{1,15}")
_CONTENT_RANGE: Final = re.compile(r"bytes\s+(?:\*|[0-9]+\s*-\s*[0-9]+)\s*/\s*(\*|[0-9]{1,15})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteAudio:
    """What a server says of the audio at an address."""

    url: str  # as published; what it redirects to may change any day
    final_url: str
    length_bytes: int | None  # None: the server does not say
    mime_type: str | None  # None: neither the server nor the ending says
    etag: str | None


def read_answer(answer: Answer, url: str) -> RemoteAudio:
    """Return what an answer to HEAD, or to GET for the first byte, says of the audio.

    Raises:
        WebFaultError: when there is none.
    """
    length_bytes = _read_length(answer)
    if length_bytes == 0:
        message = f"the audio at {answer.target} is empty"
        raise web_fault(FaultKind.BAD_ANSWER, message, "upload it again")
    if answer.status not in (200, 206):
        raise refusal(answer, "the audio")
    return RemoteAudio(
        url=url,
        final_url=answer.target.url,
        length_bytes=length_bytes,
        mime_type=_read_type(answer, url),
        etag=answer.headers.get("etag"),
    )


def _read_length(answer: Answer) -> int | None:
    """Return the length of the whole file."""
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        return None  # the length is that of the packed file
    if answer.status in (206, 416):
        given = answer.headers.get("content-range", "")
        found = _CONTENT_RANGE.fullmatch(given.strip())
        if found is None and answer.status == 206:
            message = f"{answer.target} answers with a part of the file, and {given[:80]!r} for its place in it"
            raise web_fault(FaultKind.BAD_ANSWER, message, "mend how the server answers to Range")
        return int(found[1]) if found and found[1] != "*" else None
    given = answer.headers.get("content-length", "").strip()
    return int(given) if answer.status == 200 and _LENGTH.fullmatch(given) else None


def _read_type(answer: Answer, url: str) -> str | None:
    """Return the type of the file in the word feeds use for it.

    Raises:
        WebFaultError: when it is a web page or the like.
    """
    given = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    given = _COMMON_NAMES.get(given, given)
    accepted = [MEDIA_TYPES[ending] for ending in _endings(url, answer.target.url)]
    if given in _SAYS_NOTHING:
        return accepted[0][0] if accepted else None
    for types in (*accepted, *MEDIA_TYPES.values()):
        if given in types:
            return types[0]
    if given.startswith(("audio/", "video/")):
        return given
    message = f"{answer.target} is no audio: the server calls it {given[:80]}"
    raise web_fault(FaultKind.NOT_AUDIO, message, "correct the address, or the type on the server")


def _endings(*urls: str) -> list[str]:
    """Return the known endings of addresses, in lower case and without the dot."""
    endings = (posixpath.splitext(unquote(urlsplit(url).path))[1][1:].lower() for url in urls)
    return [ending for ending in endings if ending in MEDIA_TYPES]
