"""Show notes, and titles, for places that have no HTML."""

from __future__ import annotations

import html
import re

_INLINE_TAG = re.compile(
    r"</?(?:abbr|a|br|b|cite|code|em|i|mark|small|span|strong|sub|sup|s|u)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def plain_text(clean_html: str) -> str:
    r"""Return sanitised HTML as text with paragraphs, list dashes and no tags.

    >>> plain_text("<p>One<br>two</p><ul><li>a &amp; b</li></ul>")
    'One\ntwo\n\n- a & b'
    """
    text = re.sub(r"<br>\n?", "\n", clean_html)
    text = re.sub(r"<li>\s*", "- ", text)
    text = re.sub(r"</(?:li)>\s*", "\n", text)
    text = re.sub(r"</(?:p|ul|ol)>\s*", "\n\n", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def plain_title(text: str) -> str:
    """Return a title that was written for a web page as it is read, on one line; one of nothing but tags as it is.

    >>> plain_title("<em>R&amp;D</em>  or<br>AT&T, 1 < 2")
    'R&D or AT&T, 1 < 2'
    """
    words = _INLINE_TAG.sub(lambda tag: " " if tag[0].lower().startswith("<br") else "", text)
    return " ".join(_ENTITY.sub(lambda entity: html.unescape(entity[0]), words).split()) or " ".join(text.split())
