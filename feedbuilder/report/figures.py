"""Which charts a report has, what each says in a sentence, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from feedbuilder.report.captions import FAST, SPEED_EDGES
from feedbuilder.report.charts import Row, columns, rows
from feedbuilder.report.distribution import Bar, Distribution, by_length, by_season, over_time
from feedbuilder.report.facts import EpisodeFacts, Facts
from feedbuilder.timecode import clock


class Figure(NamedTuple):
    """A chart with its words and the table behind it."""

    name: str
    title: str
    told: str
    svg: str
    head: tuple[str, ...]
    numbers: tuple[tuple[str, ...], ...]


def figures(facts: Facts) -> tuple[Figure, ...]:
    """Return the charts of a show; one without anything to show is left out."""
    return tuple(_figures(facts))


def shares(episodes: Sequence[EpisodeFacts]) -> tuple[Row, ...]:
    """Return how many episodes have each of what an episode can have."""
    total = len(episodes)
    return (
        Row("Audio", sum(one.has_audio for one in episodes), total),
        Row("Length", sum(one.duration_ms is not None for one in episodes), total),
        Row("Notes", sum(one.has_notes for one in episodes), total),
        Row("Chapters", sum(one.chapters > 0 for one in episodes), total),
        Row("Transcript", sum(bool(one.transcripts) for one in episodes), total),
        Row("Picture", sum(one.has_picture for one in episodes), total),
        Row("Guests", sum(one.guests > 0 for one in episodes), total),
    )


def caption_speeds(episodes: Sequence[EpisodeFacts]) -> tuple[Bar, ...]:
    """Return how many cues of all episodes are how fast; nothing where there are none."""
    counted = [one.captions.by_speed for one in episodes if one.captions]
    counts = [sum(column) for column in zip(*counted, strict=True)]
    labels = [f"≤{SPEED_EDGES[0]}", *(f"≤{edge}" for edge in SPEED_EDGES[1:]), f">{SPEED_EDGES[-1]}"]
    return tuple(map(Bar, labels, counts)) if any(counts) else ()


def caption_coverage(episodes: Sequence[EpisodeFacts]) -> tuple[int, ...]:
    """Count episodes by the tenth of their length, rounded down, that captions cover; the last has those of all."""
    known = [one.captions.coverage for one in episodes if one.captions and one.captions.coverage is not None]
    return tuple(sum(min(int(share * 10), 9) == tenth for share in known) for tenth in range(10))


def time_distribution(facts: Facts) -> Distribution:
    """Return when the episodes came out."""
    return over_time((one.published for one in facts.episodes), facts.zone)


def season_distribution(facts: Facts) -> Distribution:
    """Return in which season."""
    return by_season(one.season for one in facts.episodes)


def length_distribution(facts: Facts) -> Distribution:
    """Return how long they are."""
    return by_length([one.duration_ms for one in facts.episodes if one.duration_ms is not None])


def _figures(facts: Facts) -> Iterator[Figure]:
    if not facts.episodes:
        return
    time = time_distribution(facts)
    title = f"Episodes per {time.unit}"
    busiest = max(time.bars, key=lambda bar: bar.size)
    told = f"From {time.bars[0].label} to {time.bars[-1].label}; most in {busiest.label}: {busiest.size:,}."
    if len(time.bars) == 1:
        told = f"All in {busiest.label}."
    yield _columns("time", title, told, time, (time.unit.capitalize(), "Episodes"))

    seasons = season_distribution(facts)
    if seasons.bars:
        told = _seasons_told(seasons)
        yield _columns("seasons", "Episodes per season", told, seasons, ("Season", "Episodes"))

    lengths = length_distribution(facts)
    if lengths.bars:
        told = _lengths_told(facts.episodes)
        yield _columns("lengths", "Length in minutes", told, lengths, ("Minutes", "Episodes"))

    yield _completeness(facts.episodes)
    if speeds := caption_speeds(facts.episodes):
        yield _speeds(facts.episodes, speeds)
    if any(covered := caption_coverage(facts.episodes)):
        yield _coverage(covered)


def _columns(name: str, title: str, told: str, counted: Distribution, head: tuple[str, str]) -> Figure:
    numbers = tuple((bar.label, f"{bar.size:,}") for bar in counted.bars)
    return Figure(name, title, told, columns(name, title, told, counted.bars), head, numbers)


def _seasons_told(seasons: Distribution) -> str:
    numbered = [bar for bar in seasons.bars if bar.label != "none"]
    told = count_of(len(numbered), "season")
    if seasons.left_out:
        told = f"The last {told}; {count_of(seasons.left_out, 'episode')} of earlier ones are left out"
    without = sum(bar.size for bar in seasons.bars if bar.label == "none")
    return f"{told}; {count_of(without, 'episode')} without a season." if without else f"{told}."


def _lengths_told(episodes: Sequence[EpisodeFacts]) -> str:
    ordered = sorted(one.duration_ms for one in episodes if one.duration_ms is not None)
    shortest, median, longest = (clock(ordered[place]) for place in (0, (len(ordered) - 1) // 2, -1))
    told = f"From {shortest} to {longest}, half of them up to {median}"
    if len(ordered) == 1:
        told = f"One episode of {shortest}"
    unknown = len(episodes) - len(ordered)
    return f"{told}; {count_of(unknown, 'episode')} of unknown length." if unknown else f"{told}."


def _completeness(episodes: Sequence[EpisodeFacts]) -> Figure:
    title, found = "What episodes have", shares(episodes)
    missing = [f"{row.total - row.size:,} without {row.label.lower()}" for row in found if row.size < row.total]
    told = f"Of {count_of(len(episodes), 'episode')}: {', '.join(missing) if missing else 'every one has all of it'}."
    numbers = tuple((row.label, f"{row.size:,}", f"{row.total:,}") for row in found)
    return Figure("having", title, told, rows("having", title, told, found), ("Part", "Episodes", "Of"), numbers)


def _speeds(episodes: Sequence[EpisodeFacts], speeds: Sequence[Bar]) -> Figure:
    title = "Characters a second in captions"
    cues = sum(one.captions.cues for one in episodes if one.captions)
    fast = sum(one.captions.fast_cues for one in episodes if one.captions)
    told = f"{fast:,} of {cues:,} captions ({percent(fast, cues)}) are faster than {FAST}, which is hard to follow."
    if not fast:
        told = f"None of {count_of(cues, 'caption')} is faster than {FAST}, so all can be followed."
    marked = SPEED_EDGES.index(FAST) + 1
    svg = columns("speeds", title, told, speeds, marked_from=marked)
    numbers = tuple((bar.label, f"{bar.size:,}") for bar in speeds)
    return Figure("speeds", title, told, svg, ("Characters a second", "Captions"), numbers)


def _coverage(covered: Sequence[int]) -> Figure:
    title = "Percent covered by captions"
    known, half = sum(covered), sum(covered[5:])
    told = f"Captions cover half of its length or more in {half:,} of {count_of(known, 'episode')}; pauses count too."
    bars = [Bar(f"{tenth * 10}–{tenth * 10 + 10}", size) for tenth, size in enumerate(covered)]
    numbers = tuple((bar.label, f"{bar.size:,}") for bar in bars)
    return Figure("coverage", title, told, columns("coverage", title, told, bars), ("Percent", "Episodes"), numbers)


def percent(count: int, total: int) -> str:
    """Return a share in words that do not call something nothing.

    >>> percent(0, 9), percent(1, 9000), percent(9, 9), percent(8999, 9000)
    ('0 %', 'under 0.1 %', '100 %', '99.9 %')
    """
    if not total:
        return "–"
    tenths = count * 1000 // total
    if count and not tenths:
        return "under 0.1 %"
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10} %"


def count_of(number: int, noun: str) -> str:
    """Return a number of things as a page of figures tells it, thousands apart."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
