"""Tell a monitoring service how a run went, so that it can tell somebody when one fails or does not come at all.

Spec: https://healthchecks.io/docs/signaling_failures/ (the exit code after the address; Better Stack reads it too)
"""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import urlsplit

from feedbuilder.online.addresses import PUBLIC_WEB, Reach
from feedbuilder.online.connections import Web, refusal
from feedbuilder.online.faults import FaultKind, WebFaultError
from feedbuilder.online.patience import Patience, Turns, persist

DEADLINE_S: Final = 10.0
_SHORT: Final = Patience(first_pause_s=0.5, longest_pause_s=3.0)
_REASONS: Final = {
    FaultKind.FORBIDDEN_ADDRESS: "only public web servers are asked",
    FaultKind.UNREACHABLE: "it cannot be reached",
    FaultKind.TOO_SLOW: "it does not answer in time",
    FaultKind.NOT_THERE: "it does not know that address",
    FaultKind.NOT_ALLOWED: "it does not let us",
    FaultKind.BUSY: "it is busy",
    FaultKind.SERVER_ERROR: "it is in trouble itself",
}


def ping_url(url: str, exit_code: int) -> str:
    """Return the address that says how a run ended.

    >>> ping_url("https://hc-ping.com/key/slug?create=1", 0)
    'https://hc-ping.com/key/slug?create=1'
    >>> ping_url("https://hc-ping.com/key/slug?create=1", 4)
    'https://hc-ping.com/key/slug/4?create=1'
    """
    if exit_code == 0:
        return url
    path, mark, query = url.partition("#")[0].partition("?")
    return f"{path.rstrip('/')}/{exit_code}{mark}{query}"


def ping(
    url: str, exit_code: int, reach: Reach = PUBLIC_WEB, *, deadline_s: float = DEADLINE_S, patience: Patience = _SHORT
) -> str | None:
    """Tell the service at an address how a run ended; return why that failed, or None.

    The address is a key, and stands in no message.
    """
    if not url.lower().startswith(("https://", "http://")):
        return "the monitoring service was not told how the run ended: its address has to begin with https://"
    until_s = time.monotonic() + deadline_s
    web = Web(reach, Turns(1, patience), deadline_s)
    try:
        status = persist(lambda: _ask(web, ping_url(url, exit_code), until_s), patience, until_s)
    except WebFaultError as error:
        reason = _REASONS.get(error.fault.kind, "its answer cannot be used")
    else:
        if 200 <= status < 300:
            return None
        reason = f"it answers {status}"
    return f"{_host(url)} was not told how the run ended: {reason}"


def _ask(web: Web, url: str, until_s: float) -> int:
    with web.ask("GET", url, {}, until_s) as answer:
        if answer.status in (429, 503) or answer.status >= 500:
            raise refusal(answer, "an answer")
        return answer.status


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the monitoring service"
    except ValueError:
        return "the monitoring service"
