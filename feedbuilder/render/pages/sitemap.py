"""The pages' addresses for search engines.

Spec: https://www.sitemaps.org/protocol.html (0.90)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape


def render(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Return a sitemap of addresses, each with the moment of its last change."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for url, changed in pages:
        moment = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(url)}</loc>{moment}</url>")
    return "\n".join([*lines, "</urlset>\n"]).encode()
