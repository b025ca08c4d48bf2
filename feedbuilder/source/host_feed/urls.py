"""Addresses in a host's feed: made whole where they are relative, and found in notes.

Spec: RFC 3986, 5 (https://www.rfc-editor.org/rfc/rfc3986#section-5); HTML's attribute values, which escape & twice.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from feedbuilder.vocabulary.characters import FORBIDDEN

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_C1 = re.compile("[\x80-\x9f]")
_LINK = re.compile(
    r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))|(\bhttps?://[^\s<>"'`\\^{|}“”«»]+)""", re.IGNORECASE
)
_PLAIN = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:[/?#][^\s&]*)?")  # nearly all; the rest takes longer
_AFTER_ADDRESS = ".,;:!?'*_…。，、）」"
_ROUNDS = 3  # text of a text of a text was escaped; more rounds nobody wrote


def unescape(text: str) -> str:
    """Return a text without HTML's entities, however often they were escaped.

    A name needs its semicolon, unlike in HTML: `?a=1&copy=2` is an address.

    >>> unescape("Q&amp;amp;A"), unescape("?a=1&copy=2"), unescape("it&#146;s")
    ('Q&A', '?a=1&copy=2', 'it’s')
    """
    for _ in range(_ROUNDS):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if FORBIDDEN.search(text):
        text = _C1.sub(lambda found: found[0].encode("latin-1").decode("cp1252", "replace"), text)
        text = FORBIDDEN.sub("\ufffd", text)
    return text


def address(text: str, base: str | None) -> str | None:
    """Return a web address, made whole with `base`; None for what a browser could not open over the web.

    >>> address("/a b.mp3", "https://show.example/feed"), address("mailto:me@show.example", None)
    ('https://show.example/a%20b.mp3', None)
    """
    text = text.replace("\n", "").strip()
    if _PLAIN.fullmatch(text):
        return text
    if "&" in text:
        text = re.sub("&(?:amp|#0*38);", "&", text)
    if base and not text[:8].lower().startswith(("http://", "https://")):
        try:
            text = urljoin(base, text) if text else ""
        except ValueError:
            return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        return None
    if not usable:
        return None
    return re.sub(r"\s+", lambda space: "%20" * len(space[0]), text)


def addresses_in(text: str, base: str | None) -> list[str]:
    """Return every web address in notes, links and bare ones, in their order and without doubles.

    >>> addresses_in('<a href="/a?b=1&amp;c=2">here</a> or https://b.example/x_(y).', "https://a.example")
    ['https://a.example/a?b=1&c=2', 'https://b.example/x_(y)']
    """
    if "://" not in text and "=" not in text:
        return []
    raw = (
        _trimmed(link[4]) if link[4] else link[1] or link[2] or link[3] or "" for link in _LINK.finditer(unescape(text))
    )
    return [whole for one in dict.fromkeys(raw) if (whole := address(one, base))]


def _trimmed(bare: str) -> str:
    """Return a bare address without what belongs to the sentence around it."""
    end, surplus = len(bare), {")": bare.count(")") - bare.count("("), "]": bare.count("]") - bare.count("[")}
    while end:
        last = bare[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _AFTER_ADDRESS:
            break
        end -= 1
    return bare[:end]
