"""What else an episode and an item of the host's feed can agree in: date, number, duration, type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from feedbuilder.resolve.evidence import Evidence, Kind, Weight, against, for_, told
from feedbuilder.resolve.match_titles import Title
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.host_feed import HostItem
from feedbuilder.timecode import clock

_FEW = 3  # a day that more than these share tells nobody apart
_CLOSE_DAYS, _FAR_DAYS = 7, 30
_LOOSE, _UNKNOWN, _EXACT = 0.5, 0.55, 0.6  # share of a show's dates that agree: below, a week is near; above, far
_SAME_MINUTE = timedelta(minutes=2)
_DAY = timedelta(days=1)
_NEAR_DAYS = (-2, -1, 0, 1, 2)
_FAIR_SAMPLE = 5  # pairs of one title each, to judge a show's dates by
_TOLERANCE_MS, _LONGER_MS = 5_000, 60_000

Number = tuple[int | None, float]


class Dates:
    """Knows the days of all files and items, in the show's zone.

    A day that an item and a file have to themselves speaks against all others; one whose item has its own file, by
    `sure` pairs of one title or id, does not.
    """

    def __init__(
        self, episodes: Sequence[EpisodeFile], items: Sequence[HostItem], zone: tzinfo, sure: Iterable[tuple[int, int]]
    ) -> None:  # fmt: skip
        declared = [file.record.dateadded or file.file_date for file in episodes]
        self._moments = [_aware(moment, zone) if isinstance(moment, datetime) else None for moment in declared]
        self._published = [item.published for item in items]
        self._item_days = [_day(moment, zone) for moment in self._published]
        days = [_day(moment, zone) for moment in declared]
        pairs = set(sure)
        differences = [
            (theirs - mine).days for file, item in pairs if (mine := days[file]) and (theirs := self._item_days[item])
        ]
        self._shift, self._exact_share = _habit(differences)
        self._file_days = [day + timedelta(days=self._shift) if day else None for day in days]
        self._files_on, self._items_on = _by_day(self._file_days), _by_day(self._item_days)
        settled = {(file, item) for file, item in pairs if self.day_gap(file, item) == 0}
        self._owners = _numbers_by((item, file) for file, item in settled)
        self._owned = _numbers_by(settled)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield every file and item that are at most a day apart."""
        for number, day in enumerate(self._file_days):
            for near in (day - _DAY, day, day + _DAY) if day else ():
                yield from ((number, item) for item in self._items_on.get(near, ()))

    def compare(self, episode: int, item: int) -> Evidence | None:
        """Return what the dates of a file and an item say; a zone can make one day of difference."""
        mine, theirs = self._file_days[episode], self._item_days[item]
        if mine is None or theirs is None:
            return None
        days = abs((mine - theirs).days)
        moment, published = self._moments[episode], self._published[item]
        if not self._shift and moment and published and abs(moment - published) <= _SAME_MINUTE:
            return for_(Kind.DATE, Weight.STRONG, f"published at the same minute ({published:%Y-%m-%d %H:%M})")
        said = f", the files' dates all being {self._shift:+} days off" if self._shift else ""
        elsewhere = any(self._owners.get(other, {episode}) <= {episode} for other in self._items_on.get(mine, ()))
        if days == 0:
            weight = Weight.STRONG if self._is_telling(mine, theirs) else Weight.WEAK
            return for_(Kind.DATE, weight, f"published the same day ({theirs}{said})")
        words = f"published {days} day{'s'[: days > 1]} apart ({mine} and {theirs}{said})"
        if elsewhere:
            weight = Weight.STRONG if days > 1 else Weight.WEAK  # one day can be a matter of zones
            return against(Kind.DATE, weight, f"{words}; another item is of the file's day")
        if days > 1 and any(self._owned.get(other, {item}) <= {item} for other in self._files_on.get(theirs, ())):
            return against(Kind.DATE, Weight.STRONG, f"{words}; another file is of the item's day")
        if days == 1:  # a zone away; where something comes out every day, that means nothing
            alone = self._is_alone(self._files_on, mine) and self._is_alone(self._items_on, theirs)
            return for_(Kind.DATE, Weight.WEAK, words) if alone else told(Kind.DATE, words)
        if days <= _CLOSE_DAYS and self._exact_share < _LOOSE:
            return for_(Kind.DATE, Weight.WEAK, words)
        is_odd = days > _FAR_DAYS or self._exact_share > _EXACT
        return against(Kind.DATE, Weight.WEAK, words) if is_odd else told(Kind.DATE, words)

    def day_gap(self, episode: int, item: int) -> int | None:
        """Return how many days a file and an item are apart."""
        mine, theirs = self._file_days[episode], self._item_days[item]
        return abs((mine - theirs).days) if mine and theirs else None

    def _is_alone(self, by_day: Mapping[date, Sequence[int]], day: date, near: Sequence[int] = _NEAR_DAYS) -> bool:
        return sum(len(by_day.get(day + timedelta(days=days), ())) for days in near) == 1

    def _is_telling(self, mine: date, theirs: date) -> bool:
        """Whether nothing else is of that day or a day beside it, where a zone or a slip of the pen could put it."""
        near = (-1, 0, 1)
        return self._is_alone(self._files_on, mine, near) and self._is_alone(self._items_on, theirs, near)


