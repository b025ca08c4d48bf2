"""The whole show from an archive: which episodes come out, as what, in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from feedbuilder.config import Config, MissingAudio
from feedbuilder.errors import Problem, RefusedError, Severity
from feedbuilder.ledger import AudioFacts, Ledger, LedgerEntry, moved
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.model import Episode, Link, Show, UpdateFrequency
from feedbuilder.problems import problem
from feedbuilder.resolve.dates import expired, expiry_of, resolve_dates
from feedbuilder.resolve.enclosures import doubled_audio, unused_rows
from feedbuilder.resolve.episode import Context, resolve_episode
from feedbuilder.resolve.identity import Identity, resolve_identities, show_guid
from feedbuilder.resolve.links import absolute_url
from feedbuilder.resolve.numbers import check_numbers
from feedbuilder.resolve.people import PeopleResolver
from feedbuilder.resolve.pictures import artwork_fault, public_pictures, resolve_picture
from feedbuilder.resolve.podcast_tags import resolve_license, resolve_location
from feedbuilder.resolve.slugs import resolve_slugs
from feedbuilder.source.archive import Archive, EpisodeFile
from feedbuilder.source.records import PersonRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolution:
    """The show, what had to be said about it, what is to be remembered of it, and what comes next."""

    show: Show
    problems: tuple[Problem, ...]
    ledger: Ledger
    upcoming: tuple[Upcoming, ...]  # soonest first
    next_change: datetime | None  # when the next episode comes out, or one that is out expires


class Upcoming(NamedTuple):
    """An episode whose time has not come yet."""

    due: datetime  # in the show's zone
    title: str
    source: str


def resolve_show(
    archive: Archive,
    config: Config,
    ledger: Ledger,
    now: datetime,
    *,
    on_web: Mapping[str, AudioFacts] = MappingProxyType({}),
    out: Collection[str] = (),
    expired_by: datetime | None = None,
    memory: Memory = FORGETFUL,
) -> Resolution:
    """Decide identity and dates over the whole show, then resolve each episode on its own.

    `on_web` is what servers said just now of audio, by its address. `out` has guids of episodes that are in the feed
    and stay there, whatever the clock says. `expired_by` is the time by which episodes expire, if not `now`. `memory`
    knows what came of notes and words that are as they were.

    Raises:
        RefusedError: when audio is missing and the config says that this stops the build.
    """
    guid = guid_of_show(config, ledger)
    identities, problems = identify(archive, config, ledger)
    out_since = {
        path: known.entry.published for path, known in identities.items() if known.entry and known.entry.published
    }
    staying = {path for path, known in identities.items() if known.guid in out}
    moments, more = resolve_dates(archive.episodes, config.show, out_since, now, staying)
    problems += more
    slugs, more = resolve_slugs(archive.episodes, out_since)
    problems += more

    pictures = public_pictures(archive.media.pictures, config)
    people = PeopleResolver(archive.people, pictures, archive.media.pictures, config)
    hosts, more = people.resolve(
        [PersonRecord(name=name) for name in config.show.hosts],
        "host",
        lambda index, _: config.place("show", "hosts", index),
    )
    problems += more
    on_web = {**audio_on_web(ledger), **on_web}
    context = Context(
        archive=archive, config=config, pictures=pictures, people=people, hosts=hosts, on_web=on_web, memory=memory
    )

    resolved: list[tuple[EpisodeFile, Episode]] = []
    upcoming: list[Upcoming] = []
    expiries: list[datetime] = []
    for file in archive.episodes:
        if file.path in moments and file.path in identities and file.path in slugs:
            identity, published = identities[file.path], moments[file.path]
            if (expiry := expiry_of(file, config.show)) and expiry <= (expired_by or now):
                problems.append(expired(file, expiry))
                continue
            expiries += [expiry] if expiry else []
            if published > now and file.path not in staying:
                upcoming.append(Upcoming(published.astimezone(config.show.timezone), file.record.title, file.path))
                continue
            episode, more = resolve_episode(
                file, identity=identity, slug=slugs[file.path], published=published, context=context
            )
            problems += more
            if episode is not None:
                resolved.append((file, episode))
    if config.missing_audio is MissingAudio.FAIL and any(fault.code == "missing-audio" for fault in problems):
        raise RefusedError("episodes have no audio, and missing_audio is fail", problems)
    resolved.sort(key=lambda entry: _oldest_first(entry[1]))
    problems += check_numbers(resolved, config.show.type)
    problems += unused_rows(archive.episodes, archive.media)
    problems += doubled_audio((file, episode.enclosure) for file, episode in resolved if episode.enclosure)
    show, more = _channel(config, guid, [episode for _, episode in reversed(resolved)], context)
    remembered = ledger.with_entries(_remembered(identities[file.path], episode, on_web) for file, episode in resolved)
    return Resolution(
        show=show,
        problems=tuple(dict.fromkeys(problems + more)),
        ledger=replace(remembered, show_guid=guid),
        upcoming=tuple(sorted(upcoming)),
        next_change=min((*(one.due for one in upcoming), *expiries), default=None),
    )


def guid_of_show(config: Config, ledger: Ledger) -> str:
    """Return the podcast:guid: declared, remembered, or that of the feed's address."""
    return config.show.guid or ledger.show_guid or show_guid(config.feed.url)


