"""Sort episodes into classes that a small chart can show: months or years, seasons, lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

MOST_BARS: Final = 40
_MOST_LENGTHS: Final = 12
_SPANS: Final[Mapping[int, str]] = {
    1: "month", 3: "quarter", 12: "year", 60: "five years", 120: "decade", 1200: "century", 12_000: "millennium",
}  # fmt: skip
"""Months in a class → what it is called."""
_WIDTHS_MIN: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 6000, 60_000)
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Bar(NamedTuple):
    """One class, and how many are in it."""

    label: str
    size: int


class Distribution(NamedTuple):
    """Classes in their order."""

    unit: str  # of time; else empty
    bars: tuple[Bar, ...]
    left_out: int = 0  # how many are in classes before the first


def over_time(moments: Iterable[datetime], zone: tzinfo) -> Distribution:
    """Count moments by the smallest stretch of the calendar that makes few enough classes; empty ones count.

    >>> from datetime import UTC
    >>> over_time([datetime(2020, 1, 31, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC)], UTC).bars
    (Bar(label='Jan 2020', size=1), Bar(label='Feb 2020', size=0), Bar(label='Mar 2020', size=1))
    """
    months = Counter(map(_month, (_in_zone(moment, zone) for moment in moments)))
    if not months:
        return Distribution("", ())
    first, last = min(months), max(months)
    span = next(span for span in _SPANS if last // span - first // span < MOST_BARS)
    counts = Counter[int]()
    for month, count in months.items():
        counts[month // span] += count
    bars = (Bar(_time_label(place, span), counts[place]) for place in range(first // span, last // span + 1))
    return Distribution(_SPANS[span], tuple(bars))


def by_season(seasons: Iterable[int | None]) -> Distribution:
    """Count episodes by season, the latest where there are many; empty where nothing has a season.

    >>> by_season([1, 1, None]).bars, by_season([None]).bars
    ((Bar(label='1', size=2), Bar(label='none', size=1)), ())
    """
    counts = Counter(seasons)
    without = counts.pop(None, 0)
    if not counts:
        return Distribution("", ())
    numbers = sorted(season for season in counts if season is not None)
    shown = [Bar(str(number), counts[number]) for number in numbers[-MOST_BARS:]]
    left_out = sum(counts[number] for number in numbers[:-MOST_BARS])
    return Distribution("", (*shown, *([Bar("none", without)] if without else [])), left_out)


def by_length(durations_ms: Sequence[int]) -> Distribution:
    """Count durations in classes of round minutes; the last one is open where a few are far longer than the rest.

    >>> by_length([40_000, 61_000, 119_000]).bars
    (Bar(label='0–1', size=1), Bar(label='1–2', size=2))
    """
    if not durations_ms:
        return Distribution("", ())
    minutes = sorted(duration // 60_000 for duration in durations_ms)
    usual = minutes[(len(minutes) - 1) * 49 // 50]
    width = next(width for width in _WIDTHS_MIN if usual // width - minutes[0] // width < _MOST_LENGTHS)
    first, longest = minutes[0] // width, minutes[-1] // width
    last = longest if longest - first < _MOST_LENGTHS else usual // width + 1
    counts = Counter(min(minute // width, last) for minute in minutes)
    labels = [f"{place * width}–{(place + 1) * width}" for place in range(first, last + 1)]
    if last < longest:
        labels[-1] = f"{last * width}+"
    return Distribution("minutes", tuple(Bar(label, counts[first + place]) for place, label in enumerate(labels)))


def _in_zone(moment: datetime, zone: tzinfo) -> datetime:
    with suppress(OverflowError):  # the first and the last day there are
        return moment.astimezone(zone)
    return moment


def _month(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


def _time_label(place: int, span: int) -> str:
    year, month = divmod(place * span, 12)
    if span == 1:
        return f"{MONTHS[month]} {year}"
    if span == 3:
        return f"Q{month // 3 + 1} {year}"
    return str(year) if span == 12 else f"{year}–{year + span // 12 - 1}"