def _habit(differences: Sequence[int]) -> tuple[int, float]:
    """Return by how many days the files of a show differ from its feed, and the share that then agrees to a day.

    Files may hold the day of the recording, or of another time zone; or the day when somebody got round to them.
    """
    if len(differences) < _FAIR_SAMPLE:
        return 0, _UNKNOWN
    ((shift, times),) = Counter(differences).most_common(1)
    if times < 0.75 * len(differences):
        shift = 0
    return shift, sum(abs(days - shift) <= 1 for days in differences) / len(differences)


class Numbers:
    """Knows the season and episode numbers of all files and items, declared or written into their titles."""

    def __init__(
        self, episodes: Sequence[EpisodeFile], items: Sequence[HostItem],
        file_titles: Sequence[Title], item_titles: Sequence[Title],
    ) -> None:  # fmt: skip
        records = [episode.record for episode in episodes]
        self._files = [
            _number(record.season, record.episode, title) for record, title in zip(records, file_titles, strict=True)
        ]
        self._items = [
            _number(item.season, item.episode, title) for item, title in zip(items, item_titles, strict=True)
        ]
        self._declared = (
            [record.episode is not None for record in records],
            [item.episode is not None for item in items],
        )
        self._by_episode = _by_number(self._files), _by_number(self._items)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield every file and item of one number, unless half the show has it."""
        for number, mine in enumerate(self._files):
            if mine is None:
                continue
            found = self._by_episode[1].get(mine[1], ())
            alike = [item for item in found if (theirs := self._items[item]) and _agree(mine, theirs)]
            yield from ((number, item) for item in alike if len(alike) <= _FEW)

    def compare(self, episode: int, item: int) -> Evidence | None:
        """Return what the numbers of a file and an item say."""
        mine, theirs = self._files[episode], self._items[item]
        if mine is None or theirs is None:
            return None
        is_whole = (mine[0] is None) == (theirs[0] is None)
        if not _agree(mine, theirs):
            return against(Kind.NUMBER, Weight.STRONG, f"the file is {_words(mine)}, the item {_words(theirs)}")
        files = sum(_agree(other, theirs) for other in (self._files[n] for n in self._by_episode[0][mine[1]]) if other)
        held = sum(_agree(mine, other) for other in (self._items[n] for n in self._by_episode[1][theirs[1]]) if other)
        words = f"both are {_words(mine)}"
        if max(files, held) > 1:
            return told(Kind.NUMBER, f"{words}, but not only they")
        is_read = not (self._declared[0][episode] and self._declared[1][item])
        weight = Weight.STRONG if is_whole else Weight.WEAK
        return Evidence(kind=Kind.NUMBER, weight=int(weight), words=words, hearsay=is_read)


def compare_durations(episode: EpisodeFile, item: HostItem) -> Evidence | None:
    """Return what the lengths say; an archive's may leave out the end of the talk, but no host cuts audio."""
    audio = episode.record.enclosure or episode.record.audio
    mine = (audio.duration if audio else None) or episode.record.duration
    theirs = item.duration_ms or (item.enclosure.duration_ms if item.enclosure else None)
    if not mine or not theirs:
        return None
    words = f"durations {clock(mine)} and {clock(theirs)}"
    if abs(mine - theirs) <= max(_TOLERANCE_MS, theirs // 100):
        return for_(Kind.DURATION, Weight.WEAK, words)
    if mine > theirs * 1.25 and mine - theirs > _LONGER_MS:
        return against(Kind.DURATION, Weight.STRONG, f"{words}: the file's is far longer")
    if mine > theirs * 1.03 and mine - theirs > _LONGER_MS:
        return against(Kind.DURATION, Weight.WEAK, f"{words}: the file's is longer")
    return None


def compare_types(episode: EpisodeFile, item: HostItem) -> Evidence | None:
    """Return whether only one of them is called a trailer or bonus."""
    if "type" not in episode.marks or not item.episode_type or episode.record.type == item.episode_type:
        return None
    words = f"the file is called {episode.record.type}, the item {item.episode_type}"
    return against(Kind.TYPE, Weight.WEAK, words)


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _day(moment: date | datetime | None, zone: tzinfo) -> date | None:
    return _aware(moment, zone).astimezone(zone).date() if isinstance(moment, datetime) else moment


def _numbers_by(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for number, other in pairs:
        found[number].add(other)
    return dict(found)


def _by_day(days: Iterable[date | None]) -> dict[date, list[int]]:
    found: dict[date, list[int]] = defaultdict(list)
    for number, day in enumerate(days):
        if day:
            found[day].append(number)
    return found


def _number(season: int | None, episode: float | None, title: Title) -> Number | None:
    if episode is not None:
        return season, episode
    return (season if season is not None else title.season, title.episode) if title.episode is not None else None


def _by_number(numbers: Iterable[Number | None]) -> dict[float, list[int]]:
    found: dict[float, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        if number:
            found[number[1]].append(place)
    return found


def _agree(mine: Number, theirs: Number) -> bool:
    return mine[1] == theirs[1] and (mine[0] == theirs[0] or mine[0] is None or theirs[0] is None)


def _words(number: Number) -> str:
    season, episode = number
    return (f"season {season} " if season is not None else "") + f"episode {episode:.12g}"
