"""Ask web servers about audio files: length and type, without loading them; many at once, a few for each host."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

from feedbuilder.online.addresses import PUBLIC_WEB, Reach, read_target
from feedbuilder.online.audio_answer import RemoteAudio, read_answer
from feedbuilder.online.connections import Web, refusal
from feedbuilder.online.faults import FaultKind, WebFault, WebFaultError
from feedbuilder.online.fetch import NotModified, conditional
from feedbuilder.online.lanes import in_lanes
from feedbuilder.online.patience import USUAL, Patience, Turns, persist

_HEADERS: Final[Mapping[str, str]] = {"Accept": "audio/*, video/*, */*;q=0.1", "Accept-Encoding": "identity"}

AudioFound = RemoteAudio | NotModified | WebFault


def ask_audio(
    urls: Sequence[tuple[str, str | None]],
    *,
    reach: Reach = PUBLIC_WEB,
    per_host: int = 2,
    each_deadline_s: float = 10.0,
    total_deadline_s: float = 300.0,
    patience: Patience = USUAL,
) -> dict[str, AudioFound]:
    """Return what the servers say of each address, in the order given; each is asked once.

    With every address comes the etag of its last answer, or None; `NotModified` where that still holds.
    `each_deadline_s` holds for a single request. Addresses whose turn has not come after `total_deadline_s` are
    `NOT_ASKED`, and so are those left of a host that has stopped answering.
    """
    etags: dict[str, str | None] = {}
    for url, etag in urls:
        etags.setdefault(url, etag)
    until_s = time.monotonic() + total_deadline_s
    web = Web(reach, Turns(per_host, patience), each_deadline_s)

    def ask(url: str) -> AudioFound:
        return _ask(web, url, etags[url], patience, until_s)

    return in_lanes(etags, ask, lambda fault: fault, per_host)


def _ask(web: Web, url: str, etag: str | None, patience: Patience, until_s: float) -> AudioFound:
    if time.monotonic() >= until_s:
        message = f"{read_target(url)} was not asked: no time was left"
        return WebFault(kind=FaultKind.NOT_ASKED, message=message, remedy="the next run asks again")
    headers = {**_HEADERS, **conditional(etag)}
    try:
        return persist(lambda: _ask_once(web, url, headers, until_s), patience, until_s)
    except WebFaultError as error:
        return error.fault


def _ask_once(web: Web, url: str, headers: Mapping[str, str], until_s: float) -> RemoteAudio | NotModified:
    """Ask by HEAD, and where that says too little, for the first byte. What GET says counts: players use it too."""
    try:
        by_head = _ask_by_head(web, url, headers, until_s)
    except WebFaultError as error:
        if error.fault.kind not in (FaultKind.BAD_ANSWER, FaultKind.TOO_SLOW):
            raise
        by_head = None  # some servers hang up on HEAD, or never answer it
    if by_head is not None:
        return by_head
    with web.ask("GET", url, {**headers, "Range": "bytes=0-0"}, until_s) as answer:
        if answer.status == 304 and "If-None-Match" in headers:
            return NotModified(etag=headers["If-None-Match"])
        return read_answer(answer, url)


def _ask_by_head(web: Web, url: str, headers: Mapping[str, str], until_s: float) -> RemoteAudio | NotModified | None:
    with web.ask("HEAD", url, headers, until_s) as answer:
        if answer.status == 304 and "If-None-Match" in headers:
            return NotModified(etag=headers["If-None-Match"])
        if answer.status in (429, 503):
            raise refusal(answer, "the audio")
        try:
            audio = read_answer(answer, url)
        except WebFaultError:
            return None
        return audio if audio.length_bytes is not None else None
