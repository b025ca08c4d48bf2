"""Season and episode numbers over the whole show: what directories make of them.

Spec: A podcaster's guide to RSS, https://help.apple.com/itc/podcasts_connect/#/itcb54353390 (itunes:episode,
itunes:season, itunes:type)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from feedbuilder.errors import Problem
from feedbuilder.model import Episode, EpisodeType
from feedbuilder.problems import problem
from feedbuilder.source.archive import EpisodeFile


def check_numbers(episodes: Iterable[tuple[EpisodeFile, Episode]], show_type: str) -> Iterator[Problem]:
    """Yield what is odd about the numbers of published episodes, which come oldest first; all are kept."""
    first: dict[tuple[int | None, float], EpisodeFile] = {}
    for file, episode in episodes:
        yield from _not_for_apple(file, episode)
        if episode.episode_type is not EpisodeType.FULL:
            continue
        if episode.episode is None:
            if show_type == "serial":
                field = file.names.shown("episode")
                message = f"no `{field}`: in a serial show, apps cannot tell when this one is to be heard"
                yield problem("unnumbered-serial", file.place("episode"), message, f"add `{field}:` and its number")
            continue
        other = first.setdefault((episode.season, episode.episode), file)
        if other is not file:
            number = ("" if episode.season is None else f"season {episode.season} ") + f"episode {episode.episode:.12g}"
            message = f"{number} is also the number of {other.path}"
            yield problem("doubled-number", file.place("episode"), message, "renumber one of the two")


def _not_for_apple(file: EpisodeFile, episode: Episode) -> Iterator[Problem]:
    for name, number in (("season", episode.season), ("episode", episode.episode)):
        if number is not None and (number == 0 or number % 1):
            message = (
                f"`{file.names.shown(name)}` is {number:.12g}; Apple knows whole numbers from 1 up, so it is not told"
            )
            yield problem("number-not-for-apple", file.place(name), message, "nothing, if other apps are to show it")
