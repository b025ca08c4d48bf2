"""Dates, durations and numbers as hosts write them; what was read with a doubt says so.

Spec: RFC 822, 5 (dates, amended by RFC 1123, 5.2.14, and RFC 2822, 4.3); Apple's `itunes:duration`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import NamedTuple

from feedbuilder.source.dates import parse_moment
from feedbuilder.timecode import parse_duration


class Moment(NamedTuple):
    """A point in time, and what is to be said about its text; None where it has no meaning that is certain."""

    at: datetime | None  # aware
    doubt: str | None = None


_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_SHORTER_MONTHS: Mapping[str, int] = MappingProxyType(
    {name[:length]: number for number, name in enumerate(_MONTHS, start=1) for length in (3, 4, len(name))}
)
"""Sept is common too, and four letters of the others do no harm."""

_ZONES: Mapping[str, int] = MappingProxyType(
    {
        "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120,
        "EET": 120, "EEST": 180, "MSK": 180, "JST": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
        "HST": -600, "AKST": -540, "AKDT": -480, "PST": -480, "PDT": -420, "MST": -420, "MDT": -360, "CST": -360,
        "CDT": -300, "EST": -300, "EDT": -240,
    }
)  # fmt: skip
"""Minutes east of UTC; RFC 822 gives the American names their meaning, the others have one in use."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d{1,9})?)?(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = r"(?P<zone>[A-Za-z]{1,5})?(?P<offset>[+-]\d{1,2}:?\d{2})?(?:\s?\([^()]*\))?"
_WEEKDAY = r"(?:(?P<weekday>[^\W\d_]+)\.?,?\s)?"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})[\s-](?P<month>[^\W\d_]+)\.?,?[\s-](?P<year>\d{{2,4}}),?(?:\s{_TIME}\s?{_ZONE})?",
        rf"{_WEEKDAY}(?P<month>[^\W\d_]+)\.?\s(?P<day>\d{{1,2}}),?\s(?P<year>\d{{4}}),?(?:\s{_TIME}\s?{_ZONE})?",
        rf"{_WEEKDAY}(?P<month>[^\W\d_]+)\s(?P<day>\d{{1,2}})\s{_TIME}\s?{_ZONE}\s(?P<year>\d{{4}})",
    )
)
"""RFC 822; month first, as JavaScript and Americans do; C's asctime and the command `date`."""

