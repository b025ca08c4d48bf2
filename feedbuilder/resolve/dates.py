"""When each episode is published: as it is out already, else the file's date.

A bare date gets the show's hour and zone, and each further one of the same day a minute more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone

from feedbuilder.config_show import ShowSection
from feedbuilder.errors import Problem
from feedbuilder.problems import problem
from feedbuilder.source.archive import EpisodeFile


def resolve_dates(
    episodes: Sequence[EpisodeFile],
    show: ShowSection,
    out_since: Mapping[str, datetime],
    now: datetime,
    out: Collection[str] = (),
) -> tuple[dict[str, datetime], list[Problem]]:
    """Return the publish time of every episode that has one, by path; problems name the others, and who is not due.

    `out_since` has the times that apps know already, by path: those stay, whatever the files say now. `out` are the
    paths of episodes that are in the feed: they are due, even if the clock went back.
    """
    moments: dict[str, datetime] = {}
    problems: list[Problem] = []
    same_day: dict[date, list[EpisodeFile]] = defaultdict(list)
    for episode in episodes:
        declared = _declared(episode, show)
        if known := out_since.get(episode.path):
            moments[episode.path] = known
            if declared and not _agrees(declared, known, show):
                problems.append(_frozen(episode, declared, known, show))
        elif declared is None:
            problems.append(_undated(episode))
        elif isinstance(declared, datetime):
            moments[episode.path] = in_zone(declared, show)
        else:
            same_day[declared].append(episode)
    _give_minutes(same_day, moments, show)
    for episode in episodes:
        if episode.path not in out and episode.path in moments and moments[episode.path] > now:
            moment = moments[episode.path].astimezone(show.timezone)
            message = f"held until its time comes: {moment.isoformat(' ', 'minutes')}"
            field = "publishDate" if episode.record.publishDate else "dateadded"
            problems.append(problem("scheduled", episode.place(field), message))
    return moments, problems


def _declared(episode: EpisodeFile, show: ShowSection) -> date | datetime | None:
    """Return when the file says that it comes out: not before its `publishDate`, where it has one."""
    dates = (episode.record.dateadded or episode.file_date, episode.record.publishDate)
    return max(filter(None, dates), key=lambda moment: in_zone(moment, show), default=None)


def expiry_of(episode: EpisodeFile, show: ShowSection) -> datetime | None:
    """Return from when on the episode is not to be out any more; None: it stays."""
    return in_zone(episode.record.expiryDate, show) if episode.record.expiryDate else None


def expired(episode: EpisodeFile, since: datetime) -> Problem:
    """Return what to say of an episode whose time is over."""
    message = f"left out since its time was over: {since.isoformat(' ', 'minutes')}"
    return problem("expired", episode.place("expiryDate"), message)


def _give_minutes(
    same_day: Mapping[date, Sequence[EpisodeFile]], moments: dict[str, datetime], show: ShowSection
) -> None:
    """Add a time for each bare date: the first minute from the show's hour on that no other episode has."""
    # In UTC, for where clocks are put forward a local hour is skipped: a minute later there can be earlier.
    taken = {as_utc(moment) for moment in moments.values()}
    for day, group in same_day.items():
        moment = as_utc(datetime.combine(day, show.publish_time, tzinfo=show.timezone))
        for episode in sorted(group, key=_number):
            while moment in taken:
                moment += timedelta(minutes=1)
            moments[episode.path] = moment.astimezone(show.timezone)
            taken.add(moment)


def in_zone(moment: date | datetime, show: ShowSection) -> datetime:
    """Return a declared moment as an aware datetime in the show's terms."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, show.publish_time)
    return moment if moment.tzinfo else moment.replace(tzinfo=show.timezone)


def as_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC, which no later change of zone rules can move."""
    return moment.astimezone(timezone.utc)  # noqa: UP017  (datetime.UTC reads worse here)


def _agrees(declared: date | datetime, known: datetime, show: ShowSection) -> bool:
    if isinstance(declared, datetime):
        return in_zone(declared, show) == known
    return declared == known.astimezone(show.timezone).date()


def _frozen(episode: EpisodeFile, declared: date | datetime, known: datetime, show: ShowSection) -> Problem:
    out = known.astimezone(show.timezone).isoformat(" ", "minutes")
    message = f"the file says {declared}, but it is out since {out}; that stays, or apps would sort it anew"
    remedy = f"to move it all the same: feedbuilder identity pin {episode.path} --published {declared.isoformat()}"
    return problem("date-frozen", episode.place("dateadded"), message, remedy)


def _number(episode: EpisodeFile) -> tuple[int, float, str]:
    return (episode.record.season or 0, episode.record.episode or 0, episode.slug)


def _undated(episode: EpisodeFile) -> Problem:
    field = episode.names.shown("dateadded")
    if "dateadded" in episode.faulty:
        message = f"`{field}` cannot be read: when it came out is not known, so it is held"
        return problem("no-date", episode.place(), message, "see what is said of it")
    remedy = f"add `{field}: 2026-01-31`"
    if other := _other_date(episode):
        remedy += f"; if `{other}` is when it came out, say so in the config: fields: {{published: {other}}}"
    message = f"no `{field}`: when it came out is not known, so it is held"
    return problem("no-date", episode.place(), message, remedy)


def _other_date(episode: EpisodeFile) -> str | None:
    """Return the field of the file that holds a date under a name of the archive's own."""
    if "dateadded" in episode.names.mapped:
        return None
    for name, value in episode.marks.items():
        if isinstance(value, str) and re.match(r"(19|20)\d\d-\d\d-\d\d", value):
            return name
    return None
