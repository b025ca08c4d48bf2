"""Fetch documents that each name the next: the pages of a long feed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from feedbuilder.online.addresses import PUBLIC_WEB, Reach
from feedbuilder.online.faults import FaultKind, WebFaultError, web_fault
from feedbuilder.online.fetch import Document, NotModified, fetch_document
from feedbuilder.online.patience import USUAL, Patience, too_slow

MAX_PAGES: Final = 1000


def fetch_pages(
    url: str,
    read_page: Callable[[Document], str | None],
    *,
    limit_bytes: int,
    deadline_s: float,
    all_deadline_s: float,
    reach: Reach = PUBLIC_WEB,
    patience: Patience = USUAL,
) -> None:
    """Hand the document at an address to `read_page`, then the one at the address that this returns, until it is None.

    `limit_bytes` holds for all together, `deadline_s` for each.

    Raises:
        WebFaultError: when one cannot be had, or there is no end of them.
    """
    until_s = time.monotonic() + all_deadline_s
    for number in range(1, MAX_PAGES + 1):
        left_s = until_s - time.monotonic()
        try:
            if left_s <= 0:
                raise too_slow("the server")
            document = fetch_document(
                url, limit_bytes=limit_bytes, deadline_s=min(deadline_s, left_s), reach=reach, patience=patience
            )
        except WebFaultError as error:
            raise error if number == 1 else _missing(number, error) from error
        assert not isinstance(document, NotModified), "no earlier answer was named"
        limit_bytes -= len(document.body)
        following = read_page(document)
        if following is None:
            return
        url = following
    message = f"the feed goes on after {MAX_PAGES:,} pages"
    raise web_fault(FaultKind.BAD_ANSWER, message, "ask the host for its feed with all episodes in one piece")


def _missing(number: int, error: WebFaultError) -> WebFaultError:
    message = f"page {number} of the feed, without which episodes would be missing, cannot be had: "
    return WebFaultError(replace(error.fault, message=message + error.fault.message))