_ZONE_AND_OFFSET = re.compile(r"\s?(?:UTC|GMT)(?=[+-]\d)")  # dateutil takes GMT+1 for west of Greenwich, as POSIX does
_LONGEST_DATE = 80
_NO_ZONE = "the date names no zone; it is read as UTC"
_UNITS = re.compile(
    r"(?:(?P<hours>\d{1,4}(?:[.,]\d+)?)\s?(?:h|hrs?|hours?|std\.?|stunden?)\b\.?,?\s?)?"
    r"(?:(?P<minutes>\d{1,5}(?:[.,]\d+)?)\s?(?:m|mins?|minutes?|minuten?)\b\.?,?\s?)?"
    r"(?:(?P<seconds>\d{1,7}(?:[.,]\d+)?)\s?(?:s|secs?|seconds?|sekunden?)\b\.?)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
_ONE_NUMBER = re.compile(r"[^\d]*?(?<![\d.,-])(\d{1,9})(?![\w.,]\w)\D*")


def parse_published(text: str) -> Moment:
    """Return when an item came out, by a date in any of the ways feeds have.

    >>> at, doubt = parse_published("Thu, 8 Oct 2014 9:05 PST")  # it was a Wednesday
    >>> at.isoformat(), doubt
    ('2014-10-08T09:05:00-08:00', 'the weekday does not fit the date; the date is taken')
    """
    text = " ".join(text.split())
    if not text:
        return Moment(None, "the date is empty")
    if len(text) > _LONGEST_DATE:
        return Moment(None, f"{text[:_LONGEST_DATE]!r} is not a date")
    for shape in _SHAPES:
        if found := shape.fullmatch(text):
            return _moment(text, found)
    return _other_moment(text)


def _moment(text: str, found: re.Match[str]) -> Moment:
    month = _SHORTER_MONTHS.get(found["month"].lower())
    if month is None:
        return Moment(
            None, f"{text!r} is not a date: feeds name months in English, and {found['month']} is no month of that"
        )
    year = int(found["year"])
    if len(found["year"]) < 4:  # RFC 2822, 4.3
        year += 2000 if year < 50 else 1900
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= 12:
            return Moment(None, f"{text!r} is not a time of day")
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    zone, doubt = _zone(found)
    try:
        day = datetime(year, month, int(found["day"]), tzinfo=zone)
        if (hour, minute, second) == (24, 0, 0):  # ISO 8601's other name for midnight
            at = day + timedelta(days=1)
        else:
            at = day.replace(hour=hour, minute=minute, second=59 if second == 60 else second)
    except (ValueError, OverflowError) as error:
        return Moment(None, f"{text!r} is not a date: {error}")
    weekday = found["weekday"]
    if doubt is None and weekday and weekday[:3].lower() != _WEEKDAYS[day.weekday()]:
        doubt = "the weekday does not fit the date; the date is taken"
    return _of_our_time(at, text, doubt)


def _zone(found: re.Match[str]) -> tuple[timezone, str | None]:
    if offset := found["offset"]:  # of GMT+0100, as JavaScript writes it, only the number tells
        sign, digits = offset[0], offset[1:].replace(":", "").zfill(4)
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if minutes >= 24 * 60:
            return UTC, f"the zone {offset} does not exist; the date is read as UTC"
        return timezone(timedelta(minutes=-minutes if sign == "-" else minutes)), None
    if found["hour"] is None:
        return UTC, "the date has no time of day; it is read as midnight UTC"
    if not (name := found["zone"]):
        return UTC, _NO_ZONE
    if (known := _ZONES.get(name.upper())) is not None:
        return timezone(timedelta(minutes=known)), None
    return UTC, f"the zone {name} means different hours in different places; the date is read as UTC"


def _other_moment(text: str) -> Moment:
    try:
        moment = parse_moment(_ZONE_AND_OFFSET.sub("", text))
    except ValueError as error:
        return Moment(None, str(error))
    if not isinstance(moment, datetime):
        midnight = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
        return Moment(midnight, "the date has no time of day; it is read as midnight UTC")
    if moment.tzinfo is None:
        return Moment(moment.replace(tzinfo=UTC), _NO_ZONE)
    return _of_our_time(moment, text, None)


def _of_our_time(at: datetime, text: str, doubt: str | None) -> Moment:
    if not 1990 <= at.year <= 2199:
        return Moment(None, f"{text!r} is not a year podcasts are made in")
    return Moment(at, doubt)


def parse_length(text: str) -> int | None:
    """Return the milliseconds of a duration; None for zero, which hosts write where they do not know.

    >>> parse_length("1h 2m"), parse_length("00:65:09"), parse_length("3909.5"), parse_length("00:00:00")
    (3720000, 3909000, 3909500, None)

    Raises:
        ValueError: for what is no duration.
    """
    text = " ".join(text.split())[:100]
    if found := _UNITS.fullmatch(text):
        hours, minutes, seconds = (
            float((found[part] or "0").replace(",", ".")) for part in ("hours", "minutes", "seconds")
        )
        return parse_duration(str(hours * 3600 + minutes * 60 + seconds)) or None
    text = ":".join(text.split(":")[:3])  # Apple: of more than two colons, what stands farthest right is ignored
    if text.startswith(("00:", "0:")) and text.count(":") == 2:  # no hours, and minutes that go on past 59
        text = text.partition(":")[2]
    return parse_duration(text) or None


def parse_number(text: str) -> float | None:
    """Return the number of a season or episode, also where a word stands beside it.

    >>> parse_number("12"), parse_number("S02"), parse_number("Ep. #7"), parse_number("3.5")
    (12.0, 2.0, 7.0, 3.5)
    >>> parse_number("S2E5"), parse_number("12/50"), parse_number("-1"), parse_number("12a")
    (None, None, None, None)
    """
    if _NUMBER.fullmatch(text):
        return float(text)
    one = _ONE_NUMBER.fullmatch(text[:100])
    return float(one[1]) if one and not re.search(r"\d[^\W\d_]", text) else None
