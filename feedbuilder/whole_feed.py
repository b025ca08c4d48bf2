"""The feed of the show's present host from the web, with all its pages: what an import starts from."""

from __future__ import annotations

from feedbuilder.config import HOST_FEED_NAME
from feedbuilder.errors import UsageError
from feedbuilder.online.addresses import PUBLIC_WEB, Reach
from feedbuilder.online.pages import fetch_pages
from feedbuilder.online.patience import USUAL, Patience
from feedbuilder.source.host_feed.pages import Pages
from feedbuilder.source.host_feed.text import MAX_FEED_BYTES
from feedbuilder.takeover import Source

_PAGE_DEADLINE_S = 120.0
_ALL_DEADLINE_S = 600.0


def fetch_feed(address: str, reach: Reach = PUBLIC_WEB, patience: Patience = USUAL) -> Source:
    """Return the feed at an address with the items of all its pages.

    Raises:
        UsageError: when what is there is no feed.
        WebFaultError: when a page cannot be had.
    """
    pages = Pages(HOST_FEED_NAME)
    try:
        fetch_pages(
            address, lambda document: pages.add(document.body, document.final_url), limit_bytes=MAX_FEED_BYTES,
            deadline_s=_PAGE_DEADLINE_S, all_deadline_s=_ALL_DEADLINE_S, reach=reach, patience=patience,
        )  # fmt: skip
    except UsageError as error:  # its places are in no file, least of all in the feed that an import kept before
        told = "; ".join(f"{fault.message} → {fault.remedy}" for fault in error.problems)
        which = f"page {pages.count + 1} of " if pages.count else ""
        raise UsageError(f"{which}{address.partition('?')[0]} cannot be used: {told}") from error
    content, problems = pages.joined()
    return Source(content=content, address=address, pages=pages.count, problems=tuple(problems))
