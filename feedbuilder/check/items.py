"""Rules of episodes among each other: what may stand once, what belongs together, in which order.

Spec: https://help.apple.com/itc/podcasts_connect/#/itcb54353390
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from feedbuilder.check import specs
from feedbuilder.check.feed import Feed, Item, at
from feedbuilder.check.rules import EVERYONE, Faults, rule, shortened
from feedbuilder.check.values import moment_of


def _shared(feed: Feed, value: Callable[[Item], str]) -> Iterator[tuple[str, list[Item]]]:
    """Yield the values that several items have, each with its items."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in feed.items:
        if said := value(item):
            found[said].append(item)
    yield from ((said, items) for said, items in found.items() if len(items) > 1)


@rule(
    "I5d",
    "No two episodes have the same guid",
    error=EVERYONE,
    spec=specs.APPLE,
    key="guid",
    remedy="give every episode a guid of its own",
)
def _guids_differ(feed: Feed) -> Faults:
    for guid, items in _shared(feed, lambda item: item.guid):
        others = ", ".join(item.shown for item in items[:3])
        yield at(items[1].all("guid")[0], f"{shortened(guid)} is the guid of {len(items)} episodes: {others}", items[1])


@rule(
    "I6b",
    "No episode is dated in the future",
    warning="apple spotify",
    spec=specs.APPLE,
    key="dateadded",
    remedy="publish it when its time has come",
)
def _not_in_the_future(feed: Feed) -> Faults:
    for item in feed.items:
        moment = moment_of(item.text("pubDate"))
        if moment and feed.now and moment > feed.now:
            yield at(item.all("pubDate")[0], f"{item.text('pubDate')} has not come yet", item)


@rule(
    "I14",
    "A serial show numbers every full episode",
    error="apple psp1",
    spec=specs.APPLE,
    key="episode",
    remedy="number every full episode",
)
def _serial_is_numbered(feed: Feed) -> Faults:
    if feed.channel.text("itunes:type").casefold() == "serial":
        for item in feed.items:
            is_full = item.text("itunes:episodeType").casefold() in ("", "full") and not item.is_live
            if is_full and not item.text("itunes:episode"):
                yield at(item.element, "the show is serial, and this episode has no number", item)


@rule(
    "I15",
    "No two episodes have the same audio",
    error="apple spotify",
    spec=specs.PRX,
    key="audio.url",
    remedy="give every episode its own audio",
)
def _enclosures_differ(feed: Feed) -> Faults:
    for url, items in _shared(feed, lambda item: item.attribute("url", "enclosure")):
        others = ", ".join(item.shown for item in items[:3])
        yield at(items[1].all("enclosure")[0], f"{shortened(url)} is the audio of {others}", items[1])


@rule(
    "I15b",
    "No two full episodes have the same season and number",
    warning="apple",
    spec=specs.APPLE,
    key="episode",
    remedy="correct the number of one of them",
)
def _numbers_differ(feed: Feed) -> Faults:
    for number, items in _shared(feed, _number):
        others = ", ".join(item.shown for item in (items[0], *items[2:4]))
        yield at(items[1].all("itunes:episode")[0], f"{number} is the number of {others} as well", items[1])


def _number(item: Item) -> str:
    if item.text("itunes:episodeType").casefold() not in ("", "full") or not item.text("itunes:episode"):
        return ""
    season = item.text("itunes:season")
    return f"{f'season {season}, ' if season else ''}episode {item.text('itunes:episode')}"


@rule(
    "I17",
    "The newest episode comes first",
    info="apple",
    spec=specs.APPLE,
    key="dateadded",
    remedy="sort items by date, the newest first",
)
def _newest_first(feed: Feed) -> Faults:
    dated = [(moment, item) for item in feed.items if (moment := moment_of(item.text("pubDate")))]
    behind = [after[1] for before, after in pairwise(dated) if after[0] > before[0]]
    if behind:
        yield at(behind[0].element, f"it is newer than the one above it; so are {len(behind) - 1} more", behind[0])


RULES: Final = (
    _guids_differ, _not_in_the_future, _serial_is_numbered, _enclosures_differ, _numbers_differ, _newest_first,
)  # fmt: skip
