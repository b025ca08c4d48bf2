"""Web addresses: told from placeholders, made absolute, mended where the mistake is plain."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_PLACEHOLDERS = frozenset(
    {"todo", "tbd", "tba", "fixme", "xxx", "n/a", "na", "none", "null", "url", "link", "#", "-", "?", "..."}
)
_TODO = re.compile(r"todo\b")
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_ABSOLUTE = re.compile(
    r"https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/[A-Za-z0-9\-._~:/@!$&'()*+,;=]*)?"
    r"(?:\?[A-Za-z0-9\-._~:/@!$&'()*+,;=?]+)?(?:\#[A-Za-z0-9\-._~:/@!$&'()*+,;=?]+)?"
)
"""Addresses in which nothing is to be changed: nearly all."""
WEB = frozenset({"http", "https"})
WEB_AND_MAIL = WEB | {"mailto"}


def is_placeholder(value: str) -> bool:
    """Whether a value only keeps a place: TODO, a dash, a template's braces."""
    word = value.strip().rstrip(".:").lower()
    return not word or word in _PLACEHOLDERS or "{{" in value or (word[:4] == "todo" and bool(_TODO.match(word)))


def absolute_url(value: str, base: str | None, schemes: frozenset[str] = WEB) -> str | None:
    """Return an address with every character legal in a URI, or None when it is none of these schemes.

    >>> absolute_url("/a b.html", "https://example.org/x/")
    'https://example.org/a%20b.html'
    >>> absolute_url("javascript:alert(1)", "https://example.org/") is None
    True

    Spec: RFC 3986.
    """
    if _ABSOLUTE.fullmatch(value) and schemes >= WEB:
        return value
    value = _CONTROL.sub("", value).strip()
    if value.startswith("//"):
        value = f"https:{value}"
    try:
        if base and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", value):
            value = urljoin(base, value)
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in schemes or (parts.scheme in WEB and (not host or re.search(r"[\s<>\"]", host))):
        return None
    if host and not host.isascii():
        try:
            parts = parts._replace(netloc=parts.netloc.replace(host, host.encode("idna").decode("ascii")))
        except UnicodeError:
            return None
    value = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", urlunsplit(parts))
    return _UNSAFE.sub(lambda found: quote(found[0]), value)


def mended_clip_url(value: str) -> str:
    """Return a link to a moment without the parameter that was pasted twice.

    >>> mended_clip_url("https://www.youtube.com/watch?v=NfAJAr7FvyY&t&t=230")
    'https://www.youtube.com/watch?v=NfAJAr7FvyY&t=230'
    """
    address, mark, query = value.partition("?")
    if not mark:
        return value
    query, hash_mark, fragment = query.partition("#")
    by_name: dict[str, str] = {}
    for part in query.split("&"):
        name = part.partition("=")[0]
        if part and ("=" in part or name not in by_name):
            by_name[name] = part
    kept = "&".join(part for name, part in by_name.items() if "=" in part or name != "t")
    return address + (f"?{kept}" if kept else "") + hash_mark + fragment


def unfilled(pattern: str, **values: object) -> str | None:
    """Return the first name of a URL pattern that has no value."""
    return next((name for name in re.findall(r"\{(\w+)\}", pattern) if values.get(name) is None), None)


def fill_pattern(pattern: str, **values: object) -> str:
    """Return a URL pattern with its {names} filled in; a name without a value fills in nothing."""
    return re.sub(
        r"\{(\w+)\}",
        lambda found: quote(
            "" if values.get(found[1]) is None else str(values[found[1]]), safe="", errors="surrogateescape"
        ),
        pattern,
    )
