"""Show notes for places that have no HTML."""

from __future__ import annotations

import html
import re


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
