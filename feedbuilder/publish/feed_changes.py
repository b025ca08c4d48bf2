"""What would change for subscribers if one feed took the place of another: pure values, judged by nobody yet."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from feedbuilder.publish.published_feed import NO_FEED, Item, PublishedFeed, Values


class Difference(NamedTuple):
    """Something that is said otherwise in the new feed; empty where nothing is said."""

    aspect: str
    old: Values
    new: Values


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemChange:
    """One episode in both feeds; None in the one that lacks it."""

    old: Item | None
    new: Item | None
    differences: tuple[Difference, ...] = ()

    @property
    def item(self) -> Item:
        """The episode as it will be, or as it was when it goes."""
        item = self.new or self.old
        assert item is not None  # one of the feeds has it
        return item

    @property
    def has_new_guid(self) -> bool:
        """Whether the same episode gets another guid."""
        return self.old is not None and self.new is not None and self.old.guid != self.new.guid

    @property
    def is_change(self) -> bool:
        """Whether anything differs at all."""
        return self.old is None or self.new is None or self.has_new_guid or bool(self.differences)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedChanges:
    """Two feeds side by side."""

    previous: PublishedFeed = NO_FEED
    new: PublishedFeed = NO_FEED
    episodes: tuple[ItemChange, ...] = ()  # every episode of either feed: in the new one's order, then those that go
    channel: tuple[Difference, ...] = ()
    repeated_guids: Values = ()  # that stand more often in the new feed than before, and more than once
    reordered_count: int = 0  # how many episodes in both would have to move to get from one order to the other

    @property
    def changed(self) -> tuple[ItemChange, ...]:
        """The episodes that differ, those that come and go among them."""
        return tuple(episode for episode in self.episodes if episode.is_change)

    @property
    def added(self) -> tuple[ItemChange, ...]:
        """The episodes only the new feed has."""
        return tuple(episode for episode in self.episodes if episode.old is None)

    @property
    def removed(self) -> tuple[ItemChange, ...]:
        """The episodes only the previous feed has."""
        return tuple(episode for episode in self.episodes if episode.new is None)

    def __bool__(self) -> bool:
        return bool(self.changed or self.channel or self.reordered_count)


def compare_feeds(previous: PublishedFeed, new: PublishedFeed) -> FeedChanges:
    """Compare the feed that is out, or NO_FEED, with the one to take its place."""
    partners = _partners(previous.items, new.items)
    old_places = [partners.get(place) for place in range(len(new.items))]
    stay = [place for place in old_places if place is not None]
    gone = sorted(set(range(len(previous.items))) - set(stay))
    pairs = [
        *(
            (None if place is None else previous.items[place], item)
            for place, item in zip(old_places, new.items, strict=True)
        ),
        *((previous.items[place], None) for place in gone),
    ]
    counted, before = Counter(item.guid for item in new.items), Counter(item.guid for item in previous.items)
    return FeedChanges(
        previous=previous,
        new=new,
        episodes=tuple(
            ItemChange(old=old, new=item, differences=differences(old.aspects, item.aspects) if old and item else ())
            for old, item in pairs
        ),
        channel=differences(previous.channel, new.channel) if previous is not NO_FEED else (),
        repeated_guids=tuple(guid for guid, count in counted.items() if count > max(1, before[guid])),
        reordered_count=len(stay) - _longest_rise(stay),
    )


def differences(old: Mapping[str, Values], new: Mapping[str, Values]) -> tuple[Difference, ...]:
    """Return what is said in one way here and in another there."""
    if old == new:
        return ()
    names = sorted(old.keys() | new.keys(), key=_rank)
    return tuple(
        Difference(name, old.get(name, ()), new.get(name, ())) for name in names if old.get(name) != new.get(name)
    )


_ORDER = ("podcast:guid", "address", "title", "date", "audio", "audio type", "audio length", "duration", "notes")


def _rank(aspect: str) -> tuple[int, str]:
    return (_ORDER.index(aspect) if aspect in _ORDER else len(_ORDER), aspect)


Key = Callable[[Item], object]
_KEYS: tuple[Key, ...] = (
    lambda item: item.audio_url.partition("://")[2],
    lambda item: item.link.partition("://")[2],
    lambda item: (item.title, item.published) if item.title and item.published else None,
    lambda item: item.title,
)
"""What an episode is known by when its guid is not there any more, the surest first; it must be the only one."""


def _partners(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Return the place of each new item's old self; the feeds may be exchanged, and the pairs stay the same."""
    pairs = dict(_same_guid(old, new))
    for key in _KEYS:
        left = _unique(old, set(range(len(old))) - set(pairs.values()), key)
        right = _unique(new, set(range(len(new))) - pairs.keys(), key)
        pairs |= {right[name]: left[name] for name in left.keys() & right.keys()}
    return pairs


def _same_guid(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[int, int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, item in reversed(tuple(enumerate(old))):
        places[item.guid].append(place)
    for place, item in enumerate(new):
        if places.get(item.guid):
            yield place, places[item.guid].pop()


def _unique(items: Sequence[Item], places: set[int], key: Key) -> dict[object, int]:
    names = {place: name for place in places if (name := key(items[place]))}
    counted = Counter(names.values())
    return {name: place for place, name in names.items() if counted[name] == 1}


def _longest_rise(numbers: Sequence[int]) -> int:
    """Return how many of the numbers can stay where they are when the rest moves to sort them.

    >>> _longest_rise([0, 1, 2]), _longest_rise([2, 0, 1]), _longest_rise([])
    (3, 2, 0)
    """
    ends: list[int] = []
    for number in numbers:
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
    return len(ends)
