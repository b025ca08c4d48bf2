"""The forms of values that several rules ask for: dates, contacts, e-mail addresses, pictures."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

MAX_DESCRIPTION_BYTES: Final = 4000
PICTURE_ENDINGS: Final = (".jpg", ".jpeg", ".png")
_DATE = re.compile(
    r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|GMT|UT|UTC|Z|[ECMP][SD]T)"
)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")


def date_flaw(text: str) -> str | None:
    """Return what is wrong with a date of RSS, or None.

    Spec: https://www.rfc-editor.org/rfc/rfc2822 (3.3), with the zone names of RFC 822

    >>> date_flaw("Tue, 31 Dec 2024 06:00:00 +0100")
    >>> date_flaw("Mon, 31 Dec 2024 06:00:00 GMT")
    'the weekday of that day is Tue'
    >>> date_flaw("2024-12-31")
    "'2024-12-31' is not a date such as Tue, 31 Dec 2024 06:00:00 +0000"
    """
    found = _DATE.fullmatch(text)
    moment = moment_of(text) if found else None
    if found is None or moment is None:
        return f"{text[:60]!r} is not a date such as Tue, 31 Dec 2024 06:00:00 +0000"
    weekday = _DAYS[moment.weekday()]
    return f"the weekday of that day is {weekday}" if found[1] and found[1] != weekday else None


def moment_of(text: str) -> datetime | None:
    """Return the moment a date names, aware, or None."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_email(text: str) -> bool:
    """Whether a text is one e-mail address.

    >>> is_email("owner@show.example"), is_email("owner at show.example"), is_email("a@b")
    (True, False, False)
    """
    return _EMAIL.fullmatch(text) is not None


def is_contact(text: str) -> bool:
    """Whether a text is `address (Name)`, as RSS wants people named.

    >>> is_contact("owner@show.example (Robin Seed)"), is_contact("Robin Seed")
    (True, False)
    """
    address, _, name = text.partition(" ")
    return is_email(address) and re.fullmatch(r"\([^()]+\)", name) is not None


def is_picture(url: str) -> bool:
    """Whether an address ends as those of pictures do that directories take, with or without what follows a `?`.

    >>> is_picture("https://a.example/x.PNG?v=2"), is_picture("https://a.example/x?.jpg")
    (True, True)
    >>> is_picture("https://a.example/x.webp")
    False
    """
    url = url.partition("#")[0].lower()
    return url.endswith(PICTURE_ENDINGS) or url.partition("?")[0].endswith(PICTURE_ENDINGS)


def length_bytes(text: str) -> int:
    """Return how many bytes a text takes in a feed."""
    return len(text.encode())
