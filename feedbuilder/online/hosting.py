"""Ask servers about published files: HEAD, GET, a range, whether it changed; many at once, a few for each host.

Spec: RFC 9110; https://fetch.spec.whatwg.org/#http-cors-protocol (what a page of another site may read)
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from feedbuilder.online.addresses import PUBLIC_WEB, Reach, read_target
from feedbuilder.online.connections import Answer, Web, refusal
from feedbuilder.online.faults import FaultKind, WebFault, WebFaultError
from feedbuilder.online.fetch import conditional, read_body
from feedbuilder.online.lanes import in_lanes
from feedbuilder.online.patience import Patience, Turns, persist
from feedbuilder.online.questions import ORIGIN, Ask, Heard, Question, Reply

_LIMIT_BYTES: Final = 73_400_320  # of what is read whole, as the Podcast Index takes feeds
_PATIENCE: Final = Patience(attempts=2)
_USELESS_TO_GO_ON: Final = frozenset({FaultKind.UNREACHABLE, FaultKind.FORBIDDEN_ADDRESS, FaultKind.NOT_ASKED})


def ask_servers(
    asks: Sequence[Ask],
    *,
    reach: Reach = PUBLIC_WEB,
    per_host: int = 4,
    each_deadline_s: float = 30.0,
    total_deadline_s: float = 600.0,
    patience: Patience = _PATIENCE,
) -> dict[str, Heard]:
    """Return what servers answer about each address; each stands in `asks` once.

    Addresses whose turn has not come after `total_deadline_s` are `NOT_ASKED`, and so are those left of a host that has
    stopped answering.
    """
    by_url = {ask.url: ask for ask in asks}
    until_s = time.monotonic() + total_deadline_s
    web = Web(reach, Turns(per_host, patience), each_deadline_s)

    def heard(url: str) -> Heard:
        return _heard(web, by_url[url], patience, until_s)

    return in_lanes(by_url, heard, lambda fault: {Question.HEAD: fault}, per_host)


def _heard(web: Web, ask: Ask, patience: Patience, until_s: float) -> Heard:
    heard: dict[Question, Reply | WebFault] = {}
    for question in ask.questions:
        headers = _headers(ask, question, heard.get(Question.WHOLE))
        if headers is None:
            continue
        given = _persisted(partial(_once, web, ask, question, headers, until_s), ask, patience, until_s)
        heard[question] = given
        if isinstance(given, WebFault) and given.kind in _USELESS_TO_GO_ON:
            break
    return heard


def _persisted(attempt: Callable[[], Reply], ask: Ask, patience: Patience, until_s: float) -> Reply | WebFault:
    if time.monotonic() >= until_s:
        message = f"{read_target(ask.url)} was not asked: no time was left"
        return WebFault(kind=FaultKind.NOT_ASKED, message=message, remedy="ask for fewer episodes")
    try:
        return persist(attempt, patience, until_s)
    except WebFaultError as error:
        return error.fault


def _headers(ask: Ask, question: Question, whole: Reply | WebFault | None) -> dict[str, str] | None:
    """Return what to send with a question; None where it makes no sense."""
    # Feeds are asked for as apps do; of what is compared by its length nothing may be packed.
    headers = {"Accept": "*/*", "Accept-Encoding": "gzip" if ask.keeps_body else "identity"}
    if ask.as_web_player:
        headers["Origin"] = ORIGIN
    if question is Question.RANGE:
        headers["Range"] = "bytes=0-1"
    if question is Question.AGAIN:
        known = _known(whole.headers) if isinstance(whole, Reply) and whole.status == 200 else {}
        return headers | known if known else None
    return headers


def _known(headers: Mapping[str, str]) -> dict[str, str]:
    return conditional(headers.get("etag"), headers.get("last-modified"))


def _once(web: Web, ask: Ask, question: Question, headers: Mapping[str, str], until_s: float) -> Reply:
    method = "HEAD" if question is Question.HEAD else "GET"
    with web.ask(method, ask.url, headers, until_s) as answer:
        if answer.status == 429 or (answer.status >= 500 and question is not Question.HEAD):
            raise refusal(answer, "the file")
        body = read_body(answer, _LIMIT_BYTES) if question is Question.WHOLE and answer.status == 200 else None
        return _reply(answer, body, ask.keeps_body)


def _reply(answer: Answer, body: bytes | None, keeps_body: bool) -> Reply:
    return Reply(
        url=answer.target.url,
        status=answer.status,
        headers=answer.headers,
        redirects=answer.redirects,
        length_bytes=None if body is None else len(body),
        sha256=None if body is None else hashlib.sha256(body).hexdigest(),
        body=body if keeps_body else None,
    )
