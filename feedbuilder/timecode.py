"""Durations and clock positions: text on the outside, integer milliseconds inside.

Spec: ISO 8601-1:2019, 5.5.2 (durations); `itunes:duration` and WebVTT timestamps as their own documents write them.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

_CLOCK = re.compile(r"(?:(?P<hours>\d{1,9}):)?(?P<minutes>\d{1,9}):(?P<seconds>\d{1,2})(?:[.,](?P<fraction>\d+))?")
_SECONDS = re.compile(r"\d{1,12}(?:[.,]\d+)?")
LONGEST_MS = 1000 * 3600 * 1000
"""A thousand hours: the longest position two-digit-hour players and this program take for real."""


def parse_duration(text: str) -> int:
    """Return the milliseconds of a duration or position: ISO 8601, clock time, or seconds.

    >>> parse_duration("PT01H05M09S"), parse_duration("1:05:09"), parse_duration("65:09"), parse_duration("3909")
    (3909000, 3909000, 3909000, 3909000)
    >>> parse_duration("P0DT1H"), parse_duration("0.5")
    (3600000, 500)

    Raises:
        ValueError: for anything else, with a message made for the owner.
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        milliseconds = round(float(text.replace(",", ".")) * 1000)
    elif clock := _CLOCK.fullmatch(text):
        milliseconds = _clock_ms(clock)
    elif text[:1] in {"P", "p"}:
        milliseconds = _iso_ms(text)
    else:
        raise ValueError(f"{text!r} is not a duration")
    if milliseconds > LONGEST_MS:
        raise ValueError(f"{text!r} is longer than a thousand hours")
    return milliseconds


def parse_offset(text: str) -> int:
    """Return the milliseconds of a duration that may have a sign.

    >>> parse_offset("-4.5"), parse_offset("+0:04")
    (-4500, 4000)

    Raises:
        ValueError: as `parse_duration`.
    """
    text = text.strip()
    return -parse_duration(text[1:]) if text.startswith("-") else parse_duration(text.removeprefix("+"))


def _clock_ms(clock: re.Match[str]) -> int:
    hours, minutes, seconds = (int(clock[part] or 0) for part in ("hours", "minutes", "seconds"))
    if seconds > 59 or (clock["hours"] is not None and minutes > 59):
        raise ValueError(f"{clock[0]!r} has more than 59 {'seconds' if seconds > 59 else 'minutes'}")
    return (hours * 3600 + minutes * 60 + seconds) * 1000 + round(float(f"0.{clock['fraction'] or 0}") * 1000)


def _iso_ms(text: str) -> int:
    import isodate  # noqa: PLC0415  (most runs meet no ISO duration that was not seen before)

    try:
        duration = isodate.parse_duration(text.upper())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not an ISO 8601 duration such as PT1H5M9S") from error
    if not isinstance(duration, timedelta) or duration < timedelta(0):
        raise ValueError(f"{text!r} counts in years or months, or runs backwards")
    return round(duration.total_seconds() * 1000)


def clock(milliseconds: int) -> str:
    """Return `H:MM:SS`, or `M:SS` below an hour, as a listener reads it.

    >>> clock(3909000), clock(65999)
    ('1:05:09', '1:05')
    """
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def timestamp(milliseconds: int, decimal_mark: str) -> str:
    """Return `HH:MM:SS` and three decimals, as SRT (comma) and VTT (full stop) write it.

    >>> timestamp(3909007, ","), timestamp(0, ".")
    ('01:05:09,007', '00:00:00.000')
    """
    return f"{_clock_of(milliseconds // 1000)}{decimal_mark}{_decimals_of(milliseconds % 1000)}"


@lru_cache(maxsize=1 << 12)  # of two cues, one ends and the other starts in the same second
def _clock_of(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@lru_cache(maxsize=1000)
def _decimals_of(thousandths: int) -> str:
    return f"{thousandths:03}"


def seconds(milliseconds: int) -> int | float:
    """Return seconds as the shortest JSON number.

    >>> seconds(230000), seconds(1250)
    (230, 1.25)
    """
    whole, rest = divmod(milliseconds, 1000)
    return whole if rest == 0 else milliseconds / 1000