def identify(archive: Archive, config: Config, ledger: Ledger) -> tuple[dict[str, Identity], list[Problem]]:
    """Return what each file's episode is known by, by path."""
    return resolve_identities(archive.episodes, guid_of_show(config, ledger), ledger)


def _remembered(identity: Identity, episode: Episode, on_web: Mapping[str, AudioFacts]) -> LedgerEntry:
    """Return the ledger's entry of an episode that is out now: what was known of it stays, what is new is added."""
    url = episode.enclosure.url if episode.enclosure and episode.enclosure.file is None else None
    known = identity.entry or LedgerEntry(guid=episode.guid, published=None, file=episode.source)
    ids = {claim for claim in identity.claims if claim[0] != "guid"}
    return replace(
        moved(known, episode.source),
        published=known.published or episode.published,
        ids=tuple(sorted({*known.ids, *ids})),
        audio=on_web.get(url or "", known.audio),
    )


def audio_on_web(ledger: Ledger) -> dict[str, AudioFacts]:
    """Return what the ledger remembers of audio, by its address."""
    return {entry.audio.url: entry.audio for entry in ledger.entries.values() if entry.audio}


def _oldest_first(episode: Episode) -> tuple[datetime, int, float, str]:
    return (episode.published, episode.season or 0, episode.episode or 0, episode.slug)


def _channel(config: Config, guid: str, episodes: list[Episode], context: Context) -> tuple[Show, list[Problem]]:
    show, place = config.show, config.place("show", "image")
    artwork, problems = resolve_picture(show.image, context.pictures, context.archive.media.pictures, place)
    if artwork is None:
        remedy = (
            "see what is said of it" if problems else "set show.image to a square JPEG or PNG of 1400 to 3000 pixels"
        )
        problems.append(problem("no-artwork", place, "the show has no artwork; directories refuse it", remedy))
    elif fault := artwork_fault(artwork, place):
        problems.append(replace(fault, code="no-artwork", severity=Severity.WARNING, rule="C7"))
    license_, more = resolve_license(show.license, config.place("show", "license"))
    problems += more
    if not episodes:
        problems.append(
            problem(
                "no-episodes",
                config.place("archive", "episodes"),
                "no episode can be published",
                "see what is said of each file",
            )
        )
    frequency = show.update_frequency
    changes = [moment for episode in episodes for moment in (episode.published, episode.edited) if moment]
    return (
        Show(
            title=show.title,
            link=absolute_url(show.link, None) or show.link,
            feed_url=config.feed.url,
            description=show.description,
            language=show.language,
            guid=guid,
            author=show.author,
            owner_name=show.owner.name if show.owner else None,
            owner_email=show.owner.email if show.owner else None,
            managing_editor=show.managing_editor or (f"{show.owner.email} ({show.owner.name})" if show.owner else None),
            copyright=show.copyright,
            artwork=artwork,
            categories=show.categories,
            explicit=show.explicit,
            show_type=show.type,
            complete=show.complete,
            block=show.block,
            new_feed_url=show.new_feed_url,
            hubs=config.feed.hubs,
            locked=show.locked,
            medium=show.medium,
            funding=tuple(Link(label=link.label, url=link.url) for link in show.funding),
            persons=context.hosts,
            license=license_,
            location=resolve_location(show.location),
            txt=tuple((entry.purpose, entry.value) for entry in show.txt),
            update_frequency=UpdateFrequency(**frequency.model_dump()) if frequency else None,
            published=max((episode.published for episode in episodes), default=None),
            updated=max(changes, default=None),
            episodes=tuple(episodes),
        ),
        problems,
    )
