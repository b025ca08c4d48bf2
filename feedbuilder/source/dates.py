"""Dates as people write them in front matter; nothing is guessed where two readings are possible."""

from __future__ import annotations

import re
from datetime import date, datetime

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}")
_DIGITS_ONLY = re.compile(r"[\d./\- ]+")


def parse_moment(text: str) -> date | datetime:
    """Return a date where only a day is given, else a datetime, aware if the text has an offset.

    >>> parse_moment("2021-02-23"), parse_moment("Tue, 23 Feb 2021 10:00:00 GMT").isoformat()
    (datetime.date(2021, 2, 23), '2021-02-23T10:00:00+00:00')

    Raises:
        ValueError: for what is no date, and for `03/04/2021`, which is two.
    """
    try:
        moment: date | datetime = date.fromisoformat(text) if _DAY.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        moment = _parse_words(text)
    if not 1990 <= moment.year <= 2199:
        raise ValueError(f"{text!r} is not a year podcasts are made in")
    return moment


def _parse_words(text: str) -> date | datetime:
    """Read month names, RFC 2822 and the like with dateutil, which fills gaps in from a default: two must agree."""
    from dateutil import parser  # noqa: PLC0415  (ISO dates, nearly all there are, do not need it)

    if _DIGITS_ONLY.fullmatch(text):
        raise ValueError(f"{text!r} is not a date that has one meaning only")
    # The two stand-ins differ in every part, so what the text leaves out shows as a difference.
    stand_ins = datetime(2000, 1, 1, 0, 0), datetime(2004, 2, 3, 4, 5)  # noqa: DTZ001  (the text may bring a zone)
    try:
        first, second = (parser.parse(text, default=stand_in) for stand_in in stand_ins)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a date") from error
    if first.date() != second.date():
        raise ValueError(f"{text!r} is only part of a date")
    return first.date() if first.time() != second.time() else first
