"""Dates as people write them in front matter; nothing is guessed where two readings are possible."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo

_DAY = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})")  # the year first: only one reading
_LONGEST = 100  # letters of a date in words
_AMBIGUOUS = re.compile(r"[\d./\- ]+|.*(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d).*")
_HOURS = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
          "PST": -8, "PDT": -7}  # fmt: skip
"""The zones RFC 2822 (4.3) gives a meaning to; other names mean different hours to different people."""


def parse_moment(text: str) -> date | datetime:
    """Return a date where only a day is given, else a datetime, aware if the text has an offset.

    >>> parse_moment("2021-02-23"), parse_moment("Tue, 23 Feb 2021 10:00:00 EST").isoformat()
    (datetime.date(2021, 2, 23), '2021-02-23T10:00:00-05:00')

    Raises:
        ValueError: for what is no date, and for `03/04/2021`, which is two.
    """
    if day := _DAY.fullmatch(text):
        moment: date | datetime = _day(text, int(day[1]), int(day[3]), int(day[4]))
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = _parse_words(text)
    if not 1990 <= moment.year <= 2199:
        raise ValueError(f"{text!r} is not a year podcasts are made in")
    return moment


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{text!r} is not in the calendar: {error}") from error


def _parse_words(text: str) -> date | datetime:
    """Read month names, RFC 2822 and the like with dateutil, which fills gaps in from a default: two must agree."""
    from dateutil import parser  # noqa: PLC0415  (ISO dates, nearly all there are, do not need it)

    if len(text) > _LONGEST or _AMBIGUOUS.fullmatch(text):
        raise ValueError(f"{text!r} is not a date with one meaning only")
    # The two stand-ins differ in every part, so what the text leaves out shows as a difference.
    stand_ins = datetime(2000, 1, 1, 0, 0), datetime(2004, 2, 3, 4, 5)  # noqa: DTZ001  (the text may bring a zone)
    try:
        first, second = (parser.parse(text, default=stand_in, tzinfos=_zone) for stand_in in stand_ins)
    except (ValueError, ArithmeticError, TypeError, IndexError) as error:  # dateutil raises all of them
        raise ValueError(str(error) if isinstance(error, _UnknownZoneError) else f"{text!r} is not a date") from error
    if first.date() != second.date():
        raise ValueError(f"{text!r} is only part of a date")
    return first.date() if first.hour != second.hour else first


class _UnknownZoneError(ValueError):
    pass


def _zone(name: str | None, offset_seconds: int | None) -> tzinfo | None:
    """Return the zone a text names; dateutil's own reading of names depends on the machine it runs on."""
    if offset_seconds is not None:
        return timezone(timedelta(seconds=offset_seconds))
    if name is None:
        return None
    if name.upper() not in _HOURS:
        raise _UnknownZoneError(f"the zone {name} means different hours in different places; write +02:00 and the like")
    return timezone(timedelta(hours=_HOURS[name.upper()]))
